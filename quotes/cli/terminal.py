"""What commands say on a terminal: errors in one line, and nothing that it would obey."""

from __future__ import annotations

import unicodedata

import click

_BIDI_CONTROLS = frozenset(
    "\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)


class InputError(click.ClickException):
    """Something given can't be used: one line, and exit status 2."""

    exit_code = 2

    def __init__(self, message: str) -> None:
        super().__init__(printable(message))


def counted(number: int, noun: str) -> str:
    """Return a number with its noun.

    >>> counted(1, "article"), counted(1200, "quote")
    ('1 article', '1,200 quotes')
    """
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def printable(text: str) -> str:
    r"""Return *text* in one line, with no character that a terminal would take for a command.

    >>> printable("a\x1b[31mb\u202e\r\nc")
    'a�[31mb�  c'
    """
    return "".join(_harmless(character) for character in text)


def _harmless(character: str) -> str:
    if character.isspace():
        return " "
    harmful = character in _BIDI_CONTROLS or unicodedata.category(character) in ("Cc", "Cs")
    return "�" if harmful else character
