"""Clients who leave before their answer: nothing that waits for a thread is run for them any more."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from datasette import hookimpl
from datasette.app import Datasette
from datasette.plugins import pm
from test_plugin_app import IS_1_0
from test_plugin_stream import counting

from quotes.plugin.leaving import while_awaited
from quotes.plugin.respond import Document, Visit, respond

SQL = "/quotes/-/query.json?sql=select+noted()" if IS_1_0 else "/quotes.json?sql=select+noted()"


class Client:
    """Asks an ASGI application for a path, may leave, and keeps what it gets."""

    def __init__(self, site: Any, path: str, method: str = "GET") -> None:
        self.got: list[dict[str, Any]] = []
        self.gone, self.reads = asyncio.Event(), float("inf")
        path, _, query = path.partition("?")
        scope = {"type": "http", "method": method, "path": path, "raw_path": path.encode()}
        scope |= {"query_string": query.encode(), "headers": [(b"host", b"localhost")]}
        scope |= {"scheme": "http", "http_version": "1.1"}
        self._asked = False
        self.task = asyncio.ensure_future(site(scope, self.receive, self.send))

    async def receive(self) -> dict[str, Any]:
        if not self._asked:
            self._asked = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: dict[str, Any]) -> None:
        self.got.append(message)
        if len(self.got) >= self.reads or self.whole:
            self.gone.set()
        await asyncio.sleep(0)

    @property
    def whole(self) -> bool:
        last = self.got[-1] if self.got else {}
        return last.get("type") == "http.response.body" and not last.get("more_body", False)


class Noted:
    """A page of ours, and a function for SQL on Datasette's, that note when they run and wait to go on."""

    __name__ = "noted"

    def __init__(self) -> None:
        self.runs: list[str] = []
        self.numbers: list[int] = []
        self.begun, self.on = threading.Event(), threading.Event()

    def run(self, name: str) -> str:
        self.runs.append(name)
        self.begun.set()
        self.on.wait(30)
        return name

    @hookimpl
    def register_routes(self) -> list[Any]:
        def page(connection: sqlite3.Connection, visit: Visit) -> Document:  # noqa: ARG001
            return Document(self.run("page"), "text/plain")

        return [
            (r"/noted$", respond(page)),
            (r"/numbers$", respond(counting(self.numbers, 10_000))),
        ]

    @hookimpl
    def prepare_connection(self, conn: sqlite3.Connection) -> None:
        conn.create_function("noted", 0, lambda: self.run("SQL"))


@pytest.fixture
def noted() -> Iterator[Noted]:
    plugin = Noted()
    pm.register(plugin)
    yield plugin
    pm.unregister(plugin)


async def site_of(db: Path, **settings: int) -> Any:
    """Give Datasette's whole application, started."""
    datasette = Datasette(files=[str(db)], settings=settings)
    await datasette.invoke_startup()
    site = datasette.app()
    await Client(site, "/robots.txt").task  # the first request is answered whatever happens
    return site


@pytest.mark.parametrize("path", ["/noted", SQL])
def test_nothing_that_waits_is_run_for_clients_who_have_gone(
    handmade_db: Path, noted: Noted, path: str
) -> None:
    async def run() -> Client:
        site = await site_of(handmade_db, num_sql_threads=1, sql_time_limit_ms=30_000)
        first = Client(site, path)
        await asyncio.to_thread(noted.begun.wait, 30)
        waiting = [Client(site, path) for _ in range(20)]
        await asyncio.sleep(0.3)  # all of them wait for the only thread
        for client in waiting:
            client.gone.set()
        await asyncio.sleep(0.3)
        honest = Client(site, path)
        noted.on.set()
        await asyncio.gather(*(client.task for client in [first, honest, *waiting]))
        assert first.whole
        assert not any(client.got for client in waiting)
        return honest

    honest = asyncio.run(run())
    assert (honest.got[0]["status"], honest.whole) == (200, True)
    assert len(noted.runs) == 2, "the first one's and the last one's"


def test_a_stream_ends_when_its_reader_has_gone(handmade_db: Path, noted: Noted) -> None:
    async def run() -> Client:
        client = Client(await site_of(handmade_db), "/numbers")
        client.reads = 4
        await client.task
        return client

    client = asyncio.run(run())
    assert not client.whole
    assert 1 < len(noted.numbers) < 10


def test_who_leaves_as_soon_as_he_has_asked_costs_nothing() -> None:
    ran: list[str] = []

    async def site(scope: Any, receive: Any, send: Any) -> None:  # noqa: ARG001
        ran.append(scope["path"])
        await send({"type": "http.response.body"})

    async def run() -> None:
        wrapped = while_awaited(site)
        await Client(wrapped, "/first").task
        client = Client(wrapped, "/left")
        client.gone.set()
        await client.task
        await Client(wrapped, "/stays").task

    asyncio.run(run())
    assert ran == ["/first", "/stays"]


async def _ends_late(scope: Any, receive: Any, send: Any) -> None:
    """Answer, and go on for a while."""
    assert (await receive())["type"] == "http.request"
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"whole"})
    assert (await receive())["type"] == "http.disconnect"
    await asyncio.sleep(0.1)
    scope["ended"].append(True)


def test_what_follows_a_whole_answer_is_done() -> None:
    ended: list[bool] = []

    async def site(scope: Any, receive: Any, send: Any) -> None:
        await _ends_late({**scope, "ended": ended}, receive, send)

    async def run() -> None:
        wrapped = while_awaited(site)
        for _ in range(2):
            await Client(wrapped, "/").task

    asyncio.run(run())
    assert ended == [True, True]


@pytest.mark.parametrize(("method", "ends"), [("GET", False), ("HEAD", False), ("POST", True)])
def test_only_what_changes_nothing_is_ended(method: str, ends: bool) -> None:
    ended: list[str] = []

    async def site(scope: Any, receive: Any, send: Any) -> None:  # noqa: ARG001
        await asyncio.sleep(0.1)
        ended.append(scope["path"])

    async def run() -> None:
        wrapped = while_awaited(site)
        await Client(wrapped, "/first").task
        client = Client(wrapped, "/next", method)
        await asyncio.sleep(0.02)
        client.gone.set()
        await client.task

    asyncio.run(run())
    assert ended == ["/first", *(["/next"] if ends else [])]


def test_the_first_request_is_answered_to_its_end(handmade_db: Path) -> None:
    """Datasette may start up in it: nobody's leaving must leave that half done."""

    async def run() -> tuple[Client, Client]:
        site = Datasette(files=[str(handmade_db)]).app()
        impatient = Client(site, "/api")
        impatient.gone.set()
        await impatient.task
        patient = Client(site, "/api")
        await patient.task
        return impatient, patient

    for client in asyncio.run(run()):
        assert client.got[0]["status"] == 200


def test_faults_are_told() -> None:
    async def site(scope: Any, receive: Any, send: Any) -> None:  # noqa: ARG001
        raise RuntimeError("broken")

    async def run() -> None:
        wrapped = while_awaited(site)
        for _ in range(2):
            with pytest.raises(RuntimeError, match="broken"):
                await Client(wrapped, "/").task

    asyncio.run(run())
