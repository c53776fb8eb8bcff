"""The table of standard checks: every sentence is an experiment, every verdict comes from the store, surprises are told."""

import tomllib

import pytest

from agent.claims import Plan, understand_claim
from benchmarks.verify_papers import DISCUSSED, PAPERS, Check, Checked, list_checks, look_up, sum_seconds, tell
from compression_demo.cells import CellStore, list_arms
from compression_demo.judge import judge, judge_around
from compression_demo.runs import RunStore
from compression_demo.testbeds import get
from compression_demo.types import Experiment, Row, RunResult

CHECKS = list_checks()
FEWEST = 4


@pytest.mark.parametrize("check", CHECKS, ids=lambda c: c.name)
def test_every_standard_sentence_is_an_experiment_with_seeds_enough(check):
    found = understand_claim(check.sentence)
    assert isinstance(found, Plan) and found.unambiguous and len(found.experiment.seeds) >= 3


def test_names_are_unique_and_discussions_are_of_checks():
    names = [check.name for check in CHECKS]
    assert len(set(names)) == len(names) and {check.paper for check in CHECKS} <= set(PAPERS)
    assert set(tomllib.loads(DISCUSSED.read_text(encoding="utf-8"))) <= set(names)


def checked(name: str, sentence: str, gain: float) -> Checked:
    """A check on made-up rows, in which each arm is better than the next by `gain`."""
    plan = understand_claim(sentence)
    assert isinstance(plan, Plan)
    experiment = plan.experiment
    names = (experiment.expectation.treatment, experiment.expectation.baseline)
    rows = [
        Row(arm.name, "", seed, experiment.expectation.metric, 80 + 0.1 * seed + (gain if arm.name == names[0] else 0) + 0.01 * seed * index)
        for index, arm in enumerate(experiment.arms)
        for seed in experiment.seeds
    ]  # fmt: skip
    result = RunResult(experiment.digest, tuple(rows), {})
    return Checked(
        Check(name, "ksVGCOlOEba", "O3", sentence), plan, judge(experiment, result),
        tuple(judge_around(experiment, result)), 12.3,
    )  # fmt: skip


def test_rows_and_surprises():
    good = checked("good", "OBQ beats round-to-nearest at 2 bits", 3.0)
    bad = checked("bad", "ExactOBS beats magnitude pruning at 50 %", -3.0)
    waiting = Checked(Check("waits", "HyevnsCqtQ", "P1", "Pipes | bars"), good.plan)
    told = tell([good, bad, waiting], {"bad": "It is made up."})
    assert "3 checks: 1 contradicted, 1 not run yet, 1 supported." in told
    rows = [line for line in told.splitlines() if line.startswith("| ") and "(O3)" in line]
    assert (
        "**supported**" in rows[0]
        and "+2.9" in rows[0]
        and "points of test accuracy" in rows[0]
        and "| 12 |" in rows[0]
    )
    assert "**contradicted**" in rows[1] and "Pipes \\| bars" in told
    surprises = told.partition("## What did not come out")[2]
    assert "**bad**" in surprises and "It is made up." in surprises and "**good**" not in surprises


def test_neighbouring_settings_stand_in_the_row():
    told = tell([checked("gap", "The gap between ExactOBS and magnitude pruning grows with sparsity.", 3.0)], {})
    assert told.count("ExactOBS at 75 % against magnitude at 75 %: ") == 1


def test_a_run_whose_cells_are_all_held_is_judged_from_them(tmp_path):
    check = Check("made", "ksVGCOlOEba", "O4", "OBQ beats round-to-nearest at 2 bits on digits with 3 seeds")
    store, plan = RunStore(tmp_path), understand_claim(check.sentence)
    assert isinstance(plan, Plan)
    cells, testbed = CellStore(tmp_path), get(plan.experiment.testbed)
    for seed in plan.experiment.seeds:
        for arm in list_arms(plan.experiment):
            metrics = {"accuracy": 90.0 + seed + (5 + 0.1 * seed if arm.method == "obq" else 0)}
            cells.put(
                testbed, arm, seed, plan.experiment.calibration, {"metrics": metrics, "seconds": {"compress": 2.0}}
            )
    found = look_up(check, store)
    assert found.verdict is not None and found.verdict.outcome == "supported" and found.seconds == 30.0


def test_what_the_store_does_not_hold_is_not_run_yet_and_takes_no_seconds(tmp_path):
    store = RunStore(tmp_path)
    found = look_up(CHECKS[0], store)
    assert found.verdict is None and "not run yet" in tell([found], {})
    assert sum_seconds(Experiment.from_json(found.plan.experiment.to_json()), tmp_path) == 0
