"""Quotes and speakers as schema.org describes them, for search engines."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Literal

from quotes.plugin.addresses import web_address
from quotes.plugin.citing.citable import Citable, one_line
from quotes.plugin.days import day_parts

_ESCAPES = str.maketrans({c: f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"})
# schema.org knows no paraphrase; these say it to people.
_NOT_VERBATIM = {
    "mixed": "Partly a paraphrase: only the words in quotation marks are the speaker's.",
    "indirect": "A paraphrase, in the words of the article and not of the speaker.",
}


def quotation(
    quote: Citable,
    speaker_type: Literal["Person", "Organization"] = "Person",
    speaker_page: str | None = None,
    wikidata: str | None = None,
) -> str:
    """Return a schema.org ``Quotation`` as JSON-LD, safe within ``<script>``.

    A speaker is ``spokenByCharacter``: to whom the article ascribes it. Only of a direct quote is he or
    she ``creator``, too, for the wording of a paraphrase is the article's; a description says so.

    Args:
        quote: the quote.
        speaker_type: what the speaker is.
        speaker_page: whole address of our page of the speaker.
        wikidata: the speaker's item, such as "Q15031".
    """
    clean = quote.clean
    speaker = _known(
        {
            "@type": speaker_type,
            "name": clean.speaker,
            "jobTitle": clean.office if speaker_type == "Person" else None,
            "url": web_address(speaker_page),
            "sameAs": wikidata_page(wikidata),
        }
    )
    named = speaker if clean.speaker else None
    description = _known(
        {
            "@context": "https://schema.org",
            "@type": "Quotation",
            "@id": clean.permalink,
            "url": clean.permalink,
            "text": clean.words,
            "inLanguage": clean.language,
            "dateCreated": _day(clean.said_on),
            "spokenByCharacter": named,
            "creator": named if clean.kind == "direct" else None,
            "disambiguatingDescription": _NOT_VERBATIM.get(clean.kind),
            "isPartOf": _article(clean),
        }
    )
    return json.dumps(description, ensure_ascii=False).translate(_ESCAPES)


def profile(
    name: str,
    type: Literal["Person", "Organization"],  # noqa: A002  (as schema.org calls it)
    page: str,
    wikidata: str | None = None,
    offices: Sequence[str] = (),
) -> str:
    """Return a speaker as JSON-LD, safe within ``<script>``.

    Args:
        name: the speaker's.
        type: what the speaker is.
        page: whole address of our page of the speaker.
        wikidata: the speaker's item, such as "Q15031".
        offices: those that a person holds now.
    """
    held = [one_line(office) for office in offices if type == "Person"]
    address = web_address(page)
    description = _known(
        {
            "@context": "https://schema.org",
            "@type": type,
            "name": one_line(name),
            "url": address,
            "sameAs": wikidata_page(wikidata),
            "jobTitle": held,
        }
    )
    return json.dumps(description, ensure_ascii=False).translate(_ESCAPES)


def wikidata_page(item: str | None) -> str | None:
    """Return the address of a Wikidata item, None for what is none.

    >>> wikidata_page("Q15031"), wikidata_page("Q1?x"), wikidata_page(None)
    ('https://www.wikidata.org/wiki/Q15031', None, None)
    """
    found = re.fullmatch(r"Q[1-9]\d*", item or "", re.ASCII)
    return f"https://www.wikidata.org/wiki/{item}" if found else None


def _article(quote: Citable) -> dict[str, object]:
    authors = [
        {"@type": "Person" if author.family else "Organization", "name": author.name}
        for author in quote.authors
    ]
    return _known(
        {
            "@type": "NewsArticle",
            "headline": quote.title,
            "url": quote.url,
            "datePublished": _day(quote.published),
            "inLanguage": quote.language,
            "author": authors,
            "publisher": _thing("Organization", quote.publisher),
            "locationCreated": _thing("Place", quote.place),
        }
    )


def _thing(kind: str, name: str | None) -> dict[str, str] | None:
    return {"@type": kind, "name": name} if name else None


def _known(values: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in values.items() if value}


def _day(iso: str | None) -> str | None:
    return iso if day_parts(iso) else None
