"""Names of persons and organizations in running text.

A name is a run of capitalised words; the titles before it are set apart. Whether it is a person's
must show in the article: by a title, by what stands behind it, or by its surname standing alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from quotes.data import load
from quotes.models import Segments, Span, Token

_TITLES = {row["title"]: row["kind"] for row in load("titles")}
_PRONOUNS = {row["title"]: row["pronoun"] for row in load("titles") if row["pronoun"]}
_HOLDERS = frozenset({"person", "honorific"})
_STARTERS = frozenset(row["word"] for row in load("sentence_starters"))
_NOT_NAMES = frozenset(row["word"] for row in load("not_names"))
_PARTICLES = frozenset(row["word"] for row in load("name_particles"))
_GENERATIONS = frozenset({"Jr", "Sr", "II", "III", "IV"})
_PLACES = frozenset(row["name"] for row in load("places"))
_BETWEEN = re.compile(r"\.?[ \u00a0]+")
_PERSONS = "|".join(title for title, kind in _TITLES.items() if kind == "person")
# What shows that a person's name stands before it: "(D-", ", 52,", ", who", ", a retired teacher".
_APPOSITION = re.compile(
    rf" \([RDI]-|, (?:\d\d,|who(?:se)?\b|(?:(?:an?|the) )?(?:[\w’'-]+ ){{0,4}}(?:{_PERSONS})\b)",
    re.IGNORECASE,
)
_POSSESSIVE = re.compile(r"['’]s?$")


@dataclass(frozen=True, slots=True)
class Name:
    """A name as printed, without titles and possessive ending, and its outer words.

    ``kind`` is ``person`` or ``organization`` where its own words or neighbours show it, else None;
    ``pronoun`` is ``he`` or ``she`` where its titles tell.
    """

    span: Span
    full: str
    first: str
    last: str
    kind: str | None
    pronoun: str | None
    possessive: bool

    @property
    def single(self) -> bool:
        """Whether it is one word."""
        return self.full == self.last


def find_names(text: str, segments: Segments) -> tuple[Name, ...]:
    """Return the names of *text*, in its order; a sentence's first word only if it may be one.

    >>> from quotes.segment import segment
    >>> text = "US President Ann Lee met Mr. Berg in Rome."
    >>> [(name.full, name.kind) for name in find_names(text, segment(text))]
    [('Ann Lee', 'person'), ('Berg', 'person'), ('Rome', None)]
    """
    return tuple(_runs(text, segments))


def persons(names: Sequence[Name]) -> tuple[Name, ...]:
    """Return one mention of each full name, of two words or more, that is shown to be a person's.

    A name counts where a title, an apposition or an initial shows it at least once, or where its
    surname stands alone elsewhere, and where it is no place and no mention shows an organization.
    """
    ruled_out = {name.full for name in names if name.kind == "organization"} | _PLACES
    shown = {name.full for name in names if name.kind == "person"}
    alone = {name.full for name in names if name.single} - _PLACES
    return tuple(
        {
            name.full: name
            for name in names
            if not name.single
            and name.full not in ruled_out
            and (name.full in shown or name.last in alone)
        }.values()
    )


def _runs(text: str, segments: Segments) -> Iterator[Name]:
    starts = {sentence.start for sentence in segments.sentences}
    starts |= {quotation.inner.start for quotation in segments.quotations}
    run: list[Token] = []
    for token in segments.tokens:
        if run and not _joins(text, run[-1], token):
            yield from _name(text, run)
            run = []
        if _may_belong(token, run, first=token.start in starts):
            run.append(token)
        elif token.text != "." and run:
            yield from _name(text, run)
            run = []
    yield from _name(text, run)


def _joins(text: str, before: Token, token: Token) -> bool:
    """Whether nothing but a space, or the full stop of an abbreviation, parts two words."""
    if _POSSESSIVE.search(before.text):
        return False
    if token.text == ".":
        word = before.text.lower()
        return len(word) == 1 or _TITLES.get(word) == "honorific"
    return bool(_BETWEEN.fullmatch(text[before.end : token.start]))


def _may_belong(token: Token, run: Sequence[Token], *, first: bool) -> bool:
    word = token.text.lower()
    if run and (word in _PARTICLES or _TITLES.get(word) == "person"):
        return True
    if not run and _TITLES.get(word) in ("person", "honorific"):
        return True
    capitalised = token.text[0].isupper() or token.text[0] == "@"
    return capitalised and word not in _NOT_NAMES and not (first and word in _STARTERS)


def _name(text: str, run: Sequence[Token]) -> Iterator[Name]:
    """Part a run of words into titles and name; nothing where no name is left."""
    titles = [at for at, token in enumerate(run) if _TITLES.get(token.text.lower()) in _HOLDERS]
    after = titles[-1] + 1 if titles else 0
    before = [token.text.lower() for token in run[:after]]
    words = list(run[after:])
    while words and words[-1].text.lower() in _PARTICLES:
        words.pop()
    while words and words[0].text.lower() in _PARTICLES:
        words.pop(0)
    if not words:
        return
    span = Span(words[0].start, words[-1].end)
    full = _POSSESSIVE.sub("", " ".join(span.of(text).split()))
    outer = [_POSSESSIVE.sub("", word.text) for word in words if word.text not in _GENERATIONS]
    if not outer:
        return
    yield Name(
        span=span,
        full=full,
        first=outer[0],
        last=outer[-1],
        kind=_kind(text, span, outer, titled=bool(titles)),
        pronoun=next((_PRONOUNS[word] for word in before if word in _PRONOUNS), None),
        possessive=bool(_POSSESSIVE.search(words[-1].text)),
    )


def _kind(text: str, span: Span, words: Sequence[str], *, titled: bool) -> str | None:
    if any(_TITLES.get(word.lower()) in ("organization", "group") for word in words):
        return "organization"
    if titled or any(len(word) == 1 for word in words[1:-1]):
        return "person"
    if len(words) > 1 and _APPOSITION.match(text, span.end):
        return "person"
    return None
