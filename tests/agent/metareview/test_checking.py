"""Each rule of the checker fires on what it is for, and on nothing that is good."""

from dataclasses import replace

import pytest

from agent.metareview.checking import check
from agent.metareview.keeping import Part
from agent.metareview.merging import Conflict
from agent.metareview.text import without_marks
from tests.agent.metareview.material import reach_verdict

SUBMISSION = "tern-pruning"


@pytest.fixture
def good(drafts, history, conversation):
    """A draft with a decision and a run: nothing is lacking in it."""
    reach_verdict(history, conversation)
    turn = history.add_message(conversation, "x")
    stated = {"decision": "reject", "rating": 4.0, "note": "I reject it, 4."}
    history.record_decision(conversation, turn, stated, SUBMISSION)
    review = drafts.refresh(conversation, SUBMISSION).review
    review = with_text(review, recommendation=review.text["recommendation"] + " I decide against it because of these.")
    assert check(review) == ()
    return review


def with_text(review, **texts):
    parts = {name: replace(part, text=texts.get(name, part.text)) for name, part in review.parts.items()}
    return replace(review, parts=parts)


def emptied(review, *kept):
    return with_text(review, **{name: "" for name in review.parts if name not in kept})


def rules(review):
    return {lack.rule for lack in check(review)}


def added(review, sentence, section="merits"):
    return with_text(review, **{section: f"{review.text[section]} {sentence}"})


def test_a_concern_that_is_not_spoken_of_is_named(good):
    found = [lack for lack in check(emptied(good, "claims")) if lack.rule == "unaddressed"]
    assert any("scale and practicality (AnonReviewer1)" in lack.what for lack in found)
    bare = with_text(
        emptied(good),
        concerns="AnonReviewer1 says that wall-clock time on a harbour CPU is missing and that sparse routes may not run faster in practice.",
    )
    assert not any("scale" in lack.what for lack in check(bare) if lack.rule == "unaddressed")


def test_a_disagreement_needs_a_sentence_that_sets_the_sides_against_each_other(good):
    gone = with_text(good, reviewers="AnonReviewer3 is for it.")
    assert [lack.what for lack in check(gone) if lack.rule == "disagreement"] == [
        "Weigh the disagreement on novelty (AnonReviewer1 and AnonReviewer2)"
    ]
    numbers = {c.passage_id: n for n, c in good.draft.citations.items()}
    sides = "".join(f"[{numbers[p]}]" for p in good.draft.outline.disagreements[0].passages)
    weighed = with_text(good, reviewers=f"AnonReviewer3 is for it. I side with AnonReviewer1 {sides}.")
    assert "disagreement" not in rules(weighed)


@pytest.mark.parametrize(
    "sentence",
    [
        "I reject it because the average score is 5.",
        "The mean of the ratings is low.",
        "The reviewers' scores average out below the bar.",
        "I reject it since the ratings are too low.",
    ],
)
def test_an_average_of_scores_is_no_reason(good, sentence):
    assert "average" in rules(added(good, sentence, "recommendation"))


@pytest.mark.parametrize("sentence", ["The average latency weighs little for me.", "I do not rely on scores alone."])
def test_other_averages_are_none(good, sentence):
    assert "average" not in rules(added(good, sentence))


def test_under_a_hundred_words_is_short(good):
    assert "short" in rules(emptied(good, "claims"))


def test_where_no_review_is_there_it_may_be_short(drafts, history):
    c = history.create("me", "puffin-quantization")
    assert "short" not in rules(drafts.refresh(c, "puffin-quantization").review)


def test_a_recommendation_needs_a_reason(good):
    assert "reason" in rules(with_text(good, recommendation="Reject."))
    assert "reason" not in rules(
        with_text(good, recommendation="Reject, because the comparison that both ask for is missing from it.")
    )


def test_a_decision_is_asked_for_until_one_is_stated_or_written(good):
    undecided = replace(good, draft=replace(good.draft, outline=replace(good.draft.outline, decision=None)))
    kept = {n: replace(p, generated=p.text) for n, p in undecided.parts.items()}
    assert "undecided" in rules(replace(undecided, parts=kept))
    assert "undecided" not in rules(
        with_text(undecided, recommendation="I reject it, because the comparison is missing from it.")
    )


def test_a_decision_against_the_record_asks_for_the_chairs_reason(good):
    part = good.parts["recommendation"]
    other = replace(good.draft, outline=replace(good.draft.outline, lean="accept"))
    unexplained = {**good.parts, "recommendation": Part(part.text, part.text)}
    assert "other side" in rules(replace(good, draft=other, parts=unexplained))
    assert "other side" not in rules(replace(good, draft=other))


def test_a_claim_without_a_citation(good):
    assert "citation" in rules(added(good, "The method fails on large networks."))
    assert "citation" in rules(added(good, "AnonReviewer2 is convinced now."))
    assert "citation" not in rules(added(good, "I weigh this less than the rest."))
    assert "citation" not in rules(added(good, "Nothing on record speaks of it."))


def test_a_citation_that_was_deleted_from_a_claim_is_missed(good):
    assert "citation" in rules(with_text(good, merits=without_marks(good.text["merits"])))


def test_a_reviewer_who_is_not_mentioned(good):
    without = {name: text.replace("AnonReviewer3", "somebody") for name, text in good.text.items()}
    assert [lack.what for lack in check(with_text(good, **without)) if lack.rule == "reviewer"] == [
        "AnonReviewer3 is not mentioned"
    ]


def test_an_alias_mentions_a_reviewer(good):
    outline = replace(good.draft.outline, reviewers={**good.draft.outline.reviewers, "AnonReviewer3": ("R3",)})
    without = {name: text.replace("AnonReviewer3", "R3") for name, text in good.text.items()}
    assert "reviewer" not in rules(replace(with_text(good, **without), draft=replace(good.draft, outline=outline)))


def test_a_verdict_that_is_not_told(good):
    assert "verdict" in rules(with_text(good, tests="No claim was put to the test."))


@pytest.mark.parametrize(
    "sentence", ["It keeps 99 % accuracy [2].", "It is 12 times faster.", "The run gave 7.77 points [run {run}]."]
)
def test_a_number_that_no_source_bears(good, sentence):
    digest = next(iter(good.draft.outline.run_texts))[:8]
    assert "number" in rules(added(good, sentence.format(run=digest)))


@pytest.mark.parametrize("sentence", ["It keeps 91.2 % accuracy at 80 % sparsity [2].", "My rating is 4."])
def test_a_number_that_its_source_or_the_chair_bears(good, sentence):
    assert "number" not in rules(added(good, sentence))


def test_words_in_quotation_marks_stand_in_what_is_cited(good):
    assert "quotation" in rules(added(good, "It “keeps all of the accuracy” [2]."))
    assert "quotation" not in rules(added(good, "It “keeps 91.2 % accuracy at 80 % sparsity” [2]."))


def test_a_mark_that_points_to_nothing(good):
    assert "mark" in rules(added(good, "I agree [77].")) and "mark" in rules(added(good, "I agree [run abcdef12]."))


def test_a_conflict_is_something_to_do(good):
    part = replace(good.parts["claims"], conflicts=(Conflict("mine", "old", "new"),))
    assert "conflict" in rules(replace(good, parts={**good.parts, "claims": part}))


def test_a_mark_in_a_sentence_on_something_else_does_not_speak_of_a_concern(good):
    numbers = {c.passage_id: n for n, c in good.draft.citations.items()}
    marks = "".join(f"[{numbers[p]}]" for c in good.draft.outline.concerns for p in c.passages)
    idle = with_text(emptied(good), recommendation=f"AnonReviewer1 and AnonReviewer2 wrote about many things {marks}.")
    assert any("comparisons (AnonReviewer1 and AnonReviewer2)" in lack.what for lack in check(idle))


def test_each_holder_of_a_concern_is_spoken_of(good):
    numbers = {c.passage_id: n for n, c in good.draft.citations.items()}
    own = {c.name: c for c in good.draft.outline.concerns if c.name.startswith("comparisons")}
    assert set(own) == {"comparisons (AnonReviewer1)", "comparisons (AnonReviewer2)"}
    mark = numbers[own["comparisons (AnonReviewer1)"].passages[0]]
    one = with_text(emptied(good), concerns=f"AnonReviewer1 misses comparisons with other work [{mark}].")
    left = [lack.what for lack in check(one) if lack.rule == "unaddressed" and "comparisons" in lack.what]
    assert left == ["The concern about comparisons (AnonReviewer2) is not spoken of"]


@pytest.mark.parametrize(
    "sentence", ["With ratings of 4, 5 and 7 this is a reject.", "The scores are low, thus reject."]
)
def test_scores_and_a_decision_without_another_reason_are_none(good, sentence):
    alone = with_text(good, recommendation=sentence)
    assert {"average", "reason"} <= rules(alone)
