"""The panels: what each counts, by what, and where its definition stands. The one table that all rooms here share.

A panel is a table. Its ``keys`` name what a row is about (things of the graph or words), its ``measures`` what is
counted. The definition is a query file; ``Definition equal to that of the CapX backend`` means its statistics
interface, without its quirks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from capx_graph.errors import NotFound
from capx_graph.messages import told


class Source(StrEnum):
    """What a panel's counts change with, which is how long they are kept."""

    PEOPLE = "people"
    DIRECTORY = "directory"
    REPOSITORY = "repository"
    SHAPES = "shapes"


class Hides(StrEnum):
    """How small counts of people are hidden; see ``hiding``.

    ``ALONG_PLACES``: the cells of one row of other keys add up over places, so that a difference could tell a hidden
    one; ``AMONG_PARTS``: the same among the parts of one place; ``ALONG_TIME``: over months.
    """

    NOTHING = "nothing"
    CELLS = "cells"
    ALONG_PLACES = "along places"
    AMONG_PARTS = "among parts"
    ALONG_TIME = "along time"


@dataclass(frozen=True, slots=True)
class Panel:
    """One panel; ``query`` is its definition, ``parameters`` maps what may be asked to the query's parameters.

    A parameter that maps to an empty name, or is in ``narrows``, narrows the answer after counting and hiding: what is
    hidden in the whole stays hidden in each part of it.
    """

    name: str
    keys: tuple[str, ...]
    measures: tuple[str, ...]
    query: str
    hides: Hides = Hides.NOTHING
    source: Source = Source.PEOPLE
    parameters: Mapping[str, str] = field(default_factory=dict)
    unit: str = "people"
    narrows: tuple[str, ...] = ()

    @property
    def narrowing(self) -> tuple[str, ...]:
        """The parameters that narrow the answer after counting."""
        return tuple(name for name, own in self.parameters.items() if not own or name in self.narrows)


_HELD = ("knows", "offers", "wants")

PANELS: tuple[Panel, ...] = (
    Panel("totals", ("measure",), ("people",), "analytics/totals", Hides.NOTHING),
    Panel(
        "directory_totals", ("measure",), ("things",), "analytics/directory_totals",
        source=Source.DIRECTORY, unit="things",
    ),
    Panel(
        "growth", ("month",), ("joined", "published", "left"), "examples/people_growth",
        Hides.ALONG_TIME, Source.REPOSITORY,
    ),
    Panel("capacities", ("capacity",), _HELD, "analytics/capacities", Hides.CELLS, parameters={"capacity": ""}),
    Panel(
        "gap", ("capacity", "territory"), ("offers", "wants"), "analytics/gap", Hides.ALONG_PLACES,
        parameters={"capacity": "parent", "territory": "region", "language": "language"},
    ),
    Panel("bottlenecks", ("capacity",), ("offers", "wants"), "analytics/bottlenecks", Hides.CELLS),
    Panel("languages", ("language",), ("people", "native"), "analytics/languages", Hides.CELLS),
    Panel(
        "territories", ("territory",), ("people", "offers", "wants"), "analytics/territories", Hides.AMONG_PARTS,
        parameters={"capacity": "capacity"},
    ),
    Panel(
        "languages_by_territory", ("territory", "language"), ("people",), "analytics/languages_by_territory",
        Hides.ALONG_PLACES, parameters={"territory": ""},
    ),
    Panel(
        "capacities_by_territory", ("territory", "capacity"), _HELD, "analytics/capacities_by_territory",
        Hides.ALONG_PLACES, parameters={"territory": "territory"}, narrows=("territory",),
    ),
    Panel(
        "organizations", ("type", "territory"), ("organizations",), "analytics/organizations", unit="organizations",
    ),
    Panel(
        "translation", ("language_code", "class"), ("names",), "examples/directory_coverage",
        source=Source.DIRECTORY, unit="names",
    ),
    Panel("health", ("shape", "severity"), ("records",), "", source=Source.SHAPES, unit="records"),
)  # fmt: skip
"""In the order of the page."""

_BY_NAME = {panel.name: panel for panel in PANELS}


def panel(name: str) -> Panel:
    """One panel; raises NotFound."""
    found = _BY_NAME.get(name)
    if found is None:
        raise NotFound(told("refused-absent", name[:40]))
    return found
