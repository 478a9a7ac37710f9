"""Parts of texts that are marked: quotes in articles, words in hits."""

from __future__ import annotations

import re
import time

import pytest
from conftest import cases
from hypothesis import example, given
from hypothesis import strategies as st
from markupsafe import escape

from quotes.plugin.texts.extents import around, paragraphs
from quotes.plugin.texts.marks import Mark, highlighted, in_paragraphs, pieces, shown, snippet

ROLES = ("source", "cue", "content")
TEXTS = st.text(
    st.sampled_from("ab \n\r\t<&\u202e\x00é𝒜") | st.characters(exclude_categories=["Cs"])
)
MARKED = st.text(st.sampled_from("ab <&[]\n"), max_size=60)


@st.composite
def marked_texts(draw):
    text = draw(TEXTS)
    place = st.integers(0, len(text) + 2)
    mark = st.builds(Mark, place, place, st.sampled_from(ROLES), st.sampled_from("abc"))
    start, end = sorted((draw(place), draw(place)))
    return text, start, end, draw(st.lists(mark, max_size=8))


def written(verb, case):
    text = case["text"]
    if verb == "pieces":
        marks = [Mark(*span) for span in case["spans"]]
        cut = pieces(text, case.get("start", 0), case.get("end", len(text)), marks)
        return [[p.text, list(p.roles), list(p.quotes), list(p.begins)] for p in cut]
    if verb == "paragraphs":
        return [text[part.start : part.end] for part in paragraphs(text)]
    if verb == "around":
        part = around(text, *case["at"], case["paragraphs"])
        return [text[part.start : part.end], part.cut_before, part.cut_after]
    if verb == "shown":
        return shown(text)
    if verb == "highlighted":
        return str(highlighted(text, "[", "]"))
    return snippet(text, "[", "]", case["length"])


@pytest.mark.parametrize("case", cases("marks"))
def test_marks(case):
    assert written(case["verb"], case) == case["expected"], case.get("note")


@given(marked_texts())
def test_pieces_are_the_text(given_):
    text, start, end, marks = given_
    cut = pieces(text, start, end, marks)
    assert "".join(piece.text for piece in cut) == text[start:end]
    for piece in cut:
        for place in range(piece.start, piece.end):
            assert set(piece.marks) == {m for m in marks if m.start <= place < m.end}
    begun = [quote for piece in cut for quote in piece.begins]
    first = {
        m.quote: min(n.start for n in marks if n.quote == m.quote and n.start < n.end)
        for m in marks
        if m.start < m.end
    }
    assert sorted(begun) == sorted(quote for quote, at in first.items() if start <= at < end)


@given(marked_texts())
def test_pieces_of_paragraphs_are_those_of_the_text(given_):
    text, start, end, marks = given_
    begun = []
    for part, cut in in_paragraphs(text, marks, start, end):
        assert start <= part.start < part.end <= end
        assert "".join(piece.text for piece in cut) == text[part.start : part.end]
        for piece in cut:
            begun += piece.begins
            assert [set(p.marks) for p in pieces(text, piece.start, piece.end, marks)] == [
                set(piece.marks)
            ]
    assert len(begun) == len(set(begun))


@given(TEXTS)
def test_paragraphs_leave_out_white_space_only(text):
    parts = paragraphs(text)
    ends = [0, *(place for part in parts for place in (part.start, part.end)), len(text)]
    assert ends == sorted(ends)
    assert not "".join(text[a:b] for a, b in zip(ends[::2], ends[1::2], strict=True)).strip()
    assert all(
        text[part.start : part.end] == text[part.start : part.end].strip() != "" for part in parts
    )


@given(marked_texts(), st.integers(0, 3))
@example(("0000000\n0", 0, 8, []), 0)
@example(("0\n0000000", 1, 9, []), 0)
def test_around_holds_its_passage(given_, count):
    text, start, end, _ = given_
    part = around(text, start, end, count)
    inside = text[start:end]
    assert 0 <= part.start <= part.end <= len(text)
    assert inside in text[part.start : part.end]
    assert not part.cut_before
    assert not part.cut_after


@given(
    st.integers(0, 60_000),
    st.integers(0, 20_000),
    st.sampled_from(["word ", "x", "two\nlines ", "a\n\nb "]),
)
def test_around_is_bounded(start, length, unit):
    text = unit * 12_000
    part = around(text, start, start + length)
    assert part.end - part.start <= 10_000
    start = min(start, len(text))
    assert part.start <= start
    assert part.end >= min(start + length, start + 5_900, len(text))
    if part.cut_before and unit == "word ":
        assert text[part.start - 1] == " " != text[part.start]
    if part.cut_after and unit == "word ":
        assert text[part.end - 1] != " " == text[part.end]


@given(TEXTS)
def test_shown_is_one_for_one(text):
    seen = shown(text)
    assert len(seen) == len(text)
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", seen)
    assert all(a == b for a, b in zip(text, seen, strict=True) if a.isprintable())


@given(MARKED)
def test_highlighted_is_balanced(marked):
    html = str(highlighted(marked, "[", "]"))
    assert re.fullmatch(r"(?:[^<]|<mark>[^<]+</mark>)*", html)
    assert re.sub("</?mark>", "", html) == str(escape(re.sub(r"[\[\]]", "", marked)))


@given(MARKED, st.integers(1, 40))
def test_snippets_are_balanced_parts(marked, length):
    cut = snippet(marked, "[", "]", length)
    assert re.fullmatch(r"(?:[^\[\]]|\[[^\[\]]+\])*", cut)
    plain = re.sub(r"[\[\]]", "", cut).removeprefix("… ").removesuffix(" …")
    assert plain in re.sub(r"[\[\]]", "", marked)
    assert len(plain) <= length
    assert ("[" in cut) == bool(re.search(r"\[\[*[^\[\]]", marked))


@pytest.mark.parametrize("unit", ["word ", "x", "\n", " ", "[a", "[a]", "a\n", "a\n\n", "\r", "]"])
def test_long_texts_take_little_time(unit):
    text = unit * (400_000 // len(unit))
    marks = [Mark(at, at + 40, "content", str(at)) for at in range(0, len(text), 400)]
    begun = time.process_time()
    around(text, 200_000, 200_100)
    list(in_paragraphs(text, marks))
    pieces(text, 0, len(text), marks)
    highlighted(text, "[", "]")
    snippet(text, "[", "]")
    shown(text)
    assert time.process_time() - begun < 8
