"""quotes: a searchable database of what statesmen said, built from news articles.

>>> from quotes import extract
>>> (quote,) = extract("President Ann Lee said that the bridge was open.")
>>> quote.attribution.kind, quote.resolution.speaker.name
('indirect', 'Ann Lee')
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from quotes.models import Article, Attribution, Context, Quote, Resolution, Span, Speaker

if TYPE_CHECKING:
    from quotes.pipeline import extract

__all__ = [
    "Article",
    "Attribution",
    "Context",
    "Quote",
    "Resolution",
    "Span",
    "Speaker",
    "extract",
]


def __getattr__(name: str) -> object:
    """Load ``extract`` when it is first asked for: who only reads or serves needs no model."""
    if name == "extract":
        from quotes.pipeline import extract

        return extract
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
