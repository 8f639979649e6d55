"""Carries out the ``SERVICE`` calls of a query: local bindings first, then the other endpoint, its rows put in place.

Used by the endpoint. A query that joins 200 of our items with Wikidata costs one request and 200 rows; where there are
too many bindings to send, the foreign pattern is fetched as it is, under the caps.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from urllib.parse import urlsplit

from capx_graph.errors import ServiceFailed, ServiceRefused
from capx_graph.sparql.federation import Plan, foreign_query, plan, replaced, values_block
from capx_graph.sparql.guard import Examined, ServiceCall, examine
from capx_graph.sparql.labels import LABEL_SERVICE
from capx_graph.store.base import Row, Solutions
from capx_graph.store.fetch import Fetcher
from capx_graph.terms import BlankNode

MOST_BINDINGS = 5_000
BINDINGS_A_REQUEST = 1_000
MOST_ROWS = 10_000
MOST_CALLS = 10

LocalSelect = Callable[[str], Solutions]
"""Runs a SELECT on our own graph."""


class Federator:
    """Replaces the calls to ``services``, the only ones that are ever asked."""

    def __init__(self, fetcher: Fetcher, services: frozenset[str], prefixes: Mapping[str, str]) -> None:
        self._fetcher = fetcher
        self._services = services
        self._prefixes = prefixes

    def check(self, examined: Examined) -> None:
        """Raises ServiceRefused for a call to any other service but the label service."""
        foreign = list(_foreign(examined))
        for call in foreign:
            if call.iri not in self._services:
                where = examined.refusal(call.first, "")
                called = sorted({without_keys(service) for service in self._services})
                raise ServiceRefused(
                    f"line {where.line}, column {where.column}: <{call.iri}> is not among the services that are called "
                    f"from here: {', '.join(called) or 'none'}"
                )
        if len(foreign) > MOST_CALLS:
            raise examined.refusal(foreign[MOST_CALLS].first, f"more than {MOST_CALLS} services are called")

    def carry_out(self, examined: Examined, select: LocalSelect, *, until: float) -> Examined:
        """The query without its calls; raises ServiceFailed, ServiceRefused and what ``select`` raises."""
        while calls := list(_foreign(examined)):
            self.check(examined)
            outer = next(call for call in calls if not any(o.first < call.first < o.last for o in calls))
            text = replaced(examined, outer, self._answer(examined, outer, select, until))
            examined = examine(text, self._prefixes)
        return examined

    def _answer(self, examined: Examined, call: ServiceCall, select: LocalSelect, until: float) -> str:
        planned = plan(examined, call)
        try:
            return self._rows(examined, planned, self._batches(planned, select), until)
        except ServiceFailed:
            if call.silent:
                return "{ }"
            raise

    def _batches(self, planned: Plan, select: LocalSelect) -> list[list[Row]] | None:
        """The bindings to send, None for all that there is; a row with a blank node can match nothing elsewhere."""
        if planned.local is None:
            return None
        found = select(f"{planned.local} LIMIT {MOST_BINDINGS + 1}").rows
        if len(found) > MOST_BINDINGS:
            return None
        rows = [row for row in found if not any(isinstance(term, BlankNode) for term in row)]
        return [rows[at : at + BINDINGS_A_REQUEST] for at in range(0, len(rows), BINDINGS_A_REQUEST)]

    def _rows(self, examined: Examined, planned: Plan, batches: list[list[Row]] | None, until: float) -> str:
        if batches is not None and not batches:
            return values_block(planned.shared, [])
        to_send: Sequence[Sequence[Row] | None] = [None] if batches is None else batches
        variables: tuple[str, ...] = ()
        found: list[Row] = []
        for batch in to_send:
            query = foreign_query(examined, planned, batch, limit=MOST_ROWS + 1)
            answer = self._fetcher.select(planned.call.iri, query, until=until)
            variables = variables or answer.variables
            found += (tuple(row.get(name) for name in variables) for row in answer.dicts())
            if len(found) > MOST_ROWS:
                raise ServiceFailed(
                    f"<{planned.call.iri}> gives more than {MOST_ROWS} rows for this pattern: narrow it, or bind its "
                    "variables outside the SERVICE first"
                )
        return values_block(variables, found) if variables else "{ }"


def without_keys(service: str) -> str:
    """The address of a service as strangers are told it: without a user's name and password, and without a query."""
    parts = urlsplit(service)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def _foreign(examined: Examined) -> Iterator[ServiceCall]:
    """The calls that leave the house; a label service inside one is the other endpoint's."""
    return (call for call in examined.services if call.iri != LABEL_SERVICE)
