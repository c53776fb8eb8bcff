"""The fitted numbers of search that are too many to read: `fitted.npz`, written by `benchmarks.bench_retrieval fit`.

A small network scores a passage from its features: a linear part, and hidden units, which see what only counts
together.
"""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np

PATH = Path(__file__).parent / "fitted.npz"


@dataclass(frozen=True)
class Scorer:
    """`names` of the F features in their order; `middle`, `scale` and `linear` (F,), `hidden` (F, H), `offset` and
    `out` (H,)."""

    names: tuple[str, ...]
    middle: "np.ndarray"
    scale: "np.ndarray"
    linear: "np.ndarray"
    hidden: "np.ndarray"
    offset: "np.ndarray"
    out: "np.ndarray"

    def values(self, features: "Mapping[str, np.ndarray]") -> "np.ndarray":
        """The log-odds, but for a constant, of passages with these features, each of shape (n,)."""
        import numpy as np

        rows = (np.stack([features[name] for name in self.names], axis=1) - self.middle) / self.scale
        return rows @ self.linear + np.tanh(rows @ self.hidden + self.offset) @ self.out


@lru_cache(1)
def load_scorer(path: Path = PATH) -> Scorer:
    """What the file holds."""
    import numpy as np

    with np.load(path, allow_pickle=False) as held:
        names = tuple(str(name) for name in held["names"])
        parts = ("middle", "scale", "linear", "hidden", "offset", "out")
        return Scorer(names, *(held[part].astype(np.float64) for part in parts))


def save_scorer(scorer: Scorer, path: Path = PATH) -> None:
    """Write a scorer into its file, in single precision."""
    import numpy as np

    parts = ("middle", "scale", "linear", "hidden", "offset", "out")
    numbers = {part: getattr(scorer, part).astype(np.float32) for part in parts}
    with path.open("wb") as file:
        np.savez_compressed(file, allow_pickle=False, names=np.array(scorer.names), **numbers)
