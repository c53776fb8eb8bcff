import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.retrieval_quality import fuse


def test_fusion_adds_reciprocal_ranks():
    fused = dict(fuse([[7, 8, 9], [9, 7]]))
    assert fused[7] == pytest.approx(1 / 61 + 1 / 62) and fused[8] == pytest.approx(1 / 62)
    assert [row for row, _ in fuse([[7, 8, 9], [9, 7]])] == [7, 9, 8]
    assert [row for row, _ in fuse([[3], [2]])] == [2, 3], "ties go to the lower row"
    assert fuse([]) == [] and fuse([[], []]) == []


@given(st.lists(st.lists(st.integers(0, 20), unique=True, max_size=10), max_size=3))
def test_what_both_rankings_put_first_is_first(rankings):
    fused = fuse(rankings)
    assert {row for row, _ in fused} == {row for ranking in rankings for row in ranking}
    assert [score for _, score in fused] == sorted((score for _, score in fused), reverse=True)
    if rankings and all(ranking and ranking[0] == rankings[0][0] for ranking in rankings):
        assert fused[0][0] == rankings[0][0]
