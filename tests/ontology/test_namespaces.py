"""One id space, two concept bases: the number of an id says in which Wikibase an entity is at home."""

from __future__ import annotations

import pytest

from capx_graph.namespaces import OWN_IDS, WikibaseNamespaces
from capx_graph.repository.rdf.vocabulary import Vocabulary

OWN = WikibaseNamespaces("https://capx.example")
BOTH = WikibaseNamespaces("http://base.example", documents="https://base.example/wiki/Special:EntityData/", own=OWN)
OURS = f"Q{OWN_IDS + 7}"


@pytest.mark.parametrize(
    ("entity_id", "iri"),
    [
        ("Q7", "http://base.example/entity/Q7"),
        (f"Q{OWN_IDS}", f"http://base.example/entity/Q{OWN_IDS}"),
        (OURS, f"https://capx.example/entity/{OURS}"),
        ("P7", "http://base.example/entity/P7"),
        ("L7-F1", "http://base.example/entity/L7-F1"),
    ],
)
def test_the_number_says_where_an_entity_is_at_home(entity_id: str, iri: str) -> None:
    assert BOTH.entity_iri(entity_id) == iri
    assert BOTH.entity_id(iri) == entity_id


def test_of_one_wikibase_every_number_is_its_own() -> None:
    assert OWN.entity_iri(OURS) == OWN.entity_iri("Q7").replace("Q7", OURS)
    assert OWN.site == OWN.base
    assert BOTH.site == OWN.base


@pytest.mark.parametrize(
    "iri",
    ["http://base.example/entity/statement/Q7-1", "http://www.wikidata.org/entity/Q7", "", "https://capx.example/"],
)
def test_another_iri_is_no_entity(iri: str) -> None:
    assert not BOTH.entity_id(iri)


def test_statements_documents_and_predicates_follow_their_entity() -> None:
    names = Vocabulary(BOTH)
    assert names.statement("Q7$a-b").value == "http://base.example/entity/statement/Q7-a-b"
    assert names.statement(f"{OURS}$a-b").value == f"https://capx.example/entity/statement/{OURS}-a-b"
    assert names.data("Q7").value == "https://base.example/wiki/Special:EntityData/Q7"
    assert names.data(OURS).value == f"https://capx.example/wiki/Special:EntityData/{OURS}"
    assert names.property("P7").direct.value == "http://base.example/prop/direct/P7"
    assert names.property(f"P{OWN_IDS + 1}").claim.value == f"https://capx.example/prop/P{OWN_IDS + 1}"
