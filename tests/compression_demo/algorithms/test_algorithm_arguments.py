"""Impossible arguments are refused with the argument and the rule, by every method that takes them."""

import re
from typing import Any

import pytest
import torch

from compression_demo.algorithms import METHODS, prune_unstructured, quantize_obq, refit
from compression_demo.algorithms.registry import SPARSITY, method
from compression_demo.errors import ArgumentError, DuplicateName

WEIGHT = torch.ones(2, 4)
HESSIAN = torch.eye(4)
NEEDED: dict[str, dict[str, Any]] = {
    name: {"bits": 3} if entry.kind == "quantize" else {"sparsity": 0.5} for name, entry in METHODS.items()
} | {"exact_obs_nm": {"n": 2, "m": 4}, "exact_obs_blocks": {"sparsity": 0.5, "block": 2}}
SWEPT = [name for name, entry in METHODS.items() if entry.sweep == "sparsity"]
QUANTIZERS = [name for name, entry in METHODS.items() if entry.kind == "quantize"]


def run(name: str, weight: torch.Tensor = WEIGHT, hessian: torch.Tensor = HESSIAN, **changed):
    return METHODS[name].run(weight, hessian, **(NEEDED[name] | changed))


BAD_TENSORS: dict[str, tuple[dict[str, Any], str]] = {
    "a vector": ({"weight": torch.ones(4)}, "weight must be a non-empty matrix"),
    "no rows": ({"weight": torch.ones(0, 4)}, "weight must be a non-empty matrix"),
    "whole numbers": ({"weight": torch.ones(2, 4, dtype=torch.int64)}, "weight must be a torch tensor of float32"),
    "a NaN weight": ({"weight": WEIGHT * float("nan")}, "weight must hold finite values"),
    "an infinite weight": ({"weight": WEIGHT / 0}, "weight must hold finite values"),
    "other columns": ({"hessian": torch.eye(5)}, "hessian must be of shape (4, 4)"),
    "groups that do not divide the rows": (
        {"hessian": torch.eye(4).expand(3, 4, 4)},
        "hessian must have a number of groups",
    ),
    "a NaN Hessian": ({"hessian": HESSIAN * float("nan")}, "hessian must hold finite values"),
    "an asymmetric Hessian": ({"hessian": torch.eye(4) + torch.ones(4, 4).triu(1)}, "hessian must be symmetric"),
    "an indefinite Hessian": ({"hessian": torch.diag(torch.tensor([1.0, 1, 1, -0.005]))}, "positive semi-definite"),
    "a negative Hessian": ({"hessian": -HESSIAN}, "hessian must be positive semi-definite"),
}


@pytest.mark.parametrize("name", METHODS)
@pytest.mark.parametrize("what", BAD_TENSORS)
def test_bad_tensors(name: str, what: str) -> None:
    changed, rule = BAD_TENSORS[what]
    with pytest.raises(ArgumentError, match=re.escape(rule)):
        run(name, **changed)


@pytest.mark.parametrize("name", SWEPT)
@pytest.mark.parametrize("value", [1.2, -0.1, float("nan"), "0.5", True, None, [0.5, 1.2]])
def test_bad_sparsities(name: str, value: object) -> None:
    with pytest.raises(ArgumentError, match=r"sparsity must be a number from 0 to 1"):
        run(name, sparsity=value)


@pytest.mark.parametrize("name", QUANTIZERS)
@pytest.mark.parametrize(
    ("argument", "value"),
    [
        ("bits", 0), ("bits", -1), ("bits", 17), ("bits", 2.5), ("bits", True), ("symmetric", 1), ("per_channel", "yes"),
        ("grid", "percentile"), ("mask", torch.ones(4, 2, dtype=torch.bool)), ("mask", torch.ones(2, 4)),
    ],
)  # fmt: skip
def test_bad_quantizer_settings(name: str, argument: str, value: Any) -> None:
    with pytest.raises(ArgumentError, match=f"^{argument} must be") as raised:
        run(name, **{argument: value})
    assert raised.value.argument == argument


@pytest.mark.parametrize("value", [-0.1, float("inf"), "big", False])
def test_bad_damping(value: object) -> None:
    for name in (name for name, entry in METHODS.items() if "damping" in entry.settings):
        with pytest.raises(ArgumentError, match="damping must be a finite number of 0 or more"):
            run(name, damping=value)


@pytest.mark.parametrize("value", [0, -2, 1.5, True])
def test_bad_threads(value: object) -> None:
    for name in ("exact_obs", "exact_obs_nm", "exact_obs_blocks", "obq"):
        with pytest.raises(ArgumentError, match="threads must be a whole number"):
            run(name, threads=value)


@pytest.mark.parametrize(
    ("changed", "argument"),
    [({"n": 3, "m": 2}, "n"), ({"n": -1, "m": 4}, "n"), ({"n": 1, "m": 3}, "m"), ({"n": 1, "m": 0}, "m"), ({"n": 1.0}, "n")],
)  # fmt: skip
def test_bad_patterns(changed: dict[str, Any], argument: str) -> None:
    with pytest.raises(ArgumentError, match=f"^{argument} must") as raised:
        run("exact_obs_nm", **changed)
    assert raised.value.argument == argument


@pytest.mark.parametrize("value", [0, -1, 3, 2.0, True])
def test_bad_blocks(value: object) -> None:
    with pytest.raises(ArgumentError, match=r"^block must"):
        run("exact_obs_blocks", block=value)


@pytest.mark.parametrize("value", [0, -1, 2.5, True])
def test_bad_group_sizes(value: object) -> None:
    for name in QUANTIZERS:
        with pytest.raises(ArgumentError, match=r"^group_size must be a whole number"):
            run(name, group_size=value)


def test_a_rank_deficient_hessian_needs_damping() -> None:
    hessian = torch.ones(4, 4)
    for call in (
        lambda: prune_unstructured(WEIGHT, hessian, sparsity=0.5, damping=0.0),
        lambda: quantize_obq(WEIGHT, hessian, bits=2, damping=0.0),
        lambda: refit(WEIGHT, hessian, WEIGHT > 0, damping=0.0),
    ):
        with pytest.raises(ArgumentError, match="damping must be larger"):
            call()
    assert int(prune_unstructured(WEIGHT, hessian, sparsity=0.5).mask.sum()) == 4


def test_a_hessian_summed_in_float32_is_accepted() -> None:
    inputs = torch.randn(200, 40, generator=torch.Generator().manual_seed(0))
    assert prune_unstructured(torch.ones(1, 200), inputs @ inputs.T, sparsity=0.5).mask.sum() == 100


def test_methods_name_the_setting_they_do_not_take_or_lack() -> None:
    with pytest.raises(ArgumentError, match="bits is no setting of exact_obs, which takes sparsity, damping"):
        METHODS["exact_obs"].check({"sparsity": 0.5, "bits": 3})
    with pytest.raises(ArgumentError, match="sparsity is needed by magnitude"):
        METHODS["magnitude"].check({})
    assert METHODS["rtn"].check({"bits": 3, "per_channel": False}) == {"bits": 3, "per_channel": False}


def test_the_registry_holds_the_methods_once() -> None:
    assert {"exact_obs", "exact_obs_nm", "exact_obs_blocks", "magnitude", "magnitude_refit", "obq", "rtn"} <= set(
        METHODS
    )
    for taken in ("exact_obs", "dense"):
        with pytest.raises(DuplicateName, match=taken):
            method(taken, title="again", kind="prune", settings=(SPARSITY,))(prune_unstructured)
    assert METHODS["exact_obs"].run is prune_unstructured
