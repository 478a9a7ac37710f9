"""Extraction over many articles, through any ``map``: serial, processes, a cluster."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import partial
from multiprocessing import connection, get_context, parent_process
from pathlib import Path

from quotes.model import ModelError
from quotes.models import Article, Quote, Reject
from quotes.pipeline import extract
from quotes.registry import registry

Map = Callable[[Callable[[Article], "Extraction"], Iterable[Article]], Iterable["Extraction"]]

# Articles under way for each worker, and characters in all: enough that none waits, few enough to
# stay in memory.
_AHEAD = 4
_CHARACTERS_AHEAD = 50_000_000
# How often an article's worker may die over nothing else before the article is to blame: somebody
# may be killing them all.
_TRIES = 3


@dataclass(frozen=True, slots=True)
class Extraction:
    """An article with its quotes, or the reason why it has none to offer."""

    article: Article
    quotes: tuple[Quote, ...] = ()
    reject: Reject | None = None


def run(
    articles: Iterable[Article], over: Map = map, speakers: Path | None = None
) -> Iterator[Extraction]:
    """Yield the extraction of each article, in their order if *over* keeps it.

    *speakers* is a user's registry file to merge over ours. An article that can't be worked on is
    rejected; the others go on.
    """
    yield from over(partial(_extract, speakers=speakers), articles)


def _extract(article: Article, speakers: Path | None = None) -> Extraction:
    try:
        return Extraction(article, extract(article, registry(speakers)))
    except ModelError:  # nothing can be done without it
        raise
    except Exception as error:  # whatever it is, the other articles go on
        return _failed(article, f"{type(error).__name__}: {error}")


def _failed(article: Article, why: str) -> Extraction:
    reason = " ".join(f"extraction failed: {why}".split())
    return Extraction(article, reject=Reject(article.path, reason))


class Processes:
    """Worker processes with a ``map`` that keeps the order and outlives a dying worker.

    >>> with Processes(1) as processes:
    ...     list(processes.map(_extract, []))
    []
    """

    def __init__(self, workers: int) -> None:
        self._workers = workers
        self._pool = self._start()

    def __enter__(self) -> Processes:
        return self

    def __exit__(self, error: type[BaseException] | None, *_: object) -> None:
        if error:  # as by Ctrl-C: nobody waits for what is under way
            for process in list((self._pool._processes or {}).values()):
                process.kill()
        self._pool.shutdown(cancel_futures=True)

    def map(
        self, function: Callable[[Article], Extraction], articles: Iterable[Article]
    ) -> Iterator[Extraction]:
        """Yield what *function* makes of each article, a few of them under way at a time.

        When a worker dies, what was under way is done again one by one, so that only an article
        that kills its worker by itself, time and again, is rejected.
        """
        under_way: deque[tuple[Article, Future[Extraction]]] = deque()
        for article in articles:
            under_way.append((article, self._submit(function, article)))
            while len(under_way) > _AHEAD * self._workers or _is_much(under_way):
                yield from self._next(function, under_way)
        while under_way:
            yield from self._next(function, under_way)

    def _next(
        self,
        function: Callable[[Article], Extraction],
        under_way: deque[tuple[Article, Future[Extraction]]],
    ) -> Iterator[Extraction]:
        article, future = under_way.popleft()
        try:
            yield future.result()
        except BrokenProcessPool:
            again = [article, *(waiting for waiting, _ in under_way)]
            under_way.clear()
            self._pool = self._start()
            for one in again:
                yield self._alone(function, one)

    def _alone(
        self, function: Callable[[Article], Extraction], article: Article, tries: int = _TRIES
    ) -> Extraction:
        if not tries:
            return _failed(article, "its worker process died")
        try:
            return self._submit(function, article).result()
        except BrokenProcessPool:
            self._pool = self._start()
            return self._alone(function, article, tries - 1)

    def _submit(
        self, function: Callable[[Article], Extraction], article: Article
    ) -> Future[Extraction]:
        try:
            with _interrupts_held():
                return self._pool.submit(function, article)
        except (
            BrokenProcessPool
        ) as error:  # by an article before this one: told when it is its turn
            broken: Future[Extraction] = Future()
            broken.set_exception(error)
            return broken

    def _start(self) -> ProcessPoolExecutor:
        # Spawned, not forked: the same on every system, and safe beside threads.
        return ProcessPoolExecutor(
            self._workers, mp_context=get_context("spawn"), initializer=_end_with_parent
        )


def _is_much(under_way: Iterable[tuple[Article, object]]) -> bool:
    """Whether the texts of some articles are more than is held in memory beside the next one."""
    articles = [article for article, _ in under_way]
    characters = sum(len(article.text) for article in articles)
    return len(articles) > 1 and characters > _CHARACTERS_AHEAD


@contextlib.contextmanager
def _interrupts_held() -> Iterator[None]:
    """Hold Ctrl-C back while a worker may be started: it inherits that, and leaves it to us."""
    if not hasattr(signal, "pthread_sigmask"):  # as on Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _end_with_parent() -> None:
    """End this worker when its parent ends, however that ends; else it would wait for ever."""
    parent = parent_process()
    if parent is not None:
        threading.Thread(target=_wait_for, args=(parent.sentinel,), daemon=True).start()


def _wait_for(sentinel: int) -> None:
    connection.wait([sentinel])
    os._exit(1)
