"""``quotes extract``, as a person would run it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from conftest import ROOT

from quotes.cli import main

SEED = ROOT / "articles" / "2020-03-27-ani-xi-trump-call.txt"
TEXT = "President Ann Lee said that the bridge was open, adding that it was long."


def run(*arguments: object, given: str | None = None) -> Result:
    return CliRunner().invoke(main, ["extract", *map(str, arguments)], input=given)


def test_lines(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(TEXT, "utf-8")
    lines = run(path).output.splitlines()
    assert lines[0].startswith("indirect, Ann Lee, by name, asserts, confidence 0.")
    assert lines[1].split() == ["source", "0-17", "President", "Ann", "Lee"]
    assert lines[2].split() == ["cue", "18-22", "said"]
    assert lines[3].split() == ["content", "23-47", *["that", "the", "bridge", "was", "open"]]
    assert lines[5].startswith("indirect, Ann Lee, by carried, asserts, confidence 0.")
    assert lines[6].split() == ["source,", "carried", "0-17", "President", "Ann", "Lee"]
    assert lines[-1] == "2 quotes found."


def test_json_tells_the_same() -> None:
    text = SEED.read_text("utf-8")
    told = json.loads(run(SEED, "--json").output)
    shown = run(SEED).output
    assert len(told) >= 9
    assert f"{len(told)} quotes found." in shown
    offset = text.index("Beijing [China]")  # the header line is no part of the text
    for number, quote in enumerate(told):
        assert quote["number"] == number
        assert quote["speaker"] in ("Xi Jinping", "Donald Trump")
        assert 0 < quote["confidence"] < 1
        assert quote["content"]
        for span in [*quote["source"], *quote["cue"], *quote["content"], *quote["verbatim"]]:
            assert text[span["start"] + offset : span["end"] + offset] == span["text"]


def test_what_it_explains(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    text = "Bob Berg met Ann Lee. Mr. Berg said that it was cold. The French president said that it rained."
    path.write_text(f"---\ndate: 2015-03-27\n---\n{text}", "utf-8")
    lines = [line.split() for line in run(path, "--explain").output.splitlines()]
    assert ["surname", "26-30", "Berg"] in lines
    assert ["name", "0-8", "Bob", "Berg"] in lines
    assert ["speaker", "Bob", "Berg", "(unlisted)"] in lines
    assert ["speaker", "Francois", "Hollande", "(registry:", "Q157)"] in lines
    (office,) = (line for line in lines if line[:1] == ["office"] and line[1] == "President,")
    assert office[2:6] == ["France,", "2012-05-15", "to", "2017-05-14,"]
    told = json.loads(run(path, "--explain", "--json").output)
    assert [step["method"] for step in told[0]["chain"]] == ["surname", "name"]
    assert told[0]["chain"][1]["text"] == "Bob Berg"


def test_who_else_was_considered() -> None:
    text = "Bob Berg told Sam Frost that it rained. He said that it was cold."
    shown = run("-", "--explain", given=text).output
    assert "runner-up               Sam Frost" in shown
    shown = run("-", "--explain", given="Officials said that it rained in the harbor.").output
    assert "nobody: no candidate, or more than one" in shown


def test_ones_own_speakers(tmp_path: Path) -> None:
    own = tmp_path / "own.csv"
    own.write_text("name,aliases\nRita Holm,Holm\n", "utf-8")
    text = "Holm said that it rained in the harbor on Monday."
    assert "speaker not known" in run("-", given=text).output
    assert "Rita Holm, by alias" in run("-", "--speakers", own, given=text).output
    assert run("-", "--speakers", tmp_path / "none.csv", given=text).exit_code == 2


def test_standard_input() -> None:
    assert run("-", given=TEXT).output == run("-", given=TEXT).output
    assert "2 quotes found." in run("-", given=TEXT).output


def test_each_record_of_a_file(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text("".join(json.dumps({"text": t}) + "\n" for t in (TEXT, "Nothing.")), "utf-8")
    result = run(path)
    assert f"{tmp_path.name}/a.jsonl#1\n" in result.output
    assert f"{tmp_path.name}/a.jsonl#2\n" in result.output
    path.write_text(json.dumps({"text": TEXT}) + "\nnonsense\n", "utf-8")
    result = run(path)
    assert result.exit_code == 0
    assert "2 quotes found." in result.stdout
    assert f"{tmp_path.name}/a.jsonl#2: " in result.stderr


@pytest.mark.parametrize(
    ("name", "content", "complaint"),
    [
        ("none.txt", None, "no such file"),
        (".", None, "is a folder"),
        ("a.txt", b"", "empty"),
        ("a.txt", bytes(range(256)) * 4, "a.txt: "),
    ],
)
def test_what_cannot_be_read_is_one_line(
    tmp_path: Path, name: str, content: bytes | None, complaint: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    result = run(tmp_path / name)
    assert result.exit_code == 2
    assert result.output.startswith("Error: ")
    assert complaint in result.output
    assert result.output.count("\n") == 1


def test_what_a_terminal_would_obey_is_not_shown(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text('President Ann Lee said: "We \x1b[31mmet\x07 on the \u202ebridge."', "utf-8")
    assert not {"\x1b", "\x07", "\u202e"} & set(run(path).output)
    assert not {"\x1b", "\x07", "\u202e"} & set(run(path, "--json").output)
