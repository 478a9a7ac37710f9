"""The model that ships: it refuses what it does not agree with, and finds the same everywhere."""

from __future__ import annotations

import itertools
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import DEV_TEXTS
from hypothesis import given, settings
from hypothesis import strategies as st

from quotes.crf import decode
from quotes.features import read_words
from quotes.model import CARD, GRAPH, MANIFEST, SHIPPED, TOKENIZER, Model, ModelError, shipped
from quotes.pipeline import find
from quotes.segment import segment
from quotes.tag import tag
from quotes.windows import LARGEST, pack, sentence_by_sentence, window

TEXTS = [
    "President Ann Lee said that the bridge was open.",
    "“We met on the bridge,” said Mr. Berg. “It rained.”\n\nNobody else came.",
    "The bridge is long. " * 400 + "Berg said that it was new.",
]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SHIPPED, tmp_path / "model"))


def change(folder: Path, with_: Callable[[dict[str, Any]], None]) -> None:
    manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
    with_(manifest)
    (folder / MANIFEST).write_text(json.dumps(manifest), "utf-8")


@pytest.mark.parametrize(
    ("changed", "complaint"),
    [
        (lambda m: m["labels"].reverse(), "other labels"),
        (lambda m: m["features"].pop("shape"), "other features"),
        (lambda m: m["features"]["quoted"].append("new"), "other features"),
        (lambda m: m.update(pointer=7), "other pointer"),
        (lambda m: m["sha256"].pop(TOKENIZER), f"{TOKENIZER}: is not the file"),
        (lambda m: m["sha256"].update({GRAPH: "0" * 64}), f"{GRAPH}: is not the file"),
    ],
)
def test_it_refuses_what_it_does_not_agree_with(
    copy: Path, changed: Callable[[dict[str, Any]], None], complaint: str
) -> None:
    change(copy, changed)
    with pytest.raises(ModelError, match=complaint):
        Model(copy)


@pytest.mark.parametrize("name", [MANIFEST, GRAPH, TOKENIZER])
def test_it_refuses_a_missing_file(copy: Path, name: str) -> None:
    (copy / name).unlink()
    with pytest.raises(ModelError, match=name):
        Model(copy)


def test_a_copy_is_as_good(copy: Path) -> None:
    for text in TEXTS:
        assert find(text, Model(copy)) == find(text)


def test_it_is_small_and_has_its_card() -> None:
    assert sum(path.stat().st_size for path in SHIPPED.iterdir()) <= 25 * 10**6
    assert (
        (SHIPPED / CARD)
        .read_text("utf-8")
        .startswith(f"# {json.loads((SHIPPED / MANIFEST).read_text('utf-8'))['name']}\n")
    )


def test_the_order_of_texts_does_not_matter() -> None:
    forwards = [find(text) for text in TEXTS]
    assert [find(text) for text in reversed(TEXTS)] == forwards[::-1]
    assert all(forwards)


def test_what_stands_in_other_windows_does_not_matter() -> None:
    """A paragraph that fills its windows is read the same, whatever follows it."""
    if not DEV_TEXTS.is_dir():
        pytest.skip(f"no real input: {DEV_TEXTS} is not here")
    text = min(DEV_TEXTS.iterdir()).read_text("utf-8")
    segments = segment(text)
    words = read_words(segments, shipped().pieces)
    first = next(iter(pack(words)))
    alone = segment(text[: words.ends[first[1] - 1]])
    labels = tag(alone, shipped()).labels
    assert labels
    assert tag(segments, shipped()).labels[: len(labels)] == labels


@pytest.mark.parametrize("cut", [pack, sentence_by_sentence])
@given(text=st.text(max_size=400), limit=st.integers(20, 60))
@settings(max_examples=100)
def test_windows_cover_all_words_once(cut: Any, text: str, limit: int) -> None:
    words = read_words(segment(text), shipped().pieces)
    bounds = [*cut(words, limit)]
    assert [at for start, end in bounds for at in range(start, end)] == [*range(len(words))]
    for start, end in bounds:
        one = window(words, (start, end), shipped().special)
        assert len(one.pieces) <= limit
        assert len(one.firsts) == end - start
        assert one.features.shape == (len(one.pieces), 3)


def test_windows_of_a_long_paragraph_are_well_filled() -> None:
    words = read_words(segment(TEXTS[2]), shipped().pieces)
    sizes = [words.firsts[end] - words.firsts[start] for start, end in pack(words)]
    assert len(sizes) > 5
    assert all(LARGEST / 2 < size <= LARGEST - 2 for size in sizes[:-1])


@given(st.lists(st.text(max_size=12), max_size=30).map(" ".join))
@settings(max_examples=200)
def test_words_are_what_stands_in_the_text(text: str) -> None:
    words = read_words(segment(text), shipped().pieces)
    for at in range(len(words)):
        assert words.span(at, at + 1).of(text).strip()
        assert words.firsts[at] < words.firsts[at + 1]
    assert (words.starts[1:] >= words.ends[:-1]).all()


@given(st.lists(st.integers(1, 6), min_size=1, max_size=5), st.integers(0, 2**32 - 1))
@settings(max_examples=100)
def test_decoding_finds_the_best_path(lengths: list[int], seed: int) -> None:
    chance = np.random.default_rng(seed)
    emissions = [chance.normal(size=(length, 3)).astype(np.float32) for length in lengths]
    transitions = chance.normal(size=(3, 3)).astype(np.float32)
    first = chance.normal(size=3).astype(np.float32)
    for scores, path in zip(emissions, decode(emissions, transitions, first), strict=True):
        every = [*np.ndindex(*(3,) * len(scores))]

        def worth(labels: tuple[int, ...], scores: Any = scores) -> float:
            steps = sum(transitions[a, b] for a, b in itertools.pairwise(labels))
            return float(first[labels[0]] + steps + sum(scores[range(len(labels)), labels]))

        assert worth(tuple(path)) == pytest.approx(max(map(worth, every)), abs=1e-4)
