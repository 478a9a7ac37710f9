"""From paths to articles: ``find`` says which files there are, ``read`` reads one of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path, PurePosixPath

from quotes.models import Article, Notice, Reject
from quotes.read import dateline, dates, files, html, records, text
from quotes.read.dateline import Dateline
from quotes.read.decode import decode, settled, text_stream
from quotes.read.draft import Draft, Facts, Flaw, UnreadableError, kept
from quotes.read.find import File, Folder, Found, find
from quotes.read.limits import few

__all__ = ["Facts", "File", "Folder", "Found", "find", "read"]

# A report is filed within days of its dateline; further off, one of the two means something else.
_NEAR = timedelta(days=7)


def read(file: File) -> Iterator[Article | Notice | Reject]:
    r"""Yield the articles of a file, and what in it can't be read; nothing is raised for bad input.

    The text is as in the file, but for its encoding, its markup (HTML), its header lines (plain
    text) and its line ends, which become ``\n``. For each column the record itself comes first,
    then the sidecar, then header lines or markup, then the dateline, last a day in the address or
    the file's name. A notice comes right before the article that it is of.
    """
    return few(_read(file))


def _read(file: File) -> Iterator[Article | Notice | Reject]:
    nothing = True
    try:
        for part in _parts(file):
            nothing = False
            path = file.shown if part.record is None else f"{file.shown}#{part.record}"
            try:
                article, lost = _article(part, file, path)
            except UnreadableError as error:
                yield Reject(path, _one_line(error))
                continue
            yield from (Notice(path, line) for line in lost)
            yield article
    except UnreadableError as error:
        yield Reject(file.shown, _one_line(error))
    else:
        if nothing:
            yield Reject(file.shown, "empty")


def _parts(file: File) -> Iterator[Draft | Flaw]:
    if file.data is not None:
        yield text.read(settled(decode(file.data)))
        return
    path = Path(file.path)
    ending = files.ending(path.name)
    with files.opened(path) as stream:
        if ending in files.JSON_LINES or ending in files.TABLES:
            with text_stream(stream) as lines:
                yield from records.drafts(records.rows(path.name, lines, needed=("text",)))
        elif ending in files.JSON:
            yield from records.drafts(records.json_rows(files.whole(stream)))
        elif ending in files.HTML:
            yield html.read(files.whole(stream))
        else:
            yield text.read(settled(decode(files.whole(stream))))


def _article(part: Draft | Flaw, file: File, path: str) -> tuple[Article, tuple[str, ...]]:
    """Return the article of a part, and what of its facts was left out, a line each."""
    if isinstance(part, Flaw):
        raise UnreadableError(part.reason)
    body = settled(part.text)
    line = dateline.of_text(body) or Dateline()
    told = Facts(place=line.place, publisher=line.publisher)
    facts, lost = kept(part.stated.over(file.known).over(part.guessed).over(told))
    hint = dates.only_in(facts.url or "") or dates.only_in(PurePosixPath(file.path).name)
    published = facts.published or _day(line, hint)
    article = Article(
        text=body,
        path=path,
        url=facts.url,
        title=facts.title,
        publisher=facts.publisher,
        author=facts.author,
        place=facts.place,
        published=published,
        language=facts.language,
    )
    return article, lost


def _day(line: Dateline, hint: date | None) -> date | None:
    """Return the dateline's day, unless the day in the address or the name contradicts it."""
    said = line.date(near=hint)
    if said is None or (hint and abs(said - hint) > _NEAR):
        return hint
    return said


def _one_line(error: UnreadableError) -> str:
    return " ".join(str(error).split())
