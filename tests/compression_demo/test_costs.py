"""Estimated costs: every method has a rate, and what all seeds share is paid once."""

from pathlib import Path

import pytest

from compression_demo.algorithms import METHODS
from compression_demo.cells import CellStore
from compression_demo.costs import estimate, seed_costs, share_out
from compression_demo.engine import run_seed
from compression_demo.rates import RATES, estimate_compression
from compression_demo.testbeds import LayerShape, get, names
from compression_demo.types import Arm, Estimate, Expectation, Experiment

OURS, THEIRS = Arm("ours", "exact_obs", (("sparsity", 0.5),)), Arm("theirs", "magnitude", (("sparsity", 0.5),))


def experiment(testbed: str, seeds: tuple[int, ...], calibration: int = 16) -> Experiment:
    return Experiment(testbed, (OURS, THEIRS), Expectation("ours", "theirs"), seeds, calibration)


def test_every_method_has_a_rate() -> None:
    assert set(METHODS) <= set(RATES)
    assert estimate_compression("dense", get("digits-cnn").layers) == 0
    assert all(estimate_compression(method, get(name).layers) > 0 for method in METHODS for name in names())


def test_greedy_methods_cost_a_cube_of_the_columns_and_depthwise_layers_little() -> None:
    wide, wider = (estimate_compression("exact_obs", [LayerShape(64, cols)]) for cols in (4000, 8000))
    assert 6 < wider / wide < 8.5
    assert 0.15 < estimate_compression("exact_obs", [LayerShape(32, 1152)]) < 0.4, "0.21 s were measured"
    assert estimate_compression("exact_obs", [LayerShape(960, 9, groups=960)]) < 0.05


def test_costs_of_a_seed(tmp_path: Path) -> None:
    digits = get("digits-cnn")
    few, many = (seed_costs(experiment("digits-cnn", (0,), n), 0, tmp_path) for n in (16, 1016))
    assert many.calibrate - few.calibrate == pytest.approx(1000 * digits.seconds.calibrate)
    assert few.net == digits.seconds.net
    assert [arm.method for arm in few.arms] == ["dense", "exact_obs", "magnitude"]
    dense, ours, theirs = few.arms.values()
    assert dense == digits.seconds.evaluate < theirs < ours
    file = digits.net_file(0, tmp_path / "nets")
    assert file is not None
    file.parent.mkdir(parents=True)
    file.touch()
    assert seed_costs(experiment("digits-cnn", (0,)), 0, tmp_path).net == 0


def test_a_net_that_all_seeds_share_is_paid_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("compression_demo.costs.available_cores", lambda: 1)
    one, two = (estimate(experiment("smollm2-perplexity", seeds), tmp_path).seconds for seeds in ((0,), (0, 1)))
    language = get("smollm2-perplexity").seconds
    assert two - one == pytest.approx(one - language.start - language.net, abs=0.2)
    one, two = (estimate(experiment("mnist-resnet", seeds), tmp_path).seconds for seeds in ((0,), (0, 1)))
    assert two - one == pytest.approx(one - get("mnist-resnet").seconds.start, abs=0.2)


def test_a_pass_for_several_arms_is_shared_and_tells_nothing_of_one(tmp_path: Path) -> None:
    """Six sparsities cost one elimination, and what it took does not make the machine look six times as fast."""
    arms = tuple(Arm(f"{share}", "exact_obs", (("sparsity", share),)) for share in (0.4, 0.5, 0.6, 0.7, 0.8, 0.9))
    swept = Experiment("digits-cnn", arms, Expectation("0.4", "0.5"), (0,), 16)
    one, six = (seed_costs(e, 0, tmp_path) for e in (experiment("digits-cnn", (0,)), swept))
    evaluate = get("digits-cnn").seconds.evaluate
    alone = one.arms[OURS] - evaluate
    assert sum(seconds - evaluate for arm, seconds in six.arms.items() if arm.method != "dense") == pytest.approx(alone)
    run_seed(swept, 0, tmp_path, lambda done, words: None)
    cells = list(CellStore(tmp_path).latest(get("digits-cnn")))
    assert len(cells) == 7
    assert [cell["of"]["method"] for cell in cells if "compress" in cell["seconds"]] == ["dense"]


def test_as_many_seeds_run_side_by_side_as_fit_into_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("compression_demo.costs.available_cores", lambda: 4)
    small, large = get("digits-cnn"), get("smollm2-perplexity")
    assert large.memory_gb > 5
    assert [len(share_out([0, 1, 2, 3], testbed, 12.0)) for testbed in (small, large)] == [4, 2]
    assert share_out([0, 1], large, 1.0) == [[0, 1]], "one at least, whatever the limit"
    assert sorted(seed for share in share_out([5, 6, 7, 8, 9], small) for seed in share) == [5, 6, 7, 8, 9]


def test_memory_is_that_of_all_workers_side_by_side(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("compression_demo.costs.available_cores", lambda: 4)
    one, four = (estimate(experiment("mnist-resnet", seeds), tmp_path) for seeds in ((0,), (0, 1, 2, 3, 4, 5)))
    assert (one.memory_gb, four.memory_gb) == (1.0, 4.0)
    assert four.in_words() == f"{four.seconds:.0f} s, up to 4 GB of memory"
    assert Estimate(0.0, 3, 3).in_words() == "0 s"
