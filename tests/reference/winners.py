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


def pool(maps: np.ndarray) -> np.ndarray:
    """The largest of each 2x2 square of maps (samples, channels, height, width), height and width even."""
    samples, channels, height, width = maps.shape
    return maps.reshape(samples, channels, height // 2, 2, width // 2, 2).max((3, 5))


def convolve(maps: np.ndarray, weight: np.ndarray, bias: np.ndarray, padding: int) -> tuple[np.ndarray, int]:
    """A convolution (outputs, inputs, k, k) of stride 1 over maps (samples, inputs, height, width), term by term; and how
    many of its multiplications have two non-zero operands."""
    padded = np.pad(maps, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    samples, _, height, width = padded.shape
    outputs, inputs, size, _ = weight.shape
    found = np.zeros((samples, outputs, height - size + 1, width - size + 1))
    useful = 0
    for n, o, y, x in np.ndindex(*found.shape):
        total = bias[o]
        for i, dy, dx in np.ndindex(inputs, size, size):
            one, other = padded[n, i, y + dy, x + dx], weight[o, i, dy, dx]
            total += one * other
            useful += int(one != 0 and other != 0)
        found[n, o, y, x] = total
    return found, useful


def count_useful(inputs: np.ndarray, weight: np.ndarray) -> int:
    """Multiplications of a linear layer (outputs, inputs) whose weight and activation are both non-zero."""
    return sum(int(x != 0 and w != 0) for row in inputs for out in weight for x, w in zip(row, out, strict=True))
