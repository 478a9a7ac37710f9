"""A quote → the citations that people and programs ask for.

What isn't known is left out. None has a day of access: our pages are cached, so it would be another
reader's. None has a place: the database knows where an article was reported from, and styles ask where
it was published.
"""

from __future__ import annotations

from dataclasses import dataclass

from quotes.plugin.citing import prose, references
from quotes.plugin.citing.citable import Citable

__all__ = ["Citable", "Citation", "citations"]


@dataclass(frozen=True, slots=True)
class Citation:
    """A citation in one form.

    Args:
        key: name of the form in addresses.
        label: what people call it.
        text: the citation.
        media_type, extension: as a file to download.
    """

    key: str
    label: str
    text: str
    media_type: str
    extension: str


def citations(quote: Citable) -> tuple[Citation, ...]:
    """Return the citations of a quote, those to read before those for programs.

    >>> quote = Citable("1", "https://quotes.example/quote/1", "It rains", "direct", speaker="Ann Lee")
    >>> citations(quote)[0].text
    'Ann Lee: “It rains” (https://quotes.example/quote/1).'
    """
    clean = quote.clean
    plain = "text/plain"
    return (
        Citation("text", "Text", prose.text(clean), plain, "txt"),
        Citation("apa", "APA", prose.apa(clean), plain, "txt"),
        Citation("chicago", "Chicago", prose.chicago(clean), plain, "txt"),
        Citation("bibtex", "BibTeX", references.bibtex(clean), "application/x-bibtex", "bib"),
        Citation("ris", "RIS", references.ris(clean), "application/x-research-info-systems", "ris"),
        Citation(
            *("csl", "CSL-JSON", references.csl(clean)),
            *("application/vnd.citationstyles.csl+json", "json"),
        ),
        Citation("wikipedia", "Wikipedia", references.wikipedia(clean), plain, "txt"),
    )
