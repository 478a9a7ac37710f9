"""The file beside the articles that tells what they don't: ``metadata.csv``, ``.tsv``, ``.jsonl``."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from quotes.models import Reject
from quotes.read import records
from quotes.read.decode import text_stream
from quotes.read.draft import NOTHING, Facts, Flaw, UnreadableError
from quotes.read.files import names, opened
from quotes.read.limits import few

NAMES = ("metadata.csv", "metadata.tsv", "metadata.jsonl")


@dataclass(frozen=True, slots=True)
class Sidecar:
    """What a sidecar tells of the files in its folder and below, by relative path and by name."""

    folder: Path
    by_path: dict[str, Facts] = field(default_factory=dict)
    by_name: dict[str, Facts] = field(default_factory=dict)

    def about(self, path: Path) -> Facts:
        """Return what it tells of the file at *path*."""
        relative = path.relative_to(self.folder)
        for name in names(relative.name):
            at = relative.with_name(name).as_posix()
            if known := self.by_path.get(at, self.by_name.get(name)):
                return known
        return NOTHING


def present(folder: Path) -> tuple[Path, ...]:
    """Return the sidecars that are in a folder."""
    return tuple(path for name in NAMES if os.path.isfile(path := folder / name))


def load(path: Path) -> tuple[Sidecar, tuple[Reject, ...]]:
    """Return what a sidecar tells, and what in it can't be read, by the file's name only.

    A column that can't be understood is reported and left out; the rest of its row holds.
    """
    sidecar = Sidecar(path.parent)
    return sidecar, tuple(few(_fill(sidecar, path)))


def _fill(sidecar: Sidecar, path: Path) -> Iterator[Reject]:
    """Enter what a file tells; yield what in it can't be read."""
    try:
        for row in _rows(path):
            if isinstance(row, Flaw):
                yield Reject(f"{path.name}#{row.record}", row.reason)
                continue
            known, problem = records.facts(row.values)
            _enter(sidecar, row, known)
            if problem:
                yield Reject(f"{path.name}#{row.number}", problem)
    except UnreadableError as error:
        yield Reject(path.name, str(error))


def _rows(path: Path) -> Iterator[records.Row | Flaw]:
    with opened(path) as raw, text_stream(raw) as stream:
        yield from records.rows(path.name, stream, needed=("path", "filename"))


def _enter(sidecar: Sidecar, row: records.Row, known: Facts) -> None:
    if isinstance(at := row.values.get("path"), str) and at:
        sidecar.by_path[posixpath.normpath(at.replace("\\", "/"))] = known
    if isinstance(name := row.values.get("filename"), str) and name:
        sidecar.by_name[name] = known
