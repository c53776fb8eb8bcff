"""Sentences on network quantization become its experiments, whichever way round they claim them."""

import pytest

from agent.claims import DENIED
from agent.contrasts import CONTRASTS, understand
from compression_demo.judge import find_metric
from compression_demo.validation import validate
from tests.agent.plans import plan

FULL, DIAGONAL = "full Hessian (k = 8)", "diagonal of the Hessian (k = 8)"
WEIGHTED, PLAIN = "Hessian-weighted k-means (k = 8)", "plain k-means (k = 8)"
UNIFORM, KMEANS = "uniform quantization (as k = 8)", "k-means (k = 8)"
OURS = [contrast for contrast in CONTRASTS if contrast.paper == "1612.01543"]


@pytest.mark.parametrize("contrast", OURS, ids=lambda contrast: contrast.name)
def test_each_example_is_its_own_experiment_in_the_direction_to_expect(contrast):
    found = plan(contrast.example)
    drafted = contrast.draft(contrast.example)
    assert found.contrast == contrast.name and found.unambiguous
    assert (found.experiment.expectation, found.experiment.around) == (drafted.expectation, drafted.around)
    assert len(found.experiment.seeds) == 5
    validate(found.experiment)
    names = [arm.name for arm in found.experiment.arms]
    assert len(set(names)) == len(names)
    for expectation in (found.experiment.expectation, *found.experiment.around):
        assert find_metric(found.experiment, expectation.metric, expectation.names)
    assert len(found.experiment.around) >= 2, "neighbours on both sides"


@pytest.mark.parametrize(
    ("sentence", "sides", "direction", "denied"),
    [
        ("Reviewer 4 wonders what the diagonal Hessian costs. Can you find out?", (FULL, DIAGONAL), "greater", False),
        ("How does the diagonal Hessian affect the compression ratio?", (FULL, DIAGONAL), "greater", False),
        ("How does the diagonal approximation of the Hessian affect the final compression?", (FULL, DIAGONAL), "greater", False),
        ("Ignoring the off-diagonal terms of the Hessian hurts the quantized network.", (FULL, DIAGONAL), "greater", False),
        ("Does the diagonal approximation to the Hessian matter?", (FULL, DIAGONAL), "greater", False),
        ("The full Hessian is better than its diagonal.", (FULL, DIAGONAL), "greater", False),
        ("The diagonal approximation of the Hessian costs little.", (DIAGONAL, FULL), "not_worse", False),
        ("The effect of ignoring off-diagonal terms of the Hessian is small.", (DIAGONAL, FULL), "not_worse", False),
        ("The diagonal approximation of the Hessian does not hurt.", (DIAGONAL, FULL), "not_worse", False),
        ("The diagonal Hessian is as good as the full Hessian.", (DIAGONAL, FULL), "not_worse", False),
        ("I doubt that the diagonal approximation of the Hessian is harmless.", (DIAGONAL, FULL), "not_worse", True),
        ("The diagonal Hessian beats the full Hessian.", (DIAGONAL, FULL), "greater", False),
    ],
)  # fmt: skip
def test_what_the_diagonal_costs(sentence, sides, direction, denied):
    found = plan(sentence)
    expected = found.experiment.expectation
    assert found.contrast == "diagonal_hessian" and found.experiment.testbed == "digits-mlp-tiny"
    assert ((expected.treatment, expected.baseline), expected.direction) == (sides, direction)
    assert expected.metric == "training_loss" and (DENIED in found.changes) == denied
    assert [e.metric for e in found.experiment.around] == ["training_loss"] * 2 + ["accuracy", "prediction_error"]


@pytest.mark.parametrize(
    ("sentence", "sides", "direction", "denied"),
    [
        ("Hessian-weighted k-means beats plain k-means.", (WEIGHTED, PLAIN), "greater", False),
        ("Does weighting by the Hessian help k-means?", (WEIGHTED, PLAIN), "greater", False),
        (
            "Clustering weighted by the Hessian has lower loss than ordinary k-means.",
            (WEIGHTED, PLAIN),
            "greater",
            False,
        ),
        ("Plain k-means is better than Hessian-weighted k-means.", (PLAIN, WEIGHTED), "greater", False),
        ("Hessian-weighted k-means is no better than k-means.", (WEIGHTED, PLAIN), "greater", True),
        ("Hessian-weighted and plain k-means are on par.", (WEIGHTED, PLAIN), "equivalent", False),
    ],
)
def test_hessian_weighting(sentence, sides, direction, denied):
    found = plan(sentence)
    expected = found.experiment.expectation
    assert found.contrast == "hessian_weighting" and found.experiment.testbed == "digits-mlp-deep"
    assert ((expected.treatment, expected.baseline), expected.direction) == (sides, direction)
    assert (DENIED in found.changes) == denied


@pytest.mark.parametrize(
    ("sentence", "name", "sides", "direction"),
    [
        ("Would Huffman coding after uniform quantization beat k-means?", "uniform_huffman", (UNIFORM, KMEANS), "greater"),
        ("K-means beats uniform quantization when both are Huffman-coded.", "uniform_huffman", (KMEANS, UNIFORM), "greater"),
        ("Uniform quantization with Huffman coding beats Hessian-weighted k-means.", "uniform_huffman", (UNIFORM, WEIGHTED), "greater"),
        ("With fixed-length codes, k-means beats uniform quantization.", "uniform_fixed_length", (KMEANS, UNIFORM), "greater"),
        ("Uniform quantization is poor for fixed-length codes.", "uniform_fixed_length", (KMEANS, UNIFORM), "greater"),
        ("Without Huffman coding, uniform quantization is better than k-means.", "uniform_fixed_length", (UNIFORM, KMEANS), "greater"),
        ("Iterative ECSQ beats uniform quantization.", "uniform_against_entropy", ("ECSQ (as k = 8)", UNIFORM), "greater"),
        ("The full Hessian predicts the change of the loss better than its diagonal.", "loss_prediction",
         ("prediction by the full Hessian (k = 8)", "prediction by the diagonal of the Hessian (k = 8)"), "greater"),
        ("Does the diagonal Hessian predict the real change of the loss as well as the full one?", "loss_prediction",
         ("prediction by the diagonal of the Hessian (k = 8)", "prediction by the full Hessian (k = 8)"), "not_worse"),
        ("1,000 samples are enough for the Hessian.", "hessian_samples",
         ("Hessian from 100 inputs (k = 8)", "Hessian from all 1197 inputs (k = 8)"), "not_worse"),
        ("Is a Hessian from 50 images as good as one from all images?", "hessian_samples",
         ("Hessian from 50 inputs (k = 8)", "Hessian from all 1197 inputs (k = 8)"), "not_worse"),
        ("The Hessian needs more than a few samples.", "hessian_samples",
         ("Hessian from all 1197 inputs (k = 8)", "Hessian from 100 inputs (k = 8)"), "greater"),
        ("The Hessian is better than Adam's second moments.", "adam_moments",
         ("Hessian's diagonal (k = 8)", "root of Adam's second moments (k = 8)"), "greater"),
        ("Layer-by-layer clustering beats clustering all layers jointly.", "layers_together",
         ("each layer by itself (15x)", "all layers together (15x)"), "greater"),
        ("Does retraining the centroids matter?", "tuned_values",
         ("values fine-tuned for 5 epochs (k = 4)", "values as clustered (k = 4)"), "greater"),
        ("Fine-tuning the cluster centers makes no difference.", "tuned_values",
         ("values as clustered (k = 4)", "values fine-tuned for 5 epochs (k = 4)"), "not_worse"),
        ("Random initialization of k-means centroids works better than linear initialization.", "linear_start",
         ("random initialisation (4 bits)", "linear initialisation (4 bits)"), "greater"),
        ("Deep Compression loses accuracy at 95 % sparsity with 3 bits.", "deep_compression_accuracy",
         ("dense", "Deep Compression (95 %, 3 bits)"), "greater"),
        ("Pruning, weight sharing and Huffman coding work without losing accuracy.", "deep_compression_accuracy",
         ("Deep Compression (90 %, 5 bits)", "dense"), "not_worse"),
        ("Does Huffman coding save storage over fixed-length codes after pruning?", "huffman_saving",
         ("Huffman codes (5 bits)", "fixed-length codes (5 bits)"), "greater"),
    ],
)  # fmt: skip
def test_other_contrasts(sentence, name, sides, direction):
    found = plan(sentence)
    expected = found.experiment.expectation
    assert found.contrast == name
    assert ((expected.treatment, expected.baseline), expected.direction) == (sides, direction)


@pytest.mark.parametrize(
    ("sentence", "name", "sides", "direction", "method"),
    [
        ("Does Huffman coding help at all?", "coding_gain", ("Huffman codes (k = 8)", "fixed-length codes (k = 8)"), "greater", "kmeans"),
        ("Huffman coding adds little on top of k-means.", "coding_gain", ("fixed-length codes (k = 8)", "Huffman codes (k = 8)"), "not_worse", "kmeans"),
        ("Huffman coding is not worth it with 4 clusters", "coding_gain", ("fixed-length codes (k = 4)", "Huffman codes (k = 4)"), "not_worse", "kmeans"),
        ("Is entropy coding useful after uniform quantization?", "coding_gain", ("Huffman codes (k = 8)", "fixed-length codes (k = 8)"), "greater", "uniform"),
        ("How close does Huffman coding get to the entropy?", "huffman_near_entropy", ("Huffman codes (k = 8)", "ideal codes (k = 8)"), "not_worse", "kmeans"),
        ("Huffman codes stay far from the ideal entropy.", "huffman_near_entropy", ("ideal codes (k = 8)", "Huffman codes (k = 8)"), "greater", "kmeans"),
    ],
)  # fmt: skip
def test_codes_are_held_against_one_another_on_the_same_values(sentence, name, sides, direction, method):
    found = plan(sentence)
    expected = found.experiment.expectation
    assert found.contrast == name and expected.metric == "compression_ratio"
    assert ((expected.treatment, expected.baseline), expected.direction) == (sides, direction)
    settings = [dict(arm.settings) for arm in found.experiment.arms]
    assert {arm.method for arm in found.experiment.arms} == {method}
    asked = int(expected.treatment.removesuffix(")").rpartition(" ")[2])
    assert {(s["clusters"], s["code"]) for s in settings} == {
        (k, code) for k in (asked // 2, asked, 2 * asked) for code in ("huffman", "fixed", "entropy")
    }
    compared = {tuple(sorted(name.partition(" codes")[0] for name in e.names)) for e in found.experiment.around}
    assert compared == {("Huffman", "fixed-length"), ("Huffman", "ideal")}, (
        "at the next numbers, and the other code beside"
    )


def test_settings_are_read():
    found = plan("Hessian-weighted k-means beats plain k-means at k = 16 with three seeds.")
    assert found.experiment.expectation.treatment == "Hessian-weighted k-means (k = 16)"
    assert found.experiment.seeds == (0, 1, 2)
    assert {e.treatment for e in found.experiment.around} >= {f"Hessian-weighted k-means (k = {k})" for k in (12, 32)}
    assert plan("Hessian-weighted k-means beats plain k-means at 3 bits").experiment.expectation.treatment == WEIGHTED


def test_the_metric_and_the_coding_are_those_of_the_sentence():
    accurate = plan("Is Hessian-weighted k-means more accurate than plain k-means after fine-tuning?").experiment
    assert accurate.expectation.metric == "accuracy" and all(dict(arm.settings)["epochs"] for arm in accurate.arms)
    coded = plan("Does Hessian-weighted k-means beat plain k-means with Huffman coding?").experiment
    weighted, plain = (dict(arm.settings) for arm in coded.arms[:2])
    assert weighted["like_clusters"] == plain["clusters"] == 8 and weighted["code"] == plain["code"] == "huffman"


def test_a_named_ratio_is_reached_by_both():
    found = plan("Uniform quantization is worse than k-means at a compression ratio of 12.").experiment
    assert found.expectation.treatment == "k-means (12x)"
    assert {dict(arm.settings)["ratio"] for arm in found.arms} == {8.0, 12.0, 15.0}


def test_a_named_testbed_takes_the_place_of_the_usual_one():
    assert plan("Hessian-weighted k-means beats plain k-means on MNIST").experiment.testbed == "mnist-cnn"
    assert plan("What does the diagonal Hessian cost on MNIST?").experiment.testbed == "digits-mlp-tiny"


def test_what_stands_in_for_the_papers_setting_is_said():
    changes = " ".join(plan("A Hessian from 1,000 samples serves as well as one from 50,000 on ResNet.").changes)
    assert "100 are taken" in changes and "ResNet is replaced by" in changes


@pytest.mark.parametrize(
    "sentence",
    [
        "verify the 4x speed-up on the Xeon",
        "check the 76.13 % on ImageNet",
        "Is exact OBS better than AdaPrune at 2:4?",
        "Soft weight-sharing compresses more than pruning with k-means and Huffman coding.",
        "The novelty over Deep Compression is limited.",
        "GPTQ with a diagonal Hessian loses accuracy",
        "Verify the compression ratio of 51.25 on LeNet.",
        "Adam converges faster than SGD.",
        "The number of layers is large and they are trained together.",
        "The Hessian is hard to compute.",
        "ExactOBS removes the weight whose square divided by the diagonal entry of the inverse Hessian is smallest, at the least loss.",
        "Each squared distance is multiplied by the Hessian diagonal of its weight.",
        "The Hessian diagonal takes about the computation of one gradient.",
        "The samples of the training data are few.",
    ],
)
def test_other_sentences_are_left_alone(sentence):
    found = understand(sentence)
    assert found is None or found.contrast.paper != "1612.01543"
