"""Weights sorted into a few shared values, along one line, each weight counted by its importance.

Towards the Limit of Network Quantization (Choi, El-Khamy and Lee, ICLR 2017): Hessian-weighted k-means (Sec. 4.2),
uniform quantization (Sec. 5.3.1) and entropy-constrained scalar quantization (Sec. 5.3.2, Algorithm 1).

Whatever the importances, a weight is nearest to one value, so clusters are intervals of the sorted weights: sums over
them come from prefix sums, a step of Lloyd's algorithm takes k searches, and the best clustering of all is found by
dynamic programming, so that no starting point blurs what two importances differ in.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from . import scalar_kernels

if TYPE_CHECKING:
    import torch

    from .sharing_settings import Start

STEPS = 300
"""The most steps of a Lloyd-like loop."""
SETTLED = 1e-9
"""A loop ends once its cost falls by less than this share."""
FLOOR = 1e-6
"""The least importance, as a share of the mean: weights of dead units have no curvature, yet need a value."""


@dataclass(frozen=True)
class Line:
    """Weights in rising order with their importances, float64 (weights,); `order` gives their places before."""

    values: np.ndarray
    importance: np.ndarray
    order: np.ndarray

    @staticmethod
    def of(values: np.ndarray, importance: np.ndarray | None = None) -> Line:
        """The line of weights (weights,), each as important as the others where no importances are given."""
        order = np.argsort(values, kind="stable")
        weight = np.ones(len(values)) if importance is None else np.asarray(importance, dtype=np.float64)
        mean = weight.mean()
        weight = np.maximum(weight / mean, FLOOR) if mean > 0 else np.ones(len(values))
        return Line(np.asarray(values, dtype=np.float64)[order], weight[order], order)

    @cached_property
    def sums(self) -> np.ndarray:
        """(3, weights + 1): what importance, importance * w and importance * w^2 sum to before each weight."""
        w, h = self.values, self.importance
        return np.concatenate([np.zeros((3, 1)), np.cumsum([h, h * w, h * w * w], axis=1)], axis=1)


@dataclass(frozen=True)
class Clustering:
    """Shared values (k,) float64 and each weight's own among them: codes (weights,) int64, in the order given."""

    values: np.ndarray
    codes: np.ndarray

    @property
    def counts(self) -> np.ndarray:
        return np.bincount(self.codes, minlength=len(self.values))


def cluster_best(line: Line, count: float) -> Clustering:
    """The `count` clusters of least sum h_i (w_i - c_j)^2 among all (Eq. 8), by dynamic programming with the optimal
    splits found by halving: O(count * weights * log weights)."""
    centred = line.values - line.values.mean()  # else the differences of squares lose digits
    sums = Line(centred, line.importance, line.order).sums
    ends = scalar_kernels.split_best(sums, min(int(count), len(centred)))
    return _of_intervals(line, ends)


def cluster_by_lloyd(line: Line, centres: np.ndarray) -> Clustering:
    """Lloyd's algorithm from `centres` (k,): each weight to the nearest, each centre to the importance-weighted mean of
    its weights; a centre without weights stays where it is and takes none."""
    centres, before = np.sort(centres), np.inf
    for _ in range(STEPS):
        edges = np.searchsorted(line.values, (centres[1:] + centres[:-1]) / 2)
        ends = np.append(edges, len(line.values))
        h, hw, hww = np.diff(line.sums[:, np.insert(ends, 0, 0)], axis=1)
        centres = np.where(h > 0, hw / np.where(h > 0, h, 1), centres)
        cost = float((hww - hw * hw / np.where(h > 0, h, 1)).sum())
        if before - cost <= SETTLED * cost:
            break
        before = cost
    return _of_intervals(line, ends)


def choose_start(line: Line, count: int, start: Start, stream: torch.Generator) -> np.ndarray:
    """Centres (count,) to begin with (Deep Compression, Sec. 3.2): evenly spread over the range, over the cumulative
    distribution, or drawn from the weights."""
    import torch

    if start == "linear":
        return np.linspace(line.values[0], line.values[-1], count)
    if start == "density":
        return np.quantile(line.values, (np.arange(count) + 0.5) / count)
    return line.values[torch.randperm(len(line.values), generator=stream)[:count].numpy()]


def quantize_uniformly(line: Line, step: float) -> Clustering:
    """Cells of width `step`, one of them centred at zero; the value of a cell is the importance-weighted mean of its
    weights, and cells without weights have none."""
    cells = np.rint(line.values / step)
    ends = np.append(np.flatnonzero(np.diff(cells)) + 1, len(cells))
    return _of_intervals(line, ends)


def quantize_by_entropy(line: Line, price: float, count: int) -> Clustering:
    """Algorithm 1 of the paper from `count` even cells: each weight to the value of least h_i (w_i - c_j)^2 - price *
    log2 p_j, then values and shares p_j anew, until the sum of these settles. Values that no weight chooses are gone.

    `price` is in units of the mean importance times a squared weight, per bit.
    """
    width = (line.values[-1] - line.values[0]) / count or 1.0
    found, before = quantize_uniformly(line, width), np.inf
    for _ in range(STEPS):
        counts = found.counts
        bits = -np.log2(counts / counts.sum())
        sorted_codes, cost = scalar_kernels.assign_at_price(line.values, line.importance, found.values, bits * price)
        found = _of_codes(line, sorted_codes)
        if before - cost <= SETTLED * abs(cost):
            break
        before = cost
    return found


def measure_distortion(line: Line, found: Clustering) -> float:
    """sum h_i (w_i - c_i)^2 over the weights, with importances of mean 1."""
    return float((line.importance * (line.values - found.values[found.codes[line.order]]) ** 2).sum())


def _of_intervals(line: Line, ends: np.ndarray) -> Clustering:
    """The clusters of sorted weights that end before `ends`, rising; those without weights left out."""
    sizes = np.diff(ends, prepend=0)
    return _of_codes(line, np.repeat(np.arange(np.count_nonzero(sizes)), sizes[sizes > 0]))


def _of_codes(line: Line, sorted_codes: np.ndarray) -> Clustering:
    """Clusters with their importance-weighted means, numbered anew without the empty ones."""
    used, sorted_codes = np.unique(sorted_codes, return_inverse=True)
    weight = np.bincount(sorted_codes, line.importance, len(used))
    values = np.bincount(sorted_codes, line.importance * line.values, len(used)) / weight
    codes = np.empty(len(sorted_codes), dtype=np.int64)
    codes[line.order] = sorted_codes
    return Clustering(values, codes)
