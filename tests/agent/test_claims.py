"""A sentence becomes the experiment that it asks for, or a reason why there is none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.claims import NotTestable, Plan, settings_in, understand_claim, with_settings


def plan(sentence):
    found = understand_claim(sentence)
    assert isinstance(found, Plan), found
    return found.experiment


@pytest.mark.parametrize(
    ("sentence", "treatment", "baseline", "settings", "direction", "margin"),
    [
        (
            "exact OBS loses less accuracy than magnitude pruning at high sparsity",
            "exact_obs",
            "magnitude",
            {"sparsity": 0.9},
            "greater",
            0,
        ),
        (
            "magnitude pruning loses more accuracy than ExactOBS",
            "exact_obs",
            "magnitude",
            {"sparsity": 0.9},
            "greater",
            0,
        ),
        (
            "Magnitude pruning is better than ExactOBS at 50 % sparsity",
            "magnitude",
            "exact_obs",
            {"sparsity": 0.5},
            "greater",
            0,
        ),
        (
            "OBC is better by at least 10 points at 90% sparsity than AdaPrune",
            "exact_obs",
            "magnitude_refit",
            {"sparsity": 0.9},
            "greater",
            10,
        ),
        ("OBQ beats round-to-nearest at 2 bits", "obq", "rtn", {"bits": 2}, "greater", 0),
        ("RTN is as good as OBQ at 8 bits", "rtn", "obq", {"bits": 8}, "not_worse", 1),
        (
            "8-bit quantization costs at most 0.6 % accuracy without retraining",
            "rtn",
            "dense",
            {"bits": 8},
            "not_worse",
            0.6,
        ),
        ("pruning 50% of the weights loses no accuracy", "magnitude", "dense", {"sparsity": 0.5}, "not_worse", 1),
        ("channel-wise scales matter at 4 bits", "rtn", "rtn", {"bits": 4, "per_channel": True}, "greater", 0),
        (
            "a magnitude mask with least-squares refit beats plain magnitude at 75 % sparsity",
            "magnitude_refit",
            "magnitude",
            {"sparsity": 0.75},
            "greater",
            0,
        ),
    ],
)
def test_claims_become_experiments(sentence, treatment, baseline, settings, direction, margin):
    experiment = plan(sentence)
    arms = {arm.name: arm for arm in experiment.arms}
    expected = experiment.expectation
    assert arms[expected.treatment].method == treatment
    assert arms[expected.baseline].method == baseline
    assert dict(arms[expected.treatment].settings) == settings
    assert (expected.direction, expected.margin) == (direction, margin)
    assert "dense" in arms


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        ("The speed-up over FP32 is 1.6x", "speed"),
        ("Hessian-weighted k-means beats k-means", "k-means"),
        ("Dynamic masks beat static ones at equal winner rate", "activation pruning"),
        ("BRECQ is ahead of OBQ at 2 bits", "BRECQ"),
        ("ExactOBS at 2:4 equals 4:8", "N:M"),
        ("The paper is well written", "judgement about the text"),
        ("Bananas are yellow", "names no compression method"),
        ("Group pruning of whole channels is the fair comparison", "group or channel"),
    ],
)
def test_what_cannot_be_tested_says_why(sentence, reason):
    found = understand_claim(sentence)
    assert isinstance(found, NotTestable)
    assert reason in found.reason


def test_accuracies_are_not_sparsities_and_changes_are_named():
    sentence = "For ResNet-50 on ImageNet at a 4x FLOP reduction, ExactOBS reaches 74.05 % top-1, against 64.84 % for global magnitude pruning."
    found = understand_claim(sentence)
    assert isinstance(found, Plan)
    assert dict(found.experiment.arms[1].settings) == {"sparsity": 0.9}
    said = " ".join(found.changes)
    assert "ImageNet" in said and "FLOP target" in said and "90 %" in said


def test_seeds_and_testbed_are_read():
    experiment = plan("Check that OBQ beats RTN at 3 bits on digits with ten seeds")
    assert experiment.testbed == "digits-cnn"
    assert len(experiment.seeds) == 10
    assert len(plan("OBQ beats RTN with 1 seed").seeds) >= 3


def test_layer_error_is_its_own_metric():
    assert plan("ExactOBS has lower layer error than AdaPrune at 75 percent").expectation.metric == "layer_error"


def test_a_plan_without_a_named_method_is_not_unambiguous():
    found = understand_claim("pruning 50% of the weights loses no accuracy")
    assert isinstance(found, Plan) and not found.unambiguous


@given(st.text(max_size=200))
def test_any_text_is_a_plan_or_a_reason(sentence):
    found = understand_claim(sentence)
    assert isinstance(found, Plan) or found.reason


@pytest.mark.parametrize(
    ("claim", "message", "changed"),
    [
        (
            "OBQ beats RTN at 3 bits on digits with 3 seeds",
            "again with ten seeds",
            "OBQ beats RTN at 3 bits on digits with ten seeds",
        ),
        ("OBQ beats RTN at 3 bits on digits", "now on mnist", "OBQ beats RTN at 3 bits on mnist"),
        ("OBQ beats RTN at 3 bits", "and at 2 bits?", "OBQ beats RTN at 2 bits"),
        ("OBQ beats RTN.", "check it", "OBQ beats RTN."),
    ],
)
def test_a_changed_setting_takes_the_place_of_the_claims_own(claim, message, changed):
    assert with_settings(claim, settings_in(message)) == changed
