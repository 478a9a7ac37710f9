"""Look inside contents: who, in what somebody said, is said to have said something.

The tagger marks the outermost attribution only. Read by itself, a content shows those inside it:
chains of who reported whom.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from quotes.data import load
from quotes.models import Attribution, Span

_PRONOUNS = {row["word"]: row["means"] for row in load("pronouns")}

Find = Callable[[str], Sequence[Attribution]]

# A cheap test: only a content with one of these is worth a second look. The base form of a verb is
# none of them: it is a noun as often ("a claim").
_SAYING = sorted(
    row["form"]
    for row in load("cues")
    if row["act"] and row["kind"] in ("saying", "naming", "helping") and row["form"] != row["lemma"]
)
_SPEAKING = re.compile(rf"\b(?:{'|'.join(_SAYING)}|according to)\b", re.IGNORECASE)
_REPORTS = re.compile(
    "(?:"
    + "|".join(r["form"] for r in load("cues") if r["lemma"] in ("report", "according to"))
    + r")\b",
    re.IGNORECASE,
)
_THAT = re.compile(r"that\s+(?=\S)", re.IGNORECASE)


def look_inside(
    text: str, attributions: Sequence[Attribution], find: Find
) -> tuple[Attribution, ...]:
    """Return *attributions*, each followed by those found inside its contents.

    *find* returns the attributions of a text; of those inside a content only the ones count that
    have a verb of saying, and a source other than a pronoun: nobody could tell whom that means. But
    where it is reported what "she" said, she is somebody named before.
    """
    found: list[Attribution] = []
    places: list[int] = []
    for attribution in attributions:
        outer = len(found)
        places.append(outer)
        if attribution.outer is not None:
            found.append(replace(attribution, outer=places[attribution.outer]))
            continue
        found.append(attribution)
        reported = (
            attribution.cue is not None and _REPORTS.match(attribution.cue.of(text)) is not None
        )
        for region in _regions(text, attribution):
            found += (
                replace(inner.moved(region.start), outer=outer)
                for inner in find(region.of(text))
                if inner.outer is None and _is_told(region.of(text), inner, reported=reported)
            )
    return tuple(found)


def only(
    attributions: Sequence[Attribution], wanted: Callable[[Attribution], bool]
) -> tuple[Attribution, ...]:
    """Return the attributions that are wanted, and stand in no other one or in a wanted one."""
    kept: list[Attribution] = []
    places: dict[int | None, int | None] = {None: None}
    for number, attribution in enumerate(attributions):
        if attribution.outer in places and wanted(attribution):
            places[number] = len(kept)
            kept.append(replace(attribution, outer=places[attribution.outer]))
    return tuple(kept)


def _is_told(text: str, inner: Attribution, *, reported: bool) -> bool:
    """Whether it tells what somebody said: somebody known, and by a verb of saying."""
    source, cue = inner.source, inner.cue
    if source is None or cue is None:
        return False
    word = source.of(text).lower()
    if word in _PRONOUNS and not (reported and _PRONOUNS[word] in ("he", "she")):
        return False
    return _SPEAKING.search(cue.of(text)) is not None


def _regions(text: str, attribution: Attribution) -> Iterator[Span]:
    """Yield the parts to look into: contents as if they were sentences of their own."""
    parts = attribution.verbatim if attribution.kind == "direct" else attribution.content
    for part in parts:
        if _SPEAKING.search(part.of(text)):
            that = _THAT.match(text, part.start, part.end)
            yield Span(that.end(), part.end) if that else part
