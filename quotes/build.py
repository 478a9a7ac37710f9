"""A build: from paths to a finished database."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from pathlib import Path

from quotes import tag
from quotes.models import Article, Notice, Reject
from quotes.read import File, Folder, Found
from quotes.read import read as read_here
from quotes.read.find import STDIN
from quotes.registry import registry
from quotes.rows import known
from quotes.run import Extraction, Processes, run
from quotes.soundness import StoreError
from quotes.store import Engine, Figures, Store, digest
from quotes.workplace import workplace

BATCH = 50  # articles a transaction: what a killed build has to do again at most
_BATCH_CHARACTERS = 10_000_000  # of their texts: what must fit in memory

Progress = Callable[["Tally"], None]
Read = Callable[[File], Iterable[Article | Notice | Reject]]


@dataclass(slots=True)
class Tally:
    """How far a build is.

    Files read; articles met in them, and of these written, left as they were, met twice; dropped.
    What could not be read or stored, and what is stored otherwise than it stands.
    """

    files: int = 0
    met: int = 0
    written: int = 0
    unchanged: int = 0
    twice: int = 0
    dropped: int = 0
    rejects: list[Reject] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Report:
    """What a build did, and what the database holds after it.

    ``changed`` is False where there was nothing to do and the target was left alone; ``discarded``
    tells why an unfinished build was begun anew (None: there was none).
    """

    tally: Tally
    figures: Figures
    changed: bool
    resumed: bool
    discarded: str | None
    seconds: float


def build(
    found: Found,
    target: Path,
    *,
    workers: int = 1,
    fresh: bool = False,
    moved: bool = False,
    speakers: Path | None = None,
    read: Read = read_here,
    progress: Progress = lambda _: None,
) -> Report:
    """Bring the database at *target* up to date with the files of *found*.

    *moved*: folders that lie elsewhere than at the last build are the same. *speakers* is a user's
    registry file to merge over ours. *read* reads a file, here or in another process. *progress* is
    called after every file and every batch of articles.

    Raises:
        BusyError: another build works on the same target.
        RegistryError: *speakers* can't be used.
        StoreError: the target is something else, or in use with a log, or the result did not pass
            its check; or one of the folders has the name of another one.
    """
    started = time.monotonic()
    listed = registry(speakers)
    _places(found.folders)  # before anything is done
    engine = Engine(f"{version('quotes')}+speakers.{listed.digest}", tag.MODEL)
    with workplace(target) as place:
        opened = place.open(engine, fresh=fresh)
        store = opened.store
        try:
            with contextlib.closing(store):
                found = _as_known(found, store.folders())
                places = _places(found.folders)
                store.enter_folders(places, moved=moved)
                store.begin(engine, listed.speakers, listed.offices, resume=opened.resumed)
                reading = _Reading(found, places, read, store, engine, progress)
                _write(reading, store, min(workers, len(found.files)), speakers)
                changed = reading.settle() or opened.resumed or fresh
                if changed:
                    store.finish(reading.tally.rejects)
                figures = store.figures()
        except StoreError:  # of folders: nothing has been done
            if not opened.resumed:
                place.discard()
            raise
        if changed:
            place.publish(figures)
        else:
            place.discard()
    spent = time.monotonic() - started
    return Report(reading.tally, figures, changed, opened.resumed, opened.discarded, spent)


class _Reading:
    """The articles of a build as they are read, and what becomes of each."""

    def __init__(
        self,
        found: Found,
        places: Mapping[str, str],
        read: Read,
        store: Store,
        engine: Engine,
        progress: Progress,
    ) -> None:
        self.tally = Tally(rejects=list(found.rejects))
        self._found = found
        self._read_file = read
        self._store = store
        self._engine = engine
        self._progress = progress
        self._seen: set[str] = set()
        self._read: set[str] = set()
        self._given = {file.shown for file in found.files}
        self._places = places

    def articles(self) -> Iterator[Article]:
        """Yield those that the database does not have yet, or has otherwise."""
        for file in self._found.files:
            met = self.tally.met
            whole = True
            for item in self._read_file(file):
                if isinstance(item, Reject):
                    whole = whole and item.path != file.shown
                    self.tally.rejects.append(item)
                elif isinstance(item, Notice):
                    self.tally.notices.append(item)
                else:
                    self.tally.met += 1
                    if self._is_news(item):
                        yield item
            if whole and self.tally.met > met:
                self._read.add(file.shown)
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
        """Whether a text also stands in a file that this build was not given.

        A file is looked for in this build's folders only; those in others may still be there.
        """
        file = _file(path)
        name, _, rest = file.partition("/")
        if file in self._given or file == STDIN:
            return False
        return name not in self._places or os.path.exists(os.path.join(self._places[name], rest))


def _as_known(found: Found, known: Mapping[str, str]) -> Found:
    """Return *found* with each folder inside one that is known called by that one's name.

    *known* are the digests of places by name, of folders in the database; those of this build are
    known, too. So a file is the same whether it is given itself or with the folder around it.
    """
    before = {place: name for name, place in known.items()}
    every = {digest(folder.place): folder.name for folder in found.folders} | before
    folders, names = [], {}
    for folder in found.folders:
        place = Path(folder.place)
        if digest(folder.place) not in before:
            place = next((one for one in place.parents if digest(str(one)) in every), place)
        name = every[digest(str(place))]
        within = Path(folder.place).relative_to(place).parts
        folders.append(Folder(name, str(place)))
        names[folder.name] = "/".join((name, *within))

    def named(path: str) -> str:
        folder, slash, rest = path.partition("/")
        return names[folder] + slash + rest if folder in names and slash else path

    return replace(
        found,
        files=tuple(replace(file, name=named(file.name)) for file in found.files),
        folders=tuple(dict.fromkeys(folders)),
        rejects=tuple(replace(reject, path=named(reject.path)) for reject in found.rejects),
    )


def _places(folders: Iterable[Folder]) -> dict[str, str]:
    """Return where folders lie, by name.

    Raises:
        StoreError: two have the same name.
    """
    places: dict[str, str] = {}
    for folder in folders:
        place = places.setdefault(folder.name, folder.place)
        if place != folder.place:
            raise StoreError(f"two folders are named {folder.name}: {place} and {folder.place}")
    return places


def _file(path: str) -> str:
    """Return the file of an article's path: ``news.jsonl`` of ``news.jsonl#12``."""
    file, mark, record = path.rpartition("#")
    return file if mark and record.isdecimal() else path


def _write(reading: _Reading, store: Store, workers: int, speakers: Path | None) -> None:
    with contextlib.ExitStack() as stack:
        over = stack.enter_context(Processes(workers)).map if workers > 1 else map
        extractions = run(reading.articles(), over, speakers)
        for batch in _batches(extractions):
            done = [(item.article, item.quotes) for item in batch if item.reject is None]
            failed = store.add(done)
            rejects = [item.reject for item in batch if item.reject]
            reading.written(len(done) - len(failed), [*rejects, *failed])


def _batches(extractions: Iterable[Extraction]) -> Iterator[list[Extraction]]:
    """Yield them in lists that a transaction, and memory, can take."""
    batch: list[Extraction] = []
    for extraction in extractions:
        batch.append(extraction)
        characters = sum(len(one.article.text) for one in batch)
        if len(batch) == BATCH or characters > _BATCH_CHARACTERS:
            yield batch
            batch = []
    if batch:
        yield batch
