"""Whole tables for programs, without limit, as NDJSON and CSV: rows in order of their keys."""

from __future__ import annotations

import sqlite3

from quotes.plugin.formats.exports import MEDIA_TYPES, lines_of_csv, lines_of_json
from quotes.plugin.respond import Visit
from quotes.plugin.stream import ROWS, Batch, Key, Stream

# Of each table: the key that its rows are in order of, and how to get those behind one. Rows refer to
# each other by lasting keys, as numbers change with a build. CROSS JOIN: not to be put in another order.
_KEYS: dict[str, tuple[str, ...]] = {
    "quotes": ("quotes.id",),
    "spans": ("spans.quote_id", "spans.role", "spans.start"),
    "articles": ("articles.id",),
    "speakers": ("speakers.id",),
}
_ROWS = {
    "quotes": """
        quotes.uid, articles.uid AS article_uid, speakers.slug AS speaker_slug, quotes.kind, quotes.text,
        quotes.verbatim, quotes.source, quotes.cue, quotes.act, quotes.method, outers.uid AS outer_uid,
        addressees.slug AS addressee_slug, quotes.channel, quotes.relayed_by, quotes.said_on,
        (SELECT group_concat(country, ' ') FROM mentions WHERE quote_id = quotes.id) AS countries,
        quotes.position, quotes.paragraph, quotes.start, quotes."end", quotes.confidence
        FROM quotes
        CROSS JOIN articles ON articles.id = quotes.article_id
        LEFT JOIN speakers ON speakers.id = quotes.speaker_id
        LEFT JOIN speakers AS addressees ON addressees.id = quotes.addressee_id
        LEFT JOIN quotes AS outers ON outers.id = quotes.outer_id
    """,
    "spans": """
        quotes.uid AS quote_uid, role, spans.start, spans."end"
        FROM spans CROSS JOIN quotes ON quotes.id = quote_id
    """,
    "articles": "uid, url, title, publisher, author, place, published, language FROM articles",
    "speakers": """
        slug, name, kind, country, wikidata, listed, quotes, first_day, last_day FROM speakers
    """,
}
TABLES = tuple(_ROWS)


def dump(connection: sqlite3.Connection, visit: Visit, size: int = ROWS) -> Stream:
    """Return a table, *size* rows at a time."""
    table, form = visit.path["table"], visit.path["form"]

    def batch(connection: sqlite3.Connection, after: Key | None) -> Batch:
        cursor = connection.execute(_sql(table, after is None), [*(after or ()), size])
        width = len(_KEYS[table])
        names = [column[0] for column in cursor.description][width:]
        found = cursor.fetchall()
        rows = [row[width:] for row in found]
        if form == "csv":
            text = lines_of_csv(names, rows, head=after is None)
        else:
            text = lines_of_json(dict(zip(names, row, strict=True)) for row in rows)
        return Batch(text, found[-1][:width] if found else None)

    return Stream(batch(connection, None), batch, MEDIA_TYPES[form], f"{table}.{form}")


def _sql(table: str, first: bool) -> str:
    """Return the query for the first rows of a table, or for those behind a key."""
    key = ", ".join(_KEYS[table])
    behind = "" if first else f"WHERE ({key}) > ({', '.join('?' * len(_KEYS[table]))})"
    return f"SELECT {key}, {_ROWS[table]} {behind} ORDER BY {key} LIMIT ?"
