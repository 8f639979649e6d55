"""The world with its countries coloured: shapes of Natural Earth in the Equal Earth projection, without tiles.

The shapes are read and projected once a process (about 0.1 s). Of those too small to have one, a dot stands.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from math import asin, cos, radians, sin, sqrt
from typing import Any

from markupsafe import Markup

from webapp.analytics.charts.svg import LINE, Side, element, kind_fill, linked, titled, under
from webapp.assets.files import STATIC

_WIDTH, _HEIGHT = 1000, 460
_ANTARCTICA = "AQ"
_A = (1.340264, -0.081106, 0.000893, 0.003796)
"""Coefficients of Equal Earth (Šavrič, Patterson, Jenny 2018)."""

_TURN = 360.0

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Land:
    """A country of the map: its colour, what it says, where it leads."""

    kind: str
    title: str
    href: str | None


def world_map(
    name: str, lands: Mapping[str, Land], *, title: str, side: Side, kinds: Sequence[tuple[str, str]]
) -> Markup:
    """The chart; ``lands`` by ISO 3166 code of two letters."""
    shapes, dots = _atlas()
    drawn = []
    for code, path in shapes.items():
        land = lands.get(code)
        fill = kind_fill(name, land.kind if land else "land")
        one = element("path", d=path, stroke="#fff", stroke_width=0.6, **fill)
        drawn.append(linked(land.href, titled(land.title, one)) if land else one)
    for code, (x, y) in dots.items():
        if code in lands and code not in shapes:
            land = lands[code]
            dot = element("circle", cx=x, cy=y, r=5, stroke=LINE, stroke_width=1, **kind_fill(name, land.kind))
            drawn.append(linked(land.href, titled(land.title, dot)))
    box = f"0 0 {_WIDTH} {_HEIGHT}"
    # A narrow page draws it low in its height, and takes away what is empty above it (analytics.css).
    world = element("svg", *drawn, width="100%", height=_HEIGHT, viewBox=box, preserveAspectRatio="xMidYMax")
    return under("map", name, [world], _HEIGHT + 8, title=title, side=side, kinds=kinds)


@cache
def _atlas() -> tuple[Mapping[str, str], Mapping[str, Point]]:
    """The paths of countries and the places of dots, by code."""
    world = json.loads((STATIC / "vendor" / "world" / "world.json").read_text(encoding="utf-8"))
    arcs = [list(_arc(arc, world["transform"])) for arc in world["arcs"]]
    shapes: dict[str, str] = {}
    for geometry in world["objects"]["countries"]["geometries"]:
        code = geometry["properties"].get("code")
        if code and code != _ANTARCTICA:
            shapes[code] = shapes.get(code, "") + "".join(_ring(ring, arcs) for ring in _rings(geometry))
    dots = {code: _projected(float(place[1]), float(place[2])) for code, place in world["points"].items()}
    return shapes, {code: (round(x, 1), round(y, 1)) for code, (x, y) in dots.items()}


def _arc(arc: Sequence[Sequence[int]], transform: Mapping[str, Sequence[float]]) -> Iterator[Point]:
    x = y = 0
    for step_x, step_y in arc:
        x, y = x + step_x, y + step_y
        yield (
            x * transform["scale"][0] + transform["translate"][0],
            y * transform["scale"][1] + transform["translate"][1],
        )


def _rings(geometry: Mapping[str, Any]) -> Iterator[Sequence[int]]:
    polygons = [geometry["arcs"]] if geometry["type"] == "Polygon" else geometry.get("arcs", [])
    for polygon in polygons:
        yield from polygon


def _ring(ring: Sequence[int], arcs: Sequence[Sequence[Point]]) -> str:
    """The path of a ring; one that crosses the edge of the map is drawn at both edges, which cut it off."""
    points: list[Point] = []
    for number in ring:
        arc = arcs[number] if number >= 0 else list(reversed(arcs[~number]))
        points += arc[1:] if points else arc
    round_the_world = list(_unbroken(points))
    found = _path(round_the_world)
    for turn in (-_TURN, _TURN):
        if any(abs(longitude) > _TURN / 2 and longitude * turn < 0 for longitude, _ in round_the_world):
            found += _path([(longitude + turn, latitude) for longitude, latitude in round_the_world])
    return found


def _unbroken(points: Sequence[Point]) -> Iterator[Point]:
    """The points with longitudes that go on past 180 degrees instead of jumping back."""
    offset = 0.0
    for (before, _), (longitude, latitude) in pairwise([points[0], *points]):
        if abs(longitude - before) > _TURN / 2:
            offset += _TURN if longitude < before else -_TURN
        yield longitude + offset, latitude


def _path(points: Sequence[Point]) -> str:
    """The path of points; what lies past the edge of the map is drawn on the edge."""
    inside = ((max(-_TURN / 2, min(_TURN / 2, longitude)), latitude) for longitude, latitude in points)
    placed = [(round(x), round(y)) for x, y in (_projected(*point) for point in inside)]
    steps = [(x - x0, y - y0) for (x0, y0), (x, y) in pairwise(placed) if (x, y) != (x0, y0)]
    if len(steps) < 3:
        return ""
    return f"M{placed[0][0]} {placed[0][1]}l{' '.join(f'{x} {y}' for x, y in steps)}z"


def _projected(longitude: float, latitude: float) -> Point:
    """Equal Earth, with Antarctica cut off below."""
    theta = asin(sqrt(3) / 2 * sin(radians(latitude)))
    square = theta * theta
    sixth = square * square * square
    first, second, third, fourth = _A
    slope = first + 3 * second * square + sixth * (7 * third + 9 * fourth * square)
    x = 2 * sqrt(3) * radians(longitude) * cos(theta) / (3 * slope)
    y = theta * (first + second * square + sixth * (third + fourth * square))
    scale = _WIDTH / 5.413
    return _WIDTH / 2 + x * scale, 243 - y * scale
