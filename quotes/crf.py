"""The most likely labels of a sequence, by a linear-chain conditional random field.

Viterbi's algorithm, after Rabiner, "A Tutorial on Hidden Markov Models" (Proceedings of the IEEE,
1989), for several sequences at once.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]


def decode(emissions: Sequence[Array], transitions: Array, first: Array) -> list[NDArray[np.int64]]:
    """Return the best labels of each sequence; they don't depend on what others stand beside it.

    Args:
        emissions: of each sequence the scores ``(words, labels)``, one word at least.
        transitions: ``(labels, labels)``, the score of a label (row) before another (column).
        first: ``(labels,)``, the score of a label at the beginning.

    >>> never = -100.0
    >>> scores = np.array([[1, 0], [0, 3], [2, 0]], np.float32)
    >>> decode([scores], np.array([[0, never], [0, 0]], np.float32), np.zeros(2, np.float32))
    [array([1, 1, 0])]
    """
    lengths = np.array([len(one) for one in emissions])
    longest, labels = int(lengths.max()), len(first)
    padded = np.zeros((longest, len(emissions), labels), np.float32)
    for row, one in enumerate(emissions):
        padded[: len(one), row] = one
    score = first + padded[0]
    scores, before = [score], []
    for emission in padded[1:]:
        paths = score[:, :, None] + transitions
        before.append(paths.argmax(1))
        score = paths.max(1) + emission
        scores.append(score)
    found = np.zeros((len(emissions), longest), np.int64)
    rows = np.arange(len(emissions))
    label = np.zeros(len(emissions), np.int64)
    for at in range(longest - 1, -1, -1):
        if at < longest - 1:
            label = before[at][rows, label]
        ends = lengths == at + 1
        label[ends] = scores[at][ends].argmax(1)
        found[:, at] = label
    return [one[:length] for one, length in zip(found, lengths, strict=True)]
