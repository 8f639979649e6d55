"""A member's own profile: read whole, changed field by field, brought to where each field belongs.

Given out by the package. What is chosen is kept first, in one transaction with the consent to it; then the item is
made to say what is public and nothing else. A service killed between the two ends what it began at its next start, and
till then shows too little rather than too much: a withdrawn field is removed from the item as the next thing.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from threading import Lock
from typing import Any

from capx_graph.accounts import Accounts, Kept, Member
from capx_graph.errors import Conflict, EditRefused, Forbidden, NotFound
from capx_graph.importers.drafts import ItemDraft, Vocabulary
from capx_graph.importers.keys import values_of
from capx_graph.membership.checking import ProfileCheck
from capx_graph.membership.failures import ConsentMissing, Problematic, ProfileConflict
from capx_graph.membership.fields import Change, Field, Line, Part, Profile, State, from_kept, kept
from capx_graph.membership.statements import Statements
from capx_graph.model import EntityJson, Page
from capx_graph.profiles import Profiles
from capx_graph.repository.store import Repository
from capx_graph.wikibase.writer import Writer

Json = dict[str, Any]

_LOG = logging.getLogger(__name__)
_TRIES = 5
_NOBODY = f"Q{10**12}"
"""The id of an item that is not there yet, where one has to have one."""
_LABEL_LANGUAGE = "en"
"""Names are no words of a language; the label stands where every reader's chain ends."""


class OwnProfiles:
    """The profiles of the members of one installation; for all threads."""

    def __init__(
        self,
        accounts: Accounts,
        repository: Repository,
        profiles: Profiles,
        writer: Writer,
        *,
        vocabulary: Vocabulary,
        check: ProfileCheck,
    ) -> None:
        self._accounts = accounts
        self._repository = repository
        self._profiles = profiles
        self._writer = writer
        self._vocabulary = vocabulary
        self._statements = Statements(vocabulary)
        self._check = check
        self._locks: dict[int, Lock] = {}
        self._locking = Lock()

    # -- reading

    def read(self, member: Member) -> Profile:
        """All of a profile, wherever it is kept."""
        member = self._accounts.members.by_id(member.id) or member
        page = self._page(member)
        values = self._accounts.values.of(member.id)
        parts = {part: self._part(part, values.get(part), page) for part in Field}
        return Profile(member.id, member.name, page.entity_id if page else None, page.revision_id if page else 0, parts)

    def holder(self, member: Member) -> str:
        """Under what the list of people and organizations that they saved is kept."""
        page = self._page(self._accounts.members.by_id(member.id) or member)
        return page.entity_id if page else holder_of(member)

    def for_members(self, member: Member) -> Mapping[Field, tuple[Line, ...]]:
        """What a member shows to members and to nobody else; of affiliations those that are confirmed."""
        values = self._accounts.values.of(member.id)
        shown = {
            part: from_kept(held.value)
            for part in Field
            if (held := values.get(part)) and held.state == State.MEMBERS and held.value
        }
        if Field.AFFILIATIONS in shown:
            shown[Field.AFFILIATIONS] = self._confirmed(member, shown[Field.AFFILIATIONS])
        return {part: lines for part, lines in shown.items() if lines}

    def unconfirmed(self, member: Member) -> frozenset[str]:
        """Organizations that have not said yet that the member belongs to them."""
        said = self._accounts.affiliations.of_member(member.id)
        return frozenset(one.organization for one in said if one.by_member and not one.confirmed)

    def declined(self, member: Member) -> frozenset[str]:
        """Organizations that have said that the member does not belong to them."""
        said = self._accounts.affiliations.of_member(member.id)
        return frozenset(one.organization for one in said if one.declined)

    def _part(self, part: Field, held: Kept | None, page: Page | None) -> Part:
        entity = page.entity if page else None
        said = self._statements.lines(entity, part) if entity is not None else ()
        if held is None:
            return Part(State.PUBLIC if said else State.PRIVATE, said)
        return Part(State(held.state), said if held.value is None else from_kept(held.value))

    def _page(self, member: Member) -> Page | None:
        page = self._repository.page(member.item) if member.item else None
        return page if page is not None and page.entity is not None and page.owner == member.name else None

    # -- changing

    def save(
        self,
        member: Member,
        changes: Mapping[Field, Change],
        *,
        agreed: bool,
        wording: str,
        language: str,
        reader: Sequence[str] = ("en",),
    ) -> Profile:
        """Raises ProfileConflict, Problematic, ConsentMissing before anything is kept; errors of the writer after it:
        what was chosen is kept then, and brought to the item later.
        """
        with self._alone(member):
            present = self.read(member)
            wanted = _really_changed(present, changes)
            if not wanted:
                return present
            after = _with_known({**present.parts, **wanted})
            problems = self._check.problems(self._empty(member.name), after, reader)
            if problems:
                raise Problematic(problems)
            changed = {part: content for part, content in after.items() if content != present.parts[part]}
            consented = [part for part, new in changed.items() if new.state is not present.parts[part].state]
            if not agreed and any(changed[part].state is not State.PRIVATE for part in consented):
                raise ConsentMissing
            self._claim(member, changed)
            self._accounts.values.save(
                member.id,
                {part: Kept(content.state, kept(content.lines)) for part, content in changed.items()},
                consented=consented,
                wording=wording,
                language=language,
            )
            self._settle(member)
            return self.read(self._accounts.members.by_id(member.id) or member)

    def make_private(self, member: Member, *, still: Callable[[], bool]) -> bool:
        """Takes back what is public, if that is ``still`` meant; what it was is kept with the member's values."""
        with self._alone(member):
            if not still():
                return False
            public = {part: one for part, one in self.read(member).parts.items() if one.state is State.PUBLIC}
            self._accounts.reconfirmations.hiding(member.id, public)
            self._accounts.values.save(
                member.id,
                {part: Kept(State.PRIVATE, kept(content.lines)) for part, content in public.items()},
                consented=(),
                wording="",
                language="",
            )
            self._settle(member)
            return True

    def _claim(self, member: Member, changed: Mapping[Field, Part]) -> None:
        if Field.AFFILIATIONS in changed:
            named = [line.value for line in changed[Field.AFFILIATIONS].lines]
            self._accounts.affiliations.claim(member.id, named)

    # -- the item

    def settle(self, member: Member) -> None:
        """Makes the item say what is public and nothing else; after a confirmed affiliation, or after a crash."""
        with self._alone(member):
            self._settle(member)

    def follow_name(self, member: Member) -> None:
        """The item goes with its owner to the name that they have now; whose item it is, their number says."""
        with self._alone(member):
            page = self._repository.page(member.item) if member.item else None
            if page is None or page.entity is None:
                return
            if page.owner != member.name:
                self._repository.give(page.entity_id, member.name)
            property_id = self._vocabulary.property_id("username")
            held = [dict(statement) for statement in page.entity["claims"].get(property_id, ())]
            if [_said(statement) for statement in held] == [member.name]:
                return
            new = next(iter(self._empty(member.name)["claims"][property_id]))
            first = {**new, "id": held[0]["id"]} if held else {k: v for k, v in new.items() if k != "id"}
            claims = [first, *({"id": statement["id"], "remove": ""} for statement in held[1:])]
            changes: Json = {"claims": claims}
            if held and page.entity["labels"][_LABEL_LANGUAGE]["value"] == _said(held[0]):
                changes["labels"] = {_LABEL_LANGUAGE: {"language": _LABEL_LANGUAGE, "value": member.name}}
            self._writer.update(
                page.entity_id, changes, account=member.name, base_revision=page.revision_id, summary=""
            )

    def settle_all(self) -> int:
        """Ends what was begun when the service was killed; answers for how many members. What the wiki refuses waits
        for its member to change it, and keeps nobody else waiting.
        """
        waiting = [member for id_ in self._accounts.values.unsettled() if (member := self._accounts.members.by_id(id_))]
        settled = 0
        for member in waiting:
            try:
                self.settle(member)
            except EditRefused as error:
                _LOG.warning("what a member chose is not in the graph: %s", error)
            else:
                settled += 1
        return settled

    def _settle(self, member: Member) -> None:
        for attempt in range(_TRIES):
            member = self._accounts.members.by_id(member.id) or member
            values = self._accounts.values.of(member.id)
            wanted = self._wanted(member, values)
            try:
                self._write(member, wanted)
            except Conflict:
                if attempt + 1 == _TRIES:
                    raise
            else:
                public = [part for part in values if values[part].state == State.PUBLIC]
                self._accounts.values.settled(member.id, [part for part in public if part != Field.AFFILIATIONS])
                return

    def _wanted(self, member: Member, values: Mapping[str, Kept]) -> dict[Field, tuple[Line, ...]]:
        """The lines that the item shall say, of the fields that it shall not keep as they are."""
        wanted: dict[Field, tuple[Line, ...]] = {}
        for part in Field:
            held = values.get(part)
            if held is None or (held.state == State.PUBLIC and held.value is None):
                continue
            wanted[part] = from_kept(held.value) if held.state == State.PUBLIC and held.value else ()
        if Field.AFFILIATIONS in wanted:
            wanted[Field.AFFILIATIONS] = self._confirmed(member, wanted[Field.AFFILIATIONS])
        return wanted

    def _confirmed(self, member: Member, lines: tuple[Line, ...]) -> tuple[Line, ...]:
        said = self._accounts.affiliations.of_member(member.id)
        confirmed = {one.organization for one in said if one.confirmed}
        return tuple(line for line in lines if line.value in confirmed)

    def _write(self, member: Member, wanted: dict[Field, tuple[Line, ...]]) -> None:
        page = self._page(member)
        entity = page.entity if page is not None and page.entity is not None else self._empty(member.name)
        said = {part: wanted.get(part, self._statements.lines(entity, part)) for part in Field}
        known = _with_known({part: Part(State.PUBLIC, lines) for part, lines in said.items()})[Field.KNOWS].lines
        if known != said[Field.KNOWS]:
            wanted[Field.KNOWS] = said[Field.KNOWS] = known
        claims = self._statements.changes(entity, wanted)
        label = next((line.value for line in said[Field.ABOUT] if line.name == "displayName"), member.name)
        if page is None:
            if any(said.values()):
                self._create(member, claims, label)
        elif not any(said.values()):
            self._writer.delete(page.entity_id, account=member.name, reason="")
            self._accounts.members.set_item(member, None)
            self._accounts.saved.move(page.entity_id, holder_of(member))
        else:
            changes: Json = {"claims": claims} if claims else {}
            if entity["labels"].get(_LABEL_LANGUAGE, {}).get("value") != label:
                changes["labels"] = {_LABEL_LANGUAGE: {"language": _LABEL_LANGUAGE, "value": label}}
            if changes:
                self._writer.update(
                    page.entity_id, changes, account=member.name, base_revision=page.revision_id, summary=""
                )

    def _create(self, member: Member, claims: list[Json], label: str) -> None:
        """Their item comes into being: by their own act, under their name, and only if nobody else is called so."""
        for page in self._repository.pages(self._repository.owned_by(member.name)).values():
            if page.entity is not None and self._is_person(page.entity):
                self._accounts.members.set_item(member, page.entity_id)
                raise Conflict(f"{page.entity_id} is yours already")
        if self._is_somebody(member.name):
            raise Forbidden(f"another record of the directory has the name {member.name!r}")
        empty = self._empty(member.name)
        draft: Json = {"type": "item", "labels": {_LABEL_LANGUAGE: {"language": _LABEL_LANGUAGE, "value": label}}}
        own = [{k: v for k, v in s.items() if k != "id"} for held in empty["claims"].values() for s in held]
        draft["claims"] = [*own, *claims]
        receipt = self._writer.create(draft, account=member.name, owner=member.name)
        self._accounts.members.set_item(member, receipt.entity_id)
        self._accounts.saved.move(holder_of(member), receipt.entity_id)

    def _is_person(self, entity: EntityJson) -> bool:
        classes = values_of(entity, self._vocabulary.property_id("instanceOf"))
        return self._vocabulary.item_id("Person") in classes

    def _is_somebody(self, name: str) -> bool:
        try:
            self._profiles.person(name)
        except NotFound:
            return False
        return True

    def _empty(self, name: str) -> EntityJson:
        """A person of whom nothing is said but what they are called here."""
        draft = ItemDraft(self._vocabulary, _NOBODY, class_name="Person")
        draft.label(_LABEL_LANGUAGE, name)
        draft.add("username", name)
        return draft.entity()

    @contextmanager
    def _alone(self, member: Member) -> Iterator[None]:
        """One change of one member at a time."""
        with self._locking:
            lock = self._locks.setdefault(member.id, Lock())
        with lock:
            yield


def holder_of(member: Member | Profile) -> str:
    """Under what the list of saved people and organizations is kept of somebody who has no item."""
    return f"member:{member.id if isinstance(member, Member) else member.member_id}"


def _said(statement: Mapping[str, Any]) -> object:
    return statement["mainsnak"].get("datavalue", {}).get("value")


def _really_changed(present: Profile, changes: Mapping[Field, Change]) -> dict[Field, Part]:
    """The changes that change something; raises ProfileConflict for what changed since it was seen."""
    wanted: dict[Field, Part] = {}
    conflicts: dict[Field, Part] = {}
    for part, change in changes.items():
        now = present.parts[part]
        if change.part.mark in (now.mark, change.seen):
            continue
        if change.seen != now.mark:
            conflicts[part] = now
        wanted[part] = change.part
    if conflicts:
        raise ProfileConflict(conflicts)
    return wanted


def _with_known(parts: Mapping[Field, Part]) -> dict[Field, Part]:
    """Who offers a capacity knows it; said here, so that nobody has to say it twice."""
    known = parts[Field.KNOWS]
    there = {line.value for line in known.lines}
    added = [
        Line("knows", line.value, level=line.level) for line in parts[Field.OFFERS].lines if line.value not in there
    ]
    if not added:
        return dict(parts)
    return {**parts, Field.KNOWS: Part(known.state, (*known.lines, *added))}
