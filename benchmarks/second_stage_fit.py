"""The fit of the second stage of search from described candidates.

Small networks minimise the cross-entropy of each gold line's passages against all passages that answer nothing
(listwise softmax: Cao et al., "Learning to Rank", 2007), averaged over the lines of a question and over the questions.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch

from knowledge.fitted import Scorer
from knowledge.reranking import REFERENCE_PENALTY

FOLDS = 3
HIDDEN = 16
NETS = 3
"""So many nets are fitted from different starts; their hidden units stand side by side, each with its share."""
STEPS = 250
RATE = 1e-2
BATCH = 384
DECAY = 1e-2
FAR = -1e9


@dataclass(frozen=True)
class Described:
    """A question's n candidates: features (n, F), the gold lines (L, n), and which are references. `group` is what stays
    together in a fold, `weight` what it counts."""

    group: str
    features: np.ndarray
    lines: np.ndarray
    references: np.ndarray
    weight: float = 1.0

    @property
    def fold(self) -> int:
        return hashlib.sha256(f"fold {self.group}".encode()).digest()[0] % FOLDS

    @property
    def useful(self) -> bool:
        """Whether there is something to tell apart."""
        return bool(self.lines.any()) and not self.lines.any(0).all()


def fit_scorer(items: Sequence[Described], names: Sequence[str]) -> Scorer:
    """The mean of `NETS` small networks over features scaled to unit deviation."""
    items = [item for item in items if item.useful]
    lines, held, weights = tensors(items)
    every = np.concatenate([item.features for item in items])
    middle, scale = every.mean(0), np.maximum(every.std(0), 1e-6)
    rows_of = [padded((item.features - middle) / scale, held.shape[1]) for item in items]
    features = torch.tensor(np.stack(rows_of), dtype=torch.float32)
    penalty = torch.tensor(np.stack([padded(item.references, held.shape[1]) for item in items])) * REFERENCE_PENALTY
    found = []
    for seed in range(NETS):
        chance = torch.Generator().manual_seed(seed)
        linear = torch.zeros(len(names), requires_grad=True)
        hidden = (torch.randn(len(names), HIDDEN, generator=chance) / len(names) ** 0.5).requires_grad_()
        offset, out = torch.zeros(HIDDEN, requires_grad=True), torch.zeros(HIDDEN, requires_grad=True)
        parts = [linear, hidden, offset, out]

        def loss(rows: torch.Tensor, parts: Sequence[torch.Tensor] = parts) -> torch.Tensor:
            linear, hidden, offset, out = parts
            own = features[rows]
            scores = own @ linear + torch.tanh(own @ hidden + offset) @ out - penalty[rows]
            value = (cross_entropy(scores, lines[rows], held[rows]) * weights[rows]).sum() / weights[rows].sum()
            return value + DECAY * sum((part**2).sum() for part in parts)

        minimise(loss, parts, len(items), STEPS, RATE, chance)
        found.append([part.detach().numpy() for part in parts])
    linear, hidden, offset, out = zip(*found, strict=True)
    return Scorer(
        tuple(names), middle, scale, np.mean(linear, axis=0),
        np.concatenate(hidden, axis=1), np.concatenate(offset), np.concatenate(out) / NETS,
    )  # fmt: skip


def cross_entropy(scores: torch.Tensor, lines: torch.Tensor, held: torch.Tensor) -> torch.Tensor:
    """Of each question: scores (n, m), gold lines (n, L, m), which places hold a candidate (n, m) -> (n,)."""
    scores = scores.masked_fill(~held, FAR)
    others = torch.logsumexp(scores.masked_fill(lines.any(1), FAR), 1)[:, None]
    right = torch.logsumexp(scores[:, None].masked_fill(~lines, FAR), 2)
    found = lines.any(2).float()
    return ((torch.logaddexp(right, others) - right) * found).sum(1) / found.sum(1)


def minimise(
    loss: Callable[[torch.Tensor], torch.Tensor],
    parts: Sequence[torch.Tensor],
    count: int,
    steps: int,
    rate: float,
    chance: torch.Generator,
) -> None:
    """Adam over batches drawn by `chance`, the rate falling to nothing along a cosine."""
    optimizer = torch.optim.Adam(parts, lr=rate)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps)
    for _ in range(steps):
        value = loss(torch.randperm(count, generator=chance)[:BATCH])
        optimizer.zero_grad()
        value.backward()
        optimizer.step()
        schedule.step()


def tensors(items: Sequence[Described]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Gold lines (n, L, m), which places hold a candidate (n, m), and weights (n,)."""
    most, longest = max(len(item.lines) for item in items), max(len(item.features) for item in items)
    lines = np.zeros((len(items), most, longest), dtype=bool)
    held = np.zeros((len(items), longest), dtype=bool)
    for place, item in enumerate(items):
        lines[place, : len(item.lines), : item.lines.shape[1]] = item.lines
        held[place, : len(item.features)] = True
    weights = np.array([item.weight for item in items], dtype=np.float32)
    return torch.tensor(lines), torch.tensor(held), torch.tensor(weights)


def padded(rows: np.ndarray, count: int) -> np.ndarray:
    """`rows` with zeros behind, float32, to `count` of them."""
    return np.pad(rows.astype(np.float32), [(0, count - len(rows)), *[(0, 0)] * (rows.ndim - 1)])


def scores_of(item: Described, scorer: Scorer) -> np.ndarray:
    """The scorer's values of an item's candidates, references put back."""
    columns = dict(zip(scorer.names, item.features.T, strict=True))
    return scorer.values(columns) - REFERENCE_PENALTY * item.references
