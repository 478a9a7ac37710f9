from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest
from click.testing import CliRunner, Result
from conftest import SHARED
from hypothesis import given
from hypothesis import strategies as st

from quotes.annotations import Annotated, AnnotationError, Marked, read_annotations
from quotes.cli import main
from quotes.compare import Compared, Match, match
from quotes.evaluate import (
    MEASURES,
    Comparison,
    agreement,
    by_kind,
    by_publisher,
    calibration,
    calibration_error,
    evaluate,
    mistakes,
    score,
    worst,
)
from quotes.models import Attribution, Span

DEV = SHARED / "polnear" / "dev"
TEXT = 'The mayor said that it rains. "We met," Ann Lee added. It may snow, a boy wrote.\r\n'
# Source, cue and contents of each attribution, by their words.
GOLD = [
    ("The mayor", "said", ("that it rains",)),
    ("Ann Lee", "added", ('"We met,"',)),
    ("a boy", "wrote", ("It may snow",)),
]


def span(words: str, text: str = TEXT) -> Span:
    start = text.index(words)
    return Span(start, start + len(words))


def standoff(attributions: list[tuple[str, str, tuple[str, ...]]]) -> str:
    lines = []
    for number, (source, cue, contents) in enumerate(attributions, start=1):
        parts = ";".join(f"{span(words).start} {span(words).end}" for words in contents)
        lines += [
            f"T{number}1\tSource {span(source).start} {span(source).end}\t{source}",
            f"T{number}2\tCue {span(cue).start} {span(cue).end}\t{cue}",
            f"T{number}3\tContent {parts}\t{' '.join(contents)}",
            f"T{number}4\tAttribution {span(cue).start} {span(cue).end}\t{cue}",
            f"E{number}\tAttribution:T{number}4 Content:T{number}3 Cue:T{number}2 Source:T{number}1",
        ]
    return "\n".join(lines) + "\n"


def found(
    source: str | None, cue: str | None, *contents: str, confidence: float = 1
) -> Attribution:
    return Attribution(
        tuple(map(span, contents)),
        span(cue) if cue else None,
        span(source) if source else None,
        "indirect",
        confidence=confidence,
    )


@pytest.fixture
def compartment(tmp_path: Path) -> Path:
    write(tmp_path, "herald_2020-01-02_rain", {"a": standoff(GOLD), "b": standoff(GOLD[:2])})
    return tmp_path


def write(folder: Path, name: str, annotations: dict[str, str], text: str = TEXT) -> None:
    for part in ("text", "attributions"):
        (folder / part).mkdir(exist_ok=True)
    (folder / "text" / f"{name}.txt").write_bytes(text.encode())
    for annotator, lines in annotations.items():
        (folder / "attributions" / f"{name}_{annotator}.ann").write_bytes(lines.encode())


def read(folder: Path) -> list[Annotated]:
    return list(read_annotations(folder))


def as_found(annotated: Annotated) -> list[Attribution]:
    return [
        Attribution(
            marked.content,
            marked.cue[0] if marked.cue else None,
            marked.source[0] if marked.source else None,
            "indirect",
        )
        for marked in annotated.attributions
    ]


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["evaluate", *map(str, arguments)])


def test_annotations_are_read_by_annotator(compartment: Path) -> None:
    first, second = read(compartment)
    assert (first.name, first.annotator, second.annotator) == ("herald_2020-01-02_rain", "a", "b")
    assert first.article.text == TEXT  # \r\n stays: offsets count it
    assert first.article.publisher == "herald"
    assert first.attributions[1] == Marked(
        (span('"We met,"'),), (span("added"),), (span("Ann Lee"),)
    )
    assert len(second.attributions) == 2


def test_the_publisher_is_taken_from_the_metadata_here_or_above(compartment: Path) -> None:
    inner = compartment / "dev"
    inner.mkdir()
    write(inner, "x_rain", {"a": ""})
    write(inner, "y_snow", {"a": ""})
    (compartment / "metadata.tsv").write_text('filename\tpublisher\nx_rain\tThe "Test" Post\n')
    assert [one.article.publisher for one in read(inner)] == ['The "Test" Post', "y"]


def test_odd_lines_of_standoff(tmp_path: Path) -> None:
    lines = (
        "T1\tContent 4 9;0 3\tThe\nmayor\r\nT2\tContent 20 22\tit\nT3\tDiscard 0 3\tThe\n"
        "#1\tAnnotatorNotes T3\tis it?\nE1\tAttribution-no-source:T3 Content:T1 Content2:T2\n"
        "E2\tAttribution-no-source:T3 \n"
    )
    write(tmp_path, "x_rain", {"a": lines})
    content = (Span(0, 3), Span(4, 9), Span(20, 22))
    assert read(tmp_path)[0].attributions == (Marked(content, (), ()),)


@pytest.mark.parametrize(
    ("lines", "complaint"),
    [
        ("T1 Source 0 3\tThe\nT1\tSource 0\n", "line 2: not a span"),
        ("T1\tSource 0 9999\tThe\n", "line 1: reaches over the end of its text (82)"),
        ("T1\tSource 3 3\t\n", "line 1: not a span: [3, 3)"),
        ("E1\tAttribution:T1\n", "line 1: there is no T1"),
        ("T1\tCue 0 3\tThe\nE1\tCue T1\n", "line 2: not an attribution"),
    ],
)
def test_malformed_annotations_are_one_clear_line(
    tmp_path: Path, lines: str, complaint: str
) -> None:
    write(tmp_path, "x_rain", {"a": lines})
    result = run(tmp_path)
    assert result.exit_code == 2
    assert "x_rain_a.ann" in result.output
    assert complaint in result.output
    assert len(result.output.splitlines()) == 1


def test_what_is_missing_is_one_clear_line(tmp_path: Path) -> None:
    assert complaint(tmp_path / "nowhere") == f"no such folder: {tmp_path / 'nowhere' / 'text'}"
    write(tmp_path, "x_rain", {})
    assert complaint(tmp_path) == f"no .ann file in {tmp_path / 'attributions'}"
    write(tmp_path, "y_snow", {"a": ""})
    assert complaint(tmp_path).endswith("x_rain.txt: nobody annotated it")
    write(tmp_path, "x_rain", {"a": ""})
    (tmp_path / "text" / "y_snow.txt").unlink()
    assert "y_snow_a.ann: its text is not in" in complaint(tmp_path)
    (tmp_path / "attributions" / "y_snow_a.ann").unlink()
    (tmp_path / "text" / "x_rain.txt").write_bytes(b"\xff\xfe\xff")
    assert "x_rain.txt: can't be read" in complaint(tmp_path)
    (tmp_path / "metadata.tsv").write_text("name\n")
    assert complaint(tmp_path).endswith("metadata.tsv: has no columns filename and publisher")


def complaint(folder: Path) -> str:
    with pytest.raises(AnnotationError) as raised:
        read(folder)
    result = run(folder)
    assert (result.exit_code, result.output) == (2, f"Error: {raised.value}\n")
    return str(raised.value)


def test_perfect_is_100_everywhere(compartment: Path) -> None:
    annotated = read(compartment)
    comparisons = evaluate(annotated, lambda _: as_found(annotated[0]))
    scores = [score(comparisons), *by_kind(comparisons).values()]
    assert {tally.f1 for one in scores for tally in one.values()} == {1.0}
    assert not any(mistakes(comparisons).values())
    assert [one.right for one in calibration(comparisons)] == [1.0]


def test_nothing_found_is_0_everywhere(compartment: Path) -> None:
    comparisons = evaluate(read(compartment), lambda _: [])
    assert {tally.f1 for tally in score(comparisons).values()} == {0.0}
    assert mistakes(comparisons)["missed"] == 3
    assert calibration_error(calibration(comparisons)) == 0


def test_known_figures(compartment: Path) -> None:
    """Contents by hand have 11 (thatitrains), 5 (Wemet) and 9 (Itmaysnow) characters that count."""
    mine = [
        found("mayor", "said", "it rains", confidence=0.5),  # 7 of 11
        found("Ann Lee", "added", "We met"),  # marks never count
        found("a boy", "wrote", "It"),  # 2 of 9
        found(None, None, "snow"),  # 4 of 9: the better part
        found(None, None, "Lee"),
    ]
    (comparison,) = evaluate(read(compartment), lambda _: mine)
    scores = score([comparison])
    counts = {measure: (t.gold, t.found, t.right) for measure, t in scores.items()}
    assert counts == {
        "content_token": (25, 21, 18),
        "overlap": (3, 5, 3),
        "half": (3, 5, 2),
        "exact": (3, 5, 1),
        "cue": (3, 5, 2),
        "attr": (3, 5, 2),
        "full": (3, 5, 1),
        "source overlap": (3, 3, 2),
    }
    assert (scores["half"].precision, scores["half"].recall) == (2 / 5, 2 / 3)
    assert scores["half"].f1 == pytest.approx(4 / 8)
    assert mistakes([comparison]) == {
        "missed": 0,
        "invented": 1,
        "wrong border": 2,
        "wrong source": 1,
        "split": 1,
        "merged": 0,
    }
    bins = calibration([comparison])
    assert [(one.confidence, one.quotes, one.right) for one in bins] == [(0.5, 1, 1), (1, 4, 0.25)]
    assert calibration_error(bins) == pytest.approx((0.5 + 4 * 0.75) / 5)


def test_kinds(compartment: Path) -> None:
    comparisons = evaluate(read(compartment), lambda _: [found(None, None, '"We met," Ann')])
    counts = {kind: (s["half"].gold, s["half"].found) for kind, s in by_kind(comparisons).items()}
    assert counts == {"direct": (1, 1), "mixed": (0, 0), "indirect": (2, 0)}


def test_one_that_takes_the_words_of_two_merges_them(compartment: Path) -> None:
    merging = [found("The mayor", "said", "that it rains", "We met")]
    comparisons = evaluate(read(compartment), lambda _: merging)
    wrong = {mistake: count for mistake, count in mistakes(comparisons).items() if count}
    assert wrong == {"missed": 1, "wrong border": 1, "merged": 1}


def test_of_equal_contents_the_same_cue_pairs_first() -> None:
    one, other = (marks({1, 2}, cue={n}) for n in (7, 8))
    pairs = [(m.gold, m.found) for m in match([one, other], [other, one])]
    assert pairs == [(one, one), (other, other)]


def test_the_first_annotator_counts_and_the_agreement_is_told(compartment: Path) -> None:
    write(compartment, "post_snow", {"b": standoff(GOLD)})
    annotated = read(compartment)
    assert [score([one])["half"].gold for one in evaluate(annotated)] == [3, 3]
    (between,) = agreement(annotated)
    tally = score([between])["full"]
    assert (tally.gold, tally.found, tally.right) == (3, 2, 2)


def test_articles_and_publishers_are_told_apart(compartment: Path) -> None:
    write(compartment, "post_snow", {"b": standoff(GOLD)})
    mine = {"herald": [found("a boy", "wrote", "It may snow")], "post": []}
    comparisons = evaluate(read(compartment), lambda article: mine[article.publisher or ""])
    halves = {name: scores["half"] for name, scores in by_publisher(comparisons).items()}
    assert {name: (t.gold, t.right) for name, t in halves.items()} == {
        "herald": (3, 1),
        "post": (3, 0),
    }
    assert [one.publisher for one in worst(comparisons)] == ["post", "herald"]
    assert len(worst(comparisons, 1)) == 1


def test_many_values_of_confidence_go_into_tenths() -> None:
    values = [n / 100 for n in range(0, 101, 4)]
    founds = [marks({n}, confidence=value) for n, value in enumerate(values)]
    bins = calibration([Comparison("x", "", match([], founds))])
    assert len(bins) == 10
    assert sum(one.quotes for one in bins) == len(values)
    assert all(one.confidence < other.confidence for one, other in pairwise(bins))


def marks(
    content: set[int],
    cue: set[int] | None = None,
    source: set[int] | None = None,
    confidence: float = 1.0,
) -> Compared:
    return Compared(
        frozenset(content), frozenset(cue or ()), frozenset(source or ()), "indirect", confidence
    )


OFFSETS = st.frozensets(st.integers(0, 12), max_size=6)
SOME = st.lists(
    st.builds(
        Compared,
        OFFSETS.filter(bool),
        OFFSETS,
        OFFSETS,
        st.sampled_from(["direct", "mixed", "indirect"]),
        st.sampled_from([0.2, 0.7, 1.0]),
    ),
    max_size=6,
)


def all_of(matches: tuple[Match, ...]) -> tuple[object, ...]:
    comparisons = [Comparison("x", "", matches)]
    return (
        score(comparisons),
        by_kind(comparisons),
        mistakes(comparisons),
        calibration(comparisons),
    )


@given(SOME, SOME, st.randoms())
def test_their_order_changes_nothing(
    gold: list[Compared], mine: list[Compared], random: Random
) -> None:
    before = all_of(match(gold, mine))
    random.shuffle(gold)
    random.shuffle(mine)
    assert all_of(match(gold, mine)) == before


@given(SOME, SOME)
def test_figures_are_shares_and_all_is_accounted_for(
    gold: list[Compared], mine: list[Compared]
) -> None:
    matches = match(gold, mine)
    scores = score([Comparison("x", "", matches)])
    for tally in scores.values():
        assert tally.right <= min(tally.gold, tally.found)
        assert 0 <= tally.precision <= 1
        assert 0 <= tally.recall <= 1
        assert 0 <= tally.f1 <= 1
    assert scores["full"].right <= scores["exact"].right <= scores["half"].right
    assert scores["attr"].right <= scores["half"].right <= scores["overlap"].right
    wrong = mistakes([Comparison("x", "", matches)])
    assert wrong["missed"] + wrong["merged"] + scores["overlap"].right == len(gold)
    assert wrong["invented"] + wrong["split"] + scores["overlap"].right == len(mine)
    assert wrong["wrong border"] + scores["exact"].right == scores["overlap"].right


@given(SOME)
def test_against_itself_all_is_right(gold: list[Compared]) -> None:
    for tally in score([Comparison("x", "", match(gold, gold))]).values():
        assert tally.f1 == 1


def test_the_command_prints_table_mistakes_confidence_and_worst(compartment: Path) -> None:
    result = run(compartment, "--by", "publisher")
    assert result.exit_code == 0
    _, _, header, *rows = result.output.splitlines()
    assert all(measure in header for measure in MEASURES)
    assert [row.split("  ")[0] for row in rows[:3]] == ["all", "herald", "two annotators"]
    for part in (
        "compared in pairs: 1.",
        "Mistakes: missed",
        "calibration error",
        "Worst articles",
    ):
        assert part in result.output


def test_the_command_as_json_tells_the_same(compartment: Path) -> None:
    result = run(compartment, "--json", "--by", "kind")
    told = json.loads(result.output)
    assert told["articles"] == 1
    assert list(told["scores"]) == list(MEASURES)
    assert list(told["by"]) == ["direct", "mixed", "indirect"]
    assert told["annotators"]["full"]["f1"] == pytest.approx(0.8)
    expected = score(evaluate(read(compartment)))["half"]
    assert told["scores"]["half"]["f1"] == expected.f1
    assert told["worst"][0]["name"] == "herald_2020-01-02_rain"


@pytest.mark.skipif(not DEV.is_dir(), reason=f"no annotated articles: {DEV} is not here")
def test_the_real_dev_articles() -> None:
    told = json.loads(run(DEV, "--json").output)
    assert told["articles"] == 84
    assert told["scores"]["half"]["gold"] == 2192
    assert told["scores"]["half"]["f1"] > 0.78
    assert told["scores"]["full"]["f1"] > 0.55
    assert told["annotators"]["half"]["f1"] == pytest.approx(0.89, abs=0.01)
    assert told["expected_calibration_error"] < 0.05
    assert len(told["worst"]) == 20
