from __future__ import annotations

import itertools
from datetime import date
from typing import Any

import pytest
from conftest import cases
from hypothesis import example, given, settings
from hypothesis import strategies as st

from quotes.blocks import blocks
from quotes.model import shipped
from quotes.models import Article, Quote
from quotes.pipeline import extract
from quotes.segment import segment
from quotes.tag import tag

WORDS = [
    *(
        "President",
        "Ann Lee",
        "Xi Jinping",
        "Mr.",
        "he",
        "She",
        "said",
        "told",
        "reporters",
        "that",
    ),
    *(
        "urged",
        "according to",
        "pointed out",
        "called for",
        "reported",
        "the bridge",
        "was",
        "on Friday",
        "and",
        "adding",
    ),
    *(
        '"',
        "“",
        "”",
        "'",
        "’",
        "«",
        "»",
        ",",
        ".",
        ":",
        "\n\n",
        "\n",
        "—",
        "U.S.",
        "12",
        "李",
        "אב",
    ),
]
NEWS = st.lists(st.sampled_from(WORDS), max_size=40).map(" ".join)


def extracted(text: str, published: date | None = None) -> tuple[Quote, ...]:
    return extract(Article(text, "case.txt", published=published))


@pytest.mark.parametrize("case", cases("extract"))
def test_extract(case: dict[str, Any]) -> None:
    text = case["text"]
    found = []
    for quote in extracted(text):
        attribution, speaker = quote.attribution, quote.resolution.speaker
        found.append(
            [
                attribution.kind,
                speaker.name if speaker else None,
                quote.resolution.method,
                attribution.source.of(text) if attribution.source else None,
                attribution.cue.of(text) if attribution.cue else None,
                " … ".join(span.of(text) for span in attribution.content),
            ]
        )
        assert not speaker or speaker.kind == case.get("kind", "person")
    assert found == case["expected"]


@pytest.mark.parametrize("case", cases("said_on"))
def test_said_on(case: dict[str, Any]) -> None:
    published = date.fromisoformat(case["published"]) if case["published"] else None
    (quote,) = extracted(case["text"], published)
    said_on = quote.context.said_on
    assert (said_on.isoformat() if said_on else None) == case["said_on"]


@given(st.one_of(st.text(max_size=300), NEWS))
@example("2«‐»U!SAY")
@example("A\r,SAID$0")
@settings(max_examples=500)
def test_every_span_lies_in_the_text(text: str) -> None:
    quotes = extracted(text, date(2020, 3, 27))
    assert quotes == extracted(text, date(2020, 3, 27))
    for quote in quotes:
        attribution = quote.attribution
        spans = [*attribution.content, *attribution.verbatim]
        spans += [span for span in (attribution.cue, attribution.source) if span]
        assert attribution.content
        assert quote.paragraph >= 1
        for span in spans:
            assert 0 <= span.start < span.end <= len(text)
            assert span.of(text).strip() == span.of(text)
        who = quote.resolution
        assert (who.speaker is None) == (who.method is None) == (not who.chain)
        assert not who.chain or who.chain[0].method == who.method
        assert all(0 <= step.span.start < step.span.end <= len(text) for step in who.chain)
        for verbatim in attribution.verbatim:
            assert any(content.covers(verbatim) for content in attribution.content)
        assert (attribution.kind == "indirect") == (not attribution.verbatim)


@given(NEWS)
@settings(max_examples=200)
def test_labels_stand_in_order_and_apart(text: str) -> None:
    labelling = tag(segment(text), shipped())
    for before, after in itertools.pairwise(labelling.labels):
        assert before.span.end <= after.span.start


@pytest.mark.parametrize("limit", [100, 200, 1000])
def test_a_text_in_blocks_gives_quotes_of_the_whole(
    limit: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = "Senator Bob Berg said that President Ann Lee had told him that the bridge was open.\n"
    text = line * 6
    monkeypatch.setattr(blocks, "__defaults__", (limit,))
    quotes = extracted(text)
    assert quotes
    for quote in quotes:
        one = quote.attribution
        assert one.cue
        assert one.cue.of(text) in ("said", "had told")
        assert text[: one.extent.start].count("\n") + 1 == quote.paragraph
        if quote.outer is not None:
            assert quotes[quote.outer].attribution.extent.covers(one.extent)
    assert [quote.outer for quote in quotes] == [
        None,
        0,
        None,
        2,
        None,
        4,
        None,
        6,
        None,
        8,
        None,
        10,
    ]


@given(st.text(max_size=200), st.integers(1, 50))
def test_blocks_cover_the_text(text: str, limit: int) -> None:
    parts = [*blocks(text, limit)]
    assert "".join(part.of(text) for part in parts) == text
    assert all(part.end - part.start <= limit for part in parts)
