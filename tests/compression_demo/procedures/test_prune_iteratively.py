"""Magnitude pruning in rounds: masks against a plain count, what is trained, what is shared."""

from pathlib import Path

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from compression_demo.errors import RunFailed
from compression_demo.procedures import PROCEDURES, PartStore, Work
from compression_demo.procedures.prune_iteratively import choose_masks, find_weights
from compression_demo.testbeds import Labelled, Trial, get


def work_on(folder: Path, training: bool = True, seed: int = 0) -> Work:
    stream = torch.Generator().manual_seed(seed)
    inputs = torch.randn(256, 6, generator=stream)
    labels = (inputs[:, 0] * inputs[:, 1] > 0).long()
    torch.manual_seed(seed)
    net = nn.Sequential(nn.Linear(6, 24), nn.ReLU(), nn.Linear(24, 2))
    trial = Trial(net, inputs, inputs, lambda net: {}, Labelled(inputs, labels) if training else None)
    return Work(get("digits-cnn"), trial, seed, lambda share, words: None, PartStore(folder))


def state_of(work: Work, epochs: int) -> dict[str, torch.Tensor]:
    model = PROCEDURES["iterative_magnitude"].run(work, sparsity=0.5, rounds=1, epochs=epochs).model
    assert model is not None
    return model.state_dict()


@given(sparsity=st.floats(0, 1), seed=st.integers(0, 20))
def test_as_many_go_as_asked_and_those_smallest_for_their_layer(sparsity: float, seed: int) -> None:
    stream = torch.Generator().manual_seed(seed)
    weights = {"a": torch.randn(5, 7, generator=stream), "b": 100 * torch.randn(4, 3, generator=stream)}
    masks = choose_masks(weights, sparsity)
    removed = {name: ~mask for name, mask in masks.items()}
    assert sum(int(r.sum()) for r in removed.values()) == round(sparsity * 47)
    scaled = {name: w.abs() / float(w.numpy().std()) for name, w in weights.items()}
    gone = torch.cat([scaled[name][removed[name]] for name in weights])
    stay = torch.cat([scaled[name][masks[name]] for name in weights])
    assert not len(gone) or not len(stay) or gone.max() <= stay.min() + 1e-6


def test_the_rest_is_trained_and_the_dense_net_left_alone(tmp_path: Path) -> None:
    work = work_on(tmp_path)
    before = {name: weight.clone() for name, weight in find_weights(work.trial.model).items()}
    outcome = PROCEDURES["iterative_magnitude"].run(work, sparsity=0.5, rounds=2, epochs=1)
    assert outcome.model is not None and all(
        torch.equal(weight, before[name]) for name, weight in find_weights(work.trial.model).items()
    )
    after = find_weights(outcome.model)
    kept = {name: weight != 0 for name, weight in after.items()}
    assert sum(int(k.sum()) for k in kept.values()) == 192 - 96
    assert all(not torch.equal(after[name][kept[name]], before[name][kept[name]]) for name in after)
    assert [line["kept_share"] for line in outcome.layers] == [float(k.double().mean()) for k in kept.values()]


def test_a_net_is_pruned_once_for_all_that_begin_with_it(tmp_path: Path) -> None:
    told: list[str] = []
    work = work_on(tmp_path)
    work = Work(work.testbed, work.trial, work.seed, lambda share, words: told.append(words), work.parts)
    first = state_of(work, epochs=2)
    assert len(told) == 2 and told[0].startswith("round 1 of 1: fine-tuning, epoch 1 of 2")
    again = state_of(work, epochs=2)
    assert len(told) == 2 and all(torch.equal(again[name], tensor) for name, tensor in first.items())
    PROCEDURES["iterative_magnitude"].run(work, sparsity=0.6, rounds=1, epochs=2)
    assert len(told) == 4


def test_a_damaged_part_is_made_again(tmp_path: Path) -> None:
    first = state_of(work_on(tmp_path), epochs=1)
    (file,) = tmp_path.glob("*.safetensors")
    file.write_bytes(file.read_bytes()[:20])
    again = state_of(work_on(tmp_path), epochs=1)
    assert all(torch.equal(again[name], tensor) for name, tensor in first.items())


def test_without_training_inputs_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(RunFailed, match="has no training inputs"):
        PROCEDURES["iterative_magnitude"].run(work_on(tmp_path, training=False), sparsity=0.5)
