"""The notes of an OpenReview export, as plain values, whichever API or crawler they came from."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from knowledge.errors import UnreadableFile
from knowledge.readers.text import clean, decode

LARGEST = 1e12
"""Numbers beyond this are no scores; not-a-number and infinity are none either."""


@dataclass(frozen=True)
class Note:
    """One note with its content as plain values, whichever API it came from."""

    id: str
    forum: str
    replyto: str | None
    invitation: str
    """The end of the invitation without numbers, in lower case: "official_review", "public_comment"."""
    venue: str
    signature: str
    content: dict[str, str | float | list[str]]
    created: float
    changed: float


def load_notes(data: bytes, file: str) -> tuple[list[Note], str]:
    """The notes of a JSON or JSON Lines file, each in its newest version and none that was deleted, and a title
    that stands outside the notes ("" if there is none)."""
    text = decode(data, file)
    try:
        tree = json.loads(text)
    except json.JSONDecodeError as error:
        try:
            tree = [json.loads(line) for line in text.splitlines() if line.strip()]
        except json.JSONDecodeError:
            reason = f"is not whole JSON: {error.msg} at column {error.colno}"
            raise UnreadableFile(file, reason, error.lineno) from None
    except RecursionError:
        raise UnreadableFile(file, "is JSON nested too deeply to be a thread") from None
    titles: list[str] = []
    newest: dict[str, Note] = {}
    for raw in find_notes(tree, titles):
        note = read_note(raw)
        if note and (note.id not in newest or note.changed >= newest[note.id].changed):
            newest[note.id] = note
    return list(newest.values()), titles[0] if titles else ""


def find_notes(tree: Any, titles: list[str]) -> Iterator[dict[str, Any]]:
    """Every note in the tree, in its order; titles that a crawler keeps outside the notes go to `titles`."""
    stack = [tree]
    while stack:
        item = stack.pop()
        if isinstance(item, list):
            stack.extend(reversed(item))
            continue
        if not isinstance(item, dict):
            continue
        if isinstance(item.get("content"), dict) and isinstance(item.get("id"), str):
            yield item
        elif isinstance(item.get("title"), str):
            titles.append(clean(item["title"]).strip())
        if isinstance(item.get("forumContent"), dict) and isinstance(item.get("forum"), str):
            yield {"id": item["forum"], "content": item["forumContent"]}
        inner = [value for key, value in item.items() if key not in ("content", "forumContent")]
        stack.extend(reversed([value for value in inner if isinstance(value, list | dict)]))


def read_note(raw: dict[str, Any]) -> Note | None:
    """A note of either API; None if it was deleted."""
    if raw.get("ddate"):
        return None
    invitations = raw.get("invitations")
    invitation = raw.get("invitation") or (invitations[0] if isinstance(invitations, list) and invitations else "")
    venue, _, ending = clean(str(invitation)).partition("/-/")
    parts = [part for part in ending.lower().split("/") if not re.fullmatch(r"(paper|submission)?\d*", part)]
    signatures = raw.get("signatures")
    signature = clean(str(signatures[0])) if isinstance(signatures, list) and signatures else ""
    created = next((raw[key] for key in ("tcdate", "cdate", "tmdate") if isinstance(raw.get(key), int | float)), 0)
    changed = next((raw[key] for key in ("tmdate", "mdate", "tcdate") if isinstance(raw.get(key), int | float)), 0)
    content = {clean(str(key)).strip().replace(" ", "_"): flatten(value) for key, value in raw["content"].items()}
    return Note(
        id=clean(raw["id"]),
        forum=clean(str(raw.get("forum") or raw["id"])),
        replyto=clean(raw["replyto"]) if isinstance(raw.get("replyto"), str) else None,
        invitation="_".join(parts) or ending.lower(),
        venue=venue,
        signature=signature,
        content={key: value for key, value in content.items() if value not in (None, "", [])},
        created=created,
        changed=changed,
    )


def flatten(value: Any) -> str | float | list[str] | None:
    """A content value without the wrapper of API v2; None for what is neither text, number nor list of texts."""
    if isinstance(value, dict):
        return flatten(value["value"]) if "value" in value else None
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, list):
        return [clean(str(entry)).strip() for entry in value if isinstance(entry, str | int | float)]
    if isinstance(value, str):
        return clean(value).strip()
    return float(value) if isinstance(value, int | float) and abs(value) < LARGEST else None


def display_name(signature: str) -> str:
    """The end of a signature as the site shows it: "AnonReviewer3", "Reviewer AG4r", "Area Chair 1", a name."""
    parts = signature.rstrip("/").split("/")
    last = parts[-1]
    if last.isdigit() and len(parts) > 1:
        last = f"{parts[-2]} {last}"
    if last.startswith("~"):
        last = re.sub(r"\d+$", "", last[1:])
    name = " ".join(last.replace("_", " ").split())
    name = re.sub(r"^Area Chair(?=\w)", "Area Chair ", name)
    if name.lower() in ("pcs", "program chairs"):
        return "Program Chairs"
    if name.lower() in ("(anonymous)", "anonymous", ""):
        return "Anonymous"
    return name[:1].upper() + name[1:]


def plain_name(name: str) -> str:
    return re.sub(r"[\W\d_]+", " ", name).strip().casefold()


def venue_name(group: str) -> str:
    """The venue in a group id: "ICLR.cc/2019/Conference/Paper721" is "ICLR 2019"."""
    match = re.match(r"([A-Za-z]+)[^/]*/(?:.*/)?(\d{4})(?:/([A-Za-z]+))?", group)
    if not match:
        return ""
    track = match[3] if match[3] and match[3].lower() == "workshop" else ""
    return " ".join(part for part in (match[1], match[2], track) if part)
