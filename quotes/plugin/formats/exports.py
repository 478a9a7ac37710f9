"""Quotes as programs get them: as JSON objects, lines of JSON, and rows of CSV."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice

from quotes.plugin.formats.cells import Cell, csv_lines
from quotes.plugin.links import Links
from quotes.plugin.lookup.records import CLOSE, OPEN, Hit

# The fields of a quote, and what they mean.
FIELDS = {
    "uid": "Lasting key of the quote: the article’s, and where in its text the quote starts.",
    "permalink": "Address of the quote’s page.",
    "text": "What was said, as printed; parts that stand apart are joined by “ … ”.",
    "verbatim": "Only the words within quotation marks; null where there are none.",
    "kind": "direct: all within quotation marks; indirect: a paraphrase; mixed: some words quoted.",
    "speaker": "Name of who said it; null where that is not known.",
    "speaker_slug": "Lasting key of the speaker: to filter by, and in the address of the page.",
    "source": "Who said it, as printed, such as “the president”.",
    "cue": "The words that tell that something was said, as printed, such as “called for”.",
    "act": "What the cue does: asserts, urges, denies, warns and so on; null where it does not tell.",
    "method": "How the speaker was found: by name, by office, by a pronoun and so on.",
    "addressee": "Name of whom it was said to; null where the article does not tell.",
    "addressee_slug": "Lasting key of the addressee.",
    "channel": "How it was said, such as “phone call” or “interview”.",
    "relayed_by": "Who only passed it on, as printed.",
    "countries": "Codes (ISO 3166) of the countries that it speaks of, with spaces between.",
    "said_on": "Day on which it was said; null where the article does not tell.",
    "day": "Day on which it was said, else the day of publication; the order of hits is by it.",
    "reports": "In how many articles this speaker is quoted with the same words.",
    "confidence": "How sure the program was, from 0 to 1.",
    "start": "Where it starts in the article’s text, in code points from 0.",
    "end": "Where it ends: the first code point that is not in it.",
    "article_uid": "Lasting key of the article, made from its text.",
    "article_permalink": "Address of the article’s page.",
    "title": "Title of the article.",
    "publisher": "Publisher of the article.",
    "published": "Day of publication.",
    "url": "The article on its publisher’s site, as the article says; not checked.",
}
MEDIA_TYPES = {"csv": "text/csv", "ndjson": "application/x-ndjson"}
_MARK = re.compile(f"{OPEN}[^{OPEN}{CLOSE}]*{CLOSE}")


def row(hit: Hit, links: Links) -> tuple[Cell, ...]:
    """Return the values of ``FIELDS`` for a hit."""
    addresses = {
        "permalink": links.absolute(links.page("quote", hit.uid)),
        "article_permalink": links.absolute(links.page("article", hit.article_uid)),
    }
    return tuple(addresses.get(name) or getattr(hit, name) for name in FIELDS)


def record(hit: Hit, links: Links) -> dict[str, object]:
    """Return a hit as an object: ``FIELDS``, and its marks."""
    return {**dict(zip(FIELDS, row(hit, links), strict=True)), "marks": marks(hit)}


def marks(hit: Hit) -> list[tuple[int, int]]:
    """Return where in its text the words stand that were looked for, as start and end.

    None of them where the text holds the characters that mark by itself.
    """
    if hit.marked.replace(OPEN, "").replace(CLOSE, "") != hit.text:
        return []
    found = enumerate(_MARK.finditer(hit.marked))
    return [(mark.start() - 2 * before, mark.end() - 2 * before - 2) for before, mark in found]


def lines_of_json(records: Iterable[Mapping[str, object]]) -> str:
    r"""Return objects as lines of JSON.

    In ASCII: in whatever way a reader splits lines, no character of a text ends one.

    >>> lines_of_json([{"quote": "rain\u2028"}])
    '{"quote": "rain\\u2028"}\n'
    """
    return "".join(json.dumps(one) + "\n" for one in records)


def lines_of_csv(names: Sequence[str], rows: Iterable[Sequence[Cell]], head: bool) -> str:
    r"""Return rows as lines of CSV, behind a line of their names if *head*.

    >>> lines_of_csv(["day", "quote"], [["2020-03-27", "=rain"]], True)
    "day,quote\r\n2020-03-27,'=rain\r\n"
    """
    return "".join(islice(csv_lines(names, rows), 0 if head else 1, None))
