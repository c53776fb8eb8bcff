"""Files of what copies of the embedding model are changed by (`MiniLM.adapted`): two factors of low rank a matrix."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    import numpy as np

OUTER, INNER = "outer of ", "inner of "
"""How the two factors of a changed matrix are called in a file."""
Changes = Mapping[str, "tuple[np.ndarray, np.ndarray]"]
"""A matrix's name in the encoder -> a of shape (outputs, r) and b of shape (r, inputs)."""


@runtime_checkable
class Adaptable(Protocol):
    """An embedding model of which changed copies can be made."""

    def adapted(self, changes: Changes) -> "Callable[[Sequence[str]], np.ndarray]":
        """As `MiniLM.adapted`."""
        ...


@dataclass(frozen=True)
class Adapted:
    """`changes` for `MiniLM.adapted`, and the linear layer over its vectors: weights (width, n) and offsets (n,).
    `embedding` names the model they were fitted with, `digest` what they were fitted on."""

    changes: Changes
    weights: "np.ndarray"
    offsets: "np.ndarray"
    embedding: str
    digest: str


@cache
def load_adapted(path: Path) -> Adapted:
    """What `save_adapted` wrote."""
    import numpy as np

    with np.load(path) as held:
        numbers = {name: held[name].astype(np.float32) for name in held.files if held[name].dtype.kind == "f"}
        words = {name: str(held[name]) for name in ("embedding", "digest")}
    return Adapted(changes_in(numbers), numbers["weights"], numbers["offsets"], **words)


def save_adapted(path: Path, adapted: Adapted) -> None:
    """Write it in half precision, the offsets whole."""
    import numpy as np

    parts = {"weights": adapted.weights, **arrays_of(adapted.changes)}
    words = {"embedding": np.array(adapted.embedding), "digest": np.array(adapted.digest)}
    halves = {name: part.astype(np.float16) for name, part in parts.items()}
    np.savez_compressed(path, allow_pickle=False, offsets=adapted.offsets.astype(np.float32), **words, **halves)


def changes_in(arrays: "Mapping[str, np.ndarray]") -> Changes:
    """The changes among the arrays of a file."""
    names = [name.removeprefix(OUTER) for name in arrays if name.startswith(OUTER)]
    return {name: (arrays[OUTER + name], arrays[INNER + name]) for name in names}


def arrays_of(changes: Changes) -> "dict[str, np.ndarray]":
    """Changes as arrays of a file."""
    factors = {OUTER + name: a for name, (a, _) in changes.items()}
    return factors | {INNER + name: b for name, (_, b) in changes.items()}
