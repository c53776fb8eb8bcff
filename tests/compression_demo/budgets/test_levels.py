"""The database of levels: each level is what compressing at it alone gives, its losses are those of the outputs."""

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest
import torch
from torch import nn

from compression_demo.budgets import sweeps
from compression_demo.budgets.levels import build_levels
from compression_demo.budgets.sensitivity import OutputMeter
from compression_demo.budgets.sweeps import Level
from compression_demo.errors import Cancelled, ExperimentError
from compression_demo.models.compress import compress
from compression_demo.models.layers import find_layers, read_weight
from compression_demo.models.plan import Plan, make_rule, make_step

OBQ = make_step("obq", bits=4)
LEVELS: tuple[Level, ...] = (
    (),
    (make_step("magnitude", sparsity=0.5),),
    (make_step("exact_obs", sparsity=0.5),),
    (make_step("exact_obs", sparsity=0.8),),
    (make_step("exact_obs", sparsity=0.5), OBQ),
    (make_step("exact_obs_nm", n=2, m=4),),
    (make_step("exact_obs_nm", n=2, m=4), OBQ),
    (OBQ,),
)


class Net(nn.Module):
    """A convolution of 3 channels, which 4 does not divide, one in groups, a linear layer, and one without input."""

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Conv2d(3, 8, 3, padding=1)
        self.grouped = nn.Conv2d(8, 8, 3, stride=2, groups=2)
        self.last = nn.Linear(8 * 2 * 2, 5)
        self.unused = nn.Linear(4, 4)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.last(self.grouped(self.first(x).relu()).relu().flatten(1))


@pytest.fixture(scope="module")
def net() -> Net:
    torch.manual_seed(0)
    return Net().eval()


@pytest.fixture(scope="module")
def inputs() -> torch.Tensor:
    return torch.randn(40, 3, 6, 6, generator=torch.Generator().manual_seed(1))


@pytest.mark.parametrize("on_disk", [False, True])
def test_a_level_is_what_compressing_at_it_gives(net: Net, inputs: torch.Tensor, on_disk: bool, tmp_path: Path) -> None:
    database = build_levels(net, inputs, LEVELS, folder=tmp_path if on_disk else None, threads=1)
    assert len(list(tmp_path.iterdir())) == (3 if on_disk else 0)
    for level in filter(None, LEVELS):
        alone = compress(net, inputs, Plan((make_rule("*", *level),)), threads=1)
        errors = {layer.name: layer.error for layer in alone.layers}
        for name in ("first", "grouped", "last"):
            if name not in alone.results:
                assert level not in [option.steps for option in database.options[name]]
                continue
            option, result = database.find(name, level)
            assert torch.equal(result.weight, alone.results[name].weight)
            assert torch.equal(result.mask, alone.results[name].mask)
            assert option.account.kept == int(result.mask.sum())
            torch.testing.assert_close(option.relative_loss, errors[name])
    assert [option.steps for option in database.options["last"]] == list(LEVELS)
    assert len(database.options["first"]) == len(LEVELS) - 2
    assert database.skipped == {"unused": "no calibration input reached it"}


def test_losses_are_those_of_the_outputs(net: Net, inputs: torch.Tensor) -> None:
    database = build_levels(net, inputs, LEVELS[:4], threads=1)
    option, result = database.find("first", LEVELS[3])
    layer = find_layers(net)["first"]
    with torch.no_grad():
        dense = torch.conv2d(inputs.double(), layer.weight.double(), padding=1)
        pruned = torch.conv2d(inputs.double(), result.weight.double().view_as(layer.weight), padding=1)
    error = (pruned - dense).square().sum().item()
    assert option.relative_loss == pytest.approx(error / dense.square().sum().item(), rel=1e-6)
    dense_option = database.options["first"][0]
    assert dense_option.relative_loss == 0
    assert dense_option.account == next(found for found in database.dense.layers if found.name == "first")


def test_sensitivity_is_what_reaches_the_output(net: Net, inputs: torch.Tensor) -> None:
    """Of each layer alone, at the level whose loss is nearest to 1 %, on the first 16 inputs; the net stays as it is."""
    before = {name: tensor.clone() for name, tensor in net.state_dict().items()}
    database = build_levels(net, inputs, LEVELS[:4], threads=1)
    assert all(torch.equal(tensor, before[name]) for name, tensor in net.state_dict().items())
    with torch.no_grad():
        dense = net(inputs[:16])
        for name in ("first", "grouped", "last"):
            probed = min(database.options[name][1:], key=lambda option: abs(math.log(option.relative_loss / 0.01)))
            alone = compress(net, inputs, Plan((make_rule(name, *probed.steps),)), threads=1).model
            change = (alone(inputs[:16]) - dense).square().sum() / dense.square().sum()
            assert database.sensitivity[name] * probed.relative_loss == pytest.approx(change.item(), rel=1e-4)
    assert build_levels(net, inputs, LEVELS[:2], probe=False, threads=1).sensitivity == {}


def test_outputs_of_all_kinds_are_compared(inputs: torch.Tensor) -> None:
    """Mappings and tuples by their first floating-point tensor; tokens that a mask leaves out do not count."""

    class Tokens(nn.Module):
        def __init__(self, wrap: Callable[[torch.Tensor], object]) -> None:
            super().__init__()
            self.embed, self.fc, self.wrap = nn.Embedding(9, 4), nn.Linear(4, 4), wrap

        def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> object:
            return self.wrap(self.fc(self.embed(input_ids)))

    calls = {"input_ids": torch.arange(8).view(2, 4), "attention_mask": torch.tensor([[1, 1, 1, 1], [1, 0, 0, 0]])}
    wraps: list[Callable[[torch.Tensor], object]] = [
        lambda y: y, lambda y: (torch.zeros(1, dtype=torch.int64), y), lambda y: {"ids": None, "logits": y}
    ]  # fmt: skip
    changes = []
    for wrap in wraps:
        torch.manual_seed(0)
        model = Tokens(wrap)
        dense = model.fc(model.embed(calls["input_ids"]))[calls["attention_mask"].bool()]
        change = OutputMeter(model, calls).measure("fc", torch.zeros(4, 4))
        bare = (dense - model.fc.bias).square().sum() / dense.square().sum()
        assert change == pytest.approx(bare.item(), rel=1e-5)
        changes.append(change)
    assert changes[0] == changes[1] == changes[2] > 0
    with pytest.raises(ExperimentError, match="no floating-point tensor"):
        OutputMeter(Tokens(lambda y: y.argmax(-1)), calls)


def test_one_pass_serves_a_sweep(net: Net, inputs: torch.Tensor, monkeypatch: pytest.MonkeyPatch) -> None:
    passes = []
    run = sweeps.run_method

    def count(*given: Any, **more: Any) -> Any:
        passes.append(given[3])
        return run(*given, **more)

    monkeypatch.setattr(sweeps, "run_method", count)
    layer = find_layers(net)["last"]
    found = dict(sweeps.run_levels(layer, read_weight(layer), torch.eye(32), LEVELS))
    assert sorted(found) == [1, 2, 3, 4, 5, 6, 7]
    # Three sparsities and 2:4, each pruned once and then also quantized where asked for; and the dense weight quantized.
    assert sorted(passes) == ["exact_obs", "exact_obs_nm", "magnitude", "obq", "obq", "obq"]


def test_what_stays_dense_has_a_reason(inputs: torch.Tensor) -> None:
    net = Net()
    net.twin = nn.Linear(4, 4)
    net.twin.weight = net.unused.weight
    only_pattern = LEVELS[5:6]
    found = build_levels(net, inputs, only_pattern, skip=("la*",), threads=1)
    assert set(found.options) == {"grouped"}
    assert found.skipped["last"] == "the plan leaves it out"
    assert "3 input channels" in found.skipped["first"]
    assert "shared" in found.skipped["unused"] and "shared" in found.skipped["twin"]
    with pytest.raises(ExperimentError, match="grouped"):
        found.find("grouped", LEVELS[1])
    with pytest.raises(ExperimentError, match="levels"):
        build_levels(net, inputs, [()])


def test_progress_and_cancel(net: Net, inputs: torch.Tensor) -> None:
    told: list[float] = []
    build_levels(net, inputs, LEVELS[:3], threads=1, tick=lambda done, words: told.append(done))
    assert told == sorted(told) and told[0] == 0 and told[-1] == 1
    for stop in (0, 3, len(told)):
        asked = iter(range(10**6))
        with pytest.raises(Cancelled):
            build_levels(
                net, inputs, LEVELS[:3], threads=1, cancelled=lambda asked=asked, stop=stop: next(asked) >= stop
            )
    assert not any(module._forward_hooks or module._forward_pre_hooks for module in net.modules())
    assert not net.training


def test_half_precision_weights_count_in_their_own_type(inputs: torch.Tensor) -> None:
    net = nn.Sequential(nn.Flatten(), nn.Linear(108, 4).to(torch.bfloat16))
    found = build_levels(cast(nn.Module, net), inputs.to(torch.bfloat16), [(), LEVELS[2]], threads=1)
    dense, pruned = (option.account for option in found.options["1"])
    assert (dense.bits, pruned.bits) == (16, 16)
    assert pruned.sparse_bytes == 108 * 4 // 8 + 108 * 4 // 2 * 2
