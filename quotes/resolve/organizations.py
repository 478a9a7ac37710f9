"""Tell which organization a source is: "the Lee campaign", "Beijing", "Russia"."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from quotes.data import load
from quotes.gazetteer import capital_of, country_of
from quotes.models import Resolution, Span, Speaker, Step
from quotes.resolve.sources import Source

_KINDS = {row["title"]: row["kind"] for row in load("titles")}
_LIKE = {row["title"]: frozenset(row["like"].split("|")) for row in load("titles")}
_COUNTRIES = {row["code"]: row["name"] for row in load("countries")}
_DETERMINER = re.compile(r"(?:the|an?|his|her|its|their|our|my)\s+", re.IGNORECASE)
_ARTICLE = re.compile(r"United|.* (?:Republic|Islands)|.*s$")
_POSSESSIVE = re.compile(r"['’]s?(?=\s|$)")
_ANY = re.compile(r"(?:an?|one|some|any|every|each|another|no)\s", re.IGNORECASE)
_TELLS_WHERE = re.compile(r".*-(?:based|owned|backed|led|run|funded|listed|made)")
_OF_A_STATE = frozenset(row["word"] for row in load("state_bodies"))
_COMMON = frozenset(row["name"].lower() for row in load("places")) | {
    row["word"] for row in load("not_names")
}


def organization(text: str, source: Source) -> Resolution:
    """Return the organization that a source names, nobody where it names none.

    A country or its capital stands for its government. What is called by common words only ("the
    report"), or as any other of its place may be ("the Chinese company"), is no name.

    >>> from quotes.models import Span
    >>> organization("Beijing said", Source("name", Span(0, 7), Span(0, 7))).speaker.name
    'Government of China'
    """
    determiner = _DETERMINER.match(text, source.span.start, source.span.end)
    start = determiner.end() if determiner else source.span.start
    if start == source.span.end:
        return Resolution()
    span = Span(start, source.span.end)
    words = " ".join(span.of(text).split())
    if code := capital_of(words) or (country_of(words) if words in _COUNTRIES.values() else None):
        speaker = _government(code)
    elif _is_named(words) and not (
        words.split()[-1].islower() and _ANY.match(text, source.span.start)
    ):
        speaker = Speaker(words, "organization")
    else:
        return Resolution()
    return Resolution(speaker, "name", (Step(span, "name"),))


class Organizations:
    """The organizations of an article, each under all nouns that it may be called by."""

    def __init__(self) -> None:
        """Begin with none."""
        self._by_noun: dict[str, dict[Speaker, Resolution]] = defaultdict(dict)

    def note(self, who: Resolution) -> None:
        """Note an organization where it is named first."""
        if who.speaker and who.speaker.kind == "organization":
            for noun in _nouns(who.speaker.name):
                self._by_noun[noun].setdefault(who.speaker, who)

    def called(self, words: str) -> Resolution:
        """Return the one organization that words like "the ministry" mean, if one with these names."""
        head = words.lower().rpartition(" ")[2]
        if _KINDS.get(head) not in ("organization", "group") and head not in _ALIKE:
            return Resolution()
        meant = self._by_noun.get(head, {})
        if len(meant) != 1 or _ANY.match(words):
            return Resolution()
        ((speaker, who),) = meant.items()
        names = {word.lower() for word in words.split()[1:] if word[0].isupper()}
        return who if names <= {*speaker.name.lower().split()} else Resolution()


def _nouns(name: str) -> Iterator[str]:
    for word in name.lower().split():
        bare = word.rstrip(".")
        yield bare
        yield from _LIKE.get(bare, ())


def _government(code: str) -> Speaker:
    if code == "EU":
        return Speaker(_COUNTRIES[code], "organization", country=code)
    article = "the " if _ARTICLE.match(_COUNTRIES[code]) else ""
    return Speaker(f"Government of {article}{_COUNTRIES[code]}", "organization", country=code)


def _is_named(words: str) -> bool:
    *parts, last = words.split() or [""]
    head = last.lower().rstrip(".")
    is_body = _KINDS.get(head) == "organization" or "&" in parts
    if not (parts and is_body) or _POSSESSIVE.search(words):
        return False
    names = [part for part in parts if part[0].isupper() and not _TELLS_WHERE.fullmatch(part)]
    if last[0].islower() and head not in _OF_A_STATE:
        names = [name for name in names if name.lower() not in _COMMON and not country_of(name)]
    return bool(names) or last[0].isupper()


_ALIKE = frozenset(word for words in _LIKE.values() for word in words if word)
