"""Messages about the meta-review are understood as such, and others are not; what is answered to them."""

import pytest

from agent.conversation import Assistant
from agent.events import AnswerReady
from agent.metareview.asking import task_in, wanted_in
from compression_demo.runs import RunStore
from tests.agent.desks import desk
from tests.agent.metareview.material import reach_verdict
from tests.agent.reading import understand


@pytest.mark.parametrize(
    ("message", "task"),
    [
        ("Write the meta-review.", "write"),
        ("Please draft a meta-review for this paper", "write"),
        ("Draft it.", "write"),
        ("Update the draft", "write"),
        ("Can you refresh my meta-review with the new run?", "write"),
        ("Put my decision in.", "write"),
        ("What does the draft still lack?", "check"),
        ("What is missing in the meta-review?", "check"),
        ("Is the draft complete?", "check"),
        ("Shorten it", "shorten"),
        ("Make the draft shorter, please", "shorten"),
        ("The draft is too long: shorten it.", "shorten"),
        ("Write the meta-review in full", "lengthen"),
    ],
)
def test_what_is_wanted_of_the_draft(message, task):
    assert understand(message, desk()).intents == ("metareview",)
    assert task_in(message) == task


@pytest.mark.parametrize(
    ("message", "intent"),
    [
        ("What did the meta-review say?", "decision"),
        ("What does the meta-reviewer think?", "decision"),
        ("What is missing in the paper's evaluation?", "weaknesses"),
        ("Should I accept it?", "recommendation"),
        ("What do the authors say in the final draft about novelty?", "novelty"),
    ],
)
def test_other_questions_stay_what_they_are(message, intent):
    assert "metareview" not in understand(message, desk()).intents
    assert intent in understand(message, desk()).intents


def test_a_decision_stated_with_the_wish_for_a_draft_does_both():
    found = understand("I lean to reject, 4. Update the draft.", desk())
    assert found.intents == ("state", "metareview") and found.stated and found.stated.decision == "reject"


@pytest.fixture
def ask(collection, history, conversation, tmp_path):
    assistant = Assistant(collection, RunStore(tmp_path), history)

    def asking(message):
        *_, last = assistant.stream(conversation, message)
        assert isinstance(last, AnswerReady), last
        return last.answer

    return asking


def test_it_is_written_in_the_conversation_and_grows_with_it(ask, history, conversation):
    first = ask("Write the meta-review.")
    assert first.struck == () and "The meta-review is drafted" in first.text
    assert "What weighs most against it is the concern about comparisons" in first.text
    assert any(s.kind == "judgement" and s.citations for s in first.sentences)
    assert "State your decision" in ask("What does the draft still lack?").text
    ask("I lean to reject, 4, confidence 4: the comparison is missing.")
    reach_verdict(history, conversation)
    second = ask("Update the draft.")
    assert "Recommendation, the chair's own: reject." in second.text and "Supported" in second.text
    assert "what you wrote in it stays" in second.text and second.struck == ()
    assert "up to date" in ask("Update the draft.").text


def test_a_decision_in_the_same_message_is_in_the_draft(ask):
    ask("Write the meta-review.")
    found = ask("I lean to reject, 4. Update the draft.")
    assert "Recorded as your decision: reject" in found.text
    assert "Recommendation, the chair's own: reject." in found.text


def test_what_the_chair_wrote_without_a_source_is_not_told_as_the_programs_word(ask, drafts, conversation):
    ask("Write the meta-review.")
    drafts.edit(conversation, "tern-pruning", "recommendation", "Mine alone.", 1)
    assert "Mine alone" not in ask("Update the draft.").text


def test_after_a_recommendation_the_meta_review_is_suggested(ask):
    assert "Write the meta-review." in ask("What do you recommend?").suggestions


@pytest.mark.parametrize(
    ("message", "wanted"),
    [
        ("draft it; say that one rating is missing", "one rating is missing"),
        ("update it, the missing competitor has to go in", "the missing competitor"),
        ("Refresh the draft and mention the open proof.", "the open proof"),
        ("draft the meta-review, include my decision", None),
        ("Write the meta-review.", None),
        ("update the draft", None),
    ],
)
def test_what_the_chair_wants_said(message, wanted):
    assert wanted_in(message) == wanted


def test_what_the_chair_wants_said_is_kept_as_a_note():
    request = understand("Draft the meta-review and mention the open proof.", desk())
    assert request.intents == ("metareview",)
    assert request.stated is not None and request.stated.kept == ("the open proof",)


def test_what_is_to_be_said_of_something_missing_is_no_check():
    assert task_in("meta-review draft; say that one rating is missing") == "write"
    assert task_in("what is missing in the draft?") == "check"
