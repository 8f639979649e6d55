"""The words of a language in values: how dates are built, eras and spans of years, calendars, marks of numbers.

Rooms that format or parse values import it. The rows of ``words.tsv`` are facts of MediaWiki and Wikibase, which
decide what clients see, where CLDR would write otherwise. Languages that are not there use the first one in their
chain of fallbacks that is, English at last; an empty cell is English too, or an era of CLDR.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from capx_graph import languages

_TABLE = Path(__file__).with_name("words.tsv")
_PLURAL = re.compile(r"\{\{PLURAL:\$1\|(.*?)\}\}")
_PLURALS = ("zero", "one", "two", "few", "many", "other")
_SPACES = {"NBSP": "\N{NO-BREAK SPACE}", "NNBSP": "\N{NARROW NO-BREAK SPACE}"}


@dataclass(frozen=True, slots=True)
class Digits:
    """The ten digits of a language from nought on; none where they are the western ones."""

    digits: str

    def in_digits(self, number: str) -> str:
        """A number in the digits of the language."""
        return number.translate(str.maketrans("0123456789", self.digits)) if self.digits else number


@dataclass(frozen=True, slots=True)
class Words(Digits):
    """One language. ``day`` and ``month`` name the parts of dates as PHP does: ``j. F`` is a day with a dot and the
    name of a month, ``xg`` its genitive, ``M`` its abbreviation, ``n`` its number; the year stands last. ``format`` is
    how people write a day."""

    code: str
    format: str
    day: str
    month: str
    names: tuple[str, ...]
    genitives: tuple[str, ...]
    short: tuple[str, ...]
    texts: Mapping[str, str]

    def filled(self, key: str, number: str) -> str:
        """A pattern with a number, in the form that the number demands."""
        form = languages.locale(self.code).plural_form
        order = [tag for tag in _PLURALS if tag in form.tags or tag == "other"]
        place = order.index(form(int(number)))

        def chosen(found: re.Match[str]) -> str:
            forms = found[1].split("|")
            return forms[min(place, len(forms) - 1)]

        return _PLURAL.sub(chosen, self.texts[key]).replace("$1", number)

    def patterns(self, key: str) -> list[str]:
        """Regular expressions that find the number in texts made by ``filled``."""
        text = re.sub(r"<[^>]*>", "", self.texts[key])
        parts = re.split(r"(\{\{PLURAL:\$1\|.*?\}\}|\$1)", text)
        made = "".join(_piece(part) for part in parts)
        return [made, made[:-1]] if text.endswith("BCE") else [made]

    def months(self) -> dict[str, int]:
        """All names of months, as written, with their numbers."""
        named: dict[str, int] = {}
        for names in (self.names, self.genitives, self.short):
            named |= {name.strip(): number for number, name in enumerate(names, 1)}
        return named

    def named_month(self, month: int, kind: str) -> str:
        """A month as a part of a date says it."""
        stem = kind.rstrip(".,")
        if stem in ("n", "m"):
            return self.in_digits(str(month)) + kind[len(stem) :]
        names = {"xg": self.genitives, "M": self.short}.get(stem, self.names)
        return names[month - 1] + kind[len(stem) :]


def _piece(part: str) -> str:
    if part == "$1":
        return "(.+?)"
    choice = _PLURAL.fullmatch(part)
    if choice is None:
        return re.escape(part)
    return "(?:" + "|".join(re.escape(form).replace(r"\$1", "(.+?)") for form in choice[1].split("|")) + ")"


@cache
def _rows() -> Mapping[str, Mapping[str, str]]:
    with _TABLE.open(encoding="utf-8", newline="") as file:
        rows = {row["code"]: row for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)}
    english = {key: value for key, value in rows["en"].items() if key in _TEXTS}
    return {code: row | {key: row[key] or text for key, text in _defaults(row, english)} for code, row in rows.items()}


def _defaults(row: Mapping[str, str], english: Mapping[str, str]) -> Iterable[tuple[str, str]]:
    """English phrases; where a language has none of its own at all, at least the eras that CLDR gives it."""
    if any(row[key] for key in english):
        return english.items()
    before, after = languages.eras(row["code"])
    return {**english, "CE": f"$1 {after}", "BCE": f"$1 {before}"}.items()


_TEXTS = frozenset(
    (
        *("CE", "BCE", "Gannum", "Mannum", "annum", "millennium", "century", "10annum", "BCE-Gannum", "BCE-Mannum"),
        *("BCE-annum", "BCE-millennium", "BCE-century", "BCE-10annum", "gregorian", "julian", "with calendar"),
        *("deleted item", "deleted property"),
    )
)


def _row(language: str) -> Mapping[str, str]:
    rows = _rows()
    return next((rows[code] for code in (language, *languages.fallback(language)) if code in rows), rows["en"])


@cache
def value_words(language: str) -> Words:
    """The words of a language or of the nearest one that has some."""
    row = _row(language)
    names = tuple(row["names"].split(";"))
    return Words(
        code=row["code"],
        format=row["format"],
        day=row["day"],
        month=row["month"],
        names=names,
        genitives=tuple(row["genitives"].split(";")) if row["genitives"] else names,
        short=tuple(row["short"].split(";")) if row["short"] else names,
        digits=row["digits"],
        texts={key: row[key] for key in _TEXTS},
    )


@dataclass(frozen=True, slots=True)
class NumberMarks(Digits):
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

    def plain(self, text: str) -> str:
        """A number as it was typed in the language, with western digits, without marks of groups, with a point."""
        if self.digits:
            text = text.translate(str.maketrans(self.digits, "0123456789"))
        if (self.group, self.point) != (",", "."):
            text = text.translate(str.maketrans(self.group + self.point, ",."))
        return text


@cache
def number_marks(language: str) -> NumberMarks:
    """The marks of numbers in a language or the nearest one in the table."""
    row = _row(language)
    last, others = (int(size) for size in row["sizes"].split(","))
    return NumberMarks(
        group=_SPACES.get(row["group"], row["group"]),
        point=row["point"],
        sizes=(last, others),
        least=int(row["least"]),
        digits=row["digits"],
    )
