"""Windows: as many words as the model reads at once."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from quotes.features import Integers, Words

# Word pieces, with the two special ones that every window begins and ends with. In windows twice as
# large nothing is found better, and attention takes a fifth more time.
LARGEST = 128

Bounds = tuple[int, int]  # from which word to before which


@dataclass(frozen=True, slots=True)
class Window:
    """Words that the model reads at once, ``n`` pieces in all.

    Args:
        pieces: the pieces of the words, between the special ones.
        features: ``(n, features)``, for every piece those of its word.
        firsts: where in ``pieces`` each word begins.
    """

    pieces: Integers
    features: Integers
    firsts: Integers


def pack(words: Words, limit: int = LARGEST) -> Iterator[Bounds]:
    """Yield the windows that cover a text.

    A window holds as many paragraphs as fit; a paragraph too long for one is parted at its
    sentences, and a sentence too long wherever it must be.
    """
    room = limit - 2
    start = end = 0
    for part, following in _parts(words, room):
        if _size(words, start, following) > room and end > start:
            yield start, end
            start = part
        end = following
    if end > start:
        yield start, end


def sentence_by_sentence(words: Words, limit: int = LARGEST) -> Iterator[Bounds]:
    """Yield windows of one sentence each, or of a part of a sentence that is too long for one."""
    for start, end in pairwise(words.sentences):
        yield from _cut(words, start, end, limit - 2)


def window(words: Words, bounds: Bounds, special: tuple[int, int]) -> Window:
    """Return a window over some words, between the pieces that begin and finish one."""
    start, end = bounds
    begin, finish = special
    firsts = words.firsts[start : end + 1]
    pieces = words.pieces[firsts[0] : firsts[-1]]
    features = np.zeros((len(pieces) + 2, words.features.shape[1]), np.int64)
    features[1:-1] = np.repeat(words.features[start:end], np.diff(firsts), axis=0)
    return Window(
        np.concatenate(([begin], pieces, [finish])), features, firsts[:-1] - firsts[0] + 1
    )


def _size(words: Words, start: int, end: int) -> int:
    return int(words.firsts[end] - words.firsts[start])


def _parts(words: Words, room: int) -> Iterator[Bounds]:
    """Yield the largest parts of a text that fit into a window each."""
    for first, last in pairwise(words.paragraphs):
        if _size(words, first, last) <= room:
            yield first, last
            continue
        inside = slice(bisect_right(words.sentences, first), bisect_left(words.sentences, last))
        for start, end in pairwise((first, *words.sentences[inside], last)):
            yield from _cut(words, start, end, room)


def _cut(words: Words, start: int, end: int, room: int) -> Iterator[Bounds]:
    """Part words where they must be parted."""
    while _size(words, start, end) > room:
        at = int(np.searchsorted(words.firsts, words.firsts[start] + room, side="right")) - 1
        yield start, at
        start = at
    yield start, end
