"""Take a source apart: a pronoun, a name, or a noun with what stands around it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from quotes.data import load
from quotes.models import Span
from quotes.resolve.cast import Cast
from quotes.resolve.names import Name

_PRONOUNS = {row["word"]: row["means"] for row in load("pronouns")}
# From here on stands no longer who speaks, but what is said of him.
_BOUNDARY = re.compile(
    r",|\(|—|–|;|:|\s--?\s|\s(?:of|for|at|to|from|in|by|with|on|who|whose|whom|which|that|as|during|"
    r"after|before|when|while|said|has|is|was|like|including|but|except|near|around|outside|inside|"
    r"behind|aboard|against)(?=\s)"
)
# "Lawyers representing Ann Lee", but not "the acting mayor", nor "chief operating officer".
_DOING = re.compile(
    r"(?<![\w’'-])(?P<noun>[\w-]+)(?P<doing>\s[a-z]+ing)(?=\s(?P<whom>[A-Z]|(?:the|an?|his|her)\s)?)"
)
_ONE = frozenset(row["title"] for row in load("titles") if row["kind"] in ("person", "noun", "kin"))
_MORE = frozenset(row["title"] for row in load("titles") if row["kind"] == "group")
_NOT_DOING = _ONE | {row["word"] for row in load("office_words")}
# "Secretary of State" is one title.
_PART = re.compile(
    rf"\s(?:{'|'.join(row['title'] for row in load('titles') if row['kind'] == 'part')})\b",
    re.IGNORECASE,
)
_MANY = re.compile(r"\s(?:and|or|nor)(?:\s|$)|\balong with\b", re.IGNORECASE)
_PAIRS = frozenset({" & ", "/", " / "})
_OWN = frozenset({"his", "her", "their", "its", "others", "the", "a", "an"})
_AND = re.compile(r"[^;:]{0,25}?,?\s(?:and|or)\s")
_LISTED = re.compile(r",? and (?:others?\b|[A-Z])")
_PAUSE = re.compile(r"[,(—–;:]|\s--?\s|\swho\b")
# Who wrote it speaks: "a report by Ann Lee".
_WRITTEN = re.compile(
    rf"(?:[\w’'.-]+\s+){{0,4}}?(?:{'|'.join(row['word'] for row in load('writings'))})\s+"
    r"(?:by|from)\s+(?=\S)",
    re.IGNORECASE,
)
_LINKS = frozenset(
    [
        "of",
        "to",
        "for",
        "with",
        "by",
        "and",
        "or",
        "who",
        "which",
        "that",
        "at",
        "in",
        "on",
        "from",
        "as",
        "like",
        "including",
        "among",
        "but",
        "except",
        "not",
        "said",
        "says",
        "is",
        "was",
        "has",
        "had",
    ]
)
_NOTHING = " .\u00a0”\"'’“\n"


@dataclass(frozen=True, slots=True)
class Source:
    """What a source is: a ``pronoun``, a ``name``, a ``noun``, or more than one (``many``).

    Args:
        span: the words that tell who, without what follows.
        whole: these with what follows before any comma, as "of France".
        means: of a pronoun ``he``, ``she``, ``it``, ``who``, or empty; else empty.
        name: the name that it is, or that follows a noun in apposition.
    """

    kind: Literal["pronoun", "name", "noun", "many"]
    span: Span
    whole: Span
    means: str = ""
    name: Name | None = None


def read_source(text: str, cast: Cast, source: Span) -> Source:
    """Return what a source is.

    >>> from quotes.resolve.cast import read_cast
    >>> from quotes.registry import registry
    >>> from quotes.segment import segment
    >>> text = "A lawyer for Bob Berg, Ann Lee, said so."
    >>> read_source(text, read_cast(text, segment(text), registry()), Span(0, 30)).name.full
    'Ann Lee'
    """
    while written := _WRITTEN.match(text, source.start, source.end):
        source = Span(written.end(), source.end)
    word = source.of(text).strip().lower()
    if word in _PRONOUNS:
        return Source("pronoun", source, source, means=_PRONOUNS[word])
    names = [_within(text, name, source) for name in cast.between(source.start, source.end)]
    core = _core(text, source, names)
    inside = [name for name in names if name.span.start < core.end]
    last = inside[-1] if inside else None
    pause = _PAUSE.search(text, core.end, source.end)
    whole = Span(source.start, pause.start() if pause else source.end)
    if _is_many(text, core, names) or _are_two(text, core, source, names):
        return Source("many", core, whole)
    if last and not text[last.span.end : core.end].strip(_NOTHING):
        return Source("name", core, whole, name=last)
    behind = (name for name in names if name.span.start >= core.end)
    apposed = next((name for name in behind if _is_apposed(text, name)), None)
    if apposed and _LISTED.match(text, apposed.span.end):
        return Source("many", core, whole)
    return Source("name" if apposed else "noun", core, whole, name=apposed)


def _within(text: str, name: Name, source: Span) -> Name:
    """Return a name without the words behind the source: "Lee Sees Rain" is a headline."""
    if name.span.end <= source.end:
        return name
    words = Span(name.span.start, source.end).of(text).split()
    return replace(
        name, span=Span(name.span.start, source.end), full=" ".join(words), last=words[-1]
    )


def _core(text: str, source: Span, names: Sequence[Name]) -> Span:
    """Return the source up to what only describes who it is."""
    ends = (
        boundary.start()
        for boundary in _BOUNDARY.finditer(text, source.start + 1, source.end)
        if not _PART.match(text, boundary.end())
        and not any(n.span.start <= boundary.start() < n.span.end for n in names)
        and text[source.start : boundary.start()].strip(_NOTHING)
    )
    end = next(ends, source.end)
    doing = next(_doings(text, Span(source.start, end)), end)
    return Span(source.start, doing)


def _doings(text: str, core: Span) -> Iterator[int]:
    """Yield where it begins to tell what people do, and to whom: "protesters opposing Ann Lee"."""
    for match in _DOING.finditer(text, core.start, core.end):
        noun, doing = match["noun"].lower(), match["doing"].strip()
        are_people = noun in _MORE or (noun.endswith("s") and noun[:-1] in _ONE)
        may_do = match["whom"] and (noun in _ONE or noun.endswith("s"))
        if doing not in _NOT_DOING and (are_people or may_do):
            yield match.start("doing")


def _is_many(text: str, core: Span, names: Sequence[Name]) -> bool:
    """Whether two are named, or a name and others: not "his friend and lawyer Bob Berg"."""
    both = _MANY.search(text, core.start, core.end)
    if both and not any(name.span.start <= both.start() < name.span.end for name in names):
        behind = text[both.end() : core.end].split()
        named_before = any(name.span.end <= both.start() for name in names)
        first = text[core.start : both.start()].lower()
        if not behind or behind[0].lower() in _OWN or first in _PRONOUNS:
            return True
        return named_before or not behind[0].islower()
    return any(
        _AND.fullmatch(text, core.end, name.start)
        or (text[core.end : name.start] == ", " and _LISTED.match(text, name.span.end))
        for name in names
        if name.start >= core.end and not name.possessive
    )


def _are_two(text: str, core: Span, source: Span, names: Sequence[Name]) -> bool:
    """Whether a source is two full names, and nothing tells which it is: "Ann Lee, Bob Berg"."""
    for one, other in pairwise(names):
        full = all(name.kind == "person" and not name.single for name in (one, other))
        full = full and one.span.end <= core.end  # not "a lawyer for Bob Berg, Ann Lee"
        between = text[one.span.end : other.start]
        apposed = other.titles or other.possessive or other.span.end < source.end
        if full and (between in _PAIRS or (between == ", " and not apposed)):
            return True
    return False


def _is_apposed(text: str, name: Name) -> bool:
    """Whether nothing but titles stands between a comma and a full name, which is nobody's owner."""
    if name.single or name.possessive or name.kind == "organization":
        return False
    _, comma, clause = text[max(0, name.span.start - 80) : name.span.start].rpartition(",")
    words = clause.replace(".", "").split()
    titles = tuple(title for title in name.titles if title != ".")
    before = words[: max(0, len(words) - len(titles))]
    is_titled = (
        tuple(map(str.lower, words[len(before) :])) == titles[-len(words) :] if words else True
    )
    return bool(comma) and is_titled and all(w.islower() and w not in _LINKS for w in before)
