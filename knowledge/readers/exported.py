"""A submission as this program exports it (JSON) <-> Submission: what goes out comes in again, word for word."""

import json
from collections import Counter
from dataclasses import asdict, replace
from functools import cache
from typing import Any, Literal

from knowledge.errors import UnreadableFile
from knowledge.readers.text import decode
from knowledge.types import Document, Finding, Point, Review, Score, Section, Submission

FORMAT = "second-opinion submission"
VERSION = 1


def looks_exported(data: bytes) -> bool:
    """Whether bytes begin as an export does."""
    return json.dumps(FORMAT).encode() in data[:200]


def write_export(submission: Submission) -> str:
    """The JSON of a submission with all its documents, reviews and findings."""
    whole = asdict(replace(submission, bundled=False))
    return json.dumps({"format": FORMAT, "version": VERSION, "submission": whole}, ensure_ascii=False, indent=1)


def read_export(data: bytes, file: str) -> Submission:
    """The submission of an export; UnreadableFile names the field that does not fit and why."""
    from pydantic import ValidationError

    try:
        found = _envelope().validate_json(decode(data, file).encode())
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        reason = f"{first['msg']} ({error.error_count()} of its fields do not fit); export it again"
        raise UnreadableFile(file, reason, where=where) from None
    except RecursionError:
        raise UnreadableFile(file, "is JSON nested too deeply to be an export") from None
    submission = found["submission"]
    for document in submission.documents:
        check_offsets(document, submission.id, file)
    check_names(submission, file)
    return submission


def check_names(submission: Submission, file: str) -> None:
    """Refuse two documents of one id, and a review or a finding of a document that is not there: it would be lost."""
    names = Counter(document.id for document in submission.documents)
    if twice := [name for name, count in names.items() if count > 1]:
        raise UnreadableFile(file, "is there twice under one id; export it again", where=twice[0])
    for part in (*submission.reviews, *submission.findings):
        if part.document not in names:
            what = "review" if isinstance(part, Review) else "finding"
            raise UnreadableFile(
                file, f"is a {what} of a document that is not there; export it again", where=part.document
            )


def check_offsets(document: Document, submission: str, file: str) -> None:
    """Refuse a document whose sections, points or pages lie outside of its text, or that belongs to another submission."""
    length = len(document.text)
    spans = [(part.start, part.end) for part in (*document.sections, *document.points)]
    if not all(0 <= start <= end <= length for start, end in spans):
        raise UnreadableFile(file, f"has offsets outside of its {length} characters", where=document.id)
    if sorted(document.pages) != list(document.pages) or not all(0 <= page <= length for page in document.pages):
        raise UnreadableFile(file, "has pages that are not in order within its text", where=document.id)
    if not all(point.page is None or 0 < point.page <= len(document.pages) for point in document.points):
        raise UnreadableFile(file, "has a point on a page that it does not have", where=document.id)
    if document.submission != submission or not document.id.startswith(f"{submission}/"):
        raise UnreadableFile(file, f"is a document of another submission than '{submission}'", where=document.id)


@cache
def _envelope() -> Any:
    """Checks types and names strictly: what an export holds besides is refused, not dropped."""
    from pydantic import ConfigDict, TypeAdapter
    from typing_extensions import TypedDict

    for kind in (Score, Point, Section, Document, Finding, Review, Submission):
        kind.__pydantic_config__ = ConfigDict(extra="forbid")  # pyright: ignore[reportAttributeAccessIssue]

    class Envelope(TypedDict):
        format: Literal["second-opinion submission"]
        version: Literal[1]
        submission: Submission

    return TypeAdapter(Envelope)
