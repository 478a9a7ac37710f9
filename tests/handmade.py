"""A small database for tests of what the sample articles lack: odd texts, gaps, links."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sqlite_utils import Database

ROOT = Path(__file__).parent.parent
CASES = Path(__file__).parent / "cases"
TOKENIZER = "porter unicode61 remove_diacritics 2"
HOSTILE_TEXT = (
    "<script>alert(1)</script> {{ 7*7 }} {% raw %} 100% & \"both\" 'kinds' **of** marks"
    " \x1b[31mred\x1b[0m \x9b2J \u202ebackwards\u202c\r\nnext\x07"
)
SPEAKERS = [
    {"id": 1, "slug": "olga-testova", "name": "Olga Testova", "kind": "person"},
    {"id": 2, "slug": "bruno-benson", "name": "Bruno Benson", "kind": "person"},
    {"id": 3, "slug": "ana-munoz", "name": "Ana Muñoz", "kind": "person"},
    {"id": 4, "slug": "renno-group", "name": "Renno Group", "kind": "organization"},
]
DAY, LATER = "2020-02-01", "2020-03-31"
# uid, speaker, kind, text, verbatim, source, said on, addressee
QUOTES = [
    ("a-0", 1, "direct", "The harvest was good.", "The harvest was good.", "Testova", DAY, 2),
    ("a-100", 2, "mixed", "It takes a bridge and a harvest.", "a harvest", "he", DAY, None),
    ("a-200", 3, "indirect", "roads come first", None, "the mayor", DAY, None),
    ("a-300", None, "indirect", "it is warm", None, "the ministry", DAY, 1),
    ("a-400", None, "direct", HOSTILE_TEXT, HOSTILE_TEXT, "<i>nobody</i>", DAY, None),
    ("a-500", None, "direct", "so \ufdd0it\ufdd1 \0is", None, None, DAY, None),
    ("a-600", None, "indirect", "the river is high", None, "a boy", LATER, None),
    ("b-0", 1, "direct", "Good day.", "Good day.", "she", "2021-05-01", None),
]


def build(path: Path) -> Path:
    """Write the database to *path* and return it."""
    database = Database(path)
    database.executescript((ROOT / "quotes" / "schema.sql").read_text("utf-8"))
    database["builds"].insert({"id": 1, "started": "2026-01-01", "version": "0", "model": "hand"})
    article = {"build_id": 1, "path": "a.txt", "text": HOSTILE_TEXT, "url": None}
    database["articles"].insert_all(
        [
            {
                "id": 1,
                "uid": "a",
                "title": HOSTILE_TEXT,
                "publisher": "The Example",
                "published": DAY,
            }
            | article,
            {"id": 2, "uid": "b", "title": None, "publisher": None, "published": "2021-05-02"}
            | article,
        ]
    )
    database["speakers"].insert_all(SPEAKERS)
    database["quotes"].insert_all(_quote(number, row) for number, row in enumerate(QUOTES, start=1))
    database["spans"].insert({"quote_id": 1, "role": "content", "start": 0, "end": 20})
    database["countries"].insert({"code": "TW", "name": "Taiwan"})
    database["mentions"].insert({"quote_id": 2, "country": "TW"})
    database["evidence"].insert(
        {"quote_id": 1, "step": 1, "method": "surname", "start": 0, "end": 7, "office_id": None}
    )
    database["rejects"].insert({"path": "bad.bin", "reason": "<b>no text</b>"})
    database["quotes"].enable_fts(["text", "source"], tokenize=TOKENIZER)
    database.executescript((ROOT / "quotes" / "index.sql").read_text("utf-8"))
    database.close()
    return path


def cases(name: str) -> list[dict[str, Any]]:
    """Return the objects of a file in tests/cases."""
    return [json.loads(line) for line in (CASES / name).read_text("utf-8").splitlines()]


def _quote(number: int, row: tuple[Any, ...]) -> dict[str, Any]:
    names = ("uid", "speaker_id", "kind", "text", "verbatim", "source", "said_on", "addressee_id")
    quote = dict(zip(names, row, strict=True))
    article, start = quote["uid"].split("-")
    return quote | {
        "id": number,
        "article_id": 1 if article == "a" else 2,
        "position": number,
        "paragraph": number,
        "start": int(start),
        "end": int(start) + 50,
        "confidence": 0.5,
        "act": "urges" if number == 1 else "asserts",
        "channel": "speech" if number == 1 else None,
    }
