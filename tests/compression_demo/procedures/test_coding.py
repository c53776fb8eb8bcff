"""Huffman codes and gaps: optimal, prefix-free, and back again."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from compression_demo.procedures import coding
from tests.reference.sharing import huffman_bits

COUNTS = st.lists(st.integers(0, 50), min_size=1, max_size=12).filter(any).map(np.array)


@given(COUNTS)
def test_a_huffman_code_is_prefix_free_and_no_longer_than_the_best(counts: np.ndarray) -> None:
    lengths = coding.measure_lengths(counts)
    assert lengths @ counts == huffman_bits(counts.tolist())
    assert ((lengths > 0) == (counts > 0)).all()
    words = sorted(coding.assign_codewords(lengths))
    assert len(words) == np.count_nonzero(counts)
    assert not any(later.startswith(earlier) for earlier, later in itertools.pairwise(words))


@given(COUNTS)
def test_entropy_bounds_huffman_from_below_by_less_than_a_bit(counts: np.ndarray) -> None:
    mean = coding.measure_lengths(counts) @ counts / counts.sum()
    entropy = coding.measure_entropy(counts)
    assert entropy - 1e-9 <= mean < entropy + 1 + 1e-9


def test_known_code() -> None:
    assert coding.measure_lengths(np.array([45, 13, 12, 16, 9, 5])).tolist() == [1, 3, 3, 3, 4, 4]
    assert coding.measure_lengths(np.array([0, 7, 0])).tolist() == [0, 1, 0]
    assert coding.measure_entropy(np.array([1, 1, 2])) == pytest.approx(1.5)


@given(st.lists(st.integers(0, 9), min_size=1, max_size=300).map(np.array))
def test_symbols_come_back_from_their_bits(symbols: np.ndarray) -> None:
    lengths = coding.measure_lengths(np.bincount(symbols, minlength=10))
    bits = coding.encode(symbols, lengths)
    assert len(bits) == lengths[symbols].sum()
    assert coding.decode(bits, lengths).tolist() == symbols.tolist()


def test_bits_that_end_within_a_codeword_are_refused() -> None:
    lengths = coding.measure_lengths(np.array([4, 2, 1]))
    bits = coding.encode(np.array([0, 2]), lengths)
    with pytest.raises(ValueError, match="within a codeword"):
        coding.decode(bits[:-1], lengths)
    with pytest.raises(KeyError):
        coding.encode(np.array([3]), np.append(lengths, 0))


@given(st.sets(st.integers(0, 400), max_size=60), st.integers(1, 6))
def test_places_come_back_from_their_gaps(places: set[int], bits: int) -> None:
    rising = np.array(sorted(places), dtype=np.int64)
    gaps, real = coding.find_gaps(rising, bits)
    assert coding.find_places(gaps, real).tolist() == rising.tolist()
    assert not len(gaps) or (gaps.min() >= 0 and gaps.max() < 2**bits)
    expected, last = 0, -1
    for place in rising:  # a filler each time the rest of the way is too long for a gap
        expected += 1 + (place - last - 1) // 2**bits
        last = place
    assert len(gaps) == expected and real.sum() == len(rising)


def test_a_filler_stands_at_the_widest_gap() -> None:
    """The places 1, 4 and 15 with three bits: the last lies 11 on, so one filler 8 on and the rest of 3."""
    gaps, real = coding.find_gaps(np.array([1, 4, 15]), 3)
    assert gaps.tolist() == [1, 2, 7, 2] and real.tolist() == [True, True, False, True]
