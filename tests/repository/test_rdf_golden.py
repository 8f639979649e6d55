"""The RDF of every recorded entity is, up to blank nodes, what the reference Wikibase sent."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from capx_graph.model import Page
from capx_graph.repository.rdf.entity import EntityRdf, Flavor
from capx_graph.terms import RdfFormat, parse_rdf
from tests.houses.rdf import NAMESPACES, Wiki, canonical

FLAVORS = {"": Flavor.FULL, ".dump": Flavor.DUMP, ".long": Flavor.LONG, ".simple": Flavor.SIMPLE}
THEN = datetime(2000, 1, 1, tzinfo=UTC)


def _guid(match: re.Match[str]) -> str:
    return f"00000000-0000-4000-8000-{int(match[1]):012d}"


def _recorded(folder: Path) -> Wiki:
    wiki = Wiki(formatters={"P4": "http://ids.example.org/public/$1", "P16": "http://b.example.org/$1#x"})
    for path in folder.glob("[PQ]*.json"):
        text = re.sub(r"\{\{guid:(\d+)\}\}", _guid, path.read_text(encoding="utf-8"))
        ((entity_id, entity),) = json.loads(text)["entities"].items()
        target = entity_id if entity_id != path.stem else None
        wiki.pages[path.stem] = Page(path.stem, 1, 0, THEN, None if target else entity, redirect_to=target)
    # A merge left this redirect, of which no file of its own was recorded.
    wiki.pages["Q38"] = Page("Q38", 1, 0, THEN, None, redirect_to="Q39")
    return wiki


@pytest.fixture(scope="module")
def folder(shared: Path) -> Path:
    return shared / "golden" / "wikibase" / "public" / "entities"


@pytest.mark.parametrize("suffix", FLAVORS)
def test_every_recorded_graph_is_isomorphic(folder: Path, suffix: str) -> None:
    wiki = _recorded(folder)
    rdf = EntityRdf(NAMESPACES, wiki)
    compared = 0
    differences: dict[str, list[str]] = {}
    for entity_id, page in wiki.pages.items():
        path = folder / f"{entity_id}{suffix}.nt"
        if not path.exists():
            continue
        compared += 1
        expected = canonical(list(parse_rdf(path.read_bytes(), RdfFormat.N_TRIPLES)))
        actual = canonical(rdf.triples(page, FLAVORS[suffix]))
        if expected != actual:
            differences[entity_id] = sorted("- " + line for line in expected - actual) + sorted(
                "+ " + line for line in actual - expected
            )
    assert differences == {}
    assert compared >= 20
