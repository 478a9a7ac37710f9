"""Texts with parts to be marked: quotes in an article, words that were looked for in a hit.

Offsets are code points, half-open. Whatever a text holds, the HTML made of it is balanced and escaped.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from markupsafe import Markup

from quotes.plugin.texts.extents import Extent, last_word, next_word, paragraphs

_BIDI = (*range(0x202A, 0x202F), *range(0x2066, 0x206A))  # embeddings, overrides, isolates
_SHOWN = {
    **{control: 0x2400 + control for control in range(0x20) if chr(control) not in "\n\t"},
    0x7F: 0x2421,
    **dict.fromkeys((*range(0x80, 0xA0), *_BIDI, 0xFFFE, 0xFFFF), 0xFFFD),
}


@dataclass(frozen=True, slots=True)
class Mark:
    """A part of a text that belongs to a quote; *role*: source, cue or content."""

    start: int
    end: int
    role: str
    quote: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text in which no mark begins or ends.

    Args:
        marks: those that cover it, the outermost first.
        begins: the quotes that begin with it; their anchors belong here.
    """

    text: str
    start: int
    end: int
    marks: tuple[Mark, ...] = ()
    begins: tuple[str, ...] = ()

    @property
    def roles(self) -> tuple[str, ...]:
        """The roles that it has, each once."""
        return tuple(dict.fromkeys(mark.role for mark in self.marks))

    @property
    def quotes(self) -> tuple[str, ...]:
        """The quotes that it belongs to, each once, the outermost first."""
        return tuple(dict.fromkeys(mark.quote for mark in self.marks))


def pieces(text: str, start: int, end: int, spans: Iterable[Mark]) -> tuple[Piece, ...]:
    """Cut ``text[start:end]`` where marks begin and end; a quote that begins before begins nowhere.

    >>> said = Mark(0, 3, "source", "a"), Mark(9, 16, "content", "a")
    >>> [(piece.text, piece.roles, piece.begins) for piece in pieces("Lee said it rains.", 0, 15, said)]
    [('Lee', ('source',), ('a',)), (' said ', (), ()), ('it rai', ('content',), ())]
    """
    (whole,) = _cut(text, (Extent(start, end),), spans)
    return whole


def in_paragraphs(
    text: str, spans: Iterable[Mark], start: int = 0, end: int | None = None
) -> Iterator[tuple[Extent, tuple[Piece, ...]]]:
    r"""Yield the paragraphs of ``text[start:end]``, each cut where marks begin and end.

    >>> marks = [Mark(1, 5, "content", "a")]
    >>> [[(p.text, p.begins) for p in cut] for _, cut in in_paragraphs("One.\nTwo.", marks)]
    [[('O', ()), ('ne.', ('a',))], [('Two.', ())]]
    """
    parts = paragraphs(text, start, end)
    return zip(parts, _cut(text, parts, spans), strict=True)


def shown(text: str) -> str:
    r"""Return *text* with visible signs, one for one, for what acts unseen.

    These are control characters but line feed and tab, and those that reverse the text after them.

    >>> shown("a\x00b\u202ec\n")
    'a␀b�c\n'
    """
    return text.translate(_SHOWN)


def highlighted(marked: str, open: str, close: str) -> Markup:  # noqa: A002
    """Return HTML of a text in which FTS5's ``highlight()`` put *open* and *close*, balanced.

    >>> highlighted("<b> [rain], [snow", "[", "]")
    Markup('&lt;b&gt; <mark>rain</mark>, <mark>snow</mark>')
    """
    plain, found = _read(marked, open, close)
    parts = _parts(shown(plain), found, Markup("<mark>"), Markup("</mark>"))
    return Markup("").join(parts)


def snippet(marked: str, open: str, close: str, length: int = 300) -> str:  # noqa: A002
    """Cut a text to about *length* characters around its first mark, between words.

    >>> snippet("Yesterday morning Lee said: it [rained] all day in the town.", "[", "]", 22)
    '… it [rained] all day …'
    """
    plain, found = _read(marked, open, close)
    if len(plain) <= length:
        return "".join(_parts(plain, found, open, close))
    first, last = found[0] if found else (0, 0)
    high = min(len(plain), max(0, first - length // 3) + length)
    low = max(0, high - length)
    low = next_word(plain, low, first) if low else 0
    least = last if last <= high else first + 1
    high = last_word(plain, high, least) if high < len(plain) else high
    within = [(max(a, low) - low, min(b, high) - low) for a, b in found if a < high and b > low]
    kept = "".join(_parts(plain[low:high], within, open, close))
    return ("… " if low else "") + kept + (" …" if high < len(plain) else "")


def _cut(
    text: str, extents: Sequence[Extent], spans: Iterable[Mark]
) -> Iterator[tuple[Piece, ...]]:
    """Yield the pieces of each of *extents*, which are in order and apart: one pass over all."""
    if not extents:
        return
    low, high = extents[0].start, extents[-1].end
    waiting = sorted((m for m in spans if m.start < m.end), key=_outermost_first, reverse=True)
    edges = sorted({edge for m in waiting for edge in (m.start, m.end) if low < edge < high})
    pending = {mark.quote: mark.start for mark in waiting}  # reversed: the first of each wins
    pending = {quote: start for quote, start in pending.items() if start >= low}
    open_marks: list[Mark] = []
    for extent in extents:
        found = []
        inner = edges[bisect_right(edges, extent.start) : bisect_left(edges, extent.end)]
        for start, end in pairwise((extent.start, *inner, extent.end)):
            while waiting and waiting[-1].start <= start:
                open_marks.append(waiting.pop())
            open_marks = [mark for mark in open_marks if mark.end > start]
            quotes = dict.fromkeys(mark.quote for mark in open_marks)
            begins = tuple(quote for quote in quotes if pending.pop(quote, None) is not None)
            if start < end:
                found.append(Piece(text[start:end], start, end, tuple(open_marks), begins))
        yield tuple(found)


def _outermost_first(mark: Mark) -> tuple[int, int, str, str]:
    return mark.start, -mark.end, mark.quote, mark.role


def _read(marked: str, open_: str, close: str) -> tuple[str, list[tuple[int, int]]]:
    """Return a text without its markers, and which parts stood between two, never empty ones."""
    plain, found = [], []
    at, begun = 0, None
    for part in re.split(f"({re.escape(open_)}|{re.escape(close)})", marked):
        if part == open_:
            begun = at if begun is None else begun
        elif part == close:
            if begun is not None and begun < at:
                found.append((begun, at))
            begun = None
        else:
            plain.append(part)
            at += len(part)
    if begun is not None and begun < at:
        found.append((begun, at))
    return "".join(plain), found


def _parts(plain: str, found: Iterable[tuple[int, int]], open_: str, close: str) -> Iterator[str]:
    """Yield the parts of a text, with *open_* before each of those that are *found*."""
    at = 0
    for start, end in found:
        yield from (plain[at:start], open_, plain[start:end], close)
        at = end
    yield plain[at:]
