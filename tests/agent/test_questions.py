"""Messages that ask several things, cut into their questions and read one after another."""

import pytest

from agent.questions import questions_of
from agent.request import Request
from tests.agent.desks import desk
from tests.agent.reading import understand


@pytest.mark.parametrize(
    ("message", "questions"),
    [
        (
            "who stands where, and why is Reviewer 4 worried?",
            ["who stands where", "why is Reviewer 4 worried?"],
        ),
        ("Pruned twice: who saw it and where does it stand", ["Pruned twice: who saw it", "Pruned twice: where does it stand"]),
        ("Scores, and who shares that worry?", ["Scores", "who shares that worry?"]),
        (
            "They speak of a speed-up somewhere. Who doubts it, and do the authors answer?",
            ["They speak of a speed-up somewhere. Who doubts it", "do the authors answer?"],
        ),
        ("What is the main concern? I have to write to the authors.", ["What is the main concern? I have to write to the authors."]),
        ("Who is the most negative, and why", ["Who is the most negative, and why"]),
        ("Does it beat the baseline that AnonReviewer2 names, which is the stronger one?",
         ["Does it beat the baseline that AnonReviewer2 names, which is the stronger one?"]),
        ("and AnonReviewer1, what is his problem", ["and AnonReviewer1, what is his problem"]),
    ],
)  # fmt: skip
def test_a_message_is_cut_where_another_question_begins(message, questions):
    assert questions_of(message) == questions


def test_each_question_is_read_by_itself():
    request = understand("Who stands where, and why is Reviewer 2 worried?", desk())
    assert [part.intents for part in request.parts] == [("scores",), ("reviewer",)]
    assert [part.reviewers for part in request.parts] == [(), ("AnonReviewer2",)]
    assert request.intents == ("scores", "reviewer") and request.latest.reviewers == ("AnonReviewer2",)


def test_a_paper_that_one_question_names_is_that_of_the_others():
    asked = "Who stands where on integral pruning, and why is Reviewer 2 worried?"
    request = understand(asked, desk(current=None))
    assert [(part.submission, part.intents) for part in request.parts] == [
        ("integral-pruning", ("scores",)), ("integral-pruning", ("reviewer",)),
    ]  # fmt: skip


def test_a_message_that_asks_one_thing_or_states_something_has_no_parts():
    assert understand("Why is Reviewer 2 worried?", desk()).parts == ()
    assert understand("My decision: reject, confidence 4. Do you follow, and who agrees?", desk()).parts == ()


def test_parts_are_kept_with_the_conversation():
    request = understand("Who stands where, and why is Reviewer 2 worried?", desk())
    assert Request.from_json(request.to_json()) == request


@pytest.mark.parametrize(
    ("message", "intents"),
    [("AnonReviewer2 sits at 5 like AnonReviewer3, correct?", ("scores",)), ("AnonReviewer2's text is damning. How come the 5?", ("reviewer",))],
)  # fmt: skip
def test_of_somebody_a_bare_number_is_a_score(message, intents):
    request = understand(message, desk())
    assert request.intents == intents and request.topic == ""


def test_a_pattern_or_a_setting_is_a_matter():
    assert understand("did they cover 2:4 by now?", desk()).topic == "2 4"
