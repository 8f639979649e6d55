"""From what people write to items, and from a group to the facts about its people; rooms of this package import it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from capx_graph import queries
from capx_graph.directory import Directory
from capx_graph.directory.catalogue import item_number
from capx_graph.directory.lookup import entry_meant
from capx_graph.directory.reading import Items, text_of
from capx_graph.errors import InvalidParameter
from capx_graph.groups.model import Group
from capx_graph.index.families import term
from capx_graph.messages import told
from capx_graph.model import EntityKind
from capx_graph.namespaces import CAPX
from capx_graph.store.base import GraphReader
from capx_graph.terms import literal

_PARAMETERS = {
    EntityKind.CAPACITY: "capacity",
    EntityKind.LANGUAGE: "language",
    EntityKind.ORGANIZATION: "organization",
    EntityKind.TERRITORY: "territory",
}
MOST_NAMES = 2000


@dataclass(slots=True)
class Participant:
    """A person of a group; capacities and languages are item ids."""

    item: str
    username: str
    offers: set[str] = field(default_factory=set)
    wants: set[str] = field(default_factory=set)
    speaks: set[str] = field(default_factory=set)


def meant(value: str, kind: EntityKind, directory: Directory) -> str:
    """The item that a value of a parameter stands for; raises InvalidParameter."""
    found = entry_meant(value, kind, directory)
    if found is None:
        name = _PARAMETERS[kind]
        rule = told("mend-entry")
        raise InvalidParameter(name, value[:100], rule)
    return found


class Choosing:
    """Reads groups from one graph."""

    def __init__(self, graph: GraphReader, items: Items) -> None:
        self._graph = graph
        self._items = items

    def participants(self, group: Group, directory: Directory, *, most: int) -> list[Participant]:
        """Everybody in the group by age of their items; raises InvalidParameter for a group that is none."""
        if not group:
            raise InvalidParameter("person", "", told("groups-missing"))
        if len(group.people) > MOST_NAMES:
            raise InvalidParameter("person", len(group.people), told("mend-values", MOST_NAMES))
        found: dict[str, Participant] = {}
        query = queries.load("groups/people").bind(chosen=list(self._rows(group, directory)))
        for person, username, fact, value in self._graph.select(query):
            item, named = self._items.id(person), self._items.id(value)
            participant = found.setdefault(item, Participant(item, text_of(username) or item))
            if named:
                getattr(participant, (text_of(fact) or "").removeprefix(CAPX)).add(named)
        if len(found) > most:
            raise InvalidParameter("person", len(found), told("groups-large", most))
        return sorted(found.values(), key=lambda participant: item_number(participant.item))

    def unknown(self, group: Group, found: Sequence[Participant]) -> tuple[str, ...]:
        """The names of the group that nobody has."""
        names = {participant.username for participant in found}
        return tuple(name for name in dict.fromkeys(group.people) if _plain(name) not in names)

    def event(self, code: str) -> str | None:
        """The item of the event with a code."""
        query = queries.load("profile/identified").bind(asked=[(term("Event"), term("code"), literal(code))])
        return next((item for (event,) in self._graph.select(query) if (item := self._items.id(event))), None)

    def _rows(self, group: Group, directory: Directory) -> Iterator[tuple[queries.Cell, queries.Cell]]:
        for name in dict.fromkeys(group.people):
            yield term("username"), literal(_plain(name))
        for value in group.organizations:
            yield term("affiliatedWith"), self._items.iri(meant(value, EntityKind.ORGANIZATION, directory))
        for value in group.territories:
            yield term("basedWithin"), self._items.iri(meant(value, EntityKind.TERRITORY, directory))


def _plain(name: str) -> str:
    """A username as it is written: addresses of wikis have underscores for spaces."""
    return name.strip().removeprefix("User:").replace("_", " ")
