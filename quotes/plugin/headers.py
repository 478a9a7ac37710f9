"""Headers for every answer, Datasette's own pages included."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from quotes.plugin.links import digest

Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[MutableMapping[str, Any], Any, Send], Awaitable[None]]
_STATIC = re.compile(rb"/-/static-plugins/quotes/([a-z]+\.[a-z]+)")
# Our pages send a stricter policy. Datasette's have scripts and styles in their pages.
_DEFAULTS = {
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"strict-origin-when-cross-origin",
    b"x-frame-options": b"DENY",
    b"content-security-policy": b"object-src 'none'; base-uri 'self'; frame-ancestors 'none'",
}


def with_headers(app: App) -> App:
    """Return an ASGI application that adds headers where *app* sends none of that name."""

    async def wrapped(scope: MutableMapping[str, Any], receive: Any, send: Send) -> None:
        async def sending(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                headers = list(message.get("headers", []))
                sent = {bytes(name).lower() for name, _ in headers}
                extra = dict(_DEFAULTS)
                if message["status"] == 200 and _is_current(scope):
                    extra[b"cache-control"] = b"public, max-age=31536000, immutable"
                added = [(name, value) for name, value in extra.items() if name not in sent]
                message = {**message, "headers": [*headers, *added]}
            await send(message)

        await app(scope, receive, sending)

    return wrapped


def _is_current(scope: MutableMapping[str, Any]) -> bool:
    """Tell whether one of our static files is asked for by the address of what it holds now."""
    file = _STATIC.search(scope.get("raw_path", b""))
    return file is not None and scope["query_string"] == b"v=" + digest(file[1].decode()).encode()
