"""Taking a submission, or a part of one, into the tables: the steps of one write transaction."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, insert, select, update

from knowledge import records
from knowledge.chunking import split_document
from knowledge.duplicates import find_copies
from knowledge.joining import Tell
from knowledge.precedence import THREAD, rank_documents
from knowledge.readers.text import slug
from knowledge.reviewers import name_keys
from knowledge.schema import DOCUMENTS, FINDINGS, PASSAGES, REVIEWS, SUBMISSIONS
from knowledge.types import Document, Review, Submission

FACTS = ("title", "authors", "venue", "decision", "short_names", "openreview", "record", "number")


def find_home(connection: Connection, part: Submission) -> str:
    """The id under which a part belongs: its own, or, where its file gives none and it was named after its title,
    that of the submission with the same OpenReview forum or the same title."""
    found = connection.execute(select(SUBMISSIONS.c.id, SUBMISSIONS.c.title, SUBMISSIONS.c.openreview)).all()
    if part.id != slug(part.title):
        return part.id
    for row in found:
        if part.openreview and row.openreview == part.openreview:
            return row.id
    words = slug(part.title, len(part.title))
    for row in found:
        if slug(row.title, len(row.title)) == words and not (part.openreview and row.openreview):
            return row.id
    if all(row.id != part.id for row in found):
        return part.id
    return f"{part.id}-{slug(part.openreview or '') or hashlib.sha256(words.encode()).hexdigest()[:8]}"


def save_facts(
    connection: Connection, part: Submission, *, own: bool, bundled: str | None, outdated: bool = False
) -> bool:
    """Write what is known of the submission as a whole; whether anything changed.

    A part of its `own` overwrites what it has to say; one that joins another submission fills what is missing there,
    but for the decision and the state of the record, which it knows better, unless it is `outdated`.
    """
    new: dict[str, Any] = {
        name: list(value) if isinstance(value := getattr(part, name), tuple) else value for name in FACTS
    }
    row = connection.execute(select(SUBMISSIONS).where(SUBMISSIONS.c.id == part.id)).one_or_none()
    if row is None:
        connection.execute(insert(SUBMISSIONS).values(id=part.id, bundled=bundled, **new))
        return True
    changes = {
        name: value
        for name, value in new.items()
        if value
        and not same_fact(name, value, getattr(row, name))
        and (not getattr(row, name) or (not outdated and (own or name in ("decision", "record"))))
    }
    if bundled and bundled != row.bundled:
        changes["bundled"] = bundled
    if changes:
        connection.execute(update(SUBMISSIONS).where(SUBMISSIONS.c.id == part.id).values(**changes))
    return bool(changes)


def same_fact(name: str, new: Any, old: Any) -> bool:
    """Whether a fact says nothing new: a title in other capitals is the same title."""
    return new == old or (name == "title" and slug(new, len(new)) == slug(old, len(old)))


def save_documents(connection: Connection, part: Submission, bundled: bool, tell: Tell = lambda line: None) -> bool:
    """Write new documents, and new versions of changed ones; whether there were any.

    The bundled file replaces all that it held before, but nothing that a user imported since. What changed at its site
    before the version that is here, or before that was deleted there, is left out. `tell` is told of both.
    """
    columns = (DOCUMENTS.c.id, DOCUMENTS.c.row, DOCUMENTS.c.version, DOCUMENTS.c.standing, DOCUMENTS.c.digest)
    columns += (DOCUMENTS.c.bundled, DOCUMENTS.c.changed, DOCUMENTS.c.title, DOCUMENTS.c.source)
    query = select(*columns).where(DOCUMENTS.c.submission == part.id).order_by(DOCUMENTS.c.version)
    latest = {row.id: row for row in connection.execute(query)}
    reviews = {review.document: review for review in part.reviews}
    changed, older, newer = False, list[str](), list[str]()
    for position, document in enumerate(part.documents):
        findings = [finding for finding in part.findings if finding.document == document.id]
        old, digest = latest.get(document.id), records.digest_of(document, reviews.get(document.id), findings)
        live = old is not None and old.standing != "replaced"
        if old is not None and live and (old.digest == digest or (bundled and not old.bundled)):
            if document.changed > old.changed:
                connection.execute(update(DOCUMENTS).where(DOCUMENTS.c.row == old.row).values(changed=document.changed))
            continue
        if old is not None and 0 < document.changed < old.changed:
            older.append(document.title)
            continue
        if old is not None and live and not old.bundled:
            newer.append(f"{document.title} ({old.source})" if old.source != document.source else document.title)
        if old is not None:
            connection.execute(update(DOCUMENTS).where(DOCUMENTS.c.row == old.row).values(standing="replaced"))
        values = records.document_values(document) | {"position": position, "digest": digest, "bundled": bundled}
        version = old.version + 1 if old is not None else 1
        statement = insert(DOCUMENTS).values(version=version, standing="current", **values)
        row = connection.execute(statement).inserted_primary_key
        assert row is not None
        if review := reviews.get(document.id):
            connection.execute(insert(REVIEWS).values(document=row[0], **records.review_values(review)))
        save_passages(connection, row[0], document)
        if findings:
            rows = [{"document": row[0], "kind": f.kind, "where": f.where, "text": f.text} for f in findings]
            connection.execute(insert(FINDINGS), rows)
        changed = True
    if older:
        tell(f"older than what is here, or deleted since, and left out: {', '.join(older)}")
    if newer and not bundled:
        tell(f"a new version takes the place of: {', '.join(newer)}")
    if bundled:
        kept = {document.id for document in part.documents}
        gone = [row.row for row in latest.values() if row.bundled and row.standing != "replaced" and row.id not in kept]
        connection.execute(update(DOCUMENTS).where(DOCUMENTS.c.row.in_(gone)).values(standing="replaced"))
        changed |= bool(gone)
    return changed


def save_passages(connection: Connection, row: int, document: Document) -> None:
    """Write the passages of a document; those that were there in an older version of it move to this one."""
    older = select(DOCUMENTS.c.row).where(DOCUMENTS.c.id == document.id)
    known = set(connection.scalars(select(PASSAGES.c.id).where(PASSAGES.c.document.in_(older))))
    fresh = []
    for passage in split_document(document):
        values = records.passage_values(passage) | {"document": row}
        if passage.id in known:
            connection.execute(update(PASSAGES).where(PASSAGES.c.id == passage.id).values(**values))
        else:
            fresh.append(values)
    if fresh:
        connection.execute(insert(PASSAGES), fresh)


def save_standings(connection: Connection, submission: str) -> bool:
    """Decide anew which documents of a submission speak; whether that changed. A reviewer whose review came in twice
    keeps the names of both records."""
    query = select(DOCUMENTS).where(DOCUMENTS.c.submission == submission, DOCUMENTS.c.standing != "replaced")
    rows = connection.execute(query).all()
    by_row = {row.row: row.id for row in rows}
    found = connection.execute(select(REVIEWS).where(REVIEWS.c.document.in_(list(by_row))))
    reviews = [records.to_review(by_row[row.document], submission, row) for row in found]
    documents = [records.to_document(row) for row in rows]
    standings = rank_documents(documents, reviews)
    changes = [(row.row, standings[row.id]) for row in rows if row.standing != standings[row.id]]
    for row, standing in changes:
        connection.execute(update(DOCUMENTS).where(DOCUMENTS.c.row == row).values(standing=standing))
    rows_by_id = {id: row for row, id in by_row.items()}
    for review in join_names(reviews, find_copies(documents, THREAD)):
        own = REVIEWS.c.document == rows_by_id[review.document]
        connection.execute(update(REVIEWS).where(own).values(aliases=list(review.aliases)))
    return bool(changes)


def join_names(reviews: Sequence[Review], copies: Mapping[str, str]) -> list[Review]:
    """The reviews that other records hold too, with the names that those give the same reviewer as aliases."""
    by_document = {review.document: review for review in reviews}
    joined: dict[str, Review] = {}
    for copy, kept in copies.items():
        if copy in by_document and kept in by_document:
            review, other = joined.get(kept, by_document[kept]), by_document[copy]
            names = dict.fromkeys([*review.aliases, other.reviewer, *other.aliases])
            aliases = tuple(name for name in names if not name_keys(name) & name_keys(review.reviewer))
            joined[kept] = replace(review, aliases=aliases)
    return list(joined.values())


def copies_among(connection: Connection, part: Submission) -> list[tuple[Document, Document]]:
    """The contributions of a part that the record held already, or now holds in a better copy: (copy, what is kept)."""
    query = select(DOCUMENTS).where(DOCUMENTS.c.submission == part.id, DOCUMENTS.c.standing != "replaced")
    documents = {row.id: records.to_document(row) for row in connection.execute(query)}
    own = {document.id for document in part.documents}
    copies = find_copies(list(documents.values()), THREAD)
    return [(documents[copy], documents[kept]) for copy, kept in copies.items() if own & {copy, kept}]
