"""Stage 4: link labelled spans to attributions.

A content goes to the cue nearest to it, and so does a source, within its unit of the text. Quoted
words that no cue claims go on with what was said just before, or stand alone; a cue that claims no
content says nothing.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from quotes.models import Attribution, Kind, Label, Quotation, Segments, Span

# As many characters as no sentence has: a link over another content is the last choice.
_OVER_CONTENT = 1_000_000
_WORD = re.compile(r"\w")


@dataclass(slots=True)
class _Draft:
    """Labels that belong together; ``cue`` and ``source`` are None where there is none."""

    contents: list[Label]
    cue: Label | None = None
    source: Label | None = None

    @property
    def alone(self) -> bool:
        """Whether nothing says who says it."""
        return self.cue is None and self.source is None

    @property
    def end(self) -> int:
        """Where the last of its labels ends."""
        ends = [label.span.end for label in (self.contents[-1], self.cue, self.source) if label]
        return max(ends)

    def join(self, after: _Draft) -> None:
        """Add the contents of the draft after this one, and the cue that one of them has."""
        self.contents += after.contents
        self.cue = self.cue or after.cue
        self.source = self.source or after.source


def assemble(text: str, segments: Segments, labels: Sequence[Label]) -> tuple[Attribution, ...]:
    """Return the attributions of *text*, in order of their first content.

    ``labels`` stand in order of the text and don't overlap.

    >>> from quotes.segment import segment
    >>> text = '"We met," Li said, adding that it rained.'
    >>> spans = [(0, 9, "content"), (10, 12, "source"), (13, 17, "cue"), (19, 25, "cue")]
    >>> labels = [Label(Span(a, b), role) for a, b, role in [*spans, (26, 40, "content")]]
    >>> [(a.cue.of(text), a.kind) for a in assemble(text, segment(text), labels)]
    [('said', 'direct'), ('adding', 'indirect')]
    """
    quotations = [q for q in segments.quotations if q.depth == 0 and q.ending != "missing"]
    drafts: list[_Draft] = []
    for group in _groups(segments.units, labels):
        for draft in _link(group):
            before = drafts[-1] if drafts else None
            if before and _is_one(text, segments, quotations, before, draft):
                before.join(draft)
            else:
                drafts.append(draft)
    return tuple(_attribution(text, quotations, draft) for draft in drafts)


def _groups(units: Sequence[Span], labels: Sequence[Label]) -> Iterator[list[Label]]:
    """Part the labels by unit; a label that reaches over several holds them together."""
    starts = [unit.start for unit in units]
    group: list[Label] = []
    reach = 0
    for label in labels:
        if group and label.span.start >= reach:
            yield group
            group = []
        group.append(label)
        reach = max(reach, units[bisect_left(starts, label.span.end) - 1].end)
    if group:
        yield group


def _link(group: Sequence[Label]) -> list[_Draft]:
    """Return the attributions of one group in order of their first content."""
    cues = [at for at, label in enumerate(group) if label.role == "cue"]
    claimed: dict[int, list[Label]] = defaultdict(list)
    alone: list[Label] = []
    for at, label in enumerate(group):
        if label.role == "content":
            cue = _nearest(group, at, cues)
            (alone if cue is None else claimed[cue]).append(label)
    sources = _sources(group, sorted(claimed))
    drafts = [_Draft(contents, group[cue], sources.get(cue)) for cue, contents in claimed.items()]
    named = [label for label in group if label.role == "source"]
    if alone and not cues and named:  # "Li: We met."
        drafts.append(_Draft(alone, None, named[0]))
    else:
        drafts += (_Draft([content]) for content in alone)
    return sorted(drafts, key=lambda draft: draft.contents[0].span)


def _sources(group: Sequence[Label], cues: Sequence[int]) -> dict[int, Label]:
    """Return the nearest source of each cue that has one, every source serving one cue."""
    chosen: dict[int, tuple[int, Label]] = {}
    for at, label in enumerate(group):
        if label.role == "source" and (cue := _nearest(group, at, cues)) is not None:
            distance = _distance(group, at, cue)
            if cue not in chosen or distance < chosen[cue][0]:
                chosen[cue] = (distance, label)
    return {cue: label for cue, (_, label) in chosen.items()}


def _nearest(group: Sequence[Label], at: int, cues: Sequence[int]) -> int | None:
    """Return the nearer of the cues before and after a label; None if there are none."""
    place = bisect_left(cues, at)
    return min(
        cues[max(0, place - 1) : place + 1],
        key=lambda cue: _distance(group, at, cue),
        default=None,
    )


def _distance(group: Sequence[Label], at: int, cue: int) -> int:
    """Return how many characters, sources not counted, lie between a label and a cue."""
    first, last = min(at, cue), max(at, cue)
    distance = group[last].span.start - group[first].span.end
    for between in range(first + 1, last):
        label = group[between]
        if label.role == "content":
            return distance + _OVER_CONTENT
        distance -= label.span.end - label.span.start
    return distance


def _is_one(
    text: str, segments: Segments, quotations: Sequence[Quotation], before: _Draft, draft: _Draft
) -> bool:
    """Whether quoted words go on from one draft to the next, only one of which has a cue.

    They do from paragraph to paragraph where the marks are reopened; within a paragraph what no
    cue claims goes on with what was quoted in the unit before.
    """
    first = _quotation_at(quotations, draft.contents[0].span.start)
    last = _quotation_at(quotations, before.contents[-1].span.end - 1)
    if first is None or last is None or not (before.alone or draft.alone):
        return False
    if first.continues and last.ending == "continued":
        return True
    unit = segments.units[bisect_left(segments.units, before.end, key=lambda unit: unit.end)]
    between = text[max(before.end, unit.end) : first.span.start]
    return draft.alone and not _WORD.search(between) and "\n" not in between


def _quotation_at(quotations: Sequence[Quotation], offset: int) -> Quotation | None:
    at = bisect_right(quotations, offset, key=lambda q: q.span.start) - 1
    return quotations[at] if at >= 0 and offset < quotations[at].span.end else None


def _attribution(text: str, quotations: Sequence[Quotation], draft: _Draft) -> Attribution:
    content = tuple(label.span for label in draft.contents)
    labels = [*draft.contents, *(label for label in (draft.cue, draft.source) if label)]
    return Attribution(
        content=content,
        cue=draft.cue.span if draft.cue else None,
        source=draft.source.span if draft.source else None,
        kind=_kind(text, quotations, content),
        verbatim=tuple(_overlaps(content, quotations)),
        confidence=min(label.confidence for label in labels),
    )


def _overlaps(content: Sequence[Span], quotations: Sequence[Quotation]) -> Iterator[Span]:
    """Yield the parts of the content that lie inside quotation marks, marks not included."""
    for span in content:
        first = max(0, bisect_right(quotations, span.start, key=lambda q: q.span.start) - 1)
        for at in range(first, len(quotations)):
            quotation = quotations[at]
            if quotation.inner.start >= span.end:
                break
            start = max(span.start, quotation.inner.start)
            end = min(span.end, quotation.inner.end)
            if start < end:
                yield Span(start, end)


def _kind(text: str, quotations: Sequence[Quotation], content: Sequence[Span]) -> Kind:
    """Compare the words of the content with those of it inside quotation marks."""
    words = sum(len(_WORD.findall(span.of(text))) for span in content)
    quoted = sum(len(_WORD.findall(span.of(text))) for span in _overlaps(content, quotations))
    if not quoted:
        return "indirect"
    return "direct" if quoted == words else "mixed"
