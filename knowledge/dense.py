"""Vectors on disk and in memory: segments that never change, searched exactly in FAISS at half precision.

A segment is one file of numpy arrays (owner, rows, passage ids, vectors as float16, of which FAISS's scalar quantizer
takes the bytes as they are). `manifest.json` names the segments and is moved into place last, so a reader sees the old
set or the new one. New vectors make a new segment; neighbours of like size are merged, as in a log-structured merge
tree, so that n vectors are written about log n times and no file is ever rewritten for a few. All of it is derived:
what is damaged or belongs to another store or model is not used.
"""

import json
import logging
import os
import secrets
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

logger = logging.getLogger(__name__)

FORMAT = 2
"""Goes up when the text that is embedded for a passage is put together in another way."""
MERGE = 2
"""A segment is merged with the one before it while that is less than so many times as large."""
MOST_DEAD = 0.25
"""The share of vectors that nothing refers to from which on all segments are written anew without them."""
TRIES = 3
DIRECT = 5000
"""So many chosen vectors, or fewer, are read one by one instead of passing over all."""
MANIFEST, SEGMENTS = "manifest.json", "vectors-*.npz"


@dataclass(frozen=True)
class Held:
    """Passages by row, ascending, with their ids (`ids[i]` belongs to `rows[i]`)."""

    rows: "np.ndarray"
    ids: "np.ndarray"

    @classmethod
    def of(cls, entries: Sequence[tuple[int, str]]) -> "Held":
        """From (row, id) pairs in ascending order of the rows."""
        import numpy as np

        rows = np.fromiter((row for row, _ in entries), dtype=np.int64, count=len(entries))
        return cls(rows, np.array([id for _, id in entries], dtype="S16"))

    def __len__(self) -> int:
        return len(self.rows)

    def lacks(self, rows: "np.ndarray", ids: "np.ndarray") -> "np.ndarray":
        """For each of `rows` whether it is not held under the same id."""
        import numpy as np

        if not len(self.rows):
            return np.ones(len(rows), dtype=bool)
        places = np.minimum(np.searchsorted(self.rows, rows), len(self.rows) - 1)
        return (self.rows[places] != rows) | (self.ids[places] != ids)


@dataclass(frozen=True)
class Segment:
    """Vectors, shape (n, width), float16, of the passages in `held`; `file` is "" until it is written."""

    held: Held
    vectors: "np.ndarray"
    file: str = ""

    @cached_property
    def index(self) -> Any:
        """The same vectors in FAISS, whose ids are the places in this segment."""
        import faiss
        import numpy as np

        count, width = self.vectors.shape
        index = faiss.IndexScalarQuantizer(width, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT)
        index.is_trained = True
        faiss.copy_array_to_vector(np.ascontiguousarray(self.vectors).view(np.uint8).reshape(-1), index.codes)
        index.ntotal = count
        return index

    def search(self, query: "np.ndarray", limit: int, chosen: "np.ndarray | None") -> list[tuple[int, float]]:
        """The nearest of the places in `chosen` (None: of all), as (row, cosine)."""
        import faiss

        if chosen is not None and not len(chosen):
            return []
        selector = faiss.IDSelectorBatch(chosen) if chosen is not None else None
        parameters = faiss.SearchParameters(sel=selector) if selector else None  # pyright: ignore[reportCallIssue]
        cosines, places = self.index.search(query.reshape(1, -1), min(limit, len(self.held)), params=parameters)
        found = zip(places[0], cosines[0], strict=True)
        return [(int(self.held.rows[place]), float(cosine)) for place, cosine in found if place >= 0]


@dataclass(frozen=True)
class Vectors:
    """Segments of one owner (a store and a model). Never changes; `add` makes a new one."""

    owner: str
    width: int
    segments: tuple[Segment, ...] = ()

    def __len__(self) -> int:
        return sum(len(segment.held) for segment in self.segments)

    def missing(self, wanted: Held) -> "np.ndarray":
        """The rows of `wanted` that have no vector here. Cost: one look at every row."""
        import numpy as np

        left = np.ones(len(wanted), dtype=bool)
        for segment in self.segments:
            left &= segment.held.lacks(wanted.rows, wanted.ids)
        return wanted.rows[left]

    def dead(self, wanted: Held) -> "np.ndarray":
        """The rows with a vector here that `wanted` does not hold, under the same id."""
        import numpy as np

        found = [s.held.rows[wanted.lacks(s.held.rows, s.held.ids)] for s in self.segments]
        return np.concatenate(found) if found else np.zeros(0, dtype=np.int64)

    def without_clashes(self, wanted: Held) -> "Vectors":
        """Without the vectors whose row belongs to another passage in `wanted`, as after the return of an older store."""
        import numpy as np

        segments = []
        for segment in self.segments:
            held = segment.held
            clash = wanted.lacks(held.rows, held.ids) & np.isin(held.rows, wanted.rows)
            kept = (
                Segment(Held(held.rows[~clash], held.ids[~clash]), segment.vectors[~clash]) if clash.any() else segment
            )
            segments += [kept] if len(kept.held) else []
        return replace(self, segments=tuple(segments))

    def add(self, fresh: Held, vectors: "np.ndarray", wanted: Held) -> "Vectors":
        """With one more segment, `vectors` of shape (n, width), float32; like-sized neighbours are merged.

        A merge leaves out what `wanted` does not hold.
        """
        import numpy as np

        segments = [*self.segments, Segment(fresh, vectors.astype(np.float16))]
        while len(segments) > 1 and len(segments[-2].held) < MERGE * len(segments[-1].held):
            segments[-2:] = [merge(segments[-2:], wanted)]
        grown = replace(self, segments=tuple(segments))
        if len(grown.dead(wanted)) > MOST_DEAD * len(grown):
            grown = replace(self, segments=(merge(segments, wanted),))
        return replace(grown, segments=tuple(segment for segment in grown.segments if len(segment.held)))

    def search(
        self,
        query: "np.ndarray",
        limit: int,
        only: Sequence[int] | None = None,
        without: "Sequence[int] | np.ndarray" = (),
    ) -> list[tuple[int, float]]:
        """The rows nearest to `query`, shape (width,), with their cosine, best first.

        Cost: one pass over all vectors, two bytes a number.
        """
        import numpy as np

        if limit < 1:
            return []
        if only is not None and len(only) <= DIRECT:
            lost = set(np.asarray(without).tolist())
            near = self.cosines(query, [row for row in only if row not in lost])
            return sorted(near.items(), key=lambda hit: (-hit[1], hit[0]))[:limit]
        chosen = np.unique(np.asarray(without if only is None else only, dtype=np.int64))
        found: list[tuple[int, float]] = []
        for segment in self.segments:
            inside = np.isin(segment.held.rows, chosen) if only is not None or len(chosen) else None
            if inside is not None:
                places = np.flatnonzero(inside if only is not None else ~inside)
                found += segment.search(query, limit, None if len(places) == len(segment.held) else places)
            else:
                found += segment.search(query, limit, None)
        best: dict[int, float] = {}
        for row, cosine in sorted(found, key=lambda hit: (-hit[1], hit[0])):
            best.setdefault(row, cosine)
        return list(best.items())[:limit]

    def cosines(self, query: "np.ndarray", rows: Sequence[int]) -> dict[int, float]:
        """The cosine of each of `rows` that has a vector here."""
        found, vectors = self.take(rows)
        return dict(zip(found, (vectors @ query).tolist(), strict=True))

    def take(self, rows: Sequence[int]) -> "tuple[list[int], np.ndarray]":
        """Those of `rows` that have a vector here, and the vectors, shape (n, width), float32."""
        import numpy as np

        wanted = np.asarray(rows, dtype=np.int64)
        found, vectors = [], [np.zeros((0, self.width), dtype=np.float32)]
        for segment in self.segments:
            places = np.minimum(np.searchsorted(segment.held.rows, wanted), len(segment.held) - 1)
            places = places[segment.held.rows[places] == wanted]
            found += segment.held.rows[places].tolist()
            vectors.append(segment.vectors[places].astype(np.float32))
        return found, np.concatenate(vectors)


def merge(segments: Sequence[Segment], wanted: Held) -> Segment:
    """One segment with what `wanted` holds of several, each passage once."""
    import numpy as np

    rows = np.concatenate([segment.held.rows for segment in segments])
    ids = np.concatenate([segment.held.ids for segment in segments])
    vectors = np.concatenate([segment.vectors for segment in segments])
    live = np.flatnonzero(~wanted.lacks(rows, ids))
    _, first = np.unique(rows[live], return_index=True)
    kept = live[first]
    return Segment(Held(rows[kept], ids[kept]), vectors[kept])


def load_vectors(folder: Path, owner: str, width: int, known: Vectors | None = None) -> Vectors:
    """The vectors in `folder`: the segments that are whole and belong to `owner`. Those that `known` has are not read
    again."""
    empty = Vectors(owner, width)
    have = {segment.file: segment for segment in known.segments} if known and known.owner == owner else {}
    for attempt in range(TRIES):
        try:
            manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
            if (manifest["format"], manifest["owner"], manifest["width"]) != (FORMAT, owner, width):
                return empty
            files = [str(file) for file in manifest["segments"]]
        except FileNotFoundError:
            return empty
        except (OSError, ValueError, KeyError, TypeError) as error:
            logger.warning("the list of vectors in %s is damaged (%s); they are made anew", folder, error)
            return empty
        found = [have.get(file) or read_segment(folder / file, owner, width) for file in files]
        if all(found) or attempt == TRIES - 1:
            break
    return replace(empty, segments=tuple(segment for segment in found if segment))


def read_segment(path: Path, owner: str, width: int) -> Segment | None:
    """A segment from its file; None if it is not there, damaged (each array has a checksum), or of another owner."""
    import numpy as np

    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            rows, ids, vectors = arrays["rows"], arrays["ids"], arrays["vectors"]
            if str(arrays["owner"]) != owner or vectors.dtype != np.float16 or ids.dtype != np.dtype("S16"):
                raise ValueError("it belongs to another index")
        if not (rows.shape == ids.shape == vectors.shape[:1] and vectors.shape[1:] == (width,) and len(rows)):
            raise ValueError("its parts do not fit together")
        return Segment(Held(rows, ids), vectors, path.name)
    except (OSError, ValueError, KeyError, TypeError, EOFError, AttributeError, zipfile.BadZipFile) as error:
        logger.warning("the vectors in %s cannot be used (%s) and are made anew", path, error)
        return None


def clear_vectors(folder: Path) -> None:
    """Remove all vectors in `folder`, the manifest first."""
    for old in [folder / MANIFEST, *folder.glob(SEGMENTS)]:
        old.unlink(missing_ok=True)


def save_vectors(folder: Path, vectors: Vectors) -> Vectors:
    """Write the segments that have no file yet, then the manifest; files that it does not name go.

    Only one process may save at a time. The same vectors, with their files.
    """
    segments = tuple(s if s.file and (folder / s.file).exists() else write_segment(folder, vectors.owner, s)
                     for s in vectors.segments)  # fmt: skip
    names = [segment.file for segment in segments]
    manifest = {"format": FORMAT, "owner": vectors.owner, "width": vectors.width, "segments": names}
    temporary = folder / "manifest.tmp"
    with temporary.open("w", encoding="utf-8") as file:
        json.dump(manifest, file)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(folder / MANIFEST)
    for path in folder.glob("vectors*"):
        if path.name not in names and path.suffix != ".lock":
            path.unlink(missing_ok=True)
    return replace(vectors, segments=segments)


def write_segment(folder: Path, owner: str, segment: Segment) -> Segment:
    """A segment in a file of its own, with a name that no other ever had."""
    import numpy as np

    name = f"vectors-{secrets.token_hex(8)}.npz"
    with (folder / f"{name}.tmp").open("wb") as file:
        np.savez(file, owner=owner, rows=segment.held.rows, ids=segment.held.ids, vectors=segment.vectors)
        file.flush()
        os.fsync(file.fileno())
    (folder / f"{name}.tmp").replace(folder / name)
    return replace(segment, file=name)
