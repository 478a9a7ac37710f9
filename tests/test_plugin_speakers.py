"""The pages of speakers: one, all, and two side by side."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import handmade
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_plugin_app import HOSTILE, ask, check, encoded, read

from quotes.plugin.citing.linked_data import profile
from quotes.plugin.links import Links
from quotes.plugin.lookup import roll
from quotes.plugin.lookup.speakers import by_name, by_slug, folded
from quotes.plugin.pages.compare import compare
from quotes.plugin.pages.speaker import speaker
from quotes.plugin.pages.speakers import speakers
from quotes.plugin.respond import Elsewhere, Page, Visit

NASTY = handmade.HOSTILE_TEXT
ARGUMENTS = {
    "/speakers": ["q", "kind", "country", "letter", "sort", "page"],
    "/compare": ["a", "a_from", "a_to", "b", "b_from", "b_to", "q", "country", "page"],
    "/compare?a=olga-testova&b=bruno-benson": ["a_from", "a_to", "b_from", "b_to", "q", "country"],
}


@pytest.fixture(scope="module")
def odd_db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with speakers of hostile names, without quotes, with odd offices."""
    path = handmade.build(tmp_path_factory.mktemp("odd") / "quotes.db")
    nasty, quiet, other = 5, 6, 7
    with closing(sqlite3.connect(path)) as db, db:
        db.executemany(
            "INSERT INTO speakers (id, slug, name, kind, country, wikidata, listed) VALUES (?, ?, ?, ?, ?, ?, 1)",
            [
                (nasty, "script", NASTY, "person", NASTY, 'Q1"><script>alert(1)</script>'),
                (quiet, "ann-lee", "Ann Lee", "person", "TW", "Q42"),
                (other, "лидия", "Лидия", "person", None, None),
            ],
        )
        db.executemany(
            'INSERT INTO offices (speaker_id, office, body, country, start, "end", source) VALUES (?, ?, ?, ?, ?, ?, ?)',
            [
                (nasty, NASTY, NASTY, NASTY, "x", NASTY, "javascript:alert(1)"),
                (
                    quiet,
                    "Mayor",
                    "Norburg",
                    "TW",
                    "2001-02-03",
                    "2005-02-03",
                    "https://example.org/a",
                ),
                (quiet, "President", None, "TW", "2010-01-01", None, "ftp://example.org/b"),
            ],
        )
        for name in ("uid || '-n'", "uid || '-m'"):
            db.execute(
                "INSERT INTO quotes (uid, article_id, speaker_id, kind, text, addressee_id, said_on, position,"
                ' paragraph, start, "end", confidence, act, channel)'
                f" SELECT {name}, article_id, ?, kind, text, ?, said_on, position, 1, 1, 2, 1, act, ?"
                " FROM quotes WHERE id IN (1, 5)",
                [nasty, quiet, "speech"],
            )
        db.execute(
            "INSERT INTO quotes (uid, article_id, speaker_id, kind, text, position, paragraph, start,"
            " \"end\", confidence) VALUES ('b-9', 2, 1, 'direct', 'The harvest was good.', 9, 1, 1, 2, 1)"
        )
        db.execute(
            "INSERT INTO quotes (uid, article_id, speaker_id, kind, text, position, paragraph, start,"
            " \"end\", confidence) VALUES ('b-10', 2, ?, 'direct', 'It snows.', 10, 1, 1, 2, 1)",
            [other],
        )
        db.executescript((handmade.ROOT / "quotes" / "index.sql").read_text("utf-8"))
    return path


@pytest.fixture
def odd(odd_db: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(odd_db)) as connection:
        yield connection


def visit(slug: str = "", **arguments: str) -> Visit:
    return Visit({"slug": slug}, arguments, Links("https://q.example", "/", "quotes"), "")


def shown(answer: object) -> dict[str, Any]:
    assert isinstance(answer, Page)
    return dict(answer.shown)


# A speaker


def test_a_speaker_of_the_sample(seed_db: Path) -> None:
    (response,) = ask(seed_db, ["/speaker/xi-jinping"])
    check(response)
    page = response.text
    assert response.status_code == 200
    for expected in (
        "<h1>Xi Jinping</h1>",
        '<span class="when">since 14 March 2013</span>',
        'href="/speaker/xi-jinping.atom"',
        'rel="canonical" href="http://localhost/speaker/xi-jinping"',
        '<input type="hidden" name="speaker" value="xi-jinping">',
        "https://www.wikidata.org/wiki/Q15031",
        "/search?speaker=xi-jinping&amp;addressee=donald-trump",
    ):
        assert expected in page
    described = json.loads(
        page.split('<script type="application/ld+json">')[1].split("</script>")[0]
    )
    assert described["@type"] == "Person"
    assert described["name"] == "Xi Jinping"
    assert described["url"] == "http://localhost/speaker/xi-jinping"
    assert "President, People's Republic of China" in described["jobTitle"] or described["jobTitle"]


def test_links_of_a_speaker_lead_somewhere(seed_db: Path) -> None:
    (response,) = ask(seed_db, ["/speaker/xi-jinping"])
    paths = {
        link for link in read(response.text).addresses if link.startswith(("/search?", "/speaker"))
    }
    assert len(paths) > 5
    for answer in ask(seed_db, sorted(paths)):
        assert answer.status_code == 200, answer.url
        assert '<h1 id="heading">0 quotes' not in answer.text, answer.url


def test_offices_are_in_order_and_sources_safe(odd: sqlite3.Connection) -> None:
    terms = shown(speaker(odd, visit("ann-lee")))["terms"]
    assert [(term.title, term.when, term.source) for term in terms] == [
        ("President, Taiwan", "since 1 January 2010", None),
        ("Mayor, Norburg", "3 February 2001 to 3 February 2005", "https://example.org/a"),
    ]


def test_a_speaker_without_quotes_has_a_page(odd_db: Path) -> None:
    (response,) = ask(odd_db, ["/speaker/ann-lee"])
    assert response.status_code == 200
    check(response)
    assert "There are no quotes of Ann Lee yet." in response.text
    assert "4 quotes said to Ann Lee" in response.text
    assert "Compare with another" not in response.text


def test_an_organization(odd_db: Path) -> None:
    (response,) = ask(odd_db, ["/speaker/renno-group"])
    check(response)
    assert '"@type": "Organization"' in response.text
    assert "<span>Organization</span>" in response.text


def test_a_hostile_speaker(odd_db: Path) -> None:
    (response,) = ask(odd_db, ["/speaker/script"])
    check(response)
    assert response.status_code == 200
    assert "wikidata.org" not in response.text
    assert "javascript:" not in response.text


def test_a_statement_is_shown_once(odd: sqlite3.Connection) -> None:
    reported = shown(speaker(odd, visit("olga-testova")))["reported"]
    assert [(hit.text, hit.reports) for hit in reported] == [("The harvest was good.", 2)]


@pytest.mark.parametrize("slug", ["Olga-Testova", "Olga Testova", "OLGA-TESTOVÁ"])
def test_other_spellings_of_a_slug_lead_to_it(odd_db: Path, slug: str) -> None:
    (response,) = ask(odd_db, ["/speaker/" + quote(slug)])
    assert response.status_code == 302
    assert response.headers["location"] == "/speaker/olga-testova"


def test_a_site_below_a_path_leads_within_it(odd: sqlite3.Connection) -> None:
    below = Visit({"slug": "Ann-Lee"}, {}, Links("", "/below/", "quotes"), "")
    assert speaker(odd, below) == Elsewhere("/below/speaker/ann-lee")


def test_hostile_slugs_are_nobody(odd_db: Path) -> None:
    cases = [encoded(case).replace("+", "%20") for case in HOSTILE]
    paths = [f"/speaker/{case}" for case in [*cases, "nobody", "-", "x%2Fy"]]
    for response in ask(odd_db, [path for path in paths if len(path) < 2000]):
        assert response.status_code in (302, 404), response.url
        if response.status_code == 404 and "No such speaker" in response.text:
            check(response)


def test_other_letters_are_a_slug(odd_db: Path) -> None:
    (response,) = ask(odd_db, ["/speaker/" + quote("лидия")])
    assert response.status_code == 200
    check(response)


@given(st.text(), st.text(), st.lists(st.text()))
def test_linked_data_is_json_that_ends_no_script(name: str, item: str, offices: list[str]) -> None:
    text = profile(name, "Person", "https://q.example/speaker/x", item, offices)
    assert not set("<>&\u2028\u2029") & set(text)
    assert json.loads(text)["@context"] == "https://schema.org"


# All speakers


def test_orders(odd: sqlite3.Connection) -> None:
    def names(**arguments: str) -> list[str]:
        return [who.slug for who in shown(speakers(odd, visit(**arguments)))["speakers"]]

    assert names() == ["script", "olga-testova", "ana-munoz", "bruno-benson", "лидия"]
    assert names(sort="name") == ["ana-munoz", "bruno-benson", "olga-testova", "script", "лидия"]
    assert names(sort="last")[:2] == ["olga-testova", "лидия"]
    assert names(sort="name", page="2") == []


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("ana", ["ana-munoz"]),
        ("MUNOZ", ["ana-munoz"]),
        ("Muñ", ["ana-munoz"]),
        ("mun ana", ["ana-munoz"]),
        ("unoz", []),
        ("b", ["bruno-benson"]),
        ("ЛИД", ["лидия"]),
        ("%", ["script", "olga-testova", "ana-munoz", "bruno-benson", "лидия"]),
    ],
)
def test_names(odd: sqlite3.Connection, typed: str, expected: list[str]) -> None:
    assert [who.slug for who in shown(speakers(odd, visit(q=typed)))["speakers"]] == expected


def test_filters_and_their_counts(odd: sqlite3.Connection) -> None:
    found = roll.counts(odd, roll.wanted({}))
    assert (found.total, dict(found.kinds)) == (5, {"person": 5})
    assert dict(found.letters) == {"A": 1, "B": 1, "O": 1, "S": 1, "#": 1}
    other = roll.wanted({"letter": "#"})
    assert [who.slug for who in roll.page(odd, other)] == ["лидия"]
    assert roll.counts(odd, other).total == 1
    assert roll.counts(odd, roll.wanted({"kind": "organization"})).total == 0


def test_pages_of_many_speakers(tmp_path: Path) -> None:
    db = handmade.build(tmp_path / "quotes.db")
    with closing(sqlite3.connect(db)) as connection, connection:
        connection.executemany(
            "INSERT INTO speakers (slug, name, kind, quotes, last_day) VALUES (?, ?, 'person', 3, ?)",
            [(f"carl-{n:04}", f"Carl {n:04}", "2020-01-01") for n in range(450)],
        )
    first, second, last, none = ask(
        db,
        ["/speakers?letter=c", "/speakers?letter=c&page=2", "/speakers?page=5", "/speakers?page=6"],
    )
    assert "450 speakers under C" in first.text
    assert first.text.count('<th scope="row">') == 100
    assert 'href="/speakers?letter=C&amp;page=2" rel="next"' in first.text
    assert "Carl 0100" in second.text
    assert last.text.count('<th scope="row">') == 53
    assert "Back to the first page" in none.text
    for response in (first, second, last, none):
        check(response)


def test_what_is_current_is_marked(odd_db: Path) -> None:
    (response,) = ask(odd_db, ["/speakers?sort=name&letter=o"])
    assert '<b aria-current="true">By name</b>' in response.text
    assert '<b aria-current="true">O</b>' in response.text


# Two side by side


def test_two_speakers_of_the_sample(seed_db: Path) -> None:
    page, empty = ask(seed_db, ["/compare?a=xi&b=Donald+Trump&q=virus", "/compare"])
    for response in (page, empty):
        check(response)
        assert response.status_code == 200
    assert "A: “xi” is taken for Xi Jinping, the most quoted of that name." in page.text
    assert "B: “" not in page.text
    assert "A: Xi Jinping" in page.text
    links = [link for link in read(empty.text).addresses if link.startswith("/compare?")]
    assert links
    for response in ask(seed_db, links):
        assert "No quotes" not in response.text, response.url


def test_one_speaker_in_two_periods(odd: sqlite3.Connection) -> None:
    page = shown(compare(odd, visit(a="olga", a_to="2020", b_from="2021")))
    assert page["heading"] == "Olga Testova: to 2020 and from 2021"
    assert [side.found.total for side in page["sides"]] == [1, 2]
    assert [(side.sign, hit.uid) for side, hit in page["entries"]] == [
        ("A", "a-0"),
        ("B", "b-0"),
        ("B", "b-9"),
    ]
    assert {len(period.counts) for period in page["timeline"]} == {2}


def test_links_of_the_timeline_stay_within_the_days(odd: sqlite3.Connection) -> None:
    page = shown(compare(odd, visit(a="olga-testova", a_from="2020-02-01", a_to="2020-02-10")))
    links = [link for period in page["timeline"] for link in period.links if link]
    assert links
    for side, link in zip(page["sides"], links, strict=False):
        assert "from=2020-02-01" in link
        assert side.speaker.slug in link


def test_words_and_country_are_of_both(odd: sqlite3.Connection) -> None:
    page = shown(
        compare(odd, visit(a="olga-testova", b="bruno-benson", q="harvest", country="taiwan"))
    )
    assert page["both"] == "With the words “harvest”, about Taiwan"
    assert [(side.found.total, side.whole, side.share) for side in page["sides"]] == [
        (0, 3, ""),
        (1, 1, "100%"),
    ]
    assert page["fields"]["country"] == "TW"


@pytest.mark.parametrize(
    ("arguments", "notices"),
    [
        ({"a": "zzz"}, ["A: there is nobody by the name of “zzz”."]),
        ({"a": "?!"}, ["A: there is nobody by the name of “?!”."]),
        ({"a": "Olga Testova"}, []),
        ({"a": "olga-testova"}, []),
        ({"b": "olga"}, ["B: “olga” is taken for Olga Testova, the most quoted of that name."]),
        (
            {"a": "olga-testova", "a_from": "soon"},
            ["A: “soon” is no year, month or day: it is left out."],
        ),
        ({"country": "Nowhere"}, ["“Nowhere” is no country that is known here: it is left out."]),
        ({"q": "?"}, ["There is no word to look for in what was typed."]),
    ],
)
def test_what_is_not_understood_is_told(
    odd: sqlite3.Connection, arguments: dict[str, str], notices: list[str]
) -> None:
    assert list(shown(compare(odd, visit(**arguments)))["notices"]) == notices


def test_a_hostile_speaker_compared(odd_db: Path) -> None:
    paths = [
        "/compare?a=script&b=script",
        "/compare?a=script&b=ann-lee",
        "/compare?a=script&page=9",
    ]
    for response in ask(odd_db, paths):
        assert response.status_code == 200
        check(response)


def test_paging_keeps_what_is_asked(odd_db: Path) -> None:
    with closing(sqlite3.connect(odd_db)) as connection:
        asked = {"a": "script", "b": "olga", "a_from": "2020", "q": "harvest", "page": "2"}
        first = shown(compare(connection, visit(**asked)))["first"]
    assert first == "/compare?" + urlencode(
        {"a": "script", "a_from": "2020", "b": "olga-testova", "q": "harvest", "page": "1"}
    )


# All


def test_names_are_found_by_words_before_beginnings(odd: sqlite3.Connection) -> None:
    for typed, expected in [("Ann", "ann-lee"), ("an", "ana-munoz"), ("ANN-LEE", "ann-lee")]:
        who = by_name(odd, typed)
        assert who is not None
        assert who.slug == expected
    assert by_name(odd, "") is None
    assert by_slug(odd, "") is None


@given(st.text())
def test_folding_is_stable(text: str) -> None:
    assert folded(folded(text)) == folded(text)
    assert not re.search(r"[\s\"%<>&]", folded(text))


@pytest.mark.parametrize("path", ARGUMENTS)
def test_hostile_arguments_give_a_page(odd_db: Path, path: str) -> None:
    start = path + ("&" if "?" in path else "?")
    paths = [f"{start}{name}={encoded(case)}" for name in ARGUMENTS[path] for case in HOSTILE]
    together = [
        start + "&".join(f"{name}={encoded(case)}" for name in ARGUMENTS[path])
        for case in HOSTILE
        if case.get("times", 1) * len(case.get("text", "")) < 2000
    ]
    for response in ask(odd_db, [*paths, *together]):
        assert response.status_code == 200, response.url
        check(response)
        assert NASTY not in unescape(response.text)


def test_an_empty_database_has_the_pages(tmp_path: Path) -> None:
    db = tmp_path / "quotes.db"
    with closing(sqlite3.connect(db)) as connection, connection:
        for name in ("schema.sql", "index.sql"):
            connection.executescript((handmade.ROOT / "quotes" / name).read_text("utf-8"))
    for response in ask(db, ["/speakers", "/compare", "/compare?a=x&b=y&q=z"]):
        assert response.status_code == 200
        check(response)
