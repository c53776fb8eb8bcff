"""The procedures that share values: limits kept, weightings, fine-tuning, pruned nets, the full Hessian."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from compression_demo.errors import ArgumentError, RunFailed
from compression_demo.procedures import PROCEDURES, Outcome, Work
from compression_demo.procedures.curvature import Curvature
from compression_demo.procedures.full_hessian import find_valley
from compression_demo.procedures.prune_iteratively import find_weights
from compression_demo.procedures.scalar_quantizers import Line, cluster_best
from compression_demo.procedures.share_by_hessian import improve
from compression_demo.procedures.shared_net import SharedNet
from compression_demo.procedures.shared_values import Book, SharedValues

from .nets import small_work

SHARING = ("kmeans", "uniform", "ecsq")


@pytest.fixture
def work(tmp_path: Path) -> Work:
    return small_work(tmp_path)


def run(work: Work, method: str, **settings: Any) -> Outcome:
    return PROCEDURES[method].run(work, **PROCEDURES[method].check(settings))


def weights_of(outcome: Outcome) -> torch.Tensor:
    assert isinstance(outcome.model, nn.Module)
    return torch.cat([weight.flatten() for weight in find_weights(outcome.model).values()])


@pytest.mark.parametrize("method", SHARING)
@pytest.mark.parametrize("together", [True, False])
def test_no_more_values_than_allowed(work: Work, method: str, together: bool) -> None:
    outcome = run(work, method, clusters=5, together=together)
    assert outcome.model is not None
    groups = [weights_of(outcome)] if together else [w.flatten() for w in find_weights(outcome.model).values()]
    assert all(1 < len(group.unique()) <= 5 for group in groups)
    assert len(outcome.layers) == len(groups)
    if method == "kmeans":
        assert all(len(group.unique()) == 5 for group in groups)


@pytest.mark.parametrize("method", SHARING)
@pytest.mark.parametrize("code", ["huffman", "fixed", "entropy"])
def test_the_ratio_is_reached_and_the_next_finer_misses_it(work: Work, method: str, code: str) -> None:
    found = run(work, method, ratio=6.0, code=code).metrics["compression_ratio"]
    assert 6 <= found < 9, "252 weights leave steps between ratios"
    assert run(work, method, ratio=3.0, code=code).metrics["compression_ratio"] < found


@pytest.mark.parametrize("method", ["uniform", "ecsq"])
def test_the_ratio_of_plain_kmeans_is_reached(work: Work, method: str) -> None:
    plain = run(work, "kmeans", clusters=6).metrics
    found = run(work, method, like_clusters=6, weighting="gauss_newton").metrics
    assert found["compression_ratio"] >= plain["compression_ratio"]
    assert found["bits_per_weight"] == pytest.approx(32 / found["compression_ratio"])


def test_a_ratio_out_of_reach_is_a_failure(work: Work) -> None:
    with pytest.raises(RunFailed, match="a compression ratio of 500 cannot be reached"):
        run(work, "kmeans", ratio=500.0)


def test_one_limit_is_given() -> None:
    for settings in ({}, {"clusters": 4, "ratio": 5.0}):
        with pytest.raises(ArgumentError, match="one of the three"):
            PROCEDURES["kmeans"].check(settings)
    for wrong in ({"clusters": 1}, {"ratio": 1}, {"clusters": 4, "weighting": "magic"}, {"clusters": 4, "code": "zip"}):
        with pytest.raises(ArgumentError, match="must be"):
            PROCEDURES["kmeans"].check(wrong)


@pytest.mark.parametrize("weighting", ["gauss_newton", "fisher", "adam"])
def test_the_weighting_lowers_the_weighted_distortion(work: Work, weighting: Curvature) -> None:
    importance = run_curvature(work, weighting)
    dense = torch.cat([w.flatten() for w in find_weights(work.trial.model).values()])
    costs = [
        float((importance * (weights_of(run(work, "kmeans", clusters=5, weighting=kind)) - dense) ** 2).sum())
        for kind in (weighting, "none")
    ]
    assert costs[0] < costs[1]


def run_curvature(work: Work, weighting: Curvature) -> torch.Tensor:
    from compression_demo.procedures.sharing import begin
    from compression_demo.procedures.sharing_settings import Plan

    start = begin(work, Plan(clusters=5, weighting=weighting))
    return torch.cat([start.importance[name].flatten() for name in start.weights])


def test_the_dense_net_is_left_alone(work: Work) -> None:
    before = {name: w.clone() for name, w in work.trial.model.state_dict().items()}
    run(work, "kmeans", clusters=4, epochs=1, weighting="adam")
    assert all(torch.equal(w, before[name]) for name, w in work.trial.model.state_dict().items())
    assert all(p.requires_grad for p in work.trial.model.parameters())


def test_fine_tuning_moves_values_and_leaves_codes(work: Work) -> None:
    assert work.trial.training is not None
    before, after = (weights_of(run(work, "kmeans", clusters=4, epochs=epochs)) for epochs in (0, 5))
    pairs = {(float(a), float(b)) for a, b in zip(before, after, strict=True)}
    assert len(pairs) == 4 and all(a != b for a, b in pairs)
    losses = []
    for epochs in (0, 20):
        model = run(work, "kmeans", clusters=4, epochs=epochs).model
        assert model is not None
        scores = model(work.trial.training.inputs).detach()
        losses.append(float(nn.functional.cross_entropy(scores, work.trial.training.labels)))
    assert losses[1] < losses[0]


def test_the_gradient_of_a_value_is_the_sum_of_those_of_its_weights(work: Work) -> None:
    net = work.trial.model
    shapes = {name: w.shape for name, w in find_weights(net).items()}
    total = sum(shape.numel() for shape in shapes.values())
    codes = np.random.default_rng(0).integers(0, 4, total)
    shared = SharedNet(net, SharedValues(shapes, (Book(np.array([-0.3, 0.1, 0.4]), codes, 5),)))
    shared(work.trial.calibration).square().sum().backward()
    weights = {name: torch.zeros(shape) for name, shape in shapes.items()}
    flat = torch.tensor([0.0, -0.3, 0.1, 0.4])[codes]
    for (name, shape), part in zip(shapes.items(), flat.split([s.numel() for s in shapes.values()]), strict=True):
        weights[name] = part.view(shape).clone().requires_grad_()
    torch.func.functional_call(net, weights, (work.trial.calibration,)).square().sum().backward()
    slopes = torch.cat([w.grad.flatten() for w in weights.values() if w.grad is not None])
    expected = [float(slopes[torch.from_numpy(codes) == code].sum()) for code in (1, 2, 3)]
    assert shared.values[0].grad is not None and shared.values[0].grad.tolist() == pytest.approx(expected, rel=1e-4)


@pytest.mark.parametrize("method", SHARING)
def test_a_pruned_net_keeps_its_zeros_and_pays_for_places(work: Work, method: str) -> None:
    found = run(work, method, clusters=4, sparsity=0.8, epochs=1)
    zeros = float((weights_of(found) == 0).float().mean())
    assert zeros == pytest.approx(0.8, abs=0.01) and len(weights_of(found).unique()) <= 5
    assert found.layers[0]["kept_share"] == pytest.approx(0.2, abs=0.01)
    assert found.metrics["compression_ratio"] > run(work, method, clusters=4).metrics["compression_ratio"]


def test_curvature_needs_training_inputs(tmp_path: Path) -> None:
    bare = small_work(tmp_path, training=False)
    run(bare, "kmeans", clusters=4)
    for settings in ({"weighting": "gauss_newton"}, {"epochs": 1}):
        with pytest.raises(RunFailed, match="has no training inputs"):
            run(bare, "kmeans", clusters=4, **settings)


def test_only_fine_tuning_and_pruning_are_told_as_training() -> None:
    for method in SHARING:
        assert not PROCEDURES[method].retrains({"clusters": 4})
        assert PROCEDURES[method].retrains({"clusters": 4, "epochs": 2})
        assert PROCEDURES[method].retrains({"clusters": 4, "sparsity": 0.5})


def test_the_slope_is_what_a_tiny_step_changes(work: Work) -> None:
    valley = find_valley(work)
    step = 1e-6 * torch.randn(len(valley.flat()), generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    real = valley.measure_loss(valley.flat() + step) - valley.measure_loss(valley.flat())
    assert real == pytest.approx(valley.measure_slope(step), rel=1e-3)
    assert valley.penalty == 0.01 and valley.hessian.shape == (252, 252)


def test_predictions_are_those_of_the_formula(work: Work) -> None:
    valley, found = find_valley(work), {}
    for kind in ("diagonal", "full"):
        found[kind] = run(work, "predict_loss_change", clusters=6, hessian=kind)
        assert found[kind].model is None
    flat = valley.flat()
    shared = cluster_best(Line.of(flat.numpy()), 6)
    step = torch.from_numpy(shared.values[shared.codes]) - flat
    h = valley.hessian
    predicted = {"diagonal": 0.5 * float((h.diagonal() * step**2).sum()), "full": 0.5 * float(step @ h @ step)}
    for kind, outcome in found.items():
        m = outcome.metrics
        assert m["predicted_change"] == pytest.approx(predicted[kind])
        assert m["prediction_error"] == pytest.approx(abs(predicted[kind] - m["real_change"]) / abs(m["real_change"]))
    assert found["full"].metrics["real_change"] == found["diagonal"].metrics["real_change"]


@pytest.mark.parametrize("seed", range(4))
def test_the_full_hessian_never_costs_more_than_where_it_began(seed: int) -> None:
    stream = np.random.default_rng(seed)
    weights, root = stream.normal(size=40), stream.normal(size=(60, 40))
    hessian = root.T @ root
    begun = cluster_best(Line.of(weights, np.diag(hessian)), 4)
    found = improve(begun, weights, hessian)

    def cost(values: np.ndarray, codes: np.ndarray) -> float:
        d = values[codes] - weights
        return float(d @ hessian @ d)

    assert cost(found.values, found.codes) < cost(begun.values, begun.codes)
    for place in range(40):  # no single move helps
        for code in range(4):
            codes = found.codes.copy()
            codes[place] = code
            assert cost(found.values, codes) >= cost(found.values, found.codes) - 1e-9


def test_both_hessians_store_the_same_bits(work: Work) -> None:
    one, other = (run(work, "share_by_hessian", clusters=4, hessian=kind) for kind in ("diagonal", "full"))
    assert one.metrics == other.metrics
    assert len(weights_of(one).unique()) == len(weights_of(other).unique()) == 4
    assert not torch.equal(weights_of(one), weights_of(other))


def test_a_net_too_large_for_its_hessian_is_refused(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("compression_demo.procedures.full_hessian.MOST_WEIGHTS", 100)
    with pytest.raises(RunFailed, match="at most 100 weights; digits-mlp-tiny has 252"):
        run(work, "share_by_hessian", clusters=4, hessian="full")
