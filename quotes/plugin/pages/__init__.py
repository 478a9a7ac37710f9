"""One module a page, each a function of a connection and a visit; and the addresses they are at."""

from __future__ import annotations

from quotes.plugin.pages.article import article_page
from quotes.plugin.pages.home import home
from quotes.plugin.pages.quote import quote, quote_file
from quotes.plugin.pages.search import search
from quotes.plugin.respond import PageFunction

ROUTES: dict[str, PageFunction] = {
    r"/$": home,
    r"/search$": search,
    r"/quote/(?P<uid>[^/.]+)\.(?P<form>[a-z.]+)$": quote_file,
    r"/quote/(?P<uid>[^/]+)$": quote,
    r"/article/(?P<uid>[^/]+)$": article_page,
}
