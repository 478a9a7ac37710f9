"""Reading in a process of its own: whatever a file does to it, the build goes on.

A few kilobytes can be made to need gigabytes, or minutes, or to crash a parser. The process has limits
(``limits``) that the system keeps, where it can; when it ends over a file, that file is rejected, and
another process reads the next.
"""

from __future__ import annotations

import os
import pickle
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import IO, Any

from quotes.models import Article, Notice, Reject
from quotes.read import read, sidecar
from quotes.read.find import File
from quotes.read.limits import MEMORY, SECONDS
from quotes.read.sidecar import Sidecar

_START = "import sys; sys.path[:] = {path!r}; from quotes.read.apart import serve; serve()"
_MUCH_MEMORY = f"takes more than {MEMORY // 2**30} GiB of memory to read"
_MUCH_TIME = f"takes more than {SECONDS} seconds to read"
_SENT_ALL = None


class _EndedError(Exception):
    """The process ended, or should; the message says why in one line."""


class _KilledError(_EndedError):
    """Somebody ended the process, or the system did: perhaps not for the file's sake."""


class Apart:
    """A process that reads for this one. Not for several threads at once.

    >>> with Apart() as apart:
    ...     list(apart.read(File("nowhere.txt")))
    [Reject(path='nowhere.txt', reason='cannot be read: No such file or directory')]
    """

    def __init__(self) -> None:
        self._process = _start()

    def __enter__(self) -> Apart:
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def read(self, file: File) -> Iterator[Article | Notice | Reject]:
        """Yield what ``read.read`` does; then a reject if the process ends over the file."""
        try:
            yield from self._answers(read, file)
        except _EndedError as error:
            yield Reject(file.shown, str(error))

    def load(self, path: Path) -> tuple[Sidecar, tuple[Reject, ...]]:
        """Return what ``sidecar.load`` does; a sidecar that ends the process tells nothing."""
        try:
            ((told, rejects),) = self._answers(_loaded, path)
        except _EndedError as error:
            return Sidecar(path.parent), (Reject(path.name, str(error)),)
        return told, rejects

    def _answers(self, function: Callable[[Any], Iterable[Any]], argument: object) -> Iterator[Any]:
        """Yield what *function* does in the process; where that is killed, another goes on, once.

        It leaves out what was given already: a file is read alike each time.
        """
        given = 0
        try:
            for answer in self._ask(function, argument):
                given += 1
                yield answer
        except _KilledError:
            yield from islice(self._ask(function, argument), given, None)

    def _ask(self, function: Callable[[Any], Iterable[Any]], argument: object) -> Iterator[Any]:
        done = False
        try:
            pickle.dump((function, argument), self._pipe_in)
            self._pipe_in.flush()
            while (answer := pickle.load(self._pipe_out)) is not _SENT_ALL:  # noqa: S301  (ours)
                if isinstance(answer, _EndedError):
                    raise answer
                yield answer
            done = True
        except (EOFError, OSError, pickle.UnpicklingError):
            raise self._why() from None
        finally:
            if not done:  # it has ended, or somebody wants no more of what it goes on to send
                self._end()
                self._process = _start()

    @property
    def _pipe_in(self) -> IO[bytes]:
        assert self._process.stdin  # noqa: S101  (as it was started)
        return self._process.stdin

    @property
    def _pipe_out(self) -> IO[bytes]:
        assert self._process.stdout  # noqa: S101  (as it was started)
        return self._process.stdout

    def _why(self) -> _EndedError:
        status = self._process.wait()
        if hasattr(signal, "SIGPROF") and status == -signal.SIGPROF:
            return _EndedError(_MUCH_TIME)
        return _KilledError(f"the process that read it ended with status {status}")

    def _end(self) -> None:
        self._process.kill()
        self._process.wait()
        for pipe in (self._pipe_in, self._pipe_out):
            with suppress(OSError):  # of what was not yet sent
                pipe.close()


def _start() -> subprocess.Popen[bytes]:
    utf8 = ["-X", "utf8"] if sys.flags.utf8_mode else []  # names of files mean the same to both
    return subprocess.Popen(  # noqa: S603  (our own words)
        # Not -m, which would take modules from the folder that we are in.
        [sys.executable, "-I", *utf8, "-c", _START.format(path=sys.path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,  # Ctrl-C is for us
    )


def serve() -> None:
    """Answer what ``Apart`` asks on standard input, until that ends."""
    asked: queue.SimpleQueue[Any] = queue.SimpleQueue()
    answers, sys.stdout = sys.stdout.buffer, sys.stderr
    _limit_memory()
    threading.Thread(target=_listen, args=(asked,), daemon=True).start()
    while True:
        function, argument = asked.get()
        try:
            _send(answers, function(argument))
        except MemoryError:
            pickle.dump(_EndedError(_MUCH_MEMORY), answers)
        except Exception as error:  # whatever it is, the other files go on
            line = " ".join(f"reading failed: {type(error).__name__}: {error}".split())
            pickle.dump(_EndedError(line), answers)
        answers.flush()


def _listen(asked: queue.SimpleQueue[Any]) -> None:
    """Take what is asked; end this process when nobody can ask any more."""
    try:
        while True:
            asked.put(pickle.load(sys.stdin.buffer))  # noqa: S301  (from the process that started us)
    finally:
        os._exit(0)


def _send(answers: IO[bytes], items: Iterable[Any]) -> None:
    """Send items one by one, each made within the limit of time."""
    made = iter(items)
    while True:
        _alarm(SECONDS)
        item = next(made, _SENT_ALL)
        _alarm(0)
        pickle.dump(item, answers)
        if item is _SENT_ALL:
            return


def _alarm(seconds: int) -> None:
    """Have the system end this process after so many seconds of its work; 0: not any more."""
    if hasattr(signal, "setitimer"):  # not on Windows
        signal.setitimer(signal.ITIMER_PROF, seconds)


def _limit_memory() -> None:
    """Let this process have so much more memory than it has now, where the system can keep to that."""
    try:
        import resource

        pages = int(Path("/proc/self/statm").read_text().split()[5])  # data and stack
    except (ImportError, OSError):
        return
    most = pages * resource.getpagesize() + MEMORY
    resource.setrlimit(resource.RLIMIT_DATA, (most, most))


def _loaded(path: Path) -> Iterator[tuple[Sidecar, tuple[Reject, ...]]]:
    yield sidecar.load(path)
