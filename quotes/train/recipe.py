"""The whole training, step by step: from marked articles to a folder with a model and its card."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from tokenizers import Tokenizer
from transformers.utils import cached_file

from quotes.annotations import Annotated, read_annotations
from quotes.evaluate import Comparison, evaluate, outermost
from quotes.features import word_pieces
from quotes.markup import read_markup
from quotes.model import CARD, MANIFEST, TOKENIZER, Model, digest
from quotes.pipeline import find
from quotes.train.calibrate import calibrate
from quotes.train.card import Training, card
from quotes.train.examples import examples, held_out
from quotes.train.export import export, write_manifest
from quotes.train.fit import Settings, fit


@dataclass(frozen=True)
class Recipe:
    """What to train on and where to put it.

    Args:
        data: compartments (folders) and files with inline markup.
        tested: a compartment that the card's figures are measured on; None for none.
        out: the folder for the model.
        state: the file by which an interrupted training goes on.
        name: what the model calls itself.
    """

    data: tuple[Path, ...]
    tested: Path | None
    out: Path
    state: Path
    name: str
    settings: Settings


def train(recipe: Recipe, say: Callable[[str], None]) -> None:
    """Train as the recipe says, and write the model with its card to its folder.

    Raises:
        AnnotationError: some of the data can't be read.
    """
    tokenizer = load_tokenizer(recipe.settings.base)
    annotated = [one for path in recipe.data for one in _read(path)]
    kept = [one for one in annotated if held_out(one.name)]
    seen = [one for one in annotated if not held_out(one.name)]
    tested = [*read_annotations(recipe.tested)] if recipe.tested else []
    say(f"{len(seen):,} annotated articles to train on, {len(kept):,} held out")
    articles = examples(seen, word_pieces(tokenizer))
    device = "cuda" if torch.cuda.is_available() else "cpu"
    network = fit(articles, tokenizer, recipe.settings, recipe.state, say, device)
    export(network.cpu(), tokenizer, recipe.out, recipe.name)
    _calibrate(recipe.out, kept)
    training = Training(
        recipe.name,
        recipe.settings,
        {path.name: fingerprint(path) for path in recipe.data},
        len(seen),
        len(kept),
    )
    (recipe.out / CARD).write_text(card(training, _measured(recipe.out, tested)), "utf-8")
    say(f"written to {recipe.out}")


def fingerprint(path: Path) -> str:
    """Return the SHA-256 of a file, or of all files of a folder by name and content."""
    if path.is_file():
        return digest(path)
    found = hashlib.sha256()
    for file in sorted(path.rglob("*")):
        if file.is_file():
            found.update(file.name.encode() + b"\0" + file.read_bytes())
    return found.hexdigest()


def _read(path: Path) -> Iterable[Annotated]:
    return read_annotations(path) if path.is_dir() else read_markup(path)


def load_tokenizer(base: str) -> Tokenizer:
    """Return the word pieces of an encoder, a folder or a hub's name."""
    tokenizer = Tokenizer.from_file(cached_file(base, TOKENIZER))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def _calibrate(folder: Path, kept: Sequence[Annotated]) -> None:
    path = folder / MANIFEST
    manifest = json.loads(path.read_text("utf-8"))
    manifest["confidence"] = calibrate(_measured(folder, kept))
    write_manifest(folder, manifest)


def _measured(folder: Path, annotated: Sequence[Annotated]) -> Sequence[Comparison]:
    model = Model(folder)
    return evaluate(annotated, lambda article: outermost(find(article.text, model)))
