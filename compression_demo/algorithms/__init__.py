"""Compression algorithms: pure functions of (weight, hessian, settings), one a file.

`weight` is (rows, cols), one row an output channel; `hessian` is (cols, cols), any positive multiple of X X^T over the
calibration inputs X (cols, samples), or (groups, cols, cols) where equal parts of the rows have inputs of their own, as
in grouped convolutions. Inputs are never changed. Results are `Compressed` or `Quantized`.
"""

from .prune_adaprune import prune_adaprune, refit
from .prune_blocks import prune_blocks
from .prune_channels import prune_channels
from .prune_magnitude import prune_magnitude
from .prune_nm import prune_nm
from .prune_sparsegpt import prune_sparsegpt
from .prune_unstructured import prune_unstructured
from .quantize_gptq import quantize_gptq
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
    "prune_blocks",
    "prune_channels",
    "prune_magnitude",
    "prune_nm",
    "prune_sparsegpt",
    "prune_unstructured",
    "quantize_gptq",
    "quantize_obq",
    "quantize_rtn",
    "refit",
]
