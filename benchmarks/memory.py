"""Measure a worker: ``python benchmarks/memory.py [FOLDER]``.

Prints how long a new process takes to load the model and to find its first attribution, how large
the model's files are, and the peak memory of the process: after loading, after the articles of
FOLDER (``articles/`` if none is named), and after a text of 10 MB in a single paragraph.
"""

from __future__ import annotations

import resource
import sys
import time
from multiprocessing import get_context
from pathlib import Path
from random import Random

ARTICLES = Path(__file__).resolve().parent.parent / "articles"
FIRST = 'President Ann Lee said: "We met on the bridge."'
FILLER = (
    *("ba", "vel", "lome", "amar", "ruvi", "dorin", "rulimo", "nemitar", "turagol", "condela"),
    *('"sita', 'pasto"'),
)
HOSTILE = 10_000_000  # characters


def measure(started: float, folder: Path) -> None:
    """Do what a worker does and print the figures; *started* is when it was told to."""
    from quotes.model import SHIPPED, shipped
    from quotes.pipeline import find

    loading = time.monotonic()
    shipped()
    loaded = time.monotonic()
    count = len(find(FIRST))
    first = time.monotonic()
    size = sum(path.stat().st_size for path in SHIPPED.iterdir())
    print(f"model: {size / 1e6:.1f} MB of files, loaded in {loaded - loading:.2f} s")
    print(f"start to first attribution: {first - started:.2f} s, {count} found")
    print(f"peak memory after loading: {peak()} MB")
    texts = [path.read_text("utf-8") for path in sorted(folder.glob("*.txt"))]
    for text in texts:
        find(text)
    print(f"peak memory after {len(texts)} articles: {peak()} MB", flush=True)
    text = hostile(HOSTILE)
    begun = time.process_time()
    find(text)
    print(
        f"peak memory after a paragraph of {len(text) / 1e6:.1f} MB: {peak()} MB,"
        f" {time.process_time() - begun:.0f} s of processor time, {len(text.split()):,} words"
    )


def hostile(size: int) -> str:
    """Return a paragraph of words that mean nothing, with quotation marks anywhere."""
    each = sum(map(len, FILLER)) / len(FILLER) + 1
    return " ".join(Random(0).choices(FILLER, k=round(size / each)))


def peak() -> int:
    """Return the most memory that this process has had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 // 1_000_000


if __name__ == "__main__":
    named = Path(sys.argv[1]) if len(sys.argv) == 2 else ARTICLES
    if len(sys.argv) > 2 or not named.is_dir():
        sys.exit(__doc__)
    worker = get_context("spawn").Process(target=measure, args=(time.monotonic(), named))
    worker.start()
    worker.join()
    sys.exit(worker.exitcode)
