"""An account of what was recommended: what was said, what changed it, how sure it is; and suppositions that find their point."""

from dataclasses import asdict, replace

from agent.answering.composing import compose
from agent.answering.recommending import recommendation
from agent.answering.reconsidering import account
from agent.desk import PastTurn
from agent.events import Answer, Sentence
from agent.statements import find_statement
from tests.agent.answering.files import R1, R2, desk, gathered, request
from tests.agent.answering.test_recommending import stands, text


def answered(turn: int, asked, on) -> PastTurn:
    """An earlier turn with the answer that was given to it."""
    lines = recommendation(asked, gathered(), on)
    return PastTurn(turn, asked.text, asked.to_json(), Answer(tuple(Sentence(line.text) for line in lines)))


FIRST = answered(1, request(), desk())


def test_where_nothing_changed_it_is_said_with_what_was_said_and_how_near_it_is():
    lines = account(request("Why did you change?"), gathered(), desk(FIRST))
    said = text(lines)
    assert said.startswith("What I have said so far: that I would lean towards rejecting.\nI have not changed it.")
    assert "As it stands, I would lean towards rejecting" in said and "narrow call" in said and stands(lines)


def test_what_was_never_said_is_not_admitted():
    lines = account(request("Are you sure? I heard you say accept before"), gathered(), desk(FIRST))
    assert "I have not leaned towards accepting on this paper in this conversation." in text(lines)
    right = account(request("You said reject before, are you sure?"), gathered(), desk(FIRST))
    assert "I have not leaned" not in text(right)


def test_what_turned_it_is_what_the_chair_stated():
    said = "don't weigh the missing ImageNet and give R1 more weight"
    stated = replace(request(said, "state"), stated=find_statement(said))
    turned = desk(FIRST, PastTurn(2, said, stated.to_json(), Answer(())), decision={"priorities": [said]})
    now = answered(3, request("And now?"), turned)
    lines = account(request("Why did you change your mind?"), gathered(), replace(turned, past=(*turned.past, now)))
    assert "first that I would lean towards rejecting, then that I would lean towards accepting." in text(lines)
    assert f"In between you told me to weigh it otherwise: “{said}”." in text(lines)
    assert "That is what has turned it; without that, I would lean towards rejecting." in text(lines) and stands(lines)


def test_a_lean_under_a_supposition_is_told_as_that():
    asked = request("What if I ignore the missing ImageNet and give R1 more weight?")
    supposed = answered(2, asked, desk(FIRST))
    lines = account(request("Are you sure?"), gathered(), desk(FIRST, supposed))
    assert "I have not changed it." in text(lines)
    assert "Only under what you supposed for one answer I would lean towards accepting." in text(lines)


def test_without_a_lean_before_it_is_a_recommendation():
    assert account(request("Are you sure?"), gathered(), desk()) == []
    assert "I would lean towards" in text(compose(request("Are you sure?"), gathered(), desk()))


def test_a_statement_and_what_follows_from_it_are_weighed_in_one_answer():
    said = "R2's concern about novelty is settled for me. What then?"
    asked = request(said, "state", "recommendation", stated=find_statement(said))
    told = text(compose(asked, gathered(), desk(FIRST)))
    assert "Recorded as your judgement" in told and "Novelty, by" not in told
    assert asked.stated is not None and [one.sense for one in asked.stated.judged] == ["settled"]
    assert "Novelty, by" in text(recommendation(request(), gathered(), desk(decision={"judged": [asdict(one) for one in asked.stated.judged[:0]]})))  # fmt: skip


def suppose(question: str, *reviewers: str) -> str:
    return text(recommendation(replace(request(question), reviewers=reviewers), gathered(), desk()))


def test_a_supposition_finds_its_point_or_says_that_it_does_not():
    assert "Novelty, by Reviewer 2" not in suppose("What if the novelty concern were settled?")
    assert "speed" not in suppose("What if the timing concern were met?").split("Against it:")[1]
    assert "Which point that is I cannot tell" in suppose("Suppose R2's colour objection were met?", R2)
    assert "what Reviewer 2 holds against it" in suppose("What if R2's objections were met?", R2)


def test_what_is_thought_away_is_a_matter_or_a_whole_review():
    matter = suppose("Without R2's novelty concern?", R2)
    assert "Taken for this answer only: “Without R2's novelty concern”" in matter and "Taken away" not in matter
    assert "Novelty, by Reviewer 2" not in matter
    for question in ("Without reviewer 1, what then?", "Suppose R1's review is thrown out"):
        assert "Taken away, for this answer only: the review by Reviewer 1." in suppose(question, R1)
