"""Measure what share of the time each stage takes: ``python benchmarks/stages.py FOLDER``.

FOLDER holds articles as plain text. The stages run as ``quotes.pipeline`` runs them, one core, three
times; the fastest round counts.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from quotes import extract
from quotes.context import context
from quotes.context.addressees import addressees
from quotes.countries import countries
from quotes.models import Article, Attribution
from quotes.read import find, read
from quotes.resolve import resolve
from quotes.segment import segment

ROUNDS = 3


def main(folder: Path) -> None:
    """Print the share of each stage in the whole."""
    parts = (part for file in find([str(folder)]).files for part in read(file))
    articles = [part for part in parts if isinstance(part, Article)]
    extract(articles[0])  # loads the model
    rounds = [_round(articles) for _ in range(ROUNDS)]
    for stage in rounds[0]:
        seconds = min(one[stage] for one in rounds)
        whole = min(one["extract"] for one in rounds)
        print(f"{stage:12}{seconds:8.2f} s{100 * seconds / whole:7.1f} %")


def _round(articles: list[Article]) -> Counter[str]:
    spent: Counter[str] = Counter()
    for article in articles:
        started = time.perf_counter()
        quotes = extract(article)
        spent["extract"] += time.perf_counter() - started
        segments = segment(article.text)
        attributions = [quote.attribution for quote in quotes]
        parts = (segments, attributions)
        stages = {
            "addressees": partial(addressees, article.text, *parts),
            "resolve": partial(resolve, article, *parts),
            "context": partial(context, article, *parts),
            "countries": partial(_countries, article, attributions),
        }
        for stage, run in stages.items():
            started = time.perf_counter()
            run()
            spent[stage] += time.perf_counter() - started
    return spent


def _countries(article: Article, attributions: Sequence[Attribution]) -> None:
    for one in attributions:
        countries(article.text, one.content)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
