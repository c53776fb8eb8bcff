"""Sentences on 8-bit inference become its experiments, whichever way round they claim them."""

import pytest

from agent.claims import DENIED
from agent.contrasts import understand
from agent.contrasts.eight_bit import CONTRASTS
from compression_demo.costs import estimate
from tests.agent.plans import plan, refusal

DW4, DW4_TENSOR = (
    "depthwise layers, one scale per channel, at 4 bits",
    "depthwise layers, one scale per tensor, at 4 bits",
)
REST4 = ("other layers, one scale per channel, at 4 bits", "other layers, one scale per tensor, at 4 bits")
INT8, DENSE = "integer inference at 8 bits", "dense"
UNSTATED = "states no direction"


@pytest.mark.parametrize("contrast", CONTRASTS, ids=lambda contrast: contrast.name)
def test_the_example_of_each_contrast_is_read_as_it_and_can_be_run(contrast, tmp_path):
    found = plan(contrast.example)
    assert found.contrast == contrast.name and found.unambiguous and contrast.paper == "SklzIjActX"
    assert not any(UNSTATED in change for change in found.changes)
    assert found.experiment.around or contrast.name == "folding_is_harmless", "asked at a neighbouring setting too"
    assert 0 < estimate(found.experiment, tmp_path).seconds < 400
    e = found.experiment.expectation
    drafted = contrast.draft(contrast.example).expectation
    assert (e.treatment, e.baseline, e.metric) == (drafted.treatment, drafted.baseline, drafted.metric)


@pytest.mark.parametrize(
    ("sentence", "ahead", "direction", "denied"),
    [
        ("Does channel-wise scaling really matter more for depthwise convolutions?", "depthwise", "greater", False),
        ("Channel-wise scales matter above all for depthwise convolution.", "depthwise", "greater", False),
        ("Per-channel scales help depthwise layers more than normal convolutions.", "depthwise", "greater", False),
        ("Is one scale per channel more important for depthwise layers than for pointwise convolutions?", "depthwise", "greater", False),
        ("Per-channel scales help normal convolutions more than depthwise ones.", "others", "greater", False),
        ("Channel-wise scaling matters less for depthwise convolutions.", "others", "greater", False),
        ("Channel-wise scaling does not matter more for depthwise convolutions than for standard convolutions.", "depthwise", "greater", True),
        ("I doubt that channel-wise scaling matters more for depthwise layers.", "depthwise", "greater", True),
        ("There is no difference between depthwise and normal convolutions in what per-channel scales gain.", "depthwise", "equivalent", False),
    ],
)  # fmt: skip
def test_whose_gain_by_channel_scales_is_claimed_to_be_larger(sentence, ahead, direction, denied):
    found = plan(sentence)
    e = found.experiment.expectation
    pairs = {"depthwise": (DW4, DW4_TENSOR), "others": REST4}
    behind = pairs["others" if ahead == "depthwise" else "depthwise"]
    assert found.contrast == "depthwise_needs_channel_scales" and found.experiment.testbed == "mnist-separable"
    assert ((e.treatment, e.baseline), e.minus, e.direction) == (pairs[ahead], behind, direction)
    assert (DENIED in found.changes) == denied
    around = found.experiment.around
    assert [other.treatment[-6:] for other in around] == ["6 bits", "8 bits", "4 bits"]
    assert [other.metric for other in around] == ["accuracy", "accuracy", "weight_error"]


def test_a_reviewer_who_misses_the_comparison_is_given_it():
    sentence = "There is no result for a single vs channel-wise scale on depthwise and normal convolution."
    found = plan(sentence)
    assert found.contrast == "depthwise_needs_channel_scales" and found.experiment.expectation.treatment == DW4
    assert any(UNSTATED in change for change in found.changes)


def test_a_mobile_net_is_run_where_one_is_named():
    experiment = plan("On MobileNet, channel-wise scaling matters more for depthwise convolutions.").experiment
    assert (experiment.testbed, experiment.expectation.metric, len(experiment.seeds)) == (
        "mobilenet-v2",
        "agreement",
        3,
    )
    assert experiment.expectation.treatment.endswith("at 8 bits") and len(experiment.around) == 1


def test_settings_are_read():
    found = plan("At 6 bits, does one scale per channel gain more on depthwise layers, with three seeds?")
    assert found.experiment.seeds == (0, 1, 2) and found.experiment.expectation.treatment.endswith("at 6 bits")
    assert [other.treatment[-6:] for other in found.experiment.around] == ["4 bits", "8 bits", "6 bits"]
    assert "9 bits are named" in refusal("Channel-wise scales at 9 bits matter more for depthwise convolutions")
    found = plan("8-bit weights and activations lose less than 1 point of accuracy with calibration on 100 images.")
    assert found.experiment.calibration == 100 and found.experiment.expectation.margin == 1.0
    assert not any("The bound is the paper's" in change for change in found.changes)
    assert any("The bound is the paper's" in change for change in plan("Int8 inference keeps accuracy.").changes)


@pytest.mark.parametrize(
    ("sentence", "sides", "direction", "margin"),
    [
        ("8-bit inference after calibration loses at most 0.6 points of accuracy without retraining.", (INT8, DENSE), "not_worse", 0.6),
        ("The accuracy loss of INT8 inference is within 0.6 % of FP32 across all models.", (INT8, DENSE), "not_worse", 0.6),
        ("8-bit inference keeps the accuracy of fp32.", (INT8, DENSE), "not_worse", 0.6),
        ("Can a calibrated int8 net work without any loss of accuracy?", (INT8, DENSE), "not_worse", 0.6),
        ("Int8 inference does not hurt accuracy compared with the fp32 model.", (INT8, DENSE), "not_worse", 0.6),
        ("Does int8 inference hurt accuracy compared with fp32?", (DENSE, INT8), "greater", 0.0),
        ("Integer inference degrades accuracy.", (DENSE, INT8), "greater", 0.0),
    ],
)  # fmt: skip
def test_what_eight_bits_are_claimed_to_lose(sentence, sides, direction, margin):
    found = plan(sentence)
    e = found.experiment.expectation
    assert found.contrast == "integer_inference_loses_little"
    assert ((e.treatment, e.baseline), e.direction, e.margin) == (sides, direction, margin)


RETRAINED, CALIBRATED = "retraining at {} bits", "calibration at {} bits"


@pytest.mark.parametrize(
    ("sentence", "sides", "direction", "bits", "denied"),
    [
        ("Quantization-aware retraining is better than calibration alone at 8 bits.", (RETRAINED, CALIBRATED), "greater", 8, False),
        ("What is the difference between retraining and calibration? Please compare both.", (RETRAINED, CALIBRATED), "greater", 8, False),
        ("Would retraining beat calibration at 4 bits?", (RETRAINED, CALIBRATED), "greater", 4, False),
        ("Calibration is as good as retraining at 8 bits.", (CALIBRATED, RETRAINED), "not_worse", 8, False),
        ("Calibration is better than quantization-aware training at 4 bits.", (CALIBRATED, RETRAINED), "greater", 4, False),
        ("Retraining is no better than calibration for int8.", (RETRAINED, CALIBRATED), "greater", 8, True),
    ],
)  # fmt: skip
def test_calibration_against_retraining(sentence, sides, direction, bits, denied):
    found = plan(sentence)
    e = found.experiment.expectation
    assert found.contrast == "retraining_beats_calibration"
    assert (e.treatment, e.baseline) == tuple(side.format(bits) for side in sides)
    assert (e.direction, DENIED in found.changes) == (direction, denied)
    control = found.experiment.around[-1]
    assert f"retraining in float at {bits} bits" in (control.treatment, control.baseline)


@pytest.mark.parametrize(
    ("sentence", "contrast", "treatment", "direction"),
    [
        ("KL calibration as in TensorRT is better than min-max calibration.", "entropy_calibration", "entropy calibration at 8 bits", "greater"),
        ("Min-max calibration is as good as entropy calibration for 8-bit activations.", "entropy_calibration", "min-max calibration at 8 bits", "not_worse"),
        ("Is percentile calibration better than min-max at 6 bits?", "entropy_calibration", "percentile calibration at 6 bits", "greater"),
        ("On depthwise convolutions channel-wise scales beat a single scale.", "channel_scales_on_depthwise", "one scale per channel at 4 bits", "greater"),
        ("A single scale is better than channel-wise scales for depthwise convolutions.", "channel_scales_on_depthwise", "one scale per tensor at 4 bits", "greater"),
        ("Folding BN does not change the outputs.", "folding_is_harmless", "batch normalisation folded", "equivalent"),
        ("Does batch-norm folding hurt accuracy?", "folding_is_harmless", "dense", "greater"),
        ("How does conv + element-wise fusion affect the accuracy?", "fused_addition", "fused addition at 8 bits", "greater"),
        ("Does 8-bit Winograd need scales in the transformed domain?", "winograd_scales", "a scale for each transformed position at 8 bits", "greater"),
        ("One shared scale is enough for int8 Winograd.", "winograd_scales", "one shared scale at 8 bits", "not_worse"),
        ("INT8 Winograd loses accuracy against direct convolution.", "winograd_against_direct", "direct convolution at 8 bits", "greater"),
        ("Is 8-bit Winograd as accurate as direct 8-bit convolution?", "winograd_against_direct", "Winograd at 8 bits", "not_worse"),
        ("Is int8 faster than fp32 on this machine?", "int8_is_faster_here", "int8 with 1 image at a time", "greater"),
        ("Does 8-bit inference improve latency on this CPU?", "int8_is_faster_here", "int8 with 1 image at a time", "greater"),
        ("Is the throughput of int8 higher than that of fp32 on this machine?", "int8_is_faster_here", "int8 with 32 images at a time", "greater"),
        ("Int8 is slower than fp32 on this CPU.", "int8_is_faster_here", "fp32 with 1 image at a time", "greater"),
        ("fp32 is faster than int8 here.", "int8_is_faster_here", "fp32 with 1 image at a time", "greater"),
    ],
)  # fmt: skip
def test_the_other_questions(sentence, contrast, treatment, direction):
    found = plan(sentence)
    e = found.experiment.expectation
    assert (found.contrast, e.treatment, e.direction) == (contrast, treatment, direction)


def test_a_spatial_scale_is_what_winograd_is_held_against_where_it_is_named():
    found = plan(
        "8-bit Winograd is more accurate with scales in the transformed domain than with those of the spatial domain."
    )
    assert found.experiment.expectation.baseline == "the scale of the spatial domain at 8 bits"


@pytest.mark.parametrize(
    "sentence",
    [
        "verify the 4x speed-up on the Xeon",
        "8-bit inference improves throughput by 1.6x and latency by 1.5x over FP32 on average.",
        "Most int8 speed-ups stay below 2x, some reach 2.1x and some none.",
        "Int8 is faster than fp32 on a Xeon.",
        "Is int8 faster than fp32 on the GPU?",
        "Is int8 Winograd faster than direct convolution?",
    ],
)
def test_speed_on_other_hardware_stays_untestable(sentence):
    assert "speed" in refusal(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "OBQ beats rounding to nearest at 8 bits",
        "Per-channel scales are better than per-tensor scales at 4 bits.",
        "8-bit quantization of the weights loses no accuracy.",
        "The calibration scheme is essentially that of TensorRT.",
        "int8 Winograd is not surprising.",
        "Batch normalisation folding is common practice.",
        "Most experiments lack Winograd results.",
        "The 8-bit inference paper presupposes hardware that computes faster with 8-bit integers.",
        "The 8-bit inference paper names three techniques: scales per channel (above all for depthwise convolution), Winograd and topology-wise support.",
        "Please explain the fusion of convolution and element-wise operations.",
        "Does fine-tuning after pruning recover accuracy better than calibration?",
        "Depthwise convolutions have few weights.",
        "Retraining under a mixture prior beats post-training quantization.",
        "The speed-up of 8-bit inference over fp32 is 1.6x.",
    ],
)  # fmt: skip
def test_other_sentences_are_left_alone(sentence):
    assert understand(sentence) is None


@pytest.mark.parametrize(
    ("sentence", "treatment", "direction", "method", "testbed"),
    [
        ("Asymmetric grids are better than symmetric ones at 3 bits.", "grid with zero points at 3 bits", "greater", "rtn", "mnist-cnn"),
        ("asymmetric activation quantization beats symmetric at 4 bits", "grid with zero points at 4 bits", "greater", "integer_net", "mnist-resnet"),
        ("Symmetric grids are good enough.", "symmetric grid at 3 bits", "not_worse", "rtn", "mnist-cnn"),
        ("Do zero points matter for the weights at 2 bits?", "grid with zero points at 2 bits", "greater", "rtn", "mnist-cnn"),
        ("Is a symmetric grid no worse than an asymmetric one for OBQ at 2 bits?", "symmetric grid at 2 bits", "not_worse", "obq", "mnist-cnn"),
        ("Symmetric int8 quantization loses less than asymmetric quantization.", "symmetric grid at 8 bits", "greater", "integer_net", "mnist-resnet"),
    ],
)  # fmt: skip
def test_symmetric_against_asymmetric_grids(sentence, treatment, direction, method, testbed):
    found = plan(sentence)
    expected = found.experiment.expectation
    assert found.contrast == "zero_points" and found.experiment.testbed == testbed
    assert (expected.treatment, expected.direction) == (treatment, direction)
    assert {arm.method for arm in found.experiment.arms} == {"dense", method}
    grids = {dict(arm.settings).get("symmetric") for arm in found.experiment.arms if arm.method == method}
    assert grids == {True, False}


def test_what_only_is_symmetric_is_no_grid():
    assert understand("The Hessian is a symmetric matrix, which helps the inversion of the weights' scales.") is None
