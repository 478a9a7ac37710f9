"""How much a file may hold: more than people's articles do, less than would exhaust the machine.

A small file can unpack to anything. What is beyond a limit is reported, and everything else is read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import astuple
from typing import TypeVar

from quotes.models import Article, Notice, Reject

#: Bytes of a file that is read as one piece, and characters of a line: most collections in one JSON
#: value are smaller.
LIMIT = 64 * 2**20
TOO_LARGE = f"larger than {LIMIT // 2**20} MiB"
#: Records of a file that holds many.
MOST_RECORDS = 1_000_000
#: Columns of a table.
MOST_COLUMNS = 1000
#: Rejects, and notices, of a file that are told one by one.
MOST_TOLD = 100
#: Tags of a page. Time grows with their square: so many take about ten seconds, a news page has 3,000.
MOST_TAGS = 50_000
#: Attributes of one tag, with the square of which time grows, too, and of a page.
MOST_ATTRIBUTES_OF_A_TAG = 5000
MOST_ATTRIBUTES = 250_000
#: Characters of a fact such as a title, and of an address: browsers and caches take no more.
LONGEST_FACT = 500
LONGEST_ADDRESS = 2048
#: What the process that reads may take for one file, beyond what it takes for itself, and how long it
#: may work until the next article comes, in seconds of its processor.
MEMORY = 2**30
SECONDS = 60

_Told = TypeVar("_Told", bound=Article | Notice | Reject)


def few(items: Iterable[_Told]) -> Iterator[_Told]:
    """Yield what is read from a file; of many rejects or notices the first, then one for the rest.

    >>> *_, last = few(Reject(f"a.json#{n}", "no text") for n in range(1, 1001))
    >>> last
    Reject(path='a.json#1000', reason='no text (and 899 more before it)')
    """
    told: Counter[type] = Counter()
    rest: dict[type[_Told], _Told] = {}
    for item in items:
        told[type(item)] += 1
        if isinstance(item, Article) or told[type(item)] <= MOST_TOLD:
            yield item
        else:
            rest[type(item)] = item
    for kind, last in rest.items():
        path, line = astuple(last)
        yield kind(path, f"{line} (and {told[kind] - MOST_TOLD - 1:,} more before it)")
