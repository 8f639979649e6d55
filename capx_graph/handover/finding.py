"""Which property or item of another Wikibase stands for a term of the ontology, if any: the rules, without a wiki.

This package and the command line import it. What is certain: the mapping; a statement whose value is the term's IRI,
or that of the Wikidata entity that the ontology calls an exact match, or the term's own formatter URL; a name with the
very same definition, as a run that was cut off leaves it. What is not: a name with the right datatype. That is a guess,
for a person to decide.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from capx_graph.handover.reading import Remote
from capx_graph.handover.snaks import strings
from capx_graph.model import EntityJson
from capx_graph.namespaces import SKOS, WIKIDATA
from capx_graph.ontology import ClassTerm, IndividualTerm, PropertyTerm

Term = ClassTerm | IndividualTerm | PropertyTerm

OURS = " (CapX)"
"""Ends a name that was taken there by something else when the entity was made."""


class How(StrEnum):
    """How a term was found."""

    MAPPED = "mapped"
    EXACT = "exact match"
    ALIKE = "same name and definition"
    GUESS = "same name"
    MISSING = "to be made"
    WRONG = "contradiction"


@dataclass(frozen=True, slots=True)
class Finding:
    """A term, the entity that stands for it there (None: to be made, or more than one could), and how it was found.

    ``candidates`` are those of a guess or a contradiction.
    """

    term: Term
    id: str | None
    how: How
    why: str = ""
    candidates: tuple[str, ...] = ()


def find(term: Term, mapped: str | None, there: Mapping[str, Remote], *, datatype: str | None) -> Finding:
    """What stands for a term among these entities; ``datatype`` is what the mapping or the ontology asks for."""
    if mapped is not None:
        return _mapped(term, mapped, there, datatype)
    entities = {i: r.entity for i, r in there.items() if r.entity is not None and _fits(r.entity, term)}
    exact = [entity_id for entity_id, entity in entities.items() if _says_so(entity, term)]
    if exact:
        return _chosen(term, exact, entities, datatype, How.EXACT)
    alike = [i for i, e in entities.items() if _named(e, term, ours=True) and _defined(e, term)]
    if alike:
        return _chosen(term, alike, entities, datatype, How.ALIKE)
    named = [i for i, e in entities.items() if _named(e, term) and e.get("datatype") == datatype]
    if named:
        return Finding(term, None, How.GUESS, "has the same name; nothing says that it means the same", tuple(named))
    return Finding(term, None, How.MISSING)


def _mapped(term: Term, entity_id: str, there: Mapping[str, Remote], datatype: str | None) -> Finding:
    remote = there.get(entity_id)
    if remote is None or remote.entity is None:
        state = "was merged" if remote else "is not there"
        return Finding(term, entity_id, How.WRONG, f"the mapping names {entity_id}, which {state}", (entity_id,))
    return _chosen(term, [entity_id], {entity_id: remote.entity}, datatype, How.MAPPED)


def _chosen(
    term: Term, ids: Sequence[str], entities: Mapping[str, EntityJson], datatype: str | None, how: How
) -> Finding:
    if len(ids) > 1:
        return Finding(term, None, How.WRONG, f"{len(ids)} entities say that they are {term.name}", tuple(ids))
    found = entities[ids[0]].get("datatype")
    if found != datatype:
        why = f"{ids[0]} has the datatype {found}, {term.name} needs {datatype}"
        return Finding(term, ids[0], How.WRONG, why, (ids[0],))
    return Finding(term, ids[0], how)


def _fits(entity: EntityJson, term: Term) -> bool:
    return (entity["type"] == "property") is isinstance(term, PropertyTerm)


def _says_so(entity: EntityJson, term: Term) -> bool:
    """Whether a statement says that the entity is the term, by an IRI, or for an identifier by its formatter URL."""
    said = strings(dict(entity))
    exact = set(term.words.alignments.get(SKOS + "exactMatch", ()))
    ids = {iri.removeprefix(WIKIDATA) for iri in exact if iri.startswith(WIKIDATA)}
    if said & ({term.iri} | exact | ids | {iri.replace("http:", "https:", 1) for iri in exact}):
        return True
    return isinstance(term, PropertyTerm) and term.formatter_url is not None and term.formatter_url in said


def _named(entity: EntityJson, term: Term, *, ours: bool = False) -> bool:
    label = entity["labels"].get("en", {}).get("value", "").casefold()
    name = term.words.labels["en"].casefold()
    return label == name or (ours and label == name + OURS.casefold())


def _defined(entity: EntityJson, term: Term) -> bool:
    return bool(entity["descriptions"].get("en", {}).get("value") == term.words.definitions["en"])
