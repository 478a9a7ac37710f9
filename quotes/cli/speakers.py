"""``quotes speakers``: the registry of speakers that are known by name."""

from __future__ import annotations

from pathlib import Path

import click

from quotes.check import check as problems_of
from quotes.cli.terminal import InputError, printable
from quotes.registry import RegistryError, registry


@click.group(epilog="Example: quotes speakers check my-speakers.csv")
def speakers() -> None:
    """Look after the registry of speakers.

    ``quotes speakers check [FILE]`` checks ours, or your own FILE merged over it: names that two
    speakers have, offices of one person that two hold at a time, unknown countries and offices,
    terms that end before they begin. Each problem is a line; the exit status is 1 if there is any.
    """


@speakers.command(epilog="Example: quotes speakers check my-speakers.csv")
@click.argument("file", required=False, type=click.Path(path_type=Path))
def check(file: Path | None) -> None:
    """Check the registry, or your own FILE merged over it."""
    try:
        listed = registry(file)
    except RegistryError as error:
        raise InputError(str(error)) from None
    problems = problems_of(listed)
    for problem in problems:
        click.echo(printable(problem))
    click.echo(
        f"{len(listed.speakers):,} speakers, {len(listed.offices):,} terms of office, "
        f"{len(problems):,} problems."
    )
    if problems:
        raise click.exceptions.Exit(1)
