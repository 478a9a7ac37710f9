"""All speakers who are quoted: by number of quotes, by name, by day; by kind, country, letter."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, replace

from quotes.plugin.environment import number
from quotes.plugin.links import Links
from quotes.plugin.lookup.roll import (
    KINDS,
    OTHER,
    SIZE,
    Counts,
    Wanted,
    counts,
    is_code,
    page,
    wanted,
)
from quotes.plugin.lookup.speakers import folded
from quotes.plugin.paging import steps
from quotes.plugin.respond import Page, Visit

_ORDERS = {"quotes": "Most quoted", "name": "By name", "last": "Last quoted"}


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to choose; ``link``: None where it is what is shown; ``count``: None if it says nothing."""

    label: str
    link: str | None
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Option:
    """A value of a field to choose from."""

    value: str
    label: str
    chosen: bool


def speakers(connection: sqlite3.Connection, visit: Visit) -> Page:
    """Return the list of speakers; whatever is asked, there is one."""
    asked = wanted(visit.arguments)
    found = counts(connection, asked)
    names = dict(connection.execute("SELECT code, name FROM countries").fetchall())
    return Page(
        "speakers.html",
        {
            "asked": asked,
            "total": found.total,
            "heading": _heading(asked, found, names),
            "nothing_typed": bool(asked.typed) and not folded(asked.typed),
            "speakers": page(connection, asked),
            "orders": tuple(_orders(visit.links, asked)),
            "letters": tuple(_letters(visit.links, asked, found)),
            "kinds": tuple(_kinds(asked, found)),
            "countries": tuple(_countries(asked, found, names)),
            "first": _link(visit.links, replace(asked, page=1)),
            "steps": steps(
                asked.page, found.total, SIZE, lambda n: _link(visit.links, replace(asked, page=n))
            ),
        },
    )


def _link(links: Links, asked: Wanted) -> str:
    return links.page("speakers", **asked.arguments)


def _heading(asked: Wanted, found: Counts, names: dict[str, str]) -> str:
    singular = asked.kind or "speaker"
    parts = [f"{number(found.total)} {singular}{'' if found.total == 1 else 's'}"]
    if asked.country:
        parts.append(f"of {names.get(asked.country, asked.country)}")
    if asked.letter:
        parts.append("under " + asked.letter)
    if asked.typed:
        parts.append(f"named {asked.typed}")
    return " ".join(parts)


def _orders(links: Links, asked: Wanted) -> Iterator[Choice]:
    for sort, label in _ORDERS.items():
        chosen = sort == asked.sort
        yield Choice(label, None if chosen else _link(links, replace(asked, sort=sort, page=1)))


def _letters(links: Links, asked: Wanted, found: Counts) -> Iterator[Choice]:
    """Yield the letters that names begin with, all of them first and other signs last."""
    every = replace(asked, letter="", page=1)
    yield Choice("All", _link(links, every) if asked.letter else None)
    for letter in [*sorted({*found.letters, asked.letter} - {"", OTHER}), OTHER]:
        count = found.letters.get(letter, 0)
        chosen = letter == asked.letter
        if count or chosen:
            link = None if chosen else _link(links, replace(asked, letter=letter, page=1))
            yield Choice(letter, link, count)


def _kinds(asked: Wanted, found: Counts) -> Iterator[Option]:
    for kind in KINDS:
        label = f"{kind.capitalize()}s ({number(found.kinds.get(kind, 0))})"
        yield Option(kind, label, kind == asked.kind)


def _countries(asked: Wanted, found: Counts, names: dict[str, str]) -> Iterator[Option]:
    codes = filter(is_code, {*found.countries, asked.country})
    for name, code in sorted((names.get(code, code), code) for code in codes):
        label = f"{name} ({number(found.countries.get(code, 0))})"
        yield Option(code, label, code == asked.country)
