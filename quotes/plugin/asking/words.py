"""What a person types into the search box, as an expression for FTS5.

Words are all looked for, in any inflection; ``"side by side"`` as a phrase, ``-without`` not at all,
``trad*`` by its beginning, ``rain OR snow`` either. Whatever else is typed is words.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

LONGEST = 500  # characters that are read
MOST = 24  # words and phrases that are looked for
SHORTEST_BEGINNING = 3  # letters; fewer begin too many words to be looked for in time
_QUOTATION_MARKS = str.maketrans(dict.fromkeys("“”„‟«»＂", '"'))
_ITEM = re.compile(r'(?P<minus>-?)(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))(?P<star>\*?)')


@dataclass(frozen=True, slots=True)
class Term:
    """A word or a phrase; ``prefix``: it, or its last word, only has to begin so."""

    text: str
    prefix: bool = False

    @property
    def expression(self) -> str:
        """An FTS5 string: what is in it has no meaning but as words."""
        return '"' + self.text + '"' + ("*" if self.prefix else "")

    def __str__(self) -> str:
        quoted = f'"{self.text}"' if " " in self.text else self.text
        return quoted + ("*" if self.prefix else "")


@dataclass(frozen=True, slots=True)
class Words:
    """What is looked for: of each group at least one term, and none of ``without``.

    Args:
        groups: alternatives, one term in most.
        without: terms that must not occur.
        cut: whether something typed was left out, as it was too much.
    """

    groups: tuple[tuple[Term, ...], ...] = ()
    without: tuple[Term, ...] = ()
    cut: bool = False

    def __bool__(self) -> bool:
        return bool(self.groups or self.without)

    @property
    def wanted(self) -> str:
        """An FTS5 expression for the terms to be marked in a hit; empty if there are none.

        >>> parse("rain OR snow -fog").wanted
        '"rain" OR "snow"'
        """
        return " OR ".join(term.expression for group in self.groups for term in group)

    @property
    def expression(self) -> str:
        """An FTS5 expression for the hits; empty if nothing is looked for.

        >>> parse('"trade talks" rain OR snow -fog').expression
        '("trade talks") AND ("rain" OR "snow")'
        """
        return " AND ".join(
            "(" + " OR ".join(term.expression for term in group) + ")" for group in self.groups
        )

    @property
    def close(self) -> str:
        """An FTS5 expression for hits in which all terms stand close together.

        Empty where that says nothing: one term only, or alternatives.

        >>> parse("trade talks -fog").close
        'NEAR("trade" "talks", 10)'
        """
        if len(self.groups) < 2 or any(len(group) > 1 for group in self.groups):
            return ""
        return "NEAR(" + " ".join(group[0].expression for group in self.groups) + ", 10)"

    @property
    def is_one_word(self) -> bool:
        """Whether a single word is looked for, and no beginning of one.

        >>> parse("trade").is_one_word, parse("trad*").is_one_word, parse("a b").is_one_word
        (True, False, False)
        """
        terms = [term for group in self.groups for term in group]
        return len(terms) == 1 and not terms[0].prefix and " " not in terms[0].text

    @property
    def unwanted(self) -> str:
        """An FTS5 expression for what no hit holds; empty if there is nothing.

        >>> parse("rain -fog -snow").unwanted
        '"fog" OR "snow"'
        """
        return " OR ".join(term.expression for term in self.without)


def parse(typed: str) -> Words:
    """Read what was typed; never fails.

    >>> parse("Tra* -war").groups, parse("Tra* -war").without
    (((Term(text='Tra', prefix=True),),), (Term(text='war', prefix=False),))
    """
    groups: list[tuple[Term, ...]] = []
    without: list[Term] = []
    joins = False
    found = list(_ITEM.finditer(clean(typed)[:LONGEST].translate(_QUOTATION_MARKS)))
    for item in found[:MOST]:
        if item["word"] == "OR" and not item["minus"] and groups:
            joins = True
            continue
        term = _term(item)
        if term is None:
            continue
        if item["minus"]:
            without.append(term)
        elif joins:
            groups[-1] = (*groups[-1], term)
        else:
            groups.append((term,))
        joins = False
    return Words(tuple(groups), tuple(without), len(found) > MOST or len(typed) > LONGEST)


def clean(text: str) -> str:
    r"""Return *text* in one line, without what is no character to be typed.

    >>> clean(" trade\n war\0 \ud800 \u202e")
    'trade war'
    """
    kept = (" " if unicodedata.category(c) in ("Cc", "Cs", "Cf", "Cn") else c for c in text)
    return " ".join("".join(kept).split())


def _term(item: re.Match[str]) -> Term | None:
    """Return the term of an item, None if no letter or digit is in it."""
    text = item["phrase"] if item["phrase"] is not None else item["word"]
    prefix = bool(item["star"]) or (item["phrase"] is None and text.endswith("*"))
    text = " ".join(text.strip("* ").split())
    if not any(unicodedata.category(character)[0] in "LN" for character in text):
        return None
    return Term(text, prefix and not (text.isascii() and len(text) < SHORTEST_BEGINNING))
