"""PDFs that are damaged, locked, scanned or too large, wholly or in some pages, and the process that reads them."""

import json
import random
import re
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from knowledge.chunking import split_document
from knowledge.errors import UnreadableFile
from knowledge.limits import Limits
from knowledge.readers.pdf import reader
from knowledge.readers.pdf.reader import read_pdf
from knowledge.types import Document, Finding, Reading
from tests.knowledge.readers.pdf_making import PdfMaker, image, lines, show
from tests.knowledge.readers.test_mutations import mutate_bytes
from tests.knowledge.readers.test_pdf import take, two_columns


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda: b"%PDF-1.7 and then nothing", "no whole PDF"),
        (lambda: two_columns()[:700], "no whole PDF"),
        (lambda: b"no PDF at all", "no whole PDF"),
        (lambda: PdfMaker().page(show(50, 700, "locked")).data(
            f"/Encrypt << /Filter /Standard /V 1 /R 2 /O <{'41' * 32}> /U <{'42' * 32}> /P -4 >> /ID [<41> <41>]"),
            "protected by a password"),
        (lambda: PdfMaker().page("").data(), "no text on any page"),
        (lambda: PdfMaker().page(image(0, 0, 612, 792)).page(image(0, 0, 612, 792)).data(), "pages 1 to 2: is scanned"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_its_reason(make: Callable[[], bytes], reason: str):
    with pytest.raises(UnreadableFile, match=reason) as caught:
        take(make())
    assert caught.value.file == "paper.pdf"


def test_too_many_pages_and_too_much_time_are_refused():
    with pytest.raises(UnreadableFile, match="has 2 pages, more than the limit of 1"):
        take(two_columns(), pages=1)
    with pytest.raises(UnreadableFile, match=r"limit of 0\.01 s"):
        take(two_columns(), file_s=0.01)


def test_a_crash_of_the_reading_process_costs_the_file_alone(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(reader, "PROCESS", ("-c", "import os; os.abort()"))
    with pytest.raises(UnreadableFile, match="ended without a result"):
        take(two_columns())


def test_the_reading_process_imports_this_reader_and_no_other():
    code = "import sys, knowledge.readers.pdf.process as own; print(own.__file__); print(*sys.modules, sep='\\n')"
    told = subprocess.run(
        [sys.executable, "-c", code], cwd=reader.ROOT, capture_output=True, text=True, check=True
    ).stdout
    file, *modules = told.splitlines()
    assert Path(file).parent == Path(reader.__file__).parent
    assert not [
        name
        for name in modules
        if name.startswith(("sqlalchemy", "pydantic", "knowledge.readers.latex", "knowledge.store"))
    ]


def test_a_mutated_file_is_read_or_refused():
    chance = random.Random("reef")
    original = two_columns()
    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(try_to_read, [mutate_bytes(original, chance) for _ in range(8)]))
    assert {"read", "refused"} == set(outcomes)


def try_to_read(data: bytes) -> str:
    try:
        (document,) = take(data, file_s=20).documents
    except UnreadableFile as error:
        assert error.reason and "limit" not in error.reason
        return "refused"
    assert list(document.pages) == sorted(document.pages)
    for passage in split_document(document):
        assert document.text[passage.locator.start : passage.locator.end] == passage.text
    return "read"


PAGES = (
    "the first page with words\nand more of them",
    "the second page with words\nand more",
    "the third page\nwith words",
)


def pages_of_words() -> PdfMaker:
    maker = PdfMaker()
    for text in PAGES:
        maker.page(lines(60, 700, text))
    return maker


def check_gap(reading: Reading, place: str, reason: str) -> Document:
    """The paper of a reading of which one place is missing, said to the importer and on the submission."""
    (refusal,), (part,) = reading.refused, reading.parts
    assert (refusal.file, refusal.where) == ("paper.pdf", place) and reason in refusal.reason
    (finding,), (document,) = part.findings, part.documents
    assert finding == Finding("unread", place, refusal.reason, document.id) and not part.record
    assert len(document.pages) == 3 and document.text[document.pages[2] :].startswith("the third page")
    assert "the first page" in document.text and "the second page" not in document.text
    return document


def test_a_damaged_page_costs_no_other():
    data = pages_of_words().data()
    second = re.findall(rb"\n(\d+) 0 obj\n<< /Type /Page /", data)[1]
    damaged = re.sub(rb"(\n%b 0 obj\n)<< /Type /Page /" % second, rb"\1<< /Type /Pag! /", data)
    document = check_gap(
        read_pdf(damaged, "paper.pdf", None, Limits()), "page 2", "is damaged: this page cannot be opened"
    )
    assert document.pages[1] == document.pages[2]


def test_a_page_that_ends_the_process_costs_no_other(monkeypatch: pytest.MonkeyPatch):
    crash = (
        "import os, runpy; from knowledge.readers.pdf import process; real = process.open_page\n"
        "def open_page(document, number): return os.abort() if number == 2 else real(document, number)\n"
        "process.open_page = open_page; process.main()"
    )
    monkeypatch.setattr(reader, "PROCESS", ("-c", crash))
    check_gap(read_pdf(pages_of_words().data(), "paper.pdf", None, Limits()), "page 2", "is damaged")


def test_a_page_that_is_a_picture_is_named():
    maker = PdfMaker().page(lines(60, 700, PAGES[0])).page(image(0, 0, 612, 792)).page(lines(60, 700, PAGES[2]))
    check_gap(read_pdf(maker.data(), "paper.pdf", None, Limits()), "page 2", "is a picture without text")


def test_an_empty_page_is_shown_and_not_refused():
    reading = read_pdf(PdfMaker().page("").page(lines(60, 700, PAGES[0])).page("").data(), "paper.pdf", None, Limits())
    assert not reading.refused
    (finding,) = reading.parts[0].findings
    assert (finding.kind, finding.where) == ("unread", "pages 1, 3") and "has nothing on it" in finding.text


def test_a_file_of_damaged_pages_is_refused():
    data = pages_of_words().data().replace(b"<< /Type /Page /", b"<< /Type /Pag! /")
    with pytest.raises(UnreadableFile, match="none of its pages can be opened"):
        take(data)


def test_what_the_process_writes_is_plain_json():
    from knowledge.readers.pdf.process import read_file

    answer = read_file(two_columns(), 9)
    assert json.loads(json.dumps(answer)) == answer


def test_a_failure_after_the_last_page_blames_none(monkeypatch: pytest.MonkeyPatch):
    fail = "from knowledge.readers.pdf import process; process.read_paper = lambda *_: 1 / 0; process.main()"
    monkeypatch.setattr(reader, "PROCESS", ("-c", fail))
    with pytest.raises(UnreadableFile, match="ended without a result") as caught:
        take(pages_of_words().data())
    assert caught.value.where == ""
