"""Budgets as plan files state them, and the walk from a request to a model."""

import tomllib
from itertools import pairwise
from typing import Any

import pytest
import torch
from torch import nn

from compression_demo.budgets.budget import SCENARIOS, BudgetRequest, compress_to_budget, list_sparsities
from compression_demo.errors import ExperimentError
from compression_demo.models.plan import make_step
from compression_demo.storage.accounting import account, account_compressed

STEP = {"method": "magnitude", "sparsity": 0.5}


def test_sparsities_keep_nine_tenths_each() -> None:
    found = list_sparsities(0.99)
    assert found[:3] == [0.0, 0.1, 0.19] and found[-1] == 0.99 and len(found) == 45
    ratios = [(1 - after) / (1 - before) for before, after in pairwise(found[:-1])]
    assert ratios == pytest.approx([0.9] * 43, abs=1e-4)


@pytest.mark.parametrize("name", SCENARIOS)
def test_scenarios_are_valid_requests(name: str) -> None:
    request = BudgetRequest.from_json({"budget": {"target": 0.5, "levels": name}, "skip": ["head"]})
    assert request.budget.metric == SCENARIOS[name].metric and request.skip == ("head",)
    assert len(set(request.levels)) == len(request.levels) > 1


def test_levels_one_by_one_from_toml() -> None:
    text = """
    correction = "batchnorm"
    [budget]
    metric = "bops"
    target = 1e6
    loss = "relative"
    activation_bits = 8
    levels = [[], [{method = "exact_obs", sparsity = [0.5, 0.7]}, {method = "obq", bits = [4, 8]}]]
    """
    request = BudgetRequest.from_json(tomllib.loads(text))
    assert request.correction == "batchnorm" and request.activation_bits == 8
    assert (request.budget.metric, request.budget.target, request.budget.loss) == ("bops", 1e6, "relative")
    assert request.levels == (
        (),
        *((make_step("exact_obs", sparsity=s), make_step("obq", bits=b)) for s in (0.5, 0.7) for b in (4, 8)),
    )


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"budget": 3}, "budget must be an object"),
        ({"budget": {"target": 0.5}}, "levels"),
        ({"budget": {"target": 0.5, "levels": "fast"}}, "budget.levels must be one of unstructured"),
        ({"budget": {"target": 0.5, "levels": [[STEP]]}}, "budget.metric is needed"),
        ({"budget": {"target": 0.5, "levels": [STEP], "metric": "flops"}}, "list of lists"),
        ({"budget": {"target": 0.5, "levels": [["x"]], "metric": "flops"}}, r"levels\[0\]"),
        ({"budget": {"target": 0.5, "levels": [[], [STEP | {"sparsity": 2}]], "metric": "flops"}}, r"levels\[1\].*sparsity"),
        ({"budget": {"target": 0.5, "levels": [[STEP, STEP]], "metric": "flops"}}, r"levels\[0\].steps"),
        ({"budget": {"target": 0.5, "levels": "mixed", "speed": 2}}, "'speed'"),
        ({"budget": {"target": 0.5, "levels": "mixed", "buckets": 9}}, "'buckets'"),
        ({"budget": {"target": 0.5, "levels": "mixed", "loss": "absolute"}}, "budget.loss must be one of output, relative"),
        ({"budget": {"target": 0.5, "levels": "mixed"}, "rules": [{"layers": "*"}]}, "finds the rules"),
        ({"budget": {"target": 0.5, "levels": "mixed"}, "calibration": "sequential"}, "finds the rules"),
        ({"budget": {"target": 0.5, "levels": "mixed"}, "colour": 1}, "'colour'"),
    ],
)  # fmt: skip
def test_impossible_requests(data: dict[str, Any], words: str) -> None:
    with pytest.raises(ExperimentError, match=words):
        BudgetRequest.from_json(data)


def test_a_model_within_its_budget_loses_less_than_a_uniform_one_of_that_cost() -> None:
    """The first layer's output, and so the second one's input, has rank 4: there, weights can be spared."""
    torch.manual_seed(0)
    first, second, inputs = nn.Linear(32, 32), nn.Linear(32, 32), torch.randn(200, 32)
    first.weight.data = torch.randn(32, 4) @ torch.randn(4, 32)
    net = nn.Sequential(first, second).eval()
    request = BudgetRequest.from_json({"budget": {"target": 0.4, "levels": "unstructured"}})
    found = compress_to_budget(net, inputs, request, threads=1)
    dense, planned = account(net, inputs[:1]), account_compressed(found, inputs[:1])
    assert planned.flops <= 0.4 * dense.flops
    rule = [[{"method": "exact_obs", "sparsity": 0.6}]]
    uniform = compress_to_budget(
        net, inputs, BudgetRequest.from_json({"budget": {"target": 1.0, "levels": rule, "metric": "flops"}}), threads=1
    )
    assert sum(layer.error for layer in found.layers) < 0.5 * sum(layer.error for layer in uniform.layers)


def test_notes_are_kept_beside_those_of_the_allocation() -> None:
    request = BudgetRequest.from_json(
        {"notes": {"asked_by": "R2"}, "budget": {"target": 0.6, "metric": "flops", "levels": [[STEP]]}}
    )
    found = compress_to_budget(nn.Linear(8, 4).eval(), torch.randn(40, 8), request, threads=1)
    assert found.plan.notes["asked_by"] == "R2" and found.plan.notes["budget"]["target"] == 0.6


def test_an_output_that_cannot_be_compared_is_refused_before_the_work() -> None:
    class Nested(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.fc = nn.Linear(8, 4)

        def forward(self, x: torch.Tensor) -> list[list[torch.Tensor]]:
            return [[self.fc(x)]]

    told: list[str] = []
    table = {"target": 0.6, "metric": "flops", "levels": [[STEP]]}
    inputs, request = torch.randn(40, 8), BudgetRequest.from_json({"budget": table})
    with pytest.raises(ExperimentError, match=r'budget.loss cannot be "output".*set loss = "relative"'):
        compress_to_budget(Nested(), inputs, request, threads=1, tick=lambda done, words: told.append(words))
    assert told == []
    relative = BudgetRequest.from_json({"budget": table | {"loss": "relative"}})
    assert compress_to_budget(Nested(), inputs, relative, threads=1).results
