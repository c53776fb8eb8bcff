"""What a chair says of experiments: questions that only a run answers, changes to the last, and why a verdict is so."""

import pytest

from agent.answering.experiments import bearing
from agent.answering.planning import claim_to_verify, plan
from agent.claims import Plan, understand_claim
from agent.desk import PastTurn
from agent.events import Answer
from agent.experiment_questions import asks_why, last_claim
from agent.gathered import Gathered
from agent.history import WaitingRun
from agent.request import Request
from agent.tools.verify import run_text, verification
from compression_demo.judge import judge
from compression_demo.types import Row, RunResult
from tests.agent.desks import desk
from tests.agent.reading import understand

QUESTIONS = (
    ("Reviewer 4 wonders what the diagonal Hessian costs. Can you find out?", "diagonal_hessian"),
    ("Does channel-wise scaling really matter more for depthwise convolutions?", "depthwise_needs_channel_scales"),
    ("Is exact OBS better than AdaPrune at 2:4?", ""),
    ("Does weight pruning make activations denser?", "denser_activations"),
    ("Would Huffman coding after uniform quantization beat k-means?", "uniform_huffman"),
)


def ran(claim: str, gains: tuple[float, ...] = (9.0, -7.0, 1.0), bears_on: str = "R4's point") -> PastTurn:
    """A turn in which a claim came to a verdict on made-up accuracies."""
    plan = understand_claim(claim, seeds=tuple(range(len(gains))))
    assert isinstance(plan, Plan)
    experiment = plan.experiment
    first = experiment.expectation.treatment
    rows = [
        Row(arm.name, arm.setting_text(), seed, experiment.expectation.metric, 80.0 + seed + (gains[seed] if arm.name == first else 0))
        for arm in experiment.arms
        for seed in experiment.seeds
    ]  # fmt: skip
    result = RunResult(experiment.digest, tuple(rows), {})
    found = verification(claim, plan.changes, (experiment, result, judge(experiment, result, bears_on)), False, plan.hypothesis)  # fmt: skip
    return PastTurn(1, claim, Request(claim, ("verify",), claim=claim).to_json(), Answer((), verdicts=(found,)))


@pytest.mark.parametrize(("message", "contrast"), QUESTIONS)
def test_a_question_that_only_a_run_answers_is_run(message, contrast):
    request = understand(message, desk())
    assert request.intents == ("verify",)
    found = understand_claim(claim_to_verify(request, desk())[0])
    assert isinstance(found, Plan) and found.contrast == contrast and found.unambiguous


@pytest.mark.parametrize("message", ["Magnitude against second-order", "gptq vs obq, 3 bits"])
def test_two_methods_side_by_side_are_proposed_and_run_where_that_is_asked_for(message):
    request = understand(message, desk())
    (call,) = plan(request, desk())
    found = understand_claim(call.arguments["claim"])
    assert call.name == "verify" and call.arguments["propose"] and isinstance(found, Plan) and not found.directed
    (ordered,) = plan(understand(f"Test it: {message}", desk()), desk())
    assert ordered.name == "verify" and "propose" not in ordered.arguments
    after = desk(past=(ran("OBQ beats round-to-nearest at 4 bits on digits"),))
    assert "propose" not in plan(understand(message, after), after)[0].arguments


def test_a_figure_of_data_that_is_not_here_is_taken_as_an_order_to_run_it():
    assert understand("76.13 on ImageNet, right? Run it.", desk()).intents == ("verify",)
    assert "verify" not in understand("What is the accuracy on ImageNet, 76.13?", desk()).intents


@pytest.mark.parametrize(
    "message",
    [
        "Does the paper show that weight pruning makes activations denser?",
        "What do the reviewers say about the diagonal Hessian?",
        "Do the authors claim that weight pruning makes activations denser?",
        "According to the paper, is exact OBS better than AdaPrune at 2:4?",
    ],
)
def test_what_the_sources_say_is_looked_up(message):
    assert "verify" not in understand(message, desk()).intents


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ("Run it at 3 bits as well", "at 3 bits"),
        ("use five seeds", "with five seeds"),
        ("on MNIST instead", "on MNIST"),
        ("and at 2?", "at 2 bits"),
    ],
)
def test_the_last_experiment_is_changed_and_bears_on_the_same(message, words):
    held = desk(past=(ran("OBQ beats round-to-nearest at 4 bits on digits"),))
    request = understand(message, held)
    claim, bears_on = claim_to_verify(request, held)
    assert request.intents == ("verify",) and words in claim and bears_on == "R4's point"
    assert isinstance(understand_claim(claim), Plan)


def test_a_plan_that_waits_is_what_a_change_is_made_to():
    waits = WaitingRun("c", 2, "d" * 64, "OBQ beats GPTQ at 2 bits", {}, "R1's point", "proposed")
    past = PastTurn(2, "check", Request("check", ("verify",)).to_json(), Answer(()))
    assert last_claim(desk(past=(past,), proposal=waits)) == ("OBQ beats GPTQ at 2 bits", "R1's point")
    elsewhere = PastTurn(3, "scores?", Request("scores?", ("scores",)).to_json(), Answer(()))
    assert last_claim(desk(past=(past, elsewhere), proposal=waits)) is None


@pytest.mark.parametrize("message", ["why is that inconclusive?", "How many more seeds would it take?", "Why?", "why inconclusive?"])  # fmt: skip
def test_why_a_verdict_is_so_is_answered_from_its_numbers(message):
    held = desk(past=(ran("OBQ beats round-to-nearest at 2 bits on digits"),))
    request = understand(message, held)
    if not asks_why(message):
        return  # "Why?" alone asks for more of the last answer
    assert request.intents == ("bearing",)
    told = " ".join(s.text for s in bearing(request, Gathered(), held))
    assert "inconclusive" in told and "mean of 1 points and a standard deviation of 8 points" in told
    assert "seeds would settle it" in told


def test_a_verdict_that_is_none_is_not_explained_as_one():
    held = desk(past=(ran("OBQ beats round-to-nearest at 2 bits on digits", (9.0, 9.2, 9.1)),))
    told = " ".join(s.text for s in bearing(understand("why is that inconclusive?", held), Gathered(), held))
    assert told.startswith("The verdict is supported") and "would settle" not in told


def test_all_numbers_of_an_explanation_stand_in_the_text_of_the_run():
    held = ran("OBQ beats round-to-nearest at 2 bits on digits").answer.verdicts[0]
    assert "standard deviation of 8 points" in run_text(held) and "seeds would settle it" in run_text(held)


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        ("verify the 4x speed-up on the Xeon", "speed"),
        ("check the 76.13 % on ImageNet", "a figure on ImageNet"),
    ],
)
def test_what_no_small_run_can_tell_is_declined_with_its_reason(message, reason):
    request = understand(message, desk())
    assert request.intents == ("verify",)
    found = understand_claim(claim_to_verify(request, desk())[0])
    assert not isinstance(found, Plan) and reason in found.reason


def test_the_change_keeps_what_the_first_run_bore_on_after_a_question_between():
    first = ran("Does OBQ beat round-to-nearest at 4 bits on digits?")
    why = PastTurn(
        2, "why is that inconclusive?", Request("why is that inconclusive?", ("bearing",)).to_json(), Answer(())
    )
    held = desk(past=(first, why))
    assert claim_to_verify(understand("use five seeds", held), held) == (
        "Does OBQ beat round-to-nearest at 4 bits on digits with five seeds",
        "R4's point",
    )


def test_a_papers_name_that_is_the_method_to_be_tested_stays_in_the_claim():
    request = understand("verify that soft weight-sharing reaches 64x on LeNet", desk())
    found = understand_claim(claim_to_verify(request, desk())[0])
    assert request.intents == ("verify",) and isinstance(found, Plan) and found.contrast == "soft_ratio"
