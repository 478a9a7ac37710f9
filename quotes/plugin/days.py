"""Days as the database has them (ISO 8601), as people write them in English."""

from __future__ import annotations

import re
from datetime import date

_ISO = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", re.ASCII)
MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)


def day_parts(iso: str | None) -> tuple[int, ...]:
    """Return year, month and day, as many as are known; none for what is no day, month or year.

    >>> day_parts("2020-03-27"), day_parts("2020-03"), day_parts("2020-02-30"), day_parts(None)
    ((2020, 3, 27), (2020, 3), (), ())
    """
    match = _ISO.fullmatch(iso or "")
    parts = tuple(int(part) for part in match.groups() if part) if match else ()
    try:
        date(*(parts + (1, 1, 1)[len(parts) :]))
    except ValueError:
        return ()
    return parts


def british(parts: tuple[int, ...]) -> str:
    """Return a day in the order of day, month, year; empty if it is not known.

    >>> british((2020, 3, 27)), british((2020, 3)), british((2020,)), british(())
    ('27 March 2020', 'March 2020', '2020', '')
    """
    year, month, day = (*parts, None, None, None)[:3]
    written = (day, month and MONTHS[month - 1], year and f"{year:04}")
    return " ".join(str(part) for part in written if part)


def american(parts: tuple[int, ...]) -> str:
    """Return a day in the order of month, day, year; empty if it is not known.

    >>> american((2020, 3, 27)), american((2020, 3)), american((2020,)), american(())
    ('March 27, 2020', 'March 2020', '2020', '')
    """
    if len(parts) < 3:
        return british(parts)
    year, month, day = parts
    return f"{MONTHS[month - 1]} {day}, {year:04}"
