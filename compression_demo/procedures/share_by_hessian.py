"""Weights shared so that the loss rises least to second order, by the Hessian's diagonal or by all of the Hessian.

Towards the Limit of Network Quantization (Choi, El-Khamy and Lee, ICLR 2017), Eqs. 4 to 8, where only the diagonal is
kept. With all of H the cost is (w - C c)^T H (w - C c) for codes C and values c: the values are a linear solve, the
codes are improved one weight at a time, in turns, from the diagonal's clusters on. A local optimum, so that what the
full Hessian gains is a lower bound.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .full_hessian import CLUSTERS, HESSIAN, SOURCES, USE_S, Kind, Valley, find_valley, name_hessian
from .registry import Outcome, Work, procedure
from .sharing_settings import BITS_PER_WEIGHT, COMPRESSION_RATIO, METRICS

if TYPE_CHECKING:
    import numpy as np

    from .scalar_quantizers import Clustering

ROUNDS = 50
"""The most turns of values and codes; they end once no weight moves."""


@procedure(
    "share_by_hessian",
    title="weight sharing by the Hessian",
    source="Towards the Limit of Network Quantization (Choi et al., ICLR 2017), Eqs. 4 to 8",
    settings=(CLUSTERS, HESSIAN),
    metrics=METRICS,
    seconds=lambda testbed, settings: USE_S,
    parts=name_hessian,
    sources=SOURCES,
)
def share_by_hessian(work: Work, clusters: int, hessian: Kind) -> Outcome:
    """The net with its weights shared by `clusters` values, coded at fixed length: as many bits whatever the Hessian."""
    import torch

    from .scalar_quantizers import Line, cluster_best
    from .shared_values import FULL_BITS, Book, SharedValues

    valley = find_valley(work)
    found = cluster_best(Line.of(valley.flat().numpy(), valley.hessian.diagonal().numpy()), clusters)
    if hessian == "full":
        work.tick(0.7, "sharing values by the full Hessian")
        found = improve(found, valley.flat().numpy(), cut_negative(valley))
    shapes = {name: weight.shape for name, weight in valley.weights.items()}
    ratio = SharedValues(shapes, (Book(found.values, found.codes + 1, None),)).measure_ratio("fixed")
    model = valley.rebuild(torch.from_numpy(found.values[found.codes]))
    return Outcome(model, {COMPRESSION_RATIO.name: ratio, BITS_PER_WEIGHT.name: FULL_BITS / ratio})


def improve(found: Clustering, weights: np.ndarray, hessian: np.ndarray) -> Clustering:
    """Clusters of weights (weights,) float64 improved in turns until no weight moves; the cost never rises.

    `hessian`: (weights, weights) float64, positive semi-definite.
    """
    import numpy as np

    from .scalar_kernels import move_codes
    from .scalar_quantizers import Clustering

    values, codes = found.values, found.codes.copy()
    for _ in range(ROUNDS):
        chosen = np.eye(len(values))[codes]
        bent = hessian @ chosen
        values = np.linalg.lstsq(chosen.T @ bent, bent.T @ weights, rcond=None)[0]
        if not move_codes(weights, hessian, values, codes):
            break
    return Clustering(values, codes)


def cut_negative(valley: Valley) -> np.ndarray:
    """The Hessian without its negative eigenvalues, which ReLU nets have a few small ones of even at a minimum."""
    import torch

    values, vectors = torch.linalg.eigh(valley.hessian)
    return ((vectors * values.clamp_min(0)) @ vectors.T).numpy()
