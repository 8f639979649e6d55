"""A member's own profile: read whole, changed field by field, brought to where each field belongs.

Given out by the package. What is chosen is kept first, in one transaction with the consent to it; then the item is
made to say what is public and nothing else. A service killed between the two ends what it began at its next start, and
till then shows too little rather than too much: a withdrawn field is removed from the item as the next thing.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from threading import Lock

from capx_graph.accounts import Accounts, Kept, Member
from capx_graph.errors import CapxError, Conflict, EditRefused, Forbidden, NotFound, Unavailable
from capx_graph.membership.changes import ConsentMissing, Problematic, ProfileConflict, really_changed
from capx_graph.membership.checking import ProfileCheck
from capx_graph.membership.fields import CHOSEN_FROM, Change, Field, Line, Part, Profile, State, from_kept, kept
from capx_graph.membership.ownitem import OwnItems, PeopleThere, holder_of
from capx_graph.membership.statements import Statements
from capx_graph.model import Page

_LOG = logging.getLogger(__name__)
_TRIES = 5


class OwnProfiles:
    """The profiles of the members of one installation; for all threads.

    ``meant`` answers the thing that one is, or was merged into.
    """

    def __init__(
        self,
        accounts: Accounts,
        items: OwnItems,
        *,
        statements: Statements,
        check: ProfileCheck,
        meant: Callable[[str], str],
    ) -> None:
        self._accounts = accounts
        self._items = items
        self._statements = statements
        self._check = check
        self._meant = meant
        self._locks: dict[int, Lock] = {}
        self._locking = Lock()

    # -- reading

    def read(self, member: Member) -> Profile:
        """All of a profile, wherever it is kept."""
        member = self._accounts.members.by_id(member.id) or member
        page = self._items.published(member)
        values = self._accounts.values.of(member.id)
        parts = {part: self._part(part, values.get(part), page) for part in Field}
        return Profile(member.id, member.name, page.entity_id if page else None, page.revision_id if page else 0, parts)

    def holder(self, member: Member) -> str:
        """Under what the list of people and organizations that they saved is kept."""
        page = self._items.published(self._accounts.members.by_id(member.id) or member)
        return page.entity_id if page else holder_of(member)

    def for_members(self, member: Member) -> Mapping[Field, tuple[Line, ...]]:
        """What a member shows to members and to nobody else; of affiliations those that are confirmed."""
        values = self._accounts.values.of(member.id)
        shown = {
            part: self._kept(part, held.value)
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
        said = self._followed(part, self._statements.lines(entity, part)) if entity is not None else ()
        if held is None:
            return Part(State.PUBLIC if said else State.PRIVATE, said)
        return Part(State(held.state), said if held.value is None else self._kept(part, held.value))

    def _kept(self, part: Field, value: str) -> tuple[Line, ...]:
        return self._followed(part, from_kept(value))

    def _followed(self, part: Field, lines: tuple[Line, ...]) -> tuple[Line, ...]:
        """What is said of a thing that was merged into another is said of that one, and once."""
        if part not in CHOSEN_FROM:
            return lines
        found: dict[str, Line] = {}
        for line in lines:
            meant = self._meant(line.value)
            found.setdefault(meant, replace(line, value=meant))
        return tuple(found.values())

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
            wanted = really_changed(present.parts, changes, ProfileConflict)
            moving = agreed and self._moves(member, wording)
            if not wanted and not moving:
                return present
            after = _with_known({**{part: held.freed for part, held in present.parts.items()}, **wanted})
            problems = self._check.problems(self._items.empty(member.name), after, reader)
            goes = [part for part, content in after.items() if moving and content.state is State.PUBLIC]
            changed = {part: new for part, new in after.items() if new != present.parts[part] or part in goes}
            was = present.parts
            consented = [part for part, new in changed.items() if part in goes or new.state is not was[part].state]
            unagreed = not agreed and any(changed[part].state is not State.PRIVATE for part in consented)
            if problems:
                raise Problematic(problems, unagreed=unagreed)
            if unagreed:
                raise ConsentMissing
            self._claim(member, changed)
            self._accounts.values.save(
                member.id,
                {part: Kept(content.state, kept(content.lines)) for part, content in changed.items()},
                consented=consented,
                wording=wording if agreed or self.there is None else self.there.without(wording),
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

    @property
    def there(self) -> PeopleThere | None:
        """Where the operator puts people, if not here."""
        return self._items.there

    def waits_for_consent(self, member: Member) -> bool:
        """Whether what is public of a member is still here, because they did not agree to its going there."""
        is_here = self._items.published(member) is not None and not self._items.lives_there(member)
        return self.there is not None and is_here and not self._items.goes_there(member)

    def lives_there(self, member: Member) -> bool:
        """Whether their item is in the connected Wikibase."""
        return self._items.lives_there(member)

    def _moves(self, member: Member, wording: str) -> bool:
        return self.waits_for_consent(member) and self.there is not None and self.there.is_meant(wording)

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
        """The item goes with its owner to the name that they have now; a wiki that cannot be asked gets it later."""
        with self._alone(member):
            if not self._items.lives_there(member):
                self._items.follow_name(member)
                return
            try:
                self._settle(member)
            except CapxError as error:
                _LOG.warning("a new name is not in the connected Wikibase yet: %s", error)
                self._accounts.values.wait(member.id)

    def settle_all(self) -> int:
        """Ends what was begun when the service was killed; answers for how many members. What the wiki refuses waits
        for its member to change it, and keeps nobody else waiting.
        """
        away = False
        waiting = [member for id_ in self._accounts.values.unsettled() if (member := self._accounts.members.by_id(id_))]
        settled = 0
        for member in waiting:
            is_there = self._items.lives_there(member) or self._items.goes_there(member)
            if is_there and away:
                continue
            try:
                self.settle(member)
            except (EditRefused, Forbidden, Conflict) as error:
                _LOG.warning("what a member chose is not in the graph: %s", error)
            except Unavailable as error:
                if not is_there:
                    raise
                away = True
                _LOG.warning("what members chose is not in the connected Wikibase yet: %s", error)
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
            except NotFound:
                if attempt + 1 == _TRIES or not self._items.lives_there(member):
                    raise
                self._items.forget(member)
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
            wanted[part] = self._kept(part, held.value) if held.state == State.PUBLIC and held.value else ()
        if Field.AFFILIATIONS in wanted:
            wanted[Field.AFFILIATIONS] = self._confirmed(member, wanted[Field.AFFILIATIONS])
        return wanted

    def _confirmed(self, member: Member, lines: tuple[Line, ...]) -> tuple[Line, ...]:
        said = self._accounts.affiliations.of_member(member.id)
        confirmed = {one.organization for one in said if one.confirmed}
        return tuple(line for line in lines if line.value in confirmed)

    def _write(self, member: Member, wanted: dict[Field, tuple[Line, ...]]) -> None:
        page = self._items.page(member)
        entity = page.entity if page is not None and page.entity is not None else self._items.empty(member.name)
        said = {part: wanted.get(part, self._statements.lines(entity, part)) for part in Field}
        known = _with_known({part: Part(State.PUBLIC, lines) for part, lines in said.items()})[Field.KNOWS].lines
        if known != said[Field.KNOWS]:
            wanted[Field.KNOWS] = said[Field.KNOWS] = known
        self._items.write(member, said, frozenset(wanted))

    @contextmanager
    def _alone(self, member: Member) -> Iterator[None]:
        """One change of one member at a time."""
        with self._locking:
            lock = self._locks.setdefault(member.id, Lock())
        with lock:
            yield


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
