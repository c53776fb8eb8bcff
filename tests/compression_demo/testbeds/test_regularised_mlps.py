"""The regularised nets: near a minimum of the loss they were trained on, and small enough."""

from pathlib import Path
from typing import cast

import pytest
import torch

from compression_demo.testbeds import get
from compression_demo.testbeds.regularised_mlps import DigitsMlp, penalised_loss

from .inspection import count_declared, count_found, count_weights


@pytest.mark.parametrize(("name", "weights"), [("digits-mlp-deep", 37_400), ("digits-mlp-tiny", 1_696)])
def test_descriptions_tell_the_truth(name: str, weights: int) -> None:
    entry = cast(DigitsMlp, get(name))
    assert count_found(entry.build()) == count_declared(entry.layers)
    assert count_weights(entry.build()) == weights and f"{weights:,} weights" in entry.description


def test_the_tiny_net_lies_near_a_minimum(tmp_path: Path) -> None:
    entry = cast(DigitsMlp, get("digits-mlp-tiny"))
    trial = entry.prepare(0, 8, tmp_path, lambda done, words: None)
    assert trial.training is not None and trial.evaluate(trial.model)["accuracy"] > 93
    loss = penalised_loss(trial.model, trial.training.inputs, trial.training.labels, entry.penalty)
    slopes = torch.autograd.grad(loss, list(trial.model.parameters()))
    assert sum(float(slope.square().sum()) for slope in slopes) ** 0.5 < 0.03
    assert float(loss.detach()) < 0.4
    again = entry.prepare(0, 8, tmp_path, lambda done, words: pytest.fail("was trained again"))
    assert torch.equal(again.model(again.held_out), trial.model(trial.held_out))


def test_the_penalty_counts_all_parameters() -> None:
    net = torch.nn.Linear(2, 2)
    with torch.no_grad():
        net.weight.fill_(1.0)
        net.bias.fill_(2.0)
    plain, penalised = (penalised_loss(net, torch.ones(1, 2), torch.tensor([0]), p) for p in (0.0, 0.5))
    assert float((penalised - plain).detach()) == pytest.approx(0.25 * (4 * 1 + 2 * 4))
