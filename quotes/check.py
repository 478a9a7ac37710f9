"""Check a registry of speakers: what would make a quote somebody else's, or nobody's."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import pairwise

from quotes.data import load
from quotes.models import Office, Speaker
from quotes.registry import Registry, plain

_SEATS: Mapping[str, str] = {row["office"]: row["seats"] for row in load("office_titles")}
_BODIES = frozenset({"UN"})  # not a country, but a code that speakers of the United Nations have
_COUNTRIES = frozenset(row["code"] for row in load("countries")) | _BODIES
_WIKIDATA = re.compile(r"Q[1-9]\d*")
_FOR_EVER = date.max


def check(registry: Registry) -> tuple[str, ...]:
    """Return the problems of a registry, each in one line; none if it is sound.

    >>> from quotes.registry import registry
    >>> check(registry())
    ()
    """
    return (
        *_speakers(registry.speakers),
        *_names(registry.speakers),
        *_offices(registry),
        *_overlaps(registry.offices),
    )


def _speakers(speakers: Sequence[Speaker]) -> Iterator[str]:
    items: dict[str, str] = {}
    for speaker in speakers:
        if speaker.country not in (None, *_COUNTRIES):
            yield f"{speaker.name}: unknown country {speaker.country}"
        if speaker.pronoun not in (None, "he", "she"):
            yield f"{speaker.name}: the pronoun must be he, she or empty, not {speaker.pronoun}"
        if speaker.wikidata is None:
            continue
        if not _WIKIDATA.fullmatch(speaker.wikidata):
            yield f"{speaker.name}: {speaker.wikidata} is no item of Wikidata"
        if other := items.get(speaker.wikidata):
            yield f"{speaker.name}: has the same item of Wikidata as {other}"
        items[speaker.wikidata] = speaker.name


def _names(speakers: Sequence[Speaker]) -> Iterator[str]:
    """Yield names that nobody could tell whom they name by."""
    claims: dict[str, set[str]] = defaultdict(set)
    seen: set[str] = set()
    for speaker in speakers:
        if speaker.name in seen:
            yield f"{speaker.name}: stands twice"
        seen.add(speaker.name)
        for name in (speaker.name, *speaker.aliases):
            claims[plain(name)].add(speaker.name)
            if name != name.strip() or not name:
                yield f"{speaker.name}: an alias is empty or begins or ends with a space"
    for name, claimants in claims.items():
        if len(claimants) > 1:
            yield f"{name}: names {' and '.join(sorted(claimants))}"


def _offices(registry: Registry) -> Iterator[str]:
    names = {speaker.name for speaker in registry.speakers}
    for office in registry.offices:
        where = f"{office.holder}, {office.office} from {office.start}"
        if office.holder not in names:
            yield f"{where}: there is no such speaker"
        if office.office not in _SEATS:
            yield f"{where}: data/office_titles.csv does not know the office"
        if office.country not in (None, *_COUNTRIES):
            yield f"{where}: unknown country {office.country}"
        if office.end is not None and office.end <= office.start:
            yield f"{where}: ends before it begins"
        if not office.source.startswith(("https://", "http://")):
            yield f"{where}: has no address where it can be checked"


def _overlaps(offices: Sequence[Office]) -> Iterator[str]:
    """Yield where two hold an office at a time that only one can hold."""
    held: dict[tuple[str, str | None, str | None], list[Office]] = defaultdict(list)
    for office in offices:
        if _SEATS.get(office.office) == "one":
            held[office.office, office.body, office.country].append(office)
    for (title, body, _), terms in held.items():
        for before, after in pairwise(sorted(terms, key=lambda term: term.start)):
            if after.start < (before.end or _FOR_EVER):
                holders = f"{before.holder} and {after.holder}"
                yield f"{title}, {body}: {holders} hold it on {after.start}"
