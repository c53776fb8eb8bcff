"""What a chair changes from one check to the next takes the place of the claim's own."""

import pytest

from agent.setting_changes import changes_settings_only, settings_in, with_settings, without_settings


@pytest.mark.parametrize(
    ("message", "settings"),
    [
        ("Run it at 3 bits as well", "at 3 bits"),
        ("use five seeds", "with five seeds"),
        ("on MNIST instead", "on MNIST"),
        ("with k = 8", "with k = 8"),
        ("and with 16 clusters?", "with 16 clusters"),
        ("and at 2:4?", "at 2:4"),
        ("what about 50 % sparsity?", "at 50 % sparsity"),
        ("the same with a winner rate of 20 %", "with a winner rate of 20 %"),
        ("take 100 calibration images", "with 100 calibration images"),
        ("Could you repeat that with ten seeds on digits, please?", "with ten seeds on digits"),
    ],
)
def test_messages_that_only_change_settings(message, settings):
    assert settings_in(message) == settings and changes_settings_only(message)


@pytest.mark.parametrize(
    "message",
    ["why is that inconclusive?", "Does it hold at 3 bits?", "OBQ beats rounding at 2 bits", "run it", "Thanks!"],
)
def test_messages_that_say_more_or_change_nothing(message):
    assert not changes_settings_only(message)


@pytest.mark.parametrize(
    ("claim", "settings", "changed"),
    [
        ("Is 2-bit OBQ better than RTN?", "at 3 bits", "Is OBQ better than RTN at 3 bits"),
        ("Hessian weighting beats k-means with 4 clusters", "at 3 bits", "Hessian weighting beats k-means at 3 bits"),
        ("Hessian weighting beats k-means at 3 bits", "with k = 8", "Hessian weighting beats k-means with k = 8"),
        ("ExactOBS beats AdaPrune at 2:4?", "at 90 % sparsity", "ExactOBS beats AdaPrune at 90 % sparsity"),
        ("Is exact OBS better than AdaPrune at 90 %?", "at 2:4", "Is exact OBS better than AdaPrune at 2:4"),
        ("Pruned nets are denser, with five seeds", "with ten seeds", "Pruned nets are denser, with ten seeds"),
    ],
)
def test_a_change_replaces_what_the_claim_said_of_it(claim, settings, changed):
    assert with_settings(claim, settings) == changed


def test_what_is_left_of_a_message():
    assert without_settings("does that hold at 3 bits on MNIST?") == "does that hold ?"
