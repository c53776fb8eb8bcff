"""Labels of real threads that hold none of their words -> spans of the documents read from them."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from knowledge.readers.openreview import read_threads
from knowledge.readers.openreview_notes import load_notes
from knowledge.types import Document, Submission

LABELS = Path(__file__).parents[1] / "tests" / "knowledge" / "labels" / "reply_links.json"
Half = Literal["tuning", "reporting"]
Span = tuple[str, int, int]
"""Document id, start, end."""


@dataclass(frozen=True)
class GoldPoint:
    """A reviewer's point as a person read it: `status` is answered, partial, none, or skip (not counted)."""

    span: Span
    status: str
    replies: tuple[Span, ...]
    settled: str | None = None


@dataclass(frozen=True)
class GoldThread:
    """A thread with its labels."""

    file: str
    submission: Submission
    points: tuple[GoldPoint, ...]


def load_threads(folder: Path, half: Half, labels: Path = LABELS) -> list[GoldThread]:
    """The labelled threads of one half, read from `folder`; ValueError where a file is not the one that was labelled."""
    threads = []
    for thread in json.loads(labels.read_text(encoding="utf-8"))["threads"]:
        if thread["half"] == half:
            data = (folder / thread["file"]).read_bytes()
            notes = {note.id: note.content for note in load_notes(data, thread["file"])[0]}
            submission = read_threads(data, thread["file"])[0]
            points = tuple(read_point(entry, notes, submission) for entry in thread["points"])
            threads.append(GoldThread(thread["file"], submission, points))
    return threads


def read_point(entry: Mapping[str, Any], notes: Mapping[str, Any], submission: Submission) -> GoldPoint:
    replies = tuple(find_span(reply, notes, submission) for reply in entry["replies"])
    return GoldPoint(find_span(entry, notes, submission), entry["status"], replies, entry.get("settled"))


def find_span(entry: Mapping[str, Any], notes: Mapping[str, Any], submission: Submission) -> Span:
    """A labelled stretch of a note's field as offsets in the document that was read from the note."""
    field = letters(str(notes[entry["note"]][entry["field"]]))[0]
    words = field[entry["start"] : entry["end"]]
    if hashlib.sha1(words.encode()).hexdigest()[:12] != entry["sha1"]:
        raise ValueError(f"note {entry['note']}: its field '{entry['field']}' is not the one that was labelled")
    document = next(d for d in submission.documents if d.id.endswith(f"-{entry['note']}"))
    return (document.id, *locate(document, field, entry["start"], entry["end"]))


def locate(document: Document, field: str, start: int, end: int) -> tuple[int, int]:
    """Offsets in a document of letters `start:end` of a field that it holds, whatever stands between them."""
    sequence, offsets = letters(document.text)
    first = sequence.find(field)
    first = first + start if first >= 0 else sequence.find(field[start:end])
    if first < 0:
        raise ValueError(f"{document.id} does not hold the labelled words")
    return offsets[first], offsets[first + end - start - 1] + 1


def letters(text: str) -> tuple[str, list[int]]:
    """The letters and digits of a text, lower-cased, and the offset of each."""
    pairs = [(letter, index) for index, sign in enumerate(text) for letter in sign.casefold() if letter.isalnum()]
    return "".join(letter for letter, _ in pairs), [index for _, index in pairs]
