"""A record as its managers see it: read whole, changed field by field, only what changed is written.

Given out by the package. A field that changed since its form was drawn is a conflict; other fields are not. Who may do
it is for the stewards to say before: this room asks nobody.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from capx_graph.errors import Conflict, InvalidInput, NotFound
from capx_graph.items.drafts import Vocabulary
from capx_graph.items.keys import KeyReader, values_of
from capx_graph.membership import Change, Line, Part, really_changed
from capx_graph.messages import told
from capx_graph.model import EntityJson, EntityKind, Page, Receipt, Role
from capx_graph.repository.store import Repository
from capx_graph.stewardship.checking import Problems, RecordCheck
from capx_graph.stewardship.content import Content
from capx_graph.stewardship.failures import RecordConflict, RecordProblems
from capx_graph.stewardship.kinds import KINDS, RecordKind
from capx_graph.taxonomy import same_words
from capx_graph.taxonomy.statements import applied
from capx_graph.wikibase.writer import Writer

_TRIES = 5


@dataclass(frozen=True, slots=True)
class Record:
    """A record as it stands; ``revision`` is that of its item, 0 for one that is only proposed."""

    item: str
    kind: RecordKind
    revision: int
    parts: Mapping[str, Part] = field(default_factory=dict)


class Records:
    """The records of one Wikibase."""

    def __init__(self, repository: Repository, writer: Writer, *, vocabulary: Vocabulary, check: RecordCheck) -> None:
        self._repository = repository
        self._writer = writer
        self._vocabulary = vocabulary
        self._content = Content(vocabulary)
        self._check = check
        self._reader = KeyReader(vocabulary)

    def read(self, item: str) -> Record:
        """A record, where it was joined into another that one; raises NotFound for what is none."""
        page, kind = self._found(item)
        assert page.entity is not None
        return Record(page.entity_id, kind, page.revision_id, self._content.parts(page.entity, kind))

    def kind_of(self, entity: EntityJson) -> RecordKind | None:
        """The kind of record that an entity is, None for one of another kind."""
        found: EntityKind | None = self._reader.kind(entity)
        return KINDS.get(found) if found is not None else None

    def vouching(self, entity: EntityJson) -> frozenset[str]:
        """The organizations that an entity names as answering for it, as any of the kinds that it may be."""
        return self._values(entity, [(kind, name) for kind in self._kinds_of(entity) for name in kind.vouching])

    def listed(self, entity: EntityJson) -> frozenset[str]:
        """The accounts that an entity names as its own, as any of the kinds that it may be."""
        return self._values(entity, [(kind, kind.listed) for kind in self._kinds_of(entity) if kind.listed])

    def save(
        self, item: str, changes: Mapping[str, Change], *, account: str, reader: Sequence[str] = ("en",)
    ) -> Receipt:
        """Writes what changed; raises RecordConflict, RecordProblems, and the writer's errors."""
        for _ in range(_TRIES):
            page, kind = self._found(item)
            entity = page.entity
            assert entity is not None
            present = self._content.parts(entity, kind)
            wanted = really_changed(present, changes, RecordConflict)
            self._check_all(kind, entity, wanted, reader)
            edit = self._content.changes(entity, kind, _with_known(present, wanted))
            if not edit:
                return Receipt(page.entity_id, page.revision_id, changed=False)
            try:
                return self._writer.update(
                    page.entity_id, edit, account=account, base_revision=page.revision_id, summary=""
                )
            except Conflict as error:
                now = self._repository.page(page.entity_id)
                if now is not None and now.revision_id == page.revision_id:
                    # Nobody was faster: another item has this name and description.
                    raise InvalidInput(same_words(error)) from error
        raise Conflict(told("refused-changing"))

    def check(self, kind: RecordKind, parts: Mapping[str, Part], reader: Sequence[str] = ("en",)) -> None:
        """Raises RecordProblems for what a new record could not be."""
        self._check_all(kind, None, parts, reader)

    def _kinds_of(self, entity: EntityJson) -> list[RecordKind]:
        """Of all its classes, whichever comes first or is preferred: the graph takes the best ones."""
        return [KINDS[kind] for kind in self._reader.kinds(entity) if kind in KINDS]

    def _values(self, entity: EntityJson, fields: Sequence[tuple[RecordKind, str]]) -> frozenset[str]:
        names = {name for kind, field in fields if (spec := kind.spec(field)) for name in spec.properties}
        return frozenset(value for name in names for value in values_of(entity, self._vocabulary.property_id(name)))

    def problems(
        self,
        kind: RecordKind,
        parts: Mapping[str, Part],
        reader: Sequence[str] = ("en",),
        *,
        item: str | None = None,
        known: Problems | None = None,
    ) -> Problems:
        """All that keeps these fields of an item, or of a new record, from being saved; what is ``known`` of a field
        is said instead of anything else about it.
        """
        entity = self._found(item)[0].entity if item is not None else None
        return self._problems(kind, entity, parts, reader, known=known or {})

    def _check_all(
        self, kind: RecordKind, before: EntityJson | None, wanted: Mapping[str, Part], reader: Sequence[str]
    ) -> None:
        problems = self._problems(kind, before, wanted, reader, known={})
        if problems:
            raise RecordProblems(problems)

    def _problems(
        self,
        kind: RecordKind,
        before: EntityJson | None,
        wanted: Mapping[str, Part],
        reader: Sequence[str],
        *,
        known: Problems,
    ) -> Problems:
        """What comes from a form may be anything: a statement is made of what passes for one, and the shapes are asked
        about that.
        """
        unread = {**self._check.plain(kind, wanted, reader), **known}
        left_out = {*unread, *((Role.OFFERS.value,) if Role.KNOWS.value in unread else ())}
        sound = {name: part for name, part in wanted.items() if name not in left_out}
        entity = before if before is not None else self._content.empty(kind)
        if before is not None:
            sound = _with_known(self._content.parts(before, kind), sound)
        after = applied(entity, self._content.changes(entity, kind, sound))
        shaped = self._check.problems(kind, before, after, reader)
        return {**{name: faults for name, faults in shaped.items() if name not in unread}, **unread}

    def _found(self, item: str) -> tuple[Page, RecordKind]:
        page = self._repository.page(item)
        if page is not None and page.redirect_to is not None:
            page = self._repository.page(page.redirect_to)
        kind = self.kind_of(page.entity) if page is not None and page.entity is not None else None
        if page is None or kind is None or page.owner is not None:
            raise NotFound(told("refused-absent", item))
        return page, kind


def _with_known(present: Mapping[str, Part], wanted: dict[str, Part]) -> dict[str, Part]:
    """Who offers a capacity knows it; said here, so that nobody has to say it twice."""
    offers, knows = Role.OFFERS.value, Role.KNOWS.value
    after = {**present, **wanted}
    if not ({offers, knows} & set(wanted) and {offers, knows} <= set(after)):
        return wanted
    there = {line.value for line in after[knows].lines}
    added = [Line(knows, line.value, level=line.level) for line in after[offers].lines if line.value not in there]
    return {**wanted, knows: Part(after[knows].state, (*after[knows].lines, *added))} if added else wanted
