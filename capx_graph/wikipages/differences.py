"""What changed between two states of an entity, fact by fact; only rooms of this package import it.

Terms are compared by language, statements by their id: of a statement that stayed, only the parts that changed are
told. Long texts are compared word by word.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any, TypeVar

from capx_graph.repository.statements import flat, statements_of
from capx_graph.wikipages.model import Cell, ChangedFact, Piece
from capx_graph.wikipages.naming import Names
from capx_graph.wikipages.values import Values

Json = Mapping[str, Any]
T = TypeVar("T")
_NOTHING: Json = {"labels": {}, "descriptions": {}, "aliases": {}, "claims": {}}
_WORD = re.compile(r"\w+|\s+|.", re.DOTALL)
_ALIKE = 0.5
"""Texts less alike than this have nothing in common worth showing."""


def differences(old: Json, new: Json, names: Names, values: Values) -> tuple[ChangedFact, ...]:
    """The changed facts; either state may be a redirect (``{"redirect": id}``) or empty."""
    return tuple(_facts(old, new, names, values))


def _facts(old: Json, new: Json, names: Names, values: Values) -> Iterator[ChangedFact]:
    targets = old.get("redirect"), new.get("redirect")
    if targets[0] != targets[1]:
        yield ChangedFact("redirect", *_cells(lambda target: Cell(entity=names.of(target)), *targets))
    old, new = ({**_NOTHING, **state} for state in (old, new))
    for state in (old, new):
        values.learn(state)
    for fact, part in (("label", "labels"), ("description", "descriptions")):
        yield from _changed_terms(fact, old[part], new[part])
    yield from _changed_aliases(old["aliases"], new["aliases"])
    yield from _changed_statements(old, new, names, values)


def _cells(make: Callable[[T], Cell], old: T | None, new: T | None) -> tuple[Cell | None, Cell | None]:
    """Both sides of a fact; a side that has nothing is None."""
    return make(old) if old else None, make(new) if new else None


def _changed_terms(fact: str, old: Json, new: Json) -> Iterator[ChangedFact]:
    for language in sorted(old.keys() | new.keys()):
        before, after = (side.get(language, {}).get("value") for side in (old, new))
        if before != after:
            cells = _cells(lambda pieces: Cell(pieces=pieces), *compared(before or "", after or ""))
            yield ChangedFact(fact, *cells, language=language)


def compared(old: str, new: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Both texts in pieces, marked where they differ; whole where they are too unlike."""
    before, after = _WORD.findall(old), _WORD.findall(new)
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    if not old or not new or matcher.ratio() < _ALIKE:
        return (Piece(old, changed=True),) * bool(old), (Piece(new, changed=True),) * bool(new)
    left: list[Piece] = []
    right: list[Piece] = []
    for tag, i, j, k, m in matcher.get_opcodes():
        changed = tag != "equal"
        left += [Piece("".join(before[i:j]), changed)] if j > i else []
        right += [Piece("".join(after[k:m]), changed)] if m > k else []
    return tuple(left), tuple(right)


def _changed_aliases(old: Json, new: Json) -> Iterator[ChangedFact]:
    for language in sorted(old.keys() | new.keys()):
        before, after = (tuple(alias["value"] for alias in side.get(language, ())) for side in (old, new))
        if before == after:
            continue
        gone = tuple(text for text in before if text not in after)
        come = tuple(text for text in after if text not in before)
        shown = (gone, come) if gone or come else (before, after)
        yield ChangedFact("alias", *_cells(lambda texts: Cell(texts=texts), *shown), language=language)


def _changed_statements(old: Json, new: Json, names: Names, values: Values) -> Iterator[ChangedFact]:
    before = {statement["id"]: statement for statement in statements_of(old)}
    after = {statement["id"]: statement for statement in statements_of(new)}
    for guid in dict.fromkeys((*before, *after)):
        first, second = before.get(guid), after.get(guid)
        if first is not None and second is not None:
            yield from _changed_parts(first, second, names, values)
            continue
        about = names.of((first or second or {})["mainsnak"]["property"])
        cells = _cells(lambda side: Cell(statement=values.statement(side)), first, second)
        yield ChangedFact("statement", *cells, property=about)
    kept = [[guid for guid in side if guid in before and guid in after] for side in (before, after)]
    if kept[0] != kept[1]:
        yield ChangedFact("order", None, None)


def _changed_parts(old: Json, new: Json, names: Names, values: Values) -> Iterator[ChangedFact]:
    about, subject = names.of(new["mainsnak"]["property"]), values.value(new["mainsnak"])
    if old["mainsnak"] != new["mainsnak"]:
        snaks = _cells(lambda snak: Cell(value=values.value(snak)), old["mainsnak"], new["mainsnak"])
        yield ChangedFact("value", *snaks, property=about)
    if old["rank"] != new["rank"]:
        ranks = _cells(lambda rank: Cell(rank=rank), old["rank"], new["rank"])
        yield ChangedFact("rank", *ranks, property=about, subject=subject)
    qualifiers = _apart(*(flat(side.get("qualifiers", {})) for side in (old, new)))
    if any(qualifiers):
        cells = _cells(lambda snaks: Cell(said=values.some(snaks)), *qualifiers)
        yield ChangedFact("qualifiers", *cells, property=about, subject=subject)
    references = _apart(*(list(side.get("references", ())) for side in (old, new)))
    if any(references):
        cells = _cells(lambda side: Cell(references=tuple(values.lines(one["snaks"]) for one in side)), *references)
        yield ChangedFact("references", *cells, property=about, subject=subject)


def _apart(old: Sequence[Any], new: Sequence[Any]) -> tuple[list[Any], list[Any]]:
    """What only the first has, and what only the second has, by their hashes."""
    before, after = ({one["hash"] for one in side} for side in (old, new))
    return [one for one in old if one["hash"] not in after], [one for one in new if one["hash"] not in before]
