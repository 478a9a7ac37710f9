from __future__ import annotations

import itertools
import time
from datetime import date
from typing import Any

import pytest
from conftest import ROOT, cases
from hypothesis import example, given
from hypothesis import strategies as st

from quotes.context import context
from quotes.context.addressees import addressees
from quotes.context.mentions import read_mention
from quotes.context.times import find_times
from quotes.markup import unmark
from quotes.models import Article, Attribution, Context, Segments, Span
from quotes.pipeline import extract
from quotes.read import File
from quotes.read import read as read_file
from quotes.segment import segment

Spans = tuple[str, Segments, list[Attribution]]
DAY = date(2020, 3, 27)
WORDS = [
    *("Ann Lee", "he", "said", "told", "urged", "called on", "Bob Berg", "her", "the king", "CNN"),
    *("on Monday", "March 26", "Feb. 29", "2019", "the 30th", "last", "two weeks ago", "yesterday"),
    *("in a call with", "during the call", "in a letter to", "on Twitter", "after", "who", "spoke"),
    *('"', ",", ".", ";", "\n\n", "\ufffc", "李", "’s", "and", "that"),
]
NEWS = st.lists(st.sampled_from(WORDS), max_size=30).map(" ".join)


def read(marked: str) -> Spans:
    """A text with its attributions; a source that serves two is carried to the later one."""
    text, found = unmark(marked)
    segments = segment(text)
    attributions: list[Attribution] = []
    for one in found:
        quoted = any(q.span.covers(part) for q in segments.quotations for part in one.content)
        source = one.source[0] if one.source else None
        attributions.append(
            Attribution(
                content=one.content,
                cue=one.cue[0],
                source=source,
                kind="direct" if quoted or '"' in one.content[0].of(text) else "indirect",
                carried=source is not None and any(source == a.source for a in attributions),
            )
        )
    return text, segments, attributions


def told(case: dict[str, Any]) -> tuple[Context, ...]:
    text, segments, attributions = read(case["marked"])
    published = date.fromisoformat(case["published"]) if case.get("published") else None
    return context(Article(text, "case.txt", published=published), segments, attributions)


@pytest.mark.parametrize("case", cases("days"))
def test_day(case: dict[str, Any]) -> None:
    days = [one.said_on.isoformat() if one.said_on else None for one in told(case)]
    assert days == case["expected"]


@pytest.mark.parametrize("case", cases("channels"))
def test_channel(case: dict[str, Any]) -> None:
    assert [one.channel for one in told(case)] == case["expected"]


@pytest.mark.parametrize("case", cases("addressees"))
def test_addressee(case: dict[str, Any]) -> None:
    text, segments, attributions = read(case["marked"])
    found = addressees(text, segments, attributions)
    assert [span.of(text) if span else None for span in found] == case["expected"]


def test_the_article_that_it_began_with() -> None:
    (article,) = read_file(File(str(ROOT / "articles" / "2020-03-27-ani-xi-trump-call.txt")))
    assert isinstance(article, Article)
    quotes = extract(article)
    found = addressees(article.text, segment(article.text), [quote.attribution for quote in quotes])
    words = [span.of(article.text) if span else None for span in found]
    assert words == [None, None, "US President Donald Trump", *[None] * 7]
    channels = [quote.context.channel for quote in quotes]
    assert channels == [None, None, "phone call", *[None] * 4, "Twitter", None, None]
    assert {quote.context.said_on for quote in quotes} == {DAY}


@st.composite
def attributed(draw: st.DrawFn) -> Spans:
    """Any text with spans anywhere in it."""
    text = draw(st.one_of(NEWS, st.text(max_size=120)).filter(lambda text: len(text) > 5))

    def span() -> Span:
        start = draw(st.integers(0, len(text) - 1))
        return Span(start, draw(st.integers(start + 1, min(len(text), start + 30))))

    attributions: list[Attribution] = []
    for _ in range(draw(st.integers(1, 4))):
        places = len(attributions)
        attributions.append(
            Attribution(
                content=tuple(sorted(span() for _ in range(draw(st.integers(1, 2))))),
                cue=draw(st.sampled_from([None, span(), span()])),
                source=draw(st.sampled_from([None, span(), span()])),
                kind=draw(st.sampled_from(["direct", "mixed", "indirect"])),
                carried=draw(st.booleans()),
                outer=draw(st.sampled_from([None, places - 1])) if places else None,
            )
        )
    return text, segment(text), attributions


@given(attributed(), st.one_of(st.none(), st.dates()))
@example(read("<s1>Li</s1> <q1>said</q1> on Monday <c1>it rained</c1>."), date.min)
@example(read("<s1>Li</s1> <q1>said</q1> on the 5th <c1>it rained</c1>."), date.max)
def test_any_spans_of_any_text(found: Spans, published: date | None) -> None:
    text, segments, attributions = found
    article = Article(text, "case.txt", published=published)
    contexts = context(article, segments, attributions)
    spans = addressees(text, segments, attributions)
    assert contexts == context(article, segments, attributions)
    assert spans == addressees(text, segments, attributions)
    assert len(contexts) == len(spans) == len(attributions)
    for one, span in zip(attributions, spans, strict=True):
        if span:
            assert 0 <= span.start < span.end <= len(text)
            assert span.of(text) == span.of(text).strip()
            assert len(span.of(text).split()) <= 8
            assert not (one.source and span.covers(one.source))
    for one in contexts:
        assert one.said_on is None or published is None or one.said_on <= published


@given(st.one_of(NEWS, st.text(max_size=200)), st.one_of(st.none(), st.dates()))
def test_no_time_is_to_come(text: str, published: date | None) -> None:
    times = find_times(text, published)
    for before, after in itertools.pairwise(times):
        assert before.end <= after.start
    assert all(t.day is None or published is None or t.day <= published for t in times)


@given(st.one_of(NEWS, st.text(max_size=200)), st.integers(0, 50))
def test_a_mention_begins_where_it_is_looked_for(text: str, start: int) -> None:
    found = read_mention(text, start, len(text))
    if found:
        assert not text[start : found.start].strip()
        assert found.end <= len(text)


@pytest.mark.parametrize(
    "filling",
    [
        "on Monday ",
        "in a call with ",
        "in a very ",
        "told a ",
        "Lee, Lee ",
        "LEE",
        ", Lee",
        "who that ",
        "\ufffc",
        "during the ",
    ],
)
def test_a_long_text_takes_no_long_time(filling: str) -> None:
    words = filling * (200_000 // len(filling))
    text = f"{words} Li said that it rained. {words}"
    cue = Span(len(words) + 4, len(words) + 8)
    content = Span(cue.end + 1, cue.end + 15)
    said = [Attribution((content,), cue, Span(len(words) + 1, len(words) + 3), "indirect")]
    segments = Segments((Span(0, len(text)),), (Span(0, len(text)),), (Span(0, len(text)),), (), ())
    start = time.process_time()
    context(Article(text, "long.txt", published=DAY), segments, said)
    addressees(text, segments, said)
    assert time.process_time() - start < 5
