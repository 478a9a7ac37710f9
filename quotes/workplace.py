"""Where a build works: a file beside the target, which takes the target's place when it is whole.

The target is never written to. A build that was killed leaves its file behind, and the next one
goes on from there if the target is still the one it began from.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from quotes.soundness import (
    JOURNAL,
    InUseError,
    StoreError,
    beside,
    check,
    damage,
    damaged,
    is_damage,
    is_empty,
    opened,
    verify,
)
from quotes.store import Engine, Figures, Store


class BusyError(Exception):
    """Another build works on the same target."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A store to write to.

    Args:
        resumed: whether it goes on with an unfinished build.
        discarded: why it does not, though there was one; None where there was none.
    """

    store: Store
    resumed: bool = False
    discarded: str | None = None


@dataclass(frozen=True, slots=True)
class Workplace:
    """The file that a build writes, and the target that it is for."""

    target: Path

    @property
    def path(self) -> Path:
        """The file beside the target."""
        return self.target.with_name(self.target.name + ".building")

    def open(self, engine: Engine, *, fresh: bool) -> Opened:
        """Return a store to write to.

        It starts from what the target holds, or from nothing if *fresh*.

        Raises:
            StoreError: the target is something else than a database of quotes, damaged, or in use
                with a write-ahead log.
        """
        check(self.target)
        if beside(self.target):
            with _held(self.target):
                pass
        before = [] if fresh else self._builds()
        discarded = None
        if self.path.exists() and not fresh:
            store, discarded = self._resume(before, engine)
            if store:
                return Opened(store, resumed=True)
        self.discard()
        self._create()
        if before:
            self._copy()
        return Opened(Store(self.path), discarded=discarded)

    def discard(self) -> None:
        """Remove the file, and what SQLite may have left beside it."""
        for suffix in ("", *beside(self.path)):
            self.path.with_name(self.path.name + suffix).unlink(missing_ok=True)

    def publish(self, figures: Figures) -> None:
        """Put the file in the target's place, in one step.

        Raises:
            StoreError: it is not whole, or not what *figures* say, or the target is in use with a
                write-ahead log. The target stays as it is.
        """
        verify(self.path, figures.articles, figures.quotes)
        with _held(self.target):
            _take_rights(self.path, self.target)
            os.replace(self.path, self.target)
        _sync_folder(self.target.parent)

    def _resume(
        self, before: list[tuple[object, ...]], engine: Engine
    ) -> tuple[Store | None, str | None]:
        """Return the store of an unfinished build to go on with, or why that can't be."""
        try:
            if problem := damage(self.path):
                return None, problem
            store = Store(self.path)
        except InUseError:
            raise
        except StoreError as error:
            return None, str(error)
        if _goes_on(store, before, engine):
            return store, None
        begun = store.builds() not in ([], before)
        store.close()
        other = "begun from another state of the database, or by another version"
        return None, other if begun else None

    def _builds(self) -> list[tuple[object, ...]]:
        if is_empty(self.target):
            return []
        try:
            with contextlib.closing(opened(self.target)) as connection:
                return list(connection.execute("SELECT * FROM builds ORDER BY id"))
        except sqlite3.DatabaseError as error:
            if is_damage(error):
                raise StoreError(damaged(self.target, error)) from None
            raise

    def _create(self) -> None:
        """Make the file, so that from the first nobody may read it who may not read the target."""
        if self.target.exists():
            os.close(os.open(self.path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
            _take_rights(self.path, self.target, also=stat.S_IWUSR)

    def _copy(self) -> None:
        with (
            contextlib.closing(opened(self.target)) as old,
            contextlib.closing(sqlite3.connect(self.path)) as new,
        ):
            new.execute("PRAGMA locking_mode = EXCLUSIVE")  # nobody gets in before it has no log
            old.backup(new)
            new.execute(f"PRAGMA journal_mode = {JOURNAL}")
        if problem := damage(self.path):
            raise StoreError(damaged(self.target, problem))


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


def _goes_on(store: Store, before: list[tuple[object, ...]], engine: Engine) -> bool:
    """Whether the last build in *store*, by the same engine, began from the target as it is."""
    builds = store.builds()
    return builds[:-1] == before and bool(builds) and store.last_engine() == engine


@contextlib.contextmanager
def _held(target: Path) -> Iterator[None]:
    """Keep others from writing to *target*, and have nothing beside it: what is must not meet a new file.

    What somebody left half written is taken back, a write-ahead log written into the file.

    Raises:
        StoreError: somebody writes to it, or has it open with a log.
    """
    if is_empty(target) or not os.access(target, os.W_OK):
        if left := beside(target):
            raise StoreError(f"{target}: in use, or left in the middle of a write ({left[0]})")
        yield
        return
    with contextlib.closing(opened(target)) as connection:
        try:
            connection.execute(f"PRAGMA journal_mode = {JOURNAL}")
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            what = "with a write-ahead log" if "-wal" in beside(target) else "by a writer"
            line = f"{target}: in use {what} ({error}); stop what has it open"
            raise StoreError(line) from None
        yield


def _take_rights(path: Path, model: Path, also: int = 0) -> None:
    """Let those do with *path* what they may do with *model*, if that exists, and nobody else.

    *also* are rights that it gets beside those.
    """
    if not model.exists():
        return
    status = model.stat()
    mode = stat.S_IMODE(status.st_mode)
    if hasattr(os, "chown"):
        try:
            os.chown(path, status.st_uid, status.st_gid)
        except OSError:  # only root gives files away; a group, whoever is in it
            try:
                os.chown(path, -1, status.st_gid)
            except OSError:
                mode &= ~stat.S_IRWXG  # nothing for a group that had no rights before
    _take_attributes(path, model)
    os.chmod(path, mode | also)


def _take_attributes(path: Path, model: Path) -> None:
    """Give *path* the access lists and labels of *model*, where the file system has and allows them."""
    names: list[str] = []
    if hasattr(os, "listxattr"):
        with contextlib.suppress(OSError):
            names = os.listxattr(model)
        for name in set(os.listxattr(path)) - set(names):  # which its folder gave it
            with contextlib.suppress(OSError):
                os.removexattr(path, name)
    for name in names:
        with contextlib.suppress(OSError):
            os.setxattr(path, name, os.getxattr(model, name))


def _sync_folder(folder: Path) -> None:
    """Make the new name last through a loss of power, where the system can."""
    if hasattr(os, "O_DIRECTORY"):
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
