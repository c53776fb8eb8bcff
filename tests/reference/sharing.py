"""Shared values and their codes from the definitions, slowly: what the quantizers and coders are held against."""

from collections.abc import Sequence
from itertools import combinations, pairwise

import numpy as np
import torch
from torch import nn
from torch.nn import functional


def least_distortion(values: np.ndarray, importance: np.ndarray, count: int) -> float:
    """The least sum h (w - c)^2 over all ways to cut the sorted weights into `count` intervals."""
    order = np.argsort(values)
    w, h = values[order], importance[order]

    def spread(start: int, stop: int) -> float:
        centre = np.average(w[start:stop], weights=h[start:stop])
        return float((h[start:stop] * (w[start:stop] - centre) ** 2).sum())

    cuts = ((0, *inner, len(w)) for inner in combinations(range(1, len(w)), count - 1))
    return min(sum(spread(a, b) for a, b in pairwise(cut)) for cut in cuts)


def huffman_bits(counts: Sequence[int]) -> int:
    """Bits of all symbols in an optimal prefix code: what the two rarest weigh is paid once for each merge."""
    weights, total = sorted(count for count in counts if count), 0
    if len(weights) == 1:
        return weights[0]
    while len(weights) > 1:
        merged = weights[0] + weights[1]
        total += merged
        weights = sorted([*weights[2:], merged])
    return total


def entropy_cost(w: np.ndarray, h: np.ndarray, codes: np.ndarray, price: float) -> float:
    """sum h (w - c)^2 - price * log2 p, each value the weighted mean of its weights and p its share of them."""
    cost = 0.0
    for code in np.unique(codes):
        own = codes == code
        centre = np.average(w[own], weights=h[own])
        cost += (h[own] * (w[own] - centre) ** 2).sum() - price * own.sum() * np.log2(own.mean())
    return float(cost)


def gauss_newton(model: nn.Module, weight: torch.Tensor, inputs: torch.Tensor) -> torch.Tensor:
    """The diagonal for one weight, an input and a class at a time."""
    total = torch.zeros_like(weight)
    for one in inputs:
        scores = model(one[None])[0].log_softmax(0)
        for score in scores:
            (slope,) = torch.autograd.grad(score, weight, retain_graph=True)
            total += score.detach().exp() * slope**2
    return total / len(inputs)


def hessian_diagonal(
    model: nn.Module, weight: torch.Tensor, inputs: torch.Tensor, labels: torch.Tensor
) -> torch.Tensor:
    """The exact second derivatives of the mean cross-entropy along each entry of one weight, by a second pass each."""
    (slope,) = torch.autograd.grad(functional.cross_entropy(model(inputs), labels), weight, create_graph=True)
    flat = [torch.autograd.grad(s, weight, retain_graph=True)[0].flatten()[i] for i, s in enumerate(slope.flatten())]
    return torch.stack(flat).view_as(weight)
