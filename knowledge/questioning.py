"""Questions as vectors: a copy of the embedding model puts a question near the passages that answer it.

The passages keep the vectors of the model as it is, so that nothing is embedded anew and no search takes longer. The copy was
fitted by `benchmarks.fit_questions` on some 4,500 questions over public threads and papers.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from knowledge.adapting import Adaptable, load_adapted
from knowledge.embedding import Embedder

if TYPE_CHECKING:
    import numpy as np

WEIGHTS = Path(__file__).parent / "questions.npz"
Embed = Callable[[Sequence[str]], "np.ndarray"]
"""Texts -> unit vectors, shape (n, width), float32."""


def question_embedder(embedder: Embedder, path: Path = WEIGHTS) -> Embed | None:
    """What embeds questions for passages with vectors of `embedder`: the fitted copy of it; None where that was fitted
    with another model. Loads the model."""
    held = load_adapted(path)
    if not isinstance(embedder, Adaptable) or embedder.name != held.embedding:
        return None
    return embedder.adapted(held.changes)
