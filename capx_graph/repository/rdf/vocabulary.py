"""The IRIs that Wikibase's RDF is made of, as ready terms; imported by the rdf rooms, dumps and tests.

A property has 18 predicates (``wdt:``, ``p:``, ``ps:`` ...); they are made once and kept, because an import
writes millions of triples over a few dozen properties.
The surprising thing: URLs that are no IRIs (a Wikibase takes ``http://a/|``) are percent-encoded, as Wikibase's
own writer does, rather than refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import quote

from capx_graph.errors import InvalidTerm
from capx_graph.namespaces import CC, GEO, OWL, PROV, RDFS, SCHEMA, SKOS, WIKIBASE, XSD, WikibaseNamespaces
from capx_graph.terms import Literal, NamedNode, Term, literal

LICENCE = NamedNode("http://creativecommons.org/publicdomain/zero/1.0/")
FORMAT_VERSION = Literal("1.0.0")
"""Version of the RDF mapping (not of the software), as Wikibase states it on every data node."""

XSD_DECIMAL = NamedNode(XSD + "decimal")
XSD_DOUBLE = NamedNode(XSD + "double")
XSD_DATE_TIME = NamedNode(XSD + "dateTime")
XSD_INTEGER = NamedNode(XSD + "integer")
XSD_ANY_URI = NamedNode(XSD + "anyURI")
WKT = NamedNode(GEO + "wktLiteral")

DATASET = NamedNode(SCHEMA + "Dataset")
ABOUT = NamedNode(SCHEMA + "about")
SOFTWARE_VERSION = NamedNode(SCHEMA + "softwareVersion")
VERSION = NamedNode(SCHEMA + "version")
DATE_MODIFIED = NamedNode(SCHEMA + "dateModified")
HAS_LICENCE = NamedNode(CC + "license")
LABEL_PREDICATES = (NamedNode(RDFS + "label"), NamedNode(SKOS + "prefLabel"), NamedNode(SCHEMA + "name"))
DESCRIPTION = NamedNode(SCHEMA + "description")
ALT_LABEL = NamedNode(SKOS + "altLabel")
SAME_AS = NamedNode(OWL + "sameAs")
DERIVED_FROM = NamedNode(PROV + "wasDerivedFrom")

STATEMENT_COUNT = NamedNode(WIKIBASE + "statements")
SITELINK_COUNT = NamedNode(WIKIBASE + "sitelinks")
IDENTIFIER_COUNT = NamedNode(WIKIBASE + "identifiers")
ENTITY_TYPES = {"item": NamedNode(WIKIBASE + "Item"), "property": NamedNode(WIKIBASE + "Property")}
STATEMENT = NamedNode(WIKIBASE + "Statement")
REFERENCE = NamedNode(WIKIBASE + "Reference")
BEST_RANK = NamedNode(WIKIBASE + "BestRank")
RANK = NamedNode(WIKIBASE + "rank")
RANKS = {name: NamedNode(f"{WIKIBASE}{name.capitalize()}Rank") for name in ("preferred", "normal", "deprecated")}

_FORBIDDEN = re.compile(r"[\x00-\x20<>\"{}|\\^`\[\]]|%(?![0-9A-Fa-f]{2})")


@dataclass(frozen=True, slots=True)
class Predicates:
    """How one place of a snak is written: the plain predicate, that of the value node, the normalised ones."""

    plain: NamedNode
    node: NamedNode
    normalized: NamedNode


@dataclass(frozen=True, slots=True)
class PropertyTerms:
    """Every IRI that hangs off one property."""

    entity: NamedNode
    claim: NamedNode
    direct: NamedNode
    direct_normalized: NamedNode
    statement: Predicates
    qualifier: Predicates
    reference: Predicates
    novalue: NamedNode


@dataclass(slots=True)
class Vocabulary:
    """Makes and keeps the terms of one Wikibase."""

    namespaces: WikibaseNamespaces
    _properties: dict[str, PropertyTerms] = field(default_factory=dict)

    def entity(self, entity_id: str) -> NamedNode:
        """The node of an entity."""
        return NamedNode(self.namespaces.entity_iri(entity_id))

    def data(self, entity_id: str) -> NamedNode:
        """The node of the document about an entity."""
        return NamedNode(f"{self.namespaces.home(entity_id).data}{entity_id}")

    def statement(self, statement_id: str) -> NamedNode:
        """The node of a statement."""
        entity_id, _, tail = statement_id.partition("$")
        return NamedNode(f"{self.namespaces.home(entity_id).statement}{entity_id}-{tail}")

    def reference(self, hash_: str) -> NamedNode:
        """The node of a reference."""
        return NamedNode(f"{self.namespaces.base}/reference/{hash_}")

    def value(self, hash_: str) -> NamedNode:
        """The node of a value."""
        return NamedNode(f"{self.namespaces.base}/value/{hash_}")

    def skolem(self, name: str) -> NamedNode:
        """The node that stands for an unknown value."""
        return NamedNode(f"{self.namespaces.skolem}{name}")

    def property(self, property_id: str) -> PropertyTerms:
        """All predicates of a property; made once."""
        known = self._properties.get(property_id)
        if known is None:
            known = self._properties[property_id] = self._make(property_id)
        return known

    def _make(self, property_id: str) -> PropertyTerms:
        prop = self.namespaces.home(property_id).prop

        def place(name: str) -> Predicates:
            return Predicates(
                plain=NamedNode(f"{prop}{name}/{property_id}"),
                node=NamedNode(f"{prop}{name}/value/{property_id}"),
                normalized=NamedNode(f"{prop}{name}/value-normalized/{property_id}"),
            )

        return PropertyTerms(
            entity=self.entity(property_id),
            claim=NamedNode(f"{prop}{property_id}"),
            direct=NamedNode(f"{prop}direct/{property_id}"),
            direct_normalized=NamedNode(f"{prop}direct-normalized/{property_id}"),
            statement=place("statement"),
            qualifier=place("qualifier"),
            reference=place("reference"),
            novalue=NamedNode(f"{prop}novalue/{property_id}"),
        )


def lenient_iri(text: str) -> Term:
    """The IRI of a URL as typed: what an IRI cannot hold is percent-encoded; hopeless text becomes xsd:anyURI."""
    try:
        return NamedNode(text)
    except ValueError:
        pass
    try:
        return NamedNode(_FORBIDDEN.sub(lambda match: quote(match.group(), safe=""), text))
    except ValueError:
        return Literal(text, datatype=XSD_ANY_URI)


def term_literal(text: str, language: str) -> Literal:
    """A text with the wiki's language code as its tag; the few codes that are no tag (``zh-classical``) get ``und``."""
    try:
        return literal(text, language)
    except InvalidTerm:
        return literal(text, "und")


def url_encoded(text: str) -> str:
    """MediaWiki's encoding of a title in an address: space becomes ``+`` and ``/ : , @`` and some more stay."""
    return quote(text, safe=";@$!*(),/~: ").replace(" ", "+")
