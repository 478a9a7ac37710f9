"""quotes: a searchable database of what statesmen said, built from news articles.

>>> from quotes import extract
>>> (quote,) = extract("President Ann Lee said that the bridge was open.")
>>> quote.attribution.kind, quote.resolution.speaker.name
('indirect', 'Ann Lee')
"""

from quotes.extract import extract
from quotes.models import Article, Attribution, Context, Quote, Resolution, Span, Speaker

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
