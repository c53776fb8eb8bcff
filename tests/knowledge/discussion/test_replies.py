"""Points meet the replies that answer them, later ones only, with the evidence."""

from dataclasses import replace

from knowledge.discussion.points import split_points
from knowledge.discussion.replies import Answer, find_answers
from knowledge.types import Document
from tests.knowledge.discussion.documents import document, embed

REVIEW = document(
    "review", "Reviewer Ab1",
    ("Weaknesses", "1. The salt of the harbour is not discussed.\n2. No anchor was compared with the tide."),
    date="2031-02-01",
)  # fmt: skip
OTHER = document("review", "Reviewer Zz9", ("Weaknesses", "- The harbour salt is ignored."), date="2031-02-01")


def answers(*documents: Document) -> list[Answer]:
    points = [point for d in documents if d.kind == "review" for point in split_points(d)]
    return list(find_answers(points, documents, embed).values())


def reply(text: str, **facts: str) -> Document:
    return document("response", "Authors", ("Comment", text), **({"addressee": "Reviewer Ab1", "date": "2031-03-01"} | facts))  # fmt: skip


def test_quoted_words_are_sure():
    own = reply("> No anchor was compared with the tide.\n\nSee Table 4.")
    salt, anchor = answers(REVIEW, own)
    assert anchor.status == "answered" and salt.status == "not answered"
    first = anchor.replies[0]
    assert first.evidence == "quoted" and own.text[first.start : first.end] == "See Table 4."
    assert own.text[slice(*first.quoted[0])] == "No anchor was compared with the tide"


def test_numbers_are_evidence():
    own = reply("1. The salt is discussed in Section 2 now.\n\n2. An anchor was added to the tide comparison.")
    salt, anchor = answers(REVIEW, own)
    assert [a.replies[0].evidence for a in (salt, anchor)] == ["numbered", "numbered"]
    assert "salt" in own.text[salt.replies[0].start : salt.replies[0].end]
    assert "anchor" in own.text[anchor.replies[0].start : anchor.replies[0].end]


def test_what_was_written_before_does_not_answer():
    early = reply("> No anchor was compared with the tide.\n\nSee Table 4.", date="2031-01-31")
    assert all(answer == Answer("not answered") for answer in answers(REVIEW, early))


def test_the_thread_goes_before_the_dates():
    early = replace(
        reply("> No anchor was compared with the tide.\n\nSee Table 4.", date="2031-01-31"), reply_to=REVIEW.id
    )
    assert answers(REVIEW, early)[1].status == "answered"


def test_no_reply_is_no_answer():
    assert [answer.status for answer in answers(REVIEW)] == ["not answered", "not answered"]
    assert all(not answer.replies for answer in answers(REVIEW))


def test_the_nearest_are_listed_where_nothing_answers():
    own = reply("We bought a new pier for the boats.")
    salt, _ = answers(REVIEW, own)
    assert salt.status == "not answered" and len(salt.replies) == 1 and salt.replies[0].fit < 0.25


def test_a_reply_to_another_reviewer_is_marked_and_never_sure_without_a_quotation():
    own = reply("The salt of the harbour is discussed now.")
    theirs = answers(OTHER, REVIEW, own)[0]
    assert all(r.to_other and not r.sure for r in theirs.replies)
    quoting = reply("> The harbour salt is ignored.\n\nIt is in Section 2 now.")
    assert answers(OTHER, REVIEW, quoting)[0].status == "answered"


def test_replies_several_levels_deep_belong_to_the_review():
    first = replace(reply("Thank you."), reply_to=REVIEW.id)
    second = replace(reply("2. An anchor was compared with the tide.", addressee=""), id="part-2", reply_to=first.id)
    found = answers(REVIEW, first, second)[1].replies[0]
    assert found.document == "part-2" and not found.to_other


def test_a_general_reply_names_whom_it_speaks_to():
    general = reply(
        "Reviewer Zz9: the harbour salt is in Section 2 now.\n\nReviewer Ab1: an anchor was compared with the tide.",
        addressee="all",
    )
    salt = answers(OTHER, REVIEW, general)[0]
    assert not salt.replies[0].to_other and general.text[salt.replies[0].start :].startswith(
        "Reviewer Zz9: the harbour"
    )
