"""What acts on a whole net: one method of a paper a file, registered under its name."""

from . import (
    compress_by_plan,
    downdate_inverse,
    fold_norms,
    integer_inference,
    integral_pruning,
    predict_loss_change,
    prune_iteratively,
    prune_units,
    quantize_winograd,
    retrain_integers,
    sampled_prior,
    share_by_entropy,
    share_by_hessian,
    share_by_kmeans,
    share_uniformly,
    soft_weight_sharing,
    time_runtime,
)
from .parts import PartStore
from .registry import PROCEDURES, Outcome, Procedure, Work, procedure

__all__ = [
    "PROCEDURES",
    "Outcome",
    "PartStore",
    "Procedure",
    "Work",
    "compress_by_plan",
    "downdate_inverse",
    "fold_norms",
    "integer_inference",
    "integral_pruning",
    "predict_loss_change",
    "procedure",
    "prune_iteratively",
    "prune_units",
    "quantize_winograd",
    "retrain_integers",
    "sampled_prior",
    "share_by_entropy",
    "share_by_hessian",
    "share_by_kmeans",
    "share_uniformly",
    "soft_weight_sharing",
    "time_runtime",
]
