"""How many weights go, and which: the smallest of a layer, or the smallest n of each m consecutive columns."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from compression_demo.errors import ArgumentError

from . import arguments

if TYPE_CHECKING:
    import torch


def count_removed(total: int, sparsity: float) -> int:
    """The whole number nearest to sparsity * total, halves up."""
    return math.floor(sparsity * total + 0.5)


@dataclass(frozen=True)
class Amount:
    """How much of a layer is removed: a share of its weights or, where m > 0, n of each m consecutive columns."""

    share: float = 0.0
    n: int = 0
    m: int = 0

    def mask(self, values: torch.Tensor) -> torch.Tensor:
        """False for the smallest magnitudes of `values` (rows, cols), True for those kept; equals go in index order."""
        if self.m:
            return mask_pattern(values.abs(), self.n, self.m)
        return ~smallest(values.abs(), count_removed(values.numel(), self.share))

    def after(self, turn: int, turns: int) -> Amount:
        """What is removed after `turn` of `turns` rounds, each of which takes the same share of what is left."""
        if turn == turns:
            return self
        return Amount(1 - (1 - self.share) ** (turn / turns), self.n * turn // turns, self.m)


def read_amounts(
    sparsity: float | Sequence[float] | None, n: int | None, m: int | None, cols: int
) -> tuple[list[Amount], bool]:
    """The amounts that `sparsity`, or `n` and `m` in its place, ask for, and whether they are a sequence.

    Raises:
        ArgumentError: names the argument and the rule it breaks.
    """
    if n is None and m is None:
        if sparsity is None:
            raise ArgumentError("sparsity", "must be a number from 0 to 1, or n and m be given in its place")
        shares, several = arguments.check_sparsities(sparsity)
        return [Amount(share) for share in shares], several
    if sparsity is not None:
        raise ArgumentError("sparsity", "must be left out where n and m are given")
    n, m = arguments.check_pattern(n, m, cols)
    return [Amount(n=n, m=m)], False


def smallest(values: torch.Tensor, count: int) -> torch.Tensor:
    """True for the `count` smallest of `values`, of any shape; equals in the order of their index. Linear in size."""
    import torch

    if count == 0:
        return torch.zeros_like(values, dtype=torch.bool)
    edge = values.flatten().kthvalue(count).values
    below, equal = values < edge, values == edge
    missing = count - int(below.sum())
    return below | (equal & (equal.flatten().cumsum(0) <= missing).view_as(equal))


def mask_smallest(weight: torch.Tensor, sparsity: float) -> torch.Tensor:
    """True except for the count_removed smallest magnitudes of the layer; equals go in the order of their index."""
    return Amount(sparsity).mask(weight)


def mask_pattern(values: torch.Tensor, n: int, m: int) -> torch.Tensor:
    """True except for the n smallest of each m consecutive columns of `values` (rows, cols); equals in index order."""
    import torch

    groups = values.reshape(-1, m)
    mask = torch.ones_like(groups, dtype=torch.bool)
    return mask.scatter_(1, groups.argsort(dim=1, stable=True)[:, :n], False).view_as(values)


def mask_cheapest(order: torch.Tensor, loss: torch.Tensor, removed: Sequence[int]) -> list[torch.Tensor]:
    """The masks (rows, steps) bool without the `removed` cheapest steps of all rows, one for each count of `removed`.

    Losses are not monotone along a row: what is taken from a row is the number of its steps among the cheapest, and
    these are then its first ones. Equal losses go in the order of rows.

    Args:
        order: (rows, steps) int32, for each row a permutation of what it removes, in the order of removal.
        loss: (rows, steps), the loss that each step adds.
    """
    import numpy as np
    import torch

    # All that is asked of the sorted losses are some places in them.
    places = sorted({count - 1 for count in removed if count})
    ascending = np.partition(loss.numpy(), places, axis=None) if places else loss
    steps, columns, found = torch.arange(order.shape[1]), order.long(), []
    for count in removed:
        if count == 0:
            found.append(torch.ones_like(order, dtype=torch.bool))
            continue
        edge = float(ascending[count - 1])
        taken, ties = (loss < edge).sum(1), (loss == edge).sum(1)
        before = ties.cumsum(0) - ties
        taken += (count - int(taken.sum()) - before).clamp_min(0).minimum(ties)
        found.append(torch.empty_like(order, dtype=torch.bool).scatter_(1, columns, steps >= taken[:, None]))
    return found


def mask_first(order: torch.Tensor, cols: int) -> torch.Tensor:
    """The mask (rows, cols) bool without the columns that `order` (rows, steps) names."""
    import torch

    return torch.ones(len(order), cols, dtype=torch.bool).scatter_(1, order.long(), False)
