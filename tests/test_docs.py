from __future__ import annotations

import runpy
import sqlite3
from contextlib import closing
from pathlib import Path

import yaml

ROOT = Path(__file__).parent.parent


def test_the_schema_page_is_current() -> None:
    page = runpy.run_path(str(ROOT / "docs" / "schema.py"))["page"]()
    assert (ROOT / "docs" / "schema.md").read_text("utf-8") == page, "run: just docs"


def test_every_table_and_column_is_described_and_no_other() -> None:
    metadata = yaml.safe_load((ROOT / "metadata.yml").read_text("utf-8"))
    described = {
        (table, column)
        for table, facts in metadata["databases"]["quotes"]["tables"].items()
        for column, description in {"": facts["description"], **facts["columns"]}.items()
        if description
    }
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript((ROOT / "quotes" / "schema.sql").read_text("utf-8"))
        tables = [name for (name,) in connection.execute("SELECT name FROM pragma_table_list")]
        existing = {
            (table, column)
            for table in tables
            if not table.startswith("sqlite_")
            for column in [
                "",
                *(row[1] for row in connection.execute(f"PRAGMA table_xinfo({table})")),
            ]
        }
    assert described == existing
