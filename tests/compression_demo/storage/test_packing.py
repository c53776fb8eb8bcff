"""Packed weights: bits in the order stated, back to the same weight, and as many bytes as the formulas say."""

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from compression_demo.algorithms import Quantized
from compression_demo.errors import ArgumentError
from compression_demo.storage import packing


def random_layer(seed: int, rows: int, cols: int, bits: int, density: float, groups: int) -> Quantized:
    """A quantized layer whose columns belong to `groups` scales in no order, with pruned weights at zero."""
    draw = torch.Generator().manual_seed(seed)
    codes = torch.randint(0, 2**bits, (rows, cols), generator=draw, dtype=torch.int32)
    member = torch.randint(0, groups, (cols,), generator=draw)
    scale = (torch.rand(rows, groups, generator=draw) + 0.1)[:, member] if groups > 1 else torch.rand(rows, 1)
    zero = torch.randint(0, 2**bits, (rows, groups), generator=draw, dtype=torch.int32)
    zero = zero[:, member] if groups > 1 else zero
    mask = torch.rand(rows, cols, generator=draw) < density
    codes = torch.where(mask, codes, zero)
    return Quantized((codes - zero) * scale, mask, torch.zeros(rows), codes, scale, zero)


def test_bits_fill_bytes_from_their_low_end() -> None:
    assert packing.pack_bits(torch.tensor([1, 2, 3, 0, 7]), 3).tolist() == [0b11_010_001, 0b0_111_000_0]
    assert packing.pack_bits(torch.tensor([0x1234, 0xABC]), 16).tolist() == [0x34, 0x12, 0xBC, 0x0A]
    assert packing.pack_bits(torch.tensor([True, False, True]), 1).tolist() == [0b101]


@settings(deadline=None, max_examples=60)
@given(st.integers(1, 16), st.integers(0, 70), st.integers(0, 2**32 - 1))
def test_bits_come_back(bits: int, count: int, seed: int) -> None:
    values = torch.randint(0, 2**bits, (count,), generator=torch.Generator().manual_seed(seed), dtype=torch.int32)
    stream = packing.pack_bits(values, bits)
    assert len(stream) == math.ceil(count * bits / 8)
    assert torch.equal(packing.unpack_bits(stream, bits, count), values)


def test_long_streams_go_in_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    values = torch.randint(0, 8, (1001,), dtype=torch.int32)
    whole = packing.pack_bits(values, 3)
    monkeypatch.setattr(packing, "CHUNK", 64)
    assert torch.equal(packing.pack_bits(values, 3), whole)
    assert torch.equal(packing.unpack_bits(whole, 3, 1001), values)


def count_bytes(packed: packing.Packed) -> int:
    return sum(tensor.nbytes for tensor in packed.tensors.values())


@settings(deadline=None, max_examples=80)
@given(
    st.integers(0, 2**32 - 1), st.integers(1, 9), st.integers(1, 70), st.sampled_from([1, 3, 4, 8, 11, 16]),
    st.sampled_from([0.0, 0.02, 0.3, 1.0]), st.sampled_from([1, 2, 5]),
)  # fmt: skip
def test_quantized_layers_come_back_to_the_bit(
    seed: int, rows: int, cols: int, bits: int, density: float, groups: int
) -> None:
    layer = random_layer(seed, rows, cols, bits, density, groups)
    packed = packing.pack_codes(layer, bits)
    assert torch.equal(packing.unpack(packed), layer.weight)
    kept = int(layer.mask.sum())
    scales = sum(tensor.nbytes for tensor in packing.find_scales(layer, bits).tensors().values())
    assert (packed.positions, count_bytes(packed) - scales) == packing.choose_positions(rows, cols, kept, bits)


@settings(deadline=None, max_examples=60)
@given(
    st.integers(0, 2**32 - 1), st.integers(1, 9), st.integers(1, 90), st.sampled_from([0.0, 0.01, 0.3, 0.98, 1.0]),
    st.sampled_from([torch.float32, torch.float64, torch.float16, torch.bfloat16]),
)  # fmt: skip
def test_sparse_layers_come_back_to_the_bit(
    seed: int, rows: int, cols: int, density: float, dtype: torch.dtype
) -> None:
    draw = torch.Generator().manual_seed(seed)
    mask = torch.rand(rows, cols, generator=draw) < density
    weight = (torch.randn(rows, cols, generator=draw) * mask).to(dtype)
    packed = packing.pack_values(weight)
    assert torch.equal(packing.unpack(packed), weight)
    kept = int((weight != 0).sum())
    best = packing.choose_positions(rows, cols, kept, 8 * weight.element_size())
    assert (packed.positions, count_bytes(packed)) == best


def test_scales_are_stored_once() -> None:
    """A scale a layer is one number, a scale a group of columns is one a row and group, whatever the columns' order."""
    rows, cols = 4, 96
    one = random_layer(0, rows, cols, 4, 1.0, 1)
    scale, zero = torch.full((rows, 1), 0.5), torch.full((rows, 1), 8, dtype=torch.int32)
    same = Quantized(one.weight, one.mask, one.loss, one.codes, scale, zero)
    assert packing.find_scales(same, 4).scale.shape == packing.find_scales(same, 4).zero.shape == (1, 1)
    scale, zero = torch.rand(rows, 3).repeat_interleave(32, 1), torch.full((rows, cols), 8, dtype=torch.int32)
    grouped = packing.find_scales(Quantized(one.weight, one.mask, one.loss, one.codes, scale, zero), 4)
    assert grouped.scale.shape == (rows, 3)
    assert grouped.groups is not None and grouped.groups.tolist() == [0] * 32 + [1] * 32 + [2] * 32


def test_the_smallest_form_is_hand_computed() -> None:
    # 10 x 100 weights, 50 left at 32 bits: 1000 bits and 200 bytes against 10 counts of 4 bytes and 50 of 2 + 4.
    assert packing.choose_positions(10, 100, 50, 32) == ("bitmask", 325)
    assert packing.choose_positions(10, 100, 50, 32, among=("csr16", "csr32")) == ("csr16", 340)
    assert packing.choose_positions(10, 100, 10, 32) == ("csr16", 100)
    assert packing.choose_positions(1, 100_000, 10, 32) == ("csr32", 84)
    assert packing.choose_positions(10, 100, 999, 32) == ("all", 4000)
    # 2:4 at 4 bits: a bit a weight and half of the codes, three quarters of all codes.
    assert packing.choose_positions(16, 64, 512, 4) == ("bitmask", 128 + 256)


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        ({"codes": torch.zeros(3, dtype=torch.uint8)}, "codes"),
        ({"codes": None}, "codes"),
        ({"mask": torch.zeros(1, dtype=torch.uint8)}, "codes"),
        ({"scale": torch.zeros(3, 1)}, "scale"),
        ({"scale": torch.zeros(4, 2), "zero": torch.zeros(4, 2)}, "groups"),
    ],
)
def test_what_does_not_fit_together_is_refused(damage: dict, words: str) -> None:
    layer = random_layer(1, 4, 40, 8, 0.3, 1)
    packed = packing.pack_codes(layer, 8)
    assert packed.positions == "bitmask"
    tensors = {name: tensor for name, tensor in (dict(packed.tensors) | damage).items() if tensor is not None}
    with pytest.raises(ArgumentError, match=words):
        packing.unpack(packing.Packed(packed.shape, packed.positions, packed.bits, tensors))


@pytest.mark.parametrize("columns", [[0, 40], [3, 3]])
def test_bad_columns_are_refused(columns: list[int]) -> None:
    tensors = {"counts": torch.tensor([2, 0]), "columns": torch.tensor(columns), "values": torch.ones(2)}
    with pytest.raises(ArgumentError, match="columns"):
        packing.unpack(packing.Packed((2, 40), "csr32", None, tensors))
