"""The ontology as values: classes, individuals, properties and closures, each under its name (``offers``).

A name is the last part of the IRI; names are unique in the whole ontology, so ``skos:broader`` is ``broader``.
References between terms are names, except where the projection needs the IRI itself (each field says which).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

from capx_graph.errors import OntologyError
from capx_graph.namespaces import XSD

T = TypeVar("T")


class PropertyUse(StrEnum):
    """Where the values of a property are stored; ``DERIVED`` ones are made by the projection."""

    STATEMENT = "StatementProperty"
    QUALIFIER = "QualifierProperty"
    REFERENCE = "ReferenceProperty"
    DERIVED = "DerivedProperty"


@dataclass(frozen=True, slots=True)
class Words:
    """What a term is called and means, by language code, and what it equals elsewhere (predicate IRI to IRIs)."""

    labels: Mapping[str, str]
    definitions: Mapping[str, str]
    alignments: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ClassTerm:
    """A class; ``code`` is its name in parameters (``person``), None for classes of the model itself.

    ``identity_link`` (IRI) overrides the property's for instances of this class; ``parents`` are class names.
    """

    name: str
    iri: str
    words: Words
    code: str | None
    identity_link: str | None
    parents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IndividualTerm:
    """A fixed value such as ``Level3``: ``class_name`` is its class, ``rank`` its place in an ordered scale."""

    name: str
    iri: str
    words: Words
    class_name: str
    code: str
    level_code: str | None
    rank: int | None


@dataclass(frozen=True, slots=True)
class PropertyTerm:
    """A property, and how its statements become triples.

    ``datatype`` is Wikibase's name (``wikibase-item``, ``external-id`` ...), None for derived properties.
    IRIs: ``iri``, ``projected_as`` (predicate of the direct triple), ``domain``, ``range``, ``statement_link``,
    ``statement_value``, ``identity_link``. Names: ``qualifiers``, ``references``, ``negated_by`` (individuals under
    which the direct triple is left out), ``derived_along`` (properties to follow).
    """

    name: str
    iri: str
    words: Words
    uses: frozenset[PropertyUse]
    datatype: str | None
    domain: tuple[str, ...]
    range: tuple[str, ...]
    projected_as: str
    statement_link: str | None = None
    statement_value: str | None = None
    qualifiers: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    negated_by: tuple[str, ...] = ()
    identity_link: str | None = None
    formatter_url: str | None = None
    formatter_uri: str | None = None
    derived_along: tuple[str, ...] = ()

    @property
    def is_stored(self) -> bool:
        """Whether a Wikibase keeps values of it, so that it has a P id there."""
        return self.datatype is not None

    @property
    def is_instant(self) -> bool:
        """Whether its strings are ISO 8601 instants, projected as xsd:dateTime."""
        return self.datatype == "string" and XSD + "dateTime" in self.range


@dataclass(frozen=True, slots=True)
class Closure:
    """A materialised chain: from each value of ``sources`` up along ``along``; all three are property names.

    A hierarchy is its own ``along`` (``within`` = ``partOf`` followed by ``within``).
    """

    name: str
    iri: str
    sources: tuple[str, ...]
    along: str
    includes_self: bool

    @property
    def is_hierarchy(self) -> bool:
        """Whether it closes a tree's own step, rather than leading into a tree."""
        return self.along == self.name


@dataclass(frozen=True, slots=True)
class Ontology:
    """All terms by name."""

    words: Words
    classes: Mapping[str, ClassTerm]
    individuals: Mapping[str, IndividualTerm]
    properties: Mapping[str, PropertyTerm]
    annotations: Mapping[str, PropertyTerm]
    closures: Mapping[str, Closure]

    def property(self, name: str) -> PropertyTerm:
        """The property of this name; raises OntologyError where there is none."""
        return _found(self.properties, name, "property")

    def class_(self, name: str) -> ClassTerm:
        """The class of this name; raises OntologyError where there is none."""
        return _found(self.classes, name, "class")

    def individual(self, name: str) -> IndividualTerm:
        """The individual of this name; raises OntologyError where there is none."""
        return _found(self.individuals, name, "individual")

    def find(self, name: str) -> ClassTerm | IndividualTerm | PropertyTerm | None:
        """Any term of this name."""
        return (
            self.classes.get(name)
            or self.individuals.get(name)
            or self.properties.get(name)
            or self.annotations.get(name)
        )


def _found(terms: Mapping[str, T], name: str, kind: str) -> T:
    if name not in terms:
        raise OntologyError(f"the ontology has no {kind} {name!r}")
    return terms[name]
