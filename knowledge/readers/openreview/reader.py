"""A thread of OpenReview, as JSON of its API v1 or v2 or of common crawlers -> Submission.

Notes are found wherever they stand in the file, told apart by the end of their invitation and by who signed, and
threaded by `replyto`. Every field of text becomes a section, under the name that the venue's form gives it.
"""

import re
from dataclasses import replace

from knowledge.aspects import aspect_of
from knowledge.errors import UnreadableFile
from knowledge.precedence import THREAD
from knowledge.readers.dates import day_of
from knowledge.readers.draft import Draft
from knowledge.readers.openreview.export import load_notes
from knowledge.readers.openreview.fields import (
    ADMINISTRATIVE,
    FRONT,
    named_scores,
    spaced,
    statements,
    write_field,
)
from knowledge.readers.openreview.notes import Content, Note, as_text, venue_name
from knowledge.readers.openreview.threads import Thread
from knowledge.readers.scales import on_scale
from knowledge.readers.score_fields import choose, role_of
from knowledge.readers.text import slug
from knowledge.reviews import scores_text
from knowledge.types import Document, DocumentKind, Reading, Refusal, Review, Score, Submission

SCORED = ("review", "meta-review", "comment")


def read_threads(data: bytes, file: str) -> Reading:
    """The submissions whose notes the file holds, one a forum, and the notes of it that cannot be read.

    UnreadableFile with the reason if there is no note to read.
    """
    export = load_notes(data, file)
    forums: dict[str, list[Note]] = {}
    for note in export.notes:
        forums.setdefault(note.forum, []).append(note)
    threads = [ThreadReader(Thread(forum, own), export.titles.get(forum, ""), file) for forum, own in forums.items()]
    parts = [submission for reader in threads if (submission := reader.submission()).documents]
    gone: dict[str | None, list[tuple[str, float]]] = {}
    for note in export.deleted:
        gone.setdefault(note.forum, []).append((note.id, note.deleted))
    parts = [replace(part, deleted=tuple(gone.get(part.openreview, ()))) for part in parts]
    if not parts:
        raise UnreadableFile(file, "is JSON, but holds no OpenReview note with a text in its 'content'")
    return Reading(tuple(parts), (*export.refused, *(refusal for reader in threads for refusal in reader.refused())))


class ThreadReader:
    """Writes the documents and reviews of one thread."""

    def __init__(self, thread: Thread, title: str, file: str) -> None:
        self._thread, self._file = thread, file
        facts = thread.head.content if thread.head else {}
        self._title = as_text(facts.get("title")) or title or f"OpenReview thread {thread.forum}"
        self._id = slug(self._title) or f"thread-{slug(thread.forum)}"
        groups = [note.venue for note in (thread.head, *thread.replies) if note and note.venue]
        self._venue = next((name for group in groups if (name := venue_name(group))), "") or as_text(facts.get("venue"))

    def submission(self) -> Submission:
        """The submission with all its documents that have text, in the order of their dates."""
        thread = self._thread
        documents = [*self._front(), *(self._document(note) for note in thread.replies)]
        written = tuple(document for document in documents if document.points)
        ids = {document.id for document in written}
        reviews = [self._review(note) for note in thread.replies if thread.kinds[note.id] == "review"]
        repeats = f"; {thread.repeated} that repeat another word for word are left out" if thread.repeated else ""
        return Submission(
            self._id,
            self._title,
            authors=thread.authors,
            venue=self._venue,
            decision=thread.decision(),
            openreview=thread.forum,
            number=thread.number(),
            record=f"Imported from the OpenReview thread {thread.forum}: {count_kinds(written)}{repeats}.",
            documents=tuple(doc if doc.reply_to in ids else replace(doc, reply_to=None) for doc in written),
            reviews=tuple(review for review in reviews if review.document in ids),
        )

    def refused(self) -> list[Refusal]:
        """The replies of which there is no document."""
        reason = "has no text: its fields are empty, or were not shown to the one who exported it"
        return [Refusal(self._file, f"note {note.id}", reason) for note in self._thread.empty]

    def _front(self) -> list[Document]:
        """What the submission's note holds: the paper's own words, its authors' statements, and in early years the
        decision."""
        head = self._thread.head
        if head is None:
            return []
        paper, form, decision = Draft(), Draft(), Draft()
        lowered = {field.lower(): value for field, value in head.content.items()}
        for field, title in FRONT.items():
            if title and (text := as_text(lowered.get(field))):
                paper.begin_section(title, aspect_of(title))
                paper.add_text(text)
        self._write(form, statements({key: value for key, value in head.content.items() if key.lower() != "decision"}))
        if text := as_text(lowered.get("decision")):
            decision.begin_section("Decision", "decision")
            decision.add_text(text)
        return [
            self._finish("abstract", "paper", "Abstract", paper, head),
            self._finish(f"comment-{head.id}", "comment", "Statements of the submission form", form, head, "Authors"),
            self._finish(f"decision-{head.id}", "decision", "Decision", decision, head),
        ]

    def _document(self, note: Note) -> Document:
        """A note's text: its scores, then every field of text as a section under the field's name."""
        kind, draft = self._thread.kinds[note.id], Draft()
        scores = self._scores(note)
        if scores:
            draft.begin_section("Scores", "record")
            draft.add_point(scores_text((spaced(field), score) for field, score in scores))
        taken = {field for field, _ in scores}
        said = {field: value for field, value in note.content.items() if field not in taken}
        self._write(draft, said, labels=kind != "response")
        author = self._thread.names[note.id]
        title = as_text(note.content.get("title")) or f"{kind.capitalize()}: {author}"
        return self._finish(
            f"{kind}-{note.id}", kind, title, draft, note, author, self._thread.addressee(note), self._parent(note)
        )

    def _write(self, draft: Draft, content: Content, labels: bool = True) -> None:
        """Write fields of text as sections, the title first; `labels` as in `write_field`."""
        for field, value in sorted(content.items(), key=lambda entry: entry[0] != "title"):
            if field.lower() not in ADMINISTRATIVE:
                name = spaced(field)
                draft.begin_section(name[:1].upper() + name[1:], aspect_of(name))
                if name.lower() == "title":
                    draft.add_text(as_text(value))
                else:
                    write_field(draft, as_text(value), aspect_of(name), labels)

    def _scores(self, note: Note) -> list[tuple[str, Score]]:
        """A note's scores by field; a review's on the scales of the venue."""
        kind = self._thread.kinds[note.id]
        scores = named_scores(note.content) if kind in SCORED else []
        venue = self._venue if kind == "review" else ""
        return [(field, on_scale(score, venue, role(field))) for field, score in scores]

    def _review(self, note: Note) -> Review:
        """Who reviewed, with which scores."""
        scores = self._scores(note)
        rating, confidence = choose(scores, "rating"), choose(scores, "confidence")
        others = tuple((spaced(field), score) for field, score in scores if (field, score) not in (rating, confidence))
        name = self._thread.names[note.id]
        number = re.search(r"reviewer\s*(\d+)$", name, re.IGNORECASE)
        aliases = (f"R{number[1]}", f"Reviewer {number[1]}") if number and "Unnamed" not in name else ()
        return Review(
            self._document_id(note),
            self._id,
            name,
            aliases,
            rating[1] if rating else None,
            confidence[1] if confidence else None,
            others,
        )

    def _document_id(self, note: Note) -> str:
        return f"{self._id}/{self._thread.kinds[note.id]}-{note.id}"

    def _parent(self, note: Note) -> str | None:
        parent = self._thread.parent(note)
        return self._document_id(parent) if parent else None

    def _finish(
        self,
        name: str,
        kind: DocumentKind,
        title: str,
        draft: Draft,
        note: Note,
        author: str | None = None,
        addressee: str | None = None,
        reply_to: str | None = None,
    ) -> Document:
        return Document(
            id=f"{self._id}/{name}",
            submission=self._id,
            kind=kind,
            title=title,
            text=draft.text,
            sections=draft.sections,
            points=draft.points,
            author=author,
            addressee=addressee,
            origin="record",
            source=f"{THREAD} {self._thread.forum}, {self._file}",
            date=day_of(note.created),
            reply_to=reply_to,
            changed=note.changed,
        )


def role(field: str) -> str:
    """A score's field by what it is in every form: "rating", "confidence", else its own name."""
    return role_of(field) or field.lower()


def count_kinds(documents: tuple[Document, ...]) -> str:
    """How many of what, in words: "3 reviews, 1 comment"."""
    counts: dict[str, int] = {}
    for document in documents:
        name = "abstract" if document.kind == "paper" else document.kind
        counts[name] = counts.get(name, 0) + 1
    return ", ".join(f"{count} {kind}{'s' if count > 1 else ''}" for kind, count in counts.items())
