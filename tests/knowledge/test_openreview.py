import json
import random

import pytest

from knowledge.errors import UnreadableFile
from knowledge.readers.openreview import read_threads
from knowledge.readers.openreview_fields import heading_of
from knowledge.readers.openreview_notes import display_name
from knowledge.readers.scores import read_exported_score
from knowledge.types import Score, Submission
from tests.knowledge.fictional import dump, note_v1, thread_v1, thread_v2


def read(tree) -> Submission:
    (submission,) = read_threads(dump(tree), "thread.json").parts
    return submission


def by_id(submission: Submission):
    return {document.id.partition("/")[2]: document for document in submission.documents}


def words(document) -> list[str]:
    return [document.text[point.start : point.end] for point in document.points]


def test_a_thread_of_api_v1_is_classified_and_threaded():
    submission = read(thread_v1())
    assert submission.title == "Coral Pruning: Cutting Networks Like Reefs"
    assert submission.authors == ("Ada Reef", "Ben Poole")
    assert (submission.venue, submission.decision, submission.openreview) == ("TIDE 2031", "Reject", "coRAL31")
    documents = by_id(submission)
    assert {name: (item.kind, item.author, item.addressee) for name, item in documents.items()} == {
        "abstract": ("paper", None, None),
        "review-r3": ("review", "AnonReviewer3", None),
        "review-r1xx": ("review", "AnonReviewer1", None),
        "response-answer": ("response", "Authors", "AnonReviewer3"),
        "comment-reply-1": ("comment", "AnonReviewer3", "Authors"),
        "response-general-1": ("response", "Authors", "all"),
        "comment-public-11": ("comment", "Some Body", "Authors"),
        "comment-odd-odd-odd": ("comment", "Harbour Master", None),
        "meta-review-meta-review1": ("meta-review", "Area Chair 1", None),
    }
    assert all(document.origin == "record" for document in submission.documents)


def test_the_newest_version_of_a_note_counts():
    third, first = read(thread_v1()).reviews
    assert third.rating == Score(6, "Marginally above acceptance threshold")
    assert third.confidence == Score(4, "The reviewer is confident")
    assert third.aliases == ("R3", "Reviewer 3")
    assert first.rating == Score(7, "Good") and first.confidence is None


def test_headings_inside_a_review_become_sections_with_aspects():
    review = by_id(read(thread_v1()))["review-r3"]
    assert [(section.title, section.aspect) for section in review.sections] == [
        ("Scores", "record"),
        ("Title", None),
        ("Review", None),
        ("Pros", "strengths"),
        ("Cons", "weaknesses"),
    ]
    assert words(review)[2:] == [
        "A tide criterion for filters.",
        "Simple.",
        "Fast on Lagoon-10.",
        "1) No anchors.",
        "2) No time.",
    ]


def test_unknown_fields_stay_under_their_name_and_administration_goes():
    documents = by_id(read(thread_v1()))
    assert documents["comment-odd-odd-odd"].text == "Height\nTwo metres of water."
    assert "pdf" not in documents["abstract"].text and documents["abstract"].text == "Abstract\nWe cut filters."


def test_a_thread_of_api_v2_reads_the_same():
    submission = read(thread_v2())
    documents = by_id(submission)
    assert [document.kind for document in submission.documents] == [
        "paper",
        "review",
        "response",
        "comment",
        "decision",
    ]
    assert submission.decision == "Accept (poster)" and submission.venue == "TIDE 2033"
    (review,) = submission.reviews
    assert (review.reviewer, review.rating) == ("Reviewer AG4r", Score(6))
    assert review.confidence == Score(4, "quite sure") and review.other_scores == (("soundness", Score(3, "good")),)
    sections = {section.title: section.aspect for section in documents["review-q1"].sections}
    assert sections == {
        "Scores": "record",
        "Summary": "summary",
        "Strengths": "strengths",
        "Weaknesses": "weaknesses",
        "Questions": "questions",
        "Flag for ethics review": "ethics",
        "Tide table": None,
    }
    assert "1. Salt." in words(documents["review-q1"])
    assert documents["response-q2"].addressee == "Reviewer AG4r"


@pytest.mark.parametrize("wrap", [
    lambda thread: thread["notes"],
    lambda thread: {"count": 11, "notes": thread["notes"]},
    lambda thread: [{"title": "ignored"}, {"review": thread["notes"][0], "responses": thread["notes"][1:]}],
])  # fmt: skip
def test_notes_are_found_in_any_wrapper_and_order(wrap):
    thread = thread_v1()
    random.Random(1).shuffle(thread["notes"])
    assert read(wrap(thread)).documents == read(thread_v1()).documents


def test_json_lines_and_several_forums():
    other = note_v1("xx", "Blind_Submission", {"title": "Kelp", "abstract": "Fronds."}, "", None, forum="xx")
    lines = b"\n".join(json.dumps(note).encode() for note in [*thread_v1()["notes"], other])
    coral, kelp = read_threads(lines, "venue.jsonl").parts
    assert (coral.title, kelp.title) == ("Coral Pruning: Cutting Networks Like Reefs", "Kelp")


def test_a_title_outside_the_notes_and_no_title_at_all():
    review = note_v1("r9", "Paper7/Official_Review", {"review": "Wet.", "rating": "3: Reject"}, "AnonReviewer2")
    assert read([{"title": "Coral Reborn"}, {"review": review}]).id == "coral-reborn"
    assert read([review]).id == "openreview-thread-coral31"


def test_a_response_to_the_forum_finds_its_reviewer_in_the_title():
    thread = thread_v1()
    answer = note_v1("late", "Paper7/Official_Comment", {"title": "Answer to Reviewer 1", "comment": "Yes."}, "Authors")
    thread["notes"].append(answer)
    assert by_id(read(thread))["response-late"].addressee == "AnonReviewer1"


def test_withdrawn_and_desk_rejected_are_decisions():
    gone = note_v1("gone", "Paper7/Withdraw_Submission", {"title": "We withdraw"}, "Authors")
    assert read([gone]).decision == "Withdrawn"


@pytest.mark.parametrize(
    ("value", "score"),
    [
        ("6: Marginally above", Score(6, "Marginally above")),
        ("3 good", Score(3, "good")),
        ("3.5 = borderline", Score(3.5, "borderline")),
        ("7/10", Score(7, "", None, 10)),
        ("8: strong, out of 10", Score(8, "strong, out of 10", None, 10)),
        ("10", Score(10)),
        (4, Score(4)),
        ("I read it twice", None),
    ],
)
def test_exported_scores(value, score):
    assert read_exported_score(value) == score


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("**Strengths**", "Strengths"),
        ("## 2. Weaknesses:", "2. Weaknesses"),
        ("-- Novelty", "Novelty"),
        ("-Strengths:", "Strengths"),
        ("Quality:", "Quality"),
        ("Some minor issues:", "Some minor issues"),
        ("We have two concerns here:", None),
        ("Table I. Experiment setup:", None),
        ("- a bullet", None),
        ("-----", None),
        ("Plain words", None),
    ],
)
def test_lines_that_are_headings(line, title):
    assert heading_of(line) == title


@pytest.mark.parametrize(
    ("signature", "name"),
    [
        ("V.cc/2019/Conference/Paper7/AnonReviewer3", "AnonReviewer3"),
        ("V.cc/2024/Conference/Submission9/Reviewer_AG4r", "Reviewer AG4r"),
        ("V.cc/2016/workshop/paper/132/reviewer/10", "Reviewer 10"),
        ("V.cc/2019/Conference/Paper7/Area_Chair1", "Area Chair 1"),
        ("V.cc/2017/pcs", "Program Chairs"),
        ("~Ada_Reef_Poole12", "Ada Reef Poole"),
        ("anonymous reviewer 1d53", "Anonymous reviewer 1d53"),
        ("(anonymous)", "Anonymous"),
        ("", "Anonymous"),
    ],
)
def test_names_as_the_site_shows_them(signature, name):
    assert display_name(signature) == name


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b'{"notes": [', "not whole JSON"),
        (b'{"notes": []}', "is an empty answer of the site"),
        (b'[1, "two", {"content": 3, "id": "x"}]', "no OpenReview note"),
        (b"[" * 200_000, "nested too deeply"),
        (b'{"a": "\xff"}', "not UTF-8"),
    ],
)
def test_other_json_is_refused(data, reason):
    with pytest.raises(UnreadableFile, match=reason):
        read_threads(data, "x.json")


def test_odd_values_do_not_break_the_reader():
    odd = note_v1("odd", "Paper7/Official_Review", {"review": "a\ud800b\x00\u200bc", "rating": None, "x": {"y": 1},
                  "z": [1, {"q": 2}, "w"], "confidence": True}, "AnonReviewer1", tcdate="yesterday", tmdate=None, replyto=None)  # fmt: skip
    document = by_id(read([odd, {"id": 5, "content": {}}]))["review-odd"]
    assert (
        "abc" in document.text
        and document.date is None
        and "1\nq: 2\nw" in document.text
        and "X\ny: 1" in document.text
    )
    far = note_v1("far", "Paper7/Public_Comment", {"comment": "Later."}, "~Far_Off1", tcdate=10**30)
    assert read([far]).documents[0].date is None
