"""Completes what somebody types in a query: by prefix and by name, in the reader's language.

Doors call ``Completions.complete``. Terms of the ontology come first, then the Wikibase's own properties, then items;
within each of these what begins with the text comes before what only holds it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from capx_graph.directory import Naming
from capx_graph.model import EntityKind, Ref
from capx_graph.ontology import Ontology
from capx_graph.queryhelp.vocabulary import (
    DIRECT,
    TermKind,
    VocabularyTerm,
    WikibaseProperties,
    ontology_terms,
)
from capx_graph.textindex import TextHit, fold

LONGEST = 100
"""Characters of what was typed that are looked at."""

_PREFIXED = re.compile(r"(?P<prefix>[A-Za-z][\w-]*):(?P<local>.*)", re.DOTALL)
_PROPERTY_PREFIXES = frozenset(
    {"wd", "wdt", "wdtn", "wdno", "p", "ps", "psv", "psn", "pq", "pqv", "pqn", "pr", "prv", "prn"}
)
_ITEM_PREFIX = "wd"


class Want(StrEnum):
    """What fits where the cursor stands: a class after ``a``, a property in the middle of a triple."""

    ANY = "any"
    CLASS = "class"
    PROPERTY = "property"
    VALUE = "value"


_WANTED: Mapping[Want, frozenset[TermKind]] = {
    Want.ANY: frozenset(TermKind),
    Want.CLASS: frozenset({TermKind.CLASS}),
    Want.PROPERTY: frozenset({TermKind.PROPERTY}),
    Want.VALUE: frozenset({TermKind.VALUE, TermKind.ITEM, TermKind.CLASS}),
}


@dataclass(frozen=True, slots=True)
class Completion:
    """``written`` goes into the query; ``label`` is its name for the reader, ``matched`` the name that was typed."""

    written: str
    kind: TermKind
    label: str
    language: str | None
    matched: str
    detail: str = ""


class Texts(Protocol):
    """The text index."""

    def suggest(
        self, text: str, *, kinds: Collection[EntityKind] = (), languages: Sequence[str] = (), limit: int = 10
    ) -> list[TextHit]: ...


class Completions:
    """Completion over one graph; one for all threads."""

    def __init__(self, ontology: Ontology, properties: WikibaseProperties, texts: Texts, naming: Naming) -> None:
        self._ontology = ontology_terms(ontology)
        self._properties = properties
        self._texts = texts
        self._naming = naming

    def complete(
        self, typed: str, *, want: Want = Want.ANY, reader: Sequence[str] = ("en",), limit: int = 20
    ) -> tuple[Completion, ...]:
        """The best completions of ``typed``, which may have a prefix (``capx:off``) or be words (``instance of``)."""
        found = _PREFIXED.fullmatch(typed[:LONGEST].strip())
        prefix, text = (found["prefix"], found["local"]) if found else ("", typed[:LONGEST].strip())
        wanted = _WANTED[want]
        best = [
            *_matching(self._vocabulary(prefix), text, wanted, reader),
            *(_matching(self._written_as(prefix), text, wanted, reader) if self._takes_properties(prefix) else ()),
            *(self._items(text, reader, limit) if self._takes_items(prefix, wanted) and text else ()),
        ]
        # Sorting keeps the order of the sources between equals.
        best.sort(key=lambda match: match[0])
        return tuple(completion for _, completion in best[:limit])

    def things(
        self, text: str, *, kind: EntityKind, reader: Sequence[str] = ("en",), limit: int = 10
    ) -> tuple[Ref, ...]:
        """Things of one kind by the beginning of a name, for a field that takes one of them."""
        if not text.strip():
            return ()
        hits = self._texts.suggest(text[:LONGEST].strip(), kinds=(kind,), languages=tuple(reader), limit=limit)
        names = self._naming.refs((hit.entity_id for hit in hits), reader)
        return tuple(names[hit.entity_id] for hit in hits)

    def _vocabulary(self, prefix: str) -> Iterator[VocabularyTerm]:
        start = f"{prefix}:"
        return (term for term in self._ontology if not prefix or term.written.startswith(start))

    def _takes_properties(self, prefix: str) -> bool:
        return not prefix or prefix in _PROPERTY_PREFIXES

    def _takes_items(self, prefix: str, wanted: Collection[TermKind]) -> bool:
        return prefix == _ITEM_PREFIX or (not prefix and TermKind.ITEM in wanted)

    def _written_as(self, prefix: str) -> Iterator[VocabularyTerm]:
        """The Wikibase's properties, written with the prefix that was typed."""
        for property_id, term in self._properties.current().items():
            yield VocabularyTerm(f"{prefix or DIRECT}:{property_id}", term.kind, term.labels)

    def _items(self, text: str, reader: Sequence[str], limit: int) -> Iterator[tuple[tuple[int, int], Completion]]:
        hits = self._texts.suggest(text, kinds=tuple(EntityKind), languages=tuple(reader), limit=limit)
        names = self._naming.refs((hit.entity_id for hit in hits), reader)
        for place, hit in enumerate(hits):
            ref = names[hit.entity_id]
            rank = _rank(fold(hit.text), fold(text))
            yield (
                (4 if rank is None else rank, 1000 + place),
                Completion(
                    f"{_ITEM_PREFIX}:{hit.entity_id}",
                    TermKind.ITEM,
                    ref.label,
                    ref.language,
                    hit.text,
                    str(ref.kind or ""),
                ),
            )


def _matching(
    terms: Iterable[VocabularyTerm], text: str, wanted: Collection[TermKind], reader: Sequence[str]
) -> Iterator[tuple[tuple[int, int], Completion]]:
    folded = fold(text)
    for term in terms:
        if term.kind not in wanted:
            continue
        best = _best_name(term, folded, reader)
        if best is None:
            continue
        rank, name = best
        label, language = term.label(reader)
        definition = term.definition(reader)
        yield (
            (rank, len(name)),
            Completion(term.written, term.kind, label, language, name, definition[0] if definition else ""),
        )


def _best_name(term: VocabularyTerm, text: str, reader: Sequence[str]) -> tuple[int, str] | None:
    """The name of a term that fits best: in the reader's languages or in English, or as it is written."""
    local = term.written.partition(":")[2]
    names = [*(term.labels[code] for code in dict.fromkeys((*reader, "en")) if code in term.labels), local]
    ranked = [(rank, name) for name in names if (rank := _rank(fold(name), text)) is not None]
    return min(ranked, key=lambda found: found[0], default=None)


def _rank(name: str, text: str) -> int | None:
    """How well a name fits: 0 it is the text, 1 begins with it, 2 a word of it does, 3 holds it; None it does not."""
    if name == text:
        return 0
    if name.startswith(text):
        return 1
    if f" {text}" in name:
        return 2
    return 3 if text in name else None
