"""The weighing: stances by degree and confidence, what of them stands, the chair's priorities, and the lean."""

from dataclasses import replace

import pytest

from agent.answering.scores import ScoreLine
from agent.answering.weighing import Concern, grade, lean_at, mean_grade, weigh
from agent.priorities import read_priorities
from tests.agent.answering.files import (
    ABOVE,
    BAD,
    BELOW,
    GOOD,
    IMAGENET,
    NOVEL,
    R1,
    R2,
    R3,
    SPLIT,
    STALE,
    point,
    review_file,
    scores,
)  # fmt: skip


@pytest.mark.parametrize(
    ("number", "words", "ends", "expected"),
    [
        (6, "Marginally above the acceptance threshold", (None, None), 1),
        (5, "Marginally below the acceptance threshold", (None, None), -1),
        (8, "Accept, good paper", (None, None), 2),
        (3, "Clear rejection", (None, None), -3),
        (None, "Weak Reject", (None, None), -1),
        (4, "", (1, 5), 1.5),
        (1, "", (1, 5), -3),
        (4, "", (None, None), 0),
    ],
)
def test_a_rating_counts_by_its_degree(number, words, ends, expected):
    assert grade(ScoreLine(number, words, *ends)) == expected


def test_confidence_decides_where_stances_are_even():
    sure = review_file((scores(R1, GOOD, 5), scores(R2, BAD, 2)), ())
    unsure = review_file((scores(R1, GOOD, 2), scores(R2, BAD, 5)), ())
    assert mean_grade(weigh(sure).stances) > 0 > mean_grade(weigh(unsure).stances)
    assert weigh(unsure).lean == "reject"


def test_an_adverse_rating_loses_force_as_its_reviewer_takes_concerns_as_settled():
    met = replace(STALE, status="answered", verdict="yes", verdict_passages=("stale",))
    before, after = (weigh(review_file((scores(R2, BAD),), (p,))).stances[0].grade for p in (STALE, met))
    assert (before, after) == (-2, -1)


def test_the_same_record_gives_the_same_lean_and_an_open_concern_weighs_more_than_a_settled_one():
    assert weigh(SPLIT) == weigh(SPLIT)
    settled = Concern("novelty", (replace(STALE, verdict="yes"),))
    kept = Concern("novelty", (replace(STALE, status="answered", verdict="no"),))
    assert [c.state for c in (settled, Concern("novelty", (STALE,)), kept)] == ["settled", "open", "kept"]
    assert settled.weight < Concern("novelty", (STALE,)).weight < kept.weight


def test_what_the_chair_does_not_weigh_is_gone_and_takes_the_rating_that_rests_on_it():
    weighing = weigh(SPLIT, read_priorities("don't weigh the missing ImageNet"))
    assert "experiments" not in {c.theme for c in weighing.concerns}
    assert [p.id for a in weighing.applied for p in a.points] == ["imagenet"]
    plain = {s.reviewer: s.weight for s in weigh(SPLIT).stances}
    now = {s.reviewer: s.weight for s in weighing.stances}
    assert now[R3] == plain[R3] / 4 and now[R2] == plain[R2]


def test_a_theme_that_matters_most_lifts_those_who_argue_from_it_on_either_side():
    weighing = weigh(SPLIT, read_priorities("novelty matters most to me"))
    assert {p.id for a in weighing.applied for p in a.points} == {NOVEL.id, STALE.id}
    plain, now = (
        {s.reviewer: s.weight for s in weigh(SPLIT, p).stances}
        for p in ((), read_priorities("novelty matters most to me"))
    )
    assert now[R1] == 2 * plain[R1] and plain[R2] < now[R2] < 2 * plain[R2] and now[R3] == plain[R3]


def test_a_reviewer_who_is_discounted_counts_a_quarter_and_on_one_theme_only_there():
    whole, part = (weigh(SPLIT, read_priorities(said)) for said in ("discount R2", "discount R2 on novelty"))
    assert whole.applied[0].reviewers == (R2,) and not part.applied[0].reviewers
    assert [p.id for p in part.applied[0].points] == ["stale"]
    plain = {s.reviewer: s.weight for s in weigh(SPLIT).stances}[R2]
    assert {s.reviewer: s.weight for s in whole.stances}[R2] == plain / 4


def test_a_priority_that_meets_no_point_moves_nothing():
    weighing = weigh(SPLIT, read_priorities("I care about fairness across languages"))
    assert weighing.applied[0].points == () and weighing.odds == weigh(SPLIT).odds


def test_one_reviewer_who_moves_may_turn_the_lean():
    file = review_file((scores(R1, GOOD), scores(R2, ABOVE), scores(R3, BELOW)), (IMAGENET,))
    weighing = weigh(file)
    assert weighing.lean == "accept"
    turned = {s.reviewer: lean_at(weighing, s) for s in weighing.stances}
    assert turned[R1] == "reject" and turned[R3] == "accept"


def test_without_any_score_the_points_alone_lean():
    praise = [point(f"good{n}", n, "praises", "A novel idea with strong experiments.") for n in (R1, R2, R3)]
    assert weigh(review_file((), praise)).lean == "accept"
    assert weigh(review_file((), (STALE, IMAGENET, replace(STALE, id="x", reviewer=R1)))).lean == "reject"
