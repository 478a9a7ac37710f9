"""Write a database of made-up quotes: ``python benchmarks/synthetic.py quotes-1m.db``.

To measure how a large database is served. Words, names and publishers are made of syllables; how
often they come is as in real news: few very often, most hardly ever. The same ``--seed`` and
``--quotes`` give the same rows, but for the times in ``builds``.
"""

from __future__ import annotations

import argparse
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import Generic, TypeVar

from quotes.data import load
from quotes.models import (
    Article,
    Attribution,
    Context,
    Kind,
    Office,
    Quote,
    Resolution,
    Span,
    Speaker,
    Step,
)
from quotes.store import Engine, Store

WORDS, BIGRAMS, SPEAKERS, LISTED, PUBLISHERS = 40_000, 400, 5_000, 300, 40
FIRST, DAYS = date(2012, 1, 1), 15 * 365  # to the end of 2026
BATCH = 500  # articles a transaction
SAMPLE = 2_000  # quotes whose offsets are checked
ONSETS = (*"bcdfghjklmnprstvwz", "br", "cl", "dr", "gr", "pl", "st", "tr")
RHYMES = (*"aeiou", "an", "ar", "el", "en", "in", "ir", "on", "or", "um")
SYLLABLES = [onset + rhyme for onset in ONSETS for rhyme in RHYMES]
CUES = {
    "said": "asserts",
    "told reporters": "asserts",
    "added": "asserts",
    "denied": "denies",
    "urged": "urges",
    "warned": "warns",
    "promised": "promises",
    "complained": "accuses",
    "proposed": "proposes",
    "announced": "announces",
    "hoped": "hopes",
    "continued": None,
}
KINDS: tuple[Kind, ...] = ("indirect", "direct", "mixed")
CHANNELS = ["phone call", "interview", "Twitter", "speech", "statement", "press conference"]
OFFICES = ["President", "Prime Minister", "Foreign Minister", "Finance Minister", "Speaker"]


T = TypeVar("T")


class Zipf(Generic[T]):
    """Draws from items, the n-th about 1/n as often as the first."""

    def __init__(self, items: Sequence[T], shift: float = 1.0) -> None:
        """Prepare; a larger *shift* makes the first ones less frequent."""
        self.items = items
        self._weights = list(accumulate(1 / (rank + shift) for rank in range(len(items))))

    def draw(self, random: Random, count: int = 1) -> list[T]:
        """Return so many items, drawn anew each."""
        return random.choices(self.items, cum_weights=self._weights, k=count)


@dataclass
class World:
    """What there is to be said, and who says it."""

    random: Random
    words: Zipf[str] = field(init=False)
    bigrams: Zipf[str] = field(init=False)
    speakers: Zipf[Speaker] = field(init=False)
    countries: Zipf[tuple[str, str]] = field(init=False)
    publishers: Zipf[str] = field(init=False)
    offices: dict[str, list[Office]] = field(init=False)

    def __post_init__(self) -> None:
        random = self.random
        words = distinct(lambda: word(random), WORDS)
        words.sort(key=len)  # frequent words are short, by and large
        self.words = Zipf(words, shift=2.7)
        middling = words[30:3000]
        self.bigrams = Zipf(distinct(lambda: " ".join(random.sample(middling, 2)), BIGRAMS))
        countries = [(row["code"], row["name"]) for row in load("countries")]
        random.shuffle(countries)
        self.countries = Zipf(countries)
        names = distinct(lambda: f"{word(random)} {word(random)}".title(), SPEAKERS)
        self.speakers = Zipf([self._speaker(rank, name) for rank, name in enumerate(names)])
        self.publishers = Zipf(distinct(lambda: f"The {word(random).title()} Post", PUBLISHERS))
        self.offices = {
            speaker.name: list(self._career(speaker))
            for speaker in self.registry
            if speaker.kind == "person"
        }

    @property
    def registry(self) -> list[Speaker]:
        """Those that are known beforehand."""
        return [speaker for speaker in self.speakers.items if speaker.listed]

    def office(self, speaker: Speaker, day: date) -> Office | None:
        """Return what *speaker* held that day, if anything."""
        held = self.offices.get(speaker.name, [])
        return next((o for o in held if o.start <= day and (not o.end or day < o.end)), None)

    def _speaker(self, rank: int, name: str) -> Speaker:
        organization = self.random.random() < 0.2
        code, _ = self.countries.draw(self.random)[0]
        return Speaker(
            f"{name} Council" if organization else name,
            "organization" if organization else "person",
            country=code,
            listed=rank < LISTED,
        )

    def _career(self, speaker: Speaker) -> Iterator[Office]:
        start = FIRST - timedelta(days=self.random.randrange(1000))
        for number in range(held := self.random.randrange(1, 4)):
            end = start + timedelta(days=self.random.randrange(500, 2500))
            title = self.random.choice(OFFICES)
            last = None if number == held - 1 else end
            yield Office(speaker.name, title, None, speaker.country, start, last, "made up")
            start = end


def word(random: Random) -> str:
    """Return a word that means nothing."""
    return "".join(random.choices(SYLLABLES, k=random.choice((1, 2, 2, 3, 3, 4))))


def distinct(draw: Callable[[], str], count: int) -> list[str]:
    """Return so many different strings in the order in which *draw* gives them."""
    found: dict[str, None] = {}
    while len(found) < count:
        found[draw()] = None
    return list(found)


class Reporter:
    """Writes one article, and notes where its quotes stand."""

    def __init__(self, world: World, number: int) -> None:
        """Begin with who is in the news."""
        self._world, self._random, self._number = world, world.random, number
        self._parts: list[str] = []
        self._length = self._paragraph = 0
        self.quotes: list[Quote] = []
        self._day = FIRST + timedelta(days=self._random.randrange(DAYS))
        self._people: dict[Speaker, Span] = {}
        self._open()
        for speaker in dict.fromkeys(world.speakers.draw(self._random, 3)):
            self._people[speaker] = self._put(speaker.name)
            self._put(" and ")
        self._put(f"their {self._words(2)} met.")

    def article(self) -> Article:
        """Return what is written so far."""
        number, text = self._number, "".join(self._parts)
        return Article(
            text,
            f"synthetic/{number // 1000}.jsonl#{number % 1000 + 1}",
            url=f"https://news.example/{number}",
            title=self._words(7).capitalize(),
            publisher=self._world.publishers.draw(self._random)[0],
            published=self._day,
            language="en",
        )

    def report(self) -> None:
        """Write a paragraph with a quote, now and then with one inside it."""
        self._open()
        speaker = self._random.choice(list(self._people))
        kind = self._random.choices(KINDS, (60, 25, 15))[0]
        if kind == "direct":
            self._direct(speaker)
        elif kind == "indirect" and self._random.random() < 0.05:
            self._nested(speaker)
        else:
            self._that(speaker, kind)
        self._put(f" {self._words(12).capitalize()}.")

    def _open(self) -> None:
        if self._parts:
            self._put("\n")
        self._paragraph += 1

    def _direct(self, speaker: Speaker) -> None:
        words, codes = self._content()
        content = [self._put(f"“{words},”")]
        self._put(" ")
        source, resolution = self._source(speaker)
        self._put(" ")
        act, cue = self._cue()
        self._put(".")
        if self._random.random() < 0.1:
            self._put(" ")
            content.append(self._put(f"“{self._words(8)}.”"))
        verbatim = [Span(span.start + 1, span.end - 1) for span in content]
        self._add("direct", content, verbatim, source, cue, resolution, act, codes)

    def _that(self, speaker: Speaker, kind: Kind) -> None:
        source, resolution = self._source(speaker)
        self._put(" ")
        act, cue = self._cue()
        self._put(" that ")
        words, codes = self._content()
        content, verbatim = self._put(words), []
        if kind == "mixed":
            self._put(" “")
            verbatim = [self._put(self._words(4))]
            content = Span(content.start, self._put("”").end)
        self._put(".")
        self._add(kind, [content], verbatim, source, cue, resolution, act, codes)

    def _nested(self, speaker: Speaker) -> None:
        source, resolution = self._source(speaker)
        self._put(" ")
        act, cue = self._cue()
        self._put(" that ")
        start, outer = self._length, len(self.quotes)
        inner = self._source(next(iter(self._people)))
        self._put(" ")
        inner_act, inner_cue = self._cue()
        self._put(" that ")
        words, codes = self._content()
        content = self._put(words)
        self._put(".")
        whole = Span(start, content.end)
        self._add("indirect", [whole], [], source, cue, resolution, act, codes)
        parts = (inner[0], inner_cue, inner[1], inner_act, codes)
        self._add("indirect", [content], [], *parts, outer=outer)

    def _source(self, speaker: Speaker) -> tuple[Span, Resolution]:
        named, chance = self._people[speaker], self._random.random()
        office = self._world.office(speaker, self._day)
        addressee = None
        if self._random.random() < 0.08:
            (addressee,) = self._world.speakers.draw(self._random)
        if chance < 0.2:
            return self._put(f"a {self._words(1)}"), Resolution(addressee=addressee)
        if office and chance < 0.4:
            span = self._put(f"the {office.office.lower()}")
            chain = (Step(span, "office"), Step(named, "name"))
            return span, Resolution(speaker, "office", chain, office, addressee=addressee)
        if chance < 0.6:
            span = self._put("she")
            chain = (Step(span, "pronoun"), Step(named, "name"))
            return span, Resolution(speaker, "pronoun", chain, addressee=addressee)
        span = self._put(speaker.name)
        return span, Resolution(speaker, "name", (Step(span, "name"),), addressee=addressee)

    def _cue(self) -> tuple[str | None, Span]:
        (cue,) = self._random.choices(list(CUES), weights=range(2 * len(CUES), len(CUES), -1))
        return CUES[cue], self._put(cue)

    def _content(self) -> tuple[str, list[str]]:
        """Draw words and the countries among them."""
        words = self._world.words.draw(self._random, self._random.randrange(7, 30))
        spoken_of = self._world.countries.draw(
            self._random, self._random.choice((0, 0, 0, 1, 1, 2))
        )
        extra = [f"in {name}" for _, name in spoken_of]
        if self._random.random() < 0.4:
            extra += self._world.bigrams.draw(self._random)
        for phrase in extra:
            words.insert(self._random.randrange(len(words)), phrase)
        return " ".join(words), list(dict.fromkeys(code for code, _ in spoken_of))

    def _words(self, count: int) -> str:
        return " ".join(self._world.words.draw(self._random, count))

    def _put(self, words: str) -> Span:
        span = Span(self._length, self._length + len(words))
        self._parts.append(words)
        self._length = span.end
        return span

    def _add(
        self,
        kind: Kind,
        content: Sequence[Span],
        verbatim: Sequence[Span],
        source: Span,
        cue: Span,
        resolution: Resolution,
        act: str | None,
        codes: Sequence[str],
        outer: int | None = None,
    ) -> None:
        random = self._random
        confidence = random.triangular(0.3, 1, 0.95)
        context = Context(
            act,
            self._day - timedelta(days=random.choice((0, 0, 0, 1)))
            if random.random() < 0.5
            else None,
            random.choice(CHANNELS) if random.random() < 0.15 else None,
            f"the {self._world.publishers.draw(random)[0][4:]}" if random.random() < 0.04 else None,
        )
        attribution = Attribution(
            tuple(content), cue, source, kind, tuple(verbatim), confidence, outer=outer
        )
        quote = Quote(attribution, resolution, context, tuple(codes), self._paragraph, outer)
        self.quotes.append(quote)


def articles(random: Random, world: World, count: int) -> Iterator[tuple[Article, list[Quote]]]:
    """Yield articles with *count* quotes in all."""
    number = 0
    while count > 0:
        reporter = Reporter(world, number)
        wanted = min(random.randrange(4, 13), count)
        while len(reporter.quotes) < wanted:
            reporter.report()
        found = reporter.quotes[:count]  # one inside another may be one too many
        yield reporter.article(), found
        number, count = number + 1, count - len(found)


def write(path: Path, count: int, seed: int) -> None:
    """Write the database, telling on standard error how far it is."""
    started, done = time.monotonic(), 0
    random = Random(seed)
    world = World(random)
    offices = [office for held in world.offices.values() for office in held]
    with closing(Store(path)) as store:
        store.begin(Engine("synthetic", f"seed {seed}"), world.registry, offices)
        batch = []
        for article, quotes in articles(random, world, count):
            batch.append((article, quotes))
            done += len(quotes)
            if len(batch) == BATCH or done == count:
                store.add(batch)
                batch = []
                print(f"\r{done:,} of {count:,} quotes", end="", file=sys.stderr, flush=True)
        written = time.monotonic()
        print(f", {written - started:.0f} s; indexing …", end="", file=sys.stderr, flush=True)
        store.finish([])
    print(f" {time.monotonic() - written:.0f} s", file=sys.stderr)


def check(path: Path, count: int, seed: int) -> None:
    """Raise AssertionError unless there are *count* quotes, and a sample's spans are its words."""
    with closing(sqlite3.connect(path)) as connection:
        (last,) = connection.execute("SELECT max(id) FROM quotes").fetchone()
        assert connection.execute("SELECT count(*) FROM quotes").fetchone() == (count,)
        for quote in sorted(Random(seed).sample(range(1, last + 1), min(SAMPLE, count))):
            article, *columns, start, end = connection.execute(
                "SELECT articles.text, quotes.text, source, cue, start, [end] FROM quotes"
                " JOIN articles ON articles.id = article_id WHERE quotes.id = ?",
                [quote],
            ).fetchone()
            spans = connection.execute(
                "SELECT role, start, [end] FROM spans WHERE quote_id = ? ORDER BY start", [quote]
            ).fetchall()
            words = {
                role: " … ".join(article[a:b] for r, a, b in spans if r == role)
                for role in ("content", "source", "cue")
            }
            assert list(words.values()) == columns, f"quote {quote}: {words} is not {columns}"
            assert (start, end) == (min(s[1] for s in spans), max(s[2] for s in spans)), quote


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("path", type=Path)
    parser.add_argument("--quotes", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    if arguments.path.exists():
        parser.error(f"{arguments.path} exists")
    if arguments.quotes < 1:
        parser.error("at least one quote")
    write(arguments.path, arguments.quotes, arguments.seed)
    check(arguments.path, arguments.quotes, arguments.seed)
    print(f"{arguments.path}: {arguments.path.stat().st_size / 2**20:,.0f} MB", file=sys.stderr)


if __name__ == "__main__":
    main()
