"""The real services over the starter directory, with accounts that sign in: for tests of keeping and translating it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from flask.testing import FlaskClient

from capx_graph import settings
from capx_graph.accounts import Member
from capx_graph.connected import load_embedded
from capx_graph.directory import Directory
from capx_graph.importers.directory import import_directory
from capx_graph.items.drafts import ItemDraft, Vocabulary
from capx_graph.items.keys import Keys
from capx_graph.membership import Change, Field, Line, Part, State
from capx_graph.model import Draft, EntityKind
from capx_graph.ontology import DirectoryEntry, load_directory
from capx_graph.opening import open_repository
from capx_graph.repository.wsgi import COOKIE
from capx_graph.services import Services, open_services
from tests.houses.ready import copied
from webapp import create_app

PASSWORD = "correct horse battery"
_HEADER = ("/preferences", "/signout")
"""Forms that every page has."""
_TO_TRANSLATE = "sw"
"""The language into which nobody has translated the capacities of this directory yet."""
_KINDS = (EntityKind.CAPACITY, EntityKind.TERRITORY, EntityKind.LANGUAGE)


@dataclass
class House:
    """Services with pages over them."""

    services: Services
    client: FlaskClient

    @property
    def directory(self) -> Directory:
        """The directory as of now."""
        return self.services.directory_work.taxonomy.directory()

    def item(self, capx_id: str) -> str:
        """The item of a capacity of the starter directory."""
        return self.directory.codes[EntityKind.CAPACITY, capx_id]

    def session(self, name: str, *groups: str) -> str:
        """The key of a new session of an account, which is made where there is none."""
        known = self.services.accounts.account(name)
        account = known or self.services.accounts.add(name, PASSWORD, groups=groups)
        return self.services.accounts.open_session(account, None)

    def sign_in(self, name: str, *groups: str, client: FlaskClient | None = None) -> None:
        """Lets a client act as an account."""
        (client or self.client).set_cookie(COOKIE, self.session(name, *groups))

    def visitor(self) -> FlaskClient:
        """A browser in which nobody is signed in."""
        return self.client.application.test_client()

    def browser(self, name: str, *groups: str) -> FlaskClient:
        """A browser in which somebody is signed in."""
        client = self.visitor()
        self.sign_in(name, *groups, client=client)
        return client

    def number(self, name: str) -> int:
        """The number of a member, who is made where there is none."""
        self.session(name)
        account = self.services.accounts.account(name)
        assert account is not None
        return self.services.accounts.members.of(account).id

    def form(self, address: str, action: str | None = None, client: FlaskClient | None = None) -> dict[str, str]:
        """The fields of a form of a page as a browser would send them.

        It is the form with this action, or else the one that goes to the page itself, or the first one.
        """
        text = (client or self.client).get(address).text
        forms = re.findall(r'<form[^>]*method="post"[^>]*action="([^"]*)"[^>]*>(.*?)</form>', text, re.DOTALL)
        offered = [(target, body) for target, body in forms if not target.endswith(_HEADER)]
        wanted = [body for target, body in offered if target == (action or address)]
        if action is None and not wanted:
            wanted = [body for _, body in offered]
        assert wanted, f"{address} has no form for {action}"
        fields = dict(re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', wanted[0]))
        areas = re.findall(r'<textarea[^>]*name="([^"]*)"[^>]*>\n?(.*?)</textarea>', wanted[0], re.DOTALL)
        return fields | dict(areas)

    def person(self, name: str, **capacities: str) -> str:
        """A new person who ``offers``, ``wants`` or ``knows`` a capacity, in the graph at once."""
        return self._made("Person", name, name, username=name, **capacities)

    def organization(self, name: str, *, manager: str | None = None, **values: str) -> str:
        """A new organization as an import makes it, in the graph at once, and who manages it."""
        item = self._made("Organization", name, None, **values)
        if manager is not None:
            self.services.stewardship.stewards.confirm(None, item, self.number(manager))
        return item

    def _made(self, class_name: str, name: str, owner: str | None, **values: str) -> str:
        repository = self.services.repository
        (item,) = repository.allocate("item", 1)
        draft = ItemDraft(Vocabulary(load_embedded()), item, class_name=class_name)
        draft.label("en", name)
        for property_name, value in values.items():
            draft.add(property_name, value)
        repository.bulk([Draft(draft.entity(), owner=owner)], actor=owner or "system>Import")
        self.services.ingest.catch_up()
        return item

    def publish(self, member: Member, **chosen: str) -> None:
        """Shows everybody what a member ``offers``, ``wants`` and speaks (``languages``)."""
        own = self.services.membership.own
        now = own.read(member).parts
        names = {Field.OFFERS: "offers", Field.WANTS: "wants", Field.LANGUAGES: "speaks"}
        changes = {
            Field(part): Change(Part(State.PUBLIC, (Line(names[Field(part)], item),)), now[Field(part)].mark)
            for part, item in chosen.items()
        }
        own.save(member, changes, agreed=True, wording="1", language="en")

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
        entries = [_untranslated(entry) for entry in load_directory() if entry.kind in _KINDS]
        import_directory(repository, Vocabulary(load_embedded()), Keys(), entries=entries)
    with open_services(_settings(data)) as services:
        services.ingest.catch_up()


def _untranslated(entry: DirectoryEntry) -> DirectoryEntry:
    """The entry as it would be without the work of one language's translators."""
    if entry.kind is not EntityKind.CAPACITY:
        return entry
    labels, descriptions = (
        {language: text for language, text in texts.items() if language != _TO_TRANSLATE}
        for texts in (entry.labels, entry.descriptions)
    )
    unreviewed = tuple(language for language in entry.unreviewed if language != _TO_TRANSLATE)
    return replace(entry, labels=labels, descriptions=descriptions, unreviewed=unreviewed)


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
