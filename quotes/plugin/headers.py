"""Headers for every answer, Datasette's own pages included."""

from __future__ import annotations

import re

from quotes.plugin.asgi import App, Message, Receive, Scope, Send
from quotes.plugin.links import digest

_STATIC = re.compile(rb"/-/static-plugins/quotes/([a-z]+\.[a-z]+)")
# Our pages send a stricter policy. Datasette's have scripts and styles in their pages.
_DEFAULTS = {
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"strict-origin-when-cross-origin",
    b"x-frame-options": b"DENY",
    b"content-security-policy": b"object-src 'none'; base-uri 'self'; frame-ancestors 'none'",
}
_OF_KEEPING = (b"cache-control", b"etag")


def with_headers(app: App) -> App:
    """Return an ASGI application that adds headers where *app* sends none of that name.

    Errors are not to be kept, as what is missing now may be there with the next build.
    """

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = list(message.get("headers", []))
                extra = dict(_DEFAULTS)
                if message["status"] >= 400:
                    headers = [one for one in headers if bytes(one[0]).lower() not in _OF_KEEPING]
                    extra[b"cache-control"] = b"no-store"
                elif message["status"] == 200 and _is_current(scope):
                    extra[b"cache-control"] = b"public, max-age=31536000, immutable"
                sent = {bytes(name).lower() for name, _ in headers}
                added = [(name, value) for name, value in extra.items() if name not in sent]
                message = {**message, "headers": [*headers, *added]}
            await send(message)

        await app(scope, receive, sending)

    return wrapped


def _is_current(scope: Scope) -> bool:
    """Tell whether one of our static files is asked for by the address of what it holds now."""
    file = _STATIC.search(scope.get("raw_path", b""))
    return file is not None and scope["query_string"] == b"v=" + digest(file[1].decode()).encode()
