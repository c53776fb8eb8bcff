"""Estimated costs: every method has a rate, and what all seeds share is paid once."""

from pathlib import Path

import pytest
import torch

from compression_demo.algorithms import METHODS
from compression_demo.cells import CellStore
from compression_demo.costs import estimate, seed_costs, share_out
from compression_demo.engine import run_procedure, run_seed
from compression_demo.procedures import PROCEDURES, PartStore
from compression_demo.procedures.integral_pruning import MASKING_S
from compression_demo.rates import RATES, estimate_compression
from compression_demo.testbeds import LayerShape, get, names
from compression_demo.types import Arm, Estimate, Expectation, Experiment, canonical
from tests.compression_demo.procedures.small_work import small_work

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


def masked(name: str, method: str = "integral_pruning", **settings: float) -> Arm:
    return Arm(name, method, tuple(sorted({"sparsity": 0.9, "winners": 0.2, **settings}.items())))


def test_a_net_that_several_arms_begin_with_is_paid_once(tmp_path: Path) -> None:
    mlp = get("digits-mlp")
    assert mlp.epoch_s is not None
    arms = (Arm("pruned", "iterative_magnitude", (("sparsity", 0.9),)), masked("one"), masked("two", winners=0.4))
    units = masked("units", "unit_pruning")
    all_four = Experiment("digits-mlp", (*arms, units), Expectation("one", "pruned"), (0,))
    costs = seed_costs(all_four, 0, tmp_path)
    rounds, masks = 3 * 8 * mlp.epoch_s, 2 * 30 * mlp.epoch_s
    # The dense net and four others are evaluated; units are removed to the multiplications of the first masked net.
    own = 5 * mlp.seconds.evaluate + 2 * (MASKING_S + masks) + (3 * 8 + 30) * mlp.epoch_s
    assert sum(costs.arms.values()) == pytest.approx(own + rounds)
    assert costs.arms[arms[0]] == pytest.approx(mlp.seconds.evaluate + rounds), "the first of them makes it"


def test_a_part_that_is_kept_costs_nothing(tmp_path: Path) -> None:
    digits, parts = get("digits-mlp"), PartStore(tmp_path / "parts")
    pruned = Arm("pruned", "iterative_magnitude", (("sparsity", 0.9),))
    wanted = Experiment("digits-mlp", (pruned,), Expectation("pruned", "dense"), (0, 1))
    (part,) = PROCEDURES["iterative_magnitude"].parts(digits, {"sparsity": 0.9})
    parts.get(digits, 0, part.describe(), lambda: {"weight": torch.zeros(1)})
    kept, made = (seed_costs(wanted, seed, tmp_path).arms[pruned] for seed in (0, 1))
    assert made - kept == pytest.approx(part.seconds) and kept == digits.seconds.evaluate


@pytest.mark.parametrize(
    ("arms", "parts"),
    [
        ([("soft_weight_sharing", {"zeros_of": "largest"}), ("soft_weight_sharing", {"zeros_of": "smallest"})], 1),
        ([("soft_weight_sharing", {"tau": 0.1}), ("soft_weight_sharing", {"tau": 0.3})], 2),
        ([("share_by_hessian", {"clusters": 4, "hessian": "full"}), ("predict_loss_change", {"clusters": 8, "hessian": "diagonal"})], 1),
        ([("kmeans", {"clusters": 8, "weighting": "fisher"}), ("uniform", {"ratio": 9.0, "weighting": "fisher"})], 1),
        ([("deep_compression", {"sparsity": 0.9, "bits": 4}), ("kmeans", {"clusters": 8, "sparsity": 0.9})], 1),
        ([("integral_pruning", {"sparsity": 0.0, "winners": 0.2}), ("unit_pruning", {"sparsity": 0.0, "winners": 0.2, "counted": "all"})], 1),
        ([("integral_pruning", {"sparsity": 0.0, "winners": 0.2}), ("integral_pruning", {"sparsity": 0.0, "winners": 0.2, "threshold": "static"})], 2),
        ([("onnx_runtime", {"precision": "fp32"}), ("onnx_runtime", {"precision": "int8"})], 1),
    ],
)  # fmt: skip
def test_which_arms_share_parts(arms: list[tuple[str, dict]], parts: int) -> None:
    found = [part for method, settings in arms for part in PROCEDURES[method].parts(get("digits-mlp"), settings)]
    assert len({canonical(part.describe()) for part in found}) == parts
    assert len(found) == len(arms) and all(part.seconds > 0 for part in found)


def test_a_declared_part_is_the_one_that_is_made(tmp_path: Path) -> None:
    """What is estimated and what is kept bear the same name; else it would be counted where it is there already."""
    work = small_work(tmp_path)
    arms = [
        masked("a", epochs=1), masked("b", "unit_pruning", epochs=1), Arm("c", "soft_weight_sharing", (("retraining", 1),)),
        Arm("d", "kmeans", (("clusters", 4), ("sparsity", 0.5), ("weighting", "fisher"))), Arm("e", "deep_compression", (("bits", 2), ("epochs", 1), ("sparsity", 0.9))),
    ]  # fmt: skip
    declared = set()
    for arm in arms:
        cell = run_procedure(arm, work)
        parts = PROCEDURES[arm.method].parts(work.testbed, dict(arm.settings))
        names = {work.parts.name(work.testbed, work.seed, part.describe()) for part in parts}
        assert set(cell["parts"]) == names - declared and all(seconds > 0 for seconds in cell["parts"].values())
        declared |= names
    assert declared == set(work.parts.made)


def test_a_part_is_timed_without_those_that_it_needs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [0.0]
    monkeypatch.setattr("compression_demo.procedures.parts.time.monotonic", lambda: clock[0])
    parts, digits = PartStore(tmp_path), get("digits-cnn")

    def take(seconds: float) -> dict[str, torch.Tensor]:
        clock[0] += seconds
        return {"weight": torch.zeros(1)}

    def outer() -> dict[str, torch.Tensor]:
        parts.get(digits, 0, {"of": "inner"}, lambda: take(3.0))
        return take(4.0)

    parts.get(digits, 0, {"of": "outer"}, outer)
    assert sorted(parts.made.values()) == [3.0, 4.0]


def test_only_cells_of_this_machine_tell_how_fast_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    digits, store = get("digits-cnn"), CellStore(tmp_path)
    wanted = experiment("digits-cnn", (0,))
    declared = estimate(wanted, tmp_path).seconds
    slow = {"metrics": {}, "layers": [], "seconds": {"net": 10 * digits.seconds.net}}
    for seed in (7, 8):
        store.put(digits, OURS, seed, 16, slow | {"machine": "another"})
    assert estimate(wanted, tmp_path).seconds == declared
    store.put(digits, OURS, 9, 16, slow)
    assert estimate(wanted, tmp_path).seconds == pytest.approx(10 * declared, rel=0.05)


def test_cells_of_older_sources_tell_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    digits, store = get("digits-cnn"), CellStore(tmp_path)
    slow = {"metrics": {}, "layers": [], "seconds": {"compress": 100.0, "net": 100.0}}
    declared = estimate(experiment("digits-cnn", (0,)), tmp_path).seconds
    with monkeypatch.context() as older:
        older.setattr("compression_demo.cells.hash_method", lambda method: "older")
        for method in ("integral_pruning", "no_longer_there"):
            store.put(digits, Arm("a", method, (("a_setting_that_was_renamed", 1),)), 7, 16, slow)
    assert estimate(experiment("digits-cnn", (0,)), tmp_path).seconds == declared


def test_times_of_another_machine_are_not_this_ones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    digits, store = get("digits-mlp"), CellStore(tmp_path)
    timed, counted = masked("timed", "time_masks"), masked("counted")
    for arm in (timed, counted):
        store.put(digits, arm, 0, 16, {"metrics": {}, "layers": [], "seconds": {}})
    assert store.get(digits, timed, 0, 16) and store.get(digits, counted, 0, 16)
    monkeypatch.setattr("compression_demo.cells.machine_id", lambda: "another")
    assert store.get(digits, timed, 0, 16) is None and store.get(digits, counted, 0, 16)


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
