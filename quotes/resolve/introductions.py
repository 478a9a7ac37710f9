"""Find whom an article has introduced by the words that a source uses: "the Ohio senator"."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from quotes.models import Resolution, Span, Speaker, Step
from quotes.resolve.cast import Cast
from quotes.resolve.descriptions import Description, describe, descriptions

_FAR_MORE = 4  # times
_CROWD = 20  # persons
_INDEFINITE = re.compile(r"(?:an?|one|another|some|any|every|each|no)\s", re.IGNORECASE)
_DEFINITE = re.compile(
    r"(?:the|his|her|their|its|this|that)\s|\S+(?:\s\S+){0,3}['’]s?\s", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Introduction:
    """That an article describes somebody, at the mention *who*."""

    description: Description
    who: Resolution


@dataclass(frozen=True, slots=True)
class Introductions:
    """All introductions of an article, by speaker and by noun, and how often each is named."""

    by_speaker: Mapping[Speaker, Sequence[Introduction]]
    by_head: Mapping[str, Sequence[tuple[Speaker, Introduction]]]
    named: Mapping[Speaker, int]

    def excludes(self, speaker: Speaker, wanted: Description) -> bool:
        """Whether somebody has been introduced as what *wanted* is not."""
        return any(one.description.excludes(wanted) for one in self.by_speaker.get(speaker, ()))

    def pronoun(self, speaker: Speaker) -> str | None:
        """Return ``he`` or ``she`` where words like "her brother" tell, else None."""
        known = (one.description.pronoun for one in self.by_speaker.get(speaker, ()))
        return next(filter(None, known), None)

    def protagonist(self, speakers: Collection[Speaker]) -> Speaker | None:
        """Return the only one of some speakers, or the one who is named far more often, or None."""
        ranked = sorted(speakers, key=lambda one: -self.named[one])
        if len(ranked) > 1 and self.named[ranked[0]] < _FAR_MORE * self.named[ranked[1]]:
            return None
        return ranked[0] if ranked else None

    def at_home(self, speakers: Collection[Speaker]) -> Collection[Speaker]:
        """Return those of some speakers whom a title without a country introduces, if any are.

        Beside Russian President Bob Berg, President Ann Lee is "the president".
        """
        return [
            speaker
            for speaker in speakers
            if any(
                one.description.country is None and one.description.head
                for one in self.by_speaker.get(speaker, ())
            )
        ] or speakers

    def find(self, words: str, at: Span) -> Resolution:
        """Return who has been introduced by *words*; nobody where that is open.

        Of several the one is meant who has been described with most of the words, or is named far
        more often.
        """
        wanted = describe(words)
        if wanted is None or _INDEFINITE.match(words):
            return Resolution()
        if not (_DEFINITE.match(words) or (wanted.is_title and words[0].isupper())):
            return Resolution()
        found = self.fitting(wanted)
        best = max((self._shared(one, wanted) for one in found), default=0)
        likeliest = [one for one in found if self._shared(one, wanted) == best]
        speaker = self.protagonist(likeliest if wanted.country else self.at_home(likeliest))
        if speaker is None:
            return Resolution()
        others = [one for one in found if one != speaker]
        who = found[speaker].who
        chain = (Step(at, "title"), *who.chain)
        return replace(who, method="title", chain=chain, runner_up=others[0] if others else None)

    def fitting(self, wanted: Description) -> Mapping[Speaker, Introduction]:
        """Return who has been introduced as what is wanted, each with the first introduction.

        Nobody where they are a crowd.
        """
        found: dict[Speaker, Introduction] = {}
        for head in wanted.heads:
            for speaker, one in self.by_head.get(head, ()):
                agrees = wanted.pronoun is None or speaker.pronoun in (None, wanted.pronoun)
                placed = not wanted.of or wanted.of & self._known(speaker)
                if one.description.fits(wanted) and agrees and placed:
                    found.setdefault(speaker, one)
                if len(found) > _CROWD:
                    return {}
        return found

    def _shared(self, speaker: Speaker, wanted: Description) -> int:
        return len(self._known(speaker) & wanted.words)

    def _known(self, speaker: Speaker) -> frozenset[str]:
        """Return all words that describe somebody."""
        return frozenset().union(*(one.description.words for one in self.by_speaker[speaker]))


def introductions(text: str, cast: Cast) -> Introductions:
    """Return how an article describes the persons that it names."""
    found: dict[Speaker, list[Introduction]] = defaultdict(list)
    named: Counter[Speaker] = Counter()
    other = None
    for name in cast.names:
        who = cast.identify(name)
        if who.speaker and who.speaker.kind == "person":
            named[who.speaker] += 1
            told = descriptions(text, name, other)
            found[who.speaker] += [Introduction(one, who) for one in told]
            other = name
    by_head: dict[str, list[tuple[Speaker, Introduction]]] = defaultdict(list)
    for speaker, many in found.items():
        for one in many:
            by_head[one.description.head].append((speaker, one))
    return Introductions(found, by_head, named)
