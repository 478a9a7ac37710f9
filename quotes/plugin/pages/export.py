"""A search for programs: a page of its hits as JSON, and all of them as CSV and NDJSON."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import asdict, replace

from quotes.plugin.asking.question import PAGE_SIZE, question
from quotes.plugin.formats.exports import (
    FIELDS,
    MEDIA_TYPES,
    lines_of_csv,
    lines_of_json,
    record,
    row,
)
from quotes.plugin.lookup.hits import find, in_order
from quotes.plugin.respond import Document, Visit
from quotes.plugin.stream import ROWS, Batch, Key, Stream


def search_json(connection: sqlite3.Connection, visit: Visit) -> Document:
    """Return a page of a search: how many fit, counts by filter, and hits."""
    asked = question(visit.arguments)
    found = find(connection, asked)
    following = replace(asked, page=asked.page + 1)
    more = asked.page * PAGE_SIZE < found.reachable
    answer = {
        "query": asked.arguments,
        "ignored": asked.ignored,
        "total": found.total,
        "reachable": found.reachable,
        "estimated": found.about,
        "page": asked.page,
        "next": visit.links.absolute(visit.links.search(following, "json")) if more else None,
        "facets": {name: [asdict(v) for v in values] for name, values in found.facets.items()},
        "quotes": [record(hit, visit.links) for hit in found.hits],
    }
    return Document(json.dumps(answer, indent=1) + "\n", "application/json")


def search_all(connection: sqlite3.Connection, visit: Visit, size: int = ROWS) -> Stream:
    """Return all hits of a search in order of days, *size* at a time."""
    asked = question(visit.arguments)
    form = visit.path["form"]

    def batch(connection: sqlite3.Connection, after: Key, head: bool = False) -> Batch:
        hits = in_order(connection, asked, int(after[0]), size)
        if form == "csv":
            text = lines_of_csv(tuple(FIELDS), (row(hit, visit.links) for hit in hits), head)
        else:
            text = lines_of_json(record(hit, visit.links) for hit in hits)
        return Batch(text, (hits[-1].id,) if hits else None)

    first = batch(connection, (0,), head=True)
    return Stream(first, batch, MEDIA_TYPES[form], f"quotes-search.{form}")
