"""Read one mention of somebody: "Trump", "him", "the French president", "US President Ann Lee"."""

from __future__ import annotations

import re

from quotes.data import load
from quotes.models import Span


def _any(role: str) -> str:
    return "|".join(row["word"] for row in load("mentions") if row["role"] == role)


def _press(*kinds: str) -> str:
    return "|".join(re.escape(row["phrase"]) for row in load("press") if row["kind"] in kinds)


_MOST = 8  # words
_WORD = re.compile(r"@?[^\W_](?:[\w&]|['’-](?=\w)|(?<=\.\w)\.|(?<=\b\w)\.(?=\w))*['’]?s?")
_GAP = re.compile(r"[ \u00a0]+|\n(?! *\n)")
_ABBREVIATED = re.compile(r"\.(?=[ \u00a0])")
_PRONOUN = re.compile(rf"(?:{_any('pronoun')})\b")
_DETERMINER = re.compile(rf"(?:{_any('determiner')})\b", re.IGNORECASE)
_STOP = re.compile(rf"(?:{_any('stop')})")
_OF = re.compile(r"[ \u00a0]+of[ \u00a0]+(?:the[ \u00a0]+)?(?=[A-Z])")
_TITLES = {row["title"]: row["kind"] for row in load("titles")}
_HEADS = frozenset(row["word"] for row in load("mentions") if row["role"] == "head")
_THINGS = frozenset(row["word"] for row in load("mentions") if row["role"] == "thing")
_CUES = frozenset(row["form"] for row in load("cues"))
_ANOTHER = re.compile(r"[,\s]*(?:,\s|\b(?:and|or)\b|&)\s*(?P<next>[\w’'-]+)?")
_CAPITAL = r"[A-Z][\w.’'-]{0,40}"
_LISTED = re.compile(
    rf",\s+(?:{_CAPITAL}\s+){{1,4}}(?:and|or|&)\s"
    rf"|,\s+(?:{_CAPITAL}\s+){{0,3}}{_CAPITAL},\s+(?:and\s+)?[A-Z]"
)

_OUTLETS = re.compile(rf"(?<!\w)(?:{_press('outlet', 'television', 'radio')})(?!\w)")
_CROWD = re.compile(r"(?:.*\s)?[A-Z]\w+(?:ians|icans|dans)")  # Canadians, Mexicans
_THE_OUTLET = re.compile(rf"(?:{_press('outlet', 'television', 'radio')})(?![\w-])")
_STATION = re.compile(r"[KW][A-Z]{2,3}(?:-(?:TV|AM|FM))?")  # stations in America
_OF_OUTLET = re.compile(
    rf",?\s+(?:of|from|at|with)\s+(?:[Tt]he\s+)?(?:{_press('outlet', 'television', 'radio')}"
    rf"|(?:[A-Z][\w’'-]+\s+){{0,3}}?(?:{_press('ending')})(?!\s+[A-Z]))(?!\w)"
)
_PAPER = re.compile(rf".*\s(?:{_press('ending')})(?:['’]s?\b.*)?")
_PRESS = re.compile(rf"\b(?:{_press('people')})(?:['’]s?)?\b")
_PUBLIC = re.compile(rf"(?:.*\s)?(?:{_press('public', 'event')})", re.IGNORECASE)
_KNOWN = [row["phrase"] for row in load("press") if row["kind"] == "journalist"]
# "Host Ann Lee", "CNN's Ann Lee": journalists, wherever they are named.
_JOURNALIST = re.compile(
    rf"\b(?:(?i:{_press('people')})|(?:{_press('outlet', 'television', 'radio')})['’]s?)"
    r"\s+(?:(?:anchor|host|reporter|correspondent)\s+)?(?P<name>[A-Z][\w’'-]+(?:\s+[A-Z][\w’'-]+){1,2})"
)


def read_mention(text: str, start: int, end: int) -> Span | None:
    """Return the mention at *start*, up to *end* at most; None where none stands there.

    >>> text = "told US President Ann Lee on Friday"
    >>> read_mention(text, 5, len(text)).of(text)
    'US President Ann Lee'
    >>> text = "told Lee and Berg"
    >>> read_mention(text, 5, len(text)) is None
    True
    """
    start = _skip(text, start)
    if (pronoun := _PRONOUN.match(text, start, end)) and not _goes_on(text, pronoun.end(), end):
        return None if _is_list(text, pronoun.end(), end) else Span(*pronoun.span())
    determiner = _DETERMINER.match(text, start, end)
    first = _skip(text, determiner.end()) if determiner else start
    done = _run(text, first, end, free=determiner is not None)
    if done is None:
        return None
    if (of := _OF.match(text, done, end)) and _is_head(text[first:done].split()[-1]):
        done = _run(text, of.end(), end, free=False) or done
    span = Span(start, done)
    return None if len(span.of(text).split()) > _MOST or _is_list(text, done, end) else span


def _skip(text: str, at: int) -> int:
    gap = _GAP.match(text, at)
    return gap.end() if gap else at


def _goes_on(text: str, at: int, end: int) -> bool:
    """Whether a word of the same mention follows: "her aide", but not "her that"."""
    gap = _GAP.match(text, at, end)
    word = _WORD.match(text, gap.end(), end) if gap else None
    if word is None or _STOP.fullmatch(word.group()):
        return False
    return _is_head(word.group()) or _run(text, word.start(), end, free=True) is not None


def _run(text: str, at: int, end: int, *, free: bool) -> int | None:
    """Return where a run of words ends that may be a name or a title, None where none begins.

    After a name a small word belongs to it only if it is *free* to ("the Lee campaign"), or a title
    or a body ("White House spokesman").
    """
    done = None
    named = False
    for _ in range(_MOST):
        word = _WORD.match(text, at, end)
        if word is None or _STOP.fullmatch(word.group()) or word.end() > end:
            break
        if word.group()[0].isdigit():
            return None  # "3,000 people" are a crowd
        capital = word.group()[0].isupper() or word.group()[0] == "@"
        if named and not capital and not free and not _is_head(word.group()):
            return done if word.group().endswith("ly") else None
        done = word.end()
        named = named or capital
        free = free or word.group().endswith(("'s", "’s"))
        initial = len(word.group()) == 1 or _TITLES.get(word.group().lower()) == "honorific"
        dot = _ABBREVIATED.match(text, done, end) if initial else None
        gap = _GAP.match(text, dot.end() if dot else done, end)
        if gap is None:
            break
        at = gap.end()
    return done


def _is_head(word: str) -> bool:
    word = word.lower()
    return word in _HEADS or _TITLES.get(word) in ("person", "organization", "group", "honorific")


def _is_list(text: str, at: int, end: int) -> bool:
    """Whether another one is named beside this one; "told Lee and left" names none."""
    if _LISTED.match(text, at, end):
        return True
    found = _ANOTHER.match(text, at, end)
    if not found or not re.search(r"and|or|&", found.group()[: found.start("next") - at]):
        return False
    return found["next"] not in _CUES


def is_somebody(mention: str) -> bool:
    """Whether a mention is of one person or organization, and neither the press nor a crowd.

    >>> [is_somebody(words) for words in ("the French president", "CNN", "his supporters")]
    [True, False, False]
    """
    if mention in ("him", "her"):
        return True
    if _THE_OUTLET.match(re.sub(r"^(?:[Tt]he)\s+", "", mention)) or _THE_OUTLET.match(mention):
        return False
    if (
        _STATION.fullmatch(mention)
        or any(" " in name for name in _OUTLETS.findall(mention))
        or _CROWD.fullmatch(mention)
    ):
        return False
    if _PAPER.fullmatch(mention) or _PRESS.search(mention) or _PUBLIC.fullmatch(mention):
        return False
    words = _DETERMINER.sub("", mention, count=1).split() or [mention]
    last = words[-1].lower()
    if last in _THINGS:
        return False
    if words[-1][0].islower():
        return _is_head(last) and _TITLES.get(last) != "group" and not _is_plural(last)
    return last not in _TITLES or not _is_plural(last)


def _is_plural(word: str) -> bool:
    return word.endswith("s") and not word.endswith("ss") and _TITLES.get(word) in (None, "group")


def journalists(text: str) -> frozenset[str]:
    """Return the surnames of those whom a text introduces as journalists.

    >>> sorted(journalists("Lee met CNN's Rita Holm and the radio host Bob Berg."))
    ['Berg', 'Holm']
    """
    found = {match["name"] for match in _JOURNALIST.finditer(text)}
    found |= {name for name in _KNOWN if name in text}
    return frozenset(name.split()[-1] for name in found)


def is_of_the_press(text: str, end: int) -> bool:
    """Whether a mention that ends there goes on with where he or she works: "Ann Lee of CNN"."""
    return _OF_OUTLET.match(text, end) is not None
