"""A database that is replaced while it is served: every answer is of one build, after the swap of the new one."""

from __future__ import annotations

import asyncio
import gc
import json
import os
import sqlite3
from collections.abc import Callable, Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import handmade
import pytest
from datasette.app import Datasette
from datasette.database import Database
from test_plugin_app import IS_1_0
from test_plugin_stream import opened, serving

from quotes.plugin.editions import EditionedDatabase, one_edition_a_request

ROWS = 20_000
# Of our pages and of Datasette's, where both builds have a quote that says which one it is.
PAGES = [
    *("/quote/a-0", "/search?q=rain", "/search.json?q=rain", "/search.csv", "/dump/quotes.ndjson"),
    *("/quotes/quotes", "/quotes/quotes.json?_shape=array", "/quotes/quotes.csv"),
    *("/quotes/quotes/1", "/quotes/quotes?_search=rain"),
]
STREAMS = ["/dump/quotes.csv", "/search.ndjson", "/quotes/quotes.csv?_stream=1&_sort=id"]


def built(path: Path, build: str, extra: int = 0) -> Path:
    """Write a database all of whose quotes tell the build, with so many more quotes."""
    handmade.build(path)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executemany(
            "INSERT INTO quotes (uid, article_id, kind, text, position, paragraph, start,"
            " \"end\", confidence) VALUES (?, 1, 'direct', '', ?, 1, ?, ?, 0.5)",
            [(f"a-{n}", n, n, n + 9) for n in range(1000, 1000 + extra)],
        )
        said = f"Rain of the {build} build. " * 20
        connection.execute("UPDATE quotes SET text = ?, verbatim = NULL, source = NULL", [said])
        connection.execute("UPDATE builds SET finished = ?", [build])
        connection.execute("INSERT INTO quotes_fts (quotes_fts) VALUES ('rebuild')")
        connection.executescript((handmade.ROOT / "quotes" / "index.sql").read_text("utf-8"))
    return path


def at_once(host: str, paths: Sequence[str]) -> list[tuple[str, str, str | None]]:
    """Ask for all *paths* at the same time; give each with its answer and the answer's tag."""

    def ask(path: str) -> tuple[str, str, str | None]:
        connection, answer = opened(host, path)
        with closing(connection):
            text = answer.read().decode("utf-8")
            assert answer.status == 200, (path, text)
            return path, text, answer.getheader("etag")

    with ThreadPoolExecutor(12) as pool:
        return list(pool.map(ask, paths))


def builds_in(text: str) -> set[str]:
    return {build for build in ("first", "second") if f"of the {build} build" in text}


@pytest.mark.parametrize("immutable", [False, True])
@pytest.mark.parametrize("warm", [1, 60])
def test_after_a_swap_every_answer_is_of_the_new_build(
    tmp_path: Path, immutable: bool, warm: int
) -> None:
    """Whether one thread has opened the file before or all have."""
    db = built(tmp_path / "quotes.db", "first")
    new = built(tmp_path / "new.db", "second")
    with serving(db, tmp_path / "log", immutable=immutable) as host:
        before = at_once(host, (PAGES * 6)[:warm])
        os.replace(new, db)
        after = at_once(host, PAGES * 6)
    assert [path for path, text, _ in before if builds_in(text) != {"first"}] == []
    assert [path for path, text, _ in after if builds_in(text) != {"second"}] == []
    for page in PAGES:
        assert len({tag for path, _, tag in after if path == page}) == 1, page
    earlier = {tag for _, _, tag in before if tag}
    assert earlier
    assert earlier.isdisjoint(tag for _, _, tag in after)


@pytest.mark.parametrize("immutable", [False, True])
def test_a_stream_ends_with_the_build_that_it_began_with(tmp_path: Path, immutable: bool) -> None:
    db = built(tmp_path / "quotes.db", "first", ROWS)
    new = built(tmp_path / "new.db", "second")
    with serving(db, tmp_path / "log", immutable=immutable) as host:
        streams = [opened(host, path) for path in STREAMS]
        begun = [answer.read(1000) for _, answer in streams]
        os.replace(new, db)
        meanwhile = at_once(host, PAGES * 3)
        texts = [first + answer.read() for first, (_, answer) in zip(begun, streams, strict=True)]
        for connection, _ in streams:
            connection.close()
    assert [path for path, text, _ in meanwhile if builds_in(text) != {"second"}] == []
    for path, text in zip(STREAMS, texts, strict=True):
        assert builds_in(text.decode()) == {"first"}, path
        rows = text.decode().strip().splitlines()
        assert len(rows) == ROWS + len(handmade.QUOTES) + ("csv" in path), path


def test_each_answer_is_of_one_build_while_files_are_swapped(tmp_path: Path) -> None:
    """Datasette's table page reads rows, their number and more by queries of their own."""
    db = built(tmp_path / "quotes.db", "first")
    page = "/quotes/quotes.json?_shape=objects&_extra=count&_size=1000"
    lengths = {"first": len(handmade.QUOTES), "second": len(handmade.QUOTES) + 30}
    with serving(db, tmp_path / "log") as host, ThreadPoolExecutor(1) as asking:
        for _ in range(10):
            answers = asking.submit(at_once, host, [page] * 24)
            for build in ("second", "first"):
                os.replace(built(tmp_path / "new.db", build, 30 if build == "second" else 0), db)
            for _, text, _ in answers.result():
                (build,) = builds_in(text)
                found = json.loads(text)
                counted = found["count" if "count" in found else "filtered_table_rows_count"]
                assert len(found["rows"]) == counted == lengths[build]


async def served(db: Path, **options: Any) -> tuple[Datasette, Any]:
    datasette = Datasette(files=[str(db)], **options)
    await datasette.invoke_startup()
    return datasette, datasette.databases["quotes"]


async def build_of(database: Any) -> str:
    return str((await database.execute("SELECT finished FROM builds")).first()[0])


async def in_a_request(work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:  # noqa: ARG001
        await work()

    await one_edition_a_request(app)({"type": "http"}, None, None)  # type: ignore[arg-type]


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Path, Path]:
    """The file that is served, and the one to take its place."""
    return built(tmp_path / "quotes.db", "first"), built(tmp_path / "new.db", "second", 5)


@pytest.mark.parametrize("threads", [0, 1, 3])
def test_a_request_stays_with_its_edition(pair: tuple[Path, Path], threads: int) -> None:
    db, new = pair
    seen: list[str] = []

    async def run() -> None:
        _, database = await served(db, settings={"num_sql_threads": threads})

        async def work() -> None:
            seen.append(await build_of(database))
            os.replace(new, db)
            seen.extend([await build_of(database) for _ in range(4)])
            together = (build_of(database) for _ in range(8))
            seen.extend(await asyncio.gather(*together))  # as Datasette 1.0 does

        await in_a_request(work)
        seen.append(await build_of(database))

    asyncio.run(run())
    assert seen == ["first"] * 13 + ["second"]


def test_what_datasette_has_counted_is_of_the_same_edition(pair: tuple[Path, Path]) -> None:
    db, new = pair
    quotes = len(handmade.QUOTES)

    async def run() -> None:
        inspected = {"quotes": {"hash": "abc", "size": 1, "tables": {"quotes": {"count": quotes}}}}
        datasette = Datasette(immutables=[str(db)], inspect_data=inspected)
        await datasette.invoke_startup()
        database = datasette.databases["quotes"]
        assert (await database.table_counts())["quotes"] == quotes
        assert (database.hash, database.size) == ("abc", 1)

        async def work() -> None:
            await build_of(database)
            os.replace(new, db)
            assert (await database.table_counts())["quotes"] == quotes

        await in_a_request(work)
        assert (await database.table_counts(1000))["quotes"] == quotes + 5
        assert database.size == db.stat().st_size
        assert len(database.hash) == 64
        assert not datasette.inspect_data

    asyncio.run(run())


def test_a_count_that_ends_after_the_swap_is_not_kept_for_the_new_file(
    pair: tuple[Path, Path],
) -> None:
    db, new = pair

    async def run() -> None:
        datasette = Datasette(immutables=[str(db)])
        await datasette.invoke_startup()
        database = datasette.databases["quotes"]

        async def work() -> None:
            await build_of(database)
            os.replace(new, db)
            counted: list[int] = []

            async def other() -> None:
                counted.append((await database.table_counts(1000))["quotes"])

            await asyncio.create_task(in_a_request(other))
            assert (await database.table_counts(1000))["quotes"] == len(handmade.QUOTES)
            assert counted == [len(handmade.QUOTES) + 5]

        await in_a_request(work)
        assert (await database.table_counts(1000))["quotes"] == len(handmade.QUOTES) + 5

    asyncio.run(run())


def test_while_there_is_no_file_the_last_one_is_read(pair: tuple[Path, Path]) -> None:
    db, new = pair

    async def run() -> list[str]:
        _, database = await served(db)
        seen = [await build_of(database)]
        db.unlink()
        seen.append(await build_of(database))
        new.rename(db)
        return [*seen, await build_of(database)]

    assert asyncio.run(run()) == ["first", "first", "second"]


@pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="tells which files are open")
def test_a_file_that_nobody_reads_any_more_is_closed(pair: tuple[Path, Path]) -> None:
    db, new = pair

    def still_open() -> list[str]:
        links = (f"/proc/self/fd/{fd}" for fd in os.listdir("/proc/self/fd"))
        files = [os.readlink(link) for link in links if os.path.lexists(link)]
        return [file for file in files if file == f"{db} (deleted)"]

    async def run() -> None:
        datasette, database = await served(db)
        await asyncio.gather(*(datasette.client.get("/quotes/quotes") for _ in range(9)))

        async def work() -> None:
            await build_of(database)
            os.replace(new, db)

            async def other() -> None:
                assert await build_of(database) == "second"

            await asyncio.create_task(in_a_request(other))
            assert still_open()

        await in_a_request(work)
        gc.collect()
        assert still_open() == []
        listed = "_all_connections" if IS_1_0 else "_all_file_connections"
        assert getattr(database, listed) == [], "what Datasette would keep open"

    asyncio.run(run())


def test_other_databases_stay_as_they_are(handmade_db: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    with closing(sqlite3.connect(other)) as connection, connection:
        connection.execute("CREATE TABLE t (a)")

    async def run() -> None:
        datasette = Datasette(files=[str(other)], immutables=[str(handmade_db)], memory=True)
        before = {
            name: (database.name, database.route, database.is_mutable)
            for name, database in datasette.databases.items()
        }
        await datasette.invoke_startup()
        after = datasette.databases
        assert list(after) == list(before)
        assert before == {n: (d.name, d.route, d.is_mutable) for n, d in after.items()}
        ours = {name for name, of in after.items() if isinstance(of, EditionedDatabase)}
        assert ours == {"quotes"}
        assert type(after["other"]) is Database

    asyncio.run(run())


def test_a_link_that_is_moved_leads_to_the_new_file(tmp_path: Path) -> None:
    """As a folder a build is served, with a link to the one that is shown."""
    for build in ("first", "second"):
        (tmp_path / build).mkdir()
        built(tmp_path / build / "quotes.db", build)
        (tmp_path / f"to-{build}").symlink_to(build)
    (tmp_path / "to-first").rename(tmp_path / "current")

    async def run() -> list[str]:
        _, database = await served(tmp_path / "current" / "quotes.db")
        seen = [await build_of(database)]
        os.replace(tmp_path / "to-second", tmp_path / "current")
        return [*seen, await build_of(database)]

    assert asyncio.run(run()) == ["first", "second"]
