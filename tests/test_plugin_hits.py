"""What the search finds and counts, against plain SQL over the tables."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import handmade
import pytest
from conftest import build_db
from hypothesis import given, settings
from hypothesis import strategies as st

from quotes.plugin.asking.plain import readings
from quotes.plugin.asking.question import FILTERS, NOBODY, PAGE_SIZE, Question, question
from quotes.plugin.asking.spelling import nearest
from quotes.plugin.lookup.hits import POOL, count, find, in_order, newest

# As the index is asked, but by SQL over the tables, slowly.
PLAIN = """
SELECT quotes.uid, coalesce(said_on, published) AS day, coalesce(speakers.slug, '-') AS speaker, quotes.kind,
  publisher, addressees.slug AS addressee, act, channel,
  (SELECT group_concat(country, ' ') FROM mentions WHERE quote_id = quotes.id) AS country
FROM quotes JOIN articles ON articles.id = article_id
LEFT JOIN speakers ON speakers.id = speaker_id
LEFT JOIN speakers AS addressees ON addressees.id = addressee_id
"""
FTS = " WHERE quotes.id IN (SELECT rowid FROM quotes_fts WHERE quotes_fts MATCH ?)"


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    """Of 6,000 quotes with four words each: more than are ranked and counted one by one."""
    path = tmp_path_factory.mktemp("many") / "quotes.db"
    articles = path.parent / "articles"
    articles.mkdir()
    verbs = ["said", "warned", "hoped", "promised"]
    for number in range(600):
        day = f"{2010 + number % 12}-{1 + number % 11:02}-{1 + number % 27:02}"
        sentences = [
            f"Ann {'Lee' if number % 3 else 'Berg'} {verbs[(number + i) % 4]} that the bridge over"
            f" river {number} was open to {'carts' if i else 'cars and lorries'}."
            for i in range(10)
        ]
        record = f"date {day}\n" + "\n\n".join(sentences)
        (articles / f"{number:03}.txt").write_text(record, "utf-8")
    assert build_db("--db", path, articles).returncode == 0
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
        connection.row_factory = None
        yield connection


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    path = handmade.build(tmp_path_factory.mktemp("handmade") / "quotes.db")
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
        yield connection


def plain(connection: sqlite3.Connection, asked: Question) -> list[dict[str, Any]]:
    """The rows that fit, by SQL over the tables and a comparison in Python."""
    expression = asked.words.expression
    cursor = connection.execute(
        PLAIN + (FTS if expression else ""), [expression][: bool(expression)]
    )
    names = [column[0] for column in cursor.description]
    first, last = asked.days
    return [
        row
        for values in cursor
        if (row := dict(zip(names, values, strict=True)))
        and all(
            value in str(row[name] or "").split() if name == "country" else row[name] == value
            for name, value in asked.filters
            if name != "year"
        )
        and (not (first or last) or row["day"] is not None)
        and (first is None or row["day"] >= first)
        and (last is None or row["day"] <= last)
    ]


ASKED = st.builds(
    lambda words, filters, days: question({**words, **filters, **days}),
    st.sampled_from(
        [{}, {"q": "bridge"}, {"q": "lorries"}, {"q": "bridge 77"}, {"q": "harvest OR bridge"}]
    ),
    st.dictionaries(
        st.sampled_from(["speaker", "kind", "year", "act", "publisher", "country"]),
        st.sampled_from(
            [NOBODY, "ann-lee", "indirect", "2015", "warns", "The Example", "TW", "x'\"*"]
        ),
        max_size=2,
    ),
    st.dictionaries(
        st.sampled_from(["from", "to"]), st.sampled_from(["2012", "2015-03", "2020-02-01"])
    ),
)


@settings(max_examples=150)
@given(ASKED)
def test_how_many_are_found(
    opened: sqlite3.Connection, small: sqlite3.Connection, asked: Question
) -> None:
    for connection in (opened, small):
        fitting = plain(connection, asked)
        found = find(connection, asked)
        assert found.total == count(connection, asked) == len(fitting)
        assert {hit.uid for hit in found.hits} <= {row["uid"] for row in fitting}
        assert len(found.hits) == min(PAGE_SIZE, found.total)
        if not found.about:
            for name in ("speaker", "kind", "publisher", "act", "channel"):
                counted = Counter(row[name] for row in fitting if row[name] is not None)
                assert {v.value: v.count for v in found.facets[name]} == dict(counted)


def test_of_many_the_counts_are_near(opened: sqlite3.Connection) -> None:
    asked = question({"q": "bridge"})
    fitting, found = plain(opened, asked), find(opened, asked)
    assert found.total == len(fitting) > POOL
    assert found.about
    assert found.reachable == POOL
    for name in ("speaker", "kind", "act"):
        counted = Counter(row[name] for row in fitting if row[name])
        for value in found.facets[name]:
            assert value.count == pytest.approx(counted[value.value], rel=0.25, abs=60)
    assert sum(found.days.values()) == pytest.approx(len(fitting), rel=0.05)


@pytest.mark.parametrize(
    "arguments", [{}, {"q": "bridge"}, {"q": "lorries"}, {"speaker": "ann-lee"}]
)
def test_every_page_has_its_own_hits(opened: sqlite3.Connection, arguments: dict[str, str]) -> None:
    for order in ("best", "newest", "oldest"):
        pages = [
            find(opened, question({**arguments, "sort": order, "page": str(page)})).hits
            for page in (1, 2, 3, 10)
        ]
        ids = [hit.id for page in pages for hit in page]
        assert len(ids) == len(set(ids)) == 4 * PAGE_SIZE
        if order != "best":
            assert ids == sorted(ids, reverse=order == "newest")


def test_days_go_up_with_the_order(opened: sqlite3.Connection) -> None:
    days = [day for (day,) in opened.execute("SELECT day FROM chronicle ORDER BY id") if day]
    assert days == sorted(days)


def test_all_that_fits_comes_once_in_order(opened: sqlite3.Connection) -> None:
    asked = question({"q": "lorries", "kind": "indirect"})
    uids: list[str] = []
    after = 0
    while batch := in_order(opened, asked, after, size=37):
        uids += [hit.uid for hit in batch]
        after = batch[-1].id
    assert sorted(uids) == sorted(row["uid"] for row in plain(opened, asked))


def test_words_are_marked_in_any_inflection(small: sqlite3.Connection) -> None:
    (hit,) = find(small, question({"q": "bridges harvested"})).hits
    assert hit.marked == "It takes a \ufdd0bridge\ufdd1 and a \ufdd0harvest\ufdd1."


@pytest.mark.parametrize("name", ["The  Example", "The\xa0Example", "نمونه\u200cها", "Exam\xadple"])
def test_any_publisher_leads_to_its_quotes(tmp_path: Path, name: str) -> None:
    path = handmade.build(tmp_path / "quotes.db")
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE articles SET publisher = ? WHERE uid = 'a'", [name])
        connection.executescript((handmade.ROOT / "quotes" / "index.sql").read_text("utf-8"))
        (value,) = find(connection, question({})).facets["publisher"]
        asked = question(question({}).having("publisher", value.value).arguments)
        assert (value.label, count(connection, asked)) == (name, value.count)


def test_a_long_text_is_marked_in_time(tmp_path: Path) -> None:
    """FTS5 takes minutes to mark a word that stands in a quote a million times."""
    path = handmade.build(tmp_path / "quotes.db")
    text = "harvest " * 1_000_000 + "again"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE quotes SET text = ? WHERE uid = 'b-0'", [text])
        connection.executescript((handmade.ROOT / "quotes" / "index.sql").read_text("utf-8"))
        hits = {hit.uid: hit for hit in find(connection, question({"q": "harvest"})).hits}
    assert hits["b-0"].marked.startswith("\ufdd0harvest\ufdd1 \ufdd0harvest\ufdd1")
    assert hits["b-0"].marked.replace("\ufdd0", "").replace("\ufdd1", "") == text


def test_a_word_of_the_source_finds_and_marks_nothing(small: sqlite3.Connection) -> None:
    (hit,) = find(small, question({"q": "mayor"})).hits
    assert hit.marked == hit.text


def test_of_many_those_come_first_in_which_the_words_stand_close(
    opened: sqlite3.Connection,
) -> None:
    asked = question({"q": "bridge open"})
    found = find(opened, asked)
    assert found.total > POOL
    near = 'SELECT max(rowid) FROM chronicle_fts WHERE chronicle_fts MATCH \'NEAR("bridge" "open", 10)\''
    assert found.hits[0].id == opened.execute(near).fetchone()[0]


@pytest.mark.parametrize(
    ("typed", "better"),
    [
        ("harvset", "harvest"),
        ("bridgge", "bridge"),
        ("harvests", None),
        ("xyzzyx", None),
        ("ha", None),
        ('"bridgge and" harvset', '"bridge and" harvest'),
        ("BRIDGGE", "bridge"),
        ("rivr -bridgge", "river -bridgge"),
        ("ẞẞẞ bridgge", "ẞẞẞ bridge"),
        ("bridggebridgge bridgge", "bridggebridgge bridge"),
    ],
)
def test_a_near_word_is_offered(small: sqlite3.Connection, typed: str, better: str | None) -> None:
    offered = nearest(small, question({"q": typed}))
    assert (offered.typed if offered else None) == better


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("what did Testova tell Benson about the harvest", [("olga-testova", "bruno-benson", "harvest"), ("olga-testova", None, "harvest")]),
        ("Olga Testova", [("olga-testova", None, "")]),
        ("ÓLGA TESTOVA's harvest", [("olga-testova", None, "harvest")]),
        ("?! harvest", []),
        ("testova's harvest?", [("olga-testova", None, "harvest")]),
        ("the harvest", [(None, None, "harvest")]),
        ("harvest", []),
        ('"Testova" -harvest', []),
        ("test* harvest", []),
        ("Benson OR Testova", []),
    ],
)  # fmt: skip
def test_plain_words_are_read(small: sqlite3.Connection, typed: str, read: list[Any]) -> None:
    got = readings(small, question({"q": typed}))
    assert [(q.value("speaker"), q.value("addressee"), q.typed) for q in got] == read


@given(st.text(), st.dictionaries(st.sampled_from([*FILTERS, "from", "to"]), st.text()))
def test_nothing_typed_makes_a_fault(
    small: sqlite3.Connection, typed: str, filters: dict[str, str]
) -> None:
    asked = question({"q": typed, **filters})
    found = find(small, asked)
    assert found == find(small, asked)
    newest(small, asked)
    nearest(small, asked)
    for reading in readings(small, asked):
        assert count(small, reading) >= 0
