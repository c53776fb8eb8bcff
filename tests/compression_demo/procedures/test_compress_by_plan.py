"""Pruning and quantization of a whole net: the engine's own layers, joined, in either order of calibration."""

from pathlib import Path

import pytest
import torch
from torch import nn

from compression_demo.algorithms import METHODS
from compression_demo.errors import ArgumentError
from compression_demo.models.calibration import calibrate
from compression_demo.procedures import PROCEDURES, PartStore, Work
from compression_demo.testbeds import Trial, get

RUN = PROCEDURES["compress_by_plan"].run


@pytest.fixture
def work(tmp_path: Path) -> Work:
    torch.manual_seed(0)
    net = nn.Sequential(nn.Linear(6, 8), nn.ReLU(), nn.Linear(8, 12), nn.ReLU(), nn.Linear(12, 4))
    trial = Trial(net, torch.randn(64, 6), torch.randn(64, 6), lambda net: {})
    return Work(get("digits-cnn"), trial, 0, lambda share, words: None, PartStore(tmp_path))


def weights(net: nn.Module | None) -> list[torch.Tensor]:
    assert net is not None
    return [layer.weight.detach() for layer in net.modules() if isinstance(layer, nn.Linear)]


def test_each_layer_alone_is_what_the_method_makes_of_it(work: Work) -> None:
    found = weights(RUN(work, sparsity=0.5).model)
    hessians = calibrate(work.trial.model, work.trial.calibration).values()
    for weight, dense, hessian in zip(found, weights(work.trial.model), hessians, strict=True):
        alone = METHODS["exact_obs"].run(dense.double(), hessian, sparsity=0.5).weight
        assert torch.allclose(weight, alone.float(), atol=1e-5)


def test_calibrated_in_sequence_the_first_layer_is_the_same_and_the_last_is_not(work: Work) -> None:
    apart = weights(RUN(work, sparsity=0.5, calibration="independent").model)
    in_turn = weights(RUN(work, sparsity=0.5, calibration="sequential").model)
    assert torch.equal(apart[0], in_turn[0]) and not torch.allclose(apart[2], in_turn[2])


def test_joined_steps_keep_the_pattern_and_count_its_bits(work: Work) -> None:
    outcome = RUN(work, n=2, m=4, bits=4)
    first, *rest = weights(outcome.model)
    for weight in rest:  # groups of 4 divide 8 and 12 input channels
        assert int((weight.view(len(weight), -1, 4) != 0).sum(2).max()) <= 2
        assert max(len(row.unique()) for row in weight) <= 2**4
    assert int((first != 0).sum()) > first.numel() / 2  # and not 6: this layer is quantized only
    bits = sum(4 * int((w != 0).sum()) for w in (first, *rest))
    total = sum(32 * w.numel() for w in (first, *rest))
    assert outcome.metrics["weight_bits"] == pytest.approx(100 * bits / total)
    assert [line["bits"] for line in outcome.layers] == [4, 4, 4]


def test_the_dense_net_is_left_alone(work: Work) -> None:
    before = [w.clone() for w in weights(work.trial.model)]
    RUN(work, bits=2, quantizer="rtn")
    assert all(map(torch.equal, before, weights(work.trial.model)))


@pytest.mark.parametrize("settings", [{}, {"n": 2, "bits": 4}, {"calibration": "sequential"}])
def test_settings_that_do_nothing_or_half_of_it_are_refused(work: Work, settings: dict) -> None:
    with pytest.raises(ArgumentError):
        RUN(work, **settings)


@pytest.mark.parametrize("given", [{"pruner": "snip"}, {"quantizer": "exact_obs"}, {"calibration": "both"}])
def test_names_are_checked_before_anything_runs(given: dict) -> None:
    with pytest.raises(ArgumentError, match="must be one of"):
        PROCEDURES["compress_by_plan"].check(given)
