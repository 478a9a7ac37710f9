"""A quote and its article, as citations and linked data need them."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, fields, replace
from typing import Any, Literal

from quotes.plugin.addresses import web_address
from quotes.plugin.citing.bylines import Author, authors
from quotes.plugin.days import day_parts

Kind = Literal["direct", "mixed", "indirect"]
_DIRECTION = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_TAG = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")
_MARKS = '"“”„‟«»＂ '


@dataclass(frozen=True, slots=True)
class Citable:
    """A quote in its article. None: not known.

    Args:
        uid: the quote's lasting key.
        permalink: whole address of our page of the quote.
        text: what was said, as printed, its quotation marks included.
        kind: whether it is quoted in full, in part or not at all.
        verbatim: the words in quotation marks.
        speaker: who said it, by name.
        source: who said it, as printed ("the president").
        office: the speaker's on that day, such as "President of Norland".
        said_on: day on which it was said, ISO 8601.
        title, publisher, author, place, published, url, language: those of the article; *place* is where
            it was reported from, *published* an ISO date, *language* a BCP 47 tag.
    """

    uid: str
    permalink: str
    text: str
    kind: Kind
    verbatim: str | None = None
    speaker: str | None = None
    source: str | None = None
    office: str | None = None
    said_on: str | None = None
    title: str | None = None
    publisher: str | None = None
    author: str | None = None
    place: str | None = None
    published: str | None = None
    url: str | None = None
    language: str | None = None

    @property
    def clean(self) -> Citable:
        """The same, each text in one line, without what is unreadable, unsafe or empty."""
        lines: dict[str, Any] = {
            field.name: one_line(getattr(self, field.name)) or None
            for field in fields(self)
            if field.default is None
        }
        lines |= {
            "text": one_line(self.text),
            "permalink": web_address(self.permalink) or "",
            "url": web_address(self.url),
            "language": self.language if _TAG.fullmatch(self.language or "") else None,
        }
        return replace(self, **lines)

    @property
    def words(self) -> str:
        """What was said: of a direct quote only what is within the quotation marks.

        A comma at its end is the article's sentence going on, and left out.

        >>> Citable("1", "", '"It rains,"', "direct").words
        'It rains'
        """
        direct = self.verbatim or self.text.strip(_MARKS)
        said = (direct or self.text) if self.kind == "direct" else self.text
        return said.rstrip(" ,;:") or said or "…"

    @property
    def authors(self) -> tuple[Author, ...]:
        """Who wrote the article."""
        return authors(self.author, self.publisher)

    @property
    def unsigned(self) -> bool:
        """Whether no author is known besides the publisher."""
        names = [author.name.casefold() for author in self.authors]
        return not names or names == [(self.publisher or "").casefold()]

    @property
    def day(self) -> tuple[int, ...]:
        """Year, month and day of publication, as many as are known."""
        return day_parts(self.published)

    @property
    def key(self) -> str:
        """A key for lists of references, the same in every build.

        >>> Citable("de9b8dec112df43b-31", "", "", "direct").key
        'quote-de9b8dec112df43b-31'
        """
        return "quote-" + re.sub(r"[^A-Za-z0-9-]", "_", self.uid)


def one_line(text: str | None) -> str:
    r"""Return *text* in one line, without control characters and marks that turn its direction.

    >>> one_line(" It\n rains\0\u202e \u2028 again"), one_line(None)
    ('It rains again', '')
    """
    spaced = (" " if c.isspace() else c for c in text or "")
    return " ".join("".join(c for c in spaced if not _invisible(c)).split())


def _invisible(character: str) -> bool:
    return (
        character in _DIRECTION
        or unicodedata.category(character) in ("Cc", "Cs")
        or "\ufdd0" <= character <= "\ufdef"
        or ord(character) & 0xFFFE == 0xFFFE  # the noncharacters that end each plane
    )
