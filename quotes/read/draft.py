"""What the readers of the formats hand over: texts with what is known about them, and flaws."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

from quotes.read.limits import LONGEST_ADDRESS, LONGEST_FACT

_UNPRINTABLE = re.compile("[\x00-\x20\x7f-\x9f\ud800-\udfff]+")


class UnreadableError(ValueError):
    """A whole file that can't be read; the message says why in one line."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known about an article besides its text: columns of ``Article`` (None: not known)."""

    url: str | None = None
    title: str | None = None
    publisher: str | None = None
    author: str | None = None
    place: str | None = None
    published: date | None = None
    language: str | None = None

    def over(self, other: Facts) -> Facts:
        """Return these facts, with those of *other* where nothing is known here.

        >>> Facts(title="Talks").over(Facts(title="A guess", place="Geneva")).place
        'Geneva'
        """
        unknown = (f.name for f in fields(self) if getattr(self, f.name) is None)
        return replace(self, **{name: getattr(other, name) for name in unknown})


NOTHING = Facts()


def printable(value: str) -> str:
    r"""Return *value* in one line, without what can't be printed.

    >>> printable(" Talks\nin\x1b Geneva ")
    'Talks in Geneva'
    """
    return _UNPRINTABLE.sub(" ", value).strip()


def kept(facts: Facts) -> tuple[Facts, tuple[str, ...]]:
    """Return facts as they are kept, and what of them was left out, a line each.

    A long one is cut; a long address is left out, as it would lead nowhere.

    >>> kept(Facts(title="Talks " * 100, place="Geneva"))[1]
    ('title: 599 characters, cut to 500',)
    """
    held: dict[str, Any] = {}
    lost = []
    for column in (field.name for field in fields(facts)):
        value = getattr(facts, column)
        if isinstance(value, str):
            text = printable(value)
            held[column], loss = _shortened(column, text)
            lost += [f"{column}: {len(text):,} characters, {loss}"] if loss else []
    return replace(facts, **held), tuple(lost)


def _shortened(column: str, text: str) -> tuple[str | None, str | None]:
    """Return what is kept of a fact, and how it lost the rest (None: it did not)."""
    if not text:
        return None, None
    if column == "url":
        return (text, None) if len(text) <= LONGEST_ADDRESS else (None, "left out")
    if len(text) <= LONGEST_FACT:
        return text, None
    return text[: LONGEST_FACT - 1].rstrip() + "…", f"cut to {LONGEST_FACT}"


@dataclass(frozen=True, slots=True)
class Draft:
    """A text as a file gives it.

    Args:
        stated: what the record itself says of it.
        guessed: what its header lines or its markup suggest.
        record: its number from 1 in a file that holds many, else None.
    """

    text: str
    stated: Facts = NOTHING
    guessed: Facts = NOTHING
    record: int | None = None


@dataclass(frozen=True, slots=True)
class Flaw:
    """A record that can't be read: why, and its number from 1 (None: the file holds one)."""

    reason: str
    record: int | None = None
