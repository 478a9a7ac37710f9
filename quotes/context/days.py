"""Tell on which day something was said, from the words round it and the day of its article."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from datetime import date, timedelta

from quotes.context.frame import Frame, stands_apart
from quotes.context.times import Time, find_times
from quotes.data import load
from quotes.models import Article, Attribution, Segments

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
# "Says" may be of any day: features, and what somebody says again and again, are told so.
_FORMS = "|".join(row["word"] for row in load("clauses") if row["role"] == "past")
_PAST = re.compile(rf"\b(?:{_FORMS}|\w+(?:ed|ing))\b|^\W+$", re.IGNORECASE)
_LEAD = 3  # paragraphs: where an article names the day that it reports of
_CLAUSE = 60  # characters before a time
_NEWS = 3  # days: a report of an older event tells it as the past of today's
_REACH = 30  # characters before a cue in which "had" may stand


def days(
    article: Article,
    segments: Segments,
    attributions: Sequence[Attribution],
    framed: Sequence[Frame | None],
    told: Sequence[Sequence[Time]],
    goes_on: Sequence[int | None],
) -> tuple[date | None, ...]:
    """Return for each attribution the day it was said, None where nobody can tell.

    *framed* and *goes_on* are what ``quotes.context.frame`` gives for the same attributions, *told*
    the times that ``own_times`` finds in each frame.

    >>> from quotes.context.frame import continued, frames
    >>> from quotes.models import Span
    >>> from quotes.segment import segment
    >>> article = Article("Li told us on Thursday: We met.", "", published=date(2020, 3, 27))
    >>> said = [Attribution((Span(24, 30),), Span(3, 7), Span(0, 2), "indirect")]
    >>> parts = (article.text, segment(article.text), said)
    >>> framed, goes_on = frames(*parts), continued(*parts)
    >>> told = [own_times(frame, article.published) for frame in framed]
    >>> days(article, parts[1], said, framed, told, goes_on)
    (datetime.date(2020, 3, 26),)
    """
    otherwise = _day_of_report(article, segments, attributions)
    found: list[date | None] = []
    for frame, times, before in zip(framed, told, goes_on, strict=True):
        if times:
            found.append(times[0].day)
        elif before is not None:
            found.append(found[before])
        else:
            found.append(None if frame and _is_undated(frame) else otherwise)
    return tuple(found)


def own_times(frame: Frame | None, published: date | None) -> list[Time]:
    """Return what a frame tells of the time of saying, most telling first; nothing if it is None.

    A time is there even where it names no day.
    """
    if frame is None:
        return []
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


def _is_undated(frame: Frame) -> bool:
    """Whether the cue tells of no event of the report: "had said", "says", what another told."""
    lead = frame.text[max(0, frame.cue.start - _REACH) : frame.cue.start]
    inside = _PERFECT_CUE.match(frame.text, frame.cue.start, frame.cue.end)
    told = _PAST.search(frame.text, frame.cue.start, frame.cue.end)
    return frame.inside or not told or bool(inside or _PERFECT.search(lead))


def _day_of_report(
    article: Article, segments: Segments, attributions: Sequence[Attribution]
) -> date | None:
    """Return the article's day, None if it tells more of the days shortly before.

    A newspaper of Friday tells what was said on Thursday, and doesn't repeat the day every time.
    One whose lead names its own day first is of that day.
    """
    published = article.published
    if published is None or not segments.paragraphs:
        return None
    lead = segments.paragraphs[:_LEAD][-1].end
    contents = sorted(part for one in attributions if one.outer is None for part in one.content)
    ages: list[bool] = []  # whether each day that is named is one before
    for time in find_times(article.text, published):
        at = bisect_right(contents, time.start, key=lambda part: part.start) - 1
        if time.day is None or time.possessive or (at >= 0 and time.start < contents[at].end):
            continue
        if stands_apart(article.text[max(0, time.start - _CLAUSE) : time.start]):
            continue
        if published - time.day <= timedelta(days=_NEWS):
            if not ages and time.start < lead:
                return None if time.day < published else published
            ages.append(time.day < published)
    return None if ages.count(True) > ages.count(False) else published
