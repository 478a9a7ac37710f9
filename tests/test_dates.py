import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotes.read import dates

CASES = [
    json.loads(line)
    for line in (Path(__file__).parent / "cases/dates.jsonl").read_text("utf-8").splitlines()
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: ascii(case["text"][:40]))
def test_date(case):
    expected = date.fromisoformat(case["date"]) if "date" in case else None
    assert dates.parse(case["text"]) == expected, case.get("none")


@given(st.dates(date(1600, 1, 1), date(2100, 12, 31)))
def test_every_day_is_read_back(day):
    assert dates.parse(day.isoformat()) == day
    assert dates.parse(f"{day.isoformat()}T23:59:59-11:00") == day
    assert dates.parse(f"{day:%A, %B} {day.day}, {day.year}") == day
    assert dates.parse(f"{day.day} {day:%b} {day.year}") == day
    assert dates.only_in(f"a_{day.isoformat()}_b.txt") == day
    slashes = dates.parse(f"{day.month:02}/{day.day:02}/{day.year}")
    assert slashes == (day if day.day > 12 or day.day == day.month else None)


@given(st.text(alphabet="0123456789/-.:, TZ+ aprilmMJSunde()", max_size=40) | st.text())
def test_no_text_is_too_odd(text):
    day = dates.parse(text)
    assert day is None or (1600 <= day.year <= 2100 and str(day.year) in text)


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("paper_2016-09-12_a-story.txt", "2016-09-12"),
        ("20160912-a-story.txt", "2016-09-12"),
        ("2016_09_12.html", "2016-09-12"),
        ("2016-09-12T10-30.txt", "2016-09-12"),
        ("2016-09-12_and_20160912.txt", "2016-09-12"),
        ("https://example.org/2016/9/8/talks.html", "2016-09-08"),
        ("2016-09-12_2016-09-13.txt", None),
        ("2016-13-12.txt", None),
        ("id-120160912.txt", None),
        ("id-201609123.txt", None),
        ("2016-09.txt", None),
        ("2016-09/12.txt", None),
        ("story.txt", None),
    ],
)
def test_day_in_a_name(name, day):
    assert dates.only_in(name) == (date.fromisoformat(day) if day else None)


@pytest.mark.parametrize(
    ("month", "day", "to", "nearest"),
    [
        (12, 31, "2020-01-01", "2019-12-31"),
        (1, 1, "2019-12-31", "2020-01-01"),
        (3, 27, "2020-03-27", "2020-03-27"),
        (2, 29, "2020-12-01", "2020-02-29"),
    ],
)
def test_nearest_year(month, day, to, nearest):
    found = dates.nearest(month, day, to=date.fromisoformat(to))
    assert found == date.fromisoformat(nearest)


def test_a_day_that_no_year_nearby_has():
    assert dates.nearest(2, 29, to=date(2018, 6, 1)) is None
    assert dates.nearest(2, 31, to=date(2020, 6, 1)) is None
