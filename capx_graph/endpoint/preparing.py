"""A stranger's query before it runs: guarded, without what only Blazegraph knows, its services checked.

What was read is remembered: a page asks what a query is (``Reading``) before it has it answered.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from capx_graph.errors import QueryTooLarge
from capx_graph.sparql import blazegraph
from capx_graph.sparql.guard import Examined, examine
from capx_graph.sparql.labels import LABEL_SERVICE, follows_reader
from capx_graph.sparql.tokens import without_comments
from capx_graph.sparql.vocabulary import VOLATILE

LONGEST = 256 << 10
"""Characters of a query. Reading is linear, but in the process that serves everybody: 0.1 to 0.5 s for this many."""
_SHORT = 4 << 10
_REMEMBERED = 64


@dataclass(frozen=True, slots=True)
class Reading:
    """What is known of a query before it runs.

    ``follows_reader``: the answer depends on the reader's languages; ``lasting``: it holds until the graph changes.
    """

    form: str
    follows_reader: bool
    lasting: bool


@dataclass(frozen=True, slots=True)
class Prepared:
    """A query as it was sent, and without Blazegraph's own; ``notes`` say what was left out."""

    examined: Examined
    plain: Examined
    notes: tuple[str, ...]
    reading: Reading


class Preparing:
    """Reads queries with these prefixes; ``check_services`` raises for a service that may not be called. For all
    threads.
    """

    def __init__(self, prefixes: Mapping[str, str], check_services: Callable[[Examined], None]) -> None:
        self._prefixes = prefixes
        self._check_services = check_services
        self._remembered = lru_cache(maxsize=_REMEMBERED)(self._prepare)
        self._remembered_long = lru_cache(maxsize=1)(self._prepare)  # from asking to answering; it may take 30 MB

    def prepared(self, text: str) -> Prepared:
        """A query, read; raises InvalidQuery, UpdateRefused, ServiceRefused, QueryTooLarge."""
        if len(text) > LONGEST:
            raise QueryTooLarge(f"the query is longer than the limit of {LONGEST} characters")
        return self._remembered(text) if len(text) < _SHORT else self._remembered_long(text)

    def _prepare(self, text: str) -> Prepared:
        examined = examine(text, self._prefixes)
        if "#" in text:
            examined = replace(examined, text=without_comments(text, examined.tokens))
        plain, notes = self._plain(examined)
        foreign = any(call.iri != LABEL_SERVICE for call in examined.services)
        reading = Reading(examined.form, follows_reader(examined), not foreign and not VOLATILE & examined.words)
        return Prepared(examined, plain, notes, reading)

    def _plain(self, examined: Examined) -> tuple[Examined, tuple[str, ...]]:
        """The query without Blazegraph's own, every service checked, and notes on what was left out."""
        notes: tuple[str, ...] = ()
        hintless = blazegraph.without_hints(examined)
        if hintless is not None:
            examined, notes = examine(hintless, self._prefixes), (blazegraph.HINTS_NOTE,)
        whole = blazegraph.with_subqueries_in_place(examined, longest=LONGEST)
        if whole is not None:
            examined = examine(whole, self._prefixes)
        spelled_out = blazegraph.without_aliases_in_having(examined)
        if spelled_out is not None and len(spelled_out) <= LONGEST:
            examined = examine(spelled_out, self._prefixes)
        blazegraph.check_extensions(examined)
        self._check_services(examined)
        return examined, notes
