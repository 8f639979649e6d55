"""What a SPARQL engine must do for the house: the seam between the graph and whoever reads or writes it.

Anyone above the adapters may import it. Readers need GraphReader; the ingest alone holds a GraphStore. Everything
lives in the default graph; what the store knows about itself (cursor, model, number of triples) lives in one named
graph, so that it changes in the same transaction as the data and travels with every snapshot.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from capx_graph.terms import NamedNode, Term, Triple

META_GRAPH = "urn:capx:store"
META_CURSOR = "urn:capx:store:cursor"
META_TRIPLES = "urn:capx:store:triples"
META_MODEL = "urn:capx:store:model"

Row = tuple[Term | None, ...]


class SparqlText(Protocol):
    """A query ready to run; ``queries.BoundQuery`` is one. ``name`` is its file, for messages and logs."""

    @property
    def text(self) -> str: ...

    @property
    def name(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Solutions:
    """The rows of a SELECT; each row has a term or None for every variable, in their order."""

    variables: tuple[str, ...]
    rows: list[Row]

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def dicts(self) -> Iterator[dict[str, Term | None]]:
        """The rows as mappings from variable to term."""
        return (dict(zip(self.variables, row, strict=True)) for row in self.rows)

    def triples(self) -> Iterator[Triple]:
        """The rows of three columns, none of them empty, as triples."""
        return (Triple(*row) for row in self.rows)  # type: ignore[arg-type]  # a query for triples gives no others


@dataclass(frozen=True, slots=True)
class StoreState:
    """Where a store stands: the change it has taken in last, how many triples it holds, the model they follow.

    Not ``known`` is what an engine elsewhere was told last, while it cannot say itself.
    """

    cursor: int = 0
    triples: int = 0
    model: str = ""
    known: bool = True


@dataclass(frozen=True, slots=True)
class Delta:
    """An exact difference: every removed triple is in the store, no added one is, no triple is in both.

    Triples are in the form that ``GraphReader.canonical`` gives.
    """

    cursor: int
    removed: Sequence[Triple] = field(default=())
    added: Sequence[Triple] = field(default=())


class NameReader(Protocol):
    """The part of a GraphReader that directory and names need."""

    @property
    def version(self) -> int:
        """As a GraphReader's."""

    def select(self, query: SparqlText) -> Solutions:
        """As a GraphReader's."""

    def subject_triples(self, subjects: Iterable[NamedNode], predicates: Sequence[NamedNode] = ()) -> list[Triple]:
        """As a GraphReader's."""


class GraphReader(Protocol):
    """A graph to read. Every call sees one state of it, whatever is written meanwhile."""

    @property
    def version(self) -> int:
        """The cursor of the newest change that answers take into account; fit for an ETag."""

    @property
    def state(self) -> StoreState:
        """Cursor, number of triples, model."""

    def select(self, query: SparqlText) -> Solutions:
        """The rows of a SELECT; raises QueryFailed."""

    def ask(self, query: SparqlText) -> bool:
        """The answer of an ASK; raises QueryFailed."""

    def construct(self, query: SparqlText) -> list[Triple]:
        """The triples of a CONSTRUCT or DESCRIBE; raises QueryFailed."""

    def triples(self) -> Iterator[Triple]:
        """All triples of the default graph, from one snapshot, in no order."""

    def count(self) -> int:
        """The number of triples, counted one by one: seconds for millions; ``state`` has it without counting."""

    def subject_triples(self, subjects: Iterable[NamedNode], predicates: Sequence[NamedNode] = ()) -> list[Triple]:
        """All triples with one of these subjects, and one of these predicates if any are given."""

    def contains_all(self, triples: Iterable[Triple]) -> bool:
        """Whether all these triples are in the graph; half the time of reading them back."""

    def canonical(self, triples: Iterable[Triple]) -> list[Triple]:
        """These triples as the engine would give them back: some keep the value of a number, not its spelling."""

    def mentions(self, node: NamedNode, predicates: Sequence[NamedNode] = ()) -> Iterator[Triple]:
        """The triples with this object, and one of these predicates if any are given, as they are asked for."""

    def snapshot(self, directory: Path) -> StoreState:
        """Write a copy, which any engine process may open on its own, to a directory that does not exist yet."""


class GraphStore(GraphReader, Protocol):
    """A graph that one writer keeps."""

    def confirm(self) -> StoreState:
        """Where it stands, asked of the engine where that is not known; raises Unavailable, QueryTooLong."""

    def sweep(self) -> None:
        """Remove what an interrupted rebuild left, where that is not done by opening; for the one writer."""

    def apply(self, delta: Delta) -> None:
        """Take in a difference together with its cursor, in one transaction."""

    def rebuild(self, model: str) -> AbstractContextManager[GraphBuilder]:
        """Build a new content aside; leaving the context without ``publish`` drops it."""

    def close(self) -> None:
        """Release files and locks."""


class GraphBuilder(Protocol):
    """A graph being built aside; readers see nothing of it before ``publish``.

    First ``add``, as often as needed, then ``finish``, then differences applied to what ``finish`` gave, ``publish``.
    """

    def add(self, triples: Iterable[Triple]) -> None:
        """Take in these triples; duplicates do no harm."""

    def finish(self, cursor: int) -> GraphStore:
        """The graph so far as a store of its own, standing at ``cursor``, to be brought up to date."""

    def publish(self) -> None:
        """Swap the content of the store for this in one step; readers finish on what they began with."""
