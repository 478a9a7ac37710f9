"""Two speakers, or one in two periods, side by side: on the same words, about the same country."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from quotes.plugin.asking.question import Question, question
from quotes.plugin.asking.words import LONGEST, clean
from quotes.plugin.charts.periods import Link, Period, together
from quotes.plugin.environment import day
from quotes.plugin.links import Links
from quotes.plugin.lookup.hits import Found, count, find
from quotes.plugin.lookup.records import Hit
from quotes.plugin.lookup.speakers import Speaker, by_name, by_slug, folded, most_quoted
from quotes.plugin.paging import steps
from quotes.plugin.respond import Page, Visit

SIZE = 10  # quotes of a side on a page
_NAMES = 50  # that are offered while somebody types
_ARGUMENTS = ("a", "a_from", "a_to", "b", "b_from", "b_to", "q", "country", "page")


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two that are compared.

    Args:
        sign: A or B.
        speaker: who it is.
        period: the days that bound it, in words; empty: none do.
        asked: the side's question.
        found: what fits it.
        whole: how many quotes there are without the words and the country; None: none were asked for.
    """

    sign: str
    speaker: Speaker
    period: str
    asked: Question
    found: Found
    whole: int | None

    @property
    def label(self) -> str:
        """The name, and the days where there are bounds."""
        return ", ".join(filter(None, (self.speaker.name, self.period)))

    @property
    def name(self) -> str:
        """Sign and label: two sides may have one label."""
        return f"{self.sign}: {self.label}"

    @property
    def share(self) -> str:
        """How much of the whole fits, in per cent; empty where that says nothing."""
        if not self.whole or not self.found.total:
            return ""
        percent = 100 * self.found.total / self.whole
        return "less than 1%" if percent < 1 else f"{percent:.0f}%"


@dataclass(frozen=True, slots=True)
class Example:
    """A comparison to click on."""

    label: str
    link: str


def compare(connection: sqlite3.Connection, visit: Visit) -> Page:
    """Return the comparison, or a form that asks for one; whatever is asked, there is a page."""
    given = {name: clean(visit.arguments.get(name, ""))[:LONGEST] for name in _ARGUMENTS}
    countries = connection.execute("SELECT code, name FROM countries ORDER BY name").fetchall()
    code, notices = _country(given["country"], countries)
    given["country"] = code
    if not given["b"] and (given["b_from"] or given["b_to"]):
        given["b"] = given["a"]
    sides = []
    for sign in "AB":
        side, told = _side(connection, sign, given)
        sides += [side] if side else []
        notices += told
        given[sign.lower()] = side.speaker.slug if side else given[sign.lower()]
    arguments = {name: value for name, value in given.items() if value and name != "page"}

    def link(page: int) -> str:
        return visit.links.page("compare", **arguments, page=str(page))

    asked = question({"q": given["q"], "page": given["page"]})
    most = max((side.found.total for side in sides), default=0)
    return Page(
        "compare.html",
        {
            "heading": _heading(sides),
            "alone": _alone(sides),
            "notices": (*notices, *_wordless(asked)),
            "sides": tuple(sides),
            "both": _both(asked, dict(countries).get(code)) if sides else "",
            "fields": {name: _shown(connection, given, name) for name in _ARGUMENTS},
            "countries": countries,
            "names": tuple(dict.fromkeys(who.name for who in most_quoted(connection, _NAMES))),
            "timeline": _timeline(visit.links, sides),
            "about": any(side.found.about for side in sides),
            "entries": _entries(sides),
            "first": link(1),
            "steps": steps(asked.page, most, SIZE, link),
            "examples": () if sides else tuple(_examples(connection, visit.links)),
        },
    )


def _heading(sides: Sequence[Side]) -> str:
    """Return who is compared with whom, or what a speaker said when with what he or she said when."""
    if _alone(sides):
        when = " and ".join(side.period or "all days" for side in sides)
        return f"{sides[0].speaker.name}: {when}"
    return " and ".join(side.label for side in sides) or "Compare"


def _alone(sides: Sequence[Side]) -> bool:
    """Tell whether a speaker is compared with him- or herself."""
    return len(sides) == 2 and sides[0].speaker == sides[1].speaker


def _both(asked: Question, country: str | None) -> str:
    """Return what both sides are asked for, in words.

    >>> _both(question({"q": "rain"}), "Norland"), _both(question({}), None)
    ('With the words “rain”, about Norland', '')
    """
    words = f"with the words “{asked.typed}”" if asked.words else ""
    text = ", ".join(filter(None, (words, f"about {country}" if country else "")))
    return text[:1].upper() + text[1:]


def _country(typed: str, countries: list[tuple[str, str]]) -> tuple[str, list[str]]:
    """Return the code of a country by its code or name, and what to tell.

    >>> _country("norland", [("NL", "Norland")]), _country("x", [])
    (('NL', []), ('', ['“x” is no country that is known here: it is left out.']))
    """
    keys = {folded(text): code for code, name in countries for text in (name, code)}
    code = keys.get(folded(typed), "")
    missing = typed and not code
    return code, [f"“{typed}” is no country that is known here: it is left out."] if missing else []


def _side(
    connection: sqlite3.Connection, sign: str, given: Mapping[str, str]
) -> tuple[Side | None, list[str]]:
    """Return a side, None if it is nobody, and what to tell."""
    key = sign.lower()
    typed = given[key]
    if not typed:
        return None, []
    who = by_name(connection, typed)
    if who is None:
        return None, [f"{sign}: there is nobody by the name of “{typed}”."]
    told = []
    if folded(typed) not in (folded(who.name), folded(who.slug)):
        told.append(f"{sign}: “{typed}” is taken for {who.name}, the most quoted of that name.")
    bounds = {"speaker": who.slug, "from": given[f"{key}_from"], "to": given[f"{key}_to"]}
    asked = question({**given, **bounds, "sort": "oldest"})
    told += [f"{sign}: {line}: it is left out." for line in asked.ignored]
    narrow = asked.words or asked.value("country")
    whole = replace(asked, typed="").lacking("country")
    return Side(
        sign,
        who,
        _period(asked),
        replace(asked, page=1),
        find(connection, asked, SIZE),
        count(connection, whole) if narrow else None,
    ), told


def _period(asked: Question) -> str:
    """Return the days that are asked for, in words.

    >>> _period(question({"from": "2020-03"})), _period(question({"from": "2020", "to": "2020"}))
    ('from March 2020', '2020')
    """
    since, until = asked.since, asked.until
    if since and until:
        return day(since) if since == until else f"{day(since)} to {day(until)}"
    return f"from {day(since)}" if since else f"to {day(until)}" if until else ""


def _wordless(asked: Question) -> Iterator[str]:
    if asked.typed and not asked.words:
        yield "There is no word to look for in what was typed."
    if asked.words.cut:
        yield "So much was typed that only its beginning is looked for."


def _shown(connection: sqlite3.Connection, given: Mapping[str, str], name: str) -> str:
    """Return what a field shows: of a speaker the name, where it leads back to the same one."""
    who = by_slug(connection, given[name]) if name in ("a", "b") else None
    return who.name if who and folded(who.name) == who.slug else given[name]


def _timeline(links: Links, sides: Sequence[Side]) -> tuple[Period, ...]:
    return together([s.found.days for s in sides], [_link(links, s.asked) for s in sides])


def _link(links: Links, asked: Question) -> Link:
    """Return what leads to the quotes of a period, as far as a side's days reach."""
    return lambda first, last: links.search(asked.within(first, last))


def _entries(sides: Sequence[Side]) -> tuple[tuple[Side, Hit], ...]:
    """Return the quotes of both sides in order of days."""
    entries = [(side, hit) for side in sides for hit in side.found.hits]
    return tuple(sorted(entries, key=lambda entry: (entry[1].id, entry[0].sign)))


def _examples(connection: sqlite3.Connection, links: Links) -> Iterator[Example]:
    """Yield comparisons that have quotes on both sides."""
    first, second = [*most_quoted(connection, 2), None, None][:2]
    if first is None:
        return
    found = find(connection, Question().having("speaker", first.slug), 1)
    if second:
        pair = {"a": first.slug, "b": second.slug}
        yield Example(f"{first.name} and {second.name}", links.page("compare", **pair))
        other = find(connection, Question().having("speaker", second.slug), 1)
        theirs = {value.value for value in other.facets["country"]}
        for value in [v for v in found.facets["country"] if v.value in theirs][:2]:
            label = f"{first.name} and {second.name} on {value.label}"
            yield Example(label, links.page("compare", **pair, country=value.value))
    years = [value.value for value in found.facets["year"]]
    if len(years) > 1:
        old, new = years[-1], years[0]
        days = {"a_from": old, "a_to": old, "b_from": new, "b_to": new}
        label = f"{first.name} in {old} and in {new}"
        yield Example(label, links.page("compare", a=first.slug, b=first.slug, **days))
