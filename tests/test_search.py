from __future__ import annotations

import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import unicodedata
from contextlib import closing
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any

import handmade
import pytest
import yaml
from click.testing import CliRunner, Result
from datasette.utils import escape_fts
from hypothesis import given
from hypothesis import strategies as st

from quotes.cli.search import search as command
from quotes.search import CLOSE, OPEN, Hit, Query, search

METADATA = yaml.safe_load((handmade.ROOT / "metadata.yml").read_text("utf-8"))
CANNED = METADATA["databases"]["quotes"]["queries"]["search"]
CASES = [case["parameters"] | {"found": case["found"]} for case in handmade.cases("queries.jsonl")
         if case["query"] == "search"]  # fmt: skip
WORDS = st.text(max_size=300) | st.lists(
    st.sampled_from(["harvest", "bridges", '"', " ", "\n", "\0", "NEAR(", "AND", "*", "good day"])
).map("".join)


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return handmade.build(tmp_path_factory.mktemp("handmade") / "quotes.db")


def run(*arguments: object, color: bool = False) -> Result:
    return CliRunner().invoke(command, [str(argument) for argument in arguments], color=color)


def canned(db: Path, words: str) -> list[str]:
    """Return what the canned query finds, as Datasette would."""
    with closing(sqlite3.connect(db)) as connection:
        connection.create_function("escape_fts", 1, escape_fts)
        connection.row_factory = sqlite3.Row
        parameters = dict.fromkeys(CANNED["params"], "") | {"words": words}
        return [row["uid"] for row in connection.execute(CANNED["sql"], parameters)]


def query_of(case: dict[str, Any]) -> Query:
    day = {name: date.fromisoformat(case[name]) for name in ("since", "until") if name in case}
    rest = {name: case[name] for name in ("words", "speaker", "kind") if name in case}
    return Query(**rest, **day)


@pytest.mark.parametrize(
    "case",
    [c for c in CASES if all(len(c.get(name, "0000-00-00")) == 10 for name in ("since", "until"))],
    ids=json.dumps,
)
def test_what_is_found(db: Path, case: dict[str, Any]) -> None:
    hits = search(db, query_of(case))
    assert [hit.uid for hit in hits.best] == case["found"]
    assert hits.total == len(case["found"])


@given(words=WORDS)
def test_the_canned_query_finds_the_same(db: Path, words: str) -> None:
    assert [hit.uid for hit in search(db, Query(words)).best] == canned(db, words)


@given(words=WORDS, speaker=st.text(max_size=20))
def test_no_words_break_it_and_marks_lie_in_the_text(db: Path, words: str, speaker: str) -> None:
    for query in (Query(words), Query(words, speaker=speaker), Query(speaker=speaker)):
        for hit in search(db, query).best:
            assert all(0 <= mark.start < mark.end <= len(hit.text) for mark in hit.marks)


@pytest.mark.parametrize("case", handmade.cases("hostile.jsonl"), ids=lambda case: case["name"])
def test_hostile_words(db: Path, case: dict[str, Any]) -> None:
    words = case.get("text", case.get("percent_encoded")) * case.get("times", 1)
    search(db, Query(words, speaker=words))
    result = run("--db", db, "--", words)
    assert (result.exit_code, result.exception) == (0, None)


def test_a_hit(db: Path) -> None:
    (hit,) = search(db, Query("bridges harvested")).best
    assert [mark.of(hit.text) for mark in hit.marks] == ["bridge", "harvest"]
    assert (hit.article_uid, hit.speaker, hit.speaker_slug) == ("a", "Bruno Benson", "bruno-benson")
    assert (hit.kind, hit.verbatim, hit.said_on) == ("mixed", "a harvest", "2020-02-01")
    assert (hit.start, hit.end, hit.path, hit.url) == (100, 150, "a.txt", None)


def test_nothing_is_marked_where_the_text_holds_our_marks(db: Path) -> None:
    (hit,) = search(db, Query("so")).best
    assert OPEN in hit.text
    assert CLOSE in hit.text
    assert hit.marks == ()


def test_the_limit_leaves_the_total(db: Path) -> None:
    hits = search(db, Query(limit=2))
    assert (hits.total, len(hits.best)) == (len(handmade.QUOTES), 2)


def test_any_file_name_will_do_and_nothing_is_written(db: Path, tmp_path: Path) -> None:
    odd = tmp_path / "50%?mode=rwc#%41 '\".db"
    shutil.copy(db, odd)
    before = odd.read_bytes()
    assert search(odd, Query("harvest")).total == 2
    assert odd.read_bytes() == before
    assert list(tmp_path.iterdir()) == [odd]


def test_a_missing_file_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(sqlite3.OperationalError):
        search(tmp_path / "none.db", Query())
    assert list(tmp_path.iterdir()) == []


def test_blocks(db: Path) -> None:
    result = run("bridge", "--db", db)
    first, who, where, uid, blank, count = result.output.splitlines()
    assert first == "It takes a bridge and a harvest."
    assert who == "  Bruno Benson, 2020-02-01, mixed"
    assert where.startswith("  The Example: <script>")
    assert (uid, blank, count) == ("  a-100", "", "1 quote found, 1 shown.")


def test_a_terminal_gets_hits_in_bold(db: Path) -> None:
    assert "a \x1b[1mbridge\x1b[0m and" in run("bridge", "--db", db, color=True).output


def test_an_unknown_speaker_is_shown_as_printed(db: Path) -> None:
    assert "  speaker not known (the ministry), " in run("warm", "--db", db).output


def test_no_text_commands_the_terminal(db: Path) -> None:
    for arguments in ([], ["--json"]):
        output = run("--db", db, *arguments).output
        characters = {c for c in output if unicodedata.category(c) in ("Cc", "Cf")}
        assert characters == {"\n"}
    assert "1 shown" in run("backwards", "--db", db).output


def test_an_argument_of_several_words_is_a_phrase(db: Path) -> None:
    assert "1 shown" in run("a bridge and", "--db", db).output
    assert "No quotes found." in run("bridge a and", "--db", db).output
    assert "1 shown" in run("bridge", "a", "and", "--db", db).output


def test_nothing_found_is_an_answer(db: Path) -> None:
    assert (run("zebra", "--db", db).exit_code, run("zebra", "--db", db).output) == (
        0,
        "No quotes found.\n",
    )
    assert run("zebra", "--db", db, "--json").output == "[]\n"


def test_json(db: Path) -> None:
    (quote,) = json.loads(run("bridge", "--db", db, "--json").output)
    assert list(quote) == [field.name for field in fields(Hit)]
    assert quote["marks"] == [{"start": 11, "end": 17}]
    assert quote["text"] == "It takes a bridge and a harvest."
    texts = {quote["text"] for quote in json.loads(run("--db", db, "--json").output)}
    assert texts == {row[3] for row in handmade.QUOTES}


@pytest.mark.parametrize(
    "arguments",
    [
        ["--since", "yesterday"],
        ["--until", "2020-02-30"],
        ["--kind", "loud"],
        ["--limit", "0"],
        ["--limit", "many"],
        ["--nosuch"],
    ],
    ids=" ".join,
)
def test_bad_arguments(db: Path, arguments: list[str]) -> None:
    result = run("harvest", "--db", db, *arguments)
    assert result.exit_code == 2
    assert result.output.splitlines()[-1].startswith("Error: ")


def spoiled(db: Path) -> bytes:
    whole = db.read_bytes()
    return whole[:200] + b"\xff" * (len(whole) - 200)


@pytest.mark.parametrize(
    "kind", ["missing", "folder", "empty", "text", "foreign", "corrupt", "cut"]
)
def test_no_database_of_quotes(db: Path, tmp_path: Path, kind: str) -> None:
    path = tmp_path / "some.db"
    if kind == "folder":
        path.mkdir()
    elif kind == "foreign":
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("CREATE TABLE quotes (price)")
    elif kind != "missing":
        contents = {"empty": b"", "text": b"Good day. " * 999, "corrupt": spoiled(db)}
        path.write_bytes(contents.get(kind, db.read_bytes()[:5000]))
    result = run("harvest", "--db", path)
    assert result.exit_code == 2
    told = r" is no database of quotes .+|: damaged \(.+\): put back .+ --fresh"
    assert re.fullmatch(rf"Error: \S+some.db(?:{told})\n", result.output)
    assert ("damaged" in result.output) == (kind in ("corrupt", "cut"))
    assert isinstance(result.exception, SystemExit)


def test_help_has_an_example() -> None:
    result = run("--help")
    assert re.search(r"Example: quotes search ", result.output)
    assert all(f"--{name}" in result.output for name in ("db", "speaker", "since", "until", "kind"))


PROGRAM = "from quotes.cli.search import search; search()"


def test_as_a_process(seed_db: Path) -> None:
    arguments = [sys.executable, "-c", PROGRAM, "virus", "--speaker", "xi", "--db", str(seed_db)]
    process = subprocess.run([*arguments, "--json"], capture_output=True, check=True)
    assert {quote["speaker"] for quote in json.loads(process.stdout)} == {"Xi Jinping"}
    assert process.stderr == b""


@pytest.mark.parametrize("encoding", ["ascii", "utf-8"])
def test_any_output_encoding_will_do(db: Path, encoding: str) -> None:
    process = subprocess.run(
        [sys.executable, "-c", PROGRAM, "--db", str(db)],
        capture_output=True,
        env=os.environ | {"PYTHONIOENCODING": encoding},
    )
    assert (process.returncode, process.stderr) == (0, b"")


def test_a_reader_that_leaves_is_no_error(db: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    arguments = [sys.executable, "-c", PROGRAM, "--db", str(db)]
    process = subprocess.run(arguments, stdout=writing, stderr=subprocess.PIPE)
    os.close(writing)
    assert process.stderr == b""
