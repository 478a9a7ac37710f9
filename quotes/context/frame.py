"""The words round a statement: what its sentence says outside all content, and what of it is its own.

"On Monday, Lee, who was elected on Friday, said that it rained on Sunday": only Monday is the day of
the saying. Friday stands in a clause apart, Sunday in the content.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from quotes.data import load
from quotes.models import Attribution, Segments, Span

Bearing = Literal["own", "occasion", "apart"]

BLANK = "\ufffc"  # stands for each character of a content
# Words between "in" and its noun: another preposition begins a phrase of its own, and of "Lee's
# speech" Lee is the speaker, though "Thursday's" is fine.
BETWEEN = (
    r"(?:(?!(?i:of|to|in|on|at|for|with|by|from|about|that|who|after|before|during|and|or|as)\b)"
    r"(?!\w+(?<!day)(?<!night)(?<!week)(?<!month)['’]s?\s)[\w.&“”\"’'-]+\s+){0,6}?"
)
_REACH = 300  # how many characters before and after its cue a frame reaches


def _words(role: str) -> str:
    return "|".join(row["word"] for row in load("clauses") if row["role"] == role)


_APART = re.compile(rf"\b(?:{_words('apart')})\b|[;:()\[\]–—]|\s--?\s", re.IGNORECASE)
_OCCASION = re.compile(rf"\b(?:{_words('occasion')})\b", re.IGNORECASE)
_OTHER_CLAUSE = re.compile(rf"[\s,'\"’”]*,['\"’”]*\s*(?:{_words('other')})\b", re.IGNORECASE)
_JOINED = re.compile(rf",['\"’”]*\s*(?:{_words('other')})\s", re.IGNORECASE)
_TOPIC = re.compile(rf"\W*(?:{_words('topic')})\b", re.IGNORECASE)
_OPENS = re.compile(rf"\W*(?:(?:{_words('opens')})\b|$)", re.IGNORECASE)
_CONJUNCTION = re.compile(rf"\A\W*(?:(?:{_words('other')})\s+)?", re.IGNORECASE)
_PLACE = re.compile(r"\s*(?:[A-Z][\w.’'-]*\s+)+(?:(?:on|in|at)\s+)?")
_PRONOUN = re.compile(_words("pronoun"), re.IGNORECASE)
_RELAYS = re.compile(rf"\b(?:{_words('relays')})\b", re.IGNORECASE)
_ISSUED = re.compile(rf"\b(?:{_words('issues')})\s+(?:on\s+)?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Frame:
    """What may tell when, where and to whom something was said.

    Args:
        text: the words round the cue, each character of a content replaced by ``BLANK``.
        start: the offset in the article at which they begin.
        cue: in ``text``.
        source: in ``text``; None where it stands elsewhere, or nobody is named.
        quoted: whether the content has words in quotation marks.
        inside: whether it all stands in the content of another statement, not only of a report.
    """

    text: str
    start: int
    cue: Span
    source: Span | None
    quoted: bool
    inside: bool = False

    def bearing(self, at: int) -> Bearing:
        """Say what the words that begin at an offset of ``text`` bear on.

        ``own`` is the saying itself, ``occasion`` something that it came before or after, and
        ``apart`` something else.
        """
        source = self.source
        if source and source.start <= at < source.end:
            return "own" if _ISSUED.search(self.text, source.start, at) else "apart"
        if at >= self.cue.end:
            inverted = source is not None and self.cue.end <= source.start and source.end <= at
            return self._after(self.text[source.end if source and inverted else self.cue.end : at])
        if source is None or source.start > self.cue.start:
            return _between(self.text[:at], self.text[at : self.cue.start])
        if source.end <= at:
            return _between(self.text[source.end : at], self.text[at : self.cue.start])
        return _initial(self.text[:at], self.text[at : source.start])

    def distance(self, at: int) -> int:
        """Return how far from the cue an offset is."""
        return max(self.cue.start - at, at - self.cue.end, 0)

    def _after(self, lead: str) -> Bearing:
        _, blank, lead = lead.rpartition(BLANK)
        if blank and not self.quoted and not lead.strip():
            return "occasion"  # "said that it rained on Monday": nobody can tell which it is
        if _OTHER_CLAUSE.match(lead) or _TOPIC.match(lead):
            return "apart"
        if _OCCASION.search(lead):
            return "occasion"
        if _APART.search(lead):
            return "apart"
        return _last_part(lead)


def _between(lead: str, rest: str) -> Bearing:
    """Judge what stands between a source and its cue; *rest* follows it up to the cue."""
    _, blank, lead = lead.rpartition(BLANK)
    if blank and not lead.strip():
        return "apart"  # it ends the statement before
    part = lead.rpartition(",")[2]
    if _OCCASION.search(part):
        return "occasion"
    if _APART.search(part) or BLANK in rest:
        return "apart"
    return _last_part(lead)


def _last_part(lead: str) -> Bearing:
    """Judge by how the part after the last comma begins: "Ann Lee, the winner on" is apart."""
    comma, part = lead.rpartition(",")[1:]
    return "own" if not comma or _OPENS.match(part) or _PLACE.fullmatch(part) else "apart"


def _initial(lead: str, rest: str) -> Bearing:
    """Judge what stands before the source; *rest* follows it up to there."""
    if BLANK in rest or BLANK in lead or _JOINED.search(rest):
        return "apart"
    lead = _CONJUNCTION.sub("", lead, count=1)
    if _OCCASION.search(lead):
        return "occasion"
    if _APART.search(lead):
        return "apart"
    return "own" if _OPENS.match(lead) else "apart"


def stands_apart(lead: str) -> bool:
    """Whether what follows these words of a sentence stands in a clause that tells of something else.

    >>> stands_apart("Lee, who was elected on "), stands_apart("Lee, who won, flew home on ")
    (True, False)
    """
    part = lead.rpartition(",")[2]
    return bool(_APART.search(part) or _OCCASION.search(part))


def frames(
    text: str, segments: Segments, attributions: Sequence[Attribution]
) -> tuple[Frame | None, ...]:
    """Return the frame of each attribution, None for one that has no cue.

    >>> from quotes.segment import segment
    >>> text = "Li said on Friday: It rained."
    >>> said = Attribution((Span(19, 29),), Span(3, 7), Span(0, 2), "indirect")
    >>> (frame,) = frames(text, segment(text), [said])
    >>> frame.text.rstrip(BLANK), frame.bearing(frame.text.index("on Friday"))
    ('Li said on Friday: ', 'own')
    """
    groups: dict[int | None, list[int]] = defaultdict(list)
    outers = [_outer(attributions, one) for one in attributions]
    for at, outer in enumerate(outers):
        groups[outer].append(at)
    found: list[Frame | None] = [None] * len(attributions)
    for outer, members in groups.items():
        holder = attributions[outer] if outer is not None else None
        inside = holder is not None and not _relays(text, holder)
        group = _Group([attributions[at] for at in members], holder.content if holder else ())
        for at in members:
            frame = group.frame(text, segments, attributions[at])
            found[at] = replace(frame, inside=inside) if frame else None
    return tuple(found)


def _outer(attributions: Sequence[Attribution], one: Attribution) -> int | None:
    """Return the number of the attribution in whose content the cue of this one stands."""
    if one.outer is None or one.cue is None:
        return None
    cue = one.cue
    return one.outer if any(part.covers(cue) for part in attributions[one.outer].content) else None


def _relays(text: str, one: Attribution) -> bool:
    """Whether it only passes on what another said: "Li said so, the paper reported"."""
    return one.cue is not None and _RELAYS.search(text, one.cue.start, one.cue.end) is not None


class _Group:
    """The attributions that stand in one content, or in none: each bounds its neighbours' frames."""

    def __init__(self, members: Sequence[Attribution], within: Sequence[Span]) -> None:
        self._within = within
        self._contents = sorted({part for one in members for part in one.content})
        self._ends: list[int] = []  # the furthest end up to each content
        for part in self._contents:
            self._ends.append(max(part.end, self._ends[-1] if self._ends else 0))
        self._cued = sorted(
            ((one.cue, one) for one in members if one.cue), key=lambda pair: pair[0]
        )

    def frame(self, text: str, segments: Segments, one: Attribution) -> Frame | None:
        """Return the frame of one of them."""
        cue = one.cue
        if cue is None:
            return None
        holding = next((part for part in self._within if part.covers(cue)), None)
        at = bisect_right(segments.sentences, cue.start, key=lambda s: s.start) - 1
        bounds = [span for span in (segments.sentences[max(at, 0)], holding) if span]
        start = max(*(span.start for span in bounds), cue.start - _REACH, self._before(one, cue))
        end = min(*(span.end for span in bounds), cue.end + _REACH, self._behind(one, cue))
        start, end = min(start, cue.start), max(end, cue.end)
        source = one.source if one.source and Span(start, end).covers(one.source) else None
        return Frame(
            text=self._blanked(text, Span(start, end), cue),
            start=start,
            cue=Span(cue.start - start, cue.end - start),
            source=Span(source.start - start, source.end - start) if source else None,
            quoted=one.kind != "indirect",
        )

    def _before(self, one: Attribution, cue: Span) -> int:
        """Return where the words of the statement before end."""
        at = bisect_left(self._cued, cue.start, key=lambda pair: pair[0].start) - 1
        if at < 0:
            return 0
        other = self._cued[at][1]
        spans = [self._cued[at][0], *([other.source] if other.source else [])]
        ends = [span.end for span in spans if span.end <= cue.start and span != one.source]
        return max(ends, default=0)

    def _behind(self, one: Attribution, cue: Span) -> int:
        """Return where the words of the statement behind begin."""
        at = bisect_left(self._cued, cue.end, key=lambda pair: pair[0].start)
        far = cue.end + _REACH
        if at == len(self._cued):
            return far
        other = self._cued[at][1]
        spans = [self._cued[at][0], *([other.source] if other.source else [])]
        starts = [s.start for s in spans if s.start >= cue.end and s != one.source]
        return min(starts, default=far)

    def _blanked(self, text: str, region: Span, cue: Span) -> str:
        words = [*region.of(text)]
        at = bisect_left(self._contents, region.end, key=lambda part: part.start) - 1
        while at >= 0 and self._ends[at] > region.start:
            part = self._contents[at]
            if not part.covers(cue):
                for place in range(max(part.start, region.start), min(part.end, region.end)):
                    words[place - region.start] = BLANK
            at -= 1
        return "".join(words)


def continued(
    text: str, segments: Segments, attributions: Sequence[Attribution]
) -> tuple[int | None, ...]:
    """Return for each attribution the number of the one that it goes on from, None for none.

    That is the one before it, in its own sentence or the one before in the same paragraph, if the
    source is a pronoun, the same or carried over.
    """
    found: list[int | None] = []
    last: dict[int | None, int] = {}
    for at, one in enumerate(attributions):
        before = last.get(one.outer)
        last[one.outer] = at
        goes_on = before is not None and _goes_on(text, segments, attributions[before], one)
        found.append(before if goes_on else None)
    return tuple(found)


def _goes_on(text: str, segments: Segments, before: Attribution, one: Attribution) -> bool:
    source = one.source
    last, first = before.extent.end - 1, one.extent.start
    if first - last > 2 * _REACH or text.count("\n", last, max(last, first)):
        return False
    units = [bisect_right(segments.units, o, key=lambda u: u.start) for o in (last, first)]
    if units[1] - units[0] > 1:
        return False
    if source is None or one.carried or source == before.source:
        return True
    return _PRONOUN.fullmatch(text, source.start, source.end) is not None
