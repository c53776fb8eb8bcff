"""Document -> passages: its points, the long ones split at sentence ends, every offset exact."""

import hashlib
import re
from bisect import bisect_right
from dataclasses import replace

from knowledge.types import Document, Locator, Passage

LIMIT = 900
"""The most characters a passage has: about 200 tokens, which the embedding model reads whole."""
UNSIGNED = ("paper", "notes")
BOUNDARY = re.compile(r"\n+|(?<=[.!?])[\"')\]]*\s+(?=[A-Z0-9\"'(\[$\\*])")
SPACE = re.compile(r"\s*")
ABBREVIATION = re.compile(r"\b(?:e\.g|i\.e|etc|cf|vs|al|Figs?|Eqs?|Sec|Tab|Refs?|resp|approx|Dr|No|[A-Z])\.$")
ENUMERATION = 4
"""A full stop this near to the start is that of "12." in a list, and ends no sentence."""


def split_document(document: Document) -> tuple[Passage, ...]:
    """The passages of a document in reading order.

    A passage's id is made of the document's id, the place and the words with their context: the same content has the
    same id in every import, and a passage that changed, or that moved under another heading, has a new one.
    """
    starts = [section.start for section in document.sections]
    passages = []
    for point in document.points:
        index = bisect_right(starts, point.start) - 1
        section = document.sections[index] if index >= 0 and document.sections[index].end > point.start else None
        aspect = section.aspect if section else "decision" if document.kind == "decision" else None
        for start, end in split_long(document.text, point.start, point.end):
            passage = Passage(
                id="",
                text=document.text[start:end],
                locator=Locator(
                    document.submission,
                    document.id,
                    section.title if section else None,
                    start,
                    end,
                    bisect_right(document.pages, start) or None,
                ),
                kind=document.kind,
                aspect=aspect,
                reviewer=None if document.kind in UNSIGNED else document.author,
                addressee=document.addressee,
                origin=document.origin,
                where=point.where,
                checked=point.checked,
                caveat=point.caveat,
                role=point.role,
            )
            identity = "\0".join((document.id, str(start), *search_fields(passage)))
            passages.append(replace(passage, id=hashlib.sha256(identity.encode()).hexdigest()[:16]))
    return tuple(passages)


def search_fields(passage: Passage) -> tuple[str, str]:
    """What a passage is found by: its context (section, who wrote it, to whom) and its words."""
    who = {
        "review": f"review by {passage.reviewer}",
        "response": f"response by {passage.reviewer} to {passage.addressee or 'all'}",
        "comment": f"comment by {passage.reviewer}",
        "meta-review": "meta-review",
        "decision": "decision",
    }.get(passage.kind, "")
    return ", ".join(part for part in (passage.locator.section, who) if part), passage.text


def split_long(text: str, start: int, end: int, limit: int = LIMIT) -> list[tuple[int, int]]:
    """Stretches of at most `limit` characters that cover `start:end`, cut at line and sentence ends where there are
    any, else between words; space between the stretches belongs to none."""
    spans = []
    while end - start > limit:
        window = text[start : start + limit + 1]
        ends = (match for match in reversed(list(BOUNDARY.finditer(window))) if match.start() > ENUMERATION)
        last = next((match for match in ends if not ABBREVIATION.search(window[: match.start()][-8:])), None)
        if last:
            cut, following = last.end() - len(last[0].lstrip("\"')]")), last.end()
        else:
            cut = following = window.rstrip().rfind(" ") if " " in window.strip() else limit
        if text[start : start + cut].strip():
            spans.append((start, start + len(text[start : start + cut].rstrip())))
        start = SPACE.match(text, start + max(following, 1), end).end()  # pyright: ignore[reportOptionalMemberAccess]
    if text[start:end].strip():
        spans.append((start, start + len(text[start:end].rstrip())))
    return spans
