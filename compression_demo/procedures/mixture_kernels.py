"""The compiled loop over all weights and components of a mixture."""

from __future__ import annotations

import math

import numpy as np
from numba import njit

compiled = njit(cache=True, nogil=True, error_model="numpy")
REACH = 30.0
"""Nats below the largest log-density of a weight beyond which a component has no part in it: a share below 1e-13."""


@compiled
def accumulate(
    weights: np.ndarray, means: np.ndarray, precisions: np.ndarray, constants: np.ndarray,
    gradient: np.ndarray, sums: np.ndarray,
) -> float:  # fmt: skip
    """The sum over weights (weights,) of the log-density of a mixture, in one pass.

    means, precisions, constants: (count,) float64; constants are the log-densities at the means.
    gradient: (weights,) float32, written: sum_j r_ij lambda_j (w_i - mu_j).
    sums: (3, count) float64, written: sums over weights of r_ij, r_ij (w_i - mu_j) and r_ij (w_i - mu_j)^2.
    """
    count = len(means)
    logs, total = np.empty(count), 0.0
    sums[:] = 0.0
    for i in range(len(weights)):
        weight = float(weights[i])
        largest = -np.inf
        for j in range(count):
            distance = weight - means[j]
            logs[j] = constants[j] - 0.5 * precisions[j] * distance * distance
            largest = max(largest, logs[j])
        mass = 0.0
        for j in range(count):
            below = logs[j] - largest
            logs[j] = math.exp(below) if below > -REACH else 0.0
            mass += logs[j]
        slope = 0.0
        for j in range(count):
            if logs[j] > 0.0:
                share, distance = logs[j] / mass, weight - means[j]
                pull = share * distance
                sums[0, j] += share
                sums[1, j] += pull
                sums[2, j] += pull * distance
                slope += pull * precisions[j]
        gradient[i] = slope
        total += largest + math.log(mass)
    return total
