"""What the terms of a query or of its results are called, for hovering and for tables and charts.

Doors call ``Meanings``: many names at once (``names``), or one term with its definition (``meaning``). A term is given
with its prefix, ``wd:Q5`` or ``wdt:P7`` or ``capx:offers``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from capx_graph.directory import Naming
from capx_graph.errors import NotFound
from capx_graph.messages import told
from capx_graph.model import Ref
from capx_graph.ontology import Instance
from capx_graph.queryhelp.vocabulary import VocabularyTerm, WikibaseProperties, compact, ontology_terms

MOST_NAMES = 5_000

_ENTITY = re.compile(r"[a-z]+:(?P<id>[PQ][1-9][0-9]*)")


@dataclass(frozen=True, slots=True)
class Meaning:
    """A term with its name and definition, each with the language it is in."""

    written: str
    ref: Ref
    definition: str = ""
    definition_language: str | None = None


class Meanings:
    """Names of terms over one graph; one for all threads."""

    def __init__(self, instance: Instance, properties: WikibaseProperties, naming: Naming) -> None:
        self._instance = instance
        self._terms = {term.written: term for term in ontology_terms(instance.ontology)}
        self._properties = properties
        self._naming = naming

    def names(self, written: Iterable[str], *, reader: Sequence[str]) -> dict[str, Ref]:
        """The names of those of the terms that have one; at most MOST_NAMES are looked at."""
        asked = list(dict.fromkeys(written))[:MOST_NAMES]
        found = {term: named for term in asked if (named := self._vocabulary_ref(term, reader))}
        items = {term: match["id"] for term in asked if (match := _ENTITY.fullmatch(term)) and match["id"][0] == "Q"}
        refs = self._naming.refs(items.values(), reader)
        # A thing that the graph does not know is named by its id, which says nothing.
        found |= {term: refs[item] for term, item in items.items() if refs[item].kind or refs[item].label != item}
        return found

    def meaning(self, written: str, *, reader: Sequence[str]) -> Meaning:
        """A term with its definition; raises NotFound."""
        term = self._vocabulary_term(written)
        if term is not None:
            text, language = term.definition(reader) or ("", None)
            return Meaning(written, _ref(term, reader), text, language)
        ref = self.names([written], reader=reader).get(written)
        if ref is None:
            raise NotFound(told("refused-absent", written[:60]))
        text, language = self._naming.descriptions([ref.id], reader).get(ref.id) or ("", None)
        return Meaning(written, ref, text, language)

    def _vocabulary_ref(self, written: str, reader: Sequence[str]) -> Ref | None:
        term = self._vocabulary_term(written)
        return _ref(term, reader) if term else None

    def _vocabulary_term(self, written: str) -> VocabularyTerm | None:
        match = _ENTITY.fullmatch(written)
        if match is None:
            return self._terms.get(written)
        if match["id"][0] == "P":
            return self._properties.current().get(match["id"])
        # The items that stand for classes and fixed values have no class themselves; the ontology names them.
        term = self._instance.term_of_item(match["id"])
        return self._terms.get(compact(term.iri) or "") if term else None


def _ref(term: VocabularyTerm, reader: Sequence[str]) -> Ref:
    label, language = term.label(reader)
    return Ref(term.written.partition(":")[2], label, language)
