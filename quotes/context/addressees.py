"""Find the words for the one to whom something was said."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterator, Sequence

from quotes.context.frame import BETWEEN, BLANK, Frame, frames
from quotes.context.mentions import is_of_the_press, is_somebody, journalists, read_mention
from quotes.data import load
from quotes.models import Attribution, Segments, Span


def _any(how: str) -> str:
    words = [row["word"] for row in load("addressing") if row["how"] == how]
    return "|".join(sorted(words, key=len, reverse=True))


_TELLING = re.compile(rf"\b(?:{_any('object')})\b", re.IGNORECASE)
_TOLD = re.compile(r"t(?:old|ells?|elling)\b|.*\bon$|.*\bto$", re.IGNORECASE)
_ON = re.compile(r"\s+(?:on|upon)\b")
_CALL = re.compile(r"call(?:s|ed|ing)?", re.IGNORECASE)
_SAYING = re.compile(rf"\b(?:{_any('to')})$", re.IGNORECASE)
_TO = re.compile(r"\s+(?:\w+ly\s+)?to\b")
_FOLLOWS = re.compile(rf"\s+(?:{_any('follows')})\b|\s*[,:]?\s*[\"“”‘'«{BLANK}]")
_ASKED = re.compile(r"\s+(?:that|to|not to|never to|against)\b")
_PASSIVE = re.compile(r"\b(?:was|were|been|being|is|are|be|get|got)\s+(?:\w+ly\s+)?$")

_WHEN = r"(?:\s+(?:on|in|at|earlier)\s+\w+){0,2}?(?:\s+(?i:earlier|today|yesterday|late)|\s+[A-Z]\w+day(?: \w+)?)?"
_IN = r"\b(?i:in|at|during|on|over|through|via)\s+"
_WITH = re.compile(rf"{_IN}{BETWEEN}(?:{_any('with')}){_WHEN}\s+with\b")
_WRITTEN_TO = re.compile(rf"{_IN}{BETWEEN}(?:{_any('to')})\s+to\b")
_SPEAKING = re.compile(
    r"\b(?i:meeting|speaking|talking)(?:\s+(?:by|on the)\s+(?:phone|telephone))?\s+(?:with|to)\b"
)
_THE_TALK = re.compile(
    rf"{_IN}(?:the|their|that|this|the same)\s+(?:[\w’'-]+\s+){{0,2}}?(?P<talk>{_any('talk')})\b(?!{_WHEN}\s+(?:with|between)\b)"
)
_INTRODUCED = re.compile(
    rf"(?:\b(?P<verb>{_any('met')})\b(?:\s+[\w’'-]+){{0,8}}?|(?:{_any('talk')}){_WHEN})\s+with\b"
)
_PARAGRAPHS_BACK = 2
_FAR = 2000  # characters back in which a call may be introduced
_NAME = re.compile(r"[A-Z][\w-]+")


def addressees(
    text: str, segments: Segments, attributions: Sequence[Attribution]
) -> tuple[Span | None, ...]:
    """Return for each attribution the words for the one addressed, None where nobody is told.

    The press and crowds are nobody here: whom they stand for can't be told.

    >>> from quotes.segment import segment
    >>> text = "Li told the French president that it rained."
    >>> said = Attribution((Span(29, 43),), Span(3, 7), Span(0, 2), "indirect")
    >>> addressees(text, segment(text), [said])[0].of(text)
    'the French president'
    """
    reporters = journalists(text)
    found: list[Span | None] = []
    for one, frame in zip(attributions, frames(text, segments, attributions), strict=True):
        told = _told(text, segments, one, frame) if frame else None
        found.append(told if told and _is_addressee(text, told, reporters) else None)
    return tuple(found)


def _is_addressee(text: str, told: Span, reporters: Collection[str]) -> bool:
    if told.of(text).split()[-1] in reporters or is_of_the_press(text, told.end):
        return False
    return is_somebody(told.of(text))


def _told(text: str, segments: Segments, one: Attribution, frame: Frame) -> Span | None:
    told = _object(text, one, frame) or next(_beside(frame), None)
    if told is None and (talk := _the_talk(frame)) is not None:
        told = _partner(text, segments, one, frame.start + talk)
    if told and one.source and (told.covers(one.source) or one.source.covers(told)):
        return None
    return told


def _object(text: str, one: Attribution, frame: Frame) -> Span | None:
    """Return whom a verb of telling has for its object, even where the content covers it."""
    cue = one.cue
    if cue is None or _PASSIVE.search(frame.text[: frame.cue.start]):
        return None
    verb = _TELLING.search(text, cue.start, min(len(text), cue.end + len(" upon")))
    if verb is None and _CALL.fullmatch(cue.of(text)):
        verb = _ON.match(text, cue.end)
    if verb is None or verb.start() > cue.end or _PASSIVE.search(text, cue.start, verb.start()):
        return None
    start = verb.end() + 1
    covering = next((part for part in one.content if part.start <= start < part.end), None)
    if covering:
        told = read_mention(text, start, covering.end)
        return told if told and _ASKED.match(text, told.end, covering.end) else None
    end = frame.start + len(frame.text)
    behind = [part.start for part in one.content if part.start > start]
    told = read_mention(text, start, min([end, *behind]))
    if told is None or _TOLD.fullmatch(verb.group()) or one.content[-1].end <= cue.start:
        return told
    return told if _FOLLOWS.match(frame.text, told.end - frame.start) else None


def _beside(frame: Frame) -> Iterator[Span]:
    """Yield whom the words beside the cue name: "said to", "in a letter to", "in a call with"."""
    for at in _after_to(frame):
        if told := _mention(frame, at):
            yield told
    for pattern in (_WITH, _WRITTEN_TO, _SPEAKING):
        for match in pattern.finditer(frame.text):
            if frame.bearing(match.start()) == "own" and (told := _mention(frame, match.end())):
                yield told


def _after_to(frame: Frame) -> Iterator[int]:
    """Yield where the one stands to whom a verb of saying leads: "said Li to"."""
    if _SAYING.search(frame.cue.of(frame.text)):
        ends = [frame.cue.end]
        if frame.source and 0 < frame.source.start - frame.cue.end <= 1:
            ends.append(frame.source.end)
        for end in ends:
            if to := _TO.match(frame.text, end):
                yield to.end()


def _mention(frame: Frame, at: int) -> Span | None:
    blank = frame.text.find(BLANK, at)
    told = read_mention(frame.text, at, len(frame.text) if blank < 0 else blank)
    return Span(told.start + frame.start, told.end + frame.start) if told else None


def _the_talk(frame: Frame) -> int | None:
    """Return where a statement is said to be made in a talk known already: "during the call"."""
    for match in _THE_TALK.finditer(frame.text):
        if frame.bearing(match.start()) == "own":
            return match.start()
    return None


def _partner(text: str, segments: Segments, one: Attribution, before: int) -> Span | None:
    """Return the other party to the talk that was introduced before, if the source is one."""
    names = _NAME.findall(one.source.of(text)) if one.source else []
    here = bisect_right(segments.paragraphs, before, key=lambda p: p.start) - 1
    start = max(segments.paragraphs[max(0, here - _PARAGRAPHS_BACK)].start, before - _FAR)
    for match in reversed([*_INTRODUCED.finditer(text, start, before)]):
        at = bisect_right(segments.sentences, match.start(), key=lambda s: s.start) - 1
        sentence = segments.sentences[at]
        partner = read_mention(text, match.end(), sentence.end)
        if partner is None or not names:
            return None
        if names[-1] not in _NAME.findall(partner.of(text)):
            return partner if names[-1] in _NAME.findall(sentence.of(text)) else None
        return _subject(text, sentence, match)
    return None


def _subject(text: str, sentence: Span, match: re.Match[str]) -> Span | None:
    """Return who stands right before the verb that introduces a talk."""
    if not match["verb"]:
        return None
    comma = text.rfind(", ", sentence.start, match.start())
    begin = comma + len(", ") if comma >= 0 else sentence.start
    subject = read_mention(text, begin, match.start())
    return subject if subject and not text[subject.end : match.start()].strip() else None
