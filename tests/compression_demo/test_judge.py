"""Every outcome of the judge, and its error rates on simulated nulls."""

import json
import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from compression_demo.judge import LOOKS, OTHER_LOOK, decide, judge, judge_around, judge_failure, paired_interval
from compression_demo.testbeds import Metric, get
from compression_demo.types import Arm, Direction, Expectation, Experiment, Row, RunResult, Verdict

ARMS = (Arm("ours", "exact_obs", (("sparsity", 0.9),)), Arm("theirs", "magnitude", (("sparsity", 0.9),)))


def experiment_of(count: int, direction: Direction = "greater", metric: str = "accuracy", margin: float = 0.0):
    expectation = Expectation("ours", "theirs", metric, direction, margin)
    return Experiment("digits-cnn", ARMS, expectation, tuple(range(count)), 256)


def result_of(experiment: Experiment, differences: list[float], base: float = 50.0) -> RunResult:
    metric, rows = experiment.expectation.metric, []
    for seed, difference in zip(experiment.seeds, differences, strict=True):
        rows += [Row("ours", "", seed, metric, base + seed + difference), Row("theirs", "", seed, metric, base + seed)]
    dense = {"accuracy": {str(seed): 98.0 for seed in experiment.seeds}}
    return RunResult(experiment.digest, tuple(rows), {"dense": dense})


def verdict_on(differences: list[float], *arguments, **options) -> Verdict:
    experiment = experiment_of(len(differences), *arguments, **options)
    return judge(experiment, result_of(experiment, differences))


@pytest.mark.parametrize(
    ("direction", "margin", "differences", "outcome"),
    [
        ("greater", 0.0, [10, 11, 12, 11, 10], "supported"),
        ("greater", 0.0, [-10, -11, -12, -11, -10], "contradicted"),
        ("greater", 0.0, [10, -11, 12, 0, 3], "inconclusive"),
        ("greater", 20.0, [10, 11, 12, 11, 10], "contradicted"),
        ("greater", 10.5, [10, 11, 12, 11, 10], "inconclusive"),
        ("equivalent", 0.0, [0.1, -0.1, 0.0, 0.1, -0.1], "supported"),
        ("equivalent", 0.0, [3.0, 3.1, 2.9, 3.0, 3.1], "contradicted"),
        ("equivalent", 0.0, [-3.0, -3.1, -2.9, -3.0, -3.1], "contradicted"),
        ("equivalent", 0.0, [1.0, 0.9, 1.1, 1.0, 0.9], "inconclusive"),
        ("equivalent", 4.0, [3.0, 3.1, 2.9, 3.0, 3.1], "supported"),
        ("not_worse", 0.0, [-0.5, -0.4, -0.6, -0.5, -0.5], "supported"),
        ("not_worse", 0.0, [9.0, 9.1, 8.8, 9.0, 9.0], "supported"),
        ("not_worse", 0.0, [-3.0, -3.1, -2.9, -3.0, -3.1], "contradicted"),
        ("not_worse", 0.0, [-1.0, -0.9, -1.1, -1.0, -0.9], "inconclusive"),
        ("not_worse", 5.0, [-3.0, -3.1, -2.9, -3.0, -3.1], "supported"),
    ],
)  # fmt: skip
def test_outcomes(direction: Direction, margin: float, differences: list[float], outcome: str) -> None:
    verdict = verdict_on(differences, direction, margin=margin)
    assert verdict.outcome == outcome
    assert verdict.effect == pytest.approx(np.mean(differences))
    assert verdict.interval is not None
    assert verdict.interval[0] < np.mean(differences) < verdict.interval[1]


def test_lower_is_better_turns_the_sign() -> None:
    verdict = verdict_on([-0.3, -0.31, -0.29], metric="layer_error")
    assert verdict.outcome == "supported" and verdict.effect == pytest.approx(0.3)
    assert verdict_on([0.3, 0.31, 0.29], metric="layer_error").outcome == "contradicted"


@pytest.mark.parametrize(
    ("direction", "differences", "outcome"),
    [
        ("not_worse", [0.02, 0.021, 0.019], "supported"),
        ("not_worse", [0.3, 0.31, 0.29], "contradicted"),
        ("equivalent", [-0.02, -0.021, -0.019], "supported"),
        ("equivalent", [-0.3, -0.31, -0.29], "contradicted"),
    ],
)
def test_a_layer_error_is_held_to_a_share_of_the_baselines(direction, differences, outcome) -> None:
    """All of these lie within one unit of the metric, a margin that could not be missed."""
    experiment = experiment_of(3, direction, "layer_error")
    verdict = judge(experiment, result_of(experiment, differences, base=0.0))  # a baseline of 0, 1 and 2: mean 1
    assert verdict.outcome == outcome
    assert "0.1 (10 % of the baseline's mean)" in verdict.reason


def test_a_stated_margin_of_layer_error_is_taken_as_it_stands() -> None:
    experiment = experiment_of(3, "not_worse", "layer_error", 0.5)
    verdict = judge(experiment, result_of(experiment, [0.3, 0.31, 0.29], base=0.0))
    assert verdict.outcome == "supported" and verdict.reason.endswith("lies wholly above -0.5.")


def test_the_interval_is_the_paired_t_interval() -> None:
    # By hand: mean 2, standard deviation 1, n = 3; t of 2 degrees of freedom at 99.5 % is 9.924843.
    low, high = paired_interval([1.0, 2.0, 3.0], 0.99)
    assert (low, high) == (pytest.approx(2 - 9.924843 / math.sqrt(3)), pytest.approx(2 + 9.924843 / math.sqrt(3)))


@pytest.mark.parametrize(("count", "confidence"), [(3, 0.99), (5, 0.98), (10, 0.98), (4, 0.99), (7, 0.99), (25, 0.99)])
def test_alpha_is_split_between_the_looks(count: int, confidence: float) -> None:
    differences = [1.0 + 0.01 * seed for seed in range(count)]
    assert verdict_on(differences).confidence == pytest.approx(confidence)
    assert sum(LOOKS.values()) == pytest.approx(0.05) and min(LOOKS.values()) == OTHER_LOOK


@pytest.mark.parametrize("count", [1, 2])
def test_fewer_than_three_seeds_are_inconclusive(count: int) -> None:
    verdict = verdict_on([50.0 + seed for seed in range(count)])
    assert verdict.outcome == "inconclusive" and verdict.interval is None and verdict.confidence is None
    assert verdict.effect is not None and "at least 3 are needed" in verdict.reason


def test_zero_spread_is_inconclusive_unless_the_metric_is_deterministic(monkeypatch: pytest.MonkeyPatch) -> None:
    verdict = verdict_on([4.0, 4.0, 4.0])
    assert verdict.outcome == "inconclusive" and verdict.interval is None and verdict.effect == 4.0
    assert "exactly the same difference" in verdict.reason
    exact = Metric("accuracy", "test accuracy", "%", "higher", deterministic=True)
    monkeypatch.setattr(type(get("digits-cnn")), "metrics", (exact,))
    verdict = verdict_on([4.0, 4.0, 4.0])
    assert verdict.outcome == "supported" and verdict.interval == (4.0, 4.0)


@pytest.mark.parametrize("broken", [float("nan"), float("inf"), None])
def test_missing_or_broken_rows_fail(broken: float | None) -> None:
    experiment = experiment_of(3)
    result = result_of(experiment, [1.0, 2.0, 3.0])
    first, *rest = result.rows
    rows = tuple(rest) if broken is None else (replace(first, value=broken), *rest)
    verdict = judge(experiment, replace(result, rows=rows))
    assert verdict.outcome == "failed" and verdict.effect is None and verdict.interval is None
    assert "ours on seed 0" in verdict.reason


def test_what_a_verdict_says() -> None:
    experiment = experiment_of(5)
    verdict = judge(experiment, result_of(experiment, [10, 11, 12, 11, 10]), bears_on="Reviewer 2, question 1")
    assert verdict.bears_on == "Reviewer 2, question 1" and verdict.digest == experiment.digest
    for part in ("1,797 digit images", "98.0 %", "5 seeds", "256 calibration inputs", "no retraining", "ImageNet"):
        assert part in verdict.scope
    assert verdict.reason == (
        "Test accuracy: ours 62.80 % against theirs 52.00 % (mean of 5 seeds): the difference in the claim's direction "
        "is +10.80 points, and its 98 % interval (+9.40 to +12.20) lies wholly above zero."
    )
    assert Verdict.from_json(verdict.to_json()) == verdict


@pytest.mark.parametrize(
    ("testbed", "metric", "words"),
    [
        ("digits-cnn", "accuracy", ("5 seeds, each with its own net and", "no statement about ImageNet-scale networks")),
        ("minilm-similarity", "similarity", ("5 seeds, all with the same pretrained net, each with", "on this network alone")),
    ],
)  # fmt: skip
def test_the_scope_says_whether_each_seed_has_a_net_of_its_own(
    testbed: str, metric: str, words: tuple[str, str]
) -> None:
    experiment = replace(experiment_of(5, metric=metric), testbed=testbed)
    scope = judge_failure(experiment, "it was stopped").scope
    assert all(part in scope for part in words)


def test_a_failed_run_has_a_verdict_too() -> None:
    verdict = judge_failure(experiment_of(3), "memory: 5.0 GB resident, the limit is 4 GB", "a claim")
    assert verdict.outcome == "failed" and "5.0 GB" in verdict.reason and verdict.bears_on == "a claim"


@pytest.mark.parametrize(
    ("direction", "margin", "differences", "words"),
    [
        ("greater", 0.0, [-10, -11, -12], "(-16.73 to -5.27)... lies wholly below zero."),
        ("greater", 20.0, [10, 11, 12], "lies wholly below +20 points."),
        ("greater", 0.0, [10, -11, 3], "reaches to both sides of zero."),
        ("not_worse", 0.0, [-0.5, -0.5, -0.51], "lies wholly above -1 points."),
        ("equivalent", 2.0, [0.1, 0.0, -0.1], "lies wholly within 2 points of zero."),
        ("equivalent", 2.0, [5, 5.1, 5.2], "lies wholly more than 2 points from zero."),
        ("equivalent", 2.0, [2, 2.1, 2.2], "reaches to both sides of the margin of 2 points."),
    ],
)
def test_reasons_say_where_the_interval_lies(direction, margin, differences, words) -> None:
    reason = verdict_on(differences, direction, margin=margin).reason
    assert reason.endswith(words.split("... ")[-1])
    if "... " in words:
        assert words.split("... ")[0] in reason


@given(
    differences=st.lists(st.floats(-50, 50), min_size=3, max_size=10),
    margin=st.floats(0, 5),
    direction=st.sampled_from(["greater", "equivalent", "not_worse"]),
)
def test_a_mirrored_result_never_supports_what_it_contradicts(differences, margin, direction) -> None:
    interval = paired_interval(differences, 0.98)
    outcome, mirrored = (
        decide(direction, margin, interval),
        decide(direction, margin, (-interval[1], -interval[0])),
    )
    if direction == "equivalent":
        assert outcome == mirrored
    elif direction == "greater" and outcome == "supported":
        assert mirrored == "contradicted"


NULLS = 6000


@pytest.mark.parametrize("count", [3, 5])
@pytest.mark.parametrize("kind", ["normal", "accuracies"])
def test_true_nulls_are_seldom_called_supported(count: int, kind: str) -> None:
    """Simulated experiments without any effect: wrong verdicts stay within the look's alpha, and the intervals
    miss zero about as often as they say, so that they are not merely wide."""
    random = np.random.default_rng(20240 + count)
    if kind == "normal":
        differences = random.normal(scale=3.0, size=(NULLS, count))
    else:  # two arms of equal true accuracy on the same 600 test images, as seeds with nets of their own give
        net = random.normal(95, 1, size=(NULLS, count, 1)).clip(90, 99.5) / 100
        right = random.binomial(600, net, size=(NULLS, count, 2)) / 6
        differences = right[..., 0] - right[..., 1]
    alpha = LOOKS[count]
    outcomes = [
        "inconclusive" if np.ptp(row) == 0 else decide("greater", 0.0, paired_interval(row.tolist(), 1 - alpha))
        for row in differences
    ]
    supported, contradicted = outcomes.count("supported") / NULLS, outcomes.count("contradicted") / NULLS
    noise = 3 * math.sqrt(alpha / 2 / NULLS)
    assert supported <= alpha / 2 + noise <= alpha
    assert abs(supported + contradicted - alpha) <= 3 * math.sqrt(alpha / NULLS)


def test_looking_again_after_more_seeds_keeps_the_error_rate() -> None:
    """A chair who adds seeds until something is supported is wrong on at most 5 % of nulls."""
    random, wrong = np.random.default_rng(7), 0
    for row in random.normal(size=(3000, 10)):
        looks = (decide("greater", 0.0, paired_interval(row[:n].tolist(), 1 - alpha)) for n, alpha in LOOKS.items())
        wrong += any(outcome != "inconclusive" for outcome in looks)
    assert 0.02 < wrong / 3000 <= 0.05


def test_a_real_effect_is_found() -> None:
    random = np.random.default_rng(3)
    found = [
        decide("greater", 0.0, paired_interval(row.tolist(), 1 - LOOKS[5])) == "supported"
        for row in random.normal(loc=20, scale=4, size=(500, 5))
    ]
    assert np.mean(found) > 0.95


LADDER = tuple(Arm(name, "magnitude", (("sparsity", share),)) for name, share in (("a", 0.5), ("b", 0.6), ("c", 0.7)))


def ladder(values: dict[str, list[float]], **more) -> Verdict:
    """The verdict on arms a, b, c with these accuracies."""
    expectation = Expectation("a", "c", **more)
    arms = (*LADDER, Arm("d", "magnitude", (("sparsity", 0.8),)))
    experiment = Experiment("digits-cnn", arms, expectation, tuple(range(len(values["a"]))))
    rows = [
        Row(arm, "", seed, "accuracy", value) for arm, column in values.items() for seed, value in enumerate(column)
    ]
    return judge(experiment, RunResult(experiment.digest, tuple(rows), {}))


@pytest.mark.parametrize(
    ("b", "outcome", "effect"),
    [
        ([80, 80.4, 79.8, 80.1, 80.2], "supported", 9.9),
        ([71, 64, 76, 68, 70.5], "inconclusive", -0.3),
        ([60, 60.4, 59.8, 60.1, 60.2], "contradicted", -10.1),
        ([99, 99.4, 98.8, 99.1, 99.2], "contradicted", -8.9),
    ],
)
def test_an_order_holds_as_far_as_its_weakest_step(b: list[float], outcome: str, effect: float) -> None:
    values = {"a": [90, 90.2, 90.1, 90.3, 90.4], "b": b, "c": [70, 70.3, 70.1, 70.2, 70.4]}
    verdict = ladder(values, direction="ordered", order=("a", "b", "c"))
    assert verdict.outcome == outcome and verdict.effect == pytest.approx(effect, abs=0.15)
    assert verdict.confidence == pytest.approx(1 - LOOKS[5] / 2), "two steps share the error rate"
    assert "the weakest step of this order" in verdict.reason


def test_a_difference_of_differences() -> None:
    values = {
        "a": [90, 91, 92, 90.5, 91.5],
        "c": [80, 81.1, 82, 80.4, 81.5],
        "b": [70, 71, 72, 70.5, 71.5],
        "d": [67, 68.1, 69, 67.4, 68.5],
    }
    verdict = ladder(values, minus=("b", "d"))
    assert verdict.outcome == "inconclusive" and "exactly the same" in verdict.reason, "10 less 3 on every seed"
    values["d"] = [67.2, 68.0, 69.3, 67.4, 68.6]
    verdict = ladder(values, minus=("b", "d"))
    assert verdict.outcome == "supported" and verdict.effect == pytest.approx(7.1, abs=0.01)
    assert "beside it b 71.00 % against d 68.10 %" in verdict.reason


def test_what_is_told_around_a_verdict_leaves_it_alone() -> None:
    experiment = experiment_of(3)
    weaker = replace(experiment.expectation, treatment="theirs", baseline="ours")
    with_around = replace(experiment, around=(weaker,))
    result = result_of(experiment, [10, 11, 12])
    assert judge(with_around, result).outcome == judge(experiment, result).outcome == "supported"
    ((expectation, found),) = judge_around(with_around, result)
    assert expectation == weaker and found.outcome == "contradicted" and found.effect == pytest.approx(-11)


def test_digests_of_plain_experiments_are_those_of_older_versions() -> None:
    experiment = experiment_of(3)
    assert set(experiment.to_json()["expectation"]) == {"treatment", "baseline", "metric", "direction", "margin"}
    assert "around" not in experiment.to_json()
    full = replace(
        experiment,
        expectation=replace(experiment.expectation, direction="ordered", order=("ours", "x", "theirs")),
        around=(replace(experiment.expectation, minus=("ours", "theirs")),),
    )
    assert Experiment.from_json(json.loads(json.dumps(full.to_json()))) == full and full.digest != experiment.digest


def test_the_scope_of_measured_times_is_the_machine_that_ran_them() -> None:
    arms = tuple(Arm(name, "onnx_runtime", (("precision", name),)) for name in ("int8", "fp32"))
    experiment = Experiment("mnist-resnet", arms, Expectation("int8", "fp32", "milliseconds"), (0, 1, 2))
    rows = tuple(
        Row(a.name, "", s, "milliseconds", 1.0 + s / 100 + (a.name == "fp32")) for a in arms for s in (0, 1, 2)
    )
    verdict = judge(experiment, RunResult(experiment.digest, rows, {"machine": {"cpu": "Some CPU 9000"}}))
    assert verdict.effect == pytest.approx(1.0), "less time is better"
    assert (
        "Times are those of one core of this machine (Some CPU 9000) and say nothing of other hardware."
        in verdict.scope
    )
    assert "this machine" not in verdict_on([1, 2, 3]).scope
