"""What the model reads of a text: its words as word pieces with features.

The tagger and its training share this module, so that both see the same. Quotation style, dashes
and apostrophes are levelled out before the model sees them: it learns what a quotation is, not how
a newspaper prints one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from quotes.models import Quotation, Segments, Span, Token

LABELS = (
    *("O", "B-source", "I-source", "B-cue", "I-cue"),
    *("B-content", "I-content"),
)
# Each feature of a word with its values; 0 is what the special pieces have.
SHAPES = ("none", "lower", "Title", "UPPER", "mixed", "digit", "mark")
QUOTED = ("outside", "opening", "inside", "closing", "unclosed")
BEGINNINGS = ("none", "sentence", "paragraph")
FEATURES = {"shape": SHAPES, "quoted": QUOTED, "beginning": BEGINNINGS}

POINTER = 96  # dimensions of the vectors by which words point to each other
DISTANCES = 15  # classes of distance between two words

_LONGEST_WORD = 12  # pieces; of a longer word, an address say, the first are enough
_REMEMBERED = 1 << 16  # words whose pieces are kept

# What is written together but plays two roles: "he's urging", "Li's promise".
_CLITIC = re.compile(r"(?<=\w)['’](?:s|re|ve|ll|d|m)$", re.IGNORECASE)
_LEVELLED = str.maketrans(
    {
        **dict.fromkeys("“”„‟«»「」『』＂", '"'),
        **dict.fromkeys("‘’‚‛‹›`´", "'"),
        **dict.fromkeys("–—‒―−‑", "-"),
        "…": "...",
    }
)

Pieces = Callable[[str], Sequence[int]]
Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a text as the model reads them, ``n`` in all.

    Args:
        starts: where each begins in the text.
        ends: where each ends.
        pieces: the word pieces of all words, one after the other.
        firsts: ``(n + 1,)``: where in ``pieces`` those of each word begin, and the end.
        features: ``(n, features)``: the value of each feature by number, as in ``FEATURES``.
        sentences: the numbers of the words that begin a sentence, and at last ``n``.
        paragraphs: the same for paragraphs.
    """

    starts: Integers
    ends: Integers
    pieces: Integers
    firsts: Integers
    features: Integers
    sentences: tuple[int, ...]
    paragraphs: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.starts)

    def span(self, start: int, end: int) -> Span:
        """Return where the words from *start* to before *end* stand."""
        return Span(int(self.starts[start]), int(self.ends[end - 1]))


def piece(tokenizer: Tokenizer, name: str) -> int:
    """Return the number of a piece by its name.

    Raises:
        ValueError: the tokenizer knows none of that name.
    """
    number = tokenizer.token_to_id(name)
    if number is None:
        raise ValueError(f"the tokenizer has no piece {name}")
    return int(number)


def special_pieces(tokenizer: Tokenizer) -> tuple[int, int]:
    """Return the pieces that begin and finish a window."""
    return piece(tokenizer, "[CLS]"), piece(tokenizer, "[SEP]")


def word_pieces(tokenizer: Tokenizer) -> Pieces:
    """Return a function from a word to its pieces, at least one and at most twelve."""
    unknown = piece(tokenizer, "[UNK]")

    @lru_cache(_REMEMBERED)
    def pieces(word: str) -> tuple[int, ...]:
        found = tokenizer.encode(word, add_special_tokens=False).ids[:_LONGEST_WORD]
        return tuple(found) or (unknown,)

    return pieces


def read_words(segments: Segments, pieces: Pieces) -> Words:
    """Return the words of a text as the model reads them; *pieces* turns a word into its pieces.

    They are its tokens, but for verbs and endings that are written together with another word.

    >>> from quotes.segment import segment
    >>> words = read_words(segment("Li said: “No.”"), lambda word: [len(word)])
    >>> [QUOTED[value] for value in words.features[:, 1]]
    ['outside', 'outside', 'outside', 'opening', 'inside', 'inside', 'closing']
    """
    tokens = [*chain.from_iterable(map(_parted, segments.tokens))]
    starts = np.fromiter((token.start for token in tokens), np.int64, len(tokens))
    quoted, marks = _quotations(starts, segments.quotations)
    of_words = [
        pieces(marks.get(number) or token.text.translate(_LEVELLED))
        for number, token in enumerate(tokens)
    ]
    sizes = np.fromiter(map(len, of_words), np.int64, len(tokens))
    firsts = np.concatenate(([0], np.cumsum(sizes)))
    sentences = _beginnings(starts, segments.sentences)
    paragraphs = _beginnings(starts, segments.paragraphs)
    features = np.zeros((len(tokens), len(FEATURES)), np.int64)
    features[:, 0] = [_shape(token.text) for token in tokens]
    features[:, 1] = quoted
    features[sentences[:-1], 2] = 1
    features[paragraphs[:-1], 2] = 2
    return Words(
        starts=starts,
        ends=np.fromiter((token.end for token in tokens), np.int64, len(tokens)),
        pieces=np.fromiter(chain.from_iterable(of_words), np.int64, int(firsts[-1])),
        firsts=firsts,
        features=features,
        sentences=sentences,
        paragraphs=paragraphs,
    )


def _parted(token: Token) -> Sequence[Token]:
    match = _CLITIC.search(token.text)
    if match is None:
        return (token,)
    at = token.start + match.start()
    return (
        Token(token.start, at, token.text[: match.start()]),
        Token(at, token.end, match.group()),
    )


def _quotations(
    starts: Integers, quotations: Sequence[Quotation]
) -> tuple[Integers, dict[int, str]]:
    """Say of each word how it stands to an outermost quotation, and which words are marks."""
    quoted = np.zeros(len(starts), np.int64)
    marks: dict[int, str] = {}
    for quotation in quotations:
        span, inner = quotation.span, quotation.inner
        edges = np.searchsorted(starts, (span.start, inner.start, inner.end, span.end)).tolist()
        first, inside, closing, last = edges
        form = "'" if quotation.depth % 2 else '"'
        marks |= dict.fromkeys((*range(first, inside), *range(closing, last)), form)
        if quotation.depth == 0:
            closed = quotation.ending != "missing"
            quoted[first:inside] = QUOTED.index("opening" if closed else "unclosed")
            quoted[inside:closing] = QUOTED.index("inside" if closed else "unclosed")
            quoted[closing:last] = QUOTED.index("closing" if closed else "unclosed")
    return quoted, marks


def _beginnings(starts: Integers, parts: Sequence[Span]) -> tuple[int, ...]:
    """Return the numbers of the words that begin parts of the text, and of the end."""
    numbers = np.searchsorted(starts, [part.start for part in parts])
    return tuple(sorted({0, len(starts), *numbers.tolist()}))


def _shape(word: str) -> int:
    letters = word.lstrip("'’") or word
    if letters[0].isdigit():
        return SHAPES.index("digit")
    if not (letters[0].isalnum() or letters[0] in "@#"):
        return SHAPES.index("mark")
    if letters.islower():
        return SHAPES.index("lower")
    if letters[0].isupper() and (len(letters) == 1 or letters[1:].islower()):
        return SHAPES.index("Title")
    return SHAPES.index("UPPER" if letters.isupper() else "mixed")


def distances(rows: Integers, columns: Integers) -> Integers:
    """Return the class of distance from the words *rows* to the words *columns*, as a table.

    A class is a power of two and a direction; 7 is the word itself.

    >>> distances(np.array([10]), np.array([2, 9, 10, 11, 500])).tolist()
    [[3, 6, 7, 8, 14]]
    """
    between = columns[None, :] - rows[:, None]
    size = np.floor(np.log2(np.maximum(np.abs(between), 1))).astype(np.int64) + 1
    half = DISTANCES // 2
    classes: Integers = half + np.sign(between) * np.minimum(size, half)
    return classes
