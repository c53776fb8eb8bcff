"""Rows of the store <-> the types of `knowledge`."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

from sqlalchemy import Row

from knowledge.types import Document, Finding, Locator, Passage, Point, Review, Score, Section, Submission

PLAIN_FIELDS = (
    "submission", "kind", "title", "text", "author", "addressee", "origin", "source", "date", "reply_to",
    "changed",
)  # fmt: skip


def attach(part: Submission, submission: str) -> Submission:
    """The same part with its documents and reviews under another submission's id."""
    if part.id == submission:
        return part

    def moved(document: str) -> str:
        return submission + document.removeprefix(part.id)

    return replace(
        part,
        id=submission,
        documents=tuple(
            replace(
                item, id=moved(item.id), submission=submission, reply_to=moved(item.reply_to) if item.reply_to else None
            )
            for item in part.documents
        ),
        reviews=tuple(replace(item, document=moved(item.document), submission=submission) for item in part.reviews),
        findings=tuple(replace(item, document=moved(item.document)) for item in part.findings),
    )


def digest_of(document: Document, review: Review | None, findings: Sequence[Finding] = ()) -> str:
    """SHA-256 of a document, its review and its findings: what makes a new version of it.

    The file that a record came in is no part of it: the same thread fetched and read from a file is the same. Nor is the
    date of its last change, which says nothing of what changed.
    """
    if document.origin == "record":
        document = replace(document, source="")
    said = {name: value for name, value in asdict(document).items() if name != "changed"}
    parts = [said, asdict(review) if review else None, [asdict(finding) for finding in findings]]
    content = json.dumps(parts, sort_keys=True, default=str)
    return hashlib.sha256(content.encode()).hexdigest()


def document_values(document: Document) -> dict[str, Any]:
    values: dict[str, Any] = {name: getattr(document, name) for name in PLAIN_FIELDS}
    values["id"] = document.id
    values["sections"] = [[part.title, part.start, part.end, part.aspect] for part in document.sections]
    values["points"] = [[p.start, p.end, p.where, p.checked, p.caveat, p.role, p.page] for p in document.points]
    values["pages"] = list(document.pages)
    return values


def to_document(row: Row[Any]) -> Document:
    return Document(
        id=row.id,
        **{name: getattr(row, name) for name in PLAIN_FIELDS},
        sections=tuple(Section(*values) for values in row.sections),
        points=tuple(Point(*values) for values in row.points),
        pages=tuple(row.pages),
    )


def review_values(review: Review) -> dict[str, Any]:
    named = [("rating", review.rating), ("confidence", review.confidence), *review.other_scores]
    scores = {name: [s.value, s.label, s.low, s.high] for name, s in named if s}
    return {"reviewer": review.reviewer, "aliases": list(review.aliases), "scores": scores}


def to_review(document: str, submission: str, row: Row[Any]) -> Review:
    scores = {name: Score(*values) for name, values in row.scores.items()}
    rating, confidence = scores.pop("rating", None), scores.pop("confidence", None)
    return Review(document, submission, row.reviewer, tuple(row.aliases), rating, confidence, tuple(scores.items()))


def passage_values(passage: Passage) -> dict[str, Any]:
    place = passage.locator
    names = ("id", "aspect", "where", "checked", "caveat", "role", "text", "context")
    values: dict[str, Any] = {name: getattr(passage, name) for name in names}
    return values | {"section": place.section, "start": place.start, "end": place.end, "page": place.page}


def to_passage(row: Row[Any]) -> Passage:
    """A passage from a row that joins it with its document (see `Store.passages`)."""
    return Passage(
        id=row.id,
        text=row.text,
        locator=Locator(row.submission, row.document_id, row.section, row.start, row.end, row.page),
        kind=row.kind,
        aspect=row.aspect,
        reviewer=None if row.kind in ("paper", "notes") else row.author,
        addressee=row.addressee,
        origin=row.origin,
        where=row.where,
        checked=row.checked,
        caveat=row.caveat,
        role=row.role,
        context=row.context,
    )


def to_finding(row: Row[Any]) -> Finding:
    """A finding from a row that joins it with its document."""
    return Finding(row.kind, row.where, row.text, row.id)


def to_submission(
    row: Row[Any], documents: Sequence[Document], reviews: Sequence[Review], findings: Sequence[Finding]
) -> Submission:
    return Submission(
        id=row.id,
        title=row.title,
        authors=tuple(row.authors),
        venue=row.venue,
        decision=row.decision,
        short_names=tuple(row.short_names),
        openreview=row.openreview,
        number=row.number,
        record=row.record,
        documents=tuple(documents),
        reviews=tuple(reviews),
        findings=tuple(findings),
        bundled=row.bundled is not None,
    )
