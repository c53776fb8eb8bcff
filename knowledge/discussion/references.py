"""Where a reply says that the answer stands elsewhere, and the place that it means."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from knowledge.discussion.blocks import Block
from knowledge.discussion.thread import chain, is_reply
from knowledge.reviewers import find_names
from knowledge.types import Document

Target = Literal["all", "reviewer", "here"]
"""The response to everybody, the one to a reviewer, or another place among what was written to the same one."""

SPOKEN = r"(?:respon[sd]\w*|repl(?:y|ies|ied)|answer\w*|comments?|rebuttals?|discussions?|explanations?)"
SEE = r"(?:\bsee\b|\brefer(?:red)?\b|\bas (?:we )?(?:\w+ )?(?:in|stated|discussed|explained|mentioned|noted|said|answered|described|shown)\b|\b(?:address|answer|discuss|explain|clarif|describ|cover|provid|given|respond|detail|found|read|mention|added?|same)\w*|\bin (?:the|our)\b)"
DIGITS = r"((?-i:[QAWC])?#?\d{1,2}(?:\.\d)?\b(?: ?(?:&|and|,) ?(?-i:[QAWC])?#?\d{1,2}\b)*)"
NUMBER = rf"(?:[\s,(:\[]*(?:under |point |item |question |comment |part |topic |section )?(?:no\. ?)?{DIGITS})?"
TO_ALL = re.compile(
    rf"{SEE}[^.!?\n]{{0,70}}?\b(?:(?:general|common|global|overall|joint|shared|collective|top[- ]?level) (?:author |reviewer )?(?:{SPOKEN}|questions?|concerns?|post|remarks?|rebuttal)|{SPOKEN} (?:for|to) (?:all|everyone|everybody|the reviewers|both)\b(?: (?:the )?reviewers)?){NUMBER}",
    re.IGNORECASE,
)
TO_REVIEWER = re.compile(
    rf"(?:(?:point|comment|question|weakness|item)s? ?{DIGITS}[^.!?\n]{{0,30}}?)?\b{SPOKEN}(?: ?{DIGITS})?[^.!?\n]{{0,40}}?\b(?:to|for|with|of|under)\b (?:the )?((?:anon)?(?:review(?:er)?|referee)(?: number| no\.?)?(?:[\s_#]+(?!and\b|is\b|as\b|in\b|we\b|s\b)\w{{1,4}}\b|\d\b)|R\d\b){NUMBER}",
    re.IGNORECASE,
)
HERE_NUMBERED = re.compile(
    rf"(?:{SEE}|\b{SPOKEN})[^.!?\n]{{0,50}}?\b(?:to|in|for|at|under|see|of|and)\b (?:the |your |our |point |{SPOKEN} (?:to )?)*(?:(?=(?-i:[QAWC])\d)|(?:question|weakness|comment|point|concern|item|remark|issue|answer|response)s? ?){DIGITS}",
    re.IGNORECASE,
)
BEFORE = re.compile(
    rf"\b(?:{SPOKEN}|question|point|concern|item)s? above\b|\b(?:the|our|your) (?:above|previous|preceding|earlier) (?:{SPOKEN}|question|point|concern|item)\b|\bas (?:we )?(?:have )?(?:already )?(?:mentioned|discussed|explained|answered|stated|noted|described|said|shown|argued|replied) (?:above|before|earlier|previously|in the previous)\b|\bsee (?:also )?above\b",
    re.IGNORECASE,
)
ANNOUNCED = re.compile(r"\b(?:below|following|in turn)\b[^.]{0,20}[.:]?\s*$|\bwe (?:will )?(?:respond|reply|answer)\b", re.IGNORECASE)  # fmt: skip
"""A sentence that says that answers come, and means no other place."""


@dataclass(frozen=True)
class Reference:
    """Words of a reply that point elsewhere, at their offsets: to whom what is meant was written, under which numbers."""

    start: int
    end: int
    target: Target
    name: str = ""
    numbers: tuple[str, ...] = ()


def find_references(text: str, start: int, end: int) -> tuple[Reference, ...]:
    """Where `text[start:end]` of a reply points to other answers, in reading order; each place once."""
    found: list[Reference] = []
    for match in TO_ALL.finditer(text, start, end):
        found.append(Reference(*match.span(), "all", "", digits(match[1])))
    for match in TO_REVIEWER.finditer(text, start, end):
        found.append(Reference(*match.span(), "reviewer", match[3], digits(match[1], match[2], match[4])))
    for match in HERE_NUMBERED.finditer(text, start, end):
        found.append(Reference(*match.span(), "here", "", digits(match[1])))
    for match in BEFORE.finditer(text, start, end):
        found.append(Reference(*match.span(), "here"))
    kept: list[Reference] = []
    for reference in found:  # the more telling kinds come first
        clear = all(reference.end <= other.start or other.end <= reference.start for other in kept)
        if clear and not ANNOUNCED.search(text[reference.start : min(end, reference.end + 20)]):
            kept.append(reference)
    return tuple(sorted(kept, key=lambda reference: reference.start))


def find_targets(
    reference: Reference, origin: int, blocks: Sequence[Block], by_id: Mapping[str, Document], names: set[str]
) -> tuple[list[int], bool]:
    """The blocks that a reference in block `origin` may mean, by their places in `blocks`, and whether its number tells
    which."""
    home = blocks[origin]
    own = reader_of(by_id[home.document], by_id)
    if reference.target == "here":
        among = [n for n, block in enumerate(blocks) if reader_of(by_id[block.document], by_id) == own and n != origin]
        if not reference.numbers:
            return [n for n in among if blocks[n].document == home.document and n < origin], False
    else:
        meant = find_names(plain_name(reference.name), names) if reference.target == "reviewer" else {"all"}
        among = [n for n, b in enumerate(blocks) if reader_of(by_id[b.document], by_id) in meant and n != origin]
    labelled = [n for n in among if number_of(blocks[n].label) in reference.numbers]
    if labelled:
        return [n for n in labelled if blocks[n].document == home.document] or labelled, True
    return ([] if reference.target == "here" else among), False


def reader_of(reply: Document, by_id: Mapping[str, Document]) -> str:
    """To whom a reply was written: a name of the record, or "all"."""
    if reply.addressee and reply.addressee not in ("all", "Authors"):
        return reply.addressee
    writers = [by_id[id].author for id in chain(reply, by_id) if id in by_id and not is_reply(by_id[id])]
    return next((name for name in writers if name), "all")


def plain_name(said: str) -> str:
    """A reviewer's name without "number" and signs: "reviewer number 2" is "reviewer 2"."""
    return re.sub(r"[#_]|\b(?:number|no\.?)\b", " ", re.sub(r"\b(?:referee|review)(?=[\s#])", "reviewer", said, flags=re.IGNORECASE))  # fmt: skip


def digits(*said: str | None) -> tuple[str, ...]:
    """The numbers in what was said, in order: "#6&7" is 6 and 7."""
    return tuple(re.findall(r"\d+(?:\.\d)?", next((part for part in said if part), "")))


def number_of(label: str | None) -> str:
    """A label without its kind: "W2" is "2"; "-" without a label, which no reference names."""
    return re.sub(r"^[A-Z](?=\d)", "", label or "-")
