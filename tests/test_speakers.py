"""Who the source of each attribution is: cases with the attributions marked by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from conftest import cases
from hypothesis import given, settings
from hypothesis import strategies as st

from quotes.markup import unmark
from quotes.models import Article, Attribution, Resolution, Span
from quotes.resolve import resolve
from quotes.resolve.names import find_names
from quotes.segment import segment

WORDS = [
    *(
        "President",
        "Ann Lee",
        "Ann",
        "Lee",
        "Bob Berg Jr.",
        "Mr.",
        "Mrs.",
        "he",
        "She",
        "it",
        "who",
    ),
    *("his", "the", "a", "farmer", "senator", "of", "Ohio", "Xi", "the US president", "former"),
    *(
        "said",
        "and",
        ",",
        ".",
        "\n\n",
        "“",
        "”",
        "(D-Ohio)",
        "'s",
        "Beijing",
        "the ministry",
        "习近平",
    ),
    *("Donald Trump", "who", "van der", "al-Najmi", "@lee", "LEE", "-", "—", ":", "in 2009"),
]


def resolved(case: dict[str, Any]) -> tuple[Resolution, ...]:
    text, marked = unmark(case["marked"])
    marked = sorted(marked, key=lambda one: min(span.start for span in (*one.content, *one.cue)))
    attributions = [
        Attribution(
            one.content,
            None if number in case.get("no_cue", ()) else one.cue[0],
            one.source[0] if one.source else None,
            "indirect",
        )
        for number, one in enumerate(marked)
    ]
    published = case.get("published")
    article = Article(text, "a.txt", published=date.fromisoformat(published) if published else None)
    return resolve(article, segment(text), attributions)


@pytest.mark.parametrize("case", cases("speakers"))
def test_speakers(case: dict[str, Any]) -> None:
    found: list[Any] = []
    for who in resolved(case):
        if who.speaker is None or who.speaker.kind == "person":
            found.append(who.speaker.name if who.speaker else None)
        else:
            found.append({"organization": who.speaker.name})
    assert found == case["expected"], case.get("note")


NEWS = st.lists(st.sampled_from(WORDS), max_size=30).map(" ".join)


@given(
    st.one_of(st.text(max_size=200), NEWS),
    st.lists(st.tuples(st.integers(0, 60), st.integers(1, 40))),
)
@settings(max_examples=300)
def test_any_words_may_be_a_source(text: str, places: list[tuple[int, int]]) -> None:
    spans = [
        Span(start, min(len(text), start + length)) for start, length in places if start < len(text)
    ]
    attributions = [Attribution((Span(0, len(text)),), None, span, "indirect") for span in spans]
    article = Article(text, "a.txt", published=date(2020, 3, 27))
    found = resolve(article, segment(text), attributions, spans)
    assert found == resolve(article, segment(text), attributions, spans)
    for who in found:
        assert (who.speaker is None) == (who.method is None) == (not who.chain)
        assert all(0 <= step.span.start < step.span.end <= len(text) for step in who.chain)


def test_what_was_considered_is_kept() -> None:
    case = {
        "marked": "Bob Berg, a farmer, met Ann Lee. <s1>Mr. Berg</s1> <q1>said</q1> <c1>that it rained</c1>."
        " <s2>He</s2> <q2>said</q2> <c2>that it was cold</c2>."
    }
    _, who = resolved(case)
    assert [step.method for step in who.chain] == ["pronoun", "surname", "name"]
    assert who.speaker
    assert who.speaker.name == "Bob Berg"


def test_a_run_of_capitals_is_no_name_without_end() -> None:
    text = "Aaron Berg Holm " * 50
    assert max(len(name.full.split()) for name in find_names(text, segment(text))) == 12


def test_a_report_by_a_report_without_end() -> None:
    text = "a report by " * 2000 + "Rita Holm said that it rained."
    said = Attribution((Span(24014, 24029),), Span(24010, 24014), Span(0, 24009), "indirect")
    (who,) = resolve(Article(text, "a.txt"), segment(text), [said])
    assert who.speaker
    assert who.speaker.name == "Rita Holm"
