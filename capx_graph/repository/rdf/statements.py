"""Statements, qualifiers and references as triples: truthy ones, statement nodes, shared value and reference nodes.

Imported by entity.py only. One ``Statements`` serves one entity: it asks for each property once, writes a reference
or a value node once however often it is used, and remembers which entities were mentioned.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import md5
from typing import Any, Protocol

from capx_graph.repository.rdf import vocabulary as names
from capx_graph.repository.rdf.values import Details, RdfValue, rdf_value
from capx_graph.repository.rdf.vocabulary import Predicates, Vocabulary
from capx_graph.repository.statements import best_rank
from capx_graph.terms import RDF_TYPE, BlankNode, NamedNode, Term, Triple

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class StatementParts:
    """What is written of statements."""

    truthy: bool
    statements: bool
    value_nodes: bool


class PropertyLookup(Protocol):
    """What the mapping must know of properties."""

    def datatype(self, property_id: str) -> str | None:
        """The datatype of a property, None when there is no such property."""

    def formatter_uri(self, property_id: str) -> str | None:
        """The template of the RDF IRI of an external id (``http://www.wikidata.org/entity/$1``), if it has one."""


class Statements:
    """Writes the statements of one entity into ``out``; ``mentioned`` holds the ids met, in order."""

    def __init__(
        self,
        out: list[Triple],
        vocabulary: Vocabulary,
        lookup: PropertyLookup,
        parts: StatementParts,
        *,
        skolem: bool,
    ) -> None:
        self.mentioned: dict[str, None] = {}
        self._out = out
        self._vocabulary = vocabulary
        self._lookup = lookup
        self._parts = parts
        self._skolem = skolem
        self._facts: dict[str, tuple[str | None, str | None]] = {}
        self._values: dict[str, Details] = {}
        self._references: set[str] = set()

    def write(self, subject: NamedNode, claims: Mapping[str, Iterable[Json]]) -> None:
        """Appends the triples of all statements about a subject, then the value nodes that they use."""
        for property_id, statements in claims.items():
            self._group(subject, property_id, statements)
        for name, details in self._values.items():
            node = self._vocabulary.value(name)
            self._out += [Triple(node, predicate, term) for predicate, term in details]

    def is_identifier(self, property_id: str) -> bool:
        """Whether a property holds ids of another site."""
        return self._fact(property_id)[0] == "external-id"

    def _fact(self, property_id: str) -> tuple[str | None, str | None]:
        """Datatype and formatter of a property."""
        known = self._facts.get(property_id)
        if known is None:
            datatype = self._lookup.datatype(property_id)
            formatter = self._lookup.formatter_uri(property_id) if datatype == "external-id" else None
            known = self._facts[property_id] = (datatype, formatter)
        return known

    def _group(self, subject: NamedNode, property_id: str, statements: Iterable[Json]) -> None:
        self.mentioned.setdefault(property_id)
        best = best_rank(statements)
        claim = self._vocabulary.property(property_id).claim
        for statement in statements:
            snak = statement["mainsnak"]
            value = self._value(snak) if snak["snaktype"] == "value" else None
            is_best = statement["rank"] == best
            if is_best and self._parts.truthy:
                self._direct(subject, statement, value)
            if self._parts.statements:
                node = self._vocabulary.statement(statement["id"])
                self._out.append(Triple(subject, claim, node))
                self._statement(node, statement, value, is_best=is_best)

    def _direct(self, subject: NamedNode, statement: Json, value: RdfValue | None) -> None:
        snak = statement["mainsnak"]
        terms = self._vocabulary.property(snak["property"])
        if value is not None:
            self._out.append(Triple(subject, terms.direct, value.term))
            if value.normalized is not None:
                self._out.append(Triple(subject, terms.direct_normalized, value.normalized))
        elif snak["snaktype"] == "somevalue":
            self._out.append(Triple(subject, terms.direct, self._unknown("direct", statement["id"])))
        else:
            self._out.append(Triple(subject, RDF_TYPE, terms.novalue))

    def _statement(self, node: NamedNode, statement: Json, value: RdfValue | None, *, is_best: bool) -> None:
        self._out.append(Triple(node, RDF_TYPE, names.STATEMENT))
        if is_best:
            self._out.append(Triple(node, RDF_TYPE, names.BEST_RANK))
        self._out.append(Triple(node, names.RANK, names.RANKS[statement["rank"]]))
        snak = statement["mainsnak"]
        place = self._vocabulary.property(snak["property"]).statement
        self._snak(node, snak, place, value, ("statement", statement["id"]))
        for property_id, snaks in (statement.get("qualifiers") or {}).items():
            self.mentioned.setdefault(property_id)
            place = self._vocabulary.property(property_id).qualifier
            self._snaks(node, snaks, place, ("qualifier", statement["id"], property_id))
        for reference in statement.get("references") or ():
            self._reference(node, reference)

    def _reference(self, node: NamedNode, reference: Json) -> None:
        hash_ = reference["hash"]
        subject = self._vocabulary.reference(hash_)
        self._out.append(Triple(node, names.DERIVED_FROM, subject))
        if hash_ in self._references:
            return
        self._references.add(hash_)
        self._out.append(Triple(subject, RDF_TYPE, names.REFERENCE))
        for property_id, snaks in reference["snaks"].items():
            self.mentioned.setdefault(property_id)
            place = self._vocabulary.property(property_id).reference
            self._snaks(subject, snaks, place, ("reference", hash_, property_id))

    def _snaks(self, subject: NamedNode, snaks: Iterable[Json], place: Predicates, where: tuple[str, ...]) -> None:
        for index, snak in enumerate(snaks):
            value = self._value(snak) if snak["snaktype"] == "value" else None
            self._snak(subject, snak, place, value, (*where, str(index)))

    def _snak(
        self, subject: NamedNode, snak: Json, place: Predicates, value: RdfValue | None, where: tuple[str, ...]
    ) -> None:
        if value is not None:
            self._out.append(Triple(subject, place.plain, value.term))
            if value.node is not None and self._parts.value_nodes:
                self._values.setdefault(value.node, value.details)
                self._out.append(Triple(subject, place.node, self._vocabulary.value(value.node)))
            if value.normalized is not None:
                self._out.append(Triple(subject, place.normalized, value.normalized))
        elif snak["snaktype"] == "somevalue":
            self._out.append(Triple(subject, place.plain, self._unknown(*where)))
        else:
            self._out.append(Triple(subject, RDF_TYPE, self._vocabulary.property(snak["property"]).novalue))

    def _value(self, snak: Json) -> RdfValue:
        datatype, formatter = self._fact(snak["property"])
        value = rdf_value(self._vocabulary, datatype, snak["datavalue"], formatter)
        if value.mentions is not None:
            self.mentioned.setdefault(value.mentions)
        return value

    def _unknown(self, *where: str) -> Term:
        """The node of an unknown value, named after its place: one place, one node, in every build."""
        name = "b" + md5("|".join(where).encode(), usedforsecurity=False).hexdigest()
        return self._vocabulary.skolem(name) if self._skolem else BlankNode(name)
