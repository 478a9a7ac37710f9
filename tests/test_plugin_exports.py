"""Searches and tables for programs: the same as the page and as plain SQL, whole, in any number of batches."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import handmade
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_plugin_app import ARGUMENTS, HOSTILE, ask, encoded

from quotes.plugin.asking.question import question
from quotes.plugin.formats.cells import harmless
from quotes.plugin.formats.exports import FIELDS, lines_of_json, marks
from quotes.plugin.links import Links
from quotes.plugin.lookup.hits import in_order
from quotes.plugin.pages.dump import TABLES, dump
from quotes.plugin.pages.export import search_all
from quotes.plugin.respond import Visit
from quotes.plugin.stream import Stream

SEARCHES = [
    "",
    "q=harvest",
    "q=the+-river",
    "q=har*&kind=mixed",
    "speaker=olga-testova&sort=oldest",
    "speaker=-",
    "year=2021",
    "from=2020-03&to=2020",
    "country=TW",
    "q=nothing-has-this",
]
TEXTS = [row[3] for row in handmade.QUOTES]


def visit(path: dict[str, str], **arguments: str) -> Visit:
    return Visit(path, arguments, Links("http://localhost", "/", "quotes"), "")


def batches(stream: Stream, connection: sqlite3.Connection) -> list[str]:
    batch, texts = stream.first, [stream.first.text]
    while batch.last is not None:
        batch = stream.more(connection, batch.last)
        texts.append(batch.text)
    return texts


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def objects(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


@pytest.mark.parametrize("query", SEARCHES)
def test_all_forms_of_a_search_hold_the_same(handmade_db: Path, query: str) -> None:
    forms = ["", ".json", ".csv", ".ndjson"]
    page, as_json, as_csv, as_lines = ask(handmade_db, [f"/search{form}?{query}" for form in forms])
    found = as_json.json()
    total = found["total"]
    assert f"{total} quote" in page.text or query == "q=nothing-has-this"
    assert total == len(found["quotes"]) == len(table(as_csv.text))
    uids = {quote["uid"] for quote in found["quotes"]}
    assert uids == {row["uid"] for row in table(as_csv.text)}
    assert uids == {row["uid"] for row in objects(as_lines.text)}
    assert page.text.count('<article class="hit"') == total or not total


def test_a_page_of_json(handmade_db: Path, handmade_opened: sqlite3.Connection) -> None:
    (answer,) = ask(handmade_db, ["/search.json?q=bridges+harvested&kind=mixed&from=never"])
    found = answer.json()
    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    assert "access-control-allow-origin" not in answer.headers
    assert found["query"] == {"q": "bridges harvested", "kind": "mixed"}
    assert found["ignored"] == ["“never” is no year, month or day"]
    assert (found["reachable"], found["estimated"], found["page"], found["next"]) == (
        *(1, False, 1),
        None,
    )
    assert found["facets"]["speaker"] == [
        {"value": "bruno-benson", "label": "Bruno Benson", "count": 1}
    ]
    (quote,) = found["quotes"]
    assert list(quote) == [*FIELDS, "marks"]
    assert [quote["text"][start:end] for start, end in quote["marks"]] == ["bridge", "harvest"]
    assert quote["permalink"] == "http://localhost/quote/a-100"
    assert quote["article_permalink"] == "http://localhost/article/a"
    row = handmade_opened.execute(
        "SELECT text, kind, confidence FROM quotes WHERE uid = 'a-100'"
    ).fetchone()
    assert (quote["text"], quote["kind"], quote["confidence"]) == row
    assert (quote["speaker"], quote["speaker_slug"]) == ("Bruno Benson", "bruno-benson")


def test_totals_are_those_of_plain_sql(
    handmade_db: Path, handmade_opened: sqlite3.Connection
) -> None:
    counted = handmade_opened.execute(
        "SELECT slug, count(*) FROM quotes JOIN speakers ON speakers.id = speaker_id GROUP BY slug"
    ).fetchall()
    paths = [f"/search.json?speaker={slug}" for slug, _ in counted]
    assert [r.json()["total"] for r in ask(handmade_db, paths)] == [count for _, count in counted]


def test_a_csv_of_hits(handmade_db: Path) -> None:
    (answer,) = ask(handmade_db, ["/search.csv"])
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="quotes-search.csv"'
    rows = table(answer.text)
    assert list(rows[0]) == list(FIELDS)
    assert sorted(row["text"] for row in rows) == sorted(map(harmless, TEXTS))
    assert [row["day"] for row in rows] == sorted(row["day"] for row in rows)


def test_cells_that_would_be_run(tmp_path: Path) -> None:
    db = handmade.build(tmp_path / "quotes.db")
    with closing(sqlite3.connect(db)) as connection, connection:
        connection.execute("UPDATE quotes SET text = '=1+1', source = '@SUM(A1)' WHERE id = 1")
        connection.execute("UPDATE articles SET title = '-2+3' WHERE id = 1")
    hits, quotes, articles = ask(db, ["/search.csv", "/dump/quotes.csv", "/dump/articles.csv"])
    for rows in (table(hits.text), table(quotes.text)):
        (row,) = [row for row in rows if row["uid"] == "a-0"]
        assert (row["text"], row["source"]) == ("'=1+1", "'@SUM(A1)")
    assert table(articles.text)[0]["title"] == "'-2+3"


@pytest.mark.parametrize("size", [1, 2, 3, 8, 100])
@pytest.mark.parametrize("form", ["csv", "ndjson"])
def test_batches_of_hits_make_up_the_whole(
    handmade_db: Path, handmade_opened: sqlite3.Connection, form: str, size: int
) -> None:
    (answer,) = ask(handmade_db, [f"/search.{form}?q=harvest+OR+is"])
    asked = visit({"form": form}, q="harvest OR is")
    found = batches(search_all(handmade_opened, asked, size), handmade_opened)
    assert "".join(found) == answer.text
    assert len(found) == -(-5 // size) + 1, "five hits, and a look behind the last"


@pytest.mark.parametrize("size", [1, 2, 3, 100])
@pytest.mark.parametrize("form", ["csv", "ndjson"])
@pytest.mark.parametrize("name", TABLES)
def test_a_dump_is_the_whole_table(
    handmade_db: Path, handmade_opened: sqlite3.Connection, name: str, form: str, size: int
) -> None:
    (answer,) = ask(handmade_db, [f"/dump/{name}.{form}"])
    found = batches(
        dump(handmade_opened, visit({"table": name, "form": form}), size), handmade_opened
    )
    (rows,) = handmade_opened.execute(f"SELECT count(*) FROM {name}").fetchone()
    assert "".join(found) == answer.text
    assert len(found) > rows // size
    assert len(table(answer.text) if form == "csv" else objects(answer.text)) == rows
    assert answer.headers["content-disposition"] == f'attachment; filename="{name}.{form}"'


def test_what_a_dump_of_quotes_holds(handmade_db: Path) -> None:
    quotes, spans = ask(handmade_db, ["/dump/quotes.ndjson", "/dump/spans.ndjson"])
    first, second, *_ = objects(quotes.text)
    assert (first["uid"], first["article_uid"], first["speaker_slug"]) == (
        "a-0",
        "a",
        "olga-testova",
    )
    assert (first["addressee_slug"], second["countries"]) == ("bruno-benson", "TW")
    assert [quote["text"] for quote in objects(quotes.text)] == TEXTS
    assert objects(spans.text) == [{"quote_uid": "a-0", "role": "content", "start": 0, "end": 20}]


def test_dumps_leave_out_texts_of_articles(handmade_db: Path) -> None:
    (articles,) = ask(handmade_db, ["/dump/articles.ndjson"])
    assert all("text" not in article for article in objects(articles.text))


def test_dumps_leave_out_where_files_of_articles_are(handmade_db: Path) -> None:
    """Folders of the machine that built the database are nobody's business."""
    for answer in ask(
        handmade_db, [f"/dump/{table}.{form}" for table in TABLES for form in ("csv", "ndjson")]
    ):
        assert "a.txt" not in answer.text


def test_a_table_without_rows(tmp_path: Path) -> None:
    db = handmade.build(tmp_path / "quotes.db")
    with closing(sqlite3.connect(db)) as connection, connection:
        connection.execute("DELETE FROM spans")
    as_csv, as_lines = ask(db, ["/dump/spans.csv", "/dump/spans.ndjson"])
    assert (as_csv.text, as_lines.text) == ("quote_uid,role,start,end\r\n", "")


def test_no_other_table_is_dumped(handmade_db: Path) -> None:
    for answer in ask(
        handmade_db, ["/dump/sqlite_master.csv", "/dump/quotes.xls", "/dump/builds.csv"]
    ):
        assert answer.status_code == 404


@pytest.mark.parametrize("path", ["/dump/quotes.csv", "/search.ndjson"])
def test_head_gives_headers_alone(handmade_db: Path, path: str) -> None:
    (whole,) = ask(handmade_db, [path])
    (head,) = ask(handmade_db, [path], method="HEAD")
    assert head.content == b""
    assert head.headers["etag"] == whole.headers["etag"]
    assert head.headers["content-disposition"] == whole.headers["content-disposition"]
    assert head.headers["cache-control"] == whole.headers["cache-control"] == "public, max-age=5"
    (known,) = ask(handmade_db, [path], headers={"If-None-Match": whole.headers["etag"]})
    assert (known.status_code, known.content) == (304, b"")


@pytest.mark.parametrize("form", ["json", "csv", "ndjson"])
def test_no_argument_is_an_error(handmade_db: Path, form: str) -> None:
    paths = [
        f"/search.{form}?{name}={encoded(case)}"
        for name in ARGUMENTS["/search"]
        for case in HOSTILE
    ]
    for answer in ask(handmade_db, paths):
        assert answer.status_code == 200, answer.url
        if form == "json":
            assert len(answer.json()["quotes"]) <= answer.json()["total"]
        elif form == "csv":
            assert answer.text.startswith("uid,")
        else:
            objects(answer.text)


def test_pages_of_json_lead_to_all(tmp_path: Path) -> None:
    db = many(tmp_path / "quotes.db", 50)
    seen: list[str] = []
    path = "/search.json?speaker=olga-testova"
    while path:
        (answer,) = ask(db, [path])
        found = answer.json()
        seen += [quote["uid"] for quote in found["quotes"]]
        path = (found["next"] or "").removeprefix("http://localhost")
    assert len(seen) == len(set(seen)) == found["total"] == 52


def test_who_may_not_see_the_quotes_gets_none(handmade_db: Path) -> None:
    paths = ["/search.json", "/search.csv", "/dump/spans.ndjson", "/feed.atom"]
    for answer in ask(
        handmade_db, paths, config={"databases": {"quotes": {"allow": {"id": "root"}}}}
    ):
        assert answer.status_code == 403
        assert "uid" not in answer.text


def many(path: Path, extra: int) -> Path:
    """Write the small database with more quotes of one speaker."""
    handmade.build(path)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executemany(
            "INSERT INTO quotes (uid, article_id, speaker_id, kind, text, position, paragraph, start,"
            " \"end\", confidence) VALUES (?, 1, 1, 'direct', ?, ?, 1, ?, ?, 0.5)",
            [(f"a-{n}", f"Rain number {n}", n, n, n + 9) for n in range(1000, 1000 + extra)],
        )
        connection.executescript((handmade.ROOT / "quotes" / "index.sql").read_text("utf-8"))
    return path


@given(typed=st.text(max_size=20))
def test_marks_lie_in_the_text(handmade_opened: sqlite3.Connection, typed: str) -> None:
    for hit in in_order(handmade_opened, question({"q": typed})):
        assert all(0 <= start < end <= len(hit.text) for start, end in marks(hit))


def test_nothing_is_marked_where_the_text_holds_our_marks(
    handmade_opened: sqlite3.Connection,
) -> None:
    (hit,) = in_order(handmade_opened, question({"q": "so"}))
    assert marks(hit) == []


@given(records=st.lists(st.dictionaries(st.text(), st.text() | st.none() | st.integers())))
def test_a_line_an_object(records: list[dict[str, Any]]) -> None:
    assert objects(lines_of_json(records)) == records
