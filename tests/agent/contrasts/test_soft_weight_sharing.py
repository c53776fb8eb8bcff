"""Sentences on soft weight-sharing become its experiments, whichever way round they claim them."""

import pytest

from agent.claims import DENIED
from agent.contrasts import understand
from agent.contrasts.soft_weight_sharing import CONTRASTS as OURS
from compression_demo.validation import validate
from tests.agent.plans import plan

SOFT, DENSE, DEEP = "soft weight-sharing", "dense", "Deep Compression (90 %, 4 bits)"
AT_TAU = "soft weight-sharing (tau 0.1)"
END, START = "at the end (17)", "at the start (17)"
LARGEST, OUTPUT = "largest layer (tau 0.1)", "output layer (tau 0.1)"
HELD, FREE = "with hyper-priors", "without hyper-priors"
FAST, SLOW = "mixture learning at 0.02", "mixture learning at 0.002"
MANY, FEW = "the mean of 256 draws", "the mean of 4 draws"
TENTH, WHOLE = "10 % of the weights", "all weights"


@pytest.mark.parametrize(
    ("sentence", "name", "sides", "metric", "direction", "denied"),
    [
        ("Soft weight-sharing prunes and quantizes with little loss of accuracy.", "soft_accuracy", (AT_TAU, DENSE), "accuracy", "not_worse", False),
        ("Does soft weight sharing keep the accuracy of the dense network?", "soft_accuracy", (AT_TAU, DENSE), "accuracy", "not_worse", False),
        ("Soft weight-sharing loses accuracy.", "soft_accuracy", (DENSE, AT_TAU), "accuracy", "greater", False),
        ("Soft weight-sharing does not lose accuracy.", "soft_accuracy", (DENSE, AT_TAU), "accuracy", "greater", True),
        ("Soft weight-sharing compresses more than Deep Compression.", "soft_against_pipeline", (SOFT, DEEP), "compression_ratio", "greater", False),
        ("Is soft weight-sharing better than pruning and k-means with Huffman coding?", "soft_against_pipeline", (SOFT, DEEP), "compression_ratio", "greater", False),
        ("A joint approach with a mixture prior beats the three-stage pipeline.", "soft_against_pipeline", (SOFT, DEEP), "compression_ratio", "greater", False),
        ("Deep Compression compresses more than soft weight-sharing.", "soft_against_pipeline", (DEEP, SOFT), "compression_ratio", "greater", False),
        ("Is soft weight-sharing more accurate than Deep Compression?", "soft_against_pipeline", (SOFT, DEEP), "accuracy", "greater", False),
        ("Most of the 17 components of the mixture merge during training.", "components_merge", (END, START), "components", "greater", False),
        ("Do components collapse during training?", "components_merge", (END, START), "components", "greater", False),
        ("How many components are left at the end?", "components_merge", (END, START), "components", "greater", False),
        ("All components stay in use.", "components_merge", (START, END), "components", "greater", False),
        ("Components do not merge.", "components_merge", (END, START), "components", "greater", True),
        ("I doubt that the Gaussians merge.", "components_merge", (END, START), "components", "greater", True),
        ("With soft weight-sharing, larger layers are pruned more than the output layer.", "larger_layers", (LARGEST, OUTPUT), "pruned_weights", "greater", False),
        ("The output layer is pruned less than the large layers under the mixture prior.", "larger_layers", (LARGEST, OUTPUT), "pruned_weights", "greater", False),
        ("The output layer is pruned more than larger layers with soft weight-sharing", "larger_layers", (OUTPUT, LARGEST), "pruned_weights", "greater", False),
        ("Without the hyper-priors the variances of the components collapse.", "hyper_priors", (HELD, FREE), "least_deviation", "greater", False),
        ("Are the hyper-priors necessary?", "hyper_priors", (HELD, FREE), "least_deviation", "greater", False),
        ("Do the Gamma hyper-priors help accuracy?", "hyper_priors", (HELD, FREE), "accuracy", "greater", False),
        ("Hyper-priors are unnecessary.", "hyper_priors", (FREE, HELD), "least_deviation", "not_worse", False),
        ("The accuracy of soft weight-sharing is sensitive to tau.", "tau_sensitivity", ("tau 0.1", "tau 1"), "accuracy", "greater", False),
        ("How sensitive is the method to tau?", "tau_sensitivity", ("tau 0.1", "tau 1"), "accuracy", "greater", False),
        ("A larger tau hurts accuracy.", "tau_sensitivity", ("tau 0.1", "tau 1"), "accuracy", "greater", False),
        ("Soft weight-sharing is robust to the choice of tau.", "tau_sensitivity", ("tau 1", "tau 0.1"), "accuracy", "not_worse", False),
        ("Soft weight-sharing is very sensitive to the learning rate of the mixture.", "mixture_rate", (FAST, SLOW), "accuracy", "greater", False),
        ("The mixture's learning rate does not matter.", "mixture_rate", (SLOW, FAST), "accuracy", "not_worse", False),
        ("Sampling the weights gives an unbiased gradient of the prior.", "sampled_gradient", (MANY, FEW), "gradient_error", "ordered", False),
        ("Is the sampled prior gradient of Appendix C unbiased?", "sampled_gradient", (MANY, FEW), "gradient_error", "ordered", False),
        ("Taking the prior's gradient from a sample of the weights works as well as from all weights.", "sampled_training", (TENTH, WHOLE), "accuracy", "not_worse", False),
        ("Does sampling 10 % of the weights for the mixture prior hurt accuracy?", "sampled_training", (WHOLE, TENTH), "accuracy", "greater", False),
    ],
)  # fmt: skip
def test_who_is_claimed_to_be_ahead(sentence, name, sides, metric, direction, denied):
    found = plan(sentence)
    expected = found.experiment.expectation
    assert (found.contrast, expected.metric) == (name, metric)
    assert ((expected.treatment, expected.baseline), expected.direction) == (sides, direction)
    assert (DENIED in found.changes) == denied


@pytest.mark.parametrize("contrast", OURS, ids=lambda contrast: contrast.name)
def test_examples_are_read_as_they_stand(contrast):
    found = plan(contrast.example)
    assert found.contrast == contrast.name and found.unambiguous
    assert not any("states no direction" in change for change in found.changes)
    assert found.experiment.expectation == contrast.draft(contrast.example).expectation
    assert len(found.experiment.seeds) >= 3
    validate(found.experiment)


@pytest.mark.parametrize(
    ("sentence", "testbed", "name"),
    [
        (
            "On LeNet-5-Caffe, soft weight-sharing prunes and quantizes with little loss of accuracy.",
            "digits-cnn",
            AT_TAU,
        ),
        ("Soft weight-sharing compresses a convolutional net on MNIST more than Deep Compression.", "mnist-cnn", SOFT),
        (
            "With soft weight-sharing on a CNN, larger layers are pruned more than the output layer.",
            "digits-cnn",
            LARGEST,
        ),
    ],
)
def test_sentences_on_convolutions_run_on_a_net_that_has_some(sentence, testbed, name):
    found = plan(sentence)
    assert (found.experiment.testbed, found.experiment.expectation.treatment) == (testbed, name)
    assert any("three convolutions" in change for change in found.changes)
    ours = [dict(arm.settings) for arm in found.experiment.arms if arm.method == "soft_weight_sharing"]
    assert ours and all(settings["zero_weight"] == 0.9 for settings in ours)
    zeros = {dict(arm.settings).get("zeros_of") for arm in found.experiment.arms} - {None}
    assert zeros in (set(), {"largest", "last"}), "the smallest layer of that net is its first, not its output layer"
    validate(found.experiment)


def test_components_and_tau_of_the_sentence_are_taken():
    arms = plan("Do the components merge with 9 components?").experiment.arms
    assert {dict(arm.settings).get("components", 17) for arm in arms} == {9, 17}
    assert plan("With tau = 0.03, soft weight-sharing keeps the accuracy.").experiment.expectation.treatment == "soft weight-sharing (tau 0.03)"  # fmt: skip
    assert plan("Soft weight-sharing costs at most 2 points of accuracy.").experiment.expectation.margin == 2


def test_arms_of_different_checks_are_the_same_work():
    both = [plan(contrast.example).experiment.arms for contrast in OURS if contrast.name != "sampled_gradient"]
    usual = {(arm.method, arm.settings) for arms in both for arm in arms if arm.method == "soft_weight_sharing"}
    assert ("soft_weight_sharing", ()) in usual, "what is as usual is not spelt out, so that it is found in the store"


@pytest.mark.parametrize(
    "sentence",
    [
        "Weight sharing by k-means loses accuracy",
        "Hessian-weighted k-means beats plain k-means",
        "The components of the system are well described",
        "Large layers take longer",
        "The learning rate is 0.1",
        "The prior work is well cited",
        "Soft weight-sharing reaches 45x compression on CIFAR-10",
        "Does soft weight-sharing keep the accuracy of VGG?",
        "One scale per layer loses accuracy at 4 bits",
    ],
)
def test_other_sentences_are_left_alone(sentence):
    found = understand(sentence)
    assert found is None or found.contrast not in OURS
