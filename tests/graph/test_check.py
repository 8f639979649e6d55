"""The comparison of repository, graph and text index: silent when in step, exact when not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from capx_graph.check import Check, Difference, DifferenceKind
from capx_graph.model import EntityKind
from capx_graph.namespaces import RDFS
from capx_graph.store.base import Delta
from capx_graph.terms import NamedNode, Triple, literal
from capx_graph.textindex import TextEntry, TextField
from tests.houses.graph import INSTANCE, House, Statement, capx, item, provision_in, wd

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def provisioned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return provision_in(tmp_path_factory.mktemp("provisioned"))


@pytest.fixture
def house(tmp_path: Path, provisioned: Path) -> Iterator[House]:
    with House.opened(tmp_path, provisioned) as house:
        evidence = [{"evidence": ["https://example.org/"]}]
        house.write(
            item("Q201", "Capacity"),
            item("Q300", "Person", username=["Zuzana"], offers=[Statement("Q201", references=evidence)]),
        )
        house.ingest.catch_up()
        yield house


def differences(house: House) -> list[Difference]:
    return list(Check(house.ingest).differences())


def tamper(house: House, *, add: list[Triple] | None = None, remove: list[Triple] | None = None) -> None:
    house.store.apply(Delta(house.store.version, added=add or [], removed=remove or []))


def text_of(entity_id: str) -> TextEntry:
    return TextEntry(entity_id, EntityKind.PERSON, TextField.USERNAME, None, "Zuzana")


def of(house: House, subject: NamedNode) -> list[Triple]:
    return house.store.subject_triples([subject])


def test_everything_in_step_has_no_differences(house: House) -> None:
    assert differences(house) == []


def test_an_edit_not_yet_taken_in_is_no_difference(house: House) -> None:
    house.write(item("Q300", "Person", username=["Berta"]))
    assert differences(house) == []


def test_a_missing_and_a_surplus_triple_are_told_with_their_entity(house: House) -> None:
    label = Triple(wd("Q300"), NamedNode(RDFS + "label"), literal("item Q300", "en"))
    wrong = Triple(wd("Q300"), capx("offers"), wd("Q202"))
    tamper(house, remove=[label], add=[wrong])
    assert set(differences(house)) == {
        Difference(DifferenceKind.MISSING_TRIPLE, "Q300", str(label)),
        Difference(DifferenceKind.SURPLUS_TRIPLE, "Q300", str(wrong)),
    }


def test_an_entity_at_another_revision_is_stale(house: House) -> None:
    apply = house.store.apply
    house.write(item("Q300", "Person", username=["Berta"]))
    house.store.apply = lambda delta: apply(Delta(delta.cursor))  # type: ignore[method-assign]
    house.ingest.catch_up()
    found = differences(house)
    assert DifferenceKind.STALE_ENTITY in {d.kind for d in found}
    assert {d.entity_id for d in found} == {"Q300"}


def test_an_entity_that_is_not_in_the_graph_is_told_once(house: House) -> None:
    stored = house.ingest.graph.stored(house.store, "Q201")
    tamper(house, remove=[*stored.own])
    (difference,) = differences(house)
    assert (difference.kind, difference.entity_id) == (DifferenceKind.MISSING_ENTITY, "Q201")


@pytest.mark.parametrize(
    ("subject", "owner"),
    [
        ("entity/Q999", "Q999"),
        ("wiki/Special:EntityData/Q999", None),
        ("entity/statement/Q300-11111111-0000-0000-0000-000000000000", "Q300"),
        ("reference/0000", None),
        ("value/0000", None),
        ("prop/direct/P999", None),
        ("else/where", None),
    ],
)
def test_a_node_that_belongs_to_nobody_is_told(house: House, subject: str, owner: str | None) -> None:
    node = NamedNode(f"http://t/{subject}")
    tamper(house, add=[Triple(node, capx("about"), literal("x")), Triple(node, capx("about"), literal("y"))])
    assert differences(house) == [Difference(DifferenceKind.ORPHAN_NODE, owner, str(node))]


def test_a_shared_node_with_other_content_is_told(house: House) -> None:
    (reference,) = {t.subject for t in house.all() if str(t.subject).startswith("<http://t/reference/")}
    assert isinstance(reference, NamedNode)
    tamper(house, remove=of(house, reference)[:1])
    (difference,) = differences(house)
    assert (difference.kind, difference.entity_id) == (DifferenceKind.MISSING_TRIPLE, "Q300")


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        (lambda house: house.texts.apply(house.texts.cursor, {"Q300": []}), DifferenceKind.MISSING_TEXT),
        (lambda house: house.texts.apply(house.texts.cursor, {"Q999": [text_of("Q999")]}), DifferenceKind.SURPLUS_TEXT),
        (
            lambda house: house.texts.apply(house.texts.cursor, {"Q998": house.texts.entries("Q300")}),
            DifferenceKind.SURPLUS_TEXT,
        ),
    ],
)
def test_texts_that_differ_are_told(house: House, change: Callable[[House], None], kind: DifferenceKind) -> None:
    change(house)
    assert {d.kind for d in differences(house)} == {kind}


def test_a_damaged_text_index_is_told(house: House, tmp_path: Path) -> None:
    with house.texts._reading() as generation:
        generation.resource.mine().execute("DELETE FROM gram_docsize WHERE id = 1")
    assert {d.kind for d in differences(house)} == {DifferenceKind.DAMAGED_INDEX}


def test_a_wrong_count_is_told(house: House) -> None:
    there = of(house, wd("Q300"))[:1]
    house.store.apply(Delta(house.store.version, added=there))
    (difference,) = differences(house)
    assert difference.kind is DifferenceKind.WRONG_COUNT


def test_a_rebuild_heals_everything(house: House) -> None:
    tamper(house, add=[Triple(wd("Q999"), capx("about"), literal("x"))], remove=of(house, wd("Q300")))
    house.texts.apply(house.texts.cursor, {"Q300": []})
    assert differences(house) != []
    house.ingest.rebuild()
    assert differences(house) == []


def test_a_difference_reads_as_one_line() -> None:
    difference = Difference(DifferenceKind.MISSING_TRIPLE, "Q1", "<a> <b> <c>")
    assert str(difference) == "Q1: triple missing: <a> <b> <c>"
    assert INSTANCE.maps("offers")
