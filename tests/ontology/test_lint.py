"""A lint of the model itself: what every term owes to readers, translators and Wikibase."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from capx_graph.messages import load_messages
from capx_graph.namespaces import SKOS, VOCABULARY_PREFIXES, WIKIBASE, WIKIDATA
from capx_graph.ontology import (
    ClassTerm,
    Closure,
    IndividualTerm,
    PropertyTerm,
    PropertyUse,
    load_instance,
    load_ontology,
)
from capx_graph.resources import messages_dir

ONTOLOGY = load_ontology()
AnyTerm = ClassTerm | IndividualTerm | PropertyTerm
TERMS: list[AnyTerm] = [
    *ONTOLOGY.classes.values(),
    *ONTOLOGY.individuals.values(),
    *ONTOLOGY.properties.values(),
    *ONTOLOGY.annotations.values(),
]
LANGUAGES = set(load_messages(messages_dir()).languages)
WIKIBASE_LENGTH = 250
"""Characters that Wikibase takes for a label or description."""


@pytest.mark.parametrize("term", TERMS, ids=lambda term: term.name)
def test_every_term_is_named_and_defined_in_every_language_of_the_interface(term: AnyTerm) -> None:
    for words in (term.words.labels, term.words.definitions):
        missing = LANGUAGES - set(words)
        assert not missing, f"ontology/translations: {term.name} lacks words in {sorted(missing)}"


@pytest.mark.parametrize("term", TERMS, ids=lambda term: term.name)
def test_words_of_a_term_fit_into_a_wikibase(term: AnyTerm) -> None:
    for text in (*term.words.labels.values(), *term.words.definitions.values()):
        assert text == text.strip() != ""
        assert len(text) <= WIKIBASE_LENGTH
    for language, definition in term.words.definitions.items():
        assert definition != term.words.labels[language]


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_no_two_properties_and_no_two_items_share_a_name(language: str) -> None:
    """Wikibase refuses two properties with one label, and readers could not tell two items apart."""
    items: list[AnyTerm] = [*(c for c in ONTOLOGY.classes.values() if c.code), *ONTOLOGY.individuals.values()]
    properties: list[AnyTerm] = [*ONTOLOGY.properties.values()]
    for group in (properties, items):
        names = Counter(term.words.labels[language].casefold() for term in group)
        assert not [name for name, count in names.items() if count > 1]


@pytest.mark.parametrize("term", TERMS, ids=lambda term: term.name)
def test_alignments_lead_to_vocabularies_we_know(term: AnyTerm) -> None:
    known = (*VOCABULARY_PREFIXES.values(), WIKIBASE)
    for iris in term.words.alignments.values():
        for iri in iris:
            assert iri.startswith(known), f"{iri} belongs to no known vocabulary"
            if iri.startswith(WIKIDATA):
                letter = "P" if isinstance(term, PropertyTerm) else "Q"
                assert re.fullmatch(rf"{letter}[1-9]\d*", iri.removeprefix(WIKIDATA))


def test_no_wikidata_entity_equals_two_terms() -> None:
    exact = [iri for t in TERMS for iri in t.words.alignments.get(SKOS + "exactMatch", ())]
    assert len(exact) == len(set(exact)) > 10


@pytest.mark.parametrize("closure", ONTOLOGY.closures.values(), ids=lambda closure: closure.name)
def test_what_a_closure_starts_from_is_stored_and_its_hierarchy_is_materialised(closure: Closure) -> None:
    assert ONTOLOGY.closures[closure.along].is_hierarchy
    for source in closure.sources:
        assert PropertyUse.STATEMENT in ONTOLOGY.property(source).uses


def test_codes_of_individuals_are_unique_in_their_class_and_ranks_order_them() -> None:
    codes = Counter((i.class_name, i.code) for i in ONTOLOGY.individuals.values())
    assert set(codes.values()) == {1}
    levels = [i for i in ONTOLOGY.individuals.values() if i.class_name == "LanguageLevel"]
    ordered = sorted(levels, key=lambda level: level.rank or 0)
    assert [level.level_code for level in ordered] == ["0", "1", "2", "3", "4", "5", "n"]


def test_every_stored_property_and_nothing_else_is_mapped_in_the_embedded_wikibase() -> None:
    embedded = load_instance("embedded", ONTOLOGY)
    assert set(embedded.property_ids) == {p.name for p in ONTOLOGY.properties.values() if p.is_stored}
