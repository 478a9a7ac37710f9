"""What people call the values of filters."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable

from quotes.plugin.asking.question import NOBODY
from quotes.plugin.phrases import value_label

_SPEAKERS = "SELECT id, slug, name FROM speakers WHERE id IN (SELECT value FROM json_each(?))"
_BY_KEY = {
    "speaker": f"SELECT '{NOBODY}', '{NOBODY}', 'Not known' UNION ALL {_SPEAKERS}",
    "addressee": _SPEAKERS,
    "country": "SELECT code, code, name FROM countries"
    " WHERE code IN (SELECT value FROM json_each(?))",
}
_BY_VALUE = {
    "speaker": "SELECT name FROM speakers WHERE slug = ?",
    "addressee": "SELECT name FROM speakers WHERE slug = ?",
    "country": "SELECT name FROM countries WHERE code = ?",
}


def labels(
    connection: sqlite3.Connection, name: str, keys: Iterable[str]
) -> dict[str, tuple[str, str]]:
    """Return the value in addresses, and what people call it, of keys as the tables have them."""
    known = {key: (key, key) for key in keys}
    if name in _BY_KEY:
        rows = connection.execute(_BY_KEY[name], [json.dumps(list(known))])
        known |= {str(key): (value, label) for key, value, label in rows}
    return known


def label_of(connection: sqlite3.Connection, name: str, value: str) -> str:
    """Return what people call a filter's value; itself, where it is not known."""
    if name == "speaker" and value == NOBODY:
        return "not known"
    if name not in _BY_VALUE:
        return value_label(name, value)
    row = connection.execute(_BY_VALUE[name], [value]).fetchone()
    return str(row[0]) if row else value
