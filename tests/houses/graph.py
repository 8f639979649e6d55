"""Pages in terms of the ontology, for tests of the graph: ``item("Q300", "Person", offers=["Q201"])``; and a House
that has a repository, a graph in memory, a text index, and the ingest between them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from capx_graph.ingest import Ingest
from capx_graph.model import Draft, EntityJson, Page
from capx_graph.namespaces import CAPX, SKOS, WikibaseNamespaces
from capx_graph.ontology import load_instance, load_ontology
from capx_graph.projection import Projector, TextProjector
from capx_graph.provisioning import provision
from capx_graph.repository.storage.transaction import Author
from capx_graph.repository.store import Repository, RepositorySettings
from capx_graph.store.embedded import EmbeddedStore
from capx_graph.terms import NamedNode, Triple
from capx_graph.textindex import TextIndex
from tests.houses.ready import copied

NAMESPACES = WikibaseNamespaces("http://t")
ONTOLOGY = load_ontology()
INSTANCE = load_instance("embedded", ONTOLOGY)
PROJECTOR = Projector(ONTOLOGY, INSTANCE, NAMESPACES)
TEXTS = TextProjector(ONTOLOGY, INSTANCE)
MODIFIED = datetime(2026, 6, 1, tzinfo=UTC)


SETTINGS = RepositorySettings(formatter_uri=INSTANCE.property_id("formatterUri"))


@dataclass
class House:
    """A repository with graph and text index, as a service has them."""

    repository: Repository
    store: EmbeddedStore
    texts: TextIndex
    ingest: Ingest

    @classmethod
    @contextmanager
    def opened(cls, folder: Path, provisioned: Path) -> Iterator[House]:
        """A house in a folder, on a copy of a provisioned repository."""
        shutil.copytree(provisioned, folder / "data")
        repository = Repository.open(folder / "data", settings=SETTINGS)
        store, texts = EmbeddedStore(), TextIndex(folder / "text")
        try:
            yield cls(repository, store, texts, Ingest(repository, store, texts, instance=INSTANCE))
        finally:
            texts.close()
            repository.close()

    def write(self, *entities: EntityJson) -> None:
        self.repository.bulk([Draft(entity) for entity in entities], actor="Test")

    def values(self, entity_id: str, predicate: NamedNode) -> list[str]:
        """What an entity's triples with a predicate lead to in the graph."""
        return objects(self.store.subject_triples([wd(entity_id)]), wd(entity_id), predicate)

    def all(self) -> set[Triple]:
        return set(self.store.triples())

    def rebuilt(self) -> set[Triple]:
        """The graph as it would be if it were built anew, its hierarchy read from the pages."""
        graph = self.ingest.graph
        hierarchy = graph.projector.hierarchy(
            {p.entity_id: facts for p in self.repository.scan() if (facts := graph.facts(p))}
        )
        pages = self.repository.scan()
        return {triple for page in pages for triple in self.store.canonical(graph.triples(page, hierarchy))}


def provision_in(folder: Path) -> Path:
    """A repository with the ontology in it, to be copied."""
    return copied("provisioned", _provision, folder)


def _provision(folder: Path) -> None:
    repository = Repository.open(folder, base=NAMESPACES.base, settings=SETTINGS)
    provision(repository, INSTANCE)
    repository.close()


@dataclass(frozen=True)
class Statement:
    """A statement to be: its value, rank, qualifiers and references by the names of the ontology."""

    value: Any
    rank: str = "normal"
    qualifiers: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    references: Sequence[Mapping[str, Sequence[Any]]] = ()


def item(entity_id: str, class_name: str | None = None, /, **given: Any) -> EntityJson:
    """An item of a class; ``labels`` and ``aliases`` are by language, everything else are values of properties."""
    labels = given.pop("labels", {"en": f"item {entity_id}"})
    aliases = given.pop("aliases", {})
    if class_name is not None:
        given = {"instanceOf": [INSTANCE.item_id(class_name)], **given}
    return {
        "type": "item",
        "id": entity_id,
        "labels": {code: {"language": code, "value": text} for code, text in labels.items()},
        "descriptions": {},
        "aliases": {code: [{"language": code, "value": text} for text in texts] for code, texts in aliases.items()},
        "claims": {
            INSTANCE.property_id(name): [_statement(entity_id, name, n, value) for n, value in enumerate(values)]
            for name, values in given.items()
        },
        "sitelinks": {},
    }


def page(entity: EntityJson, revision_id: int = 1) -> Page:
    return Page(entity["id"], int(entity["id"][1:]), revision_id, MODIFIED, entity)


def redirect(entity_id: str, target: str) -> Page:
    return Page(entity_id, int(entity_id[1:]), 1, MODIFIED, None, redirect_to=target)


def redirect_in(repository: Repository, source: str, target: str) -> None:
    """Make an entity a redirect, as a merge does."""
    with repository.transaction() as transaction:
        stored = transaction.page(source)
        assert stored is not None
        transaction.redirect(stored, target, Author("Test"))


def wd(entity_id: str) -> NamedNode:
    return NamedNode(NAMESPACES.entity + entity_id)


def capx(name: str) -> NamedNode:
    return NamedNode(CAPX + name)


def skos(name: str) -> NamedNode:
    return NamedNode(SKOS + name)


def objects(triples: Sequence[Triple], subject: NamedNode, predicate: NamedNode) -> list[str]:
    """What a subject's triples with a predicate lead to: ids of entities, values of others; sorted."""
    found = [t.object for t in triples if t.subject == subject and t.predicate == predicate]
    return sorted(str(getattr(o, "value", o)).removeprefix(NAMESPACES.entity) for o in found)


def _statement(entity_id: str, name: str, number: int, value: Any) -> EntityJson:
    given = value if isinstance(value, Statement) else Statement(value)
    property_id = INSTANCE.property_id(name)
    return {
        "id": f"{entity_id}${int(property_id[1:]):08d}-{number:04d}-0000-0000-000000000000",
        "type": "statement",
        "rank": given.rank,
        "mainsnak": snak(name, given.value),
        "qualifiers": _snaks(given.qualifiers),
        "qualifiers-order": [INSTANCE.property_id(n) for n in given.qualifiers],
        "references": [
            {
                "hash": f"{abs(hash(str(ref))):040x}",
                "snaks": _snaks(ref),
                "snaks-order": [INSTANCE.property_id(n) for n in ref],
            }
            for ref in given.references
        ],
    }


def _snaks(by_name: Mapping[str, Sequence[Any]]) -> dict[str, list[Any]]:
    return {INSTANCE.property_id(name): [snak(name, value) for value in values] for name, values in by_name.items()}


def snak(name: str, value: Any) -> dict[str, Any]:
    property_id = INSTANCE.property_id(name)
    if value in ("somevalue", "novalue"):
        return {"snaktype": value, "property": property_id}
    datatype = INSTANCE.datatype(name)
    return {
        "snaktype": "value",
        "property": property_id,
        "datatype": datatype,
        "datavalue": _datavalue(datatype, value),
    }


def _datavalue(datatype: str, value: Any) -> dict[str, Any]:
    if datatype == "wikibase-item":
        value = INSTANCE.item_id(value) if INSTANCE.maps(value) else value
        content = {"entity-type": "item", "numeric-id": int(value[1:]), "id": value}
        return {"type": "wikibase-entityid", "value": content}
    if datatype == "monolingualtext":
        return {"type": "monolingualtext", "value": {"language": value[0], "text": value[1]}}
    return {"type": "string", "value": value}
