"""A quote or an article as it is read: its parts, how its speaker was found, what stands beside it."""

from __future__ import annotations

import re
import sqlite3
from dataclasses import dataclass

from quotes.plugin.lookup.offices import Office, office, offices_on
from quotes.plugin.lookup.records import SAME_WORDS, Hit, by_id
from quotes.plugin.texts.extents import last_word, next_word

_TAG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_BESIDE = 45  # characters on either side of a mention
_ARTICLE = """
SELECT id, uid, url, title, publisher, author, place, published, language, text FROM articles WHERE
"""
_NEIGHBOUR = """
SELECT quotes.uid, position, quotes.text, speakers.name, quotes.source
FROM quotes LEFT JOIN speakers ON speakers.id = speaker_id WHERE
"""
# Told which index: where hardly a quote stands in another, SQLite thinks little of it.
_INNER = (
    "quotes.id IN (SELECT id FROM quotes INDEXED BY quotes_outer WHERE outer_id = ?)"
    " ORDER BY position LIMIT 50"
)
_BEFORE = "article_id = ? AND position < ? ORDER BY position DESC LIMIT 1"
_AFTER = "article_id = ? AND position > ? ORDER BY position LIMIT 1"
# Those with the same words have the same number of reports (quotes/index.sql): few, by chronicle_speaker.
_REPORTS = f"""
SELECT chronicle.id FROM chronicle JOIN quotes ON quotes.id = quote_id
WHERE chronicle.speaker_id = :speaker AND reports = :reports
  AND chronicle.article_id <> :article
  AND {SAME_WORDS.format("text")} = {SAME_WORDS.format(":text")}
LIMIT :limit
"""  # noqa: S608  (our own words)
_QUOTES = """
SELECT quotes.id, quotes.uid, position, quotes.kind, start, "end", said_on, coalesce(said_on, published),
  speakers.name, slug, quotes.source
FROM quotes JOIN articles ON articles.id = article_id LEFT JOIN speakers ON speakers.id = speaker_id
WHERE article_id = :article AND start < :end AND "end" > :start ORDER BY position
"""


@dataclass(frozen=True, slots=True)
class Span:
    """A part of a quote in its article; *role*: source, cue or content."""

    role: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Step:
    """A mention on the way from a quote's source to its speaker.

    Args:
        words: the mention; *before*, *after*: some words beside it, in the same line.
        office: the office that decided, None where none did.
    """

    method: str
    start: int
    end: int
    before: str
    words: str
    after: str
    office: Office | None


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Another quote of the same article; *speaker*: its name, *source*: as printed."""

    uid: str
    position: int
    text: str
    speaker: str | None
    source: str | None


@dataclass(frozen=True, slots=True)
class Article:
    """An article; fields as in the table, None: not known."""

    id: int
    uid: str
    url: str | None
    title: str | None
    publisher: str | None
    author: str | None
    place: str | None
    published: str | None
    language: str | None
    text: str

    @property
    def tag(self) -> str | None:
        """The language, where browsers can understand it."""
        return self.language if _TAG.fullmatch(self.language or "") else None


@dataclass(frozen=True, slots=True)
class Reading:
    """A quote with all that is known of it.

    Args:
        id: row in the table quotes.
        hit: the quote.
        position, paragraph: its place in the article.
        speaker_id, speaker_kind, wikidata: of its speaker.
        spans: its parts, in the order of the text.
        offices: those that its speaker held on its day.
        steps: how its speaker was found.
        countries: code and name of those it speaks of.
        outer: the quote that it stands in; *inner*: those that stand in it.
        before, after: the quotes beside it in the article.
    """

    id: int
    hit: Hit
    article: Article
    position: int
    paragraph: int
    speaker_id: int | None
    speaker_kind: str | None
    wikidata: str | None
    spans: tuple[Span, ...]
    offices: tuple[Office, ...]
    steps: tuple[Step, ...]
    countries: tuple[tuple[str, str], ...]
    outer: Neighbour | None
    inner: tuple[Neighbour, ...]
    before: Neighbour | None
    after: Neighbour | None


@dataclass(frozen=True, slots=True)
class Quote:
    """A quote to be marked in its article; *day*: when it was said, else when it was published."""

    id: int
    uid: str
    position: int
    kind: str
    start: int
    end: int
    said_on: str | None
    day: str | None
    speaker: str | None
    slug: str | None
    source: str | None


def reading(connection: sqlite3.Connection, uid: str) -> Reading | None:
    """Return the quote with this key, None if there is none."""
    row = connection.execute(
        "SELECT quotes.id, chronicle.id, quotes.article_id, position, paragraph, quotes.speaker_id,"
        " speakers.kind, wikidata, outer_id FROM quotes JOIN chronicle ON quote_id = quotes.id"
        " LEFT JOIN speakers ON speakers.id = quotes.speaker_id WHERE quotes.uid = ?",
        [uid],
    ).fetchone()
    if row is None:
        return None
    number, place, article_id, position, paragraph, speaker, kind, wikidata, outer = row
    (hit,) = by_id(connection, [place])
    (article,) = _articles(connection, "id = ?", article_id)
    return Reading(
        id=number,
        hit=hit,
        article=article,
        position=position,
        paragraph=paragraph,
        speaker_id=speaker,
        speaker_kind=kind,
        wikidata=wikidata,
        spans=_spans(connection, number) or (Span("content", hit.start, hit.end),),
        offices=offices_on(connection, speaker, hit.day),
        steps=_steps(connection, number, article.text),
        countries=_countries(connection, number),
        outer=next(iter(_neighbours(connection, "quotes.id = ?", outer)), None),
        inner=_neighbours(connection, _INNER, number),
        before=next(iter(_neighbours(connection, _BEFORE, article_id, position)), None),
        after=next(iter(_neighbours(connection, _AFTER, article_id, position)), None),
    )


def article(connection: sqlite3.Connection, uid: str) -> Article | None:
    """Return the article with this key, None if there is none."""
    return next(iter(_articles(connection, "uid = ?", uid)), None)


def marked_quotes(
    connection: sqlite3.Connection, article_id: int, start: int, end: int
) -> tuple[tuple[Quote, tuple[Span, ...]], ...]:
    """Return the quotes in a part of an article, in its order, with all their spans."""
    bound = {"article": article_id, "start": start, "end": end}
    found = tuple(Quote(*row) for row in connection.execute(_QUOTES, bound))
    return tuple(
        (quote, _spans(connection, quote.id) or (Span("content", quote.start, quote.end),))
        for quote in found
    )


def reported_too(
    connection: sqlite3.Connection, quote: Reading, limit: int = 20
) -> tuple[Hit, ...]:
    """Return where the speaker is quoted with the same words in other articles."""
    if quote.hit.reports < 2:
        return ()
    bound = {
        "speaker": quote.speaker_id,
        "reports": quote.hit.reports,
        "article": quote.article.id,
        "text": quote.hit.text,
        "limit": limit,
    }
    return by_id(connection, [row[0] for row in connection.execute(_REPORTS, bound)])


def _articles(connection: sqlite3.Connection, where: str, key: str | int) -> tuple[Article, ...]:
    rows = connection.execute(_ARTICLE + where, [key])
    return tuple(Article(*row) for row in rows)


def _spans(connection: sqlite3.Connection, quote_id: int) -> tuple[Span, ...]:
    rows = connection.execute(
        'SELECT role, start, "end" FROM spans WHERE quote_id = ? ORDER BY start, role', [quote_id]
    )
    return tuple(Span(*row) for row in rows)


def _steps(connection: sqlite3.Connection, quote_id: int, text: str) -> tuple[Step, ...]:
    rows = connection.execute(
        'SELECT method, start, "end", office_id FROM evidence WHERE quote_id = ? ORDER BY step',
        [quote_id],
    ).fetchall()
    found = []
    for method, start, end, office_id in rows:
        before = text[next_word(text, max(0, start - _BESIDE), start) : start]
        after = text[end : last_word(text, min(len(text), end + _BESIDE), end)]
        before, after = before.rpartition("\n")[2], after.partition("\n")[0]
        decided = office(connection, office_id)
        found.append(Step(method, start, end, before, text[start:end], after, decided))
    return tuple(found)


def _countries(connection: sqlite3.Connection, quote_id: int) -> tuple[tuple[str, str], ...]:
    rows = connection.execute(
        "SELECT code, name FROM mentions JOIN countries ON code = country"
        " WHERE quote_id = ? ORDER BY name",
        [quote_id],
    )
    return tuple((code, name) for code, name in rows)


def _neighbours(
    connection: sqlite3.Connection, where: str, *keys: int | None
) -> tuple[Neighbour, ...]:
    return tuple(Neighbour(*row) for row in connection.execute(_NEIGHBOUR + where, keys))
