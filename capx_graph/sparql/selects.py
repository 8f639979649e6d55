"""A SELECT of a query and its parts, found by token: what it shows, groups by, orders by.

Used by the label service. Pure text; every part keeps the bytes it had.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from capx_graph.sparql.groups import variables
from capx_graph.sparql.guard import Examined
from capx_graph.sparql.tokens import Kind

_CLAUSES = ("GROUP", "HAVING", "ORDER", "LIMIT", "OFFSET", "VALUES")


@dataclass(frozen=True, slots=True)
class Span:
    """Tokens of a query from ``first`` to before ``end``, and the variables in them."""

    first: int
    end: int
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Select:
    """A SELECT or sub-SELECT by the indexes of its tokens.

    ``first`` is the word SELECT, ``opening`` and ``closing`` the braces of its group, ``end`` the index after its last
    token; ``clauses`` maps GROUP, HAVING, ORDER, LIMIT, OFFSET, VALUES to their spans.
    """

    examined: Examined
    first: int
    opening: int
    closing: int
    end: int
    clauses: Mapping[str, Span]

    def text(self, name: str) -> str:
        """A clause as it was written; empty where there is none."""
        span = self.clauses.get(name)
        return self.examined.slice(span.first, span.end - 1) if span else ""

    @property
    def distinct(self) -> str:
        """The word DISTINCT or REDUCED, or nothing."""
        after = self.examined.tokens[self.first + 1]
        return after.text if after.word in {"DISTINCT", "REDUCED"} else ""

    @property
    def has_dataset(self) -> bool:
        """Whether FROM stands between what is shown and the group."""
        return any(token.word == "FROM" for token in self.examined.tokens[self.first : self.opening])

    @property
    def star(self) -> int | None:
        """Index of the ``*`` that shows everything."""
        at = self.first + 2 if self.distinct else self.first + 1
        return at if self.examined.tokens[at].is_mark("*") else None

    def shown(self) -> dict[str, Span]:
        """What is shown, in order: a variable to its own token, or to the expression that makes it."""
        tokens = self.examined.tokens
        found: dict[str, Span] = {}
        at = self.first + 1
        while at < self.opening:
            if tokens[at].is_mark("("):
                last = self.examined.partner[at]
                found[tokens[last - 1].variable] = Span(at, last + 1, tuple(variables(self.examined, at, last - 1)))
                at = last
            elif tokens[at].kind is Kind.VARIABLE:
                found[tokens[at].variable] = Span(at, at + 1, ())
            at += 1
        return found

    def conditions(self) -> list[Span]:
        """The conditions of ORDER BY, in order."""
        span = self.clauses.get("ORDER")
        found: list[Span] = []
        at = span.first + 2 if span else 0
        while span and at < span.end:
            first = at
            while at < span.end and not (
                self.examined.tokens[at].is_mark("(") or self.examined.tokens[at].kind is Kind.VARIABLE
            ):
                at += 1
            at = self.examined.partner.get(at, at) + 1
            found.append(Span(first, at, tuple(variables(self.examined, first, at))))
        return found

    def grouped(self) -> list[str] | None:
        """The variables grouped by; None when there is more than plain variables."""
        span = self.clauses.get("GROUP")
        if span is None:
            return []
        tokens = self.examined.tokens[span.first + 2 : span.end]
        return [token.variable for token in tokens] if all(t.kind is Kind.VARIABLE for t in tokens) else None


def all_selects(examined: Examined) -> Iterator[Select]:
    """Every SELECT and sub-SELECT, in order."""
    for first, token in enumerate(examined.tokens):
        if token.word != "SELECT" or first < examined.start:
            continue
        at = first
        while at < len(examined.tokens) and not examined.tokens[at].is_mark("{"):
            at = examined.partner.get(at, at) + 1
        if at < len(examined.tokens):
            yield _select(examined, first, at)


def enclosing_select(examined: Examined, index: int) -> Select | None:
    """The innermost SELECT whose group holds the token at ``index``; None in CONSTRUCT, ASK and DESCRIBE."""
    heads = ((_head(examined, opening), opening) for opening in examined.enclosing(index))
    return next((_select(examined, first, opening) for first, opening in heads if first is not None), None)


def _head(examined: Examined, opening: int) -> int | None:
    """Index of the word SELECT whose group opens here; None when the brace is another's."""
    tokens = examined.tokens
    at = opening - 1
    while at >= examined.start and not (tokens[at].is_mark("{") or tokens[at].is_mark("}")):
        if tokens[at].word == "SELECT":
            return at
        at = examined.partner.get(at, at) - 1
    return None


def _select(examined: Examined, first: int, opening: int) -> Select:
    tokens = examined.tokens
    last = examined.partner[opening]
    starts: list[tuple[str, int]] = []
    at = last + 1
    while at < len(tokens) and not tokens[at].is_mark("}"):
        if tokens[at].word in _CLAUSES:
            starts.append((tokens[at].word, at))
        at = examined.partner.get(at, at) + 1
    bounds = [*(start for _, start in starts), at]
    spans = {
        name: Span(bounds[i], bounds[i + 1], tuple(variables(examined, bounds[i], bounds[i + 1])))
        for i, (name, _) in enumerate(starts)
    }
    return Select(examined, first, opening, last, at, spans)
