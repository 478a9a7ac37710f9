import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotes.data import load
from quotes.read import dateline
from quotes.read.dateline import Dateline

CASES = [
    json.loads(line)
    for line in (Path(__file__).parent / "cases/datelines.jsonl").read_text("utf-8").splitlines()
]
COLUMNS = ("place", "publisher", "month", "day", "year")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["line"][:40])
def test_dateline(case):
    expected = None if "none" in case else Dateline(**{name: case.get(name) for name in COLUMNS})
    assert dateline.of_line(case["line"]) == expected, case.get("none")


@pytest.mark.xfail(reason="a colon after a city in capitals is as often a speaker of a transcript")
def test_place_and_colon():
    assert dateline.of_line("ISLAMABAD: The minister spoke.") == Dateline(place="Islamabad")


def test_it_may_stand_under_titles():
    text = "Talks resume\n\nA new round\n\nGENEVA (AP) — The minister spoke."
    assert dateline.of_text(text) == Dateline("Geneva", "AP")


def test_it_does_not_stand_further_down():
    text = "One.\nTwo.\nThree.\nFour.\nGENEVA (AP) — The minister spoke."
    assert dateline.of_text(text) is None


@pytest.mark.parametrize(
    ("line", "near", "day"),
    [
        (Dateline(month=12, day=31), "2020-01-02", "2019-12-31"),
        (Dateline(month=3, day=27, year=2019), "2020-03-27", "2019-03-27"),
        (Dateline(month=3, day=27, year=2019), None, "2019-03-27"),
        (Dateline(month=3, day=27), None, None),
        (Dateline(month=2, day=30), "2020-03-27", None),
        (Dateline(place="Geneva"), "2020-03-27", None),
    ],
)
def test_day(line, near, day):
    found = line.date(near=date.fromisoformat(near) if near else None)
    assert found == (date.fromisoformat(day) if day else None)


@pytest.mark.parametrize("row", load("agencies"), ids=lambda row: row["form"])
def test_every_agency_is_known_by_its_form(row):
    found = dateline.of_line(f"GENEVA, March 27 ({row['form']}) -- The minister spoke.")
    assert found == Dateline("Geneva", row["publisher"], 3, 27)


@pytest.mark.parametrize("row", load("dateline_cities"), ids=lambda row: row["name"])
def test_every_city_is_known(row):
    found = dateline.of_line(f"{row['name'].upper()} — The minister spoke.")
    assert found == Dateline(row["name"])


@pytest.mark.parametrize("row", load("dateline_regions"), ids=lambda row: row["name"])
def test_every_region_is_known(row):
    found = dateline.of_line(f"ACMEVILLE, {row['name']} — The minister spoke.")
    assert found == Dateline(f"Acmeville, {row['name']}")


@pytest.mark.parametrize("row", load("dateline_labels"), ids=lambda row: row["word"])
def test_no_label_is_a_place(row):
    assert dateline.of_line(f"{row['word'].upper()} (AP) — The minister spoke.") is None


@given(st.text(alphabet="GENVAMoscw, .()[]/-—–:27 APRtes\n", max_size=200) | st.text())
def test_any_text(text):
    found = dateline.of_text(text)
    assert found is None or found.place or found.publisher
