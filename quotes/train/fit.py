"""Fit the network to articles, saving its state so that a training that ends early can go on."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from tokenizers import Tokenizer

from quotes.features import piece, special_pieces
from quotes.train.examples import Example, batches
from quotes.train.network import Batch, Network

_WARMING = 0.06  # of all steps
_CLIP = 1.0
_SAVE_SECONDS = 180
_SAY_STEPS = 20


@dataclass(frozen=True)
class Settings:
    """How to train.

    Args:
        base: the encoder to begin with, a folder or a hub's name.
        start: the state of an earlier training, whose weights take the place of the base's.
        batch: the most word pieces of a batch.
        encoder_rate: the encoder's highest learning rate, reached after warming up; from there it
            falls to nothing in a line.
        head_rate: the same for all else.
    """

    base: str
    start: Path | None = None
    epochs: int = 5
    batch: int = 4096
    encoder_rate: float = 1.5e-4
    head_rate: float = 1e-3
    decay: float = 0.01
    seed: int = 1


def fit(
    articles: Sequence[Sequence[Example]],
    tokenizer: Tokenizer,
    settings: Settings,
    state: Path,
    say: Callable[[str], None],
    device: str,
) -> Network:
    """Return a network fitted to *articles*; *state* is the file that it goes on from, if there.

    The same settings and articles give the same network on the same machine, interrupted or not:
    chance begins anew at each epoch and step from numbers that follow from the seed.
    """
    torch.manual_seed(settings.seed)
    network = Network(settings.base)
    network.to(device)
    if settings.start:
        network.load_state_dict(torch.load(settings.start, weights_only=True)["network"])
    optimizer = _optimizer(network, settings)
    done = _resume(state, network, optimizer)
    say(f"going on after {done} steps" if done else "beginning")
    total = sum(1 for _ in _steps(articles, tokenizer, settings))
    saved = time.monotonic()
    network.train()
    for at, batch in enumerate(_steps(articles, tokenizer, settings), start=1):
        if at <= done:
            continue
        torch.manual_seed(settings.seed * 1_000_003 + at)
        losses = _step(network, optimizer, _on(batch, device), _schedule(at / total))
        if at % _SAY_STEPS == 0 or at == total:
            shown = ", ".join(f"{name} {loss:.3f}" for name, loss in losses.items())
            say(f"step {at} of {total}: losses of {shown}")
        if time.monotonic() - saved > _SAVE_SECONDS or at == total:
            _save(state, network, optimizer, at)
            saved = time.monotonic()
    network.eval()
    return network


def _steps(
    articles: Sequence[Sequence[Example]], tokenizer: Tokenizer, settings: Settings
) -> Iterator[Batch]:
    special, hidden = special_pieces(tokenizer), piece(tokenizer, "[MASK]")
    for epoch in range(settings.epochs):
        chance = random.Random(settings.seed * 1_000 + epoch)  # noqa: S311
        yield from batches(articles, settings.batch, special, hidden, chance)


def _step(
    network: Network, optimizer: torch.optim.Optimizer, batch: Batch, rate: float
) -> dict[str, float]:
    """Learn from one batch, at a part of the highest learning rates; return the losses."""
    for group in optimizer.param_groups:
        group["lr"] = rate * group["highest"]
    losses = network.losses(batch)
    optimizer.zero_grad()
    losses.whole.backward()
    torch.nn.utils.clip_grad_norm_(network.parameters(), _CLIP)
    optimizer.step()
    return {name: loss.item() for name, loss in vars(losses).items()}


def _optimizer(network: Network, settings: Settings) -> torch.optim.Optimizer:
    encoder = [*network.encoder.parameters(), *network.features.parameters()]
    inside = {id(parameter) for parameter in encoder}
    heads = [parameter for parameter in network.parameters() if id(parameter) not in inside]
    return torch.optim.AdamW(
        [
            {"params": encoder, "highest": settings.encoder_rate},
            {"params": heads, "highest": settings.head_rate},
        ],
        weight_decay=settings.decay,
        fused=True,
    )


def _schedule(part: float) -> float:
    return min(part / _WARMING, (1 - part) / (1 - _WARMING))


def _on(batch: Batch, device: str) -> Batch:
    return Batch(**{name: tensor.to(device) for name, tensor in vars(batch).items()})


def _resume(state: Path, network: Network, optimizer: torch.optim.Optimizer) -> int:
    """Go on from a state, if there is one; return how many steps it has behind it."""
    if not state.exists():
        return 0
    saved = torch.load(state, weights_only=True)
    network.load_state_dict(saved["network"])
    optimizer.load_state_dict(saved["optimizer"])
    return int(saved["steps"])


def _save(state: Path, network: Network, optimizer: torch.optim.Optimizer, steps: int) -> None:
    part = state.with_suffix(".part")
    torch.save(
        {"network": network.state_dict(), "optimizer": optimizer.state_dict(), "steps": steps}, part
    )
    part.replace(state)
