"""Answers too long to be held: made and sent batch by batch.

A page returns a ``Stream``: its first batch, and the function that makes the one behind a key. Each is
made by itself in one of Datasette's threads, so that other pages get theirs in between.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from datasette.utils.asgi import Response

#: How many rows are made and sent together: about 64 kB, as one batch waits for each reader who is slow.
ROWS = 100
Key = tuple[str | int, ...]
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Batch:
    """A part of a stream: its text, and the key of its last row; None: nothing is behind it."""

    text: str
    last: Key | None


@dataclass(frozen=True, slots=True)
class Stream:
    """An answer for programs, of any length.

    Args:
        first: its first batch.
        more: makes the batch behind a key.
        media_type: such as ``text/csv``.
        filename: to be saved under.
    """

    first: Batch
    more: Callable[[sqlite3.Connection, Key], Batch]
    media_type: str
    filename: str


class Streamed(Response):  # type: ignore[misc]  # Datasette has no types
    """The response that sends a stream.

    If a batch fails, the log says why and the body gets no proper end: so that a reader who holds a part
    does not take it for all.
    """

    def __init__(
        self,
        first: Batch,
        more: Callable[[Key], Awaitable[Batch]],
        headers: Mapping[str, str],
        content_type: str,
    ) -> None:
        super().__init__(first.text, headers=dict(headers), content_type=content_type)
        self._last, self._more = first.last, more

    async def asgi_send(self, send: Callable[[Mapping[str, Any]], Awaitable[None]]) -> None:
        """Send the headers, then batch after batch."""

        async def unfinished(message: Mapping[str, Any]) -> None:
            await send({**message, "more_body": True})

        await super().asgi_send(unfinished)
        last = self._last
        try:
            while last is not None:
                batch = await self._more(last)
                await unfinished(_body(batch.text))
                last = batch.last
            await send(_body(""))
        except Exception:  # whatever it was, the headers are out: no page can tell it any more
            _log.exception("A stream broke off behind %s", last)


def _body(text: str) -> dict[str, Any]:
    return {"type": "http.response.body", "body": text.encode("utf-8", "replace")}
