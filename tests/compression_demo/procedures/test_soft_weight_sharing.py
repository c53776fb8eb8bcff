"""Soft weight-sharing on a small net: shared values, zeros, what is counted, what is shared between arms."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import nn

from compression_demo.errors import ArgumentError, RunFailed
from compression_demo.procedures import PROCEDURES, Outcome, Work
from compression_demo.procedures.mixture import differentiate, start_mixture
from compression_demo.procedures.prune_iteratively import find_weights
from compression_demo.procedures.retrain_under_prior import add_gradients, read_flat
from compression_demo.testbeds import get
from tests.reference.mixture import negative_log_prior

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


def build_cnn() -> nn.Sequential:
    """A net with convolutions on the six inputs, taken for an image of 2x3."""
    torch.manual_seed(0)
    net = nn.Sequential(
        nn.Unflatten(1, (1, 2, 3)), nn.Conv2d(1, 12, 2, padding=1), nn.ReLU(), nn.Conv2d(12, 8, (2, 2)), nn.ReLU(),
        nn.Flatten(), nn.Linear(48, 2),
    )  # fmt: skip
    stream = torch.Generator().manual_seed(0)
    inputs = torch.randn(512, 6, generator=stream)
    labels = (inputs[:, 0] * inputs[:, 1] > 0).long()
    optimizer = torch.optim.Adam(net.parameters(), lr=1e-2)
    for _ in range(150):
        optimizer.zero_grad()
        nn.functional.cross_entropy(net(inputs), labels).backward()
        optimizer.step()
    return net


def test_convolutions_share_the_values_of_one_mixture(tmp_path: Path) -> None:
    work = small_work(tmp_path, net=build_cnn())
    outcome, found = run(work)
    assert outcome.model is not None
    weights = find_weights(outcome.model)
    assert {name: weight.ndim for name, weight in weights.items()} == {"1.weight": 4, "3.weight": 4, "6.weight": 2}
    assert [weight.shape for weight in weights.values()] == [w.shape for w in find_weights(work.trial.model).values()]
    values = torch.cat([weight.flatten() for weight in weights.values()]).unique()
    assert 1 < len(values) <= 9 and bool((values == 0).any())
    assert found["accuracy"] > work.trial.evaluate(work.trial.model)["accuracy"] - 8
    zeros = {key: float((weight == 0).double().mean()) for key, weight in weights.items()}
    for layers, name in (("largest", "3.weight"), ("smallest", "1.weight"), ("last", "6.weight")):
        _, counted = run(work, zeros_of=layers)
        assert counted["pruned_weights"] == pytest.approx(100 * zeros[name])


def test_the_prior_pulls_at_the_weights_of_convolutions_as_its_equations_say() -> None:
    net = build_cnn()
    parameters = [net.get_parameter(name) for name in ("1.weight", "3.weight", "6.weight")]
    flat = read_flat(parameters)
    mixture = start_mixture(flat, 5, 0.9)
    for parameter in parameters:
        parameter.grad = torch.ones_like(parameter)
    add_gradients(parameters, mixture, differentiate(flat, mixture, None), 0.01)
    exact = flat.double().requires_grad_()
    means, precisions, logits = (tensor.double() for tensor in mixture.tensors)
    negative_log_prior(exact, means, precisions, logits, mixture.zero_weight).backward()
    assert exact.grad is not None
    pulled = torch.cat([parameter.grad.flatten() for parameter in parameters if parameter.grad is not None])
    torch.testing.assert_close(pulled.double(), 1 + 0.01 * exact.grad, rtol=1e-4, atol=1e-4)


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
    parts, testbed = PROCEDURES["soft_weight_sharing"].parts, get("digits-mlp")
    brief, longer = (parts(testbed, {"retraining": epochs})[0].seconds for epochs in (60, 120))
    assert longer == pytest.approx(2 * brief)
