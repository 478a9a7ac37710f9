"""Trim cues to the verb that attributes: "also noted" is the cue "noted".

PolNeAR, which the tagger learned from, counts adverbs to the cue, where and how something was said
("said on Twitter"), and a preposition that belongs to what is asked for: "called for" a bridge. A
reader of quotes looks for verbs, and for what was said in its whole phrase: "called", "for a bridge".
"""

from __future__ import annotations

import re
from dataclasses import replace

from quotes.data import load
from quotes.models import Attribution, Span

_ADVERBS = "|".join(sorted(row["word"] for row in load("cue_adverbs")))
_LEADING = re.compile(rf"(?:(?:{_ADVERBS})\s+)+(?=\w)", re.IGNORECASE)
# Verbs that need no preposition: what follows one tells where and how, not what.
_SAYING = "|".join(sorted(row["form"] for row in load("cues") if row["where"] == "apart"))
_CIRCUMSTANCE = re.compile(
    rf"(?:\w+\s+){{0,3}}?(?:{_SAYING})"
    r"(?=\s+(?:in|on|at|to|during|after|following|before|by|with|via|through|from)\b)",
    re.IGNORECASE,
)
_FOR = re.compile(r"\w+(\s+for)$", re.IGNORECASE)


def trim_cue(text: str, attribution: Attribution) -> Attribution:
    """Return an attribution with its cue trimmed, and what is asked for in its whole phrase.

    >>> text = "Li also called for rain."
    >>> said = Attribution((Span(19, 23),), Span(3, 18), Span(0, 2), "indirect")
    >>> trimmed = trim_cue(text, said)
    >>> trimmed.cue.of(text), trimmed.content[0].of(text)
    ('called', 'for rain')
    >>> text = "Li said on Twitter that it rained."
    >>> said = Attribution((Span(19, 33),), Span(3, 18), Span(0, 2), "indirect")
    >>> trim_cue(text, said).cue.of(text)
    'said'
    """
    cue = attribution.cue
    if cue is None:
        return attribution
    if adverbs := _LEADING.match(text, cue.start, cue.end):
        cue = Span(adverbs.end(), cue.end)
    if verb := _CIRCUMSTANCE.match(text, cue.start, cue.end):
        cue = Span(cue.start, verb.end())
    content = attribution.content
    asked = _FOR.search(cue.of(text))
    follows = cue.end <= content[0].start and not text[cue.end : content[0].start].strip()
    if asked and follows and attribution.kind != "direct":
        content = (Span(cue.end - len("for"), content[0].end), *content[1:])
        cue = Span(cue.start, cue.start + asked.start(1))
    return replace(attribution, cue=cue, content=content)
