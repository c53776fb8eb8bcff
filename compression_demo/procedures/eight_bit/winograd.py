"""Winograd convolution F(2x2, 3x3) in 8 bits: transformed tiles and filters are codes, their products 32-bit sums.

Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks", CVPR 2016, Eq. 8 and 10:
Y = A^T [(G g G^T) * (B^T d B)] A. Shen et al. (ICLR 2019 submission) run it in 8 bits; a related patent application of
Intel's takes a scale for each transformed tensor.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeGuard, cast

import torch
from torch import nn
from torch.nn import functional

from .integers import Grid, encode_weight, multiply, rescale

INPUT_TRANSFORM = torch.tensor([[1.0, 0, -1, 0], [0, 1, 1, 0], [0, -1, 1, 0], [0, 1, 0, -1]])
FILTER_TRANSFORM = torch.tensor([[1.0, 0, 0], [0.5, 0.5, 0.5], [0.5, -0.5, 0.5], [0, 0, 1]])
OUTPUT_TRANSFORM = torch.tensor([[1.0, 1, 1, 0], [0, 1, -1, -1]])
INPUT_GROWTH, FILTER_GROWTH = 4.0, 2.25
"""How many times larger than the largest value a transformed value can be: products of the largest row sums."""


def fits_winograd(layer: nn.Module) -> TypeGuard[nn.Conv2d]:
    """Whether a layer is a 3x3 convolution of stride 1, padded by 1, over all channels."""
    return isinstance(layer, nn.Conv2d) and (
        (layer.kernel_size, layer.stride, layer.padding, layer.dilation, layer.groups)
        == ((3, 3), (1, 1), (1, 1), (1, 1), 1)
    )


def cut_tiles(images: torch.Tensor) -> torch.Tensor:
    """B^T d B of all 4x4 tiles, two apart, of images (n, c, h, w) padded by 1: (n, c, 16, tiles) float64; exact on codes."""
    n, c, h, w = images.shape
    padded = functional.pad(images.double(), (1, 1 + w % 2, 1, 1 + h % 2))
    tiles = functional.unfold(padded, 4, stride=2).view(n, c, 4, 4, -1)
    transform = INPUT_TRANSFORM.double()
    return torch.einsum("ij,ncjkt,lk->ncilt", transform, tiles, transform).reshape(n, c, 16, -1)


def transform_filters(weight: torch.Tensor) -> torch.Tensor:
    """G g G^T of filters (outputs, inputs, 3, 3): (outputs, inputs, 16) float64."""
    transform = FILTER_TRANSFORM.double()
    return torch.einsum("ij,ocjk,lk->ocil", transform, weight.detach().double(), transform).flatten(2)


def join_tiles(products: torch.Tensor, height: int, width: int) -> torch.Tensor:
    """A^T m A of (n, outputs, 16, tiles), put together to (n, outputs, height, width); exact on whole numbers."""
    n, outputs, _, _ = products.shape
    transform = OUTPUT_TRANSFORM.double()
    pairs = torch.einsum("ij,nojkt,lk->noilt", transform, products.double().view(n, outputs, 4, 4, -1), transform)
    size = (height + height % 2, width + width % 2)
    joined = functional.fold(pairs.reshape(n, outputs * 4, -1), size, 2, stride=2)
    return joined[:, :, :height, :width]


@dataclass(frozen=True)
class TileScales:
    """The scales of transformed values: of tiles (16,), and of filters (outputs, 16)."""

    tiles: torch.Tensor
    filters: torch.Tensor


def choose_scales(rule: str, layer: nn.Conv2d, grid: Grid, images: torch.Tensor, bits: int) -> TileScales:
    """The scales by a rule, from the weight of a layer and its calibration inputs (n, c, h, w).

    positions: one for each of the 16 positions of a tile, of filters for each output too.
    shared: one for all positions, from the largest transformed value.
    spatial: that of the untransformed values, widened by what the transform can make of them.
    """
    top = 2 ** (bits - 1) - 1
    if rule == "spatial":
        _, scales = encode_weight(layer.weight, bits, per_channel=True, symmetric=True)
        whole = 2 ** (bits - 1) - 1 if grid.low < 0 else 2**bits - 1
        tiles = torch.full((16,), INPUT_GROWTH * grid.scale * whole / top, dtype=torch.float64)
        return TileScales(tiles, (FILTER_GROWTH * scales).view(-1, 1).expand(-1, 16))
    tiles = cut_tiles(images).abs().amax((0, 1, 3)) / top
    filters = transform_filters(layer.weight).abs().amax(1) / top
    if rule == "shared":
        tiles, filters = tiles.amax().expand(16), filters.amax(1, keepdim=True).expand(-1, 16)
    return TileScales(tiles.clamp_min(1e-30), filters.clamp_min(1e-30))


class CodedConv(nn.Conv2d):
    """A convolution of real values whose sums are made in integers: inputs are coded, sums scaled back to float32."""

    def __init__(self, layer: nn.Conv2d, grid: Grid, bits: int, scales: TileScales | None) -> None:
        super().__init__(layer.in_channels, layer.out_channels, 3, padding=1)
        self.load_state_dict(layer.state_dict())
        self.grid, self.bits, self.tile_scales = grid, bits, scales
        if scales is None:
            self.codes, self.scales = encode_weight(layer.weight, bits, per_channel=True, symmetric=True)
        else:
            top = 2 ** (bits - 1) - 1
            self.codes = (transform_filters(layer.weight) / scales.filters.unsqueeze(1)).round().clamp(-top, top)

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        codes = self.grid.encode(images)
        if self.tile_scales is None:
            found = multiply(self, codes, self.codes) * (self.grid.scale * self.scales).view(1, -1, 1, 1)
        else:
            found = self._convolve_tiles(codes, self.tile_scales)
        return (found + cast(torch.Tensor, self.bias).view(1, -1, 1, 1)).float()

    def _convolve_tiles(self, codes: torch.Tensor, scales: TileScales) -> torch.Tensor:
        """Transformed codes rounded to 8 bits, multiplied, brought to one scale an output, and transformed back."""
        n, c, height, width = codes.shape
        top = 2 ** (self.bits - 1) - 1
        tiles = cut_tiles(codes).permute(0, 3, 2, 1).reshape(-1, 16, c)
        tiles = rescale([(tiles, self.grid.scale / scales.tiles)]).clamp(-top, top)
        sums = torch.einsum("tpc,ocp->top", tiles.double(), self.codes)  # exact: far below 2^53
        each = scales.filters * scales.tiles
        finest = each.amin(1, keepdim=True)
        common = rescale([(sums.flatten(1), (each / finest).flatten())])
        products = common.view(n, -1, len(finest), 16).permute(0, 2, 3, 1)
        return join_tiles(products, height, width) * finest.view(1, -1, 1, 1)
