from __future__ import annotations

import re
from typing import Any

import pytest
from conftest import cases

from quotes.assemble import assemble
from quotes.models import Label, Labelling, Link, Role, Span
from quotes.segment import segment

ROLES: dict[str, Role] = {"s": "source", "q": "cue", "c": "content"}
TAGGED = re.compile(r"<([sqc])([\d,]*)>(.*?)</\1>", re.DOTALL)


def labelled(marked: str) -> tuple[str, Labelling]:
    """Take the tags out of a text, and return it with the labels and links they stood for.

    Equal numbers belong together; a label without one, to nothing.
    """
    text, labels, numbers = "", [], []
    at = 0
    for tag in TAGGED.finditer(marked):
        text += marked[at : tag.start()]
        span = Span(len(text), len(text) + len(tag[3]))
        labels.append(Label(span, ROLES[tag[1]], 0.9 if tag[1] == "c" else 0.8))
        numbers.append(set(tag[2].split(",")) - {""})
        text += tag[3]
        at = tag.end()
    heads = {"content": "cue", "cue": "source"}
    links = [
        Link(one, other, 0.9)
        for one, label in enumerate(labels)
        for other, head in enumerate(labels)
        if heads.get(label.role) == head.role and numbers[one] & numbers[other]
    ]
    return text + marked[at:], Labelling(tuple(labels), tuple(links))


@pytest.mark.parametrize("case", cases("assemble"))
def test_assemble(case: dict[str, Any]) -> None:
    text, labelling = labelled(case["text"])
    attributions = assemble(text, segment(text), labelling)
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
    if "carried" in case:
        assert [attribution.carried for attribution in attributions] == case["carried"]
    if "verbatim" in case:
        assert [s.of(text) for a in attributions for s in a.verbatim] == case["verbatim"]


def test_confidence_is_that_of_all_its_labels_and_links() -> None:
    text, labelling = labelled("<s1>Li</s> <q1>said</q> <c1>it rained</c>.")
    (attribution,) = assemble(text, segment(text), labelling)
    assert attribution.confidence == pytest.approx(0.9 * 0.9 * 0.8 * 0.9)
    assert attribution.extent.of(text) == "Li said it rained"


def test_the_likeliest_link_counts() -> None:
    text, labelling = labelled("<s>Li</s> <q>said</q> <c>it rained</c>, <q>adding</q> nothing.")
    content = 2
    links = (Link(content, 1, 0.3), Link(content, None, 0.1), Link(content, 3, 0.6))
    (attribution,) = assemble(text, segment(text), Labelling(labelling.labels, links))
    assert attribution.cue
    assert attribution.cue.of(text) == "adding"
