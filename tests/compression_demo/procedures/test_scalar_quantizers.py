"""Scalar quantizers against all clusterings there are, and what each promises."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from compression_demo.procedures import scalar_quantizers as quantizers
from compression_demo.procedures.scalar_quantizers import Line
from compression_demo.procedures.sharing_settings import Start
from tests.reference.sharing import entropy_cost, least_distortion


def draw(seed: int, size: int) -> tuple[np.ndarray, np.ndarray]:
    stream = np.random.default_rng(seed)
    return stream.normal(size=size), stream.exponential(size=size) + 0.01


@given(st.integers(0, 10**6), st.integers(2, 11), st.integers(1, 6))
def test_no_clustering_is_better_than_the_best(seed: int, size: int, count: int) -> None:
    w, h = draw(seed, size)
    count = min(count, size)
    found = quantizers.cluster_best(Line.of(w, h), count)
    cost = (h * (w - found.values[found.codes]) ** 2).sum()
    assert cost == pytest.approx(least_distortion(w, h, count), abs=1e-12)
    assert len(found.values) == count and (np.diff(found.values) > 0).all()


@given(st.integers(0, 10**6), st.integers(2, 12), st.sampled_from(["linear", "density", "random"]))
def test_lloyd_ends_where_no_weight_and_no_centre_would_move(seed: int, count: int, start: Start) -> None:
    w, h = draw(seed, 200)
    line = Line.of(w, h)
    begun = quantizers.choose_start(line, count, start, torch.Generator().manual_seed(seed))
    assert len(begun) == count and begun.min() >= w.min() and begun.max() <= w.max()
    found = quantizers.cluster_by_lloyd(line, begun)
    nearest = np.abs(w[:, None] - found.values).argmin(1)
    for code in range(len(found.values)):
        own = found.codes == code
        assert found.values[code] == pytest.approx(np.average(w[own], weights=h[own]))
    moved = np.mean(nearest != found.codes)
    assert moved < 0.02, "it stops once the cost falls by a billionth"
    best = quantizers.cluster_best(line, count)
    assert quantizers.measure_distortion(line, best) <= quantizers.measure_distortion(line, found) + 1e-9


def test_starts_are_spread_as_they_say() -> None:
    line = Line.of(np.concatenate([np.linspace(0, 1, 90), np.linspace(9, 10, 10)]))
    stream = torch.Generator().manual_seed(0)
    assert quantizers.choose_start(line, 5, "linear", stream).tolist() == [0, 2.5, 5, 7.5, 10]
    assert (quantizers.choose_start(line, 5, "density", stream) < 1).sum() == 4
    drawn = quantizers.choose_start(line, 5, "random", stream)
    assert set(drawn) <= set(line.values) and len(set(drawn)) == 5


@given(st.integers(0, 10**6), st.floats(0.05, 3))
def test_uniform_cells_are_no_wider_than_the_step(seed: int, step: float) -> None:
    w, h = draw(seed, 150)
    found = quantizers.quantize_uniformly(Line.of(w, h), step)
    for code in range(len(found.values)):
        own = w[found.codes == code]
        assert len(own) and np.ptp(own) <= step + 1e-12
        assert len({int(cell) for cell in np.rint(own / step)}) == 1
        assert found.values[code] == pytest.approx(np.average(own, weights=h[found.codes == code]))


@given(st.integers(0, 10**6), st.floats(1e-4, 3))
def test_entropy_costs_less_than_the_cells_it_began_with(seed: int, price: float) -> None:
    w, h = draw(seed, 150)
    line = Line.of(w, h)
    scaled = line.importance[np.argsort(line.order)]
    begun = quantizers.quantize_uniformly(line, np.ptp(w) / 16)
    found = quantizers.quantize_by_entropy(line, price, 16)
    after, before = (entropy_cost(w, scaled, one.codes, price) for one in (found, begun))
    assert after <= before + 1e-9
    bits = -np.log2(found.counts / found.counts.sum())
    costs = scaled[:, None] * (w[:, None] - found.values) ** 2 + price * bits
    assert costs[np.arange(150), found.codes].sum() == pytest.approx(after)
    assert costs.min(1).sum() >= after * (1 - 0.05) - 1e-6, "hardly a weight would move"


def test_a_dear_bit_leaves_one_value_and_a_free_one_all_cells() -> None:
    w, h = draw(0, 300)
    line = Line.of(w, h)
    assert len(quantizers.quantize_by_entropy(line, 1e6, 16).values) == 1
    free = quantizers.quantize_by_entropy(line, 1e-12, 16)
    assert quantizers.measure_distortion(line, free) < 2 * quantizers.measure_distortion(line, quantizers.cluster_best(line, 16))  # fmt: skip


def test_weights_without_importance_still_get_a_value() -> None:
    w = np.array([-1.0, -0.9, 0.9, 1.0])
    found = quantizers.cluster_best(Line.of(w, np.array([1.0, 1.0, 0.0, 0.0])), 2)
    assert np.isfinite(found.values).all() and len(found.values) == 2
    assert np.isfinite(quantizers.cluster_best(Line.of(w, np.zeros(4)), 2).values).all()
