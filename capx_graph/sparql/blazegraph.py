"""What users of the Wikidata Query Service type that is Blazegraph's own: taken where cheap, refused with the standard.

Used by the endpoint; pure text to text. Hints are blanked, named subqueries (``WITH {...} AS %a``, ``INCLUDE %a``) are
put in place, other extensions are refused with what to write instead. The label service has its own room.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from capx_graph.errors import InvalidQuery
from capx_graph.sparql.edits import edited
from capx_graph.sparql.guard import Examined
from capx_graph.sparql.selects import all_selects
from capx_graph.sparql.tokens import Kind, Token, blanked

PREFIXES: Mapping[str, str] = {
    "bds": "http://www.bigdata.com/rdf/search#",
    "gas": "http://www.bigdata.com/rdf/gas#",
    "geof": "http://www.opengis.net/def/geosparql/function/",
    "mwapi": "https://www.mediawiki.org/ontology#API/",
}
"""Prefixes that need no declaration on the Wikidata Query Service and that our own data does not use."""

INSTEAD: Mapping[str, str] = {
    "http://wikiba.se/ontology#around": "keep places by FILTER(geof:distance(?place, ?here) < 100), in kilometres",
    "http://wikiba.se/ontology#box": "keep places by FILTER on geof:longitude(?place) and geof:latitude(?place)",
    "http://wikiba.se/ontology#mwapi": "ask the Action API at /w/api.php, or match labels with FILTER(CONTAINS(...))",
    "http://www.bigdata.com/rdf/gas#service": "use a property path, such as skos:broader*",
    "http://www.bigdata.com/rdf#sample": "use ORDER BY RAND() LIMIT n",
    "http://www.bigdata.com/rdf#slice": "use LIMIT and OFFSET",
    "http://www.bigdata.com/rdf/search#search": "match texts with FILTER(CONTAINS(LCASE(?text), 'word'))",
}
"""Services that run there and not here."""

HINTS_NOTE = "hint: triples are ignored here"
_HINT = "http://www.bigdata.com/queryHints#"
_SEARCH = "http://www.bigdata.com/rdf/search#"


@dataclass(frozen=True, slots=True)
class _Named:
    """``WITH { body } AS %name``: indexes of WITH, its braces and the name."""

    name: str
    first: int
    opening: int
    closing: int
    last: int


def without_hints(examined: Examined) -> str | None:
    """The text with every triple about ``hint:`` blanked in place; None when there is none."""
    if (
        "hint" not in examined.text.casefold()
    ):  # most queries are done here; an IRI of hints written with escapes is none
        return None
    edits: list[tuple[int, int, str]] = []
    at = examined.start
    while at < len(examined.tokens):
        if (examined.expand(examined.tokens[at]) or "").startswith(_HINT):
            last = _statement_end(examined, at)
            start, end = examined.tokens[at].start, examined.tokens[last].end
            edits.append((start, end, blanked(examined.text[start:end])))
            at = last
        at += 1
    return edited(examined.text, edits) if edits else None


def without_aliases_in_having(examined: Examined) -> str | None:
    """The text with ``HAVING(?n > 1)`` as ``HAVING((COUNT(...)) > 1)`` where ?n is shown as that; None without one."""
    if "HAVING" not in examined.words:
        return None
    edits: list[tuple[int, int, str]] = []
    for select in all_selects(examined):
        span = select.clauses.get("HAVING")
        if span is None:
            continue
        shown = {name: found for name, found in select.shown().items() if found.end > found.first + 1}
        for token in examined.tokens[span.first : span.end]:
            made = shown.get(token.variable)
            if made is not None:
                expression = examined.slice(
                    made.first + 1, made.end - 4
                )  # without the bracket, AS, the name, the bracket
                edits.append((token.start, token.end, f"({expression})"))
    return edited(examined.text, edits) if edits else None


def with_subqueries_in_place(examined: Examined, *, longest: int) -> str | None:
    """The text with named subqueries written where they are included; None when there is none.

    Raises InvalidQuery for a name that is not defined before its use, and past ``longest`` characters.
    """
    if not {"WITH", "INCLUDE"} & examined.words:
        return None
    named = list(_named(examined))
    if not named and all(token.kind is not Kind.NAMED for token in examined.tokens):
        return None
    bodies: dict[str, str] = {}
    for sub in named:
        bodies[sub.name] = _included(examined, sub.opening + 1, sub.closing, bodies, longest)
    first = named[0].first if named else len(examined.tokens)
    last = named[-1].last if named else -1
    start = examined.tokens[0].start
    head = examined.text[start : examined.tokens[first].start] if named else ""
    return head + _included(examined, last + 1, len(examined.tokens), bodies, longest)


def readable_alone(examined: Examined) -> list[str]:
    """Texts in plain SPARQL, everything at its place in the query, that show where a query with subqueries is wrong."""
    named = list(_named(examined))
    pads = [(examined.tokens[i].start, examined.tokens[i + 1].end) for i in _includes(examined)]
    edits = [(first, last, "{}" + blanked(examined.text[first + 2 : last])) for first, last in pads]
    plain = edited(examined.text, edits)
    prologue = examined.tokens[examined.start].start
    texts: list[str] = []
    main = plain
    for sub in named:
        first, last = examined.tokens[sub.first].start, examined.tokens[sub.last].end
        main = main[:first] + blanked(main[first:last]) + main[last:]
        opening, closing = examined.tokens[sub.opening].end, examined.tokens[sub.closing].start
        texts.append(plain[:prologue] + blanked(plain[prologue:opening]) + plain[opening:closing])
    return [*texts, main]


def check_extensions(examined: Examined) -> None:
    """Raises InvalidQuery where an extension is used that has no effect here, naming the standard way."""
    for call in examined.services:
        if call.iri in INSTEAD:
            raise examined.refusal(call.first, f"<{call.iri}> is not offered here: {INSTEAD[call.iri]}")
    for index, token in enumerate(examined.tokens[examined.start :], examined.start):
        if token.kind is Kind.PREFIXED and (examined.expand(token) or "").startswith(_SEARCH):
            raise examined.refusal(index, f"{token.text} is not offered here: {INSTEAD[_SEARCH + 'search']}")
        if token.word in {"WITH", "INCLUDE"} or token.kind is Kind.NAMED:
            raise examined.refusal(index, "a named subquery is written WITH { SELECT ... } AS %name before WHERE")


def _statement_end(examined: Examined, subject: int) -> int:
    """Index of the last token of the triples about a subject, their full stop included; another pattern may follow."""
    tokens = examined.tokens
    at = subject + 1
    while at + 1 < len(tokens) and not tokens[at].is_mark(".") and not _begins_pattern(tokens[at + 1]):
        at += 1
    return min(at, len(tokens) - 1)


def _begins_pattern(token: Token) -> bool:
    """Whether a token ends triples without a full stop: a brace, or a word such as OPTIONAL."""
    return token.is_mark("}") or token.is_mark("{") or token.word not in {"", "A", "TRUE", "FALSE"}


def _named(examined: Examined) -> Iterator[_Named]:
    tokens = examined.tokens
    for at, token in enumerate(tokens):
        if token.word != "WITH" or at + 1 >= len(tokens) or not tokens[at + 1].is_mark("{"):
            continue
        closing = examined.partner[at + 1]
        after = tokens[closing + 1 : closing + 3]
        if len(after) == 2 and after[0].word == "AS" and after[1].kind is Kind.NAMED:
            yield _Named(after[1].text, at, at + 1, closing, closing + 2)


def _includes(examined: Examined) -> list[int]:
    tokens = examined.tokens
    return [at for at in range(len(tokens) - 1) if tokens[at].word == "INCLUDE" and tokens[at + 1].kind is Kind.NAMED]


def _included(examined: Examined, first: int, end: int, bodies: Mapping[str, str], longest: int) -> str:
    """The text of these tokens with every INCLUDE replaced."""
    tokens = examined.tokens
    if first >= end:
        return ""
    offset = tokens[first].start
    edits: list[tuple[int, int, str]] = []
    length = 0
    for at in _includes(examined):
        if first <= at < end:
            name = tokens[at + 1].text
            if name not in bodies:
                raise examined.refusal(at, f"{name} is not defined before: WITH {{ SELECT ... }} AS {name}")
            length += len(bodies[name])
            if length > longest:
                raise InvalidQuery(
                    f"with its subqueries in place the query has over {longest} characters", line=1, column=1
                )
            edits.append((tokens[at].start - offset, tokens[at + 1].end - offset, f"{{ {bodies[name]} }}"))
    return edited(examined.text[offset : tokens[end - 1].end], edits)
