from __future__ import annotations

import re
from typing import Any

import pytest
from conftest import cases

from quotes.assemble import assemble
from quotes.models import Label, Role, Span
from quotes.segment import segment

ROLES: dict[str, Role] = {"s": "source", "q": "cue", "c": "content"}


def labelled(marked: str) -> tuple[str, list[Label]]:
    """Take the tags out of a text, and return it with the labels that they stood for."""
    text, labels = "", []
    for part in re.split(r"(<[sqc]>.*?</[sqc]>)", marked, flags=re.DOTALL):
        inner = re.fullmatch(r"<([sqc])>(.*)</\1>", part, flags=re.DOTALL)
        words = inner[2] if inner else part
        if inner:
            span = Span(len(text), len(text) + len(words))
            labels.append(Label(span, ROLES[inner[1]], 0.9 if inner[1] == "c" else 0.8))
        text += words
    return text, labels


@pytest.mark.parametrize("case", cases("assemble"))
def test_assemble(case: dict[str, Any]) -> None:
    text, labels = labelled(case["text"])
    attributions = assemble(text, segment(text), labels)
    found = [
        [
            attribution.source.of(text) if attribution.source else None,
            attribution.cue.of(text) if attribution.cue else None,
            [span.of(text) for span in attribution.content],
            attribution.kind,
        ]
        for attribution in attributions
    ]
    assert found == case["expected"]
    if "verbatim" in case:
        assert [s.of(text) for a in attributions for s in a.verbatim] == case["verbatim"]


def test_confidence_is_that_of_the_least_certain_label() -> None:
    text, labels = labelled("<s>Li</s> <q>said</q> <c>it rained</c>.")
    (attribution,) = assemble(text, segment(text), labels)
    assert attribution.confidence == 0.8
    assert attribution.extent.of(text) == "Li said it rained"
