"""Reviewers called by their side, score or confidence become their names; questions of who that is stay questions."""

import pytest

from agent.descriptions import name_described
from agent.desk import Paper, Reviewer
from agent.mentions import labels_in

REVIEWERS = (
    Reviewer("Reviewer a1Bc", rating=3.0, confidence=5.0, label="Reject"),
    Reviewer("Reviewer d2Ef", rating=6.0, confidence=2.0, label="Weak Accept"),
    Reviewer("Reviewer g3Hi", rating=8.0, confidence=3.0, label="Accept"),
    Reviewer("Reviewer j4Kl", rating=3.0, confidence=4.0, label="Reject"),
)
PAPER = Paper("tern", "Tern: Pruning by Tides", ("Tern",), REVIEWERS)
REJECTING = "Reviewer a1Bc and Reviewer j4Kl"


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("does the positive one know the area?", "does Reviewer g3Hi know the area?"),
        ("what do the negative reviewers share", f"what do {REJECTING} share"),
        ("was the 8 answered", "was Reviewer g3Hi answered"),
        ("are the 3s convinced now?", f"are {REJECTING} convinced now?"),
        ("are the threes convinced now?", f"are {REJECTING} convinced now?"),
        ("the weak accept wants more?", "Reviewer d2Ef wants more?"),
        ("is the least confident reviewer worth much", "is Reviewer d2Ef worth much"),
        ("what did the most confident one object to", "what did Reviewer a1Bc object to"),
        ("the reviewer who gave a 6 - any reply?", "Reviewer d2Ef - any reply?"),
        ("the one with confidence 2, is it fair", "Reviewer d2Ef, is it fair"),
    ],
)
def test_who_is_called_by_a_score_is_called_by_the_name(said, meant):
    assert name_described(said, PAPER) == meant


@pytest.mark.parametrize(
    "said",
    [
        "who is the most negative one?",
        "which reviewer is the harshest one?",
        "is the 8-bit result settled",
        "what about the 3.5 points they lose?",
        "do the three reviewers agree",
        "the 4 reviewers differ on what",
        "the 2:4 pattern is missing",
        "the positive aspects",
    ],
)
def test_what_calls_nobody_stays(said):
    assert name_described(said, PAPER) == said


def test_whether_a_named_reviewer_is_the_harshest_stays_a_question():
    assert name_described("is d2Ef the harshest one?", PAPER, named=True) == "is d2Ef the harshest one?"


def test_of_equal_scores_nobody_stands_out():
    equal = Paper("t", "T", (), tuple(Reviewer(f"R{n}", rating=6.0) for n in (1, 2)))
    assert name_described("what does the positive one say", equal) == "what does the positive one say"


@pytest.mark.parametrize(
    ("said", "labels"),
    [
        ("Q3/W2 of R1?", [("Q", 3), ("W", 2)]),
        ("and w1?", [("W", 1)]),
        ("W4A4 at 3 bits, W2A16", []),
        ("RQ3", []),
    ],
)
def test_labels_of_points_are_read(said, labels):
    assert labels_in(said) == labels
