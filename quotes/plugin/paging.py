"""The pages of a long list, to step through."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from quotes.plugin.asking.question import LAST_PAGE


@dataclass(frozen=True, slots=True)
class Step:
    """A page to go to; ``link``: None for the one that is shown, ``rel``: "prev", "next" or empty.

    ``gap``: whether pages before it are left out.
    """

    number: int
    link: str | None
    rel: str = ""
    gap: bool = False


def steps(page: int, total: int, size: int, link: Callable[[int], str]) -> tuple[Step, ...]:
    """Return the pages around *page*, the first and the last; none where one page holds all.

    >>> [(step.number, step.link, step.gap) for step in steps(1, 45, 10, str)]
    [(1, None, False), (2, '2', False), (3, '3', False), (5, '5', True)]
    """
    last = min(LAST_PAGE, max(1, -(-total // size)))
    if last == 1 and page == 1:
        return ()
    near = range(max(1, page - 2), min(last, page + 2) + 1)
    numbers = sorted({1, last, *near})
    rels = {page - 1: "prev", page + 1: "next"}
    return tuple(
        Step(n, None if n == page else link(n), rels.get(n, ""), n > before + 1)
        for before, n in zip([0, *numbers], numbers, strict=False)
    )
