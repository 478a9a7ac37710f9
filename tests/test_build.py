"""The builder as a person runs it: real processes on real files."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from conftest import DEV_TEXTS, ROOT, build_db
from sqlite_utils import Database

from quotes.build import BATCH
from quotes.workplace import workplace

CONTENT = {
    "articles": "SELECT id, uid, path, title, published, text FROM articles ORDER BY id",
    "quotes": "SELECT * FROM quotes ORDER BY id",
    "spans": "SELECT * FROM spans ORDER BY quote_id, role, start",
    "speakers": "SELECT * FROM speakers ORDER BY id",
    "rejects": "SELECT * FROM rejects ORDER BY path",
    "found": "SELECT rowid FROM quotes_fts WHERE quotes_fts MATCH 'bridge' ORDER BY rowid",
}


def content(db: Path) -> dict[str, list[object]]:
    """Everything in a database but the times of its builds."""
    with closing(sqlite3.connect(db)) as connection:
        return {name: connection.execute(sql).fetchall() for name, sql in CONTENT.items()}


def count(db: Path, table: str) -> int:
    with closing(sqlite3.connect(f"{db.as_uri()}?mode=ro", uri=True)) as connection:
        (rows,) = connection.execute(f"SELECT count(*) FROM [{table}]").fetchone()
        return int(rows)


def write_articles(folder: Path, number: int, sentences: int = 2) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for n in range(number):
        said = [f"President Ann Lee said that bridge {n} had {m} arches." for m in range(sentences)]
        (folder / f"{n:04}.txt").write_text(f"Talk {n}\n\n" + "\n\n".join(said))
    return folder


def test_help_shows_an_example() -> None:
    shown = build_db("--help")
    assert shown.returncode == 0
    assert "Example: quotes build --db talks.db" in shown.stdout
    installed = Path(sys.executable).with_name("quotes")
    same = subprocess.run([installed, "build", "--help"], capture_output=True, text=True)
    assert same.stdout.split("\n", 1)[1] == shown.stdout.split("\n", 1)[1]


def test_summary(tmp_path: Path) -> None:
    folder = write_articles(tmp_path / "in", 3)
    (folder / "empty.txt").write_text("")
    (folder / "picture.png").write_bytes(b"\x89PNG")
    (folder / "zz.txt").write_text((folder / "0000.txt").read_text())
    built = build_db("--db", "out.db", folder, cwd=tmp_path)
    assert built.returncode == 0
    lines = built.stdout.splitlines()
    assert lines[0] == ("Articles: 3 read, 0 unchanged, 1 rejected, 1 met twice; 3 in out.db.")
    assert lines[1] == "Quotes: 6 (0 direct, 0 mixed, 6 indirect)."
    assert lines[2] == "Most quoted: Ann Lee 6."
    assert lines[3].endswith(" seconds.")
    assert "Serve it: datasette out.db\n" in built.stdout
    assert [line for line in built.stderr.splitlines() if " files, " not in line] == [
        "Rejected: 1",
        "  in/empty.txt: empty",
        "Skipped, for their ending: 1",
        f"  {folder}/picture.png",
    ]


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["nowhere"], "no such file or folder: nowhere"),
        (["--db", "no/folder/x.db"], "no such folder: no/folder"),
        (["--db", "."], "is a directory"),
        (["--workers", "0"], "0 is not in the range x>=1"),
        (["--workers", "many"], "'many' is not a valid integer"),
        (["--colour"], "No such option"),
    ],
)
def test_bad_arguments(arguments: list[str], line: str, tmp_path: Path) -> None:
    (tmp_path / "articles").mkdir()
    built = build_db(*arguments, cwd=tmp_path)
    assert built.returncode == 2
    assert line in built.stderr
    assert "Traceback" not in built.stderr
    assert not list(tmp_path.glob("*.db"))


def test_without_arguments_and_articles(tmp_path: Path) -> None:
    built = build_db(cwd=tmp_path)
    assert built.returncode == 2
    assert "no such file or folder: articles" in built.stderr


@pytest.mark.parametrize("junk", [b"not a database, but somebody's notes" * 100, None])
def test_a_file_that_is_none_of_ours_is_left_alone(junk: bytes | None, tmp_path: Path) -> None:
    target = tmp_path / "notes.db"
    if junk:
        target.write_bytes(junk)
    else:
        Database(target)["notes"].insert({"text": "mine"})
    before = target.read_bytes()
    for arguments in ([], ["--fresh"]):
        built = build_db("--db", target, *arguments)
        assert built.returncode == 2
        assert "not a database of quotes" in built.stderr
        assert "Traceback" not in built.stderr
    assert target.read_bytes() == before
    assert not list(tmp_path.glob("*.building"))


def test_nothing_read_is_status_1(tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_text(" \n")
    built = build_db("--db", "x.db", "empty.txt", cwd=tmp_path)
    assert built.returncode == 1
    assert "empty.txt: empty" in built.stderr


def test_a_bad_article_stops_nothing(tmp_path: Path) -> None:
    folder = write_articles(tmp_path / "in", 2)
    (folder / "0000a.txt").write_bytes(b"\x00\x01\x02binary\xff" * 50)
    (folder / "0001a.html").write_text("<html><body></body></html>")
    (folder / "two.jsonl").write_text(
        '{"text": "President Ann Lee said it rained."}\n{"text": 1}\n'
    )
    built = build_db("--db", tmp_path / "x.db", folder)
    assert built.returncode == 0
    db = Database(tmp_path / "x.db")
    assert {Path(row["path"]).name for row in db["rejects"].rows} == {
        *("0000a.txt", "0001a.html", "two.jsonl#2")
    }
    assert all(row["reason"] for row in db["rejects"].rows)
    assert db["articles"].count == 3
    (row,) = db["builds"].rows
    assert (row["articles"], row["quotes"], row["rejected"]) == (3, 5, 3)


def test_a_database_of_its_usual_name_is_served_with_its_metadata(tmp_path: Path) -> None:
    shutil.copy(ROOT / "metadata.yml", tmp_path)
    built = build_db(write_articles(tmp_path / "in", 1), cwd=tmp_path)
    assert "Serve it: datasette quotes.db -m metadata.yml\n" in built.stdout
    assert (
        "datasette quotes.db -m metadata.yml\n  then open http://127.0.0.1:8001\n" in built.stdout
    )


def test_standard_input(tmp_path: Path) -> None:
    built = subprocess.run(
        [sys.executable, ROOT / "build_db.py", "--db", "x.db", "-"],
        input="President Ann Lee said that it rained.",
        cwd=tmp_path,
        text=True,
        capture_output=True,
        check=True,
    )
    assert "1 read" in built.stdout
    (row,) = Database(tmp_path / "x.db")["articles"].rows
    assert (row["path"], row["text"]) == ("-", "President Ann Lee said that it rained.")


def test_quiet(tmp_path: Path) -> None:
    folder = write_articles(tmp_path / "in", 1)
    assert build_db("--quiet", "--db", tmp_path / "x.db", folder).stdout == ""
    (folder / "empty.txt").write_text("")
    built = build_db("--quiet", "--db", tmp_path / "x.db", folder)
    assert built.stdout == ""
    assert "empty.txt: empty" in built.stderr


def test_the_same_again_changes_nothing(tmp_path: Path) -> None:
    folder = write_articles(tmp_path / "in", 5)
    (folder / "empty.txt").write_text("")
    target = tmp_path / "x.db"
    build_db("--db", target, folder)
    before = target.read_bytes(), target.stat().st_mtime_ns
    again = build_db("--db", target, folder)
    assert again.returncode == 0
    assert "0 read, 5 unchanged" in again.stdout
    assert f"Nothing has changed: {target} was left as it was." in again.stdout
    assert (target.read_bytes(), target.stat().st_mtime_ns) == before
    assert not list(tmp_path.glob("*.building*"))


def test_a_changed_file_is_a_new_article_and_its_old_one_goes(tmp_path: Path) -> None:
    folder = write_articles(tmp_path / "in", 3)
    target = tmp_path / "x.db"
    build_db("--db", target, folder)
    (folder / "0001.txt").write_text("President Ann Lee said that the bridge fell.")
    built = build_db("--db", target, folder)
    assert "1 read, 2 unchanged, 0 rejected, 1 gone; 3 in" in built.stdout
    texts = [row["text"] for row in Database(target)["quotes"].rows]
    assert "that the bridge fell" in texts
    assert not [text for text in texts if "bridge 1 " in text]
    assert content(target)["found"] == [(row["id"],) for row in Database(target)["quotes"].rows]


def test_a_record_taken_out_of_its_file_goes(tmp_path: Path) -> None:
    file = tmp_path / "news.jsonl"
    lines = [f'{{"text": "President Ann Lee said it was day {n}."}}\n' for n in range(4)]
    file.write_text("".join(lines))
    build_db("--db", "x.db", "news.jsonl", cwd=tmp_path)
    file.write_text("".join(lines[1:]))
    built = build_db("--db", "x.db", "news.jsonl", cwd=tmp_path)
    rows = list(Database(tmp_path / "x.db").query("SELECT path, text FROM articles ORDER BY path"))
    assert [row["path"] for row in rows] == [f"{tmp_path.name}/news.jsonl#{n}" for n in (1, 2, 3)]
    assert "1 gone; 3 in x.db" in built.stdout


def test_a_file_that_went_bad_keeps_its_article(tmp_path: Path) -> None:
    folder = write_articles(tmp_path / "in", 2)
    build_db("--db", tmp_path / "x.db", folder)
    (folder / "0001.txt").write_bytes(b"\x00" * 99)
    built = build_db("--db", tmp_path / "x.db", folder)
    assert "1 rejected; 2 in" in built.stdout


def test_other_inputs_add_to_what_is_there(tmp_path: Path) -> None:
    first, second = (write_articles(tmp_path / name, n) for name, n in [("a", 2), ("b", 3)])
    target = tmp_path / "x.db"
    build_db("--db", target, first)
    assert (
        "1 read, 0 unchanged, 0 rejected, 2 met twice"
        not in build_db("--db", target, second).stdout
    )
    assert count(target, "articles") == 3
    build_db("--db", target, "--fresh", first)
    assert count(target, "articles") == 2


def test_new_facts_about_the_same_text_replace_the_old(tmp_path: Path) -> None:
    folder = write_articles(tmp_path / "in", 2)
    target = tmp_path / "x.db"
    build_db("--db", target, folder)
    uids = {row["uid"] for row in Database(target)["quotes"].rows}
    (folder / "metadata.csv").write_text("filename,published\n0000,2020-03-27\n0001,2020-03-28\n")
    assert "2 read, 0 unchanged" in build_db("--db", target, folder).stdout
    rows = list(Database(target)["quotes"].rows)
    assert {row["said_on"] for row in rows} == {"2020-03-27", "2020-03-28"}
    assert {row["uid"] for row in rows} == uids, "links survive"


def test_a_moved_file_is_no_new_article(tmp_path: Path) -> None:
    folder = write_articles(tmp_path / "in", 2)
    target = tmp_path / "x.db"
    build_db("--db", target, folder)
    (folder / "0000.txt").rename(folder / "9999.txt")
    build_db("--db", target, folder)
    paths = {Path(row["path"]).name for row in Database(target)["articles"].rows}
    assert paths == {"0001.txt", "9999.txt"}


def test_the_number_of_workers_changes_nothing(tmp_path: Path) -> None:
    folder = write_articles(tmp_path / "in", 30)
    for workers in (1, 2, 3):
        build_db("--db", tmp_path / f"{workers}.db", "--workers", workers, folder)
    assert content(tmp_path / "1.db") == content(tmp_path / "2.db") == content(tmp_path / "3.db")


def test_a_second_build_at_once_ends_with_a_clear_line(tmp_path: Path) -> None:
    folder = write_articles(tmp_path / "in", 1)
    target = tmp_path / "x.db"
    with workplace(target):
        started = time.monotonic()
        built = build_db("--db", target, folder)
        assert time.monotonic() - started < 20
    assert built.returncode == 1
    assert built.stderr == f"Error: {target}: another build is at work on it\n"
    assert build_db("--db", target, folder).returncode == 0


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("existing", [False, True])
def test_a_killed_build_leaves_the_old_database_and_is_resumed(
    workers: int, existing: bool, tmp_path: Path
) -> None:
    folder = write_articles(tmp_path / "in", 6 * BATCH, sentences=4)
    old = write_articles(tmp_path / "old", 3)
    target, expected = tmp_path / "x.db", tmp_path / "expected.db"
    for db in (target, expected):
        if existing:
            build_db("--db", db, old)
    build_db("--db", expected, folder)
    before = target.read_bytes() if existing else None

    done = 0
    for moment in (0, BATCH, 3 * BATCH):
        kill_after(moment, target, folder, workers)
        assert (target.read_bytes() if target.exists() else None) == before
        working = target.with_name("x.db.building")
        written = max(articles_in(working), 0)
        assert written >= done, "what was done is kept"
        done = written
    assert done >= 3 * BATCH

    built = build_db("--db", target, "--workers", workers, folder)
    assert built.returncode == 0
    assert "Went on with a build that had been interrupted." in built.stdout
    total = 6 * BATCH
    already = done - (3 if existing else 0)
    assert f"Articles: {total - already} read, {already} unchanged" in built.stdout
    assert content(target) == content(expected)
    assert not list(tmp_path.glob("*.building*"))


def test_kills_at_any_moment_never_show(tmp_path: Path) -> None:
    folder = write_articles(tmp_path / "in", 2 * BATCH, sentences=5)
    old = write_articles(tmp_path / "old", 2)
    target, expected = tmp_path / "x.db", tmp_path / "expected.db"
    for db in (target, expected):
        build_db("--db", db, old)
    whole = [content(target)]
    build_db("--db", expected, folder)
    whole.append(content(expected))
    for tenth in range(4, 18, 2):
        process = start(target, folder, 1)
        time.sleep(tenth / 10)
        process.kill()
        process.wait()
        assert content(target) in whole
    build_db("--db", target, folder)
    assert content(target) == content(expected)


def test_a_killed_fresh_build_is_not_taken_for_an_addition(tmp_path: Path) -> None:
    target = tmp_path / "x.db"
    old = write_articles(tmp_path / "old", 3)
    build_db("--db", target, old)
    folder = write_articles(tmp_path / "in", 4 * BATCH, sentences=6)
    kill_after(BATCH, target, folder, 1, "--fresh")
    built = build_db("--db", target, folder)
    assert "Began an interrupted build anew: begun from another state" in built.stdout
    paths = {Path(row["path"]).parent.name for row in Database(target)["articles"].rows}
    assert paths == {"in", "old"}
    assert count(target, "articles") == 4 * BATCH + 3


def test_a_damaged_working_file_is_thrown_away(tmp_path: Path) -> None:
    folder = write_articles(tmp_path / "in", 2)
    (tmp_path / "x.db.building").write_bytes(b"SQLite format 3\x00" + b"junk" * 1000)
    assert build_db("--db", tmp_path / "x.db", folder).returncode == 0
    assert count(tmp_path / "x.db", "articles") == 2


def test_a_log_of_the_old_database_does_not_meet_the_new_one(tmp_path: Path) -> None:
    target = tmp_path / "x.db"
    build_db("--db", target, write_articles(tmp_path / "a", 1))
    process = subprocess.run(
        [
            sys.executable,
            "-c",
            "import os, sqlite3, sys\n"
            "c = sqlite3.connect(sys.argv[1])\n"
            "c.execute('PRAGMA journal_mode = WAL')\n"
            "c.execute(\"UPDATE articles SET title = 'from the log'\")\n"
            "c.commit()\n"
            "os._exit(0)",
            target,
        ],
        check=True,
    )
    assert process.returncode == 0
    assert target.with_name("x.db-wal").exists()
    assert build_db("--db", target, write_articles(tmp_path / "b", 2)).returncode == 0
    assert not target.with_name("x.db-wal").exists()
    assert count(target, "articles") == 2
    with closing(sqlite3.connect(target)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_what_is_served_is_whole(seed_db: Path) -> None:
    with closing(sqlite3.connect(seed_db)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        connection.execute("INSERT INTO quotes_fts(quotes_fts) VALUES ('integrity-check')")
        assert connection.execute("SELECT count(*) FROM sqlite_stat1").fetchone() > (0,)


def test_real_input(dev_db: Path) -> None:
    assert count(dev_db, "articles") == len(list(DEV_TEXTS.glob("*.txt"))) == 84
    assert count(dev_db, "rejects") == 0
    db = Database(dev_db)
    for row in db.query(
        "SELECT a.text, s.start, s.[end], q.start AS q_start, q.[end] AS q_end, role, q.text AS quote"
        " FROM spans s JOIN quotes q ON q.id = quote_id JOIN articles a ON a.id = article_id"
    ):
        assert 0 <= row["q_start"] <= row["start"] < row["end"] <= row["q_end"] <= len(row["text"])
        if row["role"] == "content":
            assert row["text"][row["start"] : row["end"]] in row["quote"]
    assert count(dev_db, "quotes") > 400


def start(target: Path, folder: Path, workers: int, *options: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [
            sys.executable,
            ROOT / "build_db.py",
            "--db",
            target,
            "--workers",
            str(workers),
            folder,
            *list(options),
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def kill_after(articles: int, target: Path, folder: Path, workers: int, *options: str) -> None:
    """Start a build and kill it when its file holds so many articles."""
    working = target.with_name(target.name + ".building")
    process = start(target, folder, workers, *options)
    while process.poll() is None:
        if articles_in(working) >= articles:
            break
        time.sleep(0.002)
    assert process.poll() is None, "it was done before it could be killed"
    os.kill(process.pid, signal.SIGKILL)
    process.wait()


def articles_in(db: Path) -> int:
    """How many it holds; -1 at the moments when it can't be read: not there, half copied, locked."""
    try:
        return count(db, "articles")
    except sqlite3.Error:
        return -1


def test_the_builder_needs_no_shared_folder(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "articles", tmp_path / "articles")
    assert build_db(cwd=tmp_path).returncode == 0
    assert count(tmp_path / "quotes.db", "quotes") == 10


@pytest.mark.parametrize("workers", [1, 2])
def test_an_interrupted_build_says_what_there_is_of_it(workers: int, tmp_path: Path) -> None:
    folder = write_articles(tmp_path / "in", 6 * BATCH, sentences=4)
    target = tmp_path / "x.db"
    process = subprocess.Popen(
        [sys.executable, ROOT / "build_db.py", "--db", target, "--workers", str(workers), folder],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    working = target.with_name("x.db.building")
    while articles_in(working) < 1:
        time.sleep(0.002)
    os.killpg(process.pid, signal.SIGINT)
    said, _ = process.communicate(timeout=60)
    assert process.returncode == 1
    expected = f"Interrupted. {target} is as it was. What is done is in {target}.building; the same"
    assert said.splitlines()[-1] == f"{expected} command goes on from there."
    assert "interrupted" in build_db("--db", target, folder).stdout


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="needs a terminal to be made")
def test_progress_on_a_terminal_and_off_it(tmp_path: Path) -> None:
    folder = write_articles(tmp_path / "in", 3)
    ours, theirs = os.openpty()
    command = [sys.executable, ROOT / "build_db.py", "--db", tmp_path / "x.db", folder]
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=theirs, check=True)
    os.close(theirs)
    shown = os.read(ours, 100_000).decode()
    assert "3/3" in shown
    assert "3 articles, " in shown
    assert "\r" not in build_db("--fresh", "--db", tmp_path / "x.db", folder).stderr
