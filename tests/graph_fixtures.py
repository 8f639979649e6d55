"""Pages in terms of the ontology, for tests of the graph: ``item("Q300", "Person", offers=["Q201"])``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from capx_graph.model import EntityJson, Page
from capx_graph.namespaces import CAPX, SKOS, WikibaseNamespaces
from capx_graph.ontology import load_instance, load_ontology
from capx_graph.projection import Projector, TextProjector
from capx_graph.repository.store import Repository
from capx_graph.repository.transaction import Author
from capx_graph.terms import NamedNode, Triple

NAMESPACES = WikibaseNamespaces("http://t")
ONTOLOGY = load_ontology()
INSTANCE = load_instance("embedded", ONTOLOGY)
PROJECTOR = Projector(ONTOLOGY, INSTANCE, NAMESPACES)
TEXTS = TextProjector(ONTOLOGY, INSTANCE)
MODIFIED = datetime(2026, 6, 1, tzinfo=UTC)


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
