"""The article that it began with: its quotes, in the database, in a search, in the JSON."""

from __future__ import annotations

import asyncio
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, SHARED
from datasette.app import Datasette
from sqlite_utils import Database

GOLD = SHARED / "gold" / "ani-2020-03-27.json"
DAY = "2020-03-27"
# Kind, speaker, and how what was said begins and ends.
EXPECTED = [
    ("indirect", "Xi Jinping", "for a coordinated joint action", "novel coronavirus"),
    ("indirect", "Xi Jinping", "that he hopes", "bilateral relations"),
    ("indirect", "Xi Jinping", "bilateral relations", "both sides"),
    ("indirect", "Xi Jinping", "for a joint effort", "win-win cooperation"),
    ("indirect", "Xi Jinping", "The country has", "in need of assistance"),
    ("direct", "Xi Jinping", '"We will continue', 'the pandemic,"'),
    ("direct", "Xi Jinping", '"the virus respects', 'conquer it,"'),
    ("mixed", "Donald Trump", "that the conversation", 'closely together."'),
    ("indirect", "Xi Jinping", "that positive outcomes", "of the outcomes"),
    ("direct", "Xi Jinping", '"China stands ready', 'governance,"'),
]


def rows(db: Path) -> list[dict[str, Any]]:
    return list(
        Database(db).query(
            "SELECT quotes.*, speakers.name, addressees.name AS addressee, articles.text AS article,"
            " published, place, publisher FROM quotes JOIN articles ON articles.id = article_id"
            " LEFT JOIN speakers ON speakers.id = speaker_id"
            " LEFT JOIN speakers AS addressees ON addressees.id = addressee_id ORDER BY position"
        )
    )


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


def test_every_quote_and_no_other(seed_db: Path) -> None:
    found = rows(seed_db)
    assert len(found) == len(EXPECTED)
    for row, (kind, speaker, begins, ends) in zip(found, EXPECTED, strict=True):
        assert (row["kind"], row["name"], row["said_on"]) == (kind, speaker, DAY)
        assert row["text"].startswith(begins)
        assert row["text"].endswith(ends)
        assert row["article"][row["start"] : row["end"]].count(row["text"]) == 1


def test_who_was_called_and_who_relays_it(seed_db: Path) -> None:
    told = [(row["addressee"], row["channel"], row["relayed_by"]) for row in rows(seed_db)]
    expected: list[tuple[str | None, ...]] = [(None, None, None)] * len(EXPECTED)
    expected[2] = ("Donald Trump", "phone call", "Peoples' Daily China")
    expected[7] = (None, "Twitter", None)
    assert told == expected


def test_every_speaker_can_be_traced_to_the_words_that_name_him(seed_db: Path) -> None:
    steps = Database(seed_db).query(
        "SELECT quotes.id, name, substr(articles.text, e.start + 1, e.[end] - e.start) AS words"
        " FROM evidence AS e JOIN quotes ON quotes.id = quote_id"
        " JOIN articles ON articles.id = article_id JOIN speakers ON speakers.id = speaker_id"
        " ORDER BY quotes.id, step"
    )
    last = {step["id"]: (step["words"], step["name"]) for step in steps}
    assert len(last) == len(EXPECTED)
    assert {words for words, _ in last.values()} == {"Xi Jinping", "Donald Trump"}
    assert all(words == name for words, name in last.values())


def test_the_article(seed_db: Path) -> None:
    row = rows(seed_db)[0]
    assert (row["published"], row["place"], row["publisher"]) == (DAY, "Beijing, China", "ANI")
    assert row["article"].startswith("Beijing [China], Mar 27 (ANI): President Xi Jinping")


def test_what_is_marked_by_hand(seed_db: Path) -> None:
    if not GOLD.exists():
        pytest.skip(f"no marks by hand: {GOLD} is not here")
    gold = json.loads(GOLD.read_text("utf-8"))["quotes"]
    for row, quote in zip(rows(seed_db), gold, strict=True):
        assert row["kind"] == quote["kind"]
        assert row["name"] == quote["speaker"]
        assert row["said_on"] == quote["said_on"]
        assert words(row["text"]) == words(" ".join(quote["content"]))
        assert row["source"] == quote["source"]
        assert row["cue"] == quote["cue"]
        for told in ("addressee", "channel", "relayed_by"):
            assert row[told] == quote.get(told)


def test_in_a_search(seed_db: Path) -> None:
    command = [sys.executable, "-m", "quotes", "search", "pandemic", "--db", str(seed_db)]
    shown = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "overcome the pandemic" in shown
    assert "Xi Jinping, 2020-03-27, direct" in shown
    assert shown.endswith("1 quote found, 1 shown.\n")


def test_in_the_json(seed_db: Path) -> None:
    async def fetch() -> Any:
        datasette = Datasette([str(seed_db)], metadata={})
        await datasette.invoke_startup()
        path = "/quotes/quotes.json?_shape=array&kind=mixed&_labels=on"
        return (await datasette.client.get(path)).json()

    (row,) = asyncio.run(fetch())
    assert row["speaker_id"]["label"] == "Donald Trump"
    assert row["verbatim"].startswith("very good … China has been through much & has")


def test_offices_of_its_speakers(seed_db: Path) -> None:
    held = Database(seed_db).query(
        "SELECT name FROM offices JOIN speakers ON speakers.id = speaker_id"
        " WHERE office = 'President' AND start <= :day AND coalesce([end], '9999') > :day"
        " AND offices.country IN ('CN', 'US')",
        {"day": DAY},
    )
    assert {row["name"] for row in held} == {"Xi Jinping", "Donald Trump"}


def test_it_is_the_article_that_we_were_given() -> None:
    given = SHARED / "seed"
    if not given.is_dir():
        pytest.skip(f"nothing to compare with: {given} is not here")
    for path in given.iterdir():
        assert (ROOT / "articles" / path.name).read_bytes() == path.read_bytes()
