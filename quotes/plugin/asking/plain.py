"""A question in plain words: who said it, to whom, about what.

``what did Lee tell Berg about cooperation`` asks for what Ann Lee said to Bob Berg with the word
cooperation: names of speakers become filters, words that carry no matter are left out.
"""

from __future__ import annotations

import sqlite3
from dataclasses import replace

from quotes.data import load
from quotes.plugin.asking.question import Question
from quotes.plugin.lookup.speakers import HAS_WORD, folded

_NAMES = """
SELECT slug, kind = 'person', '-' || slug || '-' FROM (
  SELECT slug, kind, quotes FROM speakers WHERE quotes > 0 ORDER BY quotes DESC LIMIT 20000
) WHERE %s ORDER BY quotes DESC
"""
_LONGEST_NAME = 3  # words
_MOST = 10  # words that are read so


def readings(connection: sqlite3.Connection, asked: Question) -> tuple[Question, ...]:
    """Return what the words may mean with a speaker's name in them, the fullest reading first.

    Only plain words are read so: nothing in quotation marks, no ``-``, ``*`` or ``OR``. Empty: nothing
    is named by them, and none of them can be left out.
    """
    if not _is_plain(asked) or asked.value("speaker"):
        return ()
    words = [term.text for (term,) in asked.words.groups]
    speaker, addressee, matter = _read(connection, words)
    bare = replace(asked, typed=" ".join(matter), sort=None, page=1)
    full = []
    if speaker and addressee and not asked.value("addressee"):
        full.append(bare.having("speaker", speaker).having("addressee", addressee))
    if speaker:
        full.append(bare.having("speaker", speaker))
    elif matter and len(matter) < len(words):
        full.append(bare)
    return tuple(full)


def _is_plain(asked: Question) -> bool:
    words = asked.words
    terms = [term for group in words.groups for term in group]
    return (
        0 < len(terms) <= _MOST
        and not words.without
        and len(terms) == len(words.groups)
        and not any(term.prefix or " " in term.text for term in terms)
    )


def _read(
    connection: sqlite3.Connection, words: list[str]
) -> tuple[str | None, str | None, list[str]]:
    """Return the slugs of who speaks and to whom, and the words that carry the matter."""
    before = {row["word"]: row["before"] for row in load("function_words")}
    bare = [_bare(word) for word in words]
    named = _Named(connection, [word for word in bare if word and word not in before])
    speaker = addressee = None
    matter: list[str] = []
    place = 0
    while place < len(words):
        told = place > 0 and before.get(bare[place - 1]) == "to"
        free = bare[place] not in before and (speaker is None or (told and addressee is None))
        slug, length = named.first(bare[place:]) if free else (None, 1)
        if slug and speaker is None:
            speaker = slug
        elif slug:
            addressee = slug
        elif bare[place] not in before:
            matter.append(bare[place])
        place += length
    return speaker, addressee, matter


def _bare(word: str) -> str:
    return word.strip(".,;:!?()'’\"").removesuffix("'s").removesuffix("’s").lower()


class _Named:
    """The speakers who have one of some words in their names, the most quoted first."""

    def __init__(self, connection: sqlite3.Connection, words: list[str]) -> None:
        keys = [f"-{key}-" for word in words if (key := folded(word))]
        has_one = " OR ".join([HAS_WORD] * len(keys)) or "false"
        self._speakers = connection.execute(_NAMES % has_one, keys).fetchall()

    def first(self, words: list[str]) -> tuple[str | None, int]:
        """Return whom the first words name, and how many do; (None, 1): nobody.

        One word alone names a person only: "house" is not the White House.
        """
        for length in range(min(_LONGEST_NAME, len(words)), 0, -1):
            name = f"-{folded(' '.join(words[:length]))}-"
            for slug, is_person, key in self._speakers:
                if name in key and (is_person or length > 1):
                    return str(slug), length
        return None, 1
