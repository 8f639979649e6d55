"""Lines of histories and of recent changes for a reader; only rooms of this package import it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from capx_graph.instants import from_epoch
from capx_graph.repository.history.lines import LogLine, RevisionLine
from capx_graph.repository.history.recentchanges import TYPES, RecentLine, Wanted
from capx_graph.repository.ids import NAMESPACES
from capx_graph.repository.store import Repository
from capx_graph.wikipages.comments import comment, mentioned
from capx_graph.wikipages.model import Line, Lines, PropertyLine, PropertyPage
from capx_graph.wikipages.naming import Names, best, name_of


@dataclass(frozen=True, slots=True)
class RecentFilter:
    """Which recent changes; None means all. ``kind`` is item or property, ``type`` edit, new or log; ``bots`` False
    leaves bots out. ``before`` is the number to go on from, included."""

    kind: str | None = None
    type: str | None = None
    actor: str | None = None
    bots: bool = True
    before: int | None = None
    limit: int = 50


def recent_lines(repository: Repository, wanted: RecentFilter, reader: Sequence[str]) -> Lines:
    """A page of the recent changes."""
    base = Wanted(
        begin=wanted.before,
        namespaces=(NAMESPACES[wanted.kind],) if wanted.kind else (),
        types=(wanted.type,) if wanted.type else TYPES,
        actor=wanted.actor,
        bot=None if wanted.bots else False,
        limit=wanted.limit + 1,
    )
    found = repository.recent_changes.find(base)
    shown, rest = found[: wanted.limit], found[wanted.limit :]
    newer: list[RecentLine] = []
    if wanted.before is not None:
        start = shown[0].recent_id + 1 if shown else wanted.before + 1
        newer = repository.recent_changes.find(
            Wanted(
                begin=start,
                namespaces=base.namespaces,
                types=base.types,
                actor=base.actor,
                bot=base.bot,
                oldest_first=True,
                limit=wanted.limit,
            )
        )
    names = Names(repository, reader)
    names.learn(_named_in(line.revision or line.log for line in shown))
    return Lines(
        tuple(_recent_line(line, names) for line in shown),
        following=rest[0].recent_id if rest else None,
        preceding=newer[-1].recent_id if newer else None,
    )


def history_lines(
    repository: Repository, entity_id: str, names: Names, *, before: int | None = None, limit: int = 50
) -> Lines:
    """A page of the history of an entity."""
    history = repository.history
    found = history.revisions(entity_id=entity_id, before=before, limit=limit + 1)
    shown, rest = found[:limit], found[limit:]
    newer: list[RevisionLine] = []
    if before is not None:
        start = shown[0].revision_id + 1 if shown else before + 1
        newer = history.revisions(entity_id=entity_id, after=start, oldest_first=True, limit=limit)
    names.learn(_named_in(shown))
    return Lines(
        tuple(revision_line(line, names) for line in shown),
        following=rest[0].revision_id if rest else None,
        preceding=newer[-1].revision_id if newer else None,
    )


def _named_in(lines: Iterable[RevisionLine | LogLine | None]) -> set[str]:
    found: set[str] = set()
    for line in lines:
        if line is not None:
            found |= {line.entity_id, *mentioned(line.summary if isinstance(line, RevisionLine) else line.comment)}
    return found


def _recent_line(line: RecentLine, names: Names) -> Line:
    if line.revision is not None:
        return revision_line(line.revision, names, named=True)
    assert line.log is not None
    return log_line(line.log, names)


def revision_line(line: RevisionLine, names: Names, *, named: bool = False) -> Line:
    """A revision; ``named`` for a list of several pages."""
    return Line(
        entity_id=line.entity_id,
        at=from_epoch(line.at),
        actor=line.actor,
        comment=comment(line.summary, names),
        revision_id=line.revision_id,
        parent_id=line.parent_id,
        name=names.of(line.entity_id) if named else None,
        size=line.size,
        parent_size=line.parent_size,
        new=line.new,
        bot=line.bot,
        minor=line.minor,
        hidden=line.hidden,
    )


def log_line(line: LogLine, names: Names) -> Line:
    """An entry of the log."""
    return Line(
        entity_id=line.entity_id,
        at=from_epoch(line.at),
        actor=line.actor,
        comment=comment(line.comment, names),
        name=names.of(line.entity_id),
        log=line.action,
        bot=line.bot,
    )


def property_page(
    repository: Repository, reader: Sequence[str], *, datatype: str | None = None, after: str = "", limit: int = 100
) -> PropertyPage:
    """Properties in the order of their numbers, of one datatype or of all."""
    datatypes = repository.datatypes()
    counts: dict[str, int] = {}
    for one in datatypes.values():
        counts[one] = counts.get(one, 0) + 1
    ids = sorted((key for key, one in datatypes.items() if datatype in (None, one)), key=lambda key: int(key[1:]))
    start = int(after[1:]) if after else 0
    rest = [key for key in ids if int(key[1:]) > start]
    shown = rest[:limit]
    pages = repository.pages(shown)
    return PropertyPage(
        tuple(
            PropertyLine(
                name_of(key, page.entity, reader),
                datatypes[key],
                best(page.entity["descriptions"], reader, borrow=False),
            )
            for key in shown
            if (page := pages.get(key)) is not None and page.entity is not None
        ),
        total=len(ids),
        datatypes=dict(sorted(counts.items())),
        following=shown[-1] if len(rest) > limit else None,
    )
