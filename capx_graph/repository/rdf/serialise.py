"""Documents of an entity: Turtle, N-Triples, RDF/XML, JSON-LD, JSON, serialised PHP; used by EntityData and dumps.

The Turtle is written here rather than by the engine's serialiser: that one abbreviates numbers (``+10.50`` as a
bare token), and readers that parse bare numbers lose the sign and the zeros that a Wikibase keeps.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from capx_graph.namespaces import CC, GEO, OWL, PROV, RDF, RDFS, SCHEMA, SKOS, WIKIBASE, XSD, WikibaseNamespaces
from capx_graph.terms import RDF_TYPE, Literal, NamedNode, RdfFormat, Triple, write_rdf

_LOCAL_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]*")


@dataclass(frozen=True, slots=True)
class Format:
    """A form in which an entity can be had; ``names`` are what ``format=`` may say beside extension and types."""

    extension: str
    media_types: tuple[str, ...]
    names: tuple[str, ...] = ()
    rdf: RdfFormat | None = None

    @property
    def content_type(self) -> str:
        """The header of an answer in this form."""
        return f"{self.media_types[0]}; charset=UTF-8"


JSON = Format("json", ("application/json",))
PHP = Format("php", ("application/vnd.php.serialized",))
TURTLE = Format("ttl", ("text/turtle", "application/x-turtle"), ("turtle",), RdfFormat.TURTLE)
N_TRIPLES = Format(
    "nt", ("application/n-triples", "text/n-triples", "text/plain"), ("ntriples", "n-triples"), RdfFormat.N_TRIPLES
)
N3 = Format("n3", ("text/n3", "text/rdf+n3"), (), RdfFormat.TURTLE)
RDF_XML = Format(
    "rdf", ("application/rdf+xml", "application/xml", "text/xml"), ("rdfxml", "rdf/xml"), RdfFormat.RDF_XML
)
JSON_LD = Format("jsonld", ("application/ld+json",), (), RdfFormat.JSON_LD)
FORMATS = (JSON, PHP, TURTLE, N_TRIPLES, N3, RDF_XML, JSON_LD)
"""In the order of preference where a client takes several alike."""


def format_named(text: str) -> Format | None:
    """The format of an extension, a media type or a name; None for an unknown one."""
    wanted = text.strip().lower()
    return next((f for f in FORMATS if wanted == f.extension or wanted in f.media_types or wanted in f.names), None)


def wikibase_prefixes(namespaces: WikibaseNamespaces) -> dict[str, str]:
    """Prefixes as a Wikibase names them in its own Turtle (``data: s: ref: v:``, not ``wdata: wds:`` ...)."""
    renamed = {"wdata": "data", "wds": "s", "wdref": "ref", "wdv": "v"}
    vocabularies = {
        "rdf": RDF,
        "xsd": XSD,
        "rdfs": RDFS,
        "owl": OWL,
        "wikibase": WIKIBASE,
        "skos": SKOS,
        "schema": SCHEMA,
        "cc": CC,
        "geo": GEO,
        "prov": PROV,
    }
    return vocabularies | {renamed.get(name, name): iri for name, iri in namespaces.prefixes().items()}


def rdf_document(triples: Iterable[Triple], format_: Format, prefixes: Mapping[str, str]) -> bytes:
    """The triples as a document in one of the RDF formats."""
    assert format_.rdf is not None, "JSON and PHP are no RDF formats"
    if format_.rdf == RdfFormat.TURTLE:
        return "".join(turtle(triples, prefixes)).encode()
    distinct = dict.fromkeys(triples)
    return write_rdf(distinct, format_.rdf, prefixes=dict(prefixes) if format_.rdf == RdfFormat.RDF_XML else None)


def turtle(triples: Iterable[Triple], prefixes: Mapping[str, str]) -> Iterator[str]:
    """Turtle in pieces, neighbouring triples of one subject together, in the order given."""
    yield from turtle_header(prefixes)
    yield from turtle_body(triples, prefixes)


def turtle_header(prefixes: Mapping[str, str]) -> Iterator[str]:
    """The ``@prefix`` lines."""
    for name, iri in prefixes.items():
        yield f"@prefix {name}: <{iri}> .\n"


def turtle_body(triples: Iterable[Triple], prefixes: Mapping[str, str]) -> Iterator[str]:
    """The triples in pieces, for a document whose header has been written."""
    term = _Shortener(prefixes).term
    for subject, of_subject in groupby(triples, key=attrgetter("subject")):
        objects: dict[str, dict[str, None]] = {}
        for triple in of_subject:
            predicate = "a" if triple.predicate == RDF_TYPE else term(triple.predicate)
            objects.setdefault(predicate, {})[term(triple.object)] = None
        lines = (f"{predicate} {', '.join(values)}" for predicate, values in objects.items())
        yield f"\n{term(subject)} " + " ;\n\t".join(lines) + " .\n"


class _Shortener:
    """Terms as prefixed names where their local part is plain, else as in N-Triples."""

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        self._names = {iri: name for name, iri in prefixes.items()}

    def term(self, term: object) -> str:
        if isinstance(term, NamedNode):
            return self._iri(term.value)
        if isinstance(term, Literal) and term.language is None and not term.datatype.value.endswith("#string"):
            return f"{Literal(term.value)}^^{self._iri(term.datatype.value)}"
        return str(term)

    def _iri(self, iri: str) -> str:
        cut = max(iri.rfind("/"), iri.rfind("#")) + 1
        name = self._names.get(iri[:cut])
        if name is None or not _LOCAL_NAME.fullmatch(iri, cut):
            return f"<{iri}>"
        return f"{name}:{iri[cut:]}"


def php_document(content: object) -> bytes:
    """The content as PHP's ``serialize`` writes arrays."""
    if isinstance(content, bool):
        return b"b:%d;" % content
    if isinstance(content, int):
        return b"i:%d;" % content
    if isinstance(content, float):
        return f"d:{content!r};".encode()
    if isinstance(content, str):
        data = content.encode("utf-8", "surrogatepass")
        return b's:%d:"%s";' % (len(data), data)
    if isinstance(content, Mapping):
        pairs = [php_document(key) + php_document(value) for key, value in content.items()]
    elif isinstance(content, list | tuple):
        pairs = [php_document(index) + php_document(value) for index, value in enumerate(content)]
    else:
        return b"N;"
    return b"a:%d:{%s}" % (len(pairs), b"".join(pairs))
