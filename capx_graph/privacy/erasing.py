"""A person erased for every reader at once, and the list of what is still to leave the files.

Doors call it. The order makes a crash harmless: first the line of the due list, by which anybody can finish it; then
the tombstone, so that nothing is imported again; then the stores, each of which may be erased again. What a restored
older copy brings back is erased again by ``reapply``, before anybody reads it.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from threading import Thread

from capx_graph.accounts import Accounts
from capx_graph.datadir.locks import in_turn
from capx_graph.errors import InvalidInput, NotFound
from capx_graph.instants import Clock
from capx_graph.model import SYSTEM
from capx_graph.privacy.beside import Beside
from capx_graph.privacy.beyond import Beyond, Remaining, RemainingList
from capx_graph.privacy.duelist import Due, DueList, Stage
from capx_graph.privacy.exporting import MemberExport, export_member
from capx_graph.privacy.people import People
from capx_graph.privacy.stores import PrivateStore, Whom
from capx_graph.repository.store import LINEAGE, Repository
from capx_graph.spelling import capital, spaced
from capx_graph.tombstones import Tombstones

_LONGEST_NAME = 255
_LOCK = "erasing.lock"
_WAIT = 20.0
_PAUSE = timedelta(minutes=5)
"""Before a Wikibase that could not be asked is asked again; whoever leaves asks it at once, in their own process."""
TAKEN_IN = "erasures"
"""Where repository and private store keep up to which tombstone they have taken in."""


@dataclass(frozen=True, slots=True)
class Erased:
    """What an erasure did: the items of the person, and items of others that lost statements about them.

    ``elsewhere`` are the IRIs of items that a push made in another Wikibase, whose deletion is to be asked for;
    ``remains`` says what is left of their items in the connected one.
    """

    items: tuple[str, ...]
    changed: tuple[str, ...]
    elsewhere: tuple[str, ...] = ()
    remains: tuple[Remaining, ...] = ()


class Erasures:
    """Erases people from one installation."""

    def __init__(
        self,
        repository: Repository,
        accounts: Accounts,
        tombstones: Tombstones,
        *,
        people: People,
        stores: Sequence[PrivateStore],
        beside: Beside,
        clock: Clock,
        beyond: Beyond | None = None,
    ) -> None:
        self._repository = repository
        self._accounts = accounts
        self._people = people
        self._stores = tuple(stores)
        self._beside = beside
        self._lock = beside.data / _LOCK
        self._beyond = beyond
        self.tombstones = tombstones
        self.due = DueList(accounts.database, clock)
        self.remaining = RemainingList(accounts.database, clock)

    def erase(self, name: str, *, wait: float = _WAIT) -> Erased:
        """Erases who has or had this name; raises NotFound where nothing tells of anybody of that name.

        The connected Wikibase is asked after that, for no more seconds than these; it goes on being asked beside.
        """
        wanted = _plain(name)
        with self._alone():
            number = self._accounts.number_of(wanted)
            names = self._accounts.members.names(number) if number is not None else (wanted,)
            items = self._items(names, number)
            told = bool(items) or any(map(self._repository.history.edits_of, names))
            if number is None and not told and not self._holds(Whom(None, names, ())):
                raise NotFound(f"nothing here tells of anybody called {wanted!r}")
            ask = self._beyond.asking(number) if self._beyond else None  # while there is what the member lent
            done = self._hide(self.due.begin(names, items, number))
        away = self._away(items)
        if away and ask is not None:
            asking = Thread(target=self._ask, args=(away, ask), name="leaving", daemon=True)
            asking.start()
            asking.join(wait)
        known = {one.entity_id: one for one in self.remaining.all()}
        return replace(done, remains=tuple(known.get(one.entity_id, one) for one in away))

    def ask_again(self, *, since: timedelta = _PAUSE) -> int:
        """Asks the connected Wikibase about what it could not be asked; answers how many items that were."""
        if self._beyond is None:
            return 0
        waiting = self.remaining.unreached(since=since)
        self._ask(waiting, self._beyond.asking(None))
        return len(waiting)

    def export(self, name: str, *, at: datetime) -> MemberExport:
        """Everything that is held about who has or had this name; raises NotFound."""
        return export_member(
            _plain(name), self._repository, self._accounts, people=self._people, stores=self._stores, at=at
        )

    def resume(self) -> int:
        """Finishes what an interrupted erasure left; answers how many there were."""
        with self._alone():
            interrupted = [line for line in self.due.all() if line.stage is Stage.BEGUN]
            for line in interrupted:
                self._hide(line)
            return len(interrupted)

    def reapply(self) -> int:
        """Erases again whom a restored older copy brought back; answers how many. Quick where nothing was restored."""
        newest = self.tombstones.newest
        repository, private = self._taken_in()
        if min(repository, private) >= newest:
            return 0
        with self._alone():
            lines = [*self._returned_accounts(), *self._returned_people(), *self._returned_drafts()]
            for line in lines:
                self._hide(line)
            if lines or repository < newest:
                self._repository.erase([], [], keep={TAKEN_IN: str(newest), LINEAGE: secrets.token_hex(8)})
            self._keep_private(newest)
            if lines:
                self.due.hurry()
            return len(lines)

    def _away(self, items: Sequence[str]) -> list[Remaining]:
        """Those of the items that live in the connected Wikibase."""
        iri = self._repository.namespaces.entity_iri
        return [Remaining(item, iri(item)) for item in items if not self._repository.keeps(item)]

    def _ask(self, items: Sequence[Remaining], ask: Callable[[Remaining], Remaining]) -> None:
        for one in items:
            self.remaining.keep(ask(one))

    def _hide(self, line: Due) -> Erased:
        away = self._away(line.items)
        self.remaining.begin(away)
        identity = self._accounts.members.identity(line.member)
        if not all(map(self.tombstones.stands_for, line.names)) or identity is not None:
            self.tombstones.add(line.names, identity)
        newest = self.tombstones.newest
        for store in self._stores:  # first, so that nobody is signed in, nor anything private brought to an item
            store.erase(Whom(line.member, line.names, line.items))
        self._keep_private(newest)
        self._repository.mirror.withhold([one.entity_id for one in away])
        done = self._repository.erase(line.names, line.items, keep={TAKEN_IN: str(newest)})
        elsewhere = self._beside.erase(line.names, line.items)
        self.due.withdrew(line.number, self._beside.withdraw(line.requested))
        self.due.hidden(line.number)
        return Erased((*done.erased, *(one.entity_id for one in away)), done.changed, tuple(elsewhere))

    def _holds(self, whom: Whom) -> bool:
        return any(store.export(whom) for store in self._stores)

    def _items(self, names: Sequence[str], number: int | None) -> list[str]:
        """Their items: those here that are owned or called by their name, and the one that they put elsewhere.

        In a connected Wikibase anybody writes a name on an item, or makes it another thing: by a name an item there is
        erased for the operator alone, and what is no more their item and nobody else's is left as it is.
        """
        member = self._accounts.members.by_id(number) if number is not None else None
        known = [member.item] if member is not None and member.item and not self._repository.keeps(member.item) else []
        owned = [item for name in names for item in self._repository.owned_by(name)]
        called = [item for item in self._people.items(names) if number is None or self._repository.keeps(item)]
        found = dict.fromkeys([*owned, *called, *known])
        return [item for item in found if self._is_theirs(item, names, number)]

    def _is_theirs(self, item: str, names: Sequence[str], number: int | None) -> bool:
        holder = self._accounts.members.of_item(item)
        if holder is not None and holder.id != number:
            return False
        page = None if self._repository.keeps(item) else self._repository.page(item)
        if page is None:
            return True
        return page.entity is not None and (page.says_nothing or self._people.is_only(page.entity, names))

    def _returned_accounts(self) -> Iterator[Due]:
        for (number,) in self._accounts.database.rows("SELECT user_id FROM account ORDER BY user_id"):
            names, identity = self._accounts.members.names(number), self._accounts.members.identity(number)
            known = identity is not None and self.tombstones.stands_for_identity(*identity)
            if known or any(map(self.tombstones.stands_for, names)):
                yield self.due.begin(names, self._items(names, number), number)

    def _returned_people(self) -> Iterator[Due]:
        found: dict[str, list[str]] = {name: [] for name in self._repository.history.everybody()}
        for item, name in self._people.usernames():
            found.setdefault(name, []).append(item)
        for name, items in found.items():
            if self.tombstones.stands_for(name):
                theirs = [item for item in items if self._is_theirs(item, (name,), None)]
                yield self.due.begin((name,), theirs, None)

    def _returned_drafts(self) -> Iterator[Due]:
        """Of people who were never here."""
        for name in self._accounts.drafts.names():
            if self.tombstones.stands_for(name):
                yield self.due.begin((name,), (), None)

    def _taken_in(self) -> tuple[int, int]:
        row = self._accounts.database.row("SELECT value FROM meta WHERE key = ?", TAKEN_IN)
        return int(self._repository.meta(TAKEN_IN) or 0), int(row[0]) if row else 0

    def _keep_private(self, newest: int) -> None:
        with self._accounts.database.writing() as connection:
            connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (TAKEN_IN, str(newest)))

    def _alone(self) -> AbstractContextManager[None]:
        """One erasure at a time, in whatever process."""
        return in_turn(self._lock)


def _plain(name: str) -> str:
    plain = spaced(name)
    is_text = plain.isprintable() and len(plain) <= _LONGEST_NAME
    if not plain or not is_text or plain.casefold().startswith(SYSTEM):
        raise InvalidInput(f"{name[:40]!r} is not the name of a person")
    return capital(plain)
