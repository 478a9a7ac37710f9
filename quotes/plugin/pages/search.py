"""The search: hits with their words marked, filters with counts, a timeline."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, replace

from quotes.plugin.asking.plain import readings
from quotes.plugin.asking.question import FILTERS, PAGE_SIZE, Question, Sort, question
from quotes.plugin.asking.spelling import nearest
from quotes.plugin.charts.periods import Period, periods
from quotes.plugin.environment import number
from quotes.plugin.lookup.hits import Found, count, find, newest
from quotes.plugin.lookup.labels import label_of
from quotes.plugin.lookup.records import Hit
from quotes.plugin.paging import Step, steps
from quotes.plugin.phrases import value_label
from quotes.plugin.respond import Page, Visit

_SHOWN = 6  # values of a facet before "more"
_GROUPS, _IN_A_GROUP = 10, 3
_ORDERS: dict[Sort, str] = {
    "best": "Best first",
    "newest": "Newest first",
    "oldest": "Oldest first",
}


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to click on: its words and what it asks.

    Args:
        name: the filter that a choice is of.
        count: how many hits it leads to.
        chosen: whether it is what is shown.
    """

    label: str
    asked: Question
    name: str = ""
    count: int = 0
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Facet:
    """A filter that is not in use, and its values: the first ones, and those behind "more"."""

    name: str
    label: str
    first: tuple[Choice, ...]
    more: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """A speaker's hits: the newest of them."""

    label: str
    asked: Question
    count: int
    hits: tuple[Hit, ...]


def search(connection: sqlite3.Connection, visit: Visit) -> Page:
    """Return the page of a search; whatever is asked, there is one."""
    asked = question(visit.arguments)
    found = find(connection, asked)
    meant = _meant(connection, asked)
    notices = _notices(asked)
    if not found.total and meant:
        notices = (*notices, f"No quote has all the words “{asked.typed}”. Did you mean these?")
        asked, found, meant = meant.asked, find(connection, meant.asked), None
    return Page(
        "search.html",
        {
            "asked": asked,
            "first": replace(asked, page=1),
            "found": found,
            "heading": _heading(asked, found),
            "notices": notices,
            "meant": meant,
            "chips": tuple(_chips(connection, asked)),
            "kept": [(n, v) for n, v in asked.arguments.items() if n != "page"],
            "orders": tuple(_orders(asked)),
            "facets": tuple(_facets(asked, found)),
            "timeline": _timeline(visit, asked, found),
            "groups": tuple(_groups(connection, asked, found)) if asked.by_speaker else (),
            "pages": () if asked.by_speaker else _pages(visit, asked, found),
            "suggestion": None if found.total else _suggestion(connection, asked),
        },
    )


def _heading(asked: Question, found: Found) -> str:
    count = "1 quote" if found.total == 1 else f"{number(found.total)} quotes"
    return f"{count} for {asked.typed}" if asked.typed else count


def _meant(connection: sqlite3.Connection, asked: Question) -> Choice | None:
    """Return what the words may mean with a speaker's name in them, if that has hits."""
    for reading in readings(connection, asked):
        total = count(connection, reading)
        if total:
            who = [f"{FILTERS[n]} {label_of(connection, n, v)}" for n, v in reading.filters]
            words = [f"words “{reading.typed}”"] if reading.typed else []
            return Choice(", ".join(who + words), reading, count=total)
    return None


def _suggestion(connection: sqlite3.Connection, asked: Question) -> Question | None:
    """Return the question in near words, without its filters if that needs be; None: no hits either."""
    near = nearest(connection, asked)
    every = (near, near.bare()) if near else ()
    return next((one for one in every if count(connection, one)), None)


def _notices(asked: Question) -> tuple[str, ...]:
    cut = ("So much was typed that only its beginning is looked for.",) if asked.words.cut else ()
    empty = bool(asked.typed) and not asked.words
    nothing = ("There is no word to look for in what was typed.",) if empty else ()
    return (*(f"{line}: it is left out." for line in asked.ignored), *cut, *nothing)


def _chips(connection: sqlite3.Connection, asked: Question) -> Iterator[Choice]:
    for name, value in asked.filters:
        label = label_of(connection, name, value)
        yield Choice(label, asked.lacking(name), FILTERS[name])
    for name, day in (("from", asked.since), ("to", asked.until)):
        if day:
            yield Choice(day, asked.lacking(name), name.capitalize())


def _orders(asked: Question) -> Iterator[Choice]:
    for sort, label in _ORDERS.items():
        chosen = sort == asked.order and not asked.by_speaker
        changed = replace(asked, sort=sort, by_speaker=False, page=1)
        yield Choice(label, changed, chosen=chosen)
    yield Choice("By speaker", replace(asked, by_speaker=True, page=1), chosen=asked.by_speaker)


def _facets(asked: Question, found: Found) -> Iterator[Facet]:
    for name, values in found.facets.items():
        if values and not asked.value(name):
            choices = tuple(
                Choice(value_label(name, v.label), asked.having(name, v.value), name, v.count)
                for v in values
            )
            yield Facet(name, FILTERS[name], choices[:_SHOWN], choices[_SHOWN:])


def _timeline(visit: Visit, asked: Question, found: Found) -> tuple[Period, ...]:
    def link(first: str, last: str) -> str:
        return visit.links.search(asked.within(first, last))

    return periods(found.days, link)


def _groups(connection: sqlite3.Connection, asked: Question, found: Found) -> Iterator[Group]:
    for value in found.facets["speaker"][:_GROUPS]:
        theirs = replace(asked.having("speaker", value.value), by_speaker=False)
        yield Group(value.label, theirs, value.count, newest(connection, theirs, _IN_A_GROUP))


def _pages(visit: Visit, asked: Question, found: Found) -> tuple[Step, ...]:
    def link(page: int) -> str:
        return visit.links.search(replace(asked, page=page))

    return steps(asked.page, found.reachable, PAGE_SIZE, link)
