"""Experiments that people write: the same in TOML and JSON, and every fault told with file, field and rule."""

import json
from pathlib import Path

import pytest

from compression_demo.experiment_file import BadExperimentFile, read_experiment
from compression_demo.types import Arm, Expectation, Experiment

TOML = """
claim = "OBQ beats rounding at 2 bits"
bears_on = "a question of mine"
testbed = "digits-cnn"
seeds = [0, 1, 2]
calibration = 128

[[arms]]
name = "OBQ"
method = "obq"
settings = { bits = 2, per_channel = true }

[[arms]]
name = "rounding"
method = "rtn"
settings = { per_channel = true, bits = 2 }

[expectation]
treatment = "OBQ"
baseline = "rounding"
metric = "accuracy"

[[around]]
treatment = "OBQ"
baseline = "rounding"
metric = "layer_error"
"""
EXPERIMENT = Experiment(
    "digits-cnn",
    (Arm("OBQ", "obq", (("bits", 2), ("per_channel", True))), Arm("rounding", "rtn", (("bits", 2), ("per_channel", True)))),
    Expectation("OBQ", "rounding"),
    (0, 1, 2),
    128,
    (Expectation("OBQ", "rounding", "layer_error"),),
)  # fmt: skip


def put(folder: Path, text: str, name: str = "mine.toml") -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def test_toml_and_json_and_the_spec_of_a_run_are_the_same(tmp_path):
    found = read_experiment(put(tmp_path, TOML))
    assert found.experiment == EXPERIMENT
    assert (found.claim, found.bears_on) == ("OBQ beats rounding at 2 bits", "a question of mine")
    stored = put(tmp_path, json.dumps(EXPERIMENT.to_json()), "experiment.json")
    assert read_experiment(stored).experiment.digest == EXPERIMENT.digest


def test_seeds_and_calibration_have_defaults(tmp_path):
    lines = [line for line in TOML.splitlines() if not line.startswith(("seeds", "calibration"))]
    found = read_experiment(put(tmp_path, "\n".join(lines))).experiment
    assert found.seeds == (0, 1, 2, 3, 4) and found.calibration == 256


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('testbed = "digits-cnn"', "", "testbed is missing"),
        ('testbed = "digits-cnn"', 'testbed = "imagenet"', "testbed"),
        ('testbed = "digits-cnn"', 'testbed = "digits-cnn"\nepochs = 3', "experiment.epochs is no field"),
        ('method = "obq"', 'method = "magic"', "arm 'OBQ': method"),
        ('method = "obq"', "method = 3", "arms[0].method must be a text"),
        ('name = "OBQ"', "", "arms[0].name is missing"),
        ("bits = 2, per_channel", "bits = 99, per_channel", "arm 'OBQ': bits"),
        ("bits = 2, per_channel", "bits = [2], per_channel", "arms[0].settings.bits must be a number"),
        ("bits = 2, per_channel", "bits = 2, speed = 3, per_channel", "arm 'OBQ'"),
        ('treatment = "OBQ"', 'treatment = "nobody"', "expectation.treatment must be one of the arms"),
        ('treatment = "OBQ"', 'treatment = "OBQ"\nminus = ["OBQ"]', "expectation.minus must be two arms"),
        ('treatment = "OBQ"', 'treatment = "OBQ"\nwinner = "OBQ"', "expectation.winner is no field"),
        ('metric = "accuracy"', 'metric = "speed"', "expectation.metric"),
        ('metric = "accuracy"', 'direction = "up"', "expectation.direction must be one of"),
        ('metric = "accuracy"', 'margin = "big"', "expectation.margin must be a finite number"),
        ("seeds = [0, 1, 2]", "seeds = 3", "seeds must be a list"),
        ("seeds = [0, 1, 2]", "seeds = [0, 0]", "seeds must differ"),
        ("seeds = [0, 1, 2]", 'seeds = ["a"]', "seeds must be whole numbers"),
        ("calibration = 128", "calibration = 1e9", "calibration must be a whole number"),
        ("seeds = [0, 1, 2]", "seeds = [0, 1, 2", "is not TOML"),
    ],
)
def test_a_fault_is_told_with_file_field_and_rule(tmp_path, old, new, words):
    assert old in TOML
    file = put(tmp_path, TOML.replace(old, new, 1))
    with pytest.raises(BadExperimentFile) as refused:
        read_experiment(file)
    assert str(file) in str(refused.value) and words in str(refused.value)


def test_files_that_are_none_are_told(tmp_path):
    for name, text, words in (("a.json", "{", "is not JSON"), ("a.json", "[]", "must be a table"), ("a.txt", TOML, "only files that end in .toml")):  # fmt: skip
        with pytest.raises(BadExperimentFile, match=words):
            read_experiment(put(tmp_path, text, name))
    (tmp_path / "b.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(BadExperimentFile, match="UTF-8"):
        read_experiment(tmp_path / "b.toml")
    with pytest.raises(BadExperimentFile, match="cannot be read"):
        read_experiment(tmp_path / "none.toml")
