"""Stage 5: say who the source of each attribution is, and how that was found.

The first steps of the sequence, most certain first: a full name, a name of the registry, the
surname of a person named in full in the article, a pronoun, a source carried over. Each step takes
a candidate only if it is the only one.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from quotes.models import Article, Attribution, Resolution, Segments, Span, Speaker
from quotes.names import Name, find_names, persons
from quotes.registry import registry

_NOBODY = Resolution()
_PRONOUNS = frozenset({"he", "she"})
# What follows one of these words inside a source is not who speaks: a spokesman for Ann Lee.
_OTHERS_NAME = re.compile(r"\b(?:of|for|at|to|from|in|by|with|on|and|or|who|whose)\b|&|['’]s\b")
# A name with one of these behind it is not alone, or not the head: the Lee campaign.
_FOLLOWED = re.compile(r"[ \u00a0](?!of\b|from\b|on\b|in\b|\()|,? (?:and|or|&) ")
_PARAGRAPHS_BACK = 3  # how far a pronoun reaches


@dataclass(frozen=True, slots=True)
class _Mentions:
    """The names of an article, and who bears each full name and outer word of one."""

    names: tuple[Name, ...]
    bearers: Mapping[str, frozenset[Speaker]]

    def between(self, start: int, end: int) -> Sequence[Name]:
        """Return the names that begin in a stretch of text."""
        first = bisect_left(self.names, start, key=lambda name: name.span.start)
        return self.names[first : bisect_left(self.names, end, key=lambda name: name.span.start)]

    def identify(self, name: Name) -> Resolution:
        """Say whom a name alone names; nobody where that is open."""
        listed = registry().by_name
        bearers = self.bearers.get(name.full, frozenset())
        if not name.single:
            if name.full in listed:
                return Resolution(listed[name.full], "name")
            if bearers:
                return Resolution(next(iter(bearers)), "name")
            if name.kind == "organization":
                return Resolution(Speaker(name.full, "organization"), "name")
            return _NOBODY
        speakers = bearers | ({listed[name.full]} if name.full in listed else set())
        fitting = [s for s in speakers if not name.pronoun or s.pronoun in (None, name.pronoun)]
        if len(speakers) != 1 or not fitting:
            return _NOBODY
        return Resolution(fitting[0], "surname" if bearers else "alias")


def _mentions(text: str, segments: Segments) -> _Mentions:
    names = find_names(text, segments)
    pronouns = {name.full: name.pronoun for name in names if name.pronoun}
    bearers: dict[str, set[Speaker]] = defaultdict(set)
    for person in persons(names):
        pronoun = pronouns.get(person.full) or pronouns.get(person.last)
        unlisted = Speaker(person.full, pronoun=pronoun)
        speaker = registry().by_name.get(person.full, unlisted)
        for word in (person.full, person.first, person.last):
            bearers[word].add(speaker)
    return _Mentions(names, {word: frozenset(who) for word, who in bearers.items()})


def resolve(
    article: Article, segments: Segments, attributions: Sequence[Attribution]
) -> tuple[Resolution, ...]:
    """Return for each attribution who its source is; see ``Resolution`` for what stays open.

    >>> from quotes.assemble import assemble
    >>> from quotes.model import shipped
    >>> from quotes.segment import segment
    >>> from quotes.tag import tag
    >>> article = Article("President Ann Lee said that it rained. She said it was cold.", "a.txt")
    >>> segments = segment(article.text)
    >>> attributions = assemble(article.text, segments, tag(segments, shipped()))
    >>> [(r.speaker.name, r.method) for r in resolve(article, segments, attributions)]
    [('Ann Lee', 'name'), ('Ann Lee', 'pronoun')]
    """
    mentions = _mentions(article.text, segments)
    found: list[Resolution] = []
    by_source: dict[Span, Resolution] = {}
    before: Attribution | None = None
    last = _NOBODY
    for attribution in attributions:
        source = attribution.source
        if source in by_source:
            who = by_source[source]
        elif attribution.outer is None:
            who = _resolve(article.text, segments, mentions, attribution, before, last)
        else:  # of a pronoun inside a content nobody can tell yet whom it means
            who = _named(article.text, mentions, source) if source else _NOBODY
        if source:
            by_source[source] = who
        carried = attribution.carried and who.speaker is not None
        found.append(Resolution(who.speaker, "carried") if carried else who)
        if attribution.outer is None or (_is("person", who) and _is("organization", last)):
            before, last = attribution, who
    return tuple(found)


def _is(kind: str, who: Resolution) -> bool:
    return who.speaker is not None and who.speaker.kind == kind


def _resolve(
    text: str,
    segments: Segments,
    mentions: _Mentions,
    attribution: Attribution,
    before: Attribution | None,
    last: Resolution,
) -> Resolution:
    """Say who speaks; *before* is the attribution that stands before it, *last* its speaker."""
    source = attribution.source
    if source is None:
        near = before and _carries(text, segments, before, attribution)
        return Resolution(last.speaker, "carried") if near and last.speaker else _NOBODY
    pronoun = source.of(text).lower()
    if pronoun not in _PRONOUNS:
        return _named(text, mentions, source)
    if before is None or last.speaker is None or last.speaker.kind != "person":
        return _NOBODY
    if last.speaker.pronoun not in (None, pronoun):
        return _NOBODY
    return _pronoun(segments, mentions, source, before, last.speaker)


def _named(text: str, mentions: _Mentions, source: Span) -> Resolution:
    """Return whom the first name of a source names, if it is its head."""
    for name in mentions.between(source.start, source.end):
        lead = text[source.start : name.span.start]
        if _OTHERS_NAME.search(lead):
            break
        if not name.possessive:
            is_head = not _FOLLOWED.match(text, name.span.end, source.end)
            return mentions.identify(name) if is_head else _NOBODY
    return _NOBODY


def _carries(text: str, segments: Segments, before: Attribution, attribution: Attribution) -> bool:
    """Whether a statement without source goes on from the one before it, near enough to be sure.

    That is in the same unit where it has a cue ("said ..., adding ..."), else right behind it in
    the same paragraph.
    """
    start = attribution.content[0].start
    if attribution.cue:
        return _number(segments.units, before.extent.end - 1) == _number(segments.units, start)
    gap = _number(segments.units, start) - _number(segments.units, before.extent.end - 1)
    return gap <= 1 and "\n" not in text[before.extent.end : start]


def _pronoun(
    segments: Segments, mentions: _Mentions, source: Span, before: Attribution, speaker: Speaker
) -> Resolution:
    """Return the last speaker if he or she is the only person named since."""
    here = _number(segments.paragraphs, source.start)
    since = segments.paragraphs[max(0, here - 1)].start
    if here - _number(segments.paragraphs, before.extent.start) > _PARAGRAPHS_BACK:
        return _NOBODY
    for name in mentions.between(max(since, before.extent.start), source.start):
        if not any(content.covers(name.span) for content in before.content):
            named = mentions.identify(name).speaker
            somebody = named.kind == "person" if named else name.kind == "person"
            if somebody and named != speaker:
                return _NOBODY
    return Resolution(speaker, "pronoun")


def _number(parts: Sequence[Span], offset: int) -> int:
    """Return the number of the part that an offset lies in, from 0."""
    return bisect_right(parts, offset, key=lambda part: part.start) - 1
