"""Vectors on disk: exact inner-product search in FAISS, the passages' rows as its ids.

Two files: the vectors under a name made of their content, and `manifest.json`, which names them and is moved into
place last; so a reader sees the old pair or the new one. Both are derived: what does not fit together is not used.
"""

import hashlib
import json
import logging
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

logger = logging.getLogger(__name__)

FORMAT = 1
"""Goes up when the text that is embedded for a passage is put together in another way."""


@dataclass(frozen=True)
class Vectors:
    """A set of vectors that never changes; `add` and `keep` make new ones.

    `passages` maps row -> passage id, `token` is the state of the store that the vectors cover wholly ("" for none),
    `owner` names the store and the model.
    """

    owner: str
    width: int
    passages: Mapping[int, str] = field(default_factory=dict)
    token: str = ""
    index: Any = None

    def keep(self, wanted: Mapping[int, str]) -> "Vectors":
        """Without the passages that are not in `wanted` (row -> id) under the same row and id."""
        import faiss
        import numpy as np

        gone = [row for row, passage in self.passages.items() if wanted.get(row) != passage]
        if not gone:
            return self
        index = faiss.clone_index(self.index)
        index.remove_ids(faiss.IDSelectorBatch(np.asarray(gone, dtype=np.int64)))
        left = {row: passage for row, passage in self.passages.items() if wanted.get(row) == passage}
        return replace(self, passages=left, token="", index=index)

    def add(self, passages: Mapping[int, str], vectors: "np.ndarray") -> "Vectors":
        """With the passages (row -> id) whose vectors are the rows of `vectors`, shape (n, width), float32."""
        import faiss
        import numpy as np

        empty = faiss.IndexIDMap2(faiss.IndexFlatIP(self.width))
        index = faiss.clone_index(self.index) if self.index is not None else empty
        index.add_with_ids(np.ascontiguousarray(vectors), np.asarray(list(passages), dtype=np.int64))
        return replace(self, passages={**self.passages, **passages}, token="", index=index)

    def covering(self, token: str) -> "Vectors":
        """The same vectors, known to be those of the store's state `token`."""
        return replace(self, token=token)

    def search(
        self, query: "np.ndarray", limit: int, only: Sequence[int] | None = None, without: Iterable[int] = ()
    ) -> list[tuple[int, float]]:
        """The rows nearest to `query`, shape (width,), with their cosine, best first.

        Cost: one pass over all vectors, about 1.5 kB each.
        """
        import faiss
        import numpy as np

        if self.index is None or self.index.ntotal == 0 or limit < 1:
            return []
        chosen = np.asarray(list(without) if only is None else only, dtype=np.int64)
        selector = faiss.IDSelectorBatch(chosen)
        selector = selector if only is not None else faiss.IDSelectorNot(selector)
        given = only is not None or len(chosen)
        parameters = faiss.SearchParameters(sel=selector) if given else None  # pyright: ignore[reportCallIssue]
        cosines, rows = self.index.search(query.reshape(1, -1), min(limit, self.index.ntotal), params=parameters)
        return [(int(row), float(cosine)) for row, cosine in zip(rows[0], cosines[0], strict=True) if row >= 0]


def load_vectors(folder: Path, owner: str, width: int) -> Vectors:
    """The vectors in `folder`; empty ones where there are none, or other ones, or damaged ones."""
    import faiss

    empty = Vectors(owner, width)
    if not (folder / "manifest.json").exists():
        return empty
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        if (manifest["format"], manifest["owner"], manifest["width"]) != (FORMAT, owner, width):
            return empty
        path = folder / manifest["file"]
        with path.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != manifest["sha256"]:
                raise ValueError("the vectors are not those of the manifest")
        index: Any = faiss.read_index(str(path))
        rows = faiss.vector_to_array(index.id_map).tolist()
        passages = dict(zip(rows, manifest["passages"], strict=True))
        return Vectors(owner, width, passages, manifest["token"], index)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RuntimeError) as error:
        logger.warning("the vectors in %s are damaged (%s) and are made anew", folder, error)
        return empty


def clear_vectors(folder: Path) -> None:
    """Remove all vectors in `folder`, the manifest first."""
    for old in [folder / "manifest.json", *folder.glob("vectors-*.faiss")]:
        old.unlink(missing_ok=True)


def save_vectors(folder: Path, vectors: Vectors) -> None:
    """Write the vectors and move the manifest into place last; files of older manifests go."""
    import faiss

    if vectors.index is None:
        return
    folder.mkdir(parents=True, exist_ok=True)
    temporary = folder / f"vectors.{os.getpid()}.tmp"
    faiss.write_index(vectors.index, str(temporary))
    with temporary.open("rb") as file:
        os.fsync(file.fileno())
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    name = f"vectors-{digest[:16]}.faiss"
    temporary.replace(folder / name)
    rows = faiss.vector_to_array(vectors.index.id_map).tolist()
    manifest = {
        "format": FORMAT,
        "owner": vectors.owner,
        "width": vectors.width,
        "token": vectors.token,
        "file": name,
        "sha256": digest,
        "passages": [vectors.passages[row] for row in rows],
    }
    temporary = folder / f"manifest.{os.getpid()}.tmp"
    with temporary.open("w", encoding="utf-8") as file:
        json.dump(manifest, file)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(folder / "manifest.json")
    for old in [*folder.glob("vectors-*.faiss"), *folder.glob("vectors.*.tmp"), *folder.glob("manifest.*.tmp")]:
        if old.name != name:
            old.unlink(missing_ok=True)
