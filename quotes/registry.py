"""The speakers that we know by name, and the offices they hold.

Ours are in ``data/speakers.csv`` and ``data/offices.csv``. A user's own file has the columns of the
first, of which only ``name`` must be there, and may have those of the second behind them, so that
one line is enough for a leader; who holds several offices has a line for each.
"""

from __future__ import annotations

import csv
import hashlib
import io
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from quotes.data import load
from quotes.models import Office, Speaker

SPEAKER = ("name", "kind", "aliases", "country", "wikidata", "pronoun")
OFFICE = ("office", "body", "start", "end", "source")

Row = Mapping[str, str]


class RegistryError(ValueError):
    """A registry file can't be used; the message says in one line what is wrong, and where."""


@dataclass(frozen=True, slots=True)
class Registry:
    """Speakers with their offices.

    Args:
        by_name: from every name that only one speaker has, as ``plain`` gives it, to that speaker.
        by_office: from the name of an office to all its holders.
        digest: the same for the same speakers and offices, else another one.
    """

    speakers: tuple[Speaker, ...]
    offices: tuple[Office, ...]
    by_name: Mapping[str, Speaker]
    by_office: Mapping[str, tuple[Office, ...]]
    digest: str

    def named(self, name: str) -> Speaker | None:
        """Return whom a name names by itself, with accents and the last full stop or without.

        >>> registry().named("XI JINPING") == registry().named("Xi Jinping")
        True
        """
        known = self.by_name.get(plain(name))
        return known or (self.by_name.get(plain(name.title())) if name.isupper() else None)

    def offices_of(self, names: Iterable[str], day: date) -> Iterator[Office]:
        """Yield the offices of some names as they were held on a day."""
        for name in names:
            for office in self.by_office.get(name, ()):
                if office.start <= day and (office.end is None or day < office.end):
                    yield office


def plain(name: str) -> str:
    """Return a name without accents, curly apostrophes and a full stop at its end.

    >>> plain("Recep Tayyip Erdoğan"), plain("Joseph R. Biden Jr.")
    ('Recep Tayyip Erdogan', 'Joseph R. Biden Jr')
    """
    letters = unicodedata.normalize("NFKD", name.replace("’", "'").replace("ı", "i"))
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return unicodedata.normalize("NFC", bare).rstrip(".")


@cache
def registry(own: Path | None = None) -> Registry:
    """Return our registry, with a user's *own* file merged over it.

    Who is in that file is only what it says, and has its names even where ours give them to others.

    Raises:
        RegistryError: the file can't be read, or a line is no speaker.

    >>> registry().by_name["Xi"].name
    'Xi Jinping'
    """
    added, held = read_own(own) if own else ((), ())
    names = {speaker.name for speaker in added}
    ours = [one for one in map(_speaker, load("speakers")) if one.name not in names]
    renewed = {office.holder for office in held}
    renewed |= {speaker.name for speaker in added if speaker.kind == "organization"}
    offices = [one for one in map(_office, load("offices")) if one.holder not in renewed]
    return _registry((*ours, *added), (*offices, *held), {**_names(ours), **_names(added)})


def read_own(path: Path) -> tuple[tuple[Speaker, ...], tuple[Office, ...]]:
    """Return the speakers and offices of a user's file.

    Raises:
        RegistryError: the file can't be read, or a line is no speaker.
    """
    lines = [_line(row, where) for where, row in _rows(path)]
    speakers = {speaker.name: speaker for speaker, _ in reversed(lines)}  # the first of several
    offices = tuple(office for _, office in lines if office)
    for office in offices:
        if speakers[office.holder].kind != "person":
            raise RegistryError(f"{path}: {office.holder} is an organization, and holds no office")
    return tuple(reversed(speakers.values())), offices


def _line(row: Row, where: str) -> tuple[Speaker, Office | None]:
    try:
        office = _office({**row, "holder": row["name"]}) if row["office"] else None
        return _speaker(row), office
    except ValueError as error:
        raise RegistryError(f"{where}: {error}") from None


def _rows(path: Path) -> Iterator[tuple[str, Row]]:
    """Yield where each line of a user's file ends, and what it says."""
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise RegistryError(f"{path}: can't be read: {error}") from None
    reader = csv.reader(io.StringIO(text, newline=""))
    try:
        columns = next(reader, [])
        known = (*SPEAKER, *OFFICE)
        if "name" not in columns or set(columns) - set(known) or len(set(columns)) < len(columns):
            raise RegistryError(
                f"{path}: its columns must be name and any of {', '.join(known[1:])}"
            )
        for fields in filter(None, reader):
            where = f"{path}, line {reader.line_num}"
            if any(fields[len(columns) :]):
                raise RegistryError(f"{where}: {len(fields)} fields for {len(columns)} columns")
            row = dict.fromkeys(known, "") | dict(zip(columns, fields, strict=False))
            yield where, {column: " ".join(field.split()) for column, field in row.items()}
    except csv.Error as error:
        raise RegistryError(f"{path}, line {reader.line_num}: {error}") from None


def _registry(
    speakers: Sequence[Speaker], offices: Sequence[Office], by_name: Mapping[str, Speaker]
) -> Registry:
    by_office: dict[str, tuple[Office, ...]] = {}
    for office in offices:
        holder = by_name.get(plain(office.holder))
        if holder and holder.name == office.holder:  # else nobody could tell who holds it
            by_office[office.office] = (*by_office.get(office.office, ()), office)
    digest = hashlib.sha256(repr((speakers, offices)).encode()).hexdigest()[:8]
    return Registry(tuple(speakers), tuple(offices), by_name, by_office, digest)


def _names(speakers: Iterable[Speaker]) -> dict[str, Speaker]:
    """Return who is named by each name that only one has."""
    claims: dict[str, set[Speaker]] = {}
    for speaker in speakers:
        for name in (speaker.name, *speaker.aliases):
            claims.setdefault(plain(name), set()).add(speaker)
    return {name: claimants.pop() for name, claimants in claims.items() if len(claimants) == 1}


def _speaker(row: Row) -> Speaker:
    if not row["name"]:
        raise ValueError("a speaker without a name")
    if row["kind"] not in ("", "person", "organization"):
        raise ValueError(f"kind must be person, organization or empty, not {row['kind']}")
    return Speaker(
        name=row["name"],
        kind="organization" if row["kind"] == "organization" else "person",
        aliases=tuple(filter(None, row["aliases"].split("|"))),
        country=row["country"] or None,
        wikidata=row["wikidata"] or None,
        pronoun=row["pronoun"] or None,
        listed=True,
    )


def _office(row: Row) -> Office:
    return Office(
        holder=row["holder"],
        office=row["office"],
        body=row["body"] or None,
        country=row["country"] or None,
        start=_day(row, "start"),
        end=_day(row, "end") if row["end"] else None,
        source=row["source"],
    )


def _day(row: Row, column: str) -> date:
    try:
        return date.fromisoformat(row[column])
    except ValueError:
        told = row[column] or "nothing"
        raise ValueError(f"{column} must be a day such as 2026-01-31, not {told}") from None
