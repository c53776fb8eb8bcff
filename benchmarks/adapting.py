"""Fit a copy of the embedding model to tell labels of texts apart, by products of low rank added to its matrices.

The products (Hu et al., "LoRA: Low-Rank Adaptation of Large Language Models", 2021) are a hundredth of the model, so that they
can be kept beside what they are used for; a linear layer on the vectors gives the log-odds of each label.
"""

import math
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn.functional import binary_cross_entropy_with_logits, dropout, normalize

from knowledge.adapting import Adapted
from knowledge.embedding import WIDTH, MiniLM, find_weights, load_model

RANK = 8
EPOCHS = 6
BATCH = 32
RATE, HEAD_RATE = 1e-3, 5e-3
DECAY = 0.01
WARM = 50
"""Steps over which the rate rises; it falls with a cosine after that."""
DROPPED = 0.1
LENGTH = 6.0
"""The vectors' length before the linear layer: about what the model's have before they are brought to unit length."""
START = -3.0
"""Log-odds of every label before the first step: most texts bear one of many."""
LONGEST = 128
"""Word pieces of a text that are read."""
MATRICES = (
    "attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense", "intermediate.dense",
    "output.dense",
)  # fmt: skip


class LowRank(nn.Module):
    """A linear layer that stays as it is, and a product of low rank that is learned beside it."""

    def __init__(self, base: nn.Linear) -> None:
        super().__init__()
        self.base = base
        self.a = nn.Parameter(torch.zeros(base.out_features, RANK))
        self.b = nn.Parameter(torch.randn(RANK, base.in_features) / math.sqrt(base.in_features))

    def forward(self, given: torch.Tensor) -> torch.Tensor:
        """(..., inputs) -> (..., outputs)."""
        return self.base(given) + 2 * (given @ self.b.T) @ self.a.T


def adapt(texts: Sequence[str], wanted: np.ndarray, digest: str = "", epochs: int = EPOCHS) -> Adapted:
    """Fit to texts with labels `wanted`, 0 or 1, shape (texts, labels); the same inputs give the same up to rounding.
    `digest` names them in what is returned.

    Cost: 15 ms of one core a text and epoch.
    """
    torch.manual_seed(0)
    tokenizer, model = load_model(Path(find_weights()).parent)
    layers = put_beside(model)
    head = nn.Linear(WIDTH, wanted.shape[1])
    nn.init.zeros_(head.weight)
    nn.init.constant_(head.bias, START)
    learned = [p for layer in layers.values() for p in (layer.a, layer.b)]
    rates = (RATE, HEAD_RATE)
    optimizer = torch.optim.AdamW(
        [{"params": learned, "weight_decay": DECAY}, {"params": head.parameters(), "weight_decay": 0.0}]
    )
    ids = [encoding.ids[:LONGEST] for encoding in tokenizer.encode_batch_fast(list(texts))]
    labels = torch.tensor(wanted, dtype=torch.float32)
    steps = epochs * math.ceil(len(ids) / BATCH)
    model.train()
    for step, rows in enumerate(batches([len(own) for own in ids], epochs)):
        share = min(1.0, step / WARM) * 0.5 * (1 + math.cos(math.pi * step / steps))
        for group, rate in zip(optimizer.param_groups, rates, strict=True):
            group["lr"] = rate * share
        vectors = dropout(vectors_of(model, [ids[row] for row in rows]), DROPPED)
        missed = binary_cross_entropy_with_logits(head(vectors), labels[rows], reduction="sum") / len(rows)
        optimizer.zero_grad()
        missed.backward()
        nn.utils.clip_grad_norm_(learned, 1.0)
        optimizer.step()
    changes = {name: (2 * layer.a.detach().numpy(), layer.b.detach().numpy().copy()) for name, layer in layers.items()}
    weights, offsets = LENGTH * head.weight.detach().numpy().T, head.bias.detach().numpy()
    return Adapted(changes, weights, offsets, MiniLM.name, digest)


def put_beside(model: nn.Module) -> dict[str, LowRank]:
    """Put a product of low rank beside every matrix of the encoder; mutates the model."""
    for parameter in model.parameters():
        parameter.requires_grad_(False)
    encoder = model.get_submodule("encoder")
    names = [name for name, _ in encoder.named_modules() if name.endswith(MATRICES)]
    found = {}
    for name in names:
        base = encoder.get_submodule(name)
        assert isinstance(base, nn.Linear)
        parent, _, own = name.rpartition(".")
        found[name] = LowRank(base)
        setattr(encoder.get_submodule(parent), own, found[name])
    return found


def vectors_of(model: nn.Module, ids: Sequence[Sequence[int]]) -> torch.Tensor:
    """Token ids, n texts -> their vectors, shape (n, 384), of length `LENGTH`."""
    longest = max(map(len, ids))
    tokens = torch.tensor([[*own, *[0] * (longest - len(own))] for own in ids])
    real = torch.tensor([[1.0] * len(own) + [0.0] * (longest - len(own)) for own in ids])
    states = model(input_ids=tokens, attention_mask=real).last_hidden_state * real[..., None]
    return LENGTH * normalize(states.sum(1))


def batches(lengths: Sequence[int], epochs: int) -> Iterator[list[int]]:
    """The rows of each step, of about one length, in an order drawn anew for each epoch."""
    draw = random.Random(0)
    for _ in range(epochs):
        rows = sorted(range(len(lengths)), key=lambda row: lengths[row] + 4 * draw.random())
        parts = [rows[start : start + BATCH] for start in range(0, len(rows), BATCH)]
        draw.shuffle(parts)
        yield from parts
