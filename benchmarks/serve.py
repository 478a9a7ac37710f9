"""Measure a server: ``python benchmarks/serve.py quotes-1m.db``.

Serves the database with Datasette on one core, asks for each kind of page from another, one request
after the other over one connection, and prints how long the answers took, from the first byte sent
to the last byte read. Words, phrases and filters are drawn from the database. Datasette's own
search gets the same words in the same run. An answer other than 200 is an error; its time counts.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import math
import os
import platform
import re
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from random import Random
from urllib.parse import quote, urlencode

import datasette
from datasette.utils import tilde_encode

ROOT = Path(__file__).resolve().parent.parent
WARM_UP = 5
SAMPLE = 5_000  # quotes from which phrases and filters are drawn
POOL = 40  # words, or phrases, of about the same frequency
PATIENCE = 120  # seconds


@dataclass(frozen=True)
class Answer:
    """One response: its status (0: none), milliseconds and bytes."""

    status: int
    took: float
    size: int


class Sample:
    """What a database holds, to ask for: words by frequency, phrases, filters, addresses."""

    def __init__(self, path: Path, random: Random) -> None:
        """Read the vocabulary and some thousand quotes."""
        self._random = random
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            self._db = connection
            connection.row_factory = sqlite3.Row
            (self.count,) = connection.execute("SELECT count(*) FROM quotes").fetchone()
            connection.execute(
                "CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab(main, quotes_fts, row)"
            )
            connection.execute(
                "CREATE TEMP TABLE words AS SELECT term, doc FROM vocabulary"
                " WHERE length(term) > 1 AND term NOT GLOB '*[^a-z]*'"
            )
            self.rare = self._words(10)
            self.middling = self._words(self.count // 500)
            self.common = self._words(self.count, 10)
            self.quotes = [self._quote() for _ in range(SAMPLE)]
        self._phrases()

    def one(self, *pools: list[str]) -> str:
        """Return one word of these."""
        return self._random.choice([word for pool in pools for word in pool])

    def quote(self) -> dict[str, str]:
        """Return a quote: its uid and its article's, and filters that find it, as they are typed."""
        return self._random.choice(self.quotes)

    def filters(self, count: int) -> dict[str, str]:
        """Return so many filters that one quote passes."""
        while True:
            found = self.quote()
            names = [n for n in ("speaker", "kind", "year", "country") if found[n]]
            if len(names) >= count:
                return {name: found[name] for name in self._random.sample(names, count)}

    def _words(self, target: int, pool: int = POOL) -> list[str]:
        """Return the words in so many quotes, or the nearest to that."""
        rows = self._db.execute(
            "SELECT term, doc FROM words ORDER BY abs(doc - ?), term LIMIT ?", [target, pool]
        ).fetchall()
        print(f"words in {rows[0]['doc']:,} to {rows[-1]['doc']:,} quotes", file=sys.stderr)
        return [row["term"] for row in rows]

    def _quote(self) -> dict[str, str]:
        row = self._db.execute(
            "SELECT quotes.uid, articles.uid AS article, slug AS speaker, quotes.kind,"
            " quotes.year, quotes.text,"
            " (SELECT country FROM mentions WHERE quote_id = quotes.id LIMIT 1) AS country"
            " FROM quotes JOIN articles ON articles.id = article_id"
            " LEFT JOIN speakers ON speakers.id = speaker_id"
            " WHERE quotes.id >= ? * (SELECT max(id) FROM quotes) LIMIT 1",
            [self._random.random()],
        ).fetchone()
        return {name: str(row[name] or "") for name in row.keys()}  # noqa: SIM118

    def _phrases(self) -> None:
        """Note two words that stand side by side: more than once in the sample, and any."""
        pairs = Counter(
            f'"{" ".join(pair)}"'
            for found in self.quotes
            for pair in pairwise(re.findall(r"[a-z]{2,}", found["text"].lower()))
        )
        self.frequent_phrases = [pair for pair, _ in pairs.most_common(POOL)]
        self.phrases = sorted(pairs)


def kinds(sample: Sample, database: str) -> dict[str, Callable[[], str]]:
    """Return for each kind of page what draws an address of it."""
    rare, middling, common = sample.rare, sample.middling, sample.common
    one, filters = sample.one, sample.filters
    table = f"/{tilde_encode(database)}/quotes"

    def search(**parameters: str) -> str:
        return f"/search?{urlencode(parameters)}"

    def its_own(pool: list[str], **parameters: str) -> str:
        return f"{table}?{urlencode({'_search': one(pool), **parameters})}"

    def speaker() -> str:
        return next(found for _ in range(1000) if (found := sample.quote()["speaker"]))

    quick = {"_nofacet": "1", "_nocount": "1"}
    return {
        "home": lambda: "/",
        "quote": lambda: f"/quote/{quote(sample.quote()['uid'])}",
        "article": lambda: f"/article/{quote(sample.quote()['article'])}",
        "speaker": lambda: f"/speaker/{quote(speaker())}",
        "speakers": lambda: "/speakers",
        "search, all": lambda: "/search",
        "search, rare word": lambda: search(q=one(rare)),
        "search, middling word": lambda: search(q=one(middling)),
        "search, very common word": lambda: search(q=one(common)),
        "search, two common words": lambda: search(q=f"{one(common)} {one(common)}"),
        "search, phrase": lambda: search(q=one(sample.phrases)),
        "search, frequent phrase": lambda: search(q=one(sample.frequent_phrases)),
        "search, common word, newest": lambda: search(q=one(common), sort="newest"),
        "search, common word, page 50": lambda: search(q=one(common), page="50"),
        "search, one filter": lambda: search(**filters(1)),
        "search, middling word, one filter": lambda: search(q=one(middling), **filters(1)),
        "search, common word, one filter": lambda: search(q=one(common), **filters(1)),
        "search, middling word, two filters": lambda: search(q=one(middling), **filters(2)),
        "search, common word, two filters": lambda: search(q=one(common), **filters(2)),
        "Datasette, rare word": lambda: its_own(rare),
        "Datasette, middling word": lambda: its_own(middling),
        "Datasette, very common word": lambda: its_own(common),
        "Datasette, rare, no facets or count": lambda: its_own(rare, **quick),
        "Datasette, middling, no facets or count": lambda: its_own(middling, **quick),
        "Datasette, common, no facets or count": lambda: its_own(common, **quick),
    }


class Client:
    """Asks over one connection that is kept open."""

    def __init__(self, port: int) -> None:
        """Connect at the first request."""
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)

    def ask(self, path: str) -> Answer:
        """Return what comes of a request."""
        started = time.perf_counter()
        try:
            self._connection.request("GET", path)
            response = self._connection.getresponse()
            status, size = response.status, len(response.read())
        except (OSError, http.client.HTTPException):
            self._connection.close()  # the next request opens it anew
            status = size = 0
        return Answer(status, 1000 * (time.perf_counter() - started), size)


def cores() -> list[int]:
    """Return the cores to pin to, none where the system can't or there is only one."""
    found = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
    return found if len(found) > 1 else []


@contextlib.contextmanager
def served(path: Path, metadata: Path) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """Serve a database on the first core, and leave this process to the second."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "datasette", "serve", "-i", str(path)]
    command += ["-m", str(metadata), "-p", str(port)]
    pins = cores()
    with tempfile.TemporaryFile() as log:
        if pins:
            os.sched_setaffinity(0, pins[:1])  # which the server inherits
        server = subprocess.Popen(command, stdout=log, stderr=log)
        if pins:
            os.sched_setaffinity(0, pins[1:2])
        try:
            wait_for(server, port)
            yield server, port
        except BaseException:
            log.seek(0)
            print(log.read()[-2000:].decode(errors="replace"), file=sys.stderr)
            raise
        finally:
            server.terminate()
            server.wait()


def wait_for(server: subprocess.Popen[bytes], port: int) -> None:
    """Return when the server answers."""
    until = time.monotonic() + PATIENCE
    while server.poll() is None and time.monotonic() < until:
        if Client(port).ask("/-/versions.json").status == 200:
            return
        time.sleep(0.1)
    raise RuntimeError("the server does not answer")


def peak(pid: int) -> str:
    """Return the most memory that a process has had."""
    status = Path(f"/proc/{pid}/status")
    found = re.search(r"VmHWM:\s+(\d+) kB", status.read_text()) if status.exists() else None
    return f"{int(found[1]) // 1024} MB" if found else "not known"


def line(kind: str, answers: list[Answer]) -> str:
    """Return a line of the table: a row of Markdown."""
    times = sorted(answer.took for answer in answers)
    errors = Counter(answer.status for answer in answers if answer.status != 200)
    told = ", ".join(f"{n} × {status or 'no answer'}" for status, n in errors.items()) or "0"

    def percentile(percent: int) -> float:
        return times[math.ceil(len(times) * percent / 100) - 1]

    figures = [statistics.median(times), percentile(95), percentile(99), times[-1]]
    size = statistics.median(answer.size for answer in answers)
    cells = [f"{len(answers):8}", f"{told:>12}", *(f"{figure:7.1f}" for figure in figures)]
    return " | ".join([f"| {kind:40}", *cells, f"{size:9,.0f} |"])


def measure(path: Path, metadata: Path, requests: int, only: str, seed: int) -> None:
    """Ask for every kind of page and print the table."""
    sample = Sample(path, Random(seed))
    print(
        f"{path.name}: {sample.count:,} quotes, {path.stat().st_size / 2**20:,.0f} MB;"
        f" Datasette {datasette.__version__}, Python {platform.python_version()},"
        f" SQLite {sqlite3.sqlite_version};"
        f" {'a core each for server and client' if cores() else 'not pinned to cores'}\n"
    )
    heads = ["requests", "      errors", " median", "    p95", "    p99", "    max", "    bytes"]
    print(" | ".join([f"| {'times in ms':40}", *heads]) + " |")
    print("|---|" + "---:|" * len(heads))
    with served(path, metadata) as (server, port):
        client = Client(port)
        for kind, draw in kinds(sample, path.stem).items():
            if only in kind:
                for _ in range(WARM_UP):
                    client.ask(draw())
                print(line(kind, [client.ask(draw()) for _ in range(requests)]), flush=True)
        print(f"\npeak memory of the server: {peak(server.pid)}")


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("path", type=Path)
    parser.add_argument("-m", "--metadata", type=Path, default=ROOT / "metadata.yml")
    parser.add_argument("--requests", type=int, default=100, help="of each kind")
    parser.add_argument("--only", default="", metavar="WORDS", help="kinds with WORDS in the name")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    if not arguments.path.is_file() or arguments.requests < 1:
        parser.error("needs a database, and one request or more")
    measure(**vars(arguments))


if __name__ == "__main__":
    main()
