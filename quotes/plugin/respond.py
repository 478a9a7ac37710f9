"""From a request to a page: finds the database, runs the page's function, makes the response.

A page is a function of a connection and a ``Visit``; it knows nothing of Datasette. It runs in one of
Datasette's threads, within Datasette's own time limit.
"""

from __future__ import annotations

import hashlib
import re
import sqlite3
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote

from datasette.utils import add_cors_headers, tilde_encode
from datasette.utils.asgi import Forbidden, NotFound, Request, Response

from quotes.plugin.environment import environment
from quotes.plugin.links import Links
from quotes.plugin.stream import Batch, Key, Stream, Streamed

if TYPE_CHECKING:  # Datasette imports its plugins while it is being imported itself
    from datasette.app import Datasette
    from datasette.database import Database

SCHEMA_VERSION = 4  # PRAGMA user_version of the databases that these pages can show
_TABLES = ("quotes", "articles", "speakers")
_TAG = re.compile(r'(?:W/)?"([^"]*)"')
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self';"
    " img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
}


@dataclass(frozen=True, slots=True)
class Visit:
    """What a page is asked for.

    Args:
        path: the named parts of the address.
        arguments: the first value of each argument.
        links: addresses on this site.
        url: the whole address.
    """

    path: Mapping[str, str]
    arguments: Mapping[str, str]
    links: Links
    url: str


@dataclass(frozen=True, slots=True)
class Page:
    """An answer to be read by people: a template of ``templates/quotes`` and what it shows."""

    template: str
    shown: Mapping[str, object] = field(default_factory=dict)
    status: int = 200


@dataclass(frozen=True, slots=True)
class Document:
    """An answer for programs: text of a media type; ``filename``: to be saved under."""

    text: str
    media_type: str
    filename: str | None = None


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """The answer is at another path."""

    path: str


Answer = Page | Document | Stream | Elsewhere
PageFunction = Callable[[sqlite3.Connection, Visit], Answer]


def message(heading: str, text: str, status: int = 404) -> Page:
    """Return a page that only says something, as that there is nothing at its address."""
    return Page("message.html", {"heading": heading, "message": text}, status)


_SLOW = message(
    "That took too long",
    "The server ended it, so that others get their turn. Fewer or other words may do.",
    503,
)


def respond(page: PageFunction) -> Callable[[Datasette, Request], Awaitable[Response]]:
    """Return the view that answers requests by a page's function."""

    async def view(datasette: Datasette, request: Request) -> Response:
        if request.method not in ("GET", "HEAD"):
            return Response.text("Only GET and HEAD.", status=405, headers={"Allow": "GET, HEAD"})
        database = await served(datasette)
        await permit(datasette, request, database)
        try:
            visit = visit_of(datasette, request, database)
        except ValueError:  # as by urllib of "[::1"
            return Response.text("There is no such host.", status=400)
        milliseconds = datasette.setting("sql_time_limit_ms")
        known = request.headers.get("if-none-match", "")
        common = _common_headers(datasette, request)

        def work(connection: sqlite3.Connection) -> Response:
            tag = _entity_tag(connection, visit)
            headers = {**common, "ETag": tag}
            if is_known(tag, known):
                return Response("", status=304, headers=headers)
            with time_limit(connection, milliseconds):
                answer = page(connection, visit)
            if isinstance(answer, Stream):
                more = _batches(database, answer, visit, tag, milliseconds)
                return _streamed(answer, more, request, headers)
            return _rendered(answer, visit, headers)

        try:
            return await database.execute_fn(work)
        except sqlite3.OperationalError as error:
            if "interrupted" not in str(error):
                raise
            return _rendered(_SLOW, visit, {})

    return view


async def served(datasette: Datasette) -> Database:
    """Return the first database that is one of quotes.

    Raises:
        NotFound: there is none, or only of another version.
    """
    for name, database in datasette.databases.items():
        if not name.startswith("_") and await _is_ours(database):
            return database
    raise NotFound("No database of quotes is served here")


async def permit(datasette: Datasette, request: Request, database: Database) -> None:
    """Raise Forbidden if the visitor may not see the quotes, or what every page tells beside them."""
    if hasattr(datasette, "allowed"):  # Datasette 1.0
        from datasette.resources import TableResource

        for name in _TABLES:
            table = TableResource(database.name, name)
            if not await datasette.allowed(
                action="view-table", resource=table, actor=request.actor
            ):
                raise Forbidden("You may not see these quotes")
    else:
        whole = [("view-database", database.name), "view-instance"]
        for table in _TABLES:
            seen = [("view-table", (database.name, table)), *whole]
            await datasette.ensure_permissions(request.actor, seen)


def visit_of(datasette: Datasette, request: Request, database: Database) -> Visit:
    """Return what a request asks for."""
    url = datasette.absolute_url(request, request.full_path)
    origin = "/".join(url.split("/", 3)[:3])
    links = Links(origin, datasette.setting("base_url"), tilde_encode(database.name))
    path = {name: unquote(part) for name, part in request.url_vars.items() if part}
    every = parse_qs(request.query_string, errors="replace")
    return Visit(path, {name: values[0] for name, values in every.items()}, links, url)


@contextmanager
def time_limit(connection: sqlite3.Connection, milliseconds: int) -> Iterator[None]:
    """Have SQLite end what takes longer in all, with an OperationalError "interrupted"."""
    end = time.monotonic() + milliseconds / 1000
    connection.set_progress_handler(lambda: time.monotonic() > end, 1000)
    try:
        yield
    finally:
        connection.set_progress_handler(None, 0)


def is_known(tag: str, known: str) -> bool:
    """Tell whether an If-None-Match header names an entity tag, weak or strong (RFC 9110, 13.1.2).

    >>> is_known('W/"a"', '"b", "a"'), is_known('W/"a"', '"ba", a')
    (True, False)
    """
    return tag.removeprefix("W/").strip('"') in _TAG.findall(known)


def _common_headers(datasette: Datasette, request: Request) -> dict[str, str]:
    """Return how long an answer is fresh, for whom, and whether pages of other sites may read it."""
    scope = "private" if request.actor else "public"
    lasting = f"{scope}, max-age={datasette.setting('default_cache_ttl')}"
    headers = {"Cache-Control": lasting, "Vary": "Cookie"}
    if datasette.cors:
        add_cors_headers(headers)
    return headers


def _rendered(
    answer: Page | Document | Elsewhere, visit: Visit, headers: Mapping[str, str]
) -> Response:
    if isinstance(answer, Elsewhere):
        return Response.redirect(answer.path)
    if isinstance(answer, Page):
        template = environment().get_template(f"quotes/{answer.template}")
        text = template.render(**answer.shown, links=visit.links, visit=visit)
        return Response.html(text, status=answer.status, headers={**headers, **HEADERS})
    media_type = f"{answer.media_type}; charset=utf-8"
    return Response(
        answer.text, headers={**headers, **_saved(answer.filename)}, content_type=media_type
    )


def _streamed(
    stream: Stream,
    more: Callable[[Key], Awaitable[Batch]],
    request: Request,
    headers: Mapping[str, str],
) -> Response:
    headers = {**headers, **_saved(stream.filename)}
    content_type = f"{stream.media_type}; charset=utf-8"
    if request.method == "HEAD":
        return Response("", headers=headers, content_type=content_type)
    return Streamed(stream.first, more, headers, content_type)


def _batches(
    database: Database, stream: Stream, visit: Visit, tag: str, milliseconds: int
) -> Callable[[Key], Awaitable[Batch]]:
    """Return what makes a stream's further batches, from the build that its first one is of."""

    async def more(last: Key) -> Batch:
        def work(connection: sqlite3.Connection) -> Batch:
            if _entity_tag(connection, visit) != tag:
                raise RuntimeError("The database was built anew meanwhile")
            with time_limit(connection, milliseconds):
                return stream.more(connection, last)

        batch: Batch = await database.execute_fn(work)
        return batch

    return more


def _saved(filename: str | None) -> dict[str, str]:
    """Return headers of what is for programs, and to be saved under a name."""
    name = {"Content-Disposition": f'attachment; filename="{filename}"'} if filename else {}
    return {**HEADERS, **name}


async def _is_ours(database: Database) -> bool:
    def versions(connection: sqlite3.Connection) -> bool:
        (application,) = connection.execute("PRAGMA application_id").fetchone()
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        return bool(application.to_bytes(4, "big", signed=True) == b"quot") and (
            version == SCHEMA_VERSION
        )

    return bool(await database.execute_fn(versions))


def _entity_tag(connection: sqlite3.Connection, visit: Visit) -> str:
    """Return a tag that changes with the database, with our code, and from address to address."""
    build = connection.execute("SELECT max(id), max(finished) FROM builds").fetchone()
    seen = repr((*build, visit.url, _code())).encode("utf-8", "replace")
    return f'W/"{hashlib.sha256(seen).hexdigest()[:20]}"'


@cache
def _code() -> str:
    """Return a digest of this package."""
    digest = hashlib.sha256()
    folders: list[Any] = [files("quotes.plugin")]
    for folder in folders:
        for file in sorted(folder.iterdir(), key=lambda file: file.name):
            if file.is_dir():
                folders.append(file)
            elif not file.name.endswith(".pyc"):
                digest.update(file.read_bytes())
    return digest.hexdigest()
