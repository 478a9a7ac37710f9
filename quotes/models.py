"""What the stages hand to each other: frozen dataclasses, and nothing else.

Offsets are code points into ``Article.text``, half-open: ``text[start:end]`` is what is meant, with
``0 <= start < end <= len(text)``.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

Kind = Literal["direct", "mixed", "indirect"]
Role = Literal["source", "cue", "content"]
Ending = Literal["closed", "continued", "missing"]
LONGEST_NAME = 100  # characters: what is longer names nobody


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of text.

    >>> Span(3, 5).of("Xi said")
    'sa'
    """

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"not a span: [{self.start}, {self.end})")

    def of(self, text: str) -> str:
        """Return the words of *text* that the span covers."""
        return text[self.start : self.end]

    def moved(self, by: int) -> Span:
        """Return the span so many characters further on."""
        return Span(self.start + by, self.end + by)

    def covers(self, other: Span) -> bool:
        """Whether *other* lies wholly inside this span."""
        return self.start <= other.start and other.end <= self.end


def trim(text: str, start: int, end: int) -> Span | None:
    """Return a stretch of *text* without the white space at its ends, None if nothing is left.

    >>> trim("a  b c ", 1, 7)
    Span(start=3, end=6)
    """
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return Span(start, end) if start < end else None


@dataclass(frozen=True, slots=True)
class Article:
    """A text as read, and what is known about it (None: not known).

    ``path`` is the file, from the name of the folder given on (``news/2024/a.txt``), followed by ``#n``
    for the n-th record (from 1) of a file that holds many. ``language`` is a BCP 47 tag.
    """

    text: str
    path: str
    url: str | None = None
    title: str | None = None
    publisher: str | None = None
    author: str | None = None
    place: str | None = None
    published: date | None = None
    language: str | None = None

    @property
    def uid(self) -> str:
        """The first 16 hex digits of SHA-256 over the UTF-8 text: same text, same article.

        >>> Article("Xi said so.", "a.txt").uid == Article("Xi said so.", "b.txt").uid
        True
        """
        return hashlib.sha256(self.text.encode("utf-8")).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Reject:
    """What could not be read or stored: its path (as in ``Article.path``), and why in one line."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that was read otherwise than it stands: the article's path, and what in one line."""

    path: str
    text: str


@dataclass(frozen=True, slots=True, order=True)
class Token(Span):
    """A word, a number or one mark of punctuation."""

    text: str


@dataclass(frozen=True, slots=True)
class Quotation:
    """What stands between a pair of quotation marks, marks included.

    Args:
        span: from the opening mark to the closing one, or to the end of the paragraph.
        inner: the words inside, without marks and the white space beside them.
        depth: 0 for an outermost quotation, 1 for one inside it, and so on.
        ending: ``closed`` by a mark; ``continued`` in the next paragraph, which reopens it; or
            ``missing``: the paragraph ends, and nothing tells where the quotation does.
        continues: whether it goes on from the paragraph before.
    """

    span: Span
    inner: Span
    depth: int = 0
    ending: Ending = "closed"
    continues: bool = False


@dataclass(frozen=True, slots=True)
class Segments:
    """The parts of a text, each tuple in order of the text.

    Tokens lie inside sentences, these inside units, units and quotations inside paragraphs. A unit
    is a sentence, or several that a quotation holds together.
    """

    paragraphs: tuple[Span, ...]
    units: tuple[Span, ...]
    sentences: tuple[Span, ...]
    tokens: tuple[Token, ...]
    quotations: tuple[Quotation, ...]


@dataclass(frozen=True, slots=True)
class Label:
    """A span that the tagger found to play a role, with its confidence from 0 to 1."""

    span: Span
    role: Role
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Link:
    """That a content may belong to a cue, or a cue to a source: numbers among the labels.

    ``head`` is None for none of them; ``probability`` from 0 to 1, those of a dependent sum to 1.
    """

    dependent: int
    head: int | None
    probability: float


@dataclass(frozen=True, slots=True)
class Labelling:
    """What the tagger found: labels in order of the text, apart from each other, and links."""

    labels: tuple[Label, ...] = ()
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Attribution:
    """One source saying one thing by one cue.

    Args:
        content: what is said; one or more spans in order of the text.
        cue: "said", "called for"; None where only position tells (a colon, a transcript).
        source: who, as printed; None where nobody is named.
        carried: whether the source stands at another cue: "Li said …, adding …".
        kind: ``direct`` (all content inside quotation marks), ``indirect`` (none) or ``mixed``.
        verbatim: the words inside quotation marks, in order of the text.
        confidence: from 0 to 1.
        outer: the place, among its like, of the one in whose content it stands; None: outermost.
    """

    content: tuple[Span, ...]
    cue: Span | None
    source: Span | None
    kind: Kind
    verbatim: tuple[Span, ...] = ()
    confidence: float = 1.0
    carried: bool = False
    outer: int | None = None

    def moved(self, by: int) -> Attribution:
        """Return the attribution with all of its spans so many characters further on."""
        return replace(
            self,
            content=tuple(span.moved(by) for span in self.content),
            cue=self.cue.moved(by) if self.cue else None,
            source=self.source.moved(by) if self.source else None,
            verbatim=tuple(span.moved(by) for span in self.verbatim),
        )

    @property
    def extent(self) -> Span:
        """From the first to the last of its spans, but for a source that is carried."""
        source = None if self.carried else self.source
        spans = [*self.content, *filter(None, (self.cue, source))]
        return Span(min(span.start for span in spans), max(span.end for span in spans))


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who can say something: a person or an organization.

    ``name`` is the fullest form known, ``aliases`` are others that the press uses; ``country`` is ISO
    3166 alpha-2, ``wikidata`` the item, such as ``Q15031``; ``listed``: it is in our registry.
    """

    name: str
    kind: Literal["person", "organization"] = "person"
    aliases: tuple[str, ...] = ()
    country: str | None = None
    wikidata: str | None = None
    pronoun: str | None = None
    listed: bool = False


@dataclass(frozen=True, slots=True)
class Office:
    """An office that a speaker held from ``start`` until before ``end`` (None: still)."""

    holder: str
    office: str
    body: str | None
    country: str | None
    start: date
    end: date | None
    source: str


@dataclass(frozen=True, slots=True)
class Step:
    """A mention on the way from a source to its speaker, and by which method it leads on."""

    span: Span
    method: str


@dataclass(frozen=True, slots=True)
class Resolution:
    """Who the source of an attribution is, and how that was found.

    ``speaker`` and ``method`` are None where nobody, or more than one, fits. ``chain``: the mentions
    from the source to the one that names the speaker; ``office``: what decided, if one did;
    ``runner_up``: who was considered next; ``addressee``: who was spoken to, if known.
    """

    speaker: Speaker | None = None
    method: str | None = None
    chain: tuple[Step, ...] = ()
    office: Office | None = None
    runner_up: Speaker | None = None
    addressee: Speaker | None = None

    def moved(self, by: int) -> Resolution:
        """Return the resolution with its chain so many characters further on."""
        return replace(self, chain=tuple(Step(s.span.moved(by), s.method) for s in self.chain))


@dataclass(frozen=True, slots=True)
class Context:
    """What else the text tells of a statement; None where it does not."""

    act: str | None = None
    said_on: date | None = None
    channel: str | None = None
    relayed_by: str | None = None


@dataclass(frozen=True, slots=True)
class Quote:
    """An attribution with its speaker and context: one row of ``quotes``.

    ``countries`` are the ISO 3166 alpha-2 codes of those it speaks of, in the order of its words;
    ``paragraph`` is the one it starts in, from 1; ``outer`` the place, among the article's, of its outer one.
    """

    attribution: Attribution
    resolution: Resolution
    context: Context
    countries: tuple[str, ...]
    paragraph: int
    outer: int | None = None
