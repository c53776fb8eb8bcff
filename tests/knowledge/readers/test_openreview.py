import json
import random
import time

import pytest

from knowledge.errors import UnreadableFile
from knowledge.readers.headings import heading_of
from knowledge.readers.openreview.notes import display_name, paper_number, venue_name
from knowledge.readers.openreview.reader import read_threads
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


def test_bare_headings_and_labels_inside_a_field_are_sections_as_in_other_formats():
    review = "A tide.\n\nPros\n+ clear\n\nCons\n- salt\n\nMinor: Table 1.\n\nThe rest convinces.\n\n--- update after rebuttal ---\nFewer waves."
    notes = [
        {"id": "f", "forum": "f", "invitation": "V.cc/2031/Conference/-/Submission", "signatures": ["V.cc/2031/Conference"], "content": {"title": "Tides", "abstract": "Foam.", "paper_type": "Long"}},
        {"id": "r", "forum": "f", "replyto": "f", "invitation": "V.cc/2031/Conference/Paper1/-/Official_Review", "signatures": ["V.cc/2031/Conference/Paper1/AnonReviewer1"],
         "content": {"title": "Pros", "review": review, "rating": "6: ok"}},
    ]  # fmt: skip
    documents = by_id(read(notes))
    found = [(section.title, section.aspect) for section in documents["review-r"].sections]
    assert found[2:] == [("Review", None), ("Pros", "strengths"), ("Cons", "weaknesses"), ("Minor", "writing"), ("update after rebuttal", None)]  # fmt: skip
    assert [section.title for section in documents["review-r"].sections].count("Pros") == 1
    assert [(s.title, s.aspect) for s in documents["comment-f"].sections] == [("Paper type", "type")]


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
        ("Pros", "Pros"),
        ("Weak points", "Weak points"),
        ("Questions for the authors", "Questions for the authors"),
        ("--- update after rebuttal ---", "update after rebuttal"),
        ("Experiments show that it works", ""),
        ("(2) quite limited novelty:", ""),
        ("Question 1:", ""),
        ("We have two concerns here:", ""),
        ("Table I. Experiment setup:", ""),
        ("- a bullet", ""),
        ("-----", ""),
        ("Plain words", ""),
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
        ("V.cc/2024/Conference/Submission9/Area_Chairs", "Area Chairs"),
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


def test_replies_point_at_the_document_they_reply_to():
    documents = by_id(read(thread_v1()))
    prefix = "coral-pruning-cutting-networks-like-reefs/"
    assert {name: document.reply_to for name, document in documents.items() if document.reply_to} == {
        "response-answer": f"{prefix}review-r3",
        "comment-reply-1": f"{prefix}response-answer",
        "comment-public-11": f"{prefix}response-general-1",
    }


def test_a_reply_to_a_note_that_was_left_out_or_to_a_circle_stands_alone():
    said = {"comment": "Wet."}
    first = note_v1("one", "Paper7/Official_Comment", said, "AnonReviewer1", tcdate=1)
    again = note_v1("two", "Paper7/Official_Comment", said, "AnonReviewer1", tcdate=2)
    answer = note_v1("ans", "Paper7/Official_Comment", {"comment": "Dry."}, "Authors", "two")
    submission = read([first, again, answer])
    assert submission.record.endswith("1 comment, 1 response; 1 that repeat another word for word are left out.")
    assert by_id(submission)["response-ans"].reply_to == "openreview-thread-coral31/comment-one"
    circle = [
        note_v1(a, "Paper7/Public_Comment", {"comment": a}, "Authors", b) for a, b in ("xy", "yz", "zx", "ss", "tx")
    ]
    replies = {name: document.reply_to for name, document in by_id(read(circle)).items()}
    thread = "openreview-thread-coral31/"
    assert replies == dict.fromkeys(("response-x", "response-y", "response-z", "response-s")) | {
        "response-t": f"{thread}response-x"
    }


def test_a_reply_to_a_note_without_a_document_has_no_parent():
    form = note_v1("form", "Paper7/Public_Comment", {"code_of_conduct": "Yes"}, "AnonReviewer1")
    answer = note_v1("ans", "Paper7/Official_Comment", {"comment": "Dry."}, "Authors", "form")
    (document,) = read([form, answer]).documents
    assert (document.reply_to, document.addressee) == (None, "AnonReviewer1")


def test_long_lines_of_replies_take_no_longer_than_they_must():
    notes = [note_v1(f"n{index}", "Paper7/Official_Comment", {"comment": f"{index}"}, "Authors",
                     f"n{index - 1}" if index else "gone", tcdate=10_000 - index) for index in range(10_000)]  # fmt: skip
    started = time.process_time()
    documents = read(notes).documents
    assert time.process_time() - started < 5
    assert {document.addressee for document in documents} == {None}
    assert sum(document.reply_to is not None for document in documents) == 9_999


def test_authors_are_known_by_profile_by_name_and_by_an_account_of_their_own():
    thread = thread_v1()
    head = thread["notes"][1]
    head["content"] |= {"authors": ["Anonymous"], "authorids": ["~Cy_Shoal1", "masked"]}
    head["details"] = {
        "original": head
        | {
            "id": "orig",
            "forum": "orig",
            "content": {"title": "Named", "abstract": "A.", "authors": ["Ada M. Reef-Sand"]},
        }
    }
    for signer in ("~Cy_Shoal1", "~Ada_Sand4", "~Ada_M_ReefSand1", "~CoralAuthors1", "~Cy_Other1"):
        thread["notes"].append(note_v1(signer, "Paper7/Public_Comment", {"comment": f"By {signer}."}, signer, "r3"))
    submission = read(thread)
    assert submission.authors == ("Ada M. Reef-Sand",)
    found = {
        document.id.rpartition("~")[2]: (document.kind, document.author)
        for document in submission.documents
        if "~" in document.id
    }
    assert found == {
        "Cy_Shoal1": ("response", "Authors"), "Ada_Sand4": ("response", "Authors"),
        "Ada_M_ReefSand1": ("response", "Authors"), "CoralAuthors1": ("response", "CoralAuthors"),
        "Cy_Other1": ("comment", "Cy Other"),
    }  # fmt: skip


def test_of_several_signatures_the_authors_count_and_an_unsigned_rebuttal_is_theirs():
    both = note_v1("both", "Paper7/Official_Comment", {"comment": "We."}, "~Ada_Reef1")
    both["signatures"].append("TIDE.org/2031/Conference/Paper7/Authors")
    bare = note_v1("bare", "Paper7/Rebuttal", {"rebuttal": "Dry."}, "Authors") | {"signatures": []}
    assert {document.author for document in read([both, bare]).documents} == {"Authors"}


def test_the_newest_decision_counts_and_the_place_in_the_programme_where_there_is_none():
    first = note_v1("d1", "Paper7/Decision", {"decision": "Reject"}, "Program_Chairs", tcdate=1)
    second = note_v1("d2", "Paper7/Decision", {"decision": "Accept"}, "Program_Chairs", tcdate=2)
    assert read([second, first]).decision == "Accept"
    head = note_v1("coRAL31", "Submission", {"title": "Coral", "abstract": "A.", "venue": "TIDE 2031 oral"}, "", None)
    assert read([head]).decision == "TIDE 2031 oral"
    head["content"]["venue"] = "Submitted to TIDE 2031"
    assert read([head]).decision is None
    assert read([head | {"withdrawn": True}]).decision == "Withdrawn"
    assert read([head | {"invitation": "TIDE.org/2031/Conference/-/Withdrawn_Submission"}]).decision == "Withdrawn"


def test_a_reviewers_later_rating_in_a_comment_is_no_second_review():
    review = note_v1("r", "Paper7/Official_Review", {"review": "Wet.", "rating": "5: Fair"}, "AnonReviewer1", tcdate=1)
    later = note_v1("c", "Paper7/Official_Comment", {"comment": "Dry.", "rating": "7: Good"}, "AnonReviewer1", tcdate=2)
    ethics = note_v1("e", "Paper7/Official_Comment", {"comment": "Harm?", "rating": "1: Bad"}, "Ethics_Reviewer_1")
    submission = read([review, later, ethics])
    assert [(item.reviewer, item.rating) for item in submission.reviews] == [("AnonReviewer1", Score(5, "Fair"))]
    assert "Rating: 7 (Good)" in by_id(submission)["comment-c"].text


def test_a_deleted_newest_version_takes_the_older_ones_with_it():
    old = note_v1("r", "Paper7/Official_Review", {"review": "Wet."}, "AnonReviewer1", tmdate=1)
    gone = old | {"tmdate": 2, "ddate": 2}
    other = note_v1("s", "Paper7/Official_Review", {"review": "Dry."}, "AnonReviewer2", tddate=5)
    for notes in ([old, gone, other], [gone, other, old]):
        assert list(by_id(read(notes))) == ["review-s"]
    with pytest.raises(UnreadableFile, match="only notes that were deleted"):
        read([old, gone])


def test_of_versions_with_one_date_the_longer_counts_in_any_order():
    short = note_v1("r", "Paper7/Official_Review", {"review": "Wet."}, "AnonReviewer1")
    long = note_v1("r", "Paper7/Official_Review", {"review": "Wet and cold."}, "AnonReviewer1")
    assert read([short, long]).documents == read([long, short]).documents
    assert "cold" in read([long, short]).documents[0].text


def test_the_papers_number_is_that_of_its_forms_or_of_its_own_note():
    head = note_v1("coRAL31", "Submission", {"title": "Coral", "abstract": "A."}, "", None) | {
        "signatures": ["TIDE.org"]
    }
    review = note_v1("r", "Paper7/Official_Review", {"review": "Wet."}, "AnonReviewer1")
    bare = note_v1("r", "Official_Review", {"review": "Wet."}, "AnonReviewer1") | {"signatures": ["~Some_Body1"]}
    # A reply's own number counts the replies.
    assert read([head | {"number": 9}, review | {"number": 3}]).number == 7
    assert read([head | {"number": 9}, bare | {"number": 3}]).number == 9
    assert read([head, bare | {"number": 3}]).number is None
    assert paper_number(["TIDE.cc/2031/Conference/-/paper12/acceptance"]) == 12
    assert paper_number(["TIDE.cc/2031/Conference/Submission1909/Reviewer_AG4r"]) == 1909
    assert paper_number(["TIDE.cc/2031/Conference/Program_Chairs"]) is None


def test_notes_without_an_id_or_a_forum_are_kept():
    head = note_v1("coRAL31", "Submission", {"title": "Coral", "abstract": "A."}, "", None)
    reviews = [note_v1("", "Paper7/Official_Review", {"review": text, "rating": "3: Low"}, f"AnonReviewer{number}")
               for number, text in enumerate(("Wet.", "Dry."))]  # fmt: skip
    for review in reviews:
        for key in ("id", "forum", "replyto"):
            del review[key]
    submission = read(head | {"details": {"replies": reviews}})
    assert {review.reviewer for review in submission.reviews} == {"AnonReviewer0", "AnonReviewer1"}
    assert len({document.id for document in submission.documents}) == 3


def test_the_note_says_which_of_its_invitations_names_it():
    note = note_v1("r", "", {"review": {"value": "Wet."}}, "Reviewer_Ab1")
    del note["invitation"]
    note["invitations"] = ["TIDE.org/2031/Conference/-/Edit", "TIDE.org/2031/Conference/Submission7/-/Official_Review"]
    assert [review.reviewer for review in read([note]).reviews] == ["Reviewer Ab1"]


def test_the_forums_content_beside_a_note_is_its_submission():
    note = note_v1("r", "Paper7/Official_Review", {"review": "Wet."}, "AnonReviewer1")
    submission = read([note | {"forumContent": {"title": "Coral", "abstract": "We cut filters."}}])
    assert (submission.title, [document.kind for document in submission.documents]) == ("Coral", ["paper", "review"])


def test_titles_beside_the_notes_go_to_their_own_papers():
    other = note_v1("o", "Paper8/Official_Review", {"review": "Dry."}, "AnonReviewer1", "kELP", forum="kELP")
    note = note_v1("r", "Paper7/Official_Review", {"review": "Wet."}, "AnonReviewer1")
    venue = [{"title": "Coral", "reviews": [note]}, {"title": "Kelp", "reviews": [other]}]
    assert [part.title for part in read_threads(dump(venue), "x").parts] == ["Coral", "Kelp"]
    listed = [[{"title": "Coral"}, {"review": note}], [{"title": "Kelp"}, {"review": other}]]
    assert [part.title for part in read_threads(dump(listed), "x").parts] == ["Coral", "Kelp"]


def test_titles_without_letters_do_not_merge_papers():
    heads = [note_v1(id, "Submission", {"title": "?!", "abstract": "A."}, "", None, forum=id) for id in ("a1", "b2")]
    assert [part.id for part in read_threads(dump(heads), "x").parts] == ["thread-a1", "thread-b2"]


def test_a_bad_line_costs_no_other():
    lines = [dump(note) for note in thread_v1()["notes"]]
    reading = read_threads(b"\n".join([lines[0], b'{"id": "cut', *lines[1:]]), "venue.jsonl")
    assert reading.parts == read_threads(b"\n".join(lines), "venue.jsonl").parts
    assert [(refusal.where, refusal.reason) for refusal in reading.refused] == [
        ("line 2", "is not whole JSON; export the file again")
    ]


def test_prose_that_begins_with_a_number_is_no_score():
    review = {"weaknesses": "1: No tide.", "questions": "2: Why?", "clarity": "Well written throughout.",
              "quality": "3: good", "rating": "Strong accept", "pages_read": "4: all"}  # fmt: skip
    submission = read([note_v1("r", "Paper7/Official_Review", review, "AnonReviewer1")])
    assert submission.reviews[0].rating == Score(None, "Strong accept")
    assert dict(submission.reviews[0].other_scores) == {"quality": Score(3, "good"), "pages read": Score(4, "all")}
    assert {"Weaknesses", "Questions", "Clarity"} <= {section.title for section in submission.documents[0].sections}


@pytest.mark.parametrize(
    ("group", "field", "value", "scale"),
    [
        ("ICLR.cc/2020/Conference", "rating", "8: Accept", (1, 8)),
        ("ICLR.cc/2026/Conference", "rating", 0, (0, 10)),
        ("ICLR.cc/2025/Conference", "rating", 0, (None, None)),
        ("ICLR.cc/2024/Workshop/Tides", "rating", 6, (None, None)),
        ("NeurIPS.cc/2023/Track/Datasets_and_Benchmarks", "rating", 6, (None, None)),
        ("NeurIPS.cc/2025/Conference", "rating", 6, (1, 6)),
        ("ICML.cc/2024/Conference", "rating", 6, (None, None)),
        ("NeurIPS.cc/2024/Conference", "rating", "7 / 12", (None, 12)),
    ],
)
def test_scales_are_those_of_the_venue_and_year(group, field, value, scale):
    note = note_v1("r", "", {"review": "Wet.", field: value}, "AnonReviewer1") | {
        "invitation": f"{group}/Paper7/-/Official_Review"
    }
    rating = read([note]).reviews[0].rating
    assert rating is not None and (rating.low, rating.high) == scale


def test_an_area_chairs_confidence_is_on_no_reviewers_scale():
    meta = note_v1("m", "", {"metareview": "Thin.", "confidence": "5: Sure"}, "Area_Chair1") | {
        "invitation": "ICLR.cc/2019/Conference/-/Paper7/Meta_Review"
    }
    assert "Confidence: 5 (Sure)" in read([meta]).documents[0].text


def test_what_the_form_of_a_submission_says_is_a_statement_of_its_authors():
    head = note_v1("coRAL31", "Submission", {"title": "Coral", "abstract": "A.", "track": "Reefs", "changes_since_last_submission":
                   "We timed every reef on a harbour CPU."}, "", None)  # fmt: skip
    form = by_id(read([head]))["comment-coRAL31"]
    assert (form.kind, form.author) == ("comment", "Authors")
    assert form.text == "Changes since last submission\nWe timed every reef on a harbour CPU."


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"<!DOCTYPE html><title>Sign in</title>", "is a web page and not JSON"),
        (
            b'{"name": "ForbiddenError", "message": "Not yours", "status": 403}',
            'error message of the site ."Not yours".',
        ),
        (b'{"errors": ["x"], "status": 404}', "is an error message of the site and no thread"),
        (b'{"title": "Coral", "abstract": "A."}\n{"title": "Kelp", "abstract": "B."}', "but no OpenReview note"),
        (b'[{"title": "Coral", "openreview_id": "coRAL31"}]', "but no OpenReview note"),
        (
            b'{"id": "x", "forum": "x", "invitation": "A.cc/-/Submission"}',
            "no note that can be read; .* note x, has no content",
        ),
        (b'{"notes": [{"id": "x", "content": {"rating": ' + b"9" * 5000 + b"}}]}", "more digits"),
        (b'{"notes": [{"id": "x", "content": {"pdf": {"readers": []}}}]}', "no OpenReview note with a text"),
    ],
)
def test_what_is_no_thread_is_refused_for_its_reason(data, reason):
    with pytest.raises(UnreadableFile, match=reason):
        read_threads(data, "x.json")


@pytest.mark.parametrize(
    ("group", "name"),
    [
        ("ICLR.cc/2019/Conference/Paper721", "ICLR 2019"),
        ("ICLR.cc/2018/Workshop", "ICLR 2018 Workshop"),
        ("aclweb.org/ACL/ARR/2024/June/Submission3", "ARR 2024 June"),
        ("thecvf.com/CVPR/2024/Conference", "CVPR 2024"),
        ("EMNLP/2023/Conference", "EMNLP 2023"),
        ("2023/Conference", ""),
        ("TMLR/Paper12", ""),
    ],
)
def test_venues_by_their_groups(group, name):
    assert venue_name(group) == name


def test_people_without_a_name_answer_one_another():
    question = note_v1("q", "Paper7/Public_Comment", {"comment": "Code?"}, "(anonymous)", "general-1")
    second = note_v1("s", "Paper7/Public_Comment", {"comment": "Yes, code?"}, "(anonymous)", "q")
    thread = thread_v1()
    thread["notes"] += [question, second]
    documents = by_id(read(thread))
    assert (documents["comment-q"].addressee, documents["comment-s"].addressee) == ("Authors", "Anonymous")
