"""A verdict in an answer: the reviewer's own point beside it, what it changes, and the claim's figures apart from ours."""

from agent.answering.experiments import verified
from agent.desk import Desk, Paper, Reviewer
from agent.gathered import Gathered, ReviewFile
from agent.request import Request
from tests.agent.desks import passage
from tests.agent.test_experiment_questions import ran

PAPER = Paper("integral-pruning", "Pruning", (), (Reviewer("AnonReviewer4", ("R4",)),))
DESK = Desk((PAPER,), "integral-pruning")
POINT = "How much does the diagonal approximation of the Hessian lose?"
CLAIM = "OBQ reaches 92.5 % against 81.0 % for round-to-nearest at 2 bits on digits"


def told(claim: str, **asked) -> list[str]:
    file = ReviewFile("integral-pruning", (
        passage("It is well written.", "p1", "review", "AnonReviewer4"),
        passage(POINT, "p2", "review", "AnonReviewer4"),
    ))  # fmt: skip
    run = ran(CLAIM).answer.verdicts[0]
    request = Request(claim, ("verify",), ("integral-pruning",), claim=claim, **asked)
    return [s.text for s in verified(request, Gathered(files=(file,), verifications=(run,)), DESK)]


def test_the_named_reviewers_point_stands_beside_the_verdict():
    lines = told("Reviewer 4 wonders what the diagonal Hessian costs", reviewers=("AnonReviewer4",))
    assert any("stands on record" in line and POINT in line for line in lines)
    assert not any(POINT in line for line in told("Reviewer 4 wonders about the colours", reviewers=("AnonReviewer4",)))
    assert not any(POINT in line for line in told("What does the diagonal Hessian cost?"))


def test_what_it_changes_is_said_in_one_sentence_and_figures_are_kept_apart():
    lines = told("x")
    assert sum(line.startswith("For the decision: ") for line in lines) == 1
    assert any("92.5 %, 81.0 %" in line and "never mixed" in line for line in lines)
