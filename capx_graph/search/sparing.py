"""Hits named without the graph, for when its engine does not answer: names from the text index, no reasons.

Imported by the search room. The index has found the things already; what is shown of them is less, and nothing of it
is guessed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from capx_graph.directory import Directory
from capx_graph.model import EntityKind, Hit, Ref
from capx_graph.textindex import TextEntry, TextField


class Names(Protocol):
    """What the text index holds of a thing."""

    def entries(self, entity_id: str) -> list[TextEntry]: ...


class SparingNames:
    """Names things as well as the text index can."""

    def __init__(self, names: Names) -> None:
        self._names = names

    def refs(self, items: Sequence[str], directory: Directory, reader: Sequence[str]) -> dict[str, Ref]:
        """A Ref for each of these."""
        return {item: self._ref(item, directory, tuple(code.lower() for code in reader)) for item in items}

    def hits(self, items: Sequence[str], directory: Directory, reader: Sequence[str]) -> tuple[Hit, ...]:
        """Hits without reasons."""
        refs = self.refs(items, directory, reader)
        return tuple(Hit(refs[item], refs[item].code or item, None, None) for item in items)

    def _ref(self, item: str, directory: Directory, chain: tuple[str, ...]) -> Ref:
        entries, entry = self._names.entries(item), directory.entries.get(item)
        kind = entry.kind if entry else next((one.kind for one in entries if one.kind), None)
        username = next((one.text for one in entries if one.field is TextField.USERNAME), None)
        code = entry.code if entry else username if kind is EntityKind.PERSON else None
        labels = {one.language: one.text for one in entries if one.field is TextField.LABEL}
        known = [one for one in (*chain, "mul") if one in labels] or sorted(filter(None, labels))
        label, language = (labels[known[0]], known[0]) if known else (code or item, None)
        if entry is None:
            return Ref(item, label, language, kind, code)
        return Ref(item, label, language, kind, code, entry.wikidata, entry.colour, retired=entry.retired is not None)
