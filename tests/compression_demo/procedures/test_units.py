"""Removal of whole units: the smaller net computes what the masked one does."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from compression_demo.errors import RunFailed
from compression_demo.procedures import units


def build_cnn() -> nn.Sequential:
    torch.manual_seed(0)
    return nn.Sequential(
        nn.Conv2d(1, 6, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 5, 3, bias=False), nn.LeakyReLU(0.1),
        nn.Flatten(), nn.Linear(20, 8), nn.Sigmoid(), nn.Linear(8, 3),
    )  # fmt: skip


def draw_kept(model: nn.Module, seed: int) -> dict[str, torch.Tensor]:
    stream, kept = torch.Generator().manual_seed(seed), {}
    for name, layer in units.find_hidden(model).items():
        kept[name] = torch.rand(len(layer.get_parameter("weight")), generator=stream) > 0.5
        kept[name][0] = True
    return kept


@given(seed=st.integers(0, 30))
def test_the_smaller_net_gives_the_same_outputs(seed: int) -> None:
    model = build_cnn()
    kept = draw_kept(model, seed)
    images = torch.randn(4, 1, 8, 8, generator=torch.Generator().manual_seed(seed))
    smaller = units.shrink(model, kept)
    whole = units.remove_units(model, kept)(images)
    torch.testing.assert_close(smaller(images), whole)
    sizes = {name: len(layer.get_parameter("weight")) for name, layer in units.find_hidden(smaller).items()}
    assert sizes == {name: int(mask.sum()) for name, mask in kept.items()}


def test_shrinking_leaves_the_net_as_it_was() -> None:
    model = build_cnn()
    before = [parameter.clone() for parameter in model.parameters()]
    units.shrink(model, draw_kept(model, 1))
    assert all(torch.equal(a, b) for a, b in zip(before, model.parameters(), strict=True))


def test_products_are_counted_by_hand() -> None:
    images = torch.zeros(2, 1, 8, 8)
    # 6 filters of 9 weights at 64 places, 5 of 54 at 4, 8 of 20, 3 of 8; two images.
    assert units.count_products(build_cnn(), images) == 2 * (6 * 9 * 64 + 5 * 54 * 4 + 8 * 20 + 3 * 8)


def test_scores_are_norms_in_times_norms_out() -> None:
    model = build_cnn()
    scores = units.score_units(model)
    conv, following = model.get_parameter("3.weight"), model.get_parameter("6.weight")
    for unit in range(5):
        expected = conv[unit].norm() * following[:, 4 * unit : 4 * unit + 4].norm()
        torch.testing.assert_close(scores["3"][unit], expected.detach())


@given(goal=st.floats(1, 100), seed=st.integers(0, 10))
def test_as_many_units_stay_as_the_goal_allows(goal: float, seed: int) -> None:
    model = build_cnn()
    images = torch.randn(2, 1, 8, 8, generator=torch.Generator().manual_seed(seed))
    whole = units.count_products(model, images)
    everything = {
        n: torch.ones(len(p.get_parameter("weight")), dtype=torch.bool) for n, p in units.find_hidden(model).items()
    }

    def cost(kept: units.Kept) -> float:
        return 100 * units.count_products(units.shrink(model, kept), images) / whole

    kept = units.choose_units(model, everything, cost, goal)
    least = all(int(mask.sum()) == 1 for mask in kept.values())
    assert cost(kept) <= goal or least
    scores = units.score_units(model)
    for name, mask in kept.items():
        assert mask.all() or scores[name][mask].min() >= scores[name][~mask].max()


def test_units_once_gone_stay_gone() -> None:
    model = build_cnn()
    kept = draw_kept(model, 3)
    again = units.choose_units(model, kept, lambda units: 0.0, 1.0)
    assert {name: mask.tolist() for name, mask in again.items()} == {name: mask.tolist() for name, mask in kept.items()}


def test_other_nets_are_refused() -> None:
    with pytest.raises(RunFailed, match="plain sequences"):
        units.find_layers(nn.Sequential(nn.Linear(3, 3), nn.BatchNorm1d(3)))
    with pytest.raises(RunFailed, match="plain sequences"):
        units.find_layers(nn.Sequential(nn.Conv2d(4, 4, 3, groups=2)))
