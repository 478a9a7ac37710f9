"""Files of many records: JSON, JSON Lines, CSV and TSV."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from itertools import chain
from typing import Any, TextIO

from quotes.read import dates
from quotes.read.decode import is_utf8, redecoded, utf8
from quotes.read.draft import Draft, Facts, Flaw, UnreadableError, printable
from quotes.read.files import JSON_LINES, ending
from quotes.read.limits import LIMIT, MOST_COLUMNS, MOST_RECORDS, TOO_LARGE

# The module's limit is global and 131,072 characters: less than a long article. Set once, here.
csv.field_size_limit(LIMIT)

_COLUMNS = tuple(field.name for field in fields(Facts))
_ALSO = {"published": ("date", "publication_date")}
_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Row:
    """A record as it stands in the file: values by name (lower case), and its number from 1."""

    values: Mapping[str, Any]
    number: int | None = None


def json_rows(data: bytes) -> Iterator[Row | Flaw]:
    """Yield the record of a JSON file, or those of its list or of the list under ``articles``.

    JSON is UTF-8 (RFC 8259, section 8.1), or says otherwise by a byte order mark.

    Raises:
        UnreadableError: if the file isn't JSON, or holds no object.
    """
    try:
        value = _loads(utf8(data))
    except UnicodeDecodeError:
        raise UnreadableError("encoding: not UTF-8") from None
    if isinstance(value, dict) and isinstance(value.get("articles"), list):
        value = value["articles"]
    if isinstance(value, dict):
        yield Row(_lowered(value))
    elif isinstance(value, list):
        yield from _bounded(_row(item, number) for number, item in enumerate(value, 1))
    else:
        raise UnreadableError("JSON: neither an object nor a list of objects")


def rows(name: str, stream: TextIO, needed: Sequence[str]) -> Iterator[Row | Flaw]:
    """Yield the rows of a file that holds one a line, by the ending of its *name*.

    Raises:
        UnreadableError: if a table has no column with one of the names *needed*, or is broken.
    """
    known = ending(name)
    if known in JSON_LINES:
        return _bounded(json_line_rows(stream))
    return _bounded(table_rows(stream, known == ".tsv", needed))


def json_line_rows(stream: TextIO) -> Iterator[Row | Flaw]:
    """Yield the record of each line; blank lines don't count."""
    number = 0
    for line in _lines(stream):
        if line is not None and not line.strip():
            continue
        number += 1
        if line is None:
            yield Flaw(TOO_LARGE, number)
        elif not is_utf8(line):
            yield Flaw("encoding: not UTF-8", number)
        else:
            try:
                yield _row(_loads(line), number)
            except UnreadableError as error:
                yield Flaw(str(error), number)


def table_rows(stream: TextIO, tab: bool, needed: Sequence[str]) -> Iterator[Row | Flaw]:
    """Yield the rows under the header line of a table; blank lines don't count.

    Columns are parted by tabs, or by commas or semicolons, whichever the header has more of.

    Raises:
        UnreadableError: if no column has one of the names *needed*, or a field never ends.
    """
    lines = _whole_lines(stream)
    top = next((line for line in lines if line.strip()), "")
    delimiter = "\t" if tab else max(",;", key=top.count)
    if top.count(delimiter) >= MOST_COLUMNS:
        raise UnreadableError(f"more than {MOST_COLUMNS:,} columns")
    table = _cells(chain([top], lines), delimiter)
    header = [name.strip().lower() for name in next(table, [])]
    if not header:
        raise UnreadableError("empty")
    if not set(needed) & set(header):
        raise UnreadableError(f"no column named {' or '.join(needed)}")
    for number, cells in enumerate(table, 1):
        if len(cells) > len(header):
            yield Flaw(f"{len(cells)} fields under {len(header)} columns", number)
            continue
        try:
            yield Row(dict(zip(header, redecoded(cells), strict=False)), number)
        except UnreadableError as error:
            yield Flaw(str(error), number)


def _cells(lines: Iterable[str], delimiter: str) -> Iterator[list[str]]:
    try:
        yield from (cells for cells in csv.reader(lines, delimiter=delimiter, strict=True) if cells)
    except csv.Error as error:
        raise UnreadableError(f"table: {error}") from None


def _whole_lines(stream: TextIO) -> Iterator[str]:
    for line in _lines(stream):
        if line is None:
            raise UnreadableError(f"a line is {TOO_LARGE}")
        yield line


def _lines(stream: TextIO) -> Iterator[str | None]:
    """Yield each line, or None for one longer than the limit."""
    while line := stream.readline(LIMIT):
        whole = len(line) < LIMIT
        while len(line) == LIMIT and not line.endswith("\n"):
            line = stream.readline(LIMIT)
        yield line if whole else None


def _bounded(rows: Iterable[Row | Flaw]) -> Iterator[Row | Flaw]:
    """Yield rows up to ``MOST_RECORDS``.

    Raises:
        UnreadableError: there are more, so that the file is not read to its end.
    """
    for number, row in enumerate(rows, 1):
        if number > MOST_RECORDS:
            raise UnreadableError(f"more than {MOST_RECORDS:,} records: the rest is not read")
        yield row


def drafts(rows: Iterable[Row | Flaw]) -> Iterator[Draft | Flaw]:
    """Yield what each row holds; one that lacks a text, or has a fact that can't be, is a flaw."""
    for row in rows:
        yield row if isinstance(row, Flaw) else _draft(row)


def _draft(row: Row) -> Draft | Flaw:
    text = row.values.get("text")
    if not isinstance(text, str):
        return Flaw("text: missing" if text is None else "text: not a string", row.number)
    stated, problem = facts(row.values)
    return Flaw(problem, row.number) if problem else Draft(text, stated=stated, record=row.number)


def facts(values: Mapping[str, Any]) -> tuple[Facts, str | None]:
    """Return what a record says of an article, and what is wrong with it in one line (None: nothing).

    Columns are strings; null and the empty string mean not known. ``published`` may also be called
    ``date`` or ``publication_date``. A column that can't be understood is left out.
    """
    known: dict[str, str | date] = {}
    problem = None
    for column in _COLUMNS:
        name = next((n for n in (column, *_ALSO.get(column, ())) if values.get(n)), column)
        value = values.get(name)
        if isinstance(value, str):
            value = printable(value)
        if value is None or value == "":
            continue
        if not isinstance(value, str):
            problem = problem or f"{name}: not a string"
        elif column != "published":
            known[column] = value
        elif day := dates.parse(value):
            known[column] = day
        else:
            problem = problem or f"{name}: not a date, or not only one: {value[:_SHOWN]!r}"
    return Facts(**known), problem  # type: ignore[arg-type]


def _row(value: object, number: int) -> Row | Flaw:
    if isinstance(value, dict):
        return Row(_lowered(value), number)
    return Flaw("JSON: not an object", number)


def _lowered(record: dict[str, Any]) -> dict[str, Any]:
    return {name.strip().lower(): value for name, value in record.items()}


def _loads(text: str) -> object:
    try:
        return json.loads(text)
    except RecursionError:
        raise UnreadableError("JSON: nested too deeply") from None
    except ValueError as error:
        raise UnreadableError(f"JSON: {error}") from None
