"""Entries checked by the shapes and written into the directory, in one transaction; only this package imports it.

What breaks a rule is refused, with what lies under it; the rest is written all the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from capx_graph.importers.benchformat import FIELDS
from capx_graph.importers.directory import completed, draft_entry
from capx_graph.importers.outside.directoryrecords import Entry
from capx_graph.importers.rejects import Reject
from capx_graph.importers.sources import OWNER
from capx_graph.items.checking import ShapeBatcher
from capx_graph.items.drafts import Problem, Vocabulary
from capx_graph.items.keys import Keys
from capx_graph.model import Draft, EntityJson, EntityKind, Page
from capx_graph.repository.store import Repository
from capx_graph.shapes import Shapes

_ROLES = ("knows", "offers", "wants")


@dataclass(frozen=True, slots=True)
class Completing:
    """Writes entries into one repository; ``keys`` and ``batcher`` know what is there, and learn."""

    repository: Repository
    vocabulary: Vocabulary
    keys: Keys
    batcher: ShapeBatcher
    shapes: Callable[[], Shapes]

    def run(self, kind: EntityKind, entries: Sequence[Entry], refuse: Callable[[Reject], None]) -> dict[str, str]:
        """Answers of each item whether it was created, completed or unchanged."""
        ids = self._ids(kind, entries)
        pages = self.repository.pages([entry.id for entry in entries if entry.id])
        waiting = dict(zip(ids, entries, strict=True))
        while True:
            drafts = {id_: self._drafted(id_, entry, pages) for id_, entry in waiting.items()}
            wrong = self._wrong(kind, waiting, drafts)
            if not wrong:
                break
            for id_, problems in wrong.items():
                entry = waiting.pop(id_)
                if not entry.id:
                    for key in entry.entry.keys:
                        self.keys.forget(kind, key)
                refuse(entry.refused(problems))
        return self._write(waiting, {id_: entity for id_, entity in drafts.items() if entity is not None})

    def _ids(self, kind: EntityKind, entries: Sequence[Entry]) -> list[str]:
        """The items of the entries; new ones get theirs, so that entries may refer to one another."""
        new = [entry for entry in entries if not entry.id]
        made = iter(self.repository.allocate("item", len(new)) if new else ())
        ids = [entry.id or next(made) for entry in entries]
        for id_, entry in zip(ids, entries, strict=True):
            for key in entry.entry.keys:
                self.keys.learn(kind, key, id_)
        return ids

    def _drafted(self, id_: str, entry: Entry, pages: Mapping[str, Page]) -> EntityJson | None:
        """The item as it shall be; None where something that it lies under is not there."""
        if any(self.keys.find(link.kind, link.key) is None for link in entry.entry.links):
            return None
        draft = draft_entry(entry.entry, id_, vocabulary=self.vocabulary, keys=self.keys)
        if entry.evidence:
            draft = self._evident(draft, entry.evidence)
        page = pages.get(id_)
        if page is None or page.entity is None:
            return draft
        return completed(page.entity, self._without_roles(draft, page.entity), self.vocabulary)

    def _wrong(
        self, kind: EntityKind, waiting: Mapping[str, Entry], drafts: Mapping[str, EntityJson | None]
    ) -> dict[str, tuple[Problem, ...]]:
        wrong: dict[str, tuple[Problem, ...]] = {
            id_: (Problem("parent", waiting[id_].entry.links[0].key, "refers to what is not here or was refused"),)
            for id_, entity in drafts.items()
            if entity is None
        }
        there = [entity for entity in drafts.values() if entity is not None]
        if there and not wrong:
            batch = self.batcher.batch(kind, there)
            report = self.shapes().validate(batch.triples, context=batch.context)
            wrong |= {id_: found for id_, found in self.batcher.problems(report, FIELDS).items() if id_ in waiting}
        return wrong

    def _write(self, waiting: Mapping[str, Entry], drafts: Mapping[str, EntityJson]) -> dict[str, str]:
        done: dict[str, str] = {}
        if not drafts:
            return done
        given = [Draft(entity) for entity in drafts.values()]
        for receipt in self.repository.bulk(given, actor=OWNER, summary="import from the Capacity Exchange"):
            is_new = not waiting[receipt.entity_id].id
            done[receipt.entity_id] = "created" if is_new else "completed" if receipt.changed else "unchanged"
        return done

    def _evident(self, draft: EntityJson, address: str) -> EntityJson:
        """The roles with the page that shows them as their reference."""
        evidence = self.vocabulary.property_id("evidence")
        value = {"value": address, "type": "string"}
        snak = {"snaktype": "value", "property": evidence, "datatype": "url", "datavalue": value}
        reference = {"snaks": {evidence: [snak]}, "snaks-order": [evidence]}
        roles = {self.vocabulary.property_id(name) for name in _ROLES}
        claims = {
            name: [{**statement, "references": [reference]} for statement in held] if name in roles else held
            for name, held in draft["claims"].items()
        }
        return {**draft, "claims": claims}

    def _without_roles(self, draft: EntityJson, existing: EntityJson) -> EntityJson:
        """The draft without capacities where the organization says some itself: the three lists go together."""
        roles = {self.vocabulary.property_id(name) for name in _ROLES}
        if not roles & existing["claims"].keys():
            return draft
        claims: dict[str, Any] = {name: held for name, held in draft["claims"].items() if name not in roles}
        return {**draft, "claims": claims}
