"""``python -m quotes``: the command line."""

from quotes.cli import main

main(prog_name="quotes")
