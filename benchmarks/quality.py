"""Measure quality: ``python benchmarks/quality.py COMPARTMENT [MODEL]``.

Prints the table of ``quotes evaluate`` by kind, by publisher and as a whole, then, as published
systems are measured, exact F1 of single spans sentence by sentence: each sentence is read alone, and
spans marked by hand are cut at its ends. MODEL is the folder of another model than the installed.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import get_args

from quotes.annotations import Annotated, read_annotations
from quotes.compare import counted
from quotes.evaluate import (
    MEASURES,
    Scores,
    Tally,
    by_kind,
    by_publisher,
    calibration,
    calibration_error,
    evaluate,
    outermost,
    score,
)
from quotes.model import Model, shipped
from quotes.models import Role, Span
from quotes.pipeline import find
from quotes.segment import segment
from quotes.tag import tag

Piece = tuple[Role, frozenset[int]]


def by_sentence(annotated: Iterable[Annotated], model: Model) -> dict[Role, Tally]:
    """Compare the spans found in each sentence with those marked there."""
    total: dict[Role, Tally] = dict.fromkeys(get_args(Role), Tally())
    for _, (first, *_) in groupby(annotated, key=lambda one: one.article):
        text = first.article.text
        spans = [*_spans(first)]
        for sentence in segment(text).sentences:
            gold = {*_pieces(text, _inside(spans, sentence))}
            words = sentence.of(text)
            labels = tag(segment(words), model).labels
            found = {*_pieces(words, ((one.role, one.span) for one in labels))}
            moved = {(role, frozenset(at + sentence.start for at in each)) for role, each in found}
            for role in total:
                counts = [
                    sum(one == role for one, _ in part) for part in (gold, moved, gold & moved)
                ]
                total[role] += Tally(*counts)
    return total


def _spans(annotated: Annotated) -> Iterator[tuple[Role, Span]]:
    for one in annotated.attributions:
        yield from (("content", span) for span in one.content)
        yield from (("cue", span) for span in one.cue)
        yield from (("source", span) for span in one.source)


def _inside(spans: Iterable[tuple[Role, Span]], sentence: Span) -> Iterator[tuple[Role, Span]]:
    for role, span in spans:
        start, end = max(span.start, sentence.start), min(span.end, sentence.end)
        if start < end:
            yield role, Span(start, end)


def _pieces(text: str, spans: Iterable[tuple[Role, Span]]) -> Iterator[Piece]:
    for role, span in spans:
        characters = counted(text, [span])
        if characters:
            yield role, characters


def show(name: str, scores: Scores) -> None:
    """Print a row of the table."""
    cells = "".join(f"  {100 * scores[m].f1:{len(m)}.1f}" for m in MEASURES)
    print(f"{name:<14}{cells}  {scores['half'].gold:6,}")


def main(arguments: Sequence[str]) -> None:
    """Measure and print."""
    annotated = [*read_annotations(Path(arguments[0]))]
    model = Model(Path(arguments[1])) if len(arguments) > 1 else shipped()
    measured = evaluate(annotated, lambda article: outermost(find(article.text, model)))
    print(" " * 14 + "".join(f"  {measure}" for measure in (*MEASURES, "marked")))
    show("all", score(measured))
    for name, scores in (by_kind(measured) | by_publisher(measured)).items():
        show(name, scores)
    print(f"expected calibration error {calibration_error(calibration(measured)):.3f}")
    spans = ", ".join(
        f"{role} {100 * t.f1:.1f}" for role, t in by_sentence(annotated, model).items()
    )
    print(f"single spans, sentence by sentence: {spans}")


if __name__ == "__main__":
    if not 2 <= len(sys.argv) <= 3:
        sys.exit(__doc__)
    main(sys.argv[1:])
