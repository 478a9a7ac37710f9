"""``quotes search``: find quotes by words, speaker, date, kind, act, channel and country."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import get_args

import click

from quotes.cli.terminal import InputError, counted, printable
from quotes.models import Kind
from quotes.search import Hit, Hits, Query
from quotes.search import search as find
from quotes.soundness import damaged, is_damage

DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.command(epilog='Example: quotes search pandemic "human security" --speaker xi')
@click.argument("words", nargs=-1)
@click.option(
    "--db",
    type=click.Path(path_type=Path),
    default="quotes.db",
    help="The database to search, quotes.db if not given.",
)
@click.option("--speaker", help="How the speaker's name, or a word of it, begins.")
@click.option("--since", type=DAY, help="First day it may have been said on, YYYY-MM-DD.")
@click.option("--until", type=DAY, help="Last day it may have been said on, YYYY-MM-DD.")
@click.option("--kind", type=click.Choice(get_args(Kind)), help="Only quotes of this kind.")
@click.option("--to", "addressee", help="How the name of the one it was said to begins.")
@click.option("--act", help="What its cue does, such as urges or denies.")
@click.option("--channel", help='How it was said, such as "phone call" or Twitter.')
@click.option("--about", "country", help="A country that it speaks of, by name or code.")
@click.option(
    "--limit",
    type=click.IntRange(1, 2**31),
    default=10,
    help="How many to show at most, 10 if not given.",
)
@click.option("--json", "as_json", is_flag=True, help="Write an array of JSON objects.")
def search(
    words: tuple[str, ...],
    db: Path,
    speaker: str | None,
    since: datetime | None,
    until: datetime | None,
    kind: Kind | None,
    addressee: str | None,
    act: str | None,
    channel: str | None,
    country: str | None,
    limit: int,
    as_json: bool,
) -> None:
    """Find quotes that hold all WORDS, best first.

    A word is found in any inflection, in the quote or in its source; several words in one pair of
    quotation marks are a phrase. Without WORDS come the newest quotes. Nothing found is an answer,
    too: the exit status is 0.
    """
    query = Query(
        words=" ".join(_phrase(word) for word in words),
        speaker=speaker,
        since=since.date() if since else None,
        until=until.date() if until else None,
        kind=kind,
        addressee=addressee,
        act=act,
        channel=channel,
        country=country,
        limit=limit,
    )
    try:
        hits = find(db, query)
    except sqlite3.Error as error:
        if is_damage(error) and "not a database" not in str(error):
            raise InputError(damaged(db, error)) from None
        raise InputError(f"{db} is no database of quotes that can be read: {error}") from None
    click.echo(_as_json(hits) if as_json else "\n".join(_blocks(hits)))


def _phrase(argument: str) -> str:
    """Mark what the shell took for one word as a phrase.

    >>> _phrase("human security"), _phrase("trade"), _phrase('"so be it" said')
    ('"human security"', 'trade', '"so be it" said')
    """
    return f'"{argument}"' if " " in argument.strip() and '"' not in argument else argument


def _as_json(hits: Hits) -> str:
    # ASCII only: escapes keep a text's control characters from the terminal.
    return json.dumps([asdict(hit) for hit in hits.best], indent=2)


def _blocks(hits: Hits) -> Iterator[str]:
    for hit in hits.best:
        yield _emphasized(hit)
        facts = [_who(hit), hit.said_on or "date not known", hit.kind, *_told(hit)]
        yield "  " + printable(", ".join(facts))
        article = [part for part in (hit.publisher, hit.title) if part] or [hit.path]
        yield "  " + printable(": ".join(article))
        yield f"  {hit.uid}\n"
    yield (
        f"{counted(hits.total, 'quote')} found, {len(hits.best):,} shown."
        if hits.total
        else "No quotes found."
    )


def _told(hit: Hit) -> Iterator[str]:
    if hit.act and hit.act != "asserts":
        yield hit.act
    if hit.addressee:
        yield f"to {hit.addressee}"
    if hit.channel:
        yield hit.channel
    if hit.relayed_by:
        yield f"relayed by {hit.relayed_by}"


def _who(hit: Hit) -> str:
    return hit.speaker or f"speaker not known ({hit.source or 'nobody named'})"


def _emphasized(hit: Hit) -> str:
    """Return the words of *hit* with those searched for in bold, which only a terminal gets."""
    parts, done = [], 0
    for mark in hit.marks:
        parts.append(printable(hit.text[done : mark.start]))
        parts.append(click.style(printable(mark.of(hit.text)), bold=True))
        done = mark.end
    return "".join([*parts, printable(hit.text[done:])])
