"""What is asked of the search: words, filters, order and page, and the address that asks it."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal
from urllib.parse import urlencode

from quotes.plugin.asking.words import LONGEST, Words, clean, parse

Sort = Literal["best", "newest", "oldest"]
# The filters, by their names in addresses, and what people call them.
FILTERS = {
    "speaker": "Speaker",
    "kind": "Kind",
    "year": "Year",
    "publisher": "Publisher",
    "addressee": "Said to",
    "act": "Act",
    "channel": "Channel",
    "country": "Country spoken of",
}
NOBODY = "-"  # the speaker filter's value for quotes whose speaker is not known
PAGE_SIZE = 20
LAST_PAGE = 5000
# What must not be printed: control characters, what turns the direction, halves of characters.
_UNSEEN = re.compile(r"[\0-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_DAY = re.compile(r"([12]\d{3})(?:-(0[1-9]|1[0-2])(?:-(0[1-9]|[12]\d|3[01]))?)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked.

    Args:
        typed: what the person typed, cleaned.
        filters: pairs of a name of ``FILTERS`` and a value, in their order.
        since, until: first and last day, ISO dates, months or years as typed; None: open.
        sort: order of the hits; None: as it is usual, best first for words, newest first without.
        by_speaker: whether hits are grouped by their speaker.
        page: number of the page, from 1.
        ignored: what was asked but can't be understood, to be told.
    """

    typed: str = ""
    filters: tuple[tuple[str, str], ...] = ()
    since: str | None = None
    until: str | None = None
    sort: Sort | None = None
    by_speaker: bool = False
    page: int = 1
    ignored: tuple[str, ...] = ()

    @property
    def words(self) -> Words:
        """The words that are looked for."""
        return parse(self.typed)

    @property
    def order(self) -> Sort:
        """The order of the hits."""
        return self.sort or ("best" if self.words.groups else "newest")

    @property
    def days(self) -> tuple[str | None, str | None]:
        """The first and the last day that are asked for, as ISO dates; None: open.

        >>> question({"year": "2020", "to": "2020-02"}).days
        ('2020-01-01', '2020-02-29')
        """
        firsts = [first_day(day) for day in (self.value("year"), self.since) if day]
        lasts = [last_day(day) for day in (self.value("year"), self.until) if day]
        return max(firsts, default=None), min(lasts, default=None)

    def value(self, name: str) -> str | None:
        """Return the value of a filter, None if it is not set."""
        return dict(self.filters).get(name)

    def having(self, name: str, value: str) -> Question:
        """Return the question with a filter set, from its first page."""
        chosen = {**dict(self.filters), name: value}
        filters = tuple((key, chosen[key]) for key in FILTERS if key in chosen)
        return replace(self, filters=filters, page=1)

    def lacking(self, name: str) -> Question:
        """Return the question without a filter, or without a bound of the days (from, to)."""
        if name == "from":
            return replace(self, page=1, since=None)
        if name == "to":
            return replace(self, page=1, until=None)
        return replace(self, filters=tuple(f for f in self.filters if f[0] != name), page=1)

    def within(self, first: str, last: str) -> Question:
        """Return the question for a period, as far as its own days reach, from its first page.

        >>> question({"from": "2020-03-10", "year": "2020"}).within("2020-03", "2020-03").query
        'from=2020-03-10&to=2020-03'
        """
        low, high = self.days
        since = first if not low or first_day(first) >= low else low
        until = last if not high or last_day(last) <= high else high
        return replace(self.lacking("year"), since=since, until=until)

    def bare(self) -> Question:
        """Return the words alone, without any filter."""
        return Question(self.typed, sort=self.sort)

    @property
    def arguments(self) -> dict[str, str]:
        """The arguments of the address that asks this, without those that go without saying."""
        every = {
            "q": self.typed,
            **dict(self.filters),
            "from": self.since or "",
            "to": self.until or "",
            "sort": self.sort or "",
            "group": "speaker" if self.by_speaker else "",
            "page": str(self.page) if self.page > 1 else "",
        }
        return {name: value for name, value in every.items() if value}

    @property
    def query(self) -> str:
        """The query string that asks this.

        >>> question({"q": "rain", "kind": "direct", "page": "1"}).having("year", "2020").query
        'q=rain&kind=direct&year=2020'
        """
        return urlencode(self.arguments)


def question(arguments: Mapping[str, str]) -> Question:
    """Read the arguments of an address; what can't be understood is left out, and told.

    >>> question({"q": "rain", "from": "soon", "page": "-7"}).ignored
    ('“soon” is no year, month or day',)
    """
    cleaned = {name: clean(value) for name, value in arguments.items()}
    given = {name: value[:LONGEST] for name, value in cleaned.items()}
    publisher = arguments.get("publisher", "")
    if publisher and not _UNSEEN.search(publisher):  # a name in the table, whatever spaces it has
        given["publisher"] = publisher.strip()[:LONGEST]
    odd = [n for n in ("from", "to", "year") if given.get(n) and not _DAY.fullmatch(given[n])]
    ignored = tuple(f"“{given.pop(name)}” is no year, month or day" for name in odd)
    if len(cleaned.get("q", "")) > LONGEST:
        ignored += (f"what stands behind the first {LONGEST} characters",)
    sorts: dict[str, Sort] = {"best": "best", "newest": "newest", "oldest": "oldest"}
    return Question(
        typed=given.get("q", ""),
        filters=tuple((name, given[name]) for name in FILTERS if given.get(name)),
        since=given.get("from") or None,
        until=given.get("to") or None,
        sort=sorts.get(given.get("sort", "")),
        by_speaker=given.get("group") == "speaker",
        page=page_number(given.get("page", "")),
        ignored=ignored,
    )


def page_number(text: str) -> int:
    """Return the number of a page, 1 for what is none.

    >>> page_number("3"), page_number("0"), page_number("9" * 30), page_number("x")
    (3, 1, 5000, 1)
    """
    number = int(text[:9]) if text.isascii() and text.isdigit() else 1
    return min(max(number, 1), LAST_PAGE)


def first_day(day: str) -> str:
    """Return the first day of a year, month or day.

    >>> first_day("2020"), first_day("2020-03-27")
    ('2020-01-01', '2020-03-27')
    """
    return day + "-01-01"[len(day) - 4 :]


def last_day(day: str) -> str:
    """Return the last day of a year, month or day.

    >>> last_day("2020"), last_day("2020-02"), last_day("2020-03-27")
    ('2020-12-31', '2020-02-29', '2020-03-27')
    """
    if len(day) == 4:
        return day + "-12-31"
    if len(day) == 7:
        return f"{day}-{monthrange(int(day[:4]), int(day[5:]))[1]}"
    return day
