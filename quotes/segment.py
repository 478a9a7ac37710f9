"""Stage 2: find the paragraphs, sentences, tokens and quotations of a text."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import zip_longest

from quotes.data import load
from quotes.models import Quotation, Segments, Span, Token, trim
from quotes.quotations import find_quotations

_LINE = re.compile(r"[^\n\x0b\x0c\x85\u2028\u2029]+")
# A text that wraps its lines keeps them shorter than this; one that doesn't has longer ones.
_WRAPPED_LINE = 100
_BLANK_LINE = re.compile(r"\n[^\S\n]*\n")

_TOKEN = re.compile(
    r"""
    https?://[^\s<>"“”]*[^\s<>"“”.,;:!?)\]'’]   # an address
    | (?:[^\W\d_]\.){2,}                          # U.S., D.C.
    | [@\#]?\w+(?:['’\-‑]\w+)*                    # don't, Sino-US, @name
      (?:(?<=\d)[.,:/]\d+)*%?                     # 85,991, 10:30, 5%
    | \.{2,}                                      # an ellipsis
    | [^\w\s]
    """,
    re.VERBOSE,
)

_CLOSING = "\"'”’»›)\\]」』"
_OPENING = "\"'“‘„«‹(\\[「『¿¡"
_SENTENCE_END = re.compile(
    rf"""
    (?<![.!?…]) (?P<mark>[.!?…]+) (?P<closing>[{_CLOSING}]*)   # the end, and what closes with it
    (?=\s+ [{_OPENING}—–\-•*]*\s?(?P<next>\w+|\S))  # then a new start
    | (?<=[。！？]) [{_CLOSING}]*                  # Chinese and Japanese leave no space
    """,
    re.VERBOSE,
)
_WORD_BEFORE = re.compile(r"[^\W\d_]+(?:\.[^\W\d_]+)*$")
_LONGEST_ABBREVIATION = 12

_ABBREVIATIONS = {row["abbreviation"].lower(): row["before"] for row in load("abbreviations")}
_STARTERS = frozenset(row["word"] for row in load("sentence_starters"))


def segment(text: str) -> Segments:
    """Return the parts of *text*.

    Paragraphs end at blank lines, and at single line breaks too unless the text wraps its lines;
    no part has white space at its ends. A sentence ends inside a quotation as it would outside.

    >>> text = 'Mr. Li said: "We met. It rained." He left.'
    >>> [sentence.of(text) for sentence in segment(text).sentences]
    ['Mr. Li said: "We met.', 'It rained."', 'He left.']
    """
    paragraphs = tuple(_paragraphs(text))
    sentences = tuple(s for paragraph in paragraphs for s in _sentences(text, paragraph))
    tokens = tuple(
        Token(match.start(), match.end(), match.group())
        for sentence in sentences
        for match in _TOKEN.finditer(text, sentence.start, sentence.end)
    )
    quotations = tuple(find_quotations(text, paragraphs))
    units = tuple(_units(sentences, quotations))
    return Segments(paragraphs, units, sentences, tokens, quotations)


def _paragraphs(text: str) -> Iterator[Span]:
    lines = [span for match in _LINE.finditer(text) if (span := trim(text, *match.span()))]
    wrapped = _is_wrapped(text, lines)
    start = None
    for line, following in zip_longest(lines, lines[1:]):
        start = line.start if start is None else start
        between = text[line.end : following.start] if following else "\n\n"
        if not wrapped or _BLANK_LINE.search(between):
            yield Span(start, line.end)
            start = None


def _is_wrapped(text: str, lines: Sequence[Span]) -> bool:
    """Whether single line breaks only wrap: blank lines part the text, and no line is long."""
    return (
        len(lines) > 1
        and bool(_BLANK_LINE.search(text, lines[0].end, lines[-1].start))
        and all(line.end - line.start <= _WRAPPED_LINE for line in lines)
    )


def _sentences(text: str, paragraph: Span) -> Iterator[Span]:
    start = paragraph.start
    for match in _SENTENCE_END.finditer(text, paragraph.start, paragraph.end):
        if match.end() < paragraph.end and _ends_sentence(text, match):
            if sentence := trim(text, start, match.end()):
                yield sentence
            start = match.end()
    if sentence := trim(text, start, paragraph.end):
        yield sentence


def _ends_sentence(text: str, match: re.Match[str]) -> bool:
    """Whether a full stop, with what stands round it, is one."""
    if match["mark"] is None:
        return True
    following = match["next"]
    if following[0].islower():
        return False
    if match["mark"] != ".":
        return True
    word = _WORD_BEFORE.search(text, max(0, match.start() - _LONGEST_ABBREVIATION), match.start())
    if word is None or match["closing"]:
        return True
    if len(word.group()) == 1:
        return not word.group().isupper()  # the initial of a name
    before = _ABBREVIATIONS.get(word.group().lower())
    return not (
        before == "any"
        or (before == "name" and following[0].isalpha())
        or (before == "inside" and following.lower() not in _STARTERS)
        or (before == "number" and following[0].isdigit())
    )


def _units(sentences: Sequence[Span], quotations: Sequence[Quotation]) -> Iterator[Span]:
    """Join the sentences that an outermost quotation spans."""
    holding = [q.span for q in quotations if q.depth == 0 and q.ending != "missing"]
    starts = [span.start for span in holding]
    start = None
    for sentence in sentences:
        start = sentence.start if start is None else start
        at = bisect_left(starts, sentence.end) - 1
        if at < 0 or holding[at].end <= sentence.end:
            yield Span(start, sentence.end)
            start = None
