"""What a stranger's query is and what it asks for, before any engine sees it: its form, its prefixes, its services.

Used by the endpoint. The engine makes outbound requests for every SERVICE and has no switch against it, so each one is
found here by token; a service named by a variable is refused, since nobody can say where it would lead. Unknown words
and prefixes are refused too: they are what a hidden SERVICE would have to look like.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from capx_graph.errors import InvalidQuery, UpdateRefused
from capx_graph.sparql.tokens import Kind, Token, refusal, tokens
from capx_graph.sparql.vocabulary import FORMS, UPDATES, WORDS

DEEPEST = 200
"""Brackets in brackets; the engine's parser is recursive and dies of some thousands."""

_LOCAL_ESCAPE = re.compile(r"\\(.)")
_CODE_POINT = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_CLOSING = {"(": ")", "[": "]", "{": "}", "{|": "|}"}
_TERMS = frozenset({Kind.IRI, Kind.PREFIXED, Kind.VARIABLE})
_BEFORE_NAME = frozenset({"SERVICE", "SILENT", "GRAPH"})
_HIDDEN = "SERVICE"


@dataclass(frozen=True, slots=True)
class ServiceCall:
    """A SERVICE of a query; ``first``, ``opening`` and ``last`` are the indexes of its word and of its braces."""

    iri: str
    silent: bool
    first: int
    opening: int
    last: int


@dataclass(frozen=True, slots=True)
class Examined:
    """A query cut into tokens.

    ``start`` is the index of the token that names its form; ``words`` are all its keywords; ``partner`` leads from the
    index of a bracket to that of the other one; ``group`` has for each token the index of the innermost ``{`` around
    it, -1 where there is none.
    """

    text: str
    tokens: tuple[Token, ...]
    form: str
    start: int
    words: frozenset[str]
    prefixes: Mapping[str, str]
    partner: Mapping[int, int]
    group: Sequence[int]
    services: tuple[ServiceCall, ...]

    def expand(self, token: Token) -> str | None:
        """The IRI of an IRI or prefixed-name token; None for other tokens and for unknown prefixes."""
        return expand(token, self.prefixes)

    def slice(self, first: int, last: int) -> str:
        """The text from the token at ``first`` to the one at ``last``, both included."""
        return self.text[self.tokens[first].start : self.tokens[last].end] if first <= last else ""

    def refusal(self, index: int, rule: str) -> InvalidQuery:
        """The error for the token at an index."""
        return refusal(self.text, self.tokens[index].start, rule)

    def enclosing(self, index: int) -> list[int]:
        """The opening braces around the token at an index, innermost first."""
        found: list[int] = []
        while (index := self.group[index]) >= 0:
            found.append(index)
        return found

    def outermost(self) -> tuple[int, int] | None:
        """The braces of the WHERE group of the query itself."""
        at = self.start + 1
        template = self.form == "CONSTRUCT"
        while at < len(self.tokens):
            token = self.tokens[at]
            if token.is_mark("{"):
                if not template or self.tokens[at - 1].word == "WHERE":
                    return at, self.partner[at]
                template = False
            at = self.partner.get(at, at) + 1
        return None


def examine(text: str, defaults: Mapping[str, str]) -> Examined:
    """Read a query; ``defaults`` are the prefixes that need no declaration.

    Raises InvalidQuery (with line and column) for what is no query, UpdateRefused for an update.
    """
    found = tokens(text)
    prefixes, start = _prologue(text, found, defaults)
    if start >= len(found):
        raise InvalidQuery("there is no query: begin with SELECT, ASK, CONSTRUCT or DESCRIBE", line=1, column=1)
    form = found[start].word
    if form in UPDATES:
        raise UpdateRefused(f"{form} would change the data; this endpoint answers queries only")
    if form not in FORMS:
        raise refusal(text, found[start].start, "a query begins with SELECT, ASK, CONSTRUCT or DESCRIBE")
    for token in found[start:]:
        _check_word(text, token, prefixes)
    words = frozenset(token.text.upper() for token in found if token.kind is Kind.WORD)
    partner = _partners(text, found)
    _check_groups(text, found)
    services = tuple(_services(text, found, partner, prefixes)) if _HIDDEN in words else ()
    return Examined(text, tuple(found), form, start, words, prefixes, partner, _groups(found), services)


def expand(token: Token, prefixes: Mapping[str, str]) -> str | None:
    """The IRI of an IRI or prefixed-name token; None for other tokens and for unknown prefixes."""
    if token.kind is Kind.IRI:
        return _CODE_POINT.sub(_character, token.text[1:-1])
    if token.kind is Kind.PREFIXED:
        prefix, _, local = token.text.partition(":")
        space = prefixes.get(prefix)
        return None if space is None else space + _LOCAL_ESCAPE.sub(r"\1", local)
    return None


def _character(match: re.Match[str]) -> str:
    number = int(match[1] or match[2], 16)
    return chr(number) if number < 0x110000 and not 0xD800 <= number < 0xE000 else match[0]


def _prologue(text: str, found: Sequence[Token], defaults: Mapping[str, str]) -> tuple[dict[str, str], int]:
    prefixes = dict(defaults)
    at = 0
    while at < len(found):
        if found[at].word == "PREFIX":
            kinds = [token.kind for token in found[at + 1 : at + 3]]
            if kinds != [Kind.PREFIXED, Kind.IRI] or found[at + 1].text.find(":") != len(found[at + 1].text) - 1:
                raise refusal(text, found[at].start, "a prefix is declared as PREFIX name: <IRI>")
            prefixes[found[at + 1].text[:-1]] = expand(found[at + 2], {}) or ""
            at += 3
        elif found[at].word == "BASE":
            at += 2
        else:
            break
    return prefixes, at


def _check_word(text: str, token: Token, prefixes: Mapping[str, str]) -> None:
    if token.kind is Kind.WORD and token.word not in WORDS:
        raise refusal(text, token.start, f"{token.text!r} is no word of SPARQL; a name has a prefix, a text has quotes")
    if token.kind is Kind.PREFIXED and token.text.partition(":")[0] not in prefixes:
        name = token.text.partition(":")[0]
        raise refusal(text, token.start, f"the prefix {name + ':'!r} is not declared: begin with PREFIX {name}: <...>")


def _partners(text: str, found: Sequence[Token]) -> dict[int, int]:
    partner: dict[int, int] = {}
    opened: list[int] = []
    for index, token in enumerate(found):
        if token.kind is not Kind.MARK:
            continue
        if token.text in _CLOSING:
            opened.append(index)
            if len(opened) > DEEPEST:
                raise refusal(text, token.start, f"more than {DEEPEST} brackets are open here")
        elif token.text in _CLOSING.values():
            if not opened or _CLOSING[found[opened[-1]].text] != token.text:
                raise refusal(text, token.start, f"this {token.text!r} closes nothing")
            partner[index] = opened.pop()
            partner[partner[index]] = index
    if opened:
        raise refusal(text, found[opened[-1]].start, f"this {found[opened[-1]].text!r} is never closed")
    return partner


def _groups(found: Sequence[Token]) -> list[int]:
    around: list[int] = []
    opened: list[int] = []
    for index, token in enumerate(found):
        if token.is_mark("}"):
            opened.pop()
        around.append(opened[-1] if opened else -1)
        if token.is_mark("{"):
            opened.append(index)
    return around


def _check_groups(text: str, found: Sequence[Token]) -> None:
    """Refuse names before a brace that an engine may cut in two: ``SERVICEex:a {`` and ``ex:SERVICE?v {``."""
    for index, token in enumerate(found):
        if index < 2 or not token.is_mark("{") or found[index - 1].kind not in _TERMS:
            continue
        before, last = found[index - 2], found[index - 1]
        glued = last.kind is Kind.PREFIXED and _HIDDEN in last.text.partition(":")[0].upper()
        split = before.kind is Kind.PREFIXED and _HIDDEN in before.text.partition(":")[2].upper()
        if split or (glued and before.word not in _BEFORE_NAME):
            raise refusal(text, last.start, "put a full stop in front of the '{' behind this")


def _services(
    text: str, found: Sequence[Token], partner: Mapping[int, int], prefixes: Mapping[str, str]
) -> Iterator[ServiceCall]:
    for index, token in enumerate(found):
        if token.word != "SERVICE":
            continue
        at = index + 1
        silent = at < len(found) and found[at].word == "SILENT"
        at += silent
        target = expand(found[at], prefixes) if at < len(found) else None
        if target is None:
            rule = "SERVICE takes an IRI here: a service named by a variable is not called"
            raise refusal(text, token.start, rule)
        if at + 1 >= len(found) or not found[at + 1].is_mark("{"):
            raise refusal(text, token.start, "SERVICE <IRI> is followed by a group in braces")
        yield ServiceCall(target, silent, index, at + 1, partner[at + 1])
