"""Citations as programs read them. What is given must be clean (``Citable.clean``)."""

from __future__ import annotations

import json
import re

from quotes.plugin.citing.bylines import Author
from quotes.plugin.citing.citable import Citable
from quotes.plugin.citing.prose import quoted, statement
from quotes.plugin.days import british

_LATEX: dict[str, str | int | None] = {
    **{character: "\\" + character for character in "$&#%_"},
    "\\": r"\textbackslash{}",
    # Not \{ and \}: BibTeX counts those, too, and an odd one would swallow what follows.
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
}
# What is markup in a wiki text; "&" too, so that "&#124;" in a title stays what was printed.
_WIKI = str.maketrans({character: f"&#{ord(character)};" for character in "&<>[]{}|~"})
_WIKI_RUNS = re.compile(r"''+|__+|(?<=:)//")
_WIKI_ADDRESS = str.maketrans({character: f"%{ord(character):02X}" for character in "'[]{}|"})


def bibtex(quote: Citable) -> str:
    r"""Return the article as an entry of BibTeX, with the fields of biblatex; the quote as annotation.

    Braces around the title keep styles from making names in it small.

    >>> print(bibtex(Citable("1", "", "Rain", "direct", title="50% rain", publisher="Example")), end="")
    @article{quote-1,
      title = {{50\% rain}},
      journal = {Example},
      entrysubtype = {newspaper},
      annotation = {Unidentified speaker: “Rain”},
    }
    """
    printed = {
        "author": " and ".join(_bibtex_name(author) for author in quote.authors),
        "title": f"{{{_latex(quote.title)}}}" if quote.title else "",
        "journal": _latex(quote.publisher or ""),
        "entrysubtype": "newspaper" if quote.publisher else "",
        "date": "-".join(f"{part:02}" for part in quote.day),
        "langid": quote.language or "",
        "url": quote.url or "",
        "annotation": _latex(_note(quote)),
    }
    kind = "article" if quote.publisher else "online" if quote.url else "misc"
    lines = [f"  {name} = {{{value}}},\n" for name, value in printed.items() if value]
    return f"@{kind}{{{quote.key},\n{''.join(lines)}}}\n"


def ris(quote: Citable) -> str:
    r"""Return the article as a record of RIS, the quote as a note; lines end as its rules want.

    >>> ris(Citable("1", "", "Rain", "direct", author="Bob Berg", published="2020-03"))
    'TY  - NEWS\r\nAU  - Berg, Bob\r\nPY  - 2020\r\nDA  - 2020/03//\r\nN1  - Unidentified speaker: “Rain”\r\nER  - \r\n'
    """
    date = [*(f"{part:02}" for part in quote.day), "", "", "", ""][:4]  # the last is for words
    printed = [
        *(("AU", _ris_name(author)) for author in quote.authors),
        ("TI", quote.title),
        ("T2", (quote.publisher or "").replace("*", "")),
        ("PY", date[0]),
        ("DA", "/".join(date) if quote.day else ""),
        ("LA", quote.language),
        ("UR", quote.url),
        ("N1", _note(quote)),
    ]
    lines = [f"{tag}  - {value}" for tag, value in printed if value]
    return "\r\n".join(["TY  - NEWS", *lines, "ER  - ", ""])


def csl(quote: Citable) -> str:
    """Return the article as an item of CSL-JSON in a list, the quote as ``annote``.

    Not as ``note``: from that, programs read variables such as ``{:URL: …}``, and the words are not ours.
    """
    printed = {
        "id": quote.key,
        "type": "article-newspaper",
        "author": [_csl_name(author) for author in quote.authors],
        "title": quote.title,
        "container-title": quote.publisher,
        "issued": {"date-parts": [list(quote.day)]} if quote.day else None,
        "language": quote.language,
        "URL": quote.url,
        "annote": _note(quote),
    }
    item = {name: value for name, value in printed.items() if value}
    return json.dumps([item], ensure_ascii=False, indent=2) + "\n"


def wikipedia(quote: Citable) -> str:
    """Return the article as Wikipedia's ``{{cite news}}``, the words of the article as its quote.

    The template sets quotation marks of its own, and quotes the article, in a paraphrase, too.

    >>> wikipedia(Citable("1", "", "that it | rains", "indirect", title="Rain", author="Bob Berg"))
    '{{cite news |last=Berg |first=Bob |title=Rain |quote=that it &#124; rains |ref=none}}'
    """
    named = [] if quote.unsigned else _wiki_names(quote.authors)
    printed = [
        *named,
        ("title", quote.title or "Untitled news article"),
        ("work", quote.publisher),
        ("date", british(quote.day)),
        ("language", quote.language),
        ("quote", quoted(quote.words)[1:-1]),
    ]
    parts = [f"{name}={_wiki(value)}" for name, value in printed if value]
    if quote.url:
        parts.insert(-1, "url=" + quote.url.translate(_WIKI_ADDRESS))
    return "{{" + " |".join(["cite news", *parts, "ref=none"]) + "}}"


def _note(quote: Citable) -> str:
    return statement(quote) + (f" ({quote.permalink})" if quote.permalink else "")


def _latex(text: str) -> str:
    return text.translate(str.maketrans(_LATEX))


def _bibtex_name(author: Author) -> str:
    if author.family and author.given:
        return f"{_latex(author.family)}, {_latex(author.given)}"
    return f"{{{_latex(author.name)}}}"


def _ris_name(author: Author) -> str:
    name = f"{author.family}, {author.given}" if author.family else author.name
    return name.replace("*", "")


def _csl_name(author: Author) -> dict[str, str]:
    if author.family and author.given:
        return {"family": author.family, "given": author.given}
    return {"literal": author.name}


def _wiki_names(authors: tuple[Author, ...]) -> list[tuple[str, str | None]]:
    named: list[tuple[str, str | None]] = []
    for number, author in enumerate(authors, start=1):
        place = str(number) if len(authors) > 1 else ""
        if author.family:
            named += [(f"last{place}", author.family), (f"first{place}", author.given)]
        else:
            named.append((f"author{place}", author.name))
    return named


def _wiki(text: str) -> str:
    escaped = text.translate(_WIKI)
    return _WIKI_RUNS.sub(lambda run: "".join(f"&#{ord(c)};" for c in run[0]), escaped)
