"""Find whom a pronoun stands for: the nearest person before it whom it can mean.

Every person named in the sentences before is a candidate. Nearness counts, and so does what part
somebody plays: who speaks comes before who is a subject, then who is an object or owner, then who is
only spoken of. Two that are equally likely are nobody; so is somebody without a name ("a farmer")
where he comes first. After Lappin and Leass, "An Algorithm for Pronominal Anaphora Resolution",
Computational Linguistics 20 (1994), without a parse.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from quotes.models import Resolution, Segments, Span, Speaker, Step
from quotes.resolve.cast import Cast
from quotes.resolve.descriptions import persons_without_names

# In sentences: as much further away somebody is that plays no better part.
_SPEAKS, _SUBJECT, _OWNER, _OBJECT, _OBLIQUE, _SPOKEN_OF, _QUOTED = (
    0.0,
    0.2,
    0.7,
    1.0,
    1.5,
    1.5,
    2.5,
)
_RIGHT_BEFORE, _APART = 1.4, 1.0
_NEW_PARAGRAPH = 0.3
_SENTENCES = 8  # how far back
_PARAGRAPHS = 3
_REACH = 600  # characters of a sentence
_POSSESSIVE = re.compile(r".*['’]s?|his|her", re.IGNORECASE | re.DOTALL)
_LED = re.compile(
    r"\b(?:of|for|at|to|from|in|by|with|on|about|against|than|like|over|under|between|behind|after|"
    r"before|via|through|towards?|including|told|asked)\s+(?:[\w.’'-]+\s+){0,3}$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody whom a pronoun may mean (nobody known: a person without a name), and how far off."""

    who: Resolution
    distance: float


@dataclass(frozen=True, slots=True)
class _Mention:
    span: Span
    who: Resolution
    owner: bool = False
    is_source: bool = False
    person: bool = False  # even if nobody knows who


class Discourse:
    """What has been told so far: who the sources were, and of whom it was said "he" or "she"."""

    def __init__(
        self,
        text: str,
        segments: Segments,
        cast: Cast,
        contents: Sequence[Span],
        noun: Callable[[Span], Resolution],
        pronoun: Callable[[Speaker], str | None],
    ) -> None:
        """Begin with the names of an article, and its contents in order of the text.

        *noun* tells whom words like "the president" stand for, *pronoun* who is called "he" or
        "she" by what the article says of him or her.
        """
        self._noun = noun
        self._nouns: dict[Span, Resolution] = {}
        self._pronoun_of = pronoun
        self._text = text
        self._segments = segments
        self._cast = cast
        self._contents = contents
        self._sources: list[tuple[int, int]] = []
        self._spoken: dict[tuple[int, int], Resolution] = {}
        self._pronouns: dict[Speaker, str] = {}

    def note(self, source: Span, who: Resolution, pronoun: str | None) -> None:
        """Note whom a source stands for, and by which pronoun, if by one."""
        key = (source.start, source.end)
        if key not in self._spoken:
            insort(self._sources, key)
        self._spoken[key] = who
        if pronoun and who.speaker:
            self._pronouns.setdefault(who.speaker, pronoun)

    def antecedent(self, at: Span, pronoun: str, excluded: Speaker | None = None) -> Resolution:
        """Return whom ``he`` or ``she`` at a place stands for; nobody where that is open."""
        candidates = [
            candidate
            for candidate in self._candidates(at)
            if self._may_be(candidate.who.speaker, pronoun, excluded)
        ]
        candidates.sort(key=lambda candidate: candidate.distance)
        if not candidates or candidates[0].who.speaker is None:
            return Resolution()
        best = candidates[0]
        others = [one for one in candidates if one.who.speaker != best.who.speaker]
        if others and others[0].distance == best.distance:
            return Resolution()
        return replace(
            best.who,
            method="pronoun",
            chain=(Step(at, "pronoun"), *best.who.chain),
            runner_up=others[0].who.speaker if others else None,
        )

    def salient(self, at: Span, pronoun: str | None) -> Resolution:
        """Return the only person spoken of right before a place, nobody where there are others."""
        first, *others = sorted(
            (one for one in self._candidates(at) if self._may_be(one.who.speaker, pronoun, None)),
            key=lambda candidate: candidate.distance,
        ) or [Candidate(Resolution(), 0)]
        near = [one for one in others if one.distance < first.distance + _APART]
        alone = all(one.who.speaker == first.who.speaker for one in near)
        return first.who if alone and first.distance < _RIGHT_BEFORE else Resolution()

    def _may_be(
        self, speaker: Speaker | None, pronoun: str | None, excluded: Speaker | None
    ) -> bool:
        if speaker is None:
            return True
        known = speaker.pronoun or self._pronoun_of(speaker) or self._pronouns.get(speaker)
        return (
            speaker.kind == "person"
            and speaker != excluded
            and (pronoun is None or known in (None, pronoun))
        )

    def _candidates(self, at: Span) -> Iterator[Candidate]:
        sentences, paragraphs = self._segments.sentences, self._segments.paragraphs
        here = _number(sentences, at.start)
        paragraph = _number(paragraphs, at.start)
        distance = 0.0
        for sentence in reversed(sentences[max(0, here - 4 * _SENTENCES) : here + 1]):
            apart = paragraph - _number(paragraphs, sentence.start)
            if distance > _SENTENCES or apart > _PARAGRAPHS:
                return
            end = min(sentence.end, at.start)
            start = max(sentence.start, end - _REACH)
            if start < end and not self._is_content(start, end - 1):
                for part, who in self._persons(start, end):
                    yield Candidate(who, distance + part + apart * _NEW_PARAGRAPH)
                distance += 1

    def _persons(self, start: int, end: int) -> Iterator[tuple[float, Resolution]]:
        """Yield who is spoken of in a stretch of a sentence, with the part each plays."""
        first = bisect_left(self._sources, (start, 0))
        sources = self._sources[first : bisect_left(self._sources, (end, 0))]
        has_subject = False
        for mention in self._mentions(start, end, sources):
            who = mention.who
            part = self._part(mention, start, has_subject=has_subject)
            is_known = who.speaker is not None and who.speaker.kind == "person"
            if is_known or (mention.person and part in (_SPEAKS, _SUBJECT)):
                yield part, who
            has_subject |= part in (_SPEAKS, _SUBJECT, _OWNER)

    def _mentions(
        self, start: int, end: int, sources: Sequence[tuple[int, int]]
    ) -> Iterator[_Mention]:
        """Yield sources, names, and persons without names, in order of the text."""
        found = [
            _Mention(
                Span(*source),
                self._spoken[source],
                owner=_POSSESSIVE.fullmatch(self._text, *source) is not None,
                is_source=True,
                person=self._is_person(*source),
            )
            for source in sources
        ]
        found += [
            _Mention(
                Span(name.start, name.span.end), self._cast.identify(name), owner=name.possessive
            )
            for name in self._cast.between(start, end)
        ]
        found += [
            _Mention(words, self._person_of(words), owner=owner, person=True)
            for words, owner in persons_without_names(self._text, start, end)
        ]
        found.sort(key=lambda mention: (mention.span.start, not mention.is_source))
        last = start
        for mention in found:
            if mention.span.start >= last:
                last = mention.span.end
                yield mention

    def _person_of(self, noun: Span) -> Resolution:
        if noun not in self._nouns:
            self._nouns[noun] = self._noun(noun)
        return self._nouns[noun]

    def _is_person(self, start: int, end: int) -> bool:
        """Whether a source that nobody is known for is one person: "a farmer"."""
        return any(
            words.start == start for words, _ in persons_without_names(self._text, start, end)
        )

    def _part(self, mention: _Mention, start: int, *, has_subject: bool) -> float:
        at = mention.span
        if self._is_content(at.start, at.end):
            return _QUOTED if self._is_quoted(at) else _SPOKEN_OF
        if mention.is_source and not mention.owner:
            return _SPEAKS
        if _LED.search(self._text, max(start, at.start - 60), at.start):
            return _OBLIQUE
        if has_subject:
            return _OBLIQUE if mention.owner else _OBJECT
        return _OWNER if mention.owner else _SUBJECT

    def _is_quoted(self, span: Span) -> bool:
        quotations = self._segments.quotations
        at = bisect_right(quotations, span.start, key=lambda one: one.span.start) - 1
        return at >= 0 and quotations[at].span.covers(span)

    def _is_content(self, start: int, end: int) -> bool:
        at = bisect_right(self._contents, start, key=lambda span: span.start) - 1
        return at >= 0 and end <= self._contents[at].end


def _number(parts: Sequence[Span], offset: int) -> int:
    """Return the number of the part that an offset lies in, from 0."""
    return max(0, bisect_right(parts, offset, key=lambda part: part.start) - 1)
