"""The mixture prior: closed-form gradients against automatic ones, the start, merging, assignment, sampling."""

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from compression_demo.procedures import mixture as m
from compression_demo.procedures.retrain_under_prior import PriorPlan, sample_gradients
from tests.reference.mixture import divergence, negative_log_prior


def draw_mixture(seed: int, count: int, zero_weight: float = 0.7) -> m.Mixture:
    stream = torch.Generator().manual_seed(seed)
    means = torch.randn(count, generator=stream) * 0.5
    means[0] = 0
    return m.Mixture(
        means, torch.rand(count, generator=stream) * 4, torch.randn(count - 1, generator=stream), zero_weight
    )


@settings(max_examples=25)
@given(seed=st.integers(0, 1000), count=st.integers(3, 7), held=st.booleans(), zero_weight=st.floats(0.05, 0.99))
def test_gradients_are_those_of_the_equations(seed: int, count: int, held: bool, zero_weight: float) -> None:
    weights = torch.randn(9, generator=torch.Generator().manual_seed(seed)) * 0.6
    mixture = draw_mixture(seed, count, zero_weight)
    hyper = m.HyperPriors(20.0, 3.0, 8.0) if held else None
    found = m.differentiate(weights, mixture, hyper)
    given = [t.double().requires_grad_() for t in (weights, *mixture.tensors)]
    gamma = [(a + 1, a / 20.0) for a in [8.0, *[3.0] * (count - 1)]] if held else None
    whole = negative_log_prior(given[0], given[1], given[2], given[3], mixture.zero_weight, gamma)
    whole.backward()
    assert found.value == pytest.approx(whole.item(), rel=1e-4, abs=1e-3)
    slopes = given[1].grad
    assert slopes is not None
    slopes[0] = 0  # the pinned mean does not move
    for ours, tensor in zip((found.weights, found.means, found.log_precisions, found.logits), given, strict=True):
        assert tensor.grad is not None
        torch.testing.assert_close(ours.double(), tensor.grad, rtol=2e-4, atol=2e-4)


def test_hyper_priors_are_at_rest_at_their_mode() -> None:
    mixture = draw_mixture(1, 4)
    mixture.log_precisions[:] = math.log(50.0)
    held = m.differentiate(torch.empty(0), mixture, m.HyperPriors(50.0, 250.0, 2500.0))
    assert held.log_precisions.abs().max() < 1e-2
    narrower = m.differentiate(torch.empty(0), mixture, m.HyperPriors(200.0, 250.0, 2500.0))
    assert narrower.log_precisions[0] == pytest.approx(2500 * (0.25 - 1)), "descent makes it narrower"


def test_far_components_do_not_make_numbers_that_are_none() -> None:
    mixture = m.Mixture(torch.tensor([0.0, 1.0, 50.0]), torch.tensor([20.0, 20.0, 20.0]), torch.zeros(2), 0.999)
    found = m.differentiate(torch.tensor([0.0, 3.0, -400.0]), mixture, None)
    assert math.isfinite(found.value) and all(
        bool(torch.isfinite(t).all()) for t in (found.weights, found.means, found.log_precisions, found.logits)
    )


@given(low=st.floats(-3, -0.1), high=st.floats(0.1, 3), components=st.integers(3, 20))
def test_it_starts_evenly_over_the_range_of_the_weights(low: float, high: float, components: int) -> None:
    mixture = m.start_mixture(torch.tensor([low, 0.0, high]), components, 0.9)
    free = mixture.means[1:]
    assert mixture.means[0] == 0 and free[0] == pytest.approx(low) and free[-1] == pytest.approx(high)
    width = (high - low) / max(1, components - 2)
    torch.testing.assert_close(free.diff(), torch.full((components - 2,), width), atol=1e-5, rtol=1e-4)
    torch.testing.assert_close(mixture.deviations, torch.full((components,), width))
    shares = mixture.log_weights().exp()
    assert shares[0] == pytest.approx(0.9) and torch.allclose(shares[1:], torch.tensor(0.1 / (components - 1)))


def test_components_are_merged_by_their_divergence() -> None:
    means, variances = [0.0, 0.5, 0.52, 0.9], [0.01, 0.01, 0.012, 0.01]
    mixture = m.Mixture(torch.tensor(means), -torch.tensor(variances).log(), torch.tensor([0.2, 0.3, 0.1]).log(), 0.4)
    least = min(divergence(0.5, 0.01, 0.52, 0.012), divergence(0.52, 0.012, 0.5, 0.01))
    assert len(m.merge(mixture, 0.99 * least).means) == 4
    merged = m.merge(mixture, 1.01 * least)
    assert merged.means.tolist() == pytest.approx([0.0, (0.2 * 0.5 + 0.3 * 0.52) / 0.5, 0.9])
    inside = (0.2 * (0.01 + 0.5**2) + 0.3 * (0.012 + 0.52**2)) / 0.5 - merged.means[1] ** 2
    assert float(merged.deviations[1] ** 2) == pytest.approx(float(inside), rel=1e-3)
    shares = merged.log_weights().exp()
    assert shares.tolist() == pytest.approx([0.4, 0.5, 0.1], rel=1e-4)


@given(seed=st.integers(0, 200), threshold=st.floats(0, 100))
def test_merging_keeps_the_pinned_mean_and_all_of_the_mass(seed: int, threshold: float) -> None:
    merged = m.merge(draw_mixture(seed, 8), threshold)
    assert merged.means[0] == 0 and 2 <= len(merged.means) <= 8
    assert float(merged.log_weights().exp().sum()) == pytest.approx(1, abs=1e-4)
    assert len(m.merge(merged, threshold).means) == len(merged.means)


def test_a_component_that_joins_the_pinned_one_becomes_zero() -> None:
    mixture = m.Mixture(torch.tensor([0.0, 0.01, 1.0]), torch.full((3,), 5.0), torch.zeros(2), 0.5)
    merged = m.merge(mixture, 0.1)
    assert merged.means.tolist() == [0.0, 1.0] and merged.zero_weight == pytest.approx(0.75)


def test_weights_go_to_the_most_responsible_component() -> None:
    mixture = m.Mixture(torch.tensor([0.0, -1.0, 1.0]), torch.tensor([6.0, 4.0, 4.0]), torch.zeros(2), 0.9)
    weights = torch.tensor([-1.3, -0.9, -0.01, 0.2, 0.8])
    assert m.assign(weights, mixture).tolist() == [1, 1, 0, 0, 2]
    shares, density = m.share_out(weights, mixture)
    assert torch.allclose(shares.sum(1), torch.ones(5))
    assert float(density.sum()) == pytest.approx(-m.differentiate(weights, mixture, None).value, rel=1e-5)


def test_sampling_is_unbiased() -> None:
    weights, mixture = torch.randn(6, generator=torch.Generator().manual_seed(0)), draw_mixture(2, 4)
    whole = m.differentiate(weights, mixture, None)
    pairs = [sample_gradients(weights, mixture, None, torch.tensor([i, j])) for i in range(6) for j in range(6)]
    for name in ("weights", "means", "log_precisions", "logits"):
        mean = torch.stack([getattr(found, name) for found in pairs]).mean(0)  # over all draws of two there are
        torch.testing.assert_close(mean, getattr(whole, name), rtol=1e-4, atol=1e-4)


def test_hyper_priors_do_not_grow_with_the_sample() -> None:
    weights, mixture, hyper = torch.randn(50), draw_mixture(3, 4), m.HyperPriors(9.0, 250.0, 2500.0)
    same = torch.arange(50)
    one, other = m.differentiate(weights, mixture, hyper), sample_gradients(weights, mixture, hyper, same)
    torch.testing.assert_close(one.log_precisions, other.log_precisions)
    half = sample_gradients(weights[:25].repeat(2), mixture, hyper, torch.arange(25))
    twice = m.differentiate(weights[:25].repeat(2), mixture, hyper)
    torch.testing.assert_close(half.log_precisions, twice.log_precisions, rtol=1e-4, atol=1e-3)


def test_components_are_held_to_ever_smaller_deviations() -> None:
    plan = PriorPlan()
    held = [plan.hyper(0.05, done) for done in (0, 0.4, 0.8, 1)]
    modes = [hyper.precision**-0.5 for hyper in held if hyper is not None]
    assert modes == pytest.approx([0.02, 0.01, 0.005, 0.005])
    fixed = PriorPlan(annealed=False).hyper(0.05, 1)
    assert fixed is not None and fixed.precision == pytest.approx(0.02**-2)
    assert PriorPlan(hyper_priors=False).hyper(0.05, 0.5) is None
