"""Compare attributions: by their characters, and one to one.

Of a span those characters count that are neither white space nor one of ``.,;:!?`` nor a quotation
mark. Attributions of one article pair one to one, those with most of their content in common first.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from quotes.annotations import Marked
from quotes.models import Attribution, Kind, Span
from quotes.segment import segment

Mistake = Literal["missed", "invented", "wrong border", "wrong source", "split", "merged"]

_NEVER_COUNT = frozenset(".,;:!?\"'`´“”„‟‘’‚‛«»‹›「」『』＂＇")


@dataclass(frozen=True, slots=True)
class Compared:
    """An attribution as it is compared: the characters that count, by their offsets."""

    content: frozenset[int]
    cue: frozenset[int]
    source: frozenset[int]
    kind: Kind
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Match:
    """Two attributions that were paired, or one that has no partner (the other is None).

    Args:
        shared: what part of the characters of either content both have, from 0 to 1.
        touched: whether any attribution of the other side has characters of its content.
    """

    gold: Compared | None
    found: Compared | None
    shared: float = 0.0
    touched: bool = False

    @property
    def kind(self) -> Kind:
        """The kind by hand; of what was found where there is none."""
        known = self.gold or self.found
        assert known is not None  # noqa: S101  (one of them is given)
        return known.kind

    @property
    def half(self) -> bool:
        """Whether the contents have at least half of their characters in common."""
        return self.shared >= 0.5

    @property
    def mistakes(self) -> tuple[Mistake, ...]:
        """What is wrong.

        Without a partner an attribution was ``missed`` or ``invented`` where nothing touches it;
        what was found beside a better part of the same attribution ``split`` it, and one by hand
        whose words went to another was ``merged``. In a pair, contents that aren't equal have a
        ``wrong border``, sources that share no character are a ``wrong source``.
        """
        if self.gold is None:
            return ("split",) if self.touched else ("invented",)
        if self.found is None:
            return ("merged",) if self.touched else ("missed",)
        borders: tuple[Mistake, ...] = () if self.shared == 1 else ("wrong border",)
        return borders if same_source(self.gold, self.found) else (*borders, "wrong source")


def same_source(gold: Compared, found: Compared) -> bool:
    """Whether the sources share a character that counts, or there is none on either side."""
    return bool(gold.source & found.source) or not (gold.source or found.source)


def compared(text: str, attributions: Iterable[Marked | Attribution]) -> tuple[Compared, ...]:
    """Return attributions of a text as they are compared.

    One whose content has no character that counts is left out. The kind follows from these
    characters, for those marked by hand as for those found.
    """
    quotations = [q for q in segment(text).quotations if q.depth == 0 and q.ending != "missing"]
    quoted = counted(text, [quotation.span for quotation in quotations])
    every = (_compared(text, quoted, attribution) for attribution in attributions)
    return tuple(one for one in every if one.content)


def _compared(text: str, quoted: frozenset[int], given: Marked | Attribution) -> Compared:
    content = counted(text, given.content)
    outside = content - quoted
    kind: Kind = "direct" if not outside else "indirect" if outside == content else "mixed"
    if isinstance(given, Marked):
        cue, source, confidence = given.cue, given.source, 1.0
    else:
        cue, source = _parts(given.cue), _parts(given.source)
        confidence = given.confidence
    return Compared(content, counted(text, cue), counted(text, source), kind, confidence)


def _parts(span: Span | None) -> tuple[Span, ...]:
    return (span,) if span else ()


def counted(text: str, spans: Iterable[Span]) -> frozenset[int]:
    """Return the offsets of the characters of some spans that count."""
    return frozenset(
        offset
        for span in spans
        for offset in range(span.start, span.end)
        if text[offset] not in _NEVER_COUNT and not text[offset].isspace()
    )


def match(gold: Iterable[Compared], found: Iterable[Compared]) -> tuple[Match, ...]:
    """Pair attributions of one article one to one, in whatever order they come.

    Those with the largest share of characters in common come first; of equal ones those with the
    same cue, then with the same source, then those first in the text.
    """
    golds, founds = sorted(gold, key=_order), sorted(found, key=_order)
    holders: dict[int, list[int]] = defaultdict(list)
    for at, one in enumerate(golds):
        for offset in one.content:
            holders[offset].append(at)
    common = Counter(
        (holder, at)
        for at, one in enumerate(founds)
        for offset in one.content
        for holder in holders.get(offset, ())
    )
    shares = {
        (i, j): count / (len(golds[i].content) + len(founds[j].content) - count)
        for (i, j), count in common.items()
    }

    def best_first(pair: tuple[int, int]) -> tuple[float, bool, bool, int, int]:
        one, other = golds[pair[0]], founds[pair[1]]
        return -shares[pair], one.cue != other.cue, one.source != other.source, *pair

    partner: dict[int, int] = {}
    taken: set[int] = set()
    for i, j in sorted(shares, key=best_first):
        if i not in partner and j not in taken:
            partner[i] = j
            taken.add(j)
    touched_golds, touched_founds = {i for i, _ in shares}, {j for _, j in shares}
    return (
        *(
            Match(one, founds[partner[i]], shares[i, partner[i]], touched=True)
            if i in partner
            else Match(one, None, touched=i in touched_golds)
            for i, one in enumerate(golds)
        ),
        *(
            Match(None, one, touched=j in touched_founds)
            for j, one in enumerate(founds)
            if j not in taken
        ),
    )


def _order(one: Compared) -> tuple[list[int], list[int], list[int], str, float]:
    return sorted(one.content), sorted(one.cue), sorted(one.source), one.kind, one.confidence
