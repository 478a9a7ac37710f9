"""Atom feeds of the newest quotes: of all, of any search, of a speaker."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace

from quotes.plugin.asking.question import NOBODY, Question, question
from quotes.plugin.citing.citable import one_line
from quotes.plugin.environment import day
from quotes.plugin.formats.atom import MEDIA_TYPE, Entry, Feed, atom
from quotes.plugin.links import Links
from quotes.plugin.lookup.hits import newest
from quotes.plugin.lookup.labels import label_of
from quotes.plugin.lookup.records import Hit
from quotes.plugin.respond import Document, Page, Visit, message

LATEST = 50  # entries of a feed
_TITLE = 100  # characters of a quote in its entry's title


def feed(connection: sqlite3.Connection, visit: Visit) -> Document:
    """Return the feed of all quotes."""
    links = visit.links
    return _feed(
        connection, links, Question(), "Quotes", links.page("feed.atom"), links.page("search")
    )


def search_atom(connection: sqlite3.Connection, visit: Visit) -> Document:
    """Return the feed of a search."""
    links = visit.links
    asked = replace(question(visit.arguments), sort=None, by_speaker=False, page=1)
    title = ", ".join(["Quotes", *_parts(connection, asked)])
    return _feed(connection, links, asked, title, links.search(asked, "atom"), links.search(asked))


def speaker_atom(connection: sqlite3.Connection, visit: Visit) -> Document | Page:
    """Return the feed of a speaker."""
    slug, links = visit.path["slug"], visit.links
    row = connection.execute("SELECT name FROM speakers WHERE slug = ?", [slug]).fetchone()
    if row is None:
        return message("No such speaker", "There is nobody at this address.")
    asked = Question().having("speaker", slug)
    path = links.page("speaker", f"{slug}.atom")
    return _feed(connection, links, asked, f"Quotes by {row[0]}", path, links.page("speaker", slug))


def _feed(
    connection: sqlite3.Connection, links: Links, asked: Question, title: str, path: str, page: str
) -> Document:
    """Return what fits as a feed that is at *path* and whose page for people is at *page*."""
    (built,) = connection.execute("SELECT max(finished) FROM builds").fetchone()
    address = links.absolute(path)
    made = Feed(
        id=address,
        title=one_line(title),
        link=links.absolute(page),
        self_link=address,
        author="Quotes",
        updated=built,
        entries=tuple(_entry(hit, links) for hit in newest(connection, asked, LATEST)),
    )
    return Document(atom(made), MEDIA_TYPE)


def _entry(hit: Hit, links: Links) -> Entry:
    who = one_line(hit.speaker or hit.source) or "Unknown"
    text = one_line(hit.text)
    short = text if len(text) <= _TITLE else text[:_TITLE].rstrip() + "…"
    said = f"on {day(hit.said_on)}" if hit.said_on else ""
    address = links.absolute(links.page("quote", hit.uid))
    return Entry(
        id=address,
        title=f"{who}: {short}",
        link=address,
        updated=hit.published,
        published=hit.published,
        author=who,
        summary=" ".join(part for part in (text, f"– {who}", said, _place(hit)) if part),
    )


def _place(hit: Hit) -> str:
    place = ", ".join(
        part for part in (one_line(hit.publisher), hit.published and day(hit.published)) if part
    )
    return f"({place})" if place else ""


def _parts(connection: sqlite3.Connection, asked: Question) -> Iterator[str]:
    """Yield what is asked, in words."""
    if asked.typed:
        yield asked.typed
    for name, value in asked.filters:
        nobody = name == "speaker" and value == NOBODY
        yield "speaker not known" if nobody else label_of(connection, name, value)
    if asked.since:
        yield f"from {asked.since}"
    if asked.until:
        yield f"to {asked.until}"
