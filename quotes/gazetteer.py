"""Find what may be a mention of a country: all that ``data/countries.csv`` knows.

Names that hold a country's without speaking of it (``data/not_countries.csv``) are found with it, so
that the longest wins: "Republic of China" over "China", and "South China Sea" over both.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from quotes.data import load
from quotes.models import Span

Kind = Literal["name", "demonym", "capital", "prefix", "other"]

# What a word is by a later column counts, where it is in two.
_COLUMNS: tuple[tuple[str, Kind], ...] = (
    ("prefixes", "prefix"),
    ("capital", "capital"),
    ("demonyms", "demonym"),
    ("names", "name"),
    ("name", "name"),
)
# What means different countries, or a country and something else: what in a text tells which.
AMBIGUOUS = frozenset(row["words"] for row in load("country_clues"))

# Only what begins with a capital letter can be a mention: a word, or letters with full stops.
_WORD = re.compile(r"(?<![^\W_])(?:[A-Z](?:\.[A-Z])+\b\.?|[^\W\d_a-z][^\W_]*)")


@dataclass(frozen=True, slots=True, order=True)
class Mention(Span):
    """What may be a mention of a country, with its words on one line.

    ``kind`` is ``other`` where it can't be one; ``code`` is empty then.
    """

    words: str
    kind: Kind
    code: str


def find_mentions(text: str, start: int, end: int) -> Iterator[Mention]:
    """Yield what may be a mention from *start* to *end*, the longest first, apart from each other.

    >>> [(found.words, found.code) for found in find_mentions("Sino-US talks", 0, 13)]
    [('Sino', 'CN'), ('US', 'US')]
    """
    last = start
    for word in _WORD.finditer(text, start, end):
        if word.start() < last or word[0] not in _BY_FIRST_WORD:
            continue
        match = _longest(word[0]).match(text, word.start())
        if match:
            last = match.end()
            words = _plain(match[0])
            yield Mention(match.start(), last, words, *_READINGS[words])


def begins_country(word: str) -> bool:
    """Whether a word is, or begins, something that stands for a country."""
    return any(_READINGS[words][1] for words in _BY_FIRST_WORD.get(word, ()))


def country_of(words: str) -> str | None:
    """Return the code of a name, an adjective, a people or a prefix alone, None if it is none.

    None, too, for what means different things, as "Korean" or "Georgia".

    >>> country_of("Chinese"), country_of("U.S."), country_of("us"), country_of("Korean")
    ('CN', 'US', None, None)
    """
    kind, code = _READINGS.get(_plain(words), ("other", ""))
    return code if kind in ("name", "demonym", "prefix") and words not in AMBIGUOUS else None


def capital_of(words: str) -> str | None:
    """Return the code of the country whose government a city stands for, None if for none.

    >>> capital_of("Beijing"), capital_of("Brussels"), capital_of("Geneva")
    ('CN', 'EU', None)
    """
    kind, code = _READINGS.get(_plain(words), ("other", ""))
    return code if kind == "capital" else None


def any_of(words: Sequence[str]) -> str:
    r"""Return a pattern for any of some words, the longest first, over line ends too.

    >>> any_of(["New York", "Ohio"])
    '(?:New\\s{1,4}York|Ohio)'
    """
    escaped = [re.escape(word) for word in sorted(words, key=len, reverse=True)]
    return f"(?:{'|'.join(escaped)})".replace(r"\ ", r"\s{1,4}").replace("'", "['’]")


def _plain(words: str) -> str:
    return " ".join(words.replace("’", "'").split())


def _readings() -> dict[str, tuple[Kind, str]]:
    """Return all that is looked for, and what it is: of which kind and country."""
    found: dict[str, tuple[Kind, str]] = {}
    for column, kind in _COLUMNS:
        for row in load("countries"):
            for word in filter(None, [row["name"]] if column == "name" else row[column].split("|")):
                found[word] = kind, row["code"]
                if kind in ("name", "demonym"):
                    found.setdefault(word.upper(), (kind, row["code"]))
    for row in load("not_countries"):
        if row["kind"] == "phrase":
            phrase = row["words"]
            title = " ".join(word[:1].upper() + word[1:] for word in phrase.split(" "))
            found |= dict.fromkeys((phrase, title, phrase.upper()), ("other", ""))
    return found


def _by_first_word() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for words in _READINGS:
        for first in _WORD.findall(words)[:1]:
            found.setdefault(first, []).append(words)
    return found


_READINGS = _readings()
_BY_FIRST_WORD = _by_first_word()


@cache
def _longest(first: str) -> re.Pattern[str]:
    """Return the pattern of all that begins with a word that something begins with."""
    return re.compile(rf"{any_of(_BY_FIRST_WORD[first])}(?![^\W_])")
