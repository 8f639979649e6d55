"""Query files: their header, their binding, and that no value can change a query's shape."""

from __future__ import annotations

import pyoxigraph
import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st

from capx_graph import queries
from capx_graph.errors import InvalidParameter, InvalidTerm, NotFound, OntologyError
from capx_graph.namespaces import WikibaseNamespaces
from capx_graph.terms import BlankNode, Literal, NamedNode, date_time, integer, iri, literal

HEADER = "# title: A title\n# description: What it\n#   answers\n# view: table\n"
ONE = queries.parse("one", HEADER + '# param x term*: A value\nSELECT ?x WHERE {\n  VALUES ?x { "default" }\n}\n')
ROWS = queries.parse(
    "rows",
    HEADER
    + "# param pairs row*: Pairs\n# param limit limit: How many\n"
    + "SELECT ?x ?y WHERE {\n  VALUES (?x ?y) { (1 2) } # param pairs\n}\nORDER BY ?x\nLIMIT 20 # param limit\n",
)
HOSTILE = (
    '"} UNION { ?s ?p ?o } #',
    "'''",
    '"""',
    "\\",
    '\\" } #',
    "\\u0022 } { ?s ?p ?o } #",
    "\\\\u0022 }",
    "\\U00000022 }",
    "line\nbreak\r\n}",
    "# comment",
    "}\x00\x01\x7f\x85\u2028\u2029\ufeff",
    "?x",
    "$x",
    "UNDEF",
    "{{x}}",
    "%s %(x)s {0}",
    "\\1 \\g<0>",
    "😀 العربية 日本",
)
SAFE_TEXT = st.text(st.characters(exclude_categories=["Cs"])) | st.text(st.sampled_from("\\uU0025c\"'}{#\n\r<>?"))


def answer(bound: queries.BoundQuery) -> list[tuple[object, ...]]:
    solutions = pyoxigraph.Store().query(bound.text)
    assert isinstance(solutions, pyoxigraph.QuerySolutions)
    return [tuple(row) for row in solutions]


def test_a_file_runs_unchanged_with_its_defaults() -> None:
    assert answer(ONE.unchanged()) == [(literal("default"),)]
    assert answer(ROWS.unchanged()) == [(integer(1), integer(2))]


def test_the_header_is_read() -> None:
    assert (ONE.title, ONE.description, ONE.view) == ("A title", "What it answers", "table")
    assert ONE.parameters == (queries.Parameter("x", "term", many=True, help="A value"),)


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_text_stays_one_value_for_the_engine(text: str) -> None:
    assert answer(ONE.bind(x=literal(text))) == [(literal(text),)]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_text_stays_one_value_for_an_engine_that_replaces_escapes_before_it_parses(text: str) -> None:
    """rdflib does so, as the SPARQL recommendation allows."""
    rows = rdflib.Graph().query(ONE.bind(x=literal(text)).text)
    assert [tuple(map(str, row)) for row in rows if isinstance(row, tuple)] == [(text,)]


@given(st.lists(SAFE_TEXT, max_size=4))
def test_whatever_the_texts_the_answer_is_exactly_those_texts(texts: list[str]) -> None:
    assert answer(ONE.bind(x=[literal(text) for text in texts])) == [(literal(text),) for text in texts]


@given(SAFE_TEXT, SAFE_TEXT)
def test_whatever_the_iri_it_is_refused_or_stays_one_iri(scheme: str, rest: str) -> None:
    try:
        term = iri(f"http://example.org/{scheme}>{rest}" if ">" in rest else f"http://example.org/{scheme}{rest}")
    except InvalidTerm:
        return
    assert answer(ONE.bind(x=term)) == [(term,)]


@given(SAFE_TEXT, SAFE_TEXT)
def test_whatever_the_language_tag_it_is_refused_or_stays_one_literal(text: str, tag: str) -> None:
    try:
        term = literal(text, tag)
    except InvalidTerm:
        return
    assert answer(ONE.bind(x=term)) == [(term,)]


def test_rows_take_terms_and_gaps_and_slices_take_numbers() -> None:
    pairs: list[tuple[queries.Cell, ...]] = [(iri("http://a/1"), None), (literal("b", "en"), integer(3))]
    bound = ROWS.bind(pairs=pairs, limit=1)
    assert answer(bound) == [(iri("http://a/1"), None)]
    assert "LIMIT 1\n" in bound.text


def test_no_alternatives_give_no_rows_and_any_gives_an_open_one() -> None:
    assert answer(ONE.bind(x=[])) == []
    assert answer(ONE.bind(x=None)) == [(None,)]


@pytest.mark.parametrize(
    "value",
    [BlankNode("b"), "text", 5, [BlankNode("b")], ["text"], {"a": 1}],
    ids=["blank node", "str", "int", "blank nodes", "strs", "dict"],
)
def test_what_is_no_term_is_refused(value: object) -> None:
    with pytest.raises(InvalidParameter):
        ONE.bind(x=value)  # type: ignore[arg-type]


@pytest.mark.parametrize("value", [-1, True, "1", integer(1), None, [1]])
def test_a_limit_takes_whole_numbers_only(value: object) -> None:
    with pytest.raises(InvalidParameter):
        ROWS.bind(pairs=[], limit=value)  # type: ignore[arg-type]


@pytest.mark.parametrize("rows", [[(integer(1),)], [integer(1)], [(integer(1), integer(2), integer(3))], ["ab"]])
def test_a_row_has_as_many_terms_as_variables(rows: object) -> None:
    with pytest.raises(InvalidParameter):
        ROWS.bind(pairs=rows, limit=1)  # type: ignore[arg-type]


def test_unknown_and_missing_parameters_are_named() -> None:
    with pytest.raises(InvalidParameter, match=r"y=.*one has only x"):
        ONE.bind(x=None, y=None)
    with pytest.raises(InvalidParameter, match="limit=None: rows needs it"):
        ROWS.bind(pairs=[])
    assert answer(ROWS.bind_some({"limit": 0})) == []


def test_a_value_that_is_not_of_the_parameters_type_is_refused() -> None:
    query = queries.parse(
        "typed",
        HEADER
        + "# param tag language_tag: A code\n# param who person*: People\n# param since instant: From when\n"
        + 'SELECT ?tag ?who ?since WHERE {\nVALUES ?tag { "en" }\nVALUES ?who { UNDEF }\nVALUES ?since { UNDEF }\n}\n',
    )
    good: dict[str, queries.Value] = {
        "tag": literal("pt-br"),
        "who": [iri("http://a/Q1")],
        "since": date_time("2026-06-01T00:00:00Z"),
    }
    assert answer(query.bind(**good)) == [(good["tag"], iri("http://a/Q1"), good["since"])]
    bad: tuple[tuple[str, queries.Value], ...] = (
        ("tag", literal("no tag")),
        ("tag", iri("http://a/")),
        ("tag", literal("x", "en")),
        ("who", literal("Q1")),
        ("since", literal("2026-06-01T00:00:00Z")),
        ("tag", [literal("en")]),
    )
    for name, wrong in bad:
        with pytest.raises(InvalidParameter, match=f"^{name}="):
            query.bind(**(good | {name: wrong}))


def test_a_parameter_reads_what_a_person_writes() -> None:
    spaces = WikibaseNamespaces("http://wiki.example")
    of = {type_: queries.Parameter("p", type_, many=False, help="h") for type_ in queries.TYPES}
    assert of["capacity"].read("Q12", namespaces=spaces) == NamedNode("http://wiki.example/entity/Q12")
    assert of["integer"].read("12", namespaces=spaces) == integer(12)
    assert of["text"].read('a "b"', namespaces=spaces) == Literal('a "b"')
    for type_, text in (("capacity", "no iri"), ("integer", "x"), ("instant", "yesterday"), ("language_tag", "a b")):
        with pytest.raises(InvalidParameter, match=r"must be|is not the code"):
            of[type_].read(text, namespaces=spaces)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("SELECT * {}", "no line '# title"),
        (HEADER.replace("table", "pirouette") + "SELECT * {}", "no view"),
        (HEADER + "# note\nSELECT * {}", "no line of a header"),
        (HEADER + "# title: again\nSELECT * {}", "two lines"),
        (HEADER + "# param x term: X\nSELECT * {}", "no line of its own"),
        (HEADER + "# param x term: X\nSELECT * { VALUES ?x { 1 } }", "no line of its own"),
        (HEADER + "# param x thing: X\nSELECT *\n{\nVALUES ?x { 1 }\n}", "unknown type"),
        (HEADER + "# param x term: X\n# param x term: X\nSELECT *\n{\nVALUES ?x { 1 }\n}", "two parameters"),
        (HEADER + "# param x row: X\nSELECT *\n{\nVALUES ?x { 1 }\n}", "does not fit"),
        (HEADER + "# param x term: X\nSELECT *\n{\nVALUES (?x ?y) { (1 2) } # param x\n}", "does not fit"),
        (HEADER + "SELECT *\n{\nVALUES ?x { 1 } # param y\n}", "does not declare"),
        (HEADER + "# param x limit: X\nSELECT * {}\nOFFSET 1 # param x\n", "does not fit"),
        (HEADER + "# param x term: X\nSELECT *\n{\nVALUES ?x {\n1 } # param x\n}", "cannot be replaced"),
    ],
)
def test_a_file_that_breaks_the_rules_is_refused_with_its_name(text: str, complaint: str) -> None:
    with pytest.raises(OntologyError, match=f"broken: .*{complaint}"):
        queries.parse("broken", text)


@pytest.mark.parametrize("name", ["nothing", "../pyproject", "search/../search/hits", "", "/etc/passwd"])
def test_a_name_without_a_file_is_not_found(name: str) -> None:
    with pytest.raises(NotFound):
        queries.load(name)
