"""Sentences on Optimal Brain Compression beyond one method against another."""

import pytest

from agent.contrasts import understand
from compression_demo.types import Expectation
from tests.agent.plans import plan


def read(sentence: str) -> tuple[str, Expectation]:
    found = plan(sentence)
    return found.contrast, found.experiment.expectation


@pytest.mark.parametrize(
    ("sentence", "name", "first", "direction"),
    [
        ("ExactOBS beats AdaPrune, which in turn beats magnitude pruning, at 75 % sparsity.", "pruning_order", "ExactOBS at 75 %", "ordered"),
        ("Does the gap between ExactOBS and magnitude pruning grow with sparsity?", "gap_grows_with_sparsity", "ExactOBS at 90 %", "greater"),
        ("The advantage of OBC over the baselines shrinks with more sparsity", "gap_grows_with_sparsity", "ExactOBS at 50 %", "greater"),
        ("The advantage over magnitude with least squares refit gets bigger at high sparsity", "gap_grows_with_sparsity", "ExactOBS at 90 %", "greater"),
        ("The gain of OBQ over rounding is largest at few bits", "gap_grows_at_few_bits", "OBQ at 2 bits", "greater"),
        ("A fixed order of quantization is no worse than the greedy one at 4 bits", "fixed_order", "fixed order at 4 bits", "not_worse"),
        ("Is the greedy order better than a fixed order when quantizing to 2 bits?", "fixed_order", "greedy order at 2 bits", "greater"),
        ("Joint pruning and quantization beats quantization alone at the same number of bits", "joint_beats_quantization_alone", "2:4 with 4 bits", "greater"),
        ("Quantization alone is better than pruning and quantization combined", "joint_beats_quantization_alone", "2 bits alone", "greater"),
        ("2:4 pruning combined with 4-bit quantization costs little accuracy", "compound_costs_little", "2:4 with 4 bits", "not_worse"),
        ("Is compressing each layer independently as good as sequential compression at 75 % sparsity?", "independent_layers", "independent layers at 75 %", "not_worse"),
        ("Sequential compression beats compressing layers independently", "independent_layers", "sequential layers at 90 %", "greater"),
        ("Do the rows of a layer decouple, so that the sum of the row errors is the error of the layer?", "rows_decouple", "each row alone at 75 %", "equivalent"),
        ("Pruning each row independently is exactly the same as pruning all rows together at 50 % sparsity", "rows_decouple", "each row alone at 50 %", "equivalent"),
        ("Does allocating sparsity per layer beat a uniform sparsity at the same FLOPs?", "allocated_levels", "a level for each layer at 90 %", "greater"),
        ("A uniform sparsity is better than non-uniform levels found by dynamic programming at 75 %", "allocated_levels", "one level for all layers at 75 %", "greater"),
        ("Mixed precision with bits chosen per layer beats the same bit width for all layers at 4 bits", "allocated_levels", "a level for each layer at 4 bits", "greater"),
        ("Reviewer 2 asks: is non-uniform sparsity really better than uniform pruning of all layers?", "allocated_levels", "a level for each layer at 90 %", "greater"),
        ("The update of the inverse Hessian after removing a row and column is exact (Lemma 1)", "exact_downdate", "downdate after 50 %", "equivalent"),
    ],
)  # fmt: skip
def test_sentences_and_which_way_round_they_are(sentence, name, first, direction):
    found, expected = read(sentence)
    assert (found, expected.treatment, expected.direction) == (name, first, direction)


def test_an_order_and_a_difference_of_differences_are_spelt_out():
    found = plan("ExactOBS beats AdaPrune, which in turn beats magnitude pruning, at 75 % sparsity.")
    assert found.hypothesis.startswith("ExactOBS at 75 %, refit at 75 % and magnitude at 75 % come in this order")
    assert len(found.experiment.around) == 2
    found = plan("The gap between ExactOBS and magnitude pruning grows with sparsity")
    assert "The gain of ExactOBS at 90 % over magnitude at 90 %" in found.hypothesis


@pytest.mark.parametrize(
    "sentence",
    [
        "ExactOBS loses less accuracy than magnitude pruning at high sparsity",
        "Is exact OBS better than AdaPrune at 2:4?",
        "OBQ beats round-to-nearest at 2 bits",
        "Pruning and quantization are both used.",
        "The method is layer-wise.",
        "Quantization in order to save memory is old.",
        "Table 2 lists one row per layer and a separate column for pruning errors.",
        "The reviewers allocate the same score to all levels of detail, whatever is compressed.",
    ],
)
def test_what_the_methods_alone_answer_is_left_to_them(sentence):
    assert understand(sentence) is None
