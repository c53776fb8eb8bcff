"""The vector kernels against the plain ones, and the plain ones as ordinary Python."""

import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from compression_demo.algorithms.kernels import plain, vector
from tests.reference import obs

COLUMNS = [1, 2, 15, 63, 64, 65, 130, 200]
NO_GRID = np.ones((1, 1), np.float32)


def padded(matrix: np.ndarray, dtype: type = np.float32) -> np.ndarray:
    cols = len(matrix)
    wide = np.zeros((1, cols, (cols + 31) // 32 * 32), dtype)
    wide[0, :, :cols] = matrix
    return wide


def row_layer(cols: int, rows: int = 6, dtype: type = np.float32) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Weights, the damped Hessian, and its padded inverse."""
    weight, hessian = obs.random_layer(rows, cols, seed=cols)
    damped = obs.damp(hessian, 0.01)
    return weight.astype(dtype), damped, padded(np.linalg.inv(damped), dtype)


def eliminate(kernels: ModuleType, weight, inverse, n=0, m=0, grid=None, fixed=None, solving=False):
    rows, cols = weight.shape
    order = np.full((rows, cols // m * n if m else cols), -1, np.int32)
    loss = np.zeros(order.shape, weight.dtype)
    codes = np.zeros(weight.shape, np.int32)
    scale, zero, size, top = grid or (np.ones((rows, 1), weight.dtype), np.zeros((rows, 1), weight.dtype), cols, -1)
    fixed = weight == 0 if fixed is None else fixed
    multipliers = np.empty((rows if solving else 0, cols), weight.dtype)
    kernels.eliminate_rows(
        0,
        rows,
        weight,
        fixed,
        inverse,
        n,
        m,
        scale,
        zero,
        size,
        weight.dtype.type(top),
        order,
        loss,
        codes,
        multipliers,
    )
    return order, loss, multipliers if solving else codes


@pytest.mark.parametrize("cols", COLUMNS)
def test_pruning(cols: int) -> None:
    weight, _, inverse = row_layer(cols)
    weight[1, ::3], weight[2] = 0, 0
    one, other = (eliminate(kernels, weight, inverse) for kernels in (plain, vector))
    assert np.array_equal(one[0], other[0])
    np.testing.assert_allclose(one[1], other[1], rtol=1e-4, atol=1e-12)


@pytest.mark.parametrize(("n", "m"), [(2, 4), (1, 2), (7, 8), (1, 20)])
def test_patterns(n: int, m: int) -> None:
    weight, _, inverse = row_layer(160)
    weight[0, :50] = 0
    one, other = (eliminate(kernels, weight, inverse, n, m) for kernels in (plain, vector))
    assert np.array_equal(one[0], other[0])


@pytest.mark.parametrize(("n", "m", "cols"), [(2, 4, 8), (2, 4, 160), (1, 2, 256), (7, 8, 400), (1, 20, 640)])
def test_multipliers_solve_for_the_columns_that_went(n: int, m: int, cols: int) -> None:
    """G_RR z = w_R, and zero on the columns that stay, over none, one and several whole panels of steps."""
    for kernels, dtype, tolerance in ((plain, np.float64, 1e-9), (plain, np.float32, 1e-4), (vector, np.float32, 1e-4)):
        weight, damped, inverse = row_layer(cols, dtype=dtype)
        order, _, multipliers = eliminate(kernels, weight, inverse, n, m, solving=True)
        exact = np.linalg.inv(damped)
        for row in range(len(weight)):
            gone = order[row]
            expected = np.linalg.solve(exact[np.ix_(gone, gone)], weight[row, gone])
            np.testing.assert_allclose(multipliers[row, gone], expected, atol=tolerance * abs(expected).max())
            assert np.count_nonzero(multipliers[row]) == len(gone)


@pytest.mark.parametrize("cols", COLUMNS)
@pytest.mark.parametrize("size", [16, 1000])
def test_grids(cols: int, size: int) -> None:
    weight, _, inverse = row_layer(cols)
    weight[:, ::7] *= 5  # outliers, since the grid below is too narrow for them
    fixed = np.zeros(weight.shape, bool)
    fixed[:, 1::4] = True
    weight[fixed] = 0
    groups = (cols + size - 1) // size
    scale = (0.02 + 0.01 * np.arange(6 * groups, dtype=np.float32).reshape(6, groups) / groups).astype(np.float32)
    grid = (scale, np.full_like(scale, 3), size, 7)
    one, other = (eliminate(kernels, weight, inverse, grid=grid, fixed=fixed) for kernels in (plain, vector))
    assert np.array_equal(one[2], other[2]) and np.array_equal(one[0], other[0])
    assert (one[2][fixed] == 3).all(), "what is fixed keeps the code of zero"
    assert cols < 15 or ((one[2] == 0) | (one[2] == 7)).any(), "there were outliers"


@pytest.mark.parametrize("cols", COLUMNS)
@pytest.mark.parametrize("share", [0.0, 0.1, 0.6, 1.0])
def test_least_squares(cols: int, share: float) -> None:
    weight, damped, _ = row_layer(cols)
    kept = np.random.default_rng(0).random(weight.shape) < share
    for kernels, dtype in ((plain, np.float64), (vector, np.float32)):
        right = (weight @ damped).astype(dtype)
        kernels.solve_rows(0, 6, kept, padded(damped, dtype), right, right)
        assert not right[~kept].any()
        for row in range(6):
            inside = kept[row]
            expected = np.linalg.solve(damped[np.ix_(inside, inside)], (weight[row] @ damped)[inside])
            np.testing.assert_allclose(right[row, inside], expected, atol=1e-4 if dtype == np.float32 else 1e-10)


@pytest.mark.parametrize("kernels", [plain, vector])
def test_ties_go_to_the_lowest_column(kernels: ModuleType) -> None:
    """Equal weights on independent inputs: equal costs, and equal outliers of a grid too narrow for them."""
    cols = 150
    weight, inverse = np.full((2, cols), 5, np.float32), padded(np.eye(cols))
    narrow = (np.full((2, 1), 0.1, np.float32), np.zeros((2, 1), np.float32), cols, 7)
    for grid in (None, narrow):
        order, _, _ = eliminate(kernels, weight, inverse, grid=grid)
        assert np.array_equal(order, np.tile(np.arange(cols), (2, 1)))


def test_constants_are_the_same() -> None:
    """Each file has its own, since Numba's cache looks at one file."""
    for name in ("HALF_STEP", "ROUNDING", "NOT_FINITE"):
        assert getattr(plain, name) == getattr(vector, name)


def test_rows_outside_of_the_range_are_left_alone() -> None:
    weight, _, inverse = row_layer(40)
    for kernels in (plain, vector):
        order, loss = np.full((6, 40), -1, np.int32), np.zeros((6, 40), np.float32)
        codes = np.zeros((1, 1), np.int32)
        kernels.eliminate_rows(
            2, 4, weight, weight == 0, inverse, 0, 0, np.ones((6, 1), np.float32), np.ones((6, 1), np.float32), 40,
            np.float32(-1), order, loss, codes, weight[:0],
        )  # fmt: skip
        assert (order[[0, 1, 4, 5]] == -1).all() and (np.sort(order[2:4], axis=1) == np.arange(40)).all()


def test_groups_of_rows_have_inverses_of_their_own() -> None:
    weight, _, first = row_layer(20)
    _, hessian = obs.random_layer(1, 20, seed=99)
    damped = obs.damp(hessian, 0.01)
    second = padded(np.linalg.inv(damped))
    for kernels in (plain, vector):
        both = eliminate(kernels, weight, np.concatenate([first, second]))
        top, bottom = eliminate(kernels, weight, first), eliminate(kernels, weight, second)
        assert np.array_equal(both[0][:3], top[0][:3]) and np.array_equal(both[0][3:], bottom[0][3:])


def test_the_plain_kernels_run_without_the_compiler() -> None:
    """And prune_unstructured with them, so that every step can be followed in a debugger."""
    code = (
        "import torch; from compression_demo.algorithms import prune_unstructured; "
        "torch.manual_seed(0); x = torch.randn(6, 30); "
        "r = prune_unstructured(torch.randn(2, 6), x @ x.T, sparsity=0.5); print(int(r.mask.sum()))"
    )
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "1"}
    found = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "6"


def test_cpus_with_narrower_vectors(tmp_path: Path) -> None:
    """The same tests with AVX-512 hidden from the code generator: fewer lanes, and no instruction that packs them."""
    code = """
import sys, llvmlite.binding as llvm
features = llvm.get_host_cpu_features()
features.update({name: False for name in features if name.startswith("avx512")})
llvm.get_host_cpu_features = lambda: features
from compression_demo.algorithms.kernels import vector
assert vector.LANES < 16 and not vector.PACKS
import pytest
sys.exit(pytest.main(["-q", "-p", "no:cacheprovider", *sys.argv[1:]]))
"""
    chosen = (
        test_pruning, test_patterns, test_multipliers_solve_for_the_columns_that_went, test_grids, test_least_squares,
    )  # fmt: skip
    tests = [f"{__file__}::{test.__name__}" for test in chosen]
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path)}
    found = subprocess.run([sys.executable, "-c", code, *tests], env=environment, capture_output=True, text=True)
    assert found.returncode == 0, found.stdout + found.stderr
