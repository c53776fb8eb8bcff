"""Messages in characters without width, found in a file's own text before it is cleaned of them."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from knowledge.hidden_text import find_hidden_characters
from knowledge.types import Document, Finding, Reading


def add_from_text(reading: Reading, text: str) -> Reading:
    """What was read, with the messages hidden in the file's text, unless its reader has looked for them itself."""
    return add(reading, ((finding, "") for finding in find_hidden_characters(text)))


def add_from_json(reading: Reading, tree: Any) -> Reading:
    """The same for the strings of a JSON tree; a message belongs to the document of the note in which it stands."""
    found = (
        (finding, note)
        for note, field, text in strings_of(tree)
        if not text.isascii()
        for finding in find_hidden_characters(text, where=field)
    )
    return add(reading, found)


def add(reading: Reading, found: Iterator[tuple[Finding, str]]) -> Reading:
    """Give findings to the parts in whose documents they stand; `found` pairs each with the id of its note, or ""."""
    documents = [document for part in reading.parts for document in part.documents]
    known = {finding for part in reading.parts for finding in part.findings if finding.kind == "zero-width"}
    if not documents or known:
        return reading
    by_submission: dict[str, list[Finding]] = {}
    for finding, note in found:
        home = home_of(note, documents)
        by_submission.setdefault(home.submission, []).append(replace(finding, document=home.id))
    return replace(
        reading,
        parts=tuple(
            replace(part, findings=(*part.findings, *by_submission.get(part.id, ()))) for part in reading.parts
        ),
    )


def home_of(note: str, documents: list[Document]) -> Document:
    """The document made of a note; the first one where it made none."""
    return next((document for document in documents if note and document.id.endswith(f"-{note}")), documents[0])


def strings_of(tree: Any) -> Iterator[tuple[str, str, str]]:
    """(id of the note, name of the field, text) of every string in a JSON tree."""
    stack: list[tuple[Any, str, str]] = [(tree, "", "")]
    while stack:
        item, note, field = stack.pop()
        if isinstance(item, str):
            yield note, field, item
        elif isinstance(item, list):
            stack.extend((entry, note, field) for entry in reversed(item))
        elif isinstance(item, dict):
            note = item["id"] if isinstance(item.get("id"), str) else note
            stack.extend((entry, note, field if key == "value" else str(key)) for key, entry in item.items())
