"""Who holds the office that some words name: "the French president" on a date."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from quotes.data import load
from quotes.gazetteer import country_of
from quotes.models import Office, Resolution, Span, Speaker, Step
from quotes.registry import Registry, plain
from quotes.resolve.names import Name

_ROLES = {row["word"]: row["role"] for row in load("office_words")}
_ANY = "body"  # the title alone, or with a country, does not tell: "the Russian spokesman"
# By title the offices that it may mean, with the body that must be named for that.
_OFFICES: dict[str, dict[str, str]] = {
    title: {
        r["office"]: r["needs"] for r in load("office_titles") if title in r["titles"].split("|")
    }
    for row in load("office_titles")
    for title in row["titles"].split("|")
}
_BODIES = {name: row["body"] for row in load("bodies") for name in row["names"].split("|")}
_SHORT = {row["abbreviation"]: row["means"] for row in load("office_abbreviations")}
_TITLE = re.compile(
    rf"\b(?:{'|'.join(sorted(map(re.escape, _OFFICES), key=len, reverse=True))})\b", re.IGNORECASE
)
_WORD = re.compile(r"[\w.’'-]+")
_OF = re.compile(r"\s+of\s+(?:the\s+)?", re.IGNORECASE)
_LONGEST = 100  # characters: what is longer names more than an office
_WORDS_OF_AN_OFFICE = 8
_WORDS_OF_A_NAME = 5  # Democratic Republic of the Congo


class Incumbents:
    """Who held which office of a registry on a day; nobody if that is not known."""

    def __init__(self, registry: Registry, day: date | None) -> None:
        """Begin with the day of an article."""
        self._registry = registry
        self._day = day
        self._read: dict[str, tuple[_Held, ...]] = {}

    def office(self, words: str) -> Office | None:
        """Return the office that *words* name; None where that isn't clear.

        Every word must be understood, and a country or a body be named.

        >>> from quotes.registry import registry
        >>> incumbents = Incumbents(registry(), date(2020, 3, 27))
        >>> incumbents.office("the US president").holder
        'Donald Trump'
        >>> incumbents.office("the former US president") is None
        True
        """
        found = {held.office for held in self._held(words) if held.is_clear}
        return found.pop() if len(found) == 1 else None

    def offices(self, words: str) -> Iterator[Office]:
        """Yield whatever office *words* may name, as "the president"."""
        return (held.office for held in self._held(words))

    def before(self, text: str, name: Name) -> Office | None:
        """Return the office named right before a name: "French President" Macron."""
        if not name.titles:
            return None
        start = max(0, name.span.start - _LONGEST)
        words = text[start : name.span.start].rpartition("\n")[2].split()
        for first in range(max(0, len(words) - _WORDS_OF_AN_OFFICE), len(words)):
            if office := self.office(" ".join(words[first:])):
                return office
        return None

    def titled(self, text: str, name: Name) -> Speaker | None:
        """Return the one of a surname who holds the office named before it."""
        office = self.before(text, name)
        return self.holder(office) if office and name.full in office.holder.split() else None

    def holder(self, office: Office) -> Speaker:
        """Return who holds an office."""
        return self._registry.by_name[plain(office.holder)]

    def holding(self, words: Span, office: Office) -> Resolution:
        """Return the holder of an office as the one whom *words* name."""
        return Resolution(self.holder(office), "office", (Step(words, "office"),), office)

    def _held(self, words: str) -> tuple[_Held, ...]:
        if words not in self._read:
            self._read[words] = tuple(self._read_off(_SHORT.get(words, words)))
        return self._read[words]

    def _read_off(self, words: str) -> Iterator[_Held]:
        titles = [*_TITLE.finditer(words)] if self._day and len(words) <= _LONGEST else []
        place = _place(words[titles[-1].end() :]) if titles else None
        around = None if place is None else _around(_words(words[: titles[-1].start()]) + place)
        if around is None or self._day is None:
            return
        countries, bodies = around
        offices = _OFFICES[titles[-1].group().lower()]
        for office in self._registry.offices_of(offices, self._day):
            in_country = not countries or {office.country} == countries
            if in_country and (not bodies or {office.body} == bodies):
                needs = offices[office.office]
                enough = not needs or (bodies if needs == _ANY else needs in bodies)
                yield _Held(office, bool((countries or bodies) and enough))


@dataclass(frozen=True, slots=True)
class _Held:
    """An office that some words may name, and whether they name it clearly."""

    office: Office
    is_clear: bool


def _place(behind: str) -> list[str] | None:
    """Return the words of "of France" behind a title; None where something else stands there."""
    if not behind.strip(" ,"):
        return []
    of = _OF.match(behind)
    return _words(behind[of.end() :]) if of else None


def _around(words: list[str]) -> tuple[set[str], set[str]] | None:
    """Return the countries and bodies that words name; None where a word is none of these."""
    countries: set[str] = set()
    bodies: set[str] = set()
    at = 0
    while at < len(words):
        for length in range(min(_WORDS_OF_A_NAME, len(words) - at), 0, -1):
            name = _bare(" ".join(words[at : at + length]))
            body, country = _BODIES.get(name), country_of(name)
            if body or country:
                bodies |= {body} if body else set()
                countries |= {country} if country and not body else set()
                at += length
                break
        else:
            if _ROLES.get(words[at].lower()) != "plain":
                return None
            at += 1
    return countries, bodies


def _bare(name: str) -> str:
    """Return a name without its possessive ending."""
    return re.sub(r"['’]s?$", "", name)


def _words(words: str) -> list[str]:
    return _WORD.findall(words)
