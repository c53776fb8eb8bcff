"""Contributions as a paper lists them, in whatever form the list has, else the sentences in which it claims most."""

import pytest

from agent.answering.claimed import contributions
from agent.checks import check_quotes
from knowledge.types import Locator, Passage


def paper(*texts, sections=()):
    found, start = [], 0
    for n, text in enumerate(texts):
        section = sections[n] if sections else "1 Introduction"
        place = Locator("s", "paper", section, start, start + len(text))
        found.append(Passage(f"p{n}", text, place, "paper", origin="record"))
        start += len(text) + 2
    return found


def told(passages):
    """The quoted items."""
    lines = contributions(passages)
    cited = {p.id: p for p in passages}
    assert all(check_quotes(s.text, [cited[i] for i in s.passages]) is None for s in lines if s.passages)
    return [s.text.strip("“”") for s in lines if s.passages]


def test_items_after_an_announcement_up_to_their_number():
    passages = paper(
        "Ducks were never sorted.", "We make two contributions.", "A sort for ducks in linear time.", "A proof that geese follow.",
        "The next paragraph of the introduction speaks of swans.",
    )  # fmt: skip
    assert told(passages) == ["A sort for ducks in linear time.", "A proof that geese follow."]


def test_items_end_with_their_section():
    passages = paper(
        "Our contributions are:", "(a) a sort for ducks, and", "Geese were sorted before by many.",
        sections=("1 Introduction", "1 Introduction", "2 Related work"),
    )  # fmt: skip
    assert told(passages) == ["a sort for ducks, and"]


@pytest.mark.parametrize(
    "sentence",
    [
        "Our contributions are a sort for ducks, a proof for geese and a study of swans.",
        "This paper makes three contributions: a sort for ducks; a proof; and a study of swans.",
    ],
)
def test_a_list_in_one_sentence(sentence):
    assert told(paper(f"Ducks matter. {sentence} Others did less.")) == [sentence]


def test_without_an_announcement_the_claims():
    passages = paper(
        "Ducks are many. We propose a sort that keeps them in rows.", "Rows were known. We show that geese follow."
    )
    assert told(passages) == ["We propose a sort that keeps them in rows.", "We show that geese follow."]


def test_long_items_are_told_by_their_beginning_and_end_where_the_paper_goes_on():
    long = (
        "A sort for ducks that keeps them in rows, whatever the tide. "
        + "It is shown for rivers and lakes alike. " * 20
    )
    passages = paper(
        "Our main contributions are as follows:", long.strip(), "A proof.\n- A study of swans.\n- Code.",
        "The rest of the paper is organized as follows.", "Geese come first.",
    )  # fmt: skip
    first, *rest = told(passages)
    assert first.startswith("A sort for ducks") and len(first) < 350 and first.endswith("alike.")
    assert rest == ["A proof.", "A study of swans.", "Code."]


def test_after_items_with_marks_a_passage_without_one_is_none():
    passages = paper("Our contributions are:", "1. A sort for ducks.", "2. A proof.", "The proposed sort takes 3 ms.")
    assert told(passages) == ["A sort for ducks.", "A proof."]
