"""Times of the data model as xsd:dateTime of the proleptic Gregorian calendar.

Only values.py and dumps/rdfvalues.py import it. The rules are Wikibase's: a Julian date of day precision is
converted, coarser ones are not; month and day 0, or finer than the precision, become 1; 30 February becomes the last
day; years before Christ are counted astronomically (2 BCE is -0001) from year precision on, and left as they are at
coarser precision.
"""

from __future__ import annotations

import re
from calendar import isleap

JULIAN = "http://www.wikidata.org/entity/Q1985786"
YEAR, MONTH, DAY = 9, 10, 11

_TIME = re.compile(r"([+-])(\d+)-(\d+)-(\d+)T(.*)", re.DOTALL)
_MONTH_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_FIRST_JULIAN_YEAR, _LAST_JULIAN_YEAR = -4713, 1465072
"""Years for which the calendar arithmetic of the reference holds; a Julian date outside is taken as Gregorian."""


def xsd_date_time(time: str, precision: int, calendar: str) -> str | None:
    """The lexical form, or None for text that is no date (year 0 does not exist in the data model)."""
    parts = _TIME.fullmatch(time)
    if parts is None or not int(parts[2]):
        return None
    negative = parts[1] == "-"
    year = int(parts[2])
    month = min(max(int(parts[3]), 1), 12)
    day = max(int(parts[4]), 1)
    if calendar == JULIAN and precision >= DAY:
        converted = _gregorian(-year if negative else year, month, day)
        if converted is not None:
            return _text(*converted, parts[5])
    if precision <= YEAR:
        month = day = 1
    elif precision == MONTH:
        day = 1
    if day > 28:
        day = min(day, _days_in_month(1 - year if negative else year, month))
    if negative:
        year = 1 - year if precision >= YEAR else -year
    return _text(year, month, day, parts[5])


def _text(year: int, month: int, day: int, clock: str) -> str:
    return f"{'-' if year < 0 else ''}{abs(year):04d}-{month:02d}-{day:02d}T{clock}"


def _days_in_month(astronomical_year: int, month: int) -> int:
    return _MONTH_DAYS[month - 1] + (month == 2 and isleap(astronomical_year))


def _gregorian(historical_year: int, month: int, day: int) -> tuple[int, int, int] | None:
    """Year (astronomical), month and day in the Gregorian calendar of a Julian date (1 BCE is -1)."""
    if day > 31 or not _FIRST_JULIAN_YEAR <= historical_year <= _LAST_JULIAN_YEAR:
        return None
    year = historical_year + 1 if historical_year < 0 else historical_year
    number = _julian_day_number(year, month, day)
    return _date_of(number) if number > 0 else None


def _julian_day_number(year: int, month: int, day: int) -> int:
    """Days since noon of 1 January 4713 BCE (Julian), counting years from a March so that the leap day ends them."""
    before_march = month <= 2
    shifted_year = year + 4800 - before_march
    shifted_month = month + 9 if before_march else month - 3
    return day + (153 * shifted_month + 2) // 5 + 365 * shifted_year + shifted_year // 4 - 32083


def _date_of(number: int) -> tuple[int, int, int]:
    """The Gregorian date of a Julian day number: whole 400-year, 100-year, 4-year cycles, then years from March."""
    days = number + 32044
    era, days = divmod(days, 146097)
    century = min((days // 36524), 3)
    days -= century * 36524
    olympiad, days = divmod(days, 1461)
    year = min(days // 365, 3)
    days -= year * 365
    shifted_month = (5 * days + 2) // 153
    day = days - (153 * shifted_month + 2) // 5 + 1
    month = shifted_month + 3 if shifted_month < 10 else shifted_month - 9
    return 400 * era + 100 * century + 4 * olympiad + year - 4800 + (month <= 2), month, day
