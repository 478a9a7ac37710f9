"""``quotes train``: make the model anew, from articles marked by hand."""

from __future__ import annotations

from pathlib import Path

import click

from quotes.annotations import AnnotationError
from quotes.cli.terminal import InputError, printable

_PATH = click.Path(path_type=Path)


@click.command(
    epilog="Example: quotes train polnear/train training/styles.txt"
    " --base sentence-transformers/all-MiniLM-L6-v2 --out model"
)
@click.argument("data", nargs=-1, required=True, type=_PATH)
@click.option("--base", required=True, help="The encoder to begin with: a folder or a hub's name.")
@click.option(
    "--start", type=_PATH, help="The state of an earlier training, to begin with its weights."
)
@click.option("--out", required=True, type=_PATH, help="The folder to write the model to.")
@click.option("--tested", type=_PATH, help="The compartment for the figures of the model's card.")
@click.option("--state", type=_PATH, help="Where the state is saved, OUT/training.pt if not given.")
@click.option("--name", default="minilm-1", help="What the model calls itself, minilm-1 at first.")
@click.option("--epochs", type=click.IntRange(1), default=5, help="How often to read all, 5 times.")
@click.option("--batch", type=click.IntRange(256), default=4096, help="Word pieces a step, 4096.")
@click.option(
    "--encoder-rate",
    type=click.FloatRange(0, 1),
    default=1.5e-4,
    help="The highest learning rate of the encoder, 0.00015.",
)
@click.option(
    "--head-rate",
    type=click.FloatRange(0, 1),
    default=1e-3,
    help="The highest learning rate of all else, 0.001.",
)
@click.option("--seed", type=click.IntRange(0), default=1, help="Where chance begins, 1.")
def train(
    data: tuple[Path, ...],
    base: str,
    start: Path | None,
    out: Path,
    tested: Path | None,
    state: Path | None,
    name: str,
    epochs: int,
    batch: int,
    encoder_rate: float,
    head_rate: float,
    seed: int,
) -> None:
    """Train the tagger on DATA: compartments as of PolNeAR, and files with inline markup.

    An encoder of BERT's architecture is fitted to label sources, cues and contents and to link them.
    What is given twice is read twice an epoch. One article in twenty is held out, to calibrate confidence. The state is saved every three
    minutes; the same command goes on from it. The model's folder holds all that quotes needs to run
    it, and a card that tells what it was trained on and how good it is. Needs the extra: pip install
    'quotes[train]'.
    """
    try:
        from quotes.train.fit import Settings
        from quotes.train.recipe import Recipe
        from quotes.train.recipe import train as follow
    except ImportError as error:
        raise InputError(f"training needs more: pip install 'quotes[train]' ({error})") from None
    out.mkdir(parents=True, exist_ok=True)
    settings = Settings(base, start, epochs, batch, encoder_rate, head_rate, seed=seed)
    recipe = Recipe(data, tested, out, state or out / "training.pt", name, settings)
    try:
        follow(recipe, lambda line: click.echo(printable(line), err=True))
    except (AnnotationError, OSError) as error:
        raise InputError(str(error)) from None
