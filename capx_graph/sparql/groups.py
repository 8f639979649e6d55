"""What a group of a query binds and what its expressions read, found by token.

Used by the rewriters of ``sparql``. The walk knows the few places where a variable in braces is not bound for what
stands outside: FILTER, MINUS, the inside of a sub-SELECT, expressions.
"""

from __future__ import annotations

from collections.abc import Iterator

from capx_graph.sparql.edits import Edit
from capx_graph.sparql.guard import Examined
from capx_graph.sparql.tokens import Kind


def variables(examined: Examined, first: int, last: int) -> list[str]:
    """All variables from index ``first`` to before ``last``, each once."""
    return list(dict.fromkeys(t.variable for t in examined.tokens[first:last] if t.kind is Kind.VARIABLE))


def removal(examined: Examined, first: int, last: int) -> Edit:
    """The edit that takes a pattern out of its group, from the token at ``first`` to the one at ``last``.

    A group has no full stop at its beginning and no two in a row; triples that meet need one between them.
    """
    tokens = examined.tokens
    before, after = tokens[first - 1], tokens[last + 1]
    if after.is_mark(".") and (before.is_mark(".") or before.is_mark("{")):
        return tokens[first].start, after.end, ""
    meet = not any(token.is_mark(mark) for token in (before, after) for mark in ".{}")
    return tokens[first].start, tokens[last].end, " . " if meet else ""


def bound(examined: Examined, opening: int) -> list[str]:
    """The variables that the group whose brace is at ``opening`` may bind, in order."""
    return list(dict.fromkeys(_bound(examined, opening)))


def assigned(examined: Examined, opening: int) -> list[str]:
    """The variables that BIND makes in this group itself, not in a group inside it."""
    found: list[str] = []
    at = opening + 1
    while at < examined.partner[opening]:
        if examined.tokens[at].word == "BIND":
            found.append(examined.tokens[examined.partner.get(at + 1, at) - 1].variable)
        at = examined.partner.get(at, at) + 1
    return found


def _bound(examined: Examined, opening: int) -> Iterator[str]:
    tokens = examined.tokens
    last = examined.partner[opening]
    at = opening + 1
    while at < last:
        token = tokens[at]
        if token.word == "SELECT":
            yield from projected(examined, at)
            at = _end_of_group(examined, at, last)
        elif token.word in {"MINUS", "FILTER"}:
            at = constraint_end(examined, at) + 1
        elif token.word == "BIND" and tokens[at + 1].is_mark("("):
            at = examined.partner[at + 1]
            yield tokens[at - 1].variable or "_"
        elif token.word == "VALUES":
            while at < last and not tokens[at].is_mark("{"):
                if tokens[at].kind is Kind.VARIABLE:
                    yield tokens[at].variable
                at += 1
            at = examined.partner.get(at, at) + 1
        else:
            if token.kind is Kind.VARIABLE:
                yield token.variable
            at += 1


def projected(examined: Examined, select: int) -> Iterator[str]:
    """The variables that the SELECT whose word is at ``select`` shows; all it binds for ``*``."""
    tokens = examined.tokens
    at = select + 1
    star = False
    while at < len(tokens) and not tokens[at].is_mark("{"):
        star = star or tokens[at].is_mark("*")
        if tokens[at].is_mark("("):
            at = examined.partner[at]
            yield tokens[at - 1].variable or "_"
        elif tokens[at].kind is Kind.VARIABLE:
            yield tokens[at].variable
        at += 1
    if star and at < len(tokens):
        yield from _bound(examined, at)


def read(examined: Examined, opening: int) -> list[str]:
    """The variables that expressions of the group read: in FILTER and BIND, but not inside a sub-SELECT."""
    tokens = examined.tokens
    last = examined.partner[opening]
    found: list[str] = []
    at = opening + 1
    while at < last:
        if tokens[at].word == "SELECT":
            at = _end_of_group(examined, at, last)
        elif tokens[at].word in {"FILTER", "BIND"}:
            end = constraint_end(examined, at)
            found += variables(examined, at, end)
            at = end + 1
        else:
            at += 1
    return list(dict.fromkeys(found))


def constraint_end(examined: Examined, first: int) -> int:
    """Index of the bracket that ends a FILTER, BIND or MINUS: ``(...)``, a call's, or that of a group."""
    tokens = examined.tokens
    at = first + 1
    while at < len(tokens) and not (tokens[at].is_mark("(") or tokens[at].is_mark("{")):
        at += 1
    return examined.partner.get(at, len(tokens) - 1)


def _end_of_group(examined: Examined, index: int, last: int) -> int:
    around = examined.group[index]
    return min(examined.partner[around], last) if around >= 0 else last
