"""Sentences on activation masks and unit pruning become their experiments, whichever way round they claim them."""

import pytest

from agent.claims import DENIED
from agent.contrasts import CONTRASTS, understand
from agent.contrasts.integral_pruning import CONTRASTS as OURS
from compression_demo.validation import validate
from tests.agent.plans import plan, refusal

MASKED, PRUNED, DENSE = "integral pruning (12 % and 24 %)", "weight pruning alone (90 %)", "dense"
SWEPT = "integral pruning (90 % of weights)"
DYNAMIC, STATIC = "dynamic thresholds (20 %)", "static thresholds (20 %)"
TUNED, UNTUNED = "fine-tuned through the masks (12 % and 24 %)", "masks alone (12 % and 24 %)"
SAMPLE, ALL = "thresholds from 10 % of them", "thresholds from all activations"
UNITS, TIMED = "unit pruning to its MACs (12 % and 24 %)", "dense net, timed"
SECOND, FIRST = "second layer masked (10 %)", "first layer masked (10 %)"


@pytest.mark.parametrize(
    ("sentence", "name", "sides", "direction", "denied"),
    [
        ("Integral pruning needs fewer MACs than weight pruning alone.", "fewer_multiplications", (MASKED, PRUNED), "greater", False),
        ("Does IP really reduce the operations beyond weight pruning?", "fewer_multiplications", (MASKED, PRUNED), "greater", False),
        ("Pruning both weights and activations saves more computation than pruning the weights alone.", "fewer_multiplications", (MASKED, PRUNED), "greater", False),
        ("Weight pruning alone leaves fewer MACs than integral pruning.", "fewer_multiplications", (PRUNED, MASKED), "greater", False),
        ("I doubt that integral pruning saves operations over weight pruning.", "fewer_multiplications", (MASKED, PRUNED), "greater", True),
        ("Integral pruning cuts the number of MACs by 96 %.", "fewer_multiplications", (MASKED, DENSE), "greater", False),
        ("Integral pruning changes the accuracy by less than 0.5 points.", "integral_accuracy", (SWEPT, DENSE), "not_worse", False),
        ("Integral pruning is as accurate as the dense network.", "integral_accuracy", (SWEPT, DENSE), "not_worse", False),
        ("Does integral pruning lose accuracy?", "integral_accuracy", (DENSE, SWEPT), "greater", False),
        ("Integral pruning hurts accuracy.", "integral_accuracy", (DENSE, SWEPT), "greater", False),
        ("Integral pruning does not hurt accuracy.", "integral_accuracy", (DENSE, SWEPT), "greater", True),
        ("IP is no worse than weight pruning alone in accuracy.", "integral_accuracy", (SWEPT, PRUNED), "not_worse", False),
        ("Dynamic thresholds on activations keep more accuracy than static ones.", "dynamic_thresholds", (DYNAMIC, STATIC), "greater", False),
        ("Dynamic masks beat static ones at equal winner rate", "dynamic_thresholds", (DYNAMIC, STATIC), "greater", False),
        ("Unlike static thresholds, dynamic ones preserve the accuracy.", "dynamic_thresholds", (DYNAMIC, STATIC), "greater", False),
        ("A fixed threshold outperforms dynamic masks.", "dynamic_thresholds", (STATIC, DYNAMIC), "greater", False),
        ("Static thresholds are just as good as dynamic ones for pruning activations.", "dynamic_thresholds", (STATIC, DYNAMIC), "not_worse", False),
        ("Dynamic thresholds are not better than static ones.", "dynamic_thresholds", (DYNAMIC, STATIC), "greater", True),
        ("Fine-tuning through the activation masks recovers the accuracy that integral pruning costs.", "mask_fine_tuning", (TUNED, UNTUNED), "greater", False),
        ("Is fine-tuning needed after activation pruning?", "mask_fine_tuning", (TUNED, UNTUNED), "greater", False),
        ("Integral pruning needs no fine-tuning", "mask_fine_tuning", (UNTUNED, TUNED), "not_worse", False),
        ("Activation pruning works without retraining.", "mask_fine_tuning", (UNTUNED, TUNED), "not_worse", False),
        ("A 10 % sample of the activations is enough to estimate the threshold.", "sampled_threshold", (SAMPLE, ALL), "not_worse", False),
        ("Can the threshold be predicted from 10% of the activations?", "sampled_threshold", (SAMPLE, ALL), "not_worse", False),
        ("A threshold from a 10 % sample is worse than the exact one from all activations.", "sampled_threshold", (ALL, SAMPLE), "greater", False),
        ("Integral pruning is more accurate than group pruning at the same number of MACs.", "group_pruning", (MASKED, UNITS), "greater", False),
        ("How does it compare with group pruning?", "group_pruning", (MASKED, UNITS), "greater", False),
        ("Group pruning of whole channels is the fair comparison", "group_pruning", (MASKED, UNITS), "greater", False),
        ("Group pruning is better than integral pruning at equal MACs.", "group_pruning", (UNITS, MASKED), "greater", False),
        ("With dense kernels, integral pruning is slower than the dense net.", "dense_time", (TIMED, MASKED), "greater", False),
        ("Integral pruning is faster than the dense network.", "dense_time", (MASKED, TIMED), "greater", False),
        ("Integral pruning gives no speed-up without special hardware.", "dense_time", (TIMED, MASKED), "greater", False),
        ("At the same MACs, group pruning is faster than integral pruning in wall-clock time.", "unit_time", (UNITS, MASKED), "greater", False),
        ("The first layer is more sensitive to activation pruning than later layers.", "layer_sensitivity", (SECOND, FIRST), "greater", False),
        ("Do early layers tolerate lower winner rates than deeper layers?", "layer_sensitivity", (FIRST, SECOND), "greater", False),
    ],
)  # fmt: skip
def test_who_is_claimed_to_be_ahead(sentence, name, sides, direction, denied):
    found = plan(sentence)
    expected = found.experiment.expectation
    assert found.contrast == name
    assert ((expected.treatment, expected.baseline), expected.direction) == (sides, direction)
    assert (DENIED in found.changes) == denied


@pytest.mark.parametrize("contrast", [c for c in OURS if c.name != "denser_activations"], ids=lambda c: c.name)
def test_examples_are_read_as_they_stand(contrast):
    found = plan(contrast.example)
    assert found.contrast == contrast.name and found.unambiguous
    assert not any("states no direction" in change for change in found.changes)
    drafted = contrast.draft(contrast.example)
    expected = found.experiment.expectation
    assert (expected.treatment, expected.baseline) == (drafted.expectation.treatment, drafted.expectation.baseline)
    assert len(found.experiment.seeds) >= 3 and found.experiment.around
    validate(found.experiment)


def test_settings_of_the_sentence_are_taken():
    found = plan("With a winner rate of 10 %, integral pruning leaves fewer MACs than weight pruning at 80 % sparsity on MNIST.").experiment  # fmt: skip
    assert found.testbed == "mnist-mlp" and found.expectation.metric == "effective_macs"
    settings = {arm.name: dict(arm.settings) for arm in found.arms}
    assert settings[found.expectation.treatment] == {"sparsity": 0.8, "winners": 0.1}
    assert settings[found.expectation.baseline] == {"sparsity": 0.8}
    assert {dict(arm.settings).get("winners") for arm in found.arms} == {0.05, 0.1, 0.2, None}


def test_a_share_of_the_papers_macs_is_no_difference_here():
    found = plan("Integral pruning cuts the number of MACs by 96 %.")
    assert found.experiment.expectation.margin == 0 and "96 % is left out" in " ".join(found.changes)


def test_a_stated_margin_takes_the_place_of_the_papers():
    assert plan("Integral pruning costs at most 2 points of accuracy.").experiment.expectation.margin == 2
    assert plan("Integral pruning keeps the accuracy.").experiment.expectation.margin == 0.5


def test_static_thresholds_run_on_the_leaky_net_unless_told():
    assert plan("Dynamic thresholds beat static ones.").experiment.testbed == "digits-mlp-leaky"
    assert plan("On a ReLU net, dynamic thresholds beat static ones.").experiment.testbed == "digits-mlp"
    assert plan("On a leaky ReLU net, dynamic thresholds beat static ones.").experiment.testbed == "digits-mlp-leaky"
    assert plan("On MNIST, dynamic thresholds beat static ones.").experiment.testbed == "mnist-mlp"


@pytest.mark.parametrize(
    ("sentence", "testbed", "settings"),
    [
        ("On a convolutional net, integral pruning needs fewer MACs than weight pruning alone.", "digits-cnn", {"sparsity": 0.6, "winners": 0.44}),
        ("On a convolutional net on MNIST, integral pruning needs fewer MACs than weight pruning.", "mnist-cnn", {"sparsity": 0.6, "winners": 0.44}),
        ("Integral pruning of a CNN at a winner rate of 20 % needs fewer MACs than weight pruning at 80 % sparsity.", "digits-cnn", {"sparsity": 0.8, "winners": 0.2}),
        ("On feature maps, dynamic thresholds on activations keep more accuracy than static ones.", "digits-cnn", {"sparsity": 0.0, "winners": 0.2, "epochs": 0}),
        ("Integral pruning is more accurate than channel pruning of convolutions at the same number of MACs.", "digits-cnn", {"sparsity": 0.6, "winners": 0.44}),
        ("The first convolution is more sensitive to activation pruning than later layers.", "digits-cnn", {"sparsity": 0.0, "winners": "1/1/0.1/1", "epochs": 0}),
    ],
)  # fmt: skip
def test_sentences_on_convolutions_run_on_a_net_that_has_some(sentence, testbed, settings):
    found = plan(sentence)
    treatment = next(a for a in found.experiment.arms if a.name == found.experiment.expectation.treatment)
    assert (found.experiment.testbed, dict(treatment.settings)) == (testbed, settings)
    assert any("three convolutions" in change for change in found.changes)
    validate(found.experiment)


def test_a_sample_is_as_large_as_said():
    arms = plan("A threshold from a 5 % sample of the activations is enough.").experiment.arms
    assert [dict(arm.settings).get("alpha") for arm in arms] == [0.05, 0.1, None]


def test_seconds_elsewhere_are_refused():
    assert "kernels that skip zeros" in refusal("Integral pruning is faster on a GPU.")
    assert "kernels that skip zeros" in refusal("Group pruning is faster than integral pruning on an accelerator.")


@pytest.mark.parametrize(
    "sentence",
    [
        "The activations are quantized to 8 bits with a static range",
        "Magnitude pruning hurts accuracy at 90 % sparsity",
        "Group pruning hurts accuracy",
        "The first layer is quantized to 8 bits",
        "The learning rate is dynamic",
        "Sampling helps",
        "The calibration images are a sample of the training set",
        "ExactOBS is faster than magnitude pruning",
    ],
)
def test_other_sentences_are_left_alone(sentence):
    found = understand(sentence)
    assert found is None or found.contrast not in OURS


def test_names_are_one_each():
    names = [contrast.name for contrast in CONTRASTS]
    assert len(set(names)) == len(names)
