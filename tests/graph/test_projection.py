"""The ontology layer of an entity: direct triples, statement nodes, closures, identities, kinds and texts."""

from __future__ import annotations

import pytest

from capx_graph.model import EntityJson, EntityKind
from capx_graph.namespaces import OWL
from capx_graph.projection import Hierarchy, NodeFacts
from capx_graph.terms import RDF_TYPE, NamedNode, Triple, date_time, literal
from capx_graph.textindex import TextField
from tests.houses.graph import (
    PROJECTOR,
    TEXTS,
    Statement,
    capx,
    item,
    objects,
    page,
    redirect,
    skos,
    wd,
)

SAME_AS = NamedNode(OWL + "sameAs")
BROADER, PART_OF = (
    next(i for i, h in enumerate(PROJECTOR.plan.hierarchies) if h.source_name == name) for name in ("broader", "partOf")
)


def hierarchy(*pages_: EntityJson) -> Hierarchy:
    pages = [page(entity) for entity in pages_]
    return Hierarchy().with_facts({p.entity_id: PROJECTOR.facts(p) for p in pages})


TREE = hierarchy(
    item("Q201", "Capacity", colour=["#123456"]),
    item("Q202", "Capacity", broader=["Q201"]),
    item("Q203", "Capacity", broader=["Q202"]),
    item("Q251", "Region"),
    item("Q252", "Territory", partOf=["Q251"]),
)


def project(entity: EntityJson, tree: Hierarchy = TREE) -> list[Triple]:
    return PROJECTOR.project(page(entity), tree)


def test_a_person_offers_a_capacity_and_everything_above_it() -> None:
    out = project(item("Q300", "Person", offers=["Q203"], wants=["Q201"]))
    assert objects(out, wd("Q300"), capx("offers")) == ["Q203"]
    assert objects(out, wd("Q300"), capx("offersUnder")) == ["Q201", "Q202", "Q203"]
    assert objects(out, wd("Q300"), capx("wantsUnder")) == ["Q201"]
    assert objects(out, wd("Q300"), capx("involvesUnder")) == ["Q201", "Q202", "Q203"]
    assert objects(out, wd("Q300"), capx("knowsUnder")) == []
    assert objects(out, wd("Q300"), RDF_TYPE) == [capx("Person").value]


def test_a_statement_node_carries_value_qualifiers_and_evidence() -> None:
    offer = Statement(
        "Q203",
        qualifiers={"level": ["Advanced"], "format": ["Mentoring", "Workshop"]},
        references=[{"evidence": ["https://example.org/talk"], "evidencePage": ["w:Talk"]}],
    )
    out = project(item("Q300", "Person", offers=[offer]))
    (node,) = {t.object for t in out if t.predicate == capx("offer")}
    assert isinstance(node, NamedNode)
    assert objects(out, node, capx("capacity")) == ["Q203"]
    assert objects(out, node, capx("level")) == [capx("Advanced").value]
    assert objects(out, node, capx("format")) == [capx("Mentoring").value, capx("Workshop").value]
    assert objects(out, node, capx("evidence")) == ["https://example.org/talk"]
    assert objects(out, node, capx("evidencePage")) == ["w:Talk"]


def test_level_zero_means_that_the_person_does_not_speak() -> None:
    levels = [Statement("Q210", qualifiers={"level": ["Level0"]}), Statement("Q211", qualifiers={"level": ["LevelN"]})]
    out = project(item("Q300", "Person", speaks=levels))
    assert objects(out, wd("Q300"), capx("speaks")) == ["Q211"]
    nodes = [t.object for t in out if t.predicate == capx("languageSkill")]
    assert sorted(objects(out, n, capx("levelCode"))[0] for n in nodes if isinstance(n, NamedNode)) == ["0", "n"]


def test_an_absent_value_gives_nothing() -> None:
    out = project(item("Q300", "Person", offers=["novalue"], basedIn=["novalue"]))
    assert {t.predicate for t in out} == {RDF_TYPE}


def test_an_unknown_value_gives_no_more_than_its_statement() -> None:
    unnamed = Statement("somevalue", qualifiers={"created": ["2026-05-20T00:00:00Z"]})
    out = project(item("Q300", "Organization", manager=[unnamed], basedIn=["somevalue"]))
    assert {t.predicate for t in out} == {RDF_TYPE, capx("management"), capx("created")}


def test_only_the_best_rank_counts() -> None:
    ranked = [Statement("Q201"), Statement("Q202", rank="preferred"), Statement("Q203", rank="deprecated")]
    out = project(item("Q300", "Person", offers=ranked))
    assert objects(out, wd("Q300"), capx("offers")) == ["Q202"]
    assert len([t for t in out if t.predicate == capx("offer")]) == 1
    assert project(item("Q300", offers=[Statement("Q201", rank="deprecated")])) == []


def test_a_place_is_within_itself_and_what_contains_it() -> None:
    out = project(item("Q252", "Territory", partOf=["Q251"]))
    assert objects(out, wd("Q252"), capx("within")) == ["Q251", "Q252"]
    out = project(item("Q300", "Person", basedIn=["Q252"]))
    assert objects(out, wd("Q300"), capx("basedWithin")) == ["Q251", "Q252"]


def test_a_region_is_a_territory_too() -> None:
    out = project(item("Q251", "Region"))
    assert objects(out, wd("Q251"), RDF_TYPE) == [capx("Region").value, capx("Territory").value]
    assert objects(out, wd("Q251"), capx("within")) == ["Q251"]


def test_a_capacity_knows_its_place_in_the_tree() -> None:
    out = project(item("Q203", "Capacity", broader=["Q202"]))
    assert objects(out, wd("Q203"), skos("broader")) == ["Q202"]
    assert objects(out, wd("Q203"), skos("broaderTransitive")) == ["Q201", "Q202"]
    assert objects(out, wd("Q203"), capx("root")) == ["Q201"]
    assert objects(out, wd("Q203"), capx("rootColour")) == ["#123456"]
    assert objects(out, wd("Q203"), capx("depth")) == ["3"]


def test_a_root_is_its_own_root() -> None:
    out = project(item("Q201", "Capacity", colour=["#123456"]))
    assert objects(out, wd("Q201"), capx("root")) == ["Q201"]
    assert objects(out, wd("Q201"), capx("rootColour")) == ["#123456"]
    assert objects(out, wd("Q201"), capx("depth")) == ["1"]
    assert objects(out, wd("Q201"), skos("broaderTransitive")) == []


def test_a_cycle_of_parents_ends() -> None:
    one, two = item("Q201", "Capacity", broader=["Q202"]), item("Q202", "Capacity", broader=["Q201"])
    out = project(one, hierarchy(one, two))
    assert objects(out, wd("Q201"), skos("broaderTransitive")) == ["Q202"]
    assert objects(out, wd("Q201"), capx("root")) == []
    assert objects(out, wd("Q201"), capx("depth")) == []


def test_instants_are_typed_and_other_texts_left_as_they_are() -> None:
    out = project(item("Q300", "Event", begin=["2026-06-01T09:00:00Z"], end=["next week"]))
    assert Triple(wd("Q300"), capx("begin"), date_time("2026-06-01T09:00:00Z")) in out
    assert Triple(wd("Q300"), capx("end"), literal("next week")) in out


def test_texts_keep_their_language_and_urls_become_iris() -> None:
    out = project(item("Q300", "Organization", about=[("pt", "Olá")], website=["https://example.org/a b"]))
    assert Triple(wd("Q300"), capx("about"), literal("Olá", "pt")) in out
    assert objects(out, wd("Q300"), capx("website")) == ["https://example.org/a%20b"]


def test_capacities_match_and_others_are_the_same_as_their_wikidata_item() -> None:
    wikidata = "http://www.wikidata.org/entity/Q42"
    out = project(item("Q201", "Capacity", wikidataId=["Q42"]))
    assert objects(out, wd("Q201"), skos("exactMatch")) == [wikidata]
    assert objects(out, wd("Q201"), SAME_AS) == []
    assert objects(out, wd("Q201"), capx("wikidataId")) == ["Q42"]
    out = project(item("Q300", "Person", wikidataId=["Q42"]))
    assert objects(out, wd("Q300"), SAME_AS) == [wikidata]


@pytest.mark.parametrize("text", ["Q42> <http://evil/", "\\", '"', "{}", " "])
def test_a_hostile_identifier_stays_inside_its_iri(text: str) -> None:
    out = project(item("Q300", "Person", wikidataId=[text]))
    assert all(t.object.value.startswith("http://www.wikidata.org/entity/") for t in out if t.predicate == SAME_AS)  # type: ignore[union-attr]


def test_the_item_of_a_term_says_which_term_it_is() -> None:
    level = "Q25"
    assert objects(project(item(level, "LanguageLevel")), wd(level), SAME_AS) == [capx("Level5").value]


def test_values_that_were_redirected_count_for_their_target() -> None:
    tree = TREE.with_facts({"Q209": NodeFacts(redirect_to="Q203")})
    out = project(item("Q300", "Person", offers=["Q209"]), tree)
    assert objects(out, wd("Q300"), capx("offers")) == ["Q203"]
    assert objects(out, wd("Q300"), capx("offersUnder")) == ["Q201", "Q202", "Q203"]


def test_a_redirect_has_no_layer_of_its_own() -> None:
    assert PROJECTOR.project(redirect("Q209", "Q203"), TREE) == []
    assert PROJECTOR.facts(redirect("Q209", "Q203")) == NodeFacts(redirect_to="Q203")


def test_redirects_in_a_ring_end() -> None:
    ring = Hierarchy({"Q1": NodeFacts(redirect_to="Q2"), "Q2": NodeFacts(redirect_to="Q1")})
    assert ring.resolve("Q1") in {"Q1", "Q2"}


@pytest.mark.parametrize(
    "entity",
    [
        item("Q300", "Person", offers=["Q203"], knows=["Q203", "Q202"], basedIn=["Q252"]),
        item("Q203", "Capacity", broader=["Q202"]),
        item("Q252", "Territory", partOf=["Q251"]),
        item("Q202", broader=["Q201"]),
    ],
)
def test_triples_of_a_store_give_the_same_closures_as_the_page(entity: EntityJson) -> None:
    projected = project(entity)
    derived: list[Triple] = []
    PROJECTOR.closures.derive(entity["id"], PROJECTOR.closures.read(projected), TREE, derived)
    assert derived
    kept = [t for t in projected if t.predicate in PROJECTOR.closures.facts]
    again: list[Triple] = []
    PROJECTOR.closures.derive(entity["id"], PROJECTOR.closures.read(kept), TREE, again)
    assert set(again) == set(derived) <= set(projected)


def test_a_move_concerns_what_lies_below() -> None:
    moved = TREE.with_facts({"Q202": None})
    placed, renamed = TREE.concerned(moved)
    assert (placed, renamed) == ({"Q202", "Q203"}, set())
    person = item("Q300", "Person", offers=["Q203"])
    gone, come = PROJECTOR.closures.difference("Q300", PROJECTOR.closures.read(project(person)), TREE, moved)
    assert {t.object for t in gone} == {wd("Q201")}
    assert come == set()


def test_a_new_colour_of_a_root_concerns_its_branch() -> None:
    painted = TREE.with_facts({"Q201": NodeFacts(((), ()), "#FFFFFF")})
    assert TREE.concerned(painted)[0] == {"Q201", "Q202", "Q203"}


def test_a_redirected_parent_concerns_its_children_and_all_who_name_it() -> None:
    after = TREE.with_facts({"Q201": NodeFacts(redirect_to="Q207")})
    placed, renamed = TREE.concerned(after)
    assert renamed == {"Q201"}
    assert placed >= {"Q202", "Q203"}


def test_facts_that_stay_the_same_keep_the_hierarchy() -> None:
    assert TREE.with_facts({"Q201": NodeFacts(((), ()), "#123456"), "Q999": None}) is TREE


def test_the_texts_of_a_person_are_labels_names_and_what_they_say() -> None:
    person = item(
        "Q300",
        "Person",
        labels={"en": "Ana", "ja": "アナ"},
        aliases={"en": ["Annie"]},
        username=["Ana W"],
        displayName=["Ana"],
        about=[("pt", "Olá")],
    )
    entries = TEXTS.entries(page(person))
    assert {(e.field, e.language, e.text) for e in entries} == {
        (TextField.LABEL, "en", "Ana"),
        (TextField.LABEL, "ja", "アナ"),
        (TextField.ALIAS, "en", "Annie"),
        (TextField.USERNAME, None, "Ana W"),
        (TextField.NAME, None, "Ana"),
        (TextField.ABOUT, "pt", "Olá"),
    }
    assert {e.kind for e in entries} == {EntityKind.PERSON}


def test_kinds_follow_the_classes() -> None:
    assert TEXTS.kind(page(item("Q251", "Region"))) == EntityKind.TERRITORY
    assert TEXTS.kind(page(item("Q9", "WikimediaProject"))) == EntityKind.WIKIMEDIA_PROJECT
    assert TEXTS.kind(page(item("Q25", "LanguageLevel"))) is None
    assert TEXTS.entries(redirect("Q1", "Q2")) == []
