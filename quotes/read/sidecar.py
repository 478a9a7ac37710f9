"""The file beside the articles that tells what they don't: ``metadata.csv``, ``.tsv``, ``.jsonl``."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from quotes.models import Reject
from quotes.read import records
from quotes.read.decode import text_stream, without_surrogates
from quotes.read.draft import NOTHING, Facts, Flaw, UnreadableError
from quotes.read.files import names, opened

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


def load_folder(folder: Path) -> tuple[tuple[Sidecar, ...], tuple[Reject, ...]]:
    """Return the sidecars in a folder, and what in them can't be read."""
    present = [path for name in NAMES if os.path.isfile(path := folder / name)]
    loaded = [load(path) for path in present]
    rejects = tuple(reject for _, rejects in loaded for reject in rejects)
    return tuple(sidecar for sidecar, _ in loaded), rejects


def load(path: Path) -> tuple[Sidecar, tuple[Reject, ...]]:
    """Return what a sidecar tells, and what in it can't be read.

    A column that can't be understood is reported and left out; the rest of its row holds.
    """
    sidecar = Sidecar(path.parent)
    rejects = []
    shown = without_surrogates(path.as_posix())
    try:
        for row in _rows(path):
            if isinstance(row, Flaw):
                rejects.append(Reject(f"{shown}#{row.record}", row.reason))
                continue
            known, problem = records.facts(row.values)
            _enter(sidecar, row, known)
            if problem:
                rejects.append(Reject(f"{shown}#{row.number}", problem))
    except UnreadableError as error:
        rejects.append(Reject(shown, str(error)))
    return sidecar, tuple(rejects)


def _rows(path: Path) -> Iterator[records.Row | Flaw]:
    with opened(path) as raw, text_stream(raw) as stream:
        yield from records.rows(path.name, stream, needed=("path", "filename"))


def _enter(sidecar: Sidecar, row: records.Row, known: Facts) -> None:
    if isinstance(at := row.values.get("path"), str) and at:
        sidecar.by_path[posixpath.normpath(at.replace("\\", "/"))] = known
    if isinstance(name := row.values.get("filename"), str) and name:
        sidecar.by_name[name] = known
