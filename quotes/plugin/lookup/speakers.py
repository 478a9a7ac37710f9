"""Speakers: by their key in addresses, and by what somebody types of a name.

Names are compared as their slugs are made: without case, accents and punctuation.
"""

from __future__ import annotations

import re
import sqlite3
import unicodedata
from dataclasses import dataclass

from quotes.plugin.asking.words import LONGEST, clean

_MOST_WORDS = 6
# Whether a name has a word, which is given with hyphens where it begins and ends.
HAS_WORD = "instr('-' || slug || '-', ?)"
SPEAKER = """
SELECT id, slug, speakers.name, kind, country, coalesce(countries.name, country), wikidata, quotes, first_day, last_day
FROM speakers LEFT JOIN countries ON code = country
"""


@dataclass(frozen=True, slots=True)
class Speaker:
    """A person or organization; fields as in the table, ``place`` is the country's name."""

    id: int
    slug: str
    name: str
    kind: str
    country: str | None
    place: str | None
    wikidata: str | None
    quotes: int
    first_day: str | None
    last_day: str | None


def folded(text: str) -> str:
    """Return a name or what was typed of it as a slug; empty if no letter or digit is in it.

    >>> folded(" José  Ángel"), folded("O'Brien"), folded("?!")
    ('jose-angel', 'o-brien', '')
    """
    letters = unicodedata.normalize("NFKD", clean(text)[:LONGEST]).casefold()
    letters = unicodedata.normalize("NFKD", letters)
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return re.sub(r"[\W_]+", "-", unicodedata.normalize("NFC", bare)).strip("-")


def name_filter(typed: str, ends: str = "") -> tuple[str, list[str]]:
    """Return an SQL condition, with its parameters, for speakers whose names have each word typed.

    *ends*: "-" for whole words, empty for their beginnings.

    >>> name_filter("Ann Le")
    ("instr('-' || slug || '-', ?) AND instr('-' || slug || '-', ?)", ['-ann', '-le'])
    >>> name_filter("?!")
    ('1', [])
    """
    words = folded(typed).split("-")[:_MOST_WORDS]
    bound = [f"-{word}{ends}" for word in words if word]
    return " AND ".join([HAS_WORD] * len(bound)) or "1", bound


def by_slug(connection: sqlite3.Connection, slug: str) -> Speaker | None:
    """Return the speaker whose slug it is, None if it is nobody's."""
    row = connection.execute(SPEAKER + "WHERE slug = ?", [slug]).fetchone()
    return Speaker(*row) if row else None


def by_name(connection: sqlite3.Connection, typed: str) -> Speaker | None:
    """Return whom somebody may mean by a slug or a name, None if nobody is called so.

    It is the one of that slug or full name, else the most quoted whose name has these words, else the
    most quoted whose name has words that begin so.
    """
    key = folded(typed)
    found = by_slug(connection, typed) or (by_slug(connection, key) if key else None)
    if found or not key:
        return found
    (whole, words), (begun, beginnings) = name_filter(typed, "-"), name_filter(typed)
    row = connection.execute(
        f"SELECT slug FROM speakers WHERE {begun} ORDER BY {whole} DESC, quotes DESC LIMIT 1",  # noqa: S608
        [*beginnings, *words],
    ).fetchone()
    return by_slug(connection, row[0]) if row else None


def most_quoted(connection: sqlite3.Connection, limit: int) -> tuple[Speaker, ...]:
    """Return the persons and organizations with most quotes."""
    sql = SPEAKER + "WHERE quotes > 0 ORDER BY quotes DESC LIMIT ?"
    return tuple(Speaker(*row) for row in connection.execute(sql, [limit]))
