"""A paper as PDF -> Document of kind `paper`, each page's beginning known; what nobody sees is kept apart."""

import json
import re
import subprocess
import sys
import time
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from typing import Any

import knowledge
from knowledge.aspects import aspect_of
from knowledge.errors import UnreadableFile
from knowledge.limits import Limits
from knowledge.readers.dates import find_impossible_lines
from knowledge.readers.draft import Draft
from knowledge.readers.headings import LABEL, LABELLED, heading_of
from knowledge.readers.openings import read_opening
from knowledge.readers.score_lines import read_line
from knowledge.readers.text import clean, slug
from knowledge.readers.voices import hand_findings, read_by_voice, retype
from knowledge.types import Aspect, Document, DocumentKind, Finding, Reading, Refusal, Role, Submission

PROCESS = ("-m", "knowledge.readers.pdf.process")
ROOT = Path(knowledge.__file__).resolve().parents[1]
"""Where the process finds this package, and not another one that is installed."""
ROLES: dict[str, Role] = {"table": "table", "caption": "caption", "reference": "reference"}
KINDS: dict[str | None, DocumentKind] = {"notes": "notes", "relayed": "relayed"}
"""What a PDF may be beside a paper and what reviewers and authors say, if the user says so."""
TURN = re.compile(r"[ \t]*(?:[QAWC]\d{0,2}(?:\.\d{1,2})?|user|assistant|human|chatgpt|chair)[ \t]*[:.]", re.IGNORECASE)
"""A question, an answer or a speaker before what is said."""
SITE = " | OpenReview"
"""How the title of a forum's printed page ends, before which the paper's stands."""
STRETCH = 24
"""Characters of a line by which it is found in its paragraph."""
SHORT = 60
"""Characters of the longest line that ends where it ends."""
MOST_CRASHES = 3
"""Pages that may end the process, each read without from then on, before the file is given up."""


def read_pdf(data: bytes, file: str, into: str | None, limits: Limits, kind: str | None = None) -> Reading:
    """A PDF as the paper of a submission (`into`, else one named after the title), or as the reviews, response or dialogue
    that its words or the user's `kind` say it is: these come from the forum's page or a letter, and are no paper.

    Pages that cannot be read, wholly or in part, are refused one by one, and are findings of the paper: its text is
    incomplete. An empty page, which may be meant so, is only a finding.

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
    found += [Finding("unread", place, reason, name) for place, reason in list_gaps(paper["missing"])]
    gaps = list_gaps([gap for gap in paper["missing"] if gap["sure"]])
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
    part = Submission(submission, title, authors, documents=(document,), findings=tuple(found))
    said = said_in(paper, title)
    refused = tuple(Refusal(file, place, reason) for place, reason in gaps)
    if spoken := read_by_voice(said, file, into, kind):
        return Reading((hand_findings(spoken, part),), (*refused, *find_impossible_lines(said, file)))
    part = retype(part, KINDS[kind], file) if kind in KINDS else part
    return Reading((part,), refused)


def said_in(paper: dict[str, Any], title: str) -> str:
    """The text of a PDF with the lines that open a contribution, a section or a score of a review as lines."""
    blocks = [with_lines(clean(block["text"]), [clean(line) for line in block["lines"]]) for block in paper["blocks"]]
    page = title.removesuffix(SITE)
    named = [f"Paper: {page}" if page != title else title] if paper["title"] else []
    return "\n\n".join([*named, *blocks])


def with_lines(text: str, lines: list[str]) -> str:
    """A paragraph with the lines apart that mean something by themselves, and those that follow a short one of these."""
    position, above, cuts = 0, "", []
    for line in lines:
        start = text.find(line.rstrip("-\u2010")[:STRETCH], position) if line.strip() else -1
        if start < 0:
            continue
        if tells(line, above) or (above and len(above) < SHORT and tells(above, "")):
            cuts.append(start)
        position, above = start + 1, line
    return "\n".join(text[a:b].strip() for a, b in pairwise([0, *cuts, len(text)])).strip()


def tells(line: str, above: str) -> bool:
    """Whether a line opens a contribution or a section of a review, holds a score, or is a speaker's."""
    return bool(
        read_opening(line)
        or read_line(line, spoken=True)
        or heading_of(line, above)
        or LABEL.match(line[:LABELLED])
        or TURN.match(line)
    )


def run_reader(data: bytes, file: str, limits: Limits) -> dict[str, Any]:
    """What the reading process found in a PDF, without the pages that end it; UnreadableFile says why it found nothing."""
    end, left_out = time.monotonic() + limits.file_s, list[int]()
    while len(left_out) <= MOST_CRASHES:
        command = [sys.executable, *PROCESS, str(limits.pages), *map(str, left_out)]
        left_s = max(end - time.monotonic(), 0.001)
        try:
            done = subprocess.run(command, input=data, capture_output=True, cwd=ROOT, timeout=left_s, check=False)
        except subprocess.TimeoutExpired:
            reason = f"took longer to read than the limit of {limits.file_s:g} s, and was given up"
            raise UnreadableFile(file, reason) from None
        with suppress(ValueError):
            answer = json.loads(done.stdout)
            if reason := answer.get("error"):
                raise UnreadableFile(file, reason, where=answer["where"])
            return answer
        page = last_page(done.stderr)
        if not page or page in left_out:
            break
        left_out.append(page)
    raise UnreadableFile(file, "is damaged: reading it ended without a result; download or export it again")


def last_page(told: bytes) -> int:
    """The page that the process was opening when it ended, 0 where it was opening none."""
    numbers = [int(line) for line in told.split(b"\n") if line.isdigit()]
    return numbers[-1] if numbers else 0


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
        before = draft.length
        if block["kind"] == "heading":
            level = block["level"]
            aspect = aspect_of(text) or (parents.get(level - 1) if level > 1 else None)
            parents = {deep: own for deep, own in parents.items() if deep < level}
            parents[level] = aspect
            draft.begin_section(text, aspect)
        else:
            draft.add_point(text, role=ROLES.get(block["kind"]), where=block["where"])
        start = draft.length - len(text) if before else 0
        for offset, page in [(0, block["page"]), *block["breaks"]]:
            while len(pages) < page:
                pages.append(start + offset)
    pages += [draft.length] * (paper["pages"] - len(pages))
    return draft, pages


def list_gaps(missing: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """Pages of which text is missing, as (place, reason), those of one reason together."""
    reasons: dict[str, list[int]] = {}
    for gap in missing:
        reasons.setdefault(gap["reason"], []).append(gap["page"])
    return [(f"page{'s' if len(pages) > 1 else ''} {list_pages(pages)}", why) for why, pages in reasons.items()]


def list_pages(numbers: list[int]) -> str:
    """Page numbers in words: "1, 3 to 5"."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ", ".join(f"{first}" if first == last else f"{first} to {last}" for first, last in runs)
