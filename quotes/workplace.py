"""Where a build works: a file beside the target, which takes the target's place when it is whole.

The target is never written to. A build that was killed leaves its file behind, and the next one
goes on from there if the target is still the one it began from.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from quotes.store import Engine, Store, StoreError, check


class BusyError(Exception):
    """Another build works on the same target."""


@dataclass(frozen=True, slots=True)
class Workplace:
    """The file that a build writes, and the target that it is for."""

    target: Path

    @property
    def path(self) -> Path:
        """The file beside the target."""
        return self.target.with_name(self.target.name + ".building")

    def open(self, engine: Engine, *, fresh: bool) -> tuple[Store, bool]:
        """Return a store to write to, and whether it goes on with an unfinished build.

        It starts from what the target holds, or from nothing if *fresh*.

        Raises:
            StoreError: the target is something else than a database of quotes.
        """
        check(self.target)
        before = [] if fresh else _builds(self.target)
        with contextlib.suppress(StoreError, sqlite3.Error):
            if self.path.exists() and not fresh:
                store = Store(self.path)
                if store.is_sound() and _goes_on(store, before, engine):
                    return store, True
                store.close()
        self.discard()
        if before:
            _copy(self.target, self.path)
        return Store(self.path), False

    def discard(self) -> None:
        """Remove the file, and what SQLite may have left beside it."""
        for suffix in ("", "-journal", "-wal", "-shm"):
            self.path.with_name(self.path.name + suffix).unlink(missing_ok=True)

    def publish(self) -> None:
        """Put the file in the target's place, in one step."""
        _fold_log(self.target)
        os.replace(self.path, self.target)
        _sync_folder(self.target.parent)


@contextlib.contextmanager
def workplace(target: Path) -> Iterator[Workplace]:
    """Hold the workplace of *target*; the lock ends with the process, however that ends.

    Raises:
        BusyError: another build holds it.
        OSError: nothing can be written there.
    """
    target = target.resolve()  # a link stays a link, and two names for a file are one target
    lock = FileLock(target.with_name(f".{target.name}.lock"), timeout=0)
    try:
        with lock:
            yield Workplace(target)
    except Timeout:
        raise BusyError(f"{target}: another build is at work on it") from None


def _builds(path: Path) -> list[tuple[object, ...]]:
    if not path.exists() or path.stat().st_size == 0:
        return []
    with contextlib.closing(_read(path)) as connection:
        return list(connection.execute("SELECT * FROM builds ORDER BY id"))


def _goes_on(store: Store, before: list[tuple[object, ...]], engine: Engine) -> bool:
    """Whether the last build in *store*, by the same engine, began from the target as it is."""
    builds = store.builds()
    return builds[:-1] == before and bool(builds) and store.last_engine() == engine


def _copy(source: Path, target: Path) -> None:
    with (
        contextlib.closing(_read(source)) as old,
        contextlib.closing(sqlite3.connect(target)) as new,
    ):
        old.backup(new)


def _read(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)


def _fold_log(target: Path) -> None:
    """Have SQLite end a write-ahead log of the old file, which must not meet the new one."""
    if target.with_name(target.name + "-wal").exists():
        with contextlib.closing(sqlite3.connect(target)) as connection:
            try:
                connection.execute("PRAGMA journal_mode = DELETE")
            except sqlite3.OperationalError:
                line = f"{target}: in use with a write-ahead log; stop what has it open"
                raise StoreError(line) from None


def _sync_folder(folder: Path) -> None:
    """Make the new name last through a loss of power, where the system can."""
    if hasattr(os, "O_DIRECTORY"):
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
