"""Document -> passages: its points, the long ones split at sentence ends, tables between rows, every offset exact."""

import hashlib
import re
from bisect import bisect_right
from dataclasses import replace

from knowledge.types import Document, Locator, Passage, Point

LIMIT = 900
"""The most characters a passage has: about 200 tokens, which the embedding model reads whole."""
UNSIGNED = ("paper", "notes")
BOUNDARY = re.compile(r"\n+|(?<=[.!?])[\"')\]]*\s+(?=[A-Z0-9\"'(\[$\\*])")
ROW_END = re.compile(r"\n+")
CELL = " | "
MOST_HEADS = 3
"""Rows of a table that may be its heads: the first one, and those without a number right below it."""
LONGEST_CONTEXT = 300
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
    for place, point in enumerate(document.points):
        index = bisect_right(starts, point.start) - 1
        section = document.sections[index] if index >= 0 and document.sections[index].end > point.start else None
        aspect = section.aspect if section else "decision" if document.kind == "decision" else None
        table = point.role == "table"
        for start, end in split_long(document.text, point.start, point.end, ends=ROW_END if table else BOUNDARY):
            passage = Passage(
                id="",
                text=document.text[start:end],
                locator=Locator(
                    document.submission,
                    document.id,
                    section.title if section else None,
                    start,
                    end,
                    point.page or bisect_right(document.pages, start) or None,
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
                context=table_context(document, place, start) if table else "",
            )
            identity = "\0".join((document.id, str(start), *search_fields(passage)))
            passages.append(replace(passage, id=hashlib.sha256(identity.encode()).hexdigest()[:16]))
    return tuple(passages)


def search_fields(passage: Passage) -> tuple[str, str]:
    """What a passage is found by: its context (section, who wrote it, to whom, the heads of its table) and its words."""
    who = {
        "review": f"review by {passage.reviewer}",
        "response": f"response by {passage.reviewer} to {passage.addressee or 'all'}",
        "comment": f"comment by {passage.reviewer}",
        "meta-review": "meta-review",
        "decision": "decision",
    }.get(passage.kind, "")
    return ", ".join(part for part in (passage.locator.section, who, passage.context) if part), passage.text


def table_context(document: Document, place: int, start: int) -> str:
    """What the table at `place` among the points says of its part from `start` on: its caption, where that is a point
    of its own beside it, and, for all parts but the first, what stands above its rows and over its columns."""
    table = document.points[place]
    near = document.points[max(place - 1, 0) : place + 2]
    said = [words_of(document, one) for one in near if one.role == "caption" and one.where and one.where == table.where]
    if start > table.start:
        lines = document.text[table.start : start].split("\n")
        first = next((number for number, line in enumerate(lines) if CELL in line), 0)
        heads = [line for line in lines[first + 1 : first + MOST_HEADS] if CELL in line]
        count = next((number for number, line in enumerate(heads) if re.search(r"\d", line)), len(heads))
        said += lines[: first + 1 + count]
    return "; ".join(part.strip()[:LONGEST_CONTEXT] for part in said if part.strip())[: 2 * LONGEST_CONTEXT]


def words_of(document: Document, point: Point) -> str:
    return document.text[point.start : point.end]


def split_long(
    text: str, start: int, end: int, limit: int = LIMIT, ends: re.Pattern[str] = BOUNDARY
) -> list[tuple[int, int]]:
    """Stretches of at most `limit` characters that cover `start:end`, cut at line and sentence ends (where `ends` match)
    if there are any, else between words; space between the stretches belongs to none."""
    spans = []
    while end - start > limit:
        window = text[start : start + limit + 1]
        found = (match for match in reversed(list(ends.finditer(window))) if match.start() > ENUMERATION)
        last = next((match for match in found if not ABBREVIATION.search(window[: match.start()][-8:])), None)
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
