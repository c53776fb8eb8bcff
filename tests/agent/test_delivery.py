"""Verdicts of runs whose turn has ended."""

from types import SimpleNamespace
from typing import Any, cast

import pytest

from agent.delivery import deliver
from agent.history import History
from compression_demo.types import Arm, Expectation, Experiment, RunResult, Verdict

EXPERIMENT = Experiment(
    "digits-cnn", (Arm("dense", "dense"), Arm("RTN", "rtn", (("bits", 3),))), Expectation("RTN", "dense")
)


class Runs:
    """A run store with one run in a given state."""

    def __init__(self, state: str) -> None:
        self.state = state

    def status(self, digest):
        return SimpleNamespace(state=self.state)

    def outcome(self, digest):
        if self.state != "finished":
            return None
        verdict = Verdict("supported", 1.0, (0.5, 1.5), "scope", "", digest, "reason")
        return EXPERIMENT, RunResult(digest, (), {}), verdict


@pytest.fixture
def history(tmp_path):
    opened = History(tmp_path)
    yield opened
    opened.close()


def runs(state: str) -> Any:
    return cast(Any, Runs(state))


def waiting(history, state="started"):
    c = history.create("me")
    turn = history.add_message(c, "check it")
    history.await_run(c, turn, EXPERIMENT.digest, "claim", EXPERIMENT.to_json(), "", state)
    return c


def test_a_finished_run_is_delivered_once(history):
    c = waiting(history)
    assert deliver(history, runs("running"), c) == 0
    assert (deliver(history, runs("finished"), c), deliver(history, runs("finished"), c)) == (1, 0)
    verdicts = [e.body for e in history.entries(c) if e.role == "verdict"]
    assert [v["verdict"]["outcome"] for v in verdicts] == ["supported"]


def test_a_proposal_is_no_run(history):
    c = waiting(history, "proposed")
    assert deliver(history, runs("finished"), c) == 0


def test_a_cancelled_run_owes_no_verdict_even_when_somebody_reruns_it(history):
    c = waiting(history)
    assert deliver(history, runs("cancelled"), c) == 0
    assert deliver(history, runs("finished"), c) == 0
    assert [e.role for e in history.entries(c)] == ["user"]
