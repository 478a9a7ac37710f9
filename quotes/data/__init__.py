"""Vocabulary: what the stages know of words, in CSV files that anybody can read and correct."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files


@cache
def load(name: str) -> tuple[dict[str, str], ...]:
    """Return the rows of ``data/<name>.csv``, one dict a row, by column.

    >>> load("abbreviations")[0]
    {'abbreviation': 'Mr', 'before': 'name'}
    """
    text = files(__name__).joinpath(f"{name}.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))
