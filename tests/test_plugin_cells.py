"""CSV: no cell is a formula, and all else comes back."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotes.plugin.formats.cells import csv_lines, harmless

CELL = st.none() | st.integers() | st.text(alphabet="=+-@\t\r\n,;\"'ab＝ü") | st.text()


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "=cmd|' /C calc'!A0", "＝1+1"]
)
def test_a_formula_is_a_text(text: str) -> None:
    assert harmless(text) == harmless("\0" + text) == "'" + text


@pytest.mark.parametrize("value", ["", "rain", " =1", "'=1", "a=b", "1-1", 0, -1, -0.5, None])
def test_what_is_no_formula_stays(value: str | int | float | None) -> None:
    assert harmless(value) == value


@given(st.lists(st.lists(CELL, min_size=2, max_size=2), max_size=5))
def test_a_table_comes_back(rows: list[list[str | int | None]]) -> None:
    lines = list(csv_lines(["a", "b"], rows))
    assert len(lines) == len(rows) + 1
    assert all(line.endswith("\r\n") for line in lines)
    read = list(csv.reader(io.StringIO("".join(lines), newline="")))
    expected = [["" if cell is None else str(harmless(cell)) for cell in row] for row in rows]
    assert read == [["a", "b"], *expected]
