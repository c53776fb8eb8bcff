"""What of a submission can be tested, all of it run into a dossier, and an experiment of one's own."""

import json
import xml.etree.ElementTree as ET

import pytest

from compression_demo.experiment_file import read_experiment
from compression_demo.runs import RunStore
from ui.cli import main

OWN = """---
id: own-paper
title: Rounding <b>well</b>
---

# Notes

## Contributions
- On digits with three seeds, OBQ reaches 92.5 % at 2 bits, against 81.0 % for round-to-nearest. [Table 1; checked]
- OBQ beats round-to-nearest at 2 bits on digits with three seeds. [Abstract; checked]
- BRECQ loses less accuracy than OBQ at 2 bits. [Abstract; checked]
- It counts whiskers. [Abstract; checked]
"""


@pytest.fixture
def run(home, monkeypatch, capsys, tmp_path):
    monkeypatch.setenv("SECOND_OPINION_HOME", str(home))
    file = tmp_path / "own.md"
    file.write_text(OWN, encoding="utf-8")
    assert main(("import", str(file))) == 0
    capsys.readouterr()

    def call(*arguments):
        code = main([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        return code, out, err

    return call


def test_claims_are_listed_with_their_experiments_or_the_reason(run):
    code, out, _ = run("claims", "--submission", "own-paper", "--json")
    found = json.loads(out)["claims"]
    testable = [one for one in found if "experiment" in one]
    refused = [one for one in found if "not_testable" in one]
    assert code == 0 and len(testable) == 2 and all(one["estimate_s"] > 0 < one["estimate_gb"] for one in testable)
    assert testable[0]["experiment"]["digest"] == testable[1]["experiment"]["digest"]
    assert {"hypothesis", "plan", "changes", "cells", "kind", "source", "passage"} <= testable[0].keys()
    assert ["BRECQ" in one["sentence"] for one in refused] == [True] and "BRECQ" in refused[0]["not_testable"]
    assert not any("whiskers" in one["sentence"] for one in found)
    code, out, _ = run("claims", "--submission", "own-paper")
    assert code == 0 and "2 of 3 claims" in out and "OBQ is higher in test accuracy" in out


def test_all_of_a_submission_goes_into_a_dossier_that_is_resumed(run, tmp_path, home):
    folder = tmp_path / "dossier"
    assert run("verify", "--submission", "own-paper", "--all", "--out", folder)[0] == 3  # nobody said yes
    code, out, _ = run("verify", "--submission", "own-paper", "--all", "--yes", "--out", folder, "--json")
    told = json.loads(out)
    assert code == 0 and len(told["verdicts"]) == 1 and told["folder"] == str(folder)
    digest = told["verdicts"][0]["digest"]
    markdown = (folder / "dossier.md").read_text(encoding="utf-8")
    assert markdown.count("## 1. ") == 1 and "## Not testable here" in markdown and "BRECQ" in markdown
    assert "92.5 %, 81.0 %" in markdown and "For the decision" in markdown and "| OBQ (2 bits) |" in markdown
    (row,) = [line for line in markdown.splitlines() if line.startswith("| [1. ")]
    assert row.split(" | ")[1].startswith("OBQ ") and row.split(" | ")[2] in (
        "supported",
        "contradicted",
        "inconclusive",
    )
    assert "Rounding \\<b\\>well" in markdown and f"plots/{digest[:12]}.svg" in markdown
    page = (folder / "dossier.html").read_text(encoding="utf-8")
    assert "<b>well</b>" not in page and "&lt;b&gt;well" in page and page.count("<svg") == 1 and "<script" not in page
    assert "var(" not in (folder / "plots" / f"{digest[:12]}.svg").read_text(encoding="utf-8")
    assert ET.parse(folder / "plots" / f"{digest[:12]}.svg").getroot().tag.endswith("svg")
    spec = folder / "specs" / f"{digest[:12]}.json"
    assert read_experiment(spec).experiment.digest == digest
    # what has run is not run again, and needs no yes
    before = RunStore(home).status(digest)
    assert run("verify", "--submission", "own-paper", "--all", "--out", folder)[0] == 0
    assert RunStore(home).status(digest).started == before.started
    code, out, _ = run("verify", "--experiment", spec, "--json")
    assert code == 0 and json.loads(out)["verdict"]["digest"] == digest and json.loads(out)["cached"]
    assert "OBQ" in run("verify", "--experiment", spec)[1]


def test_an_experiment_of_ones_own_needs_a_yes_and_names_its_faults(run, tmp_path):
    file = tmp_path / "mine.toml"
    file.write_text(
        'testbed = "digits-cnn"\nseeds = [0, 1, 2]\n[[arms]]\nname = "a"\nmethod = "rtn"\nsettings = { bits = 2 }\n'
        '[[arms]]\nname = "b"\nmethod = "rtn"\nsettings = { bits = 4 }\n[expectation]\ntreatment = "b"\nbaseline = "a"\n',
        encoding="utf-8",
    )
    code, _, err = run("verify", "--experiment", file)
    assert code == 3 and "--yes" in err and "Estimated: " in err
    file.write_text(file.read_text(encoding="utf-8").replace("bits = 2", "bits = 0"), encoding="utf-8")
    code, _, err = run("verify", "--experiment", file)
    assert code == 2 and str(file) in err and "bits" in err and err.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("verify", "--all"), "--submission"),
        (("verify", "OBQ", "--experiment", "x.toml"), "one of"),
        (("verify", "--submission", "nothing", "--all"), "nothing"),
        (("claims", "--submission", "nothing"), "nothing"),
        (("verify", "--experiment", "none.toml"), "cannot be read"),
    ],
)
def test_bad_input_exits_2_with_one_line(run, arguments, words):
    code, _, err = run(*arguments)
    assert code == 2 and words in err and err.count("\n") == 1
