"""Dates in any usual form. What can be understood in two ways is not understood."""

from __future__ import annotations

import re
from datetime import date, datetime

from dateutil import parser

# The first newspapers are of 1605. Fixed years, not today's: the same input always reads the same.
FIRST_YEAR, LAST_YEAR = 1600, 2100

# The parser fills what is missing from a default, so what depends on the default was not there.
_DEFAULTS = (datetime(2000, 1, 1), datetime(1996, 12, 29))
_LONGEST = 80
_CHINESE = str.maketrans({"年": "-", "月": "-", "日": " "})
_FIRST_COMPACT_YEAR = 1990
_NUMERIC = re.compile(r"(?<!\d)(\d{4})(?:([-_./])(\d{1,2})\2(\d{1,2})|(\d{2})(\d{2}))(?!\d)")


def parse(text: str) -> date | None:
    """Return the day that *text* names, or None where it names none, or more than one.

    Understood are numbers in any order that leaves no doubt, and English names of months, with or
    without a weekday and a time. The day is the one written: time zones move nothing. The year
    must have four digits and lie between 1600 and 2100.

    >>> parse("Friday, March 27, 2020 10:30 AM EST")
    datetime.date(2020, 3, 27)
    >>> parse("27/03/2020") == parse("03/27/2020")
    True
    >>> parse("03/04/2020") is None
    True
    """
    text = text.strip().translate(_CHINESE)
    if len(text) > _LONGEST or not text.isascii():
        return None
    days_first = (False, False) if text[:4].isdigit() else (False, True)
    days = set(map(_parse, (text, text), _DEFAULTS, days_first))
    day = days.pop()
    if days or day is None or str(day.year) not in text:
        return None
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else None


def _parse(text: str, default: datetime, day_first: bool) -> date | None:
    try:
        return parser.parse(text, default=default, dayfirst=day_first, ignoretz=True).date()
    except (ValueError, OverflowError):
        return None


def only_in(text: str) -> date | None:
    """Return the day that stands in a file's name or an address, year first, if there is just one.

    Eight digits in a row count only at the start of a name and from 1990 on: others are numbers.

    >>> only_in("breitbart_2016-09-12_stealth.txt")
    datetime.date(2016, 9, 12)
    >>> only_in("https://example.org/2016/09/08/talks")
    datetime.date(2016, 9, 8)
    >>> only_in("2016-09-12_to_2016-09-14.txt") is None
    True
    """
    found = set()
    for match in _NUMERIC.finditer(text):
        year, _, month, day, compact_month, compact_day = match.groups()
        if compact_month and (match.start() or int(year) < _FIRST_COMPACT_YEAR):
            continue
        found.add(day_of(int(year), int(month or compact_month), int(day or compact_day)))
    found.discard(None)
    return found.pop() if len(found) == 1 else None


def day_of(year: int, month: int, day: int) -> date | None:
    """Return the day, or None where the calendar has no such day or the year is out of bounds."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def nearest(month: int, day: int, to: date) -> date | None:
    """Return the day of that month and number that lies nearest to *to* (None: there is none).

    >>> nearest(12, 31, to=date(2020, 1, 1))
    datetime.date(2019, 12, 31)
    """
    years = (to.year - 1, to.year, to.year + 1)
    days = [found for year in years if (found := day_of(year, month, day))]
    return min(days, key=lambda found: abs(found - to), default=None)
