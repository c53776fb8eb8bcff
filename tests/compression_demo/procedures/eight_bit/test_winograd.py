"""Winograd tiles against direct convolution, in float and in whole numbers; what the scales do to the error."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn
from torch.nn import functional

from compression_demo.procedures.eight_bit.integers import Grid, span_grid
from compression_demo.procedures.eight_bit.winograd import (
    CodedConv,
    TileScales,
    choose_scales,
    cut_tiles,
    fits_winograd,
    join_tiles,
    transform_filters,
)


def make_layer(seed: int, inputs: int = 3, outputs: int = 4) -> nn.Conv2d:
    stream = torch.Generator().manual_seed(seed)
    layer = nn.Conv2d(inputs, outputs, 3, padding=1)
    with torch.no_grad():
        layer.weight.copy_(torch.randn(layer.weight.shape, generator=stream))
        layer.get_parameter("bias").copy_(torch.randn(outputs, generator=stream))
    return layer


@settings(max_examples=20)
@given(seed=st.integers(0, 1000), height=st.integers(2, 7), width=st.integers(2, 7))
def test_tiles_give_the_convolution(seed: int, height: int, width: int) -> None:
    layer = make_layer(seed).double()
    images = torch.randn(2, 3, height, width, generator=torch.Generator().manual_seed(seed)).double()
    products = torch.einsum("ncpt,ocp->nopt", cut_tiles(images), transform_filters(layer.weight))
    expected = functional.conv2d(images, layer.weight, padding=1)
    assert torch.allclose(join_tiles(products, height, width), expected, atol=1e-9)


def test_whole_numbers_are_exact_where_nothing_is_rounded() -> None:
    """Small codes whose transforms fit into 8 bits, and filters that are multiples of 4, lose nothing."""
    stream = torch.Generator().manual_seed(0)
    layer = make_layer(0)
    assert layer.bias is not None
    with torch.no_grad():
        layer.weight.copy_(4.0 * torch.randint(-3, 4, layer.weight.shape, generator=stream))
        torch.nn.init.zeros_(layer.bias)  # a fraction would be added in another order by another kernel
    images = torch.randint(0, 30, (2, 3, 7, 6), generator=stream).float()
    scales = TileScales(torch.ones(16).double(), torch.ones(4, 16).double())
    with torch.inference_mode():
        assert torch.equal(CodedConv(layer, Grid(1.0, 0, 255), 8, scales)(images), layer(images))


@pytest.mark.parametrize("seed", range(3))
def test_each_finer_choice_of_scales_has_the_smaller_error(seed: int) -> None:
    layer = make_layer(seed, 16, 16)
    images = torch.randn(8, 16, 10, 10, generator=torch.Generator().manual_seed(seed + 50)).relu()
    grid = span_grid(float(images.min()), float(images.max()), 8, symmetric=True)
    errors = []
    with torch.inference_mode():
        exact = layer(images)
        for rule in ("direct", "positions", "shared", "spatial"):
            scales = None if rule == "direct" else choose_scales(rule, layer, grid, images, 8)
            errors.append(float((CodedConv(layer, grid, 8, scales)(images) - exact).square().mean()))
    assert errors == sorted(errors) and errors[-1] < 0.01 * float(exact.square().mean())


def test_which_layers_fit() -> None:
    assert fits_winograd(nn.Conv2d(2, 3, 3, padding=1))
    for other in (
        nn.Conv2d(2, 3, 3),
        nn.Conv2d(2, 2, 3, padding=1, groups=2),
        nn.Conv2d(2, 3, 3, 2, 1),
        nn.Linear(2, 3),
    ):
        assert not fits_winograd(other)
