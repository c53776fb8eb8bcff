"""Allocation against brute force, and the model put together from it against its own account."""

import math
from itertools import product

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from compression_demo.budgets.allocation import (
    LOSSES,
    METRICS,
    Budget,
    Loss,
    Metric,
    allocate,
    choose_levels,
    measure,
    stitch,
)
from compression_demo.budgets.levels import LevelDatabase, build_levels
from compression_demo.budgets.sweeps import Level
from compression_demo.errors import ExperimentError
from compression_demo.models.compress import compress
from compression_demo.models.plan import Plan, make_rule, make_step
from compression_demo.storage.accounting import account_compressed

LEVELS: tuple[Level, ...] = (
    (),
    *((make_step("exact_obs", sparsity=sparsity),) for sparsity in (0.3, 0.5, 0.7, 0.9)),
    (make_step("obq", bits=4),),
    (make_step("exact_obs", sparsity=0.5), make_step("obq", bits=8)),
)


def search(losses: list[list[float]], costs: list[list[int]], target: float) -> float:
    """The least sum of losses within the target, by trying all choices; infinity if none is within it."""
    sums = (
        (sum(row[i] for row, i in zip(costs, choice, strict=True)), sum(row[i] for row, i in zip(losses, choice, strict=True)))
        for choice in product(*(range(len(row)) for row in costs))
    )  # fmt: skip
    return min((loss for cost, loss in sums if cost <= target), default=math.inf)


@st.composite
def instances(draw: st.DrawFn) -> tuple[list[list[float]], list[list[int]], int]:
    sizes = draw(st.lists(st.integers(1, 4), min_size=1, max_size=5))
    losses = [draw(st.lists(st.floats(0, 100), min_size=n, max_size=n)) for n in sizes]
    costs = [draw(st.lists(st.integers(0, 10**4), min_size=n, max_size=n)) for n in sizes]
    return losses, costs, draw(st.integers(0, 4 * 10**4))


@settings(deadline=None, max_examples=150)
@given(instances(), st.sampled_from([7, 100, 10_000]))
def test_as_good_as_brute_force_up_to_the_buckets_and_never_above_the_target(
    instance: tuple[list[list[float]], list[list[int]], int], buckets: int
) -> None:
    losses, costs, target = instance
    best = search(losses, costs, target)
    if best == math.inf:
        with pytest.raises(ExperimentError, match=str(sum(min(row) for row in costs))):
            choose_levels(losses, costs, target, buckets=buckets)
        return
    chosen = choose_levels(losses, costs, target, buckets=buckets)
    room = target - sum(min(row) for row in costs)
    found = sum(row[index] for row, index in zip(losses, chosen, strict=True))
    assert sum(row[index] for row, index in zip(costs, chosen, strict=True)) <= target
    assert found >= best * (1 - 1e-12)
    # With a bucket for each unit of cost nothing is rounded; else a bucket a layer can be lost.
    lost = 0 if buckets >= room else len(costs) * room / buckets
    assert found <= search(losses, costs, target - lost) * (1 + 1e-12) + 1e-12


def test_never_worse_than_the_same_option_for_all_layers() -> None:
    """Level 1 everywhere costs the target exactly: rounded up to buckets, the small layer's step no longer fits."""
    costs = [[288, 216, 144, 115, 72, 29], [3612672, 2709504, 1806336, 1445069, 903168, 361267]]
    sparsities = (0, 0.25, 0.5, 0.6, 0.75, 0.9)
    losses = [[scale * sparsity**3 for sparsity in sparsities] for scale in (1.7e-4, 1.1e-3)]
    assert choose_levels(losses, costs, 2_709_720) == [1, 1]
    # A layer that lacks the option leaves no such choice.
    assert choose_levels([losses[0][:1], losses[1]], [costs[0][:1], costs[1]], 2_709_720) == [0, 2]


def test_many_layers() -> None:
    """Where losses are convex in the cost, the optimum takes the best gains in their order: greedy can be checked."""
    draw = torch.Generator().manual_seed(0)
    gains = torch.rand(60, 5, generator=draw, dtype=torch.float64).sort(1, descending=True).values
    losses = (gains.sum(1, keepdim=True) - gains.cumsum(1)).tolist()
    costs = [[1, 2, 3, 4, 5]] * 60
    for target in (60, 61, 150, 300):
        chosen = choose_levels(losses, costs, target)
        best = gains[:, 1:].flatten().sort(descending=True).values[: target - 60].sum()
        assert sum(row[i] for row, i in zip(losses, chosen, strict=True)) == pytest.approx(gains[:, 1:].sum() - best)


@pytest.fixture(scope="module")
def net() -> nn.Sequential:
    torch.manual_seed(0)
    named = nn.Sequential(nn.Conv2d(3, 8, 3, padding=1), nn.BatchNorm2d(8), nn.ReLU(), nn.Flatten(), nn.Linear(200, 6))
    net = nn.Sequential()
    for name, child in zip(("conv[0]", "norm", "act", "flat", "conv*"), named, strict=True):
        net.add_module(name, child)
    return net.eval()


@pytest.fixture(scope="module")
def inputs() -> torch.Tensor:
    return torch.randn(64, 3, 5, 5, generator=torch.Generator().manual_seed(1)) + 0.5


@pytest.fixture(scope="module")
def database(net: nn.Sequential, inputs: torch.Tensor) -> LevelDatabase:
    return build_levels(net, inputs, LEVELS, threads=1)


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("loss", LOSSES)
def test_the_plan_costs_what_it_says(
    net: nn.Sequential, inputs: torch.Tensor, database: LevelDatabase, metric: Metric, loss: Loss
) -> None:
    predicted = []
    for target in (0.3, 0.5, 0.8, 1.0):
        plan = allocate(database, Budget(metric, target, loss))
        assert Plan.from_json(plan.to_json()) == plan
        stitched = stitch(net, database, plan, inputs)
        cost = measure(account_compressed(stitched, inputs[:1]), metric)
        assert cost == plan.notes["planned_cost"] <= plan.notes["target_cost"]
        assert plan.notes["target_cost"] == target * measure(database.dense, metric)
        chosen = {layer.name: layer.steps for layer in stitched.layers}
        losses = [
            option.relative_loss * (database.sensitivity[name] if loss == "output" else 1)
            for name, row in database.options.items() for option in row if option.steps == chosen[name]
        ]  # fmt: skip
        assert plan.notes["predicted_loss"] == pytest.approx(sum(losses))
        predicted.append(plan.notes["predicted_loss"])
    assert predicted == sorted(predicted, reverse=True) and predicted[-1] == 0
    absolute = allocate(database, Budget(metric, 0.5 * measure(database.dense, metric), loss))
    assert absolute.rules == allocate(database, Budget(metric, 0.5, loss)).rules


def test_a_stitched_model_is_the_compressed_one(
    net: nn.Sequential, inputs: torch.Tensor, database: LevelDatabase
) -> None:
    """Also where names hold characters of patterns: "conv*" must not take the rule of "conv[0]" for its own."""
    plan = allocate(database, Budget("flops", 0.6), correction="batchnorm")
    stitched, compressed = stitch(net, database, plan, inputs), compress(net, inputs, plan, threads=1)
    assert len({layer.steps for layer in stitched.layers}) == 2
    assert [layer.steps for layer in stitched.layers] == [rule.steps for rule in plan.rules]
    for (name, ours), theirs in zip(
        stitched.model.state_dict().items(), compressed.model.state_dict().values(), strict=True
    ):
        torch.testing.assert_close(ours, theirs, msg=name)
    for ours, theirs in zip(stitched.layers, compressed.layers, strict=True):
        assert (ours.bits, ours.zero_share, ours.skipped) == (theirs.bits, theirs.zero_share, theirs.skipped)
        assert ours.error == pytest.approx(theirs.error)
    before, after = net.state_dict(), stitched.model.state_dict()
    assert not torch.equal(before["norm.running_mean"], after["norm.running_mean"])


def test_correction_of_means(net: nn.Sequential, inputs: torch.Tensor, database: LevelDatabase) -> None:
    plan = allocate(database, Budget("flops", 0.2), correction="mean_variance")
    stitched = stitch(net, database, plan, inputs)
    with torch.no_grad():
        torch.testing.assert_close(stitched.model(inputs).mean(0), net(inputs).mean(0), atol=1e-4, rtol=1e-4)


def test_an_unreachable_target_names_the_least(database: LevelDatabase) -> None:
    with pytest.raises(ExperimentError, match=r"budget.target of .* cannot be reached.* 0\.1015 of the dense"):
        allocate(database, Budget("flops", 0.05))
    with pytest.raises(ExperimentError, match="does not hold"):
        stitch(nn.Sequential(nn.Linear(2, 2)), database, Plan((make_rule("*", *LEVELS[1]),)), torch.ones(1, 2))


def test_the_loss_of_the_output_needs_sensitivities(net: nn.Sequential, inputs: torch.Tensor) -> None:
    unprobed = build_levels(net, inputs, LEVELS[:2], probe=False, threads=1)
    assert allocate(unprobed, Budget("flops", 0.9, "relative")).rules
    with pytest.raises(ExperimentError, match=r"budget.loss.*probe=True"):
        allocate(unprobed, Budget("flops", 0.9))


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"metric": "time"}, "metric"), ({"target": 0}, "target"), ({"target": math.nan}, "target"),
        ({"target": True}, "target"), ({"target": "half"}, "target"), ({"loss": "none"}, "loss"),
    ],
)  # fmt: skip
def test_impossible_budgets(fields: dict, name: str) -> None:
    with pytest.raises(ExperimentError, match=f"budget.{name}"):
        Budget(**({"metric": "flops", "target": 0.5} | fields))
