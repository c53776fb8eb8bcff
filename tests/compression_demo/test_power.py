"""The seeds that would settle an inconclusive run: held against the judge itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compression_demo.judge import judge
from compression_demo.power import find_need
from compression_demo.types import Arm, Direction, Expectation, Experiment, Row, RunResult

ARMS = (Arm("OBS", "exact_obs", (("sparsity", 0.9),)), Arm("magnitude", "magnitude", (("sparsity", 0.9),)))


def made(
    differences: list[float], direction: Direction = "greater", margin: float = 0.0
) -> tuple[Experiment, RunResult]:
    seeds = tuple(range(len(differences)))
    expectation = Expectation("OBS", "magnitude", "accuracy", direction, margin)
    experiment = Experiment("digits-cnn", ARMS, expectation, seeds)
    values = {"OBS": [80 + d for d in differences], "magnitude": [80.0] * len(seeds)}
    rows = [Row(arm, "", seed, "accuracy", values[arm][seed]) for arm in values for seed in seeds]
    return experiment, RunResult(experiment.digest, tuple(rows), {})


def repeated(mean: float, spread: float, seeds: int) -> list[float]:
    """Values with exactly this mean and standard deviation."""
    signs = [1.0 if k % 2 else -1.0 for k in range(seeds)]
    if seeds % 2:
        signs[-1] = 0.0
    scale = spread * ((seeds - 1) / sum(s * s for s in signs)) ** 0.5
    return [mean + scale * s for s in signs]


@given(
    mean=st.floats(-3, 3),
    spread=st.floats(0.2, 5),
    kind=st.sampled_from([("greater", 0.0), ("greater", 1.0), ("not_worse", 1.0), ("equivalent", 2.0)]),
)
def test_so_many_seeds_would_settle_it_and_one_fewer_would_not(mean, spread, kind):
    experiment, result = made(repeated(mean, spread, 4), *kind)
    need = find_need(experiment, result)
    assert need is not None and need.effect == pytest.approx(mean, abs=1e-9)
    assert need.spread == pytest.approx(spread)
    if judge(experiment, result).outcome != "inconclusive" or need.seeds is None:
        return
    assert judge(*made(repeated(mean, spread, need.seeds), *kind)).outcome == need.towards
    before = need.seeds - 1
    if before > 4:
        assert judge(*made(repeated(mean, spread, before), *kind)).outcome == "inconclusive"


def test_nothing_is_said_of_too_few_seeds_or_of_no_spread():
    assert find_need(*made([1.0, 2.0])) is None
    assert find_need(*made([1.0, 1.0, 1.0])) is None


def test_no_number_is_given_where_the_mean_lies_on_the_edge():
    need = find_need(*made([-1.0, 0.0, 1.0]))
    assert need is not None and need.seeds is None
