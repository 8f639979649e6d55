"""What many people offer here: to begin with where the search field is empty, nothing was found, or a page is none.

Kept for one version of the graph, for each of the last readers' languages.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from flask import Flask, current_app

from capx_graph.errors import CapxError
from capx_graph.model import Ref
from capx_graph.profiles import CapacityNode
from webapp.needs import services
from webapp.request.reader import reader

_KEPT = "capx_offered"
_SHOWN = 3
_MOST_READERS = 64


@dataclass(slots=True)
class _Kept:
    """What was found for one version of the graph, by the reader's languages."""

    version: object
    by_chain: dict[tuple[str, ...], tuple[Ref, ...]] = field(default_factory=dict)


def most_offered() -> tuple[Ref, ...]:
    """The capacities that most people offer themselves, not by what is beneath; none where the graph is silent."""
    chain = reader().chain
    kept: _Kept | None = current_app.extensions.get(_KEPT)
    version = services().store.version
    if kept is None or kept.version != version or len(kept.by_chain) > _MOST_READERS:
        kept = current_app.extensions[_KEPT] = _Kept(version)
    if chain not in kept.by_chain:
        try:
            roots = services().profiles.directory(reader=chain)
        except CapxError:  # error pages show this, too
            return ()
        kept.by_chain[chain] = tuple(_first(_all(roots)))
    return kept.by_chain[chain]


def _first(nodes: Iterable[CapacityNode]) -> Iterator[Ref]:
    """Those with most offers; a capacity with two parents once."""
    known = {node.capacity.id: node for node in nodes}.values()
    ordered = sorted(known, key=lambda node: (-node.counts.offers.exact, len(node.capacity.id), node.capacity.id))
    return (node.capacity for node in ordered[:_SHOWN])


def _all(nodes: Iterable[CapacityNode]) -> Iterator[CapacityNode]:
    for node in nodes:
        yield node
        yield from _all(node.children)


def search_example() -> str:
    """What the empty search field shows: names in the reader's language; what the field is for without any."""
    tr = reader().tr
    names = [ref.label for ref in most_offered()]
    return tr.text("search-placeholder", *names[:2]) if len(names) > 1 else tr.text("search-label")


def install(app: Flask) -> None:
    """Makes the examples known to templates."""
    app.add_template_global(most_offered)
    app.add_template_global(search_example)
