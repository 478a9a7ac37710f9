"""Stage 6: say who the source of each attribution is, and how that was found.

A sequence of steps, most certain first: a full name, a name of the registry, the surname of a person
named in the article, an office on the article's date, words by which the article introduced somebody,
a pronoun, a source carried over. Each step takes a candidate only if it is the only one.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from quotes.data import load
from quotes.models import (
    LONGEST_NAME,
    Article,
    Attribution,
    Resolution,
    Segments,
    Span,
    Speaker,
    Step,
)
from quotes.registry import Registry, registry
from quotes.resolve.cast import read_cast
from quotes.resolve.coref import Discourse
from quotes.resolve.descriptions import describe
from quotes.resolve.names import Name
from quotes.resolve.nouns import Nouns
from quotes.resolve.offices import Incumbents
from quotes.resolve.organizations import organization
from quotes.resolve.sources import Source, read_source

_NOBODY = Resolution()
_NOTHING = " \n\t\r.,”\"'’»“«\u00a0"
_PASSIVE = re.compile(r"(?:am|is|are|was|were|be|been|being|gets?|got)\b", re.IGNORECASE)
_ADDING = re.compile(r"(?:\w+ly\s+|also\s+)?\w+ing\b", re.IGNORECASE)
_JOINED = re.compile(r"(?:,|\b(?:and|but|or|then|also))\s*(?:\w+ly\s+|also\s+|then\s+)?$")
_LED = re.compile(r"\b(?:of|for)\s$|[A-Z][\w’'-]+,? (?:and|or)\s$")
_NOUN_TO = re.compile(r"([\w-]+)\s(?:to|with|at)\s$")
_APPOSED = re.compile(
    r"(?:\s(?:of|from)(?:\s[A-Z]\w+){1,3})?(?:[\s.,”\"'’»—–(-]*|(?:,|\s[—–(]|\s(?:is|was)\s(?=an?\b))"
    r"(?:(?!\b(?:is|was|were|are|has|had|and|but|said|says)\b)[^.;:!?\n]|\.(?=,|\w)){0,120})"
)
_ANSWERED = re.compile(r"(?:replied|answered|responded|retorted|shot back)", re.IGNORECASE)
# One of a name, but which: "the younger Berg".
_OF_KIN = re.compile(r"\b(?:younger|elder|older|other|another)\s+$", re.IGNORECASE)
_SURNAMES = frozenset(row["words"] for row in load("not_countries") if row["kind"] == "surname")
_APPOSITION = 150  # characters, at most, between a name and what is said of it


def resolve(
    article: Article,
    segments: Segments,
    attributions: Sequence[Attribution],
    addressees: Sequence[Span | None] = (),
    listed: Registry | None = None,
) -> tuple[Resolution, ...]:
    """Return who speaks in each attribution, and to whom.

    *addressees* are the words for those spoken to, one an attribution, or none at all; *listed* are
    the speakers known by name, ours if it is None.

    >>> from quotes.segment import segment
    >>> text = "Ann Lee said it rained. Lee sighed. It snowed, she said."
    >>> said = [Attribution((Span(13, 22),), Span(8, 12), Span(0, 7), "indirect"),
    ...         Attribution((Span(36, 45),), Span(51, 55), Span(47, 50), "indirect")]
    >>> found = resolve(Article(text, "a.txt"), segment(text), said)
    >>> [(who.speaker.name, who.method) for who in found]
    [('Ann Lee', 'name'), ('Ann Lee', 'pronoun')]
    """
    resolver = _Resolver(article, segments, attributions, listed or registry())
    spoken_to = addressees or (None,) * len(attributions)
    pairs = zip(attributions, spoken_to, strict=True)
    return tuple(resolver.next(attribution, addressee) for attribution, addressee in pairs)


class _Resolver:
    """The steps, over one article whose attributions come in order of the text."""

    def __init__(
        self,
        article: Article,
        segments: Segments,
        attributions: Sequence[Attribution],
        listed: Registry,
    ) -> None:
        self._text = article.text
        self._segments = segments
        self._registry = listed
        self._incumbents = Incumbents(listed, article.published)
        titled = partial(self._incumbents.titled, article.text)
        self._cast = read_cast(article.text, segments, listed, titled)
        self._nouns = Nouns(article, segments, self._cast, self._incumbents)
        outer = [one for one in attributions if one.outer is None]
        contents = sorted(span for one in outer for span in one.content)
        hints = (self._nouns.person, self._nouns.pronoun)
        self._discourse = Discourse(article.text, segments, self._cast, contents, *hints)
        self._by_source: dict[Span, Resolution] = {}
        self._heard: dict[str, Resolution] = {}  # by surname, who spoke by virtue of an office
        self._before: Attribution | None = None
        self._last = _NOBODY
        self._told: Speaker | None = None  # by the last

    def next(self, attribution: Attribution, addressee: Span | None) -> Resolution:
        """Return the speaker of the next attribution of the article."""
        source = attribution.source
        if source is None:
            who = self._carried(attribution)
        elif source in self._by_source:
            who = self._by_source[source]
        else:
            not_meant = self._not_meant(attribution, addressee)
            who = self._by_source[source] = self._who(source, not_meant)
        if attribution.carried:
            who = _carry(who, attribution)
        told = self._identify(addressee, who.speaker)[0].speaker if addressee else None
        if attribution.outer is None:
            self._before, self._last, self._told = attribution, who, told
        return replace(who, addressee=told) if addressee else who

    def _not_meant(self, attribution: Attribution, addressee: Span | None) -> Speaker | None:
        """Return whom "he" does not mean: the one addressed, or the one who is answered."""
        if addressee:
            return self._identify(addressee, None)[0].speaker
        cue = attribution.cue
        answers = cue is not None and _ANSWERED.fullmatch(cue.of(self._text))
        return self._last.speaker if answers and self._told else None

    def _who(self, source: Span, not_meant: Speaker | None) -> Resolution:
        who, pronoun = self._identify(source, not_meant)
        self._discourse.note(source, who, pronoun)
        self._nouns.note(who)
        if who.office:
            self._heard |= dict.fromkeys(who.office.holder.split(), who)
        return who

    def _identify(self, words: Span, excluded: Speaker | None) -> tuple[Resolution, str | None]:
        """Return whom words mean, and the pronoun if they are one."""
        who, pronoun = self._meant(words, excluded)
        if who.speaker and len(who.speaker.name) > LONGEST_NAME:
            return _NOBODY, pronoun
        return who, pronoun

    def _meant(self, words: Span, excluded: Speaker | None) -> tuple[Resolution, str | None]:
        listed = self._registry.named(words.of(self._text))
        if listed and not self._cast.bearers_of(words.of(self._text)):
            return Resolution(listed, "alias", (Step(words, "alias"),)), None
        source = read_source(self._text, self._cast, words)
        match source.kind, source.means:
            case "pronoun", ("he" | "she") as pronoun:
                return self._discourse.antecedent(words, pronoun, excluded), pronoun
            case "pronoun", "who":
                return self._relative(words, "person"), None
            case "pronoun", "which":
                return self._relative(words, "organization"), None
            case "pronoun", "it":
                return self._thing(words), None
            case "name", _:
                return self._named(source), None
            case "noun", _:
                return self._nouns.resolve(source, self._discourse), None
        return _NOBODY, None

    def _named(self, source: Source) -> Resolution:
        name = source.name
        assert name  # noqa: S101  (what its kind says)
        if name.single and _OF_KIN.search(self._text, source.span.start, name.start):
            return _NOBODY
        who = self._cast.identify(name)
        if who.speaker is None and (office := self._incumbents.office(source.whole.of(self._text))):
            return self._incumbents.holding(source.span, office)
        if office := self._incumbents.before(self._text, name):
            if name.single and name.full in office.holder.split():
                return self._incumbents.holding(source.span, office)
            if who.method == "alias" and who.speaker != self._incumbents.holder(office):
                return _NOBODY
        return who if who.speaker else self._unknown(name, source)

    def _unknown(self, name: Name, source: Source) -> Resolution:
        """Return whom a name that nobody in the article bears in full may name nevertheless."""
        if before := self._heard.get(name.full):
            steps = (Step(name.span, "surname"), *before.chain)
            return replace(before, method="surname", chain=steps)
        if name.full in _SURNAMES and name.full in self._cast.surnames:
            return _NOBODY  # Washington, where there is an Abigael Washington
        return organization(self._text, source)

    def _thing(self, it: Span) -> Resolution:
        """Return the organization that spoke right before."""
        before, last = self._before, self._last
        if before is None or last.speaker is None or last.speaker.kind != "organization":
            return _NOBODY
        sentences = self._segments.sentences
        if _number(sentences, it.start) - _number(sentences, before.extent.end - 1) > 1:
            return _NOBODY
        return replace(last, method="pronoun", chain=(Step(it, "pronoun"), *last.chain))

    def _relative(self, who: Span, kind: str) -> Resolution:
        """Return whom "who" follows: a name right before it, or before an apposition."""
        for name in reversed(self._cast.between(max(0, who.start - _APPOSITION), who.start)):
            found = self._cast.identify(name)
            is_meant = found.speaker and found.speaker.kind == kind
            led = self._is_anothers(name)
            apposed = _APPOSED.fullmatch(self._text, name.span.end, who.start)
            if is_meant and apposed and not led:
                return replace(
                    found, method="relative", chain=(Step(who, "relative"), *found.chain)
                )
        return _NOBODY

    def _is_anothers(self, name: Name) -> bool:
        """Whether a name only tells whose somebody is: "an adviser to Ann Lee who left"."""
        start = max(0, name.start - 30)
        if _LED.search(self._text, start, name.start):
            return True
        noun = _NOUN_TO.search(self._text, start, name.start)
        return noun is not None and describe(noun[1]) is not None

    def _carried(self, attribution: Attribution) -> Resolution:
        """Return the speaker before, if a statement without source goes on from his, near enough.

        That is in the same unit where it has a cue ("said ..., adding ..."), else right behind it,
        in the same paragraph or where nothing stands between.
        """
        before = self._before
        if before is None or self._last.speaker is None:
            return _NOBODY
        start, end = attribution.content[0].start, before.extent.end
        units = self._segments.units
        gap = _number(units, start) - _number(units, end - 1)
        between = self._text[end:start]
        if attribution.cue:
            goes_on = gap == 0 and self._adds(attribution.cue)
        else:
            goes_on = (gap <= 1 and "\n" not in between) or not between.strip(_NOTHING)
        return _carry(self._last, attribution) if goes_on else _NOBODY

    def _adds(self, cue: Span) -> bool:
        """Whether a cue without source has the speaker before for its subject: ", adding"."""
        words = cue.of(self._text)
        if _PASSIVE.match(words):
            return False
        lead = self._text[max(0, cue.start - 20) : cue.start]
        return _ADDING.match(words) is not None or _JOINED.search(lead) is not None


def _carry(who: Resolution, attribution: Attribution) -> Resolution:
    """Return a speaker as the one who goes on to another statement, if there is one."""
    if who.speaker is None:
        return who
    here = attribution.cue or attribution.content[0]
    return replace(who, method="carried", chain=(Step(here, "carried"), *who.chain))


def _number(parts: Sequence[Span], offset: int) -> int:
    """Return the number of the part that an offset lies in, from 0."""
    return bisect_right(parts, offset, key=lambda part: part.start) - 1
