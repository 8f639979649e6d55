"""RDF terms and triples, built and read by pyoxigraph; anyone may import this leaf.

pyoxigraph's constructors validate IRIs and language tags, rdflib's print hostile text unchanged, so every
term in the house is made here. ``str(term)`` is its N-Triples form, ``to_sparql(term)`` its form in a query.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Triple,
    parse,
    parse_query_results,
    serialize,
)

from capx_graph.errors import DataError, InvalidTerm
from capx_graph.namespaces import RDF, XSD

__all__ = [
    "RDF_TYPE",
    "BlankNode",
    "Literal",
    "NamedNode",
    "RdfFormat",
    "Term",
    "Triple",
    "date_time",
    "integer",
    "iri",
    "literal",
    "parse_rdf",
    "parse_results",
    "read_turtle",
    "stream_rdf",
    "to_sparql",
    "write_rdf",
]


Term = NamedNode | BlankNode | Literal

RDF_TYPE = NamedNode(RDF + "type")
_INTEGER = NamedNode(XSD + "integer")
_DATE_TIME = NamedNode(XSD + "dateTime")
_BACKSLASH_BEFORE_U = re.compile(r"\\\\([uU])|\\.")


def iri(text: str) -> NamedNode:
    """An IRI; raises InvalidTerm for text that is none."""
    try:
        return NamedNode(text)
    except ValueError as error:
        raise InvalidTerm(f"{text!r} is not an IRI: {error}") from error


def literal(text: str, language: str | None = None) -> Literal:
    """A plain or language-tagged string; raises InvalidTerm for a malformed language tag."""
    try:
        return Literal(text, language=language)
    except ValueError as error:
        raise InvalidTerm(f"{language!r} is not a language tag: {error}") from error


def integer(value: int) -> Literal:
    """An xsd:integer."""
    return Literal(str(value), datatype=_INTEGER)


def date_time(text: str) -> Literal:
    """An xsd:dateTime from its lexical form, such as ``2026-06-01T00:00:00Z``."""
    return Literal(text, datatype=_DATE_TIME)


def parse_rdf(data: bytes | str, format: RdfFormat, *, base: str | None = None) -> Iterator[Triple]:
    """The triples of a document's default graph; raises DataError with the parser's line and column."""
    try:
        for quad in parse(data, format=format, base_iri=base):
            yield quad.triple
    except SyntaxError as error:
        raise DataError(f"not valid {format.name}: {error}") from error


def stream_rdf(stream: BinaryIO, format: RdfFormat) -> Iterator[Triple]:
    """The triples of a document of any length, as it is read; raises DataError with the parser's line and column.

    An IRI that is none by the letter passes: wikis let people type them.
    """
    try:
        for quad in parse(stream, format=format, lenient=True):
            yield quad.triple
    except SyntaxError as error:
        raise DataError(f"not valid {format.name}: {error}") from error


def parse_results(data: bytes) -> tuple[tuple[str, ...], list[tuple[Term | None, ...]]]:
    """Variables and rows of SPARQL results in JSON; raises DataError for what is no table of plain terms."""
    try:
        answer = parse_query_results(data, format=QueryResultsFormat.JSON)
        if not isinstance(answer, QuerySolutions):
            raise DataError("no table of SPARQL results")
        rows = [tuple(row) for row in answer]
    except (SyntaxError, ValueError, OSError) as error:
        raise DataError(f"no SPARQL results in JSON: {error}") from error
    plain = [tuple(term for term in row if not isinstance(term, Triple)) for row in rows]
    if any(len(row) != len(answer.variables) for row in plain):
        raise DataError("a triple as a term cannot be read here")
    return tuple(variable.value for variable in answer.variables), plain


def read_turtle(path: Path) -> Iterator[Triple]:
    """The triples of a Turtle file; raises DataError naming the file."""
    try:
        yield from parse_rdf(path.read_bytes(), RdfFormat.TURTLE, base=path.as_uri())
    except DataError as error:
        raise DataError(f"{path}: {error}") from error


def write_rdf(triples: Iterable[Triple], format: RdfFormat, *, prefixes: dict[str, str] | None = None) -> bytes:
    """A document of these triples."""
    data = serialize(triples, format=format, prefixes=prefixes)
    assert data is not None, "serialize answers bytes when it has no output to write to"
    return data


def to_sparql(term: NamedNode | Literal) -> str:
    """The term as SPARQL text that no engine can read otherwise.

    SPARQL lets an engine replace ``\\uXXXX`` anywhere before it parses (rdflib does), so a text that holds a
    backslash and ``u0022`` would become a quote: the ``u`` after a backslash is written as its code point.
    """
    return _BACKSLASH_BEFORE_U.sub(_spell_u, str(term))


def _spell_u(match: re.Match[str]) -> str:
    letter = match.group(1)
    return f"\\\\\\U{ord(letter):08X}" if letter else match.group()
