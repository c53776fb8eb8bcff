"""The process in which a PDF is opened: bytes in, JSON out. A file that crashes PDFium ends this process alone."""

import json
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from knowledge.readers.pdf.lines import Word, build_lines, build_words, merge_lines
from knowledge.readers.pdf.page import RawPage, read_page
from knowledge.readers.pdf.paper import read_paper
from knowledge.readers.pdf.turns import turn_page
from knowledge.readers.pdf.visibility import Hidden, find_hidden

MOST_MEMORY = 6 << 30
"""Bytes of address space; a page that asks for more ends the process."""
UNMAPPED = 0.3
"""The share of characters without a known letter above which a text is no text."""
LEAST_TEXT = 20
"""Characters that a page with text has at least."""
DAMAGED = "is damaged: this page cannot be opened; download or export the file again"
PICTURE = "is a picture without text; run a text recognition (OCR) over it"
BLANK = "has nothing on it: it is blank, or what stood there is damaged"
UNKNOWN_LETTERS = "has text in fonts that do not say which letters they show; much of it is missing"


def main() -> None:
    """Read a PDF from standard input and write JSON to standard output.

    The first argument is the most pages that it may have, the others are pages to leave out. Standard error names each
    page before it is opened, and 0 after the last one, so that a page that ends the process is known.
    """
    with suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    most, *left_out = map(int, sys.argv[1:])
    answer = read_file(sys.stdin.buffer.read(), most, left_out, lambda page: print(page, file=sys.stderr, flush=True))
    sys.stdout.write(json.dumps(answer))


def read_file(
    data: bytes, most_pages: int, left_out: Sequence[int] = (), tell: Callable[[int], None] = lambda page: None
) -> dict[str, Any]:
    """A paper and what is hidden in it as plain values; {"error": reason, "where": place} where it cannot be read.

    "missing" are the pages of which nothing or not all was read, each with the reason. `tell` is told each page before
    it is opened, and 0 after the last one.
    """
    import pypdfium2 as pdfium

    try:
        document = pdfium.PdfDocument(data)
        count = len(document)
    except pdfium.PdfiumError as error:
        return {"error": reason_of(str(error)), "where": ""}
    if not count:
        return {"error": "has no pages", "where": ""}
    if count > most_pages:
        return {"error": f"has {count} pages, more than the limit of {most_pages}", "where": ""}
    pages = []
    for number in range(1, count + 1):
        tell(number)
        pages.append(ReadPage(NOTHING, missing=DAMAGED) if number in left_out else open_page(document, number))
    tell(0)
    if not any(page.words for page in pages):
        return no_text([number for number, page in enumerate(pages, 1) if page.missing == PICTURE], pages)
    if sum(page.raw.unmapped for page in pages) > UNMAPPED * sum(len(page.raw.glyphs) for page in pages):
        reason = "its fonts do not say which letters they show; export it anew, or give it as Markdown"
        return {"error": reason, "where": ""}
    numbered = list(enumerate(pages, 1))
    paper = read_paper([page.raw for page in pages], [page.words for page in pages], [page.aside for page in pages])
    return paper | {
        "findings": [{"kind": kind, "page": n, "text": text} for n, page in numbered for kind, text in page.hidden],
        "scanned": [number for number, page in numbered if page.scanned],
        "missing": [
            {"page": number, "reason": page.missing, "sure": page.missing != BLANK}
            for number, page in numbered
            if page.missing
        ],
        "pages": count,
    }


NOTHING = RawPage(612, 792, (), (), (), 0)
"""Stands for a page that cannot be opened."""


@dataclass(frozen=True)
class ReadPage:
    """One page: what is on it, its visible words, what is written on it in other directions, the text that nobody sees as
    (kind, text), whether its words are the text layer of a scan, and why words of it are missing, "" if none are."""

    raw: RawPage
    words: Sequence[Word] = ()
    aside: str = ""
    hidden: Sequence[tuple[str, str]] = ()
    scanned: bool = False
    missing: str = ""


def open_page(document: Any, number: int) -> ReadPage:
    """The page with a number from 1 on; one that PDFium cannot open or paint is damaged, and costs no other."""
    import pypdfium2 as pdfium

    try:
        page = document[number - 1]
        whole = read_page(page)
        hidden, scanned = find_hidden(page, whole)
        page.close()
    except (pdfium.PdfiumError, ValueError, ArithmeticError, MemoryError):
        return ReadPage(NOTHING, missing=DAMAGED)
    raw, others = turn_page(whole, {index for part in hidden for index in part.glyphs})
    words = build_words(raw.glyphs)
    aside = "\n".join(line.text for other in others for line in merge_lines(build_lines(build_words(other.glyphs))))
    return ReadPage(raw, words, aside, join_hidden(whole, hidden), scanned, what_is_missing(whole, words))


def what_is_missing(raw: RawPage, words: Sequence[Word]) -> str:
    """Why a page that was opened gives less text than is on it, "" where it gives all."""
    if sum(len(word.text) for word in words) < LEAST_TEXT and any(thing.kind == "image" for thing in raw.drawn):
        return PICTURE
    if not raw.glyphs and not raw.drawn:
        return BLANK
    return UNKNOWN_LETTERS if raw.unmapped > UNMAPPED * len(raw.glyphs) else ""


def reason_of(message: str) -> str:
    """Why PDFium did not open a file, worded for the person who has it."""
    lower = message.lower()
    if "password" in lower or "security" in lower:
        return "is protected by a password; save it without one"
    return "is no whole PDF: damaged, cut off, or another format; download or export it again"


def no_text(pictures: Sequence[int], pages: Sequence[ReadPage]) -> dict[str, Any]:
    """The refusal of a paper without any text."""
    if all(page.missing == DAMAGED for page in pages):
        return {"error": "is damaged: none of its pages can be opened; download or export it again", "where": ""}
    if not pictures:
        return {"error": "has no text on any page", "where": ""}
    where = f"page {pictures[0]}" if len(pictures) == 1 else f"pages {pictures[0]} to {pictures[-1]}"
    return {
        "error": "is scanned: its pages are pictures without text; run a text recognition (OCR) over it",
        "where": where,
    }


def join_hidden(raw: RawPage, hidden: list[Hidden]) -> list[tuple[str, str]]:
    """Hidden words that follow one another as one text, by the commonest kind; nothing without a letter or digit."""
    runs: list[list[Hidden]] = []
    for part in sorted(hidden, key=lambda one: one.glyphs.start):
        if runs and part.glyphs.start == runs[-1][-1].glyphs.stop and similar(part.kind, runs[-1][-1].kind):
            runs[-1].append(part)
        else:
            runs.append([part])
    joined = []
    for run in runs:
        text = " ".join("".join(raw.glyphs[index].text for index in part.glyphs) for part in run)
        kinds = [part.kind for part in run]
        if any(sign.isalnum() for sign in text):
            joined.append((max(kinds, key=kinds.count), text))
    return joined


def similar(kind: str, other: str) -> bool:
    """Whether two reasons may be one: text that something covers can also lack contrast in places."""
    return kind == other or {kind, other} == {"invisible", "covered"}


if __name__ == "__main__":
    main()
