"""Say whom a noun stands for: "the French president", "the Ohio senator", "the ministry"."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import replace

from quotes.models import Article, Office, Resolution, Segments, Span, Speaker, Step
from quotes.resolve.cast import Cast, surname
from quotes.resolve.coref import Discourse
from quotes.resolve.descriptions import Description, describe
from quotes.resolve.introductions import introductions
from quotes.resolve.offices import Incumbents
from quotes.resolve.organizations import Organizations, organization
from quotes.resolve.sources import Source, read_source

_NOBODY = Resolution()
_YEAR = re.compile(r"\b[Ii]n ((?:19|20)\d\d)\b")
_NEAR, _FAR = 60, 2000  # characters


class Nouns:
    """The steps for sources that are no names, most certain first, over one article."""

    def __init__(
        self, article: Article, segments: Segments, cast: Cast, incumbents: Incumbents
    ) -> None:
        """Begin with who is named in an article, and how it introduces them."""
        self._text = article.text
        self._published = article.published
        self._segments = segments
        self._cast = cast
        self._incumbents = incumbents
        self._introductions = introductions(article.text, cast)
        self._organizations = Organizations()
        for name in cast.names:
            if name.kind == "organization" and not name.headline:
                self._organizations.note(cast.identify(name))

    def note(self, who: Resolution) -> None:
        """Note an organization that has spoken: it may be called by a part of its name now."""
        self._organizations.note(who)

    def pronoun(self, speaker: Speaker) -> str | None:
        """Return ``he`` or ``she`` where the article's words for somebody tell, else None."""
        return self._introductions.pronoun(speaker)

    def person(self, words: Span) -> Resolution:
        """Return whom words like "the president" stand for, without what stands around them."""
        source = read_source(self._text, self._cast, words)
        return self._person(source) if source.kind == "noun" else _NOBODY

    def resolve(self, source: Source, discourse: Discourse) -> Resolution:
        """Return whom a source that is a noun stands for; nobody where that is open."""
        for found in (
            self._one_word(source.span),
            self._person(source),
            organization(self._text, source),
            self._organizations.called(source.span.of(self._text)),
        ):
            if found.speaker:
                return found
        return self._epithet(source, discourse)

    def _one_word(self, words: Span) -> Resolution:
        """Return who in the article has a name that is another word, too: "May"."""
        bearers = self._cast.bearers_of(words.of(self._text))
        if len(bearers) != 1:
            return _NOBODY
        return Resolution(bearers[0].speaker, "surname", surname(words, bearers[0]))

    def _person(self, source: Source) -> Resolution:
        """Return the one who holds the office that a source names, or was introduced so."""
        whole = source.whole.of(self._text)
        if not self._is_of_another_year(source.span):
            for words in (whole, *whole.split(" and ")):
                if office := self._incumbents.office(words) or self._held_by_one_named(words):
                    return self._incumbents.holding(source.span, office)
        return self._introductions.find(whole, source.span)

    def _is_of_another_year(self, words: Span) -> bool:
        """Whether the sentence tells of another year: who held an office then is not known here."""
        sentences = self._segments.sentences
        at = bisect_right(sentences, words.start, key=lambda sentence: sentence.start) - 1
        if at < 0 or self._published is None:
            return False
        start = max(sentences[at].start, words.start - _NEAR)
        end = max(start, min(sentences[at].end, words.end + _NEAR))
        years = map(int, _YEAR.findall(self._text, start, end))
        return any(year < self._published.year for year in years)

    def _held_by_one_named(self, words: str) -> Office | None:
        """Return the office that only one of those named in the article holds: "the president"."""
        known = self._introductions
        held = {
            self._incumbents.holder(office): office
            for office in self._incumbents.offices(words)
            if self._incumbents.holder(office) in known.named
        }
        meant = known.protagonist(known.at_home(held))
        return held[meant] if meant else None

    def _epithet(self, source: Source, discourse: Discourse) -> Resolution:
        """Return whom "the senator" calls so who has been named right before."""
        words = source.whole.of(self._text)
        wanted = describe(words) if words.lower().startswith("the ") else None
        if wanted is None or not wanted.is_epithet:
            return _NOBODY
        found = discourse.salient(source.span, wanted.pronoun)
        fitting = self._introductions.fitting(wanted)
        if found.speaker is None or (fitting and found.speaker not in fitting):
            return _NOBODY
        if not fitting and (self._was_called(wanted, source) or self._is_none(found, wanted)):
            return _NOBODY
        return replace(found, method="noun", chain=(Step(source.span, "noun"), *found.chain))

    def _was_called(self, wanted: Description, source: Source) -> bool:
        """Whether somebody, who may be another one, has been called so already."""
        start = source.span.start
        before = self._text[max(0, start - _FAR) : start]
        return re.search(rf"\b{re.escape(wanted.head)}\b", before, re.IGNORECASE) is not None

    def _is_none(self, found: Resolution, wanted: Description) -> bool:
        """Whether somebody is known not to be what is wanted: who holds an office is introduced."""
        if found.speaker is None or (found.speaker.listed and wanted.is_held):
            return True
        return self._introductions.excludes(found.speaker, wanted)
