"""Weights clustered by k-means, plain or weighted by the Hessian's diagonal.

Towards the Limit of Network Quantization (Choi, El-Khamy and Lee, ICLR 2017), Sec. 4: the clusters of least
sum h_ii (w_i - c_j)^2 (Eqs. 7 to 9), all layers together (Sec. 4.5). The paper takes Lloyd's algorithm; in one
dimension the best clusters of all can be found, which leaves the outcome to the weighting alone.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from .registry import Outcome, Work, procedure
from .sharing_settings import (
    METRICS,
    MOST_CLUSTERS,
    SETTINGS,
    SOURCES,
    Plan,
    check_limit,
    estimate_sharing,
    name_parts,
    retrains,
)


@procedure(
    "kmeans",
    title="k-means weight sharing",
    source="Towards the Limit of Network Quantization (Choi et al., ICLR 2017), Sec. 4, Eqs. 7 to 9",
    settings=SETTINGS,
    metrics=METRICS,
    seconds=partial(estimate_sharing, search_s=1.0),
    parts=name_parts,
    retrains=retrains,
    accepts=check_limit,
    sources=SOURCES,
)
def share_by_kmeans(work: Work, **settings: Any) -> Outcome:
    """The net with its weights shared by as many values as the limit allows, each the mean of its weights."""
    from .scalar_quantizers import cluster_best
    from .sharing import share_values

    plan = Plan(**settings)
    counts = range(2, MOST_CLUSTERS + 1) if plan.clusters is None else (plan.clusters,)
    return share_values(work, plan, cluster_best, counts)
