"""Tell through which channel something was said: a phone call, a speech, Twitter."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from quotes.context.frame import BETWEEN, Frame
from quotes.data import load

_ROWS = load("channels")
_CHANNELS = {(row["where"], row["phrase"].lower()): row["channel"] for row in _ROWS}


def _any(*wheres: str) -> str:
    """Return a pattern of the phrases; capital letters count where a phrase has them."""
    phrases = {row["phrase"] for row in _ROWS if row["where"] in wheres}
    ordered = sorted(phrases, key=len, reverse=True)
    return "|".join(re.escape(p) if p != p.lower() else f"(?i:{re.escape(p)})" for p in ordered)


def _press(*kinds: str) -> str:
    names = {row["phrase"] for row in load("press") if row["kind"] in kinds}
    return "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))


_AT = re.compile(
    rf"\b(?i:in|at|during|on|over|via|by|through)\s+{BETWEEN}(?P<phrase>{_any('at', 'text')})\b"
)
_BY = re.compile(rf"\b(?P<phrase>{_any('by')})\b")
_SITE = re.compile(rf"\b(?i:on|via|to|in)\s+{BETWEEN}(?P<phrase>{_any('site')})\b")
_AIRED = re.compile(
    rf"\b[Oo]n\s+(?:the\s+|[A-Z][\w’'.]*\s+){{0,2}}[“\"‘']?(?:(?P<television>{_press('television')})|(?P<radio>{_press('radio')}))\b"
)
_TOLD_EVENT = re.compile(rf"\s*(?:an?|the|his|her|their|its)\s+{BETWEEN}(?P<phrase>{_any('at')})\b")
_OUTLETS = _press("television", "radio", "outlet")
_ENDINGS = _press("ending")
_TOLD_PRESS = re.compile(
    rf"\s*(?:[Tt]he\s+|[A-Z][\w’'-]*\s+)?(?:{_OUTLETS}|(?:[A-Z][\w’'-]*\s+){{1,3}}(?:{_ENDINGS}))\b"
)
_WORD = re.compile(r"\w[\w-]*")
_REPORT_HEAD = re.compile(rf"(?:[\w.&’'-]+\s+){{0,6}}?(?P<phrase>{_any('text')})(?!['’]s?\b)\b")
_HEAD_ENDS = re.compile(
    r"\b(?i:of|to|in|on|at|for|with|by|from|about|that|who|released|issued)\b|,"
)


def channels(
    framed: Sequence[Frame | None], goes_on: Sequence[int | None]
) -> tuple[str | None, ...]:
    """Return for each statement its channel as ``data/channels.csv`` names it, None if none is told.

    *framed* and *goes_on* are what ``quotes.context.frame`` gives for the attributions.

    >>> from quotes.models import Span
    >>> text = "In a televised speech Li said"
    >>> channels([Frame(text, 0, Span(25, 29), Span(22, 24), False)], [None])
    ('speech',)
    """
    found: list[str | None] = []
    for frame, before in zip(framed, goes_on, strict=True):
        channel = next(_told(frame), None) if frame else None
        if channel is None and before is not None:
            channel = found[before]
        found.append(channel)
    return tuple(found)


def _told(frame: Frame) -> Iterator[str]:
    """Yield the channels that the words of a frame tell, surest first."""
    near = []
    for pattern, wheres in ((_AT, ("at", "text")), (_BY, ("by",)), (_SITE, ("site",))):
        near += [
            (frame.distance(match.start()), _channel(match["phrase"], *wheres))
            for match in pattern.finditer(frame.text)
            if frame.bearing(match.start()) == "own"
        ]
    yield from (channel for _, channel in sorted(near))
    cue = frame.cue.of(frame.text).lower()
    yield from (_CHANNELS["cue", w] for w in _WORD.findall(cue) if ("cue", w) in _CHANNELS)
    yield from _written(frame)
    for match in _AIRED.finditer(frame.text):
        if frame.bearing(match.start()) == "own":
            yield match.lastgroup or ""
    if cue.endswith(("told", "tells", "telling")):
        if event := _TOLD_EVENT.match(frame.text, frame.cue.end):
            yield _channel(event["phrase"], "at")
        elif _TOLD_PRESS.match(frame.text, frame.cue.end):
            yield _CHANNELS["at", "interview"]


def _written(frame: Frame) -> Iterator[str]:
    """Yield the channel where a text is the source: "a statement by the ministry said"."""
    if frame.source:
        head = _HEAD_ENDS.split(frame.source.of(frame.text), maxsplit=1)[0].rstrip()
        if match := _REPORT_HEAD.fullmatch(head):
            yield _channel(match["phrase"], "text")


def _channel(phrase: str, *wheres: str) -> str:
    keys = ((where, phrase.lower()) for where in wheres)
    return next(_CHANNELS[key] for key in keys if key in _CHANNELS)
