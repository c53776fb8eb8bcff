"""`compress` and `testbeds` in the terminal: the JSON and the table, the saved file, and what bad input is told."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch

from compression_demo import testbeds
from compression_demo.storage import saving
from ui import compression
from ui.cli import main

PLAN = {
    "rules": [
        {"layers": "0", "steps": []},
        {"layers": "5", "steps": [{"method": "magnitude", "sparsity": 0.75}, {"method": "rtn", "bits": 4}]},
        {"layers": "*", "steps": [{"method": "magnitude", "sparsity": 0.5}]},
    ]
}
BUDGET = """
correction = "mean_variance"
skip = ["11"]
[budget]
metric = "flops"
target = 0.4
levels = [[], [{method = "magnitude", sparsity = [0.5, 0.75, 0.9]}]]
"""
UNDAMPED = {"method": "exact_obs", "sparsity": 0.5, "damping": 0}
"""Fewer inputs than a layer is wide make a Hessian that it cannot invert."""
SMALL = {"target": 0.5, "metric": "bytes", "levels": [[{"method": "magnitude", "sparsity": 0.9}]], "loss": "relative"}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder that keeps the net of the first call for the others."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture
def run(home, monkeypatch, capsys):
    monkeypatch.setenv("SECOND_OPINION_HOME", str(home))
    threads = torch.get_num_threads()
    torch.set_num_threads(1)

    def call(*arguments):
        code = main([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        return code, out, err

    yield call
    torch.set_num_threads(threads)


@pytest.fixture
def plan(tmp_path) -> Path:
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(PLAN), encoding="utf-8")
    return path


def test_json_tells_layers_costs_and_metrics(run, plan, tmp_path):
    code, out, _ = run(
        "compress", "--testbed", "digits-cnn", "--plan", plan, "--json", "--out", tmp_path / "x.safetensors"
    )
    found = json.loads(out)
    assert code == 0
    layers = {layer["name"]: layer for layer in found["layers"]}
    assert list(layers) == ["0", "2", "5", "9", "11"]
    assert layers["5"]["bits"] == 4 and layers["5"]["zero_share"] >= 0.75
    assert layers["0"]["steps"] == [] and layers["0"]["error"] == 0
    before, after = found["before"], found["after"]
    kept = {layer["name"]: layer["kept"] for layer in after["layers"]}
    assert kept == {"0": 144, "2": 2304, "5": 2304, "9": 4096, "11": 320}
    assert after["macs"] == before["macs"] == 460_416 and after["sparse_macs"] < 0.5 * before["sparse_macs"] + 144 * 64
    assert set(found["metrics"]["accuracy"]) == {"before", "after"}
    assert found["saved"]["bytes"] == (tmp_path / "x.safetensors").stat().st_size < before["stored_bytes"]
    loaded = saving.load(tmp_path / "x.safetensors", testbeds.digits_cnn.DigitsCnn().build())
    assert int((loaded.get_parameter("2.weight") != 0).sum()) == 2304
    assert saving.read_plan(tmp_path / "x.safetensors").to_json() == found["plan"]


def test_a_table_for_people_and_budgets_from_toml(run, tmp_path, home):
    path = tmp_path / "plan.toml"
    path.write_text(BUDGET, encoding="utf-8")
    code, out, _ = run("compress", "--testbed", "digits-cnn", "--plan", path, "--calibration", 64, "--threads", 1)
    assert code == 0
    lines = {line.split()[0]: line for line in out.splitlines() if line}
    assert "magnitude sparsity=" in lines["2"] and "dense: the plan leaves it out" in lines["11"]
    shares = {
        name: float(lines[name].split()[3].rstrip("%")) for name in ("parameters", "non-zero", "MACs", "FLOPs", "BOPs")
    }
    assert shares["parameters"] == 100 and shares["FLOPs"] == shares["MACs"] == shares["BOPs"] <= 40
    assert " FLOPs (" in lines["Budget:"] and lines["Budget:"].endswith("of the dense model's).")
    assert "accuracy" in lines and "digits-cnn, seed 0, 64 calibration inputs" in out
    assert not list(home.glob("levels-*"))


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("p.json", None, "p.json cannot be read: No such file"),
        ("p.json", "{", "p.json is not valid JSON"),
        ("p.toml", "a = ", "p.toml is not valid TOML"),
        ("p.txt", BUDGET, "p.txt is not valid JSON: Expecting value: line 2 column 1 (char 1). A plan in TOML needs the suffix .toml"),
        ("p.json", '{"rules": [{"layers": "2"}, {"layers": "conv*"}]}',
         'p.json: rules[1].layers "conv*" matches no layer of the model, which has 0, 2, 5, 9, 11'),
        ("p.json", json.dumps({"rules": [{"layers": "9", "steps": [UNDAMPED]}]}), "p.json: layer '9' was refused"),
        ("p.json", json.dumps({"budget": {"target": 0.9, "metric": "flops", "levels": [[UNDAMPED]]}}), "p.json: layer '"),
        ("p.json", b"\xff\xfe", "p.json is not valid text"),
        ("p.json", "[]", "p.json: plan must be an object"),
        ("p.json", '{"rules": [{"layers": "*", "steps": [{"method": "magic"}]}]}', "p.json: rules[0].method"),
        ("p.json", '{"rules": [{"layers": "*", "steps": [{"method": "rtn", "bits": 0}]}]}', "bits"),
        ("p.json", '{"budget": {"target": 0.5}}', "p.json: budget needs"),
        ("p.json", '{"budget": {"target": 0.01, "metric": "flops", "levels": [[{"method": "magnitude", "sparsity": 0.5}]]}}',
         "p.json: budget.target"),
        ("p.json", '{"correction": "batchnorm", "rules": [{"layers": "*", "steps": [{"method": "rtn", "bits": 4}]}]}',
         "p.json: correction"),
    ],
)  # fmt: skip
def test_bad_plan_files_exit_2_with_file_and_reason(run, tmp_path, name, text, words):
    path = tmp_path / name
    if text is not None:
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    code, out, err = run("compress", "--testbed", "digits-cnn", "--plan", path, "--calibration", 32)
    assert (code, out) == (2, "")
    assert words in err and str(path) in err
    assert len(err.strip().splitlines()) == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--testbed", "nowhere"), "testbed must be one of"),
        (("--testbed", "digits-cnn", "--calibration", "5000"), "--calibration must be at most 1197"),
        (("--testbed", "digits-cnn", "--out", "."), ". is a folder"),
    ],
)
def test_other_bad_input_exits_2_with_one_line(run, plan, arguments, words):
    code, out, err = run("compress", "--plan", plan, *arguments)
    assert (code, out) == (2, "")
    assert words in err and len(err.strip().splitlines()) == 1


@pytest.mark.parametrize("option", ["--seed=-1", "--threads=0", "--calibration=few"])
def test_numbers_out_of_range(run, plan, option, capsys):
    with pytest.raises(SystemExit) as ended:
        main(["compress", "--testbed", "digits-cnn", "--plan", str(plan), option])
    assert ended.value.code == 2 and "whole number" in capsys.readouterr().err


def test_testbeds_are_listed_with_what_to_install(run, monkeypatch):
    entries = json.loads(run("testbeds", "--json")[1])
    assert {entry["name"] for entry in entries} >= {"digits-cnn", "mnist-cnn"}
    assert all(entry["available"] or entry["reason"] for entry in entries)
    digits = testbeds.get("digits-cnn")
    monkeypatch.setattr(
        type(digits), "available", lambda self: (False, f"{self.name} needs apples: pip install apples")
    )
    code, out, _ = run("testbeds")
    assert code == 0 and "not here: digits-cnn needs apples: pip install apples" in out


def test_an_unavailable_testbed_says_what_to_install(run, plan, monkeypatch):
    digits = testbeds.get("digits-cnn")
    monkeypatch.setattr(
        type(digits), "available", lambda self: (False, f"{self.name} needs apples: pip install apples")
    )
    code, _, err = run("compress", "--testbed", "digits-cnn", "--plan", plan)
    assert code == 2 and "pip install apples" in err


def test_a_data_folder_that_is_not_there_yet_is_made(run, home, tmp_path, monkeypatch):
    """A pretrained testbed makes none: here the net is one of another folder."""
    path, fresh = tmp_path / "p.json", tmp_path / "fresh" / "home"
    path.write_text(json.dumps({"budget": SMALL}), encoding="utf-8")
    digits = type(testbeds.get("digits-cnn"))
    prepare = digits.prepare
    monkeypatch.setattr(
        digits, "prepare", lambda self, seed, count, nets, tick: prepare(self, seed, count, home / "nets", tick)
    )
    monkeypatch.setenv("SECOND_OPINION_HOME", str(fresh))
    code, out, _ = run("compress", "--testbed", "digits-cnn", "--plan", path, "--calibration", 32)
    assert code == 0 and fresh.is_dir()
    assert " bytes of tensors, without the file's header (" in out
    (tmp_path / "file").touch()
    monkeypatch.setenv("SECOND_OPINION_HOME", str(tmp_path / "file"))
    code, out, err = run("compress", "--testbed", "digits-cnn", "--plan", path, "--calibration", 32)
    assert (code, out) == (2, "") and f"{tmp_path / 'file'} cannot be written: File exists" in err


@pytest.mark.parametrize("name", ["file/x.safetensors", f"{'x' * 300}.safetensors"])
def test_a_place_that_cannot_be_written_is_refused_before_the_work(run, plan, tmp_path, monkeypatch, name):
    (tmp_path / "file").touch()
    monkeypatch.setattr(type(testbeds.get("digits-cnn")), "prepare", lambda *_: pytest.fail("was started"))
    code, out, err = run("compress", "--testbed", "digits-cnn", "--plan", plan, "--out", tmp_path / name)
    assert (code, out) == (2, "") and f"{tmp_path / name} cannot be written: " in err


def test_a_place_to_save_to_is_only_made_when_there_is_something_to_save(run, plan, tmp_path):
    out = tmp_path / "new" / "x.safetensors"
    assert run("compress", "--testbed", "nowhere", "--plan", plan, "--out", out)[0] == 2
    assert not out.parent.exists()


def test_a_full_disk_ends_it_with_one_line(run, plan, tmp_path, monkeypatch):
    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(saving, "save", fail)
    path = tmp_path / "x.safetensors"
    code, _, err = run("compress", "--testbed", "digits-cnn", "--plan", plan, "--calibration", 32, "--out", path)
    assert code == 2 and err.strip() == f"second-opinion: {path} cannot be written: No space left on device"


def test_ctrl_c_while_it_evaluates_leaves_the_saved_model(run, plan, tmp_path, monkeypatch):
    def stop(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(compression, "_evaluate", stop)
    path = tmp_path / "new" / "x.safetensors"
    code, _, err = run("compress", "--testbed", "digits-cnn", "--plan", plan, "--calibration", 32, "--out", path)
    assert code == 130 and err.strip() == f"Stopped; the compressed model is in {path}."
    assert saving.read_plan(path).to_json()["rules"] == PLAN["rules"]


def test_calibration_is_by_default_what_the_testbed_has(run, plan, monkeypatch):
    monkeypatch.setattr(type(testbeds.get("digits-cnn")), "calibration_limit", 40)
    found = json.loads(run("compress", "--testbed", "digits-cnn", "--plan", plan, "--json")[1])
    assert found["calibration"] == 40


def test_a_skip_that_matches_nothing_is_warned_of(run, tmp_path):
    path = tmp_path / "p.json"
    path.write_text(json.dumps(PLAN | {"skip": ["11", "head*"]}), encoding="utf-8")
    code, out, err = run("compress", "--testbed", "digits-cnn", "--plan", path, "--calibration", 32, "--json")
    assert code == 0 and json.loads(out)
    assert err.strip() == 'Warning: skip "head*" matches no layer of the model, which has 0, 2, 5, 9, 11.'


def test_ctrl_c_during_imports_is_no_traceback(run, monkeypatch):
    def stop(name, *_):
        if name == "ui.commands":
            raise KeyboardInterrupt

    monkeypatch.delitem(sys.modules, "ui.commands", raising=False)
    monkeypatch.delattr("ui.commands", raising=False)
    monkeypatch.setattr(sys, "meta_path", [SimpleNamespace(find_spec=stop), *sys.meta_path])
    code, out, err = run("testbeds")
    assert (code, out, err.strip()) == (130, "", "Stopped.")


def test_ctrl_c_ends_it_without_a_file(home, tmp_path):
    """Interrupted while it compresses: one line, exit code 130, nothing saved and nothing left behind."""
    path, out = tmp_path / "plan.json", tmp_path / "x.safetensors"
    # Long enough to be met at it, however busy the machine is.
    steps = [{"method": "obq", "bits": [2, 3, 4, 5, 6, 7, 8], "grid": "mse"}]
    levels = [[{"method": "exact_obs_nm", "n": n, "m": 16}, *steps] for n in range(1, 16)]
    path.write_text(json.dumps({"budget": {"target": 0.3, "metric": "bops", "levels": levels}}), encoding="utf-8")
    command = [sys.executable, "-m", "ui.cli", "compress", "--testbed", "digits-cnn", "--plan", str(path)]
    environment = os.environ | {"SECOND_OPINION_HOME": str(home)}
    process = subprocess.Popen(
        [*command, "--out", str(out)], env=environment, stderr=subprocess.PIPE, text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # ignored where tests run in the background
    )  # fmt: skip
    deadline = time.monotonic() + 60
    while not list(home.glob("levels-*")) and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130 and err.strip() == "Stopped; nothing was saved."
    assert not out.exists() and not list(home.glob("levels-*"))
