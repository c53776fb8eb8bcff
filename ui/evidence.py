"""The passage behind a citation mark, and the whole document it stands in; pure."""

from collections.abc import Mapping
from typing import Any

from knowledge.types import Document
from ui.render import fill

ORIGINS = {"ours": "our text", "paraphrase": "our paraphrase", "record": "as on record"}


def passage(
    citation: Mapping[str, Any],
    document: Document | None,
    newest: Document | None,
    around: tuple[str, str] = ("", ""),
    turn: int = 0,
) -> str:
    """A citation of the answer of `turn`: its passage with its quote highlighted and what stands before and after.

    `document` is the version in which the passage stands, `newest` the one that the collection holds now: where they
    differ, that is said; where nothing is left, the text that the answer cited is shown all the same.
    """
    head, quote, tail = _split(citation["text"], citation["quote"])
    shown = {
        "id": citation["passage_id"] if document else "",
        "turn": turn,
        "citation": citation["id"],
        "label": citation["label"],
        "document": document.title if document else citation["document"],
        "section": citation["section"],
        "caveat": citation["caveat"],
        "changed": document is None or newest is None or newest.text != document.text,
        "before": around[0],
        "head": head,
        "quote": quote,
        "tail": tail,
        "after": around[1],
    }
    return fill("evidence", passage=shown, document=None, missing="")


def whole(document: Document, start: int, end: int, turn: int = 0, citation: str = "") -> str:
    """A whole document with the characters from `start` to `end` marked and its section titles set off.

    `turn` and `citation` name the mark that led here, for the way back.
    """
    shown = {
        "title": document.title,
        "source": document.source or ORIGINS[document.origin],
        "turn": turn,
        "citation": citation,
        "parts": _parts(document, start, end),
    }
    return fill("evidence", passage=None, document=shown, missing="")


def empty(missing: str = "") -> str:
    """The panel before anything is opened, or why nothing can be."""
    return fill("evidence", passage=None, document=None, missing=missing)


def _split(text: str, quote: str) -> tuple[str, str, str]:
    at = text.find(quote) if quote else -1
    if at < 0:
        return "", text, ""
    return text[:at], quote, text[at + len(quote) :]


def _parts(document: Document, start: int, end: int) -> list[dict[str, str]]:
    """The text in order, cut at the cited stretch and at the title lines of sections."""
    text = document.text
    start, end = max(0, min(start, len(text))), max(0, min(end, len(text)))
    stretches = [(start, end, "cited")] if start < end else []
    for section in document.sections:
        stop = text.find("\n", section.start)
        stop = len(text) if stop < 0 else stop
        if section.start < stop and (stop <= start or section.start >= end):
            stretches.append((section.start, stop, "title"))
    parts, at = [], 0
    for first, last, kind in sorted(stretches):
        if first < at:
            continue
        if first > at:
            parts.append({"kind": "text", "text": text[at:first]})
        parts.append({"kind": kind, "text": text[first:last]})
        at = last
    if at < len(text):
        parts.append({"kind": "text", "text": text[at:]})
    return parts
