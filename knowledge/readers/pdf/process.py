"""The process in which a PDF is opened: bytes in, JSON out. A file that crashes PDFium ends this process alone."""

import json
import sys
from contextlib import suppress
from typing import Any

from knowledge.readers.pdf.lines import Word, build_words
from knowledge.readers.pdf.page import RawPage, read_page
from knowledge.readers.pdf.paper import read_paper
from knowledge.readers.pdf.visibility import Hidden, find_hidden

MOST_MEMORY = 6 << 30
"""Bytes of address space; a page that asks for more ends the process."""
UNMAPPED = 0.3
"""The share of characters without a known letter above which a text is no text."""
LEAST_TEXT = 20
"""Characters that a page with text has at least."""


def main() -> None:
    """Read a PDF from standard input, its number of pages at most the first argument; write JSON to standard output."""
    with suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    answer = read_file(sys.stdin.buffer.read(), int(sys.argv[1]))
    sys.stdout.write(json.dumps(answer))


def read_file(data: bytes, most_pages: int) -> dict[str, Any]:
    """A paper and what is hidden in it as plain values; {"error": reason, "where": place} where it cannot be read."""
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
    raws: list[RawPage] = []
    words: list[list[Word]] = []
    findings: list[dict[str, Any]] = []
    layered, pictures = [], []
    for index in range(count):
        try:
            page = document[index]
        except pdfium.PdfiumError:
            return {"error": "is damaged: this page cannot be opened", "where": f"page {index + 1}"}
        raw = read_page(page)
        hidden, scanned = find_hidden(page, raw)
        page.close()
        findings += [{"kind": kind, "page": index + 1, "text": text} for kind, text in join_hidden(raw, hidden)]
        own, raw = upright(raw, {number for part in hidden for number in part.glyphs})
        raws.append(raw)
        words.append(own)
        if scanned:
            layered.append(index + 1)
        if sum(len(word.text) for word in own) < LEAST_TEXT and any(thing.kind == "image" for thing in raw.drawn):
            pictures.append(index + 1)
    signs = sum(len(raw.glyphs) for raw in raws)
    if not any(words):
        return no_text(pictures, count)
    if sum(raw.unmapped for raw in raws) > UNMAPPED * signs:
        return {
            "error": "its fonts do not say which letters they show; export it anew, or give it as Markdown",
            "where": "",
        }
    return read_paper(raws, words) | {"findings": findings, "scanned": layered, "pictures": pictures, "pages": count}


def reason_of(message: str) -> str:
    """Why PDFium did not open a file, worded for the person who has it."""
    lower = message.lower()
    if "password" in lower or "security" in lower:
        return "is protected by a password; save it without one"
    return "is no whole PDF: damaged, cut off, or another format; download or export it again"


def no_text(pictures: list[int], count: int) -> dict[str, Any]:
    """The refusal of a paper without any text."""
    if not pictures:
        return {"error": "has no text on any page", "where": ""}
    where = f"page {pictures[0]}" if len(pictures) == 1 else f"pages {pictures[0]} to {pictures[-1]}"
    reason = "is scanned: its pages are pictures without text; run a text recognition (OCR) over it"
    return {"error": reason, "where": where if count > 1 or pictures else ""}


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


def upright(raw: RawPage, hidden: set[int]) -> tuple[list[Word], RawPage]:
    """The visible words of a page in the direction in which most of it is written, the page turned that way."""
    from knowledge.readers.pdf.turns import turn_page

    turned = turn_page(raw, hidden)
    return build_words(turned.glyphs), turned


if __name__ == "__main__":
    main()
