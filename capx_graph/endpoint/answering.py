"""A stranger's SPARQL query from text to bytes: guarded, its services called by us, its labels written out, run apart.

The door hands in text and formats and streams the bytes on; nothing passes through our models. What a query may not do
ends here with an error that says why and where, in the lines and columns of the text that was sent.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Protocol

from capx_graph.endpoint.allowance import Allowances
from capx_graph.endpoint.federator import Federator
from capx_graph.endpoint.kept import Kept
from capx_graph.endpoint.preparing import Prepared, Preparing, Reading
from capx_graph.errors import InvalidQuery, QueryFailed, ServiceRefused
from capx_graph.namespaces import VOCABULARY_PREFIXES, WikibaseNamespaces
from capx_graph.settings import Settings
from capx_graph.sparql import blazegraph
from capx_graph.sparql.complaints import is_about_syntax, located, spread, unlocated
from capx_graph.sparql.guard import Examined, examine
from capx_graph.sparql.labels import LABEL_SERVICE, LabelReader, rewrite, with_readers_language
from capx_graph.sparql.tokens import Kind, tokens
from capx_graph.store.base import Delta, GraphReader, Solutions, StoreState
from capx_graph.store.fetch import RESULTS_JSON, Fetcher
from capx_graph.store.job import Job, Limits, Outcome
from capx_graph.store.remote import RemoteStore
from capx_graph.store.remoterunner import RemoteRunner
from capx_graph.store.worker import WorkerPool
from capx_graph.terms import parse_results

_KEPT = 16 << 20
"""Bytes of answers that are kept, none larger than 64 KiB: some thousand small ones."""


@dataclass(frozen=True, slots=True)
class Question:
    """What a client asks: text, the formats it takes for tables and for graphs, its languages, its dataset.

    The deadline counts from ``asked_at`` (monotonic).
    """

    text: str
    result_type: str = RESULTS_JSON
    graph_type: str = "text/turtle"
    languages: tuple[str, ...] = ("en",)
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    client: str = ""
    asked_at: float = field(default_factory=time.monotonic, compare=False)


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
    @property
    def busy(self) -> int: ...
    def renew(self) -> None: ...
    def follow(self) -> None: ...
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
        self._preparing = Preparing(surroundings.prefixes, federator.check)
        self._kept = Kept(most=_KEPT, largest=64 << 10)

    @property
    def busy(self) -> int:
        """How many queries run now."""
        return self._pool.busy

    @property
    def edition(self) -> str:
        """What the graph holds now; answers of one edition are equal."""
        return _edition(self._state())

    def forget(self) -> None:
        """Lets nobody read an older state of the graph any more: kept answers go, queries on older states end."""
        self._kept.clear()
        self._pool.renew()

    def graph_changed(self, delta: Delta) -> None:  # noqa: ARG002 the signature of an observer
        """The graph took in a difference; for the ingest."""
        self._pool.follow()

    def aside(self, graph: GraphReader) -> None:
        """Nothing here is derived from a graph before somebody asks."""

    @contextmanager
    def replacing(self, successor: object) -> Iterator[None]:  # noqa: ARG002 the signature of an observer
        """The graph is replaced inside; for the ingest."""
        yield
        self._pool.follow()

    def read(self, text: str) -> Reading:
        """What a query is; raises InvalidQuery, UpdateRefused, ServiceRefused, QueryTooLarge."""
        return self._preparing.prepared(text).reading

    def results_json(self, text: str, *, reader: tuple[str, ...], client: str) -> bytes:
        """The whole table of a SELECT or ASK as JSON, for a page to draw."""
        with self.answer(Question(text, languages=reader, client=client)).outcome.open() as stream:
            return stream.read()

    def answer(self, question: Question) -> Answer:
        """Run a query.

        Raises what ``read`` raises, ServiceFailed, WorkersBusy, AllowanceSpent, QueryTooLong, QueryFailed.
        """
        self._allowances.check(question.client)
        try:
            return self._answer(question, question.asked_at + self._pool.limits.deadline)
        finally:
            self._allowances.spend(question.client, time.monotonic() - question.asked_at)

    def _answer(self, question: Question, until: float) -> Answer:
        prepared = self._preparing.prepared(question.text)
        if not prepared.reading.lasting:
            return self._run(prepared, question, until)
        key = replace(question, client="", languages=question.languages if prepared.reading.follows_reader else ())
        state = self._state()
        body = self._kept.get(_edition(state), key)
        if body is not None:
            return Answer(Outcome(state, len(body), body), _edition(state), prepared.notes)
        answer = self._run(prepared, question, until)
        if answer.outcome.path is None and answer.edition == self.edition:
            self._kept.put(answer.edition, key, answer.outcome.body)
        return answer

    def _run(self, prepared: Prepared, question: Question, until: float) -> Answer:
        plain = prepared.plain
        spelled_out = with_readers_language(plain, question.languages[0]) if prepared.reading.follows_reader else None
        if spelled_out is not None:
            plain = examine(spelled_out, self._here.prefixes)
        if any(call.iri != LABEL_SERVICE for call in plain.services):
            plain = self._federator.carry_out(plain, lambda text: self._select(text, question, until), until=until)
        if plain.services:
            text = rewrite(plain.text, self._here.prefixes, LabelReader(question.languages, self._here.entity))
            plain = examine(text, self._here.prefixes)
            if plain.services:
                raise ServiceRefused("a service is left in the query that was not asked for")
        job = self._job(plain.text, question, self._used(plain))
        try:
            outcome = self._pool.run(job, until=until)
        except QueryFailed as error:
            raise self._located(prepared.examined, job, error, until) from error
        return Answer(outcome, _edition(outcome.state), prepared.notes)

    def _used(self, examined: Examined) -> dict[str, str]:
        """The prefixes that a query uses, of those that need no declaration: all 38 cost it 12 µs."""
        names = {token.text.partition(":")[0] for token in examined.tokens if token.kind is Kind.PREFIXED}
        return {name: self._here.prefixes[name] for name in names if name in self._here.prefixes}

    def _job(self, text: str, question: Question, prefixes: Mapping[str, str]) -> Job:
        return Job(
            text,
            question.result_type,
            question.graph_type,
            self._here.base,
            prefixes,
            question.default_graphs,
            question.named_graphs,
        )

    def _select(self, text: str, question: Question, until: float) -> Solutions:
        """The local part of a federated query."""
        job = replace(self._job(text, question, self._here.prefixes), result_type=RESULTS_JSON)
        with self._pool.run(job, until=until).open() as stream:
            variables, rows = parse_results(stream.read())
        return Solutions(variables, rows)

    def _located(self, examined: Examined, job: Job, error: QueryFailed, until: float) -> InvalidQuery | QueryFailed:
        """The error at its place in the text that was sent, which is read by itself: rewriting moves what follows."""
        if not is_about_syntax(str(error)):
            return error
        job = replace(job, prefixes=self._here.prefixes)
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
    prefixes = default_prefixes(namespaces)
    fetcher = Fetcher(settings.user_agent(namespaces.site))
    workers = 1 if elsewhere else bounds.workers
    with WorkerPool(graph, settings.cache / "sparql", size=workers, queue=queue, limits=limits) as pool:
        yield Endpoint(
            RemoteRunner(elsewhere, pool) if elsewhere else pool,
            Federator(fetcher, bounds.services, prefixes),
            Surroundings(prefixes, namespaces.entity, f"{namespaces.site}/sparql"),
            state=lambda: (elsewhere or graph).state,
            allowances=Allowances(bounds.allowance),
        )


def default_prefixes(namespaces: WikibaseNamespaces) -> dict[str, str]:
    """The prefixes that a query need not declare."""
    return {**VOCABULARY_PREFIXES, **blazegraph.PREFIXES, **namespaces.prefixes()}


def _edition(state: StoreState) -> str:
    return re.sub(r"[^A-Za-z0-9.]", "", f"{state.cursor}.{state.triples}.{state.model}")
