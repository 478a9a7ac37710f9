"""No work for clients who have gone: what is left of theirs is cancelled, so that others get their turn."""

from __future__ import annotations

import asyncio

from quotes.plugin.asgi import App, Message, Receive, Scope, Send

# Of the event loop, which hears in them of a client who asks and leaves at once.
_TURNS = 3


def while_awaited(app: App) -> App:
    """Return an ASGI application that ends *app*'s work when the client leaves before the answer's end.

    Of what waits for one of Datasette's threads then, nothing is run. Only GET and HEAD are ended so, which
    change nothing; and never the first request, in which Datasette may start up.
    """
    started = False

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        nonlocal started
        if scope["type"] == "http" and started and scope["method"] in ("GET", "HEAD"):
            await _answer(app, scope, receive, send)
        else:
            started = started or scope["type"] == "http"
            await app(scope, receive, send)

    return wrapped


async def _answer(app: App, scope: Scope, receive: Receive, send: Send) -> None:
    left = asyncio.ensure_future(_left(receive))
    try:
        for _ in range(_TURNS):
            await asyncio.sleep(0)
        if not left.done():
            await _answer_until(left, app, scope, send)
    finally:
        left.cancel()


async def _answer_until(left: asyncio.Future[None], app: App, scope: Scope, send: Send) -> None:
    """Run *app* to its end, or to when the client has *left* without a whole answer."""
    complete = False
    requests = iter([{"type": "http.request", "body": b"", "more_body": False}])

    async def receiving() -> Message:
        for request in requests:
            return request
        await asyncio.wait([left])
        return {"type": "http.disconnect"}

    async def sending(message: Message) -> None:
        nonlocal complete
        if message["type"] == "http.response.body" and not message.get("more_body"):
            complete = True  # before it's sent, as servers then say that the client has left
        await send(message)

    answering = asyncio.ensure_future(app(scope, receiving, sending))
    try:
        await asyncio.wait([left, answering], return_when=asyncio.FIRST_COMPLETED)
        if not complete:
            answering.cancel()  # which does nothing to one that has ended by itself
        await asyncio.wait([answering])
    finally:
        answering.cancel()
    if not answering.cancelled():
        answering.result()  # or raise what the application raised


async def _left(receive: Receive) -> None:
    """Return when the client has gone; what it sends is not for a GET to read."""
    while (await receive())["type"] != "http.disconnect":
        pass
