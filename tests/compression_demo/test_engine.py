"""The workbench of one seed, on nets that no testbed has."""

import pytest
import torch
from torch import nn
from torch.nn.utils import prune

from compression_demo.engine import Workbench
from compression_demo.errors import UnsupportedLayer
from compression_demo.testbeds import Trial
from compression_demo.types import Arm


class Routed(nn.Module):
    """One layer that all inputs reach, one for those with a positive first value only, and one for none."""

    def __init__(self) -> None:
        super().__init__()
        self.used, self.rare, self.idle = (nn.Linear(4, 4) for _ in range(3))

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        hidden = self.used(inputs)
        return self.rare(hidden) if inputs[0, 0] > 0 else hidden


def trial() -> Trial:
    torch.manual_seed(0)
    inputs = torch.rand(16, 4)
    return Trial(Routed(), inputs, -inputs, lambda net: {"accuracy": float(net(inputs).detach().sum())})


def test_layers_that_no_input_reaches_stay_dense() -> None:
    bench = Workbench(trial())
    assert list(bench.layers) == ["used"], "the held-out inputs do not reach the second"
    (weights,), _ = bench.compress([Arm("half", "exact_obs", (("sparsity", 0.5),))])
    cell = bench.evaluate(weights)
    assert [row["layer"] for row in cell["layers"]] == ["used"] and cell["layers"][0]["zero_share"] == 0.5
    assert cell["metrics"]["layer_error"] == cell["layers"][0]["error"] > 0


def test_nets_that_cannot_be_copied_say_what_to_call() -> None:
    wrapped = trial()
    bench = Workbench(wrapped)
    prune.l1_unstructured(wrapped.model.get_submodule("used"), "weight", amount=0.5)
    with pytest.raises(
        UnsupportedLayer, match=r"layer 'used' cannot be copied: .*prune\.remove\(layer, 'weight'\) first"
    ):
        bench.evaluate({})
