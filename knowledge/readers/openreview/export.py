"""The notes that an OpenReview export holds, wherever in it they stand.

In a list, under `notes`, `replies` or `details.replies`, in a crawler's own wrapper, one a line. Of several versions
of one note the newest counts, and if that one is deleted, none.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from knowledge.errors import UnreadableFile
from knowledge.readers.openreview.notes import Found, Note, rank, read_note
from knowledge.readers.text import clean, decode
from knowledge.types import Refusal

ADDRESSED = ("forum", "replyto", "invitation", "invitations", "signatures")
"""What tells a note from any other object that has a `content`."""
NOT_NOTES = {"content", "forumContent", "original", "invitation", "presentation", "edit", "edits", "revisions"}
"""Under these a note carries forms, older texts and itself before it was made anonymous."""


@dataclass
class Export:
    """What a file holds: live notes, those deleted at the site, titles by forum that stand outside of the notes, and what
    is no good note."""

    notes: list[Note] = field(default_factory=list)
    deleted: list[Note] = field(default_factory=list)
    titles: dict[str, str] = field(default_factory=dict)
    refused: list[Refusal] = field(default_factory=list)


def load_notes(data: bytes, file: str) -> Export:
    """The live notes of a JSON or JSON Lines file, each in its newest version; UnreadableFile if there are none."""
    export = Export()
    tree = parse(decode(data, file), file, export.refused)
    newest: dict[str, Note] = {}
    for found in find_notes(tree):
        try:
            note = read_note(found)
        except ValueError as error:
            export.refused.append(Refusal(file, f"note {found.raw.get('id', 'without an id')}", str(error)))
            continue
        if note.id not in newest or rank(note) > rank(newest[note.id]):
            newest[note.id] = note
        if found.title:
            export.titles.setdefault(note.forum, found.title)
    export.notes = [note for note in newest.values() if not note.deleted]
    export.deleted = [note for note in newest.values() if note.deleted]
    if not export.notes:
        raise UnreadableFile(file, why_empty(tree, newest, export.refused))
    return export


def parse(text: str, file: str, refused: list[Refusal]) -> Any:
    """JSON, or one JSON value a line; a line that is none is refused where most of the others are."""
    try:
        return json.loads(text)
    except RecursionError:
        raise UnreadableFile(file, "is JSON nested too deeply to be a thread") from None
    except ValueError as error:
        whole = error
    values, bad, count = [], [], 0
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        count += 1
        try:
            value = json.loads(line)
        except (ValueError, RecursionError):
            bad.append(Refusal(file, f"line {number}", "is not whole JSON; export the file again"))
            continue
        if isinstance(value, dict | list):
            values.append(value)
    if count > 1 and len(values) * 2 >= count:
        refused += bad
        return values
    if text.lstrip().startswith("<"):
        raise UnreadableFile(file, "is a web page and not JSON; export the thread's notes, signed in if need be")
    if isinstance(whole, json.JSONDecodeError):
        reason = f"is not whole JSON: {whole.msg} at column {whole.colno}; export the file again"
        raise UnreadableFile(file, reason, whole.lineno)
    raise UnreadableFile(file, "is JSON with a number of more digits than any score has")


def find_notes(tree: Any) -> Iterator[Found]:
    """Every note in the tree, in its order, with the forum and title that surround it. Linear in the tree's size."""
    stack: list[tuple[Any, str, str]] = [(tree, "", "")]
    while stack:
        item, forum, title = stack.pop()
        if isinstance(item, list):
            titles = [outer for entry in item if (outer := outer_title(entry))]
            title = titles[0] if len(titles) == 1 else title
            stack.extend((entry, forum, title) for entry in reversed(item))
        elif isinstance(item, dict):
            title = outer_title(item) or title
            if is_note(item):
                yield Found(item, forum, title)
                forum = str(item.get("forum") or item.get("id") or forum)
            if isinstance(item.get("forumContent"), dict) and (forum := str(item.get("forum") or forum)):
                yield Found({"id": forum, "content": item["forumContent"]}, forum, "")
            inner = [value for key, value in item.items() if key not in NOT_NOTES and isinstance(value, list | dict)]
            stack.extend((value, forum, title) for value in reversed(inner))


def is_note(item: Mapping[str, Any]) -> bool:
    """Whether an object is a note, be it a broken one."""
    if isinstance(item.get("content"), dict):
        return isinstance(item.get("id"), str | int) or any(isinstance(item.get(key), str | list) for key in ADDRESSED)
    invited = "invitation" in item or "invitations" in item
    return invited and isinstance(item.get("id"), str) and ("content" in item or "forum" in item)


def outer_title(item: Any) -> str:
    """The title that a crawler writes beside the notes; "" if it writes none."""
    if not isinstance(item, dict) or "content" in item or not isinstance(item.get("title"), str):
        return ""
    return clean(item["title"]).strip()


def why_empty(tree: Any, versions: Mapping[str, Note], refused: list[Refusal]) -> str:
    """Why a file without a live note has none."""
    if versions:
        return "holds only notes that were deleted"
    if refused:
        return f"holds no note that can be read; the first, {refused[0].where}, {refused[0].reason}"
    top = tree[0] if isinstance(tree, list) and tree and isinstance(tree[0], dict) else tree
    if isinstance(top, dict):
        message = top.get("message") or top.get("error") or top.get("errors")
        if message and "notes" not in top:
            words = f' ("{clean(message)[:200]}")' if isinstance(message, str) else ""
            return f"is an error message of the site{words} and no thread; export the thread again, signed in"
        if top.get("notes") == []:
            return "is an empty answer of the site, without an OpenReview note; ask for the thread by its forum's id"
        if any(isinstance(top.get(key), str) for key in ("abstract", "title")):
            return "holds what is said about papers (titles, abstracts), but no OpenReview note of their threads"
    return "is JSON, but holds no OpenReview note with a text in its 'content'"
