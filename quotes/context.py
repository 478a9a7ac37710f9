"""Stage 6: read off when a statement was made, through which channel, and what kind of act it is."""

from __future__ import annotations

from collections.abc import Sequence

from quotes.channels import channels
from quotes.data import load
from quotes.days import days, tells_time
from quotes.frame import continued, frames
from quotes.models import Article, Attribution, Context, Segments

_ACTS = {row["form"]: row["act"] for row in load("cues")}


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
    anew = [frame is not None and tells_time(frame) for frame in framed]
    same = [None if new else before for new, before in zip(anew, goes_on, strict=True)]
    told = zip(
        attributions,
        days(article, segments, attributions, framed, goes_on),
        channels(framed, same),
        strict=True,
    )
    return tuple(Context(_act(article.text, one), day, None, channel) for one, day, channel in told)


def _act(text: str, attribution: Attribution) -> str | None:
    cue = attribution.cue.of(text).lower() if attribution.cue else ""
    return next((_ACTS[word] for word in cue.split() if word in _ACTS), None)
