"""What ``quotes evaluate --speakers`` prints: how often the speaker is right."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from quotes.annotations import AnnotationError, read_annotations
from quotes.cli.terminal import counted
from quotes.evaluate_speakers import (
    Judged,
    Score,
    Statement,
    by_method,
    from_spans,
    from_text,
    mistakes,
    read_statements,
    score,
)
from quotes.pipeline import extract

_Judged = dict[str, list[Judged]]


def speakers_report(compartment: Path, file: Path, *, as_json: bool) -> str:
    """Return the report on the articles of a compartment that a file notes speakers of.

    Raises:
        AnnotationError: one of them can't be read, or does not fit the other.
    """
    statements: dict[str, list[Statement]] = defaultdict(list)
    for statement in read_statements(file):
        statements[statement.article].append(statement)
    articles = {one.name: one.article for one in read_annotations(compartment)}
    judged: _Judged = {"given spans": [], "found by half": [], "found by any": []}
    for name, known in statements.items():
        if name not in articles:
            raise AnnotationError(f"{file}: there is no article {name} in {compartment}")
        if any(one.marked.content[-1].end > len(articles[name].text) for one in known):
            raise AnnotationError(f"{file}: a span reaches over the end of {name}")
        quotes = extract(articles[name])
        judged["given spans"] += from_spans(articles[name], known)
        judged["found by half"] += from_text(articles[name], known, quotes, half=True)
        judged["found by any"] += from_text(articles[name], known, quotes, half=False)
    report = _as_json(judged) if as_json else _lines(judged, len(statements))
    return json.dumps(report, indent=2) if as_json else "\n".join(report)


def _as_json(judged: _Judged) -> dict[str, Any]:
    return {
        name: {
            **_scores(score(some)),
            "mistakes": mistakes(some),
            "by": {method: _scores(scores) for method, scores in by_method(some).items()},
        }
        for name, some in judged.items()
    }


def _scores(scores: Score) -> dict[str, float]:
    return {
        **asdict(scores),
        "recall": scores.recall,
        "recall_of_found": scores.recall_of_found,
        "precision": scores.precision,
        "invention": scores.invention,
    }


def _lines(judged: _Judged, articles: int) -> Iterator[str]:
    whole = score(judged["given spans"])
    yield (
        f"{counted(articles, 'article')}, {whole.persons:,} statements of persons, {whole.others:,} others. "
        "In percent:\n"
    )
    yield f"{'':15}{'right':>7}{'of found':>10}{'precision':>11}{'invented':>10}{'found':>8}"
    for name, some in judged.items():
        scores = score(some)
        shares = (scores.recall, scores.recall_of_found, scores.precision, scores.invention)
        cells = zip(shares, (7, 10, 11, 10), strict=True)
        row = "".join(f"{100 * share:{width}.1f}" for share, width in cells)
        yield f"{name:15}{row}{scores.found:8,}"
    for name in ("given spans", "found by any"):
        yield from _methods(name, judged[name])


def _methods(name: str, judged: Sequence[Judged]) -> Iterator[str]:
    yield f"\nBy method, {name}:"
    yield f"{'':11}{'right':>7}{'wrong':>7}{'invented':>10}"
    for method, scores in by_method(judged).items():
        wrong = scores.named - scores.right
        yield f"{method:11}{scores.right:7,}{wrong:7,}{scores.invented:10,}"
    wrong_ones = ", ".join(f"{kind} {count:,}" for kind, count in mistakes(judged).items())
    yield f"Mistakes: {wrong_ones}."
