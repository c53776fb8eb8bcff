"""The range of each value of a net, from a calibration pass: smallest to largest, a percentile, or least entropy lost."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import torch

from .graph import FoldedNet

RULES = ("minmax", "percentile", "kl")
BINS = 2048
PERCENTILE = 99.9
"""Share of magnitudes that the percentile rule keeps within the range, in percent."""
FIRST_CUT = 128
"""The fewest bins that the entropy rule keeps, as in the published procedure."""
CUT_STEP = 8
"""Bins from one candidate of the entropy rule to the next."""
SMALLEST_SHARE = 1e-9
"""What a bin that the codes leave empty counts as, so that the divergence stays finite."""


@dataclass
class Spread:
    """What calibration saw of a value: its ends, and a histogram of magnitudes up to the largest."""

    low: float = float("inf")
    high: float = float("-inf")
    counts: np.ndarray | None = None

    @property
    def reach(self) -> float:
        return max(-self.low, self.high, 1e-30)

    def widen(self, tensor: torch.Tensor) -> None:
        self.low, self.high = min(self.low, float(tensor.min())), max(self.high, float(tensor.max()))

    def count(self, tensor: torch.Tensor) -> None:
        found = torch.histc(tensor.abs().float(), BINS, 0.0, self.reach).numpy().astype(np.float64)
        self.counts = found if self.counts is None else self.counts + found

    def clip(self, rule: str, bits: int) -> tuple[float, float]:
        """The range by a rule: the ends, cut where magnitudes pass the rule's threshold."""
        if rule == "minmax" or self.counts is None:
            return self.low, self.high
        levels = 2 ** (bits - 1) if self.low < 0 else 2**bits
        kept = find_percentile(self.counts) if rule == "percentile" else find_least_entropy(self.counts, levels)
        threshold = kept * self.reach / BINS
        return max(self.low, -threshold), min(self.high, threshold)


def measure_spreads(net: FoldedNet, batches: Iterable[torch.Tensor]) -> dict[str, Spread]:
    """The spread of every value of a net but its scores, and of its input, over images."""
    spreads: dict[str, Spread] = {}
    kept = list(batches)

    def widen(name: str, tensor: torch.Tensor) -> torch.Tensor:
        spreads.setdefault(name, Spread()).widen(tensor)
        return tensor

    def count(name: str, tensor: torch.Tensor) -> torch.Tensor:
        spreads[name].count(tensor)
        return tensor

    with torch.inference_mode():
        for through in (widen, count):
            for batch in kept:
                net(batch, through)
    return spreads


def find_percentile(counts: np.ndarray, percent: float = PERCENTILE) -> int:
    """How many bins hold that share of all counts."""
    cumulated = np.cumsum(counts)
    return int(np.searchsorted(cumulated, cumulated[-1] * percent / 100)) + 1


def find_least_entropy(counts: np.ndarray, levels: int) -> int:
    """How many bins of magnitudes to keep so that `levels` codes lose the least entropy against the clipped values.

    Migacz, "8-bit Inference with TensorRT", GTC 2017: P is the histogram with all that is cut off put into its last bin,
    Q the same without it, merged into `levels` runs of bins and spread evenly over those that are not empty; the cut with
    the smallest divergence sum P log(P / Q) is taken. The lowest bin counts as the next one: it holds the zeros of a
    ReLU, half of all values, which every grid holds exactly and which would otherwise be spread over a whole run.
    """
    counts = np.concatenate([counts[1:2], counts[1:]])
    cuts = range(min(max(FIRST_CUT, levels), len(counts)), len(counts) + 1, CUT_STEP)
    divergences = [measure_divergence(counts, cut, levels) for cut in cuts]
    return cuts[int(np.argmin(divergences))]


def measure_divergence(counts: np.ndarray, cut: int, levels: int) -> float:
    """The divergence, in nats, of the codes of the first `cut` bins from the values clipped there."""
    kept = counts[:cut]
    clipped = kept.copy()
    clipped[-1] += counts[cut:].sum()
    edges = np.arange(levels) * cut // levels
    sizes = np.diff(np.append(edges, cut))
    filled = (kept > 0).astype(np.float64)
    merged = np.add.reduceat(kept, edges) / np.maximum(np.add.reduceat(filled, edges), 1)
    spread = np.repeat(merged, sizes) * filled
    p, q = clipped / clipped.sum(), np.maximum(spread / max(spread.sum(), 1), SMALLEST_SHARE)
    some = p > 0
    return float(np.sum(p[some] * np.log(p[some] / q[some])))
