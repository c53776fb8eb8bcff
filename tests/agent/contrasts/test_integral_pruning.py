"""Sentences on integral pruning become its experiments, whichever way round they claim them."""

import pytest

from agent.claims import DENIED
from agent.contrasts import understand
from tests.agent.plans import plan

DENSE, PRUNED = "dense", "the net pruned to 90 %"


@pytest.mark.parametrize(
    ("sentence", "sides", "direction", "denied"),
    [
        ("Does weight pruning make activations denser?", (DENSE, PRUNED), "greater", False),
        ("Weight pruning reduces the sparsity of the activations.", (DENSE, PRUNED), "greater", False),
        ("After pruning the weights, a larger share of activations is non-zero: more non-zeros.", (DENSE, PRUNED), "greater", False),
        ("How does weight pruning affect activation sparsity?", (DENSE, PRUNED), "greater", False),
        ("Weight pruning makes the feature maps sparser.", (PRUNED, DENSE), "greater", False),
        ("Pruning the weights increases activation sparsity.", (PRUNED, DENSE), "greater", False),
        ("Weight pruning does not make activations denser.", (DENSE, PRUNED), "greater", True),
        ("I doubt that weight pruning makes activations denser.", (DENSE, PRUNED), "greater", True),
        ("I doubt that weight pruning makes activations sparser.", (PRUNED, DENSE), "greater", True),
        ("Weight pruning leaves activation sparsity the same.", (DENSE, PRUNED), "equivalent", False),
    ],
)  # fmt: skip
def test_who_is_claimed_to_have_the_denser_activations(sentence, sides, direction, denied):
    found = plan(sentence)
    expected = found.experiment.expectation
    assert found.contrast == "denser_activations" and expected.metric == "activation_density"
    assert ((expected.treatment, expected.baseline), expected.direction) == (sides, direction)
    assert (DENIED in found.changes, not found.unambiguous) == (denied, denied)
    assert all(e.direction == direction for e in found.experiment.around)


def test_settings_are_read_and_have_neighbours():
    found = plan("Pruning the weights to 95 % makes activations denser on MNIST, with three seeds")
    assert found.experiment.testbed == "mnist-cnn" and found.experiment.seeds == (0, 1, 2)
    assert found.hypothesis == "The dense net is lower in non-zero activations than the net pruned to 95 %."
    assert [e.baseline for e in found.experiment.around] == [PRUNED]


@pytest.mark.parametrize(
    "sentence",
    [
        "Magnitude pruning hurts accuracy at 90 % sparsity",
        "Does weight pruning make inference faster?",
        "The activations are dense.",
    ],
)
def test_other_sentences_are_left_alone(sentence):
    assert understand(sentence) is None
