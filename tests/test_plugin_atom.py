"""Atom: what RFC 4287 asks for, from any text."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from quotes.plugin.formats.atom import Entry, Feed, atom, moment

NS = "{http://www.w3.org/2005/Atom}"
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
ENTRY = Entry(
    "https://quotes.example/quote/1",
    "Ann Lee: “It rains”",
    "https://quotes.example/quote/1",
    updated="2020-03-27",
    published="2020-03-27T10:00:00+02:00",
    author="Ann Lee",
    summary="It <b>rains</b> & pours\0",
    language="en",
)
FEED = Feed(
    "https://quotes.example/feed.atom?q=rain",
    "Rain",
    "https://quotes.example/search?q=rain",
    "https://quotes.example/feed.atom?q=rain&page=2",
    "Quotes",
    entries=(
        ENTRY,
        replace(ENTRY, id="https://quotes.example/quote/2", updated="2020-04-01", author=None),
    ),
    previous="https://quotes.example/feed.atom?q=rain",
    next="https://quotes.example/feed.atom?q=rain&page=3",
)
TEXT = st.text() | st.text(alphabet="a<&\r\n\0\x1b\ufffe\ufdd0\u2028]>")
OPTIONAL = st.none() | TEXT
OPEN = {field.name: OPTIONAL if field.default is None else TEXT for field in fields(Entry)}
ENTRIES = st.builds(Entry, **OPEN)
CLOSED = {field.name: OPTIONAL if field.default is None else TEXT for field in fields(Feed)}
FEEDS = st.builds(Feed, **CLOSED | {"entries": st.lists(ENTRIES, max_size=3).map(tuple)})


def links(element: ET.Element) -> dict[str, str]:
    return {link.attrib["rel"]: link.attrib["href"] for link in element.findall(NS + "link")}


def check(element: ET.Element) -> None:
    """What RFC 4287 (4.1.1, 4.1.2) asks for exactly once."""
    for name in ("id", "title", "updated"):
        assert len(element.findall(NS + name)) == 1
    assert TIME.fullmatch(element.findtext(NS + "updated") or "")
    relations = [link.attrib["rel"] for link in element.findall(NS + "link")]
    assert len(relations) == len(set(relations))
    assert all(link.attrib["href"].isascii() for link in element.findall(NS + "link"))


def test_a_feed() -> None:
    root = ET.fromstring(atom(FEED))
    assert root.tag == NS + "feed"
    assert root.findtext(NS + "updated") == "2020-04-01T00:00:00Z"
    assert root.findtext(f"{NS}author/{NS}name") == "Quotes"
    assert links(root) == {
        "self": FEED.self_link,
        "alternate": FEED.link,
        "previous": FEED.previous,
        "next": FEED.next,
    }
    first, second = root.findall(NS + "entry")
    assert first.findtext(NS + "id") == ENTRY.id
    assert first.findtext(NS + "published") == "2020-03-27T08:00:00Z"
    assert first.findtext(NS + "summary") == "It <b>rains</b> & pours"
    assert first.findtext(f"{NS}author/{NS}name") == "Ann Lee"
    assert first.attrib == {"{http://www.w3.org/XML/1998/namespace}lang": "en"}
    assert second.find(NS + "author") is None


def test_an_empty_feed_and_an_entry_without_a_date_have_one() -> None:
    assert "1970-01-01T00:00:00Z" in atom(replace(FEED, entries=()))
    undated = atom(replace(FEED, updated="2020-05-01", entries=(replace(ENTRY, updated=None),)))
    assert undated.count("<updated>2020-05-01T00:00:00Z</updated>") == 2


@given(FEEDS)
def test_any_feed_is_valid(feed: Feed) -> None:
    root = ET.fromstring(atom(feed))
    check(root)
    assert len(root.findall(NS + "author")) == 1
    entries = root.findall(NS + "entry")
    assert len(entries) == len(feed.entries)
    for entry in entries:
        check(entry)


@given(st.datetimes(), st.timezones() | st.none())
def test_every_time_is_written_in_utc(time, zone) -> None:
    found = moment(time.replace(tzinfo=zone).isoformat())
    assert found is None or TIME.fullmatch(found)
