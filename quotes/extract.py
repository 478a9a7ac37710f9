"""The way of one article through the house: from its text to its quotes."""

from __future__ import annotations

from bisect import bisect_right

from quotes.assemble import assemble
from quotes.context import context
from quotes.models import Article, Quote
from quotes.resolve import resolve
from quotes.segment import segment
from quotes.tag import tag


def extract(article: Article) -> tuple[Quote, ...]:
    """Return the quotes of *article*, in order of the text.

    >>> quotes = extract(Article('President Ann Lee said: "We met on the bridge."', "a.txt"))
    >>> [(quote.resolution.speaker.name, quote.attribution.kind) for quote in quotes]
    [('Ann Lee', 'direct')]
    """
    segments = segment(article.text)
    labels = tag(article.text, segments)
    attributions = assemble(article.text, segments, labels)
    resolutions = resolve(article, segments, attributions)
    contexts = context(article, segments, attributions)
    starts = [paragraph.start for paragraph in segments.paragraphs]
    return tuple(
        Quote(attribution, resolution, told, bisect_right(starts, attribution.extent.start))
        for attribution, resolution, told in zip(attributions, resolutions, contexts, strict=True)
    )
