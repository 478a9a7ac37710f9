"""Stage 4: link labelled spans to attributions.

A content goes to the cue that the tagger holds most likely, and so does a cue to its source, which
may serve several cues. Quoted words that no cue claims go on with what was said just before, or
stand alone; a cue that claims no content says nothing.
"""

from __future__ import annotations

import re
import string
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from quotes.models import Attribution, Kind, Label, Labelling, Quotation, Segments, Span, trim

_WORD = re.compile(r"\w")
_COMMAS = re.compile(r"[\w)%,;][ \u00a0,;]*[\w($]")
_BULLET = re.compile(r"[-–•*·]+\s+")


@dataclass(slots=True)
class _Draft:
    """Labels that belong together; ``cue`` and ``source`` are None where there is none."""

    contents: list[Label]
    cue: Label | None = None
    source: Label | None = None
    confidence: float = 1.0
    carried: bool = False
    inner: _Draft | None = None

    @property
    def end(self) -> int:
        """Where the last of its labels ends."""
        ends = [label.span.end for label in (self.contents[-1], self.cue, self.source) if label]
        return max(ends)

    def join(self, after: _Draft) -> None:
        """Add the contents of the draft after this one, and the cue that one of them has."""
        self.contents += after.contents
        self.cue = self.cue or after.cue
        if self.source is None:
            self.source, self.carried = after.source, after.carried
        self.confidence = min(self.confidence, after.confidence)


def assemble(text: str, segments: Segments, labelling: Labelling) -> tuple[Attribution, ...]:
    """Return the attributions of *text*, in order of their first content.

    >>> from quotes.models import Link
    >>> from quotes.segment import segment
    >>> text = '"We met," Li said, adding that it rained.'
    >>> spans = [(0, 9, "content"), (10, 12, "source"), (13, 17, "cue"), (19, 25, "cue")]
    >>> labels = tuple(Label(Span(a, b), role) for a, b, role in [*spans, (26, 40, "content")])
    >>> links = [Link(0, 2, 1.0), Link(2, 1, 1.0), Link(3, 1, 1.0), Link(4, 3, 1.0)]
    >>> found = assemble(text, segment(text), Labelling(labels, tuple(links)))
    >>> [(a.source.of(text), a.cue.of(text), a.kind) for a in found]
    [('Li', 'said', 'direct'), ('Li', 'adding', 'indirect')]
    """
    quotations = [q for q in segments.quotations if q.depth == 0 and q.ending != "missing"]
    drafts: list[_Draft] = []
    for draft in _drafts(text, labelling):
        before = drafts[-1] if drafts else None
        if before and _is_one(text, segments, quotations, before, draft):
            before.join(draft)
        else:
            drafts.append(draft)
    found: list[Attribution] = []
    for draft in drafts:
        outer = len(found)
        for part, inside in ((draft, None), (draft.inner, outer)):
            one = _attribution(text, segments, quotations, part) if part else None
            if one and (one.cue or one.kind == "direct"):
                found.append(replace(one, outer=inside))
    return tuple(found)


def _drafts(text: str, labelling: Labelling) -> list[_Draft]:
    """Return what each cue claims, and each content that none does, in order of the text."""
    labels = labelling.labels
    heads = _heads(labelling)
    claimed: dict[int, list[int]] = defaultdict(list)
    drafts = []
    for at, label in enumerate(labels):
        if label.role == "content":
            cue, likely = heads.get(at, (None, 1.0))
            if cue is None:
                drafts.append(_Draft([label], confidence=label.confidence * likely))
            else:
                claimed[cue].append(at)
    owners = _owners(labels, {cue: heads[cue][0] for cue in claimed if cue in heads})
    inside = _inside(text, labels, heads, claimed, owners)
    for cue, contents in claimed.items():
        source, likely = heads.get(cue, (None, 1.0))
        sure = min(labels[at].confidence * heads[at][1] for at in contents)
        sure *= labels[cue].confidence * likely
        who = None if source is None else labels[source]
        carried = source is not None and owners[source] != cue
        inner = next((inside[at] for at in contents if at in inside), None)
        parts = [labels[at] for at in contents]
        drafts.append(_Draft(parts, labels[cue], who, sure, carried, inner))
    return sorted(drafts, key=lambda draft: draft.contents[0].span)


def _inside(
    text: str,
    labels: Sequence[Label],
    heads: Mapping[int, tuple[int | None, float]],
    claimed: Mapping[int, Sequence[int]],
    owners: Mapping[int, int],
) -> Mapping[int, _Draft]:
    """Return, by the content, who says it in what another cue claims.

    In "Li said it rained, the paper reported" both cues want the content. The one that the other
    takes it from still has its source, and stands right beside the content.
    """
    found = {}
    for cue, (source, likely) in heads.items():
        if labels[cue].role == "cue" and source is not None and cue not in claimed:
            first, last = sorted((cue, source))
            for content, left, right in ((last + 1, last, last + 1), (first - 1, first - 1, first)):
                if not 0 <= content < len(labels) or labels[content].role != "content":
                    continue
                between = text[labels[left].span.end : labels[right].span.start]
                if not _WORD.search(between) and "\n" not in between:
                    sure = labels[content].confidence * labels[cue].confidence * likely
                    found[content] = _Draft(
                        [labels[content]], labels[cue], labels[source], sure, source in owners
                    )
    return found


def _heads(labelling: Labelling) -> Mapping[int, tuple[int | None, float]]:
    """Return the likeliest head of each label that has any, and how likely it is."""
    best: dict[int, tuple[int | None, float]] = {}
    for link in labelling.links:
        if link.dependent not in best or link.probability > best[link.dependent][1]:
            best[link.dependent] = (link.head, link.probability)
    return best


def _owners(labels: Sequence[Label], sources: Mapping[int, int | None]) -> Mapping[int, int]:
    """Return for each source the nearest of the cues that it serves."""
    owners: dict[int, int] = {}

    def apart(cue: int, source: int) -> int:
        first, last = sorted((labels[cue].span, labels[source].span))
        return last.start - first.end

    for cue, source in sources.items():
        if source is not None:
            before = owners.get(source)
            if before is None or apart(cue, source) < apart(before, source):
                owners[source] = cue
    return owners


def _is_one(
    text: str, segments: Segments, quotations: Sequence[Quotation], before: _Draft, draft: _Draft
) -> bool:
    """Whether quoted words go on from one draft to the next, only one of which has a cue.

    They do from paragraph to paragraph where the marks are reopened; within a paragraph what no
    cue claims goes on with what was quoted in the unit before.
    """
    first = _quotation_at(quotations, draft.contents[0].span.start)
    last = _quotation_at(quotations, before.contents[-1].span.end - 1)
    if first is None or last is None or (before.cue and draft.cue):
        return False
    if first.continues and last.ending == "continued":
        return True
    unit = segments.units[bisect_left(segments.units, before.end, key=lambda unit: unit.end)]
    between = text[max(before.end, unit.end) : first.span.start]
    return draft.cue is None and not _WORD.search(between) and "\n" not in between


def _quotation_at(quotations: Sequence[Quotation], offset: int) -> Quotation | None:
    at = bisect_right(quotations, offset, key=lambda q: q.span.start) - 1
    return quotations[at] if at >= 0 and offset < quotations[at].span.end else None


def _attribution(
    text: str, segments: Segments, quotations: Sequence[Quotation], draft: _Draft
) -> Attribution | None:
    """Return the attribution that a draft makes, None if its contents have no word."""
    parts = (label.span for label in draft.contents)
    content = tuple(
        part for span in _joined(text, parts) for part in _by_paragraph(text, segments, span)
    )
    if not content:
        return None
    return Attribution(
        content=content,
        cue=_bare(text, draft.cue),
        source=_bare(text, draft.source),
        kind=_kind(text, quotations, content),
        verbatim=tuple(s for s in _overlaps(content, quotations) if _WORD.search(s.of(text))),
        confidence=draft.confidence,
        carried=draft.carried,
    )


def _bare(text: str, label: Label | None) -> Span | None:
    """Return a span without the comma or colon behind it, unless it is nothing else."""
    if label is None:
        return None
    words = text[label.span.start : label.span.end].rstrip(",;:" + string.whitespace)
    return Span(label.span.start, label.span.start + len(words)) if words else label.span


def _joined(text: str, spans: Iterable[Span]) -> Iterator[Span]:
    """Join spans that nothing but commas parts; each quotation stays one of its own."""
    before: Span | None = None
    for span in spans:
        if before and _COMMAS.fullmatch(text, before.end - 1, span.start + 1):
            before = Span(before.start, span.end)
        else:
            if before:
                yield before
            before = span
    if before:
        yield before


def _by_paragraph(text: str, segments: Segments, span: Span) -> Iterator[Span]:
    """Yield the parts of a span in each paragraph that has words of it, without its bullet."""
    first = bisect_right(segments.paragraphs, span.start, key=lambda part: part.start) - 1
    last = bisect_left(segments.paragraphs, span.end, key=lambda part: part.start)
    for paragraph in segments.paragraphs[first:last]:
        start, end = max(span.start, paragraph.start), min(span.end, paragraph.end)
        bullet = _BULLET.match(text, start, end) if start == paragraph.start else None
        part = trim(text, bullet.end() if bullet else start, end)
        if part and _WORD.search(part.of(text)):
            yield part


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
