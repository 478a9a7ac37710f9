"""Stage 3: label sources, cues and contents.

The first tagger: speech verbs, quotation marks and patterns over word classes. It knows no grammar,
so it takes what is plain and leaves the rest.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from quotes.data import load
from quotes.models import Label, Quotation, Role, Segments, Span, Token

MODEL = "patterns-1"

# The share of contents found in each way that are right by half or more, as `quotes evaluate`
# measures it on PolNeAR train; "alone" is for those that no cue claims in the end.
_CONFIDENCE = {"quoted": 0.94, "that": 0.85, "bare": 0.85, "before": 0.85, "alone": 0.6}

_CUES = {row["form"]: row for row in load("cues")}
_TITLES = frozenset(row["title"] for row in load("titles"))
_ABBREVIATIONS = frozenset(row["abbreviation"].lower() for row in load("abbreviations"))

# Every word becomes one letter; the patterns below read those. Besides the letters of the word
# classes: C capitalised, T title, V cue, n number, l any other word, q a whole quotation.
_LETTER_OF = {
    word: row["letter"] for row in load("word_classes") for word in row["words"].split(" ")
}
_PUNCTUATION = ",;.("

_NP = r"(?:P|(?:[CT]*Dl{0,2}|l{0,2}(?=T))?[CT]+(?:iD?l?[CT]+)*)"
_NAME = rf"{_NP}(?:,{_NP})*(?:,?\+{_NP})?"
_ADVERBIAL = r"(?:,?(?:A|W|i[DlCTWn]{0,3}[lCTWn])){0,4},?"
_SOURCE_BEFORE = re.compile(
    rf"(?:^|(?<=[,;&+tq.(]))(?P<source>{_NAME}(?:,[^Vq;]{{1,24}},)?){_ADVERBIAL}$"
)
_SOURCE_AFTER = re.compile(rf"(?P<source>{_NP}(?:,D?l{{0,2}}[CT]+(?:i[Dl]{{0,2}}[CT]+)*)?)")
_QUOTE_AHEAD = re.compile(rf"(?:{_ADVERBIAL}|i?{_NP}){_ADVERBIAL}[,;]?(?=t?q)")
_THAT_AHEAD = re.compile(r"[^V,;.qt]{0,12}(?=t)")
_OBJECT_AHEAD = re.compile(rf"{_NP}{_ADVERBIAL}")
_ADVERBIAL_AHEAD = re.compile(_ADVERBIAL)
_CLAUSE_AHEAD = re.compile(r"P[^.,;]|[DCTln][^.,;]{2}")
_CLAUSE_BEHIND = re.compile(r"[^i&].{3,}(?:,|q,?)")
_END_AHEAD = re.compile(rf"{_ADVERBIAL}[^Vqt]{{0,6}}(?:[.,;]|$)")
_NEW_CLAUSE = re.compile(r"(?:[,;]|,[+&]|q)$")
_QUESTION_WORDS = frozenset({"whether", "if", "how", "why", "what"})
_REACH = 40  # how many words a source may stand from its cue, appositions included


@dataclass(frozen=True, slots=True)
class _Unit:
    """A sentence, or sentences that a quotation holds together: its parts and their letters."""

    parts: tuple[Token | Quotation, ...]
    letters: str

    def span(self, start: int, end: int) -> Span | None:
        """Return the stretch of parts without punctuation at its ends; None if nothing is left."""
        while start < end and self.letters[start] in _PUNCTUATION:
            start += 1
        while start < end and self.letters[end - 1] in _PUNCTUATION:
            end -= 1
        if start == end:
            return None
        return Span(_span(self.parts[start]).start, _span(self.parts[end - 1]).end)

    def word(self, at: int) -> str:
        """Return the word at a part in lower case; empty for a quotation and past the end."""
        part = self.parts[at] if at < len(self.parts) else None
        return part.text.lower() if isinstance(part, Token) else ""


@dataclass(frozen=True, slots=True)
class _Clause:
    """A cue with its source, as parts of a unit: where it starts, where what follows it starts."""

    start: int
    cue: tuple[int, int]
    source: tuple[int, int] | None
    end: int
    takes: frozenset[str]


def tag(text: str, segments: Segments) -> tuple[Label, ...]:
    """Return the labelled spans of *text*, in its order, none overlapping another."""
    return tuple(
        label
        for unit in _units(segments)
        for label in sorted(_labels(text, unit), key=lambda label: label.span)
    )


def _span(part: Token | Quotation) -> Span:
    return part.span if isinstance(part, Quotation) else part


def _units(segments: Segments) -> Iterator[_Unit]:
    outer = [q for q in segments.quotations if q.depth == 0 and q.ending != "missing"]
    starts = [q.span.start for q in outer]
    tokens = iter(segments.tokens)
    token = next(tokens, None)
    for unit in segments.units:
        parts: list[Token | Quotation] = []
        while token is not None and token.start < unit.end:
            at = bisect_left(starts, token.end) - 1
            if at < 0 or not outer[at].span.covers(token):
                parts.append(token)
            elif not parts or parts[-1] is not outer[at]:
                parts.append(outer[at])
            token = next(tokens, None)
        yield _unit(parts)


def _unit(parts: Sequence[Token | Quotation]) -> _Unit:
    kept: list[Token | Quotation] = []
    letters: list[str] = []
    for part in parts:
        before = kept[-1] if kept else None
        if isinstance(part, Token) and _belongs_to(part, before):
            continue
        letters.append(_letter(part, letters[-1] if letters else ""))
        kept.append(part)
    return _Unit(tuple(kept), "".join(letters))


def _belongs_to(mark: Token, before: Token | Quotation | None) -> bool:
    """Whether a full stop or an apostrophe is part of the word before it: Mr. Li, the workers'."""
    if not isinstance(before, Token) or before.end != mark.start:
        return False
    if mark.text == ".":
        word = before.text
        return word.lower() in _ABBREVIATIONS or (len(word) == 1 and word.isupper())
    return mark.text in {"'", "’"} and before.text.isalpha()


def _letter(part: Token | Quotation, before: str) -> str:
    if isinstance(part, Quotation):
        return "q"
    word = part.text.lower()
    letter = _LETTER_OF.get(word)
    capitalised = part.text[0].isupper() or part.text[0] == "@"
    if letter and not (capitalised and before and letter not in "PDWt"):
        return letter
    if word in _CUES and not capitalised:
        noun = _CUES[word]["tense"] == "present" and before == "D"
        return "l" if noun or before == "h" else "V"
    if capitalised and word.endswith(("'s", "’s")):
        return "D"
    if word in _TITLES:
        return "T"
    if capitalised:
        return "C"
    if part.text[0].isdigit():
        return "n"
    return "l" if part.text[0].isalpha() else "("


def _labels(text: str, unit: _Unit) -> Iterator[Label]:
    """Yield the labels of a unit: for each clause with a cue its content, cue and source."""
    clauses = list(_clauses(unit))
    taken = 0
    found = False
    for clause, limit in zip(clauses, _limits(unit, clauses), strict=True):
        if clause.start < taken:
            continue  # it stands inside what another one says
        after = _content_after(text, unit, clause, limit)
        before = _content_before(unit, clause, taken, after is not None)
        contents = [content for content in (before, after) if content]
        for span, way in contents:
            yield Label(span, "content", _CONFIDENCE[way])
        if contents:
            found = True
            yield from _label(unit, clause.cue, "cue")
            yield from _label(unit, clause.source, "source") if clause.source else ()
        taken = limit if after else clause.end
    if not found and unit.letters.strip(".(") == "q":
        yield from (Label(q.span, "content", _CONFIDENCE["alone"]) for q in _speeches(text, unit))


def _label(unit: _Unit, part: tuple[int, int], role: Role) -> Iterator[Label]:
    if span := unit.span(*part):
        yield Label(span, role)


def _speeches(text: str, unit: _Unit) -> Iterator[Quotation]:
    """Yield the quotation that makes up a unit, if it is a sentence and no title or slogan."""
    for part in unit.parts:
        if isinstance(part, Quotation):
            words = part.inner.of(text)
            goes_on = part.continues or part.ending == "continued"
            if goes_on or (len(words.split()) > 3 and words[-1] in ".!?,…"):
                yield part


def _clauses(unit: _Unit) -> Iterator[_Clause]:
    for at, letter in enumerate(unit.letters):
        if letter == "V" or (unit.word(at) == "according" and unit.word(at + 1) == "to"):
            row = _CUES[unit.word(at)]
            takes = frozenset(row["takes"].split())
            clause = _clause(unit, at, row["tense"], takes)
            if clause:
                yield clause


def _clause(unit: _Unit, at: int, tense: str, takes: frozenset[str]) -> _Clause | None:
    letters = unit.letters
    end = at + 2 if "source" in takes or "out" in takes else at + 1
    if "out" in takes and unit.word(at + 1) != "out":
        return None
    cue = (at, end)
    after = _SOURCE_AFTER.match(letters, end)
    if "source" in takes:
        return _Clause(at, cue, after.span("source"), after.end(), takes) if after else None
    offset = max(0, at - _REACH)
    if before := _SOURCE_BEFORE.search(letters[offset:at]):
        start, stop = (offset + edge for edge in before.span("source"))
        return _Clause(start, cue, (start, stop), end, takes)
    if after and letters[max(0, at - 2) : at].endswith(("q", "q,")):
        return _Clause(at, cue, after.span("source"), after.end(), takes)
    if (tense == "participle" and letters[at - 1 : at] in {",", "A", "+"}) or (
        tense == "past" and letters[at - 1 : at] == "+"
    ):
        return _Clause(at, cue, None, end, takes)
    return None


def _limits(unit: _Unit, clauses: Sequence[_Clause]) -> list[int]:
    """Return for each clause the part before which the content after its cue ends.

    That is the next clause that a comma or a quotation sets off, or the end of the unit.
    """
    limits = []
    limit = len(unit.parts)
    for clause in reversed(clauses):
        limits.append(limit)
        if _NEW_CLAUSE.search(unit.letters[max(0, clause.start - 2) : clause.start]):
            limit = clause.start
    return limits[::-1]


def _content_after(text: str, unit: _Unit, clause: _Clause, limit: int) -> tuple[Span, str] | None:
    start, way = _content_start(unit, clause)
    if start is None or start >= limit:
        return None
    part = unit.parts[start]
    if isinstance(part, Quotation) and part.inner.of(text)[-1] in ".!?,…":
        return part.span, way
    letters = unit.letters[:limit].rstrip("+&")
    span = unit.span(start, max(start, len(letters)))
    return (span, way) if span else None


def _content_start(unit: _Unit, clause: _Clause) -> tuple[int | None, str]:
    """Return the part at which the content after a cue starts, and the way it was found."""
    letters, end, takes = unit.letters, clause.end, clause.takes
    if "source" in takes:
        found = clause.start == 0 and letters[end : end + 1] == ","
        return (end + 1 if found else None), "before"
    if quote := _QUOTE_AHEAD.match(letters, end):
        return quote.end(), "quoted"
    if clause.cue[1] != end:  # "said Xi": what he said stands before
        return None, ""
    if "that" in takes and (that := _THAT_AHEAD.match(letters, end)):
        return that.end(), "that"
    word = unit.word(end)
    if word in takes or ("that" in takes and word in _QUESTION_WORDS):
        return end, "that"
    addressed = _OBJECT_AHEAD.match(letters, end)
    if "object-to" in takes and addressed and unit.word(addressed.end()) == "to":
        return end, "that"
    if "bare" in takes:
        if "object" in takes:
            start = addressed.end() if addressed else end
        else:
            adverbial = _ADVERBIAL_AHEAD.match(letters, end)
            start = adverbial.end() if adverbial else end
        return (start if _CLAUSE_AHEAD.match(letters, start) else None), "bare"
    return None, ""


def _content_before(
    unit: _Unit, clause: _Clause, taken: int, has_after: bool
) -> tuple[Span, str] | None:
    region = unit.letters[taken : clause.start]
    quoted = re.fullmatch(r"[.(]*q[,;.]*", region) is not None
    plain = (
        not has_after
        and clause.source is not None
        and bool(clause.takes & {"that", "bare", "source"})
        and _CLAUSE_BEHIND.fullmatch(region)
        and _END_AHEAD.match(unit.letters, clause.end)
    )
    span = unit.span(taken, clause.start) if quoted or plain else None
    return (span, "quoted" if quoted else "before") if span else None
