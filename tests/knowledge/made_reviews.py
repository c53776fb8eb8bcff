"""Threads that never were, in the shapes of several venues, with what answers what marked in their words.

In `made_threads/`, `<<a|words>>` in a review is the point `a`, in a reply it is the answer to it, and
`<<a=yes|words>>` in a later comment is where the reviewer says whether that settles it. A point without an answer has
none. Every other thread is for tuning, the rest for reporting.
"""

import json
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

from benchmarks.review_labels import GoldPoint, GoldThread, Span, letters
from knowledge.limits import Limits
from knowledge.readers import read
from knowledge.types import Submission

FOLDER = Path(__file__).parent / "made_threads"
MARK = re.compile(r"<<([^|<>]+)\|(.*?)>>", re.DOTALL)
PLAIN = ("rating", "confidence", "title", "overall_recommendation", "overall_assessment", "recommendation")


@dataclass
class Post:
    """One contribution: `kind` review, reply or comment; `target` its author, or the id of what it replies to."""

    kind: str
    target: str
    parent: str
    date: str
    id: str
    fields: dict[str, str] = field(default_factory=dict)


def load_made(half: Literal["tuning", "reporting"]) -> list[GoldThread]:
    """The made threads of one half with their marks as spans."""
    files = sorted(FOLDER.glob("*.txt"))
    return [read_made(file) for number, file in enumerate(files) if (number % 2 == 0) == (half == "tuning")]


def read_made(file: Path) -> GoldThread:
    """One made thread."""
    head, posts = parse(file.read_text(encoding="utf-8"))
    plain = head.get("format") == "submission file"
    with TemporaryDirectory() as folder:
        export = Path(folder) / f"{file.stem}.{'md' if plain else 'json'}"
        export.write_text(as_file(head, posts) if plain else json.dumps(as_notes(head, posts)), encoding="utf-8")
        submission = read(export, None, None, Limits()).parts[0]
    return GoldThread(file.stem, submission, gold(posts, submission))


def parse(text: str) -> tuple[dict[str, str], list[Post]]:
    """The keys and the contributions of a made thread."""
    head: dict[str, str] = {}
    posts: list[Post] = []
    name = ""
    for line in text.splitlines():
        if line.startswith("# ") and " | " in line:
            said, date, id = (part.strip() for part in line[2:].split("|"))
            kind, _, target = said.partition(" ")
            author, _, parent = (part.strip() for part in target.partition(">"))
            posts.append(Post(kind, author, parent, date, id))
        elif posts and re.fullmatch(r"\[[\w,]+\]", line):
            name = line[1:-1]
            posts[-1].fields[name] = ""
        elif posts:
            posts[-1].fields[name] += line + "\n"
        else:
            key, _, value = line.partition(": ")
            head[key] = value
    return head, posts


def as_notes(head: dict[str, str], posts: list[Post]) -> dict[str, Any]:
    """A thread as an export of OpenReview, of its first API where `api: 1` says so."""
    first = head.get("api") == "1"
    base = f"{head['venue']}/{'Paper7' if first else 'Submission7'}"
    notes = [
        note(
            "forum1",
            "",
            f"{base}/Authors",
            f"{head['venue']}/-/Submission",
            {"title": head["title"]},
            "2033-01-01",
            first,
        )
    ]
    ids = {post.id for post in posts}
    for post in posts:
        signer = "Authors" if post.kind == "reply" else post.target
        ending = {"review": "Official_Review", "reply": "Official_Comment", "comment": "Official_Comment"}[post.kind]
        parent = (post.target if post.kind == "reply" else post.parent) or "forum1"
        fields = {name: MARK.sub(r"\2", value).strip() for name, value in post.fields.items()}
        notes.append(
            note(
                post.id,
                parent if parent in ids else "forum1",
                f"{base}/{signer}",
                f"{base}/-/{ending}",
                fields,
                post.date,
                first,
            )
        )
    return {"notes": notes}


def note(
    id: str, parent: str, signer: str, invitation: str, fields: dict[str, str], date: str, first: bool
) -> dict[str, Any]:
    content = dict(fields) if first else {name: {"value": value} for name, value in fields.items()}
    time = int(datetime.fromisoformat(date).replace(tzinfo=UTC).timestamp() * 1000)
    invited = {"invitation": invitation} if first else {"invitations": [invitation]}
    return {
        "id": id,
        "forum": "forum1",
        "replyto": parent or None,
        "signatures": [signer],
        "content": content,
        "cdate": time,
    } | invited


def as_file(head: dict[str, str], posts: list[Post]) -> str:
    """A thread as a submission file."""
    lines = ["---", "id: made-thread", f"title: {head['title']}", "---", ""]
    for post in posts:
        lines += [
            f"# {'Response: Authors' if post.kind == 'reply' else f'Review: {post.target}'}",
            f"date: {post.date}",
        ]
        lines += [f"to: {post.target}"] if post.kind == "reply" else []
        for name, value in post.fields.items():
            lines += ["", *([f"## {name}"] if post.kind == "review" else []), MARK.sub(r"\2", value)]
    return "\n".join(lines)


def gold(posts: list[Post], submission: Submission) -> tuple[GoldPoint, ...]:
    """The marked points with their answers, as spans of the documents read."""
    asked: dict[str, Span] = {}
    answered: dict[str, list[Span]] = {}
    settled: dict[str, str] = {}
    for post in posts:
        for name, value in post.fields.items():
            for match in MARK.finditer(value) if name not in PLAIN else ():
                for mark in match[1].split(","):
                    key, _, verdict = mark.strip().partition("=")
                    if verdict:
                        settled[key] = verdict
                    elif post.kind == "reply":
                        answered.setdefault(key, []).append(find(match[2], submission))
                    else:
                        asked[key] = find(match[2], submission)
    return tuple(
        GoldPoint(span, "answered" if key in answered else "none", tuple(answered.get(key, ())), settled.get(key))
        for key, span in asked.items()
    )


def find(words: str, submission: Submission) -> Span:
    """Where marked words stand."""
    wanted = letters(words)[0]
    for document in submission.documents:
        sequence, offsets = letters(document.text)
        if (first := sequence.find(wanted)) >= 0:
            return document.id, offsets[first], offsets[first + len(wanted) - 1] + 1
    raise ValueError(f"no document holds: {words}")
