"""Tell what nobody said from what somebody did.

The tagger follows its annotators, who mark what looks like a statement: "if Li says that …", "data
showed that …", "Norway reported 12 cases". A database of what was said must not hold that: nobody
said it, or nobody in particular, or it is a count and no statement.
"""

from __future__ import annotations

import re
from bisect import bisect_right

from quotes.data import load
from quotes.models import Attribution, Segments, Span

_WORDS = {
    row["role"]: "|".join(other["word"] for other in load("unsaid") if other["role"] == row["role"])
    for row in load("unsaid")
}
_ASSERTS = "|".join(
    sorted(
        row["form"]
        for row in load("cues")
        if row["act"] == "asserts" and row["kind"] in ("saying", "helping")
    )
)

# Figures are the head of a source where no name of a body follows: "figures by the bureau".
_FIGURES = re.compile(
    rf"(?!(?:\w+\s+){{0,2}}(?:{_WORDS['people']})\b)(?:(?!(?:{_WORDS['preposition']})\b)[\w’'-]+\s+){{0,3}}?(?:{_WORDS['figures']})"
    rf"(?=[\s,]*$|,|\s+(?:{_WORDS['preposition']})\b|\s+\w+ed\b|\s+seen\b)",
    re.IGNORECASE,
)
_COUNTING = re.compile(rf"(?:\w+\s+){{0,2}}(?:{_WORDS['counting']})", re.IGNORECASE)
_FINITE = re.compile(rf"\b(?:{_WORDS['finite']})\b", re.IGNORECASE)
# "did not say", "has yet to claim", "may argue", "will say"; but "did not deny" says something.
_NOT_DONE = re.compile(
    rf"(?:\w+\s+)?(?!not (?:only|just|merely|simply)\b|would (?:later|only|then|eventually)\b)"
    rf"(?:(?:\w+n[’']t|not|never|yet to|{_WORDS['modal']})\s+)(?:\w+\s+)??"
    rf"(?:have\s+)?(?:be\s+)?(?:{_ASSERTS})\b",
    re.IGNORECASE,
)
_NOBODY = re.compile(rf"(?:{_WORDS['nobody']})\b(?! (?:other than|but)\b)", re.IGNORECASE)
_SUPPOSING = re.compile(rf"\b(?:{_WORDS['supposing']})\s+(?:\w+\s+)?$", re.IGNORECASE)
# "Should Li say so": an inversion supposes only where the sentence begins with it.
_INVERTED = re.compile(rf"\W*(?:{_WORDS['inverted']})\s+(?:\w+\s+)?", re.IGNORECASE)
_COUNT = re.compile(r"(?:an?|the|no|\d[\d.,]*)\b", re.IGNORECASE)
_WORD = re.compile(r"\w+")
_LONGEST = 50_000  # characters, eight thousand words: more is a quotation mark that was not closed
_REACH = 60  # characters before a source
_ALONE = 5  # words: fewer in quotation marks, with no source, are a name or a slogan


def is_said(text: str, segments: Segments, attribution: Attribution) -> bool:
    """Whether somebody said it.

    >>> from quotes.segment import segment
    >>> text = "If Li says that it rains, we go."
    >>> supposed = Attribution((Span(11, 24),), Span(6, 10), Span(3, 5), "indirect")
    >>> is_said(text, segment(text), supposed)
    False
    """
    cue, source = attribution.cue, attribution.source
    if sum(span.end - span.start for span in attribution.content) > _LONGEST:
        return False
    if attribution.kind == "direct":
        return source is not None or _words(text, attribution) >= _ALONE
    if cue is None or source is None:
        return False
    if not attribution.verbatim and _is_supposed(text, segments, cue, source):
        return False
    return not (
        _NOBODY.match(text, source.start, source.end)
        or _FIGURES.match(text, source.start, source.end)
        or _is_count(text, attribution, cue)
    )


def _is_supposed(text: str, segments: Segments, cue: Span, source: Span) -> bool:
    if _NOT_DONE.match(text, cue.start, cue.end):
        return True
    at = bisect_right(segments.sentences, source.start, key=lambda sentence: sentence.start) - 1
    start = max(segments.sentences[at].start, source.start - _REACH)
    if _SUPPOSING.search(text, start, source.start):
        return True
    return _INVERTED.fullmatch(text, segments.sentences[at].start, source.start) is not None


def _is_count(text: str, attribution: Attribution, cue: Span) -> bool:
    """Whether a number is reported, and no clause: "reported the 12th case"."""
    first = attribution.content[0]
    if attribution.verbatim or first.start < cue.end or not _COUNT.match(text, first.start):
        return False
    if not _COUNTING.fullmatch(text, cue.start, cue.end):
        return False
    content = " ".join(span.of(text) for span in attribution.content)
    return any(map(str.isdigit, content)) and not _FINITE.search(content)


def _words(text: str, attribution: Attribution) -> int:
    return sum(len(_WORD.findall(span.of(text))) for span in attribution.content)
