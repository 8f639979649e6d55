"""Pieces of SVG, escaped; the one room of the charts that writes markup.

The direction of text is set once, left to right, so that anchors are sides of the picture; a text still runs as its
own letters do.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

TEXT = 13
"""Pixels of the letters; nothing is written smaller than 12."""

LEGEND_LINE = 20
_MARGIN, _CAPTION = 16, 60

INK, QUIET, LINE, LAND = "#202122", "#54595d", "#c8ccd1", "#eaecf0"
COLOURS = {
    "knows": "#72777d", "offers": "#3366cc", "wants": "#b3541e", "plain": "#3366cc",
    "unmet": "#b3541e", "wanted": "#e0a37c", "even": "#d5d8de", "offered": "#9db6ea", "none": "#f8f9fa",
    "step-0": "#f8f9fa", "step-1": "#dbe4f7", "step-2": "#b0c5ee", "step-3": "#7c9fe0", "step-4": "#4a78cf",
    "step-5": "#20479c", "hidden": "#eaecf0", "land": LAND,
}  # fmt: skip
"""The fill of a class ``c-NAME`` on white; the style sheet has it for the page."""

_UNBROKEN = re.compile(r"\s*(?:[^\s\u2e80-\uffff]+|[\u2e80-\uffff][、。，：；！？）」』…]*)")
"""What no line ends in: a word, or an ideograph with the marks that follow it."""
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def element(name: str, *children: str | Markup, **attributes: object) -> Markup:
    """An element; ``class_`` and ``font_size`` are written ``class`` and ``font-size``, None leaves one out.

    A page has some thousand of them: put together by hand, since ``Markup.format`` takes five times as long.
    """
    pieces = [f"<{name}"]
    for key, value in attributes.items():
        if value is not None:
            written = value if isinstance(value, int | float) else escape(clean(str(value)))
            pieces.append(f' {key.rstrip("_").replace("_", "-")}="{written}"')
    pieces.append(">")
    pieces.extend(child if isinstance(child, Markup) else escape(clean(child)) for child in children)
    pieces.append(f"</{name}>")
    return Markup("".join(pieces))  # noqa: S704 every piece is escaped above


def clean(text: str) -> str:
    """Text without what no XML may hold."""
    return text if text.isprintable() else _NO_XML.sub("\ufffd", text)


def filled(name: str) -> dict[str, str]:
    """The attributes of a shape that is filled as a class says."""
    return {"class_": f"c-{name}", "fill": COLOURS[name]}


STRIPED = frozenset({"wants", "unmet", "wanted"})
"""Kinds that have stripes."""


def kind_fill(name: str, kind: str) -> dict[str, str]:
    """The fill of a kind in the chart of this name, striped for what is wanted."""
    return {"fill": f"url(#{name}-{kind})"} if kind in STRIPED else filled(kind)


def patterns(name: str) -> Markup:
    """The stripes of the chart of this name, which is unique in a page."""
    return element("defs", *(hatching(f"{name}-{kind}", kind) for kind in sorted(STRIPED)))


def shape(name: str, kind: str, **attributes: object) -> Markup:
    """A rectangle (``rect``) or another shape filled as a class says."""
    return element(kind, **filled(name), **attributes)


def words(text: str, *, quiet: object = False, anchor: object = None, **attributes: object) -> Markup:
    """A text."""
    style = {"class_": "c-quiet" if quiet else "c-ink", "fill": QUIET if quiet else INK}
    merged = {"font_size": TEXT, "text_anchor": anchor, **style, **attributes}
    return element("text", text, **merged)


def linked(href: str | None, *children: Markup) -> Markup:
    """The pieces as a link, where there is one."""
    return element("a", *children, href=href) if href else Markup("".join(children))  # noqa: S704 markup already


def titled(title: str, *children: Markup) -> Markup:
    """Pieces that say something when pointed at."""
    return element("g", element("title", title), *children)


def hatching(name: str, kind: str) -> Markup:
    """Stripes over a colour: ``name`` is unique in the page. What is wanted is striped, so that it needs no colour."""
    return element(
        "pattern",
        element("rect", width=6, height=6, **filled(kind)),
        element("path", d="M0 6L6 0M-1 1L1 -1M5 7L7 5", class_="c-stripe", stroke="#fff", stroke_width=1.4),
        id=name, width=6, height=6, patternUnits="userSpaceOnUse",
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Side:
    """The side that reading starts from; shares of the width are counted from it."""

    rtl: bool

    def x(self, start: float, size: float = 0) -> str:
        """Where something begins that is ``size`` percent wide."""
        return f"{100 - start - size if self.rtl else start:.2f}%"

    def shift(self, pixels: float) -> float:
        """Pixels in the direction of reading."""
        return -pixels if self.rtl else pixels

    @property
    def start(self) -> str:
        return "end" if self.rtl else "start"

    @property
    def end(self) -> str:
        return "start" if self.rtl else "end"


def drawing(name: str, height: float, pieces: Iterable[Markup], *, title: str, width: str = "100%") -> Markup:
    """A whole chart; ``name`` is its class, ``title`` what a screen reader says: one picture, or a group of links."""
    drawn = Markup().join(pieces)
    return element(
        "svg",
        element("title", title),
        drawn,
        class_=f"chart chart-{name}", xmlns="http://www.w3.org/2000/svg", width=width, height=round(height),
        role="group" if "<a " in drawn else "img", direction="ltr", font_family="system-ui, sans-serif", font_size=TEXT,
    )  # fmt: skip


def under(
    kind: str,
    name: str,
    pieces: Iterable[Markup],
    tall: float,
    *,
    title: str,
    side: Side,
    kinds: Sequence[tuple[str, str]],
    width: str = "100%",
) -> Markup:
    """A whole chart of pieces with stripes, so ``tall``, and under them what its kinds mean; ``name`` is its own."""
    whole = [patterns(name), *pieces, *legend(name, kinds, tall, side)]
    return drawing(kind, tall + LEGEND_LINE * len(kinds), whole, title=title, width=width)


def legend(name: str, kinds: Iterable[tuple[str, str]], top: float, side: Side) -> list[Markup]:
    """What the kinds of a chart mean, in lines of LEGEND_LINE from ``top`` on."""
    pieces = []
    left = -14 if side.rtl else 0
    for number, (kind, text) in enumerate(kinds):
        y = top + number * LEGEND_LINE
        at = {"x": side.x(0), "y": y, "transform": f"translate({left} 0)", "width": 14, "height": 14}
        pieces.append(element("rect", **at, **kind_fill(name, kind), stroke=LINE))
        pieces.append(words(text, x=side.x(0), dx=side.shift(22), y=y + 12, anchor=side.start, font_size=12))
    return pieces


def standing_alone(chart: Markup, *, width: int, title: str, note: str, side: Side) -> str:
    """The chart as a file: on white, under its title and a note, as wide as it would be on a page."""
    sized = re.search(
        r' width="(\d+)" height="(\d+)"', re.sub(r' width="100%"', f' width="{width}"', str(chart), count=1)
    )
    assert sized, "drawing() writes both"
    wide, tall = max(int(sized[1]), 320), int(sized[2])
    inside = re.sub(r' width="100%"', f' width="{wide}"', str(chart), count=1)
    placed = Markup(inside.replace("<svg ", f'<svg x="{_MARGIN}" y="{_CAPTION}" ', 1))  # noqa: S704 our own drawing
    at = {"x": wide + _MARGIN if side.rtl else _MARGIN, "anchor": side.start}
    whole = element(
        "svg",
        element("title", title),
        element("rect", width="100%", height="100%", fill="#fff"),
        words(title, y=26, font_weight="bold", font_size=16, **at),
        words(note, quiet=True, y=45, **at),
        placed,
        xmlns="http://www.w3.org/2000/svg", width=wide + 2 * _MARGIN, height=tall + _CAPTION + _MARGIN,
        direction="ltr", font_family="system-ui, sans-serif",
    )  # fmt: skip
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{whole}\n'


def text_width(text: str) -> float:
    """About how wide a text of 12 or 13 pixels is, in pixels."""
    return sum(TEXT if unicodedata.east_asian_width(char) in "WF" else TEXT * 0.52 for char in text)


def fitted(text: str, room: float) -> str:
    """The text, cut off where it would not fit."""
    if text_width(text) <= room:
        return text
    kept = text
    while kept and text_width(kept) > room - TEXT:
        kept = kept[:-1]
    return f"{kept.rstrip()}…"


def wrapped(text: str, room: float, *, lines: int) -> list[str]:
    """The text in a few lines, the last cut off where it would not fit."""
    found: list[str] = []
    left = _UNBROKEN.findall(text)
    while left and len(found) < lines - 1:
        line = left.pop(0).strip()
        while left and text_width(line + left[0]) <= room:
            line += left.pop(0)
        found.append(fitted(line, room))
    rest = "".join(left).strip()
    return [*found, fitted(rest, room)] if rest else found or [""]
