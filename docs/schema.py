"""Print the page on the schema: ``python docs/schema.py > docs/schema.md``.

Tables, types, keys and indexes come from quotes/schema.sql and index.sql, what they mean from metadata.yml.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
SCHEMA = [ROOT / "quotes" / "schema.sql", ROOT / "quotes" / "index.sql"]
METADATA = ROOT / "metadata.yml"
INTRODUCTION = """\
# Schema

*Made by `docs/schema.py` from `quotes/schema.sql`, `quotes/index.sql` and `metadata.yml`; change those.*

Every offset counts code points of `articles.text` from 0, and every span is half-open: with
`0 <= start < end`, `text[start:end]` in Python is exactly what is meant; in SQL,
`substr(text, start + 1, "end" - start)`.

`quotes_fts` is an index over `quotes.text` and `quotes.source` (SQLite's FTS5, tokenizer `porter unicode61
remove_diacritics 2`): it finds a word in any inflection, with or without its accents.
"""
INDEX = re.compile(r"^-- (?P<comment>.+)\nCREATE INDEX (?P<name>\w+)", re.MULTILINE)


def page() -> str:
    """Return the page in Markdown."""
    tables: dict[str, Any] = yaml.safe_load(METADATA.read_text("utf-8"))["databases"]["quotes"][
        "tables"
    ]
    sql = "\n".join(file.read_text("utf-8") for file in SCHEMA)
    comments = {found["name"]: found["comment"] for found in INDEX.finditer(sql)}
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(sql)
        sections = [
            "\n".join(_section(connection, name, table, comments)) for name, table in tables.items()
        ]
    return "\n".join([INTRODUCTION, *sections])


def _section(
    connection: sqlite3.Connection, name: str, table: dict[str, Any], comments: dict[str, str]
) -> Iterator[str]:
    columns = connection.execute(
        'SELECT name, type, "notnull", pk FROM pragma_table_xinfo(?) WHERE hidden <> 1', [name]
    )
    keys = connection.execute('SELECT "from", "table" FROM pragma_foreign_key_list(?)', [name])
    indexes = connection.execute(
        "SELECT name FROM pragma_index_list(?) WHERE origin = 'c' ORDER BY name", [name]
    )
    targets = dict(keys.fetchall())
    yield f"## {name}\n\n{table['description']}\n"
    yield "| column | type | what it holds |\n|---|---|---|"
    for column, kind, required, key in columns:
        facts = [kind.lower() or "words"]
        facts += ["key"] if key else [] if required else ["may be empty"]
        facts += [f"→ [{targets[column]}](#{targets[column]})"] if column in targets else []
        yield f"| `{column}` | {', '.join(facts)} | {table['columns'][column]} |"
    yield ""
    for (index,) in indexes:
        fields = connection.execute("SELECT name FROM pragma_index_info(?)", [index])
        listed = ", ".join(field for (field,) in fields)
        yield f"- Index `{index}` ({listed}): {comments[index]}"
    yield ""


if __name__ == "__main__":
    print(page(), end="")
