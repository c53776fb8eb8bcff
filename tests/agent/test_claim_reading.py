"""Who is held to be better than whom, whatever the order and the negations of the sentence."""

import pytest

from agent.claims import DENIED
from tests.agent.plans import plan, refusal


def sides(sentence):
    experiment = plan(sentence).experiment
    arms = {arm.name: arm for arm in experiment.arms}
    return tuple(
        arms[name].method + {True: "/channel", False: "/tensor", None: ""}[dict(arms[name].settings).get("per_channel")]
        for name in (experiment.expectation.treatment, experiment.expectation.baseline)
    )


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
    found = plan(sentence)
    assert sides(sentence) == (treatment, baseline)
    assert found.unambiguous and DENIED not in found.changes


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
    found = plan(sentence)
    assert sides(sentence) == (treatment, baseline)
    assert found.experiment.expectation.direction == direction
    assert DENIED in found.changes and not found.unambiguous


def test_a_side_that_was_chosen_waits_for_a_yes():
    found = plan("OBQ beats the other methods at 2 bits")
    assert not found.unambiguous and found.directed
    assert sides(found.claim) == ("obq", "rtn") and any("is taken" in c for c in found.changes)


@pytest.mark.parametrize(
    ("sentence", "better", "worse"),
    [
        ("Which is better at 2 bits, OBQ or RTN?", "obq", "rtn"),
        ("Compare rounding with OBQ", "obq", "rtn"),
        ("Magnitude against second-order", "exact_obs", "magnitude"),
        ("SparseGPT next to the refit", "magnitude_refit", "sparsegpt"),
    ],
)
def test_without_a_direction_the_one_to_expect_is_tested_and_told(sentence, better, worse):
    found = plan(sentence)
    assert sides(sentence) == (better, worse) and found.unambiguous and not found.directed
    assert "states no direction; that" in found.changes[0]


@pytest.mark.parametrize(
    ("sentence", "settings"),
    [
        ("second-order or magnitude at 75?", {"sparsity": 0.75}),
        ("SparseGPT next to exact OBS at half the weights", {"sparsity": 0.5}),
        ("2:4: exact or refit?", {"n": 2, "m": 4}),
        ("Going from rounding to OBQ helps at 2 bits", {"bits": 2}),
    ],
)
def test_settings_are_read_from_few_words(sentence, settings):
    (_, first, *_) = plan(sentence).experiment.arms
    assert dict(first.settings) == settings


def test_a_plan_without_a_named_method_is_not_unambiguous():
    found = plan("pruning 50% of the weights loses no accuracy")
    assert not found.unambiguous


def test_a_speed_beside_an_accuracy_is_left_out_and_said():
    found = plan("ExactOBS is faster and loses less accuracy than magnitude pruning")
    assert "faster" in " ".join(found.changes)


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        ("The speed-up over FP32 is 1.6x", "speed"),
        ("Activation pruning carries over to transformers", "activation pruning"),
        ("BRECQ is ahead of OBQ at 2 bits", "BRECQ"),
        ("The paper is well written", "judgement about the text"),
        ("Bananas are yellow", "names no compression method"),
        ("Group pruning of whole channels is widely used", "group or channel"),
        ("ExactOBS is 12x faster than magnitude pruning", "speed"),
        ("ExactOBS is 12x smaller than magnitude pruning", "storage"),
        ("ExactOBS needs fewer FLOPs than magnitude pruning", "operation counts"),
        ("AdaPrune was the strongest earlier pruner", "states no comparison"),
        ("GPTQ continues OBQ", "does not compare them"),
        ("OBC stands in the line of Optimal Brain Damage", "states no comparison"),
        ("ExactOBS and magnitude pruning are described in Sec. 4", "does not compare them"),
        ("The method beats magnitude pruning", "does not name what it holds against magnitude pruning"),
    ],
)
def test_what_states_nothing_to_measure_here_is_refused(sentence, reason):
    assert reason in refusal(sentence)
