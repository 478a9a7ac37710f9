"""Datelines: where a report was written, on which day, and by which agency."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import islice

from quotes.data import load
from quotes.read import dates

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?i:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?"
    r"|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\b\.?"
)
_DAY = (
    rf"(?:(?P<month>{_MONTH})[ ](?P<day>\d{{1,2}})|(?P<day2>\d{{1,2}})[ ](?P<month2>{_MONTH}))"
    r"(?:,?[ ](?P<year>\d{4}))?\b"
)
_NAME = r"[^\W\d_a-z][\w.'’-]*"
_PARTICLE = r"(?:of|de|da|do|del|di|la|el|al|es|le|and|on|upon|sur|am)"
_PLACE = rf"(?P<place>{_NAME}(?:(?:[ ]{_PARTICLE})*[ /]{_NAME}){{0,4}}?)"
_REGION = rf",[ ](?!{_MONTH}[ ]\d)(?P<region>{_NAME}(?:[ ]{_NAME}){{0,3}}?)"
_COUNTRY = (
    r"[ ]?\[(?P<bracketed>[^\]\d]{2,40})\]"
    r"|[ ]\((?P<country>[^()\d]{2,40})\)(?=[ ]?\()"  # two brackets: the second holds the agency
)
_HEAD = rf"[ ]*(?:{_PLACE}(?:{_COUNTRY}|{_REGION})?)?(?:(?:,?[ ])?{_DAY})?\.?"
# Hyphens and en dashes also join words, so they need a space before them.
_END = r"(?P<end>[ ]?(?:--+|[—―])|[ ][-–](?=[ ])|[ ]?:|(?<=[)\]\d])[-–]|\.[-–])"
# What stands above it is a title, a subtitle, an editor's note.
_LINES, _LOOK = 4, 3000
_LONGEST = 120


@dataclass(frozen=True, slots=True)
class Dateline:
    """What a dateline tells (None: it does not); ``publisher`` is the agency."""

    place: str | None = None
    publisher: str | None = None
    month: int | None = None
    day: int | None = None
    year: int | None = None

    def date(self, near: date | None) -> date | None:
        """Return its day, in its own year or else in the one that puts it nearest to *near*."""
        if self.month is None or self.day is None:
            return None
        if self.year:
            return dates.day_of(self.year, self.month, self.day)
        return dates.nearest(self.month, self.day, to=near) if near else None


def of_text(text: str) -> Dateline | None:
    """Return the dateline that starts one of the first four lines that aren't blank."""
    lines = (line for line in text[:_LOOK].split("\n") if line.strip())
    return next((found for line in islice(lines, _LINES) if (found := of_line(line))), None)


def of_line(line: str) -> Dateline | None:
    """Return the dateline that *line* starts with, or None where that isn't certain.

    Certain is a known agency (``data/agencies.csv``) in brackets or between slashes with a dash, a
    colon or a day; a place and a day before a dash; a place in capitals before a dash that we know,
    or that is in a state or country that we know (``data/dateline_*.csv``).

    >>> of_line("Beijing [China], Mar 27 (ANI): President Xi said so.")
    Dateline(place='Beijing, China', publisher='ANI', month=3, day=27, year=None)
    >>> of_line("NOTE — this was corrected.") is None
    True
    """
    start = re.sub(r"\s", " ", line[:_LONGEST])
    if match := _with_agency().match(start):
        form = match["agency"] or match["slashed"] or match["bare"]
        certain = match["end"] or match["slashed"] or (match["place"] and _month(match))
        return _dateline(match, _agencies()[form]) if certain else None
    match = _WITHOUT_AGENCY.match(start)
    return _dateline(match, None) if match and _is_certain(match) else None


def _is_certain(match: re.Match[str]) -> bool:
    """Whether the place alone, perhaps with a day, makes a dateline."""
    if not match["place"]:
        return False
    region = (match["region"] or match["bracketed"] or "").lower()
    known = match["place"].lower() in _cities() or region in _regions()
    # A colon in capitals is a speaker's in a transcript.
    capitals = match["place"].isupper() and not match["end"].endswith(":")
    return known or capitals if _month(match) else known and capitals


def _dateline(match: re.Match[str], publisher: str | None) -> Dateline | None:
    place, month = match["place"], _month(match)
    if place:
        words = place.lower().split()
        if not _labels().isdisjoint((words[0], words[-1])) or place in _agencies():
            return None
        if place.isupper():
            place = _cities().get(place.lower()) or place.title()
        within = match["bracketed"] or match["country"] or match["region"]
        place = f"{place}, {within.strip()}" if within else place
    return Dateline(
        place=place,
        publisher=publisher,
        month=_MONTHS.index(month[:3].lower()) + 1 if month else None,
        day=int(match["day"] or match["day2"]) if month else None,
        year=int(match["year"]) if match["year"] else None,
    )


def _month(match: re.Match[str]) -> str | None:
    return match["month"] or match["month2"]


_WITHOUT_AGENCY = re.compile(_HEAD + _END)


@cache
def _with_agency() -> re.Pattern[str]:
    form = "|".join(map(re.escape, sorted(_agencies(), key=len, reverse=True)))
    agency = (
        rf",?[ ]?\((?P<agency>{form})\)"
        rf"|[ ]?/(?P<slashed>{form})/\.?"
        rf"|,[ ](?P<bare>{form})(?=[ ]?[-–—:])"
    )
    return re.compile(f"{_HEAD}(?:{agency}){_END}?")


@cache
def _agencies() -> dict[str, str]:
    return {row["form"]: row["publisher"] for row in load("agencies")}


@cache
def _cities() -> dict[str, str]:
    return {row["name"].lower(): row["name"] for row in load("dateline_cities")}


@cache
def _regions() -> frozenset[str]:
    return frozenset(row["name"].lower() for row in load("dateline_regions"))


@cache
def _labels() -> frozenset[str]:
    return frozenset(row["word"] for row in load("dateline_labels"))
