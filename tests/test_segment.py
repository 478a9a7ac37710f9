from __future__ import annotations

from typing import Any

import pytest
from conftest import cases
from hypothesis import given, settings
from hypothesis import strategies as st

from quotes.models import Span
from quotes.segment import segment

MARKS = st.text(st.sampled_from("\"'“”‘’„«»‹›「」`ab S.,!?5—( \n"), max_size=60)


@pytest.mark.parametrize("case", cases("quotations"))
def test_quotations(case: dict[str, Any]) -> None:
    text = case["text"]
    found = segment(text).quotations
    assert [quotation.inner.of(text) for quotation in found] == case["inner"]
    assert [q.depth for q in found] == case.get("depths", [0] * len(found))
    assert [q.ending for q in found] == case.get("endings", ["closed"] * len(found))


@pytest.mark.parametrize("case", cases("sentences"))
def test_sentences(case: dict[str, Any]) -> None:
    text = case["text"]
    found = segment(text)
    assert [sentence.of(text) for sentence in found.sentences] == case["sentences"]
    if "units" in case:
        assert [unit.of(text) for unit in found.units] == case["units"]
    if "paragraphs" in case:
        assert [paragraph.of(text) for paragraph in found.paragraphs] == case["paragraphs"]


def test_a_quotation_that_goes_on_says_so() -> None:
    found = segment("“We met.\n\n“It rained,” Li said. “Hard.”").quotations
    assert [q.continues for q in found] == [False, True, False]


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("Don't, U.S. is 5% of 85,991.", "Don't|,|U.S.|is|5%|of|85,991|."),
        ("Sino-US ties @name #tag", "Sino-US|ties|@name|#tag"),
        ("see https://example.org/a?b=c.", "see|https://example.org/a?b=c|."),
        ("“Yes…” (no) — 10:30", "“|Yes|…|”|(|no|)|—|10:30"),
    ],
)
def test_tokens(text: str, tokens: str) -> None:
    assert [token.text for token in segment(text).tokens] == tokens.split("|")


@given(st.one_of(st.text(max_size=200), MARKS))
@settings(max_examples=500)
def test_parts_lie_inside_each_other(text: str) -> None:
    found = segment(text)
    assert found == segment(text)
    for inner, outer in [
        (found.tokens, found.sentences),
        (found.sentences, found.units),
        (found.units, found.paragraphs),
        ([q.span for q in found.quotations], found.paragraphs),
    ]:
        assert_each_inside_one(inner, outer)
    for token in found.tokens:
        assert token.of(text) == token.text
    for quotation in found.quotations:
        assert quotation.span.covers(quotation.inner)
        assert quotation.span != quotation.inner
        assert quotation.inner.of(text) == quotation.inner.of(text).strip()


@given(MARKS)
@settings(max_examples=500)
def test_closed_quotations_nest(text: str) -> None:
    open_ends: list[int] = []
    for quotation in segment(text).quotations:
        if quotation.ending == "missing":
            continue
        while open_ends and open_ends[-1] <= quotation.span.start:
            open_ends.pop()
        assert quotation.depth == len(open_ends)
        assert not open_ends or quotation.span.end <= open_ends[-1]
        open_ends.append(quotation.span.end)


@given(st.text(max_size=200))
def test_no_word_is_lost(text: str) -> None:
    covered = "".join(token.text for token in segment(text).tokens)
    assert [c for c in covered if c.isalnum()] == [c for c in text if c.isalnum()]


def assert_each_inside_one(inner: Any, outer: Any) -> None:
    remaining = list(outer)
    for span in inner:
        while remaining and remaining[0].end <= span.start:
            remaining.pop(0)
        assert remaining
        assert remaining[0].covers(Span(span.start, span.end))
