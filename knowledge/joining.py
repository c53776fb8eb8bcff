"""What a part of a submission is to what the store holds of it: a new version, another text, or an older snapshot.

Readers name a text by what its file says ("paper", "review by Reviewer 1"); two files may well say the same of two texts.
Here what only shares a name with a text that is there gets a name of its own, so that neither replaces the other.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, func, select, update

from knowledge import records
from knowledge.duplicates import ALIKE, same_words, shingles, word_runs
from knowledge.precedence import THREAD
from knowledge.readers.contributions import reviewer_aliases
from knowledge.readers.text import slug
from knowledge.schema import DOCUMENTS, SUBMISSIONS
from knowledge.types import Document, Submission

Tell = Callable[[str], None]
"""Takes a line about an import that whoever asked for it should see."""
CONTRIBUTED = ("review", "response", "comment", "meta-review", "decision")
WHOLE = (THREAD, "PeerRead record")
"""How the sources of whole records begin, in which each text has a name that no other has."""
PAPER = re.compile(r"(?P<base>.*/paper)(?:-\d+)?")
REVISED = 0.3
"""The share of the shorter text's runs of words in the longer one from which it is a revision of it."""
LONG, UNLIKE = 200, 0.02
"""Runs of words of a text that is long enough to be sure, and the share under which a file's name says nothing."""


@dataclass(frozen=True)
class Held:
    """A text of the submission that is there and speaks, or stands aside."""

    document: Document
    bundled: bool


def held_texts(connection: Connection, submission: str) -> list[Held]:
    """The texts of a submission in their newest versions, in the order in which they came."""
    query = select(DOCUMENTS).where(DOCUMENTS.c.submission == submission, DOCUMENTS.c.standing != "replaced")
    rows = connection.execute(query.order_by(DOCUMENTS.c.row))
    return [Held(records.to_document(row), row.bundled) for row in rows]


def tell_apart(part: Submission, held: Sequence[Held], tell: Tell) -> Submission:
    """The part with names of their own for what is another text than the one that has its name: a second paper, an
    unsigned review of another file. Reviewers without a name are numbered on from those that are there."""
    namer = Namer(held, tell)
    names = {document.id: namer.name(document) for document in part.documents}
    people = number_reviewers(part, names, held)
    documents = tuple(rename(document, names, people) for document in part.documents)
    reviews = tuple(
        replace(review, document=names[review.document], **sign(people.get(review.document))) for review in part.reviews
    )
    findings = tuple(replace(one, document=names.get(one.document, one.document)) for one in part.findings)
    return replace(part, documents=documents, reviews=reviews, findings=findings)


def rename(document: Document, names: dict[str, str], people: dict[str, str]) -> Document:
    """A document under its name of the store, signed by its reviewer's, and a further paper titled with its file."""
    new, title = names[document.id], document.title
    behind = f" ({file_of(document)})"
    if document.kind == "paper" and (found := PAPER.fullmatch(new)) and new != found["base"]:
        title = title.removesuffix(behind) + behind
    author = people.get(document.id, document.author)
    if author != document.author and title == f"{document.kind.capitalize()}: {document.author}":
        title = f"{document.kind.capitalize()}: {author}"
    reply = names.get(document.reply_to, document.reply_to) if document.reply_to else None
    return replace(document, id=new, title=title, author=author, reply_to=reply)


def sign(name: str | None) -> dict[str, Any]:
    return {} if name is None else {"reviewer": name, "aliases": reviewer_aliases(name)}


class Namer:
    """Gives the texts of one part their names among those that are `held`."""

    def __init__(self, held: Sequence[Held], tell: Tell) -> None:
        self._tell = tell
        self._there = {one.document.id: one.document for one in held if not one.bundled}
        self._said = {(d.kind, d.source, d.text): d.id for d in self._there.values() if is_single(d)}
        self._papers = [d for d in self._there.values() if d.kind == "paper" and PAPER.fullmatch(d.id)]
        self._given: set[str] = set()

    def name(self, document: Document) -> str:
        """The name under which a text is stored; no two of the part have one."""
        name = document.id
        if document.kind == "paper" and (found := PAPER.fullmatch(name)):
            name = self._name_paper(document, found["base"])
        elif is_single(document):
            name = self._name_words(document)
        self._given.add(name)
        return name

    def _name_paper(self, document: Document, base: str) -> str:
        """The name of the paper of which it is a version, by its words or its file's name, else one of its own."""
        papers = [other for other in self._papers if other.id not in self._given]
        same = [other for other in papers if same_words(other, document)]
        same += [other for other in papers if file_of(other) == file_of(document) and not unlike(other, document)]
        if same:
            return same[0].id
        name = self._free(base)
        if papers:
            files = ", ".join(file_of(other) for other in papers)
            self._tell(f"{file_of(document)} is another text than {files}: it stands beside it")
        return name

    def _name_words(self, document: Document) -> str:
        """The name of the same words from the same file, or of the text that it revises, else one of its own."""
        same = self._said.get((document.kind, document.source, document.text))
        if same and same not in self._given:
            return same
        count, name = 1, document.id
        while (other := self._there.get(name)) or name in self._given:
            if other and name not in self._given and (not is_single(other) or revises(document, other)):
                return name
            count += 1
            name = f"{document.id}-{count}"
        return name

    def _free(self, name: str) -> str:
        count, free = 1, name
        while free in self._there or free in self._given:
            count += 1
            free = f"{name}-{count}"
        return free


def is_single(document: Document) -> bool:
    """Whether a text is what somebody wrote, and came by itself and not with a whole record."""
    written = document.kind in CONTRIBUTED and document.origin == "record"
    return written and not document.source.startswith(WHOLE)


def unlike(first: Document, second: Document) -> bool:
    """Whether two long texts have next to nothing in common, so that their files only share a name ("main.tex")."""
    one, two = (word_runs(document.text) for document in (first, second))
    shorter = min(len(one), len(two))
    return shorter > LONG and len(one & two) < UNLIKE * shorter


def revises(document: Document, other: Document) -> bool:
    """Whether a text is a version of another: much of its words stands in it, or one file says that one person wrote both."""
    one, two = shingles(document), shingles(other)
    shorter = min(len(one), len(two))
    if file_of(document) == file_of(other) and is_signed(document):
        return True
    return one == two if shorter <= 1 else len(one & two) >= REVISED * shorter


def number_reviewers(part: Submission, names: dict[str, str], held: Sequence[Held]) -> dict[str, str]:
    """New names for reviewers who did not sign and are called as somebody else of the submission is, by document."""
    there = {one.document.id: one.document for one in held if one.document.kind == "review"}
    documents = {document.id: document for document in part.documents}
    unsigned = [review for review in part.reviews if not is_signed(documents[review.document])]
    signed = [review.reviewer for review in part.reviews if review not in unsigned] if unsigned else []
    known = Names([*(one.author or "" for one in there.values()), *signed])
    people: dict[str, str] = {}
    for review in unsigned:
        older, name = there.get(names[review.document]), review.reviewer
        if older is not None:
            name = older.author or name
        elif name in known and not any(copies(documents[review.document], other) for other in there.values()):
            name = known.next(name)
        known.add(name)
        if name != review.reviewer:
            people[review.document] = name
    return people


class Names:
    """The names of reviewers that are in use; AnonReviewer3 is Reviewer 3, too."""

    def __init__(self, names: Iterable[str]) -> None:
        self._plain: set[str] = set()
        for name in names:
            self.add(name)

    def __contains__(self, name: str) -> bool:
        return slug(name) in self._plain

    def add(self, name: str) -> None:
        self._plain |= {slug(name), *(slug(alias) for alias in reviewer_aliases(name))}

    def next(self, name: str) -> str:
        """The name with the next number that no reviewer has; "Anonymous reviewer" has one from the second on."""
        stem, number = re.sub(r" ?\d+$", "", name), re.search(r"\d+$", name)
        count = int(number[0]) if number else 1
        while count == 1 or any(one in self for one in (f"{stem} {count}", *reviewer_aliases(f"{stem} {count}"))):
            count += 1
        return f"{stem} {count}"


def is_signed(document: Document) -> bool:
    """Whether its author is named in the text itself: the names of texts without a signature are those of their files."""
    if document.source.startswith(WHOLE) or not document.author:
        return True
    return document.id.partition("/")[2].startswith(slug(f"{document.kind} {document.author}", 120))


def copies(document: Document, other: Document) -> bool:
    one, two = shingles(document), shingles(other)
    return bool(one) and len(one & two) >= ALIKE * len(one | two)


def file_of(document: Document) -> str:
    """The name of the file that a text came in, without the folder or archive around it."""
    return re.sub(r" \(pages .*$", "", document.source).rpartition(": ")[2].rpartition("/")[2]


def warn_of_other(connection: Connection, part: Submission, into: str, tell: Tell) -> None:
    """Say where a file that was put into a submission by its id names another paper."""
    title = connection.execute(select(SUBMISSIONS.c.title).where(SUBMISSIONS.c.id == into)).scalar()
    stems = {slug(file_of(document).rpartition(".")[0]) for document in part.documents}
    one, two = (set(slug(words, 300).split("-")) - {""} for words in (part.title, title or ""))
    if not one or not two or slug(part.title) in stems or 2 * len(one & two) >= min(len(one), len(two)):
        return
    tell(f"names another paper, '{part.title}': it was put into {into}, '{title}', whose title stays")


def note_of(document: Document) -> str:
    """The id of the note that a document of a thread was; "" for any other."""
    kind = f"{document.kind}-"
    name = document.id.partition("/")[2]
    return name.removeprefix(kind) if document.source.startswith(THREAD) and name.startswith(kind) else ""


def age_of(part: Submission) -> float:
    """When the newest of a thread's notes changed, in milliseconds since 1970; 0 where that is not known."""
    return max([0.0, *(document.changed for document in part.documents), *(when for _, when in part.deleted)])


def is_outdated(connection: Connection, part: Submission) -> bool:
    """Whether a thread is an older snapshot than the one that is here."""
    query = select(func.max(DOCUMENTS.c.changed)).where(DOCUMENTS.c.submission == part.id)
    newest = connection.execute(query).scalar() or 0.0
    return bool(part.openreview) and 0 < age_of(part) < newest


def retire_notes(connection: Connection, part: Submission, held: Sequence[Held], outdated: bool, tell: Tell) -> bool:
    """Put away the notes of a thread that were deleted at the site, and those that have become another kind of text; say
    which of those here a newer export of the whole thread has no more. Whether any was put away."""
    deleted = dict(part.deleted)
    own = {document.id for document in part.documents}
    notes = {note for document in part.documents if (note := note_of(document))}
    gone, missing = dict[str, float](), list[Document]()
    whole = any(document.kind == "paper" and document.source.startswith(THREAD) for document in part.documents)
    for one in held:
        document, note = one.document, note_of(one.document)
        if not note or document.id in own:
            continue
        if note in deleted and (not deleted[note] or deleted[note] >= document.changed):
            gone[document.id] = max(deleted[note], document.changed)
        elif note in notes and note != part.openreview and whole and not outdated:
            gone[document.id] = document.changed
        elif f"{THREAD} {part.openreview}" in document.source and note not in notes:
            missing.append(document)
    for id, when in gone.items():
        live = (DOCUMENTS.c.id == id, DOCUMENTS.c.standing != "replaced")
        connection.execute(update(DOCUMENTS).where(*live).values(standing="replaced", changed=when))
    if told := [one.document.title for one in held if one.document.id in gone and note_of(one.document) in deleted]:
        tell(f"deleted at the site, and retired here: {', '.join(told)}")
    if missing and whole and not outdated:
        said = ", ".join(document.title for document in missing)
        tell(
            f"here, but not in this export: {said} (deleted at the site, or not shown to whoever exported it); they stay"
        )
    return bool(gone)
