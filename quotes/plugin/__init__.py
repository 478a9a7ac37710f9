"""The site: a plugin for Datasette, which finds it by its entry point.

It sees SQL only. ``pages`` has a module for each page, ``respond`` what all have in common.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from datasette import hookimpl
from datasette.utils.asgi import NotFound, Request, Response

from quotes.plugin.asgi import App
from quotes.plugin.editions import install, one_edition_a_request
from quotes.plugin.headers import with_headers
from quotes.plugin.leaving import while_awaited
from quotes.plugin.links import Links
from quotes.plugin.pages import ROUTES
from quotes.plugin.pages.home import home
from quotes.plugin.respond import respond

if TYPE_CHECKING:  # Datasette imports its plugins while it is being imported itself
    from datasette.app import Datasette
    from jinja2 import Environment


async def start(
    datasette: Datasette, request: Request, send: Callable[..., Awaitable[None]]
) -> Response:
    """Answer with our start page, or Datasette's where no database of quotes is served."""
    try:
        return await respond(home)(datasette, request)
    except NotFound:
        from datasette.views.index import IndexView

        return await IndexView.as_view(datasette)(request, send)


@hookimpl
def register_routes() -> list[tuple[str, Callable[..., Any]]]:
    """Add our pages to those of Datasette."""
    return [
        (r"/(?P<format>)$", start),
        *((pattern, respond(page)) for pattern, page in ROUTES.items()),
    ]


@hookimpl
def startup(datasette: Datasette) -> None:
    """Have every request answered from one build, the newest when it began."""
    install(datasette)


@hookimpl
def asgi_wrapper(datasette: Datasette) -> Callable[[App], App]:  # noqa: ARG001  (a hook's name)
    """Wrap Datasette in what holds for every answer, its own pages included."""
    return lambda app: with_headers(while_awaited(one_edition_a_request(app)))


@hookimpl
def extra_css_urls(datasette: Datasette) -> list[str]:
    """Give Datasette's own pages our look."""
    links = Links("", datasette.setting("base_url"), "")
    return [links.static("common.css"), links.static("tables.css")]


@hookimpl
def prepare_jinja2_environment(env: Environment, datasette: Datasette) -> None:
    """Let Datasette's own pages, those on errors included, print our header."""
    env.globals["quotes_links"] = Links("", datasette.setting("base_url"), "")
