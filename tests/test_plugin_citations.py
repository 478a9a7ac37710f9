"""Citations: what people paste and programs read, whatever an article holds."""

from __future__ import annotations

import json
import re
from dataclasses import fields
from typing import Any

import pytest
from conftest import cases
from hypothesis import given
from hypothesis import strategies as st

from quotes.plugin.citing.citations import Citable, citations

ODD = st.text(alphabet="ab {}|\\\"“”'=<>&%$#_~^[]*-,;:.\n\r\t\0\x85\u2028\u202eüB李", max_size=30)
ANY = st.text(max_size=20) | ODD
OPTIONAL = st.none() | ANY
DAY = OPTIONAL | st.dates().map(str)
ADDRESS = OPTIONAL | st.builds(
    "{}{}".format, st.sampled_from(["https://e.org/", "javascript:"]), ANY
)
SPECIAL = {
    "kind": st.sampled_from(["direct", "mixed", "indirect"]),
    "url": ADDRESS,
    "permalink": ADDRESS,
}
SPECIAL |= {"uid": ANY, "text": ANY, "said_on": DAY, "published": DAY}
CITABLE = st.builds(Citable, **{f.name: SPECIAL.get(f.name, OPTIONAL) for f in fields(Citable)})
# The properties of the CSL schema (csl-data.json, version 1.0) that are used here.
CSL_TEXTS = {"id", "type", "title", "container-title", "language", "URL", "annote"}


def texts(quote: Citable) -> dict[str, str]:
    return {citation.key: citation.text for citation in citations(quote)}


@pytest.mark.parametrize("case", cases("citations"))
def test_citations(case: dict[str, Any]) -> None:
    found = texts(Citable(**case["quote"]))
    expected = {name: value for name, value in case.items() if name not in ("name", "quote")}
    assert {**found, "csl": json.loads(found["csl"])} == expected


@given(CITABLE)
def test_any_quote_has_every_citation_and_always_the_same(quote: Citable) -> None:
    found = citations(quote)
    assert len({citation.key for citation in found}) == len(found) == 7
    assert found == citations(quote)
    for citation in found:
        assert not re.search(
            "[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]", citation.text.replace("\r\n", "")
        )


@given(CITABLE)
def test_bibtex_is_one_entry_with_balanced_braces(quote: Citable) -> None:
    lines = texts(quote)["bibtex"].splitlines()
    assert re.fullmatch(r"@(article|online|misc)\{quote-[A-Za-z0-9_-]*,", lines[0])
    assert lines[-1] == "}"
    for line in lines[1:-1]:
        assert re.fullmatch(r"  [a-z]+ = \{.+\},", line)
        depths = [line[: n + 1].count("{") - line[: n + 1].count("}") for n in range(len(line) - 1)]
        assert depths[-1] == 0
        assert min(depths) == 0
        assert depths.index(1) == line.index("{")
        assert 0 not in depths[line.index("{") : -1]  # the field ends where it should


@given(CITABLE)
def test_bibtex_has_no_command_of_an_article(quote: Citable) -> None:
    commands = set(re.findall(r"\\[A-Za-z]+|\\.", texts(quote)["bibtex"]))
    known = ("backslash", "braceleft", "braceright", "asciicircum", "asciitilde")
    names = (*known, "less", "greater", "bar")
    assert commands <= {*("\\text" + name for name in names), *("\\" + c for c in "$&#%_")}


@given(CITABLE)
def test_ris_is_one_line_a_field(quote: Citable) -> None:
    text = texts(quote)["ris"]
    lines = text.split("\r\n")
    assert lines[0] == "TY  - NEWS"
    assert lines[-2:] == ["ER  - ", ""]
    assert len(text.splitlines()) == len(lines) - 1  # no other line end
    for line in lines[1:-2]:
        assert re.fullmatch(r"(AU|TI|T2|PY|DA|LA|UR|N1)  - .*\S.*", line)
        assert line[:2] not in ("AU", "T2") or "*" not in line


@given(CITABLE)
def test_csl_fits_its_schema(quote: Citable) -> None:
    (item,) = json.loads(texts(quote)["csl"])
    assert {"id", "type"} <= set(item) <= {*CSL_TEXTS, "author", "issued"}
    assert item["type"] == "article-newspaper"
    assert all(isinstance(item[name], str) and item[name] for name in CSL_TEXTS & set(item))
    for name in item.get("author", []):
        assert set(name) in ({"family", "given"}, {"literal"})
        assert all(isinstance(part, str) and part for part in name.values())
    if "issued" in item:
        (parts,) = item["issued"]["date-parts"]
        assert 1 <= len(parts) <= 3
        assert all(isinstance(part, int) for part in parts)


@given(CITABLE)
def test_wikipedia_has_no_markup_of_an_article(quote: Citable) -> None:
    text = texts(quote)["wikipedia"]
    assert text.startswith("{{cite news |")
    assert text.endswith(" |ref=none}}")
    for part in text[2:-2].split(" |")[1:]:
        assert re.fullmatch(r"[a-z]+\d*=[^|{}\[\]<>\n]*[^|{}\[\]<>\s]", part)
        assert not re.search("''|~~|__", part)
    assert len(text.splitlines()) == 1


@given(CITABLE)
def test_no_citation_leads_to_another_scheme(quote: Citable) -> None:
    found = texts(quote)
    (item,) = json.loads(found["csl"])
    addresses = [
        item.get("URL", "https://"),
        *re.findall(r"^UR  - (.*)$", found["ris"], re.MULTILINE),
    ]
    addresses += re.findall(r"^  url = \{(.*)\},$", found["bibtex"], re.MULTILINE)
    addresses += re.findall(r" \|url=(\S*)", found["wikipedia"])
    assert all(address.startswith(("https://", "http://")) for address in addresses)


@given(st.text(alphabet="ab c,.", min_size=1), st.none() | st.text(alphabet="A b\n\0"))
def test_a_paraphrase_stands_in_no_quotation_marks(said: str, speaker: str | None) -> None:
    quote = Citable("1", "https://e.org/", said, "indirect", speaker=speaker, source=speaker)
    assert not set("“”‘’\"'") & set(texts(quote)["text"])


def test_a_direct_quote_stands_in_quotation_marks() -> None:
    assert "“It rains”" in texts(Citable("1", "", "«It rains»", "direct"))["text"]
