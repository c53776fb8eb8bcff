"""What a message refers back to: a reviewer, a question, a paper or a statement of the last answer."""

from agent.request import Request
from agent.understanding import understand
from tests.agent.desks import desk, past_turn


def test_the_second_one_after_an_overview_is_the_second_reviewer():
    past = past_turn(
        "overview", Request("overview", ("overview",), ("integral-pruning",)), ("AnonReviewer1 rates 4.", True)
    )
    request = understand("What about the second one?", desk(past=[past]))
    assert request.reviewers == ("AnonReviewer2",)
    assert request.intents == ("reviewer",)


def test_the_same_topic_for_another_reviewer():
    before = Request(
        "What did R1 say about novelty?", ("reviewer",), ("integral-pruning",), ("AnonReviewer1",), topic="novelty"
    )
    request = understand("And what about reviewer 3?", desk(past=[past_turn("q", before, ("x", True))]))
    assert (request.reviewers, request.topic) == (("AnonReviewer3",), "novelty")


def test_the_same_question_for_another_paper():
    before = Request("What are the contributions?", ("contributions",), ("integral-pruning",))
    request = understand("And for OBC?", desk(past=[past_turn("q", before, ("x", True))]))
    assert request.submission == "optimal-brain-compression"
    assert request.intents == ("contributions",)


def test_check_the_second_points_to_the_second_statement():
    before = Request("claims?", ("evaluation",), ("integral-pruning",))
    past = past_turn("q", before, ("First claim on pruning.", True), ("ExactOBS beats magnitude pruning.", True))
    request = understand("Check the second claim", desk(past=[past]))
    assert request.intents == ("verify",)
    assert request.claim == "ExactOBS beats magnitude pruning."
