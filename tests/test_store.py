"""The store: what can't be written costs its article; where folders lie is known to it only."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from conftest import build_db
from sqlite_utils import Database
from test_build import count, write_articles

from quotes import extract
from quotes.models import Article, Quote
from quotes.registry import registry
from quotes.store import Engine, Store

PAGE = """<html><head><title>Talks</title><script type="application/ld+json">
{"@context": "https://schema.org", "@type": "NewsArticle", "headline": HEADLINE, "author": HEADLINE,
 "publisher": HEADLINE}</script></head><body><article>
<p>President Ann Lee said that it rained on the bridge and on the harbour for days.</p>
<p>President Ann Lee said that it snowed on the bridge and on the harbour for days.</p></article></body></html>"""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store(tmp_path / "x.db")
    listed = registry()
    opened.begin(Engine("0", "none"), listed.speakers, listed.offices)
    yield opened
    opened.close()


def said(name: str, **facts: str) -> tuple[Article, tuple[Quote, ...]]:
    article = Article(f"President {name} said that it rained.", f"in/{name}.txt", **facts)
    return article, extract(article)


def test_what_cannot_be_written_costs_its_article(store: Store, tmp_path: Path) -> None:
    batch = [said("Olga Berg"), said("Ann Holm", title="\ud800"), said("Bo Lund"), said("Ivo Dahl")]
    batch[3] = (Article(batch[3][0].text, "in/d.txt", title=10**30), batch[3][1])  # type: ignore[arg-type]
    rejects = store.add(batch)
    assert [reject.path for reject in rejects] == ["in/Ann Holm.txt", "in/d.txt"]
    assert all(reject.reason.startswith("storing failed: ") for reject in rejects)
    assert "\n" not in "".join(reject.reason for reject in rejects)
    assert store.add([said("Ann Holm"), said("Olga Berg")]) == ()
    store.finish(rejects)
    assert store.figures().articles == 3
    with closing(sqlite3.connect(tmp_path / "x.db")) as connection:
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        named = connection.execute(
            "SELECT name, slug FROM quotes JOIN speakers ON speakers.id = speaker_id ORDER BY 1"
        ).fetchall()
    assert named == [
        ("Ann Holm", "ann-holm"),
        ("Bo Lund", "bo-lund"),
        ("Olga Berg", "olga-berg"),
    ]


def test_a_full_disk_is_no_articles_fault(store: Store) -> None:
    store._db.execute("PRAGMA max_page_count = 1")  # SQLite takes the least that there are
    batch = [(Article(f"{n} " + "it rained. " * 10_000, f"in/{n}.txt"), ()) for n in range(5)]
    with pytest.raises(sqlite3.OperationalError, match="full"):
        store.add(batch)


def test_pages_whose_metadata_are_no_strings(tmp_path: Path) -> None:
    headlines = ["1" + "0" * 30, "5", "1.5", "[1, [2]]", '{"a": 1}', "true", "null"]
    (tmp_path / "in").mkdir()
    for number, headline in enumerate(headlines):
        page = PAGE.replace("HEADLINE", headline).replace("for days", f"for {number + 2} days")
        (tmp_path / f"in/{number}.html").write_text(page)
    built = build_db("--db", tmp_path / "x.db", tmp_path / "in")
    assert built.returncode == 0, built.stderr
    assert "7 read, 0 unchanged, 0 rejected" in built.stdout
    for row in Database(tmp_path / "x.db")["articles"].rows:
        assert all(isinstance(row[name] or "", str) for name in ("title", "publisher", "author"))
    assert "0 read, 7 unchanged" in build_db("--db", tmp_path / "x.db", tmp_path / "in").stdout


def test_a_long_fact_is_cut_and_said(tmp_path: Path) -> None:
    long = "talk " * 600_000
    record = {"text": "President Ann Lee said that it rained.", "title": long, "author": long}
    record |= {"publisher": long, "place": "Rome", "url": "https://example.org/" + "a" * 3000}
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.json").write_text(json.dumps(record))
    built = build_db("--db", tmp_path / "x.db", tmp_path / "in")
    assert "1 read, 0 unchanged, 0 rejected" in built.stdout
    assert built.stderr.splitlines()[-5:] == [
        "Kept otherwise than it stands: 4",
        "  in/a.json: url: 3,020 characters, left out",
        "  in/a.json: title: 2,999,999 characters, cut to 500",
        "  in/a.json: publisher: 2,999,999 characters, cut to 500",
        "  in/a.json: author: 2,999,999 characters, cut to 500",
    ]
    (row,) = Database(tmp_path / "x.db")["articles"].rows
    assert row["title"] == row["author"] == row["publisher"] == long[:499].rstrip() + "…"
    assert (row["place"], row["url"]) == ("Rome", None)
    assert "0 read, 1 unchanged" in build_db("--db", tmp_path / "x.db", tmp_path / "in").stdout


@pytest.mark.parametrize(
    "text",
    [
        f"President {'A' * 200_001} said that it rained.",
        f"{'A' * 200_001} said that it rained.",
        f"President Ann {'Lee-' * 100}Berg said that it rained.",
        f"The {'Ministry of Harbours and Bridges and ' * 10}Roads said that it rained.",
        f"President Ann Lee said that it rained, the {'A' * 150} Post reported.",
        f"President Ann Lee told President Bo {'A' * 150} that it rained.",
    ],
)
def test_what_is_longer_than_a_name_names_nobody(text: str) -> None:
    for quote in extract(text):
        found = quote.resolution
        named = [who.name for who in (found.speaker, found.runner_up, found.addressee) if who]
        named += [quote.context.relayed_by] if quote.context.relayed_by else []
        assert max(map(len, named), default=0) <= 100


# Where folders lie


def test_nothing_tells_where_the_articles_lay(tmp_path: Path) -> None:
    folder = write_articles(tmp_path / "news/2024", 2).parent
    (folder / "bad.txt").write_bytes(b"\0" * 50)
    (folder / "metadata.csv").write_text("filename,date\n0000,yesterday\n")
    (folder / "long.json").write_text(json.dumps({"text": "It rained.", "title": "a" * 600}))
    built = build_db("--db", tmp_path / "x.db", folder, folder / "2024" / "0000.txt")
    assert built.returncode == 0
    database = Database(tmp_path / "x.db")
    assert {row["path"] for row in database["articles"].rows} == {
        *("news/2024/0000.txt", "news/2024/0001.txt", "news/long.json")
    }
    assert {row["path"] for row in database["rejects"].rows} == {
        "news/bad.txt",
        "news/metadata.csv#1",
    }
    assert str(tmp_path).encode() not in (tmp_path / "x.db").read_bytes()
    assert tmp_path.name.encode() not in (tmp_path / "x.db").read_bytes()


def test_a_file_is_the_same_with_the_folder_around_it_and_without(tmp_path: Path) -> None:
    target = tmp_path / "x.db"
    folder = write_articles(tmp_path / "news/2024", 3).parent
    build_db("--db", target, folder)
    changed = folder / "2024/0001.txt"
    for number, given in enumerate([changed, folder, changed.parent, folder]):
        changed.write_text(f"President Ann Lee said that it rained {number} times.")
        built = build_db("--db", target, given)
        assert "1 read" in built.stdout
        assert "1 gone; 3 in" in built.stdout
        paths = {row["path"] for row in Database(target)["articles"].rows}
        assert paths == {f"news/2024/000{n}.txt" for n in range(3)}


def test_a_place_in_another_encoding(tmp_path: Path) -> None:
    folder = write_articles(Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9/n\xe9ws")), 1)
    built = build_db("--db", tmp_path / "x.db", os.fsencode(folder))
    assert built.returncode == 0, built.stderr
    (row,) = Database(tmp_path / "x.db")["articles"].rows
    assert row["path"] == "n\ufffdws/0000.txt"


@pytest.mark.parametrize("given", [".", "../news", "./", "2024/.."])
def test_a_folder_is_called_by_its_own_name(given: str, tmp_path: Path) -> None:
    folder = write_articles(tmp_path / "news/2024", 1).parent
    build_db("--db", tmp_path / "x.db", given, cwd=folder)
    (row,) = Database(tmp_path / "x.db")["articles"].rows
    assert row["path"] == "news/2024/0000.txt"


def test_two_folders_of_one_name_are_refused(tmp_path: Path) -> None:
    first, second = (write_articles(tmp_path / name / "news", 2) for name in "ab")
    (second / "0000.txt").write_text("President Ann Lee said that it rained.")
    target = tmp_path / "x.db"
    at_once = build_db("--db", target, first, second)
    assert at_once.returncode == 2
    assert at_once.stderr == f"Error: two folders are named news: {first} and {second}\n"
    assert not list(tmp_path.glob("x.db*"))

    build_db("--db", target, first)
    before = target.read_bytes()
    later = build_db("--db", target, second)
    assert later.returncode == 2
    assert later.stderr == (
        f"Error: {second}: the database has articles of another folder named news;"
        " give it another name, or say --moved if it is the same\n"
    )
    file = build_db("--db", target, second / "0000.txt")
    assert file.returncode == 2
    assert target.read_bytes() == before
    assert not list(tmp_path.glob("x.db.*"))
    assert build_db("--db", target, first).returncode == 0
    assert build_db("--fresh", "--db", target, second).returncode == 0


def test_a_folder_that_was_moved_is_the_same_if_it_is_said_to_be(tmp_path: Path) -> None:
    target = tmp_path / "x.db"
    old = write_articles(tmp_path / "a/news", 3)
    build_db("--db", target, old)
    (tmp_path / "b").mkdir()
    new = Path(shutil.move(old, tmp_path / "b/news"))
    (new / "0000.txt").write_text("President Ann Lee said that it rained.")
    built = build_db("--moved", "--db", target, new)
    assert "1 read, 2 unchanged, 0 rejected, 1 gone; 3 in" in built.stdout
    assert "0 read, 3 unchanged" in build_db("--db", target, new).stdout


def test_files_are_looked_for_in_the_folders_given_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A database comes from elsewhere; what its paths would mean here tells nothing."""
    target = tmp_path / "x.db"
    first = write_articles(tmp_path / "first", 2)
    build_db("--db", target, first)
    shutil.rmtree(first)
    second = write_articles(tmp_path / "second", 2)
    monkeypatch.chdir(tmp_path)
    built = build_db("--db", target, second)
    assert "0 read, 2 unchanged" in built.stdout, "where else they stand can't be known"
    assert count(target, "articles") == 2
