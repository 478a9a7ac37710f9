"""How programs get the data, with examples that work on this server."""

from __future__ import annotations

import json
import shlex
import sqlite3
from dataclasses import dataclass

from quotes.plugin.asking.question import FILTERS, LAST_PAGE, PAGE_SIZE, Question
from quotes.plugin.formats.exports import FIELDS
from quotes.plugin.links import Links
from quotes.plugin.lookup.hits import newest
from quotes.plugin.lookup.speakers import most_quoted
from quotes.plugin.pages.dump import TABLES
from quotes.plugin.respond import Page, Visit

_SQL = "SELECT name, quotes FROM speakers ORDER BY quotes DESC LIMIT 5"


@dataclass(frozen=True, slots=True)
class Example:
    """An address of this server, whole: as it is, and quoted for programs and for a shell."""

    address: str

    @property
    def string(self) -> str:
        """A string in Python, JavaScript and R."""
        return json.dumps(self.address)

    @property
    def word(self) -> str:
        """A word in a shell."""
        return shlex.quote(self.address)


def api(connection: sqlite3.Connection, visit: Visit) -> Page:
    """Return the page; its examples are of the speaker who is quoted most."""
    links = visit.links
    speakers = most_quoted(connection, 1)
    asked = Question().having("speaker", speakers[0].slug) if speakers else Question()
    return Page(
        "api.html",
        {
            "asked": asked,
            "examples": {
                form: Example(links.absolute(links.search(asked, form)))
                for form in ("json", "ndjson", "csv")
            },
            "dumped": Example(links.absolute(links.page("dump", "spans.csv"))),
            "speaker": speakers[0] if speakers else None,
            "quote": next(iter(newest(connection, asked, 1)), None),
            "filters": FILTERS,
            "fields": FIELDS,
            "dumps": TABLES,
            "page_size": PAGE_SIZE,
            "last_page": LAST_PAGE,
            **_tables(links),
        },
    )


def _tables(links: Links) -> dict[str, str]:
    """Return addresses of Datasette's pages, which answer with JSON."""
    return {
        "rows": links.table("quotes.json", _shape="array", _size="5"),
        "sql": links.page(f"{links.database}.json", sql=_SQL, _shape="array"),
        "builds": links.table("builds.json", _shape="array", _sort_desc="id", _size="1"),
    }
