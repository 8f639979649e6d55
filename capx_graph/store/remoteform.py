"""What goes to a remote engine and comes back, as text: updates and results.

Used by the remote rooms of ``store``; nothing here talks to anybody.
"""

from __future__ import annotations

from collections.abc import Sequence

from pyoxigraph import QueryBoolean, QueryResultsFormat, QuerySolutions, parse_query_results

from capx_graph.errors import QueryFailed
from capx_graph.store.base import Solutions
from capx_graph.terms import BlankNode, Literal, NamedNode, Term, Triple, to_sparql

Parts = tuple[Sequence[Triple], Sequence[Triple]]
"""Triples that go, triples that come."""

_VIRTUOSOS_ASK = "__ASK_RETVAL"


def ground(triple: Triple) -> None:
    """Raises QueryFailed for a triple with a blank node, which an update could not name."""
    if isinstance(triple.subject, BlankNode) or isinstance(triple.object, BlankNode):
        raise QueryFailed(f"the engine refuses a difference: {triple} has a blank node")


def delete_insert(graph: NamedNode, removed: Sequence[Triple], added: Sequence[Triple]) -> str:
    """An update that takes triples out of a named graph and puts others in, empty where there are none.

    Twice does what once does.
    """
    parts = []
    if removed:
        parts.append(f"DELETE DATA {{ GRAPH {graph} {{\n{_lines(removed)}\n}} }}")
    if added:
        parts.append(f"INSERT DATA {{ GRAPH {graph} {{\n{_lines(added)}\n}} }}")
    return " ;\n".join(parts)


def conditional(condition: Triple, meta: NamedNode, told: Parts, graph: NamedNode, content: Parts) -> str:
    """An update of two named graphs in one step, carried out only while a triple is in ``meta``.

    ``told`` goes from ``meta`` and comes to it, ``content`` likewise. What arrives late, or twice, does nothing.
    """
    clauses = [
        f"{verb} {{\n{_in_graph(meta, about)}{_in_graph(graph, triples)}}}"
        for verb, about, triples in zip(("DELETE", "INSERT"), told, content, strict=True)
        if about or triples
    ]
    return "\n".join([*clauses, f"WHERE {{ GRAPH {meta} {{ {_line(condition)} }} }}"])


def _in_graph(graph: NamedNode, triples: Sequence[Triple]) -> str:
    return f"GRAPH {graph} {{\n{_lines(triples)}\n}}\n" if triples else ""


def rows_of(triples: Sequence[Triple]) -> list[tuple[Term, Term, Term]]:
    """Triples as rows for a query."""
    return [(triple.subject, triple.predicate, triple.object) for triple in triples]  # type: ignore[misc]


def solutions(name: str, body: bytes) -> Solutions:
    """The table of a SELECT; raises QueryFailed."""
    answer = _parsed(name, body)
    if not isinstance(answer, QuerySolutions):
        raise QueryFailed(f"{name}: not a SELECT")
    try:
        return Solutions(tuple(v.value for v in answer.variables), [tuple(row) for row in answer])
    except (SyntaxError, ValueError, OSError) as error:
        raise QueryFailed(f"{name}: the engine's answer breaks off: {error}") from error


def boolean(name: str, body: bytes) -> bool:
    """The answer of an ASK; raises QueryFailed."""
    answer = _said(_parsed(name, body))
    if not isinstance(answer, QueryBoolean):
        raise QueryFailed(f"{name}: not an ASK")
    return bool(answer)


def table_in(body: bytes, media_type: str) -> bytes:
    """A table or an answer of ASK in another of its forms, so that every engine's clients read the same one.

    Raises QueryFailed.
    """
    form = QueryResultsFormat.from_media_type(media_type)
    if form is None:
        raise QueryFailed(f"{media_type} is no form of SPARQL results")
    try:
        written = _said(_parsed("the query", body)).serialize(format=form)
    except (SyntaxError, ValueError, OSError) as error:
        raise QueryFailed(f"the engine's answer breaks off: {error}") from error
    assert written is not None, "serialize answers bytes when it has no output to write to"
    return written


def _lines(triples: Sequence[Triple]) -> str:
    return "\n".join(_line(triple) for triple in triples)


def _line(triple: Triple) -> str:
    subject, predicate, value = triple
    ground(triple)
    return f"{to_sparql(subject)} {to_sparql(predicate)} {to_sparql(value)} ."


def _said(answer: QuerySolutions | QueryBoolean) -> QuerySolutions | QueryBoolean:
    """Virtuoso 7 answers ASK with a table: a row of 1 is yes, none is no."""
    if not isinstance(answer, QuerySolutions) or [v.value for v in answer.variables] != [_VIRTUOSOS_ASK]:
        return answer
    yes = any(isinstance(value, Literal) and value.value in ("1", "true") for row in answer for value in row)
    return parse_query_results(f'{{"head":{{}},"boolean":{str(yes).lower()}}}', format=QueryResultsFormat.JSON)


def _parsed(name: str, body: bytes) -> QuerySolutions | QueryBoolean:
    try:
        return parse_query_results(body, format=QueryResultsFormat.JSON)
    except (SyntaxError, ValueError, OSError) as error:
        raise QueryFailed(f"{name}: the engine did not answer with SPARQL results in JSON: {error}") from error
