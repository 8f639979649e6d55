"""The published formula of the matches: what a match weighs, in whole numbers, so that no order hangs on a rounding.

Imported by both matchers of this package, so that they can only differ in the facts; ``WEIGHTS`` is what the help page
and the answers show. An offer *serves* a wish when it is of the same capacity or, unless the tree is switched off, of
one beneath it.

* A capacity of the asker weighs SCALE * ln(1 + population / holders) / ln(1 + population), the rarer the more,
  divided by ln(e + seekers / offerers), the more sought after the less. Holders are those on the other side: who
  offers what serves the wish, or who has a wish that the offer serves.
* A match through the tree counts a half one level apart, a third two levels apart ... The nearest one counts.
* The sum over the asker's capacities is multiplied by 1000 thousandths, and more for what both have in common.
* Ties: who was active last, then by name, then the older item.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import e, log
from types import MappingProxyType

SCALE = 1000
WHOLE = 1000
"""A thousand thousandths: what points are multiplied by when nothing else is in common."""

LANGUAGE, TERRITORY, REGION, PROJECT, AFFILIATION = "language_level", "territory", "region", "project", "affiliation"

WEIGHTS: Mapping[str, int] = MappingProxyType(
    {"scale": SCALE, "base": WHOLE, LANGUAGE: 70, TERRITORY: 150, REGION: 75, PROJECT: 100, AFFILIATION: 100}
)
"""In thousandths: for each level of the best common language (1 to 6, the lower of the two people's), a common
territory, or else a common one above, any common project, any common affiliation."""

RANKS: Mapping[str, int] = MappingProxyType({"": 1, "1": 1, "2": 2, "3": 3, "4": 4, "5": 5, "n": 6})
"""Levels of the Babel scale at which a language is spoken, one that nobody told like the lowest; level 0 means that
it is not spoken."""


@dataclass(frozen=True, slots=True)
class Demand:
    """Around one capacity: who offers what serves a wish for it, who has a wish that an offer of it serves."""

    offerers: int
    seekers: int


def rarity(population: int, holders: int) -> float:
    """1 for what one of all has, towards 0 for what everybody has."""
    return log(1 + population / max(1, holders)) / log(1 + max(1, population))


def weight(population: int, holders: int, demand: Demand) -> int:
    """What a match of a capacity weighs."""
    pressed = log(e + demand.seekers / max(1, demand.offerers))
    return max(1, round(SCALE * rarity(population, holders) / pressed))


def language_weight(population: int, speakers: int) -> int:
    """What speaking a common language weighs, for each level, where languages are what is looked for."""
    return max(1, round(SCALE * rarity(population, speakers)))


def closeness(points: int, steps: int) -> int:
    """What a capacity's weight comes to so many levels apart."""
    return max(1, points // (1 + steps))
