"""Claims that are false are not supported: planted in a real small run, and simulated without any effect."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from agent.contrasts.sentences import reverse
from compression_demo.judge import judge
from compression_demo.runs import RunStore
from compression_demo.types import Arm, Expectation, Experiment, Row, RunResult
from tests.compression_demo.waiting import wait_for_end


def pruned(name: str, method: str, sparsity: float) -> Arm:
    return Arm(name, method, (("sparsity", sparsity),))


ARMS = (
    pruned("exact 90", "exact_obs", 0.9), pruned("plain 90", "magnitude", 0.9), pruned("exact 50", "exact_obs", 0.5),
    pruned("plain 50", "magnitude", 0.5), pruned("refit 90", "magnitude_refit", 0.9),
)  # fmt: skip
BETTER = Expectation("exact 90", "plain 90")
MORE = Expectation("exact 90", "plain 90", minus=("exact 50", "plain 50"))
ORDER = Expectation("exact 90", "plain 90", direction="ordered", order=("exact 90", "refit 90", "plain 90"))
TRUE = (BETTER, MORE, replace(BETTER, metric="layer_error"))


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Experiment, RunResult]:
    home: Path = tmp_path_factory.mktemp("home")
    store, experiment = RunStore(home), Experiment("digits-cnn", ARMS, BETTER, (0, 1, 2), 64, (MORE, ORDER))
    digest = store.submit(experiment)
    assert wait_for_end(store, digest)[-1]["state"] == "finished"
    outcome = store.outcome(digest)
    assert outcome is not None
    return experiment, outcome[1]


def outcome_of(run: tuple[Experiment, RunResult], expectation: Expectation, names: dict[str, str] | None = None) -> str:
    """The outcome of a claim about the run, some arms under other names than their own."""
    experiment, result = run
    names = names or {}
    rows = tuple(replace(row, arm=names.get(row.arm, row.arm)) for row in result.rows)
    return judge(replace(experiment, expectation=expectation), replace(result, rows=rows)).outcome


@pytest.mark.parametrize("claim", TRUE)
def test_what_is_true_is_supported_and_its_reverse_contradicted(run, claim) -> None:
    assert outcome_of(run, claim) == "supported"
    assert outcome_of(run, reverse(claim)) == "contradicted"


@pytest.mark.parametrize("claim", (*TRUE, ORDER))
def test_with_arms_swapped_nothing_is_supported(run, claim) -> None:
    swapped = {"exact 90": "plain 90", "plain 90": "exact 90"}
    assert outcome_of(run, claim, swapped) in ("contradicted", "inconclusive")


def test_a_reversed_order_is_not_supported(run) -> None:
    assert outcome_of(run, reverse(ORDER)) in ("contradicted", "inconclusive")


def test_a_size_that_is_too_large_or_a_sameness_that_is_not_there(run) -> None:
    assert outcome_of(run, replace(BETTER, margin=95.0)) != "supported"
    assert outcome_of(run, Expectation("exact 50", "plain 50", margin=50.0)) == "contradicted"
    assert outcome_of(run, replace(BETTER, direction="equivalent")) == "contradicted"
    assert outcome_of(run, replace(reverse(BETTER), direction="not_worse")) == "contradicted"


@pytest.mark.parametrize("claim", (BETTER, MORE, replace(BETTER, metric="layer_error")))
def test_an_effect_of_zero_is_inconclusive(run, claim) -> None:
    """The same net under both names: a difference of exactly zero on every seed, or, of two gains, the same gain."""
    experiment, result = run
    copied = {"plain 90": "exact 90", "plain 50": "exact 50"}
    values = {(row.arm, row.seed, row.metric): row.value for row in result.rows}
    rows = tuple(replace(row, value=values[copied.get(row.arm, row.arm), row.seed, row.metric]) for row in result.rows)
    verdict = judge(replace(experiment, expectation=claim), replace(result, rows=rows))
    assert verdict.outcome == "inconclusive" and verdict.effect == 0


# The whole rule on claims without any effect: judged at each look, stopped at the first that is not inconclusive.

NULLS = 500
LOOKS_AT = (3, 5, 10)
TESTED = 600
"""Test images: accuracies are shares of so many."""


def accuracies(random: np.random.Generator, means: dict[str, float]) -> dict[str, list[float]]:
    """Ten seeds of accuracies in percent: each net has its own level, each arm its own draw and its own shift."""
    level = random.normal(0, 1.5, 10)
    return {
        arm: list(random.binomial(TESTED, np.clip((mean + level + random.normal(0, 1, 10)) / 100, 0, 1)) / TESTED * 100)
        for arm, mean in means.items()
    }


def looks(expectation: Expectation, values: dict[str, list[float]]) -> Iterator[str]:
    """The outcome after each look at as many seeds as the rule names."""
    for seeds in LOOKS_AT:
        experiment = Experiment("digits-cnn", ARMS, expectation, tuple(range(seeds)))
        rows = tuple(Row(arm, "", s, "accuracy", values[arm][s]) for arm in values for s in range(seeds))
        yield judge(experiment, RunResult(experiment.digest, rows, {})).outcome


FLAT = dict.fromkeys((arm.name for arm in ARMS), 90.0)


@pytest.mark.parametrize(
    ("expectation", "means"),
    [
        (BETTER, FLAT),
        (MORE, FLAT),
        (MORE, FLAT | {"exact 90": 95.0, "exact 50": 95.0}),  # both gains are large, and equal
        (ORDER, FLAT),
        (ORDER, FLAT | {"exact 90": 97.0}),  # the first step is real, the second is not
        (replace(ORDER, margin=2.0), FLAT | {"exact 90": 94.0, "refit 90": 92.0}),  # each step just as large as denied
        (replace(BETTER, margin=3.0), FLAT | {"exact 90": 93.0}),
        (replace(BETTER, direction="not_worse", margin=1.0), FLAT | {"exact 90": 89.0}),
        (replace(BETTER, direction="equivalent", margin=2.0), FLAT | {"exact 90": 92.0}),
        (replace(MORE, direction="equivalent", margin=2.0), FLAT | {"exact 90": 92.0}),
    ],
    ids=["greater", "gains", "equal gains", "order", "half an order", "order by 2", "by 3", "not worse", "equivalent", "equal gains as such"],
)  # fmt: skip
def test_the_whole_rule_supports_at_most_5_percent_of_nulls(expectation: Expectation, means: dict[str, float]) -> None:
    random = np.random.default_rng(606)
    supported = 0
    for _ in range(NULLS):
        first = next((o for o in looks(expectation, accuracies(random, means)) if o != "inconclusive"), "inconclusive")
        supported += first == "supported"
    assert supported / NULLS <= 0.05, f"{supported} of {NULLS} nulls were called supported"
