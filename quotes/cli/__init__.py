"""The command line: ``quotes COMMAND``, one module a command."""

from __future__ import annotations

import click

from quotes.cli.build import build
from quotes.cli.evaluate import evaluate
from quotes.cli.extract import extract
from quotes.cli.search import search
from quotes.cli.speakers import speakers
from quotes.cli.train import train


@click.group()
@click.version_option(package_name="quotes")
def main() -> None:
    """Keep a searchable database of what statesmen said, built from news articles."""


main.add_command(build)
main.add_command(evaluate)
main.add_command(extract)
main.add_command(search)
main.add_command(speakers)
main.add_command(train)
