"""JSON-LD: what schema.org knows, and nothing that ends its script element."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st
from test_plugin_citations import CITABLE, OPTIONAL

from quotes.plugin.citing.citable import Citable
from quotes.plugin.citing.linked_data import quotation

QUOTE = Citable(
    uid="1",
    permalink="https://quotes.example/quote/1",
    text="“It rains,”",
    kind="direct",
    verbatim="It rains,",
    speaker="Ann Lee",
    office="President of Norland",
    said_on="2020-03-26",
    title="Rain & <b>wind</b>",
    publisher="The Daily Example",
    author="Bob Berg",
    place="Norburg",
    published="2020-03-27",
    url="https://example.org/rain",
    language="en",
)


def test_a_direct_quote() -> None:
    page = "https://quotes.example/speaker/ann-lee"
    speaker = {
        "@type": "Person",
        "name": "Ann Lee",
        "jobTitle": "President of Norland",
        "url": page,
        "sameAs": "https://www.wikidata.org/wiki/Q1",
    }
    assert json.loads(quotation(QUOTE, speaker_page=page, wikidata="Q1")) == {
        "@context": "https://schema.org",
        "@type": "Quotation",
        "@id": "https://quotes.example/quote/1",
        "url": "https://quotes.example/quote/1",
        "text": "It rains",
        "inLanguage": "en",
        "dateCreated": "2020-03-26",
        "spokenByCharacter": speaker,
        "creator": speaker,
        "isPartOf": {
            "@type": "NewsArticle",
            "headline": "Rain & <b>wind</b>",
            "url": "https://example.org/rain",
            "datePublished": "2020-03-27",
            "inLanguage": "en",
            "author": [{"@type": "Person", "name": "Bob Berg"}],
            "publisher": {"@type": "Organization", "name": "The Daily Example"},
            "locationCreated": {"@type": "Place", "name": "Norburg"},
        },
    }


def test_the_wording_of_a_paraphrase_is_not_the_speakers() -> None:
    paraphrase = Citable(
        "1", "https://quotes.example/quote/1", "that it rains", "indirect", speaker="Ann Lee"
    )
    found = json.loads(quotation(paraphrase, "Organization"))
    assert found["spokenByCharacter"] == {"@type": "Organization", "name": "Ann Lee"}
    assert "creator" not in found
    assert "paraphrase" in found["disambiguatingDescription"].lower()


def test_an_unknown_speaker_is_nobody() -> None:
    found = json.loads(
        quotation(Citable("1", "", "It rains", "direct", source="he", office="President"))
    )
    assert set(found) == {"@context", "@type", "text", "isPartOf"}


@given(CITABLE, st.sampled_from(["Person", "Organization"]), OPTIONAL, OPTIONAL)
def test_nothing_in_it_ends_the_script(quote, kind, page, wikidata) -> None:
    text = quotation(quote, kind, page, wikidata)
    assert not set("<>&\u2028\u2029\n") & set(text)
    assert json.loads(text)["@type"] == "Quotation"
