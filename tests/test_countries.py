"""Which countries a text speaks of."""

from __future__ import annotations

import time

import pytest
from conftest import cases
from hypothesis import given
from hypothesis import strategies as st

from quotes.countries import capital_of, countries, country_of
from quotes.data import load
from quotes.models import Span

CODES = {row["code"] for row in load("countries")}
AMBIGUOUS = {row["words"] for row in load("country_clues")}
WORDS = sorted({row["words"] for row in load("not_countries")})
NAMES = [
    (word, row["code"])
    for row in load("countries")
    for column in ("name", "names", "demonyms")
    for word in ([row[column]] if column == "name" else row[column].split("|"))
    if word and word not in AMBIGUOUS
]
CAPITALS = [
    (word, row["code"]) for row in load("countries") for word in row["capital"].split("|") if word
]


def whole(text: str) -> tuple[str, ...]:
    return countries(text, [Span(0, len(text))])


@pytest.mark.parametrize("case", cases("countries"))
def test_cases(case):
    text = case["text"]
    words = case.get("within", text)
    start = text.index(words)
    assert list(countries(text, [Span(start, start + len(words))])) == case["expected"], case


@pytest.mark.parametrize(("words", "code"), NAMES, ids=lambda value: value)
def test_every_name_is_known(words, code):
    assert country_of(words) == code
    assert whole(f"We spoke about the {words} again.") == (code,)


@pytest.mark.parametrize(("words", "code"), CAPITALS, ids=lambda value: value)
def test_every_capital_is_known(words, code):
    assert capital_of(words) == code
    assert whole(f"{words} rejected it.") == (code,)
    assert whole(f"It rained in {words}.") == ()


@pytest.mark.parametrize(
    "words", ["us", "Korean", "Korea", "Georgia", "english", "", "Paris", "\0"]
)
def test_no_country_by_itself(words):
    assert country_of(words) is None


@pytest.mark.parametrize(
    ("words", "code"),
    [("Sino", "CN"), ("EU", "EU"), ("CHINA", "CN"), ("Côte d’Ivoire", "CI"), ("U.K.", "GB")],
)
def test_country_by_itself(words, code):
    assert country_of(words) == code


def test_every_country_has_its_code():
    codes = [row["code"] for row in load("countries")]
    assert codes == sorted(set(codes))
    assert len(codes) == 249 + len(["EU", "XK"])


def test_no_word_means_two_countries():
    words = [word for word, _ in [*NAMES, *CAPITALS]]
    assert len(words) == len(set(words))


def test_every_clue_leads_to_a_country_or_none():
    assert {row["code"] for row in load("country_clues")} <= CODES | {""}


@pytest.mark.parametrize(
    "text",
    [
        "Georgia " * 50_000,
        "Jordan " * 50_000,
        "Beijing, " * 50_000,
        "A" * 1_000_000,
        "U." * 500_000,
    ],
    ids=["clues", "surnames", "groups", "one word", "letters"],
)
def test_hostile_text_takes_no_longer_than_its_length(text):
    start = time.perf_counter()
    whole(text)
    assert time.perf_counter() - start < 10


VOCABULARY = st.sampled_from(
    [*[word for word, _ in [*NAMES, *CAPITALS]], *WORDS, *AMBIGUOUS, "the", "said"]
)
TEXTS = st.text() | st.lists(VOCABULARY | st.text(max_size=3)).map(" ".join)


@given(TEXTS, st.data())
def test_any_text(text, data):
    bounds = st.integers(0, len(text))
    pairs = data.draw(st.lists(st.tuples(bounds, bounds), max_size=4))
    spans = [Span(min(pair), max(pair)) for pair in pairs if pair[0] != pair[1]]
    found = countries(text, spans)
    assert found == countries(text, spans[::-1])
    assert set(found) <= CODES
    assert len(found) == len(set(found))


@given(TEXTS)
def test_words_alone(words):
    assert country_of(words) in CODES | {None}
    assert capital_of(words) in CODES | {None}
    assert not (country_of(words) and capital_of(words))


@given(st.text(), st.text())
def test_nothing_outside_the_spans_is_spoken_of(before, after):
    text = f"{before} it rained {after}"
    assert countries(text, [Span(len(before) + 1, len(before) + 10)]) == ()
