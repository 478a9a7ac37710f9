"""Feeds: what RFC 4287 asks for, of the right quotes, whatever is asked."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path
from xml.etree import ElementTree as ET

import handmade
import pytest
from test_plugin_app import ARGUMENTS, HOSTILE, ask, encoded

NS = "{http://www.w3.org/2005/Atom}"
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def check(element: ET.Element) -> None:
    """What RFC 4287 (4.1.1, 4.1.2) asks for."""
    for name in ("id", "title", "updated"):
        assert len(element.findall(NS + name)) == 1
        assert element.findtext(NS + name)
    assert (element.findtext(NS + "id") or "").startswith("http://localhost/")
    assert TIME.fullmatch(element.findtext(NS + "updated") or "")


def read(text: str) -> tuple[ET.Element, list[ET.Element]]:
    root = ET.fromstring(text)
    entries = root.findall(NS + "entry")
    assert root.tag == NS + "feed"
    assert root.findtext(f"{NS}author/{NS}name")
    for element in (root, *entries):
        check(element)
    links = {link.attrib["rel"]: link.attrib["href"] for link in root.findall(NS + "link")}
    assert links["self"] == root.findtext(NS + "id")
    assert all(entry.find(NS + "link") is not None for entry in entries)
    ids = [entry.findtext(NS + "id") for entry in entries]
    assert len(ids) == len(set(ids))
    return root, entries


def ids(entries: list[ET.Element]) -> list[str]:
    return [(entry.findtext(NS + "id") or "").rpartition("/")[2] for entry in entries]


def test_the_feed_of_all(handmade_db: Path) -> None:
    (answer,) = ask(handmade_db, ["/feed.atom"])
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    root, entries = read(answer.text)
    assert root.findtext(NS + "title") == "Quotes"
    assert ids(entries) == ["b-0", "a-600", "a-0", "a-100", "a-200", "a-300", "a-400", "a-500"]
    newest = entries[0]
    assert newest.findtext(NS + "title") == "Olga Testova: Good day."
    assert newest.findtext(f"{NS}author/{NS}name") == "Olga Testova"
    assert newest.findtext(NS + "updated") == "2021-05-02T00:00:00Z"
    assert newest.findtext(NS + "summary") == "Good day. – Olga Testova on 1 May 2021 (2 May 2021)"


def test_the_feed_of_a_search(handmade_db: Path) -> None:
    (answer,) = ask(
        handmade_db, ["/search.atom?q=harvest&speaker=bruno-benson&from=2020&sort=oldest&page=9"]
    )
    root, entries = read(answer.text)
    assert root.findtext(NS + "title") == "Quotes, harvest, Bruno Benson, from 2020"
    address = "http://localhost/search.atom?q=harvest&speaker=bruno-benson&from=2020"
    assert root.findtext(NS + "id") == address
    assert ids(entries) == ["a-100"]


def test_the_feed_of_a_speaker(handmade_db: Path) -> None:
    known, unknown, nobody = ask(
        handmade_db, ["/speaker/olga-testova.atom", "/speaker/no-one.atom", "/speaker/-.atom"]
    )
    root, entries = read(known.text)
    assert root.findtext(NS + "title") == "Quotes by Olga Testova"
    assert ids(entries) == ["b-0", "a-0"]
    assert (unknown.status_code, nobody.status_code) == (404, 404)


def test_ids_stay_and_the_feed_is_of_its_build(tmp_path: Path) -> None:
    db = handmade.build(tmp_path / "quotes.db")
    with closing(sqlite3.connect(db)) as connection, connection:
        connection.execute("UPDATE builds SET finished = '2026-01-02T03:04:05+00:00'")
    (first,) = ask(db, ["/feed.atom"])
    with closing(sqlite3.connect(db)) as connection, connection:
        connection.execute("UPDATE builds SET finished = '2026-02-02T03:04:05+00:00'")
        connection.execute("UPDATE quotes SET id = id + 100")
        connection.executescript((handmade.ROOT / "quotes" / "index.sql").read_text("utf-8"))
    (second,) = ask(db, ["/feed.atom"])
    assert ids(read(first.text)[1]) == ids(read(second.text)[1])
    assert read(first.text)[0].findtext(NS + "updated") == "2026-01-02T03:04:05Z"
    assert read(second.text)[0].findtext(NS + "updated") == "2026-02-02T03:04:05Z"


@pytest.mark.parametrize("name", ARGUMENTS["/search"])
def test_no_argument_breaks_a_feed(handmade_db: Path, name: str) -> None:
    for answer in ask(handmade_db, [f"/search.atom?{name}={encoded(case)}" for case in HOSTILE]):
        assert answer.status_code == 200, answer.url
        read(answer.text)


def test_no_name_in_an_address_breaks_a_feed(handmade_db: Path) -> None:
    short = [case for case in HOSTILE if case.get("times", 1) == 1]
    for answer in ask(handmade_db, [f"/speaker/{encoded(case)}.atom" for case in short]):
        assert answer.status_code == 404, answer.url


def test_the_pages_lead_to_their_feeds(handmade_db: Path) -> None:
    home, search = ask(handmade_db, ["/", "/search?q=harvest&kind=mixed"])
    link = r'<link rel="alternate" type="application/atom\+xml" title="[^"]*" href="([^"]+)">'
    assert re.findall(link, home.text) == ["/feed.atom"]
    assert re.findall(link, search.text) == ["/search.atom?q=harvest&amp;kind=mixed"]
