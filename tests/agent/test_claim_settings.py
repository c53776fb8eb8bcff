"""Sparsities, bit widths, seeds and margins are read as stated; what is chosen or cut is said."""

import pytest

from agent.setting_changes import settings_in, with_settings
from tests.agent.plans import plan, refusal


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
    found = plan(f"ExactOBS beats magnitude pruning {setting}")
    assert dict(found.experiment.arms[1].settings) == {"sparsity": sparsity}
    assert found.experiment.expectation.margin == margin
    assert note in " ".join(found.changes)


def test_accuracies_are_not_sparsities_and_changes_are_named():
    sentence = "For ResNet-50 on ImageNet at a 4x FLOP reduction, ExactOBS reaches 74.05 % top-1, against 64.84 % for global magnitude pruning."
    found = plan(sentence)
    assert dict(found.experiment.arms[1].settings) == {"sparsity": 0.9}
    said = " ".join(found.changes)
    assert "ImageNet" in said and "FLOP target" in said and "90 %" in said


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
    found = plan(f"OBQ beats RTN {setting}")
    assert note in " ".join(found.changes)


def test_seeds_and_testbed_are_read():
    experiment = plan("Check that OBQ beats RTN at 3 bits on digits with ten seeds").experiment
    assert experiment.testbed == "digits-cnn"
    assert len(experiment.seeds) == 10
    assert len(plan("OBQ beats RTN with 1 seed").experiment.seeds) >= 3


def test_layer_error_is_its_own_metric():
    experiment = plan("ExactOBS has lower layer error than AdaPrune at 75 percent").experiment
    assert experiment.expectation.metric == "layer_error"


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        ("ExactOBS at 2:4 equals 4:8", "N:M"),
        ("ExactOBS beats magnitude pruning at 100 % sparsity", "no weight is left"),
        ("ExactOBS beats magnitude pruning at 0 % sparsity", "nothing is removed"),
        ("OBQ beats RTN at 0 bits", "a whole number from 1 to 16"),
        ("OBQ beats RTN by 150 points", "cannot differ"),
    ],
)
def test_settings_that_leave_nothing_to_compare_are_refused(sentence, reason):
    assert reason in refusal(sentence)


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
