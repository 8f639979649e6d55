"""Free text: which things and which capacities a text names.

Imported by the search room. Names count, not what people write about themselves. A capacity named exactly so, in any
language, leaves the others that merely contain the text aside: "learning" does not mean "learning and evaluation".
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from capx_graph.model import EntityKind
from capx_graph.search.criteria import EXACT_NAME, PART_OF_NAME, TextMatch
from capx_graph.textindex import FoldedName, TextEntry, TextField, TextHit, fold
from capx_graph.textindex.folding import spaced

_PART_OF_A_WORD = 0.2
"""Scores beneath it are matches inside a word; see ``TextHit.score``."""


class Texts(Protocol):
    """What a search needs of the text index."""

    def search(
        self, text: str, *, kinds: Collection[EntityKind] = (), languages: Sequence[str] = (), limit: int | None = 50
    ) -> list[TextHit]: ...

    def suggest(
        self, text: str, *, kinds: Collection[EntityKind] = (), languages: Sequence[str] = (), limit: int = 10
    ) -> list[TextHit]: ...

    def named(
        self, phrases: Collection[str], *, kinds: Collection[EntityKind]
    ) -> Mapping[str, Sequence[TextEntry]]: ...

    def names_of(self, entity_ids: Collection[str]) -> Sequence[FoldedName]: ...

    def entries(self, entity_id: str) -> list[TextEntry]: ...


def match(texts: Texts, text: str, *, kinds: Collection[EntityKind], reader: Sequence[str]) -> TextMatch | None:
    """What the text matches among things of these kinds, and which capacities; None for an empty text."""
    if not text.strip():
        return None
    searched = {*kinds, EntityKind.CAPACITY}
    hits = texts.search(text, kinds=sorted(searched), languages=reader, limit=None)
    hits = _worthwhile(text, [hit for hit in hits if hit.field is not TextField.ABOUT])
    capacities = [hit for hit in hits if hit.kind is EntityKind.CAPACITY]
    exact = [hit for hit in capacities if hit.exact]
    return TextMatch(
        named={hit.entity_id: EXACT_NAME if hit.exact else PART_OF_NAME for hit in hits if hit.kind in kinds},
        capacities=tuple(sorted(hit.entity_id for hit in exact or capacities)),
        texts={hit.entity_id: hit.text for hit in hits},
    )


def _worthwhile(text: str, hits: list[TextHit]) -> list[TextHit]:
    """In scripts that part words by spaces, a match inside a word counts only when there is no better one."""
    folded = fold(text)
    better = [hit for hit in hits if hit.score >= _PART_OF_A_WORD]
    return better if better and spaced(folded) == folded else hits
