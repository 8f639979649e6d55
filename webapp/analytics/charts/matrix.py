"""Tables of numbers with colours: every cell holds its number, a colour and, for what is wanted, stripes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from webapp.analytics.charts.svg import (
    LINE,
    STRIPED,
    Side,
    element,
    fitted,
    kind_fill,
    linked,
    titled,
    under,
    words,
    wrapped,
)

_NAMES, _WIDE, _TALL, _HEAD = 190, 84, 30, 56


@dataclass(frozen=True, slots=True)
class Heading:
    """What a row or a column is about."""

    label: str
    href: str | None = None


@dataclass(frozen=True, slots=True)
class MatrixCell:
    """A cell: what it says, its kind (a class of colours), and all of it in words."""

    text: str
    kind: str
    title: str


def matrix(
    name: str,
    rows: Sequence[Heading],
    columns: Sequence[Heading],
    cells: Mapping[tuple[int, int], MatrixCell],
    *,
    title: str,
    side: Side,
    corner: str = "",
    kinds: Sequence[tuple[str, str]] = (),
) -> Markup:
    """The chart, as wide as its columns need.

    ``cells`` are by row and column; ``kinds`` says what their colours mean, ``corner`` what their numbers are.
    """
    width = _NAMES + _WIDE * len(columns)

    def x(start: float, size: float = 0) -> float:
        return width - start - size if side.rtl else start

    pieces: list[Markup] = []
    if corner:
        pieces.append(words(corner, quiet=True, x=x(0), y=_HEAD - 8, anchor=side.start, font_size=12))
    top = _HEAD
    for place, column in enumerate(columns):
        lines = wrapped(column.label, _WIDE - 4, lines=3)
        start = _NAMES + place * _WIDE
        texts = [
            words(line, x=x(start + 4), y=_HEAD - 8 - 15 * (len(lines) - 1 - number), anchor=side.start, font_size=12)
            for number, line in enumerate(lines)
        ]
        pieces.append(linked(column.href, titled(column.label, *texts)))
    for number, row in enumerate(rows):
        name_ = words(fitted(row.label, _NAMES - 12), x=x(0), y=top + 20, anchor=side.start)
        pieces.append(linked(row.href, titled(row.label, name_)))
        for place in range(len(columns)):
            cell = cells.get((number, place))
            if cell:
                box = {"x": x(_NAMES + place * _WIDE, _WIDE - 2), "y": top, "width": _WIDE - 2, "height": _TALL - 2}
                pieces.append(_cell(name, cell, box))
        top += _TALL
    pieces.append(element("line", x1=0, x2=width, y1=_HEAD - 2, y2=_HEAD - 2, stroke=LINE, class_="c-line"))
    return under("matrix", name, pieces, top + 8, title=title, side=side, kinds=kinds, width=str(width))


def _cell(name: str, cell: MatrixCell, box: Mapping[str, float]) -> Markup:
    middle, base = box["x"] + box["width"] / 2, box["y"] + 19
    backing: list[Markup] = []
    if cell.kind in STRIPED:
        # Numbers stay readable on stripes.
        size = min(box["width"] - 8, 10 + 7 * len(cell.text))
        paper = {"x": middle - size / 2, "y": box["y"] + 6, "width": size, "height": 17, "rx": 2}
        backing = [element("rect", **paper, class_="c-paper", fill="#fff")]
    at = {"x": middle, "y": base, "font_size": 12}
    number = words(cell.text, anchor="middle", **at)
    if cell.kind in ("step-4", "step-5"):
        number = words(cell.text, anchor="middle", class_="c-on-dark", fill="#fff", **at)
    return titled(cell.title, element("rect", **box, **kind_fill(name, cell.kind)), *backing, number)
