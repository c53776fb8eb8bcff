"""A draft grows with the conversation; what the chair wrote stays, whoever else writes."""

import pytest

from agent.errors import DraftMoved, NoDraft
from agent.metareview.keeping import not_in_it
from tests.agent.metareview.material import reach_verdict

SUBMISSION = "tern-pruning"
MINE = "I have read the paper twice."


@pytest.fixture
def review(drafts, conversation):
    return drafts.refresh(conversation, SUBMISSION).review


def decide(history, conversation, decision="reject"):
    turn = history.add_message(conversation, "x")
    history.record_decision(conversation, turn, {"decision": decision, "note": f"I {decision}."}, SUBMISSION)


def test_nothing_is_kept_where_nothing_has_changed(drafts, conversation, review):
    change = drafts.refresh(conversation, SUBMISSION)
    assert change.changed == () and change.review == review and len(drafts.versions(conversation, SUBMISSION)) == 1


def test_an_edit_survives_what_the_conversation_brings(drafts, history, conversation, review):
    text = review.text["concerns"] + f"\n\n{MINE}"
    drafts.edit(conversation, SUBMISSION, "concerns", text, review.version)
    decide(history, conversation)
    digest = reach_verdict(history, conversation)
    change = drafts.refresh(conversation, SUBMISSION)
    assert MINE in change.review.text["concerns"] and change.review.parts["concerns"].edited
    assert f"[run {digest[:8]}]" in change.review.text["tests"]
    assert set(change.changed) >= {"tests", "recommendation", "chair"} and "concerns" not in change.changed
    assert drafts.latest(conversation, SUBMISSION).text["concerns"].endswith(MINE)


def test_a_mark_means_the_same_passage_for_ever(drafts, history, conversation, review):
    said = "What matters most to me is the theory."
    turn = history.add_message(conversation, said)
    history.record_decision(conversation, turn, {"note": said, "priorities": [said]}, SUBMISSION)
    after = drafts.refresh(conversation, SUBMISSION).review
    assert after.text["concerns"] != review.text["concerns"]
    for number, cited in review.draft.citations.items():
        assert after.draft.citations[number].passage_id == cited.passage_id


def test_a_sentence_changed_by_both_waits_for_the_chair(drafts, history, conversation, review):
    mine = "I lean to neither side."
    drafts.edit(conversation, SUBMISSION, "recommendation", mine, review.version)
    decide(history, conversation)
    found = drafts.refresh(conversation, SUBMISSION).review
    part = found.parts["recommendation"]
    assert part.text == mine and found.conflicts == 1 and "the chair's own: reject" in part.conflicts[0].now
    again = drafts.refresh(conversation, SUBMISSION).review
    assert again.conflicts == 1
    kept = drafts.settle(conversation, SUBMISSION, "recommendation", part.conflicts[0], take=False)
    assert kept.text["recommendation"] == mine and kept.conflicts == 0
    assert drafts.refresh(conversation, SUBMISSION).review.text["recommendation"] == mine


def test_taking_the_drafts_words_puts_them_in(drafts, history, conversation, review):
    drafts.edit(conversation, SUBMISSION, "recommendation", "I lean to neither side.", review.version)
    decide(history, conversation)
    conflict = drafts.refresh(conversation, SUBMISSION).review.parts["recommendation"].conflicts[0]
    taken = drafts.settle(conversation, SUBMISSION, "recommendation", conflict, take=True)
    assert "the chair's own: reject" in taken.text["recommendation"] and taken.conflicts == 0
    with pytest.raises(NoDraft, match="made already"):
        drafts.settle(conversation, SUBMISSION, "recommendation", conflict, take=True)


def test_two_tabs_that_edit_the_same_section_lose_neither(drafts, conversation, review):
    base = review.text["claims"]
    drafts.edit(conversation, SUBMISSION, "claims", f"First tab. {base}", review.version)
    found = drafts.edit(conversation, SUBMISSION, "claims", f"{base} Second tab.", review.version)
    assert "First tab." in found.text["claims"] and "Second tab." in found.text["claims"] and found.conflicts == 0


def test_shortening_keeps_the_edit_and_going_back_restores_the_rest(drafts, conversation, review):
    drafts.edit(conversation, SUBMISSION, "merits", review.text["merits"] + f" {MINE}", review.version)
    short = drafts.refresh(conversation, SUBMISSION, brief=True).review
    assert short.brief and len(short.text["concerns"]) < len(review.text["concerns"])
    assert MINE in short.text["merits"]
    assert drafts.refresh(conversation, SUBMISSION).review.brief
    full = drafts.refresh(conversation, SUBMISSION, brief=False).review
    assert full.text["concerns"] == review.text["concerns"] and MINE in full.text["merits"]


def test_an_earlier_version_is_put_back_as_a_new_one(drafts, conversation, review):
    drafts.edit(conversation, SUBMISSION, "claims", "Nonsense.", review.version)
    back = drafts.restore(conversation, SUBMISSION, 1)
    assert back.text == review.text and back.version == 3
    assert drafts.versions(conversation, SUBMISSION)[1].text["claims"] == "Nonsense."
    with pytest.raises(NoDraft, match="version 9"):
        drafts.restore(conversation, SUBMISSION, 9)


def test_an_emptied_section_stays_empty(drafts, conversation, review):
    drafts.edit(conversation, SUBMISSION, "revisions", "", review.version)
    assert "revisions" not in drafts.refresh(conversation, SUBMISSION).review.text


def test_edits_that_cannot_be_are_refused_in_words(drafts, history, conversation, review):
    with pytest.raises(NoDraft, match="no section"):
        drafts.edit(conversation, SUBMISSION, "jokes", "x", 1)
    with pytest.raises(NoDraft, match="shorten it"):
        drafts.edit(conversation, SUBMISSION, "claims", "x" * 50_000, 1)
    with pytest.raises(NoDraft, match="no meta-review yet"):
        drafts.edit(history.create("me", SUBMISSION), SUBMISSION, "claims", "x", 1)


def test_who_is_overtaken_tries_again_on_what_is_there(drafts, history, conversation, review, monkeypatch):
    add, overtaken = history.drafts.add, []

    def slow(identity, submission, after, by, body):
        if not overtaken:
            overtaken.append(True)
            monkeypatch.setattr(history.drafts, "add", add)
            drafts.edit(conversation, SUBMISSION, "merits", "Of the other.", review.version)
            raise DraftMoved("moved")
        return add(identity, submission, after, by, body)

    monkeypatch.setattr(history.drafts, "add", slow)
    found = drafts.edit(conversation, SUBMISSION, "claims", "Of mine.", review.version)
    assert (found.text["claims"], found.text["merits"]) == ("Of mine.", "Of the other.")


def test_it_is_said_what_the_draft_was_built_without(history, conversation, review):
    from agent.desks import past_turns

    def news():
        past = past_turns(history.entries(conversation))
        return " ".join(not_in_it(review, history.decision(conversation, SUBMISSION), past))

    assert news() == ""
    decide(history, conversation)
    assert "decision has changed" in news() and "verdict" not in news()
    reach_verdict(history, conversation)
    assert "come to a verdict" in news()
