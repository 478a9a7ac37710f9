"""Search the quotes of a database: words and filters in, hits out, best first.

The canned query ``search`` in ``metadata.yml`` gives the same answers to the same questions.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path

from sqlite_utils import Database

from quotes.models import Kind, Span

# Noncharacters: Unicode keeps them out of texts, for uses such as this.
OPEN, CLOSE = "\ufdd0", "\ufdd1"

WITH_WORDS = """
SELECT quotes.id, highlight(quotes_fts, 0, :open, :close) AS marked, rank AS score
FROM quotes_fts JOIN quotes ON quotes.id = quotes_fts.rowid
WHERE quotes_fts MATCH :words
"""
WITHOUT_WORDS = "SELECT id, '' AS marked, 0 AS score FROM quotes WHERE true"
FILTERS = """
  AND (:kind IS NULL OR kind = :kind)
  AND (:since IS NULL OR said_on >= :since)
  AND (:until IS NULL OR said_on <= :until)
  AND (:speaker IS NULL OR speaker_id IN (
    SELECT id FROM speakers
    WHERE instr(' ' || lower(name), ' ' || lower(:speaker))
      OR instr('-' || slug, '-' || replace(lower(:speaker), ' ', '-'))
  ))
  AND (:addressee IS NULL OR addressee_id IN (
    SELECT id FROM speakers
    WHERE instr(' ' || lower(name), ' ' || lower(:addressee))
      OR instr('-' || slug, '-' || replace(lower(:addressee), ' ', '-'))
  ))
  AND (:act IS NULL OR act = lower(:act))
  AND (:channel IS NULL OR lower(channel) = lower(:channel))
  AND (:country IS NULL OR quotes.id IN (
    SELECT quote_id FROM mentions JOIN countries ON code = country
    WHERE code = upper(:country) OR lower(name) = lower(:country)
  ))
"""
_NAMES = ("speaker", "addressee", "act", "channel", "country")
BEST = " ORDER BY score, said_on DESC LIMIT :limit"
COLUMNS = """
SELECT quotes.uid, articles.uid AS article_uid, said_on, speakers.name AS speaker,
  speakers.slug AS speaker_slug, method, quotes.kind, quotes.text, verbatim, source, cue, act,
  addressees.name AS addressee, channel, relayed_by, start, "end", path, url, title, publisher,
  published, marked
FROM best JOIN quotes USING (id)
JOIN articles ON articles.id = article_id
LEFT JOIN speakers ON speakers.id = speaker_id
LEFT JOIN speakers AS addressees ON addressees.id = addressee_id
ORDER BY score, said_on DESC, quotes.id
"""


@dataclass(frozen=True, slots=True)
class Query:
    """What to look for; None: whatever.

    Args:
        words: all of them, in any inflection, in the quote or its source; between double quotation
            marks, as a phrase. Nothing, or only spaces: the newest quotes.
        speaker: how a name, or any word of it, begins, in any case; or so of a slug.
        since, until: the first and the last day it may have been said on.
        addressee: whom it was said to, as ``speaker``.
        act, channel: as in the tables, in any case.
        country: one it speaks of, by its name or code.
        limit: how many hits at most.
    """

    words: str = ""
    speaker: str | None = None
    since: date | None = None
    until: date | None = None
    kind: Kind | None = None
    addressee: str | None = None
    act: str | None = None
    channel: str | None = None
    country: str | None = None
    limit: int = 10


@dataclass(frozen=True, slots=True)
class Hit:
    """A quote that fits; fields as in the tables (``docs/schema.md``), None: not known.

    Args:
        said_on, published: ISO dates.
        start, end: in the article's text, in code points.
        marks: where in ``text`` the words were found, in code points.
    """

    uid: str
    article_uid: str
    said_on: str | None
    speaker: str | None
    speaker_slug: str | None
    method: str | None
    kind: str
    text: str
    verbatim: str | None
    source: str | None
    cue: str | None
    act: str | None
    addressee: str | None
    channel: str | None
    relayed_by: str | None
    start: int
    end: int
    path: str
    url: str | None
    title: str | None
    publisher: str | None
    published: str | None
    marks: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Hits:
    """The best hits, best first, and how many there are in all."""

    total: int
    best: tuple[Hit, ...]


def search(path: Path, query: Query) -> Hits:
    """Return what fits *query* in the database at *path*, which is only read.

    Raises:
        sqlite3.Error: the file is missing, corrupt or no database of quotes.
    """
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        connection.row_factory = sqlite3.Row
        parameters = _parameters(Database(connection), query)
        fitting = (WITH_WORDS if query.words.strip(" ") else WITHOUT_WORDS) + FILTERS
        count = "SELECT count(*) FROM (" + fitting + ")"  # noqa: S608  (constants, values are bound)
        best = "WITH best AS (" + fitting + BEST + ")" + COLUMNS
        (total,) = connection.execute(count, parameters).fetchone()
        return Hits(total, tuple(_hit(row) for row in connection.execute(best, parameters)))


def _parameters(database: Database, query: Query) -> dict[str, str | int | None]:
    return {
        # quote_fts('') is a syntax error to FTS5; an empty phrase is none.
        "words": database.quote_fts(_clean(query.words)) + ' ""',
        **{name: _clean(getattr(query, name) or "") or None for name in _NAMES},
        "since": query.since.isoformat() if query.since else None,
        "until": query.until.isoformat() if query.until else None,
        "kind": query.kind,
        "limit": query.limit,
        "open": OPEN,
        "close": CLOSE,
    }


def _clean(text: str) -> str:
    r"""Return *text* in one line and fit for SQLite, to which NUL is the end of a search.

    >>> _clean("trade\n war \udcff\0 or peace")
    'trade war ?'
    """
    return " ".join(text.partition("\0")[0].encode("utf-8", "replace").decode("utf-8").split())


def _hit(row: sqlite3.Row) -> Hit:
    columns = {name: row[name] for name in row.keys() if name != "marked"}  # noqa: SIM118
    has_marks = not any(mark in row["text"] for mark in (OPEN, CLOSE))
    return Hit(**columns, marks=tuple(_marks(row["marked"])) if has_marks else ())


def _marks(marked: str) -> Iterator[Span]:
    """Yield the stretches between OPEN and CLOSE, as offsets into the text without these.

    >>> list(_marks(f"no {OPEN}trade{CLOSE} war"))
    [Span(start=3, end=8)]
    """
    edges = [i for i, character in enumerate(marked) if character in (OPEN, CLOSE)]
    for number, (start, end) in enumerate(pairwise(edges)):
        if marked[start] == OPEN:
            yield Span(start - number, end - number - 1)
