"""A sentence becomes the experiment that it asks for, or a reason why there is none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.claims import ALTERNATIVES, Plan, understand_claim
from compression_demo.validation import validate
from tests.agent.plans import plan, refusal


@pytest.mark.parametrize(
    ("sentence", "treatment", "baseline", "settings", "direction", "margin"),
    [
        ("exact OBS loses less accuracy than magnitude pruning at high sparsity", "exact_obs", "magnitude", {"sparsity": 0.9}, "greater", 0),
        ("magnitude pruning loses more accuracy than ExactOBS", "exact_obs", "magnitude", {"sparsity": 0.9}, "greater", 0),
        ("Magnitude pruning is better than ExactOBS at 50 % sparsity", "magnitude", "exact_obs", {"sparsity": 0.5}, "greater", 0),
        ("OBC is better by at least 10 points at 90% sparsity than AdaPrune", "exact_obs", "magnitude_refit", {"sparsity": 0.9}, "greater", 10),
        ("OBQ beats round-to-nearest at 2 bits", "obq", "rtn", {"bits": 2}, "greater", 0),
        ("RTN is as good as OBQ at 8 bits", "rtn", "obq", {"bits": 8}, "not_worse", 1),
        ("8-bit quantization costs at most 0.6 % accuracy without retraining", "rtn", "dense", {"bits": 8}, "not_worse", 0.6),
        ("pruning 50% of the weights loses no accuracy", "magnitude", "dense", {"sparsity": 0.5}, "not_worse", 1),
        ("channel-wise scales matter at 4 bits", "rtn", "rtn", {"bits": 4, "per_channel": True}, "greater", 0),
        ("a magnitude mask with least-squares refit beats plain magnitude at 75 % sparsity", "magnitude_refit", "magnitude", {"sparsity": 0.75}, "greater", 0),
    ],
)  # fmt: skip
def test_claims_become_experiments(sentence, treatment, baseline, settings, direction, margin):
    experiment = plan(sentence).experiment
    arms = {arm.name: arm for arm in experiment.arms}
    expected = experiment.expectation
    assert arms[expected.treatment].method == treatment
    assert arms[expected.baseline].method == baseline
    assert dict(arms[expected.treatment].settings) == settings
    assert (expected.direction, expected.margin) == (direction, margin)
    assert "dense" in arms


@pytest.mark.parametrize(
    ("sentence", "methods", "settings"),
    [
        ("ExactOBS loses less accuracy than magnitude pruning at 2:4", ("exact_obs_nm", "magnitude_nm"), {"n": 2, "m": 4}),
        ("At 1:4 sparsity SparseGPT beats magnitude pruning", ("sparsegpt_nm", "magnitude_nm"), {"n": 3, "m": 4}),
        ("ExactOBS beats AdaPrune under N:M sparsity", ("exact_obs_nm", "magnitude_refit_nm"), {"n": 2, "m": 4}),
        ("OBQ is more accurate than GPTQ at 2 bits", ("obq", "gptq"), {"bits": 2}),
        ("SparseGPT is worse than ExactOBS at 75 % sparsity", ("sparsegpt", "exact_obs"), {"sparsity": 0.75}),
    ],
)  # fmt: skip
def test_methods_and_patterns_of_the_engine(sentence, methods, settings):
    found = plan(sentence)
    arms = {arm.name: arm for arm in found.experiment.arms}
    sides = (found.experiment.expectation.treatment, found.experiment.expectation.baseline)
    assert {arms[side].method for side in sides} == set(methods)
    assert all(dict(arms[side].settings) == settings for side in sides)
    if "m" in settings:
        assert f"{settings['m'] - settings['n']}:{settings['m']} sparsity" in found.hypothesis


@pytest.mark.parametrize(
    ("sentence", "hypothesis"),
    [
        (
            "Magnitude pruning hurts accuracy at 90 % sparsity",
            "The dense net is higher in test accuracy than magnitude pruning at 90 % sparsity.",
        ),
        ("ExactOBS loses accuracy", "The dense net is higher in test accuracy than ExactOBS at 90 % sparsity."),
        ("OBQ does not preserve accuracy at 2 bits", "The dense net is higher in test accuracy than OBQ at 2 bits."),
        (
            "ExactOBS does not hurt accuracy at 50 %",
            "ExactOBS at 50 % sparsity is at most 1 point worse in test accuracy than the dense net.",
        ),
        (
            "ExactOBS does not lose more than 2 points at 50 %",
            "ExactOBS at 50 % sparsity is at most 2 points worse in test accuracy than the dense net.",
        ),
        (
            "ExactOBS is 10 points better than magnitude pruning at 90 % sparsity",
            "ExactOBS is higher in test accuracy than magnitude pruning at 90 % sparsity, by at least 10 points.",
        ),
        (
            "ExactOBS is within 2 points of magnitude pruning at 50 %",
            "ExactOBS is within 2 points of magnitude pruning in test accuracy at 50 % sparsity.",
        ),
        (
            "ExactOBS is no worse than magnitude pruning in layer error at 50 %",
            "ExactOBS is at most 10 % worse in relative layer output error than magnitude pruning at 50 % sparsity.",
        ),
        (
            "per-channel scales beat per-tensor scales at 3 bits",
            "Round-to-nearest per channel is higher in test accuracy than round-to-nearest per tensor at 3 bits.",
        ),
        ("Does OBQ beat RTN at 2 bits?", "OBQ is higher in test accuracy than round-to-nearest at 2 bits."),
        ("Doesn't OBQ beat RTN at 2 bits?", "OBQ is higher in test accuracy than round-to-nearest at 2 bits."),
        (
            "Could we find out experimentally if OBQ beats RTN at 2 bits",
            "OBQ is higher in test accuracy than round-to-nearest at 2 bits.",
        ),
        (
            "Would ExactOBS hold at 50 % sparsity?",
            "ExactOBS at 50 % sparsity is at most 1 point worse in test accuracy than the dense net.",
        ),
    ],
)
def test_the_hypothesis_says_what_is_tested(sentence, hypothesis):
    found = plan(sentence)
    assert found.hypothesis == hypothesis
    assert found.unambiguous and found.experiment.arms[0].name == "dense"


def test_layer_error_is_not_measured_of_the_dense_net():
    assert "measured against the dense net" in refusal("ExactOBS matches the dense net in layer error")


@given(st.text(max_size=200))
def test_any_text_is_a_plan_or_a_reason(sentence):
    found = understand_claim(sentence)
    assert isinstance(found, Plan) or found.reason


WORDS = (
    "ExactOBS", "magnitude pruning", "AdaPrune", "OBQ", "RTN", "the dense net", "per-channel", "per-tensor", "beats",
    "is not better than", "loses less than", "loses accuracy", "matches", "against", "and", "at", "100 % sparsity",
    "95 %", "0.5 sparsity", "0 bits", "32 bits", "3", "by 20 %", "with 900 seeds", "layer error", "no worse than", ",",
    "it is doubtful that", "unlike", "0 % sparsity", "0.0 sparsity", "two bits", "quantization", "pruning", "%",
)  # fmt: skip


@given(st.lists(st.sampled_from(WORDS), max_size=12))
def test_every_plan_can_be_run(parts):
    found = understand_claim(" ".join(parts))
    if isinstance(found, Plan):
        validate(found.experiment)
        assert found.hypothesis.endswith(".") and found.hypothesis[0].isupper()


@pytest.mark.parametrize("offered", ALTERNATIVES)
def test_what_is_offered_instead_can_be_tested(offered):
    assert plan(offered).unambiguous or "no direction" in " ".join(plan(offered).changes)


@pytest.mark.parametrize(
    ("sentence", "beside"),
    [
        ("Is exact OBS better than AdaPrune at 2:4?", ["ExactOBS at 3:4 sparsity", "ExactOBS at 1:4 sparsity"]),
        ("ExactOBS beats magnitude pruning at 90 %", ["ExactOBS at 75 % sparsity", "ExactOBS at 95 % sparsity"]),
        ("OBQ beats rounding at 3 bits", ["OBQ at 2 bits", "OBQ at 4 bits"]),
        ("2-bit OBQ beats 3-bit rounding", []),
    ],
)
def test_the_same_is_asked_at_the_next_setting_on_each_side(sentence, beside):
    found = understand_claim(sentence)
    assert isinstance(found, Plan)
    around, asked = found.experiment.around, found.experiment.expectation
    assert [e.treatment for e in around] == beside
    assert all((e.metric, e.direction, e.margin) == (asked.metric, asked.direction, asked.margin) for e in around)
    assert {name for e in around for name in e.names} <= {arm.name for arm in found.experiment.arms}


@pytest.mark.parametrize(
    ("net", "testbed", "stands_for"),
    [
        ("ResNet-50 on ImageNet", "mnist-resnet", "a small residual network"),
        ("MobileNetV2", "mnist-separable", "a small depthwise-separable network"),
        ("BERT", "mnist-cnn", "a small CNN"),
        ("digits", "digits-cnn", ""),
    ],
)
def test_the_nearest_testbed_stands_for_the_net_of_the_claim(net, testbed, stands_for):
    found = plan(f"OBQ loses less accuracy than round-to-nearest at 3 bits on {net}.")
    assert found.experiment.testbed == testbed
    assert stands_for in " ".join(found.changes)


@pytest.mark.parametrize(
    ("words", "inputs", "note"),
    [
        ("with 64 calibration images", 64, ""),
        ("when calibrated on 1,024 images", 1024, ""),
        ("calibrated on 50,000 images", 3500, "50000 calibration inputs are named; 3500"),
        ("on 5,000 images of MNIST", 256, ""),
    ],
)
def test_the_calibration_inputs_that_are_named_are_drawn(words, inputs, note):
    found = plan(f"OBQ loses less accuracy than round-to-nearest at 3 bits {words}.")
    assert found.experiment.calibration == inputs and note in " ".join(found.changes)
