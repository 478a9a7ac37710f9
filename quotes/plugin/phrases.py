"""What the values in the tables mean, in plain words (``metadata.yml`` tells the same to programs)."""

from __future__ import annotations

from quotes.data import load

_KINDS = {"direct": "Direct quotation", "mixed": "Partly quoted", "indirect": "Paraphrase"}
KINDS = {
    "direct": "All of it stands within quotation marks.",
    "mixed": "Only the words within quotation marks are the speaker’s; the rest is the article’s.",
    "indirect": "The article’s words, not the speaker’s.",
}
METHODS = {
    "name": "the name, in full or as the article uses it throughout",
    "alias": "another name of somebody in the registry of speakers",
    "surname": "the surname of somebody named elsewhere in the article",
    "office": "an office, and who held it on that day",
    "title": "words that the article introduced somebody with",
    "noun": "words for who was named right before",
    "relative": "“who” or “which”, for the words before it",
    "pronoun": "a pronoun, for somebody spoken of before",
    "carried": "no source of its own: that of the statement beside it",
}
_SURE = ((0.95, "very sure"), (0.85, "sure"), (0.7, "fairly sure"))


def kind(name: str) -> str:
    """Return what people call a kind of quote.

    >>> kind("indirect")
    'Paraphrase'
    """
    return _KINDS.get(name, name)


def value_label(name: str, label: str) -> str:
    """Return what people call a value of a filter that is called *label* in the tables.

    >>> value_label("kind", "indirect"), value_label("channel", "speech")
    ('Paraphrase', 'speech')
    """
    return kind(label) if name == "kind" else label


def kind_note(kind: str) -> str:
    """Return what a kind of quote means, empty for an unknown one."""
    return KINDS.get(kind, "")


def act_note(act: str) -> str:
    """Return what an act is, empty for an unknown one."""
    return {row["act"]: row["description"] for row in load("acts")}.get(act, "")


def method_note(method: str) -> str:
    """Return how a mention leads on; the method itself where it is an unknown one."""
    return METHODS.get(method, method)


def sure(confidence: float) -> str:
    """Return a confidence in words.

    >>> sure(0.96), sure(0.5)
    ('very sure', 'not very sure')
    """
    return next((words for least, words in _SURE if confidence >= least), "not very sure")
