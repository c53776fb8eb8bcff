"""Deep Compression on a small net: sparsity and bits kept, fine-tuning, the three starts."""

from pathlib import Path

import pytest
import torch

from compression_demo.procedures import PROCEDURES, Work
from compression_demo.procedures.prune_iteratively import find_weights

from .nets import small_work

RUN = PROCEDURES["deep_compression"].run


@pytest.fixture
def work(tmp_path: Path) -> Work:
    return small_work(tmp_path)


@pytest.mark.parametrize("start", ["linear", "density", "random"])
def test_each_layer_has_its_own_few_values_and_its_zeros(work: Work, start: str) -> None:
    outcome = RUN(work, sparsity=0.5, bits=2, start=start)
    assert outcome.model is not None
    weights = find_weights(outcome.model)
    assert sum(int((w == 0).sum()) for w in weights.values()) == 126
    assert all(len(w[w != 0].unique()) <= 4 for w in weights.values())
    assert [line["layer"] for line in outcome.layers] == list(weights)


def test_starts_lead_to_different_clusters(work: Work) -> None:
    found = set()
    for start in ("linear", "density", "random"):
        model = RUN(work, sparsity=0.5, bits=3, start=start, epochs=0).model
        assert model is not None
        found.add(tuple(torch.cat([w.flatten() for w in find_weights(model).values()]).tolist()))
    assert len(found) == 3


def test_fine_tuning_lowers_the_loss_and_leaves_the_places(work: Work) -> None:
    assert work.trial.training is not None
    before, after = (RUN(work, sparsity=0.5, bits=1, epochs=epochs).model for epochs in (0, 20))
    assert before is not None and after is not None
    for one, other in zip(find_weights(before).values(), find_weights(after).values(), strict=True):
        assert torch.equal(one == 0, other == 0)
    losses = [
        float(torch.nn.functional.cross_entropy(net(work.trial.training.inputs), work.trial.training.labels).detach())
        for net in (before, after)
    ]
    assert losses[1] < losses[0]


def test_huffman_codes_take_no_more_than_fixed_ones_but_for_their_tables(work: Work) -> None:
    bits = {
        c: RUN(work, sparsity=0.5, bits=3, code=c).metrics["bits_per_weight"] for c in ("entropy", "huffman", "fixed")
    }
    assert bits["entropy"] < bits["huffman"] and bits["entropy"] < bits["fixed"]


def test_sparser_nets_take_fewer_bits(work: Work) -> None:
    ratios = [RUN(work, sparsity=s, bits=2).metrics["compression_ratio"] for s in (0.3, 0.6, 0.9)]
    assert ratios == sorted(ratios)
