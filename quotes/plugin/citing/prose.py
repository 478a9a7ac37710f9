"""Citations as sentences. What is given must be clean (``Citable.clean``)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from quotes.plugin.citing.bylines import Author
from quotes.plugin.citing.citable import Citable
from quotes.plugin.days import american, british, day_parts

_INNER = str.maketrans("“”„‟«»＂", '‘’‚‛‹›"')
_OPENING = re.compile(r'(?<![^\s(\[{‘—–-])"')
_MOST_AUTHORS = 20  # that APA lists; of more the first 19 and the last


def quoted(words: str) -> str:
    """Return words within quotation marks; such marks in them become single.

    >>> quoted('He said "no" again')
    '“He said ‘no’ again”'
    """
    inner = _OPENING.sub("‘", words.translate(_INNER))
    return f"“{inner}”".replace('"', "’")


def statement(quote: Citable) -> str:
    """Return who said what when: quotation marks around a direct quote, never around a paraphrase.

    >>> statement(Citable("1", "", "that it rains", "indirect", speaker="Ann Lee", said_on="2020-03-27"))
    'Ann Lee, 27 March 2020, paraphrased: that it rains'
    """
    by = f" by {quote.publisher}" if quote.publisher else ""
    manner = {"direct": "", "mixed": f"partly paraphrased{by}", "indirect": f"paraphrased{by}"}
    introduction = [
        _who(quote),
        quote.office if quote.speaker else None,
        british(day_parts(quote.said_on)),
        manner[quote.kind],
    ]
    said = quoted(quote.words) if quote.kind == "direct" else quote.words
    return f"{', '.join(filter(None, introduction))}: {said}"


def text(quote: Citable) -> str:
    """Return a sentence to paste: who said what when, in brackets where that is printed, and our page."""
    credit = [
        "" if quote.unsigned else _listed([author.name for author in quote.authors]),
        quoted(quote.title) if quote.title else None,
        quote.publisher,
        british(quote.day),
        quote.url,
    ]
    places = "; ".join(filter(None, [", ".join(filter(None, credit)), quote.permalink]))
    return statement(quote) + (f" ({places})." if places else ".")


def apa(quote: Citable) -> str:
    """Return the article in APA's 7th edition: an entry for the list of references, and one in the text.

    An article without an address is where we have it: on our page. Titles stay as printed, for APA's small letters would need to know which words are names.
    """
    title = quote.title or "[News article]"
    names = [_inverted(author) for author in quote.authors]
    date = _apa_date(quote.day)
    leading = [_stopped(_apa_names(names)), f"({date}).", _stopped(title)]
    if not names:
        leading = [_stopped(title), f"({date})."]
    publisher = "" if names and quote.unsigned else quote.publisher
    ends = [_stopped(publisher) if publisher else "", quote.url or quote.permalink]
    return " ".join(filter(None, [*leading, *ends])) + f"\n\nIn the text: {_apa_in_text(quote)}"


def chicago(quote: Citable) -> str:
    """Return the article as a note of the Chicago Manual of Style, 18th edition.

    >>> chicago(Citable("1", "", "", "direct", title="Rain", publisher="The Example", published="2020-03"))
    '“Rain,” Example, March 2020.'
    """
    names = [] if quote.unsigned else [author.name for author in quote.authors]
    by = f"{names[0]} et al." if len(names) > 2 else " and ".join(names)
    description = "news article" if by else "News article"
    parts = [
        by,
        _with_comma(quote.title) if quote.title else f"{description},",
        re.sub(r"^The (?=\S)", "", quote.publisher) if quote.publisher else "",
        american(quote.day),
        quote.url or quote.permalink,
    ]
    head, title, *rest = parts
    note = (f"{head}, " if head else "") + title + " " + ", ".join(filter(None, rest))
    return _stopped(note.rstrip(", "))


def _who(quote: Citable) -> str:
    unknown = "Unidentified speaker" + (f" ({quote.source})" if quote.source else "")
    return quote.speaker or unknown


def _listed(names: Sequence[str], last: str = " and ") -> str:
    return last.join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _stopped(sentence: str) -> str:
    """Return a sentence with its full stop."""
    return sentence if sentence.endswith((".", "?", "!", "…")) else sentence + "."


def _with_comma(title: str) -> str:
    """Return a title in quotation marks with a comma within, as Americans do."""
    return quoted(title)[:-1] + ",”"


def _inverted(author: Author) -> str:
    return f"{author.family}, {author.initials}" if author.family else author.name


def _apa_names(names: Sequence[str]) -> str:
    if len(names) > _MOST_AUTHORS:
        return ", ".join(names[: _MOST_AUTHORS - 1]) + f", . . . {names[-1]}"
    return _listed(names, ", & ")


def _apa_date(day: tuple[int, ...]) -> str:
    """Return a date as APA writes it.

    >>> _apa_date((2020, 3, 27)), _apa_date((2020,)), _apa_date(())
    ('2020, March 27', '2020', 'n.d.')
    """
    if not day:
        return "n.d."
    year = f"{day[0]:04}"
    return ", ".join(filter(None, [year, american(day).removesuffix(year).rstrip(", ")]))


def _apa_in_text(quote: Citable) -> str:
    year = f"{quote.day[0]:04}" if quote.day else "n.d."
    names = [author.family or author.name for author in quote.authors]
    if names:
        by = f"{names[0]} et al." if len(names) > 2 else " & ".join(names)
        return f"({by}, {year})"
    return f"({_with_comma(quote.title) if quote.title else '[News article],'} {year})"
