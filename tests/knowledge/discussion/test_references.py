"""References of replies to other replies are followed to the place that they mean."""

from dataclasses import replace

import pytest

from knowledge.discussion.points import split_points
from knowledge.discussion.references import find_references
from knowledge.discussion.replies import Answer, find_answers
from knowledge.types import Document
from tests.knowledge.discussion.documents import document, embed


@pytest.mark.parametrize(
    ("text", "target", "numbers"),
    [
        ("Please see the general response.", "all", ()),
        ("We refer to our common response, point 2.", "all", ("2",)),
        ("This is discussed in our response to all reviewers.", "all", ()),
        ("Please see our response to Reviewer Zz9.", "reviewer", ()),
        ("See response A3 to R4 for more.", "reviewer", ("3",)),
        ("(see responses #6&7 to reviewer #1)", "reviewer", ("6", "7")),
        ("(see in particular point 1 of answer to Reviewer 1)", "reviewer", ("1",)),
        ("Please refer to our answer to W2 above.", "here", ("2",)),
        ("See our response to question 4.", "here", ("4",)),
        ("Our response above also speaks of this.", "here", ()),
    ],
)
def test_what_refers(text: str, target: str, numbers: tuple[str, ...]):
    (found,) = find_references(text, 0, len(text))
    assert (found.target, found.numbers) == (target, numbers)


@pytest.mark.parametrize(
    "text",
    [
        "We answer your questions below.",
        "The first point is new.",
        "See Table 4 and Section 2.",
        "We thank the reviewers for their comments.",
        "The main comment is addressed.",
    ],
)
def test_what_refers_to_no_reply(text: str):
    assert find_references(text, 0, len(text)) == ()


REVIEW = document("review", "Reviewer Ab1", ("Weaknesses", "1. The salt of the harbour is not discussed.\n2. No anchor was compared with the tide."), date="2031-02-01")  # fmt: skip
OTHER = document("review", "Reviewer Zz9", ("Weaknesses", "1. Where is the buoy?\n2. Anchors are not compared with the tide."), date="2031-02-01")  # fmt: skip
GENERAL = document("response", "Authors", ("Comment", "Now the harbour salt is discussed at length.\n\nThe boats are painted blue."), id="general", addressee="all", date="2031-03-01")  # fmt: skip


def reply(text: str, id: str = "own", to: str = "Reviewer Ab1") -> Document:
    return document("response", "Authors", ("Comment", text), id=id, addressee=to, date="2031-03-01")


def answers(*documents: Document) -> list[Answer]:
    return list(find_answers(split_points(REVIEW), documents, embed).values())


def test_the_general_response_is_followed():
    own = reply("> The salt of the harbour is not discussed.\n\nPlease see the general response.\n\n> No anchor was compared with the tide.\n\nSee Table 4.")  # fmt: skip
    salt, anchor = answers(REVIEW, own, GENERAL)
    followed = next(r for r in salt.replies if r.document == "general")
    assert followed.evidence == "referred" and followed.sure
    assert GENERAL.text[followed.start : followed.end] == "Now the harbour salt is discussed at length."
    assert followed.via and own.text[followed.via[1] : followed.via[2]] == "see the general response"
    assert all(r.evidence != "referred" for r in anchor.replies)


def test_a_number_in_another_reviewers_thread_is_followed():
    theirs = reply("1. The buoy is in the bay.\n\n2. Against the tide the anchor of Table 7 holds.", "theirs", "Reviewer Zz9")  # fmt: skip
    own = reply("> No anchor was compared with the tide.\n\nSee our answer 2 to Reviewer Zz9.")
    found = find_answers(split_points(REVIEW) + split_points(OTHER), [REVIEW, OTHER, own, theirs], embed)
    points = [p for p in split_points(REVIEW) if "anchor" in p.text]
    followed = next(r for r in found[points[0].id].replies if r.document == "theirs")
    assert followed.evidence == "referred" and followed.sure and followed.to_other
    assert theirs.text[followed.start : followed.end].startswith("Against the tide")


def test_nothing_is_followed_where_nothing_refers():
    own = reply("> The salt of the harbour is not discussed.\n\nIt is now.")
    salt, _ = answers(REVIEW, own, replace(GENERAL, id="general"))
    assert all(r.evidence != "referred" and r.via is None for r in salt.replies)
