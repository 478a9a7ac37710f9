"""Names of persons and organizations in running text.

A name is a run of capitalised words; the titles before it are set apart. Whether it is a person's
must show: by a title, by what stands behind it, or by a usual given name.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from quotes.data import load
from quotes.models import Segments, Span, Token

_TITLES = {row["title"]: row["kind"] for row in load("titles")}
_PRONOUNS = {row["title"]: row["pronoun"] for row in load("titles") if row["pronoun"]}
_GIVEN = {row["name"]: row["pronoun"] for row in load("given_names")}
_FAMILIES = frozenset(row["name"] for row in load("family_names"))
_HOLDERS = frozenset({"person", "honorific", "part", "kin"})
_BODIES = frozenset({"organization", "group"})
_STARTERS = frozenset(row["word"] for row in load("sentence_starters"))
_NOT_NAMES = frozenset(row["word"] for row in load("not_names")) | {
    row["form"] for row in load("cues") if row["form"].endswith(("s", "ed", "said"))
}
_AL = re.compile(r"(?:al|el|ar|as|ad)-[A-Z]")
_MONTHS = frozenset({"april", "august", "june", "march", "may"})  # surnames and given names, too
_PARTICLES = frozenset(row["word"] for row in load("name_particles"))
_GENERATIONS = frozenset({"Jr", "Jr.", "Sr", "Sr.", "II", "III", "IV"})
_SONS = frozenset({"Jr", "Sr"})
_WITH_STOP = frozenset({"Jr", "Sr", "Co", "Corp", "Inc", "Ltd"})
_PLACES = frozenset(row["name"] for row in load("places"))
_BETWEEN = re.compile(r"\.?[ \u00a0]+")
_GENERATION = re.compile(r", (?:Jr|Sr)\b\.?")
_AGE = re.compile(r".+-year-old", re.IGNORECASE)
_NICKNAME = re.compile(r" [“\"'‘][\w ]{2,20}[”\"'’] ")
# "Then-Mayor", "President-elect": the office is still the title.
_STATUS = re.compile(r"(?:then|ex|former)-(?=\w)|(?<=\w)-(?:elect|designate)$")
_OPENING = re.compile(r"(?:\A|[.!?\n])[\s“\"‘']*$")
_PERSONS = "|".join(title for title, kind in _TITLES.items() if kind in ("person", "noun", "kin"))
_APPOSED = re.compile(rf"\b(?:{_PERSONS}), $", re.IGNORECASE)
_EPITHETS = {row["word"] for row in load("office_words") if row["role"] == "epithet"}
_CALLINGS = "|".join(t for t, kind in _TITLES.items() if kind == "noun" and t not in _EPITHETS)
_ORDINARY = re.compile(rf", an? (?:[\w’-]+ ){{0,3}}(?:{_CALLINGS})\b", re.IGNORECASE)
_KIN_NOUNS = "|".join(title for title, kind in _TITLES.items() if kind == "kin")
_KIN = re.compile(rf"\b(?:{_KIN_NOUNS}),? $", re.IGNORECASE)
# What shows that a person's name stands before it: "(D-", ", 52,", ", who", ", a retired teacher".
_APPOSITION = re.compile(
    rf" \([RDI]-| who\b|, (?:\d\d,|who(?:se)?\b|(?:(?:an?|the) )?(?:[\w’'-]+ ){{0,4}}(?:{_PERSONS})\b)",
    re.IGNORECASE,
)
_HEADLINE = 200  # characters
_LONGEST = 12  # words of a name with its titles: more are none
_POSSESSIVE = re.compile(r"['’]s?$")


@dataclass(frozen=True, slots=True)
class Name:
    """A name as printed, without titles and possessive ending, and its outer words.

    ``titles`` are those right before it, in lower case, and ``start`` is where they begin. ``kind`` is ``person``,
    ``organization`` or ``thing`` where its own words or neighbours show it, else None; ``pronoun`` is ``he`` or ``she`` where its
    titles tell. In a ``headline`` all words are capitalised, and a name may end anywhere. The first word of a
    name that ``opens`` a sentence may be any. Who is ``kin`` is told to be somebody's wife or son,
    who is ``ordinary`` to be a plumber or a cook.
    """

    span: Span
    start: int
    full: str
    first: str
    last: str
    titles: tuple[str, ...]
    kind: str | None
    pronoun: str | None
    possessive: bool
    headline: bool
    opens: bool
    kin: bool
    ordinary: bool

    @property
    def single(self) -> bool:
        """Whether it is one word."""
        return " " not in self.full

    @property
    def is_titled(self) -> bool:
        """Whether a title stands before it, not only what somebody does: "Farmer Bob Berg"."""
        return any(map(_is_title, self.titles))

    @property
    def generation(self) -> str:
        """What tells a son from his father: ``Jr``, ``III``; empty if nothing does."""
        last = self.full.replace(",", "").split()[-1]
        return last.rstrip(".") if last in _GENERATIONS else ""

    @property
    def has_given_name(self) -> bool:
        """Whether its first word is a usual given name."""
        return not self.single and self.first.lower() in _GIVEN

    @property
    def given(self) -> str | None:
        """Whom its first word, if it is a usual given name of one sex only, is given to."""
        return (self.has_given_name and _GIVEN[self.first.lower()]) or None


def find_names(text: str, segments: Segments) -> tuple[Name, ...]:
    """Return the names of *text*, in its order.

    >>> from quotes.segment import segment
    >>> text = "US President Ann Lee met Mr. Berg in Rome."
    >>> [(name.full, name.titles[-1:], name.kind) for name in find_names(text, segment(text))]
    [('Ann Lee', ('president',), 'person'), ('Berg', ('mr',), 'person'), ('Rome', (), None)]
    """
    return tuple(_runs(text, segments))


def persons(names: Sequence[Name]) -> tuple[Name, ...]:
    """Return the mentions of full names, of two words or more, that are shown to be a person's.

    A name counts where a title, an apposition, an initial or a given name shows it at least once,
    or where its first or last word stands alone elsewhere, and where it is no place and no mention shows an
    organization.
    """
    ruled_out = {name.full for name in names if name.kind in ("organization", "thing")} | _PLACES
    shown = {name.full for name in names if name.kind == "person" and not name.headline}
    alone = {name.full.lower() for name in names if name.single and name.full not in _PLACES}
    alone |= {name.last.lower() for name in names if name.first.lower() in _PARTICLES}  # Van Berg
    return tuple(
        name
        for name in names
        if not name.single
        and name.full not in ruled_out
        and (not name.headline or _is_whole(name, alone))
        and (name.full in shown or _has_surname(name, alone) or _is_family(name.first, alone))
    )


def _is_whole(name: Name, alone: Collection[str]) -> bool:
    """Whether a headline's words are a name, and no more: "Ann Lee: It Rains"."""
    whole = len(name.full.split()) == 2 and name.has_given_name
    return whole and name.last.lower() in alone


def _has_surname(name: Name, alone: Collection[str]) -> bool:
    """Whether the last word stands alone elsewhere; abbreviations are no names: "Junge SVP"."""
    abbreviated = any(len(w) > 2 and w.isupper() and w.isalpha() for w in name.full.split())
    return name.last.lower() in alone and (not abbreviated or name.full.isupper())


def _is_family(word: str, alone: Collection[str]) -> bool:
    """Whether a first word that stands alone elsewhere is a family's: Zhao, but not Exxon."""
    return word.lower() in _FAMILIES and word.lower() in alone


def _runs(text: str, segments: Segments) -> Iterator[Name]:
    headlines = [line for line in segments.paragraphs if _is_headline(line.of(text))]
    run: list[Token] = []
    for token in segments.tokens:
        if run and (len(run) >= _LONGEST or not _joins(text, run[-1], token)):
            yield from _name(text, run, headlines)
            run = []
        if _may_belong(token, run):
            run.append(token)
        elif token.text != "." and run:
            yield from _name(text, run, headlines)
            run = []
    yield from _name(text, run, headlines)


def _is_headline(line: str) -> bool:
    """Whether capitals say nothing in a line: "Lee Sees Rain in Ohio"."""
    words = [word for word in line.split() if len(word) > 3 and word[0].isalpha()]
    if len(line) > _HEADLINE or len(words) < 4:
        return False
    is_sentence = line.rstrip("\"'”’").endswith((".", "!", "?", ":"))
    return sum(word[0].isupper() for word in words) > (0.95 if is_sentence else 0.7) * len(words)


def _joins(text: str, before: Token, token: Token) -> bool:
    """Whether nothing but a space, or the full stop of an abbreviation, parts two words."""
    if _POSSESSIVE.search(before.text) and before.text.lower() not in _PARTICLES:
        return False
    between = text[before.end : token.start]
    if token.text == ".":
        word = before.text
        return len(word) == 1 or word in _SONS or _TITLES.get(word.lower()) == "honorific"
    if before.text in _SONS:
        return False
    return bool(_BETWEEN.fullmatch(between) or _NICKNAME.fullmatch(between))


def _may_belong(token: Token, run: Sequence[Token]) -> bool:
    word = token.text.lower()
    if run and (token.text in _PARTICLES or _TITLES.get(word) == "person"):
        return True
    if not run and _TITLES.get(word) in _HOLDERS:
        return True
    if run and word in _MONTHS and run[-1].text.lower() in _GIVEN:
        return True
    capitalised = token.text[0].isupper() or token.text[0] == "@" or _AL.match(token.text)
    return bool(capitalised) and word not in _NOT_NAMES | _STARTERS and not _AGE.fullmatch(word)


def _name(text: str, run: Sequence[Token], headlines: Sequence[Span]) -> Iterator[Name]:
    """Part a run of words into titles and name; nothing where no name is left."""
    after = _after_titles(run)
    before = tuple(token.text.lower() for token in run[:after])
    words = list(run[after:])
    while words and words[-1].text in _PARTICLES:
        words.pop()
    while words and words[0].text in _PARTICLES:
        words.pop(0)
    if not words:
        return
    stop = words[-1].text in _WITH_STOP and text.startswith(".", words[-1].end)
    span = Span(words[0].start, words[-1].end + stop)
    full = _POSSESSIVE.sub("", " ".join(span.of(text).split()))
    outer = [
        _POSSESSIVE.sub("", word.text)
        for word in words
        if word.text != "." and word.text not in _GENERATIONS
    ]
    if not outer:
        return
    if generation := _GENERATION.match(text, span.end):
        full += generation.group()
    yield Name(
        span=span,
        start=run[0].start,
        full=full,
        first=outer[0],
        last=outer[-1],
        titles=before,
        kind=_kind(text, span, outer, titled=after > 0),
        pronoun=next((_PRONOUNS[word] for word in before if word in _PRONOUNS), None),
        possessive=bool(_POSSESSIVE.search(words[-1].text)),
        headline=_lies_in(span, headlines),
        ordinary=bool(_ORDINARY.match(text, span.end)),
        kin=bool(_KIN.search(text, max(0, span.start - 30), span.start)),
        opens=bool(_OPENING.search(text, max(0, span.start - 5), span.start)),
    )


def _lies_in(span: Span, parts: Sequence[Span]) -> bool:
    at = bisect_right(parts, span.start, key=lambda part: part.start) - 1
    return at >= 0 and parts[at].covers(span)


def _after_titles(run: Sequence[Token]) -> int:
    """Return how many words of a run are titles, or come before one; King may be a surname."""
    words = [token.text.lower() for token in run]
    titles = [
        at for at, word in enumerate(words) if _is_title(word) or _is_calling(words[at : at + 3])
    ]
    if len(run) > 1 and titles and titles[-1] == len(run) - 1:
        before = words[-3:-1] if words[-2] == "." else words[-2:-1]
        if before[0] in _GIVEN or _TITLES.get(before[0]) == "honorific":
            titles.pop()
    return titles[-1] + 1 if titles else 0


def _is_title(word: str) -> bool:
    return _TITLES.get(_STATUS.sub("", word)) in _HOLDERS


def _is_calling(words: Sequence[str]) -> bool:
    """Whether the first of three words tells what somebody is: "Farmer Bob Berg", not "Hunter Lee"."""
    if len(words) < 3 or _TITLES.get(words[0]) != "noun" or words[0] in _GIVEN:
        return False
    return words[1] in _GIVEN and _TITLES.get(words[2]) not in _BODIES


def _kind(text: str, span: Span, words: Sequence[str], *, titled: bool) -> str | None:
    if any(_TITLES.get(word.lower()) in _BODIES for word in words):
        return "organization"
    if len(words) > 1 and _TITLES.get(words[-1].lower()) == "thing":
        return "thing"
    if titled or any(len(word) == 1 for word in words[1:-1]):
        return "person"
    if len(words) == 1:
        return None
    if words[0].lower() in _GIVEN or _APPOSITION.match(text, span.end):
        return "person"
    return "person" if _APPOSED.search(text, max(0, span.start - 20), span.start) else None
