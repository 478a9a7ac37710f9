from __future__ import annotations

import itertools
from datetime import date
from typing import Any

import pytest
from conftest import cases
from hypothesis import given, settings
from hypothesis import strategies as st

from quotes.extract import extract
from quotes.model import shipped
from quotes.models import Article, Quote
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
    *("urged", "according to", "pointed out", "the bridge", "was", "on Friday", "and", "adding"),
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
@settings(max_examples=500, deadline=None)
def test_every_span_lies_in_the_text(text: str) -> None:
    quotes = extracted(text, date(2020, 3, 27))
    assert quotes == extracted(text, date(2020, 3, 27))
    starts = [(quote.attribution.extent.start, quote.outer is None) for quote in quotes]
    assert len(set(starts)) == len(starts), "two quotes with one uid"
    for quote in quotes:
        attribution = quote.attribution
        spans = [*attribution.content, *attribution.verbatim]
        spans += [span for span in (attribution.cue, attribution.source) if span]
        assert attribution.content
        assert quote.paragraph >= 1
        for span in spans:
            assert 0 <= span.start < span.end <= len(text)
            assert span.of(text).strip() == span.of(text)
        for verbatim in attribution.verbatim:
            assert any(content.covers(verbatim) for content in attribution.content)
        assert (attribution.kind == "indirect") == (not attribution.verbatim)


@given(NEWS)
@settings(max_examples=200, deadline=None)
def test_labels_stand_in_order_and_apart(text: str) -> None:
    labelling = tag(segment(text), shipped())
    for before, after in itertools.pairwise(labelling.labels):
        assert before.span.end <= after.span.start
