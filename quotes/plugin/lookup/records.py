"""Quotes, articles and speakers as pages show them, read from the tables."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass

from quotes.plugin.asking.words import Words

# Noncharacters: Unicode keeps them out of texts, for uses such as this.
OPEN, CLOSE = "\ufdd0", "\ufdd1"
_MARKED = (
    10_000  # characters of a text in which words are marked: FTS5 takes minutes for a long one
)
SAME_WORDS = """lower(trim({}, ' "“”‘’.,;:!?'))"""  # as in quotes/index.sql
TOKENIZE = "porter unicode61 remove_diacritics 2"  # as in quotes/index.sql
_HITS = """
SELECT chronicle.id, quotes.uid, articles.uid AS article_uid, day, said_on,
  speakers.name AS speaker, speakers.slug AS speaker_slug, quotes.kind, quotes.text, verbatim, source, cue,
  quotes.act, method, addressees.name AS addressee, addressees.slug AS addressee_slug, quotes.channel,
  relayed_by, chronicle.countries, reports, confidence, start, "end", title, chronicle.publisher, published, url
FROM chronicle
JOIN quotes ON quotes.id = quote_id
JOIN articles ON articles.id = quotes.article_id
LEFT JOIN speakers ON speakers.id = quotes.speaker_id
LEFT JOIN speakers AS addressees ON addressees.id = quotes.addressee_id
WHERE chronicle.id IN (SELECT value FROM json_each(?))
"""


@dataclass(frozen=True, slots=True)
class Hit:
    """A quote that fits; fields as in the tables (``docs/schema.md``), None: not known.

    Args:
        id: place in the order of days.
        day: when it was said, else when it was published.
        countries: codes of the countries it speaks of.
        reports: in how many articles this speaker is quoted with these words.
        marked: ``text`` with ``OPEN`` and ``CLOSE`` around the words that were looked for.
    """

    id: int
    uid: str
    article_uid: str
    day: str | None
    said_on: str | None
    speaker: str | None
    speaker_slug: str | None
    kind: str
    text: str
    verbatim: str | None
    source: str | None
    cue: str | None
    act: str | None
    method: str | None
    addressee: str | None
    addressee_slug: str | None
    channel: str | None
    relayed_by: str | None
    countries: str | None
    reports: int
    confidence: float
    start: int
    end: int
    title: str | None
    publisher: str | None
    published: str | None
    url: str | None
    marked: str


def by_id(
    connection: sqlite3.Connection, ids: Sequence[int], words: Words | None = None
) -> tuple[Hit, ...]:
    """Return the quotes at these places in the order of days, in the order of *ids*."""
    rows = connection.execute(_HITS, [json.dumps(list(ids))]).fetchall()
    texts = {row[0]: row[8] for row in rows}
    marked = texts | (_marked(texts, words.wanted) if words and words.wanted else {})
    found = {row[0]: Hit(*(*row, marked[row[0]])) for row in rows}
    return tuple(found[number] for number in ids if number in found)


def _marked(texts: Mapping[int, str], wanted: str) -> dict[int, str]:
    """Return texts with marks around the words that an FTS5 expression looks for, near their beginning.

    A small index of these alone: to ask the large one for each would look every word up each time.
    """
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(f"CREATE VIRTUAL TABLE page USING fts5(text, tokenize = '{TOKENIZE}')")
        beginnings = ((number, text[:_MARKED]) for number, text in texts.items())
        connection.executemany("INSERT INTO page(rowid, text) VALUES (?, ?)", beginnings)
        sql = "SELECT rowid, highlight(page, 0, ?, ?) FROM page WHERE page MATCH ?"
        rows = connection.execute(sql, (OPEN, CLOSE, wanted))
        return {number: marked + texts[number][_MARKED:] for number, marked in rows}
