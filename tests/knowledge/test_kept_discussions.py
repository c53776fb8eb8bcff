"""A discussion is read once, also by the next process, and a damaged file of vectors stands in nobody's way."""

import sqlite3
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from knowledge.collection import Collection
from knowledge.errors import UnknownSubmission
from knowledge.kept_discussions import FILE, KeptDiscussions
from knowledge.reviews import said_in
from knowledge.types import Submission
from tests.knowledge.discussion.documents import document

REVIEW = document("review", "Reviewer Ab1", ("Review", "Why salt? The tides are not described."))
REPLY = document(
    "response", "Authors", ("Comment", "Why salt?\n\nSalt is cheap."), id="reply", date="2031-02-02", reply_to=REVIEW.id
)
HARBOUR = Submission("harbour", "Harbour", documents=(REVIEW, REPLY))


class Counting:
    """An embedder that counts the texts it is given."""

    name, width = "counting", 4

    def __init__(self) -> None:
        self.texts = 0

    def embed(self, texts: Sequence[str]) -> np.ndarray:
        self.texts += len(texts)
        rows = np.array([[len(text), text.count("a"), text.count("s"), 1] for text in texts], dtype=np.float32)
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)

    def match(self, query: str, texts: Sequence[str]) -> np.ndarray:
        return np.zeros((len(texts), 2), dtype=np.float32)


def kept(folder: Path, embedder: Counting) -> KeptDiscussions:
    def find(id: str) -> Submission:
        if id != HARBOUR.id:
            raise UnknownSubmission(id)
        return HARBOUR

    return KeptDiscussions(folder, embedder, find)


def test_a_discussion_is_read_once_and_its_vectors_are_kept(tmp_path: Path):
    first, second = Counting(), Counting()
    discussions = kept(tmp_path, first)
    read = discussions.read(HARBOUR)
    made = first.texts
    assert made and discussions.read(HARBOUR) is read and first.texts == made
    discussions.close()
    again = kept(tmp_path, second)
    assert again.read(HARBOUR) == read and second.texts == 0
    again.close()


def test_what_changed_is_read_anew(tmp_path: Path):
    embedder = Counting()
    discussions = kept(tmp_path, embedder)
    before = discussions.read(HARBOUR)
    longer = Submission("harbour", "Harbour", documents=(REVIEW,))
    assert len(discussions.read(longer).answers) == len(before.answers)
    assert all(answer.status == "not answered" for answer in discussions.read(longer).answers.values())
    discussions.close()


def test_a_damaged_file_is_made_anew(tmp_path: Path, caplog):
    (tmp_path / FILE).write_bytes(b"no database" * 100)
    embedder = Counting()
    discussions = kept(tmp_path, embedder)
    assert discussions.read(HARBOUR).points
    discussions.close()
    other = Counting()
    healed = kept(tmp_path, other)
    healed.read(HARBOUR)
    healed.close()
    last = Counting()
    fresh = kept(tmp_path, last)
    fresh.read(HARBOUR)
    fresh.close()
    assert last.texts == 0 and "is not used" in caplog.text


def test_an_import_is_read_before_it_is_asked_for(tmp_path: Path):
    embedder = Counting()
    discussions = kept(tmp_path, embedder)
    discussions.read_ahead(["gone", "harbour"])
    deadline = time.monotonic() + 30
    while not embedder.texts and time.monotonic() < deadline:
        time.sleep(0.01)
    discussions.close()
    made = embedder.texts
    assert made and discussions.read(HARBOUR).points and embedder.texts == made
    discussions.close()


def test_the_collection_hands_out_the_discussion(tmp_path: Path):
    with Collection(tmp_path, embedder=Counting()) as collection:
        bundled = collection.submissions()[0]
        assert collection.discussion(bundled.id) is collection.discussion(bundled.id)


def test_what_points_and_replies_say_has_its_vectors_once_it_was_read(tmp_path: Path):
    embedder = Counting()
    discussions = kept(tmp_path, embedder)
    said = said_in(discussions.read(HARBOUR), HARBOUR)
    assert any("Salt is cheap" in text for text in said) and any("Why salt?" in text for text in said)
    made = embedder.texts
    assert discussions.vectors(said).shape == (len(said), 4) and embedder.texts == made
    assert discussions.vectors([]).shape == (0, 4)
    discussions.close()


def test_vectors_do_not_wait_for_a_discussion_that_is_being_read(tmp_path: Path):
    reading, go_on = threading.Event(), threading.Event()

    class Slow(Counting):
        def embed(self, texts: Sequence[str]) -> np.ndarray:
            if "tides" in " ".join(texts):
                reading.set()
                assert go_on.wait(20)
            return super().embed(texts)

    discussions = kept(tmp_path, Slow())
    reader = threading.Thread(target=discussions.read, args=(HARBOUR,))
    reader.start()
    assert reading.wait(20)
    assert discussions.vectors(["salt"]).shape == (1, 4) and reader.is_alive()
    go_on.set()
    reader.join()
    discussions.close()


def test_forgetting_leaves_no_vector_behind(tmp_path: Path):
    first = Counting()
    discussions = kept(tmp_path, first)
    discussions.read(HARBOUR)
    discussions.forget()
    with sqlite3.connect(tmp_path / FILE) as connection:
        assert connection.execute("SELECT count(*) FROM vectors").fetchone() == (0,)
    connection.close()
    made = first.texts
    discussions.read(HARBOUR)
    assert first.texts == 2 * made, "read anew"
    discussions.close()
