"""A word near to one that is in no quote: "did you mean"."""

from __future__ import annotations

import re
import sqlite3
from dataclasses import replace

from rapidfuzz.distance import OSA

from quotes.plugin.asking.question import Question
from quotes.plugin.asking.words import Term

_LONGEST = 30  # characters of a word that is looked for


def nearest(connection: sqlite3.Connection, asked: Question) -> Question | None:
    """Return the question with its unknown words put right.

    None: every word is in some quote, or none is near.
    """
    typed = asked.typed
    for group in asked.words.groups:
        for term in group:
            for word in term.text.casefold().split():
                better = _better(connection, word)
                if better:
                    typed = _replaced(typed, word, better)
    if typed == asked.typed:
        return None
    return replace(asked, typed=typed, page=1)


def _better(connection: sqlite3.Connection, word: str) -> str | None:
    """Return the nearest known word that begins with the same letter, the most frequent of several.

    None if *word* itself is in some quote, in any inflection, or none is within two edits.
    """
    if len(word) < 3 or len(word) > _LONGEST or _occurs(connection, word):
        return None
    most = 1 if len(word) < 5 else 2
    rows = connection.execute(
        "SELECT word, quotes FROM vocabulary WHERE word >= ? AND word < ?"
        " AND length(word) BETWEEN ? AND ?",
        [word[0], word[0] + "\U0010ffff", len(word) - most, len(word) + most],
    )
    near = (
        (distance, -quotes, other)
        for other, quotes in rows
        if (distance := OSA.distance(word, other, score_cutoff=most)) <= most
    )
    return min(near, default=(0, 0, None))[2]


def _occurs(connection: sqlite3.Connection, word: str) -> bool:
    term = Term(word.replace('"', "")).expression
    sql = "SELECT 1 FROM chronicle_fts WHERE chronicle_fts MATCH ? LIMIT 1"
    return connection.execute(sql, [f"{{text source}}: ({term})"]).fetchone() is not None


def _replaced(typed: str, word: str, better: str) -> str:
    """Put *better* in the place of *word*, in whatever case it was typed.

    >>> _replaced('"Trde talks" -trde', "trde", "trade")
    '"trade talks" -trade'
    """
    return re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", lambda _: better, typed, flags=re.IGNORECASE)
