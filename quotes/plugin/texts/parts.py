r"""Long texts in parts of a page each, that end where a paragraph ends.

An article can have 10 MB; a part has about ``LENGTH`` code points.
"""

from __future__ import annotations

from quotes.plugin.texts.extents import Extent, next_word

LENGTH = 100_000
_NEAR = 5_000  # characters behind LENGTH that are looked through for the end of a paragraph


def parts(text: str) -> int:
    """Return how many parts a text has, 1 at least.

    >>> parts(""), parts("x" * 100_000), parts("x" * 100_001)
    (1, 1, 2)
    """
    whole = max(1, -(-len(text) // LENGTH))
    return whole - 1 if whole > 1 and _border(text, whole - 1) >= len(text) else whole


def part(text: str, number: int) -> Extent:
    r"""Return a part of a text, by its number from 1.

    >>> text = "x" * 100_500 + "\n" + "y" * 200
    >>> part(text, 1).end, part(text, 2).start
    (100501, 100501)
    """
    end = len(text) if number >= parts(text) else _border(text, number)
    return Extent(_border(text, number - 1), end)


def part_of(text: str, offset: int) -> int:
    r"""Return the number of the part that holds what stands at *offset*.

    >>> text = "x" * 100_500 + "\n" + "y" * 200
    >>> part_of(text, 100_499), part_of(text, 100_501)
    (1, 2)
    """
    number = offset // LENGTH + 1
    number -= offset < _border(text, number - 1)
    return min(max(number, 1), parts(text))


def _border(text: str, number: int) -> int:
    """Return where a part ends: behind a line, or before a word where none ends soon."""
    nominal = number * LENGTH
    if number == 0:
        return 0
    line_end = text.find("\n", nominal, nominal + _NEAR)
    return line_end + 1 if line_end >= 0 else next_word(text, min(nominal, len(text)), len(text))
