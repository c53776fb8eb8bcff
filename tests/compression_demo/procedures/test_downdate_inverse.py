"""Columns taken out of an inverse, against numpy's inverse of what is left."""

from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from compression_demo.errors import ArgumentError
from compression_demo.procedures import PROCEDURES, PartStore, Work
from compression_demo.procedures.downdate_inverse import choose_columns, invert_rest
from compression_demo.testbeds import Trial, get
from tests.reference.obs import damp, random_layer


@given(
    cols=st.integers(2, 24), share=st.floats(0, 1), seed=st.integers(0, 50), way=st.sampled_from(["downdate", "anew"])
)
def test_the_inverse_of_what_is_left(cols, share, seed, way):
    matrix = damp(random_layer(1, cols, seed)[1], 0.01)
    gone = choose_columns(cols, share, torch.Generator().manual_seed(seed))
    assert len(set(gone.tolist())) == min(cols - 1, round(share * cols))
    kept = sorted(set(range(cols)) - set(gone.tolist()))
    left, inverse = invert_rest(torch.tensor(matrix), gone, way)
    expected = np.linalg.inv(matrix[np.ix_(kept, kept)])
    assert np.array_equal(left.numpy(), matrix[np.ix_(kept, kept)])
    assert np.allclose(inverse.numpy(), expected, rtol=1e-8, atol=1e-8 * np.abs(expected).max())


def test_both_ways_see_the_same_columns_and_are_exact(tmp_path: Path):
    torch.manual_seed(0)
    net = nn.Sequential(nn.Linear(20, 30), nn.ReLU(), nn.Linear(30, 4))
    trial = Trial(net, torch.randn(200, 20), torch.randn(8, 20), lambda net: {})
    work = Work(get("digits-cnn"), trial, 0, lambda share, words: None, PartStore(tmp_path))
    for way in ("downdate", "anew"):
        outcome = PROCEDURES["inverse_after_removal"].run(work, way=way, sparsity=0.5)
        assert outcome.model is None and 0 < outcome.metrics["inverse_residual"] < 1e-11
        assert [line["removed"] for line in outcome.layers] == [10, 15]


def test_other_ways_are_refused():
    with pytest.raises(ArgumentError):
        PROCEDURES["inverse_after_removal"].check({"way": "guess", "sparsity": 0.5})
