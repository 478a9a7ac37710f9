"""Bytes become text."""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, TextIO

from charset_normalizer import CharsetMatch, from_bytes

from quotes.read.draft import UnreadableError

# Longest first: the mark of UTF-16 begins that of UTF-32.
_MARKS = {
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
# What the web and old archives hold. Rare ones are left out: they cost time and win by accident.
_CANDIDATES = [
    "cp1252",
    "cp1250",
    "cp1251",
    "cp1253",
    "cp1254",
    "cp1255",
    "cp1256",
    "cp1257",
    "cp1258",
    "cp874",
    "koi8_r",
    "gb18030",
    "big5",
    "cp932",
    "euc_jp",
    "cp949",
]
_PREFERRED = "cp1252"
# Such as ³: a word that holds one was written in another encoding.
_SIGN_IN_WORD = re.compile("[a-z][\xa1-\xb6\xb8-\xbf][a-z]")
# Browsers read these names as the larger set that pages mean by them (WHATWG Encoding Standard).
_MEANT = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
}
_DECLARABLE = re.compile(
    r"cp(?:125\d|874|932|949)|iso8859-\d+|koi8-[ru]|gb18030|big5|euc_jp|mac-.+"
)
_SAMPLE = 32_768
_FOREIGN = re.compile(rb"[\x80-\xff]")
_ESCAPED = re.compile("[\udc80-\udcff]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_CONTROL = re.compile("[\x01-\x08\x0e-\x1f\x7f-\x9f]")
_MOST_CONTROL = 0.05
_REPLACEMENT = "\ufffd"
# White space to the statistics, and in no field of a table.
_BETWEEN = "\f"


def decode(data: bytes, declared: str | None = None) -> str:
    """Return the text that *data* holds.

    By its byte order mark, else as UTF-8, else in the encoding *declared*, else by the statistics
    of its bytes. UTF-8 with a few bad bytes stays UTF-8, with U+FFFD in their place.

    Raises:
        UnreadableError: if no encoding fits.

    >>> decode("“Núñez”".encode("cp1252"))
    '“Núñez”'
    """
    try:
        return utf8(data)
    except UnicodeDecodeError as error:
        bad = error.start
    if b"\0" in data:
        raise UnreadableError("binary: holds NUL")
    if declared and (known := _known(declared)):
        with suppress(UnicodeDecodeError):
            return data.decode(known)
    if _is_mostly_utf8(data[max(0, bad - _SAMPLE) : bad + _SAMPLE]):
        return data.decode("utf-8", "replace")
    for encoding in _guesses(data):
        with suppress(UnicodeDecodeError):
            return data.decode(encoding)
    raise UnreadableError("encoding: not known, or no text")


def utf8(data: bytes) -> str:
    """Return the text of *data*: UTF-8, or what its byte order mark says.

    Raises:
        UnicodeDecodeError: if it isn't UTF-8.
        UnreadableError: if it isn't what the mark says.
    """
    mark = _marked(data)
    if mark is None:
        return data.decode("utf-8")
    try:
        return data.decode(mark)
    except UnicodeDecodeError:
        name = mark.removesuffix("-sig").upper()
        raise UnreadableError(f"encoding: begins as {name} but is not") from None


def _marked(data: bytes) -> str | None:
    return next((name for mark, name in _MARKS.items() if data.startswith(mark)), None)


def _known(declared: str) -> str | None:
    try:
        name = codecs.lookup(declared).name
    except LookupError:
        return None
    name = _MEANT.get(name, name)
    return name if _DECLARABLE.fullmatch(name) else None


def _is_mostly_utf8(data: bytes) -> bool:
    text = data.decode("utf-8", "replace")
    bad = text.count(_REPLACEMENT)
    good = sum(map(len, re.findall(r"[^\x00-\x7f\ufffd]+", text)))
    # Of text in another encoding, only a small part passes for UTF-8 by accident.
    return good > bad


def _guesses(data: bytes) -> list[str]:
    """Return the encodings that may be meant, the likeliest first."""
    matches = sorted(from_bytes(_sample(data), cp_isolation=_CANDIDATES), key=_has_signs_in_words)
    order = [encoding for match in matches for encoding in match.could_be_from_charset]
    # Short texts fit many encodings equally well; this one is the most frequent by far.
    if any(
        _PREFERRED in match.could_be_from_charset and _fit(match) >= _fit(matches[0])
        for match in matches
    ):
        order.insert(0, _PREFERRED)
    return order


def _has_signs_in_words(match: CharsetMatch) -> bool:
    return bool(_SIGN_IN_WORD.search(str(match)))


def _fit(match: CharsetMatch) -> tuple[bool, float, float]:
    return not _has_signs_in_words(match), -match.chaos, match.coherence


def _sample(data: bytes) -> bytes:
    """Return the lines that tell something of the encoding, as much as the statistics need."""
    lines = b"\n".join(line for line in data.split(b"\n") if not line.isascii())
    first = _FOREIGN.search(lines)
    start = first.start() if first else 0
    sample = lines[start : start + _SAMPLE]
    # No encoding has these bytes inside a character, so here a sample can be cut.
    cut = max(sample.rfind(byte) for byte in (b"\n", b" ", b",", b"."))
    return sample[:cut] if cut > 0 and len(sample) == _SAMPLE else sample


def text_stream(stream: io.BufferedReader[Any]) -> TextIO:
    """Return *stream* as text, by its byte order mark or as UTF-8, with line ends as they are.

    What isn't UTF-8 comes out as lone surrogates, for ``is_utf8`` and ``redecoded`` to judge.
    """
    mark = _marked(stream.peek(4)[:4])
    errors = "replace" if mark else "surrogateescape"
    return io.TextIOWrapper(stream, encoding=mark or "utf-8", errors=errors, newline="")


def is_utf8(text: str) -> bool:
    """Whether a piece of a ``text_stream`` was UTF-8."""
    return not _ESCAPED.search(text)


def redecoded(cells: Sequence[str]) -> Sequence[str]:
    """Return pieces of a ``text_stream`` that belong together, decoded as ``decode`` does.

    Raises:
        UnreadableError: if no encoding fits.
    """
    joined = "".join(f"{_BETWEEN}{cell}" for cell in cells)
    if is_utf8(joined):
        return cells
    again = decode(joined.encode("utf-8", "surrogateescape")).split(_BETWEEN)[1:]
    if len(again) != len(cells):
        raise UnreadableError("binary: holds control characters")
    return again


def without_surrogates(text: str) -> str:
    r"""Return *text* with U+FFFD for each lone surrogate, which no file can hold.

    >>> without_surrogates("a\ud83d")
    'a\ufffd'
    """
    return _SURROGATE.sub(_REPLACEMENT, text)


def settled(text: str) -> str:
    r"""Return *text* as it is kept: ``\r\n`` and ``\r`` become ``\n``, lone surrogates U+FFFD.

    Raises:
        UnreadableError: if it is empty, white space, or no text (NUL, many control characters).
    """
    if not text.strip():
        raise UnreadableError("empty")
    if "\0" in text:
        raise UnreadableError("binary: holds NUL")
    if _CONTROL.subn("", text)[1] > _MOST_CONTROL * len(text):
        raise UnreadableError("binary: many control characters")
    return without_surrogates(text.replace("\r\n", "\n").replace("\r", "\n"))
