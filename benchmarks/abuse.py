"""Measure what careless clients cost others: ``python benchmarks/abuse.py quotes-100k.db``.

Serves the database as ``benchmarks/serve.py`` does, and prints how fast a dump and all hits of a search come;
how much memory the server takes while many ask for a dump and never read it; and how long an answer takes
when many have just asked for a search and left. Speaks to its own server on 127.0.0.1 only.
"""

from __future__ import annotations

import argparse
import re
import socket
import statistics
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from random import Random
from urllib.parse import urlencode

from serve import ROOT, Client, Sample, served

READERS, SEARCHES = 300, 5_000  # not more than 10,000: each is a connection
ROUNDS = 5
SETTLED, PATIENCE = 3, 60  # seconds


def throughput(port: int, path: str) -> str:
    """Return how long an answer takes from the first byte to the last, and its size."""
    answers = [Client(port).ask(path) for _ in range(ROUNDS)]
    took = statistics.median(answer.took for answer in answers) / 1000
    return f"{path}: {answers[0].size / 1e6:.1f} MB in {took:.2f} s, {answers[0].size / took / 1e6:.1f} MB/s"


def asked(port: int, path: str) -> socket.socket:
    """Return a connection on which a request has been sent; it has little room for an answer."""
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    connection.settimeout(PATIENCE)
    connection.connect(("127.0.0.1", port))
    connection.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
    return connection


def memory(pid: int) -> int:
    """Return the megabytes that a process has now."""
    found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) // 1024 if found else 0


def settled(pid: int) -> int:
    """Return the megabytes that a process has when they have stopped to grow."""
    seen, until = [memory(pid)], time.monotonic() + PATIENCE
    while time.monotonic() < until:
        time.sleep(SETTLED)
        seen.append(memory(pid))
        if seen[-1] <= seen[-2]:
            break
    return max(seen)


def never_read(pid: int, port: int, path: str, readers: int) -> str:
    """Return the memory without and with readers who never read."""
    before = memory(pid)
    with ExitStack() as stack:
        for _ in range(readers):
            stack.enter_context(asked(port, path))
        return f"{readers} who ask for {path} and never read: {before} MB before, {settled(pid)} MB with them"


def abandoned(port: int, paths: Sequence[str], honest: str) -> str:
    """Return how long an answer takes alone, and behind requests whose clients have gone."""
    alone = Client(port).ask(honest).took
    for path in paths:
        asked(port, path).close()
    behind = Client(port).ask(honest)
    return (
        f"behind {len(paths)} abandoned searches: {honest} takes {behind.took / 1000:.2f} s"
        f" (status {behind.status}), alone {alone / 1000:.2f} s"
    )


def measure(path: Path, readers: int, searches: int, seed: int) -> None:
    """Serve the database and print the figures."""
    random = Random(seed)
    sample = Sample(path, random)

    def search() -> str:
        return f"/search?{urlencode({'q': f'{sample.one(sample.common)} {sample.one(sample.middling)}'})}"

    dump, hits = "/dump/quotes.ndjson", f"/search.ndjson?q={sample.common[0]}"
    paths = [search() for _ in range(searches)]
    with served(path, ROOT / "metadata.yml") as (server, port):
        for one in (dump, hits, "/search.csv"):
            print(throughput(port, one), flush=True)
    with served(path, ROOT / "metadata.yml") as (server, port):
        print(abandoned(port, paths, search()), flush=True)
    with served(path, ROOT / "metadata.yml") as (server, port):
        print(never_read(server.pid, port, dump, readers), flush=True)


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("path", type=Path)
    parser.add_argument("--readers", type=int, default=READERS)
    parser.add_argument("--searches", type=int, default=SEARCHES)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    if not arguments.path.is_file():
        parser.error("needs a database")
    if (
        not 1
        <= min(arguments.readers, arguments.searches)
        <= max(arguments.readers, arguments.searches)
        <= 10_000
    ):
        parser.error("from 1 to 10,000 clients")
    measure(**vars(arguments))


if __name__ == "__main__":
    main()
