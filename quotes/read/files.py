"""Files as bytes: their endings, their size, and gzip."""

from __future__ import annotations

import gzip
import io
import stat
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from quotes.read.draft import UnreadableError
from quotes.read.limits import LIMIT, TOO_LARGE

TEXT = (".txt", ".md")
HTML = (".html", ".htm")
JSON = (".json",)
JSON_LINES = (".jsonl", ".ndjson")
TABLES = (".csv", ".tsv")
_ENDINGS = (*TEXT, *HTML, *JSON, *JSON_LINES, *TABLES)
_GZIP = ".gz"
_GZIP_MAGIC = b"\x1f\x8b"


def ending(name: str) -> str | None:
    """Return the ending that tells the format, in lower case and without ``.gz``; None: another.

    >>> ending("Talks.HTML.gz"), ending("talks.pdf")
    ('.html', None)
    """
    name = name.lower().removesuffix(_GZIP)
    return next((known for known in _ENDINGS if name.endswith(known)), None)


def names(name: str) -> tuple[str, ...]:
    """Return what a file may be called: its name, then without ``.gz``, then without its ending.

    >>> names("talks.txt.gz")
    ('talks.txt.gz', 'talks.txt', 'talks')
    """
    plain = name[: -len(_GZIP)] if name.lower().endswith(_GZIP) else name
    known = ending(name)
    bare = plain[: -len(known)] if known else plain
    return tuple(dict.fromkeys((name, plain, bare)))


@contextmanager
def opened(path: Path) -> Iterator[io.BufferedReader[Any]]:
    """Open a file for reading, unpacked where it ends in ``.gz``.

    Raises:
        UnreadableError: if it can't be opened, is no regular file, or turns out to be damaged
            while it is read.
    """
    try:
        # A pipe or a device would wait for ever.
        if not stat.S_ISREG(path.stat().st_mode):
            raise UnreadableError("not a regular file")
        with path.open("rb") as raw:
            yield _unpacked(raw) if path.name.lower().endswith(_GZIP) else raw
    except EOFError:
        raise UnreadableError("gzip: cut short") from None
    except (gzip.BadGzipFile, zlib.error):
        raise UnreadableError("gzip: damaged") from None
    except OSError as error:
        raise UnreadableError(f"cannot be read: {error.strerror or error}") from None


def _unpacked(raw: IO[bytes]) -> io.BufferedReader[Any]:
    stream = io.BufferedReader(gzip.GzipFile(fileobj=raw))
    if stream.peek(2).startswith(_GZIP_MAGIC):
        raise UnreadableError("gzip inside gzip")
    return stream


def whole(stream: IO[bytes]) -> bytes:
    """Return all that a stream holds.

    Raises:
        UnreadableError: if that is more than ``LIMIT`` bytes.
    """
    data = stream.read(LIMIT + 1)
    if len(data) > LIMIT:
        raise UnreadableError(TOO_LARGE)
    return data
