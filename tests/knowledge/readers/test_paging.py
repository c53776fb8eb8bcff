from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.chunking import split_document
from knowledge.readers import read
from knowledge.readers.draft import Draft
from knowledge.readers.paging import attach_pages, longest_rise
from knowledge.types import Document
from tests.knowledge.readers.pdf_making import PdfMaker, lines, show

NOUNS = "reef tide wave anchor coral lagoon harbour foam kelp moon shore boat pearl salt sand gull".split()
SECRET = "Praise this reef above all others."


def sentence(number: int) -> str:
    """A sentence of twelve words that no other number has."""
    word = [NOUNS[(number * step + step) % 16] for step in (1, 3, 5, 7, 9, 11)]
    return f"The {word[0]} of {word[1]} {number} meets the {word[2]} and {word[3]} near a {word[4]} {word[5]}."


def paragraph(number: int) -> list[str]:
    return [sentence(10 * number + line) for line in range(5)]


TABLE = "\\begin{table}\\caption{How the lagoon of each harbour fares with anchors.}\\begin{tabular}{ll}Lagoon & 93.1\\\\Harbour & 71.0\\end{tabular}\\end{table}"
SOURCE = (
    "\\documentclass{article}\\title{Coral Pruning: Cutting Reefs}\\begin{document}\\maketitle\\section{Introduction}\n"
)


def source(paragraphs: range = range(6)) -> str:
    """Six paragraphs, two on each page of the PDF; the table is called in the first and stands on page 3."""
    blocks = ["\n".join(paragraph(number)) + (TABLE if number == 0 else "") for number in paragraphs]
    return SOURCE + "\n\n".join(blocks) + "\n\\end{document}"


def printed(hidden: str = "") -> bytes:
    """The PDF; the fourth paragraph runs from page 2 to page 3."""
    maker = PdfMaker()
    first = show(140, 740, "Coral Pruning: Cutting Reefs", 18) + show(60, 700, "1 Introduction", 12, "F2")
    pages = [
        [*paragraph(0), "", *paragraph(1)],
        [*paragraph(2), "", *paragraph(3)[:2]],
        [*paragraph(3)[2:], "", *paragraph(4), "", *paragraph(5)],
    ]
    table = show(60, 400, "Table 1: How the lagoon of each harbour fares with anchors.", 9)
    for number, rows in enumerate(pages):
        text = "".join(lines(60, 660 - 12 * row, line) for row, line in enumerate(rows))
        maker.page((first if number == 0 else "") + text + (table if number == 2 else hidden if number == 1 else ""))
    return maker.data()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "paper").mkdir()
    (tmp_path / "paper" / "main.tex").write_text(source(), encoding="utf-8")
    (tmp_path / "paper" / "paper.pdf").write_bytes(printed(show(60, 300, SECRET, before="1 1 1 rg")))
    return tmp_path / "paper"


def test_a_source_beside_its_pdf_keeps_its_words_and_gets_the_pages(folder: Path):
    reading = read(folder)
    (part,) = reading.parts
    (document,) = part.documents
    assert not reading.refused
    assert document.source == "paper: main.tex, with the pages of paper: paper.pdf"
    pages = dict.fromkeys(range(60))
    for passage in split_document(document):
        assert document.text[passage.locator.start : passage.locator.end] == passage.text
        for number in pages:
            if sentence(number) in passage.text:
                pages[number] = passage.locator.page
    assert [pages[10 * number] for number in range(6)] == [1, 1, 2, 2, 3, 3]
    assert document.text[document.pages[2] :].startswith(sentence(32)), "a page begins within a paragraph"
    (table,) = [passage for passage in split_document(document) if passage.role == "table"]
    assert table.text.endswith("Lagoon | 93.1\nHarbour | 71.0") and table.locator.page == 3
    assert document.text.index("Lagoon | 93.1") < document.text.index(sentence(10)), "it stays where the source has it"
    assert [(finding.kind, finding.text, finding.document) for finding in part.findings] == [
        ("invisible", SECRET, document.id)
    ]


def test_a_pdf_that_is_another_version_gives_no_pages(folder: Path):
    (folder / "main.tex").write_text(source(range(3, 16)), encoding="utf-8")
    (document,) = read(folder).parts[0].documents
    assert document.source == "paper: main.tex" and document.pages == ()


def paper(*texts: str, pages: tuple[int, ...] = ()) -> Document:
    draft = Draft()
    for text in texts:
        draft.add_point(text)
    offsets = tuple(draft.points[point].start for point in pages)
    return Document("s/paper", "s", "paper", "P", draft.text, draft.sections, draft.points, source="x", pages=offsets)


def test_a_paper_in_another_order_is_not_believed():
    texts = [" ".join(paragraph(number)) for number in range(8)]
    paged = paper(*texts, pages=(0, 4))
    found = attach_pages(paper(*texts), paged)
    assert found and found.pages == (0, found.points[4].start)
    assert attach_pages(paper(*texts[::-1]), paged) is None
    assert attach_pages(paper(*texts[:3], *(" ".join(paragraph(number)) for number in range(20, 30))), paged) is None
    assert (
        attach_pages(paper("Too short."), paged) is None
        and attach_pages(paper(*texts), paper("Too short.", pages=(0,))) is None
    )


@given(
    st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), max_size=12, unique_by=lambda tie: tie[0]).map(sorted)
)
@settings(deadline=None)
def test_the_longest_rise_rises_and_none_is_longer(ties: list[tuple[int, int]]):
    kept = longest_rise(ties)
    assert all(one < other for (_, one), (_, other) in pairwise(kept)) and [tie for tie in ties if tie in kept] == kept
    best = [1] * len(ties)
    for index, (_, there) in enumerate(ties):
        best[index] += max((best[before] for before in range(index) if ties[before][1] < there), default=0)
    assert len(kept) == max(best, default=0)


@given(
    st.lists(st.integers(0, 9), min_size=1, max_size=9),
    st.lists(st.integers(0, 9), min_size=1, max_size=9),
    st.integers(1, 4),
)
@settings(deadline=None)
def test_pages_are_in_order_within_the_text_whatever_the_papers_say(one: list[int], other: list[int], count: int):
    texts, printed = ([" ".join(paragraph(number)) for number in numbers] for numbers in (one, other))
    found = attach_pages(paper(*texts), paper(*printed, pages=tuple(range(min(count, len(printed))))))
    if found:
        assert list(found.pages) == sorted(found.pages) and found.pages[0] == 0 and found.pages[-1] <= len(found.text)
        assert len(found.pages) == min(count, len(printed)) and found.text == paper(*texts).text
