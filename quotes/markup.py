"""Read texts whose attributions are marked inline, as people write them by hand.

``<s1>Li</s1> <q1>said</q1> <c1>that it rained</c1>`` marks a source, a cue and a content; spans of one
number belong to one attribution, and a source may serve several: ``<s1,2>Li</s1,2>``. Texts of one
file are parted by a line that holds only ``---``.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from quotes.annotations import Annotated, AnnotationError, Marked
from quotes.models import Article, Role, Span

ROLES: dict[str, Role] = {"s": "source", "q": "cue", "c": "content"}
_BETWEEN = re.compile(r"\n+---\n+")
_SPAN = re.compile(r"<([sqc])(\d+(?:,\d+)*)>(.+?)</\1\2>", re.DOTALL)
_TAG = re.compile(r"</?[sqc][\d,]*>")


def read_markup(path: Path) -> Iterator[Annotated]:
    """Yield the texts of a file with what is marked in them, named after it and numbered from 1.

    Raises:
        AnnotationError: the file can't be read, a tag has no partner, or an attribution no cue.
    """
    try:
        texts = _BETWEEN.split(path.read_text("utf-8").strip())
    except (OSError, UnicodeDecodeError) as error:
        raise AnnotationError(f"{path}: can't be read: {error}") from None
    for number, marked in enumerate(texts, start=1):
        where = f"{path}, text {number}"
        text, attributions = unmark(marked, where)
        article = Article(text, f"{path.stem}-{number}.txt", publisher=path.stem)
        yield Annotated(article, "", attributions)


def unmark(marked: str, where: str = "text") -> tuple[str, tuple[Marked, ...]]:
    """Take the tags out of a text; return it with the attributions that they marked.

    Raises:
        AnnotationError: a tag has no partner, or an attribution no cue; *where* begins the message.

    >>> text, (said,) = unmark("<s1>Li</s1> <q1>said</q1> <c1>that it rained</c1>.")
    >>> text, said.cue
    ('Li said that it rained.', (Span(start=3, end=7),))
    """
    text, done = "", 0
    spans: dict[int, dict[Role, list[Span]]] = defaultdict(lambda: defaultdict(list))
    for match in _SPAN.finditer(marked):
        text += marked[done : match.start()]
        span = Span(len(text), len(text) + len(match[3]))
        for number in match[2].split(","):
            spans[int(number)][ROLES[match[1]]].append(span)
        text += match[3]
        done = match.end()
    text += marked[done:]
    if stray := _TAG.search(text):
        raise AnnotationError(f"{where}: {stray.group()} has no partner")
    found = [
        Marked(*(tuple(parts[role]) for role in ("content", "cue", "source")))
        for parts in spans.values()
    ]
    if any(not one.cue for one in found):
        raise AnnotationError(f"{where}: an attribution has no cue")
    return text, tuple(sorted(one for one in found if one.content))
