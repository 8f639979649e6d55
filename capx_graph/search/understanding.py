"""A text of words of several kinds, taken for filters: "public speaking Brazil" for a capacity and a territory.

Imported by the search room, which asks it when nothing was found by names. It stands before every finder: what it makes
is a request like any other. A part of the text counts when it is wholly a label or an alias, the longest parts first;
of the reader's languages, else, unless it is short, of any. Where no capacity is named so, the word counts that the
fewest capacities have in their names. Words for asking come from ``asking.toml``. Whatever is left is told.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Protocol

from capx_graph import languages
from capx_graph.directory import Directory
from capx_graph.index.families import ORGANIZATION, PROJECT, ROLE
from capx_graph.model import EntityKind, Role, SearchRequest
from capx_graph.search.criteria import CAPACITY, LANGUAGE, TERRITORY
from capx_graph.textindex import FoldedName, TextEntry, TextField, fold
from capx_graph.textindex.folding import is_unspaced, pieces

_FACETS: Mapping[EntityKind, str] = {
    EntityKind.CAPACITY: CAPACITY,
    EntityKind.TERRITORY: TERRITORY,
    EntityKind.LANGUAGE: LANGUAGE,
    EntityKind.WIKIMEDIA_PROJECT: PROJECT,
    EntityKind.ORGANIZATION: ORGANIZATION,
}
"""What a part of a text may name, and the facet that it is a value of; of several kinds the first."""

_FIELDS: Mapping[str, str] = {
    CAPACITY: "capacities",
    ROLE: "roles",
    LANGUAGE: "languages",
    TERRITORY: "territories",
    ORGANIZATION: "organizations",
    PROJECT: "projects",
}
"""Where a request has the values of a facet."""

_MOST_PIECES = 60
_LONGEST_NAME = 20
"""Pieces: words, or characters where words are written without spaces between them."""
_SHORT = 4
"""Letters below which a word of another language than the reader's is more likely a word of theirs."""
_MOST_MEANT = 6
"""Capacities that have a word in their names, of which it still tells something."""
_ALIKE = 0.8
"""The part of their letters that two words must share, in order, to be taken for each other: misspelt, or inflected."""
_MOST_ALIKE = 3


class Names(Protocol):
    """What it needs of the text index."""

    def named(
        self, phrases: Collection[str], *, kinds: Collection[EntityKind]
    ) -> Mapping[str, Sequence[TextEntry]]: ...

    def names_of(self, entity_ids: Collection[str]) -> Sequence[FoldedName]: ...


@dataclass(frozen=True, slots=True)
class Understanding:
    """The request with filters instead of its text; those, as items and words by facet; the words that name nothing."""

    request: SearchRequest
    filters: Mapping[str, tuple[str, ...]]
    aside: tuple[str, ...]

    @property
    def tells(self) -> bool:
        """Whether the text names a thing, and does not just ask for a role."""
        return bool(self.filters.keys() - {ROLE})


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of the text as it is written, and as it is compared."""

    start: int
    end: int
    phrase: str

    def overlaps(self, other: _Part) -> bool:
        return self.start < other.end and other.start < self.end


def capacity_names(names: Names, directory: Directory) -> Sequence[FoldedName]:
    """What the capacities that may be chosen are called."""
    return names.names_of([entry.id for entry in directory.of_kind(EntityKind.CAPACITY) if not entry.retired])


def understood(
    names: Names, capacities: Sequence[FoldedName], request: SearchRequest, directory: Directory
) -> Understanding:
    """What the request's text may mean besides names; a facet that is asked already is left as it is."""
    values: dict[str, dict[str, None]] = {}
    taken: list[_Part] = []
    for facet, part, meant in (*_named(names, request, directory), *_asking_for(request)):
        if not getattr(request, _FIELDS[facet]) and not any(map(part.overlaps, taken)):
            values.setdefault(facet, {}).update(dict.fromkeys(meant))
            taken.append(part)
    left = _left(request.text, taken)
    if CAPACITY not in values and not request.capacities and (telling := _telling(capacities, left)):
        values[CAPACITY] = dict.fromkeys(telling[1])
        left = _left(request.text, [*taken, telling[0]])
    filters = {facet: tuple(values[facet]) for facet in _FIELDS if facet in values}
    changed: dict[str, Any] = {_FIELDS[facet]: found for facet, found in filters.items()}
    return Understanding(replace(request, text="", **changed), filters, tuple(_together(request.text, left)))


def alike(capacities: Sequence[FoldedName], words: Sequence[str], *, reader: Sequence[str]) -> list[str]:
    """The capacities with a word in their names that resembles one of these: names that the reader reads come first,
    and the most alike first."""
    said = {part.phrase for text in words for part in _left(text, []) if not is_unspaced(part.phrase)}
    longest = sorted((word for word in said if len(word) >= _SHORT), key=lambda word: (-len(word), word))[:_MOST_ALIKE]
    own, others = _vocabulary(capacities, reader)
    best: dict[str, tuple[bool, float]] = {}
    for word in longest:
        for is_own, vocabulary in ((False, others), (True, own)):
            for other, likeness in _resembling(word, vocabulary):
                for item in vocabulary[other]:
                    best[item] = max((is_own, likeness), best.get(item, (False, 0.0)))
    return sorted(best, key=lambda item: (*(-value for value in best[item]), item))[:_MOST_ALIKE]


def _vocabulary(
    capacities: Sequence[FoldedName], reader: Sequence[str]
) -> tuple[Mapping[str, set[str]], Mapping[str, set[str]]]:
    """The words of capacities' names, in the reader's languages and in others, with the capacities that have them."""
    own: dict[str, set[str]] = {}
    others: dict[str, set[str]] = {}
    for name in capacities:
        vocabulary = own if name.language in reader else others
        for word in name.folded.split():
            vocabulary.setdefault(word, set()).add(name.entity_id)
    return own, others


def _resembling(word: str, vocabulary: Collection[str]) -> Iterator[tuple[str, float]]:
    """The words that resemble one; most share too few triples of letters to be looked at closely."""
    grams = _grams(word)
    for other in vocabulary:
        if 4 * len(grams & _grams(other)) >= len(grams):
            likeness = SequenceMatcher(None, word, other).ratio()
            if likeness >= _ALIKE:
                yield other, likeness


@lru_cache(maxsize=1 << 15)
def _grams(word: str) -> frozenset[str]:
    return frozenset(word[start : start + 3] for start in range(max(len(word) - 2, 1)))


def _named(names: Names, request: SearchRequest, directory: Directory) -> Iterator[tuple[str, _Part, Sequence[str]]]:
    """The parts of the text that name something, with the facet and what they name; the longest first."""
    parts = _parts(request.text)
    known = names.named({part.phrase for part in parts}, kinds=[*_FACETS])
    for part in parts:
        entries = [
            entry for entry in known.get(part.phrase, ()) if _fits(part.phrase, entry, request.reader, directory)
        ]
        own = [entry for entry in entries if entry.language in request.reader] or entries
        best = [entry for entry in own if entry.field is TextField.LABEL] or own
        for kind, facet in _FACETS.items():
            if found := [entry.entity_id for entry in best if entry.kind is kind]:
                found += _varieties(found, directory) if facet == LANGUAGE else []
                yield facet, part, list(dict.fromkeys(found))
                break


def _varieties(named: Collection[str], directory: Directory) -> list[str]:
    """The languages that are a kind of those named: Portuguese is what people call Brazilian Portuguese, too."""
    entries = [entry for entry in directory.of_kind(EntityKind.LANGUAGE) if entry.code]
    whole = {languages.bcp47(entry.code or "").lower() for entry in entries if entry.id in named}
    tags = {entry.id: languages.bcp47(entry.code or "").lower() for entry in entries}
    return [item for item, tag in tags.items() if any(tag.startswith(f"{known}-") for known in whole)]


def _asking_for(request: SearchRequest) -> Iterator[tuple[str, _Part, Sequence[str]]]:
    """The parts that ask for a role in the reader's languages, or, unless they are short, in any."""
    for part in _parts(request.text):
        roles = _asking().get(part.phrase, {})
        own = (roles[language] for language in request.reader if language in roles)
        if role := next(own, None) or (next(iter(roles.values()), None) if _is_telling(part.phrase) else None):
            yield ROLE, part, [role]


def _telling(capacities: Sequence[FoldedName], left: Sequence[_Part]) -> tuple[_Part, Sequence[str]] | None:
    """The word of the rest that the fewest capacities have in their names, if those are few, and those."""
    asked = {part.phrase: part for part in left if len(part.phrase) > 1 and _is_telling(part.phrase)}
    having: dict[str, set[str]] = {phrase: set() for phrase in asked}
    unspaced = [phrase for phrase in asked if is_unspaced(phrase)]
    for name in capacities:
        for phrase in (*asked.keys() & name.folded.split(), *(each for each in unspaced if each in name.folded)):
            having[phrase].add(name.entity_id)
    few = [(asked[phrase], sorted(items)) for phrase, items in having.items() if 0 < len(items) <= _MOST_MEANT]
    return min(few, key=lambda one: (len(one[1]), -len(one[0].phrase)), default=None)


def _is_telling(phrase: str) -> bool:
    """Whether a word is long enough to be one of another language than the reader's."""
    return len(phrase) >= _SHORT or is_unspaced(phrase)


def _parts(text: str) -> list[_Part]:
    """Everything in the text that may be a name, the longest first."""
    spans = pieces(text)[:_MOST_PIECES]
    parts = [
        _Part(start, spans[last][1], fold(text[start : spans[last][1]]))
        for first, (start, _) in enumerate(spans)
        for last in range(first, min(first + _LONGEST_NAME, len(spans)))
    ]
    return sorted(parts, key=lambda part: (-len(part.phrase), part.start))


def _left(text: str, taken: Sequence[_Part]) -> list[_Part]:
    """The words of the text outside the parts that were taken; what is written without spaces stays together."""
    left: list[_Part] = []
    for start, end in pieces(text):
        if any(start < part.end and part.start < end for part in taken):
            continue
        begin = left.pop().start if left and left[-1].end == start else start
        left.append(_Part(begin, end, fold(text[begin:end])))
    return left


def _together(text: str, left: Sequence[_Part]) -> Iterator[str]:
    """Words as they are written, neighbours together."""
    begin = None
    for number, part in enumerate(left):
        begin = part.start if begin is None else begin
        following = left[number + 1].start if number + 1 < len(left) else None
        if following is None or text[part.end : following].strip():
            yield text[begin : part.end]
            begin = None


def _fits(phrase: str, entry: TextEntry, reader: Sequence[str], directory: Directory) -> bool:
    if entry.field not in (TextField.LABEL, TextField.ALIAS) or not _is_offered(entry.entity_id, directory):
        return False
    return entry.language in reader or _is_telling(phrase)


def _is_offered(item: str, directory: Directory) -> bool:
    """Whether a thing is of the directory and may still be chosen."""
    entry = directory.entries.get(item)
    return entry is not None and not entry.retired


@cache
def _asking() -> Mapping[str, Mapping[str, Role]]:
    """The words by which somebody asks for a role, folded, with the role by language."""
    found: dict[str, dict[str, Role]] = {}
    for language, roles in tomllib.loads(Path(__file__).with_name("asking.toml").read_text(encoding="utf-8")).items():
        for role, said in roles.items():
            for word in said:
                found.setdefault(fold(word), {})[language] = Role(role)
    return found
