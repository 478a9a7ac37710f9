"""Kill builds at random moments, and count what is lost: ``python benchmarks/kills.py --times 100``.

Every build is a process of its own, killed (SIGKILL) while it reads, extracts, writes or indexes; the
next one goes on with the same database. When all are done, one is let through, and what it leaves is
compared with a build that nobody disturbed. Prints a line a kill, and a summary.
"""

from __future__ import annotations

import argparse
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from quotes.build import BATCH

# Says after every file and batch how many articles were taken up, and how many were written.
BUILD = """
import os, sys
from pathlib import Path
from quotes.build import build
from quotes.read import find
def say(tally):
    os.write(1, f"{tally.met - tally.unchanged - tally.twice} {tally.written}\\n".encode())
os.write(1, b"0 0\\n")
report = build(find(sys.argv[1:2]), Path(sys.argv[2]), progress=say)
os.write(1, f"resumed {report.resumed}\\n".encode())
"""
CONTENT = (
    "SELECT uid, path, title, text FROM articles ORDER BY uid",
    'SELECT uid, speaker_id IS NULL, kind, text, source, cue, start, "end" FROM quotes ORDER BY uid',
    "SELECT uid, country FROM mentions JOIN quotes ON quotes.id = quote_id ORDER BY uid, country",
    "SELECT quotes.uid FROM quotes_fts JOIN quotes ON quotes.id = quotes_fts.rowid WHERE quotes_fts MATCH 'france' ORDER BY 1",
)


@dataclass(frozen=True)
class Killed:
    """A build that was killed: the articles in its file before and after, taken up, and told as written."""

    before: int
    after: int
    taken: int
    written: int

    @property
    def again(self) -> int:
        """How many articles the next build has to do again."""
        return self.taken - (self.after - self.before)


def write_articles(folder: Path, number: int) -> Path:
    """Write made-up articles that name a country; give the folder."""
    folder.mkdir()
    for n in range(number):
        said = [
            f"President Ann Lee said that France had bridge {n} and {m} arches." for m in range(5)
        ]
        (folder / f"{n:04}.txt").write_text(f"Talk {n}\n\n" + "\n\n".join(said))
    return folder


def articles_in(target: Path) -> int:
    """Count the articles of an unfinished build, else of the database; 0 where there is neither."""
    working = target.with_name(target.name + ".building")
    file = working if working.exists() else target
    if not file.exists():
        return 0
    # In a copy: a journal that is there is for the next build to find.
    with tempfile.TemporaryDirectory() as name:
        copy = Path(name) / "copy"
        for suffix in ("", "-journal"):
            if (part := file.with_name(file.name + suffix)).exists():
                shutil.copy(part, f"{copy}{suffix}")
        with closing(sqlite3.connect(copy)) as connection:
            try:
                (count,) = connection.execute("SELECT count(*) FROM articles").fetchone()
            except sqlite3.OperationalError:  # killed before there was a table
                return 0
    return int(count)


def start(folder: Path, target: Path) -> subprocess.Popen[str]:
    """Start a build that says how far it is."""
    command = [sys.executable, "-c", BUILD, str(folder), str(target)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def kill(folder: Path, target: Path, seconds: float) -> Killed | None:
    """Start a build and kill it so many seconds after its first word; None if it was done by then."""
    before = articles_in(target)
    process = start(folder, target)
    assert process.stdout
    said = [process.stdout.readline()]
    time.sleep(seconds)
    process.kill()
    said += process.stdout.read().splitlines()
    process.wait()
    if said[-1].startswith("resumed"):
        return None
    taken, written = map(int, said[-1].split())
    return Killed(before, articles_in(target), taken, written)


def content(database: Path) -> list[list[tuple[object, ...]]]:
    """Read what the articles decide, and no number that depends on the order of work."""
    with closing(sqlite3.connect(database)) as connection:
        return [connection.execute(sql).fetchall() for sql in CONTENT]


def main(arguments: Sequence[str] | None = None) -> int:
    """Kill as many builds as asked; 1 if anything was lost."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--times", type=int, default=100, help="how many builds to kill")
    parser.add_argument("--articles", type=int, default=400, help="articles in the folder")
    parser.add_argument("--longest", type=float, default=4.0, help="seconds until a kill, at most")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args(arguments)
    moments = random.Random(asked.seed)
    print(f"SQLite {sqlite3.sqlite_version}")
    killed: list[Killed] = []
    with tempfile.TemporaryDirectory() as name:
        folder = write_articles(Path(name) / "in", asked.articles)
        expected = Path(name) / "expected.db"
        start(folder, expected).communicate()
        rounds = 0
        while len(killed) < asked.times:
            rounds += 1
            target = Path(name) / f"{rounds}.db"
            while (one := kill(folder, target, moments.uniform(0, asked.longest))) is not None:
                killed.append(one)
                print(f"{one.before} -> {one.after} of {one.taken} taken up, {one.again} again")
                if len(killed) == asked.times:
                    said, _ = start(folder, target).communicate()
                    assert "resumed True" in said
                    break
            assert content(target) == content(expected), (
                "what is there in the end is another database"
            )
    lost = [one for one in killed if one.after < one.before + one.written]
    again = max(one.again for one in killed)
    print(f"{len(killed)} builds killed in {rounds} databases, {len(lost)} lost what was written")
    print(f"{again} articles done again at most; a batch is {BATCH}")
    return bool(lost) or again > BATCH + 1


if __name__ == "__main__":
    sys.exit(main())
