"""Tell on which day something was said, from the words round it and the day of its article."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from datetime import date, timedelta

from quotes.data import load
from quotes.frame import Frame
from quotes.models import Article, Attribution, Segments, Span
from quotes.times import Time, find_times

_PHRASES = (row["phrase"] for row in load("channels") if row["where"] in ("at", "text"))
_EVENTS = "|".join(sorted(_PHRASES, key=len, reverse=True))
# "In Thursday's first debate" is when it was said, "of Thursday's vote" is not.
_EVENT = re.compile(rf" (?:[\w’'-]+ ){{0,4}}?(?:{_EVENTS})\b", re.IGNORECASE)
_AT = re.compile(r"\b(?:in|at|during|from|on)\s+(?:[\w’']+\s+){0,3}$", re.IGNORECASE)
# "Had said", "has long argued", "'d told": some time before.
_PERFECT = re.compile(
    r"(?:\b(?:had|has|have|having)|['’](?:d|ve))(?:\s+\w+){0,2}?\s+$|\bused\s+to\s+$", re.IGNORECASE
)
_PERFECT_CUE = re.compile(r"(?:had|has|have|having|used\s+to|['’](?:d|ve))\s", re.IGNORECASE)
_LEAD = 3  # paragraphs: where an article names the day that it reports of
_LEAD_REACH = 2000  # characters of it
_NEWS = 3  # days: a report of an older event tells it as the past of today's
_REACH = 30  # characters before a cue in which "had" may stand


def days(
    article: Article,
    segments: Segments,
    attributions: Sequence[Attribution],
    framed: Sequence[Frame | None],
    goes_on: Sequence[int | None],
) -> tuple[date | None, ...]:
    """Return for each attribution the day it was said, None where nobody can tell.

    *framed* and *goes_on* are what ``quotes.frame`` gives for the same attributions.

    >>> from quotes.frame import continued, frames
    >>> from quotes.segment import segment
    >>> article = Article("Li told us on Thursday: We met.", "", published=date(2020, 3, 27))
    >>> said = [Attribution((Span(24, 30),), Span(3, 7), Span(0, 2), "indirect")]
    >>> parts = (article.text, segment(article.text), said)
    >>> days(article, parts[1], said, frames(*parts), continued(*parts))
    (datetime.date(2020, 3, 26),)
    """
    otherwise = _day_of_report(article, segments, attributions)
    found: list[date | None] = []
    silent: list[bool] = []
    for frame, before in zip(framed, goes_on, strict=True):
        times = _own_times(frame, article.published) if frame else []
        silent.append(not times)
        if times:
            found.append(times[0].day)
        elif before is not None:
            found.append(found[before])
        else:
            found.append(None if frame and _is_past(frame) else otherwise)
    return tuple(found)


def _own_times(frame: Frame, published: date | None) -> list[Time]:
    """Return what is told of the time of saying, most telling first."""
    times = []
    for time in find_times(frame.text, published):
        bearing = frame.bearing(time.start)
        if time.possessive and not _is_event(frame.text, time):
            continue
        if bearing == "own":
            times.append((0, frame.distance(time.start), time))
        elif bearing == "occasion":
            times.append((1, 0, Time(time.start, time.end, None)))
    return [time for *_, time in sorted(times, key=lambda found: found[:2])]


def _is_event(text: str, time: Time) -> bool:
    lead = text[max(0, time.start - 60) : time.start]
    return bool(_EVENT.match(text, time.end) and _AT.search(lead))


def _is_past(frame: Frame) -> bool:
    """Whether the cue tells of a time before that of the report."""
    lead = frame.text[max(0, frame.cue.start - _REACH) : frame.cue.start]
    inside = _PERFECT_CUE.match(frame.text, frame.cue.start, frame.cue.end)
    return frame.inside or bool(inside or _PERFECT.search(lead))


def _day_of_report(
    article: Article, segments: Segments, attributions: Sequence[Attribution]
) -> date | None:
    """Return the article's day, None if the first day that its lead names is one shortly before.

    A newspaper of Friday tells what was said on Thursday, and doesn't repeat the day every time.
    """
    published = article.published
    if published is None or not segments.paragraphs:
        return None
    end = segments.paragraphs[:_LEAD][-1].end
    end = min(end, _LEAD_REACH)
    contents = sorted(part for one in attributions if one.outer is None for part in one.content)
    for time in find_times(article.text[:end], published):
        at = bisect_right(contents, time.start, key=lambda part: part.start) - 1
        if time.day is None or time.possessive or (at >= 0 and time.start < contents[at].end):
            continue
        ago = published - time.day
        if ago <= timedelta(days=_NEWS):
            return None if ago else published
    return published
