"""What is derived from the graph and follows it, such as an index or kept answers; given out by the package.

An observer is told of every difference. When a graph is built aside, what follows it is derived aside too, so that
nobody waits for that after the swap.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from typing import Protocol

from capx_graph.store.base import Delta, GraphReader


class Observer(Protocol):
    """Something derived from the graph that wants to follow it, in the thread that writes."""

    def graph_changed(self, delta: Delta) -> None:
        """The graph took in a difference."""

    def aside(self, graph: GraphReader) -> Observer | None:
        """The same derived from a graph that is built aside, which it follows from now on; None if not needed."""

    def replacing(self, successor: Observer | None) -> AbstractContextManager[None]:
        """The graph is replaced inside: afterwards it is the one that the successor was derived from."""


@dataclass(frozen=True, slots=True)
class Successors:
    """What was derived from a graph that is built aside, one for each observer, None where it needs none."""

    each: tuple[Observer | None, ...] = ()

    def tell(self, delta: Delta) -> None:
        """The graph aside took in a difference."""
        for successor in filter(None, self.each):
            successor.graph_changed(delta)


class Observers:
    """All that follow one graph."""

    def __init__(self, observers: Sequence[Observer]) -> None:
        self._observers = tuple(observers)

    def tell(self, delta: Delta) -> None:
        """The graph took in a difference."""
        for observer in self._observers:
            observer.graph_changed(delta)

    def aside(self, draft: GraphReader | None) -> Successors:
        """What follows a graph that is built aside; nothing where none is."""
        return Successors(tuple(observer.aside(draft) if draft else None for observer in self._observers))

    @contextmanager
    def replacing(self, successors: Successors) -> Iterator[None]:
        """The graph is replaced inside by the one that the successors were derived from."""
        with ExitStack() as stack:
            for observer, successor in zip(self._observers, successors.each, strict=True):
                stack.enter_context(observer.replacing(successor))
            yield

    def begin_anew(self) -> None:
        """Everything is derived again from the graph that is in force."""
        for observer in self._observers:
            with observer.replacing(None):
                pass
