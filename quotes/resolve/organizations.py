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


def organization(text: str, source: Source) -> Resolution:
    """Return the organization that a source names, nobody where it names none.

    A country or its capital stands for its government. What is called by common words only ("the
    report") is no name.

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
    elif _is_named(words):
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
        """Return the one organization that words like "the ministry" mean."""
        head = words.lower().rpartition(" ")[2]
        if _KINDS.get(head) not in ("organization", "group") and head not in _ALIKE:
            return Resolution()
        meant = self._by_noun.get(head, {})
        return next(iter(meant.values())) if len(meant) == 1 else Resolution()


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
    parts = words.split()
    is_body = bool(parts) and _KINDS.get(parts[-1].lower().rstrip(".")) == "organization"
    named = len(parts) > 1 and any(part[0].isupper() for part in parts)
    return named and (is_body or "&" in parts) and not _POSSESSIVE.search(words)


_ALIKE = frozenset(word for words in _LIKE.values() for word in words if word)
