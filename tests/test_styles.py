"""Short texts in the styles of many newsrooms: what is said in them, and what only looks like it."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import pytest
from conftest import CASES, cases

from quotes import extract
from quotes.markup import read_markup

NEGATIVE = {"scare quotes", "title", "slogan", "nickname", "hypothetical", "so-called", "narration"}


def words(text: str | None) -> str | None:
    """What counts of a span: not the marks and commas at its ends."""
    return None if text is None else " ".join(re.findall(r"[\w’'%@#:-]+", text)).strip("'’-")


@pytest.mark.parametrize("case", cases("styles"))
def test_styles(case: dict[str, Any]) -> None:
    text = case["text"]
    attributions = [quote.attribution for quote in extract(text)]
    found = [
        [
            one.kind,
            words(one.source.of(text)) if one.source else None,
            words(one.cue.of(text)) if one.cue else None,
            [words(span.of(text)) for span in one.content],
        ]
        for one in attributions
    ]
    assert found == [
        [kind, words(source), words(cue), [words(part) for part in parts]]
        for kind, source, cue, parts in case["expected"]
    ]


def test_there_are_enough_of_each_sort() -> None:
    given = [param.values[0] for param in cases("styles")]  # type: ignore[attr-defined]
    counts = Counter(case["style"] for case in given)
    assert min(counts.values()) >= 8
    assert len(given) >= 150
    assert sum(not case["expected"] for case in given) >= len(given) / 3


def test_none_of_them_is_trained_on() -> None:
    trained = {one.article.text for one in read_markup(CASES.parent.parent / "training/styles.txt")}
    tested = {param.values[0]["text"] for param in cases("styles")}  # type: ignore[attr-defined]
    assert len(trained) >= 250
    assert not trained & tested
