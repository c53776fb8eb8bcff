"""A sentence becomes the experiment that it asks for, or a reason why there is none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.claims import DENIED, NotTestable, Plan, settings_in, understand_claim, with_settings
from compression_demo.validation import validate


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


def sides(sentence):
    experiment = plan(sentence)
    arms = {arm.name: arm for arm in experiment.arms}
    return tuple(
        arms[name].method + {True: "/channel", False: "/tensor", None: ""}[dict(arms[name].settings).get("per_channel")]
        for name in (experiment.expectation.treatment, experiment.expectation.baseline)
    )


@pytest.mark.parametrize(
    ("sentence", "treatment", "baseline", "direction"),
    [
        ("ExactOBS is not better than magnitude pruning", "exact_obs", "magnitude", "greater"),
        ("ExactOBS doesn't beat AdaPrune", "exact_obs", "magnitude_refit", "greater"),
        ("ExactOBS does not outperform magnitude pruning", "exact_obs", "magnitude", "greater"),
        ("OBQ is no better than RTN at 4 bits", "obq", "rtn", "greater"),
        ("OBQ fails to beat RTN at 4 bits", "obq", "rtn", "greater"),
        ("It is doubtful that ExactOBS beats magnitude pruning", "exact_obs", "magnitude", "greater"),
        ("It is not true that ExactOBS beats magnitude pruning", "exact_obs", "magnitude", "greater"),
        ("Magnitude is not outperformed by ExactOBS", "exact_obs", "magnitude", "greater"),
        ("ExactOBS is not as good as magnitude pruning", "exact_obs", "magnitude", "not_worse"),
        ("Per-channel scales are unnecessary at 4 bits", "rtn/channel", "rtn/tensor", "greater"),
        ("AnonReviewer2 doubts that channel-wise scaling is necessary", "rtn/channel", "rtn/tensor", "greater"),
        ("I doubt that ExactOBS holds at 90 % sparsity", "exact_obs", "dense", "not_worse"),
    ],
)
def test_what_a_sentence_denies_is_tested_and_said_to_be_denied(sentence, treatment, baseline, direction):
    found = understand_claim(sentence)
    assert isinstance(found, Plan)
    assert sides(sentence) == (treatment, baseline)
    assert found.experiment.expectation.direction == direction
    assert DENIED in found.changes and not found.unambiguous


@pytest.mark.parametrize(
    ("sentence", "treatment", "baseline"),
    [
        ("Compared with magnitude pruning, ExactOBS loses less accuracy", "exact_obs", "magnitude"),
        ("Unlike magnitude pruning, ExactOBS keeps accuracy at 90 % sparsity", "exact_obs", "magnitude"),
        ("Unlike ExactOBS, magnitude pruning loses accuracy", "exact_obs", "magnitude"),
        ("Magnitude is outperformed by ExactOBS", "exact_obs", "magnitude"),
        ("RTN is beaten by OBQ", "obq", "rtn"),
        ("Magnitude pruning trails ExactOBS", "exact_obs", "magnitude"),
        ("Per-tensor scales are better than per-channel", "rtn/tensor", "rtn/channel"),
        ("Per-channel scales are better than per-tensor", "rtn/channel", "rtn/tensor"),
        ("Per-tensor scales are worse than per-channel scales", "rtn/channel", "rtn/tensor"),
        ("A single scale is enough at 8 bits", "rtn/tensor", "rtn/channel"),
        ("ExactOBS and AdaPrune beat magnitude pruning", "exact_obs", "magnitude"),
        ("The dense net is better than magnitude pruning at 50 % sparsity", "dense", "magnitude"),
        ("4-bit OBQ matches the 32-bit net", "obq", "dense"),
        ("ExactOBS beats magnitude pruning at the same sparsity", "exact_obs", "magnitude"),
        ("ExactOBS has 64.05, while AdaPrune has 62.71 mAP", "exact_obs", "magnitude_refit"),
        ("AdaPrune has 62.71 mAP, against 64.05 for ExactOBS", "exact_obs", "magnitude_refit"),
        ("ExactOBS has 66.14 mAP, behind L-OBS with 66.21, while AdaPrune has 66.00", "exact_obs", "magnitude_refit"),
    ],
)
def test_the_sides_are_read_whatever_their_order(sentence, treatment, baseline):
    found = understand_claim(sentence)
    assert sides(sentence) == (treatment, baseline)
    assert isinstance(found, Plan) and found.unambiguous and DENIED not in found.changes


@pytest.mark.parametrize(
    ("sentence", "hypothesis"),
    [
        (
            "Magnitude pruning hurts accuracy at 90 % sparsity",
            "The dense net has higher accuracy than magnitude pruning at 90 % sparsity.",
        ),
        ("ExactOBS loses accuracy", "The dense net has higher accuracy than ExactOBS at 90 % sparsity."),
        ("OBQ does not preserve accuracy at 2 bits", "The dense net has higher accuracy than OBQ at 2 bits."),
        (
            "ExactOBS does not hurt accuracy at 50 %",
            "ExactOBS at 50 % sparsity is at most 1 point worse in accuracy than the dense net.",
        ),
        (
            "ExactOBS does not lose more than 2 points at 50 %",
            "ExactOBS at 50 % sparsity is at most 2 points worse in accuracy than the dense net.",
        ),
        (
            "ExactOBS is 10 points better than magnitude pruning at 90 % sparsity",
            "ExactOBS has higher accuracy than magnitude pruning at 90 % sparsity, by at least 10 points.",
        ),
        (
            "ExactOBS is within 2 points of magnitude pruning at 50 %",
            "ExactOBS is within 2 points of magnitude pruning in accuracy at 50 % sparsity.",
        ),
        (
            "ExactOBS is no worse than magnitude pruning in layer error at 50 %",
            "ExactOBS is at most 10 % worse in layer error than magnitude pruning at 50 % sparsity.",
        ),
        (
            "per-channel scales beat per-tensor scales at 3 bits",
            "Round-to-nearest per channel has higher accuracy than round-to-nearest per tensor at 3 bits.",
        ),
        ("Does OBQ beat RTN at 2 bits?", "OBQ has higher accuracy than round-to-nearest at 2 bits."),
        ("Doesn't OBQ beat RTN at 2 bits?", "OBQ has higher accuracy than round-to-nearest at 2 bits."),
        (
            "Could we find out experimentally if OBQ beats RTN at 2 bits",
            "OBQ has higher accuracy than round-to-nearest at 2 bits.",
        ),
        (
            "Would ExactOBS hold at 50 % sparsity?",
            "ExactOBS at 50 % sparsity is at most 1 point worse in accuracy than the dense net.",
        ),
    ],
)
def test_the_hypothesis_says_what_is_tested(sentence, hypothesis):
    found = understand_claim(sentence)
    assert isinstance(found, Plan) and found.hypothesis == hypothesis
    assert found.unambiguous and found.experiment.arms[0].name == "dense"


@pytest.mark.parametrize(
    ("setting", "sparsity", "margin", "note"),
    [
        ("by 20 % at 90 % sparsity", 0.9, 20, "20 % is read as 20 percentage points."),
        ("by more than 20 %", 0.9, 20, "20 % is read as 20 percentage points."),
        ("at 0.99 sparsity", 0.99, 0, ""),
        ("at a sparsity of 0.8", 0.8, 0, ""),
        ("at sparsity 0.95", 0.95, 0, ""),
        ("at 50 % and 95 %", 0.95, 0, "Only 95 % sparsity, the highest, is tested; 50 % is left out."),
        ("at 50, 75 and 95 % sparsity", 0.95, 0, "50 %, 75 % are left out."),
        ("keeping only 5 % of the weights", 0.95, 0, ""),
    ],
)
def test_sparsities_and_margins_are_told_apart(setting, sparsity, margin, note):
    found = understand_claim(f"ExactOBS beats magnitude pruning {setting}")
    assert isinstance(found, Plan)
    assert dict(found.experiment.arms[1].settings) == {"sparsity": sparsity}
    assert found.experiment.expectation.margin == margin
    assert note in " ".join(found.changes)


@pytest.mark.parametrize(
    ("setting", "note"),
    [
        ("at 32 bits", "the engine's most, 16 bits, are taken"),
        ("at 2, 3 and 4 bits", "Only 2 bits, the lowest"),
        ("at 3 bits with 100 seeds", "at most 20 seeds"),
        ("at 3 bits with 1 seed", "at least 3"),
    ],
)
def test_what_is_cut_to_the_engines_limits_is_said(setting, note):
    found = understand_claim(f"OBQ beats RTN {setting}")
    assert isinstance(found, Plan) and note in " ".join(found.changes)


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        ("ExactOBS beats magnitude pruning at 100 % sparsity", "no weight is left"),
        ("ExactOBS beats magnitude pruning at 0 % sparsity", "nothing is removed"),
        ("OBQ beats RTN at 0 bits", "a whole number from 1 to 16"),
        ("OBQ beats RTN by 150 points", "cannot differ"),
        ("ExactOBS is 12x faster than magnitude pruning", "speed"),
        ("ExactOBS is 12x smaller than magnitude pruning", "storage"),
        ("ExactOBS needs fewer FLOPs than magnitude pruning", "operation counts"),
        ("AdaPrune was the strongest earlier pruner", "states no comparison"),
        ("GPTQ continues OBQ", "does not compare them"),
        ("OBC stands in the line of Optimal Brain Damage", "states no comparison"),
        ("ExactOBS and magnitude pruning are described in Sec. 4", "does not compare them"),
        ("The method beats magnitude pruning", "does not name what it holds against magnitude pruning"),
        ("ExactOBS matches the dense net in layer error", "measured against the dense net"),
    ],
)
def test_what_states_nothing_to_measure_is_refused(sentence, reason):
    found = understand_claim(sentence)
    assert isinstance(found, NotTestable) and reason in found.reason


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
    found = understand_claim(sentence)
    assert isinstance(found, Plan)
    arms = {arm.name: arm for arm in found.experiment.arms}
    sides = (found.experiment.expectation.treatment, found.experiment.expectation.baseline)
    assert {arms[side].method for side in sides} == set(methods)
    assert all(dict(arms[side].settings) == settings for side in sides)
    if "m" in settings:
        assert f"{settings['m'] - settings['n']}:{settings['m']} sparsity" in found.hypothesis


def test_a_speed_beside_an_accuracy_is_left_out_and_said():
    found = understand_claim("ExactOBS is faster and loses less accuracy than magnitude pruning")
    assert isinstance(found, Plan) and "faster" in " ".join(found.changes)


@pytest.mark.parametrize(
    "sentence",
    ["Which is better at 2 bits, OBQ or RTN?", "Compare OBQ with RTN", "OBQ beats the other methods at 2 bits"],
)
def test_a_side_or_direction_that_was_chosen_waits_for_a_yes(sentence):
    found = understand_claim(sentence)
    assert isinstance(found, Plan) and not found.unambiguous
    assert sides(sentence) == ("obq", "rtn") and any("OBQ is better" in c or "is taken" in c for c in found.changes)


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
