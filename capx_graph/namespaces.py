"""IRIs of vocabularies, and the IRIs a Wikibase derives from its base; anyone may import this leaf.

The ontology's namespace is one constant on every instance, so that queries, shapes and pages run anywhere.
The names of a Wikibase's namespaces follow from its base IRI alone (measured on MediaWiki 1.43 + Wikibase).
Beside a connected Wikibase this program keeps entities of its own: one id space, two concept bases; the number of an
id says where it is at home.
"""

from __future__ import annotations

from dataclasses import dataclass

CAPX = "https://w3id.org/capx/ontology/"
CAPX_INSTANCE = "https://w3id.org/capx/instance/"
"""Vocabulary of ``ontology/instances/*.ttl``: which P or Q id a Wikibase gives to a term."""

CAPX_DIRECTORY = "https://w3id.org/capx/directory/"
"""The entries of the starter directory (``ontology/directory/``)."""

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
OWL = "http://www.w3.org/2002/07/owl#"
XSD = "http://www.w3.org/2001/XMLSchema#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
SCHEMA = "http://schema.org/"
FOAF = "http://xmlns.com/foaf/0.1/"
ORG = "http://www.w3.org/ns/org#"
DCTERMS = "http://purl.org/dc/terms/"
PROV = "http://www.w3.org/ns/prov#"
SHACL = "http://www.w3.org/ns/shacl#"
GEO = "http://www.opengis.net/ont/geosparql#"
CC = "http://creativecommons.org/ns#"
CC0 = "https://creativecommons.org/publicdomain/zero/1.0/"
"""The licence of the data."""
VOID = "http://rdfs.org/ns/void#"
WIKIBASE = "http://wikiba.se/ontology#"
WIKIDATA = "http://www.wikidata.org/entity/"
WIKIDATA_DIRECT = "http://www.wikidata.org/prop/direct/"


OWN_IDS = 1_000_000_000
"""Beside a connected Wikibase, what has a greater number is ours; no Wikibase comes near it."""


@dataclass(frozen=True, slots=True)
class WikibaseNamespaces:
    """The IRIs of one Wikibase; ``base`` has no trailing slash, such as ``http://127.0.0.1:8000``.

    ``documents`` is where the data of its entities lie, if not where they usually do; ``own`` are the namespaces of
    what we keep ourselves beside it.
    """

    base: str
    documents: str = ""
    own: WikibaseNamespaces | None = None

    def home(self, entity_id: str) -> WikibaseNamespaces:
        """The namespaces of the Wikibase that the entity lives in; ids of other forms (``L1-F2``) are not ours."""
        if self.own is None:
            return self
        number = entity_id[1:]
        return self.own if number.isdecimal() and int(number) > OWN_IDS else self

    def entity_iri(self, entity_id: str) -> str:
        """The IRI of an entity."""
        return f"{self.home(entity_id).entity}{entity_id}"

    def entity_id(self, iri: str) -> str:
        """The id of an entity's IRI; of any other IRI the empty string."""
        for space in self.homes:
            if iri.startswith(space.entity):
                tail = iri[len(space.entity) :]
                return tail if "/" not in tail else ""
        return ""

    @property
    def site(self) -> str:
        """The address of this program's own pages."""
        return self.homes[-1].base

    @property
    def homes(self) -> tuple[WikibaseNamespaces, ...]:
        """These and our own, where there are two."""
        return (self,) if self.own is None else (self, self.own)

    @property
    def entity(self) -> str:
        """The concept base; ``wd:`` in SPARQL."""
        return f"{self.base}/entity/"

    @property
    def data(self) -> str:
        """What the IRIs of entities' documents begin with."""
        return self.documents or f"{self.base}/wiki/Special:EntityData/"

    @property
    def statement(self) -> str:
        """What the IRIs of statements begin with."""
        return f"{self.base}/entity/statement/"

    @property
    def reference(self) -> str:
        """What the IRIs of references begin with."""
        return f"{self.base}/reference/"

    @property
    def value(self) -> str:
        """What the IRIs of value nodes begin with."""
        return f"{self.base}/value/"

    @property
    def prop(self) -> str:
        """What all IRIs of properties begin with."""
        return f"{self.base}/prop/"

    @property
    def skolem(self) -> str:
        """IRIs in place of the blank nodes of 'unknown value', as the Wikidata Query Service has them."""
        return f"{self.base}/.well-known/genid/"

    def prefixes(self) -> dict[str, str]:
        """Prefix to IRI, under the names that users of the Wikidata Query Service type."""
        prop = self.prop
        return {
            "wd": self.entity,
            "wdata": self.data,
            "wds": self.statement,
            "wdref": self.reference,
            "wdv": self.value,
            "wdt": f"{prop}direct/",
            "wdtn": f"{prop}direct-normalized/",
            "wdno": f"{prop}novalue/",
            "p": prop,
            "ps": f"{prop}statement/",
            "psv": f"{prop}statement/value/",
            "psn": f"{prop}statement/value-normalized/",
            "pq": f"{prop}qualifier/",
            "pqv": f"{prop}qualifier/value/",
            "pqn": f"{prop}qualifier/value-normalized/",
            "pr": f"{prop}reference/",
            "prv": f"{prop}reference/value/",
            "prn": f"{prop}reference/value-normalized/",
        }


VOCABULARY_PREFIXES: dict[str, str] = {
    "capx": CAPX,
    "rdf": RDF,
    "rdfs": RDFS,
    "owl": OWL,
    "xsd": XSD,
    "skos": SKOS,
    "schema": SCHEMA,
    "foaf": FOAF,
    "org": ORG,
    "dct": DCTERMS,
    "prov": PROV,
    "sh": SHACL,
    "geo": GEO,
    "cc": CC,
    "void": VOID,
    "wikibase": WIKIBASE,
    "bd": "http://www.bigdata.com/rdf#",
    "hint": "http://www.bigdata.com/queryHints#",
    "wikidata": WIKIDATA,
    "wikidatat": WIKIDATA_DIRECT,
}
