"""A quote: who said what, when, to whom, how that is known, its place in the article, how to cite it."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Literal, cast

from markupsafe import Markup

from quotes.plugin.addresses import web_address
from quotes.plugin.asking.question import Question
from quotes.plugin.citing.citable import Citable, Kind
from quotes.plugin.citing.citations import Citation, citations
from quotes.plugin.citing.linked_data import quotation
from quotes.plugin.environment import when
from quotes.plugin.links import Links
from quotes.plugin.lookup.hits import newest
from quotes.plugin.lookup.reading import Reading, Step, reading, reported_too
from quotes.plugin.lookup.records import CLOSE, OPEN, Hit
from quotes.plugin.respond import Document, Page, Visit, message
from quotes.plugin.texts.extents import around, last_word
from quotes.plugin.texts.marks import Mark, Piece, in_paragraphs, shown, snippet
from quotes.plugin.texts.parts import part_of

UNKNOWN = message(
    "There is no such quote",
    "Perhaps its address was cut, or the article is no longer in this database.",
)
# The end of a citation's address, by its key; the other end as their file does.
_ENDS = {
    "apa": "apa.txt",
    "chicago": "chicago.txt",
    "csl": "csl.json",
    "wikipedia": "wikipedia.txt",
}
_WEEK = timedelta(days=3)
_NEARBY = 6
_DESCRIPTION = 200
_LONGEST = 5_000  # characters of a quote that its page and citations print


@dataclass(frozen=True, slots=True)
class Context:
    """The paragraphs around a quote, in pieces; whether text of theirs is left out at either end."""

    paragraphs: tuple[tuple[Piece, ...], ...]
    cut_before: bool
    cut_after: bool


@dataclass(frozen=True, slots=True)
class Week:
    """What else the speaker said in the days around, and the search for all of it."""

    hits: tuple[Hit, ...]
    asked: Question


def quote(connection: sqlite3.Connection, visit: Visit) -> Page:
    """Return the page of a quote."""
    found = reading(connection, visit.path["uid"])
    if found is None:
        return UNKNOWN
    citable = citable_of(found, visit.links)
    return Page(
        "quote.html",
        {
            "quote": found,
            "heading": heading(found),
            "words": _cut(found.hit.text),
            "description": shown(snippet(found.hit.text, OPEN, CLOSE, _DESCRIPTION)),
            "permalink": citable.permalink,
            "linked_data": _linked_data(found, citable, visit.links),
            "context": context(found),
            "in_article": in_article(found, visit.links),
            "original": web_address(found.article.url),
            "steps": tuple((step, _source(step)) for step in found.steps),
            "reports": reported_too(connection, found),
            "week": week(connection, found),
            "citations": tuple((citation, end_of(citation)) for citation in citations(citable)),
        },
    )


def quote_file(connection: sqlite3.Connection, visit: Visit) -> Document | Page:
    """Return a quote for programs: a citation, or all that is known of it as JSON."""
    found = reading(connection, visit.path["uid"])
    if found is None:
        return UNKNOWN
    citable = citable_of(found, visit.links)
    if visit.path["form"] == "json":
        known = json.dumps(everything(found, visit.links), ensure_ascii=False, indent=2)
        return Document(known + "\n", "application/json")
    for citation in citations(citable):
        end = end_of(citation)
        if end == visit.path["form"]:
            return Document(citation.text, citation.media_type, f"{citable.key}.{end}")
    return UNKNOWN


def end_of(citation: Citation) -> str:
    """Return how the address of a citation ends."""
    return _ENDS.get(citation.key, citation.extension)


def citable_of(quote: Reading, links: Links) -> Citable:
    """Return a quote as citations need it."""
    hit, article = quote.hit, quote.article
    return Citable(
        uid=hit.uid,
        permalink=links.absolute(links.page("quote", hit.uid)),
        text=_cut(hit.text),
        kind=cast("Kind", hit.kind),
        verbatim=_cut(hit.verbatim) if hit.verbatim else None,
        speaker=hit.speaker,
        source=hit.source,
        office=quote.offices[0].label if quote.offices and hit.said_on else None,
        said_on=hit.said_on,
        title=article.title,
        publisher=article.publisher,
        author=article.author,
        place=article.place,
        published=article.published,
        url=article.url,
        language=article.language,
    )


def _cut(text: str) -> str:
    """Return a text whole, or its beginning and "…" where it is longer than a page can show."""
    return text if len(text) <= _LONGEST else text[: last_word(text, _LONGEST, 1)] + " …"


def heading(quote: Reading) -> str:
    """Return who and when."""
    who = quote.hit.speaker or quote.hit.source or "Speaker not known"
    return shown(f"{who}, {when(quote.hit.said_on, quote.hit.day)}")


def context(quote: Reading) -> Context:
    """Return the paragraphs of a quote, and one before and after."""
    text = quote.article.text
    near = around(text, quote.hit.start, quote.hit.end)
    marks = [Mark(span.start, span.end, span.role, quote.hit.uid) for span in quote.spans]
    pieces = tuple(cut for _, cut in in_paragraphs(text, marks, near.start, near.end))
    return Context(pieces, near.cut_before, near.cut_after)


def in_article(quote: Reading, links: Links) -> str:
    """Return the path of a quote's mark in the page of its article."""
    number = part_of(quote.article.text, quote.hit.start)
    arguments = {"part": str(number)} if number > 1 else {}
    return links.page("article", quote.article.uid, **arguments) + f"#q-{quote.position}"


def week(connection: sqlite3.Connection, quote: Reading) -> Week | None:
    """Return what else the speaker said in the seven days around; None where that is nothing."""
    try:
        middle = date.fromisoformat(quote.hit.day or "")
        since, until = middle - _WEEK, middle + _WEEK
    except (ValueError, OverflowError):
        return None
    if quote.hit.speaker_slug is None:
        return None
    filters = (("speaker", quote.hit.speaker_slug),)
    asked = Question(filters=filters, since=since.isoformat(), until=until.isoformat())
    hits = [hit for hit in newest(connection, asked, _NEARBY + 1) if hit.uid != quote.hit.uid]
    return Week(tuple(hits[:_NEARBY]), asked) if hits else None


def everything(quote: Reading, links: Links) -> dict[str, object]:
    """Return all that is known of a quote, as JSON has it; None: not known."""
    hit, article, text = quote.hit, quote.article, quote.article.text
    return {
        "uid": hit.uid,
        "url": links.absolute(links.page("quote", hit.uid)),
        **{name: getattr(hit, name) for name in ("text", "verbatim", "kind", "source", "cue")},
        "speaker": _person(hit.speaker, hit.speaker_slug, links),
        "offices": [asdict(office) for office in quote.offices],
        "addressee": _person(hit.addressee, hit.addressee_slug, links),
        **{name: getattr(hit, name) for name in ("said_on", "channel", "relayed_by", "act")},
        "countries": [{"code": code, "name": name} for code, name in quote.countries],
        "method": hit.method,
        "evidence": [asdict(step) for step in quote.steps],
        "confidence": hit.confidence,
        "position": quote.position,
        "paragraph": quote.paragraph,
        **{name: getattr(hit, name) for name in ("start", "end", "reports")},
        "spans": [{**asdict(span), "words": text[span.start : span.end]} for span in quote.spans],
        "outer": quote.outer.uid if quote.outer else None,
        "inner": [inner.uid for inner in quote.inner],
        "before": quote.before.uid if quote.before else None,
        "after": quote.after.uid if quote.after else None,
        "article": {
            "uid": article.uid,
            "page": links.absolute(in_article(quote, links)),
            **{name: getattr(article, name) for name in ("url", "title", "publisher", "author")},
            **{name: getattr(article, name) for name in ("place", "published", "language")},
        },
    }


def _person(name: str | None, slug: str | None, links: Links) -> dict[str, str] | None:
    if name is None or slug is None:
        return None
    return {"name": name, "slug": slug, "url": links.absolute(links.page("speaker", slug))}


def _linked_data(quote: Reading, citable: Citable, links: Links) -> Markup:
    person: Literal["Person", "Organization"] = (
        "Organization" if quote.speaker_kind == "organization" else "Person"
    )
    slug = quote.hit.speaker_slug
    page = links.absolute(links.page("speaker", slug)) if slug else None
    # It has no "<", ">" or "&" left.
    return Markup(quotation(citable, person, page, quote.wikidata))  # noqa: S704


def _source(step: Step) -> str | None:
    """Return the address that a step's office is known from, None if that is none."""
    return web_address(step.office.source) if step.office else None
