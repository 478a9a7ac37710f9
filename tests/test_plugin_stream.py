"""Streams: to their end, or broken off so that the reader knows; what the server holds of one is small."""

from __future__ import annotations

import asyncio
import http.client
import os
import re
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import handmade
import pytest
from datasette.app import Datasette
from datasette.utils.asgi import Request

from quotes.plugin.respond import Visit, respond
from quotes.plugin.stream import Batch, Key, Stream

ROWS = 30_000


@contextmanager
def serving(db: Path, log: Path, *, immutable: bool = False) -> Iterator[str]:
    """Serve a database as people do; give the host and the port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        host = f"127.0.0.1:{free.getsockname()[1]}"
    command = [sys.executable, "-m", "datasette", "serve", *(["-i"] if immutable else []), str(db)]
    command += ["-p", host.rpartition(":")[2], "-m", str(handmade.ROOT / "metadata.yml")]
    with log.open("wb") as sink:
        server = subprocess.Popen(
            command, cwd=handmade.ROOT, stdout=sink, stderr=sink, env=os.environ | {"NO_COLOR": "1"}
        )
        try:
            for _ in range(600):
                with closing(http.client.HTTPConnection(host, timeout=5)) as connection:
                    try:
                        connection.request("GET", "/robots.txt")
                        if connection.getresponse().status == 200:
                            break
                    except OSError:
                        time.sleep(0.1)
            yield host
        finally:
            server.terminate()
            server.wait()


@pytest.fixture
def db(tmp_path: Path) -> Path:
    """More than a socket and the server hold between them."""
    path = handmade.build(tmp_path / "quotes.db")
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executemany(
            "INSERT INTO quotes (uid, article_id, kind, text, position, paragraph, start,"
            " \"end\", confidence) VALUES (?, 1, 'direct', ?, ?, 1, ?, ?, 0.5)",
            [(f"a-{n}", f"Rain {n} " * 100, n, n, n + 9) for n in range(1000, 1000 + ROWS)],
        )
    return path


def opened(host: str, path: str) -> tuple[http.client.HTTPConnection, http.client.HTTPResponse]:
    connection = http.client.HTTPConnection(host, timeout=30)
    connection.request("GET", path)
    return connection, connection.getresponse()


def test_a_stream_comes_whole(db: Path, tmp_path: Path) -> None:
    with serving(db, tmp_path / "log") as host:
        connection, answer = opened(host, "/dump/quotes.ndjson")
        with closing(connection):
            assert answer.getheader("transfer-encoding") == "chunked"
            assert len(answer.read().splitlines()) == ROWS + len(handmade.QUOTES)


@pytest.mark.parametrize("path", ["/dump/quotes.ndjson", "/search.ndjson", "/search.csv"])
def test_what_waits_for_a_slow_reader_is_small(db: Path, path: str) -> None:
    """A server holds a whole message for each reader, and the next one is made meanwhile."""
    with closing(sqlite3.connect(db)) as connection:
        connection.executescript((handmade.ROOT / "quotes" / "index.sql").read_text("utf-8"))

    async def longest() -> int:
        app = Datasette(files=[str(db)])
        await app.invoke_startup()
        sizes: list[int] = []

        async def send(message: dict[str, Any]) -> None:
            sizes.append(len(message.get("body", b"")))

        scope = Request.fake(path).scope | {"raw_path": path.encode(), "headers": []}
        await app.app()(scope, asyncio.Event().wait, send)  # nobody says anything more
        assert sum(sizes) > 10_000_000
        return max(sizes)

    assert asyncio.run(longest()) < 256 * 1024


def test_a_stream_that_breaks_off_has_no_end(db: Path, tmp_path: Path) -> None:
    log = tmp_path / "log"
    with serving(db, log) as host:
        connection, answer = opened(host, "/dump/quotes.ndjson")
        with closing(connection):
            assert answer.status == 200
            with closing(sqlite3.connect(db)) as writer, writer:
                writer.execute("INSERT INTO builds (started, version, model) VALUES ('', '0', 'm')")
            with pytest.raises(http.client.IncompleteRead):
                answer.read()
    assert "A stream broke off behind" in log.read_text("utf-8")
    assert "built anew" in log.read_text("utf-8")


def test_other_pages_are_served_meanwhile(db: Path, tmp_path: Path) -> None:
    with serving(db, tmp_path / "log") as host:
        streams = [
            opened(host, "/dump/quotes.ndjson") for _ in range(6)
        ]  # more than there are threads
        connection, answer = opened(host, "/api")
        with closing(connection):
            assert answer.status == 200
        for connection, _ in streams:
            connection.close()


async def sent(db: Path, page: Any) -> tuple[list[dict[str, Any]], bool]:
    """Give the messages of a page's answer, and whether it has an end."""
    app = Datasette(files=[str(db)])
    await app.invoke_startup()
    got: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        got.append(message)

    await (await respond(page)(app, Request.fake("/x"))).asgi_send(send)
    return got, not got[-1].get("more_body", False)


def counting(made: list[int], last: int, broken: bool = False) -> Any:
    """Return a page: a stream of numbers up to *last*, which notes those it made."""

    def more(connection: sqlite3.Connection, after: Key) -> Batch:
        number = int(after[0]) + 1
        made.append(number)
        if broken and number == last:
            connection.execute("SELECT * FROM nowhere")
        return Batch(f"{number}\n", (number,) if number < last else None)

    def page(connection: sqlite3.Connection, visit: Visit) -> Stream:  # noqa: ARG001
        return Stream(Batch("0\n", (0,)), more, "text/plain", "numbers.txt")

    return page


def test_a_stream_is_sent_to_its_end(db: Path) -> None:
    made: list[int] = []
    got, ended = asyncio.run(sent(db, counting(made, 5)))
    assert [message.get("body") for message in got[1:]] == [
        b"0\n",
        b"1\n",
        b"2\n",
        b"3\n",
        b"4\n",
        b"5\n",
        b"",
    ]
    assert ended
    assert made == [1, 2, 3, 4, 5]


def test_a_batch_that_fails_ends_all(db: Path, caplog: pytest.LogCaptureFixture) -> None:
    made: list[int] = []
    got, ended = asyncio.run(sent(db, counting(made, 3, broken=True)))
    assert made == [1, 2, 3]
    assert not ended
    assert [message.get("body") for message in got[1:]] == [b"0\n", b"1\n", b"2\n"]
    assert re.search(r"broke off behind \(2,\)(?s:.*)nowhere", caplog.text)
