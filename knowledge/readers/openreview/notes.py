"""A note of OpenReview as plain values, whichever API it came from, and the names in its ids."""

import hashlib
import json
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from knowledge.readers.text import clean

LARGEST = 1e12
"""Numbers beyond this are no scores; not-a-number and infinity are none either."""
NAMED_ENDING = re.compile(r"review|comment|rebuttal|decision|acceptance|withdraw|desk_?reject|submission$|question")
Content = dict[str, str | float | list[str]]


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
    content: Content
    created: float
    changed: float
    deleted: float = 0.0
    """When it was deleted at the site; 0 for a note that was not."""
    withdrawn: bool = False
    """Whether the note itself says that its submission was withdrawn, in one of its invitations or a field."""
    number: int | None = None
    """The note's own number: of a submission that of the paper, of a reply its number among those of its kind."""
    of_paper: int | None = None
    """The number of the paper in the names of the note's forms and people: ".../Paper12/-/Official_Review"."""
    original_authors: tuple[str, ...] = ()
    """Who wrote an anonymous submission, where the export tells."""


@dataclass(frozen=True)
class Found:
    """A note as it stands in the file; `forum` and `title` are those of what surrounds it."""

    raw: Mapping[str, Any]
    forum: str
    title: str


def read_note(found: Found) -> Note:
    """A note of either API; ValueError with the reason if it has no content that can be read."""
    raw = found.raw
    if not isinstance(raw.get("content"), dict):
        raise ValueError("has no content: it holds only what is said about the note, or was exported without its text")
    try:
        fields = {clean(str(key)).strip().replace(" ", "_"): flatten(value) for key, value in raw["content"].items()}
        content = {key: value for key, value in fields.items() if key and value not in (None, "", [])}
        digest = hashlib.sha256(json.dumps(raw["content"], sort_keys=True).encode()).hexdigest()
    except RecursionError:
        raise ValueError("has fields nested too deeply to be text") from None
    replyto = clean(raw["replyto"]) if isinstance(raw.get("replyto"), str) and raw["replyto"] else None
    id = clean(str(raw.get("id") or "")) or digest[:10]
    invitations = [clean(entry) for entry in as_list(raw.get("invitation") or raw.get("invitations"))]
    endings = [ending_of(entry) for entry in invitations]
    chosen = next((index for index, ending in enumerate(endings) if NAMED_ENDING.search(ending)), 0)
    signatures = [clean(entry) for entry in as_list(raw.get("signatures"))]
    details = raw.get("details")
    original = details.get("original") if isinstance(details, dict) else None
    return Note(
        id=id,
        forum=clean(str(raw.get("forum") or "")) or found.forum or replyto or id,
        replyto=replyto,
        invitation=endings[chosen] if endings else "",
        venue=next((entry.partition("/-/")[0] for entry in invitations[chosen:]), ""),
        signature=next((entry for entry in signatures if entry.endswith("/Authors")), (signatures or [""])[0]),
        content=content,
        created=number_of(raw, "tcdate", "cdate", "tmdate", "mdate"),
        changed=number_of(raw, "tmdate", "mdate", "tcdate", "cdate"),
        deleted=max(number_of(raw, "ddate"), number_of(raw, "tmdate", "mdate"), 1.0) if raw.get("ddate") else 0.0,
        withdrawn=raw.get("withdrawn") is True or any("withdrawn" in ending for ending in endings),
        number=int(number_of(raw, "number")) or None,
        of_paper=paper_number([*invitations, *signatures]),
        original_authors=tuple(author_names(original)),
    )


def rank(note: Note) -> tuple[float, int, str]:
    """What orders the versions of a note: its date, then, so that the order of the file does not, its length and text."""
    text = json.dumps(note.content, sort_keys=True)
    return note.changed, len(text), text


def as_list(value: Any) -> list[str]:
    """The texts of a value that is one text or a list of them."""
    return [entry for entry in (value if isinstance(value, list) else [value]) if isinstance(entry, str)]


def author_names(original: Any) -> list[str]:
    content = original.get("content") if isinstance(original, dict) else None
    names = flatten(content.get("authors")) if isinstance(content, dict) else None
    return names if isinstance(names, list) else []


def paper_number(names: Iterable[str]) -> int | None:
    """The number of the paper in the first name that has one."""
    found = (re.search(r"/(?:paper|submission)(\d{1,6})(?=/|$)", name, re.IGNORECASE) for name in names)
    return next((int(match[1]) for match in found if match), None)


def ending_of(invitation: str) -> str:
    """The end of an invitation without numbers of papers and forms: "official_review"."""
    ending = invitation.partition("/-/")[2].lower()
    parts = [
        re.sub(r"_?\d+$", "", part) for part in ending.split("/") if not re.fullmatch(r"(paper|submission)?\d*", part)
    ]
    return "_".join(parts) or ending


def number_of(raw: Mapping[str, Any], *keys: str) -> float:
    """The first of these fields that is a finite number; 0 if none is."""
    values = (raw[key] for key in keys if isinstance(raw.get(key), int | float) and not isinstance(raw[key], bool))
    return next((float(value) for value in values if abs(value) < 1e30 and math.isfinite(value)), 0.0)


def flatten(value: Any) -> str | float | list[str] | None:
    """A content value without the wrapper of API v2; None for what was not shown to the one who exported it."""
    while isinstance(value, dict) and ("value" in value or "readers" in value):
        value = value.get("value")
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, str):
        return clean(value).strip()
    if isinstance(value, int | float):
        return float(value) if abs(value) < LARGEST else None
    if isinstance(value, list):
        return [text for entry in value if (text := as_text(flatten(entry)))]
    if isinstance(value, dict):
        return [f"{clean(str(key))}: {text}" for key, entry in value.items() if (text := as_text(flatten(entry)))]
    return None


def as_text(value: str | float | list[str] | None) -> str:
    """A content value as text, a list one entry a line."""
    if value is None:
        return ""
    if isinstance(value, list):
        return "\n".join(value)
    return value if isinstance(value, str) else f"{value:g}"


def display_name(signature: str) -> str:
    """The end of a signature as the site shows it: "AnonReviewer3", "Reviewer AG4r", "Area Chair 1", a name."""
    parts = signature.rstrip("/").split("/")
    last = parts[-1]
    if last.isdigit() and len(parts) > 1:
        last = f"{parts[-2]} {last}"
    if last.startswith("~"):
        last = re.sub(r"\d+$", "", last[1:])
    name = " ".join(last.replace("_", " ").split())
    name = re.sub(r"^Area Chair(?=[A-Z\d])", "Area Chair ", name)
    if name.lower() in ("pcs", "program chairs"):
        return "Program Chairs"
    if name.lower() in ("(anonymous)", "anonymous", ""):
        return "Anonymous"
    return name[:1].upper() + name[1:]


def plain_name(name: str) -> str:
    return re.sub(r"[\W\d_]+", " ", name).strip().casefold()


def venue_name(group: str) -> str:
    """The venue in a group's id: "ICLR.cc/2019/Conference/Paper721" is "ICLR 2019", ".../ACL/ARR/2024/June" "ARR 2024 June"."""
    parts = [part for part in group.split("/") if part]
    year = next((index for index, part in enumerate(parts) if re.fullmatch(r"(19|20)\d\d", part)), None)
    if not year:
        return ""
    series = re.match(r"[A-Za-z][\w-]*", parts[year - 1])
    if not series:
        return ""
    track = []
    for part in parts[year + 1 :]:
        if re.fullmatch(r"(paper|submission)\d*|-", part.lower()):
            break
        track += [part.replace("_", " ")] if part.lower() != "conference" else []
    return " ".join([series[0], parts[year], *track])
