"""What a file's own text hides, found before it is cleaned of it: messages in characters without width, and in JSON
comments and elements that no page shows."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from knowledge.hidden_text import cut_html, find_hidden_characters
from knowledge.types import Document, Finding, Reading

Told = tuple[Finding, str]
"""A finding and the id of the note in which it stands."""


def add_from_text(reading: Reading, text: str) -> Reading:
    """What was read, with the messages hidden in the file's text, unless its reader has looked for them itself."""
    if has_findings(reading, "zero-width"):
        return reading
    return add_findings(reading, ((finding, "") for finding in find_hidden_characters(text)))


def add_from_json(reading: Reading, tree: Any) -> Reading:
    """The same for the strings of a JSON tree; a message belongs to the document of the note in which it stands."""
    if has_findings(reading, "zero-width"):
        return reading
    found = (
        (finding, note)
        for note, field, text in strings_of(tree)
        if not text.isascii()
        for finding in find_hidden_characters(text, where=field)
    )
    return add_findings(reading, found)


def has_findings(reading: Reading, *kinds: str) -> bool:
    return any(finding.kind in kinds for part in reading.parts for finding in part.findings)


def cut_tree(tree: Any) -> tuple[Any, list[Told]]:
    """A JSON tree whose strings are without comments and elements that are not shown, and these with their notes; a
    tree that is nested too deeply for it is left as it is."""
    found: list[Told] = []

    def walk(item: Any, note: str, field: str) -> Any:
        if isinstance(item, str):
            if "<" not in item and "]:" not in item:
                return item
            kept, unseen = cut_html(item, where=field)
            found.extend((finding, note) for finding in unseen)
            return kept
        if isinstance(item, list):
            return [walk(entry, note, field) for entry in item]
        if isinstance(item, dict):
            note = item["id"] if isinstance(item.get("id"), str) else note
            return {key: walk(entry, note, field if key == "value" else str(key)) for key, entry in item.items()}
        return item

    try:
        return walk(tree, "", ""), found
    except RecursionError:
        return tree, []


def add_findings(reading: Reading, found: Iterable[Told], first: bool = False) -> Reading:
    """Give findings to the parts in whose documents they stand, behind their own or `first`; `found` pairs each with the id
    of its note, or ""."""
    documents = [document for part in reading.parts for document in part.documents]
    if not documents:
        return reading
    by_submission: dict[str, list[Finding]] = {}
    for finding, note in found:
        home = home_of(note, documents)
        by_submission.setdefault(home.submission, []).append(replace(finding, document=home.id))
    return replace(
        reading,
        parts=tuple(
            replace(part, findings=(*own, *part.findings) if first else (*part.findings, *own))
            for part in reading.parts
            for own in [by_submission.get(part.id, [])]
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
