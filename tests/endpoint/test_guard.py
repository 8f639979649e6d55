"""What a stranger's query is and which services it calls, however it is written."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress

import pyoxigraph
import pytest
from hypothesis import given
from hypothesis import strategies as st

from capx_graph.errors import InvalidQuery, UpdateRefused
from capx_graph.namespaces import VOCABULARY_PREFIXES
from capx_graph.sparql.complaints import is_about_syntax, located, spread
from capx_graph.sparql.guard import DEEPEST, examine
from capx_graph.sparql.tokens import Kind, blanked, position, tokens, without_comments
from tests.doubles.endpoints import Listener
from tests.endpoint.disguises import DISGUISES, disguised


@pytest.mark.parametrize("name", DISGUISES)
def test_every_service_is_found_or_the_query_refused(name: str) -> None:
    query = disguised(DISGUISES[name], "http://127.0.0.1:1/sparql")
    try:
        services = examine(query, VOCABULARY_PREFIXES).services
    except InvalidQuery:
        return
    assert services, "a query that the engine might run has a service nobody saw"


def test_the_engine_falls_for_disguises_that_the_guard_sees_through() -> None:
    """Otherwise the test above proves nothing: unguarded, these reach a server of ours."""
    reached = []
    for name, query in DISGUISES.items():
        with Listener() as listener:
            try:
                answer = pyoxigraph.Store().query(disguised(query, listener.url))
                list(answer) if not isinstance(answer, pyoxigraph.QueryBoolean) else bool(answer)
            except (SyntaxError, RuntimeError, OSError):
                pass
            if listener.requests:
                reached.append(name)
    assert {"plain", "glued to SILENT", "glued to a prefixed name", "a comment that a carriage return ends"} <= set(
        reached
    )
    assert len(reached) > 15


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?s ?p 'SERVICE <http://x/> { }' }",
        "SELECT * { ?s ?p ?o # SERVICE <http://x/> { }\n }",
        'SELECT * { ?s ?p """ SERVICE <http://x/> {\n } """ }',
        "SELECT ?SERVICE { ?SERVICE ?p <http://x/SERVICE> }",
        "PREFIX ex: <http://e/> SELECT * { ?s ex:SERVICE ?o }",
        "PREFIX service: <http://e/> SELECT * { ?s service:a ?o { } }",
        "PREFIX ex: <http://e/> SELECT * { ?s ?p ex:a { } UNION { } ?s ?p ?o { } ?s ?p <http://x/> { } }",
    ],
)
def test_what_only_looks_like_a_service_is_none(query: str) -> None:
    assert examine(query, {}).services == ()


@pytest.mark.parametrize(
    "update",
    [
        "INSERT DATA { <http://a/> <http://b/> 1 }",
        "PREFIX ex: <http://e/> DELETE WHERE { ?s ?p ?o }",
        "CLEAR ALL",
        "# x\nLOAD <http://127.0.0.1/>",
        "WITH <http://g/> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
    ],
)
def test_updates_are_refused_as_such(update: str) -> None:
    with pytest.raises(UpdateRefused):
        examine(update, {})


@pytest.mark.parametrize(
    ("query", "line", "column"),
    [
        ("", 1, 1),
        ("HELLO", 1, 1),
        ("SELECT * {\n  ?s `p` ?o }", 2, 6),
        ("SELECT * {\n ?s wdt:P1 ?o }", 2, 5),
        ("SELECT * {\n ?s nonsense ?o }", 2, 5),
        ("SELECT * {\n\n ?s ?p ?o", 1, 10),
        ("SELECT * { ?s ?p ?o ) }", 1, 21),
        ("SELECT * { ?s ?p 'é', \"x }", 1, 23),
    ],
)
def test_what_is_wrong_is_said_with_line_and_column(query: str, line: int, column: int) -> None:
    with pytest.raises(InvalidQuery) as caught:
        examine(query, {})
    assert (caught.value.line, caught.value.column) == (line, column)


@pytest.mark.parametrize(
    ("query", "kinds"),
    [
        ("?a<?b&&?c>?d", [Kind.VARIABLE, Kind.IRI, Kind.VARIABLE]),
        (
            "(?a<?b&&?c>?d)",
            [Kind.MARK, Kind.VARIABLE, Kind.MARK, Kind.VARIABLE, Kind.MARK, *[Kind.VARIABLE, Kind.MARK] * 2],
        ),
        ("(?a = <http://x/#y>)", [Kind.MARK, Kind.VARIABLE, Kind.MARK, Kind.IRI, Kind.MARK]),
        ("1.5e3 .5 7 'a'@pt-br", [Kind.NUMBER, Kind.NUMBER, Kind.NUMBER, Kind.STRING, Kind.LANGUAGE]),
        ("ex:a.b. :c ex: _:b1", [Kind.PREFIXED, Kind.MARK, Kind.PREFIXED, Kind.PREFIXED, Kind.BLANK]),
        ("ex:a%20\\,b", [Kind.PREFIXED]),
    ],
)
def test_tokens_are_those_of_the_grammar(query: str, kinds: list[Kind]) -> None:
    assert [token.kind for token in tokens(query)] == kinds


def test_rows_of_iris_need_no_commas() -> None:
    query = "SELECT * { VALUES (?a ?b) { (<http://x/#a> <http://x/#b>) (1 <http://x/#c>) } }"
    assert sum(token.kind is Kind.IRI for token in examine(query, {}).tokens) == 3


def test_an_ambiguous_comparison_says_how_to_write_it() -> None:
    with pytest.raises(InvalidQuery, match="put a blank behind it"):
        examine("SELECT * { FILTER(?a<5) FILTER(?b>3) }".replace(" FILTER(?b", "FILTER(?b"), {})


def test_brackets_are_nested_only_so_deep() -> None:
    examine("SELECT * " + "{" * DEEPEST + "}" * DEEPEST, {})
    with pytest.raises(InvalidQuery, match="brackets are open"):
        examine("SELECT * " + "{" * (DEEPEST + 1) + "}" * (DEEPEST + 1), {})


MONSTERS: dict[str, Callable[[int], str]] = {
    "letters": lambda n: "SELECT * { ?s ?p " + "a" * n,
    "dots in a name": lambda n: "SELECT * { ?s ?p ex:" + "a." * (n // 2),
    "a name that never gets its colon": lambda n: "SELECT * { " + "a.b" * (n // 3) + " }",
    "digits": lambda n: "SELECT * { ?s ?p " + "1" * n + " }",
    "less-than signs": lambda n: "SELECT * { FILTER(" + "?a < " * (n // 5) + " 1) }",
    "open strings": lambda n: "SELECT * { ?s ?p '''" + "''x" * (n // 3),
    "escapes": lambda n: "SELECT * { ?s ?p '" + "\\'" * (n // 2),
    "brackets": lambda n: "SELECT * { " + "() " * (n // 3) + " }",
    "sub-selects": lambda n: "SELECT * { " + "{SELECT*{}}" * (n // 11) + " }",
    "comments": lambda n: "SELECT * { " + "#\n" * (n // 2) + " }",
    "values": lambda n: "SELECT * { VALUES ?x { " + "1 " * (n // 2) + " } }",
}


@pytest.mark.parametrize("name", MONSTERS)
def test_a_longer_text_takes_longer_by_as_much_only(name: str) -> None:
    """Half the greatest length is read in half a second; quadratic work would take minutes."""
    text = MONSTERS[name](1 << 17)
    started = time.process_time()
    with suppress(InvalidQuery):
        examine(text, {"ex": "http://e/"})
    assert time.process_time() - started < 5.0


@given(st.text(alphabet="SERVICE<>{}()#'\"\\ \n\r?a:.;é", max_size=60))
def test_reading_any_text_ends_in_tokens_or_in_a_refusal(text: str) -> None:
    try:
        found = tokens(text)
    except InvalidQuery:
        return
    assert all(text[token.start : token.end] == token.text for token in found)
    quiet = without_comments(text, found)
    assert len(quiet) == len(text)
    assert [t.text for t in tokens(quiet)] == [t.text for t in found]


def test_blanking_keeps_lines_and_columns() -> None:
    assert blanked("ab\r\nc") == "  \r\n "
    assert position("ab\ncd", 4) == (2, 2)


FAULTS = [
    ("SELECT * {\n FILTER(1 + )\n} LIMIT 3", 2, 13, "')' cannot stand here"),
    ("SELECT ?x {\n ?x a ?y .\n ?x ?p .\n} LIMIT 3", 3, 8, "'.' cannot stand here"),
    ("SELECT ?x {\n ?x a ?y\n ?x ?p ?o .\n} LIMIT 3", 3, 2, "'?x' cannot stand here"),
    ("SELECT ?x {\n ?x a ?y .\n ?x ?p ?z ?w\n}", 3, 11, "'?w' cannot stand here"),
    ("SELECT ?x WHERE {\n ?x a ?y .\n} ORDER ?x", 3, 9, "'?x' cannot stand here"),
    ("SELECT ?x WHERE {\n ?x a ?y .\n BIND(?x ?y)\n}", 3, 10, "'?y' cannot stand here"),
    ("SELECT ?x WHERE { ?x a '''a\nb''' ?y }", 2, 6, "'?y' cannot stand here"),
    ("SELECT ?x WHERE { ?x a ?y } LIMIT", 1, 34, "the query ends too early"),
    ("SELECT (COUNT(?x) AS ?n) ?y { ?y ?p ?x }", 1, 41, "neither grouped by nor computed"),
    ("SELECT * { ?x ?y ?z BIND(2 AS ?x) }", 1, 35, "cannot stand here"),
]


@pytest.mark.parametrize(("query", "line", "column", "rule"), FAULTS)
def test_the_parsers_complaint_is_put_where_the_fault_is(query: str, line: int, column: int, rule: str) -> None:
    found = tokens(query)
    with pytest.raises(SyntaxError) as caught:
        pyoxigraph.Store().query(spread(found))
    assert is_about_syntax(str(caught.value))
    error = located(query, found, str(caught.value))
    assert rule in error.rule
    assert (error.line, error.column) == (line, column)


def test_what_the_evaluation_says_is_no_complaint_of_the_parser() -> None:
    assert not is_about_syntax("out of memory")
