"""A thread of OpenReview, as JSON of its API v1 or v2 or of common crawlers -> Submission.

Notes are found wherever they stand in the file (a list, `notes`, `details.replies`, a crawler's own wrapper),
told apart by the end of their invitation and by who signed, and threaded by `replyto`.
"""

import re
from datetime import UTC, datetime

from knowledge.aspects import aspect_of
from knowledge.errors import UnreadableFile
from knowledge.precedence import THREAD
from knowledge.readers.draft import Draft
from knowledge.readers.openreview_notes import Note, display_name, load_notes, plain_name, venue_name
from knowledge.readers.scores import read_exported_score
from knowledge.readers.text import slug
from knowledge.reviews import find_names, scores_text
from knowledge.types import Aspect, Document, DocumentKind, Review, Score, Submission

RATINGS = (
    "rating",
    "overall_recommendation",
    "overall_assessment",
    "overall_rating",
    "recommendation",
    "overall_score",
)
CONFIDENCES = ("confidence", "reviewer_confidence")
SCORES = (*RATINGS, *CONFIDENCES, "soundness", "presentation", "contribution", "correctness", "reproducibility",
          "technical_novelty_and_significance", "empirical_novelty_and_significance", "quality", "clarity",
          "significance", "originality", "datasets", "software", "experience_assessment",
          "technical_soundness", "novelty", "excitement")  # fmt: skip
ADMINISTRATIVE = {
    "pdf", "original_pdf", "paperhash", "_bibtex", "authorids", "authors", "conflicts", "keywords", "venueid", "venue",
    "code_of_conduct", "code_of_ethics", "first_time_reviewer", "withdrawal_confirmation", "supplementary_material",
    "cmt_id", "reviewed_version_(pdf)", "full_presentation_video", "poster", "slides", "spotlight_video", "appendix",
    "code", "submission_guidelines", "anonymous_url", "no_acknowledgement_section", "resubmission", "primary_area",
    "student_author", "large_language_models", "mark_as_duplicate", "community_implementations",
}  # fmt: skip
MARKED = re.compile(r"[ \t]*(?:#{1,6}[ \t]+(.+)|-{2,3}[ \t]*([A-Z].*)|(?:\*\*|__)([^*]+)(?:\*\*|__)[ \t]*:?)$")
BARE = re.compile(r"[ \t]*(?:[-*][ \t]*)?([A-Z][A-Za-z/& -]*?)[ \t]*:[ \t]*$")
NAMED = re.compile(r"(?:anon)?reviewer\s*#?\s*([A-Za-z0-9]{1,6})\b|\bR(\d)\b", re.IGNORECASE)


def read_threads(data: bytes, file: str) -> list[Submission]:
    """The submissions whose notes the file holds, one per forum; UnreadableFile if it holds none."""
    notes, title = load_notes(data, file)
    forums: dict[str, list[Note]] = {}
    for note in notes:
        forums.setdefault(note.forum, []).append(note)
    threads = [read_thread(forum, own, title if len(forums) == 1 else "", file) for forum, own in forums.items()]
    threads = [thread for thread in threads if thread.documents]
    if not threads:
        raise UnreadableFile(file, "is JSON, but holds no OpenReview note with a text in its 'content'")
    return threads


def read_thread(forum: str, notes: list[Note], title: str, file: str) -> Submission:
    """The submission of one forum with all its documents, in the order of their dates."""
    head = next((note for note in notes if note.id == forum), None)
    facts = head.content if head else {}
    title = str(facts.get("title") or title or f"OpenReview thread {forum}")
    names = facts.get("authors")
    authors = tuple(names) if isinstance(names, list) and names != ["Anonymous"] else ()
    replies = sorted((note for note in notes if note is not head), key=lambda note: (note.created, note.id))
    thread = Thread(slug(title) or "thread", forum, file, replies, {plain_name(name) for name in authors}, head)
    documents = [*thread.front(), *(thread.document(note) for note in replies)]
    reviews = [thread.review(note) for note in replies if thread.kinds[note.id] == "review"]
    written = tuple(document for document in documents if document.points)
    ids = {document.id for document in written}
    return Submission(
        thread.submission,
        title,
        authors=authors,
        venue=venue_name(next((note.venue for note in notes if note.venue), "")) or str(facts.get("venue", "")),
        decision=thread.decision(),
        openreview=forum,
        record=f"Imported from the OpenReview thread {forum}: {count_kinds(written)}.",
        documents=written,
        reviews=tuple(review for review in reviews if review.document in ids),
    )


class Thread:
    """The replies of one forum, classified: who wrote each, what kind it is, to whom it speaks."""

    def __init__(
        self, submission: str, forum: str, file: str, replies: list[Note], authors: set[str], head: Note | None
    ) -> None:
        self.submission, self.forum, self.file, self.replies, self.head = submission, forum, file, replies, head
        self._authors, self._by_id = authors, {note.id: note for note in replies}
        self.names = {note.id: self._name(note) for note in replies}
        self.kinds: dict[str, DocumentKind] = {}
        reviewed: set[str] = set()
        for note in replies:
            self.kinds[note.id] = self._kind(note, reviewed)
            if self.kinds[note.id] == "review":
                reviewed.add(self.names[note.id])

    def front(self) -> list[Document]:
        """The paper's own words that the submission note holds: abstract and one-sentence summary."""
        draft = Draft()
        for field, title in (("abstract", "Abstract"), ("TL;DR", "TL;DR"), ("tldr", "TL;DR")):
            if self.head and (text := self.head.content.get(field)):
                draft.begin_section(title, aspect_of(title))
                draft.add_text(str(text))
        return [self._finish("abstract", "paper", "Abstract", draft, self.head)] if self.head else []

    def document(self, note: Note) -> Document:
        """A note's text: its scores, then every field of text as a section under the field's name."""
        kind, draft = self.kinds[note.id], Draft()
        scores = named_scores(note, kind)
        if scores:
            draft.begin_section("Scores", "record")
            draft.add_point(scores_text(scores))
        taken = {name for name, _ in scores}
        for field, value in sorted(note.content.items(), key=lambda entry: entry[0] != "title"):
            name = spaced(field)
            if name in taken or field.lower() in ADMINISTRATIVE:
                continue
            draft.begin_section(name[:1].upper() + name[1:], aspect_of(name))
            text = "\n".join(value) if isinstance(value, list) else str(value)
            write_field(draft, text, aspect_of(name))
        title = str(note.content.get("title") or f"{kind.capitalize()}: {self.names[note.id]}")
        return self._finish(f"{kind}-{note.id}", kind, title, draft, note)

    def review(self, note: Note) -> Review:
        """Who reviewed, with which scores."""
        scores = dict(named_scores(note, "review"))
        rating = next((scores.pop(key) for key in map(spaced, RATINGS) if key in scores), None)
        confidence = next((scores.pop(key) for key in map(spaced, CONFIDENCES) if key in scores), None)
        name = self.names[note.id]
        number = re.search(r"reviewer\s*(\d+)$", name, re.IGNORECASE)
        aliases = (f"R{number[1]}", f"Reviewer {number[1]}") if number else ()
        document = f"{self.submission}/review-{note.id}"
        return Review(document, self.submission, name, aliases, rating, confidence, tuple(scores.items()))

    def decision(self) -> str | None:
        """What was decided: a decision note, the submission itself, a meta-review, or a withdrawal, in this order."""
        fields = [note.content.get("decision") for note in self.replies if self.kinds[note.id] == "decision"]
        fields += [self.head.content.get("decision")] if self.head else []
        for kind in ("decision", "meta-review"):
            fields += [note.content.get("recommendation") for note in self.replies if self.kinds[note.id] == kind]
        fields += ["Withdrawn" for note in self.replies if "withdraw" in note.invitation]
        fields += ["Desk rejected" for note in self.replies if "desk_reject" in note.invitation]
        return next((str(field) for field in fields if field), None)

    def _finish(self, name: str, kind: DocumentKind, title: str, draft: Draft, note: Note | None) -> Document:
        date = None
        if note and note.created:
            try:
                date = datetime.fromtimestamp(note.created / 1000, UTC).date().isoformat()
            except (OverflowError, OSError, ValueError):
                date = None
        return Document(
            id=f"{self.submission}/{name}",
            submission=self.submission,
            kind=kind,
            title=title,
            text=draft.text,
            sections=draft.sections,
            points=draft.points,
            author=self.names.get(note.id) if note else None,
            addressee=self._addressee(note) if note and note is not self.head else None,
            origin="record",
            source=f"{THREAD} {self.forum}, {self.file}",
            date=date,
        )

    def _name(self, note: Note) -> str:
        name = display_name(note.signature)
        by_author = plain_name(name) in self._authors
        same_hand = self.head is not None and note.signature.startswith("~") and note.signature == self.head.signature
        return "Authors" if name == "Authors" or by_author or same_hand else name

    def _kind(self, note: Note, reviewed: set[str]) -> DocumentKind:
        ending, name = note.invitation, self.names[note.id]
        rated = any(key in note.content for key in RATINGS)
        if "ethics" in ending or "withdraw" in ending or "desk_reject" in ending:
            return "comment"
        if "meta_review" in ending or "metareview" in ending:
            return "meta-review"
        if ending in ("decision", "acceptance_decision", "acceptance", "final_decision"):
            return "decision"
        if name == "Authors" or "rebuttal" in ending:
            return "response"
        is_review = re.search(r"(^|_)review(_|$)", ending) and "pre-review" not in ending and "comment" not in ending
        by_reviewer = "review" in name.lower()
        first = name not in reviewed and by_reviewer
        return "review" if (is_review and (rated or first)) or (rated and by_reviewer) else "comment"

    def _addressee(self, note: Note) -> str | None:
        """Whom a response or comment answers: the writer of what it replies to, or a reviewer named in its title."""
        if self.kinds[note.id] not in ("response", "comment"):
            return None
        own = self.names[note.id]
        parent = self._by_id.get(note.replyto or "")
        seen = {note.id}
        while parent and self.names[parent.id] == own and parent.id not in seen:
            seen.add(parent.id)
            parent = self._by_id.get(parent.replyto or "")
        if parent and self.names[parent.id] != own:
            return self.names[parent.id]
        opening = f"{note.content.get('title', '')} {str(note.content.get('comment', ''))[:80]}"
        reviewers = {self.names[other.id] for other in self.replies if self.kinds[other.id] == "review"}
        said = {match[0] for match in NAMED.finditer(opening)}
        meant = set().union(*(find_names(words, reviewers) for words in said)) if own == "Authors" else set()
        return meant.pop() if len(meant) == 1 else "all" if own == "Authors" else None


def named_scores(note: Note, kind: DocumentKind) -> list[tuple[str, Score]]:
    """The fields of a review or meta-review that are scores, rating and confidence first, "_" as spaces."""
    scores = []
    for field, value in note.content.items():
        name = field.lower()
        known = name in SCORES or "assessment" in name
        score = None
        if isinstance(value, float):
            score = Score(value)
        elif isinstance(value, str) and len(value) < 300 and (known or re.match(r"-?\d+(\.\d+)?:", value)):
            score = read_exported_score(value) or (Score(None, value) if known and len(value) < 120 else None)
        if score and kind in ("review", "meta-review", "comment"):
            order = 0 if name in RATINGS else 1 if name in CONFIDENCES else 2
            scores.append((order, spaced(field), score))
    return [(name, score) for _, name, score in sorted(scores, key=lambda entry: entry[0])]


def write_field(draft: Draft, text: str, aspect: Aspect | None) -> None:
    """Write a field of text; in one without an aspect of its own, lines that are headings begin sections."""
    gathered: list[str] = []
    for line in text.split("\n"):
        heading = None if aspect else heading_of(line)
        if heading:
            if "".join(gathered).strip():
                draft.add_text("\n".join(gathered))
            gathered = []
            draft.begin_section(heading, aspect_of(heading), line.rstrip())
        else:
            gathered.append(line)
    if "".join(gathered).strip():
        draft.add_text("\n".join(gathered))


def heading_of(line: str) -> str | None:
    """The title in a line that is a heading: marked ("## Pros", "-- Novelty", "**Cons**"), or a short one before a
    colon ("Quality:", and "Some minor issues:" as it names an aspect)."""
    if len(line) > 120:
        return None
    marked, bare = MARKED.match(line), BARE.match(line)
    title = next((group for match in (marked, bare) if match for group in match.groups() if group), "").strip(" :.*_")
    words = len(title.split())
    if not any(sign.isalpha() for sign in title):
        return None
    short = words <= 9 if marked else words <= 2 or (words == 3 and aspect_of(title))
    return title if short else None


def spaced(field: str) -> str:
    return field.replace("_", " ").strip()


def count_kinds(documents: tuple[Document, ...]) -> str:
    """How many of what, in words: "3 reviews, 1 comment"."""
    counts: dict[str, int] = {}
    for document in documents:
        name = "abstract" if document.kind == "paper" else document.kind
        counts[name] = counts.get(name, 0) + 1
    return ", ".join(f"{count} {kind}{'s' if count > 1 else ''}" for kind, count in counts.items())
