import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knowledge.chunking import split_document
from knowledge.errors import UnreadableFile
from knowledge.readers import read

SEVERAL = """Paper: Coral Pruning: Cutting Networks Like Reefs

AnonReviewer3
Summary: A tide criterion.
Strengths:
- Simple.
Weaknesses
1. No anchors.
Rating: 5: Marginally below
Confidence: 4

R2:
This is fine by me.
Recommendation: 7/10

Authors' response to R2:
Thank you. We timed it.

Meta-review (Area Chair)
The chair misses anchors.

Decision: Reject
"""
LINES = """Review 1: The paper cuts reefs. I liked it. |||| rating: 7: Good paper, accept |||| confidence: 4: Confident
Review 2: The paper is unclear. |||| rating: 4: Ok but not good enough |||| confidence: 3: Fairly confident
"""
STRUCTURED = """Summary of the Tides
The paper proposes a tide for filters. The authors claim it is fast.
Decision and Key Reasons
I decide to reject it since the anchors are missing.
Questions for the Authors
* How much salt?
* Which shore?
"""
FREE = """This manuscript presents a tide for filters. The authors cut the reef in one pass.
However, its novelty is limited, as the paper relies on anchors. The authors should explain the missing shore.
Several points need clarification:
1) The salt in Figure 1 is unclear.
2) The experiments convince.
"""
CHAT = """Sure, here is a dialogue about a paper titled "Coral Pruning: Cutting Networks Like Reefs":

Turn 1:

Meta-Reviewer: What does the paper titled "Coral Pruning: Cutting Networks Like Reefs" claim?

Dialogue Agent: It proposes:

1. A tide.
2. A wave.

Turn 2:

Meta-Reviewer: And Reviewer 2? I will give it a rating: 6.

Dialogue Agent: Reviewer 2 gave a rating of 4 and "Weak Reject" for the paper "Coral Pruning".
"""
BARE_CHAT = "User: Is it novel?\n\nAssistant: # Abstract\nWe propose tides.\n\nUser: And the experiments?\n\nAssistant: Results are good.\n"


def take(tmp_path, text: str, name: str = "words.txt", **options):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    (part,) = read(path, **options).parts
    return part


def test_several_people_under_their_headings(tmp_path):
    part = take(tmp_path, SEVERAL)
    assert (part.id, part.decision) == ("coral-pruning-cutting-networks-like-reefs", "Reject")
    assert [(document.kind, document.author, document.addressee) for document in part.documents] == [
        ("review", "AnonReviewer3", None),
        ("review", "Reviewer 2", None),
        ("response", "Authors", "Reviewer 2"),
        ("meta-review", "Area Chair", None),
        ("decision", "Program Chairs", None),
    ]
    first, second = part.reviews
    assert first.rating and (first.rating.value, first.rating.label) == (5, "Marginally below")
    assert first.confidence and first.confidence.value == 4 and first.aliases == ("R3", "Reviewer 3")
    assert second.rating and (second.rating.value, second.rating.high) == (7, 10) and second.confidence is None
    titles = [(section.title, section.aspect) for section in part.documents[0].sections]
    assert titles == [
        ("Scores", "record"),
        ("Summary", "summary"),
        ("Strengths", "strengths"),
        ("Weaknesses", "weaknesses"),
    ]


@pytest.mark.parametrize(
    "heading", ["R2 after the rebuttal", "Reviewer 2 (post-rebuttal):", "Reviewer 2, after authors' response"]
)
def test_what_a_reviewer_writes_after_the_reply_is_a_comment(tmp_path, heading):
    part = take(
        tmp_path, SEVERAL.replace("Meta-review (Area", f"{heading}\nThe timing settles it.\n\nMeta-review (Area")
    )
    comment = next(document for document in part.documents if document.kind == "comment")
    assert (comment.author, comment.text.strip()) == ("Reviewer 2", "The timing settles it.")
    assert "settles" not in next(d.text for d in part.documents if d.kind == "response")
    assert [review.reviewer for review in part.reviews] == ["AnonReviewer3", "Reviewer 2"]


def test_lines_with_bars(tmp_path):
    part = take(tmp_path, LINES, into="reef")
    assert [(review.reviewer, review.rating and review.rating.value, review.confidence and review.confidence.value) for review in part.reviews] == [
        ("Reviewer 1", 7, 4), ("Reviewer 2", 4, 3)]  # fmt: skip
    assert part.documents[0].text.endswith("The paper cuts reefs. I liked it.") and part.title == ""


@pytest.mark.parametrize(("text", "sections"), [(STRUCTURED, 3), (FREE, 0)])
def test_a_single_review_with_and_without_headings(tmp_path, text, sections):
    with pytest.raises(UnreadableFile, match="a review that does not name its paper; say which"):
        take(tmp_path, text)
    part = take(tmp_path, text, into="reef")
    (document,) = part.documents
    assert (document.kind, document.author, document.id) == ("review", "Anonymous reviewer", "reef/review-words")
    assert len(document.sections) == sections and len(part.reviews) == 1


def test_a_name_that_occurs_often_is_numbered(tmp_path):
    part = take(tmp_path, "Reviewer 2: Clear tides.\nRating: 6\n" * 3000, into="reef")
    assert [document.id for document in part.documents][:3] == [
        f"reef/review-reviewer-2{end}" for end in ("", "-2", "-3")
    ]
    assert len(part.reviews) == 3000


def test_the_user_says_what_a_text_is(tmp_path):
    part = take(tmp_path, "We thank all for the tides.", into="reef", kind="response")
    assert [(document.kind, document.author, document.addressee) for document in part.documents] == [
        ("response", "Authors", "all")
    ]


@pytest.mark.parametrize(("text", "into"), [(CHAT, None), (BARE_CHAT, "reef")])
def test_a_dialogue_is_relayed_and_nothing_else(tmp_path, text, into):
    part = take(tmp_path, text, into=into)
    (document,) = part.documents
    assert document.kind == "relayed" and part.reviews == () and document.author is None and part.decision is None
    assert part.id == (into or "coral-pruning-cutting-networks-like-reefs")


def test_turns_are_sections_and_speakers_stay(tmp_path):
    (document,) = take(tmp_path, CHAT).documents
    assert [section.title for section in document.sections] == ["Turn 1", "Turn 2"]
    points = [document.text[point.start : point.end] for point in document.points]
    assert points[1].startswith("Meta-Reviewer: What does") and points[2:5] == [
        "Dialogue Agent: It proposes:",
        "1. A tide.",
        "2. A wave.",
    ]


def test_an_exported_chat_is_a_dialogue(tmp_path):
    text = '{"messages": [{"role": "user", "content": "The paper \\"Coral Reef Pruning\\"?"}, {"role": "assistant", "content": "Good."}]}'
    (document,) = take(tmp_path, text, "chat.json").documents
    assert (document.kind, document.text.split("\n")[-1]) == ("relayed", "assistant: Good.")


PIECES = ["Reviewer 2\n", "R1: ", "Rating: 5\n", "Strengths:\n", "User: ", "Assistant: ", "Turn 1:\n", "|||| ", "The paper is unclear. ", "\n\n", "# Abstract\n",
          "Decision: Accept\n", 'paper "A Tide Of Reefs" ', "```\n", "1) ", "Response to R2: ", "<table><tr><td>a", "| a | b |\n", "References\n"]  # fmt: skip


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=30).map("".join))
def test_any_text_is_read_or_refused_with_exact_offsets(tmp_path, text):
    try:
        first, second = take(tmp_path, text, into="x"), take(tmp_path, text, into="x")
    except UnreadableFile as error:
        assert error.reason
        return
    assert first == second
    for document in first.documents:
        for passage in split_document(document):
            assert document.text[passage.locator.start : passage.locator.end] == passage.text


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from([piece for piece in PIECES if "bstract" not in piece]), max_size=20).map("".join))
def test_what_is_said_in_a_dialogue_is_never_the_papers(tmp_path, words):
    text = f"User: What of it?\n\nAssistant: {words}\n\nUser: And then?\n\nAssistant: {words}\n"
    try:
        part = take(tmp_path, text, into="x")
    except UnreadableFile:
        return
    assert "paper" not in {document.kind for document in part.documents}


HOTCRP = """Coral Pruning: Cutting Networks Like Reefs

Review #12A
===========================================================================

Overall merit
-------------
4. Accept

Reviewer expertise
------------------
3. Knowledgeable

Paper summary
-------------
A tide for filters.

Weaknesses
----------
- No anchors are compared.

Comments for authors
--------------------
1. Say how much salt.
2. Say which shore.

Review #12B
===========================================================================
Overall merit: 2. Weak reject
Reviewer expertise: 1. No familiarity

Evaluation
1. The shore is too short.
2. The salt is too coarse.

Response by Author [Coral Reef]
---------------------------------------------------------------------------
We compare with anchors in Table 2.
"""


def test_reviews_as_hotcrp_writes_them(tmp_path):
    (tmp_path / "reviews.txt").write_text(HOTCRP)
    (part,) = read(tmp_path / "reviews.txt", "reef").parts
    scores = [(r.reviewer, r.rating, r.confidence) for r in part.reviews]
    assert [(who, a.value, a.label, b.value) for who, a, b in scores if a and b] == [
        ("Reviewer A", 4, "Accept", 3),
        ("Reviewer B", 2, "Weak reject", 1),
    ]
    first, second, response = part.documents
    assert [section.title for section in first.sections][1:] == ["Paper summary", "Weaknesses", "Comments for authors"]
    assert "1. Say how much salt." in first.text and "===" not in first.text and "---" not in first.text
    assert "1. The shore is too short." in second.text
    assert (response.kind, response.text) == ("response", "We compare with anchors in Table 2.")


@pytest.mark.parametrize(
    ("text", "rating", "confidence"),
    [
        ("AnonReviewer5 - score 3/10, confidence 5/5\nNothing new in this reef.", 3, 5),
        ("R5:\nNothing new in this reef. Rating: 3 (reject), Confidence: 5/5", 3, 5),
        ("R5:\n**Rating**\n\n3: reject\n\n**Confidence:**\n5\n\nNothing new in this reef.", 3, 5),
        ("R5:\n### Overall assessment\n1. Nothing new.\n2. Too short.\n", None, None),
        ("R5:\nThey say so in Table 2. Their rating: high. Nothing new in this reef.", None, None),
    ],
)
def test_scores_beside_the_name_at_the_end_of_a_line_and_below_a_heading(tmp_path, text, rating, confidence):
    (tmp_path / "r.txt").write_text(f"Paper: Coral Reefs Cut\n\nR2:\nFine. I liked it.\nRating: 6\n\n{text}\n")
    review = next(r for r in read(tmp_path / "r.txt", "reef").parts[0].reviews if r.reviewer.endswith("5"))
    assert (review.rating and review.rating.value) == rating
    assert "(" not in (review.rating.label if review.rating else "")
    assert (review.confidence and review.confidence.value) == confidence


@pytest.mark.parametrize(
    ("beside", "rating", "confidence"),
    [
        ("(score 3, conf. 4)", 3, 4),
        ("(rating: 6/10, confidence: 2/5)", 6, 2),
        ("(rating 5 with confidence 3)", 5, 3),
        ("[score: 7 | conf: 4]", 7, 4),
        ("- score 8; conf. 5", 8, 5),
    ],
)
def test_scores_in_the_line_that_opens_a_review(tmp_path, beside, rating, confidence):
    part = take(
        tmp_path,
        f"Reviewer #2 {beside}\nNo anchors, and the salt is coarse.\n\nReviewer 1\nFine.\nRating: 6\n",
        into="reef",
    )
    review = next(review for review in part.reviews if review.reviewer == "Reviewer 2")
    assert (review.rating and review.rating.value, review.confidence and review.confidence.value) == (
        rating,
        confidence,
    )


MAIL = """From: Jane Doe <jane@shore.org>
To: ac@shore.org
Subject: review of paper 12
Date: {date}

Dear AC,
the paper is novel but the experiments are limited. I recommend weak reject.
"""


def test_a_mail_that_the_user_calls_a_review_is_one(tmp_path):
    part = take(tmp_path, MAIL.format(date="3 Feb 2031"), into="reef", kind="review")
    assert [(d.kind, d.author, d.date) for d in part.documents] == [("review", "Jane Doe", "2031-02-03")]
    assert [review.reviewer for review in part.reviews] == ["Jane Doe"]


@pytest.mark.parametrize(
    ("text", "line", "named"),
    [
        (MAIL.format(date="31 Feb 2031"), 4, "31 Feb 2031"),
        ("Reviewer 1\nDate: 2031-02-30\nNo anchors.\nRating: 3\n", 2, "2031-02-30"),
        ("On 31 April 2031, Reviewer 2 wrote:\nNo anchors here.\n", 1, "31 April 2031"),
    ],
)
def test_a_date_of_no_calendar_is_named(tmp_path, text, line, named):
    (tmp_path / "mail.txt").write_text(text)
    reading = read(tmp_path / "mail.txt", "reef", "review")
    assert [document.date for document in reading.parts[0].documents] == [None]
    assert [(one.where, named in one.reason) for one in reading.refused] == [(f"line {line}", True)]


def test_a_decision_behind_bars_is_the_submissions(tmp_path):
    part = take(tmp_path, LINES + "Meta-review: The chair likes tides. |||| decision: Accept\n", into="reef")
    assert part.decision == "Accept" and [d.kind for d in part.documents][-1] == "meta-review"


def test_the_abstract_above_reviews_is_the_papers_and_no_review(tmp_path):
    abstract = "Abstract: We cut filters that no tide reaches, in one pass over the reef and without a label at all, and gain a point."
    page = f"Paper: Coral Pruning: Cutting Reefs\nAda Reef, Ben Tide\nKeywords: reefs, tides\n{abstract}\n\nReviewer 2\nRating: 3\nNo anchors.\n\nReviewer 3\nRating: 6\nFine.\n"
    part = take(tmp_path, page)
    assert [(d.kind, d.author) for d in part.documents] == [
        ("paper", None),
        ("review", "Reviewer 2"),
        ("review", "Reviewer 3"),
    ]
    assert part.documents[0].id.endswith("/abstract") and part.documents[0].text.startswith("Abstract\nWe cut filters")


@pytest.mark.parametrize(
    ("inside", "own"),
    [
        ("> R2 wrote: no anchors\nThat is not needed, I think.", "Reviewer 1"),
        ("> Reviewer 2:\n> No anchors.\n\nThat is not needed.", "Reviewer 1"),
        ("> Rating: 3\n> R2: No anchors.\n\nI do not share it.", "Reviewer 1"),
        ("R2 says: the anchors are fine.\nI disagree.", "Reviewer 1"),
        ("Reviewer 2 wrote: the anchors are fine. I disagree.", "Reviewer 1"),
        ("\nReviewer 2 said: the anchors are fine.\nI disagree.", "Reviewer 1"),
        ("On 3 Feb 2031, Reviewer 2 wrote:\n> The anchors are fine.\n\nI disagree.", "Reviewer 1"),
        ("\nReviewer 2 wrote:\n> The anchors are fine.\n\nI disagree.", "Reviewer 1"),
        ("> > Reviewer 2: No anchors.\n> The authors: We add them.\nFine by me.", "Reviewer 1"),
    ],
)
def test_a_quoted_line_opens_nothing(tmp_path, inside: str, own: str):
    text = f"Reviewer 1\nThe reef is wide.\n{inside}\n\nReviewer 2\nRating: 3\nNo anchors are there.\n\nResponse to Reviewer 2\nWe add anchors.\n"
    (tmp_path / "reviews.txt").write_text(text)
    (part,) = read(tmp_path / "reviews.txt", "reef", "review").parts
    assert [(one.kind, one.author) for one in part.documents] == [
        ("review", own),
        ("review", "Reviewer 2"),
        ("response", "Authors"),
    ]
    assert inside.strip().rpartition("\n")[2] in part.documents[0].text
    assert part.documents[2].reply_to == part.documents[1].id
    assert [review.rating and review.rating.value for review in part.reviews] == [None, 3]


@pytest.mark.parametrize(
    "text",
    [
        "Reviewer 1 wrote:\nThe reef is wide.\n\nReviewer 2 wrote:\nNo anchors.\n",
        "R1 said: The reef is wide.\n\nR2 said: No anchors.\n",
        "Reviewer 1\nThe reef is wide.\n\nReviewer 2 wrote:\nRating: 3\nNo anchors.\n",
        "> Reviewer 1 wrote:\n> The reef is wide.\n>\n> Reviewer 2 wrote:\n> No anchors.\n",
    ],
)
def test_reviews_that_are_all_told_in_this_way_are_opened(tmp_path, text: str):
    (tmp_path / "reviews.txt").write_text(text)
    (part,) = read(tmp_path / "reviews.txt", "reef", "review").parts
    assert [one.author for one in part.documents] == ["Reviewer 1", "Reviewer 2"]
