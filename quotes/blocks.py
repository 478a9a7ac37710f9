"""Part a text that is longer than any article, so that work on it stays within bounded memory."""

from __future__ import annotations

from collections.abc import Iterator

from quotes.models import Span

LARGEST = 500_000  # characters: some hundred times an article


def blocks(text: str, limit: int = LARGEST) -> Iterator[Span]:
    r"""Yield the parts of *text* to work on one after another: all of it, if it is no longer.

    A block ends at the end of a line where it can, else between words, else anywhere.

    >>> [block.of("One two.\nThree") for block in blocks("One two.\nThree", limit=10)]
    ['One two.\n', 'Three']
    """
    start = 0
    while start < len(text):
        end = start + limit
        if end < len(text):
            cuts = (text.rfind(mark, start + limit // 2, end) + 1 for mark in "\n ")
            end = next((cut for cut in cuts if cut), end)
        yield Span(start, min(end, len(text)))
        start = end
