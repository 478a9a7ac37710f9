"""A build: from paths to a finished database."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from itertools import islice
from pathlib import Path

from quotes import read, tag
from quotes.models import Article, Reject
from quotes.read import Found
from quotes.registry import registry
from quotes.rows import known
from quotes.run import Processes, run
from quotes.store import Engine, Figures, Store
from quotes.workplace import workplace

BATCH = 50  # articles a transaction: what a killed build has to do again at most

Progress = Callable[["Tally"], None]


@dataclass(slots=True)
class Tally:
    """How far a build is.

    Files read; articles met in them, and of these written, left as they were, met twice; dropped.
    """

    files: int = 0
    met: int = 0
    written: int = 0
    unchanged: int = 0
    twice: int = 0
    dropped: int = 0
    rejects: list[Reject] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Report:
    """What a build did, and what the database holds after it.

    ``changed`` is False where there was nothing to do and the target was left alone.
    """

    tally: Tally
    figures: Figures
    changed: bool
    resumed: bool
    seconds: float


def build(
    found: Found,
    target: Path,
    *,
    workers: int = 1,
    fresh: bool = False,
    speakers: Path | None = None,
    progress: Progress = lambda _: None,
) -> Report:
    """Bring the database at *target* up to date with the files of *found*.

    *speakers* is a user's registry file to merge over ours. *progress* is called after every file
    and every batch of articles.

    Raises:
        BusyError: another build works on the same target.
        RegistryError: *speakers* can't be used.
        StoreError: the target is something else, or the result did not pass its check.
    """
    started = time.monotonic()
    listed = registry(speakers)
    engine = Engine(f"{version('quotes')}+speakers.{listed.digest}", tag.MODEL)
    with workplace(target) as place:
        store, resumed = place.open(engine, fresh=fresh)
        try:
            store.begin(engine, listed.speakers, listed.offices, resume=resumed)
            reading = _Reading(found, store, engine, progress)
            _write(reading, store, min(workers, len(found.files)), speakers)
            changed = reading.settle() or resumed or fresh
            if changed:
                store.finish(reading.tally.rejects)
            figures = store.figures()
        finally:
            store.close()
        if changed:
            place.publish()
        else:
            place.discard()
    return Report(reading.tally, figures, changed, resumed, time.monotonic() - started)


class _Reading:
    """The articles of a build as they are read, and what becomes of each."""

    def __init__(self, found: Found, store: Store, engine: Engine, progress: Progress) -> None:
        self.tally = Tally(rejects=list(found.rejects))
        self._found = found
        self._store = store
        self._engine = engine
        self._progress = progress
        self._seen: set[str] = set()
        self._read: set[str] = set()
        self._given = {file.path for file in found.files}

    def articles(self) -> Iterator[Article]:
        """Yield those that the database does not have yet, or has otherwise."""
        for file in self._found.files:
            met = self.tally.met
            whole = True
            for item in read.read(file):
                path = _file(item.path)
                if isinstance(item, Reject):
                    whole = whole and item.path != path
                    self.tally.rejects.append(item)
                    continue
                self.tally.met += 1
                if self._is_news(item):
                    yield item
            if whole and self.tally.met > met:
                self._read.add(path)
            self.tally.files += 1
            self._progress(self.tally)

    def written(self, count: int, rejects: Sequence[Reject]) -> None:
        """Note what was made of some of them."""
        self.tally.written += count
        self.tally.rejects += rejects
        self._progress(self.tally)

    def settle(self) -> bool:
        """Drop what the files read no longer hold; return whether anything is as it was not.

        A file that could not be read at all keeps the articles it had.
        """
        gone = [
            uid
            for uid, path in self._store.paths()
            if uid not in self._seen and _file(path) in self._read
        ]
        self._store.drop(gone)
        self.tally.dropped = len(gone)
        news = self._store.rejects() != set(self.tally.rejects)
        return bool(self.tally.written or gone or news)

    def _is_news(self, article: Article) -> bool:
        uid = article.uid
        if uid in self._seen:
            self.tally.twice += 1
            return False
        self._seen.add(uid)
        stored = self._store.stored(uid)
        if stored is None or stored.engine != self._engine:
            return True
        same = stored.known == tuple(known(article).values())
        if same or self._stands_elsewhere(stored.path):
            self.tally.unchanged += 1
            return False
        return True

    def _stands_elsewhere(self, path: str) -> bool:
        """Whether a text also stands in a file that this build was not given."""
        file = _file(path)
        return file not in self._given and os.path.exists(file)


def _file(path: str) -> str:
    """Return the file of an article's path: ``news.jsonl`` of ``news.jsonl#12``."""
    file, mark, record = path.rpartition("#")
    return file if mark and record.isdecimal() else path


def _write(reading: _Reading, store: Store, workers: int, speakers: Path | None) -> None:
    with contextlib.ExitStack() as stack:
        over = stack.enter_context(Processes(workers)).map if workers > 1 else map
        extractions = run(reading.articles(), over, speakers)
        while batch := list(islice(extractions, BATCH)):
            done = [(item.article, item.quotes) for item in batch if item.reject is None]
            store.add(done)
            reading.written(len(done), [item.reject for item in batch if item.reject])
