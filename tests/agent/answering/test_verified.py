"""A verdict in an answer: the reviewer's own point beside it, what it changes, and the claim's figures apart from ours."""

from dataclasses import replace

import pytest

from agent.answering.experiments import SAME_RUN, verified
from agent.claim_words import OWN_RATIO
from agent.claims import DENIED
from agent.desk import Desk, Paper, Reviewer
from agent.gathered import Gathered, ReviewFile
from agent.request import Request
from agent.run_checks import check_direction, check_outcome, check_run_numbers, check_scope
from agent.tools.verify import run_text
from agent.verdict_words import tell_meaning
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


def test_what_it_means_is_told_in_a_few_sentences_without_the_numbers_of_the_card():
    lines = told("x")
    assert sum(line.startswith("For the decision: ") for line in lines) == 1 and len(lines) <= 5
    assert (
        lines[0].startswith("Inconclusive: on the ")
        and "OBQ is higher in test accuracy than round-to-nearest" in lines[0]
    )
    assert any("seeds would settle it" in line or "would not settle it" in line for line in lines)
    assert not any(
        figure in line for line in lines for figure in ("92.5", "81.0", "interval (", "Scope", "Read into it")
    )


@pytest.mark.parametrize(
    ("outcome", "denied", "first", "decision"),
    [
        ("supported", False, "this comes out as claimed", "can be leaned on"),
        ("supported", True, "what the sentence denies comes out", "speaks against the sentence"),
        ("contradicted", False, "this does not come out", "ask the authors"),
        ("contradicted", True, "what the sentence denies does not come out", "speaks for the sentence"),
        ("inconclusive", False, "this stays open", "it changes nothing"),
    ],
)
def test_each_outcome_has_its_meaning(outcome, denied, first, decision):
    run = ran(CLAIM).answer.verdicts[0]
    run = run | {"verdict": run["verdict"] | {"outcome": outcome}, "changes": [DENIED] if denied else []}
    lines = tell_meaning(run)
    assert first in lines[0] and decision in lines[-1]


def test_a_run_that_was_made_before_is_told_as_such():
    past = ran(CLAIM)
    gathered = Gathered(verifications=(past.answer.verdicts[0],))
    request = Request("use five seeds", ("verify",), claim=CLAIM)
    assert verified(request, gathered, replace(DESK, past=(past,)))[0].text == SAME_RUN
    assert all(s.text != SAME_RUN for s in verified(request, gathered, DESK))


def test_neighbouring_settings_that_differ_are_told():
    run = ran(CLAIM).answer.verdicts[0]
    run = run | {"verdict": run["verdict"] | {"outcome": "supported"}}
    assert any(
        "comes out alike in every" in line
        for line in tell_meaning(run | {"around": ["Supported: a.", "Supported: b."]})
    )
    assert any(
        "Not every comparison" in line for line in tell_meaning(run | {"around": ["Supported: a.", "Contradicted: b."]})
    )
    assert any("None of the comparisons" in line for line in tell_meaning(run | {"around": ["Contradicted: b."]}))
    assert OWN_RATIO in tell_meaning(run | {"changes": [OWN_RATIO]})


@pytest.mark.parametrize("gains", [(9.0, 8.0, 9.5), (-9.0, -8.0, -9.5), (9.0, -7.0, 1.0)])
def test_what_is_told_is_borne_by_the_run(gains):
    run = ran(CLAIM, gains).answer.verdicts[0]
    text = f"{run_text(run)} {run['testbed_title']}"
    for line in tell_meaning(run):
        assert check_run_numbers(line, [text]) is None and check_outcome(line, [text]) is None
        assert check_direction(line, [text]) is None and check_scope(line) is None
