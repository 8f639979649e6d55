"""Coordinates from text: ``10.5, -20``, ``10°30'S 20°E``, ``44°27'30"N, 93°9'40"W``.

Only parsing.py imports it. The precision is that of the finer of the two numbers as written.
"""

from __future__ import annotations

import re

from capx_graph.repository.values.hashes import fourteen_digits
from capx_graph.repository.values.parsefailure import ParseFailure

UNDETERMINED = "The format of the coordinate could not be determined."
_NUMBER = r"-?\d{1,3}(?:\.\d{1,20})?"
_DEGREES = r"-?\d{1,3}(?:\.\d{1,20})?°"
_MINUTES = r"-?\d{1,3}°(?:\d{1,2}(?:\.\d{1,20})?')?"
_SECONDS = r"-?\d{1,3}°(?:\d{1,2}')?(?:\d{1,2}(?:\.\d{1,20})?\")?"
_SIGNED_TWICE = re.compile(r"-.*[NSEW]|[NSEW].*-", re.IGNORECASE)
_PRIMES = {
    "&#8243;": '"', "&Prime;": '"', "''": '"', "´´": '"', "′′": '"', "″": '"', "&acute;": '"', "&#180;": '"',
    "&#8242;": "'", "&prime;": "'", "´": "'", "′": "'", "&#176;": "°", "&deg;": "°",
}  # fmt: skip


def parse_coordinate(text: str) -> tuple[float, float, float]:
    """Latitude, longitude and precision in degrees; raises ParseFailure."""
    plain = "".join(character for character in text if " " <= character < "\x7f").strip()
    pair = _pair(plain, _NUMBER, spaced=True) if "°" not in text else None
    if pair is not None:
        latitude, longitude = (_signed(part) for part in pair)
        return latitude, longitude, min(_float_precision(latitude), _float_precision(longitude))
    marked = text
    for written, mark in _PRIMES.items():
        marked = marked.replace(written, mark)
    marked = "".join(character for character in marked if "!" <= character < "\x7f" or character == "°")
    for notation, has_part in ((_SECONDS, '"'), (_MINUTES, "'"), (_DEGREES, "°")):
        pair = _pair(marked, notation, spaced=False)
        if pair is not None and has_part in marked and not any(_SIGNED_TWICE.search(part) for part in pair):
            latitude, longitude = (_signed(part) for part in pair)
            return latitude, longitude, min(_precision(latitude, has_part), _precision(longitude, has_part))
    raise ParseFailure(UNDETERMINED, text, "globe-coordinate")


def _pair(text: str, notation: str, *, spaced: bool) -> tuple[str, str] | None:
    """The two parts of a coordinate whose numbers are written so."""
    space = r"\s*" if spaced else ""
    latitude = rf"(?:{notation}{space}[NS]|[NS]{space}{notation}|{notation})"
    longitude = rf"(?:{notation}{space}[EW]|[EW]{space}{notation}|{notation})"
    separators = (r"\s*,\s*", r"\s") if spaced else (r",", r"")
    for separator in separators:
        found = re.fullmatch(rf"({latitude}){separator}({longitude})", text, re.IGNORECASE)
        if found:
            return found[1], found[2]
    return None


def _signed(part: str) -> float:
    sign = -1.0 if re.search(r"[SW-]", part, re.IGNORECASE) else 1.0
    numbers = [float(number) for number in re.findall(r"\d+(?:\.\d+)?", part)]
    marks = re.findall(r"[°'\"]", part) or ["°"]
    weights = {"°": 1.0, "'": 60.0, '"': 3600.0}
    return sign * sum(number / weights[mark] for number, mark in zip(numbers, marks, strict=False))


def _decimals(value: float, digits: int) -> int:
    return len(fourteen_digits(round(value, digits)).partition(".")[2])


def _float_precision(degrees: float) -> float:
    decimals = _decimals(degrees, 8)
    return float(10**-decimals) if decimals else 1.0


def _precision(degrees: float, finest_mark: str) -> float:
    if finest_mark == "°":
        return _float_precision(degrees)
    if finest_mark == "'" and not _decimals(degrees * 60, 6):
        return 1 / 60
    decimals = _decimals(degrees * 3600, 4)
    return float(10**-decimals) / 3600 if decimals else 1 / 3600
