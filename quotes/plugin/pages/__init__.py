"""One module a page, each a function of a connection and a visit; and the addresses they are at."""

from __future__ import annotations

from quotes.plugin.pages.api import api
from quotes.plugin.pages.article import article_page
from quotes.plugin.pages.compare import compare
from quotes.plugin.pages.dump import TABLES, dump
from quotes.plugin.pages.export import search_all, search_json
from quotes.plugin.pages.feeds import feed, search_atom, speaker_atom
from quotes.plugin.pages.opensearch import opensearch
from quotes.plugin.pages.quote import quote, quote_file
from quotes.plugin.pages.robots import robots
from quotes.plugin.pages.search import search
from quotes.plugin.pages.sitemap import sitemap, sitemap_part
from quotes.plugin.pages.speaker import speaker
from quotes.plugin.pages.speakers import speakers
from quotes.plugin.respond import PageFunction

# The first that fits is taken.
ROUTES: dict[str, PageFunction] = {
    r"/search$": search,
    r"/quote/(?P<uid>[^/.]+)\.(?P<form>[a-z.]+)$": quote_file,
    r"/quote/(?P<uid>[^/]+)$": quote,
    r"/article/(?P<uid>[^/]+)$": article_page,
    r"/search\.json$": search_json,
    r"/search\.(?P<form>csv|ndjson)$": search_all,
    r"/search\.atom$": search_atom,
    r"/api$": api,
    r"/feed\.atom$": feed,
    r"/speaker/(?P<slug>[^/]+)\.atom$": speaker_atom,
    r"/speaker/(?P<slug>[^/]+)$": speaker,
    r"/speakers$": speakers,
    r"/compare$": compare,
    rf"/dump/(?P<table>{'|'.join(TABLES)})\.(?P<form>csv|ndjson)$": dump,
    r"/robots\.txt$": robots,
    r"/opensearch\.xml$": opensearch,
    r"/sitemap\.xml$": sitemap,
    r"/sitemap-(?P<kind>speaker|article|quote)s-(?P<part>[1-9]\d{0,8})\.xml$": sitemap_part,
}
