"""Web pages: the article in them, without the markup and what stands around it."""

from __future__ import annotations

import logging
import re

from trafilatura import bare_extraction, load_html
from trafilatura.settings import Document

from quotes.read import dates
from quotes.read.decode import decode
from quotes.read.draft import Draft, Facts, UnreadableError
from quotes.read.limits import MOST_ATTRIBUTES, MOST_ATTRIBUTES_OF_A_TAG, MOST_TAGS

_CHARSET = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE)
_DECLARED_WITHIN = 4096
_TAG = re.compile(r"<[a-z_:]", re.IGNORECASE)
# As the parser takes them, also in comments and scripts, where few words look so before a ">".
_ATTRIBUTE = re.compile(r"""[^>"'\s/=]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>]*))?|["'\s/=]+""")
_NAMED = re.compile("[a-z_:]", re.IGNORECASE)

# Without a handler, logging prints their warnings; a page without an article is reported by us.
for _name in ("trafilatura", "htmldate"):
    logging.getLogger(_name).addHandler(logging.NullHandler())


def read(data: bytes) -> Draft:
    """Return the article of a page, with what its metadata tell; entities are resolved.

    Raises:
        UnreadableError: if no article is found, or the page has too many tags or attributes.
    """
    match = _CHARSET.search(data[:_DECLARED_WITHIN])
    page = decode(data, declared=match[1].decode("ascii") if match else None)
    _check_size(page)
    # A page is data: whatever the parser stumbles over is the page's fault, and ends only the page.
    try:
        found, language = _extract(page)
    except Exception as error:
        raise UnreadableError(f"HTML: {type(error).__name__}: {error}") from None
    if found is None or not found.text:
        raise UnreadableError("HTML: no article found")
    told = {
        "url": found.url,
        "title": found.title,
        "publisher": found.sitename,
        "author": found.author,
        "language": language,
    }
    published = dates.parse(found.date) if isinstance(found.date, str) else None
    # A page's metadata may hold anything: numbers, lists, objects.
    strings = {name: value for name, value in told.items() if isinstance(value, str) and value}
    return Draft(found.text, guessed=Facts(**strings, published=published))


def _check_size(page: str) -> None:
    if page.count("<") > MOST_TAGS:
        raise UnreadableError(f"HTML: more than {MOST_TAGS:,} tags")
    every = 0
    at = 0
    while tag := _TAG.search(page, at):
        at, count = tag.end(), 0
        while attribute := _ATTRIBUTE.match(page, at):
            at = attribute.end()
            count += _NAMED.match(attribute[0]) is not None
            if count > MOST_ATTRIBUTES_OF_A_TAG:
                raise UnreadableError(
                    f"HTML: a tag of more than {MOST_ATTRIBUTES_OF_A_TAG:,} attributes"
                )
        every += count
        if every > MOST_ATTRIBUTES:
            raise UnreadableError(f"HTML: more than {MOST_ATTRIBUTES:,} attributes")


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
