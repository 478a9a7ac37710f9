"""Our pages as Datasette serves them: what is typed and what articles say can do no harm."""

from __future__ import annotations

import asyncio
import json
import re
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

import datasette
import handmade
import pytest
import yaml
from datasette.app import Datasette
from datasette.utils.asgi import Request
from httpx import Response

from quotes.plugin.headers import with_headers
from quotes.plugin.links import digest
from quotes.plugin.pages import ROUTES
from quotes.plugin.respond import Page, Visit, respond

METADATA: dict[str, Any] = yaml.safe_load((handmade.ROOT / "metadata.yml").read_text("utf-8"))
IS_1_0 = not datasette.__version__.startswith("0.")
HOSTILE = handmade.cases("hostile.jsonl")
# Every page of people's, and the arguments it reads.
FILTERS = ["speaker", "kind", "year", "publisher", "addressee", "act", "channel", "country"]
ARGUMENTS: dict[str, list[str]] = {
    "/": ["q"],
    "/search": ["q", *FILTERS, "from", "to", "sort", "group", "page"],
    "/quote/a-400": ["q"],
    "/article/a": ["part"],
    "/speaker/olga-testova": ["q"],
    "/speakers": ["q", "kind", "country", "letter", "sort", "page"],
    "/compare": ["a", "a_from", "a_to", "b", "b_from", "b_to", "q", "country", "page"],
    "/api": ["q"],
}
PAGES = [
    "/",
    "/search",
    "/search?q=harvest",
    "/search?q=nothing-has-this",
    "/search?q=harvset&speaker=olga-testova&kind=direct",
    "/search?group=speaker",
    "/search?page=40",
    *(f"/quote/{quote[0]}" for quote in handmade.QUOTES),
    "/article/a",
    "/article/b",
    *(f"/speaker/{speaker['slug']}" for speaker in handmade.SPEAKERS),
    "/speakers",
    "/speakers?sort=name&letter=O",
    "/compare",
    "/compare?a=olga-testova&b=bruno-benson",
    "/compare?a=olga-testova&a_to=2020&b_from=2021&q=good",
    "/api",
]
FOR_PROGRAMS = [
    *(f"/search.{form}?q=harvest" for form in ("json", "csv", "ndjson", "atom")),
    *(f"/quote/a-0.{form}" for form in ("json", "txt", "bib", "csl.json")),
    *(f"/dump/{table}.csv" for table in ("quotes", "spans", "articles", "speakers")),
    *("/feed.atom", "/speaker/olga-testova.atom", "/sitemap.xml", "/sitemap-quotes-1.xml"),
    *("/robots.txt", "/opensearch.xml"),
]
VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}


def ask(
    db: Path,
    paths: Sequence[str],
    *,
    headers: dict[str, str] | None = None,
    settings: dict[str, Any] | None = None,
    config: dict[str, Any] | None = None,
    method: str = "GET",
) -> list[Response]:
    """Ask for each of *paths* in turn."""

    async def asking() -> list[Response]:
        extra: dict[str, Any] = {"config": config} if IS_1_0 else {"metadata": config or METADATA}
        app = Datasette(files=[str(db)], settings=settings, **extra)
        await app.invoke_startup()
        request = app.client.request
        return [await request(method, path, headers=headers or {}) for path in paths]

    return asyncio.run(asking())


class Reader(HTMLParser):
    """Checks that tags are closed as they were opened, and gathers what must not be there."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.faults: list[str] = []
        self.ids: list[str] = []
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append(tag)
        for name, value in attrs:
            if name.startswith("on") or name in ("style", "srcdoc"):
                self.faults.append(f"{tag} {name}={value}")
            if name == "id":
                self.ids.append(value or "")
            if name in ("href", "src", "action"):
                self.addresses.append(value or "")
        given = dict(attrs)
        if tag == "script" and "src" not in given and given.get("type") != "application/ld+json":
            self.faults.append("a script in the page")

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}>")


def read(page: str) -> Reader:
    reader = Reader()
    reader.feed(page)
    reader.close()
    return reader


def check(response: Response) -> None:
    """Check what holds for every page of ours."""
    page = response.text
    reader = read(page)
    assert reader.faults == []
    assert reader.open == []
    assert len(reader.ids) == len(set(reader.ids))
    allowed = re.compile(r"(https?:)?/|[#?]|$")
    assert [link for link in reader.addresses if not allowed.match(link)] == []
    assert "<script>alert" not in page
    assert "49}}" not in page
    assert not re.search("[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", page)
    assert page.count("<h1") == page.count("<main") == 1
    policy = response.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["x-frame-options"] == "DENY"
    assert response.headers["referrer-policy"]


def encoded(case: dict[str, Any]) -> str:
    return case.get("percent_encoded") or quote_plus(case.get("text", "") * case.get("times", 1))


def test_every_page(handmade_db: Path) -> None:
    for response in ask(handmade_db, PAGES):
        assert response.status_code == 200, response.url
        check(response)


@pytest.mark.parametrize("path", ARGUMENTS)
def test_hostile_arguments_give_a_page(handmade_db: Path, path: str) -> None:
    paths = [f"{path}?{name}={encoded(case)}" for name in ARGUMENTS[path] for case in HOSTILE]
    together = [
        f"{path}?" + "&".join(f"{name}={encoded(case)}" for name in ARGUMENTS[path])
        for case in HOSTILE
        if case.get("times", 1) * len(case.get("text", "")) < 2000
    ]
    for response in ask(handmade_db, [*paths, *together]):
        assert response.status_code == 200, response.url
        check(response)


@pytest.mark.parametrize(
    ("asked", "offered"),
    [
        ("q=harvset", "/search?q=harvest"),
        ("q=harvset&kind=direct", "/search?q=harvest&amp;kind=direct"),
        ("q=harvset&kind=indirect", "/search?q=harvest"),
        ("q=harvset+warm", None),
    ],
)
def test_near_words_that_are_offered_have_hits(
    handmade_db: Path, asked: str, offered: str | None
) -> None:
    (response,) = ask(handmade_db, [f"/search?{asked}"])
    found = re.search('Did you mean <a href="(.+?)">', response.text)
    assert (found[1] if found else None) == offered


def test_no_article_runs_anything(handmade_db: Path) -> None:
    (response,) = ask(handmade_db, ["/search?q=marks"])
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in response.text
    check(response)


def test_what_is_known_is_not_sent_again(handmade_db: Path) -> None:
    first, other = ask(handmade_db, ["/search?q=harvest", "/search?q=road"])
    assert first.headers["etag"] != other.headers["etag"]
    assert first.headers["cache-control"] == "public, max-age=5"
    known = {"If-None-Match": first.headers["etag"]}
    same, another = ask(handmade_db, ["/search?q=harvest", "/search?q=road"], headers=known)
    assert (same.status_code, same.text) == (304, "")
    assert another.status_code == 200


@pytest.mark.parametrize(
    ("known", "status"),
    [
        ("{0}", 304),
        ('"another", {0}', 304),
        ('{0} , W/"another"', 304),
        ("{1}", 304),  # proxies make weak tags strong
        ('W/"another"', 200),
        ("x{2}", 200),
        ('"{2}x"', 200),
        ('"x{2}"', 200),
    ],
)
def test_what_is_known_is_told_by_its_whole_tag(handmade_db: Path, known: str, status: int) -> None:
    (first,) = ask(handmade_db, ["/api"])
    weak = first.headers["etag"]
    strong = weak.removeprefix("W/")
    headers = {"If-None-Match": known.format(weak, strong, strong.strip('"'))}
    (second,) = ask(handmade_db, ["/api"], headers=headers)
    assert second.status_code == status


def test_a_new_build_is_seen(tmp_path: Path) -> None:
    db = handmade.build(tmp_path / "quotes.db")
    (first,) = ask(db, ["/"])
    with closing(sqlite3.connect(db)) as connection, connection:
        connection.execute("INSERT INTO builds (started, version, model) VALUES ('2027', '0', 'm')")
    (second,) = ask(db, ["/"], headers={"If-None-Match": first.headers["etag"]})
    assert second.status_code == 200


# An address for each page that may have nothing at an address.
NOWHERE = [
    *("/quote/none", "/quote/none.json", "/quote/a-0.none", "/article/none"),
    *("/speaker/none", "/speaker/none.atom", "/sitemap-quotes-9.xml"),
]
# Those of which every address has an answer.
EVERYWHERE = [r"/search\.(?P<form>csv|ndjson)$", next(route for route in ROUTES if "dump" in route)]


def test_every_page_that_may_not_be_found_is_tried() -> None:
    tried = {route for route in ROUTES if any(re.match(route, path) for path in NOWHERE)}
    assert tried | set(EVERYWHERE) == {route for route in ROUTES if "(?P<" in route}


def test_errors_are_not_kept(handmade_db: Path) -> None:
    """What is missing now may be there with the next build."""
    datasettes_own = ["/none", "/quotes/none", "/quotes/quotes/99", "/dump/none.csv"]
    found = ask(handmade_db, [*NOWHERE, *datasettes_own])
    assert {answer.status_code for answer in found} == {404}
    found += ask(handmade_db, ["/search", "/quote/a-0"], method="POST")
    found += ask(handmade_db, ["/search"], headers={"Host": "[::1"})
    found += ask(handmade_db, ["/search"], config={"allow": {"id": "root"}})
    assert {answer.status_code for answer in found} >= {400, 403, 404, 405}
    for answer in found:
        assert answer.status_code >= 400
        assert answer.headers.get_list("cache-control") == ["no-store"], answer.url
        assert "etag" not in answer.headers, answer.url


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_nothing_is_written(handmade_db: Path, method: str) -> None:
    before = handmade_db.read_bytes()
    (response,) = ask(handmade_db, ["/search?q=harvest"], method=method)
    assert response.status_code in (403, 405)
    assert handmade_db.read_bytes() == before


def test_what_takes_too_long_gets_a_page(handmade_db: Path) -> None:
    def slow(connection: sqlite3.Connection, visit: Visit) -> Page:  # noqa: ARG001
        count = (
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"
        )
        return Page("message.html", {"heading": connection.execute(count).fetchone()})

    async def asking() -> list[dict[str, Any]]:
        app = Datasette(files=[str(handmade_db)], settings={"sql_time_limit_ms": 200})
        await app.invoke_startup()
        sent: list[dict[str, Any]] = []

        async def site(scope: Any, receive: Any, send: Any) -> None:
            await (await respond(slow)(app, Request(scope, receive))).asgi_send(send)

        async def send(message: Any) -> None:
            sent.append(message)

        await with_headers(site)(Request.fake("/search?q=all").scope, None, send)
        return sent

    head, body = asyncio.run(asking())
    assert head["status"] == 503
    assert dict(head["headers"])[b"cache-control"] == b"no-store"
    assert b"That took too long" in body["body"]


@pytest.mark.parametrize(
    "config",
    [
        {"allow": {"id": "root"}},
        {"databases": {"quotes": {"allow": {"id": "root"}}}},
        *(
            {"databases": {"quotes": {"tables": {table: {"allow": {"id": "root"}}}}}}
            for table in ("quotes", "articles", "speakers")
        ),
    ],
    ids=["instance", "database", "quotes", "articles", "speakers"],
)
def test_who_may_not_see_the_quotes_sees_no_page(handmade_db: Path, config: dict[str, Any]) -> None:
    seen = ask(handmade_db, FOR_PROGRAMS)
    tags = {"If-None-Match": ", ".join(response.headers["etag"] for response in seen)}
    for headers in ({}, tags):
        responses = ask(handmade_db, [*PAGES, *FOR_PROGRAMS], headers=headers, config=config)
        assert {response.status_code for response in responses} == {403}
        assert not any("harvest was" in response.text for response in responses)


def test_a_site_below_a_path(handmade_db: Path) -> None:
    responses = ask(handmade_db, ["/", "/search"], settings={"base_url": "/below/"})
    for response in responses:
        assert response.status_code == 200
        paths = [link for link in read(response.text).addresses if link.startswith("/")]
        assert paths
        assert all(path.startswith("/below/") for path in paths)


def test_a_file_of_any_name(tmp_path: Path) -> None:
    db = handmade.build(tmp_path / "the quotes.2020.db")
    pages = ask(db, ["/quote/a-0", "/article/a", "/api"])
    links = {link for page in pages for link in read(page.text).addresses if "2020" in link}
    assert len(links) > 5
    found = ask(db, sorted(links))
    # Datasette 1.0 leads on from where SQL was asked before.
    led_on = {response.headers["location"] for response in found if response.status_code == 302}
    assert {response.status_code for response in [*found, *ask(db, sorted(led_on))]} <= {200, 302}
    assert all("/-/query" in link for link in led_on)


def test_other_databases_keep_their_pages(tmp_path: Path) -> None:
    db = tmp_path / "other.db"
    with closing(sqlite3.connect(db)) as connection, connection:
        connection.execute("CREATE TABLE t (a)")
    home, search, table = ask(db, ["/", "/search", "/other/t"])
    assert (search.status_code, table.status_code) == (404, 200)
    assert home.status_code == 200, "Datasette's own start page"


def test_styles_and_scripts_last(handmade_db: Path) -> None:
    (page,) = ask(handmade_db, ["/"])
    links = [link for link in read(page.text).addresses if "/static-plugins/" in link]
    assert len(links) >= 3
    for response in ask(handmade_db, links):
        assert response.status_code == 200
        assert "immutable" in response.headers["cache-control"]
        assert response.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("file", ["site.css?v=1", "site.css", "site.css?xv={v}", "none.css?v={v}"])
def test_another_style_does_not_last(handmade_db: Path, file: str) -> None:
    """What a cache took for the next version's style would stay there for a year."""
    path = "/-/static-plugins/quotes/" + file.format(v=digest("site.css"))
    (response,) = ask(handmade_db, [path])
    assert "immutable" not in response.headers.get("cache-control", "")


def test_the_cases_are_many() -> None:
    assert len({json.dumps(case) for case in HOSTILE}) > 20


def test_a_host_that_is_none_is_refused(handmade_db: Path) -> None:
    (response,) = ask(handmade_db, ["/search?q=harvest"], headers={"Host": "[::1"})
    assert response.status_code == 400


def test_other_sites_may_read_answers_where_the_server_says_so(handmade_db: Path) -> None:
    async def asking() -> list[Response]:
        app = Datasette(files=[str(handmade_db)], cors=True)
        await app.invoke_startup()
        return [await app.client.get(path) for path in ("/search.json", "/dump/quotes.csv")]

    for response in asyncio.run(asking()):
        assert response.headers["access-control-allow-origin"] == "*"
