"""How near passages come to what a question is about: its words without the paper's name and without whose words are
wanted, which the passages themselves seldom repeat."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from knowledge.embedding import Embedder, unit

if TYPE_CHECKING:
    import numpy as np

    from knowledge.dense import Vectors

FEEDBACK = 3
"""So many of the nearest passages are taken for right."""


@dataclass(frozen=True)
class Closeness:
    """cosine: of the passage with the topic; feedback: with the topic and the nearest passages together (Rocchio,
    1971); match, stretch: of the single word pieces with the whole passage, and with its best stretch
    (`Embedder.match`)."""

    cosine: float = 0.0
    feedback: float = 0.0
    match: float = 0.0
    stretch: float = 0.0


def measure_closeness(
    embedder: Embedder, topic: str, vector: "np.ndarray", vectors: "Vectors", rows: Sequence[int], texts: Sequence[str]
) -> list[Closeness]:
    """The closeness of each passage, given by row and text, to a topic and its vector; the cosines are 0 where a
    passage has no vector yet."""
    import numpy as np

    if not rows:
        return []
    held = np.zeros((len(rows), len(vector)), dtype=np.float32)
    found, taken = vectors.take(rows)
    places = {row: place for place, row in enumerate(rows)}
    held[[places[row] for row in found]] = taken
    matches = embedder.match(topic, texts)
    cosines = held @ vector
    near = cosines / max(cosines.std(), 1e-6) + matches[:, 0] / max(matches[:, 0].std(), 1e-6)
    seeds = np.argsort(-near, kind="stable")[:FEEDBACK]
    together = held @ unit((held[seeds].mean(0) + vector)[None])[0]
    numbers = np.column_stack([cosines, together, matches]).tolist()
    return [Closeness(*row) for row in numbers]
