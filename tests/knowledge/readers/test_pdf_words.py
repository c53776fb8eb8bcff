"""Words that a line's end cuts, and lines beside a paper's own words that stand on one page alone."""

from collections import Counter

import pytest

from knowledge.limits import Limits
from knowledge.readers.pdf.reader import read_pdf
from knowledge.readers.pdf.words import join
from tests.knowledge.readers.pdf_making import PdfMaker, lines, show


@pytest.mark.parametrize(
    ("first", "second", "joined"),
    [
        ("they are automatically-", "detected links", "they are automatically-detected links"),
        ("the span-", "level score", "the span-level score"),
        ("2030. Context-", "enhanced tides", "2030. Context-enhanced tides"),
        ("a graph-", "based tide", "a graph-based tide"),
        ("Dan Mc-", "Farland said", "Dan McFarland said"),
        ("for exam-", "ple, the tide", "for example, the tide"),
        ("some-", "thing high", "something high"),
        ("a high-", "light of it", "a highlight of it"),
        ("the quanti-", "sation of tides", "the quantisation of tides"),
        ("a data-", "set of tides", "a dataset of tides"),
        ("of frobni-", "cation here", "of frobnication here"),
        ("by Reef-", "Net here", "by Reef-Net here"),
    ],
)
def test_a_word_that_the_paper_does_not_repeat_is_joined_as_the_language_has_it(first: str, second: str, joined: str):
    assert join(first, second, Counter()) == joined


def test_what_the_paper_itself_writes_comes_first():
    assert join("a data-", "set of tides", Counter({"data-set": 2, "data-": 2})) == "a data-set of tides"
    assert join("the span-", "level score", Counter({"spanlevel": 1})) == "the spanlevel score"


def read_text(*pages: str) -> str:
    maker = PdfMaker()
    for page in pages:
        maker.page(page)
    (part,) = read_pdf(maker.data(), "paper.pdf", None, Limits()).parts
    return part.documents[0].text


BODY = show(140, 700, "Coral Pruning of Reefs", 18, "F2") + lines(
    60, 600, "The reef is wide here,\nand the tide is high."
)
MORE = lines(60, 700, "Waves are cut by half,\nand anchors hold.")


def test_a_publishers_line_below_the_page_number_goes():
    foot = show(300, 52, "4969", 10) + lines(120, 38, "The 58th Meeting on Tides and Reefs, pages 4969 to 4983\nJuly 5 - 10, 2030", 9, leading=11)  # fmt: skip
    text = read_text(BODY + foot, MORE + show(300, 52, "4970", 10))
    assert "58th" not in text and "July" not in text and "tide is high" in text and "anchors hold" in text


@pytest.mark.parametrize("imprint", ["Proceedings of the Meeting on Tides", "Copyright 2030 by the harbour", "Preprint. Under review."])  # fmt: skip
def test_a_line_that_says_it_is_a_publishers_goes_from_the_edge_of_one_page(imprint: str):
    assert imprint not in read_text(BODY + show(120, 30, imprint, 9), MORE)


def test_other_words_at_the_edge_of_a_page_stay():
    text = read_text(
        BODY + show(120, 30, "Proceedings are counted in shells.", 9), MORE + show(60, 30, "An own note.", 9)
    )
    assert "counted in shells" in text and "An own note." in text
