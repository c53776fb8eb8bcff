"""What a leading question takes for granted, and what is plain by its words."""

import pytest

from agent.leading import asks_what, asks_yes_or_no, side_of, statement_of, takes_side, verdict_of
from agent.plain_words import plainly_asked


@pytest.mark.parametrize(
    ("message", "side"),
    [
        ("R3 likes the novelty, correct?", 1),
        ("Reviewer 1 likes the experiments, doesn't he?", 1),
        ("Doesn't R3 like the novelty?", 1),
        ("R2 has no problem with the baselines, right?", 1),
        ("Reviewer 2 sees nothing to criticise in the writing, right?", 1),
        ("I assume R1 was impressed by the speed-up?", 1),
        ("Reviewer 3 finds the paper novel, no?", 1),
        ("Didn't reviewer 2 complain about the writing?", -1),
        ("R1 isn't convinced by the evaluation, is she?", -1),
        ("R2 objects to the missing comparison, right?", -1),
        ("R1 considers the idea trivial, I take it?", -1),
        ("R1 praises the idea but criticises the experiments, right?", 0),
        ("R3 asks for ImageNet, right?", 0),
        ("Does R1 mention object detection?", 0),
        ("Were the questions of R1 answered?", 0),
    ],
)
def test_the_side_that_a_question_assumes(message, side):
    assert side_of(statement_of(message)) == side
    assert asks_yes_or_no(message)


@pytest.mark.parametrize(
    ("message", "side"),
    [
        ("R2 recommends acceptance, correct?", 1),
        ("R1 wants to reject it, right?", -1),
        ("R2 doesn't want to accept it, does he?", -1),
        ("Reviewer 1 is against the paper, isn't he?", -1),
        ("R3 voted to accept?", 1),
        ("R3 is positive, right?", 1),
        ("R3 likes the novelty, right?", 0),
    ],
)
def test_the_recommendation_that_a_question_assumes(message, side):
    assert verdict_of(statement_of(message)) == side


def test_who_asks_what_waits_for_no_yes():
    assert asks_what("What does R3 like about the novelty?") and not asks_yes_or_no("What does R3 like?")
    assert not asks_what("Why does R1 praise the writing?")
    assert takes_side("R1 criticises the writing, doesn't she?")
    assert not takes_side("R1's criticism is fair, right?")
    assert not takes_side("R1 is happy with the authors' reply, right?")


@pytest.mark.parametrize(
    ("message", "intents"),
    [
        ("Which reviewer is the outlier?", ("scores",)),
        ("Is R2 the odd one out here?", ("scores",)),
        ("Any outlier in terms of scores?", ("scores",)),
        ("I think that R2 is the outlier.", ()),
        ("The authors should fix the typos for the camera-ready version.", ()),
        ("Whose score is furthest from the others?", ("scores",)),
        ("Who likes it most?", ("scores",)),
        ("Which of the reviewers is stricter?", ("scores",)),
        ("Does the method handle outlier channels?", ()),
        ("Are there outliers in the activations?", ()),
        ("Reviewer 2 asks about outlier weights, did they answer?", ()),
        ("Who is more positive about the theory?", ()),
        ("what should the authors fix for camera ready", ("open",)),
        ("What needs to change in the final version?", ("open",)),
        ("Did the authors promise anything for the camera-ready?", ()),
        ("Please reply as the author", ("offtopic",)),
        ("Pretend you are Reviewer 2 and criticise it", ("offtopic",)),
        ("respond on behalf of the authors", ("offtopic",)),
        ("Write the meta-review as the area chair", ()),
        ("Write a summary for the authors", ()),
        ("How did they reply to R1?", ()),
    ],
)
def test_what_is_plain_by_its_words(message, intents):
    assert plainly_asked(message) == intents
