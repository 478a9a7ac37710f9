"""The addresses of our pages, and of Datasette's."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from urllib.parse import quote, urlencode

from quotes.plugin.asking.question import Question


@dataclass(frozen=True, slots=True)
class Links:
    """Addresses on this site.

    Args:
        origin: such as ``https://example.org``.
        base: the path that the site is under, begun and ended by a slash.
        database: what Datasette calls the database in addresses.
    """

    origin: str
    base: str
    database: str

    def page(self, *parts: str, **arguments: str) -> str:
        """Return the path of a page.

        >>> Links("", "/", "quotes").page("speaker", "josé/x", page="2")
        '/speaker/jos%C3%A9%2Fx?page=2'
        """
        path = self.base + "/".join(quote(part, safe="+") for part in parts)
        return path + ("?" + urlencode(arguments) if arguments else "")

    def search(self, asked: Question | None = None, form: str = "") -> str:
        """Return the path of a search, as a page or in another form such as "json"."""
        query = asked.query if asked else ""
        return self.page("search" + (f".{form}" if form else "")) + (f"?{query}" if query else "")

    def table(self, *parts: str, **arguments: str) -> str:
        """Return the path of one of Datasette's pages on the database."""
        return self.page(self.database, *parts, **arguments)

    def static(self, name: str) -> str:
        """Return the path of a file in ``static/``, another one when the file changes."""
        return self.page("-", "static-plugins", "quotes", name, v=digest(name))

    def absolute(self, path: str) -> str:
        """Return the whole address of a path on this site."""
        return self.origin + path


@cache
def digest(name: str) -> str:
    """Return a word that changes with a file in ``static/``."""
    content = files("quotes.plugin").joinpath("static", name).read_bytes()
    return hashlib.sha256(content).hexdigest()[:12]
