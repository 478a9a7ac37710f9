"""Counts by day, put together by month or by years, with the gaps filled in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from quotes.plugin.days import MONTHS, british, day_parts

MOST = 60
_MOST_YEARS, _MOST_DATES = 5, 3  # as many labels as a phone has room for
_STEPS = {
    "year": (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000),
    "month": (1, 2, 3, 6, 12),
    "day": (1, 2, 5, 10, 20),
}

Link = Callable[[str, str], str]
Point = tuple[int, ...]  # year, month, day, as many of them as are known
_point = lru_cache(1 << 15)(day_parts)  # a database's days come again with every search


@dataclass(frozen=True, slots=True)
class Period:
    """A day, a month, a year or several years, and how many there are of each series.

    Args:
        first, last: such as "2020-03"; the same but where it is several years.
        unit: day, month or year.
        tick: what stands below it on the axis, None for most.
        counts: one number for each series.
        links: where each leads to, None where it leads nowhere.
    """

    first: str
    last: str
    label: str
    unit: str
    counts: tuple[int, ...]
    links: tuple[str | None, ...]
    tick: str | None = None

    @property
    def count(self) -> int:
        """How many there are of all series."""
        return sum(self.counts)


@dataclass(frozen=True, slots=True)
class _Unit:
    """A day, a month or *size* years; their numbers follow each other without a gap."""

    name: str
    size: int = 1

    def number(self, point: Point) -> int:
        if self.name == "day":
            return date(*point).toordinal()
        return point[0] * 12 + point[1] - 1 if self.name == "month" else point[0] // self.size

    def bounds(self, number: int) -> tuple[str, str]:
        if self.name == "day":
            iso = date.fromordinal(number).isoformat()
        elif self.name == "month":
            iso = f"{number // 12:04}-{number % 12 + 1:02}"
        else:
            return f"{max(1, number * self.size):04}", f"{number * self.size + self.size - 1:04}"
        return iso, iso

    def label(self, number: int) -> str:
        first, last = self.bounds(number)
        if first == last:
            return british(_point(first)) if self.name != "year" else f"{int(first)}"
        return f"{int(first)}–{int(last)}"

    def tick(self, number: int, step: int) -> str:
        year, month, day = (*_point(self.bounds(number)[0]), 1, 1)[:3]
        if self.name == "day":
            return f"{day} {MONTHS[month - 1][:3]}"
        if self.name == "month" and step % 12:
            return f"{MONTHS[month - 1][:3]} {year}"
        return f"{year}"


def periods(counts: Mapping[str, int], link: Link | None = None) -> tuple[Period, ...]:
    """Return days, months or years without gaps, the finest of which there are no more than 60.

    *counts* by ISO days, months or years; what is none is left out. *link* makes an address of the
    first and the last of a period, such as ("2020-03", "2020-03").

    >>> [(p.label, p.count) for p in periods({"2019-12": 2, "2020-02-11": 1, "2020-02-29": 3})]
    [('December 2019', 2), ('January 2020', 0), ('February 2020', 4)]
    """
    return together([counts], [link])


def together(
    series: Sequence[Mapping[str, int]], links: Sequence[Link | None]
) -> tuple[Period, ...]:
    """Return the periods of several series of counts, each with its own links.

    >>> [(p.label, p.counts) for p in together([{"2019": 2}, {"2020": 1}], [None, None])]
    [('2019', (2, 0)), ('2020', (0, 1))]
    """
    points = [
        [(point, count) for key, count in counts.items() if (point := _point(key))]
        for counts in series
    ]
    known = [point for each in points for point, _ in each]
    if not known:
        return ()
    unit = _unit(known)
    sums: list[Counter[int]] = [Counter() for _ in series]
    for each, found in zip(sums, points, strict=True):
        for point, count in found:
            each[unit.number(point)] += count
    numbers = [number for each in sums for number in each]
    return tuple(_periods(unit, range(min(numbers), max(numbers) + 1), sums, links))


def _periods(
    unit: _Unit, numbers: range, sums: Sequence[Counter[int]], links: Sequence[Link | None]
) -> Iterator[Period]:
    ticks = _ticks(unit, numbers)
    for number in numbers:
        bounds = unit.bounds(number)
        counts = tuple(each[number] for each in sums)
        hrefs = tuple(
            link(*bounds) if link and count else None
            for link, count in zip(links, counts, strict=True)
        )
        label = unit.label(number)
        yield Period(*bounds, label, unit.name, counts, hrefs, ticks.get(number))


def _ticks(unit: _Unit, numbers: range) -> dict[int, str]:
    """Return the numbers that are labelled: round ones, no more than there is room for."""
    steps = [step // unit.size for step in _STEPS[unit.name] if step % unit.size == 0]
    # Days are counted from the first: no day of the calendar is round.
    offset = numbers[0] if unit.name == "day" else 0
    for step in steps:
        chosen = [number for number in numbers if (number - offset) % step == 0]
        years = unit.name == "year" or (unit.name == "month" and step % 12 == 0)
        if len(chosen) <= (_MOST_YEARS if years else _MOST_DATES):
            break
    return {number: unit.tick(number, step) for number in chosen}


def _unit(points: Sequence[Point]) -> _Unit:
    """Return the finest unit that all *points* have, and of which they span no more than MOST."""
    finest = min(map(len, points))
    units = [_Unit("day")] * (finest > 2) + [_Unit("month")] * (finest > 1)
    units += [_Unit("year", size) for size in _STEPS["year"]]
    low, high = min(points), max(points)
    return next(u for u in units if u.number(high) - u.number(low) < MOST)
