"""The way of one article through the house: from its text to its quotes."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace

from quotes.assemble import assemble
from quotes.blocks import blocks
from quotes.context import context
from quotes.context.addressees import addressees
from quotes.countries import countries
from quotes.cues import trim_cue
from quotes.model import Model, shipped
from quotes.models import Article, Attribution, Quote, Segments
from quotes.nested import look_inside, only
from quotes.registry import Registry, registry
from quotes.relay import relay
from quotes.resolve import resolve
from quotes.segment import segment
from quotes.tag import tag
from quotes.unsaid import is_said

_LIKELY = 0.5  # the least confidence: what is wrong more often than right is no quote


def extract(article: Article | str, listed: Registry | None = None) -> tuple[Quote, ...]:
    """Return the quotes of an article, or of a text that nothing else is known of, in its order.

    A quote inside another one comes right after it. *listed* are the speakers known by name, those
    of our own registry if it is None.

    >>> quotes = extract(Article('President Ann Lee said: "We met on the bridge."', "a.txt"))
    >>> [(quote.resolution.speaker.name, quote.attribution.kind) for quote in quotes]
    [('Ann Lee', 'direct')]
    """
    if isinstance(article, str):
        article = Article(article, path="")
    quotes: list[Quote] = []
    paragraphs = 0
    for block in blocks(article.text):
        segments = segment(block.of(article.text))
        part = replace(article, text=block.of(article.text))
        found = _extract(part, segments, listed or registry())
        quotes += [_moved(quote, block.start, paragraphs, quotes) for quote in found]
        paragraphs += len(segments.paragraphs)
    return tuple(quotes)


def find(text: str, model: Model | None = None) -> tuple[Attribution, ...]:
    """Return all attributions of a text that the model finds, likely or not, in its order.

    One that stands inside another is there only where both have cues for the same content. *model*
    is the one to ask, that which ships with the package if it is None.
    """
    found: list[Attribution] = []
    for block in blocks(text):
        part = block.of(text)
        ones = _find(part, segment(part), model or shipped())
        found += [replace(one.moved(block.start), outer=_later(one.outer, found)) for one in ones]
    return tuple(found)


def _extract(article: Article, segments: Segments, listed: Registry) -> tuple[Quote, ...]:
    text = article.text
    found = look_inside(text, _find(text, segments, shipped()), find)
    said = only(found, lambda one: one.confidence >= _LIKELY and is_said(text, segments, one))
    attributions = [trim_cue(text, attribution) for attribution in said]
    spoken_to = addressees(text, segments, attributions)
    resolutions = resolve(article, segments, attributions, spoken_to, listed)
    contexts = context(article, segments, attributions)
    spoken_of = (countries(text, one.content) for one in attributions)
    starts = [paragraph.start for paragraph in segments.paragraphs]
    quotes = [
        Quote(one, who, told, of, bisect_right(starts, one.extent.start), one.outer)
        for one, who, told, of in zip(attributions, resolutions, contexts, spoken_of, strict=True)
    ]
    return relay(text, quotes)


def _find(text: str, segments: Segments, model: Model) -> tuple[Attribution, ...]:
    return tuple(
        replace(one, confidence=model.calibrated(one.confidence))
        for one in assemble(text, segments, tag(segments, model))
    )


def _moved(quote: Quote, by: int, paragraphs: int, before: Sequence[Quote]) -> Quote:
    """Return a quote of a block as one of the whole article."""
    return replace(
        quote,
        attribution=quote.attribution.moved(by),
        resolution=quote.resolution.moved(by),
        paragraph=quote.paragraph + paragraphs,
        outer=_later(quote.outer, before),
    )


def _later(outer: int | None, before: Sequence[object]) -> int | None:
    return None if outer is None else outer + len(before)
