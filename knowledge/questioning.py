"""Questions as vectors: a copy of the embedding model puts a question near the passages that answer it.

The passages keep the vectors of the model as it is, so that nothing is embedded anew and no search takes longer. A question that
goes on from those before it ("and did they answer that?") is embedded behind them. The copy was fitted by
`benchmarks.fit_questions` on questions over public threads and written papers.
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
LONGEST_BEFORE = 240
"""Characters of the questions before one that are read: the last ones."""
BETWEEN = " [SEP] "
"""What the embedding model knows as the border of two texts."""


def as_embedded(question: str, after: str = "") -> str:
    """A question as it is embedded: behind what was asked before it, where it goes on from that."""
    return f"{after[-LONGEST_BEFORE:]}{BETWEEN}{question}" if after else question


def question_embedder(embedder: Embedder, path: Path = WEIGHTS) -> Embed | None:
    """What embeds questions for passages with vectors of `embedder`: the fitted copy of it; None where that was fitted
    with another model. Loads the model."""
    held = load_adapted(path)
    if not isinstance(embedder, Adaptable) or embedder.name != held.embedding:
        return None
    return embedder.adapted(held.changes)
