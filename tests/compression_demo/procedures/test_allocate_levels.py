"""Levels for each layer at the cost of one level for all: against trying every choice."""

from itertools import product
from pathlib import Path

import pytest
import torch
from torch import nn

from compression_demo.budgets.levels import build_levels
from compression_demo.errors import ArgumentError
from compression_demo.procedures import PROCEDURES, PartStore, Work
from compression_demo.procedures.allocate_levels import even_level, list_levels
from compression_demo.testbeds import Trial, get

FOUND = PROCEDURES["budgeted_layers"]


@pytest.fixture
def work(tmp_path: Path) -> Work:
    torch.manual_seed(0)
    net = nn.Sequential(nn.Linear(12, 16), nn.ReLU(), nn.Linear(16, 8), nn.ReLU(), nn.Linear(8, 4))
    inputs = torch.randn(200, 12) * torch.linspace(0.1, 2, 12)
    return Work(
        get("digits-cnn"), Trial(net.eval(), inputs, inputs, lambda net: {}), 0, lambda share, words: None, PartStore(tmp_path)
    )  # fmt: skip


def layers_of(net: nn.Module | None) -> list[torch.Tensor]:
    assert net is not None
    return [layer.weight.detach() for layer in net.modules() if isinstance(layer, nn.Linear)]


def test_one_sparsity_for_all_layers(work: Work) -> None:
    outcome = FOUND.run(work, levels="uniform", sparsity=0.75)
    assert [float((w == 0).double().mean()) for w in layers_of(outcome.model)] == [0.75] * 3
    assert outcome.metrics["cost"] == pytest.approx(25.0)


def test_the_allocation_costs_no_more_and_is_the_best_of_all_choices(work: Work) -> None:
    uniform = FOUND.run(work, levels="uniform", sparsity=0.75)
    own = FOUND.run(work, levels="allocated", sparsity=0.75, loss="relative")
    assert own.metrics["cost"] <= uniform.metrics["cost"] + 1e-9
    levels = list_levels({"sparsity": 0.75})
    database = build_levels(work.trial.model, work.trial.calibration, levels, probe=False, threads=1)
    rows = list(database.options.values())
    limit = sum(next(o for o in row if o.steps == even_level({"sparsity": 0.75})).account.flops for row in rows)
    best = min(
        sum(option.relative_loss for option in choice)
        for choice in product(*rows)
        if sum(option.account.flops for option in choice) <= limit
    )
    assert sum(line["error"] for line in own.layers) == pytest.approx(best)
    assert best < sum(line["error"] for line in uniform.layers)


def test_bits_are_spread_within_the_bytes_of_one_width(work: Work) -> None:
    uniform = FOUND.run(work, levels="uniform", bits=4)
    own = FOUND.run(work, levels="allocated", bits=4)
    assert own.metrics["cost"] <= uniform.metrics["cost"] < 100
    assert [line["bits"] for line in uniform.layers] == [4, 4, 4]
    assert all(2 <= line["bits"] <= 6 for line in own.layers)
    assert FOUND.run(work, levels="uniform", bits=4, cost="bops").metrics["cost"] == pytest.approx(12.5)


def test_levels_hold_the_even_one_and_the_dense_net() -> None:
    levels = list_levels({"sparsity": 0.9})
    assert () in levels and even_level({"sparsity": 0.9}) in levels and len(levels) == len(set(levels))
    assert list_levels({"bits": 3}) == [even_level({"bits": bits}) for bits in (1, 2, 3, 4, 5)]


@pytest.mark.parametrize("given", [{}, {"sparsity": 0.5, "bits": 4}, {"bits": 4, "cost": "seconds"}])
def test_settings_that_do_not_go_together_are_refused(given: dict) -> None:
    with pytest.raises(ArgumentError):
        FOUND.check({"levels": "uniform", **given})
