"""What the readers of the formats hand over: texts with what is known about them, and flaws."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import date


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
