"""The database as Datasette serves it with metadata.yml, through Datasette's own application."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus, urlencode

import datasette
import handmade
import pytest
import yaml
from datasette.app import Datasette
from httpx import Response

METADATA: dict[str, Any] = yaml.safe_load((handmade.ROOT / "metadata.yml").read_text("utf-8"))
TABLES = METADATA["databases"]["quotes"]["tables"]
QUERIES = METADATA["databases"]["quotes"]["queries"]
# Datasette 1.0 has the canned queries from here.
CONFIG = {} if datasette.__version__.startswith("0.") else {"config": METADATA}
PATHS = [
    "/",
    "/quotes",
    *(f"/quotes/{table}" for table in TABLES),
    "/quotes/quotes/1",
    "/quotes/quotes/6",
    "/quotes/articles/1",
    "/quotes/speakers/1",
    "/quotes/spans/1,content,0",
    "/quotes/quotes?speaker_id=1&kind=direct",
    "/quotes/quotes?_search=harvest",
    *(f"/quotes/{query}" for query in QUERIES),
]
HOSTILE = handmade.cases("hostile.jsonl")


def get(db: Path, *paths: str, immutable: bool = False) -> list[Response]:
    """Ask for each of *paths* in turn, as a browser that follows redirects."""

    async def ask() -> list[Response]:
        files = {"immutables": [str(db)]} if immutable else {"files": [str(db)]}
        app = Datasette(**files, metadata=METADATA, **CONFIG)
        await app.invoke_startup()
        return [await app.client.get(path, follow_redirects=True) for path in paths]

    return asyncio.run(ask())


def rows(db: Path, query: str, **parameters: str) -> list[dict[str, Any]]:
    (response,) = get(db, f"/quotes/{query}.json?" + urlencode({**parameters, "_shape": "array"}))
    assert response.status_code == 200, response.text
    answer: list[dict[str, Any]] = response.json()
    return answer


def encoded(case: dict[str, Any]) -> str:
    text = case.get("text", "") * case.get("times", 1)
    return case.get("percent_encoded") or quote_plus(text)


@pytest.mark.parametrize("immutable", [False, True])
def test_every_page_opens(handmade_db: Path, immutable: bool) -> None:
    responses = get(handmade_db, *PATHS, immutable=immutable)
    assert {str(r.url): r.status_code for r in responses if r.status_code != 200} == {}
    assert all("text/html" in response.headers["content-type"] for response in responses)


def test_every_page_of_the_samples_opens(seed_db: Path) -> None:
    paths = [path for path in PATHS if not re.search(r"/\d", path)]
    responses = get(seed_db, *paths, "/quotes/quotes/1", "/quotes/articles/1")
    assert {str(r.url): r.status_code for r in responses if r.status_code != 200} == {}


def test_the_sample_is_found(seed_db: Path) -> None:
    found = rows(seed_db, "search", words="virus", speaker="xi")
    assert found
    assert {row["speaker"] for row in found} == {"Xi Jinping"}
    assert {row["said_on"] for row in found} == {"2020-03-27"}
    assert all("**virus**" in row["quote"] for row in found)


def test_tables_come_as_json_and_csv(handmade_db: Path) -> None:
    as_json, as_csv = get(
        handmade_db, "/quotes/quotes.json?_shape=array&_sort=id", "/quotes/quotes.csv?_sort=id"
    )
    texts = [row[3] for row in handmade.QUOTES]
    assert [row["text"] for row in as_json.json()] == texts
    table = list(csv.DictReader(io.StringIO(as_csv.text, newline="")))
    assert [row["text"] for row in table] == texts


def test_the_database_page_leads_to_the_search_and_hides_the_index(handmade_db: Path) -> None:
    queries = (
        "/quotes" if not CONFIG else "/quotes/-/queries"
    )  # 1.0 has them on a page of their own
    page, facts = get(handmade_db, queries, "/quotes.json")
    assert re.search(r'href="/quotes/search"[^>]*>\s*Search the quotes<', page.text)
    shown = {table["name"] for table in facts.json()["tables"] if not table["hidden"]}
    meant = {name for name, table in TABLES.items() if not table.get("hidden")}
    assert shown | {"spoken_of"} == meant  # which is a view


def test_every_query_shows_its_title_and_description(handmade_db: Path) -> None:
    pages = get(handmade_db, *(f"/quotes/{name}" for name in QUERIES))
    for query, page in zip(QUERIES.values(), pages, strict=True):
        assert query["title"] in page.text
        assert query["description_html"] in page.text


def test_labels_stand_for_keys(handmade_db: Path) -> None:
    (page,) = get(handmade_db, "/quotes/quotes")
    assert '<a href="/quotes/speakers/1">Olga Testova</a>' in page.text


@pytest.mark.parametrize("name", QUERIES)
def test_every_query_tells_what_its_parameters_mean(name: str) -> None:
    query = QUERIES[name]
    used = set(re.findall(r":(\w+)", query["sql"]))
    assert used == set(query["params"])
    assert re.findall(r"<li><b>(\w+)</b>", query["description_html"]) == query["params"]
    assert "may be left empty" in query["description_html"]
    assert query["title"]


@pytest.mark.parametrize("case", handmade.cases("queries.jsonl"), ids=json.dumps)
def test_what_a_query_finds(handmade_db: Path, case: dict[str, Any]) -> None:
    found = [row["uid"] for row in rows(handmade_db, case["query"], **case["parameters"])]
    assert found == case["found"]


@pytest.mark.parametrize("name", QUERIES)
def test_a_parameter_left_empty_is_one_left_out(handmade_db: Path, name: str) -> None:
    assert rows(handmade_db, name) == rows(
        handmade_db, name, **dict.fromkeys(QUERIES[name]["params"], "")
    )
    assert rows(handmade_db, name)


def test_hits_are_marked(handmade_db: Path) -> None:
    (row,) = rows(handmade_db, "search", words="bridges harvested")
    assert row["quote"] == "It takes a **bridge** and a **harvest**."


def test_who_speaks_to_whom(handmade_db: Path) -> None:
    assert [tuple(row.values()) for row in rows(handmade_db, "who_speaks_to_whom")] == [
        ("Olga Testova", "Bruno Benson", 1, handmade.DAY, handmade.DAY),
        (None, "Olga Testova", 1, handmade.DAY, handmade.DAY),
    ]
    assert len(rows(handmade_db, "who_speaks_to_whom", speaker="bruno")) == 1


@pytest.mark.parametrize("name", QUERIES)
def test_no_input_breaks_a_query(handmade_db: Path, name: str) -> None:
    paths = [
        f"/quotes/{name}.json?{parameter}={encoded(case)}&_shape=array"
        for case in HOSTILE
        for parameter in QUERIES[name]["params"]
    ]
    responses = get(handmade_db, *paths)
    failed = {
        path[:90]: r.text for path, r in zip(paths, responses, strict=True) if r.status_code != 200
    }
    assert failed == {}
    assert all(isinstance(response.json(), list) for response in responses)


def test_no_input_breaks_the_search_page(handmade_db: Path) -> None:
    paths = [f"/quotes/search?words={encoded(case)}&speaker={encoded(case)}" for case in HOSTILE]
    responses = get(handmade_db, *paths)
    assert {r.status_code for r in responses} == {200}
    assert not any("<script>alert" in r.text or "49}}" in r.text for r in responses)


# Datasette's own search box passes these on to FTS5, which refuses them; its page says so.
REFUSED_BY_THE_SEARCH_BOX = {
    "quotation mark",
    "pair of quotation marks",
    "line end and quotation mark",
    "NUL",
    "NUL inside",
    "NUL in a phrase",
    "white space",
}


@pytest.mark.parametrize("case", HOSTILE, ids=lambda case: case["name"])
def test_the_search_box_of_the_table(handmade_db: Path, case: dict[str, Any]) -> None:
    (response,) = get(handmade_db, f"/quotes/quotes?_search={encoded(case)}")
    refused = case["name"] in REFUSED_BY_THE_SEARCH_BOX
    assert response.status_code == (400 if refused else 200)


def test_what_an_article_says_is_shown_and_not_run(handmade_db: Path) -> None:
    paths = ["/quotes/quotes/5", "/quotes/articles/1", "/quotes/quotes", "/quotes/unknown_speakers"]
    for page in get(handmade_db, *paths, "/quotes/search?words=alert", "/quotes/rejects"):
        assert "<script>alert" not in page.text
        assert "<i>nobody" not in page.text
        assert "<b>no text" not in page.text
        assert "{{ 7*7 }}" in page.text or "rejects" in str(page.url)
