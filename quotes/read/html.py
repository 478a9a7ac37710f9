"""Web pages: the article in them, without the markup and what stands around it."""

from __future__ import annotations

import logging
import re

from trafilatura import bare_extraction, load_html
from trafilatura.settings import Document

from quotes.read import dates
from quotes.read.decode import decode
from quotes.read.draft import Draft, Facts, UnreadableError

# Time grows with the square of the tags: this many take about ten seconds, a news page has 3,000.
MOST_TAGS = 50_000
_CHARSET = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE)
_DECLARED_WITHIN = 4096

# Without a handler, logging prints their warnings; a page without an article is reported by us.
for _name in ("trafilatura", "htmldate"):
    logging.getLogger(_name).addHandler(logging.NullHandler())


def read(data: bytes) -> Draft:
    """Return the article of a page, with what its metadata tell; entities are resolved.

    Raises:
        UnreadableError: if no article is found, or the page has more than ``MOST_TAGS`` tags.
    """
    match = _CHARSET.search(data[:_DECLARED_WITHIN])
    page = decode(data, declared=match[1].decode("ascii") if match else None)
    if page.count("<") > MOST_TAGS:
        raise UnreadableError(f"HTML: more than {MOST_TAGS:,} tags")
    # A page is data: whatever the parser stumbles over is the page's fault, and ends only the page.
    try:
        found, language = _extract(page)
    except Exception as error:
        raise UnreadableError(f"HTML: {type(error).__name__}: {error}") from None
    if found is None or not found.text:
        raise UnreadableError("HTML: no article found")
    known = Facts(
        url=found.url or None,
        title=found.title or None,
        publisher=found.sitename or None,
        author=found.author or None,
        published=dates.parse(found.date or ""),
        language=language,
    )
    return Draft(found.text, guessed=known)


def _extract(page: str) -> tuple[Document | None, str | None]:
    tree = load_html(page)
    if tree is None:
        return None, None
    language = tree.get("lang") or None
    found = bare_extraction(
        tree,
        fast=True,
        include_comments=False,
        with_metadata=True,
        # Only what the markup declares: the longer search guesses from numbers in the text.
        date_extraction_params={"extensive_search": False, "original_date": True},
    )
    return (found if isinstance(found, Document) else None), language
