"""The real services over the starter directory, with accounts that sign in: for tests of keeping and translating it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask.testing import FlaskClient

from capx_graph import settings
from capx_graph.connected import load_embedded
from capx_graph.importers.directory import import_directory
from capx_graph.importers.drafts import ItemDraft, Vocabulary
from capx_graph.importers.keys import Keys
from capx_graph.model import Draft, EntityKind
from capx_graph.ontology import load_directory
from capx_graph.opening import open_repository
from capx_graph.repository.wsgi import COOKIE
from capx_graph.services import Services, open_services
from tests.houses.ready import copied
from webapp import create_app

PASSWORD = "correct horse battery"
_HEADER = ("/preferences", "/signout")
"""Forms that every page has."""
_KINDS = (EntityKind.CAPACITY, EntityKind.TERRITORY, EntityKind.LANGUAGE)


@dataclass
class House:
    """Services with pages over them."""

    services: Services
    client: FlaskClient

    def item(self, capx_id: str) -> str:
        """The item of a capacity of the starter directory."""
        directory = self.services.directory_work.taxonomy._directory.current()
        return directory.codes[EntityKind.CAPACITY, capx_id]

    def session(self, name: str, *groups: str) -> str:
        """The key of a new session of an account, which is made where there is none."""
        known = self.services.accounts.account(name)
        account = known or self.services.accounts.add(name, PASSWORD, groups=groups)
        return self.services.accounts.open_session(account, None)

    def sign_in(self, name: str, *groups: str, client: FlaskClient | None = None) -> None:
        """Lets a client act as an account."""
        (client or self.client).set_cookie(COOKIE, self.session(name, *groups))

    def form(self, address: str, action: str | None = None, client: FlaskClient | None = None) -> dict[str, str]:
        """The fields of a form of a page as a browser would send them, the first or the one with this action."""
        text = (client or self.client).get(address).text
        forms = re.findall(r'<form[^>]*method="post"[^>]*action="([^"]*)"[^>]*>(.*?)</form>', text, re.DOTALL)
        wanted = [body for target, body in forms if target == (action or target) and not target.endswith(_HEADER)]
        assert wanted, f"{address} has no form for {action}"
        fields = dict(re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', wanted[0]))
        areas = re.findall(r'<textarea[^>]*name="([^"]*)"[^>]*>\n?(.*?)</textarea>', wanted[0], re.DOTALL)
        return fields | dict(areas)

    def person(self, name: str, **capacities: str) -> str:
        """A new person who ``offers``, ``wants`` or ``knows`` a capacity, in the graph at once."""
        repository = self.services.repository
        (item,) = repository.allocate("item", 1)
        draft = ItemDraft(Vocabulary(load_embedded()), item, class_name="Person")
        draft.label("en", name)
        draft.add("username", name)
        for role, capacity in capacities.items():
            draft.add(role, capacity)
        repository.bulk([Draft(draft.entity(), owner=name)], actor=name)
        self.services.ingest.catch_up()
        return item

    def found(self, capacity: str, role: str = "offers") -> set[str]:
        """Who is found by a capacity."""
        asked = {"capacity": capacity, "role": role, "class": "person"}
        return {hit["name"] for hit in self.client.get("/search.json", query_string=asked).get_json()["hits"]}

    def labels(self, item: str) -> dict[str, str]:
        """The labels of an item by language."""
        page = self.services.repository.page(item)
        assert page is not None
        assert page.entity is not None
        return {language: term["value"] for language, term in page.entity["labels"].items()}


def project(home: House, *, owner: str | None = None) -> str:
    """A new project of organizations, which is nobody's or somebody's own item, in the graph at once."""
    (item,) = home.services.repository.allocate("item", 1)
    draft = ItemDraft(Vocabulary(load_embedded()), item, class_name="Project")
    draft.label("en", "Edit-a-thon of the lakes")
    home.services.repository.bulk([Draft(draft.entity(), owner=owner)], actor="system>Import")
    home.services.ingest.catch_up()
    return item


def _fill(data: Path) -> None:
    """Makes a data directory with the starter directory."""
    with open_repository(_settings(data)) as repository:
        entries = [entry for entry in load_directory() if entry.kind in _KINDS]
        import_directory(repository, Vocabulary(load_embedded()), Keys(), entries=entries)
    with open_services(_settings(data)) as services:
        services.ingest.catch_up()


def _settings(data: Path) -> settings.Settings:
    return settings.load({"CAPX_DATA": str(data), "CAPX_SPARQL_WORKERS": "1"})


@contextmanager
def house(directory: Path) -> Iterator[House]:
    """The services in a directory of their own."""
    data = copied("house", _fill, directory / "data")
    with open_services(_settings(data)) as services:
        services.ingest.catch_up()
        services.index.load()
        yield House(services, create_app(services).test_client())
