"""Addresses that come from articles, and are nobody's to trust."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import SplitResult, quote, urlsplit

LONGEST = 2048
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_NO_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
_HOST = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.?|\[[0-9a-f:.]+\]")


def web_address(url: str | None) -> str | None:
    """Return an http or https address in ASCII, safe to link to; None for any other, and for None.

    Names in other letters come as a browser asks for them (``xn--…``), what may not stand in an address
    percent-encoded. An address with a user name is none: it looks like one of another site.

    >>> web_address(" HTTPS://Example.org/a b?q=ü#top ")
    'https://example.org/a%20b?q=%C3%BC#top'
    >>> web_address("javascript:alert(1)"), web_address("//example.org/"), web_address("https://a@b.org")
    (None, None, None)
    """
    stripped = (url or "").strip(" \t\r\n\f")
    if len(stripped) > LONGEST or _CONTROL.search(stripped):
        return None
    try:
        parts = urlsplit(stripped)
        host, port = _host(parts), parts.port
    except (ValueError, UnicodeError):  # bad brackets, port or name
        return None
    if parts.scheme not in ("http", "https") or host is None:
        return None
    found = f"{parts.scheme}://{host}" + ("" if port is None else f":{port}")
    found += _encoded(parts.path, "")
    found += "?" + _encoded(parts.query, "?") if parts.query else ""
    found += "#" + _encoded(parts.fragment, "?") if parts.fragment else ""
    return found if len(found) <= LONGEST else None


def _host(parts: SplitResult) -> str | None:
    """Return the host in ASCII; None if there is none that a browser would understand so."""
    if "@" in parts.netloc or "\\" in parts.netloc or not parts.hostname:
        return None
    name = unicodedata.normalize("NFKC", parts.hostname).lower()
    if ":" in name:
        name = f"[{name}]"
    elif not name.isascii():
        name = ".".join(_label(label) for label in name.split("."))
    return name if _HOST.fullmatch(name) else None


def _label(label: str) -> str:
    """Return a part of a name in ASCII; letters, marks and digits only, else it's none.

    Not Python's codec "idna": that is of 2003, and leads from "straße" to "strasse", another's name.
    """
    if label.isascii():
        return label
    odd = [c for c in label if unicodedata.category(c)[0] not in "LMN" and c != "-"]
    return "" if odd else "xn--" + label.encode("punycode").decode("ascii")


def _encoded(part: str, more: str) -> str:
    return quote(_NO_ESCAPE.sub("%25", part), safe="/%:@!$&'()*+,;=~" + more)
