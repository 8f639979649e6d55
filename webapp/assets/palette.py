"""The colours and shapes of the root capacities, as a style sheet made from the graph.

Each root has a colour (a fact of the graph) and a shape (its place among the roots), so that no capacity is told by
colour alone. A colour is darkened for light pages and lightened for dark ones until it stands out 4.5 to 1, which
is enough for text too; paper is a light page. Classes are named for the colour: a capacity of the root #BE0078 has
``root-be0078``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

LIGHT_PAGE, DARK_PAGE = (255, 255, 255), (16, 20, 24)
"""Codex's page backgrounds."""
CONTRAST = 4.5
_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")
_SHAPES = (
    "circle(50%)",
    "polygon(50% 0,100% 100%,0 100%)",
    "inset(6%)",
    "polygon(50% 0,100% 50%,50% 100%,0 50%)",
    "polygon(25% 3%,75% 3%,100% 50%,75% 97%,25% 97%,0 50%)",
    "polygon(0 0,100% 0,50% 100%)",
    "polygon(33% 0,67% 0,67% 33%,100% 33%,100% 67%,67% 67%,67% 100%,33% 100%,33% 67%,0 67%,0 33%,33% 33%)",
    "polygon(0 0,100% 0,100% 35%,35% 100%,0 100%)",
)

Rgb = tuple[int, int, int]


def root_class(colour: str | None) -> str:
    """The class of things of that root; empty for no colour or one that is none."""
    return f"root-{colour[1:].lower()}" if colour and _COLOUR.fullmatch(colour) else ""


def stylesheet(colours: Iterable[str]) -> str:
    """The rules for roots of these colours, in the order of the roots."""
    known = dict.fromkeys(colour.lower() for colour in colours if _COLOUR.fullmatch(colour))
    light, dark = [], []
    for number, colour in enumerate(known):
        name = root_class(colour)
        shape = _SHAPES[number % len(_SHAPES)]
        light.append(f".{name}{{--root:{_hex(readable(_rgb(colour), LIGHT_PAGE))};--shape:{shape}}}")
        dark.append(f".{name}{{--root:{_hex(readable(_rgb(colour), DARK_PAGE))}}}")
    by_system = "".join(f"html:not([data-appearance=light]) {rule}" for rule in dark)
    by_choice = "".join(f"html[data-appearance=dark] {rule}" for rule in dark)
    on_screen = f"@media screen and (prefers-color-scheme:dark){{{by_system}}}\n@media screen{{{by_choice}}}"
    return f"{''.join(light)}\n{on_screen}\n"


def readable(colour: Rgb, page: Rgb) -> Rgb:
    """The colour mixed with black (on a light page) or white until it contrasts with the page."""
    target = (0, 0, 0) if luminance(page) > 0.5 else (255, 255, 255)
    mixes = (_mixed(colour, target, step / 20) for step in range(21))
    return next(mixed for mixed in mixes if contrast(mixed, page) >= CONTRAST)


def contrast(one: Rgb, other: Rgb) -> float:
    """WCAG's contrast ratio, 1 to 21."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: Rgb) -> float:
    """WCAG's relative luminance, 0 to 1."""
    parts = (channel / 255 for channel in colour)
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _mixed(colour: Rgb, target: Rgb, share: float) -> Rgb:
    red, green, blue = (round(own + (other - own) * share) for own, other in zip(colour, target, strict=True))
    return red, green, blue


def _rgb(colour: str) -> Rgb:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _hex(colour: Rgb) -> str:
    return "#" + "".join(f"{channel:02x}" for channel in colour)
