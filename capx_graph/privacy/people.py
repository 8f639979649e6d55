"""Who is who in the repository: the items of the people with some usernames; only this package imports it.

Beside a graph that is at hand the question costs nothing; without one every item is looked at, 0.2 ms each.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from capx_graph import queries
from capx_graph.errors import LimitExceeded, Unavailable
from capx_graph.ingest import Ingest
from capx_graph.items.drafts import Vocabulary
from capx_graph.items.keys import KeyReader, folded
from capx_graph.model import EntityJson, EntityKind
from capx_graph.namespaces import CAPX
from capx_graph.repository.store import Repository
from capx_graph.terms import NamedNode, iri, literal


class People(Protocol):
    """Who is who in the repository."""

    def items(self, names: Sequence[str]) -> list[str]:
        """The items of the people with these usernames."""

    def usernames(self) -> Iterator[tuple[str, str]]:
        """Every person's item and username."""

    def is_only(self, entity: EntityJson, names: Sequence[str]) -> bool:
        """Whether an entity is a person of one of these names and of no other."""


@dataclass(frozen=True, slots=True)
class KnownPeople:
    """People as the repository has them; ``ingest`` is the graph to ask, where this process has it."""

    repository: Repository
    vocabulary: Vocabulary
    ingest: Ingest | None = None

    def items(self, names: Sequence[str]) -> list[str]:
        """The items of the people with these usernames."""
        if self.ingest is None:
            return self._in_repository(names)
        try:
            return self._in_graph(self.ingest, names)
        except (Unavailable, LimitExceeded):  # the engine of the graph is silent; who leaves need not wait for it
            return self._in_repository(names)

    def is_only(self, entity: EntityJson, names: Sequence[str]) -> bool:
        """Whether an entity is a person of one of these names and of no other."""
        return KeyReader(self.vocabulary).is_only(entity, names)

    def _in_repository(self, names: Sequence[str]) -> list[str]:
        wanted = {folded(name) for name in names}
        return [item for item, name in self.usernames() if folded(name) in wanted]

    def _in_graph(self, ingest: Ingest, names: Sequence[str]) -> list[str]:
        ingest.catch_up()
        asked = [(iri(CAPX + "Person"), iri(CAPX + "username"), literal(way)) for name in names for way in _ways(name)]
        query = queries.load("profile/identified").bind(asked=asked)
        found = (row[0] for row in ingest.store.select(query))
        ids = (self.repository.namespaces.entity_id(node.value) for node in found if isinstance(node, NamedNode))
        return [id_ for id_ in ids if id_]

    def usernames(self) -> Iterator[tuple[str, str]]:
        """Every person's item and username."""
        reader = KeyReader(self.vocabulary)
        for page in self.repository.scan("item"):
            if page.entity is not None and reader.kind(page.entity) is EntityKind.PERSON:
                for name in reader.keys(page.entity, EntityKind.PERSON):
                    yield page.entity_id, name


def _ways(name: str) -> set[str]:
    """The spellings in which a record may have the name."""
    plain = folded(name)
    found = {plain, plain[:1].lower() + plain[1:]}
    return found | {way.replace(" ", "_") for way in found}
