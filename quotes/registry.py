"""The speakers that we know by name, and the offices they hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from quotes.data import load
from quotes.models import Office, Speaker


@dataclass(frozen=True, slots=True)
class Registry:
    """Speakers with their offices; ``by_name`` leads from every unambiguous name to its speaker."""

    speakers: tuple[Speaker, ...]
    offices: tuple[Office, ...]
    by_name: Mapping[str, Speaker]


@cache
def registry() -> Registry:
    """Return the registry of ``data/speakers.csv`` and ``data/offices.csv``.

    >>> registry().by_name["Xi"].name
    'Xi Jinping'
    """
    speakers = tuple(_speaker(row) for row in load("speakers"))
    offices = tuple(_office(row) for row in load("offices"))
    claims: dict[str, list[Speaker]] = {}
    for speaker in speakers:
        for name in {speaker.name, *speaker.aliases}:
            claims.setdefault(name, []).append(speaker)
    by_name = {name: claimants[0] for name, claimants in claims.items() if len(claimants) == 1}
    return Registry(speakers, offices, by_name)


def _speaker(row: dict[str, str]) -> Speaker:
    return Speaker(
        name=row["name"],
        kind="organization" if row["kind"] == "organization" else "person",
        aliases=tuple(filter(None, row["aliases"].split("|"))),
        country=row["country"] or None,
        wikidata=row["wikidata"] or None,
        pronoun=row["pronoun"] or None,
        listed=True,
    )


def _office(row: dict[str, str]) -> Office:
    return Office(
        holder=row["holder"],
        office=row["office"],
        body=row["body"] or None,
        country=row["country"] or None,
        start=date.fromisoformat(row["start"]),
        end=date.fromisoformat(row["end"]) if row["end"] else None,
        source=row["source"],
    )
