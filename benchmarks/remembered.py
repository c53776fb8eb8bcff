"""An embedding model whose vectors are kept on disk, so that a benchmark embeds a text once and not in every run."""

import hashlib
import sqlite3
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from knowledge.adapting import Adaptable, Changes
from knowledge.embedding import Embedder

SLAB = 256


class Remembered:
    """Another embedder with its vectors in `folder`/vectors.sqlite, by the text's SHA-256; safe for several threads."""

    def __init__(self, inner: Embedder, folder: Path) -> None:
        self._inner, self.name, self.width = inner, inner.name, inner.width
        folder.mkdir(parents=True, exist_ok=True)
        self._connection = sqlite3.connect(folder / "vectors.sqlite", isolation_level=None, check_same_thread=False)
        self._lock = threading.Lock()
        self._connection.execute("CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, vector BLOB) WITHOUT ROWID")

    def embed(self, texts: Sequence[str]) -> np.ndarray:
        """Vectors of shape (len(texts), width), float32; those of new texts are computed and kept."""
        with self._lock:
            return self._embed(texts)

    def _embed(self, texts: Sequence[str]) -> np.ndarray:
        texts = list(texts)
        keys = [hashlib.sha256(f"{self.name}\0{text}".encode()).digest() for text in texts]
        vectors = np.zeros((len(texts), self.width), dtype=np.float32)
        missing = []
        for row, key in enumerate(keys):
            found = self._connection.execute("SELECT vector FROM vectors WHERE key = ?", (key,)).fetchone()
            if found:
                vectors[row] = np.frombuffer(found[0], dtype=np.float32)
            else:
                missing.append(row)
        for start in range(0, len(missing), SLAB):
            rows = missing[start : start + SLAB]
            vectors[rows] = self._inner.embed([texts[row] for row in rows])
            values = [(keys[row], vectors[row].tobytes()) for row in rows]
            with self._connection:
                self._connection.execute("BEGIN")
                self._connection.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?)", values)
        return vectors

    def adapted(self, changes: Changes) -> Callable[[Sequence[str]], np.ndarray]:
        """As the other embedder's copy embeds; its vectors are not kept."""
        if not isinstance(self._inner, Adaptable):
            raise TypeError(f"{self.name} cannot be changed")
        return self._inner.adapted(changes)

    def match(self, query: str, texts: Sequence[str]) -> np.ndarray:
        """As the other embedder does."""
        return self._inner.match(query, texts)
