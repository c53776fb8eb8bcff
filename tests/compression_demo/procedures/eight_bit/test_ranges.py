"""Ranges from calibration: ends, percentiles, and the least entropy lost, against a count by hand."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from compression_demo.procedures.eight_bit.graph import read_net
from compression_demo.procedures.eight_bit.ranges import (
    BINS,
    Spread,
    find_least_entropy,
    find_percentile,
    measure_divergence,
    measure_spreads,
)

from .nets import Branching, draw_images, fill


def divergence(counts: list[float], cut: int, levels: int) -> float:
    """The published procedure, one bin at a time."""
    p = [float(x) for x in counts[:cut]]
    p[-1] += sum(counts[cut:])
    q = [0.0] * cut
    for level in range(levels):
        run = range(level * cut // levels, (level + 1) * cut // levels)
        filled = [k for k in run if counts[k] > 0]
        for k in filled:
            q[k] = sum(counts[j] for j in run) / len(filled)
    total_p, total_q = sum(p), sum(q)
    return sum(x / total_p * math.log(x / total_p / max(y / total_q, 1e-9)) for x, y in zip(p, q, strict=True) if x > 0)


@given(seed=st.integers(0, 1000), cut=st.integers(8, 40), levels=st.integers(2, 8))
def test_the_divergence_is_the_published_one(seed: int, cut: int, levels: int) -> None:
    counts = np.random.default_rng(seed).poisson(2.0, 40).astype(float)
    counts[0] += 1
    assert measure_divergence(counts, cut, levels) == pytest.approx(divergence(counts.tolist(), cut, levels), abs=1e-9)


def test_a_lone_outlier_is_cut_off_and_an_even_spread_is_not() -> None:
    falling = np.exp(-np.arange(BINS) / 60.0) * 1e5
    falling[-1] = 1.0
    assert find_least_entropy(falling, 128) < 900
    assert find_least_entropy(np.full(BINS, 1000.0), 128) > BINS - 64
    assert find_percentile(falling) < 500 and find_percentile(np.ones(1000), 99.9) in (999, 1000)


def test_zeros_of_a_relu_do_not_draw_the_range_in() -> None:
    counts = np.full(BINS, 1000.0)
    counts[0] = 1e7
    assert find_least_entropy(counts, 256) > BINS - 64


def test_ranges_of_a_known_tensor() -> None:
    spread, values = Spread(), torch.cat([torch.linspace(-1, 2, 9999), torch.tensor([50.0])])
    spread.widen(values)
    spread.count(values)
    assert spread.clip("minmax", 8) == (-1.0, 50.0)
    low, high = spread.clip("percentile", 8)
    assert low == pytest.approx(-1) and high == pytest.approx(2, abs=0.05)
    low, high = spread.clip("kl", 8)
    assert -1 <= low < 0 and 1.5 < high < 50


def test_batches_do_not_change_what_is_seen() -> None:
    net, images = read_net(fill(Branching())), draw_images()
    whole, parts = (measure_spreads(net, images.split(size)) for size in (16, 3))
    assert set(whole) == {"input", *(step.name for step in net.steps[:-1])}
    for name, spread in whole.items():
        other = parts[name]
        assert (spread.low, spread.high) == pytest.approx((other.low, other.high), rel=1e-5)
        assert spread.counts is not None and other.counts is not None
        assert spread.counts.sum() == other.counts.sum()
