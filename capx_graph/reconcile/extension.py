"""Values of properties for entities that are matched already: the columns that somebody adds to a table.

Given out by the package. A value is an entity with its name, a text, a number or an instant; unknown values and those
of entities or properties that are not there are left out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from capx_graph.directory import Naming
from capx_graph.model import Ref
from capx_graph.namespaces import WIKIBASE, XSD
from capx_graph.reconcile.facts import Facts
from capx_graph.reconcile.model import Named
from capx_graph.reconcile.vocabulary import Property, Vocabulary
from capx_graph.terms import Literal, NamedNode, Term

_INSTANT = re.compile(r"-?\d{4,}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?")
_WHOLE = frozenset(XSD + name for name in ("integer", "int", "long", "nonNegativeInteger"))
_INTEGER = re.compile(r"[+-]?\d{1,18}")
_ITEM = re.compile(r"Q[1-9][0-9]*")


class CellKind(StrEnum):
    """What a value is; the value is its member in the protocol."""

    ENTITY = "id"
    TEXT = "str"
    WHOLE = "int"
    INSTANT = "date"


class ValueContent(StrEnum):
    """How an entity is given as a value."""

    ENTITY = "entity"
    NAME = "name"
    ID = "id"


@dataclass(frozen=True, slots=True)
class Cell:
    """One value; ``text`` is what a person reads, ``id`` what an entity is known by."""

    kind: CellKind
    text: str
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """A property that was asked for; ``type`` is what its values are, ``found`` None for an unknown property."""

    named: Named
    found: Property | None = None
    type: Named | None = None
    limit: int = 0
    content: ValueContent = ValueContent.ENTITY


class Extension:
    """Reads values of properties."""

    def __init__(self, facts: Facts, naming: Naming, vocabulary: Vocabulary) -> None:
        self._facts = facts
        self._naming = naming
        self._vocabulary = vocabulary

    def columns(self, properties: Sequence[str], *, reader: Sequence[str]) -> list[Column]:
        """The columns of these properties, each under the identifier that it was asked by."""
        return [self.column(given, reader=reader) for given in properties]

    def column(
        self,
        given: str,
        *,
        reader: Sequence[str],
        limit: int = 0,
        content: ValueContent = ValueContent.ENTITY,
    ) -> Column:
        """One column; ``limit`` 0 takes all values."""
        found = self._vocabulary.property(given)
        if found is None:
            return Column(Named(given, given))
        named = self._vocabulary.property_named(found, reader)
        classes = found.term.range if found.term else ()
        types = self._vocabulary.types_of(classes, reader) if len(classes) == 1 else ()
        return Column(Named(given, named.name), found, types[0] if types else None, limit, content)

    def rows(
        self, item_ids: Sequence[str], columns: Sequence[Column], *, reader: Sequence[str]
    ) -> dict[str, tuple[tuple[Cell, ...], ...]]:
        """For each entity the values of each column."""
        known = [item for item in item_ids if _ITEM.fullmatch(item)]
        properties = [column.found for column in columns if column.found is not None]
        values = self._facts.values(known, properties, reader)
        mentioned = {self._facts.items.id(value) for terms in values.values() for value in terms}
        names = self._naming.refs((item for item in mentioned if item), reader)
        cells = {value: self._cell(value, names, reader) for terms in values.values() for value in terms}
        rows = {}
        for item in item_ids:
            row = []
            for column in columns:
                terms = values.get((item, column.found.id), ()) if column.found else ()
                found = [cell for term in terms if (cell := cells[term])]
                shown = dict.fromkeys(_as(cell, column.content) for cell in found)
                row.append(tuple(shown)[: column.limit or None])
            rows[item] = tuple(row)
        return rows

    def _cell(self, value: Term, names: Mapping[str, Ref], reader: Sequence[str]) -> Cell | None:
        if isinstance(value, NamedNode):
            return self._node(value, names, reader)
        if not isinstance(value, Literal):
            return None
        datatype = value.datatype.value
        if datatype == XSD + "dateTime" and _INSTANT.fullmatch(value.value):
            return Cell(CellKind.INSTANT, value.value)
        if datatype in _WHOLE and _INTEGER.fullmatch(value.value):
            return Cell(CellKind.WHOLE, value.value)
        return Cell(CellKind.TEXT, value.value)

    def _node(self, value: NamedNode, names: Mapping[str, Ref], reader: Sequence[str]) -> Cell | None:
        item = self._facts.items.id(value)
        if item:
            return Cell(CellKind.ENTITY, names[item].label, item)
        if value.value.startswith((self._facts.unknown, WIKIBASE)):
            # Unknown values, and what an entity is to the Wikibase (an item), which says nothing.
            return None
        term = self._vocabulary.individual_named(value.value, reader)
        term = term or next(iter(self._vocabulary.types_of([value.value], reader)), None)
        return Cell(CellKind.ENTITY, term.name, term.id) if term else Cell(CellKind.TEXT, value.value)


def _as(cell: Cell, content: ValueContent) -> Cell:
    """An entity as the column wants it: as it is, or only its name or its id."""
    if cell.id is None or content is ValueContent.ENTITY:
        return cell
    return Cell(CellKind.TEXT, cell.text if content is ValueContent.NAME else cell.id)
