"""Stage 9: write articles and quotes to SQLite."""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from importlib.resources import files
from pathlib import Path

from sqlite_utils import Database

from quotes.models import Article, Office, Quote, Reject, Speaker
from quotes.roster import Roster
from quotes.rows import (
    QUOTE_COLUMNS,
    evidence_rows,
    known,
    quote_row,
    span_rows,
    uids,
)
from quotes.soundness import JOURNAL, PATIENCE, InUseError, StoreError, check, is_damage

FULL_TEXT = ("text", "source")
TOKENIZE = "porter unicode61 remove_diacritics 2"
_BATCH = 1000  # rows an INSERT
# The tables that hold what was found in articles, with the columns that are written.
_OF_QUOTES: dict[str, Sequence[str]] = {
    "quotes": QUOTE_COLUMNS,
    "spans": ("quote_id", "role", "start", "end"),
    "evidence": ("quote_id", "step", "method", "start", "end", "office_id"),
    "mentions": ("country", "quote_id"),
}


@dataclass(frozen=True, slots=True)
class Engine:
    """What extracts; where both parts are the same, so are the quotes."""

    version: str
    model: str


@dataclass(frozen=True, slots=True)
class Stored:
    """What the database has of an article: its known columns, and the engine that read it."""

    known: tuple[str | None, ...]
    engine: Engine

    @property
    def path(self) -> str:
        """Where it was read from."""
        return self.known[0] or ""


@dataclass(frozen=True, slots=True)
class Figures:
    """How much a database holds, and who is quoted most."""

    articles: int
    kinds: dict[str, int]
    speakers: tuple[tuple[str, int], ...]

    @property
    def quotes(self) -> int:
        """All quotes, of any kind."""
        return sum(self.kinds.values())


class Store:
    """A database being written, in a file that nobody else reads.

    Every write is a transaction of its own; ``finish`` makes the file fit to be served.
    """

    def __init__(self, path: Path) -> None:
        """Open the database at *path*, made if there is none.

        Raises:
            StoreError: it is something else (see ``check``), or somebody else has it open.
        """
        check(path)
        connection = sqlite3.connect(path, timeout=PATIENCE)
        connection.execute("PRAGMA foreign_keys = ON")
        try:
            (mode,) = connection.execute(f"PRAGMA journal_mode = {JOURNAL}").fetchone()
        except sqlite3.OperationalError as error:
            mode = error
        if mode != JOURNAL:
            connection.close()
            raise InUseError(f"{path}: in use with a write-ahead log ({mode})")
        self._db = Database(connection, execute_plugins=False)
        if not self._db.table_names():
            self._db.executescript(files("quotes").joinpath("schema.sql").read_text("utf-8"))
        self._build_id = 0
        self._roster = Roster(self._db)

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def builds(self) -> list[tuple[object, ...]]:
        """Return the rows of ``builds`` in order, to tell one state of a database from another."""
        return list(self._db.execute("SELECT * FROM builds ORDER BY id"))

    def last_engine(self) -> Engine | None:
        """Return the engine of the last build, None before the first."""
        row = self._db.execute(
            "SELECT version, model FROM builds ORDER BY id DESC LIMIT 1"
        ).fetchone()
        return Engine(*row) if row else None

    def begin(
        self,
        engine: Engine,
        speakers: Iterable[Speaker],
        offices: Iterable[Office],
        *,
        resume: bool = False,
    ) -> None:
        """Open a build, or go on with the last one; enter the registry."""
        with self._db.atomic():
            if not resume:
                row = {"started": _now(), "version": engine.version, "model": engine.model}
                self._db.table("builds").insert(row)
            self._build_id = self._last_id("builds")
            self._roster.enter_registry(speakers, offices)

    def folders(self) -> dict[str, str]:
        """Return the folders that articles were read from: the digest of each place by name."""
        return dict(self._db.execute("SELECT name, place FROM folders"))

    def enter_folders(self, folders: Mapping[str, str], *, moved: bool = False) -> None:
        """Note where the folders lie that articles come from, by name.

        Of a place only a digest is kept: the database may be published. *moved*: a folder that lies
        elsewhere now is the same.

        Raises:
            StoreError: articles of another folder of that name are in the database.
        """
        places = self.folders()
        now = {name: digest(place) for name, place in folders.items()}
        for name, place in now.items():
            if not moved and places.get(name, place) != place:
                raise StoreError(
                    f"{folders[name]}: the database has articles of another folder named {name};"
                    " give it another name, or say --moved if it is the same"
                )
        self._db.table("folders").insert_all(
            ({"name": name, "place": place} for name, place in now.items()), replace=True
        )

    def stored(self, uid: str) -> Stored | None:
        """Return what there is of an article, None if there is nothing."""
        row = self._db.execute(
            "SELECT path, url, title, publisher, author, place, published, language,"
            " version, model FROM articles JOIN builds ON builds.id = build_id WHERE uid = ?",
            [uid],
        ).fetchone()
        return Stored(row[:-2], Engine(*row[-2:])) if row else None

    def paths(self) -> Iterator[tuple[str, str]]:
        """Yield the uid and the path of every article."""
        yield from self._db.execute("SELECT uid, path FROM articles")

    def add(self, extracted: Sequence[tuple[Article, Sequence[Quote]]]) -> tuple[Reject, ...]:
        """Write articles with their quotes, in place of what there is of the same text.

        Return those that can't be written, with the reason. The others of the batch are.
        """
        try:
            self._add(extracted)
        except Exception as error:
            if isinstance(error, (sqlite3.OperationalError, OSError)) or is_damage(error):
                raise  # of the disk, and not of an article
            if len(extracted) > 1:
                return tuple(reject for one in extracted for reject in self.add([one]))
            reason = " ".join(f"storing failed: {type(error).__name__}: {error}".split())
            return (Reject(extracted[0][0].path, reason),)
        return ()

    def _add(self, extracted: Sequence[tuple[Article, Sequence[Quote]]]) -> None:
        with self._roster.as_before_if_it_fails(), self._db.atomic():
            self.drop(article.uid for article, _ in extracted)
            article_id, quote_id = self._last_id("articles"), self._last_id("quotes")
            rows: dict[str, list[Sequence[object]]] = {table: [] for table in _OF_QUOTES}
            for article, quotes in extracted:
                article_id += 1
                self._add_article(article_id, article)
                keys = uids(article, quotes)
                for position, (quote, uid) in enumerate(zip(quotes, keys, strict=True), start=1):
                    quote_id += 1
                    ids = (quote_id, article_id, *self._speaker_ids(quote, article.uid))
                    office = quote.resolution.office
                    office_id = self._roster.id_of_office(office) if office else None
                    rows["quotes"].append(quote_row(article, quote, uid, position, *ids))
                    rows["spans"] += span_rows(quote_id, quote.attribution)
                    rows["evidence"] += evidence_rows(quote_id, quote.resolution, office_id)
                    rows["mentions"] += ((country, quote_id) for country in quote.countries)
            for table, columns in _OF_QUOTES.items():
                self._insert(table, columns, rows[table])

    def drop(self, uids: Iterable[str]) -> None:
        """Delete articles with their quotes."""
        with self._db.atomic():
            self._db.conn.executemany("DELETE FROM articles WHERE uid = ?", ((u,) for u in uids))

    def rejects(self) -> frozenset[Reject]:
        """Return what could not be read in the last build."""
        rows = self._db.execute("SELECT path, reason FROM rejects")
        return frozenset(Reject(path, reason) for path, reason in rows)

    def finish(self, rejects: Iterable[Reject]) -> None:
        """Close the build: note its figures, index the text, optimize."""
        reasons = {reject.path: reject.reason for reject in rejects}
        with self._db.atomic():
            self._db.execute("DELETE FROM rejects")
            self._insert("rejects", ("path", "reason"), list(reasons.items()))
            self._db.execute(
                "DELETE FROM speakers WHERE listed = 0 AND id NOT IN"
                " (SELECT speaker_id FROM quotes WHERE speaker_id IS NOT NULL UNION"
                " SELECT addressee_id FROM quotes WHERE addressee_id IS NOT NULL)"
            )
            self._db.execute(
                "UPDATE builds SET finished = ?, articles = (SELECT count(*) FROM articles),"
                " quotes = (SELECT count(*) FROM quotes), rejected = ? WHERE id = ?",
                [_now(), len(reasons), self._build_id],
            )
        self._index()
        self._db.analyze()

    def figures(self) -> Figures:
        """Count what the database holds."""
        (articles,) = self._db.execute("SELECT count(*) FROM articles").fetchone()
        kinds = Counter(dict(self._db.execute("SELECT kind, count(*) FROM quotes GROUP BY kind")))
        speakers = self._db.execute(
            "SELECT name, count(*) AS n FROM quotes JOIN speakers ON speakers.id = speaker_id"
            " GROUP BY speaker_id ORDER BY n DESC, name LIMIT 5"
        )
        return Figures(articles, kinds, tuple(speakers))

    def _add_article(self, article_id: int, article: Article) -> None:
        fixed = {"id": article_id, "uid": article.uid, "build_id": self._build_id}
        self._db.table("articles").insert({**fixed, **known(article), "text": article.text})

    def _speaker_ids(self, quote: Quote, article_uid: str) -> tuple[int | None, int | None]:
        speaker, addressee = quote.resolution.speaker, quote.resolution.addressee
        return (
            self._roster.id_of(speaker, article_uid) if speaker else None,
            self._roster.id_of(addressee, article_uid) if addressee else None,
        )

    def _last_id(self, table: str) -> int:
        (last,) = self._db.execute(f"SELECT coalesce(max(id), 0) FROM [{table}]").fetchone()  # noqa: S608
        return int(last)

    def _insert(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        if rows:
            self._db.table(table).insert_all([columns, *rows], batch_size=_BATCH)

    def _index(self) -> None:
        """Index all text anew: with a load as large as a build's, faster than triggers."""
        quotes = self._db.table("quotes")
        if quotes.detect_fts():
            quotes.rebuild_fts()
        else:
            quotes.enable_fts(FULL_TEXT, tokenize=TOKENIZE)
        quotes.optimize()
        self._db.executescript(files("quotes").joinpath("index.sql").read_text("utf-8"))


def digest(place: str) -> str:
    """Return what tells the path of a folder from another's, and can't be read back: SHA-256 in hex."""
    return hashlib.sha256(os.fsencode(place)).hexdigest()


def _now() -> str:
    return datetime.now(timezone.utc).isoformat(timespec="seconds")
