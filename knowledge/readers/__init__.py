"""Files -> submissions: one module a format, chosen by what a file holds and not by its name alone."""

import re
from dataclasses import replace
from pathlib import Path

from knowledge.errors import UnreadableFile
from knowledge.integrity import keep_apart
from knowledge.limits import Limits
from knowledge.readers.exported import looks_exported, read_export
from knowledge.readers.openreview import read_threads
from knowledge.readers.pdf import read_pdf
from knowledge.readers.plain import read_plain
from knowledge.readers.submission_file import looks_like_submission, read_submission
from knowledge.readers.text import clean, decode
from knowledge.types import Reading

SIGNATURES = ((b"PK\x03\x04", "zip"), (b"\x1f\x8b", "gzip"), (b"\xd0\xcf\x11\xe0", "Word"))


def read(path: Path, into: str | None = None, kind: str | None = None, limits: Limits | None = None) -> Reading:
    """The submissions, or parts of one, that a file holds.

    `into` names the submission that a paper's text belongs to, `kind` says what a plain text is. UnreadableFile where
    nothing of it can be taken in.
    """
    limits = limits or Limits()
    file = path.name
    try:
        if path.is_dir():
            raise UnreadableFile(file, "is a folder; name the files in it")
        if (size := path.stat().st_size / 1e6) > limits.file_mb:
            raise UnreadableFile(file, f"has {size:.1f} MB, more than the limit of {limits.file_mb:g} MB")
        data = path.read_bytes()
    except OSError as error:
        raise UnreadableFile(str(path), f"cannot be opened: {error.strerror or error}") from None
    if b"%PDF-" in data[:1024]:
        return keep_parts_apart(Reading((read_pdf(data, file, into, limits),)))
    for signature, name in SIGNATURES:
        if data.startswith(signature):
            reason = f"is a {name} file; give its text as Markdown or plain text, or the thread as OpenReview JSON"
            raise UnreadableFile(file, reason)
    if looks_exported(data):
        return keep_parts_apart(Reading((read_export(data, file),)))
    if path.suffix.lower() in (".json", ".jsonl") or re.match(rb"(?:\xef\xbb\xbf)?\s*[\[{]\s*[\[{\"]", data):
        return keep_parts_apart(read_threads(data, file))
    text = clean(decode(data, file))
    if re.match(r"\s*(?:%[^\n]*\n\s*)*\\documentclass", text):
        raise UnreadableFile(file, "is LaTeX source; give its text as Markdown or plain text", 1)
    if looks_like_submission(text):
        return keep_parts_apart(Reading((read_submission(data, file),)))
    return keep_parts_apart(Reading((read_plain(data, file, into, kind),)))


def keep_parts_apart(reading: Reading) -> Reading:
    """What was read, without the instructions to machines in it."""
    return replace(reading, parts=tuple(keep_apart(part) for part in reading.parts))
