"""How well a candidate fits, from 0 to 100; pure, imported by this package alone.

A name (label, username, display name; in any language) that is the very text scores 100, one that is the same but
for case, accents, width or kana 98, the same words in another order 92. An alias scores 5 less than a name. Anything
else scores at most 89: by the share of common triples of letters, or by how much of the name the text begins; 15 % less
where the name is in no language of the reader's.
Each property weighs 0.4 of the name: agreeing 1, unlike 0, and 0.5 where the candidate has no value for it. An
identifier that agrees for one candidate alone decides: 100. A type that is only preferred and not met costs 40 %.

``match`` is given to the best candidate if it scores 90 or more and the next one at least 10 less.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache

from capx_graph.spelling import one_line
from capx_graph.textindex import TextField, fold

EXACT, FOLDED, REORDERED, RESEMBLING = 100.0, 98.0, 92.0, 89.0
ALIAS_LESS = 5.0
FOREIGN = 0.85
PROPERTY_WEIGHT = 0.4
UNKNOWN = 0.5
UNTYPED = 0.6
CERTAIN, MARGIN = 90.0, 10.0
LEAST = 30.0
"""Names that resemble less than this are no candidates."""

LIKE_ENOUGH = 0.7
"""Texts of properties that are less alike than this do not agree at all."""

_WORD = re.compile(r"[^\W_]+")


def name_score(asked: str, name: str, field: TextField) -> float:
    """How well a name fits the text that was asked for."""
    less = ALIAS_LESS if field is TextField.ALIAS else 0.0
    if one_line(asked) == one_line(name):
        return EXACT - less
    text, folded = fold(asked), fold(name)
    if text == folded:
        return FOLDED - less
    if _words(text) == _words(folded):
        return REORDERED - less
    return max(RESEMBLING * resemblance(text, folded) - less, 0.0)


def resemblance(text: str, name: str) -> float:
    """How alike two folded texts are, from 0 to 1."""
    alike = max(_common(text, name), 0.95 * _common(" ".join(_words(text)), " ".join(_words(name))))
    if text and name.startswith(text):
        alike = max(alike, 0.5 + 0.4 * len(text) / len(name))
    return alike


def total(name: float | None, properties: Sequence[float | None], *, identified: bool, typed: bool) -> float:
    """The score of a candidate: of its name (None where no name was asked for) and its properties (None: no value)."""
    if identified:
        score = EXACT
    else:
        agreeing = sum(EXACT * (UNKNOWN if agreement is None else agreement) for agreement in properties)
        if name is None:
            score = agreeing / len(properties) if properties else 0.0
        else:
            score = (name + PROPERTY_WEIGHT * agreeing) / (1 + PROPERTY_WEIGHT * len(properties))
    return round(score if typed else score * UNTYPED, 2)


def is_certain(best: float, next_best: float | None) -> bool:
    """Whether the best candidate is the one that is meant."""
    return best >= CERTAIN and (next_best is None or best - next_best >= MARGIN)


def text_agreement(given: str, values: Iterable[str]) -> float:
    """How well a given text agrees with the best of some texts."""
    wanted = fold(given)
    best = 0.0
    for value in values:
        folded = fold(value)
        if folded == wanted:
            return 1.0
        best = max(best, resemblance(wanted, folded))
    return best if best >= LIKE_ENOUGH else 0.0


def literal_agreement(given: str, value: str) -> float:
    """How well a given text agrees with a date, a number or an address: a date may be a part of the value."""
    wanted, found = _bare(given), _bare(value)
    if wanted == found:
        return 1.0
    if len(wanted) >= 4 and wanted.isascii() and wanted.replace("-", "").isdigit():
        return 1.0 if found.startswith(wanted) else 0.0
    return 0.0


def _bare(text: str) -> str:
    return text.strip().casefold().removeprefix("https://").removeprefix("http://").rstrip("/")


@lru_cache(maxsize=4096)
def _words(folded: str) -> tuple[str, ...]:
    return tuple(sorted(_WORD.findall(folded)))


@lru_cache(maxsize=4096)
def _triples(text: str) -> Counter[str]:
    padded = f"  {text} "
    return Counter(padded[start : start + 3] for start in range(len(padded) - 2))


def _common(one: str, other: str) -> float:
    """The share of triples of letters that two texts have in common (Dice)."""
    if not one or not other:
        return 0.0
    first, second = _triples(one), _triples(other)
    return 2 * (first & second).total() / (first.total() + second.total())
