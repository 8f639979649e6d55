"""An entity from its RDF: its JSON where the RDF determines it, nothing where it does not.

Imported by whoever takes in an RDF dump. What was made is told as RDF again and compared, triple by triple, with what
the dump has: an entity that does not come out the same is not taken, and read through the API instead. So are those
with sitelinks (RDF does not say under which name a site is known), coordinates (told to fourteen digits), Julian
dates, the few texts whose language tag stands for several codes, and references of several parts that are used twice
(they are told once, and their name does not tell the order, which may differ).
The surprising thing: the order of statements and snaks is the order of the file, which only Wikibase's own has right.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from capx_graph import languages
from capx_graph.errors import CapxError
from capx_graph.model import Page
from capx_graph.namespaces import WikibaseNamespaces
from capx_graph.repository.dumps.rdffile import Block
from capx_graph.repository.dumps.rdfvalues import WITH_NODES, Unproven, code_of, node_value, plain_value
from capx_graph.repository.entities import blank
from capx_graph.repository.ids import PROPERTY, kind_of
from capx_graph.repository.rdf.entity import EntityRdf, Flavor
from capx_graph.repository.rdf.vocabulary import (
    ALT_LABEL,
    DERIVED_FROM,
    DESCRIPTION,
    LABEL_PREDICATES,
    RANK,
    RANKS,
)
from capx_graph.repository.statements import claims_of, make_reference, make_snak, make_statement
from capx_graph.terms import RDF_TYPE, BlankNode, Literal, NamedNode, Term, Triple

Json = dict[str, Any]

_LABEL = LABEL_PREDICATES[0]
_RANKS = {str(iri): rank for rank, iri in RANKS.items()}
_PLACE = re.compile(r"(statement|qualifier|reference)/(value/)?(P[1-9][0-9]*)")
_CLAIM = re.compile(r"P[1-9][0-9]*")
_DERIVED = "ormalized"
"""Part of the predicates of normalised values: they say nothing of their own."""
_UNKNOWN = "unknown"
_ONCE = datetime(2000, 1, 1, tzinfo=UTC)

Form = set[tuple[str, str, str]]


class _Datatypes:
    """What the mapping must know of properties, from the dump itself."""

    def __init__(self, datatypes: Mapping[str, str]) -> None:
        self._datatypes = datatypes

    def datatype(self, property_id: str) -> str | None:
        return self._datatypes.get(property_id)

    def formatter_uri(self, property_id: str) -> str | None:  # noqa: ARG002 normalised values are left out
        return None

    def page(self, entity_id: str) -> Page | None:  # noqa: ARG002 a dump has no stubs
        return None

    def redirects_to(self, entity_id: str) -> Sequence[str]:  # noqa: ARG002 nor redirects to its entities
        return ()


class EntityFromRdf:
    """Reads entities of one dump; ``shared`` has the value and reference nodes met so far."""

    def __init__(
        self, spaces: WikibaseNamespaces, datatypes: Mapping[str, str], shared: Mapping[str, Sequence[Triple]]
    ) -> None:
        self._spaces = spaces
        self._datatypes = datatypes
        self._shared = shared
        self._rdf = EntityRdf(spaces, _Datatypes(datatypes))

    def entity(self, block: Block) -> Json | None:
        """The JSON of an entity; None where the RDF does not prove it."""
        try:
            made = self._made(block)
            told = self._rdf.triples(Page(block.entity_id, 0, block.revision_id, _ONCE, made), Flavor.DUMP)
        except (CapxError, ValueError, KeyError):
            return None  # a wiki may have values that nobody here foresees: the API has them whole
        return made if self._form(told) == self._form(self._reached(block)) else None

    def _made(self, block: Block) -> Json:
        if block.has_sitelinks:
            raise Unproven("the names of sites are not told")
        kind = kind_of(block.entity_id)
        made = blank(block.entity_id, datatype=self._datatypes[block.entity_id] if kind == PROPERTY else None)
        statements = []
        for triple in block.own:
            predicate, target = triple.predicate, triple.object
            if isinstance(target, Literal) and target.language:
                self._term(made, predicate, target)
            elif isinstance(target, NamedNode) and self._after_prop(predicate, _CLAIM):
                statements.append(self._statement(predicate, target, block))
        made["claims"] = claims_of(statements)
        return made

    def _term(self, made: Json, predicate: NamedNode, text: Literal) -> None:
        assert text.language is not None
        if predicate == ALT_LABEL:
            code = code_of(text.language, languages.term_codes())
            made["aliases"].setdefault(code, []).append({"language": code, "value": text.value})
        elif predicate in (_LABEL, DESCRIPTION):
            code = code_of(text.language, languages.term_codes())
            terms = made["labels" if predicate == _LABEL else "descriptions"]
            if code in terms:
                raise Unproven(f"two texts in {code}")
            terms[code] = {"language": code, "value": text.value}

    def _statement(self, claim: NamedNode, node: NamedNode, block: Block) -> Json:
        triples = block.statements.get(node.value, [])
        property_id = claim.value.removeprefix(self._spaces.prop)
        main = list(self._snaks(triples, "statement"))
        if len(main) != 1 or main[0]["property"] != property_id:
            # 'No value' is told as a type, and a qualifier's in the same words as the statement's own.
            raise Unproven(f"{node} does not say one thing of {property_id}")
        qualifiers = _in_order(self._snaks(triples, "qualifier"))
        rank = next((_RANKS[str(t.object)] for t in triples if t.predicate == RANK and str(t.object) in _RANKS), "")
        references = [self._reference(t.object, block) for t in triples if t.predicate == DERIVED_FROM]
        prefix, _, tail = node.value.removeprefix(self._spaces.statement).partition("-")
        return make_statement(main[0], f"{prefix}${tail}", qualifiers, rank, references)

    def _reference(self, node: Term | Triple, block: Block) -> Json:
        if not isinstance(node, NamedNode):
            raise Unproven("a reference without a name")
        snaks = _in_order(self._snaks(self._shared.get(node.value, ()), "reference"))
        if len(snaks) > 1 and (node.value not in block.told or block.uses(node) > 1):
            raise Unproven(f"{node} is used elsewhere too, and told in the order that it has there")
        reference = make_reference(snaks)
        if reference is None or f"{self._spaces.reference}{reference['hash']}" != node.value:
            raise Unproven(f"{node} is told in part only")
        return reference

    def _snaks(self, triples: Iterable[Triple], place: str) -> Iterator[Json]:
        """The snaks of a node in one place."""
        novalue = f"{self._spaces.prop}novalue/"
        for triple in triples:
            target = triple.object
            if triple.predicate == RDF_TYPE and isinstance(target, NamedNode) and target.value.startswith(novalue):
                if place != "statement":
                    property_id = target.value.removeprefix(novalue)
                    yield make_snak(property_id, "novalue", None, self._datatypes[property_id])
                continue
            found = self._after_prop(triple.predicate, _PLACE)
            if found is None or found[1] != place:
                continue
            property_id, datatype = found[3], self._datatypes[found[3]]
            if self._is_unknown(target):
                yield make_snak(property_id, "somevalue", None, datatype)
            elif found[2] and isinstance(target, NamedNode):
                name = target.value.removeprefix(self._spaces.value)
                value = node_value(datatype, name, self._shared.get(target.value, ()))
                yield make_snak(property_id, "value", value, datatype)
            elif datatype not in WITH_NODES:
                yield make_snak(property_id, "value", plain_value(self._spaces, datatype, target), datatype)

    def _after_prop(self, predicate: NamedNode, pattern: re.Pattern[str]) -> re.Match[str] | None:
        prop = self._spaces.prop
        return pattern.fullmatch(predicate.value, len(prop)) if predicate.value.startswith(prop) else None

    def _is_unknown(self, term: Term | Triple) -> bool:
        return isinstance(term, BlankNode) or (
            isinstance(term, NamedNode) and term.value.startswith(self._spaces.skolem)
        )

    def _reached(self, block: Block) -> Iterator[Triple]:
        """All triples of the entity, with those of the shared nodes that it leads to."""
        waiting = [*block.own, *(triple for triples in block.statements.values() for triple in triples)]
        seen: set[str] = set()
        while waiting:
            triple = waiting.pop()
            yield triple
            target = triple.object
            if isinstance(target, NamedNode) and target.value not in seen and _DERIVED not in triple.predicate.value:
                found = self._after_prop(triple.predicate, _PLACE)
                if triple.predicate == DERIVED_FROM or (found is not None and found[2]):
                    seen.add(target.value)
                    waiting += self._shared.get(target.value, ())

    def _form(self, triples: Iterable[Triple]) -> Form:
        """What is compared: entity, statements, shared nodes; unknown values alike, normalised ones left out."""
        described = (self._spaces.entity, self._spaces.value, self._spaces.reference)
        return {
            (
                triple.subject.value,
                triple.predicate.value,
                _UNKNOWN if self._is_unknown(triple.object) else str(triple.object),
            )
            for triple in triples
            if isinstance(triple.subject, NamedNode)
            and triple.subject.value.startswith(described)
            and _DERIVED not in triple.predicate.value
        }


def _in_order(found: Iterable[Json]) -> list[Json]:
    """The snaks, if their order is the same where a writer put the objects of a predicate together."""
    snaks = list(found)
    if len(snaks) > 1 and snaks[0]["snaktype"] == "novalue":
        raise Unproven("a type may have been put before what it followed")
    valued = {snak["property"] for snak in snaks if snak["snaktype"] == "value" and snak["datatype"] in WITH_NODES}
    if any(snak["snaktype"] == "somevalue" and snak["property"] in valued for snak in snaks):
        raise Unproven("plain values may have been put before the nodes of others")
    return snaks
