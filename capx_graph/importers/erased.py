"""Records without the people who had everything erased here; the importer reads every source through it.

Such a record is passed over in silence, and where others name the person the name is left out: a file of rejects that
told of it would keep what was erased.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from capx_graph.errors import InvalidRecord
from capx_graph.importers.benchformat import BenchFile
from capx_graph.importers.records import Line
from capx_graph.importers.sources import Source
from capx_graph.model import EntityKind

_NAMED = ("creator",)
"""Fields that are a username."""
_LISTED = ("managers", "saved_users")
"""Fields that list usernames, as they are or as the ``username`` of an object."""


@dataclass(frozen=True, slots=True)
class WithoutErased:
    """A source as it is without those of whom ``erased`` is true."""

    source: Source
    erased: Callable[[str], bool]

    @property
    def name(self) -> str:
        """The source's own."""
        return self.source.name

    @property
    def owner(self) -> str:
        """The source's own."""
        return self.source.owner

    @property
    def mark(self) -> str | None:
        """The source's own."""
        return self.source.mark

    def lines(self, file: BenchFile) -> Iterator[Line]:
        """The lines that are left, with what is left of them."""
        for line in self.source.lines(file):
            try:
                data = line.parse().data
            except InvalidRecord:
                yield line  # refused where it is read
                continue
            if file.kind is EntityKind.PERSON and self._is_erased(data.get(file.key)):
                continue
            kept = {field: self._kept(field, value) for field, value in data.items()}
            yield line if kept == data else replace(line, text=json.dumps(kept))

    def _kept(self, field: str, value: object) -> object:
        if field in _NAMED and self._is_erased(value):
            return None
        if field in _LISTED and isinstance(value, list):
            return [one for one in value if not self._is_erased(one)]
        return value

    def _is_erased(self, value: object) -> bool:
        name = value.get("username") if isinstance(value, Mapping) else value
        return isinstance(name, str) and self.erased(name)
