"""Labels of real threads that hold none of their words -> spans of the documents read from them."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from knowledge.limits import Limits
from knowledge.readers import read
from knowledge.types import Document, Submission

LABELS = Path(__file__).parents[1] / "tests" / "knowledge" / "labels" / "reply_links.json"
Half = Literal["tuning", "reporting"]
Span = tuple[str, int, int]
"""Document id, start, end."""


@dataclass(frozen=True)
class GoldPoint:
    """A reviewer's point as a person read it: `status` is answered, partial, none, or skip (not counted).

    manners: how it is answered, the main way first; empty where that was not labelled.
    """

    span: Span
    status: str
    replies: tuple[Span, ...]
    settled: str | None = None
    manners: tuple[str, ...] = ()


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
            fields = list(find_fields(json.loads(data)))
            submission = read(folder / thread["file"], None, None, Limits()).parts[0]
            points = tuple(read_point(entry, fields, submission) for entry in thread["points"])
            threads.append(GoldThread(thread["file"], submission, points))
    return threads


def find_fields(tree: Any) -> Iterator[tuple[str, str, str]]:
    """Every text field of every note in an export, in each of its versions: (note id, field, text)."""
    stack = [tree]
    while stack:
        item = stack.pop()
        if isinstance(item, list):
            stack += item
        elif isinstance(item, dict):
            content = item.get("content")
            for name, value in content.items() if isinstance(content, dict) else ():
                text = value.get("value") if isinstance(value, dict) else value
                if isinstance(text, str):
                    yield str(item.get("id")), name.strip().replace(" ", "_"), text
            stack += [value for key, value in item.items() if key != "content"]


def read_point(entry: Mapping[str, Any], fields: Sequence[tuple[str, str, str]], submission: Submission) -> GoldPoint:
    replies = tuple(find_span(reply, fields, submission) for reply in entry["replies"])
    span, manners = find_span(entry, fields, submission), tuple(entry.get("manner", ()))
    return GoldPoint(span, entry["status"], replies, entry.get("settled"), manners)


def find_span(entry: Mapping[str, Any], fields: Sequence[tuple[str, str, str]], submission: Submission) -> Span:
    """A labelled stretch of a note's field as offsets in the document that was read from the note."""
    for note, name, text in fields:
        if (note, name) == (entry["note"], entry["field"]):
            field = letters(text)[0]
            words = field[entry["start"] : entry["end"]]
            if hashlib.sha1(words.encode()).hexdigest()[:12] == entry["sha1"]:
                document = next(d for d in submission.documents if d.id.endswith(f"-{note}"))
                return (document.id, *locate(document, field, entry["start"], entry["end"]))
    raise ValueError(f"note {entry['note']}: its field '{entry['field']}' is not the one that was labelled")


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
