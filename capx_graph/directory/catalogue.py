"""The directory at one version of the graph: what each entry is, its codes, and the trees; read through the cache.

Codes are compared without regard to case. Where two entries of a kind carry one code, the older item has it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from capx_graph.directory.tree import Tree
from capx_graph.model import EntityKind


@dataclass(frozen=True, slots=True)
class Entry:
    """A thing of the directory. ``code`` is its natural code, for a capacity its CapX id if it has one.

    A capacity that should not be chosen any more has the instant since when in ``retired``, and perhaps the item of
    another one in ``replaced_by``.
    """

    id: str
    kind: EntityKind
    code: str | None = None
    wikidata: str | None = None
    colour: str | None = None
    retired: str | None = None
    replaced_by: str | None = None


@dataclass(frozen=True, slots=True)
class Directory:
    """All entries; ``number`` grows with every change of the directory and of nothing else.

    ``redirects`` leads from items that were merged to those that they were merged into.
    """

    number: int
    entries: Mapping[str, Entry]
    codes: Mapping[tuple[EntityKind, str], str]
    wikidata: Mapping[tuple[EntityKind, str], str]
    tree: Tree
    redirects: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(
        cls, number: int, entries: Iterable[Entry], tree: Tree, *, redirects: Mapping[str, str] | None = None
    ) -> Directory:
        """A directory of these entries; several with one id are taken together, the first that says a thing wins."""
        found: dict[str, Entry] = {}
        codes: dict[tuple[EntityKind, str], str] = {}
        wikidata: dict[tuple[EntityKind, str], str] = {}
        for entry in sorted(entries, key=lambda e: (item_number(e.id), e.code or "", e.wikidata or "")):
            known = found.setdefault(entry.id, entry)
            if entry.code:
                codes.setdefault((known.kind, entry.code.casefold()), entry.id)
            if entry.wikidata:
                wikidata.setdefault((known.kind, entry.wikidata), entry.id)
        return cls(number, found, codes, wikidata, tree, redirects or {})

    def of_kind(self, kind: EntityKind) -> list[Entry]:
        """The entries of one kind."""
        return [entry for entry in self.entries.values() if entry.kind is kind]


def item_number(item_id: str) -> int:
    """The number in an item id, to order by age."""
    digits = item_id[1:]
    return int(digits) if digits.isdigit() else 0
