"""Print the page on the commands, from their own help: ``python docs/commands.py``."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

import click

from quotes.cli import main

INTRODUCTION = """\
# Commands

*Made by `docs/commands.py` from what the commands say themselves.*

Exit status: 0 when all went well, 1 when nothing could be read or another build is at work,
2 when something given can't be used.
"""


def page() -> str:
    """Return the page in Markdown."""
    return "\n".join([INTRODUCTION, *_sections()])


def _sections() -> Iterator[str]:
    for name, command in sorted(main.commands.items()):
        arguments = [p for p in command.params if isinstance(p, click.Argument)]
        options = [p for p in command.params if isinstance(p, click.Option)]
        usage = " ".join(_usage(argument) for argument in arguments)
        yield f"## quotes {name}\n\n    quotes {name} [OPTIONS] {usage}\n"
        yield inspect.cleandoc(command.help or "") + "\n"
        yield from (f"- `{'`, `'.join(option.opts)}`: {option.help}" for option in options)
        yield f"\n{command.epilog}\n"


def _usage(argument: click.Argument) -> str:
    name = argument.human_readable_name.upper()
    return f"[{name}]..." if argument.nargs == -1 else name


if __name__ == "__main__":
    print(page(), end="")
