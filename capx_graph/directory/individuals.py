"""Names the fixed values of the ontology, such as a level or the type of an organization.

Use cases import it. In the ontology layer such a value is a term (``capx:Chapter``), named by the ontology itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from capx_graph.model import Ref
from capx_graph.ontology import Instance
from capx_graph.ontology.vocabulary import IndividualTerm
from capx_graph.terms import NamedNode, Term


class Individuals:
    """The individuals of the ontology; their item ids are those of one Wikibase, which may lack some."""

    def __init__(self, instance: Instance) -> None:
        self._instance = instance
        self._terms = {term.iri: term for term in instance.ontology.individuals.values()}

    def refs(self, terms: Iterable[Term], reader: Sequence[str]) -> tuple[Ref, ...]:
        """Those of the terms that are individuals, by name, in the order of their scale."""
        found = [self._terms[term.value] for term in terms if isinstance(term, NamedNode) and term.value in self._terms]
        return tuple(self._ref(term, reader) for term in sorted(found, key=lambda term: (term.rank or 0, term.name)))

    def _ref(self, term: IndividualTerm, reader: Sequence[str]) -> Ref:
        labels = term.words.labels
        language = next((code for code in (*reader, "en") if code in labels), None)
        item_id = self._instance.item_id(term.name) if self._instance.maps(term.name) else term.name
        return Ref(item_id, labels[language] if language else term.name, language, code=term.code)
