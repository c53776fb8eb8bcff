"""What a question takes for granted is held against the record before it is answered."""

from dataclasses import replace

import pytest

from agent.answering.composing import compose
from agent.gathered import Gathered, ReviewFile
from agent.points import Point, PointReply
from agent.request import Request
from tests.agent.answering.files import R1, R2, R3, SPLIT, desk, passage, point, request, scores

REJECTED = passage("decision", "Decision: Reject", "decision")
FILE = replace(SPLIT, passages=(*SPLIT.passages, REJECTED))


def first(asked: Request, file: ReviewFile = FILE) -> str:
    return compose(asked, Gathered(files=(file,)), desk())[0].text


def of(reviewer: str, text: str, topic: str = "novelty") -> Request:
    return request(text, "reviewer", reviewers=(reviewer,), topic=topic)


@pytest.mark.parametrize(
    ("reviewer", "text", "opening"),
    [
        (R2, "Reviewer 2 likes the novelty, correct?", "No: Reviewer 2 objects to this:"),
        (R2, "Reviewer 2 praises the novelty, doesn't he?", "No: Reviewer 2 objects to this:"),
        (R2, "Is Reviewer 2 impressed by the novelty?", "No: Reviewer 2 objects to this:"),
        (R2, "Doesn't Reviewer 2 object to the novelty?", "Yes, Reviewer 2 objects to this:"),
        (R1, "Reviewer 1 doubts the novelty, right?", "No: Reviewer 1 praises this:"),
        (R1, "Reviewer 1 has no problem with the novelty, right?", "Yes, Reviewer 1 praises this:"),
        (R2, "What does Reviewer 2 like about the novelty?", "No praise of this by Reviewer 2 was found; Reviewer 2 objects to it:"),
        (R2, "Why does Reviewer 2 praise the novelty?", "No praise of this by Reviewer 2 was found; Reviewer 2 objects to it:"),
        (R2, "Reviewer 2 mentions the novelty, right?", "Yes, Reviewer 2 speaks of this:"),
        (R2, "Reviewer 2 has it that the novelty is a copy, right?", "On this Reviewer 2 writes:"),
    ],
)  # fmt: skip
def test_the_side_of_a_reviewer(reviewer, text, opening):
    assert first(of(reviewer, text)) == opening


def test_praise_and_objection_are_both_told():
    both = replace(FILE, points=(*FILE.points, point("fresh", R2, "praises", "The use of tides is novel.")))
    held = replace(both, passages=(*both.passages, passage("fresh", "The use of tides is novel.", "review", R2)))
    lines = compose(of(R2, "Reviewer 2 likes the novelty, correct?"), Gathered(files=(held,)), desk())
    assert lines[0].text == "Both: Reviewer 2 praises this, and objects to it too:"
    assert {"fresh", "stale"} <= {p for s in lines for p in s.passages}


def test_a_question_is_neither_praise_nor_objection():
    asks = Point("q", R3, "review", "review", "asks", (), "Is the idea novel?", "Is the idea novel?", ("q",), status="not answered")  # fmt: skip
    held = replace(FILE, points=(*FILE.points, asks), passages=(*FILE.passages, passage("q", asks.text, "review", R3)))
    said = first(of(R3, "Reviewer 3 criticises the novelty, right?"), held)
    assert said == "Reviewer 3 asks about this, without criticism that I found:"


@pytest.mark.parametrize(
    ("text", "intent", "opening"),
    [
        ("Nobody questions the novelty, right?", "novelty", "No: Reviewer 2 criticises it on novelty, Reviewer 1 praises it."),
        ("None of the reviewers praises the novelty, right?", "novelty", "No: Reviewer 1 praises it on novelty, Reviewer 2 criticises it."),
        ("Does everybody like the novelty?", "novelty", "Not everybody: Reviewer 1 praises it on novelty, Reviewer 2 criticises it."),
        ("Nobody praises the experiments, right?", "weaknesses", "No praise on experiments was found: Reviewer 3 and Reviewer 2 criticise it on experiments."),
        ("None of them wants to reject it, right?", "who", "No: Reviewer 2 and Reviewer 3 stand against it."),
        ("Most reviewers want to accept it, correct?", "who", "No: Reviewer 2 and Reviewer 3 stand against it."),
        ("Why did the authors withdraw the paper?", "decision", "No withdrawal is on record; the decision on record is this:"),
        ("Why did the chairs accept it?", "decision", "The record has it otherwise: the paper was rejected."),
        ("So the paper was accepted?", "decision", "The record has it otherwise: the paper was rejected."),
        ("Why was it rejected?", "decision", "Decision: Reject"),
        ("What do all reviewers criticise?", "weaknesses", "Weaknesses, as the reviewers see them:"),
        ("If nobody questioned the novelty, what would be left?", "novelty", "On novelty there are both: praise by Reviewer 1, criticism by Reviewer 2."),
    ],
)  # fmt: skip
def test_what_all_or_none_did(text, intent, opening):
    assert first(request(text, intent)).replace("“", "").replace("”", "") == opening


@pytest.mark.parametrize(
    ("text", "opening"),
    [
        ("Reviewer 2 recommends acceptance, correct?", "No: Reviewer 2 stands against it."),
        ("Reviewer 2 wants to reject it, right?", "Yes: Reviewer 2 stands against it."),
        ("Why did Reviewer 2 vote to accept it?", "No: Reviewer 2 stands against it."),
    ],
)
def test_the_recommendation_of_a_reviewer(text, opening):
    lines = compose(request(text, "scores", reviewers=(R2,)), Gathered(files=(FILE,)), desk())
    assert lines[0].text == opening and "rating 5" in lines[1].text


def test_a_decision_that_speaks_of_both_outcomes_corrects_nobody():
    told = passage(
        "decision", "Decision: Accept. Although Reviewer 3 voted to reject, the others are convinced.", "decision"
    )
    asked = request("Why was the paper accepted?", "decision", topic="")
    lines = compose(asked, Gathered(files=(replace(SPLIT, passages=(*SPLIT.passages, told)),)), desk())
    assert not any("has it otherwise" in s.text for s in lines)


def test_to_accept_a_matter_is_no_vote_on_the_paper():
    asked = request("Everybody accepts the novelty, right?", "novelty", topic="novelty")
    assert not any(s.text.startswith("Not all of them") for s in compose(asked, Gathered(files=(FILE,)), desk()))


def test_limits_that_the_authors_own_up_to_are_asked_for_and_not_taken_for_granted():
    asked = request("Limits they own up to themselves?", "limitations", topic="")
    assert "admission" not in " ".join(s.text for s in compose(asked, Gathered(files=(FILE,)), desk()))


def test_what_the_authors_admitted():
    asked = request("The authors admitted that no wall-clock speed was measured, right?", "response", topic="speed")
    lines = [s.text for s in compose(asked, Gathered(files=(FILE,)), desk())]
    assert lines[0] == "No such admission was found in the replies:" and "runs twice as fast" in lines[2]
    yes = PointReply("We admit that.", "We admit that.", ("told",), 0.9, True, "quoted", manner="concession")
    granted = replace(FILE, points=tuple(replace(p, replies=(yes,)) if p.id == "slow" else p for p in FILE.points))
    granted = replace(granted, passages=tuple(replace(p, text="We admit that.") if p.id == "told" else p for p in FILE.passages))  # fmt: skip
    assert first(asked, granted) == "The authors seem to grant something on this:"


def test_a_yes_where_all_agree():
    scored = tuple(scores(n, "8 (Accept, good paper)") for n in (R1, R2, R3))
    agreed = replace(FILE, passages=(*scored, *(p for p in FILE.passages if p.locator.section != "Scores")))
    assert first(request("Everybody wants to accept it, right?", "who"), agreed) == (
        "Yes: Reviewer 1, Reviewer 2 and Reviewer 3 stand for it."
    )
