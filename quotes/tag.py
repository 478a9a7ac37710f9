"""Stage 3: label sources, cues and contents with the trained model, and say what may belong together.

The only uncertain stage. The text is read in windows one after another, each by itself: what is
found does not depend on what is read beside it, and memory stays bounded.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from quotes.crf import decode
from quotes.features import LABELS, POINTER, distances, read_words
from quotes.model import GRAPH, SHIPPED, Model, Scores, read_manifest
from quotes.models import Label, Labelling, Link, Role, Segments
from quotes.windows import pack, window

_MANIFEST = read_manifest(SHIPPED)
# The name, and the weights: a model trained anew under an old name is another one.
MODEL = f"{_MANIFEST['name']}-{_MANIFEST['sha256'][GRAPH][:8]}"

_TOGETHER = 16  # windows whose labels are decoded in one go
_ROLES: tuple[Role, ...] = get_args(Role)
_LEAST = 0.001  # a link less likely than this is not mentioned

Array = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class _Found:
    """A span of words in a window: from which to before which, and how sure it is."""

    role: Role
    start: int
    end: int
    confidence: float


def tag(segments: Segments, model: Model) -> Labelling:
    """Return the labels of a text and their links, as *model* finds them.

    >>> from quotes.model import shipped
    >>> from quotes.segment import segment
    >>> text = 'Li said that it rained.'
    >>> [(label.role, label.span.of(text)) for label in tag(segment(text), shipped()).labels]
    [('source', 'Li'), ('cue', 'said'), ('content', 'that it rained')]
    """
    words = read_words(segments, model.pieces)
    labels: list[Label] = []
    links: list[Link] = []
    bounds = [*pack(words)]
    for at in range(0, len(bounds), _TOGETHER):
        together = bounds[at : at + _TOGETHER]
        scored = [model.scores(window(words, one, model.special)) for one in together]
        decoded = decode([one.labels for one in scored], model.transitions, model.first)
        for (start, _), scores, path in zip(together, scored, decoded, strict=True):
            found = [*_spans(path, scores.labels)]
            links += _links(model, scores, found, len(labels))
            labels += (
                Label(words.span(start + one.start, start + one.end), one.role, one.confidence)
                for one in found
            )
    return Labelling(tuple(labels), tuple(links))


def _spans(path: NDArray[np.int64], scores: Array) -> Iterator[_Found]:
    """Yield the spans that the labels of a window's words make."""
    likely = np.exp(scores - scores.max(1, keepdims=True))
    likely = likely[np.arange(len(path)), path] / likely.sum(1)
    names = [LABELS[label] for label in path]
    starts = [at for at, name in enumerate(names) if name.startswith("B-")]
    for start in starts:
        end = start + 1
        while end < len(names) and names[end].startswith("I-"):
            end += 1
        role = next(role for role in _ROLES if names[start].endswith(role))
        yield _Found(role, start, end, float(likely[start:end].mean()))


def _links(model: Model, scores: Scores, found: Sequence[_Found], number: int) -> Iterator[Link]:
    """Yield the links between the spans of a window; *number* is that of the first of them."""
    for kind, (dependent, head) in enumerate((("content", "cue"), ("cue", "source"))):
        heads = [at for at, span in enumerate(found) if span.role == head]
        places = np.array([found[at].start for at in heads], np.int64)
        for at, span in enumerate(found):
            if span.role == dependent:
                chances = _chances(model, scores, kind, span, places)
                for to, chance in zip((*heads, None), chances.tolist(), strict=True):
                    if chance >= _LEAST:
                        yield Link(number + at, None if to is None else number + to, chance)


def _chances(
    model: Model, scores: Scores, kind: int, span: _Found, places: NDArray[np.int64]
) -> Array:
    """Return how likely a span belongs to each head, and to none: what its words say on average."""
    words = np.arange(span.start, span.end)
    from_, to = scores.vectors[2 * kind], scores.vectors[2 * kind + 1]
    pointing = from_[words] @ to[places].T / np.float32(POINTER**0.5)
    pointing += model.near[kind][distances(words, places)]
    every = np.concatenate([pointing, scores.none[words, kind, None]], axis=1)
    every -= np.logaddexp.reduce(every, axis=1, keepdims=True)
    mean = np.exp(every.mean(axis=0))
    chances: Array = mean / mean.sum()
    return chances
