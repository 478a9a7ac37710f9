"""Numbers as charts: SVG without colours of its own, for ``static/charts.css`` to paint.

Lengths across are percentages, so that a chart is as wide as its place and its text is as large as
all text. Each has a table beside it, printed by ``templates/quotes/chart.html``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from quotes.plugin.charts.periods import Period
from quotes.plugin.texts.marks import shown

_HALVES = (1, 2, 3, 4, 5, 6, 8)  # times a power of ten: half of the scale
_WIDEST_BAR = 16.0  # per cent
_LEAST = 1.5  # per cent of the height: one of thousands is still seen
_CHART = Markup(
    '<svg class="chart-plot" role="{role}" aria-label="{label}" width="100%" height="100%">'
    "{hatch}{lines}{bars}</svg>"
)
_HATCH = Markup(
    '<defs><pattern id="{id}-hatch" class="chart-second" width="5" height="5"'
    ' patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<rect class="chart-stripe" width="2.5" height="5"/></pattern></defs>'
)
_LINE = Markup('<line class="{name}" x1="0" x2="100%" y1="{y}%" y2="{y}%"/>')
_TICK = Markup(
    '<text class="chart-tick" x="{x}%" y="100%" dy="1.4em" text-anchor="{anchor}">{text}</text>'
)
_HIT = Markup('<rect class="chart-hit" x="{x}%" y="{y}%" width="{width}%" height="{height}%"/>')
_BAR = Markup(
    '<rect class="chart-bar chart-first" x="{x}%" y="{y}%" width="{width}%" height="{height}%"/>'
)
_HATCHED = Markup(
    '<rect class="chart-hatched chart-second" x="{x}%" y="{y}%" width="{width}%" height="{height}%"'
    ' fill="url(#{id}-hatch)"/>'
)
_LINKED = Markup('<a class="chart-link" href="{href}"><title>{title}</title>{inside}</a>')
_PLAIN = Markup("<g><title>{title}</title>{inside}</g>")
_ROW_BAR = Markup(
    '<svg class="chart-row-bar" aria-hidden="true" width="100%" height="100%">'
    '<rect class="chart-bar chart-first" width="{width}%" height="100%"/></svg>'
)
_KEY = Markup('<svg class="chart-key" aria-hidden="true" width="16" height="16">{inside}</svg>')


@dataclass(frozen=True, slots=True)
class Item:
    """A row of a chart; *link*: where it leads to, None where it leads nowhere."""

    label: str
    count: int
    link: str | None = None


def timeline(
    periods: Sequence[Period],
    title: str,
    id: str = "timeline",  # noqa: A002
    names: Sequence[str] = (),
    about: bool = False,
) -> Markup:
    """Draw periods as bars; a second series hangs hatched below the line.

    Args:
        periods: what to draw, without gaps, of one or two series.
        title: what the chart is of.
        id: another one for each chart of a page, letters and hyphens.
        names: whose the series are, where there are two.
        about: whether the counts are estimates.
    """
    linked = any(link for period in periods for link in period.links)
    return _CHART.format(
        role="group" if linked else "img",
        label=shown(f"{title}. {summary(periods, names, about)}"),
        hatch=_HATCH.format(id=id) if _mirrored(periods) else "",
        lines=Markup("").join(_lines(periods)),
        bars=Markup("").join(_bars(periods, id, names, about)),
    )


def bars(items: Sequence[Item]) -> tuple[tuple[Item, Markup], ...]:
    """Return each item with its bar, the longest as wide as there is room.

    >>> [str(bar).count('width="50.0%"') for _, bar in bars([Item("Lee", 4), Item("Berg", 2)])]
    [0, 1]
    """
    most = max((item.count for item in items), default=0) or 1
    return tuple((item, _ROW_BAR.format(width=_share(item.count, most, 100))) for item in items)


def keys(id: str) -> tuple[Markup, Markup]:  # noqa: A002
    """Return the two signs of a legend, that of the bars above the line first."""
    whole = {"x": 0, "y": 0, "width": 100, "height": 100}
    return _KEY.format(inside=_BAR.format(**whole)), _KEY.format(
        inside=_HATCHED.format(id=id, **whole)
    )


def scale(periods: Sequence[Period]) -> tuple[str, ...]:
    """Return the labels of the scale, evenly spaced from the top to the bottom.

    >>> from quotes.plugin.charts.periods import periods, together
    >>> scale(periods({"2020": 17})), scale(together([{"2020": 17}, {"2020": 3}], [None, None]))
    (('20', '10', '0'), ('20', '0', '20'))
    """
    top = _top(periods)
    if _mirrored(periods):
        return _short(top), "0", _short(top)
    return (_short(top), _short(top // 2), "0") if top > 1 else (_short(top), "0")


def summary(periods: Sequence[Period], names: Sequence[str] = (), about: bool = False) -> str:
    """Say in words what a timeline shows.

    >>> from quotes.plugin.charts.periods import periods
    >>> summary(periods({"2019": 2, "2020": 5}))
    '2019 to 2020, by year; most in 2020: 5 quotes'
    """
    if not periods:
        return "No quotes"
    most = max(periods, key=lambda period: period.count)
    return f"{span(periods)}; most in {_told(most, None, names, about)}"


def span(periods: Sequence[Period]) -> str:
    """Say from when to when periods are, and how long each.

    >>> from quotes.plugin.charts.periods import periods
    >>> span(periods({"2020-03": 1})), span(periods({"1000": 1, "2020": 1}))
    ('March 2020', '1000 to 2039, by 20 years')
    """
    if not periods:
        return ""
    first, last = periods[0], periods[-1]
    if first is last:
        return first.label
    if first.unit != "year":
        return f"{first.label} to {last.label}, by {first.unit}"
    years = int(last.last) - int(last.first) + 1
    unit = f"{years} years" if years > 1 else "year"
    return f"{int(first.first)} to {int(last.last)}, by {unit}"


def amount(count: int, about: bool = False) -> str:
    """Return a number of quotes in words.

    >>> amount(1), amount(1200, about=True)
    ('1 quote', 'about 1,200 quotes')
    """
    return f"{number(count, about)} {'quote' if count == 1 else 'quotes'}"


def number(count: int, about: bool = False) -> str:
    """Return a number, said to be an estimate where it is one; none at all is none.

    >>> number(1200), number(1200, about=True), number(0, about=True)
    ('1,200', 'about 1,200', '0')
    """
    return f"{'about ' if about and count else ''}{count:,}"


def _lines(periods: Sequence[Period]) -> Iterator[Markup]:
    """Yield the grid, the axis and its labels."""
    axis = 50 if _mirrored(periods) else 100
    for y in (0, 50, 100):
        if y != axis and (y != 50 or _top(periods) > 1):
            yield _LINE.format(name="chart-grid", y=y)
    yield _LINE.format(name="chart-axis", y=axis)
    slot = 100 / max(1, len(periods))
    for index, period in enumerate(periods):
        if period.tick:
            middle = (index + 0.5) * slot
            # A year may hang over the edge; a longer label would hang out of a phone.
            inward = "end" if middle > 90 and len(period.tick) > 4 and slot < 30 else "middle"
            yield _TICK.format(x=round(middle, 3), anchor=inward, text=period.tick)


def _bars(
    periods: Sequence[Period],
    id: str,  # noqa: A002
    names: Sequence[str],
    about: bool,
) -> Iterator[Markup]:
    """Yield every bar, with a place to hit that is as high as the chart or its half."""
    top = _top(periods)
    slot = 100 / max(1, len(periods))
    width = min(_WIDEST_BAR, 0.8 * slot)
    room = 50 if _mirrored(periods) else 100
    for index, period in enumerate(periods):
        for series, (count, link) in enumerate(zip(period.counts, period.links, strict=True)):
            if not count:
                continue
            height = _share(count, top, room)
            place = {
                "x": round(index * slot + (slot - width) / 2, 3),
                "y": room if series else round(room - height, 3),
                "width": round(width, 3),
                "height": height,
            }
            hit = {"x": round(index * slot, 3), "y": series * room, "width": round(slot, 3)}
            bar = _HATCHED.format(id=id, **place) if series else _BAR.format(**place)
            inside = _HIT.format(height=room, **hit) + bar
            title = shown(_told(period, series, names, about))
            drawn = _LINKED if link else _PLAIN
            yield drawn.format(href=link, title=title, inside=inside)


def _told(period: Period, series: int | None, names: Sequence[str], about: bool) -> str:
    """Return the name of a bar, or of all bars of a period: "March 2020: 12 quotes"."""
    if series is None or len(names) <= series:
        count = period.count if series is None else period.counts[series]
        return f"{period.label}: {amount(count, about)}"
    return f"{period.label}, {names[series]}: {amount(period.counts[series], about)}"


def _mirrored(periods: Sequence[Period]) -> bool:
    return bool(periods) and len(periods[0].counts) > 1


def _top(periods: Sequence[Period]) -> int:
    """Return the round number at the top of the scale: all counts are at or below it.

    >>> from quotes.plugin.charts.periods import periods
    >>> [_top(periods({"2020": count})) for count in (0, 1, 3, 17, 99, 130_000)]
    [1, 1, 4, 20, 100, 160000]
    """
    most = max((count for period in periods for count in period.counts), default=0)
    if most <= 1:
        return 1
    power = 10 ** (len(str(most)) - 1)
    return next(
        2 * half * scale
        for scale in (power // 10 or 1, power)
        for half in _HALVES
        if 2 * half * scale >= most
    )


def _share(count: int, top: int, room: float) -> float:
    """Return how long a bar is, of *room* per cent; whatever there is can be seen."""
    return round(max(_LEAST, room * count / top), 3) if count > 0 else 0


def _short(number: int) -> str:
    """Return a number of the scale, short enough for a phone.

    >>> _short(8000), _short(12000), _short(1600000)
    ('8,000', '12k', '1.6M')
    """
    if number < 10_000:
        return f"{number:,}"
    return f"{number // 1000}k" if number < 1_000_000 else f"{number / 1_000_000:g}M"
