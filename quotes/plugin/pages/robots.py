"""What crawlers may read: every quote, article and speaker, but not every search."""

from __future__ import annotations

import sqlite3

from quotes.plugin.respond import Document, Visit


def robots(connection: sqlite3.Connection, visit: Visit) -> Document:  # noqa: ARG001  (as every page)
    """Return the rules for crawlers: no searches and comparisons, which have no end, and no tables."""
    links = visit.links
    closed = (
        *(links.page("search") + end for end in ("?", ".")),
        links.page("compare") + "?",
        *(links.page(folder, "") for folder in ("-", "dump", links.database)),
    )
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed)]
    sitemap = f"Sitemap: {links.absolute(links.page('sitemap.xml'))}"
    return Document("\n".join([*lines, "", sitemap, ""]), "text/plain")
