"""Entries → an Atom feed (RFC 4287), with links between its pages (RFC 5005)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timezone
from urllib.parse import quote
from xml.etree import ElementTree as ET

MEDIA_TYPE = "application/atom+xml"
_NAMESPACE = "http://www.w3.org/2005/Atom"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_TAG = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")
# All but what XML 1.0 lets into a document.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NEVER = "1970-01-01T00:00:00Z"


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a feed. None: not known.

    Args:
        id: an address that stays the same for good, such as a permalink.
        title: its title, plain text.
        link: the page that it stands for.
        updated: ISO date or time of its last change; None: the feed's.
        published: ISO date or time of publication.
        author: who wrote or said it; None: the feed's.
        summary: plain text.
        language: BCP 47 tag of title and summary.
    """

    id: str
    title: str
    link: str
    updated: str | None = None
    published: str | None = None
    author: str | None = None
    summary: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Feed:
    """A page of a feed. None: not known, or there is none.

    Args:
        id: an address that stays the same for good, on all pages.
        title: its title, plain text.
        link: the page of the site that lists the same.
        self_link: the address of this page of the feed.
        author: who makes it, such as the name of the site.
        updated: ISO date or time of the last change; None: that of the latest entry.
        entries: the newest first.
        subtitle: plain text.
        first, previous, next, last: addresses of other pages of the feed.
    """

    id: str
    title: str
    link: str
    self_link: str
    author: str
    updated: str | None = None
    entries: tuple[Entry, ...] = ()
    subtitle: str | None = None
    first: str | None = None
    previous: str | None = None
    next: str | None = None
    last: str | None = None


def atom(feed: Feed) -> str:
    """Return a feed as an Atom document.

    >>> print(atom(Feed("urn:x", "Rain", "https://a.org/", "https://a.org/feed.atom", "A")).splitlines()[0])
    <?xml version='1.0' encoding='utf-8'?>
    """
    times = [time for entry in feed.entries if (time := moment(entry.updated))]
    updated = moment(feed.updated) or max(times, default=_NEVER)
    root = ET.Element("feed", {"xmlns": _NAMESPACE})
    _add(root, "id", _address(feed.id))
    _add(root, "title", feed.title)
    _add(root, "subtitle", feed.subtitle)
    _add(root, "updated", updated)
    _add(ET.SubElement(root, "author"), "name", feed.author)
    _link(root, "self", feed.self_link, MEDIA_TYPE)
    _link(root, "alternate", feed.link, "text/html")
    for name in ("first", "previous", "next", "last"):
        _link(root, name, getattr(feed, name), MEDIA_TYPE)
    for entry in feed.entries:
        _add_entry(root, entry, updated)
    ET.indent(root)
    document: bytes = ET.tostring(root, "utf-8", xml_declaration=True)
    return document.decode("utf-8") + "\n"


def moment(iso: str | None) -> str | None:
    """Return an ISO date or time as RFC 3339 has it, in UTC; None for what is neither, and for None.

    >>> moment("2020-03-27"), moment("2020-03-27T09:00:00+01:00"), moment("2020-03-27T09:00:00Z")
    ('2020-03-27T00:00:00Z', '2020-03-27T08:00:00Z', '2020-03-27T09:00:00Z')
    >>> moment("soon"), moment(None)
    (None, None)
    """
    try:
        found = datetime.fromisoformat(
            re.sub("[zZ]$", "+00:00", iso or "")
        )  # Python 3.10 knows no Z
        aware = found if found.tzinfo else found.replace(tzinfo=timezone.utc)
        utc = aware.astimezone(timezone.utc)
    except (ValueError, OverflowError):
        return None
    return utc.replace(tzinfo=None, microsecond=0).isoformat() + "Z"


def _add_entry(root: ET.Element, entry: Entry, updated: str) -> None:
    language = _TAG.fullmatch(entry.language or "")
    element = ET.SubElement(root, "entry", {_LANG: language[0]} if language else {})
    _add(element, "id", _address(entry.id))
    _add(element, "title", entry.title)
    _add(element, "updated", moment(entry.updated) or updated)
    if published := moment(entry.published):
        _add(element, "published", published)
    if entry.author and _text(entry.author).strip():
        _add(ET.SubElement(element, "author"), "name", entry.author)
    _link(element, "alternate", entry.link, "text/html")
    _add(element, "summary", entry.summary)


def _add(parent: ET.Element, name: str, text: str | None) -> None:
    """Add an element with a text, if there is one."""
    if text is not None:
        ET.SubElement(parent, name).text = _text(text)


def _link(parent: ET.Element, relation: str, address: str | None, media_type: str) -> None:
    if address:
        ET.SubElement(parent, "link", rel=relation, type=media_type, href=_address(address))


def _text(text: str) -> str:
    return _FORBIDDEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def _address(address: str) -> str:
    """Return an address with what may not stand in one percent-encoded."""
    return quote(address.encode("utf-8", "replace"), safe="/%:?#[]@!$&'()*+,;=~")
