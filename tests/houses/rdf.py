"""A wiki in memory for the tests of the RDF rooms: pages by id, formatter IRIs by property."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from pyoxigraph import CanonicalizationAlgorithm, Dataset, Quad

from capx_graph.model import Page
from capx_graph.namespaces import WikibaseNamespaces
from capx_graph.terms import Triple

BASE = "http://127.0.0.1:8181"
NAMESPACES = WikibaseNamespaces(BASE)
THEN = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)


@dataclass
class Wiki:
    """Pages and formatters as a lookup of the RDF mapping and of EntityData."""

    pages: dict[str, Page] = field(default_factory=dict)
    formatters: Mapping[str, str] = field(default_factory=dict)
    revisions: dict[int, Page] = field(default_factory=dict)

    def add(self, entity: Mapping[str, Any], *, revision_id: int = 7, modified: datetime = THEN) -> Page:
        page = Page(entity["id"], 1, revision_id, modified, entity)
        self.pages[page.entity_id] = page
        return page

    def redirect(self, source: str, target: str) -> Page:
        page = Page(source, 1, 7, THEN, None, redirect_to=target)
        self.pages[source] = page
        return page

    def datatype(self, property_id: str) -> str | None:
        page = self.pages.get(property_id)
        return page.entity["datatype"] if page is not None and page.entity is not None else None

    def formatter_uri(self, property_id: str) -> str | None:
        return self.formatters.get(property_id)

    def page(self, entity_id: str) -> Page | None:
        return self.pages.get(entity_id)

    def redirects_to(self, entity_id: str) -> Sequence[str]:
        return [page.entity_id for page in self.pages.values() if page.redirect_to == entity_id]

    def revision(self, entity_id: str, revision_id: int) -> Page | None:
        page = self.revisions.get(revision_id)
        return page if page is not None and page.entity_id == entity_id else None


def item(entity_id: str, *statements: Mapping[str, Any], **labels: str) -> dict[str, Any]:
    claims: dict[str, list[Any]] = {}
    for number, statement in enumerate(statements):
        claims.setdefault(statement["mainsnak"]["property"], []).append(
            {"id": f"{entity_id}$0000000{number}-0000-4000-8000-000000000000", "rank": "normal", **statement}
        )
    return {
        "type": "item",
        "id": entity_id,
        "labels": {code: {"language": code, "value": text} for code, text in labels.items()},
        "descriptions": {},
        "aliases": {},
        "claims": claims,
        "sitelinks": {},
    }


def prop(property_id: str, datatype: str, **labels: str) -> dict[str, Any]:
    entity = item(property_id, **labels) | {"type": "property", "datatype": datatype}
    del entity["sitelinks"]
    return entity


def snak(property_id: str, value_type: str, value: object) -> dict[str, Any]:
    return {
        "snaktype": "value",
        "property": property_id,
        "datavalue": {"type": value_type, "value": value},
    }


def canonical(triples: Sequence[Triple]) -> set[str]:
    """The graph in a form in which isomorphic graphs are equal."""
    dataset = Dataset(Quad(t.subject, t.predicate, t.object) for t in triples)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return {str(quad) for quad in dataset}
