"""Measure whether speakers are right, on statements whose speaker people noted by hand.

The notes are JSON Lines, an object a statement: ``article`` (the name of a text file without its
ending), ``source``, ``cue`` and ``content`` (lists of ``[start, end]``), ``kind`` (``person``,
``organization``, ``group``, ``unnamed``, ``none``) and ``speaker`` (a name, or null).
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from quotes.annotations import AnnotationError, Marked
from quotes.compare import Compared, compared, match
from quotes.context.addressees import addressees
from quotes.models import Article, Attribution, Quote, Resolution, Span, Speaker
from quotes.registry import registry
from quotes.resolve import resolve
from quotes.segment import segment

_GENERATIONS = frozenset({"jr", "sr", "ii", "iii", "iv"})

Verdict = Literal[
    "right",
    "wrong person",
    "not a person",
    "unknown",
    "not found",
    "invented person",
    "no person",
]


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement noted by hand: its spans, of what kind its speaker is, and his name if known."""

    article: str
    marked: Marked
    kind: str
    speaker: str | None


@dataclass(frozen=True, slots=True)
class Judged:
    """A statement, by which method a speaker was found for it (None: nobody was), and a verdict.

    A person's statement is ``right``, of the ``wrong person``, of an organization (``not a
    person``), of nobody (``unknown``) or ``not found`` at all. Any other is an ``invented person``
    or ``no person``.
    """

    statement: Statement
    speaker: Speaker | None
    method: str | None
    verdict: Verdict


def read_statements(path: Path) -> tuple[Statement, ...]:
    """Return the statements of a file that have content, in its order.

    Raises:
        AnnotationError: the file can't be read, or a line is not such an object.
    """
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise AnnotationError(f"{path}: can't be read: {error}") from None
    statements = [_statement(line, f"{path}, line {n}") for n, line in enumerate(lines, 1)]
    return tuple(statement for statement in statements if statement.marked.content)


def _statement(line: str, where: str) -> Statement:
    try:
        row = json.loads(line)
        spans = [tuple(Span(*pair) for pair in row[role]) for role in ("content", "cue", "source")]
        return Statement(row["article"], Marked(*spans), row["kind"], row["speaker"])
    except (ValueError, TypeError, KeyError) as error:
        raise AnnotationError(f"{where}: not a statement with its speaker ({error!r})") from None


def from_spans(article: Article, statements: Sequence[Statement]) -> list[Judged]:
    """Say who speaks in statements whose spans are given, and judge that."""
    ordered = sorted(statements, key=lambda statement: statement.marked.content)
    attributions = [_attribution(statement.marked) for statement in ordered]
    segments = segment(article.text)
    spoken_to = addressees(article.text, segments, attributions)
    found = resolve(article, segments, attributions, spoken_to)
    return [_judge(statement, who) for statement, who in zip(ordered, found, strict=True)]


def from_text(
    article: Article, statements: Sequence[Statement], quotes: Sequence[Quote], *, half: bool
) -> list[Judged]:
    """Judge who speaks in the quotes that were found in an article.

    A statement is found that is paired, as ``quotes.compare`` does it, with a quote of any of its
    words; of *half* of them, if so wanted.
    """
    pairs = _pairs(article.text, statements, quotes, half=half)
    return [_judge(statement, quote.resolution if quote else None) for statement, quote in pairs]


def _attribution(marked: Marked) -> Attribution:
    return Attribution(marked.content, _whole(marked.cue), _whole(marked.source), "indirect")


def _whole(spans: Sequence[Span]) -> Span | None:
    return Span(spans[0].start, spans[-1].end) if spans else None


def _judge(statement: Statement, found: Resolution | None) -> Judged:
    """Compare whom we found (None: we did not find the statement) with whom people noted."""
    speaker = found.speaker if found else None
    method = found.method if found else None
    return Judged(statement, speaker, method, _verdict(statement, found, speaker))


def _verdict(statement: Statement, found: Resolution | None, speaker: Speaker | None) -> Verdict:
    is_person = speaker is not None and speaker.kind == "person"
    if statement.kind != "person":
        return "invented person" if is_person else "no person"
    if found is None:
        return "not found"
    if speaker is None:
        return "unknown"
    if not is_person:
        return "not a person"
    return "right" if same_person(statement.speaker or "", speaker) else "wrong person"


def same_person(name: str, speaker: Speaker) -> bool:
    """Whether a name noted by hand is the speaker's: all of its words, or its first and last ones.

    "Jr." may be left out, but for a person of the registry, whose name is his own.

    >>> same_person("Ann Lee", Speaker("Ann B. Lee")), same_person("Ann Lee", Speaker("Ann Lee Jr"))
    (True, True)
    >>> same_person("Donald Trump", Speaker("Donald Trump Jr"))
    False
    """
    listed = registry().by_name.get(name)
    if listed and speaker.listed:
        return listed == speaker
    left_out = () if listed else _GENERATIONS
    wanted = _words(name, left_out)
    forms = [_words(form, left_out) for form in (speaker.name, *speaker.aliases)]
    return any(wanted == form or _outer(wanted) == _outer(form) != () for form in forms)


def _words(name: str, left_out: Collection[str]) -> tuple[str, ...]:
    plain = unicodedata.normalize("NFKD", name.casefold())
    words = re.findall(r"\w+", "".join(c for c in plain if not unicodedata.combining(c)))
    return tuple(word for word in words if word not in left_out)


def _outer(words: Sequence[str]) -> tuple[str, ...]:
    return (words[0], words[-1]) if len(words) > 1 else ()


def _pairs(
    text: str, statements: Sequence[Statement], quotes: Sequence[Quote], *, half: bool
) -> Iterator[tuple[Statement, Quote | None]]:
    """Yield each statement with the quote of the same words, None if there is none."""
    by_compared: dict[Compared, list[Quote]] = defaultdict(list)
    for quote in quotes:
        for one in compared(text, [quote.attribution]):
            by_compared[one].append(quote)
    known: dict[Compared, list[Statement]] = defaultdict(list)
    for statement in statements:
        for one in compared(text, [statement.marked]):
            known[one].append(statement)
    gold = [one for one, many in known.items() for _ in many]
    found = [one for one, many in by_compared.items() for _ in many]
    for matched in match(gold, found):
        if matched.gold:
            partner = matched.found if matched.half or not half else None
            yield known[matched.gold].pop(), by_compared[partner].pop() if partner else None


@dataclass(frozen=True, slots=True)
class Score:
    """How often speakers are right.

    Args:
        persons: statements of persons; of these ``found``, ``named`` (a person was found for them)
            and ``right``.
        others: statements of organizations, groups, unnamed sources or none, of these ``invented``:
            a person was found.
    """

    persons: int
    found: int
    named: int
    right: int
    others: int
    invented: int

    @property
    def recall(self) -> float:
        """The share of the statements of persons, found or not, that have the right one."""
        return self.right / max(self.persons, 1)

    @property
    def recall_of_found(self) -> float:
        """The share of the statements of persons that were found that have the right one."""
        return self.right / max(self.found, 1)

    @property
    def precision(self) -> float:
        """The share of the persons named for statements of persons that are right."""
        return self.right / max(self.named, 1)

    @property
    def invention(self) -> float:
        """The share of the statements of no person for which one was named."""
        return self.invented / max(self.others, 1)


def score(judged: Iterable[Judged]) -> Score:
    """Count the verdicts.

    >>> said = Statement("a", Marked((), (), ()), "person", "Ann Lee")
    >>> score([Judged(said, None, None, "unknown")]).recall
    0.0
    """
    counts = Counter(one.verdict for one in judged)
    others = counts["invented person"] + counts["no person"]
    named = counts["right"] + counts["wrong person"]
    found = named + counts["not a person"] + counts["unknown"]
    return Score(
        persons=found + counts["not found"],
        found=found,
        named=named,
        right=counts["right"],
        others=others,
        invented=counts["invented person"],
    )


def by_method(judged: Iterable[Judged]) -> dict[str, Score]:
    """Score the statements of each method by which a speaker was found, most frequent first."""
    parts: dict[str, list[Judged]] = defaultdict(list)
    for one in judged:
        if one.method:
            parts[one.method].append(one)
    return {method: score(parts[method]) for method in sorted(parts, key=lambda m: -len(parts[m]))}


def mistakes(judged: Iterable[Judged]) -> dict[str, int]:
    """Count the mistakes of each type."""
    counts = Counter(one.verdict for one in judged)
    return {name: counts[name] for name in get_args(Verdict) if name not in ("right", "no person")}
