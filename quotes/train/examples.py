"""From articles marked by hand to batches of windows with what the model should make of them."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

import numpy as np
import torch

from quotes.annotations import Annotated, Marked
from quotes.features import FEATURES, LABELS, SHAPES, Integers, Pieces, Words, distances, read_words
from quotes.models import Span
from quotes.segment import segment
from quotes.train.network import IGNORED, Batch
from quotes.windows import Window, pack, sentence_by_sentence, window

_NUMBER = {label: number for number, label in enumerate(LABELS)}
_NONE = -1  # in a target: the word points to none
# How often an article is read sentence by sentence, a word is hidden, a window is in one case.
_LONE_SENTENCES = 0.15
_HIDDEN = 0.02
_ONE_CASE = 0.04
_WINDOWS = (160, 256)  # the least and the most pieces of a window, by chance
_HELD_OUT = 20  # one article in so many
_LETTERS = ("lower", "Title", "UPPER", "mixed")


@dataclass(frozen=True)
class Example:
    """An article as the model reads it, with what one annotator says of each word.

    ``labels`` are numbers of ``LABELS``; ``cues`` tells for each word of a content, ``sources`` for
    each word of a cue, which word of the article it points to (-1: none; ``IGNORED`` elsewhere).
    """

    words: Words
    labels: Integers
    cues: Integers
    sources: Integers


def held_out(name: str) -> bool:
    """Whether an article is kept from training, to calibrate and to choose by."""
    return int(hashlib.sha256(name.encode()).hexdigest(), 16) % _HELD_OUT == 0


def examples(annotated: Sequence[Annotated], pieces: Pieces) -> list[list[Example]]:
    """Return for each article what its annotators marked, one example each."""
    found = []
    for article, versions in groupby(annotated, key=lambda one: one.article):
        words = read_words(segment(article.text), pieces)
        found.append([_example(words, version.attributions) for version in versions])
    return found


def _example(words: Words, attributions: Sequence[Marked]) -> Example:
    labels = np.zeros(len(words), np.int64)
    cues = np.full(len(words), IGNORED)
    sources = np.full(len(words), IGNORED)
    for marked in attributions:
        cue = [_covered(words, span) for span in marked.cue]
        source = [_covered(words, span) for span in marked.source]
        for role, spans in (
            ("source", marked.source),
            ("cue", marked.cue),
            ("content", marked.content),
        ):
            for span in spans:
                at = _covered(words, span)
                labels[at] = _NUMBER[f"I-{role}"]
                labels[at.start] = _NUMBER[f"B-{role}"]
                if role == "content":
                    cues[at] = cue[0].start if cue else _NONE
                if role == "cue":
                    sources[at] = source[0].start if source else _NONE
    for number in range(len(words)):  # what another span has overwritten in part
        before = LABELS[labels[number - 1]] if number else "O"
        label = LABELS[labels[number]]
        if label.startswith("I-") and before[2:] != label[2:]:
            labels[number] = _NUMBER[f"B-{label[2:]}"]
    return Example(words, labels, cues, sources)


def _covered(words: Words, span: Span) -> slice:
    """Return the words that a span has characters of."""
    first = int(np.searchsorted(words.ends, span.start, side="right"))
    last = int(np.searchsorted(words.starts, span.end))
    return slice(first, max(last, first + 1))


def batches(
    articles: Sequence[Sequence[Example]],
    size: int,
    special: tuple[int, int],
    hidden: int,
    chance: random.Random,
) -> Iterator[Batch]:
    """Yield an epoch: windows of like length together, at most *size* pieces a batch.

    *special* are the pieces that begin and finish a window, *hidden* the one that hides a word.
    Every epoch cuts the articles anew, and takes one annotator's version of each.
    """
    cuts = [one for versions in articles for one in _cut(chance.choice(versions), special, chance)]
    chance.shuffle(cuts)
    cuts.sort(key=lambda one: (len(one.window.pieces) + 15) // 16)
    groups: list[list[_Cut]] = [[]]
    for one in cuts:
        if groups[-1] and (len(groups[-1]) + 1) * len(one.window.pieces) > size:
            groups.append([])
        groups[-1].append(one)
    chance.shuffle(groups)
    for group in groups:
        yield _batch(group, hidden, chance)


@dataclass(frozen=True)
class _Cut:
    example: Example
    start: int
    end: int
    window: Window


def _cut(example: Example, special: tuple[int, int], chance: random.Random) -> Iterator[_Cut]:
    words = example.words
    alone = chance.random() < _LONE_SENTENCES
    limit = chance.randint(*_WINDOWS)
    parts = sentence_by_sentence(words, max(_WINDOWS)) if alone else pack(words, limit)
    for start, end in parts:
        read = _in_one_case(words, chance) if chance.random() < _ONE_CASE else words
        yield _Cut(example, start, end, window(read, (start, end), special))


def _in_one_case(words: Words, chance: random.Random) -> Words:
    """Return words as if they were printed in capitals, or in small letters."""
    features = words.features.copy()
    letters = np.isin(features[:, 0], [SHAPES.index(shape) for shape in _LETTERS])
    features[letters, 0] = SHAPES.index(chance.choice(("UPPER", "lower")))
    return replace(words, features=features)


def _batch(group: Sequence[_Cut], hidden: int, chance: random.Random) -> Batch:
    pieces = max(len(one.window.pieces) for one in group)
    words = max(len(one.window.firsts) for one in group)
    shape = (len(group), words)
    arrays = {
        "pieces": np.zeros((len(group), pieces), np.int64),
        "features": np.zeros((len(group), pieces, len(FEATURES)), np.int64),
        "present": np.zeros((len(group), pieces), np.int64),
        "firsts": np.zeros(shape, np.int64),
        "words": np.zeros(shape, bool),
        "labels": np.zeros(shape, np.int64),
        "cues": np.full(shape, IGNORED),
        "sources": np.full(shape, IGNORED),
    }
    for row, one in enumerate(group):
        n, m = len(one.window.pieces), len(one.window.firsts)
        arrays["pieces"][row, :n] = one.window.pieces
        for at in one.window.firsts:
            if chance.random() < _HIDDEN:
                arrays["pieces"][row, at] = hidden
        arrays["features"][row, :n] = one.window.features
        arrays["present"][row, :n] = 1
        arrays["firsts"][row, :m] = one.window.firsts
        arrays["words"][row, :m] = True
        arrays["labels"][row, :m] = _labels(one.example.labels[one.start : one.end])
        arrays["cues"][row, :m] = _targets(one.example.cues, one, words)
        arrays["sources"][row, :m] = _targets(one.example.sources, one, words)
    every = np.arange(words)
    return Batch(
        **{name: torch.from_numpy(array) for name, array in arrays.items()},
        distances=torch.from_numpy(distances(every, every)),
    )


def _labels(labels: Integers) -> Integers:
    """Let a span that the window cuts begin with it."""
    labels = labels.copy()
    if LABELS[labels[0]].startswith("I-"):
        labels[0] -= 1
    return labels


def _targets(targets: Integers, one: _Cut, none: int) -> Integers:
    """Return the words pointed to by their number in the window; *none* where outside of it."""
    inside = targets[one.start : one.end]
    moved = np.where((inside >= one.start) & (inside < one.end), inside - one.start, none)
    return np.where(inside == IGNORED, IGNORED, moved)
