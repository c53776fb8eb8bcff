"""Integer arithmetic against Python's own whole numbers."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from compression_demo.procedures.eight_bit.integers import Grid, encode_weight, multiply, rescale, span_grid
from tests.reference import integers as reference


def random_codes(seed: int, *shape: int, reach: int = 255) -> torch.Tensor:
    stream = torch.Generator().manual_seed(seed)
    return torch.randint(-reach, reach + 1, shape, generator=stream).float()


@settings(max_examples=25)
@given(
    seed=st.integers(0, 10**6), stride=st.integers(1, 2), kernel=st.sampled_from([1, 3]), depthwise=st.booleans(),
    channels=st.integers(1, 5),
)  # fmt: skip
def test_sums_of_products_are_exact(seed: int, stride: int, kernel: int, depthwise: bool, channels: int) -> None:
    groups, outputs = (channels, channels) if depthwise else (1, 3)
    layer = nn.Conv2d(channels, outputs, kernel, stride, kernel // 2, groups=groups)
    codes = random_codes(seed, 2, channels, 6, 5)
    weight = random_codes(seed + 1, *layer.weight.shape, reach=127)
    expected = reference.convolve(codes.numpy().astype(int), weight.numpy().astype(int), stride, kernel // 2, groups)
    assert np.array_equal(multiply(layer, codes, weight).numpy(), expected)


def test_sums_past_what_float32_holds_are_exact_too() -> None:
    layer = nn.Linear(4000, 2)
    codes, weight = random_codes(0, 3, 4000).abs(), random_codes(1, 2, 4000, reach=127).abs()
    expected = codes.numpy().astype(np.int64) @ weight.numpy().astype(np.int64).T
    assert expected.max() > 2**24
    assert np.array_equal(multiply(layer, codes, weight).numpy(), expected)


def test_sums_that_32_bits_do_not_hold_are_refused() -> None:
    with pytest.raises(OverflowError, match="32 bits"):
        multiply(nn.Linear(70_000, 1), torch.full((1, 70_000), 255.0), torch.full((1, 70_000), 127.0))


@settings(max_examples=40)
@given(
    seed=st.integers(0, 10**6), exponents=st.lists(st.floats(-25, 1), min_size=2, max_size=2),
    reach=st.sampled_from([127, 40_000, 2**31 - 1]),
)  # fmt: skip
def test_rescaling_is_one_multiplication_and_one_shift(seed: int, exponents: list[float], reach: int) -> None:
    stream = torch.Generator().manual_seed(seed)
    sums = torch.randint(-reach, reach + 1, (2, 3, 2, 2), generator=stream)
    added = torch.randint(-255, 256, (2, 3, 2, 2), generator=stream)
    each = 2.0 ** torch.tensor([exponents[0], exponents[0] - 3.3, exponents[0] - 0.1], dtype=torch.float64)
    whole = torch.tensor([2.0 ** exponents[1]], dtype=torch.float64)
    found = rescale([(sums, each), (added, whole)]).numpy()
    expected = reference.rescale_all([(sums.numpy(), each.numpy()), (added.numpy(), whole.numpy())])
    assert np.array_equal(found, expected)
    exact = sums.numpy() * each.numpy().reshape(1, 3, 1, 1) + added.numpy() * float(whole)
    assert np.all(np.abs(found - exact) <= 0.5 + 1e-6 + np.abs(sums.numpy()) * 2.0**-29 * float(max(each.max(), whole)))


@given(low=st.floats(-50, 50), width=st.floats(1e-3, 100), bits=st.integers(2, 8), symmetric=st.booleans())
def test_a_grid_holds_zero_and_its_range(low: float, width: float, bits: int, symmetric: bool) -> None:
    grid = span_grid(low, low + width, bits, symmetric)
    assert grid.low <= 0 <= grid.high and grid.high - grid.low <= 2**bits - 1
    values = torch.linspace(min(low, 0), max(low + width, 0), 50, dtype=torch.float64)
    error = (grid.encode(values).double() * grid.scale - values).abs().max()
    steps = 1.0 if not symmetric else 0.5  # the zero point is rounded as well
    assert float(error) <= steps * grid.scale * (1 + 1e-9)


def test_grids_of_known_ranges() -> None:
    assert span_grid(0.0, 6.0, 8, symmetric=True) == Grid(6 / 255, 0, 255)
    assert span_grid(-1.0, 6.0, 8, symmetric=True) == Grid(6 / 127, -127, 127)
    assert span_grid(-1.0, 3.0, 8, symmetric=False) == Grid(4 / 255, -64, 191)


@given(seed=st.integers(0, 1000), bits=st.integers(2, 8), symmetric=st.booleans())
def test_a_scale_a_channel_is_never_coarser_than_one_for_all(seed: int, bits: int, symmetric: bool) -> None:
    stream = torch.Generator().manual_seed(seed)
    weight = torch.randn(4, 2, 3, 3, generator=stream) * torch.tensor([0.01, 1.0, 3.0, 0.3]).view(4, 1, 1, 1)
    each, whole = (encode_weight(weight, bits, per_channel, symmetric) for per_channel in (True, False))
    assert torch.all(each[1] <= whole[1] * (1 + 1e-12)) and len(whole[1].unique()) == 1
    for codes, scales in (each, whole):
        error = (codes.double() * scales.view(4, 1, 1, 1) - weight.double()).abs().flatten(1).amax(1)
        assert torch.all(error <= scales * (0.5 if symmetric else 1.0) * (1 + 1e-9))
        assert codes.abs().max() <= (2 ** (bits - 1) - 1 if symmetric else 2**bits - 1)


def test_a_channel_without_weights_has_a_scale() -> None:
    codes, scales = encode_weight(torch.zeros(2, 3), 8, True, True, least=torch.tensor([0.0, 5.0]))
    assert torch.equal(codes, torch.zeros(2, 3)) and scales.tolist() == [1.0, 5.0]
