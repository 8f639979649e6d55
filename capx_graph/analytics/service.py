"""Analytics as its callers see it: a panel and its parameters in, named rows with hidden small counts out.

Made by the wiring, one for all threads. What is counted how is said in ``counters``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from capx_graph.analytics.counting import FEW, Asked, since
from capx_graph.analytics.health import Health
from capx_graph.analytics.naming import Names
from capx_graph.analytics.panels import PANELS, Panel, Source, panel
from capx_graph.analytics.tables import Tables
from capx_graph.directory import Directory, DirectoryCache
from capx_graph.directory.lookup import entry_meant
from capx_graph.errors import InvalidParameter
from capx_graph.instants import Clock
from capx_graph.messages import told
from capx_graph.model import EntityKind, Ref

_KINDS = {"capacity": EntityKind.CAPACITY, "territory": EntityKind.TERRITORY, "language": EntityKind.LANGUAGE}


@dataclass(frozen=True, slots=True)
class PanelRequest:
    """A panel as somebody asks for it; values as given (``Q12``, ``wikidata:Q11024``, ``BR``), not yet resolved.

    ``unhidden`` gives the counts as they are, for comparisons; no door offers it.
    """

    name: str
    values: Mapping[str, str] = field(default_factory=dict)
    reader: tuple[str, ...] = ("en",)
    limit: int | None = None
    offset: int = 0
    unhidden: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A row: what it is about, and a count for each measure of the panel; None is hidden."""

    key: tuple[Ref, ...]
    counts: tuple[int | None, ...]
    parent: str | None = None


@dataclass(frozen=True, slots=True)
class PanelAnswer:
    """The rows asked for, of ``total``; ``chosen`` are the parameters by name, ``smallest`` the smallest count shown.

    ``date`` is the moment of a checkup where the panel shows one, else None: the counts are those of ``version``.
    """

    panel: Panel
    version: int
    lines: tuple[Line, ...]
    total: int
    smallest: int
    chosen: Mapping[str, Ref] = field(default_factory=dict)
    date: str | None = None


class Analytics:
    """All panels over one graph."""

    def __init__(
        self,
        tables: Tables,
        *,
        directory: DirectoryCache,
        names: Names,
        health: Health,
        clock: Clock,
        smallest: int,
    ) -> None:
        self._tables = tables
        self._directory = directory
        self._names = names
        self._health = health
        self._clock = clock
        self.smallest = smallest

    def panel(self, request: PanelRequest) -> PanelAnswer:
        """The answer of one panel; raises NotFound for its name, InvalidParameter for a value."""
        asked_panel = panel(request.name)
        directory = self._directory.current()
        smallest = 0 if request.unhidden else self.smallest
        asked = self._asked(asked_panel, request.values, directory, most=max(FEW, smallest - 1))
        if asked_panel.source is Source.SHAPES:
            return self._checkup(asked_panel, request)
        table = self._tables.table(asked_panel, asked, directory, smallest=smallest)
        last = None if request.limit is None else request.offset + request.limit
        rows = table.rows(request.offset, last)
        named = self._names.of(asked_panel, [key for key, _ in rows], request.reader)
        parents = directory.tree.parents
        return PanelAnswer(
            panel=asked_panel,
            version=table.version,
            lines=tuple(
                Line(refs, counts, next(iter(parents.get(key[0], ())), None))
                for (key, counts), refs in zip(rows, named, strict=True)
            ),
            total=len(table.order),
            smallest=smallest,
            chosen=self._names.chosen({name: asked.of(name) for name in asked_panel.parameters}, request.reader),
        )

    @property
    def stamp(self) -> str:
        """What all answers depend on: the graph, the day, the last checkup, what is hidden; for an ETag."""
        report = self._health.report()
        checked = report.date if report else ""
        return f"{self._tables.replacements} {self._tables.version} {since(self._clock())} {checked} {self.smallest}"

    def warm(self) -> None:
        """Count every panel once, so that nobody waits for the first time."""
        for one in PANELS:
            self.panel(PanelRequest(one.name, limit=1))

    def _asked(self, panel: Panel, values: Mapping[str, str], directory: Directory, *, most: int) -> Asked:
        found: dict[str, str | None] = {}
        for name in panel.parameters:
            written = values.get(name, "").strip()
            found[name] = entry_meant(written, _KINDS[name], directory) if written else None
            if written and found[name] is None:
                rule = told("mend-entry")
                raise InvalidParameter(name, written[:60], rule)
        return Asked(**found, since=since(self._clock()), most=most)

    def _checkup(self, panel: Panel, request: PanelRequest) -> PanelAnswer:
        report = self._health.report()
        lines = report.lines if report else ()
        last = None if request.limit is None else request.offset + request.limit
        named = [self._names.of_rule(line, request.reader) for line in lines[request.offset : last]]
        smallest = 0 if request.unhidden else self.smallest
        counts = [
            None if line.records < smallest and line.shape.startswith("person") else line.records for line in lines
        ]
        return PanelAnswer(
            panel=panel,
            version=report.version if report else self._tables.version,
            lines=tuple(Line(refs, (count,)) for refs, count in zip(named, counts[request.offset : last], strict=True)),
            total=len(lines),
            smallest=smallest,
            date=report.date if report else None,
        )
