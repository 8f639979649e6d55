"""Queries in the style of the Wikidata Query Service beside the same in plain SPARQL: the same rows, on real shapes.

P and Q ids are those of the embedded repository: P8 offers, P9 wants, P10 speaks (P30 level), P12 affiliated with, P18
type of organization, P5 broader capacity, P14 username.
"""

# ruff: noqa: E501 a query keeps its lines

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from capx_graph import settings
from capx_graph.endpoint.answering import Endpoint, Question, open_endpoint
from tests.houses.demo_graph import DemoGraph

EN = 'SERVICE wikibase:label { bd:serviceParam wikibase:language "en". }'
AUTO = 'SERVICE wikibase:label { bd:serviceParam wikibase:language "[AUTO_LANGUAGE],mul,en". }'
LABEL = re.compile(r"@(\w+)(?::([\w-]+))?")
"""In the plain form ``@x`` stands for the label of ?x in English, else its id; ``@x:pt`` in another language."""

Rows = list[tuple[str | None, ...]]


@dataclass(frozen=True)
class Pair:
    """A query as there, the same in plain SPARQL, whether rows have an order, the reader's language."""

    service: str
    plain: str
    ordered: bool = False
    language: str = "en"


PAIRS: dict[str, Pair] = {
    "the first example of that service": Pair(
        f"#Capacities\nSELECT ?item ?itemLabel\nWHERE\n{{\n  ?item wdt:P1 wd:Q1. # Must be of a capacity\n  {AUTO} # l\n}}",
        "SELECT ?item ?itemLabel { ?item wdt:P1 wd:Q1 . @item }",
    ),
    "a chart": Pair(
        "#defaultView:BubbleChart\nSELECT ?c ?cLabel (COUNT(?p) AS ?count) WHERE { ?p wdt:P8 ?c . "
        f"{AUTO} }} GROUP BY ?c ?cLabel ORDER BY DESC(?count) ?cLabel LIMIT 20",
        "SELECT ?c ?cLabel ?count { { SELECT ?c (COUNT(?p) AS ?count) { ?p wdt:P8 ?c } GROUP BY ?c } @c }"
        " ORDER BY DESC(?count) ?cLabel LIMIT 20",
        ordered=True,
    ),
    "samples and joined labels, by hand": Pair(
        'SELECT ?o (SAMPLE(?oLabel) AS ?name) (GROUP_CONCAT(DISTINCT ?tLabel; SEPARATOR=", ") AS ?types) '
        '{ ?o wdt:P18 ?t . SERVICE wikibase:label { bd:serviceParam wikibase:language "en". ?o rdfs:label ?oLabel. '
        "?t rdfs:label ?tLabel. } } GROUP BY ?o",
        'SELECT ?o (SAMPLE(?oLabel) AS ?name) (GROUP_CONCAT(DISTINCT ?tLabel; SEPARATOR=", ") AS ?types) '
        "{ ?o wdt:P18 ?t . @o @t } GROUP BY ?o",
    ),
    "joined labels, automatic": Pair(
        f'SELECT ?p (GROUP_CONCAT(?cLabel; separator="; ") AS ?all) {{ {{ SELECT ?p ?c {{ ?p wdt:P8 ?c }} '
        f"ORDER BY ?p ?c }} {EN} }} GROUP BY ?p",
        'SELECT ?p (GROUP_CONCAT(?cLabel; separator="; ") AS ?all) { { SELECT ?p ?c { ?p wdt:P8 ?c } ORDER BY ?p ?c }'
        " @c } GROUP BY ?p",
    ),
    "first and last": Pair(
        f"SELECT ?t (MIN(?xLabel) AS ?first) (MAX(?xLabel) AS ?last) {{ ?x wdt:P18 ?t {EN} }} GROUP BY ?t",
        "SELECT ?t (MIN(?xLabel) AS ?first) (MAX(?xLabel) AS ?last) { ?x wdt:P18 ?t @x } GROUP BY ?t",
    ),
    "counted labels": Pair(
        f"SELECT (COUNT(DISTINCT ?xLabel) AS ?n) {{ ?x a capx:Person {EN} }}",
        "SELECT (COUNT(DISTINCT ?xLabel) AS ?n) { ?x a capx:Person @x }",
    ),
    "an optional that is often unbound": Pair(
        f"SELECT ?p ?pLabel ?org ?orgLabel {{ ?p a capx:Person OPTIONAL {{ ?p wdt:P12 ?org }} {EN} }}",
        "SELECT ?p ?pLabel ?org ?orgLabel { ?p a capx:Person . @p OPTIONAL { ?p wdt:P12 ?org . @org } }",
    ),
    "the service inside an optional": Pair(
        f"SELECT ?p ?org ?orgLabel {{ ?p a capx:Person OPTIONAL {{ ?p wdt:P12 ?org . {EN} }} }}",
        "SELECT ?p ?org ?orgLabel { ?p a capx:Person . OPTIONAL { ?p wdt:P12 ?org . @org } }",
    ),
    "whether a label is bound": Pair(
        'SELECT ?x (IF(BOUND(?orgLabel), ?orgLabel, "none") AS ?w) '
        f"{{ ?x a capx:Person OPTIONAL {{ ?x wdt:P12 ?org }} {EN} }}",
        'SELECT ?x (COALESCE(?orgLabel, "none") AS ?w) { ?x a capx:Person OPTIONAL { ?x wdt:P12 ?org @org } }',
    ),
    "alternatives": Pair(
        f"SELECT ?p ?x ?xLabel {{ {{ ?p wdt:P8 ?x }} UNION {{ ?p wdt:P9 ?x }} UNION {{ ?p wdt:P12 ?x }} {EN} }}",
        "SELECT ?p ?x ?xLabel { ?p wdt:P8|wdt:P9|wdt:P12 ?x . @x }",
    ),
    "alternatives with other variables": Pair(
        f"SELECT ?aLabel ?bLabel {{ {{ ?a a capx:Region }} UNION {{ ?b a capx:Project }} {EN} }}",
        "SELECT ?aLabel ?bLabel { { ?a a capx:Region @a } UNION { ?b a capx:Project @b } }",
    ),
    "the service in each alternative": Pair(
        f"SELECT ?x ?xLabel {{ {{ ?x a capx:Region {EN} }} UNION {{ ?x a capx:Project {EN} }} }}",
        "SELECT ?x ?xLabel { VALUES ?t { capx:Region capx:Project } ?x a ?t . @x }",
    ),
    "distinct things with descriptions": Pair(
        f"SELECT DISTINCT ?x ?xLabel ?xDescription {{ {{ ?p wdt:P8 ?x }} UNION {{ ?p wdt:P9 ?x }} {EN} }}",
        "SELECT DISTINCT ?x ?xLabel ?xDescription { ?p wdt:P8|wdt:P9 ?x . @x "
        'OPTIONAL { ?x schema:description ?xDescription FILTER(LANG(?xDescription) = "en") } }',
    ),
    "aliases": Pair(
        f"SELECT ?x ?xAltLabel {{ ?x a capx:Capacity {EN} }}",
        'SELECT ?x ?xAltLabel { ?x a capx:Capacity OPTIONAL { SELECT ?x (GROUP_CONCAT(?a; separator=", ") AS '
        '?xAltLabel) { ?x skos:altLabel ?a FILTER(LANG(?a) = "en") } GROUP BY ?x } }',
    ),
    "labels of properties": Pair(
        f"SELECT ?prop ?propLabel (COUNT(*) AS ?n) {{ ?s a capx:Region ; ?p ?o . ?prop wikibase:directClaim ?p . {EN} }} "
        "GROUP BY ?prop ?propLabel",
        "SELECT ?prop ?propLabel (COUNT(*) AS ?n) { ?s a capx:Region ; ?p ?o . ?prop wikibase:directClaim ?p . @prop } "
        "GROUP BY ?prop ?propLabel",
    ),
    "statements with their qualifiers": Pair(
        "SELECT ?wdLabel ?valueLabel ?pqLabel ?qualifierLabel { ?person wdt:P14 ?n ; ?p ?statement . "
        "?statement ?ps ?value . ?wd wikibase:claim ?p ; wikibase:statementProperty ?ps . "
        f"OPTIONAL {{ ?statement ?q ?qualifier . ?pq wikibase:qualifier ?q . }} FILTER(STRENDS(?n, ' 7')) {EN} }}",
        "SELECT ?wdLabel ?valueLabel ?pqLabel ?qualifierLabel { ?person wdt:P14 ?n ; ?p ?statement . "
        "?statement ?ps ?value . ?wd wikibase:claim ?p ; wikibase:statementProperty ?ps . @wd @value "
        "OPTIONAL { ?statement ?q ?qualifier . ?pq wikibase:qualifier ?q . @pq @qualifier } FILTER(STRENDS(?n, ' 7')) }",
    ),
    "values of statements": Pair(
        f"SELECT ?pLabel ?levelLabel {{ ?p p:P10 [ ps:P10 ?l ; pq:P30 ?level ] . {EN} }}",
        "SELECT ?pLabel ?levelLabel { ?p p:P10 [ ps:P10 ?l ; pq:P30 ?level ] . @p @level }",
    ),
    "the best rank": Pair(
        f"SELECT ?lLabel {{ ?p p:P10 ?s . ?s a wikibase:BestRank ; ps:P10 ?l ; wikibase:rank wikibase:NormalRank . {EN} }}",
        "SELECT ?lLabel { ?p wdt:P10 ?l . @l }",
    ),
    "terms of the ontology": Pair(
        f"SELECT ?o ?typeLabel {{ ?o capx:organizationType ?type {EN} }}",
        "SELECT ?o ?typeLabel { ?o wdt:P18 ?item . @item BIND(?itemLabel AS ?typeLabel) }",
    ),
    "a sub-select": Pair(
        "SELECT ?c ?cLabel ?n { { SELECT ?c (COUNT(*) AS ?n) { ?p wdt:P8 ?c } GROUP BY ?c ORDER BY DESC(?n) ?c LIMIT 9 }"
        f" {EN} }} ORDER BY DESC(?n) ?c",
        "SELECT ?c ?cLabel ?n { { SELECT ?c (COUNT(*) AS ?n) { ?p wdt:P8 ?c } GROUP BY ?c ORDER BY DESC(?n) ?c LIMIT 9 }"
        " @c } ORDER BY DESC(?n) ?c",
        ordered=True,
    ),
    "labels in a sub-select, grouped outside": Pair(
        f"SELECT ?rLabel (COUNT(*) AS ?n) {{ {{ SELECT ?c ?rLabel {{ ?c wdt:P5+ ?r . {EN} }} }} ?p wdt:P8 ?c }} "
        "GROUP BY ?rLabel",
        "SELECT ?rLabel (COUNT(*) AS ?n) { ?c wdt:P5+ ?r . @r ?p wdt:P8 ?c } GROUP BY ?rLabel",
    ),
    "a sub-select that shows all": Pair(
        f"SELECT ?x ?xLabel {{ {{ SELECT * {{ ?x a capx:Region }} }} {EN} }}",
        "SELECT ?x ?xLabel { ?x a capx:Region @x }",
    ),
    "everything shown": Pair(f"SELECT * {{ ?x wdt:P18 ?t . {EN} }}", "SELECT * { ?x wdt:P18 ?t }"),
    "everything shown, labels by hand": Pair(
        'SELECT * { ?x a capx:Region SERVICE wikibase:label { bd:serviceParam wikibase:language "fr". ?x rdfs:label ?n } }',
        "SELECT ?x ?n { ?x a capx:Region @x:fr BIND(?xLabel AS ?n) }",
    ),
    "ordered by label": Pair(
        f"SELECT ?x ?xLabel {{ ?x a capx:Language . {EN} }} ORDER BY ?xLabel ?x",
        "SELECT ?x ?xLabel { ?x a capx:Language . @x } ORDER BY ?xLabel ?x",
        ordered=True,
    ),
    "ordered by its lower case, cut": Pair(
        f"SELECT ?x ?xLabel {{ ?x a capx:Language . {EN} }} ORDER BY LCASE(?xLabel) ?x LIMIT 20 OFFSET 3",
        "SELECT ?x ?xLabel { ?x a capx:Language . @x } ORDER BY LCASE(?xLabel) ?x LIMIT 20 OFFSET 3",
        ordered=True,
    ),
    "a label that is filtered": Pair(
        f'SELECT ?x ?xLabel {{ ?x a capx:Language . {EN} FILTER(CONTAINS(LCASE(?xLabel), "port")) }}',
        'SELECT ?x ?xLabel { ?x a capx:Language . @x FILTER(CONTAINS(LCASE(?xLabel), "port")) }',
    ),
    "HAVING a number by its name": Pair(
        f"SELECT ?t ?tLabel (COUNT(?x) AS ?n) {{ ?x wdt:P18 ?t . {EN} }} GROUP BY ?t ?tLabel HAVING(?n > 10)",
        "SELECT ?t ?tLabel (COUNT(?x) AS ?n) { ?x wdt:P18 ?t . @t } GROUP BY ?t ?tLabel HAVING(COUNT(?x) > 10)",
    ),
    "grouped by a part of the label": Pair(
        f"SELECT ?a (COUNT(DISTINCT ?x) AS ?n) {{ ?x a capx:Language . {EN} }} GROUP BY (SUBSTR(?xLabel, 1, 1) AS ?a)",
        "SELECT ?a (COUNT(DISTINCT ?x) AS ?n) { ?x a capx:Language . @x BIND(SUBSTR(?xLabel, 1, 1) AS ?a) } GROUP BY ?a",
    ),
    "labels joined in what is shown": Pair(
        f'SELECT (CONCAT(?pLabel, " (", ?cLabel, ")") AS ?s) {{ ?p wdt:P8 ?c . {EN} }}',
        'SELECT (CONCAT(?pLabel, " (", ?cLabel, ")") AS ?s) { ?p wdt:P8 ?c . @p @c }',
    ),
    "what nobody offers": Pair(
        f"SELECT ?c ?cLabel {{ ?c a capx:Capacity MINUS {{ ?p wdt:P8 ?c }} {EN} }}",
        "SELECT ?c ?cLabel { ?c a capx:Capacity FILTER NOT EXISTS { ?p wdt:P8 ?c } @c }",
    ),
    "a filter that asks for a pattern": Pair(
        f"SELECT ?c ?cLabel {{ ?c a capx:Capacity FILTER EXISTS {{ ?p wdt:P8 ?c . {EN} }} {EN} }}",
        "SELECT DISTINCT ?c ?cLabel { ?c a capx:Capacity . ?p wdt:P8 ?c . @c }",
    ),
    "the reader's language": Pair(
        f"SELECT ?x ?xLabel {{ ?x a capx:Region . {AUTO} }}",
        "SELECT ?x ?xLabel { ?x a capx:Region . @x:ja }",
        language="ja",
    ),
    "the reader's language in a filter": Pair(
        'SELECT ?x ?l { ?x a capx:Region ; rdfs:label ?l FILTER(LANG(?l) = "[AUTO_LANGUAGE]") }',
        "SELECT ?x ?l { ?x a capx:Region . @x:ja BIND(?xLabel AS ?l) }",
        language="ja",
    ),
    "a chain of languages": Pair(
        'SELECT ?x ?xLabel { ?x a capx:Region SERVICE wikibase:label { bd:serviceParam wikibase:language "zz,pt-br,de" } }',
        "SELECT ?x ?xLabel { ?x a capx:Region OPTIONAL { ?x rdfs:label ?a FILTER(LANG(?a) = 'pt-br') } "
        "OPTIONAL { ?x rdfs:label ?b FILTER(LANG(?b) = 'de') } BIND(COALESCE(?a, ?b) AS ?xLabel) }",
    ),
    "several parameters": Pair(
        "SELECT ?x ?xLabel { ?x a capx:Region SERVICE wikibase:label { bd:serviceParam wikibase:language 'zz' . "
        "bd:serviceParam wikibase:language 'fr'. } }",
        "SELECT ?x ?xLabel { ?x a capx:Region @x:fr }",
    ),
    "two languages side by side": Pair(
        'SELECT ?e ?f { ?x a capx:Region SERVICE wikibase:label { bd:serviceParam wikibase:language "en". ?x rdfs:label ?e }'
        ' SERVICE wikibase:label { bd:serviceParam wikibase:language "fr". ?x rdfs:label ?f } }',
        "SELECT ?e ?f { ?x a capx:Region ; rdfs:label ?e, ?f FILTER(LANG(?e) = 'en' && LANG(?f) = 'fr') }",
    ),
    "a named sub-select": Pair(
        "SELECT ?c ?cLabel ?n WITH { SELECT ?c (COUNT(*) AS ?n) WHERE { ?p wdt:P8 ?c } GROUP BY ?c } AS %top "
        f"WHERE {{ INCLUDE %top . FILTER(?n > 3) {EN} }}",
        "SELECT ?c ?cLabel ?n { { SELECT ?c (COUNT(*) AS ?n) { ?p wdt:P8 ?c } GROUP BY ?c } FILTER(?n > 3) @c }",
    ),
    "two named sub-selects": Pair(
        "SELECT ?cLabel (SUM(?n) AS ?s) WITH { SELECT ?p WHERE { ?p wdt:P12 [] } } AS %people "
        "WITH { SELECT ?c (COUNT(*) AS ?n) WHERE { INCLUDE %people . ?p wdt:P8 ?c } GROUP BY ?c } AS %top "
        f"WHERE {{ INCLUDE %top . {EN} }} GROUP BY ?cLabel",
        "SELECT ?cLabel (SUM(?n) AS ?s) { { SELECT ?c (COUNT(*) AS ?n) { { SELECT ?p { ?p wdt:P12 [] } } ?p wdt:P8 ?c } "
        "GROUP BY ?c } @c } GROUP BY ?cLabel",
    ),
    "hints": Pair(
        'SELECT ?x ?xLabel { hint:Query hint:optimizer "None" . ?x a capx:Region . hint:Prior hint:runFirst true '
        f"{EN} . }}",
        "SELECT ?x ?xLabel { ?x a capx:Region . @x }",
    ),
    "things that are not there": Pair(
        f"SELECT ?item ?itemLabel {{ VALUES ?item {{ wd:Q1 wd:Q99999999 wd:P1 wikidata:Q42 }} {EN} }}",
        "SELECT ?item ?itemLabel { VALUES ?item { wd:Q1 wd:Q99999999 wd:P1 wikidata:Q42 } @item }",
    ),
    "labels of texts and numbers": Pair(
        f"SELECT ?aLabel ?bLabel ?cLabel {{ BIND('x'@fr AS ?a) BIND(5 AS ?b) BIND(NOW() > '2020-01-01'^^xsd:date AS ?c) {EN} }}",
        "SELECT ?aLabel ?bLabel (?c AS ?cLabel) { BIND('x' AS ?aLabel) BIND('5' AS ?bLabel) }",
    ),
    "between triples without full stops": Pair(
        f"SELECT ?xLabel {{ ?x wdt:P18 ?t {EN} ?x wdt:P15 ?code FILTER(STRLEN(?xLabel) > 3) }}",
        "SELECT ?xLabel { ?x wdt:P18 ?t ; wdt:P15 ?code . @x FILTER(STRLEN(?xLabel) > 3) }",
    ),
    "numbers that an entity tells of itself": Pair(
        f"SELECT ?x ?xLabel ?n ?links {{ ?x a capx:Region ; wikibase:statements ?n ; wikibase:sitelinks ?links . {EN} }}",
        "SELECT ?x ?xLabel ?n ?links { ?x a capx:Region . ?d schema:about ?x ; wikibase:statements ?n ; "
        "wikibase:sitelinks ?links . @x }",
    ),
    "dates": Pair(
        f"SELECT ?year (COUNT(*) AS ?n) {{ ?p capx:joined ?at . {EN} }} GROUP BY (YEAR(?at) AS ?year) ORDER BY ?year",
        "SELECT ?year (COUNT(*) AS ?n) { ?p capx:joined ?at . BIND(YEAR(?at) AS ?year) } GROUP BY ?year ORDER BY ?year",
        ordered=True,
    ),
    "an alias of a label": Pair(
        f"SELECT ?x (?xLabel AS ?name) {{ ?x a capx:Region . {EN} }}",
        "SELECT ?x ?name { ?x a capx:Region @x BIND(?xLabel AS ?name) }",
    ),
    "ordered by a count that is not shown": Pair(
        f"SELECT ?t ?tLabel {{ ?x wdt:P18 ?t {EN} }} GROUP BY ?t ?tLabel ORDER BY DESC(COUNT(?x)) ?tLabel",
        "SELECT ?t ?tLabel { { SELECT ?t (COUNT(?x) AS ?n) { ?x wdt:P18 ?t } GROUP BY ?t } @t } ORDER BY DESC(?n) ?tLabel",
        ordered=True,
    ),
    "the idiom that leaves out what has no label": Pair(
        f'SELECT ?x ?xLabel {{ ?x a capx:Event . {EN} FILTER(!REGEX(?xLabel, "^Q[0-9]+$")) }}',
        'SELECT ?x ?xLabel { ?x a capx:Event @x FILTER(!REGEX(?xLabel, "^Q[0-9]+$")) }',
    ),
    "a label compared with a text in its language": Pair(
        f'SELECT ?x {{ ?x a capx:Region . {EN} FILTER(?xLabel = "North America"@en) }}',
        "SELECT ?x { ?x a capx:Region ; rdfs:label ?l FILTER(LANG(?l) = 'en' && STR(?l) = 'North America') }",
    ),
    "pairs of labels, grouped": Pair(
        'SELECT (CONCAT(?aLabel, " - ", ?bLabel) AS ?pair) (COUNT(*) AS ?n) '
        f"{{ ?p wdt:P10 ?a, ?b FILTER(STR(?a) < STR(?b)) {EN} }} GROUP BY ?aLabel ?bLabel",
        'SELECT (CONCAT(?aLabel, " - ", ?bLabel) AS ?pair) (COUNT(*) AS ?n) '
        "{ ?p wdt:P10 ?a, ?b FILTER(STR(?a) < STR(?b)) @a @b } GROUP BY ?aLabel ?bLabel",
    ),
    "the same label in two sub-selects": Pair(
        f"SELECT ?x ?xLabel ?n ?m {{ {{ SELECT ?x ?xLabel (COUNT(*) AS ?n) {{ ?p wdt:P8 ?x {EN} }} GROUP BY ?x ?xLabel }} "
        f"{{ SELECT ?x ?xLabel (COUNT(*) AS ?m) {{ ?p wdt:P9 ?x {EN} }} GROUP BY ?x ?xLabel }} }}",
        "SELECT ?x ?xLabel ?n ?m { { SELECT ?x (COUNT(*) AS ?n) { ?p wdt:P8 ?x } GROUP BY ?x } "
        "{ SELECT ?x (COUNT(*) AS ?m) { ?p wdt:P9 ?x } GROUP BY ?x } @x }",
    ),
    "the service in an alternative and behind them": Pair(
        f"SELECT ?x ?xLabel {{ {{ ?x a capx:Region . {EN} }} UNION {{ ?x a capx:Project }} {EN} }}",
        "SELECT ?x ?xLabel { VALUES ?t { capx:Region capx:Project } ?x a ?t @x }",
    ),
    "values behind everything": Pair(
        f"SELECT ?x ?xLabel WHERE {{ ?x a ?t . {EN} }} VALUES ?t {{ capx:Region capx:Project }}",
        "SELECT ?x ?xLabel WHERE { VALUES ?t { capx:Region capx:Project } ?x a ?t @x }",
    ),
    "letters of other languages in names": Pair(
        f"SELECT ?città ?cittàLabel {{ ?città a capx:Region . {EN} }}",
        "SELECT ?città ?cittàLabel { ?città a capx:Region @città }",
    ),
    "a product of few": Pair(
        f"SELECT ?aLabel ?bLabel {{ ?a a capx:Region . ?b a capx:Region . FILTER(STR(?a) < STR(?b)) {EN} }}",
        "SELECT ?aLabel ?bLabel { ?a a capx:Region . ?b a capx:Region . FILTER(STR(?a) < STR(?b)) @a @b }",
    ),
}


@pytest.fixture(scope="module")
def endpoint(demo: DemoGraph, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoint]:
    folder = tmp_path_factory.mktemp("endpoint")
    with open_endpoint(demo.store, demo.namespaces, settings.load({"CAPX_DATA": str(folder)})) as endpoint:
        yield endpoint


def rows(endpoint: Endpoint, text: str, language: str) -> tuple[list[str], Rows]:
    with endpoint.answer(Question(text, languages=(language,))).outcome.open() as stream:
        answer = json.load(stream)
    names = sorted(answer["head"]["vars"])
    found = [tuple(row[n]["value"] if n in row else None for n in names) for row in answer["results"]["bindings"]]
    return names, found


def written_out(match: re.Match[str]) -> str:
    name, language = match[1], match[2] or "en"
    text = f"?text_{name}"
    return (
        f'OPTIONAL {{ ?{name} rdfs:label {text} FILTER(LANG({text}) = "{language}") }} '
        f'BIND(COALESCE(STR({text}), IF(CONTAINS(STR(?{name}), "capx.test/entity/"), '
        f'STRAFTER(STR(?{name}), "/entity/"), STR(?{name}))) AS ?{name}Label) '
    )


@pytest.mark.parametrize("name", PAIRS)
def test_it_has_the_rows_of_plain_sparql(endpoint: Endpoint, name: str) -> None:
    pair = PAIRS[name]
    begun = time.monotonic()
    names, found = rows(endpoint, pair.service, pair.language)
    took = time.monotonic() - begun
    plain = rows(endpoint, LABEL.sub(written_out, pair.plain), pair.language)
    assert names == plain[0]
    assert found == plain[1] if pair.ordered else sorted(found, key=str) == sorted(plain[1], key=str)
    assert found
    assert took < 5
