"""One file's bytes -> what it holds: the reader is chosen by what the bytes are and not by the name alone."""

import json
import re
from dataclasses import replace
from typing import get_args

from knowledge.errors import UnreadableFile
from knowledge.hidden_text import cut_html
from knowledge.limits import Limits
from knowledge.readers.arr import is_review_list, read_review_list
from knowledge.readers.dates import find_impossible, find_impossible_lines
from knowledge.readers.deadline import Deadline
from knowledge.readers.dialogue import chat_text, is_chat, read_dialogue
from knowledge.readers.exported import looks_exported, read_export
from knowledge.readers.foreign_matter import is_own, read_foreign
from knowledge.readers.hidden_characters import add_findings, add_from_json, add_from_text, cut_tree
from knowledge.readers.json_tree import load_tree, looks_like_json
from knowledge.readers.latex.reader import is_latex, read_latex
from knowledge.readers.latex.sources import OpenFile, nothing
from knowledge.readers.openreview.reader import read_threads
from knowledge.readers.pdf.reader import read_pdf
from knowledge.readers.peerread import is_peerread, read_peerread
from knowledge.readers.plain import read_plain
from knowledge.readers.submission_file import read_submission
from knowledge.readers.text import clean, decode
from knowledge.readers.voices import read_by_voice
from knowledge.types import DocumentKind, Reading

SAVE_AS = "save it as PDF, Markdown or plain text and import that"
SIGNATURES = (
    (b"\xd0\xcf\x11\xe0", f"is an old Word or office file; {SAVE_AS}"),
    (b"{\\rtf", f"is a rich-text file; {SAVE_AS}"),
    (b"%!PS", f"is PostScript; {SAVE_AS}"),
    (b"Rar!", "is a RAR archive; pack it as zip or tar"),
    (b"7z\xbc\xaf", "is a 7z archive; pack it as zip or tar"),
    (b"\x89PNG", "is a picture; type or paste its text, or import the PDF"),
    (b"\xff\xd8\xff", "is a picture; type or paste its text, or import the PDF"),
    (b"GIF8", "is a picture; type or paste its text, or import the PDF"),
    (b"SQLite format 3", "is a database; export its threads as JSON"),
    (b"\x7fELF", "is a program"),
    (b"MZ\x90", "is a program"),
)
HTML = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.{0,2000}?-->\s*)?<(?:!doctype|html|head|body|svg|tei)\b",
    re.I | re.S,
)
KINDS: dict[str, DocumentKind] = {kind: kind for kind in get_args(DocumentKind)}


def read_data(
    data: bytes,
    file: str,
    into: str | None,
    kind: str | None,
    limits: Limits,
    deadline: Deadline,
    open_file: OpenFile = nothing,
) -> Reading:
    """The submissions, or parts of one, in one file; `open_file` finds what a LaTeX source includes.

    NoHome where it does not say which submission it belongs to, UnreadableFile where nothing can be taken in.
    """
    if kind is not None and kind not in KINDS:
        raise UnreadableFile(file, f"'{kind}' is no kind of document; it is one of: {', '.join(KINDS)}")
    if not data:
        raise UnreadableFile(file, "is empty")
    refuse_others(data, file)
    if b"%PDF-" in data[:1024]:
        return read_pdf(data, file, into, limits, kind)
    if looks_exported(data):
        return check_kind(Reading((read_export(data, file),)), kind, file)
    if looks_like_json(data, file):
        return check_kind(read_json(data, file, into), kind, file)
    raw = decode(data, file)
    text = clean(raw)
    if not text.strip():
        raise UnreadableFile(file, "is empty")
    if is_latex(text, file):
        reading = read_latex({file: data}, file, into, limits, deadline, open_file=open_file, kind=kind)
    else:
        deadline.check(file)
        shown, unseen = cut_html(raw)
        reading = read_text(shown.encode(), clean(shown), file, into, kind)
        reading = add_findings(reading, ((finding, "") for finding in unseen), first=True)
    return add_from_text(reading, raw)


def check_kind(reading: Reading, kind: str | None, file: str) -> Reading:
    """A reading of a format that says itself what each of its texts is; UnreadableFile where the user says another."""
    kinds = dict.fromkeys(document.kind for part in reading.parts for document in part.documents)
    if kind is not None and any(one != kind for one in kinds):
        reason = (
            f"says itself what its texts are ({', '.join(kinds)}), which --kind {kind} cannot change; leave --kind out"
        )
        raise UnreadableFile(file, reason)
    return reading


def read_text(data: bytes, text: str, file: str, into: str | None, kind: str | None) -> Reading:
    """A text file as the submission file that it is, else as the kind that the user names or that its voice tells, else
    as a paper; what another program wrote above it is its title, authors and abstract."""
    if is_own(text):
        return check_kind(Reading((read_submission(data, file),)), kind, file)
    above = read_foreign(text)
    if above:
        text = above.text()
        data = text.encode()
    if part := read_by_voice(text, file, into, kind):
        return Reading((part,), find_impossible_lines(text, file))
    part = read_plain(data, file, into, kind)
    if above and kind in (None, "paper"):
        (paper,) = part.documents
        part = replace(part, authors=above.authors, documents=(replace(paper, date=above.date),))
    return Reading((part,))


def read_json(data: bytes, file: str, into: str | None) -> Reading:
    """JSON as the export that its fields show it to be; what is none of the others is taken for OpenReview's."""
    tree, unseen = cut_tree(load_tree(data, file))
    if is_chat(tree):
        reading = Reading((read_dialogue(chat_text(tree), file, into),))
    elif is_peerread(tree):
        reading = Reading(read_peerread(tree, file, into))
    elif is_review_list(tree):
        reading = Reading((read_review_list(tree, file, into),))
    else:
        reading = read_threads(json.dumps(tree).encode() if unseen else data, file)
    reading = add_findings(reading, unseen)
    reading = replace(reading, refused=(*reading.refused, *find_impossible(tree, file)))
    return add_from_json(reading, tree)


def refuse_others(data: bytes, file: str) -> None:
    """UnreadableFile for what is known to be none of the formats, with what to do instead."""
    for signature, reason in SIGNATURES:
        if data.startswith(signature):
            raise UnreadableFile(file, reason)
    if HTML.match(data[:4096]):
        raise UnreadableFile(file, f"is a web page (HTML or XML); {SAVE_AS}, or the thread as OpenReview JSON")
    if file.lower().endswith((".doc", ".docx", ".odt", ".rtf", ".epub", ".ps")):
        raise UnreadableFile(file, f"is named as an office file; {SAVE_AS}")
