"""Bars from the side that reading starts from, one group for each thing, its name above; columns over time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from webapp.analytics.charts.svg import (
    LINE,
    Side,
    drawing,
    element,
    kind_fill,
    linked,
    patterns,
    shape,
    titled,
    words,
    wrapped,
)

HIDDEN = "×"
_BAR, _GAP, _NAME = 14, 2, 20
_LONGEST = 82.0
_ROOM = 310
"""The pixels that a name has in a line on a narrow phone."""
"""Percent of the width that the longest bar takes; its number stands behind it."""


@dataclass(frozen=True, slots=True)
class Series:
    """What one colour of bars counts; ``kind`` is its class."""

    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A thing with a number for each series; None is hidden."""

    label: str
    values: Sequence[int | None]
    href: str | None = None


def bars(
    name: str, rows: Sequence[Bar], series: Sequence[Series], *, title: str, side: Side, number: Callable[[int], str]
) -> Markup:
    """A chart of bars; ``name`` makes the ids of its patterns unique."""
    most = max((value or 0 for row in rows for value in row.values), default=0) or 1
    top = 26 if len(series) > 1 else 4
    pieces = [patterns(name)]
    if len(series) > 1:
        pieces.extend(key(name, series, side))
    for row in rows:
        said = wrapped(row.label, _ROOM, lines=4)
        tops = range(top + 14, top + 14 + _NAME * len(said), _NAME)
        texts = (words(line, x=side.x(0), y=y, anchor=side.start) for line, y in zip(said, tops, strict=True))
        pieces.append(linked(row.href, *texts))
        top += _NAME * len(said)
        for one, value in zip(series, row.values, strict=True):
            share = _LONGEST * (value or 0) / most
            text = HIDDEN if value is None else number(value)
            pieces.append(_bar(name, one, top, share=share, side=side, text=text, label=row.label))
            top += _BAR + _GAP
        top += 6
    return drawing("bars", top, pieces, title=title)


def _bar(name: str, one: Series, top: int, *, share: float, side: Side, text: str, label: str) -> Markup:
    box = {"x": side.x(0, share), "y": top, "width": f"{share:.2f}%", "height": _BAR, "rx": 1}
    return titled(
        f"{label}: {one.name} {text}",
        element("rect", **box, **kind_fill(name, one.kind)),
        words(text, quiet=True, x=side.x(share), dx=side.shift(5), y=top + 12, anchor=side.start, font_size=12),
    )


def key(name: str, series: Sequence[Series], side: Side) -> Iterator[Markup]:
    """Which colour is what, in one line on top."""
    share = min(25.0, 100 / max(1, len(series)))
    for place, one in enumerate(series):
        at = side.x(place * share)
        left = -14 if side.rtl else 0
        yield element(
            "rect", x=at, transform=f"translate({left} 0)", y=4, width=14, height=14, rx=1, **kind_fill(name, one.kind)
        )
        yield words(one.name, x=at, dx=side.shift(20), y=16, anchor=side.start, font_size=12)


def columns(
    months: Sequence[tuple[str, Sequence[int | None]]],
    series: Sequence[Series],
    *,
    title: str,
    side: Side,
    number: Callable[[int], str],
    month: Callable[[str], str],
) -> Markup:
    """A small chart of columns for each series, each with its own scale, over the same months (``2026-05``)."""
    pieces: list[Markup] = []
    height, top = 84, 0
    wide = 100 / max(1, len(months))
    for place, one in enumerate(series):
        values = [numbers[place] for _, numbers in months]
        most = max((value or 0 for value in values), default=0)
        if not any(value is None or value for value in values):
            continue
        pieces.append(words(f"{one.name}: ≤ {number(most)}", x=side.x(0), y=top + 14, anchor=side.start, font_size=12))
        base = top + 22 + height
        for at, (day, value) in enumerate(zip((day for day, _ in months), values, strict=True)):
            tall = height * (value or 0) / (most or 1)
            text = HIDDEN if value is None else number(value)
            column = {"x": side.x(at * wide, wide * 0.8), "width": f"{wide * 0.8:.2f}%"}
            drawn = (
                words(HIDDEN, quiet=True, x=side.x((at + 0.4) * wide), y=base - 2, anchor="middle", font_size=12)
                if value is None and wide > 2
                else shape(one.kind, "rect", y=f"{base - tall:.1f}", height=f"{tall:.1f}", **column)
            )
            pieces.append(titled(f"{month(day)}: {one.name} {text}", drawn))
        pieces.append(element("line", x1="0", x2="100%", y1=base, y2=base, stroke=LINE, class_="c-line"))
        top = base + 10
    for at, (day, _) in enumerate(months):
        if at == 0 or (day.endswith("-01") and at > 3):
            pieces.append(words(day[:4], quiet=True, x=side.x(at * wide), y=top + 8, anchor=side.start, font_size=12))
    return drawing("columns", top + 16, pieces, title=title)
