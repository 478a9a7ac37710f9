"""A speaker: offices, figures, over time, to whom, about what, the newest and the most reported quotes."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup

from quotes.plugin.addresses import web_address
from quotes.plugin.asking.question import Question
from quotes.plugin.charts.drawing import Item, amount
from quotes.plugin.charts.periods import Period, periods
from quotes.plugin.citing.citable import one_line
from quotes.plugin.citing.linked_data import profile, wikidata_page
from quotes.plugin.environment import day
from quotes.plugin.links import Links
from quotes.plugin.lookup.hits import Found, count, find
from quotes.plugin.lookup.offices import Office, offices_of
from quotes.plugin.lookup.records import SAME_WORDS, Hit, by_id
from quotes.plugin.lookup.speakers import Speaker, by_slug, folded
from quotes.plugin.phrases import value_label
from quotes.plugin.respond import Elsewhere, Page, Visit, message

_NEWEST, _REPORTED, _VALUES = 8, 5, 8
_CHARTS = {
    "addressee": ("To whom", "Said to"),
    "country": ("About which countries", "Country"),
    "act": ("By act", "Act"),
    "kind": ("By kind", "Kind"),
    "channel": ("By channel", "Channel"),
    "publisher": ("By publisher", "Publisher"),
}
# As many rows as are looked through: one statement may be in hundreds of articles.
_MOST_REPORTED = f"""
SELECT chronicle.id, {SAME_WORDS.format("text")} FROM chronicle CROSS JOIN quotes ON quotes.id = quote_id
WHERE chronicle.speaker_id = ? AND reports > 1 ORDER BY reports DESC, chronicle.id DESC LIMIT 2000
"""  # noqa: S608  (our own words)


@dataclass(frozen=True, slots=True)
class Term:
    """An office and when it was held, in words; ``source``: an address, None if it has none."""

    title: str
    when: str
    source: str | None


@dataclass(frozen=True, slots=True)
class Chart:
    """The quotes by the values of a filter; ``of``: what these are."""

    title: str
    of: str
    items: tuple[Item, ...]


def speaker(connection: sqlite3.Connection, visit: Visit) -> Page | Elsewhere:
    """Return the page of a speaker, or that there is none of that slug."""
    slug = visit.path["slug"]
    who = by_slug(connection, slug)
    if who is None:
        return _another(connection, visit.links, slug)
    asked = Question().having("speaker", who.slug)
    found = find(connection, asked, _NEWEST, _VALUES)
    told = Question().having("addressee", who.slug)
    held = offices_of(connection, who.id)
    return Page(
        "speaker.html",
        {
            "speaker": who,
            "asked": asked,
            "found": found,
            "description": _description(who, held),
            "wikidata": wikidata_page(who.wikidata),
            "json_ld": Markup(_json_ld(who, held, visit.links)),  # noqa: S704  (escaped for script)
            "terms": tuple(_term(office) for office in held),
            "timeline": _timeline(visit.links, asked, found),
            "charts_of": tuple(_charts(visit.links, asked, found)),
            "reported": _most_reported(connection, who),
            "told": told,
            "told_count": count(connection, told),
        },
    )


def _another(connection: sqlite3.Connection, links: Links, slug: str) -> Page | Elsewhere:
    """Lead from a slug in capitals or with accents, or a name, to the page it is of."""
    key = folded(slug)
    if key and by_slug(connection, key):
        return Elsewhere(links.page("speaker", key))
    return message(
        "No such speaker",
        "There is nobody at this address. A name may have been put right since.",
    )


def _term(office: Office) -> Term:
    """Return an office in words.

    >>> _term(Office("Mayor", "Norburg", None, "2001-02-03", None, "javascript:alert(1)"))
    Term(title='Mayor, Norburg', when='since 3 February 2001', source=None)
    """
    when = (
        f"{day(office.start)} to {day(office.end)}" if office.end else f"since {day(office.start)}"
    )
    return Term(office.label, when, web_address(office.source))


def _description(who: Speaker, held: tuple[Office, ...]) -> str:
    """Return the page in a sentence, for lists of search engines."""
    titles = [office.label for office in held if not office.end][:2]
    name = one_line(", ".join([who.name, *titles]))
    if not who.quotes:
        return f"{name}: no quotes yet."
    first, last = who.first_day, who.last_day
    when = f" of {day(last)}" if first == last else f" from {day(first)} to {day(last)}"
    return (
        f"{name}: {amount(who.quotes)}{when if last else ''}, each with its place in its article."
    )


def _json_ld(who: Speaker, held: tuple[Office, ...], links: Links) -> str:
    return profile(
        who.name,
        "Organization" if who.kind == "organization" else "Person",
        links.absolute(links.page("speaker", who.slug)),
        who.wikidata,
        [office.label for office in held if not office.end],
    )


def _timeline(links: Links, asked: Question, found: Found) -> tuple[Period, ...]:
    def link(first: str, last: str) -> str:
        return links.search(asked.within(first, last))

    return periods(found.days, link)


def _charts(links: Links, asked: Question, found: Found) -> Iterator[Chart]:
    for name, (title, of) in _CHARTS.items():
        items = tuple(
            Item(
                value_label(name, value.label),
                value.count,
                links.search(asked.having(name, value.value)),
            )
            for value in found.facets[name]
        )
        if items:
            yield Chart(title, of, items)


def _most_reported(connection: sqlite3.Connection, who: Speaker) -> tuple[Hit, ...]:
    """Return the statements that are in most articles, of each its newest quote."""
    ids: dict[str, int] = {}
    for number, words in connection.execute(_MOST_REPORTED, [who.id]):
        ids.setdefault(words, number)
        if len(ids) == _REPORTED:
            break
    return by_id(connection, list(ids.values()))
