from __future__ import annotations

from typing import Any

import pytest
from conftest import cases
from hypothesis import given, settings
from hypothesis import strategies as st

from quotes.context.acts import act
from quotes.data import load
from quotes.markup import unmark
from quotes.models import Attribution, Span

ACTS = [row["act"] for row in load("acts")]
CUES = load("cues")
WORDS = st.sampled_from(
    [row["form"] for row in CUES] + ["not", "never", "to", "for", "is", "Li", '"', "?", ".", "İ"]
)


def attributions(marked: str) -> tuple[str, list[Attribution]]:
    """The text and the attributions of a case; what begins with a quotation mark is direct."""
    text, found = unmark(marked)
    return text, [
        Attribution(
            one.content,
            one.cue[0],
            one.source[0] if one.source else None,
            "direct" if all(span.of(text)[0] in '"“' for span in one.content) else "indirect",
        )
        for one in found
    ]


@pytest.mark.parametrize("case", cases("acts"))
def test_acts(case: dict[str, Any]) -> None:
    text, found = attributions(case["marked"])
    assert [act(text, one) for one in found] == case["expected"]


def test_no_cue_no_act() -> None:
    assert act("Li: It rained.", Attribution((Span(4, 13),), None, Span(0, 2), "indirect")) is None


def test_every_act_of_a_cue_is_described() -> None:
    assert {row["act"] for row in CUES} - {""} == set(ACTS)
    assert len(set(ACTS)) == len(ACTS)
    assert all(row["description"] for row in load("acts"))


def test_forms_are_unique_and_lower_case() -> None:
    forms = [row["form"] for row in CUES]
    assert len(set(forms)) == len(forms)
    assert all(form == form.lower().strip() and form for form in forms)


def test_what_has_no_act_is_of_use() -> None:
    """It begins a phrase, or says that what follows is done or not."""
    heads = {row["form"].split()[0] for row in CUES if " " in row["form"]}
    assert all(
        row["lemma"] in heads or row["kind"] in ("helping", "failing")
        for row in CUES
        if not row["act"]
    )


@given(st.lists(WORDS, min_size=3, max_size=12).map(" ".join), st.data())
@settings(max_examples=300)
def test_any_text_gives_an_act_or_none(text: str, data: st.DataObject) -> None:
    ends = data.draw(
        st.lists(st.integers(0, len(text)), min_size=6, max_size=6, unique=True).map(sorted)
    )
    source, cue, content = data.draw(
        st.permutations([Span(*ends[:2]), Span(*ends[2:4]), Span(*ends[4:])])
    )
    kind = data.draw(st.sampled_from(["direct", "mixed", "indirect"]))
    found = Attribution((content,), cue, data.draw(st.sampled_from([source, None])), kind)
    assert act(text, found) in {*ACTS, None}
    assert act(text, found) == act(text, found)
