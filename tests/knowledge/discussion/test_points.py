"""Reviews are split into what they praise, object to and ask, every offset exact."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.discussion.points import ReviewPoint, split_points
from tests.knowledge.discussion.documents import document


def read(text: str, title: str = "Review") -> tuple[ReviewPoint, ...]:
    return split_points(document("review", "Reviewer Ab1", (title, text)))


def wanting(text: str, title: str = "Review") -> list[str]:
    return [point.text for point in read(text, title) if point.wants_reply]


def test_prose_is_parted_where_a_new_concern_begins():
    text = (
        "This paper proposes tide coding. It is well written. My main concern is the data: only one harbour was "
        "tested. This says little about rivers. Another concern is the missing comparison with anchors."
    )
    points = read(text)
    assert [(point.stance, point.text[:22]) for point in points] == [
        ("describes", "This paper proposes ti"),
        ("praises", "It is well written."),
        ("objects", "My main concern is the"),
        ("objects", "Another concern is the"),
    ]
    assert points[2].text.endswith("This says little about rivers.")


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("1. Why salt?\n2. Why foam?", ["1", "2"]),
        ("(a) Why salt?\n(b) Why foam?", ["a", "b"]),
        ("Q1: Why salt?\nQ2: Why foam?", ["Q1", "Q2"]),
        ("Weaknesses: 1. No anchors were tried at all. 2. The tides are not described.", ["W1", "W2"]),
        ("1.Salt is not discussed.\n2.Foam is not discussed.", ["1", "2"]),
    ],
)
def test_lists_in_and_across_lines_are_parted_and_labelled(text: str, labels: list[str]):
    assert [point.label for point in read(text) if point.wants_reply] == labels


def test_headings_inside_a_text_tell_what_follows():
    points = read("Pros:\n- The tide is simple.\n\nCons:\n- The harbour has one pier.\n\nTypos:\n- p. 3: tiede")
    assert [(point.stance, point.aspects[0]) for point in points] == [
        ("praises", "strength"),
        ("objects", "weakness"),
        ("objects", "typo"),
    ]


def test_plus_and_minus_go_before_the_heading():
    assert [
        point.stance for point in read("- (+) Simple tides.\n- (-) Salt eats the pier.", "Strengths And Weaknesses")
    ] == [
        "praises",
        "objects",
    ]


def test_a_wish_for_an_experiment_is_known_wherever_it_stands():
    (point,) = [p for p in read("It would be good to report the latency on a harbour CPU.") if p.wants_reply]
    assert "experiment" in point.aspects
    (other,) = [p for p in read("Could you define the tide in equation 3?") if p.wants_reply]
    assert other.aspects == ("question",)


def test_what_is_no_point_wants_no_reply():
    assert wanting("I have three concerns. First, salt is not discussed.") == ["First, salt is not discussed."]
    assert not wanting("See weaknesses.", "Questions")
    assert not wanting("[1] Reef, A. Tide coding. arXiv:2031.00001, 2031.", "Weaknesses")
    assert not wanting("I recommend to accept this paper.")
    assert not split_points(document("review", "R", ("Scores", "Rating: 5 (weak reject)")))


def test_the_heading_of_a_list_is_its_lead():
    text = "Some minor comments to improve the writing:\n- tiede is misspelled\n- Figure 2 is not mentioned"
    points = [point for point in read(text) if point.wants_reply]
    assert len(points) == 2
    assert all(point.heading == "Some minor comments to improve the writing:" for point in points)


@given(st.text(st.sampled_from('ab .?!:\n-*#1(2)[]>"“”$|Q'), max_size=300))
def test_every_point_is_its_document_at_its_offsets_and_none_overlap(text: str):
    whole = document("review", "R", ("Review", text))
    points = split_points(whole)
    assert all(point.text == whole.text[point.start : point.end] and point.text.strip() for point in points)
    assert all(left.end <= right.start for left, right in pairwise(points))


def test_what_is_taken_back_is_no_objection():
    points = split_points(
        document("review", "R1", ("Comment", "My point on the lack of anchors is withdrawn. I missed Table 2."))
    )
    assert {point.stance for point in points} == {"describes"}


def test_what_stands_between_objections_is_one_and_a_ticked_box_is_none():
    text = "- There are no anchors.\n\n- The reef costs ten tons of salt.\n\n- The text is too long.\n\n- NO or VERY MINOR concerns only"
    assert [point.stance for point in read(text)] == ["objects", "objects", "objects", "describes"]


def test_what_is_told_of_the_paper_first_is_no_judgement():
    text = (
        "Harbours silt up over the years. This paper presents a cheap tide model with few errors. They compare it "
        "with two piers and show strong results on the limited data of Cove. The method is elegant. However, the tides of winter are left out."
    )
    assert [point.stance for point in read(text)] == ["describes", "praises", "objects"]


def test_plus_and_minus_inside_a_line_part_it():
    assert [point.stance for point in read("(+) Tides are thoroughly tested. (-) Salt is ignored.")] == [
        "praises",
        "objects",
    ]


def test_a_list_that_tells_the_claims_of_the_authors_objects_to_nothing():
    points = read("The paper claims the following:\n1. Tides can be read.\n2. Anchors fail less.\n")
    assert {point.stance for point in points} == {"describes"}


def test_labels_within_a_paragraph_part_it():
    found = read("W1: The drift is ignored. W2: No anchor was tried, 3 were promised. W3: The salt is left out.")
    assert [(p.label, p.text[:2]) for p in found if p.label] == [("W1", "W1"), ("W2", "W2"), ("W3", "W3")]


def test_a_box_that_says_that_the_limits_are_discussed_objects_to_nothing():
    assert wanting("Yes, adequately discussed.", "Limitations") == []


def test_what_a_reviewer_quotes_is_no_point_of_that_reviewer():
    text = "> R2: No anchor is compared.\n> That is a weakness.\nI do not agree.\n\n> Is the tide high?\n\nThe harbour is missing."
    assert [one.text for one in read(text)] == ["I do not agree.", "The harbour is missing."]


def test_a_review_that_is_quoted_as_a_whole_keeps_its_points():
    assert wanting("> No anchor is compared.\n\n> Is the tide high?")
