"""Who wrote an article, as its byline tells: persons where they are plain, else the byline as printed."""

from __future__ import annotations

import re
from dataclasses import dataclass

_BY = re.compile(r"by:?\s+", re.IGNORECASE)
_BETWEEN = re.compile(r"\s*[,;]\s*(?:and\s+)?|\s+(?:and|&)\s+", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|['’.-])*")
_PARTICLES = frozenset(
    "af al av bin da dal de del della den der di do dos du e el ibn"  # noqa: SIM905
    " la le ten ter van von y zu".split()
)
_NO_PERSON = frozenset(
    "agence agencies agency agents associated bureau channel chronicle company correspondent"  # noqa: SIM905
    " correspondents daily desk digital editor editorial editors gazette government group guardian"
    " herald international journal limited magazine media ministry monitor network news newspaper"
    " newspapers newsroom newswire observer office online post press radio report reporter reporters"
    " review service services staff star team television times today tribune tv web wire with world"
    " writer writers jr sr ii iii iv".split()
)


@dataclass(frozen=True, slots=True)
class Author:
    """Who wrote it: a person with a family name, or a name that stays whole (``family`` is None)."""

    name: str
    family: str | None = None
    given: str | None = None

    @property
    def initials(self) -> str:
        """The given names cut to their first letters.

        >>> Author("Jo-Ann M. Lee", "Lee", "Jo-Ann M.").initials
        'J.-A. M.'
        """
        words = [word.split("-") for word in (self.given or "").split()]
        return " ".join("-".join(f"{part[0]}." for part in word if part) for word in words)


def authors(byline: str | None, publisher: str | None = None) -> tuple[Author, ...]:
    """Return who wrote it: each person, or if not all are plainly persons, the byline as one name.

    >>> [(a.family, a.given) for a in authors("By Ann Lee and Ludwig van Berg")]
    [('Lee', 'Ann'), ('van Berg', 'Ludwig')]
    >>> authors("Norland News Agency")
    (Author(name='Norland News Agency', family=None, given=None),)
    """
    line = " ".join((byline or "").split())
    begun = _BY.match(line)
    whole = line[begun.end() :] if begun else line
    if not whole:
        return ()
    if publisher and whole.casefold() == publisher.casefold():
        return (Author(whole),)
    persons = [_person(part) for part in _BETWEEN.split(whole)]
    found = tuple(person for person in persons if person)
    return found if len(found) == len(persons) else (Author(whole),)


def _person(name: str) -> Author | None:
    """Return a person by two to five words of a name, None for what may be none."""
    words = name.split()
    if not 2 <= len(words) <= 5 or not all(_WORD.fullmatch(word) for word in words):
        return None
    if any(word.casefold().rstrip(".") in _NO_PERSON for word in words):
        return None
    small = [n for n, word in enumerate(words) if not word[0].isupper()]
    if 0 in small or len(words) - 1 in small or any(words[n] not in _PARTICLES for n in small):
        return None
    cut = small[0] if small else len(words) - 1
    return Author(name, " ".join(words[cut:]), " ".join(words[:cut]))
