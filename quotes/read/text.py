"""Plain text: the header lines at its top, and its title."""

from __future__ import annotations

import re
from dataclasses import fields
from datetime import date

from quotes.read import dateline, dates
from quotes.read.draft import NOTHING, Draft, Facts

# What a header line may be called, and the column it fills.
_COLUMNS = {
    "author": "author",
    "by": "author",
    "byline": "author",
    "date": "published",
    "headline": "title",
    "language": "language",
    "link": "url",
    "place": "place",
    "published": "published",
    "publisher": "publisher",
    "source": "publisher",
    "title": "title",
    "url": "url",
}
_HEADER = re.compile(
    rf"[ \t]*(?P<key>{'|'.join(_COLUMNS)})[ \t]*:[ \t]*(?P<value>\S[^\n]{{0,300}})(?:\n|\Z)",
    re.IGNORECASE,
)
# One day before the text, on a line of its own or on that of the dateline.
_DAY_FIRST = re.compile(r"\s*date[ \t]*:?[ \t]*(?P<day>\d{4}-\d{2}-\d{2})\s+(?=\S)", re.IGNORECASE)
_FENCED = re.compile(r"---[ \t]*\n(?P<lines>[^\0]{0,4000}?\n)---[ \t]*(?:\n|\Z)")
_BLANK = re.compile(r"[ \t\n]*")
_TITLE = re.compile(r"\s*(?:#{1,6}[ \t]+)?(?P<title>\S[^\n]*)\n[ \t]*\n\s*\S")
_QUOTATION_MARKS = "\"'“”„«»‹›‘’‚「『"
_LONGEST_TITLE = 200
_SURE_ALONE = frozenset({"published", "title", "url"})
_FRONT_MATTER_LINE = re.compile(r"\s*|[\w -]{1,40}:(?:\s.*)?|\s*-\s.*|\s+\S.*|#.*")
_NO_TITLE = re.compile(r"(?:by|source|date)\b", re.IGNORECASE)
_MOST_LINES = 20


def read(text: str) -> Draft:
    """Return plain text without its header lines, with what they say of it.

    Header lines are a day (``date 2020-03-27``) or a block such as ``Title: …``, ``Date: …`` with a
    blank line after it, or between two lines of ``---``. All else is left as it is.

    >>> draft = read(" date 2020-03-27 Beijing [China], Mar 27 (ANI): President Xi said so.")
    >>> draft.text[:15], str(draft.guessed.published)
    ('Beijing [China]', '2020-03-27')
    """
    for header in (_fenced, _block, _day_first):
        start, known = header(text)
        if known != NOTHING and text[start:].strip():
            text = text[start:]
            break
    else:
        known = NOTHING
    return Draft(text, guessed=known.over(Facts(title=title(text))))


def title(text: str) -> str | None:
    r"""Return the first paragraph if it can be a title, without the marks of Markdown.

    It must be one line of at most 200 characters before a blank line and more text; a dateline
    and a quotation are no titles.

    >>> title("# Talks in Geneva\n\nThe ministers met.")
    'Talks in Geneva'
    """
    match = _TITLE.match(text[: 2 * _LONGEST_TITLE])
    if not match:
        return None
    line = match["title"].rstrip()
    if len(line) > _LONGEST_TITLE or line[0] in _QUOTATION_MARKS or dateline.of_line(line):
        return None
    return None if _NO_TITLE.match(line) or dates.parse(line) else line


def _day_first(text: str) -> tuple[int, Facts]:
    match = _DAY_FIRST.match(text)
    if not match:
        return 0, NOTHING
    return match.end(), Facts(published=dates.parse(match["day"]))


def _fenced(text: str) -> tuple[int, Facts]:
    match = _FENCED.match(text)
    lines = match["lines"].splitlines() if match else []
    if not match or not all(_FRONT_MATTER_LINE.fullmatch(line) for line in lines):
        return 0, NOTHING
    known = NOTHING
    for line in lines:
        if header := _HEADER.fullmatch(line):
            known = known.over(_fact(header) or NOTHING)
    return _past_blank_lines(text, match.end()), known


def _block(text: str) -> tuple[int, Facts]:
    start = _past_blank_lines(text, 0)
    known = NOTHING
    for _ in range(_MOST_LINES):
        header = _HEADER.match(text, start)
        fact = header and _fact(header)
        if not header or not fact:
            break
        known = known.over(fact)
        start = header.end()
    after = _past_blank_lines(text, start)
    told = [field.name for field in fields(known) if getattr(known, field.name) is not None]
    # One line alone may be a headline: "Source: ...", "By: the numbers".
    certain = len(told) > 1 or bool(_SURE_ALONE & set(told))
    return (after, known) if after > start and certain else (0, NOTHING)


def _past_blank_lines(text: str, start: int) -> int:
    """Return where the first line that is not blank begins."""
    # Not by a group repeated for each line: the engine keeps a record of every repetition.
    blank = _BLANK.match(text, start)
    return max(start, text.rfind("\n", start, blank.end()) + 1) if blank else start


def _fact(header: re.Match[str]) -> Facts | None:
    """Return what a header line says, or None where its value can't be that."""
    column, value = _COLUMNS[header["key"].lower()], header["value"].strip().strip("\"'")
    address = re.fullmatch(r"https?://\S+", value)
    if address and column in ("url", "publisher"):
        return Facts(url=value)
    if column == "url" or not value:
        return None
    fact: str | date | None = dates.parse(value) if column == "published" else value
    return Facts(**{column: fact}) if fact else None  # type: ignore[arg-type]
