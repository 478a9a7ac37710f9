"""``quotes evaluate``: how good what we find is, measured on articles annotated by hand."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import click

from quotes.annotations import AnnotationError, read_annotations
from quotes.cli.evaluate_speakers import speakers_report
from quotes.cli.terminal import InputError, printable
from quotes.compare import Mistake
from quotes.evaluate import (
    MEASURES,
    Bin,
    Comparison,
    Scores,
    agreement,
    by_kind,
    by_publisher,
    calibration,
    calibration_error,
    mistakes,
    score,
    worst,
)
from quotes.evaluate import evaluate as compare_all
from quotes.tag import MODEL

_SLICES = {"kind": by_kind, "publisher": by_publisher}


@dataclass(frozen=True, slots=True)
class _Report:
    articles: int
    scores: Scores
    slices: Mapping[str, Scores]
    annotators: Scores | None
    annotator_pairs: int
    mistakes: Mapping[Mistake, int]
    bins: Sequence[Bin]
    worst: Sequence[tuple[Comparison, Scores]]


@click.command(epilog="Example: quotes evaluate --by kind polnear/dev")
@click.argument("compartment", type=click.Path(path_type=Path))
@click.option("--by", type=click.Choice([*_SLICES]), help="Show each kind or publisher, too.")
@click.option(
    "--speakers",
    type=click.Path(path_type=Path),
    help="Measure speakers instead, by this file of who said each statement (JSON Lines).",
)
@click.option("--json", "as_json", is_flag=True, help="Write a JSON object, with all counts.")
def evaluate(compartment: Path, by: str | None, speakers: Path | None, as_json: bool) -> None:
    """Measure the quotes found in the articles of COMPARTMENT against those marked by hand.

    COMPARTMENT is a folder like those of PolNeAR: text/NAME.txt and attributions/NAME_ANNOTATOR.ann
    (brat standoff). Where an article has several annotators, the first in order of name counts, and
    a row tells how well they agree with each other. The publisher is what metadata.tsv, in the
    folder or above it, says, else how the file's name begins.

    Attributions pair one to one, those whose contents have most characters in common first; white
    space, .,;:!? and quotation marks never count. The table gives F1 in percent: content_token,
    the characters inside contents; overlap, pairs with any in common; half, with half of what
    either has; exact, contents equal; cue, cues equal; attr, half and the right source; full, all
    three equal; source overlap, sources that have characters in common, where there are sources.

    Below it: what went wrong, by type; the share of quotes right by half at each confidence; the
    twenty articles with the lowest half.

    With --speakers FILE, whose lines are objects with article, source, cue, content (spans), kind
    and speaker: how often the right person is found, given these spans, and given only the text;
    how often a person where there is none; by the method that found the speaker, and by mistake.
    """
    try:
        if speakers:
            click.echo(speakers_report(compartment, speakers, as_json=as_json))
            return
        report = _report(compartment, by)
    except AnnotationError as error:
        raise InputError(str(error)) from None
    click.echo(json.dumps(_as_json(report), indent=2) if as_json else "\n".join(_lines(report)))


def _report(compartment: Path, by: str | None) -> _Report:
    annotated = list(read_annotations(compartment))
    comparisons = compare_all(annotated)
    between = agreement(annotated)
    return _Report(
        articles=len(comparisons),
        scores=score(comparisons),
        slices=_SLICES[by](comparisons) if by else {},
        annotators=score(between) if between else None,
        annotator_pairs=len(between),
        mistakes=mistakes(comparisons),
        bins=calibration(comparisons),
        worst=[(one, score([one])) for one in worst(comparisons)],
    )


def _as_json(report: _Report) -> dict[str, Any]:
    return {
        "model": MODEL,
        "articles": report.articles,
        "scores": _scores(report.scores),
        "by": {name: _scores(scores) for name, scores in report.slices.items()},
        "annotators": _scores(report.annotators) if report.annotators else None,
        "annotator_pairs": report.annotator_pairs,
        "mistakes": report.mistakes,
        "confidence": [asdict(one) for one in report.bins],
        "expected_calibration_error": calibration_error(report.bins),
        "worst": [
            {"name": one.name, "publisher": one.publisher, "scores": _scores(scores)}
            for one, scores in report.worst
        ],
    }


def _scores(scores: Scores) -> dict[str, dict[str, float]]:
    return {
        measure: asdict(tally)
        | {"precision": tally.precision, "recall": tally.recall, "f1": tally.f1}
        for measure, tally in scores.items()
    }


def _lines(report: _Report) -> Iterator[str]:
    yield f"{report.articles:,} articles, by {MODEL}. F1 in percent:\n"
    rows = {"all": report.scores, **report.slices}
    if report.annotators:
        rows["two annotators"] = report.annotators
    yield from _table(rows)
    if report.annotators:
        yield f"\nVersions of an article compared in pairs: {report.annotator_pairs:,}."
    wrong = ", ".join(f"{mistake} {count:,}" for mistake, count in report.mistakes.items())
    yield f"\nMistakes: {wrong}.\n"
    yield "confidence  quotes  right by half"
    yield from (f"{one.confidence:10.2f}{one.quotes:8,}{one.right:15.2f}" for one in report.bins)
    yield f"Expected calibration error: {calibration_error(report.bins):.3f}."
    yield "\nWorst articles, by half:"
    for one, scores in report.worst:
        half = scores["half"]
        yield f"{_percent(half.f1)}  {half.gold:4,} marked, {half.found:4,} found  {printable(one.name)}"


def _table(rows: Mapping[str, Scores]) -> Iterator[str]:
    width = max(map(len, rows))
    yield " " * width + "".join(f"  {name}" for name in (*MEASURES, " marked", "  found"))
    for name, scores in rows.items():
        cells = [_percent(scores[measure].f1).rjust(len(measure)) for measure in MEASURES]
        counts = [f"{scores['half'].gold:7,}", f"{scores['half'].found:7,}"]
        yield printable(name).ljust(width) + "".join(f"  {cell}" for cell in (*cells, *counts))


def _percent(share: float) -> str:
    return f"{100 * share:5.1f}"
