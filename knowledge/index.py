"""Finding passages: dense and lexical ranking, fused, kept in step with the store by themselves."""

import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock

from knowledge.chunking import search_fields
from knowledge.dense import Vectors, clear_vectors, load_vectors, save_vectors
from knowledge.embedding import Embedder
from knowledge.errors import UnusableStore
from knowledge.lexical import LexicalIndex
from knowledge.store import Store

if TYPE_CHECKING:
    import numpy as np

DEPTH = 50
"""How many hits of each ranking are fused, at least."""
SLAB = 2048
"""Passages embedded between two writes of the vectors: what a process that dies in a long import loses at most."""
RRF_K = 60
REMEMBERED_QUERIES = 1024


@dataclass(frozen=True)
class Ranked:
    """A passage's row with its fused score, and what it came from."""

    row: int
    score: float
    cosine: float | None = None
    dense_rank: int | None = None
    lexical_rank: int | None = None


class Index:
    """The derived index in `folder` over the passages of `store`.

    Both rankings cover the same passages. Whatever is missing, damaged or out of date is made anew when it is needed;
    only passages that are new are embedded. Safe for several threads and processes.
    """

    def __init__(self, folder: Path, store: Store, embedder: Embedder) -> None:
        self._folder, self._store, self._embedder = folder, store, embedder
        owner = store.identity()
        self._vectors = Vectors(f"{owner}:{embedder.name}", embedder.width)
        self._lexical = LexicalIndex(folder / "words.sqlite", owner)
        self._token = ""
        self._refreshing = threading.Lock()
        self._query_vector = lru_cache(REMEMBERED_QUERIES)(self._embed_query)

    def close(self) -> None:
        """Close the files."""
        self._lexical.close()

    def refresh(self) -> None:
        """Bring the index to the state of the store. Costs next to nothing when it is."""
        if self._store.token() == self._token:
            return
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with self._refreshing, FileLock(self._folder / "lock"):
                token, wanted = self._store.token(), self._store.findable()
                self._lexical.refresh(token, wanted, self._fields)
                self._vectors = self._refresh_vectors(token, wanted)
                self._token = token
        except OSError as error:
            reason = error.strerror or str(error)
            raise UnusableStore(f"the search index in {self._folder} cannot be written ({reason})") from error

    def rebuild(self) -> None:
        """Make the whole index anew, whatever state it is in."""
        with self._refreshing, FileLock(self._folder / "lock"):
            self._lexical.clear()
            clear_vectors(self._folder)
            self._vectors, self._token = Vectors(self._vectors.owner, self._vectors.width), ""
        self.refresh()

    def search(
        self, query: str, limit: int, only: Sequence[int] | None = None, without: Sequence[int] = ()
    ) -> list[Ranked]:
        """The best passages for a question, by reciprocal-rank fusion (Cormack, Clarke and Büttcher, 2009).

        `only` restricts to these rows, `without` leaves rows out where nothing else restricts.
        """
        self.refresh()
        if not query.strip() or limit < 1 or (only is not None and not len(only)):
            return []
        depth = max(DEPTH, 4 * limit)
        near = self._vectors.search(self._query_vector(query), depth, only, without)
        said = self._lexical.search(query, depth, only, without)
        if said is None:
            self._lexical.refresh(self._token, self._store.findable(), self._fields)
            said = self._lexical.search(query, depth, only, without) or []
        cosines = dict(near)
        dense_ranks = {row: rank for rank, (row, _) in enumerate(near, 1)}
        lexical_ranks = {row: rank for rank, row in enumerate(said, 1)}
        return [
            Ranked(row, score, cosines.get(row), dense_ranks.get(row), lexical_ranks.get(row))
            for row, score in fuse([list(dense_ranks), said])[:limit]
        ]

    def _refresh_vectors(self, token: str, wanted: Mapping[int, str]) -> Vectors:
        vectors = load_vectors(self._folder, self._vectors.owner, self._vectors.width)
        if vectors.token == token:
            return vectors
        vectors = vectors.keep(wanted)
        missing = [row for row in wanted if row not in vectors.passages]
        for start in range(0, len(missing), SLAB):
            rows = missing[start : start + SLAB]
            fields = self._fields(rows)
            texts = [". ".join(part for part in fields[row] if part) for row in rows]
            vectors = vectors.add({row: wanted[row] for row in rows}, self._embedder.embed(texts))
            save_vectors(self._folder, vectors)
        vectors = vectors.covering(token)
        save_vectors(self._folder, vectors)
        return vectors

    def _fields(self, rows: Sequence[int]) -> dict[int, tuple[str, str]]:
        return {row: search_fields(passage) for row, passage in self._store.passages_at(rows).items()}

    def _embed_query(self, query: str) -> "np.ndarray":
        return self._embedder.embed([query])[0]


def fuse(rankings: Iterable[Sequence[int]]) -> list[tuple[int, float]]:
    """Rows by the sum of 1 / (60 + rank) over the rankings, best first; ties go to the lower row."""
    scores: dict[int, float] = {}
    for ranking in rankings:
        for rank, row in enumerate(ranking, 1):
            scores[row] = scores.get(row, 0.0) + 1.0 / (RRF_K + rank)
    return sorted(scores.items(), key=lambda entry: (-entry[1], entry[0]))
