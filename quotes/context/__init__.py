"""Stage 7: read off when a statement was made, through which channel, and what kind of act it is."""

from __future__ import annotations

from collections.abc import Sequence

from quotes.context.acts import act
from quotes.context.channels import channels
from quotes.context.days import days, own_times
from quotes.context.frame import continued, frames
from quotes.models import Article, Attribution, Context, Segments


def context(
    article: Article, segments: Segments, attributions: Sequence[Attribution]
) -> tuple[Context, ...]:
    """Return for each attribution what its unit of the text says about it outside the content.

    >>> from datetime import date
    >>> from quotes.models import Span
    >>> from quotes.segment import segment
    >>> article = Article("Li told us on Friday: We met.", "a.txt", published=date(2020, 3, 30))
    >>> said = Attribution((Span(22, 28),), Span(3, 7), Span(0, 2), "indirect")
    >>> context(article, segment(article.text), [said])[0].said_on
    datetime.date(2020, 3, 27)
    """
    framed = frames(article.text, segments, attributions)
    goes_on = continued(article.text, segments, attributions)
    # What was said at another time was said through another channel.
    times = [own_times(frame, article.published) for frame in framed]
    same = [None if anew else before for anew, before in zip(times, goes_on, strict=True)]
    told = zip(
        attributions,
        days(article, segments, attributions, framed, times, goes_on),
        channels(framed, same),
        strict=True,
    )
    return tuple(
        Context(act=act(article.text, one), said_on=day, channel=channel)
        for one, day, channel in told
    )
