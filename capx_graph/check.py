"""Repository = graph = text index, entity by entity; ``capx check`` prints what this yields.

The comparison runs beside edits: what differs at first sight is looked at again while nothing moves, so that an
edit under way is no difference. First every triple that is due is looked up, which is quicker than reading back;
only when the store has more of them than were due, all are read. Memory grows with what differs and with the number
of shared nodes, not with that of triples.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from capx_graph.ingest import Ingest, Owned, Progress
from capx_graph.model import Page
from capx_graph.namespaces import SCHEMA
from capx_graph.projection import Hierarchy
from capx_graph.terms import NamedNode
from capx_graph.textindex import TextEntry, fold

_VERSION = NamedNode(SCHEMA + "version")


class DifferenceKind(StrEnum):
    """What is wrong."""

    MISSING_ENTITY = "entity missing from the graph"
    SURPLUS_ENTITY = "entity that should not be there"
    UNREADABLE_ENTITY = "entity that cannot be read"
    STALE_ENTITY = "entity stands at another revision"
    MISSING_TRIPLE = "triple missing"
    SURPLUS_TRIPLE = "triple that should not be there"
    ORPHAN_NODE = "node that nobody mentions"
    MISSING_TEXT = "text missing from the index"
    SURPLUS_TEXT = "text that should not be in the index"
    DAMAGED_INDEX = "text index damaged"
    WRONG_COUNT = "number of triples kept wrongly"


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference; ``entity_id`` is None where it belongs to no entity, ``detail`` says what differs."""

    kind: DifferenceKind
    entity_id: str | None
    detail: str

    def __str__(self) -> str:
        return f"{self.entity_id or '-'}: {self.kind}: {self.detail}"


class Check:
    """One comparison of a repository with what is derived from it."""

    def __init__(self, ingest: Ingest, *, progress: Progress | None = None) -> None:
        self._ingest = ingest
        self._graph = ingest.graph
        self._store = ingest.store
        self._progress = progress
        self._suspects: dict[str, None] = {}
        self._strangers: list[NamedNode] = []
        self._shared: set[NamedNode] = set()
        self._triples = 0
        self._texts = 0

    def differences(self) -> Iterator[Difference]:
        """All differences; none means that everything is in step."""
        hierarchy = self._graph.projector.hierarchy(
            {p.entity_id: facts for p in self._pages() if (facts := self._graph.facts(p))}
        )
        for page in self._pages():
            self._look_at(page, hierarchy)
            if self._progress:
                self._progress(1)
        if self._triples != self._store.count():
            self._look_for_surplus(hierarchy)
        if self._texts != len(self._ingest.texts):
            exists = self._ingest.repository.exists
            self._suspects |= {id_: None for id_ in self._ingest.texts.entity_ids() if not exists(id_)}
        with self._ingest.standstill() as hierarchy:
            for entity_id in self._suspects:
                yield from self._verified(entity_id, hierarchy)
            for node in self._strangers:
                if self._is_stranger(node) and self._store.subject_triples([node]):
                    yield Difference(DifferenceKind.ORPHAN_NODE, self._graph.owner(node), str(node))
            yield from self._totals()

    def _pages(self) -> Iterator[Page]:
        return self._ingest.repository.scan()

    def _look_at(self, page: Page, hierarchy: Hierarchy) -> None:
        """Whether everything is there that should be; what should not be there shows in the number of triples."""
        due = self._graph.due(self._store, page, hierarchy)
        entries = self._ingest.texts.entries(page.entity_id)
        new = [node for node in due.shared if node not in self._shared]
        self._shared.update(new)
        self._triples += len(due.own) + sum(len(due.shared[node]) for node in new)
        self._texts += len(entries)
        if (
            self._entries(page) != Counter(entries)
            or not self._store.contains_all(due.own)
            or not all(self._store.contains_all(due.shared[node]) for node in new)
        ):
            self._suspects[page.entity_id] = None

    def _look_for_surplus(self, hierarchy: Hierarchy) -> None:
        """The slow way: read every triple back, entity by entity and then all subjects."""
        for page in self._pages():
            due = self._graph.due(self._store, page, hierarchy)
            if due != self._graph.stored(self._store, page.entity_id):
                self._suspects[page.entity_id] = None
        self._strangers = [node for node in self._subjects() if self._is_stranger(node)]

    def _verified(self, entity_id: str, hierarchy: Hierarchy) -> Iterator[Difference]:
        page = self._ingest.repository.page(entity_id)
        due = self._graph.due(self._store, page, hierarchy)
        yield from compared(entity_id, due, self._graph.stored(self._store, entity_id))
        wanted, there = self._entries(page), Counter(self._ingest.texts.entries(entity_id))
        for entry in (wanted - there).elements():
            yield Difference(DifferenceKind.MISSING_TEXT, entity_id, f"{entry.field} {entry.text!r}")
        for entry in (there - wanted).elements():
            yield Difference(DifferenceKind.SURPLUS_TEXT, entity_id, f"{entry.field} {entry.text!r}")

    def _entries(self, page: Page | None) -> Counter[TextEntry]:
        """The texts of a page that leave something to search for once they are folded."""
        entries = self._ingest.text_projector.entries(page) if page else ()
        return Counter(entry for entry in entries if fold(entry.text))

    def _subjects(self) -> Iterator[NamedNode]:
        """Every subject of the graph; the engine gives the triples of a subject one after another."""
        last = None
        for triple in self._store.triples():
            subject = triple.subject
            if subject != last and isinstance(subject, NamedNode):
                last = subject
                yield subject

    def _is_stranger(self, node: NamedNode) -> bool:
        """Whether a subject belongs to no entity that there is, nor to anything that one mentions."""
        if self._graph.is_shared(node):
            return not self._graph.is_mentioned(self._store, node, apart_from=set())
        if self._graph.is_statement(node):
            return not self._graph.is_claimed(self._store, node)
        owner = self._graph.owner(node) or self._graph.owner_of_description(node)
        return owner is None or not self._ingest.repository.exists(owner)

    def _totals(self) -> Iterator[Difference]:
        kept, counted = self._store.state.triples, self._store.count()
        if kept != counted:
            yield Difference(DifferenceKind.WRONG_COUNT, None, f"{kept} kept, {counted} counted")
        if not self._ingest.texts.is_sound():
            yield Difference(DifferenceKind.DAMAGED_INDEX, None, "its search tables differ from its texts")


def compared(entity_id: str, due: Owned, stored: Owned) -> Iterator[Difference]:
    """How what a graph has of an entity differs from what it should have."""
    if due == stored:
        return
    if not stored.own:
        yield Difference(DifferenceKind.MISSING_ENTITY, entity_id, f"{len(due.own)} triples")
        return
    wanted, there = _versions(due), _versions(stored)
    if due.own and wanted != there:
        yield Difference(DifferenceKind.STALE_ENTITY, entity_id, f"{there or 'none'} instead of {wanted}")
    for triples, others, kind in (
        (due, stored, DifferenceKind.MISSING_TRIPLE),
        (stored, due, DifferenceKind.SURPLUS_TRIPLE),
    ):
        for triple in triples.own - others.own:
            yield Difference(kind, entity_id, str(triple))
        for node, content in triples.shared.items():
            for triple in content - others.shared.get(node, set()):
                yield Difference(kind, entity_id, str(triple))


def _versions(owned: Owned) -> str:
    """The revision that the triples of an entity were made of."""
    return ", ".join(sorted({str(t.object) for t in owned.own if t.predicate == _VERSION}))
