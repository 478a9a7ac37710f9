"""What fits a question: how many there are, counted by speaker, year and so on, and the hits.

All through one index of words and filters in order of days (``quotes/index.sql``). How many there
are is exact. Where they are more than ``POOL``, the counts of facets are estimated from every 8th,
64th or 512th quote. Up to ``WEIGHED`` hits, and up to ``POOL`` of a single word, are weighed by BM25; of
more the best are those in which the words stand close together, then the newest: to weigh all quotes
that hold a common word takes seconds, and tells nothing.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from quotes.plugin.asking.question import FILTERS, LAST_PAGE, NOBODY, PAGE_SIZE, Question
from quotes.plugin.lookup.labels import labels
from quotes.plugin.lookup.records import Hit, by_id

POOL = 5_000
WEIGHED = 1_000
EVERY = "tags:every"
_SAMPLES = (8, 64, 512)
_WHERE = " WHERE chronicle_fts MATCH :match AND chronicle_fts.rowid BETWEEN :low AND :high"
_FITTING = " FROM chronicle_fts" + _WHERE
_COLUMNS = "SELECT day, speaker_id, kind, publisher, addressee_id, act, channel, countries"
_SAMPLED = _COLUMNS + " FROM chronicle WHERE id IN (SELECT rowid" + _FITTING + ")"
_POOLED = _COLUMNS + " FROM chronicle WHERE id IN (SELECT value FROM json_each(?))"  # noqa: S608
_NEWEST = "SELECT rowid" + _FITTING + " ORDER BY rowid DESC LIMIT :limit OFFSET :offset"
_OLDEST = "SELECT rowid" + _FITTING + " ORDER BY rowid LIMIT :limit OFFSET :offset"
# BM25 alone would put first what is nothing but the word.
_BEST = (
    "SELECT id FROM chronicle_fts CROSS JOIN chronicle ON id = chronicle_fts.rowid"  # noqa: S608
    f"{_WHERE} ORDER BY bm25(chronicle_fts, 1, 0.5, 0) * min(1, length / 80.0), id DESC"
    " LIMIT :limit OFFSET :offset"
)
_COUNTED_BY = ("speaker", "kind", "publisher", "addressee", "act", "channel")


@dataclass(frozen=True, slots=True)
class Value:
    """A value of a facet: as in the address, as people read it, and how many hits have it."""

    value: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class Found:
    """What fits: how many, how they are spread, and a page of them.

    Args:
        total: their number, exact.
        reachable: how many of them the pages lead to.
        about: whether the counts by facet and by day are estimated from a sample.
        facets: the values of each filter, the most frequent first; years from the last to the first.
        days: how many hits a day has.
        hits: those of the page that is asked for.
    """

    total: int
    reachable: int
    about: bool
    facets: Mapping[str, Sequence[Value]]
    days: Mapping[str, int]
    hits: tuple[Hit, ...]


def find(
    connection: sqlite3.Connection, asked: Question, limit: int = PAGE_SIZE, most: int = 50
) -> Found:
    """Return what fits, *limit* hits a page, and at most so many values of each facet."""
    bound = _bound(connection, asked)
    pool = _ids(connection, _NEWEST, bound, POOL + 1)
    complete = len(pool) <= POOL
    older = 0 if complete else _total(connection, {**bound, "high": pool[-1] - 1})
    total = len(pool) + older
    step = 1 if complete else next((n for n in _SAMPLES if total / n <= POOL / 2), _SAMPLES[-1])
    facets, days = _count(connection, bound, pool, step, most)
    offset = (asked.page - 1) * limit
    if asked.order == "best":
        reachable = min(total, POOL)
        ids = _best(connection, asked, bound, pool, offset + limit)[offset:]
    else:
        reachable = min(total, LAST_PAGE * PAGE_SIZE)
        sql = _OLDEST if asked.order == "oldest" else _NEWEST
        ids = _ids(connection, sql, bound, limit, offset)
    return Found(total, reachable, step > 1, facets, days, by_id(connection, ids, asked.words))


def count(connection: sqlite3.Connection, asked: Question) -> int:
    """Return how many fit."""
    return _total(connection, _bound(connection, asked))


def newest(
    connection: sqlite3.Connection, asked: Question, limit: int = PAGE_SIZE
) -> tuple[Hit, ...]:
    """Return the newest that fit, without counting them."""
    ids = _ids(connection, _NEWEST, _bound(connection, asked), limit)
    return by_id(connection, ids, asked.words)


def in_order(
    connection: sqlite3.Connection, asked: Question, after: int = 0, size: int = 500
) -> tuple[Hit, ...]:
    """Return what fits from the oldest on, behind a place in the order of days."""
    bound = _bound(connection, asked)
    bound["low"] = max(int(bound["low"]), after + 1)
    return by_id(connection, _ids(connection, _OLDEST, bound, size), asked.words)


def tag(name: str, value: str) -> str:
    """Return the word that the index has for a filter.

    >>> tag("kind", "direct"), tag("speaker", NOBODY)
    ('kind646972656374', 'speaker')
    """
    nobody = name == "speaker" and value == NOBODY
    return name + ("" if nobody else value.encode("utf-8", "replace").hex())


def match(asked: Question, words: str | None = None) -> str:
    """Return the FTS5 expression of a question's words and filters; its days are no part of it.

    *words*: an expression to stand in place of that of the question's words.
    """
    expression = asked.words.expression if words is None else words
    parts = ["{text source}: (" + expression + ")"] if expression else []
    parts += [f"tags:{tag(name, value)}" for name, value in asked.filters if name != "year"]
    wanted = " AND ".join(parts) or EVERY
    without = asked.words.unwanted
    return f"({wanted}) NOT {{text source}}: ({without})" if without else wanted


def _bound(connection: sqlite3.Connection, asked: Question) -> dict[str, str | int]:
    """Return the parameters of a question: its expression, and its part of the order of days."""
    low, high = _extent(connection, *asked.days)
    return {"match": match(asked), "low": low, "high": high}


def _extent(connection: sqlite3.Connection, first: str | None, last: str | None) -> tuple[int, int]:
    """Return the part of the order of days between two days: its first and its last place."""
    low, high = connection.execute(
        "SELECT (SELECT id FROM chronicle WHERE day >= :first ORDER BY day, id LIMIT 1),"
        " (SELECT id FROM chronicle WHERE day <= :last ORDER BY day DESC, id DESC LIMIT 1)",
        {"first": first or "", "last": last or "~"},
    ).fetchone()
    if first is None and last is None:
        (end,) = connection.execute("SELECT max(id) FROM chronicle").fetchone()
        return 1, end or 0
    return (low, high) if low is not None and high is not None else (1, 0)


def _ids(
    connection: sqlite3.Connection,
    sql: str,
    bound: Mapping[str, str | int],
    limit: int,
    offset: int = 0,
) -> list[int]:
    return [row[0] for row in connection.execute(sql, {**bound, "limit": limit, "offset": offset})]


def _best(
    connection: sqlite3.Connection,
    asked: Question,
    bound: Mapping[str, str | int],
    pool: Sequence[int],
    most: int,
) -> Sequence[int]:
    """Return the best, best first, so many at most.

    *pool* are the newest of those that fit: all, or one more than ``POOL``.
    """
    words = asked.words
    if words.groups and len(pool) <= (POOL if words.is_one_word else WEIGHED):
        return _ids(connection, _BEST, bound, most)
    if not words.close:
        return pool[: min(most, POOL)]
    close = _ids(connection, _NEWEST, {**bound, "match": match(asked, words.close)}, most)
    rest = pool if len(close) < most else ()
    return [*close, *sorted(set(rest) - set(close), reverse=True)][: min(most, POOL)]


def _total(connection: sqlite3.Connection, bound: Mapping[str, str | int]) -> int:
    if bound["match"] == EVERY:
        return max(0, int(bound["high"]) - int(bound["low"]) + 1)
    (total,) = connection.execute("SELECT count(*)" + _FITTING, bound).fetchone()
    return int(total)


def _count(
    connection: sqlite3.Connection,
    bound: Mapping[str, str | int],
    pool: Sequence[int],
    step: int,
    most: int,
) -> tuple[dict[str, tuple[Value, ...]], dict[str, int]]:
    """Count hits by filter and by day, all in *pool* or every *step*-th of all that fits."""
    if step == 1:
        rows = connection.execute(_POOLED, [json.dumps(pool)])
    else:
        sample = f"({bound['match']}) AND tags:sample{step}"
        rows = connection.execute(_SAMPLED, {**bound, "match": sample})
    columns = list(zip(*rows, strict=True)) or [()] * (len(_COUNTED_BY) + 2)
    days, speakers, *others, countries = columns
    counts: dict[str, Counter[str]] = {
        "speaker": Counter(speaker or NOBODY for speaker in speakers),
        "year": Counter(day[:4] for day in days if day),
        "country": Counter(" ".join(filter(None, countries)).split()),
        **{name: Counter(column) for name, column in zip(_COUNTED_BY[1:], others, strict=True)},
    }
    facets = {name: _values(connection, name, counts[name], step, most) for name in FILTERS}
    return facets, {day: count * step for day, count in Counter(filter(None, days)).items()}


def _values(
    connection: sqlite3.Connection, name: str, counts: Counter[str], step: int, most: int
) -> tuple[Value, ...]:
    """Return the most frequent values with their labels, years from the last to the first."""
    counts.pop(None, None)  # type: ignore[call-overload]  # where there is no value
    top = [(str(key), count * step) for key, count in counts.most_common(most)]
    if name == "year":
        top.sort(reverse=True)
    called = labels(connection, name, (key for key, _ in top))
    return tuple(Value(*called[key], count) for key, count in top)
