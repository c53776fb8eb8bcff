"""Integral pruning and the unit pruning beside it: masks in force, fine-tuning through them, winner rates chosen."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import nn

from compression_demo.errors import ArgumentError, RunFailed
from compression_demo.procedures import PROCEDURES, Outcome
from compression_demo.procedures.prune_iteratively import find_weights
from compression_demo.procedures.winner_sensitivity import RATES, choose_rates, pick_rates, sweep_rates
from compression_demo.testbeds import get
from compression_demo.testbeds.classification import measure_accuracy
from compression_demo.testbeds.net_metrics import measure_activity

from .small_work import small_work


def run(folder: Path, name: str = "integral_pruning", **settings: object) -> tuple[Outcome, dict[str, float]]:
    work = small_work(folder)
    outcome = PROCEDURES[name].run(work, **settings)
    assert outcome.model is not None
    return outcome, work.trial.evaluate(outcome.model)


def test_weights_and_activations_are_both_pruned(tmp_path: Path) -> None:
    outcome, found = run(tmp_path, sparsity=0.5, winners="0.25/0.5", epochs=2)
    assert outcome.model is not None
    weights = find_weights(outcome.model)
    assert sum(int(w.count_nonzero()) for w in weights.values()) <= 0.5 * sum(w.numel() for w in weights.values()) + 1
    assert found["activation_density"] <= 100 * (6 + 6) / 36
    rates = {line["layer"]: line["winner_rate"] for line in outcome.layers if "winner_rate" in line}
    assert rates == {"1": 0.25, "3": 0.5}


def test_without_masks_or_pruning_it_is_the_dense_net(tmp_path: Path) -> None:
    work = small_work(tmp_path)
    outcome = PROCEDURES["integral_pruning"].run(work, sparsity=0.0, winners=1.0, epochs=0)
    assert outcome.model is not None
    inputs = torch.randn(5, 6)
    assert torch.equal(outcome.model(inputs), work.trial.model(inputs))


def test_the_dense_net_is_left_alone(tmp_path: Path) -> None:
    work = small_work(tmp_path)
    before = {name: tensor.clone() for name, tensor in work.trial.model.state_dict().items()}
    PROCEDURES["integral_pruning"].run(work, sparsity=0.5, winners=0.3, epochs=1)
    after = work.trial.model.state_dict()
    assert before.keys() == after.keys() and all(torch.equal(before[name], after[name]) for name in before)


def test_fine_tuning_through_masks_gains_accuracy_and_keeps_the_zeros(tmp_path: Path) -> None:
    _, before = run(tmp_path, sparsity=0.4, winners=0.1, epochs=0)
    outcome, after = run(tmp_path, sparsity=0.4, winners=0.1, epochs=20)
    assert outcome.model is not None and after["accuracy"] > before["accuracy"] + 3
    kept = sum(int(w.count_nonzero()) for w in find_weights(outcome.model).values())
    assert kept <= 0.6 * sum(w.numel() for w in find_weights(outcome.model).values()) + 1


@pytest.mark.parametrize("threshold", ["dynamic", "static", "sampled"])
def test_each_kind_of_threshold_keeps_about_its_share(tmp_path: Path, threshold: str) -> None:
    _, found = run(tmp_path, sparsity=0.0, winners=0.25, epochs=0, threshold=threshold, alpha=0.5)
    assert 5 < found["activation_density"] <= 32


def test_rates_that_fit_no_layer_fail(tmp_path: Path) -> None:
    with pytest.raises(RunFailed, match="2 layers of activations, not 3"):
        run(tmp_path, sparsity=0.0, winners="0.1/0.2/0.3")
    with pytest.raises(RunFailed, match="no activation function"):
        PROCEDURES["integral_pruning"].run(small_work(tmp_path, net=nn.Sequential(nn.Linear(6, 2))), 0.0, winners=0.5)
    with pytest.raises(RunFailed, match="no training inputs"):
        PROCEDURES["integral_pruning"].run(small_work(tmp_path, training=False), sparsity=0.0, winners=0.5)


@pytest.mark.parametrize("winners", [0, 1.2, "0.1/x", "0.1/0", True, ""])
def test_rates_are_shares(winners: object) -> None:
    with pytest.raises(ArgumentError, match="winners must be"):
        PROCEDURES["integral_pruning"].check({"sparsity": 0.5, "winners": winners})


def test_a_layer_gets_the_smallest_rate_before_it_first_loses_too_much() -> None:
    curves = {"a": {0.8: 0.0, 0.5: 0.4, 0.3: 3.0, 0.1: 0.1}, "b": {0.8: 5.0, 0.5: 0.0}}
    assert pick_rates(curves, 0.5) == {"a": 0.5, "b": 1.0}
    assert pick_rates(curves, 5.0) == {"a": 0.1, "b": 0.5}


def test_chosen_rates_cost_no_more_than_tolerated(tmp_path: Path) -> None:
    work = small_work(tmp_path)
    training = work.trial.training
    assert training is not None
    dense = measure_accuracy(work.trial.model, training.inputs, training.labels)
    curves = sweep_rates(work.trial.model, training)
    assert set(curves) == {"1", "3"} and all(tuple(curve) == RATES for curve in curves.values())
    kept: list[float] = []
    for tolerated in (0.0, 3.0, 30.0):
        rates = choose_rates(work.trial.model, training, tolerated)
        outcome = PROCEDURES["integral_pruning"].run(
            work, sparsity=0.0, winners="/".join(map(str, rates.values())), epochs=0
        )
        assert outcome.model is not None
        assert dense - measure_accuracy(outcome.model, training.inputs, training.labels) <= tolerated
        kept.append(sum(rates.values()))
    assert kept[0] >= kept[1] > kept[2]


def test_the_sweep_is_a_procedure_too(tmp_path: Path) -> None:
    outcome, found = run(tmp_path, "integral_pruning_swept", sparsity=0.0, tolerated=5.0, epochs=0)
    rates = [line["winner_rate"] for line in outcome.layers if "winner_rate" in line]
    assert len(rates) == 2 and min(rates) < 1 and found["accuracy"] > 85


@pytest.mark.parametrize(("counted", "metric"), [("useful", "effective_macs"), ("all", "dense_macs")])
def test_units_go_until_multiplications_are_as_few(tmp_path: Path, counted: str, metric: str) -> None:
    work = small_work(tmp_path)
    integral = PROCEDURES["integral_pruning"].run(work, sparsity=0.5, winners=0.25, epochs=2).model
    outcome = PROCEDURES["unit_pruning"].run(work, sparsity=0.5, winners=0.25, epochs=2, counted=counted)
    assert integral is not None and outcome.model is not None
    images = work.trial.calibration
    assert isinstance(images, torch.Tensor)
    goal = measure_activity(integral, images)["effective_macs"]
    reached = {**measure_activity(outcome.model, images), **outcome.metrics}[metric]
    assert 0.5 * goal < reached < 1.25 * goal
    gone = [line["units"] - line["kept"] for line in outcome.layers]
    assert min(gone) > 0 and outcome.metrics["dense_macs"] < 60
    for (name, weight), removed in zip(list(find_weights(outcome.model).items())[:-1], gone, strict=True):
        assert int((weight.abs().sum(1) == 0).sum()) >= removed, name


def test_what_is_trained_longer_is_declared_to_take_longer() -> None:
    testbed = get("digits-mlp")
    for name in ("integral_pruning", "unit_pruning"):
        settings = [{"sparsity": 0.9, "winners": 0.1, "epochs": epochs} for epochs in (1, 20)]
        brief, longer = (
            PROCEDURES[name].seconds(testbed, given) + sum(p.seconds for p in PROCEDURES[name].parts(testbed, given))
            for given in settings
        )
        assert 0 < brief < longer


@pytest.mark.parametrize("threshold", ["dynamic", "static", "sampled"])
def test_a_masked_net_is_fine_tuned_once_for_all_arms(tmp_path: Path, threshold: str) -> None:
    told: list[str] = []
    work = replace(small_work(tmp_path), tick=lambda share, words: told.append(words))
    settings = {"sparsity": 0.5, "winners": 0.25, "epochs": 2, "threshold": threshold, "alpha": 0.5}
    first = PROCEDURES["integral_pruning"].run(work, **settings).model
    assert first is not None and any("fine-tuning, epoch 2 of 2" in words for words in told)
    told.clear()
    again = PROCEDURES["integral_pruning"].run(work, **settings).model
    assert again is not None and not told
    inputs = torch.randn(50, 6)
    assert torch.equal(first(inputs), again(inputs)), "masks are put in place again as they were"


def test_times_are_of_the_nets_and_of_nothing_else(tmp_path: Path) -> None:
    work = small_work(tmp_path)
    dense, masked = (
        PROCEDURES["time_masks"].run(work, sparsity=0.0, winners=winners).metrics["processor_ms"]
        for winners in (1.0, 0.5)
    )
    units = PROCEDURES["time_units"].run(work, sparsity=0.0, winners=0.25)
    assert masked > dense > 0 and units.model is None
    assert set(units.metrics) == {"processor_ms"} and PROCEDURES["time_units"].local
