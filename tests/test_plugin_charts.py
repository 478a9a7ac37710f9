"""Charts: counts put together by period, and what is drawn and told of them."""

from __future__ import annotations

import re
from datetime import date
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest
from conftest import ROOT, cases
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from quotes.plugin.charts import drawing as charts
from quotes.plugin.charts.drawing import Item, bars, scale, timeline
from quotes.plugin.charts.periods import MOST, periods, together
from quotes.plugin.texts.marks import shown

ISO = st.dates(date(1, 1, 1), date(9999, 12, 31)).flatmap(
    lambda day: st.sampled_from([day.isoformat()[:length] for length in (4, 7, 10)])
)
NEAR = st.dates(date(2015, 1, 1), date(2021, 12, 31)).map(date.isoformat)
COUNTS = st.dictionaries(ISO, st.integers(0, 10**7), max_size=30) | st.dictionaries(
    NEAR, st.integers(0, 300), max_size=90
)
HOSTILE = st.text(st.characters(exclude_categories=["Cs"])) | st.sampled_from(
    ['"><script>alert(1)</script>', "\x00", "\u202eeel", "]]>", "&quot;", "' onload='x"]
)
DRAWN = {"svg", "defs", "pattern", "rect", "line", "text", "a", "g", "title"}
SEARCH = "/search?from={}&to={}&q=%22a%22"


def link(first, last):
    return SEARCH.format(first, last)


@pytest.mark.parametrize("case", cases("periods"))
def test_periods(case):
    found = periods(case["counts"])
    assert {p.unit for p in found} == ({case["unit"]} if case["unit"] else set())
    assert [[p.label, p.count] for p in found] == case.get(
        "expected", [[p.label, p.count] for p in found]
    )
    assert len(found) == case.get("length", len(found))
    if "ticks" in case:
        assert [p.tick for p in found if p.tick] == case["ticks"]
    if "first" in case:
        assert found[0].label == case["first"]
    if "last" in case:
        assert found[-1].label == case["last"]


@given(COUNTS)
def test_periods_are_few_and_lose_none(counts):
    found = periods(counts, link)
    assert len(found) <= MOST
    assert sum(period.count for period in found) == sum(counts.values())
    assert bool(found) == bool(counts)
    bounds = [bound for period in found for bound in (period.first, period.last)]
    assert bounds == sorted(bounds)
    for period in found:
        assert period.links == ((link(period.first, period.last) if period.count else None),)
    assert 1 <= sum(period.tick is not None for period in found) <= 5 or not found
    for iso, count in counts.items():
        assert any(p.first <= iso[: len(p.first)] <= p.last and p.count >= count for p in found)


@given(COUNTS, COUNTS)
def test_series_share_their_periods(one, other):
    found = together([one, other], [link, None])
    assert sum(p.counts[0] for p in found) == sum(one.values())
    assert sum(p.counts[1] for p in found) == sum(other.values())
    assert [p.first for p in found] == [p.first for p in together([other, one], [None, None])]


def numbers(element, *names):
    for name in names:
        yield float(element.get(name).rstrip("%"))


@given(COUNTS, COUNTS, HOSTILE, st.booleans(), st.booleans())
def test_a_timeline_is_sound(one, other, name, two, linked):
    series = [one, other] if two else [one]
    found = together(series, [link if linked else None] * len(series))
    svg = ElementTree.fromstring(str(timeline(found, name, "t", (name, "Bob Berg"), about=True)))
    assert svg.get("aria-label").startswith(f"{shown(name)}. ".split("\n")[0].split("\t")[0])
    anchors = svg.findall(".//a")
    assert svg.get("role") == ("group" if anchors else "img")
    seen = [
        (count, href) for p in found for count, href in zip(p.counts, p.links, strict=True) if count
    ]
    assert len(svg.findall(".//title")) == len(seen)
    assert [a.get("href") for a in anchors] == [href for _, href in seen if href]
    for rect in svg.iter("rect"):
        if rect.get("x"):
            x, y, width, height = numbers(rect, "x", "y", "width", "height")
            assert min(x, y, width, height) >= 0
            assert x + width <= 100.01
            assert y + height <= 100.01
    attributes = {attribute for element in svg.iter() for attribute in element.keys()}  # noqa: SIM118
    assert not [each for each in attributes if each == "style" or each.startswith("on")]
    assert {element.tag for element in svg.iter()} <= DRAWN


def test_bars_are_named_and_as_high_as_their_counts():
    svg = ElementTree.fromstring(
        str(timeline(periods({"2020-03": 12, "2020-05": 3}, link), "Hits"))
    )
    assert (
        svg.get("aria-label")
        == "Hits. March 2020 to May 2020, by month; most in March 2020: 12 quotes"
    )
    assert [title.text for title in svg.iter("title")] == [
        "March 2020: 12 quotes",
        "May 2020: 3 quotes",
    ]
    heights = [
        float(r.get("height")[:-1]) for r in svg.iter("rect") if "chart-bar" in r.get("class")
    ]
    assert heights == [100, 25]
    hits = [r.get("height") for r in svg.iter("rect") if r.get("class") == "chart-hit"]
    assert hits == ["100%", "100%"]


def test_two_series_stand_above_and_below_the_line():
    both = together([{"2020": 4}, {"2020": 2, "2021": 1}], [link, link])
    svg = ElementTree.fromstring(str(timeline(both, "Trade", "t", ("Ann Lee", "Bob Berg"))))
    assert [title.text for title in svg.iter("title")] == [
        "2020, Ann Lee: 4 quotes",
        "2020, Bob Berg: 2 quotes",
        "2021, Bob Berg: 1 quote",
    ]
    below = [r for r in svg.iter("rect") if "chart-hatched" in r.get("class")]
    assert {r.get("y") for r in below} == {"50%"}
    assert {r.get("fill") for r in below} == {f"url(#{svg.find('.//pattern').get('id')})"}


@given(COUNTS)
def test_the_scale_reaches_the_highest_bar(counts):
    top = scale(periods(counts))[0].replace(",", "").replace("k", "000")
    top = float(top[:-1]) * 10**6 if top.endswith("M") else float(top)
    most = max((period.count for period in periods(counts)), default=0)
    assert most <= top <= max(1, most * 2)


@given(st.lists(st.builds(Item, HOSTILE, st.integers(0, 10**9))))
def test_bars_are_sound(items):
    drawn = bars(items)
    assert [item for item, _ in drawn] == items
    for item, bar in drawn:
        (rect,) = ElementTree.fromstring(str(bar))
        assert (float(rect.get("width")[:-1]) > 0) == (item.count > 0)


@pytest.fixture(scope="module")
def macros():
    folder = ROOT / "quotes" / "plugin" / "templates"
    made = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
    )
    made.globals["charts"] = charts
    made.filters["shown"] = shown
    return made.get_template("quotes/chart.html").module


class Reader(HTMLParser):
    """Reads the cells of a page's tables, and all of its ids and references to them."""

    def __init__(self, html):
        super().__init__()
        self.rows, self.ids, self.references, self.tags, self.cell = [], [], set(), [], False
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        self.tags.append(tag)
        self.cell = self.cell or tag in ("td", "th")
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")
            assert tag == "td" or values["scope"] in ("row", "col")
        self.ids += [values["id"]] if "id" in values else []
        self.references |= {values["aria-labelledby"]} if "aria-labelledby" in values else set()
        if values.get("href", "").startswith("#"):
            self.references.add(values["href"][1:])
        assert not {name for name in values if name == "style" or name.startswith("on")}

    def handle_endtag(self, tag):
        self.cell = self.cell and tag not in ("td", "th")

    def handle_data(self, data):
        if self.cell:
            self.rows[-1][-1] += data


def test_a_timeline_has_a_table(macros):
    both = together([{"2020-01": 1200}, {"2020-03": 1}], [link, None])
    page = Reader(str(macros.timeline_figure(both, "<b>", "t", ("Ann Lee", "<i>"), about=True)))
    assert page.rows == [
        ["Month", "Ann Lee", "<i>"],
        ["January 2020", "January 2020: about 1,200", "0"],
        ["February 2020", "0", "0"],
        ["March 2020", "0", "about 1"],
    ]
    assert page.references <= set(page.ids)
    assert len(page.ids) == len(set(page.ids))
    assert not {"b", "i"} & set(page.tags)


def test_charts_of_one_page_share_no_id(macros):
    many = periods({f"20{year}": 1 for year in range(10, 40)}, link)
    both = together([{"2020": 1}, {"2020": 1}], [None, None])
    html = macros.timeline_figure(many, "A", id="a") + macros.timeline_figure(
        both, "B", id="b", names="xy"
    )
    page = Reader(str(html))
    assert len(page.ids) == len(set(page.ids)) == 5
    assert page.references <= set(page.ids)
    assert len(page.rows) == 1 + 30 + 1 + 1


def test_nothing_is_drawn_of_nothing(macros):
    assert not str(macros.timeline_figure((), "A")).strip()
    assert not str(macros.bars_figure((), "A")).strip()


@given(st.lists(st.builds(Item, HOSTILE, st.integers(0, 9999), st.none() | HOSTILE), min_size=1))
def test_bars_have_their_numbers_beside_them(macros, items):
    page = Reader(str(macros.bars_figure(items, "By act")))
    assert [row[1] for row in page.rows] == ["Quotes", *(f"{item.count:,}" for item in items)]
    assert "script" not in page.tags


def test_every_class_is_painted(macros):
    one = periods({f"2020-{month:02}": 1 for month in range(1, 13)} | {"2021-02": 2}, link)
    both = together([{"2020": 1}, {"2020": 1}], [None, None])
    html = macros.timeline_figure(one, "A") + macros.timeline_figure(
        both, "B", id="b", names=("x", "y")
    )
    html += macros.bars_figure([Item("a", 1)], "C")
    used = {name for names in re.findall(r'class="([^"]+)"', str(html)) for name in names.split()}
    css = (ROOT / "quotes" / "plugin" / "static" / "charts.css").read_text("utf-8")
    assert used - {"unseen"} <= set(re.findall(r"\.([\w-]+)", css))
