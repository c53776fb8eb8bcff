"""Real threads, which a user keeps in a folder of their own, against a second, plainer reading of the same notes.

Set SECOND_OPINION_REAL to a folder with OpenReview exports anywhere below it.
"""

import json
import os
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from knowledge.chunking import split_document
from knowledge.errors import UnreadableFile
from knowledge.readers.openreview.reader import read_threads
from knowledge.types import Document, Submission

FOLDER = os.environ.get("SECOND_OPINION_REAL", "")
FILES = sorted(Path(FOLDER).rglob("*.json")) if FOLDER else []
FORMS = {"authors", "authorids", "keywords", "paperhash", "_bibtex", "conflicts", "venue", "venueid", "code_of_conduct",
         "first_time_reviewer", "title"}  # fmt: skip
pytestmark = pytest.mark.skipif(not FOLDER, reason="set SECOND_OPINION_REAL to a folder with OpenReview exports")


def walk(tree: Any) -> Iterator[dict[str, Any]]:
    """Every object with an id and a content, wherever it stands."""
    if isinstance(tree, dict):
        if isinstance(tree.get("content"), dict) and isinstance(tree.get("id"), str):
            yield tree
        for key, value in tree.items():
            if key not in ("content", "original"):
                yield from walk(value)
    elif isinstance(tree, list):
        for value in tree:
            yield from walk(value)


def live_notes(path: Path) -> dict[str, dict[str, Any]]:
    """The newest version of each note that is not deleted, by id, values without their wrapper."""
    newest: dict[str, dict[str, Any]] = {}
    for note in walk(json.loads(path.read_text(encoding="utf-8"))):
        if note["id"] not in newest or changed(note) >= changed(newest[note["id"]]):
            newest[note["id"]] = note
    return {id: note | {"content": plain(note["content"])} for id, note in newest.items() if not note.get("ddate")}


def changed(note: dict[str, Any]) -> int:
    return note.get("tmdate") or note.get("mdate") or 0


def plain(content: dict[str, Any]) -> dict[str, Any]:
    return {
        key.replace(" ", "_"): value.get("value") if isinstance(value, dict) else value
        for key, value in content.items()
    }


def words(text: str) -> str:
    """Text as it is compared: letters and digits alone, without what cannot be seen."""
    return "".join(sign for sign in unicodedata.normalize("NFC", text) if sign.isalnum())


def ending(note: dict[str, Any]) -> str:
    return (note.get("invitation") or (note.get("invitations") or [""])[0]).rpartition("/-/")[2].lower()


def is_reply(note: dict[str, Any]) -> bool:
    return bool(note.get("replyto"))


@pytest.fixture(params=FILES, ids=[f"{path.parent.name}/{path.stem}" for path in FILES] or None)
def case(request) -> tuple[dict[str, dict[str, Any]], tuple[Submission, ...]]:
    path: Path = request.param
    try:
        notes = live_notes(path)
    except ValueError:
        pytest.skip("is no JSON")
    if not any(is_reply(note) and (note.get("invitation") or note.get("invitations")) for note in notes.values()):
        with pytest.raises(UnreadableFile, match="OpenReview note"):
            read_threads(path.read_bytes(), path.name)
        pytest.skip("holds no thread, and is refused")
    reading = read_threads(path.read_bytes(), path.name)
    assert not reading.refused
    return notes, reading.parts


def documents_of(parts: tuple[Submission, ...]) -> dict[str, Document]:
    """Every document by the id of its note."""
    found: dict[str, Document] = {}
    for part in parts:
        for document in part.documents:
            kind, _, id = document.id.partition("/")[2].partition("-")
            id = id.removeprefix("review-") if kind == "meta" else id
            assert id not in found, f"two documents of one note: {document.id}"
            if document.kind != "paper":
                found[id] = document
    return found


def test_every_text_of_every_reply_stands_in_one_document_and_in_its_passages(case):
    notes, parts = case
    documents = documents_of(parts)
    said: dict[tuple[str, ...], str] = {}
    for id, note in sorted(notes.items(), key=lambda item: (item[1].get("tcdate", 0), item[0])):
        if not is_reply(note):
            continue
        texts = [value for key, value in note["content"].items() if key not in FORMS]
        same = (str(note.get("signatures")), str(note["replyto"]), json.dumps(note["content"]))
        document = documents.pop(said.setdefault(same, id), None) if same not in said else None
        if document is None:
            assert said[same] != id or not any(texts), f"no document of {id}"
            continue
        whole, cited = words(document.text), words("".join(p.text for p in split_document(document)))
        headings = words("".join(section.title for section in document.sections))
        for value in texts:
            entries = value if isinstance(value, list) else [value]
            for entry in entries:
                if isinstance(entry, str) and entry.strip():
                    label = re.sub(r"^\d+\s*:?\s*", "", entry)
                    assert words(label) in whole, f"{id}: {entry[:80]!r} is lost"
        assert len(cited) + len(headings) >= len(whole), f"{id}: not all of it is cited"
    forms = {f"{kind}-{note}" for note in notes for kind in ("comment", "decision") if not is_reply(notes[note])}
    assert {document.id.partition("/")[2] for document in documents.values()} <= forms, "a document without a reply"


def test_the_abstract_is_there_and_stands_once(case):
    notes, parts = case
    heads = {id: note for id, note in notes.items() if not is_reply(note)}
    for part in parts:
        papers = [document for document in part.documents if document.kind == "paper"]
        abstract = heads.get(part.openreview or "", {"content": {}})["content"].get("abstract")
        assert len(papers) == (1 if abstract else 0)
        if abstract:
            assert words(abstract) in words(papers[0].text) and part.title == heads[part.openreview]["content"]["title"]


def test_ratings_and_confidences_are_those_of_the_notes(case):
    notes, parts = case

    def number(value: Any) -> float | None:
        match = re.match(r"\s*(-?\d+(?:\.\d+)?)", str(value)) if value is not None else None
        return float(match[1]) if match else None

    wanted = {
        id: (number(note["content"].get("rating", note["content"].get("recommendation"))),
             number(note["content"].get("confidence")))
        for id, note in notes.items()
        if re.search(r"review(/\d+)?$", ending(note)) and "meta" not in ending(note) and "pre-review" not in ending(note)
    }  # fmt: skip
    found = {
        review.document.partition("/review-")[2]: (
            review.rating.value if review.rating else None,
            review.confidence.value if review.confidence else None,
        )
        for part in parts
        for review in part.reviews
    }
    rated = {id: scores for id, scores in wanted.items() if scores[0] is not None}
    assert {id: scores for id, scores in found.items() if scores[0] is not None} == rated
    assert found.items() <= wanted.items()
    signers = {str(notes[id]["signatures"]) for id in wanted if "review" in str(notes[id]["signatures"]).lower()}
    assert len(found) >= len(signers), "a reviewer has no review"
    for part in parts:
        for review in part.reviews:
            for score in (review.rating, review.confidence):
                if score and score.low is not None and score.high is not None and score.value is not None:
                    assert score.low <= score.value <= score.high


def test_the_decision_is_not_lost(case):
    notes, parts = case
    stated = [
        str(note["content"][field])
        for note in notes.values()
        for field in ("decision", "recommendation")
        if note["content"].get(field) and "ethics" not in ending(note) and "official" not in ending(note)
    ]
    decided = [part.decision or "" for part in parts]
    if stated:
        assert any(decision.startswith(tuple(stated)) for decision in decided)
    elif not any(note["content"].get("venue") or "withdraw" in ending(note) for note in notes.values()):
        assert not any(decided)


def test_replies_point_at_the_document_they_reply_to(case):
    notes, parts = case
    documents = documents_of(parts)
    for id, document in documents.items():
        parent = notes[id].get("replyto")
        if parent in documents and parent != document.submission and is_reply(notes[parent]):
            assert document.reply_to == documents[parent].id
            if document.author != documents[parent].author and document.kind in ("response", "comment"):
                assert document.addressee == documents[parent].author
        else:
            assert document.reply_to is None
        if "/Authors" in str(notes[id].get("signatures")) and "withdraw" not in ending(notes[id]):
            assert document.kind == "response" and document.author == "Authors"
