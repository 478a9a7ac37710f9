"""Take out who only passes a statement on: "Xi said so, the paper reported" is what Xi said.

The paper's attribution holds nothing but another one. It is no quote of its own then: the statement
inside is the quote, and names the paper as its relay. A person who tells what another one said is
quoted, too: both stay, linked.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from quotes.data import load
from quotes.models import LONGEST_NAME, Attribution, Quote, Span

_TITLES = {row["title"]: row["kind"] for row in load("titles")}
_PERSONS = frozenset(title for title, kind in _TITLES.items() if kind in ("person", "honorific"))
_ORGANIZATIONS = frozenset(title for title, kind in _TITLES.items() if kind == "organization")
_PRONOUNS = frozenset(row["word"] for row in load("pronouns"))
_REPORTING = frozenset(
    row["form"] for row in load("cues") if row["lemma"] in ("report", "according to")
)
_WORD = re.compile(r"[\w’'-]+")
_BESIDE = 1 / 3  # of what is passed on: "In a phone call with her, Xi said …"


def relay(text: str, quotes: Sequence[Quote]) -> tuple[Quote, ...]:
    """Return the quotes of a text without relays; what these pass on names them instead."""
    relays = {
        quote.outer
        for quote in quotes
        if quote.outer is not None
        and _passes_on(text, quotes[quote.outer])
        and _fills(text, quote.attribution, quotes[quote.outer].attribution)
    }
    kept = [number for number in range(len(quotes)) if number not in relays]
    places = {number: place for place, number in enumerate(kept)}
    found = []
    for quote in (quotes[number] for number in kept):
        told, outer = quote.context, None
        if quote.outer in relays:
            source = quotes[quote.outer].attribution.source
            told = replace(told, relayed_by=_named(text, source) if source else None)
        elif quote.outer is not None:
            outer = places[quote.outer]
            # The outer sentence tells when and where it was told, not when it was first said.
            told = replace(told, said_on=None, channel=None)
        found.append(replace(quote, context=told, outer=outer))
    return tuple(found)


def _named(text: str, source: Span) -> str | None:
    """Return the words for who passes a statement on, None where they are too many for a name."""
    words = source.of(text)
    return words if len(words) <= LONGEST_NAME else None


def _passes_on(text: str, quote: Quote) -> bool:
    """Whether an outlet or an office speaks, in its own words."""
    attribution, speaker = quote.attribution, quote.resolution.speaker
    source, cue = attribution.source, attribution.cue
    if source is None or cue is None or attribution.kind == "direct":
        return False
    if speaker is not None:
        return speaker.kind == "organization"
    words = {word.lower() for word in _WORD.findall(source.of(text))}
    if words & (_PERSONS | _PRONOUNS):
        return False
    return bool(words & _ORGANIZATIONS) or cue.of(text).lower().split()[0] in _REPORTING


def _fills(text: str, inner: Attribution, outer: Attribution) -> bool:
    """Whether little of the outer content stands beside the inner attribution."""
    said = sum(len(_WORD.findall(span.of(text))) for span in outer.content)
    inside = len(_WORD.findall(inner.extent.of(text)))
    return said - inside <= _BESIDE * said
