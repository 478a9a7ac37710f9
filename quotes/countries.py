"""Find which countries a statement speaks of.

By name, by adjective or people ("Chinese", "Britons"), by the first half of a compound ("Sino-US"),
and by a capital where it stands for a government: "Beijing said", not "in Beijing". A place, a
company or a person whose name holds a country's ("South China Sea") is no mention of it; nor is what
may as well be something else.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from quotes.data import load
from quotes.gazetteer import (
    AMBIGUOUS,
    Mention,
    any_of,
    begins_country,
    capital_of,
    country_of,
    find_mentions,
)
from quotes.models import Span

__all__ = ["capital_of", "countries", "country_of"]

_REACH = 60  # characters to either side that decide what a mention is
_NEAR, _FAR = 200, 2000  # characters to either side that tell what an ambiguous name means
_GROUP = 4  # to either side: "Moscow, Beijing and Tehran" is one subject of one verb


def _words(kind: str) -> list[str]:
    rows = (*load("not_countries"), *load("capital_words"))
    return [row["words"] for row in rows if row["kind"] == kind]


def _any(kind: str) -> str:
    return any_of(_words(kind))


_SURNAMES = frozenset(_words("surname"))
_FIRST_NAMES = frozenset(_words("first name"))
_LANGUAGES = frozenset(_words("language"))
_ABBREVIATIONS = frozenset(
    row["abbreviation"] for row in load("abbreviations") if row["before"] == "name"
)
_NO_FIRST_NAMES = frozenset(
    {*_words("no first name"), *(row["word"] for row in load("sentence_starters"))}
)
_NO_SURNAMES = frozenset({*_words("no surname"), *(row["title"] for row in load("titles"))})

_HYPHEN = "[-‐‑–]"
_TIES = _any("ties")
_BEFORE = re.compile(r"([^\W\d_][\w’'.-]*)\s+$")
_AFTER = re.compile(r"\s+([^\W\d_a-z][\w’-]*)")
_ORGANIZATION = re.compile(rf"\s{_any('organization')}\b")
_IN_STATE = re.compile(rf",\s{_any('state')}(?![^\W_])")
_PERSON = re.compile(r",\s\d\d,|\s\([RDI]\b|,?\s(?:Jr|Sr)\b|\s[A-Z]\.\s[A-Z]")
# "Cuban-American voters" are spoken of as neither, "Russian-American relations" as both.
_ETHNIC = re.compile(rf"(?:{_HYPHEN}|\s)Americans?\b(?!\s+{_TIES}\b)")
_FOR_US = re.compile(rf"\b{_any('before us')}\s+$", re.IGNORECASE)
_SPEAKING = re.compile(rf"\b{_any('speaking')}\s+$", re.IGNORECASE)
_SPOKEN = re.compile(rf"(?:{_HYPHEN}|\s){_any('spoken')}\b")
_STOPS = r"[^\w\s’'-]|\s*$|\s[-–—]\s"
_ENDS = re.compile(rf"{_STOPS}|\s+{_any('boundary')}\b")

# A capital: what stands before and after it.
_JOINT = re.compile(r",?\s+(?:and|or|&)\s+|,\s+|/")
_AGAINST = re.compile(rf"\b{_any('against')}{_HYPHEN}$", re.IGNORECASE)
_HALF = re.compile(rf"{_HYPHEN}(?:{_any('compound')}\b|[A-Z]\w*\s+{_TIES}\b)")
_OTHER_HALF = re.compile(rf"\s+{_TIES}\b")
_POSSESSIVE = re.compile(r"['’]s\b|(?<=s)['’](?!\w)")
_OWNED = re.compile(rf"\s+(?!(?:[\w-]+\s+){{0,3}}{_any('local')}\b)[a-z]")
_AT = re.compile(rf"\b{_any('place')}\s+(?:the\s+)?$", re.IGNORECASE)
_TOWARDS = re.compile(rf"\b(?:{_any('towards')}|{_TIES}\s+(?:with|between|to))\s+$", re.IGNORECASE)
_CLAUSE = re.compile(rf"(?:^|[^\w\s’'-]\s*|\n\s*|\b{_any('clause')}\s+)$", re.IGNORECASE)
_ACTS = re.compile(rf"\s+(?:{_any('adverb')}\s+|\w+ly\s+){{0,3}}{_any('acts')}\b(?!\s+be\b)")


def countries(text: str, spans: Sequence[Span]) -> tuple[str, ...]:
    """Return the codes of the countries spoken of within *spans*, each once, in order of the text.

    Codes are ISO 3166-1 alpha-2, ``XK`` for Kosovo and ``EU`` for the European Union. What stands
    around a span decides what its words mean.

    >>> text = "Sino-US talks in New Delhi failed, Moscow said; India hopes for Georgia's peaches."
    >>> countries(text, [Span(0, len(text))])
    ('CN', 'US', 'RU', 'IN')
    """
    found: dict[str, None] = {}
    meanings: dict[str, str | None] = {}
    for span in sorted(spans):
        last = min(len(text), span.end + _REACH)
        mentions = list(find_mentions(text, max(0, span.start - _REACH), last))
        for at, mention in enumerate(mentions):
            if mention.code in found or not mention.code or not span.covers(mention):
                continue
            if _stands(text, mentions, at) and (code := _meaning(text, mention, meanings)):
                found[code] = None
    return tuple(found)


def _stands(text: str, mentions: Sequence[Mention], at: int) -> bool:
    """Whether a mention is one, as far as the words beside it tell."""
    mention = mentions[at]
    if mention.kind == "capital":
        return _is_government(text, mentions, at)
    before, after = _around(text, mention, _REACH)
    if mention.kind == "prefix":
        return re.match(rf"{_HYPHEN}\w", after) is not None
    if mention.words == "US" and _is_pronoun(before, after):
        return False
    if mention.kind == "demonym" and (
        _is_language(mention, before, after) or _is_descent(text, mentions, at)
    ):
        return False
    if mention.kind == "name" and (_IN_STATE.match(after) or _is_titled(before)):
        return False
    return not (_ORGANIZATION.match(after) or _is_person(mention.words, before, after))


def _around(text: str, span: Span, reach: int) -> tuple[str, str]:
    return text[max(0, span.start - reach) : span.start], text[span.end : span.end + reach]


def _is_pronoun(before: str, after: str) -> bool:
    """Whether "US" may be "us": in a line all in capitals, or "for US!"."""
    line = before.rpartition("\n")[2] + after.partition("\n")[0]
    shouted = len(line.split()) > 1 and line.isupper()
    return shouted or bool(_FOR_US.search(before) and re.match(_STOPS, after))


def _is_language(mention: Mention, before: str, after: str) -> bool:
    if mention.words not in _LANGUAGES:
        return False
    return bool(_SPOKEN.match(after) or (_SPEAKING.search(before) and _ENDS.match(after)))


def _is_descent(text: str, mentions: Sequence[Mention], at: int) -> bool:
    """Whether it is either word of "Cuban-American", where that is no compound of two countries."""
    if _ETHNIC.match(text, mentions[at].end):
        return True
    left = mentions[at - 1] if at else None
    return left is not None and (
        left.kind == "demonym"
        and mentions[at].start - left.end <= 1
        and _ETHNIC.match(text, left.end) is not None
    )


def _is_titled(before: str) -> bool:
    word = _BEFORE.search(before)
    return word is not None and word[1].rstrip(".") in _ABBREVIATIONS


def _is_person(words: str, before: str, after: str) -> bool:
    """Whether a word that people bear as a name is one here."""
    if words in _SURNAMES and (word := _BEFORE.search(before)) and _is_first_name(word[1]):
        return True
    if words in _FIRST_NAMES and (word := _AFTER.match(after)):
        known = word[1].lower() in _NO_SURNAMES or begins_country(word[1]) or word[1].isupper()
        return not known
    return (words in _SURNAMES or words in _FIRST_NAMES) and _PERSON.match(after) is not None


def _is_first_name(word: str) -> bool:
    """Whether a surname may follow a word: "Ann", "Rep.", "B.", but no end of a sentence."""
    if word.endswith("."):
        return len(word) == 2 or word[:-1] in _ABBREVIATIONS
    if word.endswith(("'s", "’s")) or word.lower() in _NO_FIRST_NAMES:
        return False
    return word[0].isupper() and not begins_country(word)


def _meaning(text: str, mention: Mention, known: dict[str, str | None]) -> str | None:
    """Return the country that a mention means in this text, None if no country or not certain.

    What is *known* is asked once a call: a hostile text may hold a name a million times.
    """
    words = mention.words
    if words in AMBIGUOUS and words not in known:
        known[words] = _by_clues(text, mention)
    elif words in _SURNAMES and words not in known:
        known[words] = None if _is_surname_around(text, mention) else mention.code
    return known.get(words, mention.code)


def _by_clues(text: str, mention: Mention) -> str | None:
    """Return the only country that the text nearby speaks for; what is nearer counts first."""
    for reach in (_NEAR, _FAR):
        around = text[max(0, mention.start - reach) : mention.end + reach]
        found = {code for code, pattern in _clues(mention.words) if pattern.search(around)}
        if found:
            return (found.pop() or None) if len(found) == 1 else None
    return None


@cache
def _clues(words: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return each meaning of an ambiguous name, with the pattern of what speaks for it."""
    clues: dict[str, list[str]] = {}
    for row in load("country_clues"):
        if row["words"] == words:
            clues.setdefault(row["code"], []).append(row["clue"])
    return tuple(
        (code, re.compile(rf"(?<![^\W_]){any_of(clue)}(?![^\W_])")) for code, clue in clues.items()
    )


def _is_surname_around(text: str, mention: Mention) -> bool:
    """Whether the text nearby calls a person by it: "Jim Jordan", then "Jordan said"."""
    around = text[max(0, mention.start - _FAR) : mention.end + _FAR]
    words = re.finditer(rf"([^\W\d_][\w’'.-]*)\s{{1,4}}{re.escape(mention.words)}\b", around)
    return any(_is_first_name(word[1]) for word in words)


def _is_government(text: str, mentions: Sequence[Mention], at: int) -> bool:
    """Whether a capital stands for a government, by what stands before and after it.

    Capitals and countries joined by "and" are one: the words around all of them count.
    """
    mention = mentions[at]
    before, after = _around(text, mention, _REACH)
    if re.match(_HYPHEN, after):
        return _HALF.match(after) is not None
    if before and re.match(_HYPHEN, before[-1]):
        return bool(_AGAINST.search(before) or _OTHER_HALF.match(after))
    possessive = _POSSESSIVE.match(text, mention.end)
    if possessive and not before.endswith(("'", "‘")):
        return _OWNED.match(text, possessive.end()) is not None
    word = _BEFORE.search(before)
    if _AFTER.match(after) or _IN_STATE.match(after) or (word and _is_first_name(word[1])):
        return False
    before, after = _around(text, _group(text, mentions, at), _REACH)
    if _TOWARDS.search(before) and _ENDS.match(after):
        return True
    return bool(not _AT.search(before) and _CLAUSE.search(before) and _ACTS.match(after))


def _group(text: str, mentions: Sequence[Mention], at: int) -> Span:
    """Return the stretch of mentions that are joined to one."""

    def joined(left: Mention, right: Mention) -> bool:
        return _JOINT.fullmatch(text, left.end, min(right.start, left.end + _REACH)) is not None

    first = last = at
    while first > max(0, at - _GROUP) and joined(mentions[first - 1], mentions[first]):
        first -= 1
    while last < min(len(mentions) - 1, at + _GROUP) and joined(mentions[last], mentions[last + 1]):
        last += 1
    return Span(mentions[first].start, mentions[last].end)
