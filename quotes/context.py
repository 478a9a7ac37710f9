"""Stage 6: read off when a statement was made, through which channel, and what kind of act it is."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from datetime import date, timedelta

from quotes.data import load
from quotes.models import Article, Attribution, Context, Segments, Span

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_DAY = re.compile(r"(?<!\w)(?:" + "|".join(_WEEKDAYS) + r"|[Yy]esterday)(?![\w'’])")
# A time that is no day we could tell: "wrote in 2003", "said last month", "two weeks ago".
_OTHER_TIME = re.compile(
    r"\b[Ii]n (?:19|20)\d\d\b|\b[Ll]ast (?!night)[a-z]+\b|\b[Ee]arlier this \w+|\w+ ago\b"
)
_ACTS = {row["form"]: row["act"] for row in load("cues")}
_CHANNELS = {row["phrase"]: row["channel"] for row in load("channels")}
_CHANNEL = re.compile(r"\b(?:" + "|".join(sorted(_CHANNELS, key=len, reverse=True)) + r")\b")

_REACH = 300  # how many characters from the cue a day or a channel may stand


def context(
    article: Article, segments: Segments, attributions: Sequence[Attribution]
) -> tuple[Context, ...]:
    """Return for each attribution what its unit of the text says about it outside the content.

    >>> from quotes.segment import segment
    >>> article = Article("Li told us on Friday: We met.", "a.txt", published=date(2020, 3, 30))
    >>> said = Attribution((Span(22, 28),), Span(3, 7), Span(0, 2), "indirect")
    >>> context(article, segment(article.text), [said])[0].said_on
    datetime.date(2020, 3, 27)
    """
    outer = [item for item in attributions if item.outer is None]
    contents = sorted(span for item in outer for span in item.content)
    return tuple(
        _context(
            article,
            segments,
            contents if item.outer is None else sorted(item.content),
            item,
        )
        for item in attributions
    )


def _context(
    article: Article, segments: Segments, contents: Sequence[Span], attribution: Attribution
) -> Context:
    anchor = attribution.cue or attribution.content[0]
    unit = segments.units[bisect_right(segments.units, anchor.start, key=lambda u: u.start) - 1]
    cue = attribution.cue.of(article.text).lower() if attribution.cue else ""
    day = _nearest(_DAY, article.text, unit, contents, anchor)
    other = _nearest(_OTHER_TIME, article.text, unit, contents, anchor)
    channel = _nearest(_CHANNEL, article.text, unit, contents, anchor)
    return Context(
        act=next((_ACTS[word] for word in cue.split() if word in _ACTS), None),
        said_on=None if other and not day else _said_on(article.published, day),
        channel=_CHANNELS[channel] if channel else None,
    )


def _said_on(published: date | None, day: str | None) -> date | None:
    """Return the last such day up to the article's; the article's own where none is named."""
    if published is None or day is None:
        return published
    if day not in _WEEKDAYS:
        return published - timedelta(days=1)
    return published - timedelta(days=(published.weekday() - _WEEKDAYS.index(day)) % 7)


def _nearest(
    pattern: re.Pattern[str], text: str, unit: Span, contents: Sequence[Span], anchor: Span
) -> str | None:
    """Return the match nearest to *anchor*, in its unit and outside all content; None if none."""
    start, end = max(unit.start, anchor.start - _REACH), min(unit.end, anchor.end + _REACH)
    found = [
        match
        for match in pattern.finditer(text, start, end)
        if not _inside(contents, match.start())
    ]
    nearest = min(found, key=lambda match: abs(match.start() - anchor.start), default=None)
    return nearest.group() if nearest else None


def _inside(spans: Sequence[Span], offset: int) -> bool:
    at = bisect_right(spans, offset, key=lambda span: span.start) - 1
    return at >= 0 and offset < spans[at].end
