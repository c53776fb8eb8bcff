"""Which points a ruling of the chair's is on, and what becomes of the weighing; told as the chair's."""

from dataclasses import asdict, replace

import pytest

from agent.answering.judged_points import calls, points_judged
from agent.answering.own_decision import own_decision, stated
from agent.answering.recommending import recommendation
from agent.answering.weighing import weigh
from agent.judgements import read_judgement
from agent.points import Point
from agent.statements import find_statement
from tests.agent.answering.files import R1, R2, R3, SPLIT, desk, gathered, leaned, point, request, review_file
from tests.agent.answering.test_recommending import stands, text


def ruled(said: str, *told: str):
    found = read_judgement(said)
    assert found is not None
    return replace(found, told=told)


def on(said: str, *told: str, file=SPLIT) -> set[str]:
    return {p.id for p in points_judged(file, ruled(said, *told))}


@pytest.mark.parametrize(
    ("said", "ids"),
    [
        ("R2's concern about novelty is settled", {"stale"}),
        ("R2's timing concern is settled for me", {"slow"}),
        ("The concern about ImageNet does not count", {"imagenet"}),
        ("R3's point is settled", {"imagenet"}),
        ("All of R2's points are settled", {"stale", "slow"}),
        ("R2's second point is settled", {"slow"}),
        ("R2's point is settled", set()),  # one of two, and nothing tells which
        ("R1's concern about timing is settled", set()),
    ],
)
def test_points_are_found_by_reviewer_matter_and_place(said, ids):
    assert on(said) == ids


def test_that_point_is_what_the_question_named_or_the_one_that_was_told():
    stale, slow = "Reviewer 2: “The novelty is low, it is an incremental variation of known pruning.”", "Reviewer 2: “No wall-clock speed on real hardware is measured.”"  # fmt: skip
    assert on("That point does not count.", "What is said on speed?", slow) == {"slow"}
    assert on("too vague to count", "Is the point of incremental variation of known pruning and low novelty vague?", slow, stale) == {"stale"}  # fmt: skip
    assert on("Those points do not count.", "What else?", slow, stale) == {"slow", "stale"}
    assert on("That point does not count.", "What else?", slow, stale) == set()


def test_a_label_calls_a_point():
    points = [point(f"w{n}", R1, "objects", f"Thing {n} is missing.", label=f"W{n}") for n in (1, 2)]
    assert on("W2 of R1 is settled.", file=review_file((), points)) == {"w2"}


def test_a_reviewer_is_called_by_number_also_where_the_name_is_one_word():
    assert calls("R2's concern", "AnonReviewer2") and calls("Reviewer 2", "AnonReviewer2")
    assert not calls("R2's concern", "AnonReviewer12") and calls("x1Yz says", "Reviewer_x1Yz")


def test_what_is_settled_stands_no_longer_against_it_and_softens_the_rating():
    plain, now = weigh(SPLIT), weigh(SPLIT, [ruled("R2's concern about novelty is settled")])
    assert "novelty" in {c.theme for c in plain.concerns} and "novelty" not in {c.theme for c in now.concerns}
    grades = [{s.reviewer: s.grade for s in w.stances} for w in (plain, now)]
    assert grades[0][R2] < grades[1][R2] < 0 and grades[0][R3] == grades[1][R3]


def test_what_does_not_count_is_gone_and_the_rating_on_it_counts_less():
    plain, now = weigh(SPLIT), weigh(SPLIT, [ruled("R3's ImageNet point does not count")])
    assert "experiments" not in {c.theme for c in now.concerns}
    weights = [{s.reviewer: s.weight for s in w.stances} for w in (plain, now)]
    assert weights[1][R3] == weights[0][R3] / 4


def test_a_later_ruling_takes_the_place_of_an_earlier_one():
    settled, again = ruled("R2's concern about novelty is settled"), ruled("R2's novelty concern is still open for me")
    now = weigh(SPLIT, [settled, again])
    assert [c.theme for c in now.concerns] == [c.theme for c in weigh(SPLIT).concerns] and now.odds == weigh(SPLIT).odds
    assert [a.priority for a in now.applied] == [again]


def test_a_point_that_is_left_alone_stays_a_concern_of_the_others():
    other: Point = point("same", R3, "objects", "The novelty is limited and incremental.")
    file = replace(SPLIT, points=(*SPLIT.points, other))
    (concern,) = [c for c in weigh(file, [ruled("R2's novelty point does not count")]).concerns if c.theme == "novelty"]
    assert [p.id for p in concern.points] == ["same"]


def held(said: str) -> dict:
    found = find_statement(said)
    assert found is not None
    return {"judged": [asdict(one) for one in found.judged]}


def test_the_recommendation_tells_the_ruling_as_the_chairs():
    said = "R2's concern about novelty is settled for me"
    lines = recommendation(request(), gathered(), desk(leaned(), decision=held(said)))
    assert f"Your judgement: “{said}”" in text(lines)
    assert "taken as settled, by your judgement" in text(lines) and "Novelty, by" not in text(lines)
    assert "without a reply on record" in text(lines) and stands(lines)


def test_a_ruling_is_confirmed_with_its_points_and_told_on_request():
    said = "R3's ImageNet point does not count"
    given = find_statement(said)
    lines = stated(request(said, "state", stated=given), gathered(), desk())
    assert lines[0].text == f"Recorded as your judgement: “{said}”"
    assert "no experiments on ImageNet" in text(lines) and stands(lines)
    lines = stated(request("R1's timing concern is settled", "state", stated=find_statement("R1's timing concern is settled")), gathered(), desk())  # fmt: skip
    assert "Which point that is I cannot tell" in text(lines)
    asked = own_decision(request("what did I say about this one?", "own"), gathered(), desk(decision=held(said)))
    assert f"On file as your judgement on a point: “{said}”" in text(asked)
