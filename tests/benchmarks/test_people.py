"""Reviewers and scores that a sentence gets wrong are found."""

import pytest

from benchmarks.dialogues.people import named_reviewers, scores_said, wrong_reviewers, wrong_scores
from tests.benchmarks.answers import REVIEWS, cite

SECOND = cite("c1", "Limited novelty.", "AnonReviewer2")


@pytest.mark.parametrize(
    ("sentence", "names"),
    [
        ("R1 and Reviewer 2 differ.", ["AnonReviewer1", "AnonReviewer2"]),
        ("R7 agrees.", [None]),
        ("R12 is no name.", []),
    ],
)
def test_reviewers_are_named_by_any_alias(sentence, names):
    assert [n.reviewer for n in named_reviewers(sentence, REVIEWS)] == names


@pytest.mark.parametrize(
    ("sentence", "wrong"),
    [
        ("Reviewer 2 finds the novelty limited.", ()),
        ("Reviewer 1 finds the novelty limited.", ("Reviewer 1",)),
        ("R2 and R1 find the novelty limited.", ("R1",)),
        ("R9 finds the novelty limited.", ("R9",)),
        ("The novelty is limited.", ()),
    ],
)
def test_a_reviewer_must_have_written_a_cited_passage(sentence, wrong):
    assert wrong_reviewers(sentence, [SECOND], REVIEWS) == wrong


def test_a_passage_that_names_a_reviewer_or_answers_one_bears_the_name():
    assert wrong_reviewers("R1 gave a 6.", [cite("c1", "AnonReviewer1 gave 6.")], REVIEWS) == ()
    reply = cite("c1", "We added it.", "Authors", label="response of the authors to AnonReviewer1")
    assert wrong_reviewers("The reply to R1 adds it.", [reply], REVIEWS) == ()
    assert wrong_reviewers("The reply to R2 adds it.", [reply], REVIEWS) == ("R2",)


@pytest.mark.parametrize(
    "sentence",
    [
        "AnonReviewer1 rates the paper 6 (Marginally above), with confidence 4 (Confident).",
        "R1: rating 6, confidence 4; R2: rating 3, confidence 5.",
        "R1 and R2 rate it: ratings of 6 and 3.",
        "R1 has 6 (4), R2 has 3 (5).",
        "A rating of 6 comes from R1.",
        "R2 is sure, with a confidence of 5, and gives a 3.",
        "R1 raised the rating from 5 to 6.",
    ],
)
def test_scores_as_on_record_are_not_marked(sentence):
    assert wrong_scores(sentence, REVIEWS) == ()


@pytest.mark.parametrize(
    ("sentence", "count"),
    [
        ("AnonReviewer1 rates the paper 4, with confidence 6.", 2),
        ("R1: rating 6, confidence 5; R2: rating 3, confidence 5.", 1),
        ("R1 and R2 both give a rating of 6.", 1),
        ("R1 and R2 have ratings of 3 and 6.", 2),
        ("R1 has 4 (6).", 2),
        ("A rating of 3 comes from R1.", 1),
    ],
)
def test_scores_that_are_mixed_up_are_found(sentence, count):
    assert len(wrong_scores(sentence, REVIEWS)) == count


def test_the_chairs_own_and_the_meta_reviews_scores_are_nobodys():
    assert scores_said("R1 aside, your rating is 5.", REVIEWS) == []
    assert scores_said("R1 agrees with the meta-review, of confidence 5.", REVIEWS) == []
