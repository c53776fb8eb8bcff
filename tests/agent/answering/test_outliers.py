"""Whose score lies apart, and who of two stands higher."""

import pytest

from agent.answering.tallies import scores
from agent.mentions import find_reviewers
from agent.request import Request
from tests.agent.answering.files import R1, R2, R3, TERN, desk, gathered, review_file
from tests.agent.answering.files import scores as scored


def answer(question: str, *ratings: str) -> str:
    file = review_file(tuple(scored(n, r) for n, r in zip((R1, R2, R3), ratings, strict=False)), ())
    asked = Request(question, ("scores",), ("tern",), find_reviewers(question, TERN))
    return scores(asked, gathered(file), desk())[0].text


@pytest.mark.parametrize(
    ("question", "ratings", "opening"),
    [
        ("Which reviewer is the outlier?", ("3", "8", "8"), "Reviewer 1 is furthest from the others: rating 3 against 8 and 8."),
        ("Who is the odd one out?", ("4", "5", "5"), "Reviewer 1 is furthest from the others: rating 4 against 5 and 5, though by 1 only."),
        ("Is R2 the outlier?", ("3", "8", "8"), "No: Reviewer 1 is furthest from the others: rating 3 against 8 and 8."),
        ("Is R1 the outlier here?", ("3", "8", "8"), "Yes: Reviewer 1 is furthest from the others: rating 3 against 8 and 8."),
        ("Which reviewer is the outlier?", ("7", "7", "7"), "Nobody is the outlier: the ratings are all 7."),
        ("Which reviewer is the outlier?", ("3", "8"), "Nobody is the outlier: there are two ratings, 3 and 8."),
        ("Which reviewer is the outlier?", ("2", "5", "8"), "No single reviewer is the outlier: the ratings are 2, 5 and 8."),
        ("Who is more positive?", ("3", "8", "8"), "The highest rating is 8, by Reviewer 2 and Reviewer 3."),
        ("Who is more positive, R1 or R3?", ("3", "8", "5"), "The higher rating is 5, by Reviewer 3; Reviewer 1 has 3."),
        ("Is R2 more positive than R3?", ("3", "8", "8"), "Neither: the rating of both is 8."),
        ("Which of the reviewers is stricter?", ("3", "8", "8"), "The lowest rating is 3, by Reviewer 1."),
        ("Who likes it the most?", ("3", "8", "5"), "The highest rating is 8, by Reviewer 2."),
    ],
)  # fmt: skip
def test_who_lies_apart(question, ratings, opening):
    assert answer(question, *ratings) == opening
