"""Addresses: http and https only, in ASCII, whatever tricks an article knows."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotes.plugin.addresses import web_address

GOOD = {
    "https://example.org": "https://example.org",
    "http://example.org/a?b=c#d": "http://example.org/a?b=c#d",
    "  https://example.org/\n": "https://example.org/",
    "HTTPS://EXAMPLE.org/PATH": "https://example.org/PATH",
    "https://example.org:8443/": "https://example.org:8443/",
    "https://example.org/a b": "https://example.org/a%20b",
    "https://example.org/100%/%20/%zz": "https://example.org/100%25/%20/%25zz",
    'https://example.org/"><script>': "https://example.org/%22%3E%3Cscript%3E",
    "https://example.org/a\\b": "https://example.org/a%5Cb",
    "https://example.org/{a}|b": "https://example.org/%7Ba%7D%7Cb",
    "https://example.org/\u202egro": "https://example.org/%E2%80%AEgro",
    "https://bücher.example/": "https://xn--bcher-kva.example/",
    "https://BÜCHER.example/": "https://xn--bcher-kva.example/",
    "https://straße.example/": "https://xn--strae-oqa.example/",
    "https://例え.example/": "https://xn--r8jz45g.example/",
    "https://ｅxample.org/": "https://example.org/",
    "http://[2001:db8::1]:80/": "http://[2001:db8::1]:80/",
    "http://127.0.0.1:8001/quote/1": "http://127.0.0.1:8001/quote/1",
    "https://example.org/?q=javascript:alert(1)": "https://example.org/?q=javascript:alert(1)",
}
BAD = [
    None,
    "",
    " ",
    "example.org",
    "/path",
    "//example.org/",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    " javascript:alert(1)",
    "\x01javascript:alert(1)",
    "java\nscript:alert(1)",
    "java\tscript://example.org/%0aalert(1)",
    "javascript://example.org/%0aalert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:x",
    "file:///etc/passwd",
    "ftp://example.org/",
    "mailto:a@example.org",
    "blob:https://example.org/1",
    "view-source:https://example.org/",
    "https:example.org",
    "https:/example.org",
    "https:///example.org",
    "https:\\\\example.org",
    "https://",
    "https://?q",
    "https://example.org@evil.example/",
    "https://user:password@example.org/",
    "https://example.org\\@evil.example/",
    "https://example.org\\.evil.example/",
    "https://exa mple.org/",
    "https://exam\u200bple.org/",
    "https://example\u3002org/",
    "https://example.org\uff0fevil.example/",
    "https://ex%61mple.org/",
    "https://example.org:port/",
    "https://example.org:99999/",
    "https://[::1/",
    "https://[javascript]/",
    "https://example..org/",
    "https://example.org/\x00",
    "https://example.org/\r\nSet-Cookie: a=b",
    "https://example.org/\x85",
    "https://example.org/" + "a" * 3000,
    "https://example.org/" + "李" * 1000,
]


@pytest.mark.parametrize(("url", "expected"), GOOD.items())
def test_a_web_address(url: str, expected: str) -> None:
    assert web_address(url) == expected


@pytest.mark.parametrize("url", BAD, ids=lambda url: ascii(url)[:50])
def test_none(url: str | None) -> None:
    assert web_address(url) is None


@given(
    st.text()
    | st.builds("{}{}".format, st.sampled_from(["https://", "http://a.org", "HTTP:"]), st.text())
)
def test_any_text_is_a_safe_address_or_none(text: str) -> None:
    found = web_address(text)
    if found is not None:
        assert re.fullmatch(r"https?://[!#-;=?-\[\]_a-z~%]+", found)
        assert urlsplit(found).username is None
        assert web_address(found) == found
