"""What shared values take to store: the papers' formulas, the written bits, and back."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from compression_demo.procedures import coding
from compression_demo.procedures.shared_values import Book, SharedValues, Stream


def book(seed: int, size: int, values: int, kept: float = 1.0, index_bits: int | None = None) -> Book:
    stream = np.random.default_rng(seed)
    codes = np.append(np.arange(1, values + 1), stream.integers(1, values + 1, size - values))
    if index_bits is not None:
        codes[values:][stream.random(size - values) > kept] = 0
    return Book(stream.normal(size=values), stream.permutation(codes), index_bits)


def test_fixed_length_is_the_papers_formula() -> None:
    """Eq. 2: N b / (N ceil(log2 k) + k b)."""
    shared = SharedValues({"w": torch.Size((20, 50))}, (book(0, 1000, 12),))
    assert shared.measure_ratio("fixed") == pytest.approx(1000 * 32 / (1000 * 4 + 12 * 32))


@given(st.integers(0, 10**6), st.integers(1, 9))
def test_variable_length_is_the_papers_formula(seed: int, values: int) -> None:
    """Eq. 1: N b / (sum_i (|C_i| + 1) b_i + k b)."""
    one = book(seed, 300, values)
    counts = np.bincount(one.codes)[1:]
    lengths = coding.measure_lengths(counts)
    bits = sum((int(n) + 1) * int(b) for n, b in zip(counts, lengths, strict=True)) + values * 32
    assert SharedValues({"w": torch.Size((300,))}, (one,)).measure_ratio("huffman") == pytest.approx(300 * 32 / bits)
    assert one.streams[0].measure("entropy") <= one.streams[0].measure("huffman")


@given(st.integers(0, 10**6), st.integers(1, 9), st.floats(0, 1), st.sampled_from([None, 1, 3, 5]))
def test_weights_come_back_from_their_bits(seed: int, values: int, kept: float, index_bits: int | None) -> None:
    one = book(seed, 200, values, kept, index_bits)
    assert np.array_equal(one.read_back(), np.append(0.0, one.values)[one.codes])


@given(st.integers(0, 10**6), st.floats(0, 1), st.sampled_from([2, 5]))
def test_what_is_counted_is_what_is_written(seed: int, kept: float, index_bits: int) -> None:
    one = book(seed, 200, 6, kept, index_bits)
    written = tables = 0
    for stream in one.streams:
        lengths = coding.measure_lengths(stream.counts)
        written += len(coding.encode(stream.symbols, lengths))
        tables += int(lengths.sum())
    assert one.measure("huffman") == written + tables + 32 * 6


def test_gaps_count_with_their_fillers() -> None:
    codes = np.zeros(100, dtype=np.int64)
    codes[[3, 90]] = [1, 2]
    one = Book(np.array([-1.0, 1.0]), codes, 5)
    values, gaps = one.streams
    assert gaps.symbols.tolist() == [3, 31, 31, 22] and values.symbols.tolist() == [1, 0, 0, 2]
    assert one.measure("fixed") == 4 * math.ceil(math.log2(3)) + 4 * 5 + 2 * 32


def test_one_value_still_takes_a_bit() -> None:
    assert Stream(np.zeros(8, dtype=np.int64), 1).measure("fixed") == 8
    assert Stream(np.zeros(8, dtype=np.int64), 1).measure("huffman") == 9


@pytest.mark.parametrize(("ratio", "share"), [(51.25, 1.95), (22.17, 4.51), (40.65, 2.46)])
def test_the_papers_ratios_are_its_shares(ratio: float, share: float) -> None:
    """Table 1 against Sec. 6.2: the compressed size in percent is one over the ratio."""
    assert round(100 / ratio, 2) == share


def test_weights_are_split_by_their_shapes_and_told_by_layer() -> None:
    books = (book(0, 12, 3), book(1, 10, 2))
    shared = SharedValues({"a": torch.Size((3, 4)), "b": torch.Size((5, 2))}, books)
    back = shared.read_back()
    assert {name: tuple(w.shape) for name, w in back.items()} == {"a": (3, 4), "b": (5, 2)}
    assert back["b"].flatten().double().numpy() == pytest.approx(books[1].values[books[1].codes - 1], rel=1e-6)
    lines = shared.describe()
    assert [line["layer"] for line in lines] == ["a", "b"] and [line["values"] for line in lines] == [3, 2]
    assert all(float(line["entropy_bits"]) <= float(line["huffman_bits"]) + 1e-9 for line in lines)
