"""Keeping the mirror in step with a connected Wikibase: by its recent changes, or by comparing all revisions.

Following re-reads a stretch of the recent changes at every look (the overlap), because a wiki's changes appear out of
order and its clock may be set back; what is here already costs nothing. Where following is not enough (the first
time, too long away, a change that the wiki hides) all revisions are compared and what differs is read: that takes in
whatever happened, and can be broken off and begun again at any moment.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice
from typing import TypeVar

from capx_graph.model import EntityJson
from capx_graph.repository.storage.mirror import Mirror
from capx_graph.upstream.answers import RemoteChange
from capx_graph.upstream.intake import Intake, Progress
from capx_graph.upstream.selection import Selection
from capx_graph.upstream.source import AT_ONCE, Fetched, Source
from capx_graph.upstream.standing import Standing

MODEL = 1
"""Raise it when the same answers would be mirrored otherwise than before: mirrors made before are filled anew."""

_SHORT = timedelta(seconds=15)
_LONG = timedelta(minutes=15)
"""Overlaps: of every look, and of a thorough one; a wiki's clock may go back by the long one."""
_AWAY = timedelta(hours=12)
"""After so long the wiki is asked whether its list still reaches back to where we stand."""
_STEP = timedelta(minutes=1)
"""Where nothing changed, how far the clock has to move before that is written down."""
_PATIENCE = timedelta(minutes=5)
"""So long a copy of the wiki's database may be behind; what comes in an older state later on is so."""
_REMEMBERED = 20_000
_GLANCE = timedelta(minutes=1)
"""Between two glances: one request for five hundred revisions, so that 10,000 entities are gone over in 20 minutes."""
_KINDS = ("Q", "P")

Key = TypeVar("Key")
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Pass:
    """What one look did: entities that changed here, whether all revisions were compared, what could not be read."""

    changed: int = 0
    swept: bool = False
    unreadable: tuple[str, ...] = ()


class Sync:
    """Brings one mirror in step with one source; one thread at a time."""

    def __init__(
        self,
        source: Source,
        mirror: Mirror,
        *,
        selection: Selection | None = None,
        progress: Progress = lambda _: None,
    ) -> None:
        self.source = source
        self._mirror = mirror
        selection = selection or Selection()
        self.intake = Intake(source, mirror, selection, progress)
        self._model = f"{MODEL} {source.site.concept_base} {selection.patterns or ''}".strip()
        self._certain = False
        self._glanced: datetime | None = None
        self._handled: dict[str, int] = {}
        self._logged: dict[int, None] = {}

    @property
    def standing(self) -> Standing:
        """How far the mirror follows."""
        return Standing.read(self._mirror.state)

    def once(self, *, thorough: bool = True) -> Pass:
        """One look: whatever it takes to be in step; raises Unavailable, and goes on from there the next time."""
        self.source.begin()
        standing = self.standing
        if standing.model != self._model:
            return self.rebuild() if self._mirror.count() else self.sweep()
        at, certain = standing.instant, self._certain
        self._certain = False
        if at is None or not (certain or self._reaches(at)):
            done = self.sweep()
        else:
            done = self._follow(standing, at, _LONG if thorough else _SHORT)
        self._certain = True
        return done

    def sweep(self, *, again: Iterable[str] = ()) -> Pass:
        """Compares all revisions and reads what differs, and ``again`` whatever its revision."""
        self.source.begin()
        began = self.source.now()
        there, here = self.intake.listed(), self._mirror.revisions()
        for id_ in again:
            here.pop(id_, None)
        changed, unreadable = 0, []
        for fetched in self.intake.missing(there, here):
            changed += self._mirror.apply(fetched.pages, fetched.gone)
            unreadable += list(fetched.unreadable.values())
        standing = Standing(self._model, began.isoformat(), began.isoformat())
        surplus = [id_ for id_ in self._mirror.revisions() if id_ not in there or not self.intake.wants(id_)]
        changed += self._mirror.apply((), surplus, state=standing.text())
        return Pass(changed, swept=True, unreadable=tuple(unreadable))

    def rebuild(self) -> Pass:
        """Reads everything anew aside and puts it in force in one step; what lies aside already is not read again."""
        self.source.begin()
        began = self.source.now()
        there, aside = self.intake.listed(), self._mirror.revisions_aside()
        unreadable: list[str] = []
        for fetched in self.intake.missing(there, aside):
            self._mirror.set_aside(fetched.pages)
            unreadable += list(fetched.unreadable.values())
        standing = Standing(self._model, began.isoformat(), began.isoformat())
        changed = self._mirror.swap(keep=filter(self.intake.wants, there), state=standing.text())
        return Pass(changed, swept=True, unreadable=tuple(unreadable))

    def take(self, entity_ids: Sequence[str]) -> int:
        """Takes in a few entities at once, whatever the list of changes says; answers how many changed here."""
        self.source.begin()
        return self._mirror.apply(*self.intake.chosen(self.source.fetch(list(entity_ids))))

    def take_dump(self, entities: Iterable[EntityJson]) -> int:
        """Takes in entities of a dump, as far as they are as they are there now; answers how many changed here.

        The rest comes with the next look, which compares all revisions.
        """
        if not self.standing.model:
            self._mirror.apply((), state=Standing(self._model).text())
        changed = 0
        waiting = iter(entities)
        while some := list(islice(waiting, AT_ONCE)):
            self.source.begin()
            pages = self.source.completed(some)
            self.intake.learn(pages)
            changed += self._mirror.apply(page for page in pages if self.intake.wants(page.entity_id))
            self.intake.progress(len(some))
        return changed

    def _reaches(self, at: datetime) -> bool:
        """Whether the recent changes still reach back to where we stand; asked after a look that did not succeed."""
        if self.source.now() - at < _AWAY:
            return True
        oldest = self.source.oldest_change()
        return oldest is not None and oldest <= at - _LONG

    def _follow(self, standing: Standing, at: datetime, overlap: timedelta) -> Pass:
        recent = self.source.changes(at - overlap)
        self.intake.heed_withheld()
        if recent.now - at >= _AWAY and not self._reaches(at):
            return self.sweep()
        if any(not change.entity_id and change.number not in self._logged for change in recent.changes):
            self._remember(recent.changes)
            return self.sweep()
        newest, due = self._due(recent.changes)
        changed, unreadable, reached = 0, [], at
        held = False
        for fetched in self.intake.fetched(due):
            late = _late(fetched, newest, recent.now)
            held = held or bool(late)
            unreadable += list(fetched.unreadable.values())
            if not held:
                reached = max(reached, min(recent.now, max(newest[id_].at for id_ in _ids(fetched))))
            pages, gone = self.intake.chosen(_without(fetched, late))
            changed += self._mirror.apply(pages, gone, state=replace(standing, at=reached.isoformat()).text())
            # What could not be read is tried again with every look that meets it, then once a day.
            tried = late | fetched.unreadable.keys()
            self._handled |= {id_: newest[id_].revision for id_ in _ids(fetched) if id_ not in tried}
        self._remember(recent.changes if not held else ())
        if not held and recent.now - reached >= (_STEP if not due else timedelta()):
            self._mirror.apply((), state=replace(standing, at=recent.now.isoformat()).text())
        changed += self._glance(recent.now)
        return Pass(changed, unreadable=tuple(unreadable))

    def _glance(self, now: datetime) -> int:
        """Compares the next stretch of all revisions, now and then: what a wiki tells nobody shows in its turn.

        A page that comes older than it is here comes from a copy of the wiki's database, and waits.
        """
        if self._glanced is not None and now - self._glanced < _GLANCE:
            return 0
        self._glanced = now
        start = self.standing.glance or _KINDS[0]
        there, following = self.source.stretch(start)
        here = self._mirror.revisions_between(start, following or _after(start))
        due = [id_ for id_ in there.keys() | here.keys() if there.get(id_) != here.get(id_)]
        if not self.intake.takes_everything:
            due = [id_ for id_ in due if id_ in here]
        changed = 0
        for fetched in self.intake.fetched(sorted(due)):
            late = {page.entity_id for page in fetched.pages if page.revision_id < here.get(page.entity_id, 0)}
            changed += self._mirror.apply(*self.intake.chosen(_without(fetched, late)))
        beyond = following or _KINDS[(_KINDS.index(start[0]) + 1) % len(_KINDS)]
        self._mirror.apply((), state=replace(self.standing, glance=beyond).text())
        return changed

    def _due(self, changes: Sequence[RemoteChange]) -> tuple[dict[str, RemoteChange], list[str]]:
        """The newest change of each entity, and the entities that have to be read, those that changed first first."""
        newest: dict[str, RemoteChange] = {}
        logged = set()
        for change in changes:
            known = newest.get(change.entity_id)
            if known is None or change.revision >= known.revision:
                newest[change.entity_id] = change
            if change.revision == 0 and change.number not in self._logged:
                logged.add(change.entity_id)
        here = self._mirror.revisions_of(newest)
        due = [
            id_
            for id_, change in newest.items()
            if id_ in logged or change.revision > max(here.get(id_, 0), self._handled.get(id_, 0))
        ]
        return newest, sorted(due, key=lambda id_: newest[id_].at)

    def _remember(self, changes: Iterable[RemoteChange]) -> None:
        self._logged |= {change.number: None for change in changes if change.revision == 0}
        _shorten(self._logged)
        _shorten(self._handled)


def _late(fetched: Fetched, newest: Mapping[str, RemoteChange], now: datetime) -> set[str]:
    """Entities that came in a state older than their newest change: a copy of the wiki's database is behind."""
    changes = ((page, newest[page.entity_id]) for page in fetched.pages)
    return {
        page.entity_id for page, change in changes if page.revision_id < change.revision and now - change.at < _PATIENCE
    }


def _after(entity_id: str) -> str:
    """A text behind the ids of a kind."""
    return chr(ord(entity_id[0]) + 1)


def _shorten(memory: dict[Key, Value]) -> None:
    for key in list(memory)[: max(0, len(memory) - _REMEMBERED)]:
        del memory[key]


def _without(fetched: Fetched, late: Collection[str]) -> Fetched:
    """The same without some pages."""
    return replace(fetched, pages=[page for page in fetched.pages if page.entity_id not in late])


def _ids(fetched: Fetched) -> Iterator[str]:
    yield from (page.entity_id for page in fetched.pages)
    yield from fetched.gone
    yield from fetched.unreadable
