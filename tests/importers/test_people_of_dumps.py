"""Whom the dump of a Wikibase tells of: drafts for their owners, and nothing that stops the import."""

from __future__ import annotations

import pytest

from capx_graph.items.drafts import ItemDraft, Vocabulary
from capx_graph.membership.dumped import DumpedPeople
from capx_graph.ontology import load_instance


@pytest.mark.parametrize("entity_id", ["", "Q", "Q0", "P1", "Rosa", None, {"id": "Q1"}])
def test_a_person_under_no_id_of_an_item_is_left_to_the_import(entity_id: object) -> None:
    vocabulary = Vocabulary(load_instance("embedded"))
    draft = ItemDraft(vocabulary, "Q1", class_name="Person")
    draft.add("username", "Rosa")
    people = DumpedPeople(vocabulary, "dump.json", is_here=lambda _: False)
    assert people.takes(draft.entity())
    assert list(people.drafts) == ["Rosa"]
    nobody = DumpedPeople(vocabulary, "dump.json", is_here=lambda _: False)
    assert not nobody.takes({**draft.entity(), "id": entity_id})
    assert not nobody.drafts
