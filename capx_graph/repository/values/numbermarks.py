"""The marks of numbers in a language: what groups digits, what begins the fraction.

Rooms that format or parse numbers import it. CLDR knows the marks; where MediaWiki writes others, MediaWiki's hold.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from capx_graph import languages

_SPACE = "\N{NO-BREAK SPACE}"
_GROUPS = {"es": _SPACE, "it": _SPACE}
_LONE_DIGIT_STAYS = frozenset(("es", "it", "pl", "pt"))


@dataclass(frozen=True, slots=True)
class NumberMarks:
    """``sizes`` are those of the last group and of the ones before it; ``least`` digits stand before the first mark."""

    group: str
    point: str
    sizes: tuple[int, int]
    least: int

    def grouped(self, digits: str) -> str:
        """Whole digits with marks between groups."""
        last, others = self.sizes
        if len(digits) < last + self.least:
            return digits
        groups = [digits[-last:]]
        for end in range(len(digits) - last, 0, -others):
            groups.insert(0, digits[max(end - others, 0) : end])
        return self.group.join(groups)


@cache
def number_marks(language: str) -> NumberMarks:
    """The marks of a language, with western digits."""
    locale = languages.locale(language)
    symbols = locale.number_symbols["latn"]
    last, others = locale.decimal_formats[None].grouping
    return NumberMarks(
        group=_GROUPS.get(language, str(symbols["group"])),
        point=str(symbols["decimal"]),
        sizes=(last, others),
        least=2 if language in _LONE_DIGIT_STAYS else 1,
    )
