"""A reply is parted into what answers what."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.discussion.blocks import Block, read_blocks
from tests.knowledge.discussion.documents import document

REVIEW = document("review", "Reviewer Ab1", ("Weaknesses", "1. The salt of the harbour is not discussed.\n2. No anchor was compared."))  # fmt: skip


def read(text: str) -> tuple[Block, ...]:
    return read_blocks(document("response", "Authors", ("Comment", text)), [REVIEW])


@pytest.mark.parametrize(
    "text",
    [
        "> The salt of the harbour is not discussed.\n\nIt is now.\n\n> No anchor was compared.\n\nWe added two.",
        '"The salt of the harbour is not discussed." It is now.\n\n"No anchor was compared." We added two.',
        "W1: It is now.\n\nW2: We added two.",
        "**W1**: It is now.\n\n**W2**: We added two.",
        "Q1: Salt.\nA1: It is now.\n\nQ2: Anchors.\nA2: We added two.",
        "[Reviewer comment] Salt.\n[Our response] It is now.\n\n[Reviewer comment] Anchors.\n[Our response] We added two.",
        "* **Question:**\nSalt.\n* **Answer:**\nIt is now.\n* **Question:**\nAnchors.\n* **Answer:**\nWe added two.",
        "1. It is now.\n\n2. We added two.",
        "Salt: It is now.\n\nAnchors: We added two.",
        "**Salt.** It is now.\n\n**Anchors.** We added two.",
        "It is now.\n\nWe added two.",
        "Reply for question (1):\nIt is now.\n\nReply for question (2):\nWe added two.",
        "**W1.** We agree, it is now.\n\n**Anchors.** We added two.",
    ],
)
def test_each_way_of_answering_gives_two_answers(text: str):
    first, second = read(text)
    assert first.answer.lower().endswith("it is now.") and "two" not in first.answer
    assert second.answer.endswith("We added two.") and "now" not in second.answer


def test_a_quotation_says_where_it_stands_in_the_review():
    (block,) = read("> The salt of the harbour is not discussed.\n\nIt is now.")
    (quotation,) = block.quotations
    assert REVIEW.text[quotation.source_start : quotation.source_end] == "The salt of the harbour is not discussed"


def test_an_answer_that_begins_with_the_question_is_an_answer():
    (block,) = read("The salt of the harbour is not discussed on purpose.")
    assert block.answer.startswith("The salt") and block.quotations


def test_thanks_and_sources_answer_nothing():
    assert not read("We thank the reviewer for the careful reading.\n\nBest regards")
    (block,) = read("Thank you for your comments.\n\nSalt is now in Section 2.\n\n[1] Reef, A. Tides. arXiv, 2031.")
    assert block.answer == "Salt is now in Section 2."


def test_lines_that_only_keep_short_are_one_sentence():
    text = "It is well known that salt and the\nharbour are not to be had without each\nother."
    (block,) = read(text)
    assert block.answer == text


@pytest.mark.parametrize("marker", ["Q:", "A:", "W1:", "> ", "Comment 2:", "#"])
def test_a_marker_with_nothing_behind_it_answers_nothing(marker: str):
    assert not read(marker)


@given(st.text(st.sampled_from('ab .?!:\n-*#1(2)[]>"“”QA'), max_size=300))
def test_every_block_is_its_document_at_its_offsets(text: str):
    whole = document("response", "Authors", ("Comment", text))
    for block in read_blocks(whole, [REVIEW]):
        assert block.answer == whole.text[block.start : block.end] and block.answer.strip()
