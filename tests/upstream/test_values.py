"""Whatever a connected Wikibase has for values, kinds unknown here too: none of it holds up what follows the mirror."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from capx_graph.model import Page
from tests.houses.upstream import START, Connected, connected, remote_wiki

pytestmark = pytest.mark.slow

VALUES: dict[str, tuple[str, Any]] = {
    "a lexeme": ("wikibase-lexeme", {"type": "wikibase-entityid", "value": {"entity-type": "lexeme", "id": "L12"}}),
    "a form": ("wikibase-form", {"type": "wikibase-entityid", "value": {"entity-type": "form", "id": "L12-F1"}}),
    "a schema": ("entity-schema", {"type": "wikibase-entityid", "value": {"entity-type": "entity-schema", "id": "E1"}}),
    "a schema of old": ("entity-schema", {"type": "string", "value": "E12"}),
    "a file of its own": ("localMedia", {"type": "string", "value": "A b.jpg"}),
    "a date of an extension": ("edtf", {"type": "edtf", "value": "1985-04-12T23:20:30"}),
    "music": ("musical-notation", {"type": "string", "value": "\\relative c'"}),
    "a bad value": ("string", {"type": "bad", "value": {"x": 1}, "error": "broken"}),
    "something unheard of": ("foo", {"type": "foo", "value": [1, 2]}),
    "an item of old": (
        "wikibase-item",
        {"type": "wikibase-entityid", "value": {"entity-type": "item", "numeric-id": 5}},
    ),
    "a URL that is no IRI": ("url", {"type": "string", "value": "javascript:alert(1) <>"}),
    "a language that is no tag": (
        "monolingualtext",
        {"type": "monolingualtext", "value": {"text": "x", "language": "not a tag!"}},
    ),
    "a place elsewhere": (
        "globe-coordinate",
        {"type": "globecoordinate", "value": {"latitude": 1, "longitude": 2, "precision": None, "globe": "http://x y"}},
    ),
}


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connected]:
    folder = tmp_path_factory.mktemp("values")
    with remote_wiki(folder / "remote") as remote, connected(remote, folder / "data") as made:
        made.catch_up()
        yield made


@pytest.mark.parametrize(("number", "name"), list(enumerate(VALUES)), ids=list(VALUES))
def test_no_value_holds_up_the_graph(here: Connected, number: int, name: str) -> None:
    datatype, value = VALUES[name]
    property_id, item_id = f"P{900 + number}", f"Q{9000 + number}"
    words: dict[str, Any] = {"labels": {}, "descriptions": {}, "aliases": {}}
    snaks = [_snak(property_id, datatype, kind, value) for kind in ("value", "somevalue", "novalue")]
    claims = {property_id: [_statement(f"{item_id}${place:08d}-0000-4000-8000-000000000000", s, number, place)
                            for place, s in enumerate(snaks)]}  # fmt: skip
    property_ = {"type": "property", "id": property_id, "datatype": datatype, "claims": {}, **words}
    item = {"type": "item", "id": item_id, "claims": claims, "sitelinks": {"enwiki": {"title": "X"}}, **words}
    here.repository.mirror.apply(
        [Page(property_id, 9000 + number, 1, START, property_), Page(item_id, 9500 + number, 1, START, item)]
    )
    here.graph.ingest.catch_up()
    assert here.differences() == []
    assert f"<http://wiki.example/entity/{item_id}>" in {str(triple.subject) for triple in here.graph.store.triples()}


def _snak(property_id: str, datatype: str, kind: str, value: Any) -> dict[str, Any]:
    given = {"datavalue": value} if kind == "value" else {}
    return {"snaktype": kind, "property": property_id, "datatype": datatype, "hash": "a" * 40, **given}


def _statement(guid: str, snak: dict[str, Any], number: int, place: int) -> dict[str, Any]:
    snaks = {snak["property"]: [snak]}
    return {
        "mainsnak": snak,
        "type": "statement",
        "rank": "normal",
        "id": guid,
        "qualifiers": snaks,
        "qualifiers-order": list(snaks),
        "references": [{"hash": f"{number:020d}{place:020d}", "snaks": snaks, "snaks-order": list(snaks)}],
    }
