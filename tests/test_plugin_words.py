"""What a person types into the search box: never an error, and what it means."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import Any

import pytest
from conftest import cases
from hypothesis import example, given
from hypothesis import strategies as st

from quotes.plugin.asking.question import Question, first_day, last_day, question
from quotes.plugin.asking.words import LONGEST, MOST, clean, parse
from quotes.plugin.lookup.hits import match

TYPED = st.one_of(
    st.text(max_size=60),
    st.lists(
        st.sampled_from(
            [
                *'"*-()^:+{},“”',
                " ",
                "OR",
                "AND",
                "NOT",
                "NEAR",
                "rain",
                "trade",
                "é",
                "习",
                "\0",
                "a",
            ]
        ),
        max_size=20,
    ).map("".join),
    st.text(alphabet='"*- ORab', max_size=40),
)
FILTER_VALUES = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@pytest.fixture(scope="module")
def index() -> Any:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("CREATE VIRTUAL TABLE f USING fts5(text, source, tags, content = '')")
        connection.execute("INSERT INTO f VALUES ('rain and snow', 'a farmer', 'every')")
        yield connection


@pytest.mark.parametrize("case", cases("typed"))
def test_what_is_typed(case: dict[str, Any]) -> None:
    words = parse(case["typed"])
    assert (words.expression, words.unwanted) == (case["expression"], case["unwanted"])


@given(TYPED)
@example('"' * 500)
@example("-" * 500)
@example("a OR " * 100)
def test_the_index_takes_whatever_is_typed(index: sqlite3.Connection, typed: str) -> None:
    asked = question({"q": typed})
    words = asked.words
    for expression in (match(asked), words.wanted, words.close, words.unwanted):
        if expression:
            index.execute("SELECT rowid FROM f WHERE f MATCH ?", [expression]).fetchall()
    assert sum(map(len, words.groups)) + len(words.without) <= MOST


@given(
    st.fixed_dictionaries({"speaker": FILTER_VALUES, "kind": FILTER_VALUES}, optional={"q": TYPED})
)
def test_the_index_takes_whatever_filter(
    index: sqlite3.Connection, arguments: dict[str, str]
) -> None:
    index.execute("SELECT rowid FROM f WHERE f MATCH ?", [match(question(arguments))]).fetchall()


@given(TYPED)
def test_what_is_typed_is_read_the_same_again(typed: str) -> None:
    assert parse(clean(typed)[:LONGEST]) == parse(typed) or len(typed) > LONGEST
    assert parse(typed) == parse(typed)


@given(st.lists(st.sampled_from(["rain", "snow", "fog"]), min_size=1, max_size=8))
def test_plain_words_are_all_looked_for(words: list[str]) -> None:
    assert [term.text for (term,) in parse(" ".join(words)).groups] == words


@given(
    st.builds(
        Question,
        typed=st.text().map(clean),
        filters=st.just((("speaker", "x y"), ("year", "2020"))),
        since=st.sampled_from([None, "2016", "2016-02-29"]),
        sort=st.sampled_from([None, "best", "newest", "oldest"]),
        by_speaker=st.booleans(),
        page=st.integers(1, 5000),
    )
)
def test_an_address_asks_the_same_question_again(asked: Question) -> None:
    if len(asked.typed) <= LONGEST:
        assert question(asked.arguments) == asked


_DAYS = st.sampled_from([None, "2019", "2020", "2020-02", "2020-02-10", "2020-12-31", "2021-03"])


@given(_DAYS, _DAYS, _DAYS, st.sampled_from(["2020-02-15", "2020-02", "2020"]))
def test_a_period_stays_within_the_days(
    since: str | None, until: str | None, year: str | None, period: str
) -> None:
    given = {"from": since, "to": until, "year": year}
    asked = question({name: day for name, day in given.items() if day})
    low, high = asked.days
    found = asked.within(period, period).days
    assert found == (max(low or "", first_day(period)), min(high or "~", last_day(period)))


@given(st.dictionaries(st.sampled_from(["q", "from", "to", "year", "page", "sort"]), st.text()))
@example({"from": "2020-13", "to": "0000", "year": "²⁰²⁰"})
@example({"page": "١٢"})
@example({"from": "1٢٣٤"})
def test_any_arguments_are_a_question(arguments: dict[str, str]) -> None:
    asked = question(arguments)
    first, last = asked.days
    assert first is None or (len(first) == 10 and first.isascii())
    assert last is None or len(last) == 10
    assert 1 <= asked.page <= 5000


def test_too_much_is_cut_and_told() -> None:
    assert parse("rain " * 200).cut
    assert parse("x" * 600).cut
    assert not parse("rain").cut
