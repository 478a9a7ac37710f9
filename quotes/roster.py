"""The rows of speakers, offices and countries, and their ids."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from sqlite_utils import Database

from quotes.data import load
from quotes.models import Office, Speaker
from quotes.rows import slug

_OFFICE = ("speaker_id", "office", "body", "country", "start", "end", "source")


class Roster:
    """Who stands in a database, by kind and name: the same full name is the same speaker.

    A person known by surname only may be anybody: each article has its own. So is a namesake of
    somebody in the registry.
    """

    def __init__(self, db: Database) -> None:
        """Read who is there."""
        self._db = db
        rows = list(db.execute("SELECT id, kind, name, slug, listed FROM speakers ORDER BY listed"))
        self._ids: dict[tuple[str, str, str], int] = {
            (kind, name, ""): identity
            for identity, kind, name, _, listed in rows
            if listed or not _is_bare(kind, name)
        }
        self._slugs = {row[3] for row in rows}
        self._last = max((row[0] for row in rows), default=0)
        self._offices: dict[Office, int] = {}
        self._listed: set[tuple[str, str]] = set()

    def enter_registry(self, speakers: Iterable[Speaker], offices: Iterable[Office]) -> None:
        """Bring both tables, and that of countries, up to date; rows that stay keep their ids."""
        self._db.execute("UPDATE speakers SET listed = 0")
        facts = []
        for speaker in speakers:
            self._listed.add((speaker.kind, speaker.name))
            identity = self._enter(speaker, "")
            facts.append((speaker.country, speaker.wikidata, identity))
        self._db.conn.executemany(
            "UPDATE speakers SET listed = 1, country = ?, wikidata = ? WHERE id = ?", facts
        )
        self._enter_offices(offices)
        self._db.conn.executemany(
            "INSERT INTO countries VALUES (:code, :name)"
            " ON CONFLICT (code) DO UPDATE SET name = excluded.name",
            [{"code": row["code"], "name": row["name"]} for row in load("countries")],
        )

    @contextmanager
    def as_before_if_it_fails(self) -> Iterator[None]:
        """Forget who was entered meanwhile, if what is done fails and is rolled back."""
        last = self._last
        try:
            yield
        except BaseException:
            self._ids = {key: number for key, number in self._ids.items() if number <= last}
            self._slugs = {slug for (slug,) in self._db.execute("SELECT slug FROM speakers")}
            self._last = last
            raise

    def id_of(self, speaker: Speaker, article_uid: str) -> int:
        """Return the id of a speaker of an article, entered if new."""
        key = (speaker.kind, speaker.name)
        alone = not speaker.listed and (_is_bare(*key) or key in self._listed)
        return self._enter(speaker, article_uid if alone else "")

    def id_of_office(self, office: Office) -> int:
        """Return the id of an office of the registry."""
        return self._offices[office]

    def _enter(self, speaker: Speaker, article_uid: str) -> int:
        key = (speaker.kind, speaker.name, article_uid)
        if key not in self._ids:
            self._last += 1
            self._ids[key] = self._last
            self._db.conn.execute(
                "INSERT INTO speakers (id, slug, name, kind, country) VALUES (?, ?, ?, ?, ?)",
                (self._last, self._free_slug(speaker.name), *key[1::-1], speaker.country),
            )
        return self._ids[key]

    def _free_slug(self, name: str) -> str:
        wanted = candidate = slug(name)
        number = 1
        while candidate in self._slugs:
            number += 1
            candidate = f"{wanted}-{number}"
        self._slugs.add(candidate)
        return candidate

    def _enter_offices(self, offices: Iterable[Office]) -> None:
        columns = ", ".join(f"[{column}]" for column in _OFFICE)
        rows = self._db.execute(f"SELECT id, {columns} FROM offices")  # noqa: S608  (constants)
        kept = {tuple(row[1:]): row[0] for row in rows}
        last = max(kept.values(), default=0)
        new = []
        for office in offices:
            row = self._office_row(office)
            if row not in kept:
                last += 1
                kept[row] = last
                new.append((last, *row))
            self._offices[office] = kept[row]
        gone = set(kept.values()) - set(self._offices.values())
        self._db.conn.executemany("DELETE FROM offices WHERE id = ?", ((one,) for one in gone))
        self._db.conn.executemany("INSERT INTO offices VALUES (?, ?, ?, ?, ?, ?, ?, ?)", new)

    def _office_row(self, office: Office) -> tuple[object, ...]:
        return (
            self._ids["person", office.holder, ""],
            office.office,
            office.body,
            office.country,
            office.start.isoformat(),
            office.end.isoformat() if office.end else None,
            office.source,
        )


def _is_bare(kind: str, name: str) -> bool:
    return kind == "person" and " " not in name
