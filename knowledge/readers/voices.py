"""In whose voice a text is written: what reviewers, chairs and authors say about a paper is never the paper itself."""

import re
from dataclasses import replace
from pathlib import PurePath
from typing import get_args

from knowledge.readers.blocks import Block, authors_speak, split_blocks
from knowledge.readers.dialogue import is_dialogue, read_dialogue
from knowledge.readers.openings import read_opening
from knowledge.readers.plain import MARKDOWN_HEADING, find_headings, has_paper_headings
from knowledge.readers.review_text import LONGEST, PREAMBLE, is_review_text, read_reviews
from knowledge.readers.score_lines import read_line
from knowledge.readers.text import slug
from knowledge.types import Document, DocumentKind, Submission

WRITTEN: dict[str, DocumentKind] = {
    one: one for one in get_args(DocumentKind) if one not in ("paper", "notes", "relayed")
}
"""What people write about a paper, by name."""
FIRST_LINES = 3
"""Lines among which a text says what it is: a title may stand above, and names of a venue."""
OPENING = 900
"""Characters within which authors turn to those whom they answer."""
REVIEWERS = (
    r"(?:reviewers?|referees?|reviews?|area chairs?|editors?|AE|S?ACs?|meta-?reviewers?|R\d{1,2}|comments?|concerns)"
)
RESPONSE_HEAD = re.compile(
    r"(?:(?:initial |final |general |global |official |joint |common |our |the |detailed )*(?:authors?['\u2019]?s?['\u2019]? )?(?:rebuttal|response|reply|replies)(?: letter)?"
    r"(?: (?:by|of|from) (?:the )?authors?)?(?:(?: (?:to|for|on|of)) (?:(?:all|the|our|your|both|anonymous|official|each) )*"
    rf"(?:{REVIEWERS}\b|(?:paper|submission|manuscript)\b).*)?"
    r"|letter to (?:the )?(?:reviewers?|referees?|editors?|area chairs?).*|(?:summary|list) of (?:the )?(?:changes|revisions)(?: made)?)",
    re.IGNORECASE,
)
REVIEW_HEAD = re.compile(
    r"(?:my |the )?(?:(?:official|external|expert|peer|initial|final|full|invited) )*(?:reviews?|(?:review|referee)(?:er)?['\u2019]?s? (?:report|comments|form|assessment))"
    r"(?:(?: (?:of|for|on)) (?:(?:the|this) )?(?:(?:paper|submission|manuscript|article)\b.*|[\"\u201c'#\d].*))?(?: by .*)?",
    re.IGNORECASE,
)
META_HEAD = re.compile(
    r"(?:(?:final|official) )*meta-? ?reviews?(?:(?: (?:of|for|on|by|from)) (?:(?:the|this) )?(?:paper|submission|manuscript|area chairs?|AC|[\"\u201c'#\d]).*)?",
    re.IGNORECASE,
)
WE_THANK = re.compile(
    rf"\bwe[^.!?\n]{{0,60}}\b(?:thank|grateful|appreciate|gratitude)\b[^.!?\n]{{0,80}}\b(?:{REVIEWERS}|you|your|chairs?)\b"
    r"|\b(?:thank you|thanks)\b[^.!?\n]{0,20} for (?:your|the|all)\b[^.!?\n]{0,80}\b(?:reviews?|comments?|feedback|questions?|suggestions?|time|reading|report)\b"
    r"|^[ \t#*_]*dear[^\n]{0,30}\b(?:reviewers?|referees?|editors?|chairs?|AC)\b",
    re.IGNORECASE | re.MULTILINE,
)
ANSWERING = re.compile(
    r"\b(?:we (?:agree|respectfully|disagree|clarify|have (?:now )?(?:added|revised|run|updated|clarified|fixed)|will (?:add|include|clarify|revise|fix|correct))|"
    r"as (?:suggested|requested|pointed out)|(?:camera[- ]ready|revised (?:version|manuscript|draft)|the revision))\b",
    re.IGNORECASE,
)
MENTION = re.compile(r"\b(?:reviewers?|referees?|R\d{1,2})\b", re.IGNORECASE)
WE = re.compile(r"\b(?:we|our|ours|us)\b", re.IGNORECASE)
JUDGE = re.compile(
    r"\bI\b(?! ?[.)])|\bthe (?:authors?|reviewer)\b|\b(?:this|the) (?:paper|manuscript|submission)\b|\bplease\b|\bmy\b"
)
VERDICT = re.compile(
    r"\b(?:recommend\w*|lean\w*|vote|voting|inclined|tend|would|should be|in favou?r of|towards?)\b[^.!?\n]{0,40}\b(?:accept(?:ed|ance|ing)?|reject(?:ed|ion|ing)?)\b"
    r"|\b(?:weak|strong|borderline|clear)(?:ly)? (?:accept|reject)\b|\b(?:above|below) the (?:acceptance )?(?:bar|threshold)\b",
    re.IGNORECASE,
)
DIRECTED = re.compile(
    r"\bthe authors? (?:should|could|need|must|might|may|do(?:es)? not|did not|fail|claim|are|have to|ought)\b|\bplease (?:clarify|explain|add|provide|discuss|compare|report|fix|"
    r"define|state|describe|elaborate|show|include)\b|\b(?:I (?:do not|don't|did not|would|think|find|doubt|believe|am|was|feel|wonder|suggest|cannot|could not|miss)|"
    r"the reviewer (?:finds|thinks|believes|suggests|would|wonders|is))\b|\boverclaim\w*|\bit is (?:not clear|unclear)\b",
    re.IGNORECASE,
)


def read_by_voice(text: str, file: str, into: str | None, kind: str | None) -> Submission | None:
    """What a text holds that is no paper, by its voice or as the `kind` that the user names; None for a paper and for
    what only its format can write. NoHome where neither `into` nor the text names the paper."""
    told = kind or tell_kind(text)
    if told == "relayed" and is_dialogue(text):
        return read_dialogue(text, file, into)
    what = WRITTEN.get(told or "")
    if what is None:
        return None
    # What a text holds besides reviews is told by its headings; a user's word goes before them.
    return read_reviews(text, file, into, None if kind is None and what == "review" else what)


def tell_kind(text: str) -> DocumentKind | None:
    """What a text is by its heading and its voice: a dialogue, a response, a meta-review or reviews; None where it may
    be a paper. The headings of a paper alone do not make it one, as reviews go through a paper by its sections."""
    paper = has_paper_headings(text)
    if is_dialogue(text):
        return "relayed"
    head = head_kind(text)
    if head and not (paper and head != "response" and papers_voice(text)):
        return head
    if authors_answer(text, paper):
        return "response"
    if paper:
        return "review" if reviewer_judges(text) else None
    return "review" if is_review_text(text) else None


def head_kind(text: str) -> DocumentKind | None:
    """What the first lines, or the first heading, say that a text is."""
    lines = [line for line in text.split("\n") if line.strip()][:FIRST_LINES]
    marked = next((match[1] for line in text.split("\n") if (match := MARKDOWN_HEADING.match(line))), "")
    for line in [*lines, marked]:
        words = re.sub(r"[ \t_]+", " ", line.strip(" \t#*_=-:.|>~"))
        if not words or len(line) > 160:
            continue
        opening = read_opening(line)
        if RESPONSE_HEAD.fullmatch(words):
            return "response"
        if META_HEAD.fullmatch(words) or (opening and opening.kind == "meta-review"):
            return "meta-review"
        if REVIEW_HEAD.fullmatch(words):
            return "review"
    return None


def papers_voice(text: str) -> bool:
    """Whether the authors of a paper speak: "we" and "our" more than a reviewer's words."""
    return len(WE.findall(text)) > len(JUDGE.findall(text))


def authors_answer(text: str, paper: bool) -> bool:
    """Whether authors answer reviewers: they turn to them in the beginning, before any section of a paper, or speak of
    them and of what they changed."""
    first = first_said(text)
    if first is None:
        return False
    thanks = WE_THANK.search(first[:OPENING])
    if thanks and not comes_after_abstract(text, first, thanks.start()):
        return True
    mentions = len({match[0].casefold() for match in MENTION.finditer(text)})
    answering = {match[0].casefold() for match in ANSWERING.finditer(text)}
    return not paper and len(text) < LONGEST and mentions > 1 and len(answering) > 1 and authors_speak(text)


def first_said(text: str) -> str | None:
    """The words of whoever speaks first; None where that is a reviewer who judges."""
    blocks = split_blocks(text)
    if len(blocks) > 1 and not blocks[0].opened and len(blocks[0].text.split()) < PREAMBLE:
        blocks = blocks if WE_THANK.search(blocks[0].text) else blocks[1:]
    if not blocks:
        return None
    first: Block = blocks[0]
    judged = any(read_line(line, spoken=True) for line in first.lines)
    reviewed = first.opened and first.kind in ("review", "meta-review", "decision") and not authors_speak(first.text)
    return None if judged or reviewed else first.text


def comes_after_abstract(text: str, first: str, offset: int) -> bool:
    """Whether a paper's abstract or introduction begins before an offset in the text's first words: the thanks of a
    paper's first page stand below it."""
    before = first[:offset].split("\n")
    titles = {slug(line.strip(" #*_:.\u2014-")) for line in before}
    begun = any(title.endswith(("abstract", "introduction")) for title in titles)
    begun |= bool(re.search(r"(?m)^[ \t#*_]*abstract\b", first[:offset], re.IGNORECASE))
    return begun or (has_paper_headings(text) and "abstract" in {slug(t) for t in find_headings(before)[0].values()})


def reviewer_judges(text: str) -> bool:
    """Whether a text with the headings of a paper goes through one as a reviewer does: it gives a verdict, or turns to
    the authors again and again, and speaks of itself less than of them."""
    if len(text) > LONGEST or papers_voice(text):
        return False
    directed = {match[0].casefold() for match in DIRECTED.finditer(text)}
    rated = any(read_line(line, spoken=False) for line in text.split("\n"))
    return bool((VERDICT.search(text) or rated) and directed) or len(directed) > 2


def retype(part: Submission, kind: DocumentKind, file: str) -> Submission:
    """A text that its format's reader wrote as a paper, as the notes or the relayed words that the user says it is."""
    (document,) = part.documents
    stem = PurePath(file.replace(": ", "/")).stem
    name = f"{part.id}/{slug(f'{kind} {stem}', 120)}"
    origin = "ours" if kind == "notes" else "record"
    written = replace(document, id=name, kind=kind, origin=origin)
    findings = tuple(replace(finding, document=name) for finding in part.findings)
    return replace(part, title="", authors=(), documents=(written,), findings=findings)


def hand_findings(part: Submission, found: Submission) -> Submission:
    """`part` with what was kept apart of the same file when it was read as `found`."""
    name = part.documents[0].id
    return replace(part, findings=(*part.findings, *(replace(one, document=name) for one in found.findings)))


def words_of(document: Document) -> str:
    """A written document as the text that it came from: headings and points, parted by blank lines."""
    text = document.text
    heads = {
        section.start: section.title for section in document.sections if text.startswith(section.title, section.start)
    }
    pieces = heads | {point.start: text[point.start : point.end] for point in document.points}
    return "\n\n".join(pieces[start] for start in sorted(pieces))
