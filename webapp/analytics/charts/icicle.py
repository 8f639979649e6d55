"""A tree as boxes: each beside its parts, the taller the more people; colour and stripes tell demand from supply."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from webapp.analytics.charts.svg import LINE, Side, element, kind_fill, linked, titled, under, words

_LEAST = 22.0
_SPREAD, _TALL = 400.0, 900.0
"""Pixels that weights share beyond the least of each box, and how tall a picture of few boxes is."""


@dataclass(frozen=True, slots=True)
class Box:
    """A node: its name and number in words, its weight, its kind of colour, the colour and class of its root."""

    label: str
    note: str
    weight: float
    kind: str
    href: str | None = None
    root: str = ""
    colour: str | None = None
    parts: tuple[Box, ...] = ()


def icicle(
    name: str, boxes: Sequence[Box], *, title: str, side: Side, depth: int, kinds: Sequence[tuple[str, str]]
) -> Markup:
    """The boxes and ``depth`` levels in all."""
    leaves = [leaf for box in boxes for leaf in _leaves(box, depth)]
    total = sum(leaf.weight for leaf in leaves) or 1
    scale = max(_SPREAD, _TALL - _LEAST * len(leaves)) / total
    pieces: list[Markup] = []
    top = 0.0
    for box in boxes:
        tall, drawn = _drawn(name, box, top, 0, depth=depth, scale=scale, side=side)
        pieces += drawn
        top += tall
    return under("icicle", name, pieces, top + 10, title=title, side=side, kinds=kinds)


def _leaves(box: Box, depth: int) -> Iterator[Box]:
    if depth == 1 or not box.parts:
        yield box
        return
    for part in box.parts:
        yield from _leaves(part, depth - 1)


def _drawn(
    name: str, box: Box, top: float, level: int, *, depth: int, scale: float, side: Side
) -> tuple[float, list[Markup]]:
    """How tall a box is with its parts, and the drawing of both."""
    pieces: list[Markup] = []
    tall = 0.0
    if level < depth - 1:
        for part in box.parts:
            size, drawn = _drawn(name, part, top + tall, level + 1, depth=depth, scale=scale, side=side)
            pieces += drawn
            tall += size
    tall = tall or _LEAST + box.weight * scale
    wide = 100 / depth
    # A leaf on a higher level reaches to the end, so that no gap looks like a missing part.
    own = wide if box.parts and level < depth - 1 else 100 - level * wide
    place = {"x": side.x(level * wide, own), "y": f"{top:.1f}", "width": f"{own:.2f}%", "height": f"{tall:.1f}"}
    return tall, [_box(name, box, place, tall, side), *pieces]


def _box(name: str, box: Box, place: dict[str, str], tall: float, side: Side) -> Markup:
    edge = {"x": "100%" if side.rtl else 0, "transform": "translate(-5 0)" if side.rtl else None}
    middle = min(tall / 2 + 4.5, 24)
    inside = [
        element("rect", width="100%", height="100%", stroke=LINE, stroke_width=1, **kind_fill(name, box.kind)),
        element("rect", **edge, width=5, height="100%", class_=f"c-root {box.root}", fill=box.colour or LINE),
        words(
            box.label, x=side.x(0), dx=side.shift(11), y=f"{middle:.1f}", anchor=side.start, font_size=12,
            class_="c-ink c-outlined", stroke="#fff", stroke_width=3, paint_order="stroke", stroke_linejoin="round",
        ),
    ]  # fmt: skip
    if tall > 46:
        inside.append(
            words(
                box.note, x=side.x(0), dx=side.shift(11), y=f"{middle + 16:.1f}", anchor=side.start, font_size=12,
                class_="c-ink c-outlined", stroke="#fff", stroke_width=3, paint_order="stroke",
                stroke_linejoin="round",
            )
        )  # fmt: skip
    return linked(box.href, titled(f"{box.label}: {box.note}", element("svg", *inside, **place)))
