"""Discussions that were read before: the last ones in memory, and on disk the vectors that reading them takes."""

import hashlib
import logging
import sqlite3
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from knowledge.discussion.judging import judge_by, sentence_embedder
from knowledge.discussion.points import Judge
from knowledge.embedding import Embedder
from knowledge.errors import UnknownSubmission
from knowledge.filling import Filler
from knowledge.reviews import Discussion, read_discussion, said_in
from knowledge.types import Submission

if TYPE_CHECKING:
    import numpy as np

logger = logging.getLogger(__name__)

FILE = "discussions.sqlite"
MOST_IN_MEMORY = 48
MOST_AHEAD = 40
"""So many discussions of an import are read before they are asked for."""
BUSY_S = 5.0
SLAB = 500


class KeptDiscussions:
    """Reads the discussion of a submission once for the texts that it has. Safe for several threads and processes.

    The file under `folder` is derived: what is missing or damaged in it is made anew.
    """

    def __init__(self, folder: Path, embedder: Embedder, find: Callable[[str], Submission]) -> None:
        self._path, self._embedder, self._find_submission = folder / FILE, embedder, find
        self._waiting: list[str] = []
        self._reader = Filler(self._read_next)
        self._read: OrderedDict[str, tuple[Submission, Discussion]] = OrderedDict()
        self._lock, self._file_lock = threading.Lock(), threading.Lock()
        self._connection: sqlite3.Connection | None = None

    @cached_property
    def _judge(self) -> Judge | None:
        """Tells what sentences do by vectors that are kept, too; None where the model for it was fitted with another one."""
        found = sentence_embedder(self._embedder)
        if found is None:
            return None
        embed, name = found
        return judge_by(lambda texts: self._vectors_of(texts, name, embed))

    def read(self, submission: Submission) -> Discussion:
        """The discussion of a submission. Cost: most of a second for three reviews where their vectors are not kept."""
        with self._lock:
            held = self._read.get(submission.id)
            if held is None or held[0] != submission:
                held = (submission, read_discussion(submission, self._embed, self._judge))
                self._embed(said_in(held[1], submission))
                self._read[submission.id] = held
            self._read.move_to_end(submission.id)
            while len(self._read) > MOST_IN_MEMORY:
                self._read.popitem(last=False)
            return held[1]

    def vectors(self, texts: Sequence[str]) -> "np.ndarray":
        """Unit vectors of texts, shape (len(texts), width), float32, which are kept from now on."""
        return self._embed(texts)

    def read_ahead(self, ids: Sequence[str]) -> None:
        """Read the last of these submissions in a thread of low priority, so that the first question need not wait."""
        self._waiting += ids[-MOST_AHEAD:]
        self._reader.start()

    def _read_next(self, stopping: Callable[[], bool]) -> bool:
        """Read one that waits; whether more do."""
        if self._waiting and not stopping():
            with suppress(UnknownSubmission):  # deleted meanwhile
                self.read(self._find_submission(self._waiting.pop()))
        return bool(self._waiting)

    def close(self) -> None:
        """End the thread after what it has in hand, and close the file."""
        self._reader.stop()
        with self._lock, self._file_lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def _embed(self, texts: Sequence[str]) -> "np.ndarray":
        """Unit vectors of texts, shape (len(texts), width), float32."""
        return self._vectors_of(texts, self._embedder.name, self._embedder.embed)

    def _vectors_of(
        self, texts: Sequence[str], name: str, embed: "Callable[[Sequence[str]], np.ndarray]"
    ) -> "np.ndarray":
        """Unit vectors of texts by the model called `name`: kept ones, and new ones, which are kept from now on.

        All have been rounded to half precision, so that a discussion is the same whenever it is read.
        """
        import numpy as np

        if not texts:
            return np.zeros((0, self._embedder.width), dtype=np.float32)
        keys = [hashlib.sha256(f"{name}\0{text}".encode()).digest()[:16] for text in texts]
        with self._file_lock:
            found = self._find(keys)
        missing = list({key: text for key, text in zip(keys, texts, strict=True) if key not in found}.items())
        made = embed([text for _, text in missing]).astype(np.float16) if missing else []
        fresh = {key: vector.tobytes() for (key, _), vector in zip(missing, made, strict=True)}
        with self._file_lock:
            self._keep(fresh)
        found |= fresh
        rows = [np.frombuffer(found[key], dtype=np.float16).astype(np.float32) for key in keys]
        return np.stack([row / (np.linalg.norm(row) or 1.0) for row in rows])

    def _find(self, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        """The kept vectors among those wanted; none where the file cannot be read."""
        found: dict[bytes, bytes] = {}
        try:
            for start in range(0, len(keys), SLAB):
                some = keys[start : start + SLAB]
                marks = ",".join("?" * len(some))
                found |= dict(self._open().execute(f"SELECT key, vector FROM vectors WHERE key IN ({marks})", some))
        except sqlite3.Error as error:
            logger.warning("%s is not used: %s", self._path, error)
            self._drop()
        width = 2 * self._embedder.width
        return {key: vector for key, vector in found.items() if len(vector) == width}

    def _keep(self, vectors: dict[bytes, bytes]) -> None:
        if not vectors:
            return
        try:
            with self._open() as connection:
                connection.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?)", vectors.items())
        except sqlite3.Error as error:
            logger.warning("%s could not be written: %s", self._path, error)

    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._connection = sqlite3.connect(self._path, timeout=BUSY_S, check_same_thread=False)
            self._connection.execute("PRAGMA journal_mode=WAL")
            self._connection.execute("PRAGMA synchronous=NORMAL")
            self._connection.execute(
                "CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, vector BLOB) WITHOUT ROWID"
            )
        return self._connection

    def forget(self) -> None:
        """Forget all vectors and discussions: what is still there is read anew when it is asked for."""
        with self._lock, self._file_lock:
            self._read.clear()
            try:
                with self._open() as connection:
                    connection.execute("DELETE FROM vectors")
                self._open().execute("VACUUM")
            except sqlite3.Error as error:
                logger.warning("%s could not be emptied: %s", self._path, error)
                self._drop()

    def _drop(self) -> None:
        """Put a damaged file away; the next use makes a new one."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        self._path.unlink(missing_ok=True)
