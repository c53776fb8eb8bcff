"""What may be meant as a decision is asked about, and recorded on a yes only."""

import pytest

from agent.answering.own_decision import stated
from agent.events import Answer, Sentence
from agent.gathered import Gathered
from agent.request import Request
from agent.unsure import OFFER, unsure_decision
from tests.agent.desks import desk, past_turn
from tests.agent.reading import understand
from tests.agent.test_stated import SILENT


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("I accept it, thanks.", "accept"),
        ("Accepted.", "accept"),
        ("I am going to have to reject it.", "reject"),
        ("I can't accept it", "reject"),
        ("I no longer want to accept it.", "reject"),
        ("The decision is reject.", "reject"),
        ("Go with reject.", "reject"),
        ("They say it is known. I accept it.", "accept"),
    ],
)
def test_what_may_be_a_decision_is_asked_about_and_not_recorded(text, label):
    request = understand(text, desk())
    assert request.intents == ("state",) and request.stated is None
    assert request.offered is not None and request.offered.decision == label
    assert stated(request, Gathered(), desk())[0].text == f"Shall I record as your decision: {label}?"
    assert Request.from_json(request.to_json()) == request


MEANT = {
    "I accept it, thanks.", "Accepted.", "The reply says so and I accept it.",
    "Reviewer 1's point is that timings are missing. I accept this.",
}  # fmt: skip


@pytest.mark.parametrize("text", [text for text in SILENT if text not in MEANT])
def test_reports_hypotheses_and_arguments_are_not_asked_about(text):
    assert unsure_decision(text) is None


def offered(label="reject"):
    asked = Sentence(OFFER.format(label=label), (), "smalltalk", 0, False)
    before = understand("I can't accept it", desk())
    past = past_turn(before.text, before)
    return type(past)(1, past.message, past.request, Answer((asked,)))


@pytest.mark.parametrize("text", ["Yes", "yes, record it", "ok", "Please do.", "exactly"])
def test_a_yes_records_it(text):
    request = understand(text, desk(past=[offered()]))
    assert request.stated is not None and request.stated.decision == "reject"
    assert request.stated.note == "I can't accept it"


@pytest.mark.parametrize("text", ["No", "no, thanks", "not yet", "don't record it"])
def test_a_no_records_nothing_and_says_so(text):
    request = understand(text, desk(past=[offered()]))
    assert (request.intents, request.stated, request.offered) == (("state",), None, None)
    assert stated(request, Gathered(), desk(past=[offered()]))[0].text.startswith("Nothing is recorded")


@pytest.mark.parametrize("text", ["Thanks.", "thank you", "please"])
def test_thanks_alone_records_nothing(text):
    assert understand(text, desk(past=[offered()])).stated is None


def test_what_is_said_instead_is_heard():
    other = understand("no, accept", desk(past=[offered()])).stated
    assert other is not None and other.decision == "accept"
    assert understand("No, what does reviewer 2 say?", desk(past=[offered()])).reviewers == ("AnonReviewer2",)


def test_a_yes_to_a_question_that_was_not_put_records_nothing():
    silent = offered("accept")  # another was asked about than the request would offer
    assert understand("Yes", desk(past=[silent])).stated is None


def test_it_is_asked_where_a_reply_was_just_told():
    told = past_turn("Did they reply?", Request("Did they reply?", ("response",), ("integral-pruning",)), ("x", True))
    asked = understand("I accept it.", desk(past=[told]))
    assert asked.stated is None and asked.offered is not None
    plain = understand("I accept this paper.", desk(past=[told]))
    assert plain.stated is not None and plain.stated.decision == "accept"


def test_a_question_beside_it_is_answered():
    assert understand("They say it is known. I accept it. What does R2 say?", desk()).offered is None
