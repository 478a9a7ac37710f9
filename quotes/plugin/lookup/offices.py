"""Offices: who was what when, and where that is known from."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

_OFFICE = """
SELECT office, body, coalesce(countries.name, country), start, "end", offices.source
FROM offices LEFT JOIN countries ON code = country WHERE
"""
_ORDER = " ORDER BY start DESC, offices.id DESC"


@dataclass(frozen=True, slots=True)
class Office:
    """What somebody was when; fields as in the table, but the country by its name."""

    office: str
    body: str | None
    country: str | None
    start: str
    end: str | None
    source: str

    @property
    def label(self) -> str:
        """The office with what it belongs to, or with its country where it belongs to nothing else.

        >>> Office("Minister", "Ministry of Rain", "Norland", "2020", None, "").label
        'Minister, Ministry of Rain'
        >>> Office("President", None, "Norland", "2020", None, "").label
        'President, Norland'
        """
        return ", ".join(filter(None, (self.office, self.body or self.country)))


def offices_of(connection: sqlite3.Connection, speaker_id: int) -> tuple[Office, ...]:
    """Return all offices of a speaker, the newest first."""
    return _offices(connection, "speaker_id = ?", speaker_id)


def offices_on(
    connection: sqlite3.Connection, speaker_id: int | None, day: str | None
) -> tuple[Office, ...]:
    """Return the offices that a speaker held on a day, the newest first; none if either is None."""
    held = 'speaker_id = ? AND start <= ? AND ("end" IS NULL OR ? < "end")'
    return _offices(connection, held, speaker_id, day, day)


def office(connection: sqlite3.Connection, office_id: int | None) -> Office | None:
    """Return an office by its number, None if it is nobody's."""
    return next(iter(_offices(connection, "offices.id = ?", office_id)), None)


def _offices(
    connection: sqlite3.Connection, where: str, *bound: int | str | None
) -> tuple[Office, ...]:
    return tuple(Office(*row) for row in connection.execute(_OFFICE + where + _ORDER, bound))
