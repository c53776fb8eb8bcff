"""Compression algorithms: pure functions of (weight, hessian, settings), one a file.

`weight` is (rows, cols), one row an output channel; `hessian` is (cols, cols), any positive multiple of X X^T over the
calibration inputs X (cols, samples). Inputs are never changed. Results are `Compressed` or `Quantized`.
"""

from .prune_adaprune import prune_adaprune, refit
from .prune_magnitude import prune_magnitude
from .prune_unstructured import prune_unstructured
from .quantize_obq import quantize_obq
from .quantize_rtn import quantize_rtn
from .registry import METHODS, Method, Setting, method
from .results import Compressed, Quantized

__all__ = [
    "METHODS",
    "Compressed",
    "Method",
    "Quantized",
    "Setting",
    "method",
    "prune_adaprune",
    "prune_magnitude",
    "prune_unstructured",
    "quantize_obq",
    "quantize_rtn",
    "refit",
]
