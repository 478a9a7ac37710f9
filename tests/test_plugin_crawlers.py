"""What crawlers and browsers ask a site for: robots.txt, site maps, OpenSearch."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree as ET

import handmade
import pytest
from test_plugin_app import ask

from quotes.plugin.links import Links
from quotes.plugin.pages.sitemap import sitemap, sitemap_part
from quotes.plugin.respond import Document, Visit

NS = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
SEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"
SITE = "http://localhost"


def robots(text: str) -> RobotFileParser:
    parser = RobotFileParser()
    parser.parse(text.splitlines())
    return parser


def entries(text: str) -> dict[str, str | None]:
    """Return the addresses of a list, and when each was changed."""
    root = ET.fromstring(text)
    return {entry.findtext(NS + "loc") or "": entry.findtext(NS + "lastmod") for entry in root}


@pytest.mark.parametrize("base", ["/", "/below/"])
def test_what_crawlers_may_read(handmade_db: Path, base: str) -> None:
    (answer,) = ask(handmade_db, ["/robots.txt"], settings={"base_url": base})
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    rules = robots(answer.text)
    assert rules.site_maps() == [f"{SITE}{base}sitemap.xml"]
    read = ["", "quote/a-0", "article/a", "speaker/olga-testova", "speakers", "api", "feed.atom"]
    closed = ["search?q=harvest", "search.csv?q=harvest", "-/versions", "quotes/quotes"]
    closed += ["quotes/speakers/1", "dump/quotes.csv", "compare?a=x"]
    assert [path for path in read if not rules.can_fetch("anybot", SITE + base + path)] == []
    assert [path for path in closed if rules.can_fetch("anybot", SITE + base + path)] == []


def test_the_site_map_leads_to_every_page(handmade_db: Path) -> None:
    (index,) = ask(handmade_db, ["/sitemap.xml"])
    assert index.headers["content-type"] == "application/xml; charset=utf-8"
    assert ET.fromstring(index.text).tag == NS + "sitemapindex"
    lists = [address.removeprefix(SITE) for address in entries(index.text)]
    assert lists == [f"/sitemap-{kind}s-1.xml" for kind in ("speaker", "article", "quote")]
    speakers, articles, quotes = (entries(answer.text) for answer in ask(handmade_db, lists))
    assert speakers == {
        f"{SITE}/speaker/olga-testova": "2021-05-01",
        f"{SITE}/speaker/bruno-benson": "2020-02-01",
        f"{SITE}/speaker/ana-munoz": "2020-02-01",
    }
    assert articles == {f"{SITE}/article/a": "2020-02-01", f"{SITE}/article/b": "2021-05-02"}
    assert list(quotes) == [f"{SITE}/quote/{row[0]}" for row in handmade.QUOTES]


@pytest.mark.parametrize("size", [1, 2, 3, 8, 9])
def test_lists_of_any_size_hold_all(handmade_opened: sqlite3.Connection, size: int) -> None:
    links = Links(SITE, "/", "quotes")
    index = sitemap(handmade_opened, Visit({}, {}, links, ""), size)
    found: list[str] = []
    for address in entries(index.text):
        kind, part = address.removesuffix(".xml").split("-")[1:]
        path = {"kind": kind.removesuffix("s"), "part": part}
        one = sitemap_part(handmade_opened, Visit(path, {}, links, ""), size)
        assert isinstance(one, Document)
        assert 1 <= len(entries(one.text)) <= size
        found += entries(one.text)
    assert len(found) == len(set(found)) == 3 + 2 + len(handmade.QUOTES)


def test_there_is_no_other_list(handmade_db: Path) -> None:
    paths = [
        "quotes-2",
        "quotes-0",
        "quotes-x",
        "builds-1",
        "quotes-999999999",
        "quotes-" + "9" * 40,
    ]
    for answer in ask(handmade_db, [f"/sitemap-{path}.xml" for path in paths]):
        assert answer.status_code == 404


def test_a_list_of_odd_keys_and_days(tmp_path: Path) -> None:
    db = handmade.build(tmp_path / "quotes.db")
    with closing(sqlite3.connect(db)) as connection, connection:
        connection.execute("UPDATE articles SET uid = '<&\"/é', published = '<b>' WHERE id = 1")
    articles, index = ask(db, ["/sitemap-articles-1.xml", "/sitemap.xml"])
    assert entries(articles.text)[f"{SITE}/article/%3C%26%22%2F%C3%A9"] is None
    assert set(entries(index.text).values()) == {None}, "the build is not finished"


def test_an_empty_database(tmp_path: Path) -> None:
    db = handmade.build(tmp_path / "quotes.db")
    with closing(sqlite3.connect(db)) as connection, connection:
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("DELETE FROM articles")
        connection.executescript((handmade.ROOT / "quotes" / "index.sql").read_text("utf-8"))
    paths = [
        "/sitemap.xml",
        "/feed.atom",
        "/api",
        "/search.json",
        "/search.csv",
        "/dump/quotes.csv",
    ]
    answers = ask(db, paths)
    assert [answer.status_code for answer in answers] == [200] * len(paths)
    assert entries(answers[0].text) == {}
    assert answers[3].json()["total"] == 0


def test_the_search_of_a_browser(handmade_db: Path) -> None:
    (answer,) = ask(handmade_db, ["/opensearch.xml"])
    assert answer.headers["content-type"].startswith("application/opensearchdescription+xml")
    root = ET.fromstring(answer.text)
    assert root.tag == SEARCH + "OpenSearchDescription"
    assert len(root.findtext(SEARCH + "ShortName") or "") <= 16
    templates = {url.attrib["type"]: url.attrib["template"] for url in root.iter(SEARCH + "Url")}
    assert templates["text/html"] == f"{SITE}/search?q={{searchTerms}}"
    paths = [t.removeprefix(SITE).replace("{searchTerms}", "harvest") for t in templates.values()]
    icon = (root.findtext(SEARCH + "Image") or "").removeprefix(SITE)
    assert [found.status_code for found in ask(handmade_db, [*paths, icon])] == [200] * (
        len(paths) + 1
    )
