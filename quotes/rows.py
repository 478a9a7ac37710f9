"""What the columns of articles, quotes and spans hold, as ``schema.sql`` names them."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence

from quotes.models import Article, Attribution, Quote, Resolution, Span

QUOTE_COLUMNS = (
    *("id", "uid", "article_id", "speaker_id", "kind", "text", "verbatim", "source", "cue"),
    *("act", "method", "outer_id", "addressee_id", "channel", "relayed_by", "said_on"),
    *("position", "paragraph", "start", "end", "confidence"),
)
_BETWEEN_SPANS = " … "


def known(article: Article) -> dict[str, str | None]:
    """Return the columns that an article's file, and what is known of it, decide."""
    return {
        "path": article.path,
        "url": article.url,
        "title": article.title,
        "publisher": article.publisher,
        "author": article.author,
        "place": article.place,
        "published": article.published.isoformat() if article.published else None,
        "language": article.language,
    }


def quote_row(
    article: Article,
    quote: Quote,
    uid: str,
    position: int,
    quote_id: int,
    article_id: int,
    speaker_id: int | None,
    addressee_id: int | None,
) -> Sequence[object]:
    """Return the row of a quote, in the order of ``QUOTE_COLUMNS``.

    ``position`` counts the quotes of an article from 1, and ``quote_id`` goes up with it.
    """
    attribution, told = quote.attribution, quote.context
    extent, text = attribution.extent, article.text
    source = printed_source(attribution)
    row = {
        "id": quote_id,
        "uid": uid,
        "article_id": article_id,
        "speaker_id": speaker_id,
        "kind": attribution.kind,
        "text": _words(text, attribution.content),
        "verbatim": _words(text, attribution.verbatim) if attribution.verbatim else None,
        "source": source.of(text) if source else None,
        "cue": attribution.cue.of(text) if attribution.cue else None,
        "act": told.act,
        "method": quote.resolution.method,
        "outer_id": None if quote.outer is None else quote_id - (position - 1) + quote.outer,
        "addressee_id": addressee_id,
        "channel": told.channel,
        "relayed_by": told.relayed_by,
        "said_on": told.said_on.isoformat() if told.said_on else None,
        "position": position,
        "paragraph": quote.paragraph,
        "start": extent.start,
        "end": extent.end,
        "confidence": round(attribution.confidence, 3),
    }
    return [row[column] for column in QUOTE_COLUMNS]


def span_rows(quote_id: int, attribution: Attribution) -> Iterator[tuple[int, str, int, int]]:
    """Yield a row for every span of an attribution."""
    spans = [("content", span) for span in attribution.content]
    spans += [("cue", attribution.cue)] if attribution.cue else []
    source = printed_source(attribution)
    spans += [("source", source)] if source else []
    for role, span in spans:
        yield (quote_id, role, span.start, span.end)


def evidence_rows(
    quote_id: int, resolution: Resolution, office_id: int | None
) -> Iterator[tuple[int, int, str, int, int, int | None]]:
    """Yield a row for every mention on the way to a speaker; the office stands with its mention."""
    for step, mention in enumerate(resolution.chain, start=1):
        office = office_id if mention.method == "office" else None
        yield (quote_id, step, mention.method, mention.span.start, mention.span.end, office)


def printed_source(attribution: Attribution) -> Span | None:
    """Return the source that is printed at this attribution, None where it is carried."""
    return None if attribution.carried else attribution.source


def uids(article: Article, quotes: Sequence[Quote]) -> list[str]:
    """Return the key of each quote of an article: that of the article, and where it starts.

    Of several that start at the same character, as a quote and one inside it may, the second has
    "-2" behind its key, and so on.
    """
    times: Counter[int] = Counter()
    keys = []
    for quote in quotes:
        start = quote.attribution.extent.start
        times[start] += 1
        keys.append(f"{article.uid}-{start}" + (f"-{times[start]}" if times[start] > 1 else ""))
    return keys


def slug(name: str) -> str:
    """Return a name fit for an address: letters without accents, digits and hyphens.

    >>> slug("José Ángel Gurría"), slug("习近平")
    ('jose-angel-gurria', '习近平')
    """
    letters = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", name).casefold())
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return re.sub(r"[\W_]+", "-", unicodedata.normalize("NFC", bare)).strip("-") or "speaker"


def _words(text: str, spans: Sequence[Span]) -> str:
    return _BETWEEN_SPANS.join(span.of(text) for span in spans)
