"""The roll of all speakers who are quoted: filtered, counted, in order."""

from __future__ import annotations

import re
import sqlite3
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from quotes.plugin.asking.question import page_number
from quotes.plugin.asking.words import LONGEST, clean
from quotes.plugin.lookup.speakers import SPEAKER, Speaker, name_filter

SIZE = 100  # speakers on a page
OTHER = "#"  # stands for all letters but A to Z
ORDERS = {
    "quotes": "quotes DESC, slug",
    "name": "slug",
    "last": "last_day DESC, quotes DESC, slug",
}
KINDS = ("person", "organization")
# Slugs are names in small letters without accents.
_LETTER = "iif(slug >= 'a' AND slug < '{', upper(substr(slug, 1, 1)), '#')"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which speakers are wanted; empty: any.

    Args:
        typed: beginnings of words of the name.
        kind: person or organization.
        country: a code.
        letter: the first letter of the name, A to Z or ``OTHER``.
        sort: a name of ``ORDERS``.
        page: number of the page, from 1.
    """

    typed: str = ""
    kind: str = ""
    country: str = ""
    letter: str = ""
    sort: str = "quotes"
    page: int = 1

    @property
    def arguments(self) -> dict[str, str]:
        """The arguments of the address that asks this, without those that go without saying."""
        every = {
            "q": self.typed,
            "kind": self.kind,
            "country": self.country,
            "letter": self.letter,
            "sort": self.sort if self.sort != "quotes" else "",
            "page": str(self.page) if self.page > 1 else "",
        }
        return {name: value for name, value in every.items() if value}


@dataclass(frozen=True, slots=True)
class Counts:
    """How many speakers there are: in all, and by the values of each filter with the others set."""

    total: int
    kinds: Mapping[str, int]
    countries: Mapping[str, int]
    letters: Mapping[str, int]


def wanted(arguments: Mapping[str, str]) -> Wanted:
    """Read the arguments of an address; what can't be understood is left out.

    >>> wanted({"q": " Ann ", "letter": "b", "sort": "size", "page": "x"}).arguments
    {'q': 'Ann', 'letter': 'B'}
    """
    given = {name: clean(value)[:LONGEST] for name, value in arguments.items()}
    kind, country = given.get("kind", ""), given.get("country", "").upper()
    letter, sort = given.get("letter", "").upper(), given.get("sort", "")
    return Wanted(
        typed=given.get("q", ""),
        kind=kind if kind in KINDS else "",
        country=country if is_code(country) else "",
        letter=letter if letter in (OTHER, *"ABCDEFGHIJKLMNOPQRSTUVWXYZ") else "",
        sort=sort if sort in ORDERS else "quotes",
        page=page_number(given.get("page", "")),
    )


def is_code(country: str) -> bool:
    """Tell whether it may be the code of a country.

    >>> is_code("TW"), is_code("tw"), is_code("ÄÖ")
    (True, False, False)
    """
    return re.fullmatch("[A-Z]{2}", country) is not None


def counts(connection: sqlite3.Connection, asked: Wanted) -> Counts:
    """Return how many speakers fit, and would with another kind, country or letter."""
    condition, bound = name_filter(asked.typed)
    rows = connection.execute(
        f"SELECT kind, country, {_LETTER}, count(*) FROM speakers"  # noqa: S608  (our own words)
        f" WHERE quotes > 0 AND {condition} GROUP BY 1, 2, 3",
        bound,
    )
    chosen = (asked.kind, asked.country, asked.letter)
    total = 0
    found: tuple[Counter[str], ...] = (Counter(), Counter(), Counter())
    for *values, count in rows:
        fits = [not want or want == value for want, value in zip(chosen, values, strict=True)]
        total += count if all(fits) else 0
        for place, counter in enumerate(found):
            if values[place] and all(fits[:place] + fits[place + 1 :]):
                counter[values[place]] += count
    return Counts(total, *found)


def page(connection: sqlite3.Connection, asked: Wanted) -> tuple[Speaker, ...]:
    """Return the speakers on the page that is asked for."""
    condition, bound = name_filter(asked.typed)
    for column, value in (("kind", asked.kind), ("country", asked.country)):
        if value:
            condition += f" AND {column} = ?"
            bound.append(value)
    if asked.letter:
        condition += f" AND {_LETTER} = ?"
        bound.append(asked.letter)
    rows = connection.execute(
        f"{SPEAKER} WHERE quotes > 0 AND {condition}"
        f" ORDER BY {ORDERS[asked.sort]} LIMIT ? OFFSET ?",
        [*bound, SIZE, (asked.page - 1) * SIZE],
    )
    return tuple(Speaker(*row) for row in rows)
