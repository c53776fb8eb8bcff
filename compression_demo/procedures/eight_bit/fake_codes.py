"""Codes rounded to and back in training, with gradients passed straight through the rounding.

Jacob et al., CVPR 2018, Sec. 3 and Eq. 12; the straight-through estimator is that of Bengio, Leonard and Courville,
"Estimating or Propagating Gradients Through Stochastic Neurons", 2013, Sec. 4.
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import nn

from .graph import FoldedNet
from .integer_net import LayerCodes
from .integers import Grid


class AwareNet(nn.Module):
    """A folded net whose weights and values are rounded to their codes in the forward pass; images -> scores.

    Ranges of values stay as calibrated; scales of weights follow the weights.
    """

    def __init__(self, net: FoldedNet, grids: Mapping[str, Grid], codes: LayerCodes) -> None:
        super().__init__()
        self.net, self.grids, self.codes = net, dict(grids), codes

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        return self.net(images, self._round_value, self._round_weight)

    def _round_value(self, name: str, values: torch.Tensor) -> torch.Tensor:
        return round_through(values, self.grids[name])

    def _round_weight(self, name: str, weight: torch.Tensor) -> torch.Tensor:
        top = 2 ** (self.codes.bits - 1) - 1
        rows = weight.detach().abs().flatten(1).amax(1) if self.codes.per_channel else weight.detach().abs().amax()
        scale = (rows / top).clamp_min(1e-30).view(-1, *[1] * (weight.ndim - 1))
        return weight + ((weight / scale).round().clamp(-top, top) * scale - weight).detach()


def round_through(values: torch.Tensor, grid: Grid) -> torch.Tensor:
    """The values rounded to their grid; the gradient is that of clipping to its range."""
    clipped = values.clamp(grid.low * grid.scale, grid.high * grid.scale)
    return clipped + ((clipped / grid.scale).round() * grid.scale - clipped).detach()
