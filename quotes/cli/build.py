"""``quotes build``: read articles, find the quotes in them, store them."""

from __future__ import annotations

import os
import shlex
import sqlite3
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, get_args

import click

from quotes.build import Progress, Report, Tally
from quotes.build import build as build_database
from quotes.cli.terminal import InputError, counted, printable
from quotes.model import ModelError
from quotes.models import Kind
from quotes.read import Found, find
from quotes.read.apart import Apart
from quotes.registry import RegistryError
from quotes.soundness import StoreError
from quotes.workplace import BusyError, Workplace

_LINE_EVERY = 5.0  # seconds between lines of progress where there is no terminal
_SHOWN = 20  # rejected and skipped files named in the summary


@click.command(epilog="Example: quotes build --db talks.db articles/ more/*.html news.jsonl.gz")
@click.argument("articles", nargs=-1, type=click.Path(allow_dash=True))
@click.option(
    "--db",
    default="quotes.db",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The database to write, quotes.db if not given.",
)
@click.option(
    "--workers",
    default=os.cpu_count() or 1,
    type=click.IntRange(min=1),
    help="How many processes extract, one a core if not given.",
)
@click.option(
    "--speakers",
    type=click.Path(path_type=Path),
    help="A CSV file of speakers of your own, merged over ours (docs/speakers.md).",
)
@click.option("--fresh", is_flag=True, help="Start empty instead of adding to what is there.")
@click.option(
    "--moved",
    is_flag=True,
    help="Folders that lie elsewhere than at the last build are the same ones.",
)
@click.option("--quiet", is_flag=True, help="Say only what went wrong.")
def build(
    articles: tuple[str, ...],
    db: Path,
    workers: int,
    speakers: Path | None,
    fresh: bool,
    moved: bool,
    quiet: bool,
) -> None:
    """Build a database of quotes from ARTICLES.

    ARTICLES are files and folders; "-" reads one text from standard input. Without any, the folder
    articles/ is read. Plain text, Markdown, HTML, JSON, JSON Lines, CSV and TSV are understood,
    compressed with gzip or not.

    What the database holds stays, and what it has read before is not read again. It is replaced in
    one step when the build is done; until then the old one can be used. An article is known by its
    text and its path, which begins with the name of its folder: two folders of one name can't be in
    one database.
    """
    if not db.parent.is_dir():
        raise InputError(f"no such folder: {db.parent}")
    with Apart() as apart:
        found = find(articles or ("articles",), apart.load)
        if found.missing:
            raise InputError(f"no such file or folder: {found.missing[0]}")
        with (
            _faults_in_one_line(db, fresh=fresh),
            _progress(len(found.files), quiet=quiet) as progress,
        ):
            report = build_database(
                found,
                db,
                workers=workers,
                fresh=fresh,
                moved=moved,
                speakers=speakers,
                read=apart.read,
                progress=progress,
            )
    _summarise(report, found, db, quiet=quiet)
    if not report.tally.written + report.tally.unchanged:
        sys.exit(1)


@contextmanager
def _faults_in_one_line(db: Path, *, fresh: bool) -> Iterator[None]:
    """Say what ended a build, and what there is of it."""
    working = Workplace(db.resolve()).path
    try:
        yield
    except (StoreError, RegistryError, ModelError) as error:
        raise InputError(str(error)) from None
    except (BusyError, OSError) as error:
        raise click.ClickException(printable(str(error))) from None
    except sqlite3.Error as error:
        line = f"{working}: {error}; {db} is as it was, and the next build goes on if it can"
        raise click.ClickException(printable(line)) from None
    except KeyboardInterrupt:
        line = f"Interrupted. {db} is as it was."
        if working.exists() and not fresh:
            line += f" What is done is in {working}; the same command goes on from there."
        click.echo(f"\n{printable(line)}", err=True)
        sys.exit(1)


@contextmanager
def _progress(files: int, *, quiet: bool) -> Iterator[Progress]:
    """Yield what shows the progress: a bar on a terminal, else a line now and then."""
    started = time.monotonic()
    if quiet:
        yield lambda _: None
    elif sys.stderr.isatty():
        bar: Any = click.progressbar(
            length=files,
            label="Reading",
            show_pos=True,
            item_show_func=lambda tally: _rate(tally, started) if tally else None,
            file=sys.stderr,
        )
        with bar:
            yield lambda tally: bar.update(tally.files - bar.pos, tally)
    else:
        yield _lines(files, started)


def _lines(files: int, started: float) -> Progress:
    said = started

    def say(tally: Tally) -> None:
        nonlocal said
        if time.monotonic() - said >= _LINE_EVERY:
            said = time.monotonic()
            click.echo(
                f"{tally.files:,} of {counted(files, 'file')}, {_rate(tally, started)}", err=True
            )

    return say


def _rate(tally: Tally, started: float) -> str:
    seconds = max(time.monotonic() - started, 0.001)
    return f"{counted(tally.met, 'article')}, {tally.met / seconds:,.0f}/s"


def _summarise(report: Report, found: Found, db: Path, *, quiet: bool) -> None:
    _list("Rejected", [f"{r.path}: {r.reason}" for r in report.tally.rejects])
    _list("Kept otherwise than it stands", [f"{n.path}: {n.text}" for n in report.tally.notices])
    if quiet:
        return
    _list("Skipped, for their ending", found.skipped)
    tally, figures = report.tally, report.figures
    if report.discarded:
        why = " ".join(report.discarded.split())
        click.echo(f"Began an interrupted build anew: {printable(why)}.")
    if report.resumed:
        click.echo("Went on with a build that had been interrupted.")
    click.echo(
        f"Articles: {tally.written:,} read, {tally.unchanged:,} unchanged, "
        f"{len(tally.rejects):,} rejected"
        + (f", {tally.twice:,} met twice" if tally.twice else "")
        + (f", {tally.dropped:,} gone" if tally.dropped else "")
        + f"; {figures.articles:,} in {db}."
    )
    kinds = ", ".join(f"{figures.kinds.get(kind, 0):,} {kind}" for kind in get_args(Kind))
    click.echo(f"Quotes: {figures.quotes:,} ({kinds}).")
    if figures.speakers:
        most = ", ".join(f"{printable(name)} {count:,}" for name, count in figures.speakers)
        click.echo(f"Most quoted: {most}.")
    if not report.changed:
        click.echo(f"Nothing has changed: {db} was left as it was.")
    click.echo(f"{report.seconds:.1f} seconds.")
    if figures.quotes:
        click.echo(_next_steps(db))


def _next_steps(db: Path) -> str:
    file = shlex.quote(str(db))
    described = db.stem == "quotes" and Path("metadata.yml").exists()  # it describes this name
    serve = f"datasette {file}" + (" -m metadata.yml" if described else "")
    return (
        f"\nServe it: {serve}\n  then open http://127.0.0.1:8001"
        f"\nSearch here: quotes search --db {file} WORDS"
    )


def _list(heading: str, items: Sequence[str]) -> None:
    if items:
        click.echo(f"{heading}: {len(items):,}", err=True)
        for item in items[:_SHOWN]:
            click.echo(f"  {printable(item)}", err=True)
        if len(items) > _SHOWN:
            click.echo(f"  ... and {len(items) - _SHOWN:,} more", err=True)
