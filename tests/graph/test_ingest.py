"""Graph and text index follow the repository: edits, moves, merges, deletions, rebuilds, restarts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from capx_graph.ingest import Ingest
from capx_graph.model import EntityJson
from capx_graph.namespaces import OWL, RDFS, SCHEMA, VOCABULARY_PREFIXES
from capx_graph.store.base import Delta, GraphReader
from capx_graph.terms import Literal, NamedNode
from capx_graph.textindex import TextIndex
from tests.houses.graph import INSTANCE, NAMESPACES, House, Statement, capx, item, provision_in, redirect_in, skos

BASE = NAMESPACES.base


@pytest.fixture(scope="module")
def provisioned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return provision_in(tmp_path_factory.mktemp("provisioned"))


@pytest.fixture
def house(tmp_path: Path, provisioned: Path) -> Iterator[House]:
    with House.opened(tmp_path, provisioned) as house:
        house.ingest.catch_up()
        yield house


TREE = (
    item("Q201", "Capacity", colour=["#123456"]),
    item("Q202", "Capacity", broader=["Q201"]),
    item("Q203", "Capacity", broader=["Q202"]),
    item("Q204", "Capacity", colour=["#FFFFFF"]),
)
PLACES = (item("Q251", "Region"), item("Q252", "Territory", partOf=["Q251"]), item("Q253", "Region"))


def person(**given: Any) -> EntityJson:
    return item("Q300", "Person", **given)


def test_the_first_catching_up_builds_the_ontology_in(house: House) -> None:
    assert house.store.state.cursor == house.repository.head()
    assert house.texts.cursor == house.repository.head()
    assert house.all() == house.rebuilt()
    assert house.store.state.triples == len(house.all())
    direct = NamedNode("http://wikiba.se/ontology#directClaim")
    knows = INSTANCE.property_id("knows")
    assert house.values(knows, direct) == [f"{BASE}/prop/direct/{knows}"]
    assert house.texts.search("capacity")[0].exact


def test_a_term_of_the_ontology_is_called_what_its_item_is_called(house: House) -> None:
    term, label = capx("Chapter"), NamedNode(RDFS + "label")
    page = house.repository.page(INSTANCE.item_id("Chapter"))
    assert page is not None
    assert page.entity is not None
    words = {entry["language"]: entry["value"] for entry in page.entity["labels"].values()}

    def names() -> dict[str, str]:
        found = (triple.object for triple in house.store.subject_triples([term]) if triple.predicate == label)
        return {text.language: text.value for text in found if isinstance(text, Literal)}  # type: ignore[misc]

    assert names() == words
    renamed = {**page.entity, "labels": {"en": {"language": "en", "value": "national chapter"}}}
    house.write(renamed)
    house.ingest.catch_up()
    assert names() == {"en": "national chapter"}
    assert house.all() == house.rebuilt()


def test_an_entity_says_itself_what_its_data_node_says(house: House) -> None:
    house.write(person(username=["Zuzana"]))
    house.ingest.catch_up()
    for name in ("schema:version", "schema:dateModified", "wikibase:statements", "wikibase:sitelinks"):
        predicate = NamedNode(VOCABULARY_PREFIXES[name.partition(":")[0]] + name.partition(":")[2])
        node, data = NamedNode(f"{NAMESPACES.entity}Q300"), NamedNode(f"{NAMESPACES.data}Q300")
        told = [[t.object for t in house.store.subject_triples([s]) if t.predicate == predicate] for s in (node, data)]
        assert told[0] == told[1]
        assert len(told[0]) == 1


def test_an_edit_arrives_in_graph_and_text_index(house: House) -> None:
    house.write(*TREE, person(offers=["Q203"], username=["Zuzana"]))
    report = house.ingest.catch_up()
    assert (report.changed, report.rebuilt, report.cursor) == (5, 0, house.repository.head())
    assert house.values("Q300", capx("offersUnder")) == ["Q201", "Q202", "Q203"]
    assert [hit.entity_id for hit in house.texts.search("zuzana")] == ["Q300"]
    house.write(person(offers=["Q204"], username=["Berta"]))
    house.ingest.catch_up()
    assert house.values("Q300", capx("offersUnder")) == ["Q204"]
    assert house.texts.search("zuzana") == []
    assert house.all() == house.rebuilt()


def test_nothing_new_changes_nothing(house: House) -> None:
    before = house.store.state
    assert house.ingest.catch_up().changed == 0
    assert house.store.state == before


def test_a_moved_capacity_takes_its_people_along(house: House) -> None:
    house.write(*TREE, person(offers=["Q203"], wants=["Q202"]), item("Q301", "Organization", knows=["Q203"]))
    house.ingest.catch_up()
    house.write(item("Q202", "Capacity", broader=["Q204"]))
    assert house.ingest.catch_up().changed == 1
    assert house.values("Q300", capx("offersUnder")) == ["Q202", "Q203", "Q204"]
    assert house.values("Q300", capx("wantsUnder")) == ["Q202", "Q204"]
    assert house.values("Q301", capx("involvesUnder")) == ["Q202", "Q203", "Q204"]
    assert house.values("Q203", skos("broaderTransitive")) == ["Q202", "Q204"]
    assert house.values("Q203", capx("rootColour")) == ["#FFFFFF"]
    assert house.all() == house.rebuilt()


def test_a_move_is_one_transaction(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.write(*TREE, person(offers=["Q203"]))
    house.ingest.catch_up()
    house.write(item("Q202", "Capacity", broader=["Q204"]))
    deltas: list[Delta] = []
    apply = house.store.apply

    def watched(delta: Delta) -> None:
        deltas.append(delta)
        apply(delta)

    monkeypatch.setattr(house.store, "apply", watched)
    house.ingest.catch_up()
    assert len(deltas) == 1
    assert {t.subject.value for t in deltas[0].added if isinstance(t.subject, NamedNode)} >= {
        f"{BASE}/entity/{id_}" for id_ in ("Q202", "Q203", "Q300")
    }


def test_a_moved_territory_takes_its_people_along(house: House) -> None:
    house.write(*PLACES, person(basedIn=["Q252"]))
    house.ingest.catch_up()
    house.write(item("Q252", "Territory", partOf=["Q253"]))
    house.ingest.catch_up()
    assert house.values("Q300", capx("basedWithin")) == ["Q252", "Q253"]
    assert house.values("Q252", capx("within")) == ["Q252", "Q253"]
    assert house.all() == house.rebuilt()


def test_a_deleted_capacity_leaves_the_tree(house: House) -> None:
    house.write(*TREE, person(offers=["Q203"]))
    house.ingest.catch_up()
    house.repository.delete(["Q202"], actor="Test")
    house.ingest.catch_up()
    assert house.values("Q300", capx("offersUnder")) == ["Q202", "Q203"]
    assert house.values("Q203", skos("broaderTransitive")) == ["Q202"]
    assert house.values("Q202", skos("broader")) == []
    assert house.all() == house.rebuilt()


def test_a_deleted_person_leaves_nothing(house: House) -> None:
    before = house.all()
    evidence = [{"evidence": ["https://example.org/"], "evidencePage": ["w:X"]}]
    house.write(person(basedIn=[Statement("novalue", references=evidence)], username=["Zuzana"], about=[("en", "Hi")]))
    house.ingest.catch_up()
    assert house.all() != before
    house.repository.delete(["Q300"], actor="Test")
    house.ingest.catch_up()
    assert house.all() == before
    assert house.texts.entries("Q300") == []


def test_a_shared_reference_stays_while_somebody_mentions_it(house: House) -> None:
    evidence = [{"evidence": ["https://example.org/"]}]
    here = [Statement("https://example.org/", references=evidence)]
    house.write(item("Q300", "Organization", website=here), item("Q301", "Organization", website=here))
    house.ingest.catch_up()

    def references() -> set[str]:
        subjects = {t.subject for t in house.all()}
        return {s.value for s in subjects if isinstance(s, NamedNode) and s.value.startswith(f"{BASE}/reference/")}

    assert len(references()) == 1
    house.write(item("Q300", "Organization"))
    house.ingest.catch_up()
    assert len(references()) == 1
    house.write(item("Q301", "Organization"))
    house.ingest.catch_up()
    assert references() == set()
    assert house.all() == house.rebuilt()


def test_two_entities_may_lose_a_shared_reference_at_once(house: House) -> None:
    here = [Statement("https://example.org/", references=[{"evidence": ["https://example.org/"]}])]
    before = house.all()
    house.write(item("Q300", "Organization", website=here), item("Q301", "Organization", website=here))
    house.ingest.catch_up()
    house.repository.delete(["Q300", "Q301"], actor="Test")
    house.ingest.catch_up()
    assert house.all() == before


def test_a_merged_capacity_counts_for_its_target(house: House) -> None:
    house.write(*TREE, item("Q205", "Capacity"), person(offers=["Q205"]))
    house.ingest.catch_up()
    redirect_in(house.repository, "Q205", "Q203")
    house.ingest.catch_up()
    assert house.values("Q300", capx("offers")) == ["Q203"]
    assert house.values("Q300", capx("offersUnder")) == ["Q201", "Q202", "Q203"]
    assert house.values("Q205", NamedNode(OWL + "sameAs")) == ["Q203"]
    assert house.all() == house.rebuilt()


def test_a_merged_parent_moves_its_children(house: House) -> None:
    house.write(*TREE, person(offers=["Q203"]))
    house.ingest.catch_up()
    redirect_in(house.repository, "Q202", "Q204")
    house.ingest.catch_up()
    assert house.values("Q203", skos("broader")) == ["Q204"]
    assert house.values("Q300", capx("offersUnder")) == ["Q203", "Q204"]
    assert house.all() == house.rebuilt()


def test_a_new_formatter_renews_the_users_of_a_property(house: House) -> None:
    code, formatter = INSTANCE.property_id("code"), INSTANCE.property_id("formatterUri")
    house.write(item("Q300", "Organization", code=["ORG1"]))
    house.ingest.catch_up()
    page = house.repository.page(code)
    assert page is not None
    assert page.entity is not None
    statement = item("Q1", formatterUri=["http://example.org/$1"])["claims"][formatter][0]
    with_formatter = {
        **page.entity,
        "claims": {
            **page.entity["claims"],
            formatter: [{**statement, "id": f"{code}$" + "0" * 8 + "-0000-0000-0000-" + "0" * 12}],
        },
    }
    house.write(with_formatter)
    house.ingest.catch_up()
    normalized = NamedNode(f"{BASE}/prop/direct-normalized/{code}")
    assert house.values("Q300", normalized) == ["http://example.org/ORG1"]
    assert house.all() == house.rebuilt()


@pytest.mark.parametrize(
    "place", ["entity/statement/Q301-00000015-0000-0000-0000-000000000000", "value/abc", "entity/Q301"]
)
def test_an_iri_typed_as_a_url_gives_no_hold_on_foreign_nodes(house: House, place: str) -> None:
    house.write(item("Q301", "Organization", code=["ORG1"]))
    house.ingest.catch_up()
    before = house.all()
    house.write(item("Q300", "Organization", website=[f"{BASE}/{place}"]))
    house.ingest.catch_up()
    house.repository.delete(["Q300"], actor="Test")
    house.ingest.catch_up()
    assert house.all() == before


@pytest.mark.parametrize(
    "instant", ["2026-06-01T09:00:00.120000Z", "2026-06-01T09:00:00+00:00", "2026-02-30T00:00:00Z"]
)
def test_an_instant_that_the_engine_spells_otherwise_is_kept_in_step(house: House, instant: str) -> None:
    event = item("Q300", "Event", begin=[instant])
    house.write(event)
    house.ingest.catch_up()
    count = house.store.state.triples
    house.write({**event, "labels": {"en": {"language": "en", "value": "another"}}})
    house.ingest.catch_up()
    assert house.all() == house.rebuilt()
    assert house.store.state.triples == count == house.store.count()


def test_a_large_backlog_is_built_anew(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("capx_graph.ingest.ingest._FEW", 3)
    monkeypatch.setattr("capx_graph.ingest.ingest._WORTHWHILE", 0.0)
    house.write(*TREE, person(offers=["Q203"]))
    told: list[int] = []
    report = house.ingest.catch_up(progress=told.append)
    assert report.rebuilt == sum(told) > 5
    assert house.values("Q300", capx("offersUnder")) == ["Q201", "Q202", "Q203"]
    house.write(item("Q202", "Capacity", broader=["Q204"]))
    assert house.ingest.catch_up().rebuilt == 0
    assert house.values("Q300", capx("offersUnder")) == ["Q202", "Q203", "Q204"]


def test_changes_during_a_rebuild_are_in_it(house: House) -> None:
    house.write(*TREE, person(offers=["Q203"], username=["Zuzana"]))
    written = False

    def edit_meanwhile(_: int) -> None:
        nonlocal written
        if not written:
            written = True
            house.write(item("Q202", "Capacity", broader=["Q204"]), item("Q301", "Person", username=["Berta"]))

    house.ingest.rebuild(progress=edit_meanwhile)
    assert house.values("Q300", capx("offersUnder")) == ["Q202", "Q203", "Q204"]
    assert [hit.entity_id for hit in house.texts.search("berta")] == ["Q301"]
    assert house.all() == house.rebuilt()
    assert house.store.version == house.repository.head()


def test_a_lost_text_index_is_built_anew_alone(house: House, tmp_path: Path) -> None:
    house.write(person(username=["Zuzana"]))
    house.ingest.catch_up()
    texts = TextIndex(tmp_path / "other")
    ingest = Ingest(house.repository, house.store, texts, instance=INSTANCE)
    assert ingest.catch_up().rebuilt > 0
    assert [hit.entity_id for hit in texts.search("zuzana")] == ["Q300"]
    assert texts.cursor == house.repository.head()
    texts.close()


def test_a_graph_of_another_model_is_built_anew(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("capx_graph.ingest.ingest.MODEL", -1)
    ingest = Ingest(house.repository, house.store, house.texts, instance=INSTANCE)
    assert ingest.model != house.ingest.model
    assert ingest.catch_up().rebuilt > 0
    assert house.store.state.model == ingest.model


def test_a_graph_ahead_of_its_repository_is_built_anew(house: House) -> None:
    house.store.apply(Delta(house.repository.head() + 5))
    assert house.ingest.catch_up().rebuilt > 0
    assert house.store.version == house.repository.head()


def test_each_store_catches_up_from_its_own_cursor(house: House) -> None:
    house.write(person(username=["Zuzana"]))
    house.texts.apply(house.repository.head(), {})
    house.ingest.catch_up()
    assert house.texts.search("zuzana") == []
    assert house.values("Q300", capx("username")) == ["Zuzana"]


def test_the_hierarchy_is_known_again_after_a_restart(house: House) -> None:
    house.write(*TREE, *PLACES, item("Q205", "Capacity"), person(offers=["Q203"], basedIn=["Q252"]))
    house.ingest.catch_up()
    redirect_in(house.repository, "Q205", "Q203")
    house.ingest.catch_up()
    again = Ingest(house.repository, house.store, house.texts, instance=INSTANCE)
    assert again.hierarchy.ancestors(0, "Q203") == house.ingest.hierarchy.ancestors(0, "Q203")
    assert again.hierarchy.concerned(house.ingest.hierarchy) == (set(), set())
    house.write(item("Q202", "Capacity", broader=["Q204"]))
    again.catch_up()
    assert house.values("Q300", capx("offersUnder")) == ["Q202", "Q203", "Q204"]


def test_observers_see_each_difference(house: House) -> None:
    seen: list[object] = []

    class Watcher:
        def graph_changed(self, delta: Delta) -> None:
            seen.append(delta.cursor)

        def aside(self, graph: GraphReader) -> None:
            seen.append("aside")

        @contextmanager
        def replacing(self, successor: object) -> Iterator[None]:
            yield
            seen.append("replaced")

    ingest = Ingest(house.repository, house.store, house.texts, instance=INSTANCE, observers=[Watcher()])
    house.write(person(username=["Zuzana"]))
    ingest.catch_up()
    ingest.rebuild()
    assert seen == [house.repository.head(), "aside", "replaced"]


def test_unknown_values_and_ranks_arrive_as_wikibase_has_them(house: House) -> None:
    house.write(person(basedIn=["somevalue"], offers=[Statement("Q1", rank="deprecated")], username=["novalue"]))
    house.ingest.catch_up()
    (unknown,) = house.values("Q300", NamedNode(f"{BASE}/prop/direct/{INSTANCE.property_id('basedIn')}"))
    assert unknown.startswith(f"{BASE}/.well-known/genid/")
    assert house.values("Q300", capx("offers")) == []
    assert house.values("Q300", NamedNode(SCHEMA + "name")) == ["item Q300"]
    assert house.all() == house.rebuilt()
