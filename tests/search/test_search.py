"""Values, words and reasons of a search, on a graph small enough to read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from capx_graph.directory import DirectoryCache, Naming
from capx_graph.errors import InvalidParameter
from capx_graph.index import Index
from capx_graph.model import EntityKind, Reason, ReasonKind, Role, SearchRequest
from capx_graph.namespaces import SKOS
from capx_graph.ontology import load_instance
from capx_graph.search import Search
from capx_graph.store.embedded import EmbeddedStore
from capx_graph.terms import RDF_TYPE, Literal, NamedNode, Term, Triple, date_time, iri, literal
from capx_graph.textindex import TextEntry, TextField, TextIndex
from tests.bench_data.graph import LABEL, SPACES, capx

K = EntityKind
BROADER = iri(SKOS + "broader")
BROADER_TRANSITIVE = iri(SKOS + "broaderTransitive")

MEDIA, EDITING, LEARNING, EVALUATING = "Q200", "Q201", "Q202", "Q203"
BRAZIL, REGION, PORTUGUESE, COMMONS, CHAPTER = "Q300", "Q301", "Q310", "Q320", "Q330"
ANA, BEA, EVENT = "Q400", "Q401", "Q410"
NAMES: dict[str, tuple[EntityKind, dict[str, str]]] = {
    MEDIA: (K.CAPACITY, {"en": "media", "pt": "mídia", "ja": "メディア"}),
    EDITING: (K.CAPACITY, {"en": "video editing", "pt": "edição de vídeo", "ja": "動画編集"}),
    LEARNING: (K.CAPACITY, {"en": "learning"}),
    EVALUATING: (K.CAPACITY, {"en": "learning and evaluation"}),
    BRAZIL: (K.TERRITORY, {"en": "Brazil", "pt": "Brasil"}),
    REGION: (K.TERRITORY, {"en": "Latin America"}),
    PORTUGUESE: (K.LANGUAGE, {"en": "Portuguese", "pt": "português"}),
    COMMONS: (K.WIKIMEDIA_PROJECT, {"en": "Commons"}),
    CHAPTER: (K.ORGANIZATION, {"en": "Wikimedia Brazil"}),
    ANA: (K.PERSON, {"en": "Ana"}),
    BEA: (K.PERSON, {"en": "Bea Media"}),
    EVENT: (K.EVENT, {"en": "Film week"}),
}
CODES = {BRAZIL: "BR", REGION: "R-LAC", PORTUGUESE: "pt-br", COMMONS: "commonswiki", CHAPTER: "ORG001", EVENT: "EV1"}


def triples() -> Iterator[tuple[str, NamedNode, Term]]:
    for item, (kind, labels) in NAMES.items():
        yield item, RDF_TYPE, capx("".join(word.capitalize() for word in kind.value.split("_")))
        for code, text in labels.items():
            yield item, LABEL, literal(text, code)
        if item in CODES:
            yield item, capx("code"), literal(CODES[item])
    yield MEDIA, capx("wikidataId"), literal("Q11024")
    yield MEDIA, capx("capxId"), literal("36")
    for child, parent in ((EDITING, MEDIA),):
        yield child, BROADER, node(parent)
        yield child, BROADER_TRANSITIVE, node(parent)
    yield BRAZIL, capx("partOf"), node(REGION)
    for role, held in (("offers", EDITING), ("knows", EDITING), ("wants", LEARNING)):
        yield ANA, capx(role), node(held)
        for reached in (EDITING, MEDIA) if held == EDITING else (held,):
            yield ANA, capx(f"{role}Under"), node(reached)
            yield ANA, capx("involvesUnder"), node(reached)
    yield ANA, capx("username"), literal("Ana (demo)")
    yield ANA, capx("lastActive"), date_time("2026-01-01T00:00:00Z")
    yield ANA, capx("source"), capx("DemonstrationData")
    yield ANA, capx("basedIn"), node(BRAZIL)
    yield ANA, capx("basedWithin"), node(BRAZIL)
    yield ANA, capx("basedWithin"), node(REGION)
    yield ANA, capx("affiliatedWith"), node(CHAPTER)
    yield ANA, capx("contributesTo"), node(COMMONS)
    yield ANA, capx("speaks"), node(PORTUGUESE)
    yield ANA, capx("languageSkill"), iri(SPACES.statement + "Q400-1")
    yield BEA, capx("username"), literal("Bea")
    yield EVENT, capx("organizer"), node(CHAPTER)
    yield EVENT, capx("concerns"), node(EDITING)
    yield EVENT, capx("concernsUnder"), node(EDITING)
    yield EVENT, capx("concernsUnder"), node(MEDIA)


def node(item: str) -> NamedNode:
    return iri(SPACES.entity + item)


def statement() -> Iterator[Triple]:
    skill = iri(SPACES.statement + "Q400-1")
    yield Triple(skill, capx("language"), node(PORTUGUESE))
    yield Triple(skill, capx("levelCode"), literal("n"))


@pytest.fixture(scope="module", params=["sparql", "bitmaps"])
def search(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Search]:
    store = EmbeddedStore()
    with store.rebuild("small") as build:
        build.add(Triple(node(item), predicate, value) for item, predicate, value in triples())
        build.add(statement())
        build.finish(1)
        build.publish()
    texts = TextIndex(tmp_path_factory.mktemp("search") / "text")
    with texts.rebuild("small") as text_build:
        text_build.add(
            TextEntry(item, kind, TextField.LABEL, code, text)
            for item, (kind, labels) in NAMES.items()
            for code, text in labels.items()
        )
        text_build.add([TextEntry(BEA, K.PERSON, TextField.ABOUT, "en", "I love Brazil")])
        text_build.finish(1)
        text_build.publish()
    directory = DirectoryCache(store, SPACES)
    naming = Naming(store, SPACES, directory)
    index = Index(store, SPACES, directory)
    ids = load_instance("embedded")
    made = Search(store, texts, SPACES, index=index, directory=directory, naming=naming, instance=ids)
    if request.param == "bitmaps":
        index.load()
    yield made
    texts.close()


def ids(search: Search, request: SearchRequest) -> list[str]:
    return [hit.ref.id for hit in search.run(request).hits]


def reasons(search: Search, request: SearchRequest, item: str) -> tuple[Reason, ...]:
    return next(hit.reasons for hit in search.run(request).hits if hit.ref.id == item)


@pytest.mark.parametrize("value", ["Q200", "q200", "wikidata:Q11024", "WIKIDATA:q11024", "36", " Q200 "])
def test_a_capacity_may_be_written_in_many_ways(search: Search, value: str) -> None:
    assert ids(search, SearchRequest(capacities=(value,))) == [ANA, EVENT]


@pytest.mark.parametrize("value", ["pt-br", "PT-BR", "Q310"])
def test_a_language_may_be_written_in_many_ways(search: Search, value: str) -> None:
    assert ids(search, SearchRequest(languages=(value,))) == [ANA]


@pytest.mark.parametrize(
    ("request_", "name"),
    [
        (SearchRequest(capacities=("Q300",)), "capacity"),
        (SearchRequest(capacities=("wikidata:Q1",)), "capacity"),
        (SearchRequest(capacities=("Q200> } #",)), "capacity"),
        (SearchRequest(languages=("xx",)), "language"),
        (SearchRequest(territories=("",)), "territory"),
        (SearchRequest(organizations=("Q200",)), "organization"),
        (SearchRequest(projects=("wiki",)), "project"),
        (SearchRequest(levels=("6",)), "level"),
        (SearchRequest(sort="random"), "sort"),
        (SearchRequest(limit=-1), "limit"),
        (SearchRequest(limit=501), "limit"),
        (SearchRequest(offset=-1), "offset"),
        (SearchRequest(text="x" * 201), "q"),
        (SearchRequest(facets=("colour",)), "facets"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_name(search: Search, request_: SearchRequest, name: str) -> None:
    with pytest.raises(InvalidParameter) as caught:
        search.run(request_)
    assert caught.value.name == name


def test_a_part_is_found_by_the_whole_unless_the_tree_is_switched_off(search: Search) -> None:
    assert ids(search, SearchRequest(capacities=(MEDIA,), descendants=False)) == []
    assert ids(search, SearchRequest(territories=("r-lac",))) == [ANA]
    assert ids(search, SearchRequest(territories=("r-lac",), descendants=False)) == []


def test_every_condition_gives_its_reason(search: Search) -> None:
    request = SearchRequest(
        capacities=(MEDIA,),
        languages=("pt-br",),
        levels=("n",),
        territories=("R-LAC",),
        organizations=("ORG001",),
        projects=("commonswiki",),
    )
    found = reasons(search, request, ANA)
    assert [(r.kind, r.value and r.value.id, r.asked and r.asked.id, r.role, r.level) for r in found] == [
        (ReasonKind.CAPACITY, EDITING, MEDIA, Role.OFFERS, None),
        (ReasonKind.LANGUAGE, PORTUGUESE, None, None, "n"),
        (ReasonKind.TERRITORY, BRAZIL, REGION, None, None),
        (ReasonKind.ORGANIZATION, CHAPTER, None, None, None),
        (ReasonKind.PROJECT, COMMONS, None, None, None),
    ]


def test_who_is_asked_for_knowledge_is_found_by_knowledge(search: Search) -> None:
    request = SearchRequest(capacities=(EDITING,), roles=(Role.KNOWS,))
    (reason,) = reasons(search, request, ANA)
    assert (reason.role, reason.asked) == (Role.KNOWS, None)
    assert reason.value is not None
    assert reason.value.id == EDITING


def test_a_role_alone_tells_what_is_held_in_it(search: Search) -> None:
    (reason,) = reasons(search, SearchRequest(roles=(Role.WANTS,)), ANA)
    assert reason.value is not None
    assert (reason.value.id, reason.role) == (LEARNING, Role.WANTS)


def test_an_event_is_found_by_what_it_concerns_and_who_organizes_it(search: Search) -> None:
    kinds = [
        reason.kind for reason in reasons(search, SearchRequest(capacities=(MEDIA,), organizations=("ORG001",)), EVENT)
    ]
    assert kinds == [ReasonKind.CAPACITY, ReasonKind.ORGANIZATION]
    assert ids(search, SearchRequest(capacities=(MEDIA,), roles=(Role.OFFERS,))) == [ANA]


@pytest.mark.parametrize("text", ["video editing", "Edição de Vídeo", "edicao de video", "動画編集", "動画"])
def test_a_text_finds_the_capacity_and_who_holds_it_in_any_language(search: Search, text: str) -> None:
    assert ids(search, SearchRequest(text=text)) == [EDITING, ANA, EVENT]
    reason = reasons(search, SearchRequest(text=text), ANA)[0]
    assert (reason.kind, reason.role, reason.asked) == (ReasonKind.CAPACITY, Role.OFFERS, None)
    assert reason.text in NAMES[EDITING][1].values()


def test_who_is_found_by_a_text_in_a_role_is_explained_by_that_alone_and_once(search: Search) -> None:
    asked = SearchRequest(text="video editing", roles=(Role.OFFERS,))
    for request in (asked, replace(asked, capacities=(EDITING,))):
        found = [
            (reason.kind, reason.value and reason.value.id, reason.role) for reason in reasons(search, request, ANA)
        ]
        assert found == [(ReasonKind.CAPACITY, EDITING, Role.OFFERS)]


def test_a_capacity_named_exactly_so_is_meant_alone(search: Search) -> None:
    assert ids(search, SearchRequest(text="learning", classes=(K.PERSON,))) == [ANA]
    assert ids(search, SearchRequest(text="learning and evaluation", classes=(K.PERSON,))) == []
    assert ids(search, SearchRequest(text="learning")) == [LEARNING, EVALUATING, ANA]


def test_an_exact_name_comes_before_a_part_of_one_and_that_before_a_capacity(search: Search) -> None:
    assert ids(search, SearchRequest(text="media")) == [MEDIA, BEA, ANA, EVENT]


def test_a_text_about_somebody_is_no_name(search: Search) -> None:
    assert BEA not in ids(search, SearchRequest(text="Brazil"))


@pytest.mark.parametrize("text", ["!!!", '"', "zzz", "' OR 1=1 --", "* NEAR", "\\u0022"])
def test_a_text_that_nothing_is_called_finds_nothing(search: Search, text: str) -> None:
    page = search.run(SearchRequest(text=text))
    assert (page.total, page.hits) == (0, ())


def test_names_are_in_the_best_language_of_the_reader_and_say_which(search: Search) -> None:
    page = search.run(SearchRequest(capacities=(MEDIA,), languages=("pt-br",), reader=("ja", "pt", "en")))
    labels = {value.ref.id: (value.ref.label, value.ref.language) for value in page.facets["capacity"]}
    assert labels[EDITING] == ("動画編集", "ja")
    assert labels[LEARNING] == ("learning", "en")
    assert page.facets["language"][0].ref.label == "português"


def test_a_hit_tells_name_label_activity_and_where_it_came_from(search: Search) -> None:
    (hit,) = search.run(SearchRequest(languages=("pt-br",))).hits
    assert (hit.name, hit.ref.label, hit.last_active) == ("Ana (demo)", "Ana", "2026-01-01T00:00:00Z")
    assert hit.source is not None
    assert hit.source.code == "demonstration"


def test_chosen_values_stay_in_their_facet_even_with_a_count_of_nought(search: Search) -> None:
    page = search.run(SearchRequest(capacities=(EVALUATING,), roles=(Role.KNOWS,), levels=("5",), classes=(K.PROJECT,)))
    assert page.total == 0
    for facet, value in (("capacity", EVALUATING), ("role", "knows"), ("level", "5"), ("class", "project")):
        chosen = [found for found in page.facets[facet] if found.selected]
        assert [(found.ref.id, found.count) for found in chosen] == [(value, 0)]


def test_a_value_of_a_tree_names_its_parent(search: Search) -> None:
    page = search.run(SearchRequest())
    parents = {value.ref.id: value.parent for facet in ("capacity", "territory") for value in page.facets[facet]}
    assert (parents[EDITING], parents[MEDIA], parents[BRAZIL]) == (MEDIA, None, REGION)


def test_only_the_wanted_facets_are_counted(search: Search) -> None:
    assert set(search.run(SearchRequest(facets=("level",))).facets) == {"level"}
    assert search.run(SearchRequest(facets=())).facets == {}


def test_suggestions_come_by_kind_in_the_readers_language(search: Search) -> None:
    found = search.suggest("edit", kinds=(K.CAPACITY,), reader=("ja", "en"))
    assert [(suggestion.ref.id, suggestion.ref.label) for suggestion in found] == [(EDITING, "動画編集")]
    assert found[0].matched in NAMES[EDITING][1].values()
    assert search.suggest("", reader=("en",)) == ()
    assert {s.ref.id for s in search.suggest("bra", kinds=(K.TERRITORY,), reader=("pt",))} == {BRAZIL}


def test_a_literal_where_an_item_is_expected_is_passed_over(tmp_path: Path) -> None:
    """Any Wikibase tool may write nonsense; a search must not fall over it."""
    store = EmbeddedStore()
    with store.rebuild("odd") as build:
        build.add(
            [
                Triple(node(ANA), RDF_TYPE, capx("Person")),
                Triple(node(ANA), capx("offers"), literal("video")),
                Triple(node(ANA), capx("speaks"), iri("http://elsewhere.example/Q1")),
                Triple(node(ANA), capx("lastActive"), Literal("yesterday")),
            ]
        )
        build.finish(1)
        build.publish()
    texts = TextIndex(tmp_path / "text")
    directory = DirectoryCache(store, SPACES)
    naming = Naming(store, SPACES, directory)
    index = Index(store, SPACES, directory)
    ids = load_instance("embedded")
    search = Search(store, texts, SPACES, index=index, directory=directory, naming=naming, instance=ids)
    for _ in range(2):
        page = search.run(SearchRequest(roles=(Role.OFFERS,)))
        assert [hit.name for hit in search.run(SearchRequest()).hits] == [ANA]
        assert page.facets["capacity"] == ()
        index.load()
    texts.close()
