"""A small directory here and a Wikibase elsewhere that was made ready for it, copied anew for each test."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from capx_graph.cli.entry import capx
from capx_graph.handover.mapping import Ids, parts_of
from capx_graph.handover.state import Pairing
from capx_graph.items.drafts import ItemDraft, Monolingual, Vocabulary
from capx_graph.model import Draft, EntityJson, Page
from capx_graph.ontology import load_instance
from capx_graph.provisioning import provision
from capx_graph.repository.store import Repository
from tests.houses.elsewhere import PASSWORD, USER, WikiElsewhere, wiki_elsewhere
from tests.houses.ready import copied

HERE = load_instance("embedded")
BASE = "http://here.example"
ENVIRONMENT = {
    "CAPX_CONTACT": "test@example.org",
    "CAPX_WIKIBASE_USER": USER,
    "CAPX_WIKIBASE_PASSWORD": PASSWORD,
    "CAPX_WIKIBASE_PAUSE": "0",
}
NAMES = {"region": "Q200", "country": "Q201", "root": "Q202", "leaf": "Q203", "group": "Q204", "event": "Q205"}
NAMES |= {"ana": "Q206", "bo": "Q207", "stray": "Q208", "language": "Q209"}


@dataclass
class House:
    """The two sides; ``run`` is the command line on the data directory ``data``."""

    wiki: WikiElsewhere
    data: Path
    file: Path

    def run(self, *arguments: str, data: Path | None = None, people: bool = True) -> Result:
        environment = {**ENVIRONMENT, "CAPX_PEOPLE": "upstream" if people else "embedded"}
        command = ["--data", str(data or self.data), *arguments, "--wikibase", self.wiki.address]
        runner = CliRunner(env=environment)
        return runner.invoke(
            capx, [*command, "--instance", str(self.file)], standalone_mode=False, catch_exceptions=False
        )

    def plan(self, what: str, **more: Any) -> tuple[dict[str, int], dict[str, dict[str, Any]]]:
        """What a push or pull would do: counts, and steps by the item's id here, or there where it is not here."""
        answer = json.loads(self.run(what, "--json", **more).stdout)
        return answer["counts"], {step["here"] or step["there"]: step for step in answer["steps"]}

    def there(self, name: str) -> str:
        """The id there of an item here."""
        return self.pairs()[NAMES[name]]

    def pairs(self, data: Path | None = None) -> dict[str, str]:
        pairing = Pairing(data or self.data, self.wiki.repository.namespaces.entity)
        try:
            return {pair.here: pair.there for pair in pairing.all()}
        finally:
            pairing.close()

    def edit(self, name: str, change: Callable[[dict[str, Any]], None]) -> None:
        """Somebody here changes an item."""
        with opened(self.data) as repository:
            page = repository.page(NAMES[name])
            assert page is not None
            assert page.entity is not None
            entity = json.loads(json.dumps(page.entity))
            change(entity)
            repository.bulk([Draft(entity, owner=page.owner)], actor=page.owner or "Somebody")

    def entity(self, name: str) -> dict[str, Any]:
        with opened(self.data) as repository:
            page = repository.page(NAMES[name])
            assert page is not None
            assert page.entity is not None
            return dict(page.entity)


@contextmanager
def opened(data: Path) -> Iterator[Repository]:
    repository = Repository.open(data, base=BASE)
    try:
        yield repository
    finally:
        repository.close()


def make_here(data: Path) -> None:
    """A directory with an item of every class, links in circles, ranks, qualifiers, references, unknown values."""
    with opened(data) as repository:
        provision(repository, HERE)
        repository.reserve("item", 299)
        drafts = [Draft(entity) for entity in _items().values()]
        repository.bulk(drafts, actor="Somebody")
        people = [Draft(entity, owner="system>Imports") for entity in _people()]
        repository.bulk(people, actor="system>Imports")
        group = _draft("group", "Organization", "Group of friends")
        group.add("code", "ORG1")
        group.add("basedIn", NAMES["country"])
        group.add("manager", NAMES["ana"])
        group.add("website", "https://group.example/")
        repository.bulk([Draft(group.entity())], actor="Somebody")


def _items() -> dict[str, EntityJson]:
    region = _draft("region", "Territory", "Latin America", "Region")
    region.add("code", "R-LAC")
    country = _draft("country", "Territory", "Brazil")
    country.add("code", "BR")
    country.add("partOf", NAMES["region"])
    language = _draft("language", "Language", "Portuguese")
    language.add("code", "pt")
    root = _draft("root", "Capacity", "communication")
    root.add("wikidataId", "Q11024")
    root.label("ja", "コミュニケーション")
    root.aliases("en", ["talking", "speaking"])
    leaf = _draft("leaf", "Capacity", "storytelling")
    leaf.add("capxId", "37")
    leaf.add("broader", NAMES["root"])
    event = _draft("event", "Event", "Edit-a-thon")
    event.add("concerns", NAMES["leaf"])
    event.add("concerns", NAMES["stray"])
    event.add("begin", "2026-07-01T10:00:00Z")
    stray: EntityJson = {"type": "item", "id": NAMES["stray"], "labels": {"en": {"language": "en", "value": "a thing"}}}
    drafts = (region, country, language, root, leaf, event)
    return {"stray": stray} | {draft.entity_id: draft.entity() for draft in drafts}


def _people() -> Iterator[EntityJson]:
    ana = _draft("ana", "Person", "Ana")
    ana.add("username", "Ana")
    ana.add("knows", NAMES["leaf"])
    qualifiers = [("availability", HERE.item_id("Limited")), ("level", HERE.item_id("Expert"))]
    ana.add("offers", NAMES["leaf"], qualifiers=qualifiers)
    ana.add("speaks", NAMES["language"], qualifiers=[("level", HERE.item_id("LevelN"))])
    ana.add("basedIn", NAMES["country"])
    ana.add("about", Monolingual("pt", "Conto histórias."))
    entity: dict[str, Any] = json.loads(json.dumps(ana.entity()))
    offered = entity["claims"][HERE.property_id("offers")][0]
    offered["rank"] = "preferred"
    evidence = {
        "snaktype": "value",
        "property": HERE.property_id("evidence"),
        "datavalue": {"type": "string", "value": "https://example.org/proof"},
    }
    offered["references"] = [{"snaks": {evidence["property"]: [evidence]}, "snaks-order": [evidence["property"]]}]
    yield entity
    bo = _draft("bo", "Person", "Bo")
    bo.add("username", "Bo")
    bo.add("wants", NAMES["root"])
    bo.add("wants", None)
    yield bo.entity()


def _draft(name: str, class_name: str, label: str, *more: str) -> ItemDraft:
    draft = ItemDraft(Vocabulary(HERE), NAMES[name], class_name=class_name)
    draft.label("en", label)
    draft.description("en", f"{label}, for tests.")
    draft.add_all("instanceOf", [HERE.item_id(class_name) for class_name in (class_name, *more)])
    return draft


@contextmanager
def house(template: Path, folder: Path) -> Iterator[House]:
    """A copy of a template that ``make_house`` made, with the wiki served."""
    shutil.copytree(template, folder)
    with wiki_elsewhere(folder / "wiki", fresh=False) as wiki:
        yield House(wiki, folder / "here", folder / "elsewhere.ttl")


def make_house(folder: Path, *, shared: bool) -> Path:
    """Both sides, the ontology in both, nothing handed over yet."""

    def make(both: Path) -> None:
        make_here(both / "here")
        with wiki_elsewhere(both / "wiki", shared=shared) as wiki:
            made = House(wiki, both / "here", both / "elsewhere.ttl")
            answers = ["--take", "P2", "--take", "P4", "--take", "Q1", "--make", "Organization"] if shared else []
            assert made.run("provision", "--yes", *answers).return_value == 0

    return copied(f"handover-{'shared' if shared else 'empty'}", make, folder)


def alike(one: Path, other: Path, pairs: Mapping[str, str]) -> list[str]:
    """The items of one data directory that another does not have the same, by the ids of each in the other's."""
    terms = {i: i for i in (*HERE.property_ids.values(), *HERE.item_ids.values())}
    ids = Ids({**terms, **pairs})
    with opened(one) as first, opened(other) as second:
        found = [(here, first.page(here), second.page(there)) for here, there in pairs.items()]
        return [here for here, ours, theirs in found if _said_of(ours, ids) != _said_of(theirs, Ids(None))]


def _said_of(page: Page | None, ids: Ids) -> list[tuple[str, str]] | None:
    return None if page is None or page.entity is None else _said(page.entity, ids)


def _said(entity: EntityJson, ids: Ids) -> list[tuple[str, str]]:
    parts = parts_of(entity, ids, without=(HERE.property_id("counterpart"),))
    return sorted((kind if kind == "claims" else f"{kind}/{key}", text) for (kind, key), text in parts.texts.items())
