"""The two Wikibases of an exchange: the repository here, a wiki elsewhere, and the ids of each in the other's.

Only this package and the jobs import it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from capx_graph.handover.mapping import Ids
from capx_graph.handover.reading import WikiReader
from capx_graph.handover.selecting import Selection
from capx_graph.handover.state import Pair, Pairing
from capx_graph.ontology import Instance
from capx_graph.repository.store import Repository

_BATCH = 500


@dataclass(frozen=True, slots=True)
class Sides:
    """The two Wikibases of an exchange, and the pairs between them."""

    repository: Repository
    reader: WikiReader
    here: Selection
    there: Selection
    pairing: Pairing

    @property
    def base_here(self) -> str:
        """The concept base here."""
        return self.repository.namespaces.entity

    @property
    def base_there(self) -> str:
        """The concept base there."""
        return self.reader.site.concept_base

    def ids_there(self, pairs: Iterable[Pair]) -> Ids:
        """From ids here to ids there."""
        return Ids(
            _terms(self.here.instance, self.there.instance) | {p.here: p.there for p in pairs},
            self.base_here,
            self.base_there,
        )

    def ids_here(self, pairs: Iterable[Pair]) -> Ids:
        """From ids there to ids here."""
        return Ids(
            _terms(self.there.instance, self.here.instance) | {p.there: p.here for p in pairs},
            self.base_there,
            self.base_here,
        )


def batches(ids: Iterable[str], *, size: int = _BATCH) -> Iterator[Sequence[str]]:
    """Ids in portions."""
    listed = list(ids)
    for start in range(0, len(listed), size):
        yield listed[start : start + size]


def _terms(from_: Instance, to: Instance) -> dict[str, str]:
    """The ids of the ontology's terms that both know."""
    ids = {**from_.property_ids, **from_.item_ids}
    others = {**to.property_ids, **to.item_ids}
    return {entity_id: others[name] for name, entity_id in ids.items() if name in others}
