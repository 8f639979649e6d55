"""Whether what a candidate has for a property agrees with what came with the query; imported by this package alone.

A value may be an entity that is known already, or a text: then every name of the candidate's value counts, in any
language. One object serves one query and remembers the names that it has read.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from capx_graph.index.families import local_name
from capx_graph.namespaces import CAPX, XSD
from capx_graph.reconcile.facts import Facts
from capx_graph.reconcile.model import Condition, Given
from capx_graph.reconcile.scoring import literal_agreement, text_agreement
from capx_graph.reconcile.vocabulary import KINDS, Property, Vocabulary
from capx_graph.terms import Literal, NamedNode, Term, iri, literal
from capx_graph.textindex import TextIndex

Asked = Sequence[tuple[Property, Condition]]
_PLAIN = (XSD + "string", "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString")
_NAMED_VALUES = 20
"""Entities of one name that are looked for as the value of a property."""


class Agreement:
    """Compares values for one query."""

    def __init__(self, facts: Facts, texts: TextIndex, vocabulary: Vocabulary) -> None:
        self._facts = facts
        self._texts = texts
        self._vocabulary = vocabulary
        self._names = lru_cache(maxsize=512)(facts.names)

    def holders(self, conditions: Asked, *, most: int, identifiers: bool) -> list[str]:
        """Things that have the values; with ``identifiers`` only identifying properties are asked for."""
        asked = [
            (known.predicate, value)
            for known, condition in conditions
            if known.is_identifier or not identifiers
            for given in condition.values
            for value in self._terms(known, given)
        ]
        return self._facts.holders(list(dict.fromkeys(asked)), most=most)

    def of(self, item_ids: Sequence[str], conditions: Asked) -> dict[str, tuple[tuple[float | None, ...], bool]]:
        """For each thing how well each property agrees (None: it has no value), and whether an identifier does."""
        if not conditions:
            return dict.fromkeys(item_ids, ((), False))
        values = self._facts.values(item_ids, [known for known, _ in conditions])
        found = {}
        for item in item_ids:
            agreements = tuple(self._best(known, condition, values[item, known.id]) for known, condition in conditions)
            identified = any(
                known.is_identifier and agreement == 1
                for (known, _), agreement in zip(conditions, agreements, strict=True)
            )
            found[item] = (agreements, identified)
        return found

    def _best(self, known: Property, condition: Condition, values: Sequence[Term]) -> float | None:
        if not values:
            return None
        return max(
            (self._agreement(known, given, value) for given in condition.values for value in values), default=0.0
        )

    def _agreement(self, known: Property, given: Given, value: Term) -> float:
        item = self._facts.items.id(value)
        if given.is_entity:
            return 1.0 if given.text in (item, local_name(value)) else 0.0
        if item:
            return 1.0 if given.text == item else text_agreement(given.text, self._names(item))
        if isinstance(value, NamedNode):
            named = self._vocabulary.individual_names(value.value)
            return text_agreement(given.text, named) if named else literal_agreement(given.text, value.value)
        if known.is_identifier:
            return _identity(given.text, value.value)
        if not isinstance(value, Literal) or value.datatype.value not in _PLAIN:
            return literal_agreement(given.text, value.value)
        return text_agreement(given.text, [value.value])

    def _terms(self, known: Property, given: Given) -> list[Term]:
        """The terms that a given value may stand for in the graph."""
        term = known.term
        if term is not None and (term.datatype == "wikibase-item" or term.range[0].startswith(CAPX)):
            return self._entities(term.range, given)
        if known.is_text:
            codes = [known.language] if known.language else []
            return [literal(given.text, code) for code in codes]
        if term is not None and term.datatype == "url":
            return [iri(given.text)] if given.text.startswith(("http://", "https://")) and " " not in given.text else []
        spellings = dict.fromkeys((given.text, given.text.lower(), given.text.upper()))
        return [literal(spelling) for spelling in spellings]

    def _entities(self, classes: Sequence[str], given: Given) -> list[Term]:
        if given.is_entity:
            known = given.text.isalnum() and given.text.isascii()
            return [self._facts.items.iri(given.text), *self._vocabulary.individuals(given.text)] if known else []
        terms = [term for class_iri in classes if (term := self._vocabulary.class_(class_iri))]
        kinds = {KINDS[term.code] for term in terms if term.code and term.code in KINDS}
        hits = self._texts.search(given.text, kinds=tuple(kinds), limit=_NAMED_VALUES) if kinds else []
        items = [hit.entity_id for hit in hits if hit.exact] + self._facts.coded(given.text)
        return [*self._facts.items.iris(items), *self._vocabulary.individuals(given.text)]


def _identity(given: str, value: str) -> float:
    """Codes of different kinds of things differ by case alone: BR is Brazil, br is Breton."""
    if given.strip() == value:
        return 1.0
    return 0.9 if given.strip().casefold() == value.casefold() else 0.0
