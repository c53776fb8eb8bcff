"""How long the methods take on a layer of a given shape: rates measured on one core."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class LayerShape:
    """`count` layers whose weights are matrices (rows, cols), in `groups` equal parts of rows that share no inputs."""

    rows: int
    cols: int
    groups: int = 1
    count: int = 1


@dataclass(frozen=True)
class Rate:
    """Seconds of a method on a layer (rows, cols) whose rows fall into groups with a Hessian each.

    layer, group: for any layer, and any Hessian. row_square, row_cube: a row, times cols^2 and cols^3; group_square,
    group_cube: a Hessian, likewise.
    """

    layer: float = 3e-4
    group: float = 2.5e-5
    row_square: float = 0.0
    row_cube: float = 0.0
    group_square: float = 1.2e-8
    group_cube: float = 0.0

    def seconds(self, shape: LayerShape) -> float:
        """For all layers of that shape."""
        square, cube = shape.cols**2, shape.cols**3
        each_row = self.row_square * square + self.row_cube * cube
        each_group = self.group + self.group_square * square + self.group_cube * cube
        return shape.count * (self.layer + shape.rows * each_row + shape.groups * each_group)


CHEAP = Rate(row_square=1e-10)
LEAST_SQUARES = Rate(row_square=4e-10, row_cube=4e-13, group_square=1.5e-8)
SWEEP = Rate(row_square=2e-10, group_cube=2.6e-11)
"""One sweep over the columns, after a factorisation of the Hessian's inverse."""
GREEDY = Rate(row_square=1.5e-9, row_cube=2.2e-12, group_cube=2.2e-11)
"""One elimination after the other, each row in an order of its own: 5 ms a row of 1152 columns."""
GREEDY_BLOCKS = Rate(row_square=3.5e-9, row_cube=1e-12, group_cube=2.2e-11)
RATES = {
    "magnitude": CHEAP,
    "magnitude_nm": CHEAP,
    "rtn": CHEAP,
    "magnitude_refit": LEAST_SQUARES,
    "magnitude_refit_nm": LEAST_SQUARES,
    "gptq": SWEEP,
    "sparsegpt": SWEEP,
    "sparsegpt_nm": SWEEP,
    "exact_obs": GREEDY,
    "exact_obs_nm": GREEDY,
    "exact_obs_blocks": GREEDY_BLOCKS,
    "obq": GREEDY,
    "channels": Rate(row_square=3e-10, group_square=1.8e-7),
}
"""By name of the method; one that is not listed is taken to be greedy."""


def estimate_compression(method: str, layers: Iterable[LayerShape], rounds: int = 1) -> float:
    """Seconds to compress all layers once, on one thread; 0 for the dense net. `rounds`: of a method that repeats itself.

    ExactOBS and OBQ grow with the cube of the columns for every row: at 4096 columns a row takes 0.2 s, a layer of as
    many rows a quarter of an hour. GPTQ and SparseGPT are there for such layers.
    """
    if method == "dense":
        return 0.0
    rate = RATES.get(method, GREEDY)
    return rounds * sum(rate.seconds(shape) for shape in layers)
