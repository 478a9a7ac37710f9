"""The network in PyTorch: an encoder, labels as a linear-chain CRF, and pointers between words.

For every word it gives a score for each label, and four vectors and two numbers by which words
point to each other: a word of a content to the first word of its cue, a word of a cue to the first
word of its source, or to none. So one source may serve several cues, and one cue several contents.

Sources: linear-chain CRFs after Lample et al., "Neural Architectures for Named Entity Recognition"
(NAACL 2016); pointers by dot products after Dozat and Manning, "Deep Biaffine Attention for Neural
Dependency Parsing" (ICLR 2017), without their biaffine term.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional
from transformers import AutoModel

from quotes.features import DISTANCES, FEATURES, LABELS, POINTER

IGNORED = -100  # in a target: this word has none
_NEVER = -10_000.0
_POINTING = 0.25


@dataclass(frozen=True)
class Batch:
    """Windows of one batch, padded, with what they should come to.

    Args:
        pieces: ``(windows, pieces)``.
        features: ``(windows, pieces, features)``.
        present: ``(windows, pieces)``, 1 where a piece is no padding.
        firsts: ``(windows, words)``, where each word begins.
        words: ``(windows, words)``, whether a word is no padding.
        labels: ``(windows, words)``.
        cues: ``(windows, words)``: the number of the word that a word of a content points to;
            that of the last word and one for none.
        sources: the same for words of cues.
        distances: ``(words, words)``.
    """

    pieces: Tensor
    features: Tensor
    present: Tensor
    firsts: Tensor
    words: Tensor
    labels: Tensor
    cues: Tensor
    sources: Tensor
    distances: Tensor


@dataclass(frozen=True)
class Losses:
    """What is learnt from: each word's label by itself, the labels as a chain, both pointers.

    The chain alone learns slowly, as it may lean on its transitions; the words alone would not
    learn what follows what.
    """

    words: Tensor
    chain: Tensor
    cues: Tensor
    sources: Tensor

    @property
    def whole(self) -> Tensor:
        """The sum, pointers counting less: they are right long before the labels are."""
        return self.words + self.chain + _POINTING * (self.cues + self.sources)


def allowed() -> Tensor:
    """Return which label may follow which: inside a span only what begins or goes on with it."""
    table = torch.ones(len(LABELS), len(LABELS), dtype=torch.bool)
    for to, label in enumerate(LABELS):
        if label.startswith("I-"):
            for origin, before in enumerate(LABELS):
                table[origin, to] = before[2:] == label[2:]
    return table


class Network(nn.Module):
    """The encoder with its heads; ``scores`` is the part that ships."""

    def __init__(self, base: str) -> None:
        super().__init__()
        self.encoder = AutoModel.from_pretrained(base, add_pooling_layer=False)
        size = self.encoder.config.hidden_size
        self.features = nn.ModuleList(nn.Embedding(len(v), size) for v in FEATURES.values())
        for embedding in self.features:
            nn.init.zeros_(embedding.weight)
        self.dropout = nn.Dropout(0.1)
        self.head = nn.Linear(size, len(LABELS) + 2 + 4 * POINTER)
        self.transitions = nn.Parameter(torch.zeros(len(LABELS), len(LABELS)))
        self.first = nn.Parameter(torch.zeros(len(LABELS)))
        self.near = nn.Parameter(torch.zeros(2, DISTANCES))
        begins = [0.0 if not label.startswith("I-") else _NEVER for label in LABELS]
        self.register_buffer("may_follow", (~allowed()).float() * _NEVER, persistent=False)
        self.register_buffer("may_begin", torch.tensor(begins), persistent=False)

    def scores(
        self, pieces: Tensor, features: Tensor, firsts: Tensor, present: Tensor | None = None
    ) -> Tensor:
        """Return ``(windows, words, labels + 2 + 4 * POINTER)``."""
        inputs = self.encoder.get_input_embeddings()(pieces)
        for number, embedding in enumerate(self.features):
            inputs = inputs + embedding(features[..., number])
        hidden = self.encoder(inputs_embeds=inputs, attention_mask=present).last_hidden_state
        index = firsts.unsqueeze(-1).expand(-1, -1, hidden.shape[-1])
        scores: Tensor = self.head(self.dropout(hidden.gather(1, index)))
        return scores

    def chain(self) -> tuple[Tensor, Tensor]:
        """Return the scores of a label before another, and of a label at the beginning."""
        return self.transitions + self.may_follow, self.first + self.may_begin

    def losses(self, batch: Batch) -> Losses:
        """Return how far off the network is for a batch, a mean over its words for each part."""
        scores = self.scores(batch.pieces, batch.features, batch.firsts, batch.present)
        labels, none, vectors = scores.split([len(LABELS), 2, 4 * POINTER], dim=-1)
        parts = vectors.split(POINTER, dim=-1)
        return Losses(
            words=functional.cross_entropy(labels[batch.words], batch.labels[batch.words]),
            chain=self._crf(labels, batch.labels, batch.words).sum() / batch.words.sum(),
            cues=self._pointing(0, parts[0], parts[1], none[..., 0], batch, batch.cues),
            sources=self._pointing(1, parts[2], parts[3], none[..., 1], batch, batch.sources),
        )

    def _pointing(
        self, kind: int, from_: Tensor, to: Tensor, none: Tensor, batch: Batch, target: Tensor
    ) -> Tensor:
        scores = from_ @ to.transpose(1, 2) / POINTER**0.5 + self.near[kind][batch.distances]
        scores = scores.masked_fill(~batch.words[:, None, :], _NEVER)
        scores = torch.cat([scores, none.unsqueeze(-1)], dim=-1)
        return functional.cross_entropy(
            scores.flatten(0, 1), target.flatten(), ignore_index=IGNORED, reduction="sum"
        ) / (target != IGNORED).sum().clamp(min=1)

    def _crf(self, emissions: Tensor, labels: Tensor, words: Tensor) -> Tensor:
        """Return the negative log likelihood of each window's labels."""
        transitions, first = self.chain()
        gold = emissions.gather(2, labels.unsqueeze(-1)).squeeze(-1) * words
        steps = transitions[labels[:, :-1], labels[:, 1:]] * words[:, 1:]
        score = gold.sum(1) + steps.sum(1) + first[labels[:, 0]]
        alpha = first + emissions[:, 0]
        for at in range(1, emissions.shape[1]):
            after = torch.logsumexp(alpha.unsqueeze(2) + transitions, dim=1) + emissions[:, at]
            alpha = torch.where(words[:, at : at + 1], after, alpha)
        return torch.logsumexp(alpha, dim=1) - score
