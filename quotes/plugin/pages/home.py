"""The start: what this is, a search box, figures, the most quoted, the newest."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from quotes.plugin.asking.question import Question, question
from quotes.plugin.lookup.hits import newest
from quotes.plugin.lookup.speakers import Speaker, most_quoted
from quotes.plugin.respond import Page, Visit

_FIGURES = """
SELECT (SELECT quotes FROM builds ORDER BY id DESC LIMIT 1), (SELECT count(*) FROM speakers WHERE quotes > 0),
  (SELECT articles FROM builds ORDER BY id DESC LIMIT 1),
  (SELECT min(day) FROM chronicle WHERE day IS NOT NULL), (SELECT max(day) FROM chronicle)
"""


@dataclass(frozen=True, slots=True)
class Figures:
    """How much the database holds; days are None where no quote has one."""

    quotes: int
    speakers: int
    articles: int
    first_day: str | None
    last_day: str | None


@dataclass(frozen=True, slots=True)
class Example:
    """A search to click on."""

    label: str
    asked: Question


def home(connection: sqlite3.Connection, visit: Visit) -> Page:  # noqa: ARG001  (as every page)
    """Return the start page."""
    quotes, *others = connection.execute(_FIGURES).fetchone()
    speakers = most_quoted(connection, 10)
    return Page(
        "home.html",
        {
            "figures": Figures(quotes or 0, others[0], others[1] or 0, *others[2:]),
            "speakers": speakers,
            "newest": newest(connection, Question(), 5),
            "examples": tuple(_examples(connection, speakers)),
        },
    )


def _examples(connection: sqlite3.Connection, speakers: tuple[Speaker, ...]) -> list[Example]:
    """Return searches that have hits: what a speaker said about a country, urged, or told another."""
    examples = []
    for speaker in speakers[:3]:
        row = connection.execute(
            "SELECT countries.name, code FROM chronicle JOIN mentions USING (quote_id)"
            " JOIN countries ON code = mentions.country"
            " WHERE speaker_id = ? LIMIT 1",
            [speaker.id],
        ).fetchone()
        if row:
            asked = question({"speaker": speaker.slug, "country": row[1]})
            examples.append(Example(f"{speaker.name} on {row[0]}", asked))
    return examples
