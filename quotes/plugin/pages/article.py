"""An article: its text as read, each quote in it marked, and who speaks."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from quotes.plugin.addresses import web_address
from quotes.plugin.asking.question import page_number
from quotes.plugin.lookup.reading import Quote, Span, article, marked_quotes
from quotes.plugin.lookup.records import CLOSE, OPEN
from quotes.plugin.respond import Page, Visit, message
from quotes.plugin.texts.extents import Extent
from quotes.plugin.texts.marks import Mark, Piece, in_paragraphs, shown, snippet
from quotes.plugin.texts.parts import part, parts

UNKNOWN = message(
    "There is no such article",
    "Perhaps its address was cut, or the article is no longer in this database.",
)
_DESCRIPTION = 200


@dataclass(frozen=True, slots=True)
class Marked:
    """A piece of the text.

    Args:
        roles: source, cue, content; none where no quote is.
        quotes: positions of the quotes that it belongs to, the outermost first.
        deep: whether it is what several quotes say: one stands in another.
        begins: the quotes that begin with it.
        ends: those whose last piece it is.
    """

    text: str
    roles: tuple[str, ...]
    quotes: tuple[int, ...]
    deep: bool
    begins: tuple[int, ...]
    ends: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class Voice:
    """Who speaks, and the positions of the quotes; ``name`` None: not known."""

    name: str | None
    slug: str | None
    positions: tuple[int, ...]


def article_page(connection: sqlite3.Connection, visit: Visit) -> Page:
    """Return the page of an article, or of a part of it."""
    found = article(connection, visit.path["uid"])
    if found is None:
        return UNKNOWN
    last = parts(found.text)
    number = min(page_number(visit.arguments.get("part", "")), last)
    extent = part(found.text, number)
    quotes = marked_quotes(connection, found.id, extent.start, extent.end)
    path = visit.links.page("article", found.uid)
    return Page(
        "article.html",
        {
            "article": found,
            "description": shown(snippet(found.text[:1000], OPEN, CLOSE, _DESCRIPTION)),
            "paragraphs": tuple(_paragraphs(found.text, extent, quotes)),
            "voices": voices([quote for quote, _ in quotes]),
            "quotes": len(quotes),
            "original": web_address(found.url),
            "permalink": visit.links.absolute(path if number == 1 else f"{path}?part={number}"),
            "number": number,
            "last": last,
        },
    )


def voices(quotes: Sequence[Quote]) -> tuple[Voice, ...]:
    """Return who speaks, who speaks most first, whoever isn't known last."""
    found: dict[tuple[str | None, str | None], list[int]] = {}
    for quote in quotes:
        found.setdefault((quote.speaker, quote.slug), []).append(quote.position)
    every = [Voice(*who, tuple(positions)) for who, positions in found.items()]
    return tuple(sorted(every, key=lambda voice: (voice.name is None, -len(voice.positions))))


def _paragraphs(
    text: str, extent: Extent, quotes: Sequence[tuple[Quote, Sequence[Span]]]
) -> Iterator[tuple[Marked, ...]]:
    by_position = {str(quote.position): quote for quote, _ in quotes}
    marks = [
        Mark(span.start, span.end, span.role, str(quote.position))
        for quote, spans in quotes
        for span in spans
    ]
    cut = [pieces for _, pieces in in_paragraphs(text, marks, extent.start, extent.end)]
    last = {key: piece.start for pieces in cut for piece in pieces for key in piece.quotes}
    for pieces in cut:
        yield tuple(_marked(piece, by_position, last) for piece in pieces)


def _marked(piece: Piece, quotes: dict[str, Quote], last: dict[str, int]) -> Marked:
    return Marked(
        text=piece.text,
        roles=piece.roles,
        quotes=tuple(int(key) for key in piece.quotes),
        deep=len({mark.quote for mark in piece.marks if mark.role == "content"}) > 1,
        begins=tuple(int(key) for key in piece.begins),
        ends=tuple(quotes[key] for key in piece.quotes if last[key] == piece.start),
    )
