from __future__ import annotations

import re
import runpy
import sqlite3
from contextlib import closing
from pathlib import Path

import yaml

from quotes.cli import main

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
        for name in ("schema.sql", "index.sql"):
            connection.executescript((ROOT / "quotes" / name).read_text("utf-8"))
        tables = connection.execute(
            "SELECT name FROM pragma_table_list WHERE type <> 'shadow' AND name NOT LIKE 'sqlite_%'"
        )
        hidden = 1  # as FTS5's own columns are
        existing = {
            (table, column)
            for (table,) in tables.fetchall()
            for column in [
                "",
                *(
                    row[1]
                    for row in connection.execute(f"PRAGMA table_xinfo({table})")
                    if row[6] != hidden
                ),
            ]
        }
    assert described == existing


def test_every_command_is_documented() -> None:
    page = runpy.run_path(str(ROOT / "docs" / "commands.py"))["page"]()
    assert (ROOT / "docs" / "commands.md").read_text("utf-8") == page, "run: just docs"
    for name, command in main.commands.items():
        assert f"## quotes {name}\n" in page
        for parameter in command.params:
            assert all(option in page for option in parameter.opts if option.startswith("--"))
        assert command.epilog, f"quotes {name} --help shows no example"
        assert command.epilog.startswith(f"Example: quotes {name} ")


def test_every_dependency_has_its_reason() -> None:
    project = (ROOT / "pyproject.toml").read_text("utf-8")
    decisions = (ROOT / "docs" / "decisions.md").read_text("utf-8")
    names = re.findall(r'^    "([A-Za-z][\w-]*)(?:[>=].*)?",$', project, re.MULTILINE)
    assert len(names) >= 15
    assert not [name for name in names if f"`{name}`" not in decisions]


def test_the_way_through_the_house_names_every_module() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    modules = {path.stem for path in (ROOT / "quotes").glob("*.py") if path.stem[0] != "_"}
    named = set(re.findall(r"`(?:quotes/)?(\w+)", page))
    assert modules <= named
