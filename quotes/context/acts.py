"""Tell what a cue does, its speech act: "denied" denies, "called" with "for rain" after it urges.

The first word of a cue that we know tells (``data/cues.csv``), or a phrase that begins with it. What
is not done is no act: who "did not deny", "failed to mention" or "may announce" something has neither
denied, mentioned nor announced it. A thought stays one: who does not think so, thinks.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache

from quotes.data import load
from quotes.models import Attribution, Span

Row = Mapping[str, str]

_WORDS: dict[str, Row] = {row["form"]: row for row in load("cues") if " " not in row["form"]}
_PHRASES: dict[str, list[Row]] = defaultdict(list)  # by first word
for _row in load("cues"):
    if " " in _row["form"]:
        _PHRASES[_row["form"].split()[0]].append(_row)

_WORD = re.compile(r"[\w’'-]+")
_ADVERB = rf"(?:\w+ly|\w+day|{'|'.join(row['word'] for row in load('cue_adverbs'))})"
_SPACE = rf"\s+(?:{_ADVERB}\s+)?"
# What "..." in a phrase stands for: a few words that neither begin a clause nor negate it.
_GAP = (
    r"\s+(?:(?!(?:that|what|how|whom?|if|whether|when|where|why|which|he|she|we|they|i|no)\b)"
    r"[\w’'-]+\s+){0,6}?"
)
_STILL = rf"(?:{_ADVERB}|not|now|never|still|often|always|long|first)"
_UNDONE = re.compile(
    r"(?:\b(?:not|never|neither|nor|no|without|cannot|yet\s+to)|n[’']t)\s+"
    r"(?!(?:only|just|merely|simply)\b)(?:\w+\s+){0,3}$"
    r"|(?:\b(?:will|would|may|might|could|can|should|must)|[’']ll)\s+"
    rf"(?!(?:later|only|then|eventually)\b)(?:{_STILL}\s+){{0,2}}(?:have\s+|be\s+){{0,2}}$",
    re.IGNORECASE,
)
_PASSIVE = re.compile(
    rf"(?:\b(?:am|is|are|was|were|be|been|being)|[’']re)\s+(?:{_STILL}\s+){{0,2}}$", re.IGNORECASE
)
_NO_VERB = ("helping", "noun")  # what "continued to urge" and "a statement urging" don't do
_FIRST = re.compile(r"\W*[\w’'-]+")
_FIRST_FOUR = re.compile(r"\W*[\w’'-]+(?:\s+[\w’'-]+){0,3}")
_QUESTION = re.compile(r"[^.!?…]*\?\W*")
_REACH = 200  # characters from the beginning of a cue, and of its content
_BEFORE = 60  # characters before it
_LONGEST = 1000  # characters: no question is longer


def act(text: str, attribution: Attribution) -> str | None:
    """Return what somebody does by saying it: an act of ``data/acts.csv``.

    None where there is no cue, where its words are unknown or tell of no act, and where the source
    is not who acts: "Li was asked".

    >>> text = "Li called for rain."
    >>> act(text, Attribution((Span(10, 18),), Span(3, 9), Span(0, 2), "indirect"))
    'urges'
    """
    if attribution.cue is None:
        return None
    known = list(_known(text, attribution, attribution.cue))
    if not known:
        return None
    at, row = known[0]
    if row["kind"] == "helping":
        at, row = next((one for one in known if one[1]["kind"] not in _NO_VERB), known[0])
    before = text[_start(attribution, attribution.cue) : at]
    if row["kind"] == "failing" or (row["act"] != "thinks" and _UNDONE.search(before)):
        return None
    if _PASSIVE.search(before) and _can_be_passive(text, at, row) and _is_first(attribution, at):
        return None
    if row["act"] == "asserts" and _is_question(text, attribution):
        return "asks"
    return row["act"] or None


def _known(text: str, attribution: Attribution, cue: Span) -> Iterator[tuple[int, Row]]:
    """Yield the words and phrases of a cue that tell something: where they begin, and their rows."""
    between, end = _goes_on(text, attribution, cue)
    done = cue.start
    for match in _WORD.finditer(text, cue.start, min(cue.end, cue.start + _REACH)):
        if match.start() < done:
            continue
        word = match.group().lower().replace("’", "'").strip("'-")
        row = _WORDS.get(word)
        phrases = _phrases(text, match.end(), end, word, between)
        if phrases:
            *_, done, row = min(phrases, key=lambda phrase: phrase[:2])
        if row and (row["act"] or row["kind"]):
            yield match.start(), row


def _phrases(
    text: str, start: int, end: int, word: str, between: range
) -> list[tuple[int, int, int, Row]]:
    """Return the phrases that begin with a word and go on at *start*.

    The best comes first by the two numbers before its end and its row: it skips the fewest words,
    and is the longest of these. None skips words to end *between* a cue and its content: "told Li
    on the way to town <that it rained>".
    """
    lemma = _WORDS[word]["lemma"] if word in _WORDS else word
    found = []
    for row in (row for head in dict.fromkeys((lemma, word)) for row in _PHRASES.get(head, ())):
        if match := _rest(row["form"]).match(text, start, end):
            words = row["form"].replace("...", "").split()
            skipped = len(match.group().split()) + 1 - len(words)
            if not skipped or match.end() not in between:
                found.append((skipped, -len(words), match.end(), row))
    return found


@cache
def _rest(form: str) -> re.Pattern[str]:
    """Return what a phrase goes on with after its first word."""
    pattern, space = "", _SPACE
    for word in form.split()[1:]:
        if word != "...":
            pattern += space + re.escape(word).replace("'", "[’']")
        space = _GAP if word == "..." else _SPACE
    return re.compile(rf"{pattern}\b", re.IGNORECASE)


def _start(attribution: Attribution, cue: Span) -> int:
    """Return from where words before a cue can belong to it: "did not <deny>"."""
    spans = [*attribution.content, *([attribution.source] if attribution.source else [])]
    return max([0, cue.start - _BEFORE, *(span.end for span in spans if span.end <= cue.start)])


def _goes_on(text: str, attribution: Attribution, cue: Span) -> tuple[range, int]:
    """Return what stands between a cue and its content, and up to where a phrase may go on.

    That is not beyond how the content begins: "called <for rain>". Where somebody stands between,
    only its first word counts: "told Li <to leave>", but not "told Li <Ann wants to leave>".
    """
    content = attribution.content[0]
    if content.start < cue.end or content.start > cue.start + _REACH:
        return range(0), min(cue.end, cue.start + _REACH)
    apart = text[cue.end : content.start].strip()
    end = min(content.end, content.start + _REACH)
    begins = (_FIRST if apart else _FIRST_FOUR).match(text, content.start, end)
    return range(cue.end + 1, content.start), begins.end() if begins else cue.end


def _can_be_passive(text: str, at: int, row: Row) -> bool:
    """Whether a verb with "is" before it tells what is done to somebody: "is told", not "is telling".

    What has "be" in its lemma ("be convinced") does not.
    """
    word = _WORD.match(text, at)
    return not (row["lemma"].startswith("be ") or (word and word.group().lower().endswith("ing")))


def _is_first(attribution: Attribution, at: int) -> bool:
    """Whether the source stands before the verb, not after it: "was asked by Li"."""
    return attribution.source is not None and attribution.source.start < at


def _is_question(text: str, attribution: Attribution) -> bool:
    """Whether one question, word for word, is all that is said."""
    if attribution.kind != "direct" or len(attribution.content) > 1:
        return False
    (said,) = attribution.content
    return said.end - said.start < _LONGEST and _QUESTION.fullmatch(said.of(text)) is not None
