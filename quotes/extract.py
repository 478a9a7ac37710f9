"""The way of one article through the house: from its text to its quotes."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace

from quotes.assemble import assemble
from quotes.context import context
from quotes.cues import trim_cue
from quotes.model import Model, shipped
from quotes.models import Article, Attribution, Quote, Segments
from quotes.nested import look_inside, only
from quotes.relay import relay
from quotes.resolve import resolve
from quotes.segment import segment
from quotes.tag import tag
from quotes.unsaid import is_said

_LIKELY = 0.5  # the least confidence: what is wrong more often than right is no quote


def extract(article: Article | str) -> tuple[Quote, ...]:
    """Return the quotes of an article, or of a text that nothing else is known of, in its order.

    A quote inside another one comes right after it.

    >>> quotes = extract(Article('President Ann Lee said: "We met on the bridge."', "a.txt"))
    >>> [(quote.resolution.speaker.name, quote.attribution.kind) for quote in quotes]
    [('Ann Lee', 'direct')]
    """
    if isinstance(article, str):
        article = Article(article, path="")
    segments = segment(article.text)
    found = look_inside(article.text, _find(article.text, segments, shipped()), find)
    said = only(
        found, lambda one: one.confidence >= _LIKELY and is_said(article.text, segments, one)
    )
    attributions = [trim_cue(article.text, attribution) for attribution in said]
    resolutions = resolve(article, segments, attributions)
    contexts = context(article, segments, attributions)
    starts = [paragraph.start for paragraph in segments.paragraphs]
    quotes = [
        Quote(one, who, told, bisect_right(starts, one.extent.start), one.outer)
        for one, who, told in zip(attributions, resolutions, contexts, strict=True)
    ]
    return relay(article.text, quotes)


def find(text: str, model: Model | None = None) -> tuple[Attribution, ...]:
    """Return all attributions of a text that the model finds, likely or not, in its order.

    One that stands inside another is there only where both have cues for the same content. *model* is the one to ask, that which ships with the package if it is None.
    """
    return _find(text, segment(text), model or shipped())


def _find(text: str, segments: Segments, model: Model) -> tuple[Attribution, ...]:
    return tuple(
        replace(one, confidence=model.calibrated(one.confidence))
        for one in assemble(text, segments, tag(segments, model))
    )
