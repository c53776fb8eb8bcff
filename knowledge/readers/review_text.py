"""Reviews as free text: of one person or of several under "Reviewer 2", "R2:" or "AnonReviewer3", with the authors'
response, meta-review and decision, or as lines with `||||` between their parts.
"""

import re
from dataclasses import dataclass, field
from pathlib import PurePath

from knowledge.errors import UnreadableFile
from knowledge.readers.contributions import Contribution, heading_of, reviewer_aliases, split_fields, write_all
from knowledge.readers.homes import find_home, find_title
from knowledge.readers.scores import read_exported_score
from knowledge.readers.text import slug
from knowledge.types import DocumentKind, Score, Submission

BAR = "||||"
REACH = 120
"""How far into a line a heading that opens a contribution may reach."""
REVIEWER = r"(?:anon(?:ymous)?[ \t]*)?(?:reviewer|referee|review)[ \t]*(?:no\.?|#|id:?)?[ \t]*(?P<id>\d{1,3}|[A-Za-z0-9]{4}|[A-Z])|R(?P<r>\d{1,2})"
OPENINGS: tuple[tuple[DocumentKind, str], ...] = (
    ("meta-review", r"meta-?[ \t]?review(?:er)?(?:[ \t]+(?:by|of|from)\b[^:\n]{0,40})?|area chair(?:'s)? (?:summary|review|comments?)"),
    ("decision", r"(?:final |committee |paper |acceptance )?decision"),
    ("response", r"(?:author(?:s'?|'s)?[ \t]+)?(?:response|rebuttal|reply)(?:[ \t]+(?:of|by|from)[ \t]+(?:the )?authors?)?|authors?"),
    ("review", REVIEWER),
)  # fmt: skip
OPENING: list[tuple[DocumentKind, re.Pattern[str]]] = [
    (
        kind,
        re.compile(
            rf"[ \t]*(?:#{{1,6}}[ \t]*)?[*_=\-\[(]{{0,4}}[ \t]*(?:comments?[ \t]+(?:by|from|of)[ \t]+|official[ \t]+)?(?P<name>{pattern})"
            r"(?:'s)?(?:[ \t]+(?:review|comments?|report))?[ \t]*(?P<later>[(,\-\u2013]?[ \t]*(?:after|post|following|update(?:d)?(?: after)?)[ \t-]+(?:the[ \t]+)?"
            r"(?:authors?'?[ \t]+)?(?:response|rebuttal|reply|discussion)\)?)?[ \t]*(?P<to>(?:to|for)[ \t]+(?:the[ \t]+)?[A-Za-z#0-9 \t]{2,40}?)?"
            r"[ \t]*(?P<remark>\([^()\n]{1,60}\))?[ \t]*[\])=\-*_]{0,4}[ \t]*(?P<end>[:\uff1a]|$)[*_]{0,4}",
            re.IGNORECASE,
        ),
    )
    for kind, pattern in OPENINGS
]
SCORE = re.compile(
    r"[ \t]*(?:[-*+][ \t]+)?(?:#{1,6}[ \t]*)?[*_]{0,3}(?P<name>(?:overall[ \t]+|final[ \t]+|reviewer[ \t]+|preliminary[ \t]+)?"
    r"(?:rating|recommendation|score|assessment|confidence|soundness|presentation|contribution|originality|quality|clarity|"
    r"significance|novelty|correctness|reproducibility|excitement|impact))(?:[ \t]+score)?[ \t]*[*_]{0,3}[ \t]*[:=][ \t*_]*(?P<value>\S.*)$",
    re.IGNORECASE,
)
RATINGS = ("rating", "overall rating", "recommendation", "score", "overall score", "final rating", "assessment",
           "overall assessment", "overall recommendation", "preliminary rating", "reviewer rating", "final recommendation")  # fmt: skip
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
PREAMBLE = 30
"""Words up to which the text before the first heading is no review of its own."""
LONGEST = 40_000
"""Characters of the longest review that is told by its prose alone."""


@dataclass
class Block:
    """What stands under one heading that opens a contribution, before it is understood."""

    kind: DocumentKind
    author: str
    addressee: str | None = None
    remark: str = ""
    lines: list[str] = field(default_factory=list)


def is_review_text(text: str) -> bool:
    """Whether a text is one or more reviews: headings that open them, the headings and scores of a review, or prose
    that speaks of "the authors" and judges, and not in the first person of a paper."""
    blocks = split_blocks(text)
    opened = [block for block in blocks if block.author]
    if any(block.kind == "review" for block in opened) and (
        len(opened) > 1 or any(BAR in line for line in opened[0].lines)
    ):
        return True
    lines = text.split("\n")
    headings = {slug(title) for line in lines if (title := heading_of(line))}
    labels = {slug(title) for title, _ in split_fields(text) if title}
    scores = sum(1 for line in lines if SCORE.match(line[:REACH]))
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
    home, title = find_home(text, into, file, "a set of reviews" if len(split_blocks(text)) > 2 else "a review")
    stem = PurePath(file.replace(": ", "/")).stem
    blocks, named = split_blocks(text), find_title(text)
    read = [read_block(block, kind, stem, named) for block in blocks]
    given = [
        entry for entry, block in zip(read, blocks, strict=True) if len(blocks) == 1 or not is_preamble(entry, block)
    ]
    documents, reviews = write_all(given, home, file)
    if not documents:
        raise UnreadableFile(file, "has the headings of reviews but no text under them")
    decision = next((entry.fields for entry in given if entry.kind == "decision"), [])
    decided = next((line for _, part in decision for line in part.split("\n") if line.strip()), "")[:120]
    return Submission(home, title, decision=decided or None, documents=documents, reviews=reviews)


def split_blocks(text: str) -> list[Block]:
    """The text under each heading that opens a contribution; what stands before the first has no author."""
    blocks = [Block("review", "")]
    for line in text.split("\n"):
        opened = open_block(line, len(blocks) > 1)
        if opened is None:
            blocks[-1].lines.append(line)
        else:
            blocks.append(opened)
    return [block for block in blocks if block.author or any(line.strip() for line in block.lines)]


def open_block(line: str, inside: bool) -> Block | None:
    """The block that a line opens. "Decision: accept" and "Response: ..." open one only after a reviewer's."""
    for kind, pattern in OPENING:
        match = pattern.match(line[:REACH])
        if not match:
            continue
        if (
            kind in ("decision", "response")
            and not inside
            and not re.search("author|rebuttal|decision", match["name"], re.I)
        ):
            return None
        if not match["end"] and len(line.rstrip()) > match.end():
            return None
        name = author_of(kind, match["name"].strip(), match.groupdict())
        to = re.sub(r"^(?:to|for)\s+(?:the\s+)?", "", match["to"] or "", flags=re.IGNORECASE).strip()
        remark = (match["remark"] or "").strip("() ")
        if kind == "review" and match["later"]:
            kind, remark = "comment", match["later"].strip("(),-\u2013 \t")
        return Block(kind, name, reviewer_name(to) or None, remark, [line[match.end() :]])
    return None


def author_of(kind: DocumentKind, words: str, groups: dict[str, str]) -> str:
    """Who writes under a heading, in the words of the record: "R2" is Reviewer 2."""
    if kind == "review":
        return reviewer_name(words)
    return {"meta-review": "Area Chair", "decision": "Program Chairs"}.get(kind, "Authors")


def reviewer_name(words: str) -> str:
    """A reviewer's name as the record writes it: "R2", "Review 2" and "Referee #2" are Reviewer 2."""
    words = " ".join(words.replace("#", " ").split())
    if match := re.fullmatch(
        r"(?:anon(?:ymous)? ?)?(?:reviewer|referee|review|R) ?(?:no\.?|id:?)? ?(\w+)", words, re.IGNORECASE
    ):
        anonymous = words.casefold().startswith("anonreviewer")
        return f"AnonReviewer{match[1]}" if anonymous else f"Reviewer {match[1]}"
    return words[:1].upper() + words[1:]


def read_block(block: Block, kind: DocumentKind | None, stem: str, title: str) -> Contribution:
    """A block with its scores taken from its lines and its text under its own headings."""
    text = "\n".join(block.lines)
    parts = [part.strip() for part in text.split(BAR)]
    scores: dict[str, Score] = {}
    kept = []
    for line in "\n".join(parts).split("\n"):
        match = SCORE.match(line[:REACH]) if block.kind != "response" else None
        score = read_exported_score(line[match.start("value") :].strip(" *_")[:300]) if match else None
        name = " ".join(match["name"].casefold().split()) if match else ""
        name = "rating" if name in RATINGS else "confidence" if "confidence" in name else name
        if score and name not in scores:
            scores[name] = score
        elif not (title and title in line and len(line) < len(title) + REACH // 2):
            kept.append(line)
    body = "\n".join(kept).strip("\n")
    what: DocumentKind = block.kind if block.author or kind is None else kind
    unsigned = {"meta-review": "Area Chair", "decision": "Program Chairs", "response": "Authors"}
    author = block.author or unsigned.get(what, "Anonymous reviewer")
    to = f"to {block.addressee}" if block.addressee else ""
    name = f"{author} {to} {block.remark}" if block.author else stem
    ordered = sorted(
        scores.items(),
        key=lambda named: ("rating", "confidence").index(named[0]) if named[0] in ("rating", "confidence") else 2,
    )
    addressee = (block.addressee or "all") if what == "response" else None
    fields = split_fields(body) or [("", body)]
    return Contribution(
        what, author, name, fields=fields, scores=ordered, aliases=reviewer_aliases(author), addressee=addressee
    )


def is_preamble(entry: Contribution, block: Block) -> bool:
    """Whether what stands before the first heading only names the paper, or says what follows."""
    words = sum(len(text.split()) for _, text in entry.fields)
    return not block.author and not entry.scores and words < PREAMBLE
