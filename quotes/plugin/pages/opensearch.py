"""The description that lets a browser search here from its address bar."""

from __future__ import annotations

import sqlite3

from markupsafe import escape

from quotes.plugin.respond import Document, Visit

_DESCRIPTION = """\
<?xml version="1.0" encoding="UTF-8"?>
<OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/">
  <ShortName>Quotes</ShortName>
  <Description>What statesmen said, found in news articles</Description>
  <InputEncoding>UTF-8</InputEncoding>
  <Image width="16" height="16" type="image/svg+xml">{icon}</Image>
  <Url type="text/html" method="get" template="{page}?q={{searchTerms}}"/>
  <Url type="application/atom+xml" template="{feed}?q={{searchTerms}}"/>
  <Url type="application/opensearchdescription+xml" rel="self" template="{itself}"/>
</OpenSearchDescription>
"""


def opensearch(connection: sqlite3.Connection, visit: Visit) -> Document:  # noqa: ARG001  (as every page)
    """Return the description."""
    links = visit.links
    paths = {
        "icon": links.static("icon.svg"),
        "page": links.search(),
        "feed": links.search(form="atom"),
        "itself": links.page("opensearch.xml"),
    }
    addresses = {name: escape(links.absolute(path)) for name, path in paths.items()}
    text = _DESCRIPTION.format(**addresses)
    return Document(text, "application/opensearchdescription+xml")
