"""Pairs of quotation marks in running text.

One pass over the marks of a paragraph with a stack of those still open; what a mark does follows
from its character, from what stands beside it, and from what is open. Linear in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from quotes.data import load
from quotes.models import Ending, Quotation, Span, trim

# Marks of one family close each other: “a” „a“ "a" ”a” are all one family.
_FAMILIES = {
    "double": '"“”„‟＂',
    "single": "'‘’‚‛",
    "angle": "«»",
    "single angle": "‹›",
    "corner": "「」",
    "white corner": "『』",
}
_FAMILY_OF = {mark: family for family, marks in _FAMILIES.items() for mark in marks}
_MARK = re.compile(r"``|''|‘‘|’’|[" + re.escape("".join(_FAMILY_OF)) + "]")

# What a mark does in spite of its neighbours; the others follow them.
_ALWAYS_OPENS = frozenset("„‚‟‛「『") | {"``", "‘‘"}
_ALWAYS_CLOSES = frozenset("」』") | {"’’"}
_NEVER_OPENS = frozenset("’")
# German and Danish close with the mark that opens elsewhere: „a“ ‚a‘ »a« ›a‹.
_OPENS_UNLESS_OPEN = {"“": "„‟", "‘": "‚‛", "«": "»", "‹": "›"}
_CLOSES_IF_OPEN = frozenset("”’»›")

# How many open marks a closing one looks past: bounds the work on junk, beyond what people nest.
_DEEPEST = 8
_BRACKETS = frozenset("([{<")
_BEFORE_OPENING = _BRACKETS | frozenset("—–-/…:;,¿¡`") | frozenset(_FAMILY_OF)
_AFTER_CLOSING = frozenset(",;:!?)]}")
_FEET_AND_INCHES = re.compile(r"\d['’′]\s?\d{1,2}(?:[.½¼¾]\d*)?$")
_SHORT_NUMBER = re.compile(r"(?<![\d.,$€£])\d{1,2}(?:\.\d+)?[½¼¾]?$")
# Words that begin with an apostrophe for what they have lost: '90s, 'em, rock 'n' roll.
_ELIDED = "|".join(row["word"] for row in load("elisions"))
_ELISION = re.compile(rf"(?:\d\ds?|{_ELIDED})\b", re.IGNORECASE)
# Words that may end in an apostrophe: the workers' rights, goin' home, the 6' fence.
_APOSTROPHE_ENDS = re.compile(r"(?:s|in|o|n|\d)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Mark:
    """A quotation mark and what its neighbours allow it to do.

    ``doubtful``: it may close, yet be an apostrophe or a sign for inches.
    """

    start: int
    end: int
    form: str
    family: str
    may_open: bool
    may_close: bool
    doubtful: bool


def find_quotations(text: str, paragraphs: Sequence[Span]) -> Iterator[Quotation]:
    """Yield the quotations of *text*, in order of their opening marks.

    A quotation ends with its paragraph at the latest; of several never closed only the outermost
    is reported. Where the next one begins with an opening
    mark of the same family it goes on there, as newspapers print speeches.

    >>> text = "He said: 'The workers' rights.' She: 'No.'"
    >>> [quotation.inner.of(text) for quotation in find_quotations(text, [Span(0, len(text))])]
    ["The workers' rights.", 'No.']
    """
    continues: str | None = None
    for number, paragraph in enumerate(paragraphs):
        marks = _read_marks(text, paragraph)
        pairs, left_open = _pair(marks)
        following = paragraphs[number + 1] if number + 1 < len(paragraphs) else None
        going_on = _reopened(text, left_open, following)
        first = marks[0] if continues and marks else None
        yield from _quotations(text, paragraph, pairs, left_open, going_on, first)
        continues = going_on.family if going_on else None


def _read_marks(text: str, paragraph: Span) -> list[_Mark]:
    """Return the marks of a paragraph, apostrophes and signs for feet and inches left out."""
    marks = []
    for match in _MARK.finditer(text, paragraph.start, paragraph.end):
        mark = _classify(text, paragraph, match.start(), match.end())
        if mark.may_open or mark.may_close:
            marks.append(mark)
    return marks


def _classify(text: str, paragraph: Span, start: int, end: int) -> _Mark:
    form = text[start:end]
    family = _FAMILY_OF.get(form, "double")
    before = text[start - 1] if start > paragraph.start else " "
    after = text[end] if end < paragraph.end else " "
    left = text[max(paragraph.start, start - 8) : start]
    may_open, may_close = _allowed(form, before, after)
    doubtful = False
    if family == "single":
        if (before.isalnum() and after.isalnum()) or _ELISION.match(text, end, paragraph.end):
            may_open = False
            may_close = may_close and not after.isalnum()
        doubtful = after.isspace() and bool(_APOSTROPHE_ENDS.search(left))
    elif form in '"”' and before.isdigit():
        doubtful = bool(_SHORT_NUMBER.search(left))
        may_close = not _FEET_AND_INCHES.search(left)
    return _Mark(start, end, form, family, may_open, may_close, doubtful)


def _allowed(form: str, before: str, after: str) -> tuple[bool, bool]:
    """Say whether a mark between two characters may open, and whether it may close."""
    if form in _ALWAYS_OPENS or form in _ALWAYS_CLOSES:
        return form in _ALWAYS_OPENS, form in _ALWAYS_CLOSES
    at_word = before.isspace() or before in _BEFORE_OPENING
    at_end = after.isspace() or after in _AFTER_CLOSING
    if form in "«‹":  # French sets a space inside: « a »
        return at_word or not at_end, True
    may_open = at_word and not at_end and form not in _NEVER_OPENS
    if form in _CLOSES_IF_OPEN or form in _OPENS_UNLESS_OPEN:
        return may_open, True
    return may_open, before not in _BRACKETS and (not before.isspace() or at_end)


def _pair(marks: Sequence[_Mark]) -> tuple[list[tuple[_Mark, _Mark]], list[_Mark]]:
    """Match opening with closing marks; return the pairs and what was never closed."""
    pairs: list[tuple[_Mark, _Mark]] = []
    stack: list[_Mark] = []
    for mark, follower in zip(marks, _followers(marks), strict=True):
        partner = _partner(stack, mark)
        spared = mark.doubtful and follower is not None and _only_closes(follower)
        if partner is not None and not spared:
            while stack.pop() is not partner:
                pass
            pairs.append((partner, mark))
        elif mark.may_open:
            stack.append(mark)
    return pairs, stack


def _followers(marks: Sequence[_Mark]) -> list[_Mark | None]:
    """Return for each mark the next one of its family."""
    latest: dict[str, _Mark] = {}
    followers: list[_Mark | None] = []
    for mark in reversed(marks):
        followers.append(latest.get(mark.family))
        latest[mark.family] = mark
    return followers[::-1]


def _only_closes(mark: _Mark) -> bool:
    return mark.may_close and not mark.may_open


def _partner(stack: Sequence[_Mark], mark: _Mark) -> _Mark | None:
    """Return the open mark that *mark* closes, None if it closes nothing."""
    if not mark.may_close:
        return None
    # A single mark is too often an apostrophe to close what lies under another open mark.
    reach = stack[-1:] if mark.family == "single" else stack[-_DEEPEST:]
    opener = next((open_mark for open_mark in reach[::-1] if open_mark.family == mark.family), None)
    if opener is None or (opener.end == mark.start and mark.may_open):
        return None
    if mark.may_open and mark.form in _OPENS_UNLESS_OPEN:
        return opener if opener.form in _OPENS_UNLESS_OPEN[mark.form] else None
    return opener


def _reopened(text: str, left_open: Sequence[_Mark], following: Span | None) -> _Mark | None:
    """Return the mark left open that the next paragraph opens again, None if there is none."""
    if not left_open or following is None:
        return None
    mark = _MARK.match(text, following.start, following.end)
    family = _FAMILY_OF.get(mark.group(), "double") if mark else None
    return next((open_mark for open_mark in left_open if open_mark.family == family), None)


def _quotations(
    text: str,
    paragraph: Span,
    pairs: Sequence[tuple[_Mark, _Mark]],
    left_open: Sequence[_Mark],
    going_on: _Mark | None,
    first: _Mark | None,
) -> Iterator[Quotation]:
    """Turn paired and open marks into quotations with their depths."""
    found: list[Quotation] = []
    for opening, closing in pairs:
        inner = trim(text, opening.end, closing.start)
        if inner:
            found.append(Quotation(Span(opening.start, closing.end), inner))
    if left_open:
        opening = going_on or left_open[0]
        ending: Ending = "continued" if going_on else "missing"
        if inner := trim(text, opening.end, paragraph.end):
            found.append(Quotation(Span(opening.start, inner.end), inner, ending=ending))
    enclosing: list[int] = []
    for quotation in sorted(found, key=lambda q: (q.span.start, -q.span.end)):
        while enclosing and enclosing[-1] <= quotation.span.start:
            enclosing.pop()
        continues = first is not None and quotation.span.start == first.start == paragraph.start
        yield replace(quotation, depth=len(enclosing), continues=continues)
        if quotation.ending != "missing":
            enclosing.append(quotation.span.end)
