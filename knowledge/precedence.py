"""Which of a submission's documents speak: the record before our paraphrase of it, the paper before our notes, one of
two copies."""

from collections.abc import Iterable, Sequence
from typing import Literal

from knowledge.duplicates import find_copies
from knowledge.reviews import find_names
from knowledge.types import Document, Review

Standing = Literal["current", "aside", "superseded"]
"""`current`: found and cited; `aside`: only when its kind is asked for by name; `superseded`: not found any
more, but old citations of it still resolve."""

THREAD = "OpenReview thread"
"""How the `source` of a document begins that came with a whole thread of the record."""
GROUPS = ({"review"}, {"response", "comment"}, {"meta-review", "decision"})
FRONT = {"abstract", "tl;dr", "keywords"}


def rank_documents(documents: Sequence[Document], reviews: Sequence[Review]) -> dict[str, Standing]:
    """The standing of each document of one submission, by document id.

    A paraphrase gives way to a review of record by the same reviewer, to a response or comment of record by the
    same author to the same person, to a meta-review or decision of record; and, where a whole thread was imported,
    to all its responses and comments, and to its meta-review or decision. Notes stand aside for the paper. Of a
    contribution that two records hold word for word, one speaks.
    """
    record = [document for document in documents if document.origin == "record"]
    has_paper = any(is_full_paper(document) for document in documents)
    copies = find_copies(documents, THREAD)
    standing: dict[str, Standing] = {}
    for document in documents:
        if document.kind == "notes" and has_paper:
            standing[document.id] = "aside"
        elif document.id in copies or (
            document.origin == "paraphrase" and any(replaces(other, document, reviews) for other in record)
        ):
            standing[document.id] = "superseded"
        else:
            standing[document.id] = "current"
    return standing


def is_full_paper(document: Document) -> bool:
    """Whether a document is a paper's text and more than its abstract, which alone does not replace notes."""
    titles = {section.title.strip().casefold() for section in document.sections}
    return document.kind == "paper" and not (titles and titles <= FRONT)


def replaces(record: Document, paraphrase: Document, reviews: Iterable[Review]) -> bool:
    """Whether this document of record says first hand what that paraphrase says."""
    same_group = any({record.kind, paraphrase.kind} <= group for group in GROUPS)
    same_author = bool(find_names(record.author or "", [paraphrase.author or ""], own_review(paraphrase, reviews)))
    if record.kind == "review":
        return same_group and same_author
    if record.source.startswith(THREAD):
        return same_group
    same_kind = record.kind == paraphrase.kind
    if record.kind in ("meta-review", "decision"):
        return same_kind
    return same_kind and same_author and (record.addressee or "all") == (paraphrase.addressee or "all")


def own_review(document: Document, reviews: Iterable[Review]) -> list[Review]:
    return [review for review in reviews if review.document == document.id]
