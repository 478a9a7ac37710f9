"""Parts of a text: its paragraphs, and what stands around a passage.

Offsets are code points, half-open.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

# A text that wraps its lines keeps them shorter than this: there, only blank lines part paragraphs.
_WRAPPED_LINE = 100
_LINE = re.compile(r"[^\n]+")
_LINE_END = re.compile(r"\n")
_BLANK_LINE = re.compile(r"\n[^\S\n]*\n")

_LONGEST_PASSAGE = 6_000
_AROUND_IT = 2_000  # characters before a passage, and as many behind it
_LONGEST_WORD = 100  # characters that are looked through for the end of a word
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Extent:
    """A part of a text.

    Args:
        cut_before, cut_after: whether its first or its last paragraph goes on outside.
    """

    start: int
    end: int
    cut_before: bool = False
    cut_after: bool = False


def paragraphs(text: str, start: int = 0, end: int | None = None) -> tuple[Extent, ...]:
    r"""Return the paragraphs of ``text[start:end]``, without white space at their ends.

    They end at blank lines, and at every line's end unless the text wraps its lines.

    >>> [text[p.start : p.end] for text in ["One.\nTwo. \n\n", "On\ne.\n\nTwo."] for p in paragraphs(text)]
    ['One.', 'Two.', 'On\ne.', 'Two.']
    """
    end = len(text) if end is None else end
    return tuple(_paragraphs(text, start, end, _is_wrapped(text)))


def around(text: str, start: int, end: int, paragraphs: int = 1) -> Extent:
    r"""Return the paragraphs that hold ``text[start:end]``, and as many as asked before and after.

    Of a paragraph too long for a page only what stands near is in it, and of a passage too long
    the beginning.

    >>> around("One.\nTwo.\nThree.\nFour.", 6, 7)
    Extent(start=0, end=16, cut_before=False, cut_after=False)
    """
    wrapped = _is_wrapped(text)
    start = min(max(start, 0), len(text))
    asked = min(max(end, start), len(text))
    end = min(asked, start + _LONGEST_PASSAGE)
    window = max(0, start - _AROUND_IT), min(len(text), end + _AROUND_IT)
    near = list(_paragraphs(text, *window, wrapped))
    if not near:
        return Extent(start, end)
    starts = [paragraph.start for paragraph in near]
    first = max(0, bisect_right(starts, start) - 1 - paragraphs)
    last = min(len(near), max(1, bisect_right(starts, max(start, end - 1))) + paragraphs) - 1
    low, high = min(near[first].start, start), max(near[last].end, end)
    border = _BLANK_LINE if wrapped else _LINE_END
    cut_before = _goes_on_before(text, low, border)
    cut_after = _goes_on_after(text, high, border) or high < asked
    low = next_word(text, low, start) if cut_before else low
    high = last_word(text, high, end) if cut_after else high
    return Extent(low, high, cut_before, cut_after)


def next_word(text: str, start: int, most: int) -> int:
    """Return where the next word begins, not behind *most*; *start* where none begins soon.

    >>> next_word("one two three", 1, 13), next_word("one two three", 1, 3)
    (4, 1)
    """
    if text[start - 1 : start].isspace() and not text[start : start + 1].isspace():
        return start
    space = _SPACE.search(text, start, min(most, start + _LONGEST_WORD))
    return space.end() if space else start


def last_word(text: str, end: int, least: int) -> int:
    """Return where the last whole word ends, not before *least*; *end* where none ends soon.

    >>> last_word("one two three", 9, 0), last_word("one two three", 9, 8)
    (7, 9)
    """
    floor = max(least, end - _LONGEST_WORD)
    if not text[end : end + 1].isspace():
        before = end
        while before > floor and not text[before - 1].isspace():
            before -= 1
        end = before if before > floor else end
    return floor + len(text[floor:end].rstrip())


def _paragraphs(text: str, start: int, end: int, wrapped: bool) -> Iterator[Extent]:
    begun = None
    last = 0
    for match in _LINE.finditer(text, start, end):
        line = match.group()
        first = match.start() + len(line) - len(line.lstrip())
        if first == match.end():
            continue
        if begun is not None and (not wrapped or _BLANK_LINE.search(text, last, first)):
            yield Extent(begun, last)
            begun = None
        begun = first if begun is None else begun
        last = match.start() + len(line.rstrip())
    if begun is not None:
        yield Extent(begun, last)


def _is_wrapped(text: str) -> bool:
    """Whether single line ends only wrap: blank lines part the text, and no line is long."""
    long = any(len(line.strip()) > _WRAPPED_LINE for line in text.split("\n"))
    return not long and bool(_BLANK_LINE.search(text.strip()))


def _goes_on_before(text: str, start: int, border: re.Pattern[str]) -> bool:
    """Whether the paragraph that stands at *start* begins before it."""
    before, after = _gap(text, start)
    return len(before) < start and not border.search(before + after)


def _goes_on_after(text: str, end: int, border: re.Pattern[str]) -> bool:
    before, after = _gap(text, end)
    return end + len(after) < len(text) and not border.search(before + after)


def _gap(text: str, at: int) -> tuple[str, str]:
    """Return the white space before and behind a place: a border may be on either side."""
    before = text[max(0, at - _LONGEST_WORD) : at]
    after = text[at : at + _LONGEST_WORD]
    return before[len(before.rstrip()) :], after[: len(after) - len(after.lstrip())]
