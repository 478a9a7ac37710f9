"""Read articles whose attributions were marked by hand, in the way of PolNeAR.

A compartment is a folder with ``text/NAME.txt`` and ``attributions/NAME_ANNOTATOR.ann``, the latter
in brat's standoff format (https://brat.nlplab.org/standoff.html): ``T`` lines are spans, ``E`` lines
attributions. PolNeAR is described in Newell, Margolin, Ruths, "An Attribution Relations Corpus for
Political News", LREC 2018.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from quotes.models import Article, Role, Span

_SPAN_LINE = re.compile(r"(T\d+)\t\S+ (\d+ \d+(?:;\d+ \d+)*)(?:\t|$)")
_ATTRIBUTION_LINE = re.compile(r"E\d+\t(\S+:T\d+(?: \S+:T\d+)*) ?$")
# A second content is "Content2"; "Attribution" repeats the span of the cue.
_ROLES: dict[str, Role] = {"Source": "source", "Cue": "cue", "Content": "content"}


class AnnotationError(ValueError):
    """A compartment can't be read; the message says in one line what is wrong, and where."""


@dataclass(frozen=True, slots=True, order=True)
class Marked:
    """An attribution marked by hand: the parts of each role in order of the text, or none."""

    content: tuple[Span, ...]
    cue: tuple[Span, ...]
    source: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Annotated:
    """An article with what one annotator marked in it.

    ``article.path`` is its text file, and ``article.publisher`` what ``metadata.tsv`` says or how
    the file's name begins, ``article.published`` the day there. ``annotator`` is empty where the file doesn't name one. What has no
    content isn't among the ``attributions``.
    """

    article: Article
    annotator: str
    attributions: tuple[Marked, ...]

    @property
    def name(self) -> str:
        """The name of the text file without its ending."""
        return Path(self.article.path).stem


def read_annotations(compartment: Path) -> Iterator[Annotated]:
    """Yield what is annotated in a folder, in order of article and annotator.

    Raises:
        AnnotationError: a folder or a file is missing, a file is malformed, or a span lies outside
            its text.
    """
    texts = {path.stem: path for path in _files(compartment / "text", ".txt")}
    facts = _facts(compartment)
    annotations: dict[str, dict[str, Path]] = defaultdict(dict)
    for path in _files(compartment / "attributions", ".ann"):
        name, _, annotator = (
            (path.stem, "", "") if path.stem in texts else path.stem.rpartition("_")
        )
        if name not in texts:
            raise AnnotationError(f"{path}: its text is not in {compartment / 'text'}")
        annotations[name][annotator] = path
    for name, path in texts.items():
        if name not in annotations:
            raise AnnotationError(f"{path}: nobody annotated it")
        publisher, published = facts.get(name, ("", None))
        publisher = publisher or name.partition("_")[0]
        article = Article(_read(path), str(path), publisher=publisher, published=published)
        for annotator, file in sorted(annotations[name].items()):
            yield Annotated(article, annotator, tuple(_attributions(file, article.text)))


def _files(folder: Path, ending: str) -> list[Path]:
    if not folder.is_dir():
        raise AnnotationError(f"no such folder: {folder}")
    files = sorted(folder.glob(f"*{ending}"))
    if not files:
        raise AnnotationError(f"no {ending} file in {folder}")
    return files


def _read(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8")  # read_text would turn \r\n to \n
    except (OSError, UnicodeDecodeError) as error:
        raise AnnotationError(f"{path}: can't be read: {error}") from None


def _facts(compartment: Path) -> dict[str, tuple[str, date | None]]:
    """Return publisher and day of each article that ``metadata.tsv``, here or one above, names."""
    for folder in (compartment, compartment.resolve().parent):
        path = folder / "metadata.tsv"
        if path.is_file():
            rows = csv.DictReader(_read(path).splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
            if not {"filename", "publisher"} <= set(rows.fieldnames or ()):
                raise AnnotationError(f"{path}: has no columns filename and publisher")
            return {row["filename"]: (row["publisher"], _day(row, path)) for row in rows}
    return {}


def _day(row: Mapping[str, str], path: Path) -> date | None:
    day = row.get("publication_date")
    try:
        return date.fromisoformat(day) if day else None
    except ValueError:
        raise AnnotationError(f"{path}: {day!r} is no day") from None


def _attributions(path: Path, text: str) -> Iterator[Marked]:
    spans: dict[str, tuple[Span, ...]] = {}
    attributions = []
    for number, line in enumerate(_read(path).split("\n"), start=1):
        where = f"{path}, line {number}"
        if re.match(r"T\d+\t", line):
            identifier, parts = _spans(line.rstrip("\r"), where)
            if parts[-1].end > len(text):
                raise AnnotationError(f"{where}: reaches over the end of its text ({len(text)})")
            spans[identifier] = parts
        elif re.match(r"E\d+\t", line):
            attributions.append((line.rstrip("\r"), where))
        # Else a note, or the rest of a span's words: brat escapes no line ends in them.
    for line, where in attributions:
        marked = _attribution(line, spans, where)
        if marked.content:
            yield marked


def _spans(line: str, where: str) -> tuple[str, tuple[Span, ...]]:
    """Return the identifier and the parts of a span."""
    match = _SPAN_LINE.match(line)
    if match is None:
        raise AnnotationError(f"{where}: not a span of brat's standoff format")
    try:
        parts = [Span(*map(int, part.split(" "))) for part in match[2].split(";")]
    except ValueError as error:
        raise AnnotationError(f"{where}: {error}") from None
    return match[1], tuple(sorted(parts))


def _attribution(line: str, spans: Mapping[str, tuple[Span, ...]], where: str) -> Marked:
    match = _ATTRIBUTION_LINE.match(line)
    if match is None:
        raise AnnotationError(f"{where}: not an attribution of brat's standoff format")
    roles: dict[Role, list[Span]] = {"content": [], "cue": [], "source": []}
    for argument in match[1].split(" "):
        name, _, identifier = argument.rpartition(":")
        if identifier not in spans:
            raise AnnotationError(f"{where}: there is no {identifier}")
        role = _ROLES.get(name.rstrip("0123456789"))
        if role:
            roles[role] += spans[identifier]
    return Marked(**{role: tuple(sorted(parts)) for role, parts in roles.items()})
