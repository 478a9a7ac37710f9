"""The registry of speakers: ours is sound, another one is checked, merged and used."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from conftest import build_db, cases
from sqlite_utils import Database

from quotes.check import check
from quotes.cli import main
from quotes.models import Article
from quotes.pipeline import extract
from quotes.registry import RegistryError, registry

HEADER = "name,kind,aliases,country,wikidata,pronoun,office,body,start,end,source"
WEB = "https://example.org"
HOLM = f"Rita Holm,,Holm|R. Holm,NO,,she,Foreign Minister,Ministry of Weather,2026-01-01,,{WEB}"


def own(folder: Path, *lines: str, header: str = HEADER) -> Path:
    path = folder / "own.csv"
    path.write_text("\n".join((header, *lines)) + "\n", "utf-8")
    return path


def test_ours_is_sound() -> None:
    assert check(registry()) == ()


def test_ours_holds_whom_it_promises() -> None:
    held = {(office.office, office.country) for office in registry().offices}
    for country in [
        "AR",
        "AU",
        "BR",
        "CA",
        "CN",
        "DE",
        "FR",
        "GB",
        "IN",
        "ID",
        "IT",
        "JP",
        "KR",
        "MX",
        "RU",
        "SA",
        "TR",
        "US",
        "ZA",
    ]:
        assert any(place == country for _, place in held), country
    assert {("Secretary-General", "UN"), ("High Representative", "EU")} <= held
    assert {"KP", "TW", "UA", "IL", "PS", "IR", "PK", "AF", "VN", "PH", "SG"} <= {
        c for _, c in held
    }
    assert all(office.source.startswith("http") for office in registry().offices)


@pytest.mark.parametrize("case", cases("registry"))
def test_what_a_check_finds(case: dict[str, list[str]], tmp_path: Path) -> None:
    problems = check(registry(own(tmp_path, *case["lines"])))
    assert list(problems) == case["problems"]


def test_one_line_adds_a_leader(tmp_path: Path) -> None:
    listed = registry(own(tmp_path, HOLM))
    text = "The Norwegian foreign minister said that it rained. Holm said that it was cold."
    article = Article(text, "a.txt", published=date(2026, 5, 1))
    found = [quote.resolution for quote in extract(article, listed)]
    assert [(who.speaker and who.speaker.name, who.method) for who in found] == [
        ("Rita Holm", "office"),
        ("Rita Holm", "alias"),
    ]
    assert found[0].office
    assert found[0].office.source == WEB


def test_a_users_file_wins(tmp_path: Path) -> None:
    lines = ("Xi Jinping,,Xi,CN,,he,,,,,", "Bob Berg,,Putin,NO,,he,,,,,")
    listed = registry(own(tmp_path, *lines))
    xi = listed.by_name["Xi"]
    assert (xi.wikidata, xi.aliases) == (None, ("Xi",))
    assert listed.by_name["Putin"].name == "Bob Berg"
    assert "习近平" not in listed.by_name
    # Terms that the file does not tell stay as they are.
    assert [one for one in registry().offices if one.holder == "Xi Jinping"] == [
        one for one in listed.offices if one.holder == "Xi Jinping"
    ]
    assert listed.digest != registry().digest


def test_an_organization_holds_no_office(tmp_path: Path) -> None:
    listed = registry(own(tmp_path, "Xi Jinping,organization", header="name,kind"))
    assert not [one for one in listed.offices if one.holder == "Xi Jinping"]


def test_only_a_name_is_needed(tmp_path: Path) -> None:
    listed = registry(own(tmp_path, "Rita Holm", header="name"))
    assert listed.by_name["Rita Holm"].kind == "person"


@pytest.mark.parametrize(
    ("header", "line", "message"),
    [
        ("person,country", "Rita Holm,NO", "its columns must be name and any of kind, "),
        ("name,name", "Rita Holm,Holm", "its columns must be name and any of kind, "),
        ("name,country", "Rita Holm,NO,she", "line 2: 3 fields for 2 columns"),
        ("name,kind", "Rita Holm,persom", "line 2: kind must be person, organization or empty"),
        ("name,office", "Rita Holm,Judge", "line 2: start must be a day such as 2026-01-31, not n"),
        (
            "name,kind,office,start",
            "Holm Bank,organization,Judge,2026-01-01",
            "Holm Bank is an organization, and holds no office",
        ),
        (HEADER, ",,,NO,,,,,,,", "line 2: a speaker without a name"),
        (
            HEADER,
            HOLM.replace("2026-01-01", "soon"),
            "line 2: start must be a day such as 2026-01-31, not soon",
        ),
    ],
)
def test_a_file_that_is_none(tmp_path: Path, header: str, line: str, message: str) -> None:
    path = own(tmp_path, line, header=header)
    with pytest.raises(RegistryError, match=message):
        registry(path)
    for command in (["speakers", "check", path], ["build", "--speakers", path, "articles"]):
        result = CliRunner().invoke(main, list(map(str, command)))
        assert result.exit_code == 2
        assert message in result.output
        assert isinstance(result.exception, SystemExit)


def test_a_line_is_told_by_its_number_in_the_file(tmp_path: Path) -> None:
    path = own(tmp_path, "", '"Rita', 'Holm",NO', "", ",SE", header="name,country")
    with pytest.raises(RegistryError, match="line 6: a speaker without a name"):
        registry(path)
    assert registry(own(tmp_path, '"Rita', 'Holm"', header="name")).named("Rita Holm")


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00"], ids=["missing", "binary"])
def test_a_file_that_cannot_be_read(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "own.csv"
    if content:
        path.write_bytes(content)
    result = CliRunner().invoke(main, ["speakers", "check", str(path)])
    assert result.exit_code == 2
    assert "can't be read" in result.output


def test_the_command(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["speakers", "check"])
    assert result.exit_code == 0
    assert result.output.endswith(" 0 problems.\n")
    bad = own(tmp_path, HOLM.replace(",NO,", ",XX,"))
    result = CliRunner().invoke(main, ["speakers", "check", str(bad)])
    assert result.exit_code == 1
    assert "Rita Holm: unknown country XX\n" in result.output


def test_a_database_of_another_registry_is_read_again(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Holm said that it rained in the harbor on Monday.", "utf-8")
    db = tmp_path / "quotes.db"
    speakers = ["--speakers", own(tmp_path, HOLM)]
    first = build_db("--db", db, tmp_path / "a.txt")
    assert "1 read, 0 unchanged" in first.stdout
    assert "0 read, 1 unchanged" in build_db("--db", db, tmp_path / "a.txt").stdout
    assert "1 read, 0 unchanged" in build_db("--db", db, *speakers, tmp_path / "a.txt").stdout
    assert "0 read, 1 unchanged" in build_db("--db", db, *speakers, tmp_path / "a.txt").stdout
    (row,) = Database(db).query(
        "SELECT name, listed, method FROM quotes JOIN speakers ON speakers.id = speaker_id"
    )
    assert row == {"name": "Rita Holm", "listed": 1, "method": "alias"}
    (office,) = Database(db).query("SELECT office FROM offices WHERE body = 'Ministry of Weather'")
    assert office == {"office": "Foreign Minister"}


def test_the_office_that_decided_is_in_the_evidence(tmp_path: Path) -> None:
    text = "---\ndate: 2015-03-27\n---\nThe French president said that it rained in the harbor."
    (tmp_path / "a.md").write_text(text, "utf-8")
    db = tmp_path / "quotes.db"
    for _ in range(2):  # another registry must not part the evidence from its office
        assert build_db("--db", db, tmp_path / "a.md").returncode == 0
        (row,) = Database(db).query(
            "SELECT evidence.method, office, [start] FROM evidence JOIN offices ON offices.id = office_id".replace(
                "[start]", "offices.[start]"
            )
        )
        assert row == {"method": "office", "office": "President", "start": "2012-05-15"}
        (tmp_path / "b.txt").write_text("President Ann Lee said that it rained today.", "utf-8")
        assert build_db("--db", db, tmp_path / "b.txt").returncode == 0


def test_who_is_the_same_in_two_articles(tmp_path: Path) -> None:
    texts = ("Mr. Holm said that it rained.", "Rita Berg said that it rained.")
    for number, text in enumerate((*texts, *(text + " It did." for text in texts))):
        (tmp_path / f"{number}.txt").write_text(text, "utf-8")
    db = tmp_path / "quotes.db"
    assert build_db("--db", db, *tmp_path.glob("*.txt")).returncode == 0
    rows = Database(db).query(
        "SELECT name, count(DISTINCT speaker_id) AS speakers, count(*) AS quotes FROM quotes"
        " JOIN speakers ON speakers.id = speaker_id GROUP BY name ORDER BY name"
    )
    assert list(rows) == [
        {"name": "Holm", "speakers": 2, "quotes": 2},
        {"name": "Rita Berg", "speakers": 1, "quotes": 2},
    ]


def test_a_namesake_is_not_the_one_of_the_registry(tmp_path: Path) -> None:
    namesake = (
        "Boris Johnson, a plumber from Leeds, said that the pipe was old. Johnson said it leaked."
    )
    other = "Prime Minister Boris Johnson said that the train was late."
    for name, text in (("a", namesake), ("b", other), ("c", namesake + " It did.")):
        (tmp_path / f"{name}.md").write_text(f"---\ndate: 2020-05-10\n---\n{text}", "utf-8")
    db = tmp_path / "quotes.db"
    for _ in range(2):
        assert build_db("--db", db, *sorted(tmp_path.glob("*.md"))).returncode == 0
    rows = Database(db).query(
        "SELECT path, listed, speaker_id, count(*) AS quotes FROM quotes"
        " JOIN speakers ON speakers.id = speaker_id JOIN articles ON articles.id = article_id"
        " GROUP BY path, speaker_id ORDER BY path"
    )
    found = [(Path(row["path"]).stem, row["listed"], row["quotes"]) for row in rows]
    assert found == [("a", 0, 2), ("b", 1, 1), ("c", 0, 2)]
