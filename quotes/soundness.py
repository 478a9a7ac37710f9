"""What a file must be for a build to work on it, and to take another's place."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

APPLICATION_ID = int.from_bytes(b"quot", "big")
SCHEMA_VERSION = 4
_BESIDE = ("-journal", "-wal", "-shm")  # what SQLite may keep beside a file
# Not a write-ahead log: a file that takes another's place must need none beside it.
JOURNAL = "delete"
PATIENCE = 10  # seconds to wait for somebody else who has a file


class StoreError(Exception):
    """A database that can't be used, with one line that says why."""


class InUseError(StoreError):
    """A database that somebody else holds just now."""


def is_damage(error: Exception) -> bool:
    """Whether SQLite says by *error* that a file is damaged, or none of its own.

    Only that raises the class itself; a full disk, a lock or a fault of a row raise others of it.
    """
    return type(error) is sqlite3.DatabaseError


def is_empty(path: Path) -> bool:
    """Whether there is no file at *path*, or nothing in it: a database yet to be made."""
    return not path.exists() or path.stat().st_size == 0


def beside(path: Path) -> list[str]:
    """Return the endings of what SQLite keeps beside a file now."""
    return [suffix for suffix in _BESIDE if path.with_name(path.name + suffix).exists()]


def opened(path: Path) -> sqlite3.Connection:
    """Open a file that exists, to be read and written where the system allows that.

    What only reads can't take back what somebody left half written in it.
    """
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=rw", uri=True, timeout=PATIENCE)


def damaged(path: Path, problem: object) -> str:
    """Return a line that says that a file is damaged, and what can be done."""
    line = " ".join(str(problem).split())
    return f"{path}: damaged ({line}): put back a copy of it, or build it anew with --fresh"


def damage(path: Path) -> str | None:
    """Return what SQLite finds wrong with the file at *path*, None if nothing."""
    try:
        with closing(opened(path)) as connection:
            (problem,) = connection.execute("PRAGMA quick_check(1)").fetchone()
            dangling = connection.execute("PRAGMA foreign_key_check").fetchone()
    except sqlite3.DatabaseError as error:
        if not is_damage(error):
            raise
        return str(error)
    if problem != "ok":
        return str(problem)
    return f"a row of {dangling[0]} refers to nothing" if dangling else None


def check(path: Path) -> None:
    """Raise StoreError if there is a file at *path* that isn't a database of this version.

    Raises InUseError, which is one, if that can't be seen now.
    """
    if path.exists() and not path.is_file():
        raise StoreError(f"{path}: not a regular file")
    if is_empty(path):
        return
    try:
        with closing(opened(path)) as connection:
            (application,) = connection.execute("PRAGMA application_id").fetchone()
            (version,) = connection.execute("PRAGMA user_version").fetchone()
    except sqlite3.OperationalError as error:
        raise InUseError(f"{path}: can't be opened now ({error})") from None
    except sqlite3.Error as error:
        raise StoreError(f"{path}: not a database of quotes ({error})") from None
    if application != APPLICATION_ID:
        raise StoreError(f"{path}: not a database of quotes")
    if version != SCHEMA_VERSION:
        raise StoreError(
            f"{path}: its schema has version {version}, this is {SCHEMA_VERSION}: move it away"
        )


def verify(path: Path, articles: int, quotes: int) -> None:
    """Raise StoreError unless the file at *path* by itself is whole, and holds so many rows.

    It is read by a new connection, and must need no log or journal beside it.
    """
    try:
        with closing(opened(path)) as connection:
            (mode,) = connection.execute("PRAGMA journal_mode").fetchone()
            (problem,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
            dangling = connection.execute("PRAGMA foreign_key_check").fetchone()
            counts = connection.execute(
                "SELECT (SELECT count(*) FROM articles), (SELECT count(*) FROM quotes)"
            ).fetchone()
    except sqlite3.Error as error:
        raise StoreError(f"{path}: the finished database can't be read: {error}") from None
    if problem != "ok" or dangling:
        raise StoreError(f"{path}: the finished database is damaged: {dangling or problem}")
    if mode != JOURNAL or beside(path) or counts != (articles, quotes):
        raise StoreError(f"{path}: the finished database is incomplete")
