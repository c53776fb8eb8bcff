"""A run whose testbed or method has left the program is shown as it was kept, and says so."""

import json
from dataclasses import asdict, replace

import pytest

from agent.answering.experiments import bearing
from agent.delivery import verdict_of
from agent.desk import Desk
from agent.desks import past_turns
from agent.gathered import Gathered
from agent.history import Entry, WaitingRun
from agent.request import Request
from agent.tools.verify import run_text
from agent.verdict_words import explain, tell_meaning
from compression_demo.judge import JUDGED_WITH
from compression_demo.methods import find_missing
from compression_demo.runfolder import RunFolder
from compression_demo.runs import RunStore
from compression_demo.testbeds.classification import ACCURACY
from compression_demo.types import Arm, Expectation, Experiment, Row, RunResult
from ui.cards import card
from ui.cli import main
from ui.view import RunView

CLAIM = "Sieving loses less accuracy than magnitude pruning at 50 % sparsity."
HALF, MORE = (("sparsity", 0.5),), (("sparsity", 0.75),)
ARMS = (
    Arm("dense", "dense"), Arm("sieve", "sieve", HALF), Arm("magnitude", "magnitude", HALF),
    Arm("sieve at 75 %", "sieve", MORE), Arm("magnitude at 75 %", "magnitude", MORE),
)  # fmt: skip
LEFT = Experiment(
    "mnist-of-old", ARMS, Expectation("sieve", "magnitude"), (0, 1, 2), around=(Expectation("sieve at 75 %", "magnitude at 75 %"),)
)  # fmt: skip
VALUES = {"dense": 98.0, "sieve": 97.0, "magnitude": 80.0, "sieve at 75 %": 90.0, "magnitude at 75 %": 89.0}
GONE = "The testbed mnist-of-old and the method sieve are no longer part of the program"


@pytest.fixture
def store(tmp_path):
    folder = RunFolder(tmp_path / "runs" / LEFT.digest)
    folder.create(LEFT, {"claim": CLAIM, "bears_on": "R1", "created": 0.0})
    rows = tuple(Row(a.name, a.setting_text(), s, "accuracy", VALUES[a.name] + s * len(a.name) / 10) for a in ARMS for s in LEFT.seeds)  # fmt: skip
    kept = {"metrics": {a.name: {"accuracy": asdict(ACCURACY)} for a in ARMS}, "scope": "The MNIST of old, 3 seeds."}
    folder.write_result(RunResult(LEFT.digest, rows, {JUDGED_WITH: kept, "method_hashes": {}, "testbed_hash": "old"}))
    return RunStore(tmp_path)


def test_it_is_judged_and_shown_in_the_terminal(store, monkeypatch, capsys):
    monkeypatch.setenv("SECOND_OPINION_HOME", str(store.home))
    assert main(("runs", "show", LEFT.digest[:8])) == 0
    shown = capsys.readouterr().out
    assert "SUPPORTED: " in shown and "The MNIST of old, 3 seeds." in shown and GONE in shown
    assert "At a neighbouring setting: Inconclusive: Sieve at 75 % is higher in test accuracy" in shown
    assert main(("runs", "--json")) == 0
    assert json.loads(capsys.readouterr().out)[0]["verdict"]["outcome"] == "supported"


def test_a_conversation_with_its_verdict_goes_on(store):
    reached = verdict_of(store, WaitingRun("c", 1, LEFT.digest, CLAIM, LEFT.to_json(), "R1", "started"))
    assert reached is not None
    (past,) = past_turns([Entry(1, "user", {"text": CLAIM}), Entry(1, "verdict", reached.to_json())])
    run = past.answer.verdicts[0]
    assert GONE in run["verdict"]["scope"] and run["verdict"]["scope"].count("no longer part") == 1
    assert (
        "mnist-of-old" in tell_meaning(run)[0] and GONE in run_text(run) and "sieve against magnitude" in run_text(run)
    )
    for asked in ("What does that say about the paper?", "Why is that supported?"):
        lines = bearing(Request(asked, ("bearing",)), Gathered(), Desk((), None, (past,)))
        assert any("supported" in line.text.lower() for line in lines)
    open_ended = run | {"verdict": run["verdict"] | {"outcome": "inconclusive"}}
    assert len(explain(open_ended)) == 1, "what would settle it cannot be found out here"


def test_its_card_says_so_whenever_it_was_written(store):
    reached = verdict_of(store, WaitingRun("c", 1, LEFT.digest, CLAIM, LEFT.to_json(), "R1", "started"))
    assert reached is not None
    written_before = {**reached.verdict, "scope": "The MNIST of old, 3 seeds."}
    view = RunView(LEFT.digest, CLAIM, 1, LEFT.to_json(), state="ended", verdict=written_before, rows=reached.rows)
    shown = card(view)
    assert shown["scope"].startswith("The MNIST of old, 3 seeds.") and GONE in shown["scope"]
    assert shown["outcome"] == "supported" and shown["plot"] and shown["table"]["rows"]


def test_what_the_program_has_is_not_called_missing():
    here = replace(LEFT, testbed="digits-cnn", arms=tuple(replace(a, method="exact_obs" if a.method == "sieve" else a.method) for a in ARMS))  # fmt: skip
    assert find_missing(here) == ()
    assert find_missing(replace(here, testbed="mnist-of-old")) == ("testbed mnist-of-old",)
    assert find_missing(replace(here, expectation=replace(here.expectation, metric="whiskers"))) == ("metric whiskers",)
