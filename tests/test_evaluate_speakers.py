"""How often the speaker is right: read, judged, counted and printed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from conftest import SHARED

from quotes.annotations import AnnotationError, Marked
from quotes.cli import main
from quotes.evaluate_speakers import (
    Judged,
    Statement,
    Verdict,
    by_method,
    mistakes,
    read_statements,
    same_person,
    score,
)
from quotes.models import Speaker

GOLD = SHARED / "gold" / "speakers-dev.jsonl"
TEXT = (
    "President Ann Lee said that the bridge was open. She added that the road was narrow."
    " Officials said that it rained in the harbor. Bob Berg, a farmer, said that it was cold."
)
# Source, cue, content, kind and speaker, as noted by hand.
NOTED = [
    ("President Ann Lee", "said", "that the bridge was open", "person", "Ann Lee"),
    ("She", "added", "that the road was narrow", "person", "Ann Lee"),
    ("Officials", "said", "that it rained in the harbor", "group", None),
    ("Bob Berg", "said", "that it was cold", "person", "Rita Holm"),
]


def noted(source: str, cue: str, content: str, kind: str, speaker: str | None) -> dict[str, Any]:
    def span(words: str) -> list[list[int]]:
        start = TEXT.index(words, TEXT.index(source))
        return [[start, start + len(words)]]

    spans = {"source": span(source), "cue": span(cue), "content": span(content)}
    return {"article": "lark_2020-03-27_bridge", **spans, "kind": kind, "speaker": speaker}


@pytest.fixture
def compartment(tmp_path: Path) -> Path:
    for part in ("text", "attributions"):
        (tmp_path / part).mkdir()
    name = "lark_2020-03-27_bridge"
    (tmp_path / "text" / f"{name}.txt").write_text(TEXT, "utf-8")
    (tmp_path / "attributions" / f"{name}_a.ann").write_text("", "utf-8")
    facts = f"filename\tpublisher\tpublication_date\n{name}\tlark\t2020-03-27\n"
    (tmp_path / "metadata.tsv").write_text(facts, "utf-8")
    return tmp_path


def notes(folder: Path, *rows: object) -> Path:
    path = folder / "notes.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


def run(compartment: Path, file: Path, *options: str) -> Result:
    arguments = ["evaluate", str(compartment), "--speakers", str(file), *options]
    return CliRunner().invoke(main, arguments)


def test_what_it_counts(compartment: Path) -> None:
    result = run(compartment, notes(compartment, *(noted(*row) for row in NOTED)), "--json")
    report = json.loads(result.output)
    assert list(report) == ["given spans", "found by half", "found by any"]
    for part in report.values():
        assert (part["persons"], part["found"], part["named"], part["right"]) == (3, 3, 3, 2)
        assert (part["others"], part["invented"]) == (1, 0)
        assert part["mistakes"]["wrong person"] == 1
        assert {method: one["right"] for method, one in part["by"].items()} == {
            "name": 1,
            "pronoun": 1,
        }


def test_what_it_prints(compartment: Path) -> None:
    result = run(compartment, notes(compartment, *(noted(*row) for row in NOTED)))
    assert result.exit_code == 0
    lines = result.output.splitlines()
    assert lines[0].startswith("1 article, 3 statements of persons, 1 others.")
    assert lines[3].split() == ["given", "spans", "66.7", "66.7", "66.7", "0.0", "3"]
    assert "By method, given spans:" in lines
    assert (
        "Mistakes: wrong person 1, not a person 0, unknown 0, not found 0, invented person 0."
        in lines
    )


def test_a_statement_that_was_not_found_counts_against_all(compartment: Path) -> None:
    row = noted("Officials", "said", "rained", "person", "Ann Lee")
    row["content"] = [[TEXT.index("President"), TEXT.index("President") + 9]]
    report = json.loads(run(compartment, notes(compartment, row), "--json").output)
    assert report["found by half"]["found"] == 0
    assert report["found by half"]["mistakes"]["not found"] == 1
    assert report["given spans"]["mistakes"]["unknown"] == 1


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("not an object", "line 1: not a statement with its speaker"),
        ({"article": "a"}, "line 1: not a statement with its speaker"),
        ({**noted(*NOTED[0]), "content": [[5, 2]]}, "line 1: not a statement with its speaker"),
        ({**noted(*NOTED[0]), "content": [[0, 9999]]}, "a span reaches over the end of lark_"),
        ({**noted(*NOTED[0]), "article": "elsewhere"}, "there is no article elsewhere in"),
    ],
)
def test_bad_notes_give_one_line(compartment: Path, row: object, message: str) -> None:
    result = run(compartment, notes(compartment, row))
    assert result.exit_code == 2
    assert message in result.output
    assert len(result.output.splitlines()) == 1


def test_a_missing_file(compartment: Path) -> None:
    with pytest.raises(AnnotationError, match="can't be read"):
        read_statements(compartment / "nothing.jsonl")


def test_what_has_no_content_is_left_out(tmp_path: Path) -> None:
    assert read_statements(notes(tmp_path, {**noted(*NOTED[0]), "content": []})) == ()


@pytest.mark.parametrize(
    ("name", "speaker", "same"),
    [
        ("Ann Lee", Speaker("Ann Lee"), True),
        ("Ann Lee", Speaker("Ann B. Lee"), True),
        ("Ann Lee", Speaker("Ann Lee Jr."), True),
        ("José Núñez", Speaker("Jose Nunez"), True),
        ("Ann Lee", Speaker("Bob Lee"), False),
        ("Ann Lee", Speaker("Lee"), False),
        ("Donald Trump", Speaker("Donald Trump Jr."), False),
        ("Joe Biden", Speaker("Joseph R. Biden Jr.", aliases=("Joe Biden",)), True),
    ],
)
def test_whether_a_name_is_the_speakers(name: str, speaker: Speaker, same: bool) -> None:
    assert same_person(name, speaker) == same


def judged(verdict: Verdict, kind: str = "person", method: str | None = None) -> Judged:
    return Judged(Statement("a", Marked((), (), ()), kind, "Ann Lee"), None, method, verdict)


def test_shares() -> None:
    verdicts: list[Verdict] = ["right", "right", "wrong person", "unknown", "not found"]
    some = [judged(verdict, method="name") for verdict in verdicts]
    some += [judged("no person", "group"), judged("invented person", "group", "pronoun")]
    scores = score(some)
    assert (scores.recall, scores.recall_of_found) == (2 / 5, 2 / 4)
    assert (scores.precision, scores.invention) == (2 / 3, 1 / 2)
    assert list(by_method(some)) == ["name", "pronoun"]
    assert sum(mistakes(some).values()) == 4


def test_nothing_gives_nothing() -> None:
    assert (score([]).recall, score([]).precision, score([]).invention) == (0, 0, 0)


def test_the_articles_that_people_noted_speakers_of() -> None:
    """The floor lies below what was measured, so that it falls only when something breaks."""
    if not GOLD.exists():
        pytest.skip(f"no notes by hand: {GOLD} is not here")
    report = json.loads(run(SHARED / "polnear" / "dev", GOLD, "--json").output)
    assert report["given spans"]["recall"] > 0.9
    assert report["given spans"]["precision"] > 0.95
    assert report["found by any"]["recall_of_found"] > 0.9
    assert report["found by any"]["invention"] < 0.05
