"""Reviews as chairs paste them: who wrote what to whom, as what, with which scores."""

from typing import Any

import pytest

from knowledge.readers import read
from knowledge.readers.openings import read_opening
from tests.knowledge.readers import bundles


def take(tmp_path, text: str):
    path = tmp_path / "pasted.txt"
    path.write_text(text, encoding="utf-8")
    (part,) = read(path, into="estuary").parts
    return part


def roles(part):
    return [
        (document.kind, document.author, document.addressee, (document.reply_to or "").partition("/")[2])
        for document in part.documents
    ]


def scores(part) -> dict[str, Any]:
    return {
        review.reviewer: tuple(
            score and (score.value, score.label, score.high) for score in (review.rating, review.confidence)
        )
        for review in part.reviews
    }


def test_mails_with_their_headers(tmp_path):
    part = take(tmp_path, bundles.MAILS)
    assert roles(part) == [
        ("review", "Reviewer 3", None, ""),
        ("response", "Authors", "Reviewer 3", "review-reviewer-3"),
        ("comment", "Reviewer 3", "Authors", "response-authors-to-reviewer-3"),
    ]
    assert [document.date for document in part.documents] == ["2031-02-03", "2031-02-11", "2031-02-12"]
    assert scores(part) == {"Reviewer 3": ((3, "", 5), (None, "high", None))}
    assert "Subject" not in part.documents[1].text and "Rating: 3 (out of 5)" in part.documents[0].text


def test_a_mail_that_is_quoted_as_a_whole(tmp_path):
    part = take(tmp_path, bundles.QUOTED)
    assert scores(part) == {"Reviewer 1": ((6, "", None), (3, "", None)), "Reviewer 2": ((6, "weak accept", 10), None)}
    first = part.documents[0]
    assert first.date == "2031-02-03" and ("Weak points", "weaknesses") in [(s.title, s.aspect) for s in first.sections]
    points = [first.text[point.start : point.end] for point in first.points]
    assert "The paper is clear. The authors do not say\n4.2 on which network the delta was measured." in points


def test_dates_beside_names_and_a_rating_after_the_rebuttal(tmp_path):
    part = take(tmp_path, bundles.GERMAN_DATES)
    assert [(document.kind, document.author, document.date) for document in part.documents] == [
        ("review", "Reviewer 1", "2031-11-12"),
        ("review", "Reviewer 2", "2031-11-13"),
        ("response", "Authors", "2031-11-20"),
        ("comment", "Reviewer 1", "2031-11-24"),
    ]
    assert len(part.reviews) == 2 and scores(part)["Reviewer 1"][0] == (4, "", None)
    assert "Rating: 6" in part.documents[3].text


def test_responses_below_each_review_answer_it(tmp_path):
    part = take(tmp_path, bundles.INTERLEAVED)
    assert [(kind, author, to) for kind, author, to, _ in roles(part)] == [
        ("review", "Reviewer 1", None),
        ("response", "Authors", "Reviewer 1"),
        ("review", "Reviewer 2", None),
        ("response", "Authors", "Reviewer 2"),
    ]


def test_a_reviewers_name_inside_a_response_opens_no_review(tmp_path):
    part = take(tmp_path, bundles.INSIDE_A_RESPONSE)
    assert [(kind, author, to) for kind, author, to, _ in roles(part)][3:] == [
        ("response", "Authors", "all"),
        ("response", "Authors", "Reviewer 1"),
        ("response", "Authors", "Reviewer 2"),
        ("response", "Authors", "Reviewer 4"),
        ("comment", "Reviewer 4", "Authors"),
    ]
    assert scores(part) == {
        "Reviewer 1": ((4, "Below threshold", None), None),
        "Reviewer 2": ((7, "", None), None),
        "Reviewer 4": (None, None),
    }


def test_notes_of_an_area_chair_and_what_is_written_to_the_chair(tmp_path):
    part = take(tmp_path, bundles.CHAIR_NOTES)
    assert roles(part) == [
        ("comment", "Area Chair", None, ""),
        ("review", "AnonReviewer1", None, ""),
        ("review", "AnonReviewer2", None, ""),
        ("comment", "Area Chair", "AnonReviewer2", ""),
        ("comment", "AnonReviewer2", "Area Chair", "comment-area-chair-2"),
        ("meta-review", "Area Chair", None, ""),
    ]
    assert scores(part)["AnonReviewer1"] == ((None, "Accept", None), (None, "medium", None))


def test_a_table_of_scores_gives_each_reviewer_theirs(tmp_path):
    part = take(tmp_path, bundles.TABLE)
    assert {name: (rating[0], sure[0]) for name, (rating, sure) in scores(part).items()} == {
        "Reviewer 1": (6, 4), "Reviewer 2": (3, 2), "Reviewer 3": (8, 5)}  # fmt: skip
    assert ("response", "Authors", "Reviewer 2", "review-reviewer-2") in roles(part)


def test_a_line_of_scores_for_each_reviewer(tmp_path):
    part = take(tmp_path, bundles.ONE_LINERS)
    assert scores(part) == {
        "Reviewer 1": ((6, "", None), (4, "", None)),
        "Reviewer 2": ((3, "", 10), (5, "", None)),
    }
    assert roles(part)[2:] == [
        ("response", "Authors", "Reviewer 2", "review-reviewer-2"),
        ("comment", "Reviewer 2", "Authors", "response-authors-to-reviewer-2"),
    ]


def test_two_reviews_under_one_number_stay_two(tmp_path):
    part = take(tmp_path, bundles.TWO_OF_ONE_NUMBER)
    assert [document.kind for document in part.documents] == ["review", "review", "comment"]
    assert [review.rating and review.rating.value for review in part.reviews] == [5, 8]


def test_markdown_of_a_site(tmp_path):
    part = take(tmp_path, bundles.MARKDOWN)
    assert [(kind, author, to) for kind, author, to, _ in roles(part)] == [
        ("review", "Reviewer xT4q", None),
        ("comment", "Reviewer xT4q", None),
        ("response", "Authors", "Reviewer xT4q"),
        ("review", "Reviewer Kd0a", None),
        ("decision", "Program Chairs", None),
    ]
    assert part.decision == "Accept (poster)"
    assert scores(part)["Reviewer xT4q"] == ((5, "4 -> 5", None), (3, "", 5))
    second = part.documents[3]
    assert second.sections[-1].title == "update after rebuttal" and "(1 to 5)" in second.text
    assert "Reviewer said nothing" in second.text


@pytest.mark.parametrize(
    ("line", "kind", "author", "addressee"),
    [
        ("Reviewer 6 after the response", "comment", "Reviewer 6", None),
        ("R1 (post-rebuttal)", "comment", "Reviewer 1", None),
        ("Reviewer 3: response to authors", "comment", "Reviewer 3", None),
        ("R3, second round", "comment", "Reviewer 3", None),
        ("Acknowledgement of rebuttal by Reviewer kR2d", "comment", "Reviewer kR2d", None),
        ("Authors to R2:", "response", "Authors", "Reviewer 2"),
        ("Response to Reviewer 6", "response", "Authors", "Reviewer 6"),
        ("Author Response to R1 & R3:", "response", "Authors", "R1 & R3"),
        ("Reply of the authors", "response", "Authors", None),
        ("Author rebuttal (to all reviewers)", "response", "Authors", None),
        ("Official Comment by Authors", "response", "Authors", None),
        ("**Reviewer 2** (score 7/10)", "review", "Reviewer 2", None),
        ("Reviewer #2 — Rating: 6, Confidence: 4", "review", "Reviewer 2", None),
        ("Official Review of Paper 123 by Reviewer AG4r", "review", "Reviewer AG4r", None),
        ("Note from the AC", "comment", "Area Chair", None),
    ],
)
def test_lines_that_open_a_contribution(line, kind, author, addressee):
    opening = read_opening(line)
    assert opening and (opening.kind, opening.author, opening.addressee) == (kind, author, addressee)


@pytest.mark.parametrize(
    "line",
    ["Reviewer 1 asks for more seeds, and I agree:", "Reviewer said nothing of this:", "Response time: 4 ms", "R2: 0.93",
     "Decision tree:", "Response to Q1:", "Review this again:", "The authors:", "Answers: none", "From: the abstract",
     "Comments to the authors:", "R1.W2 (baseline): we ran", "After the rebuttal, I raise my score to 6.", "As Reviewer 2 notes:"],
)  # fmt: skip
def test_lines_that_open_nothing(line):
    assert read_opening(line) is None


def test_labels_of_a_response_part_it_and_take_nothing_in(tmp_path):
    text = "Reviewer 1\nRating: 5\nI doubt it.\n\nResponse to Reviewer 1\nNovelty: Our tide is new.\nRepair: One hour.\n8-bit waves: We ran them.\n"
    response = take(tmp_path, text).documents[1]
    assert response.sections == ()
    assert [response.text[point.start : point.end] for point in response.points] == [
        "Novelty: Our tide is new.", "Repair: One hour.", "8-bit waves: We ran them."]  # fmt: skip


def test_a_wrapped_line_is_no_heading_and_a_label_ends_with_its_paragraph(tmp_path):
    text = (
        "Rating: 5\nThe paper measures waves in a harbour, which in my view is part of the\nExperiments\nof others. The authors do not say so.\n\n"
        "Minor: The salt.\n\nThis paper is weak.\n\nStrength: The tide.\n\nQuestion 1: Why salt?\nQuestion 2: Why foam?\n"
    )
    (review,) = take(tmp_path, text).documents
    assert [(section.title, section.aspect) for section in review.sections][1:] == [
        ("Minor", "writing"), ("Strength", "strengths"), ("Question 1", "questions"), ("Question 2", "questions")]  # fmt: skip
    minor, _, first, _ = review.sections[1:]
    assert "weak" not in review.text[minor.start : minor.end]
    assert review.text[first.start : first.end] == "Question 1: Why salt?"
