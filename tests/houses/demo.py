"""The real services over the starter directory and a small demonstration population, made once a run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from capx_graph import settings
from capx_graph.importers.demonstration import add_demonstration
from capx_graph.opening import open_importing
from capx_graph.services import Services, open_services
from tests.houses.ready import copied

PEOPLE = 40


@contextmanager
def demonstration(directory: Path) -> Iterator[Services]:
    """The services in a directory of their own, in step."""
    data = copied("demonstration", _fill, directory / "data")
    with open_services(_settings(data)) as services:
        services.ingest.catch_up()
        services.index.load()
        yield services


def _fill(data: Path) -> None:
    given = _settings(data)
    with open_importing(given) as door:
        add_demonstration(door.repository, door.importer, door.vocabulary, data=data, now=given.now(), people=PEOPLE)
    with open_services(given) as services:
        services.ingest.catch_up()


def _settings(data: Path) -> settings.Settings:
    return settings.load({"CAPX_DATA": str(data), "CAPX_SPARQL_WORKERS": "1"})
