"""Which files to read, and what their sidecars tell of them."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from quotes.models import Reject
from quotes.read import sidecar
from quotes.read.decode import without_surrogates
from quotes.read.draft import NOTHING, Facts, UnreadableError
from quotes.read.files import ending, whole
from quotes.read.sidecar import Sidecar

STDIN = "-"


@dataclass(frozen=True, slots=True)
class File:
    """A file to read.

    Args:
        path: as the user gave it, with forward slashes, or ``-`` for standard input.
        known: what sidecars tell of it.
        data: the bytes of standard input, which no other process can read; None for a file.
    """

    path: str
    known: Facts = NOTHING
    data: bytes | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What there is to read, each part in the order in which it was met.

    Args:
        files: the files to read.
        skipped: paths of files with other endings.
        missing: paths given that don't exist; a caller should stop at them.
        rejects: folders and sidecars, or rows of sidecars, that can't be read.
    """

    files: tuple[File, ...]
    skipped: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    rejects: tuple[Reject, ...] = ()


@dataclass(frozen=True, slots=True)
class _Skipped:
    path: str


@dataclass(frozen=True, slots=True)
class _Missing:
    path: str


_Finding = File | Reject | _Skipped | _Missing
_Load = Callable[[Path], tuple[tuple[Sidecar, ...], tuple[Reject, ...]]]


def find(paths: Iterable[str]) -> Found:
    """Return the files among *paths*, and in the folders among them at any depth.

    Folders are read in order of name. In them, files and folders whose names start with a dot are
    passed over, and a folder that links lead to again is read once. Sidecars serve their folder and
    those below, the nearest first; above the folders given none is looked for. ``-`` is one plain
    text from standard input.
    """
    load = cache(sidecar.load_folder)
    findings = [finding for path in paths for finding in _find(path, load)]
    files: dict[str, File] = {}
    for finding in findings:
        if isinstance(finding, File):
            files.setdefault(finding.path, finding)
    return Found(
        files=tuple(files.values()),
        skipped=_paths(finding for finding in findings if isinstance(finding, _Skipped)),
        missing=_paths(finding for finding in findings if isinstance(finding, _Missing)),
        rejects=tuple(dict.fromkeys(each for each in findings if isinstance(each, Reject))),
    )


def _paths(findings: Iterable[_Skipped | _Missing]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(without_surrogates(finding.path) for finding in findings))


def _find(given: str, load: _Load) -> Iterator[_Finding]:
    path = Path(given)
    if given == STDIN:
        yield _stdin()
    elif os.path.isdir(given):
        yield from _in_folder(path, load)
    elif os.path.lexists(given):
        sidecars, rejects = load(path.parent)
        yield from rejects
        yield _file(path, sidecars)
    else:
        yield _Missing(given)


def _stdin() -> File | Reject:
    try:
        return File(STDIN, data=whole(sys.stdin.buffer))
    except UnreadableError as error:
        return Reject(STDIN, str(error))


def _in_folder(top: Path, load: _Load) -> Iterator[_Finding]:
    seen: set[tuple[int, int]] = set()
    # A stack, for folders can be nested deeper than calls. Each with the sidecars that serve it.
    stack: list[tuple[Path, tuple[Sidecar, ...]]] = [(top, ())]
    while stack:
        path, above = stack.pop()
        if not os.path.isdir(path):
            yield _file(path, above)
            continue
        status = path.stat()
        if (status.st_dev, status.st_ino) in seen:
            continue
        seen.add((status.st_dev, status.st_ino))
        try:
            names = sorted(os.listdir(path), reverse=True)
        except OSError as error:
            shown = without_surrogates(path.as_posix())
            yield Reject(shown, f"cannot be read: {error.strerror}")
            continue
        here, rejects = load(path)
        yield from rejects
        served_by = here + above
        stack.extend(
            (path / name, served_by)
            for name in names
            if not name.startswith(".") and name.lower() not in sidecar.NAMES
        )


def _file(path: Path, sidecars: tuple[Sidecar, ...]) -> File | _Skipped:
    shown = path.as_posix()
    if not ending(path.name) or path.name.lower() in sidecar.NAMES:
        return _Skipped(shown)
    known = NOTHING
    for each in sidecars:
        known = known.over(each.about(path))
    return File(shown, known)
