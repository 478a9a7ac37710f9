"""All pages for crawlers: a list of lists, each of the rows of a table between two numbers."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Iterator

from markupsafe import escape

from quotes.plugin.respond import Document, Page, Visit, message

SIZE = 10_000  # addresses of a list in most; sitemaps.org allows 50,000
# Of each kind of page: its key, and the day that it is of.
_ROWS = {
    "speaker": "SELECT slug, last_day FROM speakers WHERE quotes > 0 AND id BETWEEN ? AND ?",
    "article": "SELECT uid, published FROM articles WHERE id BETWEEN ? AND ?",
    "quote": "SELECT quotes.uid, published FROM quotes"
    " CROSS JOIN articles ON articles.id = article_id WHERE quotes.id BETWEEN ? AND ?",
}
_XML = '<?xml version="1.0" encoding="UTF-8"?>\n<{0} xmlns="{1}">\n{2}</{0}>\n'
_SPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
_TIME = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d(\.\d+)?([+-]\d\d:\d\d|Z))?", re.ASCII)


def sitemap(connection: sqlite3.Connection, visit: Visit, size: int = SIZE) -> Document:
    """Return the list of lists, without those that would be empty."""
    (built,) = connection.execute("SELECT max(finished) FROM builds").fetchone()
    paths = (visit.links.page(name) for name in _lists(connection, size))
    return _document("sitemapindex", "sitemap", visit, ((path, built) for path in paths))


def sitemap_part(connection: sqlite3.Connection, visit: Visit, size: int = SIZE) -> Document | Page:
    """Return a list: the pages of a kind whose rows are between two numbers."""
    kind, part = visit.path["kind"], int(visit.path["part"])
    rows = connection.execute(_ROWS[kind], _between(part, size)).fetchall()
    if not rows:
        return message("No such list", "There are fewer pages than that.")
    pages = ((visit.links.page(kind, key), day) for key, day in rows)
    return _document("urlset", "url", visit, pages)


def _lists(connection: sqlite3.Connection, size: int) -> Iterator[str]:
    for kind, sql in _ROWS.items():
        (last,) = connection.execute(f"SELECT max(id) FROM {kind}s").fetchone()  # noqa: S608
        for part in range(1, (last or 0) // size + 2):
            if connection.execute(f"{sql} LIMIT 1", _between(part, size)).fetchone():
                yield f"sitemap-{kind}s-{part}.xml"


def _between(part: int, size: int) -> tuple[int, int]:
    return (part - 1) * size + 1, part * size


def _document(
    root: str, name: str, visit: Visit, entries: Iterable[tuple[str, str | None]]
) -> Document:
    """Return a list of paths with the times they are of, left out where that is none."""
    lines = []
    for path, time in entries:
        changed = f"<lastmod>{time}</lastmod>" if time and _TIME.fullmatch(time) else ""
        address = escape(visit.links.absolute(path))
        lines.append(f"<{name}><loc>{address}</loc>{changed}</{name}>\n")
    return Document(_XML.format(root, _SPACE, "".join(lines)), "application/xml")
