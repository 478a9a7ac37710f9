"""Which files to read, what they are called, and what their sidecars tell of them."""

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
        name: what the database calls it: its path from the folder given, whose own name comes
            first; empty: the same as ``path``.
    """

    path: str
    known: Facts = NOTHING
    data: bytes | None = None
    name: str = ""

    @property
    def shown(self) -> str:
        """The name, fit to be shown."""
        return without_surrogates(self.name or self.path)


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder that was given, or holds a file that was.

    ``name`` is its own, with which the names of all files in it begin; ``place`` is its real path.
    """

    name: str
    place: str

    @classmethod
    def at(cls, path: Path) -> Folder:
        """Return the folder at *path*."""
        name = os.path.basename(os.path.abspath(path)) or "root"
        return cls(without_surrogates(name), os.path.realpath(path))


@dataclass(frozen=True, slots=True)
class Found:
    """What there is to read, each part in the order in which it was met.

    Args:
        files: the files to read.
        folders: the folders that their names begin with.
        skipped: paths of files with other endings.
        missing: paths given that don't exist; a caller should stop at them.
        rejects: folders and sidecars, or rows of sidecars, that can't be read.
    """

    files: tuple[File, ...]
    folders: tuple[Folder, ...] = ()
    skipped: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    rejects: tuple[Reject, ...] = ()


@dataclass(frozen=True, slots=True)
class _Skipped:
    path: str


@dataclass(frozen=True, slots=True)
class _Missing:
    path: str


_Finding = File | Folder | Reject | _Skipped | _Missing
Load = Callable[[Path], tuple[Sidecar, tuple[Reject, ...]]]


def find(paths: Iterable[str], load: Load = sidecar.load) -> Found:
    """Return the files among *paths*, and in the folders among them at any depth.

    Folders are read in order of name. In them, files and folders whose names start with a dot are
    passed over, and a folder that links lead to again is read once. Sidecars serve their folder and
    those below, the nearest first; above the folders given none is looked for. ``-`` is one plain
    text from standard input. *load* reads a sidecar.
    """
    load = cache(load)
    findings = [finding for path in paths for finding in _find(path, load)]
    files: dict[str, File] = {}
    for finding in findings:
        if isinstance(finding, File):
            files.setdefault(finding.path, finding)
    return Found(
        files=tuple(files.values()),
        folders=tuple(dict.fromkeys(each for each in findings if isinstance(each, Folder))),
        skipped=_paths(finding for finding in findings if isinstance(finding, _Skipped)),
        missing=_paths(finding for finding in findings if isinstance(finding, _Missing)),
        rejects=tuple(dict.fromkeys(each for each in findings if isinstance(each, Reject))),
    )


def _paths(findings: Iterable[_Skipped | _Missing]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(without_surrogates(finding.path) for finding in findings))


def _find(given: str, load: Load) -> Iterator[_Finding]:
    path = Path(given)
    if given == STDIN:
        yield _stdin()
    elif os.path.isdir(given):
        folder = Folder.at(path)
        yield folder
        yield from _in_folder(path, folder.name, load)
    elif os.path.lexists(given):
        folder = Folder.at(path.parent)
        yield folder
        sidecars, rejects = _sidecars(path.parent, folder.name, load)
        yield from rejects
        yield _file(path, f"{folder.name}/{path.name}", sidecars)
    else:
        yield _Missing(given)


def _stdin() -> File | Reject:
    try:
        return File(STDIN, data=whole(sys.stdin.buffer))
    except UnreadableError as error:
        return Reject(STDIN, str(error))


def _in_folder(top: Path, top_name: str, load: Load) -> Iterator[_Finding]:
    seen: set[tuple[int, int]] = set()
    # A stack, for folders can be nested deeper than calls. Each with its folder's name, and with the
    # sidecars that serve it.
    stack: list[tuple[Path, str | None, tuple[Sidecar, ...]]] = [(top, None, ())]
    while stack:
        path, within, above = stack.pop()
        name = top_name if within is None else f"{within}/{path.name}"
        if not os.path.isdir(path):
            yield _file(path, name, above)
            continue
        status = path.stat()
        if (status.st_dev, status.st_ino) in seen:
            continue
        seen.add((status.st_dev, status.st_ino))
        try:
            entries = sorted(os.listdir(path), reverse=True)
        except OSError as error:
            yield Reject(without_surrogates(name), f"cannot be read: {error.strerror}")
            continue
        here, rejects = _sidecars(path, name, load)
        yield from rejects
        stack.extend(
            (path / entry, name, here + above)
            for entry in entries
            if not entry.startswith(".") and entry.lower() not in sidecar.NAMES
        )


def _sidecars(
    folder: Path, name: str, load: Load
) -> tuple[tuple[Sidecar, ...], tuple[Reject, ...]]:
    """Return the sidecars in a folder of that name, and what in them can't be read."""
    loaded = [load(path) for path in sidecar.present(folder)]
    rejects = (
        Reject(without_surrogates(f"{name}/{reject.path}"), reject.reason)
        for _, told in loaded
        for reject in told
    )
    return tuple(one for one, _ in loaded), tuple(rejects)


def _file(path: Path, name: str, sidecars: tuple[Sidecar, ...]) -> File | _Skipped:
    shown = path.as_posix()
    if not ending(path.name) or path.name.lower() in sidecar.NAMES:
        return _Skipped(shown)
    known = NOTHING
    for each in sidecars:
        known = known.over(each.about(path))
    return File(shown, known, name=name)
