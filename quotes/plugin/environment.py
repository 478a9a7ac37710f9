"""The templates, and what they can call."""

from __future__ import annotations

import functools

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from quotes.plugin.charts import drawing
from quotes.plugin.days import british, day_parts
from quotes.plugin.lookup.records import CLOSE, OPEN
from quotes.plugin.phrases import act_note, kind, kind_note, method_note, sure
from quotes.plugin.texts.marks import highlighted, shown, snippet


@functools.cache
def environment() -> Environment:
    """Return the environment that renders ``templates/quotes``."""
    made = Environment(
        loader=PackageLoader("quotes.plugin"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "act_note": act_note,
        "day": day,
        "kind": kind,
        "kind_note": kind_note,
        "marked": marked,
        "method_note": method_note,
        "number": number,
        "shown": shown,
        "sure": sure,
        "when": when,
    }
    made.globals["charts"] = drawing
    return made


def marked(text: str, length: int | None = None) -> Markup:
    """Return a hit's text as HTML, its marks marked; cut around the first one to about *length*."""
    return highlighted(snippet(text, OPEN, CLOSE, length) if length else text, OPEN, CLOSE)


def day(iso: str | None) -> str:
    """Return a date, month or year as people write it, "undated" for None.

    >>> day("2020-03-27"), day("2020-03"), day("2020"), day(None)
    ('27 March 2020', 'March 2020', '2020', 'undated')
    """
    return british(day_parts(iso)) or iso or "undated"


def when(said_on: str | None, reported: str | None) -> str:
    """Return the day on which a quote was said; else that of its article, told to be no more than that.

    >>> when("2020-03-27", "2020-03-28"), when(None, "2020-03-28"), when(None, None)
    ('27 March 2020', 'reported 28 March 2020', 'undated')
    """
    return day(said_on) if said_on else f"{'reported ' if reported else ''}{day(reported)}"


def number(count: int) -> str:
    """Return a number with a comma between thousands.

    >>> number(1234567)
    '1,234,567'
    """
    return f"{count:,}"
