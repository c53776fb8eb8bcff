"""Which of the passages that either ranking found are worth reading: a linear model over what is known without it.

It saves the second stage a third of its passages, and keeps those that only one of the two rankings has far down. Its
weights are in `knowledge/weights.py`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from knowledge.dense import Vectors
from knowledge.weights import SHORTLIST_WEIGHTS

if TYPE_CHECKING:
    import numpy as np

RANK_SOFTNESS = 10


@dataclass(frozen=True)
class Found:
    """The rows that a question finds by meaning and by words, best first, in everything that may be found; and those
    found again in the submissions that it names, with how surely each of these is named."""

    near: Sequence[int]
    said: Sequence[int]
    own_near: Sequence[int] = ()
    own_said: Sequence[int] = ()
    named: Mapping[int, float] | None = None
    """Row of a named submission -> how surely it is named, 0 to 1."""

    def rows(self) -> list[int]:
        """All of them, each once."""
        return list(dict.fromkeys([*self.own_near, *self.own_said, *self.near, *self.said]))


@dataclass(frozen=True)
class QueryVectors:
    """Unit vectors of a question: `asked` by the model of questions (`knowledge.questioning`), `query`, and its `topic`, by
    the model of passages."""

    asked: "np.ndarray"
    query: "np.ndarray"
    topic: "np.ndarray"


def order_found(found: Found, vectors: Vectors, query: QueryVectors) -> list[int]:
    """The rows found, the likeliest to answer first."""
    import numpy as np

    rows = found.rows()
    if not rows:
        return []
    columns = describe_found(found, rows, vectors, query)
    values = np.sum([SHORTLIST_WEIGHTS[name] * column for name, column in columns.items()], axis=0)
    return [rows[place] for place in np.argsort(-values, kind="stable")]


def describe_found(found: Found, rows: Sequence[int], vectors: Vectors, query: QueryVectors) -> "dict[str, np.ndarray]":
    """The features of each row, by name; the cosines are 0 where a passage has no vector yet."""
    import numpy as np

    held = np.zeros((len(rows), len(query.asked)), dtype=np.float32)
    known, taken = vectors.take(rows)
    places = {row: place for place, row in enumerate(rows)}
    held[[places[row] for row in known]] = taken
    named = found.named or {}
    near, said = soft_ranks(found.near), soft_ranks(found.said)
    return {
        "asked": held @ query.asked,
        "cosine": held @ query.query,
        "topic cosine": held @ query.topic,
        "dense rank": np.array([near.get(row, 0.0) for row in rows]),
        "lexical rank": np.array([said.get(row, 0.0) for row in rows]),
        "named": np.array([named.get(row, 0.0) for row in rows]),
        "another is named": np.array([bool(named) and row not in named for row in rows], dtype=float),
    }


def soft_ranks(rows: Sequence[int]) -> dict[int, float]:
    """Each row's first rank as a number between 0 and 1."""
    return {row: RANK_SOFTNESS / (RANK_SOFTNESS + rank) for rank, row in enumerate(dict.fromkeys(rows), 1)}
