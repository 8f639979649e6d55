"""Queries that call a service, written in every way that hides it from whoever looks for the word."""

from __future__ import annotations

EX = "PREFIX ex: <http://e/> "
DISGUISES: dict[str, str] = {
    "plain": "SELECT * { SERVICE <URL> { ?s ?p ?o } }",
    "no blanks": "SELECT * {SERVICE<URL>{?s ?p ?o}}",
    "silent": "SELECT * { SERVICE SILENT <URL> { ?s ?p ?o } }",
    "small letters": "SELECT * { sErViCe <URL> { ?s ?p ?o } }",
    "a comment between": "SELECT * { SERVICE # x\n <URL> { ?s ?p ?o } }",
    "a comment that a carriage return ends": "SELECT * { # x\r SERVICE <URL> { ?s ?p ?o } }",
    "an escaped sharp in a name": EX + "SELECT * { {} UNION { ?a ?b ex:a\\# } SERVICE <URL> { ?s ?p ?o } }",
    "a sharp in an IRI": "SELECT * { {} UNION { ?a ?b <http://x/#> } SERVICE <URL> { ?s ?p ?o } }",
    "a quote in a name": EX + "SELECT * { {} UNION { ?a ?b ex:a\\' } SERVICE <URL> { ?s ?p ?o } # '\n }",
    "a string with a quote": "SELECT * { {} UNION { ?a ?b 'it\\'s # ' } SERVICE <URL> { ?s ?p ?o } }",
    "a long string": "SELECT * { {} UNION { ?a ?b '''' # ''' } SERVICE <URL> { ?s ?p ?o } }",
    "a service named by a variable": "SELECT * { VALUES ?v { <URL> } SERVICE ?v { ?s ?p ?o } }",
    "a variable bound by BIND": "SELECT * { BIND(<URL> AS ?v) SERVICE SILENT ?v { ?s ?p ?o } }",
    "a prefixed name": "PREFIX u: <URL> SELECT * { SERVICE u: { ?s ?p ?o } }",
    "a default prefix made anew": "PREFIX wikibase: <URL> SELECT * { SERVICE wikibase: { ?s ?p ?o } }",
    "a relative IRI": "BASE <URL> SELECT * { SERVICE <> { ?s ?p ?o } }",
    "code points in the IRI": "SELECT * { SERVICE <\\u0068ttpURLREST> { ?s ?p ?o } }",
    "code points in the word": "SELECT * { S\\u0045RVICE <URL> { ?s ?p ?o } }",
    "glued to SILENT": "SELECT * { SERVICESILENT<URL> { ?s ?p ?o } }",
    "glued to a prefixed name": "PREFIX u: <URL> SELECT * { SERVICEu: { ?s ?p ?o } }",
    "glued to a prefixed name that is declared": (
        "PREFIX SERVICEu: <http://q/> PREFIX u: <URL> SELECT * { SERVICEu: { ?s ?p ?o } }"
    ),
    "glued behind true": "SELECT * { {} UNION { ?a ?b true } {} SERVICE<URL>{ ?s ?p ?o } }",
    "glued behind a number": "SELECT * { BIND(1 AS ?a)SERVICE<URL>{ ?s ?p ?o } }",
    "a comparison that looks like an IRI": "SELECT * { BIND(1 AS ?a) FILTER(?a<2)SERVICE#>\n<URL> { ?s ?p ?o } }",
    "a comparison with an IRI": "SELECT * { BIND(1 AS ?a) FILTER(!(?a<<http://x#>))SERVICE<URL>{ ?s ?p ?o } }",
    "a name that makes no IRI": "PREFIX ex: <http://h:80> SELECT * { ?s ?p ex:SERVICE<URL>{ ?s ?p ?o } }",
    "in a sub-select": "SELECT * { { SELECT * { SERVICE <URL> { ?s ?p ?o } } } }",
    "in an OPTIONAL": "SELECT * { OPTIONAL { SERVICE <URL> { ?s ?p ?o } } }",
    "in a FILTER": "SELECT * { FILTER NOT EXISTS { SERVICE <URL> { ?s ?p ?o } } }",
    "in an expression": "SELECT (EXISTS { SERVICE <URL> { ?s ?p ?o } } AS ?x) {}",
    "in LATERAL": "SELECT * { LATERAL { SERVICE <URL> { ?s ?p ?o } } }",
    "in a service": "SELECT * { SERVICE <http://x/> { SERVICE <URL> { ?s ?p ?o } } }",
    "in a CONSTRUCT": "CONSTRUCT { ?s ?p ?o } WHERE { SERVICE <URL> { ?s ?p ?o } }",
    "in an ASK": "ASK { SERVICE <URL> { ?s ?p ?o } }",
    "in a DESCRIBE": "DESCRIBE ?s { SERVICE <URL> { ?s ?p ?o } }",
    "in GRAPH": "SELECT * { GRAPH ?g { SERVICE <URL> { ?s ?p ?o } } }",
    "in the second triple block": "SELECT * { ?a ?b 1.SERVICE<URL>{ ?s ?p ?o } }",
}


def disguised(query: str, url: str) -> str:
    return query.replace("ttpURLREST", url.removeprefix("h")).replace("<URL>", f"<{url}>")
