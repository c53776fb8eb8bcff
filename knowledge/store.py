"""The truth on disk: submissions, documents in all their versions, reviews, passages. SQLite through SQLAlchemy.

Every import is one transaction per submission, so a process that dies leaves whole submissions behind and no halves;
two processes at once wait for each other. A document that is replaced keeps its row and its passages, so that old
citations resolve for ever.
"""

import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock
from sqlalchemy import (
    URL,
    Connection,
    Select,
    and_,
    case,
    create_engine,
    delete,
    event,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.exc import DatabaseError, OperationalError

from knowledge import records
from knowledge.errors import UnusableStore
from knowledge.joining import Tell, held_texts, is_outdated, retire_notes, tell_apart, warn_of_other
from knowledge.reviews import share_aliases
from knowledge.saving import copies_among, find_home, save_documents, save_facts, save_standings
from knowledge.schema import (
    DOCUMENTS,
    FINDINGS,
    MIGRATIONS,
    PASSAGES,
    REMOVED,
    REVIEWS,
    STATE,
    SUBMISSIONS,
    current_version,
    migrate,
)
from knowledge.types import Document, Finding, Passage, Review, Submission

WAIT_S = 60.0
KIND_ORDER = ("paper", "notes", "review", "response", "comment", "meta-review", "decision", "relayed")
FINDABLE = ("current", "aside")
BATCH = 500
"""Rows asked for in one statement; SQLite takes some thousands of parameters at most."""


@dataclass(frozen=True)
class Filter:
    """Which passages are meant; None means any. `authors` are (submission, name of the record) pairs.

    Notes that stand aside for the paper are meant only where `kinds` or `document` names them.
    """

    submission: str | None = None
    kinds: tuple[str, ...] | None = None
    document: str | None = None
    aspects: tuple[str, ...] | None = None
    authors: tuple[tuple[str, str], ...] | None = None
    section: str | None = None
    """Words of the heading, in any case."""


class Store:
    """The database at `path`, created or brought to the newest version when opened.

    UnusableStore if it is damaged, newer than this program, or cannot be written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        url = URL.create("sqlite", database=str(path))
        self._engine = create_engine(url, connect_args={"timeout": WAIT_S, "check_same_thread": False})
        event.listen(self._engine, "connect", prepare_connection)
        event.listen(self._engine, "begin", begin_transaction)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with FileLock(path.with_suffix(".lock"), timeout=WAIT_S):
                self._prepare()
        except OperationalError as error:
            raise UnusableStore(f"{path} cannot be used ({error.orig}); choose another data folder") from error
        except DatabaseError as error:
            raise UnusableStore(
                f"{path} is damaged ({error.orig}); move it away and import your files again"
            ) from error
        except OSError as error:
            reason = error.strerror or str(error)
            raise UnusableStore(f"{path.parent} cannot be used ({reason}); choose another data folder") from error

    def _prepare(self) -> None:
        with self._read() as connection:
            version = current_version(connection)
        if version > max(MIGRATIONS):
            raise UnusableStore(f"{self.path} was written by a newer version of this program; update the program")
        if version < max(MIGRATIONS):
            raw = self._engine.raw_connection()
            raw.cursor().execute("PRAGMA journal_mode=WAL")
            raw.close()
            with self._write() as connection:
                migrate(connection, uuid.uuid4().hex)

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    def identity(self) -> str:
        """A random name that this store keeps for its life; another store at the same path has another."""
        with self._read() as connection:
            return connection.execute(select(STATE.c.store)).scalar_one()

    def token(self) -> str:
        """Changes with every change of the store; equal tokens mean equal content."""
        with self._read() as connection:
            return connection.execute(select(STATE.c.token)).scalar_one()

    def bundled(self) -> dict[str, str]:
        """SHA-256 of the bundled file that each bundled submission was read from, by submission id."""
        query = select(SUBMISSIONS.c.id, SUBMISSIONS.c.bundled).where(SUBMISSIONS.c.bundled.is_not(None))
        with self._read() as connection:
            return {row.id: row.bundled for row in connection.execute(query)}

    def save(
        self,
        part: Submission,
        *,
        into: str | None = None,
        bundled: str | None = None,
        tell: Tell = lambda line: None,
    ) -> tuple[str, bool]:
        """Take in a submission or a part of one, in one transaction: its id in the store, and whether anything changed.

        A document with an id that is there becomes a new version of it, others are added (`knowledge.joining` tells which
        is which). `into` decides the submission outright, and fills only what is missing there. `bundled` is the SHA-256 of
        the bundled file that `part` is the whole of. `tell` is told what replaces or stands beside what, or is left out.
        """
        with self._write() as connection:
            home = into or find_home(connection, part)
            own = home == part.id and into is None
            part = records.attach(part, home)
            if into is not None:
                warn_of_other(connection, part, into, tell)
            outdated = is_outdated(connection, part)
            changed = save_facts(connection, part, own=own, bundled=bundled, outdated=outdated)
            if bundled is None:
                held = held_texts(connection, home)
                changed |= retire_notes(connection, part, held, outdated, tell)
                part = tell_apart(part, held, tell)
            changed |= save_documents(connection, part, bundled is not None, tell)
            changed |= save_standings(connection, part.id)
            if changed:
                connection.execute(update(STATE).values(token=uuid.uuid4().hex))
            return part.id, changed

    def copies(self, part: Submission) -> list[tuple[Document, Document]]:
        """The contributions of a part as saved that another record of the thread holds too: (copy, what is kept)."""
        with self._read() as connection:
            return copies_among(connection, part)

    def delete(self, submission: str) -> None:
        """Remove a submission with all versions of its documents; a bundled one is remembered, to stay away."""
        documents = select(DOCUMENTS.c.row).where(DOCUMENTS.c.submission == submission)
        with self._write() as connection:
            bundled = connection.scalar(select(SUBMISSIONS.c.bundled).where(SUBMISSIONS.c.id == submission))
            for table in (PASSAGES, REVIEWS, FINDINGS):
                connection.execute(delete(table).where(table.c.document.in_(documents)))
            connection.execute(delete(DOCUMENTS).where(DOCUMENTS.c.submission == submission))
            connection.execute(delete(SUBMISSIONS).where(SUBMISSIONS.c.id == submission))
            if bundled:
                connection.execute(insert(REMOVED).values(id=submission))
            connection.execute(update(STATE).values(token=uuid.uuid4().hex))

    def removed(self) -> set[str]:
        """The ids of bundled submissions that were deleted."""
        with self._read() as connection:
            return set(connection.scalars(select(REMOVED.c.id)))

    def submission_ids(self) -> tuple[str, ...]:
        """The ids of all submissions, bundled ones first, then by title."""
        with self._read() as connection:
            return tuple(row.id for row in connection.execute(all_submissions()))

    def submissions(self) -> tuple[Submission, ...]:
        """All submissions with the documents that speak, bundled ones first, then by title.

        A reviewer's aliases in a paraphrase that the record has replaced stay with the reviewer. Those of a copy were
        given to the review that is kept; by themselves they would name whoever has the same number there.
        """
        spoken = select(DOCUMENTS).where(DOCUMENTS.c.standing.in_(FINDABLE)).order_by(*reading_order())
        kept_apart = select(FINDINGS, DOCUMENTS.c.id, DOCUMENTS.c.submission).join(DOCUMENTS)
        kept_apart = kept_apart.where(DOCUMENTS.c.standing != "replaced").order_by(FINDINGS.c.row)
        known = select(REVIEWS, DOCUMENTS.c.id, DOCUMENTS.c.submission, DOCUMENTS.c.standing).join(DOCUMENTS)
        with self._read() as connection:
            heads = connection.execute(all_submissions()).all()
            documents = connection.execute(spoken).all()
            reviews = connection.execute(known.where(names_stand())).all()
            findings = connection.execute(kept_apart).all()
        texts: dict[str, list[Document]] = {}
        for row in documents:
            texts.setdefault(row.submission, []).append(records.to_document(row))
        scores: dict[str, list[Review]] = {}
        for row in reviews:
            scores.setdefault(row.submission, []).append(records.to_review(row.id, row.submission, row))
        apart: dict[str, list[Finding]] = {}
        for row in findings:
            apart.setdefault(row.submission, []).append(records.to_finding(row))
        found = []
        for head in heads:
            own = texts.get(head.id, [])
            shared = share_aliases(scores.get(head.id, []), [document.id for document in own])
            found.append(records.to_submission(head, own, shared, apart.get(head.id, [])))
        return tuple(found)

    def document(self, document: str) -> Document | None:
        """The newest version of a document, also of one that is no longer found."""
        newest = (DOCUMENTS.c.standing == "replaced", DOCUMENTS.c.version.desc())
        query = select(DOCUMENTS).where(DOCUMENTS.c.id == document).order_by(*newest).limit(1)
        with self._read() as connection:
            row = connection.execute(query).one_or_none()
        return records.to_document(row) if row else None

    def document_of(self, passage: str) -> Document | None:
        """The very version of the document in which a passage stands, to which its offsets belong."""
        query = select(DOCUMENTS).join(PASSAGES, PASSAGES.c.document == DOCUMENTS.c.row)
        with self._read() as connection:
            row = connection.execute(query.where(PASSAGES.c.id == passage)).one_or_none()
        return records.to_document(row) if row else None

    def passage(self, passage: str) -> Passage | None:
        """A passage by id, whether or not it is still found."""
        with self._read() as connection:
            row = connection.execute(joined_passages().where(PASSAGES.c.id == passage)).one_or_none()
        return records.to_passage(row) if row else None

    def passages(self, wanted: Filter) -> tuple[Passage, ...]:
        """The passages that are meant, in reading order."""
        query = restrict(joined_passages(), wanted).order_by(*reading_order(), PASSAGES.c.start)
        with self._read() as connection:
            return tuple(records.to_passage(row) for row in connection.execute(query))

    def passages_at(self, rows: Sequence[int]) -> dict[int, Passage]:
        """Passages by row."""
        found: dict[int, Passage] = {}
        with self._read() as connection:
            for start in range(0, len(rows), BATCH):
                query = joined_passages().where(PASSAGES.c.row.in_(rows[start : start + BATCH]))
                found |= {row.row: records.to_passage(row) for row in connection.execute(query)}
        return found

    def rows(self, wanted: Filter) -> list[int]:
        """The rows of the passages that are meant."""
        query = restrict(select(PASSAGES.c.row).join(DOCUMENTS, PASSAGES.c.document == DOCUMENTS.c.row), wanted)
        with self._read() as connection:
            return list(connection.scalars(query))

    def findable(self) -> dict[int, str]:
        """All passages that can be found at all, also those that stand aside: row -> id."""
        query = select(PASSAGES.c.row, PASSAGES.c.id).join(DOCUMENTS, PASSAGES.c.document == DOCUMENTS.c.row)
        with self._read() as connection:
            found = connection.execute(query.where(DOCUMENTS.c.standing.in_(FINDABLE)))
            return {row.row: row.id for row in found}

    def spoken(self) -> dict[int, str]:
        """The documents that can be found, also those that stand aside: row -> a signature of content and passages.

        Cost: one pass over an index, a fraction of `findable`.
        """
        rows = (func.count(PASSAGES.c.row), func.coalesce(func.sum(PASSAGES.c.row), 0))
        query = select(DOCUMENTS.c.row, DOCUMENTS.c.digest, *rows)
        query = query.join(PASSAGES, PASSAGES.c.document == DOCUMENTS.c.row).group_by(DOCUMENTS.c.row)
        with self._read() as connection:
            found = connection.execute(query.where(DOCUMENTS.c.standing.in_(FINDABLE)))
            return {row: f"{digest}:{count}:{total}" for row, digest, count, total in found}

    def passage_ids(self, documents: Sequence[int]) -> list[tuple[int, str, int]]:
        """The passages of documents, by the documents' rows: (row, id, row of the document)."""
        found: list[tuple[int, str, int]] = []
        with self._read() as connection:
            for start in range(0, len(documents), BATCH):
                query = select(PASSAGES.c.row, PASSAGES.c.id, PASSAGES.c.document)
                query = query.where(PASSAGES.c.document.in_(documents[start : start + BATCH]))
                found += [(row.row, row.id, row.document) for row in connection.execute(query)]
        return found

    def titles(self) -> list[tuple[str, str, tuple[str, ...]]]:
        """How each submission is called: (id, title, short names)."""
        query = select(SUBMISSIONS.c.id, SUBMISSIONS.c.title, SUBMISSIONS.c.short_names)
        with self._read() as connection:
            return [(row.id, row.title, tuple(row.short_names)) for row in connection.execute(query)]

    def aside(self) -> list[int]:
        """The rows of the passages that stand aside for a better source."""
        query = select(PASSAGES.c.row).join(DOCUMENTS, PASSAGES.c.document == DOCUMENTS.c.row)
        with self._read() as connection:
            return list(connection.scalars(query.where(DOCUMENTS.c.standing == "aside")))

    def authors(self, submission: str | None = None) -> list[tuple[str, str, tuple[str, ...]]]:
        """Everyone who signed a document: (submission, name, aliases)."""
        query = select(DOCUMENTS.c.submission, DOCUMENTS.c.author, REVIEWS.c.aliases).distinct()
        query = query.outerjoin(REVIEWS, REVIEWS.c.document == DOCUMENTS.c.row)
        query = query.where(DOCUMENTS.c.author.is_not(None), names_stand())
        if submission is not None:
            query = query.where(DOCUMENTS.c.submission == submission)
        with self._read() as connection:
            return [(row.submission, row.author, tuple(row.aliases or ())) for row in connection.execute(query)]

    @contextmanager
    def _read(self) -> Iterator[Connection]:
        with self._engine.connect() as connection:
            yield connection

    @contextmanager
    def _write(self) -> Iterator[Connection]:
        with self._engine.connect().execution_options(writes=True) as connection, connection.begin():
            yield connection


def prepare_connection(raw: Any, _: Any) -> None:
    """Leave transactions to us: sqlite3 would begin them late, and two processes could then both read before both
    write."""
    raw.isolation_level = None
    raw.execute("PRAGMA foreign_keys=ON")


def begin_transaction(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def names_stand() -> Any:
    """Whether the names in a document count: those in replaced versions and in copies do not."""
    copy = and_(DOCUMENTS.c.standing == "superseded", DOCUMENTS.c.origin == "record")
    return and_(DOCUMENTS.c.standing != "replaced", ~copy)


def all_submissions() -> Select[Any]:
    return select(SUBMISSIONS).order_by(SUBMISSIONS.c.bundled.is_(None), SUBMISSIONS.c.title, SUBMISSIONS.c.id)


def joined_passages() -> Select[Any]:
    """Passages with what they take from their documents, as `records.to_passage` reads them."""
    return select(
        PASSAGES,
        DOCUMENTS.c.id.label("document_id"),
        DOCUMENTS.c.submission,
        DOCUMENTS.c.kind,
        DOCUMENTS.c.author,
        DOCUMENTS.c.addressee,
        DOCUMENTS.c.origin,
    ).join(DOCUMENTS, PASSAGES.c.document == DOCUMENTS.c.row)


def reading_order() -> tuple[Any, ...]:
    kinds = case({kind: rank for rank, kind in enumerate(KIND_ORDER)}, value=DOCUMENTS.c.kind, else_=len(KIND_ORDER))
    return DOCUMENTS.c.submission, kinds, DOCUMENTS.c.position, DOCUMENTS.c.id


def restrict(query: Select[Any], wanted: Filter) -> Select[Any]:
    named = wanted.document is not None or (wanted.kinds is not None and "notes" in wanted.kinds)
    query = query.where(DOCUMENTS.c.standing.in_(FINDABLE if named else FINDABLE[:1]))
    if wanted.submission is not None:
        query = query.where(DOCUMENTS.c.submission == wanted.submission)
    if wanted.kinds is not None:
        query = query.where(DOCUMENTS.c.kind.in_(wanted.kinds))
    if wanted.document is not None:
        query = query.where(DOCUMENTS.c.id == wanted.document)
    if wanted.aspects is not None:
        query = query.where(PASSAGES.c.aspect.in_(wanted.aspects))
    if wanted.section is not None:
        query = query.where(PASSAGES.c.section.icontains(wanted.section, autoescape=True))
    if wanted.authors is not None:
        pairs = [and_(DOCUMENTS.c.submission == home, DOCUMENTS.c.author == name) for home, name in wanted.authors]
        query = query.where(or_(*pairs) if pairs else DOCUMENTS.c.row.is_(None))
    return query
