"""Tables of comma-separated values that a spreadsheet opens without running what is in them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

Cell = str | int | float | None
# What makes a spreadsheet take a text for a formula (OWASP, CSV injection); wide forms in Japan.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def harmless(value: Cell) -> Cell:
    """Return a cell that is no formula: a text that begins like one behind an apostrophe.

    >>> harmless("=1+1"), harmless("rain"), harmless(-5), harmless(None)
    ("'=1+1", 'rain', -5, None)
    """
    if not isinstance(value, str):
        return value
    text = value.replace("\0", "")  # hides what follows, and Python 3.10 can't write it
    return "'" + text if text.startswith(_FORMULA) else text


def csv_lines(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    r"""Yield a table row by row, its header first; None is an empty cell.

    >>> list(csv_lines(["day", "quote"], [["2020-03-27", "=rain"]]))
    ['day,quote\r\n', "2020-03-27,'=rain\r\n"]
    """
    sink = io.StringIO()
    writer = csv.writer(sink)
    for row in chain([header], rows):
        writer.writerow([harmless(cell) for cell in row])
        yield sink.getvalue()
        sink.seek(0)
        sink.truncate()
