"""Completion by prefix and by name in the reader's language, and the names of terms."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from capx_graph.errors import NotFound
from capx_graph.namespaces import CAPX
from capx_graph.ontology import load_ontology
from capx_graph.queryhelp import Completion, Completions, Meanings, Want
from capx_graph.queryhelp.vocabulary import COMMON, WikibaseProperties, compact, ontology_terms
from tests.houses.demo_graph import INSTANCE, DemoGraph


@pytest.fixture(scope="module")
def properties(demo: DemoGraph) -> WikibaseProperties:
    return WikibaseProperties(demo.store, demo.namespaces)


@pytest.fixture(scope="module")
def completions(demo: DemoGraph, properties: WikibaseProperties) -> Completions:
    return Completions(load_ontology(), properties, demo.texts, demo.naming)


@pytest.fixture(scope="module")
def meanings(demo: DemoGraph, properties: WikibaseProperties) -> Meanings:
    return Meanings(INSTANCE, properties, demo.naming)


def written(found: Sequence[Completion]) -> list[str]:
    return [completion.written for completion in found]


def test_a_property_of_the_ontology_is_found_by_its_name(completions: Completions) -> None:
    found = completions.complete("offers", want=Want.PROPERTY)
    assert found[0].written == "capx:offers"
    assert f"wdt:{INSTANCE.property_id('offers')}" in written(found)
    assert found[0].detail


def test_a_property_of_the_wikibase_is_found_by_its_name(completions: Completions) -> None:
    assert f"wdt:{INSTANCE.property_id('instanceOf')}" in written(completions.complete("instance of"))


@pytest.mark.parametrize(("language", "typed"), [("pt-br", "oferece"), ("de", "bietet an"), ("ja", "提供")])
def test_names_are_those_of_the_readers_language(language: str, typed: str, completions: Completions) -> None:
    reader = (language, language.partition("-")[0], "en")
    found = completions.complete(typed, want=Want.PROPERTY, reader=reader)
    assert "capx:offers" in written(found)
    assert next(one for one in found if one.written == "capx:offers").language in reader[:2]


def test_english_names_are_found_in_every_language(completions: Completions) -> None:
    assert "capx:offers" in written(completions.complete("offers", reader=("ar", "en")))


def test_a_prefix_narrows_to_its_namespace(completions: Completions) -> None:
    assert {one.partition(":")[0] for one in written(completions.complete("capx:off"))} == {"capx"}
    assert "capx:offers" in written(completions.complete("capx:off"))
    assert f"ps:{INSTANCE.property_id('offers')}" in written(completions.complete("ps:offers"))
    assert "skos:broader" in written(completions.complete("skos:"))


def test_classes_are_offered_where_a_class_belongs(completions: Completions) -> None:
    found = completions.complete("person", want=Want.CLASS)
    assert found[0].written == "capx:Person"
    assert {one.kind.value for one in found} == {"class"}


def test_items_are_found_by_their_names(completions: Completions, demo: DemoGraph) -> None:
    found = completions.complete("Portuguese", want=Want.VALUE)
    item = next(one for one in found if one.label == "Portuguese")
    assert item.written.startswith("wd:Q")
    assert item.detail == "language"
    assert written(completions.complete("wd:Portuguese"))[0] == item.written


def test_an_individual_is_a_value(completions: Completions) -> None:
    assert "capx:Chapter" in written(completions.complete("chapter", want=Want.VALUE))


def test_what_begins_with_the_text_comes_before_what_holds_it(completions: Completions) -> None:
    found = completions.complete("want", want=Want.PROPERTY)
    starts = [one.matched.lower().startswith("want") for one in found]
    assert starts == sorted(starts, reverse=True)


@pytest.mark.parametrize("typed", ["", ":", "nosuch:thing", "\u0000", "x" * 10_000, "((", "%_", '"'])
def test_odd_input_is_no_error(typed: str, completions: Completions) -> None:
    assert len(completions.complete(typed, limit=7)) <= 7


def test_terms_are_named_in_one_go(meanings: Meanings, completions: Completions) -> None:
    portuguese = next(one.written for one in completions.complete("Portuguese") if one.label == "Portuguese")
    offers = f"wdt:{INSTANCE.property_id('offers')}"
    found = meanings.names([portuguese, offers, "capx:Level3", "wd:Q999999", "foo:bar", "<x>"], reader=("de", "en"))
    assert set(found) == {portuguese, offers, "capx:Level3"}
    assert found[portuguese].label == "Portugiesisch"
    assert found[portuguese].code == "pt"


def test_the_meaning_of_a_term_has_its_definition(meanings: Meanings) -> None:
    found = meanings.meaning("capx:offers", reader=("pt", "en"))
    assert found.ref.language == "pt"
    assert found.definition_language == "pt"
    with pytest.raises(NotFound):
        meanings.meaning("capx:nothing", reader=("en",))


def test_every_common_term_has_a_known_prefix() -> None:
    known = {term.written for term in ontology_terms(load_ontology())}
    assert {name for name, _, _ in COMMON} <= known
    assert compact(CAPX + "offers") == "capx:offers"
    assert compact("http://nowhere.example/x") is None
