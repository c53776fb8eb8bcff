"""Reviews as free text: of one person or of several under "Reviewer 2", "R2:" or "AnonReviewer3", with the authors'
response, meta-review and decision, as mail, or as lines with `||||` between their parts.
"""

import re
from collections.abc import Sequence
from pathlib import PurePath

from knowledge.errors import UnreadableFile
from knowledge.readers.blocks import BAR, Block, settle, split_blocks
from knowledge.readers.contributions import Contribution, reviewer_aliases, write_all
from knowledge.readers.draft import Draft
from knowledge.readers.headings import Field, heading_of, split_fields
from knowledge.readers.homes import find_home, find_title
from knowledge.readers.score_lines import read_line
from knowledge.readers.text import slug
from knowledge.types import Document, DocumentKind, Submission

REACH = 120
"""How far beyond the title a line may go that only names the paper."""
JUDGING = re.compile(
    r"\bwell[- ]written\b|\bnovel(?:ty)?\b|\blimited\b|\bweak(?:ness(?:es)?)?\b|\bstrengths?\b|\bconcerns?\b|\bunclear\b|\bclarif(?:y|ication)\b|"
    r"\b(?:would|should) (?:be|have been) (?:helpful|beneficial|good|nice|interesting|corrected)\b|\btypo(?:s|graphical)?\b|\bI (?:would|recommend|think|find|suggest|vote)\b|"
    r"\b(?:weak|strong)(?:ly)? (?:accept|reject)\b|\b(?:accept|reject)(?:ed|ance|ion)?\b|\bthreshold\b|\beasy to follow\b|\bconvincing\b|\bmissing\b",
    re.IGNORECASE,
)
THIRD_PERSON = re.compile(r"\bthe authors?\b|\b(?:this|the) (?:paper|manuscript|submission)\b", re.IGNORECASE)
FIRST_PERSON = re.compile(
    r"\b(?:we (?:propose|present|introduce|show|evaluate)|our (?:method|approach|experiments|results))\b", re.I
)
ABSTRACT = re.compile(
    r"^[ \t#*_]*abstract[*_]*(?:[ \t]*[:.\u2014-][*_]*|[ \t]*\n)\s*(\w.{40,})", re.IGNORECASE | re.MULTILINE | re.DOTALL
)
DECIDED = re.compile(r"(?:final |paper |committee )?decision", re.IGNORECASE)
PREAMBLE = 30
"""Words up to which the text before the first heading is no review of its own."""
LONGEST = 40_000
"""Characters of the longest review that is told by its prose alone."""


def is_review_text(text: str) -> bool:
    """Whether a text is one or more reviews: headings that open them, the headings and scores of a review, or prose
    that speaks of "the authors" and judges, and not in the first person of a paper."""
    blocks = split_blocks(text)
    opened = [block for block in blocks if block.opened]
    if any(block.kind == "review" for block in opened) and (
        len(opened) > 1 or any(BAR in line for line in opened[0].lines)
    ):
        return True
    lines = text.split("\n")
    headings = {slug(title) for line in lines if (title := heading_of(line))}
    labels = {slug(field.title) for field in split_fields(text) if field.title}
    scores = sum(1 for line in lines if read_line(line, spoken=True))
    third, first = len(THIRD_PERSON.findall(text[:LONGEST])), len(FIRST_PERSON.findall(text[:LONGEST]))
    judging = len({match[0].casefold() for match in JUDGING.finditer(text[:LONGEST])})
    speaks = third > first and (third > 1 or judging > 1)
    if scores and (headings | labels or opened or speaks):
        return True
    if len(headings | labels) > 1 and speaks:
        return True
    return len(text) < LONGEST and third > 2 and judging > 2 and third > 3 * first


def read_reviews(text: str, file: str, into: str | None, kind: DocumentKind | None = None) -> Submission:
    """The reviews, responses, meta-review and decision in a text; one without headings is a single review, or what
    `kind` says. NoHome where neither `into` nor the text names the paper."""
    blocks, named = settle(split_blocks(text), kind), find_title(text)
    home, title = find_home(text, into, file, "a set of reviews" if len(blocks) > 2 else "a review")
    stem = PurePath(file.replace(": ", "/")).stem
    given: list[Contribution] = []
    written: dict[int, Contribution] = {}
    front: list[Document] = []
    for block in blocks:
        if abstract := abstract_above(blocks) if block is blocks[0] else "":
            front.append(write_abstract(abstract, home, file))
            continue
        entry = read_block(block, stem, named)
        if len(blocks) > 1 and is_preamble(entry, block):
            continue
        entry.reply_to = written.get(id(block.reply_to)) if block.reply_to else None
        written[id(block)] = entry
        given.append(entry)
    documents, reviews = write_all(given, home, file)
    if not documents:
        raise UnreadableFile(file, "has the headings of reviews but no text under them")
    return Submission(home, title, decision=decision_in(given), documents=(*front, *documents), reviews=reviews)


def abstract_above(blocks: Sequence[Block]) -> str:
    """The abstract that stands above the first review; "" where there is none, or where it is judged as a reviewer does."""
    if len(blocks) < 2 or blocks[0].opened or blocks[0].scores or blocks[1].kind != "review":
        return ""
    found = ABSTRACT.search(blocks[0].text)
    judged = {match[0].casefold() for match in JUDGING.finditer(blocks[0].text)}
    return found[1] if found and len(judged) < 2 and "the author" not in blocks[0].text.casefold() else ""


def write_abstract(text: str, home: str, file: str) -> Document:
    """The paper's own words above the reviews, as a printed page of a forum has them."""
    draft = Draft()
    draft.begin_section("Abstract", "summary")
    draft.add_text(text)
    return Document(
        f"{home}/abstract",
        home,
        "paper",
        "Abstract",
        draft.text,
        draft.sections,
        draft.points,
        origin="record",
        source=file,
    )


def decision_in(given: Sequence[Contribution]) -> str | None:
    """What was decided: the first line of a decision, else what a meta-review has under "Decision"."""
    decided = [field.text for entry in given if entry.kind == "decision" for field in entry.fields]
    decided += [
        field.text
        for entry in given
        if entry.kind == "meta-review"
        for field in entry.fields
        if DECIDED.fullmatch(field.title)
    ]
    return next((line.strip() for text in decided for line in text.split("\n") if line.strip()), "")[:120] or None


def read_block(block: Block, stem: str, title: str) -> Contribution:
    """A block with its text under its own headings."""
    what = block.kind
    unsigned = {"meta-review": "Area Chair", "decision": "Program Chairs", "response": "Authors"}
    author = block.author or unsigned.get(what, "Anonymous reviewer")
    names = (line for line in block.lines if not (title and title in line and len(line) < len(title) + REACH // 2))
    body = "\n".join(names).strip("\n")
    to = f"to {block.addressee}" if block.addressee and what == "response" else ""
    return Contribution(
        what,
        author,
        f"{author} {to} {block.remark}" if block.opened else stem,
        title=block.subject,
        fields=split_fields(body, labels=what != "response") or [Field("", "", body)],
        scores=block.scores if what != "response" else [],
        aliases=reviewer_aliases(author),
        addressee=(block.addressee or "all") if what == "response" else block.addressee,
        date=block.date,
    )


def is_preamble(entry: Contribution, block: Block) -> bool:
    """Whether what stands before the first heading only names the paper, or says what follows."""
    words = sum(len(field.text.split()) for field in entry.fields)
    return not block.opened and not entry.scores and words < PREAMBLE
