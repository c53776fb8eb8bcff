"""Sentences that decide by scores and nothing else, and those that only speak of them."""

import pytest

from agent.metareview.scored import by_average, by_scores_alone


@pytest.mark.parametrize(
    "sentence",
    [
        "With ratings of 4, 5 and 5 this is a reject.",
        "Reviewers gave low scores, thus reject.",
        "On average reviewers gave 4.67.",
        "The reviewers average 4.7.",
        "They rated it 4.7 on average.",
        "I reject it, since the scores 4, 5 and 5 are all too low to accept and that settles it for me, whatever the"
        " authors replied in their long and careful response.",
        "Two of three reviewers rated it below the bar, so I recommend rejection.",
        "The scores are high enough to accept.",
        "Given scores 7, 7 and 6 I accept the paper.",
        "All reviewers gave it 3, hence reject.",
        "The paper is rejected because of its ratings.",
        "Accept: the scores speak for themselves.",
    ],
)
def test_scores_and_a_side_without_anything_else_are_no_reason(sentence):
    assert by_average(sentence) or by_scores_alone(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "I reject it despite the high scores.",
        "Although the scores are high, I reject it because the code is missing and the baselines are old.",
        "I accept it, not because of the scores but for its proof.",
        "I reject it since the proofs are wrong, and the scores agree.",
        "The reviewers' ratings lie between 4 and 5.",
        "Reviewer 1 raised the score after the timings, and the comparison with tides is still missing, so I reject it.",
        "The method scores 78 % on average on Lagoon-10.",
        "I lean towards rejecting, for the reasons that follow.",
    ],
)
def test_another_reason_or_no_side_is_no_fault(sentence):
    assert not by_average(sentence) and not by_scores_alone(sentence)
