"""What a person contributed to a record, as formats without note ids have it -> Document and Review."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from knowledge.aspects import aspect_of
from knowledge.readers.draft import Draft
from knowledge.readers.headings import Field, part_leads
from knowledge.readers.text import slug
from knowledge.reviews import scores_text
from knowledge.types import Document, DocumentKind, Review, Score


@dataclass
class Contribution:
    """One review, response, comment, meta-review or decision before it is written; `name` ends its document's id."""

    kind: DocumentKind
    author: str
    name: str
    title: str = ""
    fields: list[Field] = field(default_factory=list)
    scores: list[tuple[str, Score]] = field(default_factory=list)
    aliases: tuple[str, ...] = ()
    addressee: str | None = None
    date: str | None = None
    reply_to: "Contribution | None" = None


def write_contribution(given: Contribution, submission: str, source: str) -> tuple[Document, Review | None] | None:
    """The document of a contribution, its scores first, and for a review who gave which; None if it has no words."""
    draft = Draft()
    if given.scores:
        draft.begin_section("Scores", "record")
        draft.add_point(scores_text(given.scores))
        draft.end_section()
    for under in given.fields:
        if not re.search(r"\w", under.text):
            continue
        draft.end_section()
        if under.title:
            draft.begin_section(under.title, aspect_of(under.title), None if under.line else "")
        draft.add_text(part_leads(under.text) if given.kind == "response" else under.text)
    if not draft.points:
        return None
    document = Document(
        id=f"{submission}/{slug(f'{given.kind} {given.name}', 120)}",
        submission=submission,
        kind=given.kind,
        title=given.title or given.kind.capitalize() + (f": {given.author}" if given.author else ""),
        text=draft.text,
        sections=draft.sections,
        points=draft.points,
        author=given.author or None,
        addressee=given.addressee,
        origin="record",
        source=source,
        date=given.date,
    )
    if given.kind != "review":
        return document, None
    named = dict(given.scores)
    rating, confidence = named.pop("rating", None), named.pop("confidence", None)
    review = Review(document.id, submission, given.author, given.aliases, rating, confidence, tuple(named.items()))
    return document, review


def write_all(
    entries: Sequence[Contribution], submission: str, source: str
) -> tuple[tuple[Document, ...], tuple[Review, ...]]:
    """The documents and reviews of the entries that have words; names that occur twice are numbered."""
    documents: dict[str, Document] = {}
    ids: dict[int, str] = {}
    reviews = []
    counts: dict[str, int] = {}
    for entry in entries:
        base = entry.name
        while f"{submission}/{slug(f'{entry.kind} {entry.name}', 120)}" in documents:
            counts[base] = counts.get(base, 1) + 1
            entry.name = f"{slug(base, 80)} {counts[base]}"
        if written := write_contribution(entry, submission, source):
            ids[id(entry)] = written[0].id
            above = ids.get(id(entry.reply_to)) if entry.reply_to else None
            documents[written[0].id] = replace(written[0], reply_to=above)
            reviews += [written[1]] if written[1] else []
    return tuple(documents.values()), tuple(reviews)


def reviewer_aliases(name: str) -> tuple[str, ...]:
    """What else people call a reviewer with a number: AnonReviewer3 is "R3" and "Reviewer 3"."""
    number = re.search(r"review(?:er)?\s*#?(\d+)$", name, re.IGNORECASE)
    return (f"R{number[1]}", f"Reviewer {number[1]}") if number else ()
