"""Compression of models, and from an experiment to a verdict. Knows no prose and no papers.

`compress(model, calibration, plan)` compresses any model by a `Plan`. The walk of an experiment: `validation.validate` ->
`costs.estimate` -> `runs.RunStore.submit` -> `executor` (a process of its own) -> `worker` (one process per core) ->
`engine.run_seed` -> `judge.judge`.
"""

from .models.compress import CompressedModel, LayerReport, compress
from .models.plan import Plan, Rule, Step, make_rule, make_step

__all__ = ["CompressedModel", "LayerReport", "Plan", "Rule", "Step", "compress", "make_rule", "make_step"]
