"""Measure the quotes found in articles against those marked by hand.

Every figure is a count of what is right beside how many there are by hand and how many were found,
summed over articles. Of an article with several annotators the first in order of name is measured
against; how well the annotators agree with each other tells how right one can be.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, groupby
from math import fsum
from typing import get_args

from quotes.annotations import Annotated, Marked
from quotes.compare import Match, Mistake, compared, match, same_source
from quotes.models import Article, Attribution, Kind
from quotes.pipeline import find

Finder = Callable[[Article], Iterable[Attribution]]

_BINS = 10
_OF_PAIRS = ("overlap", "half", "exact", "cue", "attr", "full")
MEASURES = ("content_token", *_OF_PAIRS, "source overlap")


@dataclass(frozen=True, slots=True)
class Tally:
    """How many there are by hand, how many were found, and how many of these are right."""

    gold: int = 0
    found: int = 0
    right: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.gold + other.gold, self.found + other.found, self.right + other.right)

    @property
    def precision(self) -> float:
        """The share, from 0 to 1, of what was found that is right; 1 where nothing is to find."""
        return self.right / self.found if self.found else float(not self.gold)

    @property
    def recall(self) -> float:
        """The share, from 0 to 1, of what there is that was found; 1 where nothing is."""
        return self.right / self.gold if self.gold else float(not self.found)

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall, from 0 to 1.

        >>> Tally(gold=4, found=2, right=2).f1, Tally().f1
        (0.6666666666666666, 1.0)
        """
        both = self.gold + self.found
        return 2 * self.right / both if both else 1.0


Scores = Mapping[str, Tally]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What was found in an article, matched with what is there by hand."""

    name: str
    publisher: str
    matches: tuple[Match, ...]


@dataclass(frozen=True, slots=True)
class Bin:
    """The quotes of one confidence, or of a tenth of the scale.

    Args:
        confidence: their mean.
        right: the share of them that are right by half.
    """

    confidence: float
    quotes: int
    right: float


def score(comparisons: Iterable[Comparison]) -> dict[str, Tally]:
    """Return the tally of every measure.

    - ``content_token``: characters inside any content.
    - ``overlap``: pairs; they share at least one character of content.
    - ``half``: pairs that share at least half of the characters that either content has.
    - ``exact``: pairs whose contents are equal.
    - ``cue``: pairs whose cues are equal, or that have none.
    - ``attr``: ``half``, and the sources share a character or there are none.
    - ``full``: pairs with content, cue and source equal.
    - ``source overlap``: pairs whose sources share a character, among attributions with a source.
    """
    total = dict.fromkeys(MEASURES, Tally())
    for comparison in comparisons:
        for measure, tally in _score(comparison.matches).items():
            total[measure] += tally
    return total


def _score(matches: Sequence[Match]) -> dict[str, Tally]:
    gold = [match.gold for match in matches if match.gold]
    found = [match.found for match in matches if match.found]
    right = Counter(measure for match in matches for measure in _right(match))
    inside_gold = frozenset().union(*(one.content for one in gold))
    inside_found = frozenset().union(*(one.content for one in found))
    characters = Tally(len(inside_gold), len(inside_found), len(inside_gold & inside_found))
    sources = sum(bool(one.source) for one in gold), sum(bool(one.source) for one in found)
    return {
        "content_token": characters,
        **{measure: Tally(len(gold), len(found), right[measure]) for measure in _OF_PAIRS},
        "source overlap": Tally(*sources, right["source overlap"]),
    }


def _right(match: Match) -> Iterator[str]:
    """Yield the measures by which a match is right."""
    gold, found = match.gold, match.found
    if gold is None or found is None:
        return
    checks = {
        "overlap": True,
        "half": match.half,
        "exact": gold.content == found.content,
        "cue": gold.cue == found.cue,
        "attr": match.half and same_source(gold, found),
        "full": (gold.content, gold.cue, gold.source) == (found.content, found.cue, found.source),
        "source overlap": bool(gold.source & found.source),
    }
    yield from (measure for measure, is_right in checks.items() if is_right)


def found_in(article: Article) -> tuple[Attribution, ...]:
    """Return the outermost attributions that we find, as those marked by hand are."""
    return outermost(find(article.text))


def outermost(attributions: Iterable[Attribution]) -> tuple[Attribution, ...]:
    """Return the attributions that stand in no other one."""
    return tuple(attribution for attribution in attributions if attribution.outer is None)


def evaluate(annotated: Iterable[Annotated], find: Finder = found_in) -> tuple[Comparison, ...]:
    """Compare what *find* finds in each article with what its first annotator marked."""
    return tuple(
        _comparison(first, find(first.article))
        for _, (first, *_) in groupby(annotated, key=lambda one: one.article)
    )


def agreement(annotated: Iterable[Annotated]) -> tuple[Comparison, ...]:
    """Compare every two annotators of each article, once."""
    return tuple(
        _comparison(one, other.attributions)
        for _, versions in groupby(annotated, key=lambda one: one.article)
        for one, other in combinations(versions, 2)
    )


def _comparison(gold: Annotated, found: Iterable[Marked | Attribution]) -> Comparison:
    text = gold.article.text
    matches = match(compared(text, gold.attributions), compared(text, found))
    return Comparison(gold.name, gold.article.publisher or "", matches)


def by_kind(comparisons: Sequence[Comparison]) -> dict[str, Scores]:
    """Score each kind; a pair is of the kind that its attribution by hand has."""
    return {
        kind: score(
            replace(one, matches=tuple(match for match in one.matches if match.kind == kind))
            for one in comparisons
        )
        for kind in get_args(Kind)
    }


def by_publisher(comparisons: Iterable[Comparison]) -> dict[str, Scores]:
    """Score each publisher, in order of name."""
    parts: dict[str, list[Comparison]] = defaultdict(list)
    for comparison in comparisons:
        parts[comparison.publisher].append(comparison)
    return {publisher: score(parts[publisher]) for publisher in sorted(parts)}


def mistakes(comparisons: Iterable[Comparison]) -> dict[Mistake, int]:
    """Count the mistakes of each type; a pair may have two."""
    counts = Counter(
        mistake
        for comparison in comparisons
        for match in comparison.matches
        for mistake in match.mistakes
    )
    return {mistake: counts[mistake] for mistake in get_args(Mistake)}


def worst(comparisons: Iterable[Comparison], count: int = 20) -> tuple[Comparison, ...]:
    """Return the articles with the lowest F1 by ``half``; of equal ones the longer first."""

    def rank(comparison: Comparison) -> tuple[float, int, str]:
        half = _score(comparison.matches)["half"]
        return half.f1, -half.gold - half.found, comparison.name

    return tuple(sorted(comparisons, key=rank)[:count])


def calibration(comparisons: Iterable[Comparison]) -> tuple[Bin, ...]:
    """Return how often quotes of each confidence are right by ``half``, least confident first.

    Where there are more than ten values of confidence, each tenth of the scale is one bin.
    """
    found = [(m.found.confidence, m.half) for one in comparisons for m in one.matches if m.found]
    single = len({confidence for confidence, _ in found}) <= _BINS

    def bin_of(pair: tuple[float, bool]) -> float:
        return pair[0] if single else min(int(pair[0] * _BINS), _BINS - 1)

    return tuple(_bin([*pairs]) for _, pairs in groupby(sorted(found, key=bin_of), key=bin_of))


def _bin(pairs: Sequence[tuple[float, bool]]) -> Bin:
    confidence = fsum(confidence for confidence, _ in pairs) / len(pairs)
    return Bin(confidence, len(pairs), sum(right for _, right in pairs) / len(pairs))


def calibration_error(bins: Sequence[Bin]) -> float:
    """Return the expected calibration error, from 0 to 1: how far off confidence is on average.

    >>> calibration_error([Bin(0.5, quotes=10, right=0.5), Bin(0.75, quotes=10, right=0.5)])
    0.125
    """
    quotes = sum(one.quotes for one in bins)
    return fsum(one.quotes * abs(one.confidence - one.right) for one in bins) / max(quotes, 1)
