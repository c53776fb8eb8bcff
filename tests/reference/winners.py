"""Dynamic activation masks from the definition of the winner rate (HyevnsCqtQ, Sec. 3.1), by sorting, in numpy."""

import numpy as np


def keep_winners(values: np.ndarray, rate: float) -> np.ndarray:
    """Each row with all but its round(rate * length) entries of largest magnitude (at least one) set to zero."""
    masked = np.zeros_like(values)
    for row, out in zip(values, masked, strict=True):
        order = sorted(range(len(row)), key=lambda place: -abs(row[place]))
        for place in order[: max(1, round(rate * len(row)))]:
            out[place] = row[place]
    return masked


def count_useful(inputs: np.ndarray, weight: np.ndarray) -> int:
    """Multiplications of a linear layer (outputs, inputs) whose weight and activation are both non-zero."""
    return sum(int(x != 0 and w != 0) for row in inputs for out in weight for x, w in zip(row, out, strict=True))
