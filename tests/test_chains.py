"""Who told what another said: quotes inside quotes, and those who only pass one on."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from conftest import build_db, cases
from sqlite_utils import Database

from quotes import extract
from quotes.markup import unmark
from quotes.models import Article, Attribution, Context, Quote, Resolution, Span, Speaker
from quotes.relay import relay
from quotes.rows import uids
from quotes.segment import segment
from quotes.unsaid import is_said


@pytest.mark.parametrize("case", cases("chains"))
def test_chains(case: dict[str, Any]) -> None:
    text = case["text"]
    found = []
    for quote in extract(text):
        one = quote.attribution
        spans = [span.of(text) if span else None for span in (one.source, one.cue)]
        found.append([*spans, quote.context.relayed_by, quote.outer])
    assert found == case["expected"]


def test_they_are_linked_in_the_database(tmp_path: Path) -> None:
    text = "Senator Bob Berg said that President Ann Lee had told him that the bridge was open."
    (tmp_path / "a.txt").write_text(text, "utf-8")
    assert build_db("--db", tmp_path / "quotes.db", tmp_path / "a.txt").returncode == 0
    outer, inner = Database(tmp_path / "quotes.db")["quotes"].rows
    assert (outer["source"], outer["outer_id"]) == ("Senator Bob Berg", None)
    assert (inner["source"], inner["outer_id"]) == ("President Ann Lee", outer["id"])
    assert outer["start"] <= inner["start"] < inner["end"] <= outer["end"]
    assert inner["uid"] == f"{outer['uid'].split('-')[0]}-{inner['start']}"


def test_the_day_of_telling_is_not_the_day_of_what_is_told() -> None:
    text = (
        "Senator Bob Berg said on Monday that President Ann Lee had told him that the bridge was"
        " open."
    )
    outer, inner = extract(Article(text, "a.txt", published=date(2020, 3, 27)))
    assert outer.context.said_on == date(2020, 3, 23)
    assert inner.outer == 0
    assert inner.context.said_on is None


def test_two_that_start_at_one_character_have_two_keys() -> None:
    _, quotes = chain(None, None)
    article = Article("text", "a.txt")
    assert uids(article, [quotes[0], quotes[1], quotes[0], quotes[0]]) == [
        f"{article.uid}-0",
        f"{article.uid}-{quotes[1].attribution.extent.start}",
        f"{article.uid}-0-2",
        f"{article.uid}-0-3",
    ]


def chain(*speakers: Speaker | None) -> tuple[str, tuple[Quote, ...]]:
    """A statement inside another one, by the speakers of both."""
    marked = "<s1>The Lark</s1> <q1>said</q1> <c1>that Lee told of rain</c1>. <s2>Berg</s2> <q2>left</q2> <c2>it</c2>."
    text, (outer, last) = unmark(marked)
    start = text.index("Lee")
    inner = Attribution(
        (type(outer.content[0])(start + 9, start + 16),),
        type(outer.content[0])(start + 4, start + 8),
        type(outer.content[0])(start, start + 3),
        "indirect",
    )
    spans = [Attribution(o.content, o.cue[0], o.source[0], "indirect") for o in (outer, last)]
    told = [(spans[0], None), (inner, 0), (spans[1], None)]
    resolved = [Resolution(speaker, "name" if speaker else None) for speaker in (*speakers, None)]
    return text, tuple(
        Quote(one, who, Context(), (), 1, outer_number)
        for (one, outer_number), who in zip(told, resolved, strict=True)
    )


def test_an_organization_that_passes_a_statement_on_is_its_relay() -> None:
    text, quotes = chain(Speaker("The Lark", "organization"), Speaker("Lee"))
    found = relay(text, quotes)
    assert [(quote.context.relayed_by, quote.outer) for quote in found] == [
        ("The Lark", None),
        (None, None),
    ]
    assert found[0].attribution == quotes[1].attribution


def test_a_person_is_no_relay() -> None:
    text, quotes = chain(Speaker("The Lark", "person"), Speaker("Lee"))
    assert relay(text, quotes) == quotes


def test_nobody_said_what_is_as_long_as_a_book() -> None:
    text = 'Lee said: "' + "It rains. " * 6_000 + '"'
    whole = Attribution((Span(10, len(text)),), Span(4, 8), Span(0, 3), "direct")
    part = Attribution((Span(10, 40_000),), Span(4, 8), Span(0, 3), "direct")
    assert not is_said(text, segment(text), whole)
    assert is_said(text, segment(text), part)
