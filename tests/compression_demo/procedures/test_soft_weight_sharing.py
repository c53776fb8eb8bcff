"""Soft weight-sharing on a small net: shared values, zeros, what is counted, what is shared between arms."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from compression_demo.errors import ArgumentError, RunFailed
from compression_demo.procedures import PROCEDURES, Outcome, Work
from compression_demo.procedures.prune_iteratively import find_weights
from compression_demo.testbeds import get

from .small_work import small_work

SMALL = {"components": 9, "retraining": 40, "zero_weight": 0.8, "tau": 0.3}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("parts")


def run(work: Work, **settings: object) -> tuple[Outcome, dict[str, float]]:
    outcome = PROCEDURES["soft_weight_sharing"].run(work, **{**SMALL, **settings})
    assert outcome.model is not None
    return outcome, work.trial.evaluate(outcome.model) | dict(outcome.metrics)


def test_weights_share_few_values_and_many_are_zero(folder: Path) -> None:
    work = small_work(folder)
    outcome, found = run(work)
    assert outcome.model is not None
    flat = torch.cat([weight.flatten() for weight in find_weights(outcome.model).values()])
    assert 1 < len(flat.unique()) <= 9 and bool((flat == 0).any())
    assert found["accuracy"] > work.trial.evaluate(work.trial.model)["accuracy"] - 8
    assert found["nonzero_weights"] == pytest.approx(100 * float((flat != 0).double().mean()))
    assert found["pruned_weights"] == pytest.approx(100 - found["nonzero_weights"])
    assert found["compression_ratio"] > 3 and found["bits_per_weight"] == pytest.approx(32 / found["compression_ratio"])
    shares = {line["layer"]: line["zero_share"] for line in outcome.layers if "zero_share" in line}
    assert set(shares) == {"0.weight", "2.weight", "4.weight"}
    assert sum(line["weights"] for line in outcome.layers if "component" in line) == len(flat)


def test_arms_that_differ_in_what_follows_retrain_once(folder: Path) -> None:
    told: list[str] = []
    work = replace(small_work(folder), tick=lambda share, words: told.append(words))
    run(work)
    told.clear()
    _, largest = run(work, zeros_of="largest")
    _, smallest = run(work, zeros_of="smallest")
    assert not told and largest["pruned_weights"] > smallest["pruned_weights"]
    run(work, tau=0.2)
    assert told and told[0].startswith("retraining under the prior, epoch 1 of 40")


def test_the_dense_net_is_left_alone(tmp_path: Path) -> None:
    work = small_work(tmp_path)
    before = {name: tensor.clone() for name, tensor in work.trial.model.state_dict().items()}
    run(work, retraining=1)
    assert all(torch.equal(before[name], tensor) for name, tensor in work.trial.model.state_dict().items())


def test_before_retraining_all_components_are_there(tmp_path: Path) -> None:
    work = small_work(tmp_path)
    _, found = run(work, retraining=0)
    assert found["components"] >= 8
    assert found["assignment_loss"] == pytest.approx(
        work.trial.evaluate(work.trial.model)["accuracy"] - found["accuracy"]
    )


def test_without_hyper_priors_a_variance_shrinks_more(folder: Path) -> None:
    work = small_work(folder)
    _, held = run(work, retraining=120)
    _, free = run(work, retraining=120, hyper_priors=False)
    assert free["least_deviation"] < 0.5 * held["least_deviation"]


def test_shared_values_can_be_tuned_and_zeros_stay(folder: Path) -> None:
    work = small_work(folder)
    plain, _ = run(work)
    tuned, _ = run(work, epochs=5)
    assert plain.model is not None and tuned.model is not None
    for (name, before), after in zip(
        find_weights(plain.model).items(), find_weights(tuned.model).values(), strict=True
    ):
        assert torch.equal(before == 0, after == 0), name
    assert tuned.metrics["compression_ratio"] == plain.metrics["compression_ratio"]


def test_sampled_gradients_lead_to_about_the_same(folder: Path) -> None:
    work = small_work(folder)
    _, whole = run(work)
    _, part = run(work, sampled=0.5)
    assert abs(part["accuracy"] - whole["accuracy"]) < 8
    assert 0.5 < part["nonzero_weights"] / whole["nonzero_weights"] < 2


def test_without_training_inputs_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(RunFailed, match="has no training inputs"):
        run(small_work(tmp_path, training=False))


def test_what_diverges_fails(tmp_path: Path) -> None:
    work = small_work(tmp_path)
    with torch.no_grad():
        work.trial.model.get_parameter("0.bias").fill_(float("nan"))
    with pytest.raises(RunFailed, match="diverged in epoch 1"):
        run(work)


@pytest.mark.parametrize(
    "wrong",
    [{"components": 2}, {"zero_weight": 1}, {"tau": 0}, {"zeros_of": "first"}, {"hyper_priors": 1}, {"rate": -1}],
)
def test_settings_are_checked(wrong: dict[str, object]) -> None:
    with pytest.raises(ArgumentError, match=f"{next(iter(wrong))} must be"):
        PROCEDURES["soft_weight_sharing"].check(wrong)


def test_more_draws_come_nearer_to_the_whole_gradient(tmp_path: Path) -> None:
    work = small_work(tmp_path)
    errors = [
        PROCEDURES["sampled_prior"].run(work, draws=draws, sample=20).metrics["gradient_error"]
        for draws in (1, 16, 256)
    ]
    steps = [errors[0] - errors[1], errors[1] - errors[2]]  # sixteen times the draws: a quarter of the error
    assert all(0.35 < step < 0.9 for step in steps), errors


def test_declared_seconds_follow_the_epochs() -> None:
    seconds, testbed = PROCEDURES["soft_weight_sharing"].seconds, get("digits-mlp")
    assert seconds(testbed, {"retraining": 120}) > 1.7 * seconds(testbed, {"retraining": 60})
