"""Which chart draws which panel: from the rows of an answer to what a chart takes.

Large tables are drawn by their most frequent rows and columns; the table beneath and the downloads hold the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from markupsafe import Markup

from capx_graph.analytics import Line, PanelAnswer
from capx_graph.messages import Translator
from capx_graph.model import Ref
from webapp.analytics.answers import title
from webapp.analytics.charts.bars import HIDDEN, Bar, Series, bars, columns
from webapp.analytics.charts.icicle import Box, icicle
from webapp.analytics.charts.matrix import Heading, MatrixCell, matrix
from webapp.analytics.charts.svg import Side
from webapp.analytics.charts.worldmap import Land, world_map
from webapp.analytics.panelviews import label, lines_with, panel_url
from webapp.assets.palette import root_class
from webapp.request.links import entity_url

_BARS = 12
_ROWS, _COLUMNS = 14, 10
_STEPS = 5
_LEVELS = 2
_KINDS = {"knows": "knows", "offers": "offers", "wants": "wants", "native": "step-2", "published": "step-3"}
BALANCES = ("unmet", "wanted", "even", "offered", "none")


@dataclass(frozen=True, slots=True)
class Drawing:
    """What every chart of one page needs: words, numbers, the side that reading starts from."""

    tr: Translator

    @property
    def side(self) -> Side:
        return Side(self.tr.direction == "rtl")

    def draw(self, answer: PanelAnswer) -> Markup | None:
        """The chart of a panel; None where there is nothing to draw."""
        if not answer.lines:
            return None
        return _CHARTS[answer.panel.name](self, answer)

    def measure(self, name: str) -> str:
        """What a measure is called."""
        return self.tr.text(f"analytics-measure-{name}")

    def shown(self, count: int | None) -> str:
        """A number as it is written, or the sign of a hidden one."""
        return HIDDEN if count is None else self.tr.number(count)

    def bars(self, answer: PanelAnswer, lines: Sequence[Line] | None = None, *, only: str = "") -> Markup:
        """Bars for the first lines; ``only`` draws one measure of several."""
        measures = [only] if only else answer.panel.measures
        places = [answer.panel.measures.index(measure) for measure in measures]
        rows = [
            Bar(self.name(answer, line), [line.counts[place] for place in places], self.leads(answer, line.key[0]))
            for line in (answer.lines[:_BARS] if lines is None else lines)
        ]
        series = [Series(self.measure(measure), _KINDS.get(measure, "plain")) for measure in measures]
        return bars(
            answer.panel.name, rows, series, title=title(answer.panel, self.tr), side=self.side, number=self.tr.number
        )

    def name(self, answer: PanelAnswer, line: Line) -> str:
        """What a line is about."""
        return label(answer.panel.keys[0], line.key[0], self.tr)

    def leads(self, answer: PanelAnswer, ref: Ref) -> str | None:
        """Where a name in a chart leads: closer into the panel where that is possible, else to the thing."""
        for name in ("capacity", "territory"):
            if str(ref.kind) == name and name in answer.panel.parameters and answer.panel.keys[0] == name:
                return panel_url(answer, **{name: ref.id})
        return entity_url(ref) if ref.kind else None

    def capacities(self, answer: PanelAnswer) -> Markup:
        chosen = answer.chosen.get("capacity")
        own = lines_with(answer, chosen.id if chosen else None)
        return self.bars(answer, own or answer.lines[:_BARS])

    def bottlenecks(self, answer: PanelAnswer) -> Markup:
        return self.bars(answer, only="wants")

    def growth(self, answer: PanelAnswer) -> Markup:
        series = [Series(self.measure(m), _KINDS.get(m, "plain")) for m in answer.panel.measures]
        return columns(
            [(line.key[0].id, line.counts) for line in answer.lines], series, title=title(answer.panel, self.tr),
            side=self.side, number=self.tr.number, month=lambda day: self.tr.month(f"{day}-01"),
        )  # fmt: skip

    def gap(self, answer: PanelAnswer) -> Markup:
        def cell(row: Ref, column: Ref, counts: Sequence[int | None]) -> MatrixCell:
            offers, wants = counts
            texts = (row.label, column.label, self.shown(wants), self.shown(offers))
            said = self.tr.text("analytics-cell", *texts)
            return MatrixCell(f"{texts[2]} / {texts[3]}", balance(offers, wants), said)

        corner = f"{self.measure('wants')} / {self.measure('offers')}"
        return self.matrix(answer, cell, kinds=self.balances(), zero=(0, 0), corner=corner)

    def balances(self) -> list[tuple[str, str]]:
        """What the colours of demand and supply mean."""
        found = [(kind, self.tr.text(f"analytics-balance-{kind}")) for kind in BALANCES]
        return [*found, self.of_hidden()]

    def of_hidden(self) -> tuple[str, str]:
        """What the colour of hidden numbers means."""
        return ("hidden", f"{HIDDEN} {self.tr.text('analytics-hidden')}")

    def amounts(self, answer: PanelAnswer, place: int = 0) -> Markup:
        """A matrix of one measure, darker for more."""
        most = max((line.counts[place] or 0 for line in answer.lines), default=1) or 1

        def cell(row: Ref, column: Ref, counts: Sequence[int | None]) -> MatrixCell:
            text = self.shown(counts[place])
            names = [label(key, ref, self.tr) for key, ref in zip(answer.panel.keys, (row, column), strict=True)]
            said = f"{names[0]}, {names[1]}: {text} {self.measure(answer.panel.measures[place])}"
            return MatrixCell(text, step(counts[place], most), said)

        corner = self.measure(answer.panel.measures[place])
        return self.matrix(answer, cell, zero=tuple(0 for _ in answer.panel.measures), place=place, corner=corner)

    def offers(self, answer: PanelAnswer) -> Markup:
        return self.amounts(answer, answer.panel.measures.index("offers"))

    def matrix(
        self,
        answer: PanelAnswer,
        cell: Callable[[Ref, Ref, Sequence[int | None]], MatrixCell],
        *,
        zero: tuple[int, ...],
        kinds: Sequence[tuple[str, str]] = (),
        place: int | None = None,
        corner: str = "",
    ) -> Markup:
        """The most frequent rows against the most frequent columns."""
        rows, others = (_most(answer.lines, at, place) for at in (0, 1))
        rows, others = rows[:_ROWS], others[: _COLUMNS if place is not None else len(others)]
        found = {(line.key[0].id, line.key[1].id): line.counts for line in answer.lines}
        cells = {
            (y, x): cell(row, other, found.get((row.id, other.id), zero))
            for y, row in enumerate(rows)
            for x, other in enumerate(others)
        }
        heads = [
            [Heading(label(answer.panel.keys[at], ref, self.tr), self.zooms(answer, at, ref)) for ref in refs]
            for at, refs in enumerate((rows, others))
        ]
        return matrix(
            answer.panel.name, heads[0], heads[1], cells,
            title=title(answer.panel, self.tr), side=self.side, kinds=kinds, corner=corner,
        )  # fmt: skip

    def zooms(self, answer: PanelAnswer, at: int, ref: Ref) -> str | None:
        """Where a heading leads: one level down where the panel can be asked for that."""
        name = answer.panel.keys[at]
        if name in answer.panel.parameters and ref.id:
            return panel_url(answer, **{name: ref.id if name == "capacity" else ref.code or ref.id})
        return entity_url(ref) if ref.kind else None

    def territories(self, answer: PanelAnswer) -> Markup:
        chosen = "capacity" in answer.chosen
        coded = [line for line in answer.lines if line.key[0].code and len(line.key[0].code) == 2]
        most = max((line.counts[0] or 0 for line in coded), default=1) or 1
        lands = {}
        for line in coded:
            people, offers, wants = line.counts
            name = line.key[0].label
            if chosen:
                capacity = answer.chosen["capacity"].label
                said = self.tr.text("analytics-cell", capacity, name, self.shown(wants), self.shown(offers))
            else:
                said = f"{name}: {self.shown(people)}"
            kind = balance(offers, wants) if chosen else step(people, most)
            lands[line.key[0].code or ""] = Land(kind, said, entity_url(line.key[0]))
        kinds = self.balances() if chosen else self.scale(most)
        return world_map(answer.panel.name, lands, title=title(answer.panel, self.tr), side=self.side, kinds=kinds)

    def scale(self, most: int) -> list[tuple[str, str]]:
        """What the shades of a map mean."""
        bounds = [round(most * (number / _STEPS) ** 2) for number in range(_STEPS + 1)]
        found = [
            (f"step-{number}", " – ".join(map(self.tr.number, dict.fromkeys((low + 1, high)))))
            for number, (low, high) in enumerate(pairwise(bounds), 1)
            if high > low
        ]
        return [*found, self.of_hidden()]

    def directory(self, answer: PanelAnswer, *, to: Callable[[Ref], str] | None = None) -> Markup | None:
        """The tree of capacities as boxes, from the chosen one or from the roots down; ``to`` leads closer."""
        if not answer.lines:
            return None
        chosen = answer.chosen.get("capacity")
        parts: dict[str | None, list[Line]] = {}
        for line in answer.lines:
            parts.setdefault(line.parent, []).append(line)
        tops = [line for line in answer.lines if line.key[0].id == chosen.id] if chosen else parts.get(None, [])
        depth = _LEVELS + 1 if chosen else _LEVELS
        leads = to or (lambda ref: panel_url(answer, capacity=ref.id))
        boxes = [self._box(line, parts, depth, leads) for line in sorted(tops, key=_by_name)]
        name = self.tr.text("analytics-directory-title")
        return icicle("directory", boxes, title=name, side=self.side, depth=depth, kinds=self.balances())

    def _box(self, line: Line, parts: Mapping[str | None, list[Line]], depth: int, leads: Callable[[Ref], str]) -> Box:
        ref = line.key[0]
        _, offers, wants = line.counts
        below = sorted(parts.get(ref.id, []), key=_by_name) if depth > 1 else []
        return Box(
            label=ref.label,
            note=f"{self.measure('wants')}: {self.shown(wants)} · {self.measure('offers')}: {self.shown(offers)}",
            weight=(offers or 0) + (wants or 0),
            kind=balance(offers, wants),
            href=leads(ref),
            root=root_class(ref.colour),
            colour=ref.colour if root_class(ref.colour) else None,
            parts=tuple(self._box(part, parts, depth - 1, leads) for part in below),
        )


_CHARTS: Mapping[str, Callable[[Drawing, PanelAnswer], Markup | None]] = {
    "totals": Drawing.bars,
    "directory_totals": Drawing.bars,
    "growth": Drawing.growth,
    "capacities": Drawing.capacities,
    "gap": Drawing.gap,
    "bottlenecks": Drawing.bottlenecks,
    "territories": Drawing.territories,
    "languages": Drawing.bars,
    "languages_by_territory": Drawing.amounts,
    "capacities_by_territory": Drawing.offers,
    "organizations": Drawing.amounts,
    "translation": Drawing.amounts,
    "health": Drawing.bars,
}


def balance(offers: int | None, wants: int | None) -> str:
    """How demand and supply compare; a difference within a tenth is none. Hidden where either number is."""
    if offers is None or wants is None:
        return "hidden"
    if not offers:
        return "unmet" if wants else "none"
    if abs(wants - offers) <= 0.1 * max(wants, offers):
        return "even"
    return "wanted" if wants > offers else "offered"


def step(count: int | None, most: int) -> str:
    """The shade of a number: equal steps of its square root, so that small differences of small numbers show."""
    if count is None:
        return "hidden"
    if not count:
        return "step-0"
    return next(f"step-{number}" for number in range(1, _STEPS + 1) if count <= round(most * (number / _STEPS) ** 2))


def _most(lines: Sequence[Line], at: int, place: int | None) -> list[Ref]:
    """The things of one key, those with the greatest numbers first."""
    found: dict[str, tuple[Ref, int]] = {}
    for line in lines:
        ref = line.key[at]
        counts = line.counts if place is None else (line.counts[place],)
        known = found.get(ref.id, (ref, 0))[1]
        found[ref.id] = (ref, known + sum(count or 0 for count in counts))
    return [ref for ref, _ in sorted(found.values(), key=lambda pair: -pair[1])]


def _by_name(line: Line) -> str:
    return line.key[0].label.casefold()
