"""The real services over the starter directory and a small demonstration population, made once a process."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from capx_graph import settings
from capx_graph.importers.demonstration import add_demonstration
from capx_graph.opening import open_importing
from capx_graph.services import Services, open_services

PEOPLE = 40


@contextmanager
def demonstration(directory: Path) -> Iterator[Services]:
    """The services in a directory of their own, in step."""
    data = directory / "data"
    shutil.copytree(_filled(), data)
    with open_services(_settings(data)) as services:
        services.ingest.catch_up()
        services.index.load()
        yield services


@cache
def _filled() -> Path:
    data = Path(mkdtemp(prefix="capx-demonstration-"))
    given = _settings(data)
    with open_importing(given) as door:
        add_demonstration(door.repository, door.importer, door.vocabulary, data=data, now=given.now(), people=PEOPLE)
    with open_services(given) as services:
        services.ingest.catch_up()
    return data


def _settings(data: Path) -> settings.Settings:
    return settings.load({"CAPX_DATA": str(data), "CAPX_SPARQL_WORKERS": "1"})
