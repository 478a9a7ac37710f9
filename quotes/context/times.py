"""Read expressions of time, such as "on Thursday night", "March 26" and "two weeks ago"."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.parser import parserinfo

from quotes.data import load

_WEEKDAYS = {names[1]: number for number, names in enumerate(parserinfo.WEEKDAYS)}
_MONTHS = {name: number for number, names in enumerate(parserinfo.MONTHS, 1) for name in names}
_HALF_A_YEAR = 183  # days
_NUMBERS = {row["word"]: int(row["number"]) for row in load("numbers")}


@dataclass(frozen=True, slots=True)
class Time:
    """An expression of time: where it stands, and the day that it names.

    ``day`` is None where it names no one day that had come when the article was published.
    ``possessive`` is True for "Thursday's".
    """

    start: int
    end: int
    day: date | None
    possessive: bool = False


def find_times(text: str, published: date | None) -> tuple[Time, ...]:
    """Return the expressions of time in *text*, in its order, as seen from the day of publication.

    >>> [str(time.day) for time in find_times("on Monday or on 3 May", date(2020, 6, 26))]
    ['2020-06-22', '2020-05-03']
    """
    found: list[Time] = []
    taken: set[int] = set()
    for pattern, read in _READINGS:
        for match in pattern.finditer(text):
            if not taken.intersection(range(*match.span())):
                taken.update(range(*match.span()))
                found.append(_time(match, read(match, published), published))
    return tuple(sorted(found, key=lambda time: time.start))


def _time(match: re.Match[str], day: date | None, published: date | None) -> Time:
    future = day is not None and published is not None and day > published
    possessive = match.re.groupindex.get("of") is not None and match["of"] is not None
    return Time(match.start(), match.end(), None if future else day, possessive)


def _weekday(match: re.Match[str], published: date | None) -> date | None:
    """Return the last such day up to the article's own.

    "Last Friday" is one that lies in the week before, if there is none in the article's own week.
    """
    if published is None or match["other"]:
        return None
    back = (published.weekday() - _WEEKDAYS[match["weekday"]]) % 7
    if match["last"]:
        if 0 < back <= published.weekday():
            return None
        back = back or 7
    return _earlier(published, back)


def _date(match: re.Match[str], published: date | None) -> date | None:
    """Return the date; where no year is printed the last such one up to the article's.

    One further back than half a year is none: it may as well be to come.
    """
    month, day = _MONTHS[match["month"]], int(match["day"])
    if match["year"]:
        return _day(int(match["year"]), month, day)
    if published is None:
        return None
    days = (_day(year, month, day) for year in (published.year, published.year - 1))
    last = _last(days, published)
    return last if last and (published - last).days <= _HALF_A_YEAR else None


def _number(match: re.Match[str], published: date | None) -> date | None:
    """Return the last day of that number: "on the 26th"."""
    if published is None:
        return None
    months = (published, _earlier(published, published.day))
    days = (_day(m.year, m.month, int(match["day"])) for m in months if m)
    return _last(days, published)


def _ago(match: re.Match[str], published: date | None) -> date | None:
    count = match["count"].lower()
    return _earlier(published, _NUMBERS[count] if count in _NUMBERS else int(count))


def _today(_: re.Match[str], published: date | None) -> date | None:
    return published


def _yesterday(_: re.Match[str], published: date | None) -> date | None:
    return _earlier(published, 1)


def _no_day(_: re.Match[str], __: date | None) -> date | None:
    return None


def _earlier(day: date | None, days: int) -> date | None:
    try:
        return day - timedelta(days=days) if day else None
    except OverflowError:
        return None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _last(days: Iterable[date | None], published: date) -> date | None:
    """Return the first of *days* that is not after the article's."""
    return next((day for day in days if day and day <= published), None)


def _any(words: Iterable[str]) -> str:
    return "(?:" + "|".join(sorted(map(re.escape, words), key=len, reverse=True)) + ")"


def _readings() -> Iterator[tuple[str, Callable[[re.Match[str], date | None], date | None]]]:
    """Yield patterns, and what each reads; what one has read, a later one does not."""
    weekday = _any(_WEEKDAYS)
    month = rf"\b(?P<month>{_any(_MONTHS)})\b\.?"
    day = r"(?P<day>\d\d?)(?:st|nd|rd|th)?"
    year = r"(?:,? (?P<year>\d{4}))?\b(?![\d,:]*\d|%)"
    part = r"(?: (?:morning|afternoon|evening|night))?"
    number = rf"(?:\d{{1,3}}|{_any(_NUMBERS)})"
    unit = r"(?:week|month|year|decade|spring|summer|fall|autumn|winter|season)"
    papers = _any([*(row["phrase"] for row in load("press") if row["kind"] == "ending"), "Night"])
    early = r"(?:(?i:on|late|early|late on|early on|earlier|earlier on|later|later on) )?"
    lead = rf"\b{early}(?:\b{weekday},? )?"
    others = "|".join(row["word"] for row in load("weekdays"))
    yield rf"{lead}{month} {day}{year}", _date
    yield rf"{lead}(?:the )?{day} (?:of )?{month}{year}", _date
    yield r"\b[Oo]n the (?P<day>\d\d?)(?:st|nd|rd|th)\b(?! ?[^\W\d_])", _number
    yield (
        rf"\b{early}(?P<other>(?i:{others}) )?"
        rf"(?P<last>(?i:last|this past) )?\b(?P<weekday>{weekday})\b"
        rf"(?! of last| last week| a week ago| {papers}\b){part}(?P<of>['’]s\b)?",
        _weekday,
    )
    yield (
        r"\b(?i:earlier |later )?(?i:today|tonight|in the day|this (?:morning|afternoon|evening))\b",
        _today,
    )
    yield (
        rf"\b(?:(?i:late |early )?(?i:yesterday){part}|(?i:last night))\b",
        _yesterday,
    )
    yield rf"\b(?:(?i:{number}) )?{weekday}s\b(?: ago)?", _no_day
    yield rf"\b(?i:(?P<count>{number}) days? (?:ago|earlier))\b", _ago
    yield rf"\b(?i:(?:{number}|some|several|many|a few) {unit}s? (?:ago|earlier))\b", _no_day
    yield rf"\b(?i:(?:in |during |earlier )?(?:last|this|that|past) {unit}(?:end)?)\b", _no_day
    yield (
        rf"\b(?i:in|last|since|by|early|late|during) (?:early |late |mid-)?(?:{_any(_MONTHS)})\b(?: \d{{4}})?",
        _no_day,
    )
    yield r"\b(?i:in|since|back in|during the) (?:late |early |mid-)?(?:1[5-9]|20)\d\ds?\b", _no_day
    yield rf"\b(?i:{_any(row['phrase'] for row in load('other_times'))})\b", _no_day


_READINGS = tuple((re.compile(pattern), read) for pattern, read in _readings())
