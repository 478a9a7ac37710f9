"""``quotes extract``: what is found in one text, span by span."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from quotes.cli.terminal import InputError, printable
from quotes.extract import extract as quotes_of
from quotes.models import Article, Attribution, Quote, Reject, Span
from quotes.read import find, read

_Found = Sequence[tuple[Article, tuple[Quote, ...]]]


@click.command(epilog="Example: quotes extract articles/2020-03-27-ani-xi-trump-call.txt")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Write a JSON array, one object a quote.")
def extract(file: Path, as_json: bool) -> None:
    """Print the quotes of one FILE, or of standard input if FILE is -.

    Of each quote come its kind, its speaker with how that was found, and its confidence; then its
    source, cue and contents as printed, with the offsets of their characters. A quote that stands
    inside another is indented below it. FILE may be of any format that the builder reads.
    """
    articles, rejects = _read(file)
    if not articles:
        raise InputError("; ".join(f"{one.path}: {one.reason}" for one in rejects))
    for one in rejects:
        click.echo(printable(f"{one.path}: {one.reason}"), err=True)
    found = [(article, quotes_of(article)) for article in articles]
    if as_json:
        # ASCII only: escapes keep a text's control characters from the terminal.
        click.echo(json.dumps([*_objects(found)], indent=2))
    else:
        click.echo("\n".join(_lines(found)))


def _read(file: Path) -> tuple[list[Article], list[Reject]]:
    found = find([str(file)])
    if found.missing:
        raise InputError(f"no such file: {file}")
    if file.is_dir():
        raise InputError(f"{file} is a folder; quotes build reads those")
    parts = [*found.rejects, *(part for one in found.files for part in read(one))]
    articles = [part for part in parts if isinstance(part, Article)]
    return articles, [part for part in parts if isinstance(part, Reject)]


def _objects(found: _Found) -> Iterator[dict[str, Any]]:
    for article, quotes in found:
        for number, quote in enumerate(quotes):
            attribution, speaker = quote.attribution, quote.resolution.speaker
            spans = {
                role: [_span(article, one) for one in spans] for role, spans in _roles(attribution)
            }
            yield {
                "path": article.path,
                "number": number,
                "outer": quote.outer,
                "kind": attribution.kind,
                "speaker": speaker.name if speaker else None,
                "method": quote.resolution.method,
                "relayed_by": quote.context.relayed_by,
                "confidence": round(attribution.confidence, 3),
                **spans,
                "carried": attribution.carried,
                "verbatim": [_span(article, one) for one in attribution.verbatim],
            }


def _roles(attribution: Attribution) -> Iterator[tuple[str, tuple[Span, ...]]]:
    yield "source", (attribution.source,) if attribution.source else ()
    yield "cue", (attribution.cue,) if attribution.cue else ()
    yield "content", attribution.content


def _span(article: Article, span: Span) -> dict[str, Any]:
    return {"start": span.start, "end": span.end, "text": span.of(article.text)}


def _lines(found: _Found) -> Iterator[str]:
    for article, quotes in found:
        if len(found) > 1:
            yield printable(article.path)
        for quote in quotes:
            yield from _block(article, quote)
    count = sum(len(quotes) for _, quotes in found)
    yield f"{count:,} {'quote' if count == 1 else 'quotes'} found."


def _block(article: Article, quote: Quote) -> Iterator[str]:
    attribution, who = quote.attribution, quote.resolution
    margin = "" if quote.outer is None else "    "
    facts = [attribution.kind, "speaker not known"]
    if who.speaker:
        facts[1:] = [who.speaker.name, f"by {who.method}"]
    if quote.context.relayed_by:
        facts.append(f"relayed by {quote.context.relayed_by}")
    yield margin + printable(f"{', '.join(facts)}, confidence {attribution.confidence:.2f}")
    for role, spans in _roles(attribution):
        shown = "source, carried" if role == "source" and attribution.carried else role
        for span in spans:
            where = f"{span.start}-{span.end}"
            yield f"{margin}  {shown:<8} {where:>13}  {printable(span.of(article.text))}"
    yield ""
