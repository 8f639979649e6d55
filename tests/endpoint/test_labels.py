"""``SERVICE wikibase:label`` in the forms that users of the Wikidata Query Service type, with the rows they expect."""

from __future__ import annotations

import pytest
from pyoxigraph import Literal, NamedNode, Quad, QueryBoolean, QuerySolutions, QueryTriples, Store

from capx_graph.errors import InvalidQuery
from capx_graph.namespaces import RDFS, SCHEMA, SKOS, VOCABULARY_PREFIXES, WIKIBASE, WikibaseNamespaces
from capx_graph.sparql.guard import examine
from capx_graph.sparql.labels import LabelReader, follows_reader, rewrite

HERE = WikibaseNamespaces("http://t")
PREFIXES = {**VOCABULARY_PREFIXES, **HERE.prefixes()}
READER = LabelReader(("pt",), HERE.entity)
EN = 'SERVICE wikibase:label { bd:serviceParam wikibase:language "en". }'
AUTO = 'SERVICE wikibase:label { bd:serviceParam wikibase:language "[AUTO_LANGUAGE],en". }'

LABELS = {
    "Q1": {"en": "thing"},
    "Q2": {"en": "Berlin", "pt": "Berlim", "de": "Berlin (Stadt)"},
    "Q3": {"pt": "Lisboa"},
    "Q4": {"mul": "Everywhere"},
    "Q10": {"en": "Ann", "pt": "Ana"},
    "Q11": {"en": "Bob"},
    "Q12": {"pt": "Caio"},
    "P1": {"en": "lives in", "pt": "mora em"},
    "P2": {"en": "nickname"},
}
FACTS = (("Q10", "P1", "Q2"), ("Q11", "P1", "Q2"), ("Q12", "P1", "Q3"), ("Q13", "P1", "Q5"), ("Q2", "P3", "Q1"))


def wd(name: str) -> NamedNode:
    return NamedNode(HERE.entity + name)


def direct(name: str) -> NamedNode:
    return NamedNode(f"{HERE.prop}direct/{name}")


@pytest.fixture(scope="module")
def store() -> Store:
    quads = [
        Quad(wd(name), NamedNode(RDFS + "label"), Literal(text, language=language))
        for name, texts in LABELS.items()
        for language, text in texts.items()
    ]
    quads += [Quad(wd(s), direct(p), wd(o)) for s, p, o in FACTS]
    quads += [Quad(wd("Q10"), direct("P2"), Literal("Annie")), Quad(wd("Q4"), direct("P3"), wd("Q2"))]
    quads += [Quad(wd("Q2"), NamedNode(SCHEMA + "description"), Literal("city", language="en"))]
    quads += [
        Quad(wd("Q2"), NamedNode(SKOS + "altLabel"), Literal(text, language=language))
        for text, language in (("Spree-Athen", "de"), ("capital", "en"))
    ]
    for name in ("P1", "P2"):
        quads += [Quad(wd(name), NamedNode(WIKIBASE + "directClaim"), direct(name))]
        quads += [Quad(wd(name), NamedNode(WIKIBASE + "claim"), NamedNode(HERE.prop + name))]
    store = Store()
    store.extend(quads)
    return store


def cell(term: object) -> str | None:
    if term is None:
        return None
    assert isinstance(term, NamedNode | Literal)
    return term.value.removeprefix(HERE.entity)


def rows(store: Store, query: str, *, outside: bool = True) -> list[tuple[str | None, ...]]:
    text = rewrite(query, PREFIXES, READER, outside=outside)
    answer = store.query(text, prefixes=PREFIXES)
    if isinstance(answer, QueryTriples):
        return sorted((cell(t.subject), cell(t.predicate), cell(t.object)) for t in answer)
    assert isinstance(answer, QuerySolutions)
    assert not [v.value for v in answer.variables if v.value.startswith("_")], "helper variables are not shown"
    found = [tuple(cell(term) for term in solution) for solution in answer]
    ordered = "ORDER BY" in query.rpartition("}")[2].upper()
    return found if ordered else sorted(found, key=str)


PEOPLE = "?x wdt:P1 ?y ."
CASES: dict[str, tuple[str, list[tuple[str | None, ...]]]] = {
    "shown": (
        f"SELECT ?x ?xLabel WHERE {{ ?x wdt:P1 wd:Q2 . {EN} }} ORDER BY ?x",
        [("Q10", "Ann"), ("Q11", "Bob")],
    ),
    "the reader's language before the list's": (
        f"SELECT ?x ?xLabel {{ ?x wdt:P1 wd:Q2 {AUTO} }} ORDER BY ?x",
        [("Q10", "Ana"), ("Q11", "Bob")],
    ),
    "no label in any language is the id": (
        f"SELECT ?y ?yLabel {{ wd:Q12 wdt:P1 ?y {EN} }}",
        [("Q3", "Q3")],
    ),
    "no label at all is the id": (f"SELECT ?yLabel {{ wd:Q13 wdt:P1 ?y {EN} }}", [("Q5",)]),
    "mul": (
        'SELECT ?xLabel { ?x wdt:P3 wd:Q2 SERVICE wikibase:label { bd:serviceParam wikibase:language "en,mul" } }',
        [("Everywhere",)],
    ),
    "several languages, in their order, with blanks": (
        "SELECT ?yLabel { wd:Q10 wdt:P1 ?y "
        "SERVICE wikibase:label { bd:serviceParam wikibase:language ' fr , de,en ' } }",
        [("Berlin (Stadt)",)],
    ),
    "languages in two parameters": (
        'SELECT ?xLabel { VALUES ?x { wd:Q3 } SERVICE wikibase:label { bd:serviceParam wikibase:language "en" ; '
        'wikibase:language "pt" . } }',
        [("Lisboa",)],
    ),
    "languages as a list of objects": (
        "SELECT ?xLabel { VALUES ?x { wd:Q3 } "
        'SERVICE wikibase:label { bd:serviceParam wikibase:language "en", "pt" } }',
        [("Lisboa",)],
    ),
    "capitals in a language tag": (
        'SELECT ?xLabel { VALUES ?x { wd:Q3 } SERVICE wikibase:label { bd:serviceParam wikibase:language "PT" } }',
        [("Lisboa",)],
    ),
    "no language is the reader's": ("SELECT ?xLabel { VALUES ?x { wd:Q2 } SERVICE wikibase:label { } }", [("Berlim",)]),
    "description and aliases": (
        f"SELECT ?yLabel ?yDescription ?yAltLabel {{ wd:Q10 wdt:P1 ?y {EN} }}",
        [("Berlin", "city", "capital")],
    ),
    "no description, no aliases": (
        f"SELECT ?x ?xDescription ?xAltLabel {{ ?x wdt:P1 wd:Q3 {EN} }}",
        [("Q12", None, None)],
    ),
    "by hand": (
        'SELECT ?x ?name { ?x wdt:P1 wd:Q2 SERVICE wikibase:label { bd:serviceParam wikibase:language "en" . '
        "?x rdfs:label ?name } } ORDER BY ?x",
        [("Q10", "Ann"), ("Q11", "Bob")],
    ),
    "by hand, with semicolons": (
        'SELECT ?n ?d ?a { wd:Q10 wdt:P1 ?y SERVICE wikibase:label { bd:serviceParam wikibase:language "de,en" . '
        "?y rdfs:label ?n ; schema:description ?d ; skos:altLabel ?a . } }",
        [("Berlin (Stadt)", "city", "Spree-Athen")],
    ),
    "by hand, for a fixed entity": (
        'SELECT ?n { SERVICE wikibase:label { bd:serviceParam wikibase:language "en" . wd:Q2 rdfs:label ?n } }',
        [("Berlin",)],
    ),
    "by hand, filtered": (
        'SELECT ?x { ?x wdt:P1 ?y SERVICE wikibase:label { bd:serviceParam wikibase:language "en" . ?x rdfs:label ?n } '
        'FILTER(STRSTARTS(?n, "A")) }',
        [("Q10",)],
    ),
    "by hand, everything shown": (
        'SELECT * { ?x wdt:P1 wd:Q3 SERVICE wikibase:label { bd:serviceParam wikibase:language "pt" . '
        "?x rdfs:label ?n } }",
        [("Q12", "Caio")],
    ),
    "everything shown has no labels of its own": (f"SELECT * {{ ?x wdt:P1 wd:Q3 {EN} }}", [("Q12",)]),
    "everything shown, a label filtered": (
        f'SELECT * {{ ?x wdt:P1 wd:Q2 {EN} FILTER(?xLabel = "Bob"@en) }}',
        [("Q11", "Bob")],
    ),
    "grouped by thing and label": (
        f"SELECT ?y ?yLabel (COUNT(?x) AS ?n) {{ {PEOPLE} {EN} }} GROUP BY ?y ?yLabel ORDER BY DESC(?n) ?y LIMIT 2",
        [("Q2", "Berlin", "2"), ("Q3", "Q3", "1")],
    ),
    "grouped by label alone": (
        f"SELECT ?yLabel (COUNT(*) AS ?n) {{ {PEOPLE} {EN} }} GROUP BY ?yLabel ORDER BY ?yLabel",
        [("Berlin", "2"), ("Q3", "1"), ("Q5", "1")],
    ),
    "ordered by an aggregate that is not shown": (
        f"SELECT ?y ?yLabel {{ {PEOPLE} {EN} }} GROUP BY ?y ?yLabel ORDER BY DESC(COUNT(?x)) ?y",
        [("Q2", "Berlin"), ("Q3", "Q3"), ("Q5", "Q5")],
    ),
    "grouped and ordered by label": (
        f"SELECT ?y ?yLabel (COUNT(?x) AS ?n) {{ {PEOPLE} {AUTO} }} GROUP BY ?y ?yLabel ORDER BY DESC(?yLabel) LIMIT 2",
        [("Q5", "Q5", "1"), ("Q3", "Lisboa", "1")],
    ),
    "having": (
        f"SELECT ?y ?yLabel {{ {PEOPLE} {EN} }} GROUP BY ?y ?yLabel HAVING(COUNT(?x) > 1)",
        [("Q2", "Berlin")],
    ),
    "having on the label": (
        f'SELECT ?y ?yLabel {{ {PEOPLE} {EN} }} GROUP BY ?y ?yLabel HAVING(STRSTARTS(?yLabel, "Q")) ORDER BY ?y',
        [("Q3", "Q3"), ("Q5", "Q5")],
    ),
    "a sample of labels": (
        f"SELECT ?y (SAMPLE(?yLabel) AS ?name) {{ {PEOPLE} {EN} }} GROUP BY ?y ORDER BY ?y",
        [("Q2", "Berlin"), ("Q3", "Q3"), ("Q5", "Q5")],
    ),
    "labels joined": (
        "SELECT ?y (GROUP_CONCAT(DISTINCT ?xLabel; separator=', ') AS ?names) { ?x wdt:P1 ?y . FILTER(?y = wd:Q3) "
        'SERVICE wikibase:label { bd:serviceParam wikibase:language "pt" } } GROUP BY ?y',
        [("Q3", "Caio")],
    ),
    "counted labels": (f"SELECT (COUNT(DISTINCT ?yLabel) AS ?n) {{ {PEOPLE} {EN} }}", [("3",)]),
    "distinct things": (
        f"SELECT DISTINCT ?y ?yLabel {{ {PEOPLE} {EN} }} ORDER BY ?y",
        [("Q2", "Berlin"), ("Q3", "Q3"), ("Q5", "Q5")],
    ),
    "distinct labels, cut": (
        f"SELECT DISTINCT ?yLabel {{ {PEOPLE} {EN} }} ORDER BY ?yLabel LIMIT 2",
        [("Berlin",), ("Q3",)],
    ),
    "ordered by label, cut": (
        f"SELECT ?x ?xLabel {{ {PEOPLE} {AUTO} }} ORDER BY ?xLabel LIMIT 2 OFFSET 1",
        [("Q11", "Bob"), ("Q12", "Caio")],
    ),
    "ordered by a label that is not shown": (
        f"SELECT ?x {{ {PEOPLE} {AUTO} }} ORDER BY DESC(?xLabel)",
        [("Q13",), ("Q12",), ("Q11",), ("Q10",)],
    ),
    "ordered by something that is not shown, cut": (
        f"SELECT ?xLabel {{ {PEOPLE} {EN} }} ORDER BY DESC(?y) DESC(?x) LIMIT 3",
        [("Q13",), ("Q12",), ("Bob",)],
    ),
    "ordered by the lower case of a label": (
        f"SELECT ?xLabel {{ {PEOPLE} {AUTO} }} ORDER BY LCASE(STR(?xLabel))",
        [("Ana",), ("Bob",), ("Caio",), ("Q13",)],
    ),
    "a sub-select without labels": (
        f"SELECT ?yLabel ?n {{ {{ SELECT ?y (COUNT(*) AS ?n) {{ {PEOPLE} }} GROUP BY ?y }} {EN} }} "
        "ORDER BY DESC(?n) ?y",
        [("Berlin", "2"), ("Q3", "1"), ("Q5", "1")],
    ),
    "a sub-select with labels": (
        f"SELECT ?x ?yLabel {{ {{ SELECT ?x ?yLabel {{ {PEOPLE} {EN} }} }} FILTER(STRLEN(?yLabel) > 2) }} ORDER BY ?x",
        [("Q10", "Berlin"), ("Q11", "Berlin")],
    ),
    "labels inside and outside": (
        f"SELECT ?xLabel ?yLabel {{ {{ SELECT ?x ?y ?yLabel {{ {PEOPLE} {EN} }} ORDER BY ?x LIMIT 1 }} {AUTO} }}",
        [("Ana", "Berlin")],
    ),
    "optional, unbound": (
        f"SELECT ?x ?z ?zLabel {{ ?x wdt:P1 wd:Q3 OPTIONAL {{ ?x wdt:P99 ?z }} {EN} }}",
        [("Q12", None, None)],
    ),
    "optional, some bound": (
        f"SELECT ?y ?zLabel {{ VALUES ?y {{ wd:Q2 wd:Q3 }} OPTIONAL {{ ?y wdt:P3 ?z }} {EN} }} ORDER BY ?y",
        [("Q2", "thing"), ("Q3", None)],
    ),
    "the service inside an OPTIONAL": (
        f"SELECT ?y ?zLabel {{ VALUES ?y {{ wd:Q2 wd:Q3 }} OPTIONAL {{ ?y wdt:P3 ?z {EN} }} }} ORDER BY ?y",
        [("Q2", "thing"), ("Q3", None)],
    ),
    "behind a UNION": (
        f"SELECT ?x ?xLabel ?z ?zLabel {{ {{ ?x wdt:P1 wd:Q3 }} UNION {{ wd:Q2 wdt:P3 ?z }} {AUTO} }}",
        [("Q12", "Caio", None, None), (None, None, "Q1", "thing")],
    ),
    "inside a UNION": (
        f"SELECT ?x ?xLabel {{ {{ ?x wdt:P1 wd:Q3 {AUTO} }} UNION {{ ?x wdt:P1 wd:Q5 {AUTO} }} }} ORDER BY ?x",
        [("Q12", "Caio"), ("Q13", "Q13")],
    ),
    "minus": (f"SELECT ?xLabel {{ {PEOPLE} MINUS {{ ?x wdt:P1 wd:Q2 }} {AUTO} }} ORDER BY ?x", [("Caio",), ("Q13",)]),
    "filter not exists": (
        f"SELECT ?xLabel {{ {PEOPLE} FILTER NOT EXISTS {{ ?x wdt:P2 ?w }} {EN} FILTER(?y = wd:Q2) }}",
        [("Bob",)],
    ),
    "a property path": (
        f"SELECT ?x ?zLabel {{ ?x wdt:P1/wdt:P3 ?z {EN} }} ORDER BY ?x",
        [("Q10", "thing"), ("Q11", "thing")],
    ),
    "values and bind": (
        f"SELECT ?copyLabel {{ VALUES ?y {{ wd:Q2 }} BIND(?y AS ?copy) {EN} }}",
        [("Berlin",)],
    ),
    "a label read by a BIND behind": (
        f'SELECT ?line {{ ?x wdt:P1 wd:Q2 {EN} BIND(CONCAT(?xLabel, "!") AS ?line) }} ORDER BY ?line',
        [("Ann!",), ("Bob!",)],
    ),
    "a label in a shown expression": (
        f"SELECT ?x (UCASE(STR(?xLabel)) AS ?big) {{ ?x wdt:P1 wd:Q2 {EN} }} ORDER BY ?x",
        [("Q10", "ANN"), ("Q11", "BOB")],
    ),
    "the label of a literal is itself": (f"SELECT ?nLabel {{ wd:Q10 wdt:P2 ?n {EN} }}", [("Annie",)]),
    "the label of another IRI is that IRI": (
        f"SELECT ?pLabel {{ wd:Q13 ?p wd:Q5 {EN} }}",
        [("http://t/prop/direct/P1",)],
    ),
    "labels of properties": (
        f"SELECT ?propLabel ?valueLabel {{ wd:Q10 ?p ?value . ?prop wikibase:directClaim ?p {AUTO} }} "
        "ORDER BY ?propLabel",
        [("mora em", "Berlim"), ("nickname", "Annie")],
    ),
    "labels of properties by claim": (f"SELECT ?propLabel {{ ?prop wikibase:claim p:P1 {EN} }}", [("lives in",)]),
    "the query's own label is left alone": (
        f'SELECT ?xLabel {{ ?x wdt:P1 wd:Q2 . ?x rdfs:label ?xLabel FILTER(LANG(?xLabel) = "pt") {EN} }}',
        [("Ana",)],
    ),
    "in front of everything": (f"SELECT ?x ?xLabel {{ {EN} ?x wdt:P1 wd:Q3 }}", [("Q12", "Q12")]),
    "a full stop behind": (
        f"SELECT ?x ?xLabel {{ ?x wdt:P1 wd:Q2 . {EN} . }} ORDER BY ?x",
        [("Q10", "Ann"), ("Q11", "Bob")],
    ),
    "in front of everything, with a full stop": (f"SELECT ?xLabel {{ {AUTO} . ?x wdt:P1 wd:Q3 }}", [("Caio",)]),
    "between triples": (f"SELECT ?xLabel {{ ?x wdt:P1 ?y {AUTO} ?y wdt:P3 wd:Q1 }}", [("Ana",), ("Bob",)]),
    "between triples, with full stops": (
        f"SELECT ?xLabel {{ ?x wdt:P1 ?y . {AUTO} . ?y wdt:P3 wd:Q1 }}",
        [("Ana",), ("Bob",)],
    ),
    "between triples, filtered": (
        f"SELECT ?xLabel {{ ?x wdt:P1 ?y ; {AUTO} ?y wdt:P3 wd:Q1 FILTER(?xLabel = 'Ana'@pt) }}",
        [("Ana",)],
    ),
    "without blanks, in lower case": (
        'select ?xLabel where{?x wdt:P1 wd:Q3 .service wikibase:label{bd:serviceParam wikibase:language"pt"}}limit 9',
        [("Caio",)],
    ),
    "comments in odd places": (
        "SELECT ?x # things } { \n ?xLabel WHERE { # SERVICE <x> {\r\n ?x wdt:P1 wd:Q3 . "
        "SERVICE # the\n wikibase:label # label }\n"
        '{ bd:serviceParam # "\n wikibase:language "pt" # en\n . } # end }\n }',
        [("Q12", "Caio")],
    ),
    "the whole IRIs": (
        "SELECT ?xLabel { ?x wdt:P1 wd:Q3 SERVICE <http://wikiba.se/ontology#label> "
        '{ <http://www.bigdata.com/rdf#serviceParam> <http://wikiba.se/ontology#language> "pt" } }',
        [("Caio",)],
    ),
    "prefixes of the query's own": (
        "PREFIX w: <http://wikiba.se/ontology#> PREFIX b: <http://www.bigdata.com/rdf#> "
        'SELECT ?xLabel { ?x wdt:P1 wd:Q3 SERVICE w:label { b:serviceParam w:language "pt" } }',
        [("Caio",)],
    ),
    "dollar variables": (f"SELECT $x $xLabel {{ $x wdt:P1 wd:Q2 {EN} }} ORDER BY $x", [("Q10", "Ann"), ("Q11", "Bob")]),
    "the service twice": (f"SELECT ?xLabel {{ ?x wdt:P1 wd:Q3 {AUTO} {EN} }}", [("Q12",)]),
    "silent": (
        'SELECT ?xLabel { ?x wdt:P1 wd:Q3 SERVICE SILENT wikibase:label { bd:serviceParam wikibase:language "pt" } }',
        [("Caio",)],
    ),
    "construct": (
        f"CONSTRUCT {{ ?x rdfs:label ?xLabel }} WHERE {{ ?x wdt:P1 wd:Q2 {EN} }}",
        [("Q10", RDFS + "label", "Ann"), ("Q11", RDFS + "label", "Bob")],
    ),
    "describe": (
        f"DESCRIBE ?x WHERE {{ ?x wdt:P1 wd:Q5 {EN} }}",
        [("Q13", "http://t/prop/direct/P1", "Q5")],
    ),
    "duplicate rows stay": (f"SELECT ?yLabel {{ ?x wdt:P1 ?y FILTER(?y = wd:Q2) {EN} }}", [("Berlin",), ("Berlin",)]),
    "values behind everything": (
        f"SELECT ?x ?xLabel {{ {PEOPLE} {EN} }} ORDER BY ?x VALUES ?y {{ wd:Q2 }}",
        [("Q10", "Ann"), ("Q11", "Bob")],
    ),
}


@pytest.mark.parametrize("outside", [True, False], ids=["outside", "inside"])
@pytest.mark.parametrize("name", CASES)
def test_labels_come_wherever_a_query_asks_for_them(store: Store, name: str, outside: bool) -> None:
    query, expected = CASES[name]
    ordered = "ORDER BY" in query.rpartition("}")[2].upper() or "ORDER BY" in query.partition("VALUES ?y { wd:Q2 }")[0]
    found = rows(store, query, outside=outside)
    if ordered and "VALUES ?y { wd:Q2 }" not in query:
        assert found == expected
    else:
        assert sorted(found, key=str) == sorted(expected, key=str)


def test_a_label_may_decide_what_ask_answers(store: Store) -> None:
    query = f'ASK {{ ?x wdt:P1 wd:Q3 {AUTO} FILTER(?xLabel = "Caio"@pt) }}'
    answer = store.query(rewrite(query, PREFIXES, READER), prefixes=PREFIXES)
    assert isinstance(answer, QueryBoolean)
    assert answer


def test_labels_of_grouped_rows_are_computed_outside() -> None:
    query, _ = CASES["grouped by thing and label"]
    text = rewrite(query, PREFIXES, READER)
    assert text.index("GROUP BY") < text.index("rdf-schema#label")
    assert "?yLabel" not in text[text.index("GROUP BY") : text.index("}", text.index("GROUP BY"))]


@pytest.mark.parametrize(
    ("body", "rule"),
    [
        ("bd:serviceParam wikibase:language ?l", "takes a text"),
        ('bd:serviceParam wikibase:language "e n"', "no language code"),
        ('bd:serviceParam wikibase:language "en\\") } SERVICE <http://x> {"', "no language code"),
        ("?x rdfs:label", "plain triples"),
        ("?x rdfs:seeAlso ?y", "the label service takes"),
        ("OPTIONAL { ?x rdfs:label ?y }", "plain triples"),
    ],
)
def test_what_the_service_cannot_do_is_said_at_its_place(body: str, rule: str) -> None:
    with pytest.raises(InvalidQuery, match=rule) as caught:
        rewrite(f"SELECT ?xLabel {{\n ?x wdt:P1 ?y\n SERVICE wikibase:label {{ {body} }} }}", PREFIXES, READER)
    assert caught.value.line == 3


def test_an_answer_follows_the_reader_only_where_the_query_leaves_it_to_them() -> None:
    assert follows_reader(examine(f"SELECT ?xLabel {{ ?x ?y ?z {AUTO} }}", PREFIXES))
    assert follows_reader(examine("SELECT ?xLabel { ?x ?y ?z SERVICE wikibase:label {} }", PREFIXES))
    assert not follows_reader(examine(f"SELECT ?xLabel {{ ?x ?y ?z {EN} }}", PREFIXES))


def test_many_calls_and_many_labels_are_bounded() -> None:
    with pytest.raises(InvalidQuery, match="too often"):
        rewrite("SELECT * {" + "{ " + f"{EN} }} UNION {{ " * 2000 + "} }", PREFIXES, READER)
    names = " ".join(f"?v{n} ?v{n}Label" for n in range(2000))
    pattern = " ".join(f"?v{n} wdt:P1 ?w ." for n in range(2000))
    with pytest.raises(InvalidQuery, match="more than"):
        rewrite(f"SELECT {names} {{ {pattern} {AUTO} }}", PREFIXES, READER)
