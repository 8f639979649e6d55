"""A stranger's SPARQL query from text to bytes: guarded, its services called by us, its labels written out, run apart.

The door hands in text and formats and streams the bytes on; nothing passes through our models. What a query may not do
ends here with an error that says why and where, in the lines and columns of the text that was sent.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Protocol

from capx_graph import __version__
from capx_graph.allowance import Allowances
from capx_graph.errors import InvalidQuery, QueryFailed, QueryTooLarge, ServiceRefused
from capx_graph.federator import Federator
from capx_graph.namespaces import VOCABULARY_PREFIXES, WikibaseNamespaces
from capx_graph.settings import Settings
from capx_graph.sparql import blazegraph
from capx_graph.sparql.complaints import is_about_syntax, located, spread, unlocated
from capx_graph.sparql.guard import Examined, examine
from capx_graph.sparql.labels import LABEL_SERVICE, LabelReader, follows_reader, rewrite
from capx_graph.sparql.tokens import tokens, without_comments
from capx_graph.sparql.vocabulary import VOLATILE
from capx_graph.store.base import GraphReader, Solutions, StoreState
from capx_graph.store.fetch import RESULTS_JSON, Fetcher
from capx_graph.store.remote import RemoteStore
from capx_graph.store.remoterunner import RemoteRunner
from capx_graph.store.worker import Job, Limits, Outcome, WorkerPool
from capx_graph.terms import parse_results

LONGEST = 256 << 10
"""Characters of a query. Reading is linear, but in the process that serves everybody: 0.1 to 0.5 s for this many."""
_SHORT = 4 << 10
_REMEMBERED = 64


@dataclass(frozen=True, slots=True)
class Question:
    """What a client asks: text, the formats it takes for tables and for graphs, its languages, its dataset."""

    text: str
    result_type: str = RESULTS_JSON
    graph_type: str = "text/turtle"
    languages: tuple[str, ...] = ("en",)
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    client: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """What is known of a query before it runs.

    ``follows_reader``: the answer depends on the reader's languages; ``lasting``: it holds until the graph changes.
    """

    form: str
    follows_reader: bool
    lasting: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """A finished answer, what it is of, and what the client should know about how it came about."""

    outcome: Outcome
    edition: str
    notes: tuple[str, ...]

    @property
    def size(self) -> int:
        """Bytes of the answer."""
        return self.outcome.size


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What queries mean here: the prefixes that need no declaration, the IRI entity ids hang on, the base of others."""

    prefixes: Mapping[str, str]
    entity: str
    base: str


class Runner(Protocol):
    """What runs guarded queries: our own processes, or an engine elsewhere."""

    @property
    def limits(self) -> Limits: ...
    def start(self) -> None: ...
    def run(self, job: Job, *, until: float | None = None) -> Outcome: ...
    def complaint(self, texts: Sequence[str], job: Job, *, until: float | None = None) -> tuple[int, str] | None: ...


class Endpoint:
    """Answers questions; safe to share between threads."""

    def __init__(
        self,
        pool: Runner,
        federator: Federator,
        surroundings: Surroundings,
        *,
        state: Callable[[], StoreState],
        allowances: Allowances,
    ) -> None:
        self._pool = pool
        self._allowances = allowances
        self._federator = federator
        self._here = surroundings
        self._state = state
        self._remembered = lru_cache(maxsize=_REMEMBERED)(self._examine)

    @property
    def edition(self) -> str:
        """What the graph holds now; answers of one edition are equal."""
        return _edition(self._state())

    def read(self, text: str) -> Reading:
        """What a query is; raises InvalidQuery, UpdateRefused, ServiceRefused, QueryTooLarge."""
        examined = self._examined(text)
        foreign = any(call.iri != LABEL_SERVICE for call in examined.services)
        volatile = any(token.word in VOLATILE for token in examined.tokens)
        return Reading(examined.form, follows_reader(examined), not foreign and not volatile)

    def results_json(self, text: str, *, reader: tuple[str, ...], client: str) -> bytes:
        """The whole table of a SELECT or ASK as JSON, for a page to draw."""
        with self.answer(Question(text, languages=reader, client=client)).outcome.open() as stream:
            return stream.read()

    def answer(self, question: Question) -> Answer:
        """Run a query.

        Raises what ``read`` raises, ServiceFailed, WorkersBusy, AllowanceSpent, QueryTooLong, QueryFailed.
        """
        self._allowances.check(question.client)
        started = time.monotonic()
        try:
            return self._answer(question, started + self._pool.limits.deadline)
        finally:
            self._allowances.spend(question.client, time.monotonic() - started)

    def _answer(self, question: Question, until: float) -> Answer:
        examined = self._examined(question.text)
        plain, notes = self._plain(examined)
        if any(call.iri != LABEL_SERVICE for call in plain.services):
            plain = self._federator.carry_out(plain, lambda text: self._select(text, question, until), until=until)
        text = plain.text
        if plain.services:
            text = rewrite(text, self._here.prefixes, LabelReader(question.languages, self._here.entity))
        if text is not plain.text and examine(text, self._here.prefixes).services:
            raise ServiceRefused("a service is left in the query that was not asked for")
        job = self._job(text, question)
        try:
            outcome = self._pool.run(job, until=until)
        except QueryFailed as error:
            raise self._located(examined, job, error, until) from error
        return Answer(outcome, _edition(outcome.state), notes)

    def _examined(self, text: str) -> Examined:
        if len(text) > LONGEST:
            raise QueryTooLarge(f"the query is longer than the limit of {LONGEST} characters")
        return self._remembered(text) if len(text) < _SHORT else self._examine(text)

    def _examine(self, text: str) -> Examined:
        examined = examine(text, self._here.prefixes)
        if "#" in text:
            examined = replace(examined, text=without_comments(text, examined.tokens))
        return examined

    def _plain(self, examined: Examined) -> tuple[Examined, tuple[str, ...]]:
        """The query without Blazegraph's own, every service checked, and notes on what was left out."""
        notes: tuple[str, ...] = ()
        hintless = blazegraph.without_hints(examined)
        if hintless is not None:
            examined, notes = examine(hintless, self._here.prefixes), (blazegraph.HINTS_NOTE,)
        whole = blazegraph.with_subqueries_in_place(examined, longest=LONGEST)
        if whole is not None:
            examined = examine(whole, self._here.prefixes)
        spelled_out = blazegraph.without_aliases_in_having(examined)
        if spelled_out is not None and len(spelled_out) <= LONGEST:
            examined = examine(spelled_out, self._here.prefixes)
        blazegraph.check_extensions(examined)
        self._federator.check(examined)
        return examined, notes

    def _job(self, text: str, question: Question) -> Job:
        return Job(
            text,
            question.result_type,
            question.graph_type,
            self._here.base,
            self._here.prefixes,
            question.default_graphs,
            question.named_graphs,
        )

    def _select(self, text: str, question: Question, until: float) -> Solutions:
        """The local part of a federated query."""
        job = replace(self._job(text, question), result_type=RESULTS_JSON)
        with self._pool.run(job, until=until).open() as stream:
            variables, rows = parse_results(stream.read())
        return Solutions(variables, rows)

    def _located(self, examined: Examined, job: Job, error: QueryFailed, until: float) -> InvalidQuery | QueryFailed:
        """The error at its place in the text that was sent, which is read by itself: rewriting moves what follows."""
        if not is_about_syntax(str(error)):
            return error
        texts = blazegraph.readable_alone(examined)
        parts = [tokens(text) for text in texts]
        found = self._pool.complaint([spread(part) for part in parts], job, until=until)
        if found is None:
            return unlocated(str(error))
        number, complaint = found
        return located(texts[number], parts[number], complaint)


@contextmanager
def open_endpoint(
    graph: GraphReader, namespaces: WikibaseNamespaces, settings: Settings, *, elsewhere: RemoteStore | None = None
) -> Iterator[Endpoint]:
    """The endpoint over a graph; its processes start with the first query and end here.

    A graph ``elsewhere`` is asked there; ``graph`` is then an empty one, with which our process reads refused queries.
    """
    bounds = settings.sparql
    limits = Limits(deadline=bounds.timeout, memory=bounds.memory, most_bytes=bounds.result)
    # Two threads stay free for pages, whatever is asked of the endpoint.
    queue = max(1, settings.threads - bounds.workers - 2)
    prefixes = {**VOCABULARY_PREFIXES, **blazegraph.PREFIXES, **namespaces.prefixes()}
    contact = f" ({settings.contact or namespaces.base})"
    fetcher = Fetcher(f"capx-graph/{__version__}{contact}")
    workers = 1 if elsewhere else bounds.workers
    with WorkerPool(graph, settings.cache / "sparql", size=workers, queue=queue, limits=limits) as pool:
        yield Endpoint(
            RemoteRunner(elsewhere, pool) if elsewhere else pool,
            Federator(fetcher, bounds.services, prefixes),
            Surroundings(prefixes, namespaces.entity, f"{namespaces.base}/sparql"),
            state=lambda: (elsewhere or graph).state,
            allowances=Allowances(bounds.allowance),
        )


def _edition(state: StoreState) -> str:
    return re.sub(r"[^A-Za-z0-9.]", "", f"{state.cursor}.{state.triples}.{state.model}")
