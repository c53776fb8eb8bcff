"""One seed of an experiment: take its trial, calibrate, compress by every arm, evaluate, store the cells."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .algorithms import METHODS
from .cells import DENSE, CellStore, group_arms
from .costs import seed_costs
from .methods import title_of
from .models import layers
from .models.calibration import measure_hessians
from .models.calls import observing, split_calls
from .models.copying import copy_model
from .models.plan import Step
from .models.steps import find_obstacle, run_method
from .procedures import PROCEDURES, PartStore, Work
from .testbeds import LAYER_ERROR, Tick, Trial, get
from .types import Experiment

if TYPE_CHECKING:
    import torch

    from .types import Arm


def run_seed(experiment: Experiment, seed: int, home: Path, tick: Tick) -> None:
    """Compute and store the missing cells of one seed; all arms see the same net, calibration and test inputs.

    `tick` is told the share of the seed's work that is done, and what comes next.
    """
    testbed, store = get(experiment.testbed), CellStore(home)
    costs = seed_costs(experiment, seed, home)
    if not costs.arms:
        return
    net_share = costs.net / costs.total
    clock = [time.monotonic()]
    trial = testbed.prepare(seed, experiment.calibration, home / "nets", lambda done, say: tick(done * net_share, say))
    clock.append(time.monotonic())
    tick(net_share, "measuring the layers' inputs")
    workbench = Workbench(trial)
    clock.append(time.monotonic())
    spent = {"net": clock[1] - clock[0] if costs.net else 0.0, "calibrate": clock[2] - clock[1]}
    done = costs.net + costs.calibrate
    work = Work(testbed, trial, seed, tick, PartStore(home / "parts"))
    for group in group_arms(costs.arms):
        tick(done / costs.total, _describe(group))
        if group[0].method in PROCEDURES:
            (arm,), share = group, costs.arms[group[0]] / costs.total
            work = replace(work, tick=_part_of(tick, done / costs.total, share, _describe(group)))
            store.put(testbed, arm, seed, experiment.calibration, run_procedure(arm, work))
            done += costs.arms[arm]
            continue
        compressed, compress_s = workbench.compress(group)
        for arm, weights in zip(group, compressed, strict=True):
            before = time.monotonic()
            cell = workbench.evaluate(weights)
            cell["seconds"] = {"evaluate": time.monotonic() - before} | (spent if arm == DENSE else {})
            if len(group) == 1:  # what one pass took for several arms tells nothing about one of them
                cell["seconds"]["compress"] = compress_s
            store.put(testbed, arm, seed, experiment.calibration, cell)
            done += costs.arms[arm]
    tick(1.0, "done")


def run_procedure(arm: Arm, work: Work) -> dict[str, Any]:
    """The cell of a procedure: its own metrics and, where it made a net, the testbed's; its table; its seconds, those of the
    parts that it made for others too by themselves."""
    started, before = time.monotonic(), set(work.parts.made)
    outcome = PROCEDURES[arm.method].run(work, **dict(arm.settings))
    parts = {name: seconds for name, seconds in work.parts.made.items() if name not in before}
    compress_s, metrics = time.monotonic() - started, dict(outcome.metrics)
    if outcome.model is not None:
        metrics = work.trial.evaluate(outcome.model.eval()) | metrics
    evaluate_s = time.monotonic() - started - compress_s
    seconds = {"compress": compress_s - sum(parts.values()), "evaluate": evaluate_s}
    return {"metrics": metrics, "layers": [dict(line) for line in outcome.layers], "seconds": seconds, "parts": parts}


class Workbench:
    """The layers of a trial with their dense weights and Hessians, ready for any arm.

    Layers whose weights cannot be replaced, and those that the calibration or the held-out inputs do not reach, stay
    dense and are not among them.
    """

    def __init__(self, trial: Trial) -> None:
        self.trial = trial
        unsupported = layers.find_unsupported(trial.model)
        found = layers.find_layers(trial.model)
        supported = {name: layer for name, layer in found.items() if name not in unsupported}
        with observing(trial.model):
            self.hessians = measure_hessians(supported, split_calls(trial.model, trial.calibration))
            self.held_out = measure_hessians(supported, split_calls(trial.model, trial.held_out))
        reached = self.hessians.keys() & self.held_out.keys()
        self.layers = {name: layer for name, layer in supported.items() if name in reached}
        self.dense = {name: layers.read_weight(layer) for name, layer in self.layers.items()}

    def compress(self, group: list[Arm]) -> tuple[list[dict[str, torch.Tensor]], float]:
        """All layers by each arm of a group, every layer alone and at the same setting; and the seconds it took.

        Layers that the method cannot take, such as 2:4 on a single input channel, stay dense.
        """
        started = time.monotonic()
        weights: list[dict[str, torch.Tensor]] = [{} for _ in group]
        for name in self.dense:
            for index, weight in enumerate(self._compress_layer(name, group)):
                weights[index][name] = weight
        return weights, time.monotonic() - started

    def evaluate(self, weights: dict[str, torch.Tensor]) -> dict[str, Any]:
        """The cell of compressed weights: the trial's metrics, the layer error, and the layers one by one."""
        model = copy_model(self.trial.model)
        found = layers.find_layers(model)
        for name, weight in weights.items():
            layers.write_weight(found[name], weight)
        errors = layers.relative_error(weights, self.dense, self.held_out)
        metrics = self.trial.evaluate(model) | {LAYER_ERROR.name: sum(errors.values())}
        table = [
            {
                "layer": name,
                "rows": weight.shape[0],
                "cols": weight.shape[1],
                "zero_share": float((weight == 0).double().mean()),
                "error": errors[name],
            }
            for name, weight in weights.items()
        ]
        return {"metrics": metrics, "layers": table}

    def _compress_layer(self, name: str, group: list[Arm]) -> list[torch.Tensor]:
        """The layer's weight (rows, cols) by each arm of a group, from one pass of their common method."""
        layer, weight, first = self.layers[name], self.dense[name], group[0]
        if first.method == "dense" or find_obstacle(layer, [Step(first.method, first.settings)]):
            return [weight for _ in group]
        settings: dict[str, Any] = dict(first.settings)
        sweep = METHODS[first.method].sweep
        if sweep:
            settings[sweep] = [dict(arm.settings)[sweep] for arm in group]
        found = run_method(layer, weight, self.hessians[name], first.method, settings)
        return [result.weight for result in (found if sweep else [found])]


def _describe(group: list[Arm]) -> str:
    if group[0].method == "dense":
        return "evaluating the dense net"
    return "compressing by " + " and ".join(f"{title_of(arm.method)} ({arm.setting_text()})" for arm in group)


def _part_of(tick: Tick, begin: float, share: float, doing: str) -> Tick:
    """The progress of a part that takes `share` of the whole from `begin` on."""
    return lambda done, words: tick(begin + share * done, f"{doing}: {words}")
