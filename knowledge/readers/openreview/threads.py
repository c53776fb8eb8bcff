"""The notes of one forum, told apart: who wrote each, what kind it is, what it replies to and to whom it speaks."""

import re
from collections.abc import Iterable, Sequence

from knowledge.readers.openreview.fields import is_rated
from knowledge.readers.openreview.notes import Note, as_text, display_name, plain_name
from knowledge.reviews import find_names
from knowledge.types import DocumentKind

NAMED = re.compile(r"(?:anon)?reviewer\s*#?\s*([A-Za-z0-9]{1,6})\b|\bR(\d)\b", re.IGNORECASE)
REVIEW = re.compile(r"(?:^|_)review$")
META_REVIEW = re.compile(r"meta_?-?review(?!.*(?:confirm|agreement|rating|quality|issue|comment))")
DECISION = re.compile(r"(?:^|_)(?:decision|acceptance)$")
ASIDE = re.compile(r"ethics|withdraw|desk_?reject")
REVERTED = re.compile(r"revers|revert|undo")
AUTHORS_ACCOUNT = re.compile(r"(?<=\w)Authors$")
"""An account that authors made to stay anonymous: "TideCodingAuthors". It keeps its name, as anybody may choose it."""
UNNAMED = ("Anonymous", "Reviewers", "Reviewer", "AnonReviewer")
"""Signatures that name nobody: none, or a whole group."""


class Thread:
    """The submission's note, if it is there, and its live replies in the order of their dates.

    Notes without content stand apart. Those that say again, word for word, what the same person said to the same note
    are left out and counted.
    """

    def __init__(self, forum: str, notes: Iterable[Note]) -> None:
        notes = list(notes)
        self.forum = forum
        self.head = next((note for note in notes if note.id == forum), None)
        ordered = sorted((note for note in notes if note.id != forum), key=lambda note: (note.created, note.id))
        self.empty = [note for note in ordered if not note.content]
        self._same: dict[str, str] = {}
        self.replies = self._without_repeats([note for note in ordered if note.content])
        self.repeated = len(self._same)
        self._by_id = {note.id: note for note in self.replies}
        self._parents = find_parents(self.replies, self._same)
        self._authors = self._find_authors()
        self.names: dict[str, str] = {}
        self.kinds: dict[str, DocumentKind] = {}
        self._classify()
        self._reviewers = {self.names[note.id] for note in self.replies if self.kinds[note.id] == "review"}
        self._answered, self._tops = self._find_lines()

    def number(self) -> int | None:
        """The paper's number at its venue: in the names of its forms, else that of the submission's note."""
        named = (note.of_paper for note in (self.head, *self.replies) if note)
        return next((number for number in named if number), self.head.number if self.head else None)

    @property
    def authors(self) -> tuple[str, ...]:
        """The names of the paper's authors, as far as the export tells."""
        listed = self.head.content.get("authors") if self.head else None
        names = tuple(listed) if isinstance(listed, list) else ()
        if names in ((), ("Anonymous",)) and self.head:
            return self.head.original_authors
        return names

    def parent(self, note: Note) -> Note | None:
        """The reply to which a note replies; None for replies to the submission and where it is not there."""
        return self._by_id.get(self._parents.get(note.id) or "")

    def addressee(self, note: Note) -> str | None:
        """Whom a response or comment answers: who wrote what it replies to, or a reviewer whom its opening names.

        "all" for authors who speak to the submission; None where it is not known.
        """
        if self.kinds[note.id] not in ("response", "comment"):
            return None
        answered = self._by_id.get(self._answered.get(note.id) or "")
        if answered:
            return self.names[answered.id]
        own = self.names[note.id]
        if own != "Authors":
            return None
        opening = f"{note.content.get('title', '')} {as_text(note.content.get('comment'))[:80]}"
        said = {match[0] for match in NAMED.finditer(opening)}
        meant = set().union(*(find_names(words, self._reviewers) for words in said))
        if len(meant) == 1:
            return meant.pop()
        return "all" if self._tops[note.id] in (None, self.forum) else None

    def decision(self) -> str | None:
        """What was decided, as the record words it: by the newest decision note, on the submission itself, or by a
        meta-review, in this order; a withdrawal or desk rejection is added, or stands alone."""
        fields = [
            note.content.get(field)
            for note in reversed(self.replies)
            if self.kinds[note.id] == "decision"
            for field in ("decision", "final_decision", "recommendation")
        ]
        fields += [self.head.content.get(field) for field in ("decision", "final_decision")] if self.head else []
        fields += [
            note.content.get("recommendation")
            for note in reversed(self.replies)
            if self.kinds[note.id] == "meta-review"
        ]
        decided = next((as_text(field) for field in fields if field), "")
        status = self._status()
        if decided and status and status.lower() not in decided.lower():
            return f"{decided} ({status.lower()})"
        return decided or status or self._placed()

    def _without_repeats(self, ordered: Sequence[Note]) -> list[Note]:
        said: dict[tuple[str, str | None, str], str] = {}
        kept = []
        for note in ordered:
            words = repr(sorted(note.content.items()))
            first = said.setdefault((note.signature, note.replyto, words), note.id)
            if first == note.id:
                kept.append(note)
            else:
                self._same[note.id] = first
        return kept

    def _find_authors(self) -> set[str]:
        """The signatures and plain names of the paper's authors; of a long name also its first and last word."""
        known: set[str] = set()
        if self.head is None:
            return known
        if self.head.signature.startswith("~") or "@" in self.head.signature:
            known.add(self.head.signature)
        ids = self.head.content.get("authorids")
        known |= {entry for entry in ids if entry.startswith("~")} if isinstance(ids, list) else set()
        for name in self.authors:
            known |= name_forms(name)
        return known - {""}

    def _classify(self) -> None:
        """Fill in names and kinds; of a person's reviews without a score, the first is the review."""
        reviewed: set[str] = set()
        unnamed = 0
        for note in self.replies:
            name = self._name(note)
            kind = kind_of(note, name, name not in reviewed)
            if kind == "review" and name in UNNAMED:
                unnamed += 1
                name = f"Unnamed reviewer {unnamed}"
            if kind == "review":
                reviewed.add(name)
            self.names[note.id], self.kinds[note.id] = name, kind

    def _name(self, note: Note) -> str:
        name = display_name(note.signature)
        unsigned_rebuttal = name == "Anonymous" and note.invitation == "rebuttal"
        if name == "Authors" or unsigned_rebuttal or note.signature in self._authors:
            return "Authors"
        return "Authors" if name != "Anonymous" and name_forms(name) & self._authors else name

    def _find_lines(self) -> tuple[dict[str, str | None], dict[str, str | None]]:
        """For each reply the nearest note above it that somebody else wrote, and what the topmost one replies to.

        Linear in the number of replies: parents come before children.
        """
        children: dict[str | None, list[str]] = {}
        for id, parent in self._parents.items():
            children.setdefault(parent, []).append(id)
        answered: dict[str, str | None] = {}
        tops: dict[str, str | None] = {}
        stack = list(children.get(None, ()))
        while stack:
            id = stack.pop()
            parent = self._parents[id]
            # Two people without a name are not taken for one.
            same_hand = parent is not None and self.names[parent] == self.names[id] not in UNNAMED
            answered[id] = answered[parent] if parent is not None and same_hand else parent
            tops[id] = tops[parent] if parent is not None else self._by_id[id].replyto
            stack.extend(children.get(id, ()))
        return answered, tops

    def _status(self) -> str:
        """Whether the submission was withdrawn or rejected from the desk, and not taken back in later."""
        status = ""
        if self.head:
            place = f"{self.head.content.get('venueid', '')} {self.head.content.get('venue', '')}".lower()
            status = "Withdrawn" if self.head.withdrawn or "withdrawn" in place else status
            desk = re.search(r"desk.?reject", f"{place} {self.head.invitation}")
            status = "Desk rejected" if desk else status
        for note in self.replies:
            words = {"withdraw": "Withdrawn", "desk_reject": "Desk rejected"}
            for ending, meaning in words.items():
                if ending in note.invitation:
                    status = "" if REVERTED.search(note.invitation) else meaning
        return status

    def _placed(self) -> str | None:
        """The place in the programme that the submission itself states ("ICLR 2024 poster")."""
        venue = as_text(self.head.content.get("venue")) if self.head else ""
        return venue if re.search(r"\b(poster|oral|spotlight|notable|talk)\b", venue, re.IGNORECASE) else None


def kind_of(note: Note, name: str, first: bool) -> DocumentKind:
    """What a note is, by its invitation, its signer's name and whether the signer reviewed before."""
    ending = note.invitation
    if ASIDE.search(ending):
        return "comment"
    if META_REVIEW.search(ending):
        return "meta-review"
    if DECISION.search(ending):
        return "decision"
    if name == "Authors" or AUTHORS_ACCOUNT.search(name):
        return "response"
    rated, by_reviewer = is_rated(note.content), "review" in name.lower() and "ethics" not in name.lower()
    if REVIEW.search(ending):
        titled = as_text(note.content.get("title")).lower().startswith("review of")
        unsigned = name in UNNAMED
        return "review" if rated or unsigned or (first and (by_reviewer or titled)) else "comment"
    return "review" if rated and by_reviewer and first else "comment"


def find_parents(replies: Sequence[Note], same: dict[str, str]) -> dict[str, str | None]:
    """For each note the id of the reply it replies to; None for those to the submission, to a note that is missing,
    and on a circle. Linear in the number of notes."""
    ids = {note.id for note in replies}
    wanted = {note.id: same.get(note.replyto or "", note.replyto) for note in replies}
    parents = {id: parent if parent in ids and parent != id else None for id, parent in wanted.items()}
    done: set[str] = set()
    for id in sorted(ids):
        path: dict[str, None] = {}
        step: str | None = id
        while step is not None and step not in done and step not in path:
            path[step] = None
            step = parents[step]
        if step in path:
            circle = list(path)[list(path).index(step) :]
            parents.update(dict.fromkeys(circle))
        done.update(path)
    return parents


def name_forms(name: str) -> set[str]:
    """A name as it is compared: plain, without spaces, and its first and last word."""
    plain = plain_name(name)
    words = plain.split()
    return {plain, "".join(words)} | ({f"{words[0]} {words[-1]}"} if len(words) > 2 else set())
