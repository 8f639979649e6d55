"""The RDF of every recorded entity is, up to blank nodes, what the reference Wikibase sent."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pyoxigraph import CanonicalizationAlgorithm, Dataset, Quad

from capx_graph.model import Page
from capx_graph.namespaces import WikibaseNamespaces
from capx_graph.repository.rdf import EntityRdf, Flavor
from capx_graph.terms import RdfFormat, Triple, parse_rdf

BASE = "http://127.0.0.1:8181"
FLAVORS = {"": Flavor.FULL, ".dump": Flavor.DUMP, ".long": Flavor.LONG, ".simple": Flavor.SIMPLE}
THEN = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Recorded:
    """The recorded wiki as a lookup: pages from the JSON files, redirects from the graphs."""

    pages: dict[str, Page]
    formatters: dict[str, str]

    def datatype(self, property_id: str) -> str | None:
        page = self.pages.get(property_id)
        return page.entity["datatype"] if page is not None and page.entity is not None else None

    def formatter_uri(self, property_id: str) -> str | None:
        return self.formatters.get(property_id)

    def page(self, entity_id: str) -> Page | None:
        return self.pages.get(entity_id)

    def redirects_to(self, entity_id: str) -> Sequence[str]:
        return [page.entity_id for page in self.pages.values() if page.redirect_to == entity_id]


def _guid(match: re.Match[str]) -> str:
    return f"00000000-0000-4000-8000-{int(match[1]):012d}"


def _recorded(folder: Path) -> Recorded:
    pages: dict[str, Page] = {}
    for path in folder.glob("[PQ]*.json"):
        text = re.sub(r"\{\{guid:(\d+)\}\}", _guid, path.read_text(encoding="utf-8"))
        ((entity_id, entity),) = json.loads(text)["entities"].items()
        target = entity_id if entity_id != path.stem else None
        pages[path.stem] = Page(
            entity_id=path.stem,
            page_id=1,
            revision_id=0,
            modified=THEN,
            entity=None if target else entity,
            redirect_to=target,
        )
    # A merge left this redirect, of which no file of its own was recorded.
    pages["Q38"] = Page("Q38", 1, 0, THEN, None, redirect_to="Q39")
    return Recorded(pages, {"P4": "http://ids.example.org/public/$1", "P16": "http://b.example.org/$1#x"})


def _canonical(triples: Sequence[Triple]) -> set[str]:
    dataset = Dataset(Quad(t.subject, t.predicate, t.object) for t in triples)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return {str(quad) for quad in dataset}


@pytest.fixture(scope="module")
def folder(shared: Path) -> Path:
    return shared / "golden" / "wikibase" / "public" / "entities"


@pytest.mark.parametrize("suffix", FLAVORS)
def test_every_recorded_graph_is_isomorphic(folder: Path, suffix: str) -> None:
    recorded = _recorded(folder)
    rdf = EntityRdf(WikibaseNamespaces(BASE), recorded)
    compared = 0
    differences: dict[str, list[str]] = {}
    for entity_id, page in recorded.pages.items():
        path = folder / f"{entity_id}{suffix}.nt"
        if not path.exists():
            continue
        compared += 1
        expected = _canonical(list(parse_rdf(path.read_bytes(), RdfFormat.N_TRIPLES)))
        actual = _canonical(rdf.triples(page, FLAVORS[suffix]))
        if expected != actual:
            differences[entity_id] = sorted("- " + line for line in expected - actual) + sorted(
                "+ " + line for line in actual - expected
            )
    assert differences == {}
    assert compared >= 20
