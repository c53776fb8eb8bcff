"""What can be a reason: nothing that was answered, no bare verdict; and what is said where nothing is."""

from dataclasses import replace

import pytest

from agent.answering.carrying import RATINGS_ALONE, is_vague, reasons_against
from agent.answering.leaning import lean_lines
from agent.answering.outcomes import by_outcome, outcome
from agent.answering.recommending import recommendation
from agent.answering.structured_review import structured_review
from agent.answering.weighing import weigh
from agent.points import PointReply
from tests.agent.answering.files import (
    BAD,
    BELOW,
    GOOD,
    IMAGENET,
    NOVEL,
    R1,
    R2,
    R3,
    SLOW,
    STALE,
    TOLD,
    desk,
    gathered,
    passage,
    point,
    reply,
    request,
    review_file,
    scores,
)  # fmt: skip

BARE = point("bare", R1, "objects", "The evaluation is bad.")
ANSWERED = replace(IMAGENET, status="answered", replies=(reply("told", "See Table 3."),))


@pytest.mark.parametrize(
    "text",
    [
        "The evaluation is bad.",
        "This was done before.",
        "The results are not convincing.",
        "Limited novelty.",
        "The experiments are weak and the writing is poor.",
        "I find the contribution too small.",
    ],
)
def test_a_bare_verdict_is_vague(text):
    assert is_vague(point("x", R1, "objects", text))


@pytest.mark.parametrize(
    "text",
    [
        "No comparison with Skua.",
        "The evaluation is bad: Table 2 has one seed.",
        "What about ImageNet?",
        "The gain comes from longer training and not from the tides.",
        "An ablation of the tide gauge is missing.",
        STALE.text,
    ],
)
def test_what_names_something_is_not(text):
    assert not is_vague(point("x", R1, "objects", text))


def test_neither_answered_nor_vague_points_are_reasons():
    file = review_file((scores(R1, BAD), scores(R3, BAD)), (BARE, ANSWERED, SLOW), TOLD)
    assert reasons_against(weigh(file)) == []
    lead = lean_lines(weigh(file), file)[0].text
    assert lead.startswith(f"I would lean towards rejecting: {RATINGS_ALONE};")
    assert "what Reviewer 1 says on experiments is too vague to be a reason" in lead and "was answered" in lead
    drafted = structured_review(request("Write a review", "structured"), gathered(file), desk())
    (decided,) = (line.text for line in drafted if line.text.startswith("Decision:"))
    assert decided == f"Decision: Reject; {RATINGS_ALONE}."


def test_of_a_concern_only_who_holds_it_still_is_named_as_a_reason():
    met = replace(STALE, id="met", reviewer=R3, status="answered", replies=(reply("told", "It differs in two ways."),))
    file = review_file((scores(R2, BAD), scores(R3, BELOW)), (STALE, met), TOLD)
    (reason,) = reasons_against(weigh(file))
    assert [p.reviewer for p in reason.points] == [R2]
    assert "the concern about novelty (Reviewer 2) is open" in lean_lines(weigh(file), file)[0].text


def test_what_came_of_a_concern_is_told_for_each_who_holds_it():
    met = replace(STALE, id="met", reviewer=R3, status="answered", replies=(reply("told", "It differs in two ways."),))
    file = review_file((scores(R2, BAD), scores(R3, BELOW)), (STALE, met), TOLD)
    said = [line.text for line in recommendation(request(), gathered(file), desk())]
    expected = "without a reply on record (Reviewer 2); answered, and nobody has come back on it (Reviewer 3)."
    assert f"Novelty, by Reviewer 2 and Reviewer 3: {expected}" in said


def test_a_promise_leaves_a_concern_open():
    promised = replace(reply("told", "We will add it."), manner="promise")
    assert outcome(replace(IMAGENET, status="answered", replies=(promised,))) == "promised"
    assert list(by_outcome((STALE, ANSWERED))) == ["open", "answered"]


def test_near_words_are_told_and_the_reply_is_not_said_to_be_missing_on_record():
    near = PointReply("Tides rise.", "Tides rise.", ("near",), 0.2, False, "meaning")
    open_ = replace(IMAGENET, replies=(near,))
    file = review_file((scores(R3, BAD),), (open_,), passage("near", "Tides rise.", "response", "Authors"))
    said = [line.text for line in recommendation(request(), gathered(file), desk())]
    assert "Experiments, by Reviewer 3: no reply to it was found." in said
    assert "Nearest to it, the authors write: “Tides rise.”" in said
    assert not any("without a reply on record" in line for line in said)


def test_a_wish_for_another_paper_is_no_question_and_an_open_point_of_a_reviewer_leads():
    wish = point("wish", R1, "asks", "The paper should also solve the same problem for rivers and lakes.")
    asked = point("asked", R1, "asks", "Please explain how the gauge is read at night in the second stage.")
    file = review_file((scores(R1, GOOD),), (wish, asked, NOVEL))
    said = [line.text for line in structured_review(request("Write a review", "structured"), gathered(file), desk())]
    assert any("Please explain" in line for line in said) and not any("should also solve" in line for line in said)
    done = replace(IMAGENET, id="done", status="answered", replies=(reply("told", "See Table 3."),))
    left = replace(IMAGENET, id="left", text="No experiments on CIFAR are shown.", gist="No experiments on CIFAR.")
    (concern,) = weigh(review_file((), (done, left), TOLD)).concerns
    assert [p.id for p in concern.points] == ["left"]


def test_without_reviews_there_is_no_lean():
    file = review_file((), ())
    hit = passage("own", "Tern keeps accuracy.", "notes")
    lines = recommendation(request(), gathered(replace(file, passages=(hit,))), desk())
    assert not any("lean towards" in line.text for line in lines)
