"""What an article says of the persons it names: "Ann Lee, a senator from Ohio", "Judge Lee".

A later "the Ohio senator" or "the judge" is whom such words stand with.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from quotes.data import load
from quotes.gazetteer import country_of
from quotes.models import Span
from quotes.resolve.names import Name

_KINDS = {row["title"]: row["kind"] for row in load("titles")}
_PRONOUNS = {row["title"]: row["pronoun"] for row in load("titles") if row["pronoun"]}
_LIKE = {row["title"]: frozenset(filter(None, row["like"].split("|"))) for row in load("titles")}
_CALLED = {
    like: frozenset(title for title, others in _LIKE.items() if like in others)
    for likes in _LIKE.values()
    for like in likes
}
_STATUS = {
    row["word"]: row["role"]
    for row in load("office_words")
    if row["role"] not in ("plain", "epithet", "held")
}
_EPITHETS = frozenset(row["word"] for row in load("office_words") if row["role"] == "epithet")
_STATES = {
    abbreviation: row["name"]
    for row in load("states")
    for abbreviation in row["abbreviations"].split("|")
}
_HELD = frozenset(row["word"] for row in load("office_words") if row["role"] == "held")
_PLACES = frozenset(row["name"] for row in load("places"))
_CASED = re.compile(r"[\w’'-]+")
_SYNONYMS = {row["word"]: row["means"] for row in load("synonyms")}
_PEOPLE = frozenset({"person", "honorific", "noun", "kin"})
_AGE = re.compile(r"\d{1,3}-year-old")

_WORD = re.compile(r"\w[\w.’'-]*\w|\w")
# Where the head of a noun phrase must have come.
_BOUNDARY = re.compile(
    r"[,;:()—–]| - |\.(?=\s|$)|\s(?:of|for|at|to|from|in|by|with|on|who|whose|whom|which|that|and|or|"
    r"&|as|during|after|before|when|while|is|was|has|had|said|says)(?=\s)"
)
_DETERMINER = re.compile(r"(?:the|an?|one of the|his|her|their|its)\s+", re.IGNORECASE)
_OF = re.compile(r"\sof\s+(?:the\s)?([^,;(]+)")
_OWNER = re.compile(r"(?:his|her|their)\s", re.IGNORECASE)
_OWNERS = re.compile(r"\w['’]s?\s")
_BEHIND = re.compile(r"\s*(?:,\s+(?=[\w“\"])|\((?=[RDI]-)|(?:is|was|became)\s+(?=(?:the|an?)\s))")
_PARTY = re.compile(r"([RDI])-([A-Z][\w.]*\w?)")
_END = re.compile(r"[,;:()—–\n]|\.\s|[.!?]$|\s(?:who|said|says|told|is|was|has)\s")
_PARTIES = {"R": "republican", "D": "democrat", "I": "independent"}
_AGED = re.compile(r", (\d{1,3})\b")
_FROM = re.compile(r"\s(?:of|from)\s((?:[A-Z]\w+\s?){1,3})")
# "secretary of state" is one title; "chief of staff to President" is another's.
_ONLY_OF = re.compile(
    r"(?:(?!\s(?:for|at|to|from|in|by|with|on|who|and|as|has|had|is|was|said|says|that)\s).)*"
)
_ADVERBIAL = re.compile(
    r"\W*(?:through|in|at|on|for|with|by|from|to|after|before|during|as|like|unlike|under|via|of|per|"
    r"according)\b",
    re.IGNORECASE,
)
_INDEFINITE = re.compile(r"\ban?\s(?:[\w’'-]+\s){0,4}[\w’'-]+$", re.IGNORECASE)
_PREPOSED = re.compile(r"\b(?:for|at|to|from|in|by|with|on|as|of)$", re.IGNORECASE)
_CLAUSE = re.compile(r"[,;:()—–.\n]\s|[“”\"]")
_REACH = 120  # characters


@dataclass(frozen=True, slots=True)
class Description:
    """What some words call somebody.

    ``head`` is the noun, ``words`` are all of them, in lower case; ``status`` the kinds of words
    that set it apart from the plain one: former, deputy, acting. It is ``owned`` where it
    tells whose, as "her brother"; ``of`` are the words of what follows, as "of the museum";
    ``country`` is the code of one that is named.
    """

    head: str
    words: frozenset[str]
    status: frozenset[str]
    owned: bool = False
    of: frozenset[str] = frozenset()
    country: str | None = None

    @property
    def is_title(self) -> bool:
        """Whether the noun can stand before a name; a headline needs no article before it."""
        return _KINDS.get(self.head) == "person"

    @property
    def is_epithet(self) -> bool:
        """Whether the press calls somebody so whom it has named right before: the senator."""
        return self.head in _EPITHETS and not (self.status or self.owned or self.of)

    @property
    def is_held(self) -> bool:
        """Whether it is an office."""
        return self.head in _HELD

    def excludes(self, other: Description) -> bool:
        """Whether nobody is both: a governor and a senator, but not a senator and a candidate."""
        held = {self.head, *_LIKE.get(self.head, ())} & _HELD
        return bool(held) and other.head in _HELD and other.head not in held

    @property
    def pronoun(self) -> str | None:
        """``he`` or ``she`` where the noun tells."""
        return _PRONOUNS.get(self.head)

    @property
    def heads(self) -> frozenset[str]:
        """The nouns of all who may be called so: lawmakers are senators, too."""
        return frozenset({self.head}) | _CALLED.get(self.head, frozenset())

    def fits(self, other: Description) -> bool:
        """Whether somebody described so may be called *other*: a senator is a lawmaker."""
        same = self.head == other.head or other.head in _LIKE.get(self.head, ())
        return same and self.status == other.status and (self.owned or not other.owned)


def describe(words: str) -> Description | None:
    """Return what a noun phrase says of a person, None if its head is no word for people.

    >>> describe("the former Ohio senator").head, describe("the bridge")
    ('senator', None)
    """
    phrase = words[_determined(words) :]
    boundary = _BOUNDARY.search(phrase)
    core = (phrase[: boundary.start()] if boundary else phrase).lower()
    parts = _words(core)
    if _AGE.fullmatch(core):
        parts = [core]
    elif not parts or not _is_people(parts[-1]) or _is_name(phrase, core):
        return None
    head = parts[-1]
    status = frozenset(_STATUS[part] for part in parts if part in _STATUS)
    owned = bool(_OWNER.match(words) or (_KINDS.get(head) == "kin" and _OWNERS.search(words)))
    follows = _OF.search(phrase)
    of = frozenset(_words(follows[1])) if follows and head not in phrase[follows.start() :] else ()
    countries = filter(None, (country_of(word) for word in re.findall(r"[\w.]+", phrase)))
    return Description(
        head, frozenset(_words(phrase)), status, owned, frozenset(of), next(countries, None)
    )


def _is_people(word: str) -> bool:
    """Whether a word is for people; "Mr." says nothing, "Sen." does."""
    kind = _KINDS.get(word)
    return kind in _PEOPLE and (kind != "honorific" or bool(_LIKE[word]))


def _is_name(phrase: str, core: str) -> bool:
    """Whether a noun is the end of a name: the Union Leader, but not the French President."""
    *before, head = ["", *_CASED.findall(phrase[: len(core)])]
    last = before[-1] if before else ""
    known = not last or country_of(last) or last in _PLACES or last.lower() in _SYNONYMS
    return head[:1].isupper() and last[:1].isupper() and not known and not _is_people(last.lower())


def _determined(words: str) -> int:
    determiner = _DETERMINER.match(words)
    return determiner.end() if determiner else 0


def _words(phrase: str) -> list[str]:
    found = []
    for match in _WORD.finditer(phrase):
        word = re.sub(r"['’]s?$", "", match.group().lower())
        parts = word.split("-") if word not in _KINDS else [word]
        if parts[-1] in _STATUS:  # president-elect
            parts.reverse()
        found += [_SYNONYMS.get(part, part) for part in parts]
    return found


def descriptions(text: str, name: Name, other: Name | None = None) -> Iterator[Description]:
    """Yield what stands with a name: titles before it, appositions before and behind it.

    *other* is a person named before it, whose titles are not its own: "Mr. Berg met Mayor Lee".
    """
    yield from _before(text, name, other)
    yield from _behind(text, name)


def _before(text: str, name: Name, other: Name | None) -> Iterator[Description]:
    start = max(0, name.start - _REACH)
    if other and not other.possessive and start < other.span.end <= name.start:
        between = _CASED.findall(text, other.span.end, name.start)
        if any(word.islower() and word not in _KINDS for word in between):  # not "Berg aide Lee"
            start = other.span.end
    before = text[start : name.start]
    *_, apposed, clause = ["", *_CLAUSE.split(before)]
    titled = " ".join((clause.strip(), *(title for title in name.titles if title != ".")))
    if _INDEFINITE.search(_last_part(titled)):
        return  # "a Republican Obama" is not Obama
    alone = _ONLY_OF.fullmatch(titled) and not _PREPOSED.search(titled)
    found = describe(titled) if alone else None
    if found := found or describe(_last_part(titled)):
        yield found
    if clause.strip() or not before.rstrip().endswith(",") or _ADVERBIAL.match(apposed):
        return
    if found := describe(apposed.strip()) or describe(_last_part(apposed)):
        yield found


def _behind(text: str, name: Name) -> Iterator[Description]:
    end = name.span.end
    if age := _AGED.match(text, end):
        yield Description(f"{age[1]}-year-old", frozenset(), frozenset())
    if place := _FROM.match(text, end):
        yield Description("", frozenset(_words(place[1])), frozenset())
    behind = _BEHIND.match(text, end)
    rest = text[behind.end() : behind.end() + _REACH] if behind else ""
    if party := _PARTY.match(rest):
        state = _STATES.get(party[2].rstrip("."), party[2])
        words = frozenset({_PARTIES[party[1]], *_words(state)})
        yield Description(_PARTIES[party[1]], words, frozenset())
    if found := describe(_END.split(rest, maxsplit=1)[0]):
        yield found


def _last_part(phrase: str) -> str:
    """Return what follows the last preposition or verb: "came with her brother" tells of one."""
    return _BOUNDARY.split(phrase)[-1].strip()


_PERSON = re.compile(
    rf"\b(?:[Tt]he|[Aa]n?|[Oo]ne|[Aa]nother|[Hh]is|[Hh]er|[Tt]heir)\s+(?:[\w’'-]+\s+){{0,3}}?"
    rf"(?i:{'|'.join(noun for noun, kind in _KINDS.items() if kind in ('person', 'noun', 'kin'))})"
    r"(?P<owner>['’]s)?(?![\w-]|\s+[A-Z])"
)


def persons_without_names(text: str, start: int, end: int) -> Iterator[tuple[Span, bool]]:
    """Yield the words for persons who are not named there, and whether something is theirs.

    >>> text = "A farmer met the mayor's wife."
    >>> [(span.of(text), owner) for span, owner in persons_without_names(text, 0, len(text))]
    [('A farmer', False), ('the mayor', True)]
    """
    for match in _PERSON.finditer(text, start, end):
        owner = match["owner"]
        yield Span(match.start(), match.end() - len(owner or "")), bool(owner)
