"""Dates in the orders that PHP's date reader understands: ``1.3.1999``, ``3/1/1999``, ``March 1, 1999``, ``1st March``.

Only timeparsing.py imports it. Of the many notations of that reader those are read that a date can be meant by; words
like "yesterday" are not dates of a statement. The month comes first where slashes stand between.
"""

from __future__ import annotations

import re

_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_NUMBERS = {name[:3]: number for number, name in enumerate(_MONTHS, 1)}
_NAMES = "|".join((*_MONTHS, "sept", *_NUMBERS))
_MONTH, _ZONE = rf"(?P<m>{_NAMES})", r"[a-ik-z]?"
"""A single letter after a month is a time zone to PHP."""
_DAY, _YEAR = r"(?P<d>\d{1,2})(?:st|nd|rd|th)?", r"(?P<y>\d{1,16})"
_GAP, _SOME = r"[.,\s\-]*", r"[.,\s\-]+"
_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        r"(?P<y>\d{3,16})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})",
        r"(?P<y>\d{3,16})\s+(?P<m>\d{1,2})\s+(?P<d>\d{1,2})",
        r"(?P<m>\d{1,2})/(?P<d>\d{1,2})/(?P<y>\d{1,16})",
        r"(?P<d>\d{1,2})[.\-]\s*(?P<m>\d{1,2})[.\-]\s*(?P<y>\d{1,16})",
        rf"{_DAY}{_GAP}{_MONTH}{_ZONE}{_GAP}{_YEAR}",
        rf"{_MONTH}{_ZONE}{_GAP}{_DAY}{_SOME}{_YEAR}",
        rf"(?P<y>\d{{3,16}})-{_MONTH}-(?P<d>\d{{1,2}})",
        rf"{_MONTH}{_GAP}(?P<y>\d{{3,16}})",
    )
)


def loose_date(text: str) -> str | None:
    """``1999-03-01T00:00:00Z``, without a sign; None for what is no date."""
    for form in _FORMS:
        found = form.fullmatch(text)
        if found:
            parts = found.groupdict()
            month = int(parts["m"]) if parts["m"].isdigit() else _NUMBERS[parts["m"].lower()[:3]]
            day = int(parts.get("d") or 1)
            if 1 <= month <= 12 and 1 <= day <= 31:
                return f"{parts['y'].lstrip('0').rjust(4, '0')}-{month:02}-{day:02}T00:00:00Z"
    return None
