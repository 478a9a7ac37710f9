"""The pages of a quote and of an article: what they mark is what the table says, and does no harm."""

from __future__ import annotations

import csv
import json
import re
import sqlite3
from contextlib import closing
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import handmade
import pytest
import yaml
from conftest import cases
from hypothesis import given
from hypothesis import strategies as st
from test_plugin_app import HOSTILE, ask, check, encoded

from quotes.plugin.environment import environment
from quotes.plugin.links import Links
from quotes.plugin.pages.article import article_page
from quotes.plugin.pages.quote import quote, quote_file
from quotes.plugin.phrases import METHODS, act_note
from quotes.plugin.respond import Document, Page, Visit
from quotes.plugin.texts.marks import shown
from quotes.plugin.texts.parts import LENGTH, part, part_of, parts

LINKS = Links("https://quotes.example", "/", "quotes")
XI = "de9b8dec112df43b-326"
FORMS = {
    "txt": "text/plain",
    "apa.txt": "text/plain",
    "chicago.txt": "text/plain",
    "wikipedia.txt": "text/plain",
    "bib": "application/x-bibtex",
    "ris": "application/x-research-info-systems",
    "csl.json": "application/vnd.citationstyles.csl+json",
    "json": "application/json",
}
INSERT_QUOTE = """
INSERT INTO quotes (uid, article_id, speaker_id, kind, text, source, said_on, act, method, position, paragraph,
  start, "end", confidence, outer_id)
VALUES (:uid, :article, :speaker, :kind, :text, :source, :day, :act, :method, :position, 1, :start, :end, 0.9, :outer)
"""


class Texts(HTMLParser):
    """Gathers the text of what is marked, by role and quote, and of paragraphs; leaves labels out."""

    def __init__(self) -> None:
        super().__init__()
        self.marks: list[tuple[tuple[str, ...], str, str]] = []  # roles, quotes, text
        self.paragraphs: list[str] = []
        self.within: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("br", "link", "meta", "input", "img"):
            return
        given = dict(attrs)
        classes = (given.get("class") or "").split()
        self.within.append("label" if classes in (["role"], ["ref"]) else tag)
        if classes[:1] == ["m"]:
            self.within[-1] = "m"
            roles = tuple(name for name in classes[1:] if name != "deep")
            self.marks.append((roles, given.get("data-quotes") or "", ""))
        if tag == "p" and given.get("dir") == "auto":
            self.within[-1] = "paragraph"
            self.paragraphs.append("")

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002  (as HTMLParser has it)
        self.within.pop()

    def handle_data(self, text: str) -> None:
        if "label" in self.within or "paragraph" not in self.within:
            return
        self.paragraphs[-1] += text
        if self.within[-1] == "m":
            roles, quotes, before = self.marks[-1]
            self.marks[-1] = roles, quotes, before + text

    def role(self, role: str) -> str:
        """Return the marked text of a role, without white space."""
        return bare("".join(text for roles, _, text in self.marks if role in roles))

    def quote(self, position: int) -> str:
        """Return the marked text of a quote in its article, without white space."""
        found = (text for _, quotes, text in self.marks if str(position) in quotes.split())
        return bare("".join(found))


def bare(text: str) -> str:
    return "".join(text.split())


def read(page: str) -> Texts:
    texts = Texts()
    texts.feed(page)
    return texts


def rendered(page: Any) -> str:
    assert isinstance(page, Page)
    template = environment().get_template(f"quotes/{page.template}")
    return template.render(**page.shown, links=LINKS, visit=None)


def visit(uid: str, **more: str) -> Visit:
    return Visit({"uid": uid, **more}, more, LINKS, "")


def row(connection: sqlite3.Connection, uid: str, **values: object) -> int:
    """Add a quote to article 3 and return its id."""
    usual = {"article": 3, "speaker": 1, "kind": "direct", "text": "It rains", "source": None}
    usual |= {"day": None, "act": None, "method": None, "position": 1, "outer": None}
    number = connection.execute(INSERT_QUOTE, {**usual, "uid": uid, **values}).lastrowid
    assert number
    return number


def add(path: Path, text: str, quotes: list[dict[str, list[str]]], **article: object) -> Path:
    """Make a database at *path* with an article "c", of these quotes, given by the words of their spans."""
    handmade.build(path)
    with closing(sqlite3.connect(path)) as connection:
        values = {"text": text, "url": None, "title": None, "published": None, **article}
        connection.execute(
            "INSERT INTO articles (id, uid, path, text, url, title, published, build_id)"
            " VALUES (3, 'c', 'c.txt', :text, :url, :title, :published, 1)",
            values,
        )
        for position, parts_of_it in enumerate(quotes, start=1):
            spans = [
                (role, text.index(words), text.index(words) + len(words))
                for role, every in parts_of_it.items()
                for words in every
            ]
            start, end = min(span[1] for span in spans), max(span[2] for span in spans)
            said = " … ".join(parts_of_it["content"])
            uid = f"c-{position}"
            number = row(connection, uid, position=position, start=start, end=end, text=said)
            connection.executemany(
                f"INSERT INTO spans VALUES ({number}, ?, ?, ?)",
                spans,
            )
        index(connection)
    return path


def index(connection: sqlite3.Connection) -> None:
    connection.executescript((handmade.ROOT / "quotes" / "index.sql").read_text("utf-8"))
    connection.commit()


@pytest.mark.parametrize("case", cases("readings"))
def test_what_is_marked_is_what_the_table_says(tmp_path: Path, case: dict[str, Any]) -> None:
    db = add(tmp_path / "quotes.db", case["text"], case["quotes"])
    uids = [f"c-{position}" for position in range(1, len(case["quotes"]) + 1)]
    whole, *pages = ask(db, ["/article/c", *(f"/quote/{uid}" for uid in uids)])
    for response in (whole, *pages):
        assert response.status_code == 200
        check(response)
    in_article = read(whole.text)
    assert bare("".join(in_article.paragraphs)) == shown(bare(case["text"]))
    for position, (page, spans) in enumerate(zip(pages, case["quotes"], strict=True), start=1):
        assert f'id="q-{position}"' in whole.text
        assert whole.text.count(f'class="ref" href="/quote/c-{position}"') == 1
        for role, words in spans.items():
            assert read(page.text).role(role) == bare(shown("".join(words)))
        every = sorted((w for words in spans.values() for w in words), key=case["text"].index)
        assert in_article.quote(position) == bare(shown("".join(every)))


def test_the_samples_are_marked_as_the_table_says(seed_db: Path) -> None:
    with closing(sqlite3.connect(seed_db)) as connection:
        (text,) = connection.execute("SELECT text FROM articles").fetchone()
        rows = connection.execute("SELECT id, uid, position FROM quotes").fetchall()
        whole = read(rendered(article_page(connection, visit("de9b8dec112df43b"))))
        assert bare("".join(whole.paragraphs)) == bare(text)
        for number, uid, position in rows:
            page = read(rendered(quote(connection, visit(uid))))
            sql = 'SELECT start, "end", role FROM spans WHERE quote_id = ? ORDER BY start'
            spans = connection.execute(sql, [number]).fetchall()
            for role in ("source", "cue", "content"):
                words = (text[start:end] for start, end, its in spans if its == role)
                assert page.role(role) == bare("".join(words))
            assert whole.quote(position) == bare("".join(text[s:e] for s, e, _ in spans))


def test_a_quote_tells_what_is_known(seed_db: Path) -> None:
    (response,) = ask(seed_db, [f"/quote/{XI}"])
    check(response)
    page = response.text
    assert "<title>Xi Jinping, 27 March 2020 – Quotes</title>" in page
    for told in (
        *("President, China", "Donald Trump", "phone call", "Peoples&#39; Daily China"),
        *("Paraphrase", "the surname of somebody named elsewhere", "very sure (0.9"),
        *('href="/article/de9b8dec112df43b#q-3"', 'rel="prev"', 'rel="next"', "More by Xi Jinping"),
        *('<meta property="og:title" content="Xi Jinping, 27 March 2020">', "Its row in the table"),
    ):
        assert told in page, told


def test_linked_data(seed_db: Path) -> None:
    (response,) = ask(seed_db, [f"/quote/{XI}"])
    (found,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', response.text)
    data = json.loads(found)
    assert data["@type"] == "Quotation"
    assert data["url"].endswith(f"/quote/{XI}")
    assert data["spokenByCharacter"]["name"] == "Xi Jinping"
    assert f'<link rel="canonical" href="{data["url"]}">' in response.text


def test_hostile_linked_data(tmp_path: Path) -> None:
    text = "</script><script>alert(1)</script><!-- \u2028"
    db = add(tmp_path / "quotes.db", text, [{"content": [text]}], title=text)
    (response,) = ask(db, ["/quote/c-1"])
    check(response)
    (found,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', response.text)
    assert json.loads(found)["isPartOf"]["headline"] == text.removesuffix(" \u2028")


@pytest.mark.parametrize("form", FORMS)
def test_files(seed_db: Path, form: str) -> None:
    page, response = ask(seed_db, [f"/quote/{XI}", f"/quote/{XI}.{form}"])
    assert response.status_code == 200
    assert response.headers["content-type"] == f"{FORMS[form]}; charset=utf-8"
    assert f'href="/quote/{XI}.{form}"' in page.text
    if form != "json":
        filename = f'attachment; filename="quote-{XI}.{form}"'
        assert response.headers["content-disposition"] == filename
    if form.endswith("json"):
        json.loads(response.text)


def test_all_that_is_known(seed_db: Path) -> None:
    with closing(sqlite3.connect(seed_db)) as connection:
        document = quote_file(connection, visit(XI, form="json"))
        (text,) = connection.execute("SELECT text FROM articles").fetchone()
    assert isinstance(document, Document)
    known = json.loads(document.text)
    assert known["url"] == f"https://quotes.example/quote/{XI}"
    assert known["speaker"]["name"] == "Xi Jinping"
    assert known["offices"][0]["office"] == "President"
    assert [step["words"] for step in known["evidence"]] == ["Xi", "Xi Jinping"]
    assert known["evidence"][0]["before"] == "conversation with US President Donald Trump, "
    assert known["article"]["publisher"] == "ANI"
    for span in known["spans"]:
        assert text[span["start"] : span["end"]] == span["words"]


@pytest.mark.parametrize("case", HOSTILE)
def test_what_is_not_there(seed_db: Path, case: dict[str, Any]) -> None:
    uid = encoded(case).replace("+", "%20")[:2000].rstrip("%") or "none"
    paths = [f"/quote/{uid}", f"/article/{uid}", f"/quote/{XI}.{uid}", f"/quote/{uid}.json"]
    for response in ask(seed_db, paths):
        assert response.status_code in (200, 302, 404)
        assert "<script>alert" not in response.text


def test_unknown_keys_get_a_page(seed_db: Path) -> None:
    for response in ask(seed_db, ["/quote/x", "/article/x", "/quote/x.bib", f"/quote/{XI}.doc"]):
        assert response.status_code == 404
        assert "There is no such" in response.text
        check(response)


def test_the_day_of_the_article_is_not_told_as_the_day_it_was_said(tmp_path: Path) -> None:
    db = handmade.build(tmp_path / "quotes.db")
    with closing(sqlite3.connect(db)) as connection, connection:
        connection.execute("UPDATE quotes SET said_on = NULL WHERE uid = 'a-0'")
    for response in ask(db, ["/quote/a-0", "/article/a", "/search?q=harvest"]):
        text = re.sub(r"<[^>]*>", "", response.text)
        assert "reported 1 February 2020" in text
        assert not re.search(r"(Testova|quotation),? 1 February 2020", text)


def test_who_is_not_known(handmade_db: Path) -> None:
    with closing(sqlite3.connect(handmade_db)) as connection:
        page = rendered(quote(connection, visit("a-300")))
        nothing = rendered(quote(connection, visit("a-500")))
    assert "Speaker not known" in page
    assert "printed: “the ministry”" in page
    assert "Whom “the ministry” means is not known" in page
    assert "The article’s words name no source that was found" in nothing


@pytest.mark.parametrize(
    ("day", "offices"),
    [
        ("2019-12-31", []),
        ("2020-01-01", ["Minister, Norland"]),
        ("2020-06-01", ["Chair, Norland Party", "Minister, Norland"]),
        ("2020-12-31", ["Chair, Norland Party", "Minister, Norland"]),
        ("2021-01-01", ["Chair, Norland Party"]),
        (None, []),
    ],
)
def test_offices_on_a_day(tmp_path: Path, day: str | None, offices: list[str]) -> None:
    db = add(tmp_path / "quotes.db", "It rains.", [])
    with closing(sqlite3.connect(db)) as connection:
        connection.executemany(
            'INSERT INTO offices (speaker_id, office, body, start, "end", source) VALUES (1, ?, ?, ?, ?, ?)',
            [
                ("Minister", "Norland", "2020-01-01", "2021-01-01", "javascript:alert(1)"),
                ("Chair", "Norland Party", "2020-06-01", None, "https://example.org/chair"),
            ],
        )
        number = row(connection, "c-1", day=day, start=0, end=8, method="office", source="It")
        connection.execute(f"INSERT INTO evidence VALUES ({number}, 1, 'office', 0, 2, 1)")
        connection.execute(f"INSERT INTO evidence VALUES ({number}, 2, 'office', 900, 990, 2)")
        index(connection)
        page = rendered(quote(connection, visit("c-1")))
    assert re.findall(r'<span class="office">(.*?)</span>', page) == offices
    assert "javascript:alert(1)</span>" in page  # as text
    assert 'href="javascript' not in page
    assert '<a href="https://example.org/chair" rel="noopener nofollow external">' in page


@pytest.mark.parametrize(
    ("url", "link"),
    [
        ("https://example.org/a?b=1&c", 'href="https://example.org/a?b=1&amp;c"'),
        ("javascript:alert(1)", None),
        (" JaVaScRiPt:alert(1)", None),
        ("data:text/html,x", None),
        ("//example.org", None),
        (None, None),
    ],
)
def test_the_original(tmp_path: Path, url: str | None, link: str | None) -> None:
    db = add(tmp_path / "quotes.db", "It rains.", [{"content": ["It rains."]}], url=url)
    for response in ask(db, ["/quote/c-1", "/article/c"]):
        check(response)
        assert ("Original article" in response.text) == bool(link)
        assert link is None or f'{link} rel="noopener nofollow external"' in response.text


def test_one_in_another_and_the_same_elsewhere(tmp_path: Path) -> None:
    words = "The rain will come to the town."
    db = add(tmp_path / "quotes.db", words * 3, [])
    with closing(sqlite3.connect(db)) as connection:
        outer = row(connection, "c-1", start=0, end=60, position=1, text="The rain and the rain")
        row(connection, "c-2", start=31, end=60, position=2, outer=outer, text=words)
        row(connection, "d-1", article=2, start=0, end=9, position=9, text=words.lower())
        row(
            connection,
            "d-2",
            article=2,
            start=0,
            end=9,
            position=10,
            text="The rain is gone for now.",
        )
        index(connection)
        outside, inside, other = (
            rendered(quote(connection, visit(uid))) for uid in ("c-1", "c-2", "d-1")
        )
    assert "Within it stand" in outside
    assert "/quote/c-2" in outside
    assert "It stands within a quote by Olga Testova" in inside
    reports = re.search(r'aria-labelledby="reports">.*?</section>', inside, re.DOTALL)
    assert reports
    assert re.findall(r'href="/quote/(.*?)"', reports[0]) == ["d-1"]
    assert 'href="/quote/c-2"' in other
    assert "The same words" not in outside


@given(st.text("ab \n", max_size=60).map(lambda text: text * 9_000) | st.text(max_size=50))
def test_parts_hold_all_of_a_text(text: str) -> None:
    every = [part(text, number) for number in range(1, parts(text) + 1)]
    assert "".join(text[one.start : one.end] for one in every) == text
    for number, one in enumerate(every, start=1):
        assert one.end - one.start < 2 * LENGTH
        for offset in range(one.start, one.end, 50_000):
            assert part_of(text, offset) == number


def test_a_long_article_is_shown_in_parts(tmp_path: Path) -> None:
    filler = "The town waits for the rain, and so do the lakes around it, day after day.\n"
    text = filler * 5_000 + "Lee said that it rains."
    quotes = [
        {"source": ["Lee"], "cue": ["said"], "content": ["that it rains"]},
        {"source": ["The town"], "content": ["waits for the rain"]},
    ]
    db = add(tmp_path / "quotes.db", text, quotes)
    first, last, beyond, said = ask(
        db, ["/article/c", "/article/c?part=4", "/article/c?part=99", "/quote/c-1"]
    )
    for response in (first, last, beyond):
        check(response)
        assert len(response.text) < 2 * LENGTH
    assert 'id="q-2"' in first.text
    assert 'id="q-1"' not in first.text
    assert 'id="q-1"' in last.text
    assert beyond.text == last.text
    assert 'href="/article/c?part=2" rel="next"' in first.text
    assert 'href="/article/c?part=3" rel="prev"' in last.text
    assert 'href="/article/c?part=4#q-1"' in said.text
    check(said)
    assert len(said.text) < 20_000


def test_every_act_and_method_is_told() -> None:
    with (handmade.ROOT / "quotes" / "data" / "acts.csv").open(encoding="utf-8") as file:
        assert all(act_note(row["act"]) == row["description"] for row in csv.DictReader(file))
    metadata = yaml.safe_load((handmade.ROOT / "metadata.yml").read_text("utf-8"))
    column = metadata["databases"]["quotes"]["tables"]["quotes"]["columns"]["method"]
    assert [name for name in METHODS if not re.search(rf"\b{name}\b", column)] == []


def test_of_a_giant_quote_the_page_prints_the_beginning(tmp_path: Path) -> None:
    text = 'Lee said: "' + "It rains on the town. " * 40_000 + '"'
    db = add(tmp_path / "quotes.db", text, [{"source": ["Lee"], "content": [text[10:]]}])
    page, known = ask(db, ["/quote/c-1", "/quote/c-1.json"])
    check(page)
    assert len(page.text) < 200_000
    assert len(known.text) > 800_000, "all of it is there for programs"
