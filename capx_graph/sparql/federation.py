"""``SERVICE`` calls taken apart: what to ask ourselves first, what to ask the other endpoint, where its answer goes.

Used by the endpoint; pure text to text. An engine fetches the whole foreign pattern and joins it at home; here the
local part of the query runs first, its bindings travel in a VALUES block, and the answer takes the place of the call.
What is sent may be more than needed, never less: each thing left out of the local part only widens its answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from capx_graph.sparql.groups import constraint_end, variables
from capx_graph.sparql.guard import Examined, ServiceCall
from capx_graph.sparql.tokens import Kind
from capx_graph.terms import Literal, NamedNode, Term, to_sparql

Rows = Sequence[Sequence[Term | None]]


@dataclass(frozen=True, slots=True)
class Plan:
    """One call: ``local`` asks for the bindings of ``shared``, None where nothing is; ``body`` is the pattern."""

    call: ServiceCall
    shared: tuple[str, ...]
    local: str | None
    body: str


def plan(examined: Examined, call: ServiceCall) -> Plan:
    """How to carry out a call; one inside a sub-SELECT or an expression is carried out without bindings."""
    body = examined.slice(call.opening + 1, call.last - 1)
    path = _path(examined, call)
    if path is None:
        return Plan(call, (), None, body)
    beside = _Beside(examined, call)
    shared = tuple(name for name in variables(examined, call.opening, call.last) if name in beside.bound)
    if not shared:
        return Plan(call, (), None, body)
    group = " ".join(beside.group(path[0], path[1:]))
    prologue = examined.text[: examined.tokens[examined.start].start]
    names = " ".join(f"?{name}" for name in shared)
    return Plan(call, shared, f"{prologue}SELECT DISTINCT {names} WHERE {{ {group} }}", body)


def foreign_query(examined: Examined, plan_: Plan, rows: Rows | None, *, limit: int) -> str:
    """The query for the other endpoint: every prefix declared as this query means it, the bindings as VALUES."""
    inside = examined.tokens[plan_.call.opening : plan_.call.last]
    used = sorted({token.text.partition(":")[0] for token in inside if token.kind is Kind.PREFIXED})
    prefixes = " ".join(f"PREFIX {name}: <{examined.prefixes[name]}>" for name in used if name in examined.prefixes)
    values = values_block(plan_.shared, rows) if rows is not None else ""
    return f"{prefixes} SELECT * WHERE {{ {values} {{ {plan_.body} }} }} LIMIT {limit}".strip()


def replaced(examined: Examined, call: ServiceCall, block: str) -> str:
    """The text with a block in the place of a call; line breaks are kept, so that later lines keep their numbers."""
    first, last = examined.tokens[call.first].start, examined.tokens[call.last].end
    breaks = "\n" * examined.text[first:last].count("\n")
    return examined.text[:first] + block + breaks + examined.text[last:]


def values_block(names: Sequence[str], rows: Rows) -> str:
    """``VALUES (?a ?b) { (...) }``; an unbound cell is UNDEF."""
    lines = " ".join("(" + " ".join(_cell(term) for term in row) + ")" for row in rows)
    return f"VALUES ({' '.join(f'?{name}' for name in names)}) {{ {lines} }}"


def _cell(term: Term | None) -> str:
    if term is None:
        return "UNDEF"
    assert isinstance(term, NamedNode | Literal), "blank nodes mean nothing elsewhere and are dealt with before"
    return to_sparql(term)


def _path(examined: Examined, call: ServiceCall) -> list[int] | None:
    """The braces around a call, outermost first; None where bindings from outside do not reach it."""
    outermost = examined.outermost()
    path = examined.enclosing(call.first)[::-1]
    if outermost is None or not path or path[0] != outermost[0]:
        return None
    for around, opening in pairwise(path):
        at = around + 1
        while at < opening:
            if examined.tokens[at].word == "SELECT" or examined.partner.get(at, at) > opening:
                return None
            at = examined.partner.get(at, at) + 1
    return None if any(examined.tokens[opening + 1].word == "SELECT" for opening in path) else path


class _Beside:
    """The query without one call, as far as it can run here."""

    def __init__(self, examined: Examined, call: ServiceCall) -> None:
        self._examined = examined
        self._call = call
        self._services = {other.first: other.last for other in examined.services}
        self.bound = frozenset(self._bound())

    def group(self, opening: int, path: Sequence[int]) -> Iterator[str]:
        """The tokens of a group around the call; the groups on the path are joined, what stood against them goes."""
        tokens, partner = self._examined.tokens, self._examined.partner
        at, last = opening + 1, self._examined.partner[opening]
        while at < last:
            if at in self._services:
                at = self._services[at] + 1
            elif path and at == path[0]:
                yield from ("{", *self.group(at, path[1:]), "}")
                at = self._after_union(partner[at])
            elif path and self._leads_to(at, path[0]):
                at = path[0]
            elif tokens[at].word == "FILTER":
                end = constraint_end(self._examined, at)
                if opening == self._outermost() and set(variables(self._examined, at, end)) <= self.bound:
                    yield self._examined.slice(at, end)
                at = end + 1
            else:
                yield tokens[at].text
                at += 1

    def _outermost(self) -> int:
        return self._examined.enclosing(self._call.first)[-1]

    def _leads_to(self, at: int, opening: int) -> bool:
        """Whether a word that sets the next group apart, or alternatives to it, stand here."""
        tokens, partner = self._examined.tokens, self._examined.partner
        if tokens[at].word in {"OPTIONAL", "MINUS", "LATERAL", "FILTER", "NOT", "EXISTS"}:
            words = tokens[at:opening]
            return at < opening and all(token.word for token in words)
        while tokens[at].is_mark("{") and tokens[partner[at] + 1].word == "UNION":
            at = partner[at] + 2
            if at == opening:
                return True
        return False

    def _after_union(self, closing: int) -> int:
        tokens, partner = self._examined.tokens, self._examined.partner
        while tokens[closing + 1].word == "UNION":
            closing = partner[closing + 2]
        return closing + 1

    def _bound(self) -> Iterator[str]:
        """Variables outside the call, other services and filters."""
        at = self._outermost() + 1
        last = self._examined.partner[at - 1]
        while at < last:
            if at in self._services:
                at = self._services[at]
            elif self._examined.tokens[at].word == "FILTER" and not self._holds_call(at):
                at = constraint_end(self._examined, at)
            elif self._examined.tokens[at].kind is Kind.VARIABLE:
                yield self._examined.tokens[at].variable
            at += 1

    def _holds_call(self, at: int) -> bool:
        return at < self._call.first < constraint_end(self._examined, at)
