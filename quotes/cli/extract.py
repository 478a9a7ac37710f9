"""``quotes extract``: what is found in one text, span by span."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from quotes.cli.terminal import InputError, counted, printable
from quotes.models import Article, Attribution, Quote, Reject, Span, Speaker
from quotes.pipeline import extract as quotes_of
from quotes.read import find, read
from quotes.registry import RegistryError, registry

_Found = Sequence[tuple[Article, tuple[Quote, ...]]]


@click.command(epilog="Example: quotes extract articles/2020-03-27-ani-xi-trump-call.txt")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--explain", is_flag=True, help="Show how each speaker was found, step by step.")
@click.option(
    "--speakers",
    type=click.Path(path_type=Path),
    help="A CSV file of speakers of your own, merged over ours (docs/speakers.md).",
)
@click.option("--json", "as_json", is_flag=True, help="Write a JSON array, one object a quote.")
def extract(file: Path, explain: bool, speakers: Path | None, as_json: bool) -> None:
    """Print the quotes of one FILE, or of standard input if FILE is -.

    Of each quote come its kind, its speaker with how that was found, and its confidence; then its
    source, cue and contents as printed, with the offsets of their characters. A quote that stands
    inside another is indented below it. FILE may be of any format that the builder reads.

    With --explain come, for each quote, the mentions that lead from its source to its speaker, each
    with the step that it takes; then the line of the registry that decided it, if one did, and who
    else was considered.
    """
    try:
        listed = registry(speakers)
    except RegistryError as error:
        raise InputError(str(error)) from None
    articles, rejects = _read(file)
    if not articles:
        raise InputError("; ".join(f"{one.path}: {one.reason}" for one in rejects))
    for one in rejects:
        click.echo(printable(f"{one.path}: {one.reason}"), err=True)
    found = [(article, quotes_of(article, listed)) for article in articles]
    if as_json:
        # ASCII only: escapes keep a text's control characters from the terminal.
        click.echo(json.dumps([*_objects(found)], indent=2))
    else:
        click.echo("\n".join(_lines(found, explain=explain)))


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
            attribution = quote.attribution
            spans = {
                role: [_span(article, one) for one in spans] for role, spans in _roles(attribution)
            }
            yield {
                "path": article.path,
                "number": number,
                "outer": quote.outer,
                "kind": attribution.kind,
                "speaker": _name(quote.resolution.speaker),
                "method": quote.resolution.method,
                "chain": [
                    {"method": step.method, **_span(article, step.span)}
                    for step in quote.resolution.chain
                ],
                "runner_up": _name(quote.resolution.runner_up),
                "addressee": _name(quote.resolution.addressee),
                "act": quote.context.act,
                "said_on": quote.context.said_on.isoformat() if quote.context.said_on else None,
                "channel": quote.context.channel,
                "relayed_by": quote.context.relayed_by,
                "countries": list(quote.countries),
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


def _lines(found: _Found, *, explain: bool) -> Iterator[str]:
    for article, quotes in found:
        if len(found) > 1:
            yield printable(article.path)
        for quote in quotes:
            yield from _block(article, quote)
            if explain:
                yield from _explanation(article, quote)
            yield ""
    count = sum(len(quotes) for _, quotes in found)
    yield f"{counted(count, 'quote')} found."


def _block(article: Article, quote: Quote) -> Iterator[str]:
    attribution, who = quote.attribution, quote.resolution
    margin = "" if quote.outer is None else "    "
    facts = [attribution.kind, "speaker not known"]
    if who.speaker:
        facts[1:] = [who.speaker.name, f"by {who.method}"]
    facts += _facts(quote)
    yield margin + printable(f"{', '.join(facts)}, confidence {attribution.confidence:.2f}")
    for role, spans in _roles(attribution):
        shown = "source, carried" if role == "source" and attribution.carried else role
        for span in spans:
            where = f"{span.start}-{span.end}"
            yield f"{margin}  {shown:<8} {where:>13}  {printable(span.of(article.text))}"


def _facts(quote: Quote) -> Iterator[str]:
    told = quote.context
    if quote.resolution.addressee:
        yield f"to {quote.resolution.addressee.name}"
    if told.channel:
        yield f"channel {told.channel}"
    if told.relayed_by:
        yield f"relayed by {told.relayed_by}"
    if told.act:
        yield told.act
    if told.said_on:
        yield told.said_on.isoformat()
    if quote.countries:
        yield f"about {' '.join(quote.countries)}"


def _explanation(article: Article, quote: Quote) -> Iterator[str]:
    margin, who = "" if quote.outer is None else "    ", quote.resolution
    for step in who.chain:
        where = f"{step.span.start}-{step.span.end}"
        words = printable(step.span.of(article.text))
        yield f"{margin}  {step.method:<8} {where:>13}  {words}"
    if who.speaker is None:
        yield f"{margin}  nobody: no candidate, or more than one"
        return
    listed = f"registry: {who.speaker.wikidata or 'listed'}" if who.speaker.listed else "unlisted"
    yield margin + printable(f"  speaker                 {who.speaker.name} ({listed})")
    if office := who.office:
        term = f"{office.start} to {office.end or 'today'}"
        held = ", ".join(filter(None, (office.office, office.body, term, office.source)))
        yield margin + printable(f"  office                  {held}")
    if who.runner_up:
        yield margin + printable(f"  runner-up               {who.runner_up.name}")


def _name(speaker: Speaker | None) -> str | None:
    return speaker.name if speaker else None
