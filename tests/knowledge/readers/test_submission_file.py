import pytest

from knowledge.errors import UnreadableFile
from knowledge.readers.foreign_matter import is_own
from knowledge.readers.submission_file import read_submission
from knowledge.types import Score
from tests.knowledge.fictional import CORAL, KELP

HEAD = "---\nid: a-b\ntitle: T\n---\n"


def read(text: str):
    return read_submission(text.encode(), "own.md")


def test_the_front_matter_is_taken_as_it_is_written():
    submission = read(CORAL)
    assert submission.id == "coral-pruning"
    assert submission.title == "Coral Pruning: Cutting Networks Like Reefs"
    assert submission.authors == ("Ada Reef", "Poole, Ben")
    assert submission.short_names == ("Coral", "CP")
    assert (submission.venue, submission.decision, submission.openreview) == ("TIDE 2031", "Reject", "coRAL31")
    assert submission.record == "Two reviews and a meta-review, from a thread that never was."


def test_documents_know_who_wrote_them_to_whom():
    documents = {document.id.removeprefix("coral-pruning/"): document for document in read(CORAL).documents}
    assert list(documents) == [
        "notes",
        "review-anonreviewer3",
        "review-anonreviewer1",
        "response-authors-to-anonreviewer3",
        "comment-anonreviewer3-to-authors-after-the-response",
        "meta-review-area-chair",
    ]
    response, comment = documents["response-authors-to-anonreviewer3"], list(documents.values())[4]
    assert (response.author, response.addressee) == ("Authors", "AnonReviewer3")
    assert (comment.author, comment.addressee) == ("AnonReviewer3", "Authors")
    assert documents["notes"].origin == "ours" and response.origin == "paraphrase"
    assert documents["review-anonreviewer3"].date == "2031-02-28"


def test_points_leave_their_marks_out_of_the_text():
    notes = read(CORAL).documents[0]
    points = [(notes.text[point.start : point.end], point) for point in notes.points]
    text, point = points[1]
    assert text == "It claims 12.5x fewer operations on a harbour data set."
    assert (point.where, point.checked, point.caveat) == ("Fig. 3", False, "two transcriptions disagree")
    assert (points[0][1].where, points[0][1].checked) == ("Abstract", True)
    assert (points[3][1].where, points[3][1].checked) == ("our reading", None)
    assert points[4] == ("A paragraph is a point as well.", points[4][1]) and points[4][1].where is None
    assert "[" not in notes.text and "- " not in notes.text


def test_sections_span_title_and_points_and_have_aspects():
    notes = read(CORAL).documents[0]
    assert [(section.title, section.aspect) for section in notes.sections] == [
        ("Contributions", "contributions"),
        ("Evaluation", "evaluation"),
        ("Limitations", "limitations"),
    ]
    for section in notes.sections:
        assert notes.text[section.start : section.end].startswith(section.title + "\n")


def test_scores_are_numbers_labels_and_scales_and_can_be_cited():
    submission = read(CORAL)
    third, first = submission.reviews
    assert third.rating == Score(5, "Marginally below acceptance threshold", 1, 10)
    assert third.confidence == Score(4, "Confident but not certain", 1, 5)
    assert third.other_scores == (("soundness", Score(2.5)),)
    assert third.aliases == ("R3", "Review 1 in page order")
    assert first.rating == Score(None, "Accept, with reservations") and first.confidence is None
    document = submission.documents[1]
    scores = document.text[document.points[0].start : document.points[0].end]
    assert scores.splitlines()[0] == "Rating: 5 (Marginally below acceptance threshold; 1 to 10)"
    meta = submission.documents[-1]
    assert meta.text.startswith("Scores\nRecommendation: Reject\nConfidence: 5 (Certain; 1 to 5)\n")
    assert meta.sections[0].end < meta.points[1].start


@pytest.mark.parametrize(
    ("written", "score"),
    [
        ("5", Score(5)),
        ("5 (good)", Score(5, "good")),
        ("5 (1 to 10)", Score(5, "", 1, 10)),
        ("3.5 (good; but late; 1 to 5)", Score(3.5, "good; but late", 1, 5)),
        ("(unclear; 1 to 5)", Score(None, "unclear", 1, 5)),
        ("Strong accept", Score(None, "Strong accept")),
        ("Strong accept (1 to 5)", Score(None, "Strong accept", 1, 5)),
    ],
)
def test_each_part_of_a_score_may_be_missing(written, score):
    assert read(f"{HEAD}# Review: R\nrating: {written}\n\n- x\n").reviews[0].rating == score


def test_tables_and_fenced_blocks_keep_their_lines():
    body = "# Paper\n\n## 1 Results\n\n| a | b |\n| 1 | 2 |\n\n```\n# no heading\n- no bullet\n```\n\ntwo\nlines\n"
    paper = read(HEAD + body).documents[0]
    points = [paper.text[point.start : point.end] for point in paper.points]
    assert points == ["| a | b |\n| 1 | 2 |", "```\n# no heading\n- no bullet\n```", "two lines"]
    assert paper.origin == "record" and paper.kind == "paper"


def test_brackets_outside_notes_stay():
    review = read(f"{HEAD}# Review: R\n\n- As shown in [12]\n").documents[0]
    assert review.text == "As shown in [12]"


WRONG = {
    "no front matter": ("# Notes\n- x\n", 1, "no front matter"),
    "empty file": ("", 1, "no front matter"),
    "front matter not closed": ("---\nid: a\ntitle: T\n", 1, "not closed"),
    "no id": ("---\ntitle: T\n---\n# Notes\n- x\n", 1, "no id; add 'id: ...'"),
    "empty title": ("---\nid: a\ntitle:\n---\n# Notes\n- x\n", 1, "no title"),
    "bad id": ("---\ntitle: T\nid: a b/c\n---\n# Notes\n- x\n", 3, "'a b/c' is no id; use letters"),
    "unknown front key": ("---\nid: a\ncolour: red\n---\n", 3, "known key"),
    "no colon": ("---\nid a\n---\n", 2, "known key"),
    "front key twice": ("---\nid: a\nid: b\n---\n", 3, "twice"),
    "list without brackets": ("---\nid: a\nauthors: A, B\ntitle: T\n---\n", 3, "in brackets"),
    "no document": (HEAD, 5, "has no document"),
    "unknown kind": (f"{HEAD}# Opinion: X\n- x\n", 5, "'Opinion' is no kind of document (Paper, Notes,"),
    "review without name": (f"{HEAD}# Review\n- x\n", 5, "needs a name: write '# Review: AnonReviewer3'"),
    "response without name": (f"{HEAD}# Response:\n- x\n", 5, "needs a name"),
    "bad rating": (f"{HEAD}# Review: R\nrating: 5/10\n- x\n", 6, "write NUMBER (label; LOW to HIGH)"),
    "scale upside down": (f"{HEAD}# Review: R\nrating: 5 (10 to 1)\n- x\n", 6, "write LOW to HIGH"),
    "outside its scale": (f"{HEAD}# Review: R\n\nconfidence: 7 (1 to 5)\n- x\n", 7, "outside its scale of 1 to 5"),
    "same name twice": (f"{HEAD}# Review: R\n- x\n# Review: R\n- y\n", 7, "a second 'Review: R'"),
    "unknown key": (f"{HEAD}# Review: R\nmood: grim\n- x\n", 6, "unknown key 'mood' (known: rating,"),
    "key twice": (f"{HEAD}# Review: R\nrating: 5\nrating: 6\n- x\n", 7, "twice"),
    "key without value": (f"{HEAD}# Review: R\nrating:\n- x\n", 6, "no value"),
    "key of another kind": (f"{HEAD}# Notes\nrating: 5\n- x\n", 6, "does not belong under notes"),
    "two addressees": (f"{HEAD}# Response: Authors to A\nto: B\n- x\n", 6, "make them the same"),
    "bullet outside": (f"{HEAD}\n- lost\n# Notes\n- x\n", 6, "outside any document"),
    "empty document": (f"{HEAD}# Notes\n\n## Method\n\n# Decision\n- x\n", 5, "'# Notes' is empty"),
    "bad origin": (f"{HEAD}# Review: R\norigin: hearsay\n- x\n", 6, "'hearsay' is no origin; write one of: ours"),
    "notes of record": (f"{HEAD}# Notes\norigin: record\n- x\n", 6, "always 'ours'"),
    "our review": (f"{HEAD}# Review: R\norigin: ours\n- x\n", 6, "only notes are"),
    "no such day": (f"{HEAD}# Review: R\ndate: 2031-02-30\n- x\n", 6, "write YYYY-MM-DD"),
    "date in words": (f"{HEAD}# Review: R\ndate: last week\n- x\n", 6, "no date"),
    "heading without words": (f"{HEAD}# Notes\n- x\n##\n- y\n", 7, "without words"),
    "unknown state of a place": (f"{HEAD}# Notes\n\n- x [Table 1; verified]\n", 7, "[PLACE; checked]"),
    "place without point": (f"{HEAD}# Notes\n- [Table 1; checked]\n", 6, "write the point"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_mistake_is_refused_with_line_and_remedy(name):
    text, line, reason = WRONG[name]
    with pytest.raises(UnreadableFile) as caught:
        read(text)
    assert (caught.value.file, caught.value.line) == ("own.md", line)
    assert reason in caught.value.reason
    assert str(caught.value).startswith(f"own.md, line {line}: ")


@pytest.mark.parametrize(
    ("data", "line", "reason"),
    [
        (HEAD.encode() + b"# Notes\n- caf\xe9 and \xc3\xa9\n", 6, "byte 0xe9 is not UTF-8"),
        (HEAD.encode() + b"# Notes\n- a\0b\n", 6, "NUL byte"),
        (HEAD.encode("utf-16") + b"\0\xd8", 5, "begins as UTF-16"),
    ],
)
def test_what_is_no_text_is_refused(data, line, reason):
    with pytest.raises(UnreadableFile, match=reason) as caught:
        read_submission(data, "own.md")
    assert caught.value.line == line


def test_windows_newlines_and_a_byte_order_mark_are_fine():
    data = b"\xef\xbb\xbf" + KELP.replace("\n", "\r\n").encode()
    assert read_submission(data, "kelp.md").documents == read_submission(KELP.encode(), "kelp.md").documents


def test_submission_files_are_told_from_papers():
    assert is_own(CORAL) and is_own("---\ntitle: T\n---\n# Notes\n- x") and not is_own("# Review: Me\n- x")
    assert not is_own("# A Paper\n\n# Introduction\nWords\n") and not is_own("words")
