"""What stays with a recommendation just given, and what does not."""

import pytest

from agent.after_a_lean import asks_for_account, thought_away
from agent.request import Request
from tests.agent.desks import desk, past_turn
from tests.agent.reading import understand

ASKED = Request("Should I accept it?", ("recommendation",), ("integral-pruning",))
AFTER = past_turn(ASKED.text, ASKED, ("x", False))


def follow(text: str, *past):
    return understand(text, desk(past=past or (AFTER,)))


@pytest.mark.parametrize(
    "text",
    [
        "And if I ignore novelty?",
        "Without reviewer 1, what then?",
        "Suppose R1's review is thrown out",
        "What if the timing concern were settled?",
        "What if R2's objection were met?",
        "And without the comparisons?",
        "leaving reviewer 2 aside?",
        "Assume the novelty does not matter",
        "Why did you change?",
        "why the change?",
        "Why is that different?",
        "Are you sure? I heard you say accept before",
        "How sure are you?",
        "You said accept earlier, didn't you?",
        "Do you stand by that?",
        "Really?",
    ],
)
def test_what_supposes_or_asks_for_an_account_stays_with_the_recommendation(text):
    assert follow(text).intents == ("recommendation",)


@pytest.mark.parametrize(
    "text",
    [
        "What would change your mind?",
        "Why does R1 object?",
        "Which of the reviewers is sure?",
        "If the authors answered the timing question, where do they say it?",
        "What does reviewer 1 say without numbers?",
        "What accuracy does it reach without retraining?",
    ],
)
def test_other_questions_are_read_for_themselves(text):
    assert follow(text).intents != ("recommendation",)


def test_an_aside_between_does_not_end_it_and_another_question_does():
    stated = past_turn("Novelty matters less to me.", understand("Novelty matters less to me.", desk()))
    assert follow("Are you sure?", AFTER, stated).intents == ("recommendation",)
    other = past_turn("What are the limitations?", Request("What are the limitations?", ("limitations",), ("integral-pruning",)))  # fmt: skip
    assert follow("And if I ignore novelty?", AFTER, other).intents != ("recommendation",)
    assert understand("Are you sure?", desk()).intents != ("recommendation",)


def test_what_then_after_a_statement_asks_for_the_recommendation_too():
    request = follow("Novelty does not matter to me. What then?")
    assert request.intents == ("state", "recommendation")
    assert request.stated is not None and request.stated.priorities
    assert follow("Novelty does not matter to me.").intents == ("state",)


def test_what_is_thought_away():
    assert thought_away("And without the novelty concern, what then?") == "the novelty concern"
    assert thought_away("leaving reviewer 2 aside?") == "reviewer 2"
    assert not thought_away("Why?") and not asks_for_account("Why does R1 object?")
