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
from difflib import SequenceMatcher, get_close_matches
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from capx_graph import languages
from capx_graph.directory import Directory
from capx_graph.index.families import ORGANIZATION, PROJECT, ROLE
from capx_graph.model import EntityKind, Role, SearchRequest
from capx_graph.search.criteria import CAPACITY, LANGUAGE, TERRITORY
from capx_graph.textindex import TextEntry, TextField, TextHit, fold
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
_WHOLE_WORDS = 0.5
"""Scores from which on a text has the words whole; see ``TextHit.score``."""
_ALIKE = 0.8
"""The part of their letters that two words must share, in order, to be taken for each other: misspelt, or inflected."""
_MOST_ALIKE = 3

_ABOUT_CAPACITIES = frozenset({EntityKind.CAPACITY})


class Names(Protocol):
    """What it needs of the text index."""

    def named(
        self, phrases: Collection[str], *, kinds: Collection[EntityKind]
    ) -> Mapping[str, Sequence[TextEntry]]: ...

    def search(
        self, text: str, *, kinds: Collection[EntityKind] = (), languages: Sequence[str] = (), limit: int | None = 50
    ) -> list[TextHit]: ...

    def similar(
        self, text: str, *, kinds: Collection[EntityKind] = (), languages: Sequence[str] = (), limit: int = 20
    ) -> list[TextHit]: ...

    def entries(self, entity_id: str) -> list[TextEntry]: ...


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


def understood(names: Names, request: SearchRequest, directory: Directory) -> Understanding:
    """What the request's text may mean besides names; a facet that is asked already is left as it is."""
    values: dict[str, dict[str, None]] = {}
    taken: list[_Part] = []
    for facet, part, meant in (*_named(names, request, directory), *_asking_for(request.text)):
        if not getattr(request, _FIELDS[facet]) and not any(map(part.overlaps, taken)):
            values.setdefault(facet, {}).update(dict.fromkeys(meant))
            taken.append(part)
    left = _left(request.text, taken)
    if CAPACITY not in values and not request.capacities and (telling := _telling(names, left, directory)):
        values[CAPACITY] = dict.fromkeys(telling[1])
        left = _left(request.text, [*taken, telling[0]])
    filters = {facet: tuple(values[facet]) for facet in _FIELDS if facet in values}
    changed: dict[str, Any] = {_FIELDS[facet]: found for facet, found in filters.items()}
    return Understanding(replace(request, text="", **changed), filters, tuple(_together(request.text, left)))


def alike(names: Names, words: Sequence[str], directory: Directory, *, reader: Sequence[str]) -> list[str]:
    """The capacities with a word in their names that resembles one of these: names that the reader reads come first,
    and the most alike first."""
    best: dict[str, tuple[bool, float]] = {}
    said = {part.phrase for text in words for part in _left(text, []) if not is_unspaced(part.phrase)}
    for word in sorted((word for word in said if len(word) >= _SHORT), key=lambda word: (-len(word), word))[
        :_MOST_ALIKE
    ]:
        for item in {hit.entity_id for hit in names.similar(word, kinds=_ABOUT_CAPACITIES)}:
            if _is_offered(item, directory) and (likeness := _likeness(word, names.entries(item), reader)):
                best[item] = max(likeness, best.get(item, likeness))
    return sorted(best, key=lambda item: (*(-value for value in best[item]), item))[:_MOST_ALIKE]


def _likeness(word: str, entries: Sequence[TextEntry], reader: Sequence[str]) -> tuple[bool, float] | None:
    """Whether a word that resembles this one is in a text of the reader's languages, and how much it does."""
    for own in (True, False):
        others = {w for entry in entries if (entry.language in reader) is own for w in fold(entry.text).split()}
        if close := get_close_matches(word, others, n=1, cutoff=_ALIKE):
            return own, SequenceMatcher(None, word, close[0]).ratio()
    return None


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


def _asking_for(text: str) -> Iterator[tuple[str, _Part, Sequence[str]]]:
    for part in _parts(text):
        if role := _asking().get(part.phrase):
            yield ROLE, part, [role]


def _telling(names: Names, left: Sequence[_Part], directory: Directory) -> tuple[_Part, Sequence[str]] | None:
    """The word of the rest that the fewest capacities have in their names, if those are few, and those."""
    found: list[tuple[_Part, list[str]]] = []
    for part in left:
        unspaced = is_unspaced(part.phrase)
        if len(part.phrase) >= (2 if unspaced else _SHORT):
            hits = names.search(part.phrase, kinds=_ABOUT_CAPACITIES, limit=None)
            items = [hit.entity_id for hit in hits if unspaced or hit.score >= _WHOLE_WORDS]
            found.append((part, sorted(item for item in items if _is_offered(item, directory))))
    few = [(part, items) for part, items in found if 0 < len(items) <= _MOST_MEANT]
    return min(few, key=lambda one: (len(one[1]), -len(one[0].phrase)), default=None)


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
    return len(phrase) >= _SHORT or entry.language in reader or is_unspaced(phrase)


def _is_offered(item: str, directory: Directory) -> bool:
    """Whether a thing is of the directory and may still be chosen."""
    entry = directory.entries.get(item)
    return entry is not None and not entry.retired


@cache
def _asking() -> Mapping[str, Role]:
    """The words by which somebody asks for a role, folded, of all languages."""
    words = tomllib.loads(Path(__file__).with_name("asking.toml").read_text(encoding="utf-8"))
    return {fold(word): Role(role) for roles in words.values() for role, said in roles.items() for word in said}
