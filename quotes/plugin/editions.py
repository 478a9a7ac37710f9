"""The served file may be replaced by another while Datasette runs: each request reads one of them.

Datasette's threads keep the connections that they once opened: after ``os.replace`` some show the file that
was there before, others the new one. Here connections belong to an edition, the file as it was at one
moment. A request takes the newest edition at its first query, and stays with it to its last byte.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
import threading
import weakref
from collections import OrderedDict, deque
from collections.abc import Callable, Sequence
from contextvars import ContextVar, copy_context
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from datasette.database import Database

from quotes.plugin.asgi import App, Receive, Scope, Send

if TYPE_CHECKING:  # Datasette imports its plugins while it is being imported itself
    from datasette.app import Datasette

Result = TypeVar("Result")
File = tuple[int, int]  # device and inode, which stay with a file whatever its path


class Edition:
    """A file as it was at one moment: connections to it, and what Datasette has counted in it.

    The connections are closed when nobody has the edition any more.

    Args:
        file: which one.
        connections: one for each thread that may want one.
    """

    def __init__(self, file: File, connections: Sequence[sqlite3.Connection]) -> None:
        self.file = file
        self.cached: dict[str, Any] = {}
        self._idle = deque(connections)
        weakref.finalize(self, _close, connections)

    def run(self, function: Callable[[sqlite3.Connection], Result]) -> Result:
        """Return what a function makes of a connection, which is its own meanwhile."""
        connection = self._idle.pop()
        try:
            return function(connection)
        finally:
            self._idle.append(connection)


@dataclass(eq=False)
class _Request:
    """A request under way, and what it reads of each database; contexts may keep it when it's over."""

    editions: dict[Database, Edition] = field(default_factory=dict)
    is_over: bool = False

    def end(self) -> None:
        self.is_over = True
        self.editions.clear()


_request: ContextVar[_Request | None] = ContextVar("_request", default=None)


class _OfEdition:
    """An attribute in which Datasette keeps what it knows of a file: here it is the edition's."""

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, database: EditionedDatabase, owner: type) -> Any:
        return database.edition().cached.get(self._name)

    def __set__(self, database: EditionedDatabase, value: Any) -> None:
        if value is not None:  # None: nothing is known, as of each new edition
            database.edition().cached[self._name] = value


class EditionedDatabase(Database):  # type: ignore[misc]  # Datasette has no types
    """A database in a file, read through editions by our pages and by Datasette's own."""

    cached_hash = _OfEdition()
    cached_size = _OfEdition()
    _cached_table_counts = _OfEdition()
    _cached_derived_table_dependencies = _OfEdition()

    def __init__(self, database: Database) -> None:
        super().__init__(database.ds, path=database.path, is_mutable=database.is_mutable)
        self.name, self.route = database.name, database.route
        self._lock = threading.Lock()
        self._newest: Edition | None = None
        self._cached_table_counts = database.cached_table_counts

    def edition(self) -> Edition:
        """Return the edition that the request under way reads; outside of requests, the newest.

        Raises:
            OSError: there is no file, and has not been one.
        """
        request = _request.get()
        with self._lock:
            if request is None or request.is_over:
                return self._current()
            if self not in request.editions:
                request.editions[self] = self._current()
            return request.editions[self]

    def close(self) -> None:
        """Let go of all connections; those in use are closed after it."""
        super().close()
        self._newest = None

    async def _execute_fn(self, fn: Callable[[sqlite3.Connection], Result]) -> Result:
        """Run a function in one of Datasette's threads: what all its reading comes down to."""
        if self.ds.executor is None:
            return self._run(fn)
        run = copy_context().run
        return await asyncio.get_running_loop().run_in_executor(
            self.ds.executor, run, self._run, fn
        )

    if not hasattr(Database, "_execute_fn"):  # Datasette 0.65
        execute_fn = _execute_fn

    def _run(self, function: Callable[[sqlite3.Connection], Result]) -> Result:
        return self.edition().run(function)

    def _current(self) -> Edition:
        """Return the edition of the file at the path now; the one before while there is none."""
        try:
            while self._newest is None or self._newest.file != _file(self.path):
                self._renew()
        except OSError:
            if self._newest is None:
                raise
        return self._newest

    def _renew(self) -> None:
        """Open the file at the path, if it stays the same meanwhile."""
        file = _file(self.path)
        threads = self.ds.setting("num_sql_threads") or 1
        edition = Edition(file, [self._opened() for _ in range(threads)])
        if _file(self.path) != file:
            return
        if self._newest and self.ds.inspect_data:  # which tells of the file before
            inspected = self.ds.inspect_data.items()
            self.ds.inspect_data = {name: of for name, of in inspected if name != self.name}
        self._newest = edition

    def _opened(self) -> sqlite3.Connection:
        connection: sqlite3.Connection = self.connect()
        # Datasette lists connections to close them in the end; the edition does it sooner.
        listed = (
            "_all_connections" if hasattr(self, "_all_connections") else "_all_file_connections"
        )
        getattr(self, listed).remove(connection)
        self.ds._prepare_connection(connection, self.name)
        return connection


def install(datasette: Datasette) -> None:
    """Have Datasette read the databases of quotes among its files through editions."""
    databases = OrderedDict(datasette.databases)
    for name, database in databases.items():
        if database.path and _is_of_quotes(Path(database.path)):
            databases[name] = EditionedDatabase(database)
            database.close()
    datasette.databases = databases


def one_edition_a_request(app: App) -> App:
    """Return an ASGI application that answers each request from one edition of a database."""

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await app(scope, receive, send)
        request = _Request()
        token = _request.set(request)
        try:
            return await app(scope, receive, send)
        finally:
            _request.reset(token)
            request.end()

    return wrapped


def _file(path: str) -> File:
    found = os.stat(path)
    return found.st_dev, found.st_ino


def _is_of_quotes(path: Path) -> bool:
    """Tell by the application id, at byte 68 of the file (https://sqlite.org/fileformat.html, 1.3)."""
    try:
        with path.open("rb") as file:
            return file.read(72)[68:] == b"quot"
    except OSError:
        return False


def _close(connections: Sequence[sqlite3.Connection]) -> None:
    for connection in connections:
        connection.close()
