"""Verdicts of runs whose turn has ended."""

from types import SimpleNamespace
from typing import Any, cast

import pytest

from agent.claims import Plan, understand_claim
from agent.delivery import deliver, reading
from agent.desks import past_turns
from agent.events import Answer, Sentence
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

    def outcome(self, digest, *, bears_on="the first asker's concern"):
        if self.state != "finished":
            return None
        verdict = Verdict("supported", 1.0, (0.5, 1.5), "scope", bears_on, digest, "reason")
        return EXPERIMENT, RunResult(digest, (), {}), verdict


@pytest.fixture
def history(tmp_path):
    opened = History(tmp_path)
    yield opened
    opened.close()


def runs(state: str) -> Any:
    return cast(Any, Runs(state))


def waiting(history, state="started", bears_on="", claim="claim", experiment=EXPERIMENT):
    c = history.create("me")
    turn = history.add_message(c, "check it")
    history.await_run(c, turn, experiment.digest, claim, experiment.to_json(), bears_on, state)
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


def test_a_shared_run_bears_on_the_concern_of_who_asked(history):
    mine, yours = waiting(history, bears_on="R1, question 2"), waiting(history)
    for c in (mine, yours):
        deliver(history, runs("finished"), c)
    told = [history.entries(c)[-1].body["verdict"]["bears_on"] for c in (mine, yours)]
    assert told == ["R1, question 2", ""]


def test_a_late_verdict_tells_the_experiment_and_how_the_claim_was_read(history):
    claim = "OBQ beats round-to-nearest at 3 bits on digits"
    plan = understand_claim(claim)
    assert isinstance(plan, Plan)
    hypothesis, changes = reading(claim, plan.experiment.digest)
    assert (hypothesis, changes) == (plan.hypothesis, plan.changes) and hypothesis
    assert reading(claim, "another") == ("", ()) == reading("The weather is fine.", "another")
    c = waiting(history, claim=claim)
    deliver(history, runs("finished"), c)
    assert history.entries(c)[-1].body["experiment"]["testbed"] == "digits-cnn"


def test_a_late_verdict_is_known_to_later_turns(history):
    stopped, answered = waiting(history), waiting(history)
    history.add_failure(stopped, 1, "You stopped this answer.", stopped=True)
    history.add_answer(answered, 1, Answer((Sentence("It goes on."),)), [], {"intents": ["verify"], "submissions": []})
    for c in (stopped, answered):
        history.add_message(c, "and now?")
        deliver(history, runs("finished"), c)
    for c, words in ((stopped, []), (answered, ["It goes on."])):
        (past,) = past_turns(history.entries(c))
        assert [s.text for s in past.answer.sentences] == [*words, "Supported: reason"]
        assert (past.turn, past.message, past.request["intents"]) == (1, "check it", past.request["intents"])
        assert "verify" in past.request["intents"] and "submissions" in past.request
        (verdict,) = past.answer.verdicts
        assert verdict["digest"] == EXPERIMENT.digest and verdict["testbed_title"] and "hypothesis" in verdict
