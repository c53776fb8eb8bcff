"""A review -> its list items and paragraphs, each with what the heading, the label or the mark over it says of it."""

import re
from bisect import bisect_right
from dataclasses import dataclass, replace

from knowledge.discussion.cues import LEAD_IN, PointAspect, heading_meaning
from knowledge.discussion.quoting import own_points
from knowledge.discussion.stances import CONTRAST, SUMMARY, Stance, read_opening, stance_of
from knowledge.discussion.words import sentences
from knowledge.types import Document, Section

UNREAD = re.compile(
    r"^(scores|title|rating|confidence|experience assessment|review assessment.*|flag for ethics.*|code of conduct.*|details of ethics.*|recommendation"
    r"|llm usage.*|.*first time reviewer.*|nominat.*|presentation|soundness|contribution|correctness)$",
    re.IGNORECASE,
)
"""Sections that hold no words of judgement: scores, and ticks of the form."""
EMPTY = re.compile(
    r"^\W*(n/?a|none|no|(?:yes|limitations)\b[^.?!]{0,15}\b(?:discuss|address|state|mention|acknowledg|cover)\w*|yes|nothing|no ethics review needed|(please )?(also )?(see|refer to) (the )?(above|weakness\w*|below|questions?|strengths?|main review|detailed)\b.{0,30})\W*$",
    re.IGNORECASE,
)
EMPHASISED = re.compile(r"\s*(\*\*|__)(?:(?!\1).)+\1[\s.:]*$|\s*#{1,6}\s.*$", re.DOTALL)
SOURCE = re.compile(
    r"^\s*(?:\[[\w+-]{1,12}\]|\(?\[?\d{1,2}[\].)]+)?[^?]*\b(?:arxiv(?: preprint)?|https?://\S+|proceedings|conference on|journal|iclr|icml|neurips|nips|cvpr|eccv|iccv|aaai|ieee|acl|emnlp)\b[^?]*$|^\s*https?://\S+\s*$|^\s*@\w+\{|^references?\W*$",
    re.IGNORECASE,
)
SOURCE_START = re.compile(r"^\s*\[[\w+-]{1,12}\]\s*(?!\s*(also|is|does|shows?|achieves|and|has|which)\b)[A-Z\"“@h]")
MARK = re.compile(r"[\s*_>#-]*(?:\(([+-])\)|([+])(?=\s))\s*")
LABEL = re.compile(
    r"[\s*_>#]*(?:[-•*+]\s+)?(?:\*\*)?[\[(]?(?:(?:question|weakness|concern|comment|point|issue|remark|q|w|c|s)\s*[.#-]?\s*)?"
    r"(?:(\d{1,2}(?:\.\d{1,2})*[a-h]?|[a-hA-H]|(?:i{1,3}|iv|vi{0,3}))(?:[.):\]]+|\s*-(?=\s))(?:\*\*)?(?:\s+|(?=[A-Z*]))|(\d)\s+(?=(?-i:[A-Z])))",
    re.IGNORECASE,
)
KIND_OF_LABEL = re.compile(r"[\s*_>#\[(-]*(?:\*\*)?(question|weakness|q|w)\s*[.#-]?\s*\d", re.IGNORECASE)
INLINE = re.compile(
    r"(?:(?<=[.?!;:]\s)|(?<=[a-z)][.?!]))\(?(?:(\d{1,2}|[a-h])[.)]|[QWS]\s?(\d{1,2})[.):])(?=\s*[A-Za-z\d\"'“‘$\\*])|(?<=\s)\([+-]\)(?=\s)"
)
LONGEST_OPENING = 14
"""Sentences of a review that may tell what the paper does, before its first judgement."""


@dataclass(frozen=True)
class Item:
    """A list item or paragraph with what its surroundings say of it."""

    start: int
    end: int
    label: str | None
    listed: bool
    stance: Stance | None
    aspect: PointAspect | None
    lead: tuple[int, int] | None


def find_opening(document: Document) -> int:
    """The offset up to which a review that begins by telling what the paper does goes on with that."""
    points = own_points(document)
    begin = next((p.start for p in points if not at_heading(document, p.start)), None)
    if begin is None or document.kind != "review":
        return 0
    spans = [span for p in points if p.start >= begin for span in sentences(document.text, p.start, p.end)]
    headed = next((n for n, (a, b) in enumerate(spans) if LEAD_IN.match(document.text, a, b)), LONGEST_OPENING)
    told = read_opening([document.text[a:b] for a, b in spans[: min(headed, LONGEST_OPENING)]])
    return spans[told - 1][1] if told else 0


def at_heading(document: Document, offset: int) -> bool:
    """Whether what stands at an offset is under a heading that tells what it is, or holds no words of judgement."""
    section = next((s for s in document.sections if s.start <= offset < s.end), None)
    return section is not None and (bool(UNREAD.match(section.title)) or heading_meaning(section.title) != (None, None))


def read_items(document: Document) -> list[Item]:
    """The list items and paragraphs of a document, numbered lists inside a paragraph taken apart, each with the meaning
    that the heading above it gives it; what is quoted is left out."""
    starts = [section.start for section in document.sections]
    items: list[Item] = []
    current: Section | None = None
    stance: Stance | None = None
    aspect: PointAspect | None = None
    lead: tuple[int, int] | None = None
    told_in_list = False
    for point in own_points(document):
        index = bisect_right(starts, point.start) - 1
        section = document.sections[index] if index >= 0 and document.sections[index].end > point.start else None
        if section is not current:
            current = section
            stance, aspect = heading_meaning(section.title) if section else (None, None)
            lead = (section.start, section.start + len(section.title)) if section else None
            told_in_list = False
        body = document.text[point.start : point.end]
        if (section and UNREAD.match(section.title)) or EMPTY.match(body) or is_source(body):
            continue
        for start, end in split_inline(document.text, point.start, point.end):
            while (head := LEAD_IN.match(document.text, start, end)) and head.end() > start:
                stance, aspect = heading_meaning(head[1])
                lead = (head.start(1), head.end(1))
                start = head.end()
                start += len(document.text[start:end]) - len(document.text[start:end].lstrip())
            if start >= end or not any(sign.isalpha() for sign in document.text[start:end]):
                continue
            item = read_item(document, start, end, stance, aspect, lead)
            if told_in_list and not item.listed:
                stance, aspect, told_in_list = None, None, False
                item = replace(item, stance=None, aspect=None)
            body = document.text[start:end]
            if end - start < 200 and (body.rstrip(" *_").endswith(":") or (EMPHASISED.match(body) and "?" not in body)):
                lead = (start, end)
                told = heading_meaning(body)
                told_in_list = bool(SUMMARY.match(body))  # "The authors claim three things:"
                if told_in_list:
                    told = ("describes", "summary")
                stance, aspect = told if told != (None, None) else (stance, aspect)
                if stance_of(body) != "praises" and (not CONTRAST.search(body) or stance_of(body) == "describes"):
                    continue
            items.append(item)
    return items


def read_item(
    document: Document,
    start: int,
    end: int,
    stance: Stance | None,
    aspect: PointAspect | None,
    lead: tuple[int, int] | None,
) -> Item:
    """An item with its label; "(-)" and "(+)" say what it is, whatever stands above it."""
    text = document.text
    before = text[max(0, start - 3) : start]
    listed = bool(re.search(r"[-*+•]\s*$", before))
    if mark := MARK.match(text, start, end):
        sign = mark[1] or mark[2]
        stance, aspect = ("praises", "strength") if sign == "+" else ("objects", "weakness")
        return Item(mark.end(), end, None, True, stance, aspect, lead)
    label = LABEL.match(text, start, end)
    if not label:
        return Item(start, end, None, listed, stance, aspect, lead)
    kind = KIND_OF_LABEL.match(text, start, end)
    letter = kind[1][0].upper() if kind else {"weakness": "W", "question": "Q", "strength": "S"}.get(aspect or "", "")
    return Item(start, end, letter + (label[1] or label[2]).lower(), True, stance, aspect, lead)


def is_source(text: str) -> bool:
    """Whether a paragraph is an entry of a list of references."""
    return bool(
        SOURCE_START.match(text)
        and (SOURCE.match(text) or re.search(r"\b(19|20)\d\d\b|et al", text))
        and "?" not in text
    ) or (len(text) < 400 and bool(re.match(r"\s*(https?://\S+\s*$|@\w+\{)|references?\W*$", text, re.IGNORECASE)))


def split_inline(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The offsets of the parts of a paragraph that numbers or letters in it set off: "... ? 2. If the ..."."""
    first = LABEL.match(text, start, end)
    last = (first[1] or first[2]).casefold() if first else None
    cuts = [start]
    for match in INLINE.finditer(text, start, end):
        mark = (match[1] or match[2] or "").casefold()
        if not mark:
            cuts.append(match.start())
            continue
        follows = (
            (match[2] == "1") or (last is None and mark in ("1", "a")) or (last is not None and mark in following(last))
        )
        if follows and match.start() > cuts[-1]:
            cuts.append(match.start())
            last = mark
    spans = zip(cuts, [*cuts[1:], end], strict=True)
    return [(a, a + len(text[a:b].rstrip())) for a, b in spans if text[a:b].strip()]


def following(mark: str) -> tuple[str, ...]:
    """The labels that come next in a list."""
    if mark.isdigit():
        return (str(int(mark) + 1),)
    return (chr(ord(mark) + 1),) if len(mark) == 1 else ()
