"""Measure builds: ``python benchmarks/build.py FOLDER``.

Prints for one worker and for one a core: seconds, articles and words a second, peak memory of the
largest process, and the seconds of a second run, which finds nothing new. Every figure is of a
whole process, its start included.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from sqlite_utils import Database

ROOT = Path(__file__).resolve().parent.parent


def build(folder: str, db: Path, workers: int) -> float:
    """Return the seconds of one run of the builder."""
    started = time.monotonic()
    command = [sys.executable, ROOT / "build_db.py", "--quiet", "--db", db, folder]
    subprocess.run([*command, "--workers", str(workers)], check=True, stderr=subprocess.DEVNULL)
    return time.monotonic() - started


def measure(folder: str, workers: int) -> None:
    """Build twice and print the figures."""
    with tempfile.TemporaryDirectory() as place:
        db = Path(place) / "quotes.db"
        first = build(folder, db, workers)
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
        second = build(folder, db, workers)
        texts = [row["text"] for row in Database(db)["articles"].rows]
        words = sum(len(text.split()) for text in texts)
        size = db.stat().st_size / 2**20
    print(
        f"{workers} workers: {first:.1f} s, {len(texts) / first:,.0f} articles/s,"
        f" {words / first:,.0f} words/s, {peak} MB at most, {size:.1f} MB written;"
        f" again: {second:.1f} s"
    )


if __name__ == "__main__":
    if len(sys.argv) != 2 or not Path(sys.argv[1]).exists():
        sys.exit(__doc__)
    for count in sorted({1, os.cpu_count() or 1}):
        measure(sys.argv[1], count)
