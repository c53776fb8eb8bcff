"""A paper as PDF -> Document of kind `paper`, each page's beginning known; what nobody sees is kept apart."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from knowledge.aspects import aspect_of
from knowledge.errors import UnreadableFile
from knowledge.limits import Limits
from knowledge.readers.draft import Draft
from knowledge.readers.text import clean, slug
from knowledge.types import Aspect, Document, Finding, Role, Submission

PROCESS = ("-m", "knowledge.readers.pdf.process")
ROLES: dict[str, Role] = {"table": "table", "caption": "caption", "reference": "reference"}


def read_pdf(data: bytes, file: str, into: str | None, limits: Limits) -> Submission:
    """A PDF as the paper of a submission (`into`, else one named after the title).

    It is opened in a process of its own, so that a file made to crash or to hang costs nothing but itself; that takes
    about 0.2 s a page. UnreadableFile where it is no whole PDF, is locked, has no text, or exceeds a limit.
    """
    paper = run_reader(data, file, limits)
    title = clean(paper["title"]).strip() or Path(file).stem
    submission = into or slug(title) or "paper"
    name = f"{submission}/paper"
    draft, pages = write_paper(paper, title)
    if not draft.points:
        raise UnreadableFile(file, "has no text beside its margins")
    found = [Finding(one["kind"], f"p. {one['page']}", clean(one["text"]), name) for one in paper["findings"]]
    layer = f" (pages {list_pages(paper['scanned'])}: text layer of a scan)" if paper["scanned"] else ""
    missing = name_pictures(paper["pictures"], file)
    document = Document(
        id=name,
        submission=submission,
        kind="paper",
        title=title,
        text=draft.text,
        sections=draft.sections,
        points=draft.points,
        origin="record",
        source=f"{file}{layer}",
        pages=tuple(pages),
    )
    authors = tuple(clean(author) for author in paper["authors"])
    return Submission(submission, title, authors, record=missing, documents=(document,), findings=tuple(found))


def run_reader(data: bytes, file: str, limits: Limits) -> dict[str, Any]:
    """What the reading process found in a PDF; UnreadableFile says why it found nothing."""
    command = [sys.executable, *PROCESS, str(limits.pages)]
    root = Path(__file__).resolve().parents[2]
    try:
        done = subprocess.run(command, input=data, capture_output=True, cwd=root, timeout=limits.file_s, check=False)
    except subprocess.TimeoutExpired:
        reason = f"took longer to read than the limit of {limits.file_s:g} s, and was given up"
        raise UnreadableFile(file, reason) from None
    try:
        answer = json.loads(done.stdout)
    except ValueError:
        reason = "is damaged: reading it ended without a result; download or export it again"
        raise UnreadableFile(file, reason) from None
    if reason := answer.get("error"):
        raise UnreadableFile(file, reason, where=answer["where"])
    return answer


def write_paper(paper: dict[str, Any], title: str) -> tuple[Draft, list[int]]:
    """The blocks of a paper as text with sections and points, and the offset at which each page begins."""
    draft = Draft()
    pages = [0]
    parents: dict[int, Aspect | None] = {}
    if paper["title"]:
        draft.begin_section(title, None)
    for block in paper["blocks"]:
        text = clean(block["text"]).strip()
        if not text:
            continue
        before = len(draft.text)
        if block["kind"] == "heading":
            level = block["level"]
            aspect = aspect_of(text) or (parents.get(level - 1) if level > 1 else None)
            parents = {deep: own for deep, own in parents.items() if deep < level}
            parents[level] = aspect
            draft.begin_section(text, aspect)
        else:
            draft.add_point(text, role=ROLES.get(block["kind"]), where=block["where"])
        start = len(draft.text) - len(text) if before else 0
        for offset, page in [(0, block["page"]), *block["breaks"]]:
            while len(pages) < page:
                pages.append(start + offset)
    length = len(draft.text)
    pages += [length] * (paper["pages"] - len(pages))
    return draft, pages


def name_pictures(pages: list[int], file: str) -> str:
    """A sentence about the pages that are pictures without text, "" where there are none."""
    if len(pages) == 1:
        return f"Page {pages[0]} of {file} is a picture without text."
    return f"Pages {list_pages(pages)} of {file} are pictures without text." if pages else ""


def list_pages(numbers: list[int]) -> str:
    """Page numbers in words: "1, 3 to 5"."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ", ".join(f"{first}" if first == last else f"{first} to {last}" for first, last in runs)
