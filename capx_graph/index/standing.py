"""The orders of hits, each total, so that paging by offset never shows a thing twice; the finders share it.

By name means by username, else the English label, else the code, compared without case and without locale: the same
order for every reader. By activity means the latest first, things that tell no activity last, then by name.
"""

from __future__ import annotations

from dataclasses import dataclass

from capx_graph.directory.catalogue import item_number
from capx_graph.instants import said_instant

Key = tuple[float, str, int]


@dataclass(frozen=True, slots=True)
class Standing:
    """What of a thing decides its place: its name, folded, and when it was last active (0 when never told)."""

    item: str
    name: str
    active: float = 0.0

    @property
    def by_activity(self) -> Key:
        """The place in the order by activity."""
        return (-self.active, self.name, item_number(self.item))

    @property
    def by_name(self) -> Key:
        """The place in the order by name."""
        return (0.0, self.name, item_number(self.item))


def joined(one: Standing, other: Standing) -> Standing:
    """One place from two, where a thing has two names or two times: the first name, the last time."""
    return Standing(one.item, min(one.name, other.name), max(one.active, other.active))


def seconds(instant: str | None) -> float:
    """An instant in ISO 8601 as seconds, 0 for none and for text that is no instant."""
    moment = said_instant(instant)
    return moment.timestamp() if moment else 0.0
