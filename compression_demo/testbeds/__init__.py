"""Testbeds: a model, its data and its metrics, one a file."""

from . import digits_cnn, mnist_cnn
from .registry import LAYER_ERROR, Metric, Testbed, Tick, Trial, get, names, testbed

__all__ = [
    "LAYER_ERROR",
    "Metric",
    "Testbed",
    "Tick",
    "Trial",
    "digits_cnn",
    "get",
    "mnist_cnn",
    "names",
    "testbed",
]
