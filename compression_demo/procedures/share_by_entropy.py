"""Weights shared so that distortion and code length are least together: entropy-constrained scalar quantization.

Towards the Limit of Network Quantization (Choi, El-Khamy and Lee, ICLR 2017), Sec. 5.3.2, Algorithm 1: a Lloyd-like loop
on sum h_ii (w_i - c_j)^2 - lambda log2 p_j (Eqs. 12 to 14), for a given lambda.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from .registry import Outcome, Work, procedure
from .sharing_settings import METRICS, SETTINGS, SOURCES, Plan, check_limit, estimate_sharing, name_parts, retrains

if TYPE_CHECKING:
    from .scalar_quantizers import Clustering, Line

START_CELLS = 64
"""Even cells that the loop begins with; most are gone where it ends."""
PRICES = tuple(10 ** (1 - step / 40) for step in range(6 * 40 + 1))
"""Lambda per bit, as a share of the variance of the weights, from dear to cheap."""


@procedure(
    "ecsq",
    title="entropy-constrained scalar quantization",
    source="Towards the Limit of Network Quantization (Choi et al., ICLR 2017), Sec. 5.3.2, Algorithm 1",
    settings=SETTINGS,
    metrics=METRICS,
    seconds=partial(estimate_sharing, search_s=4.0),
    parts=name_parts,
    retrains=retrains,
    accepts=check_limit,
    sources=SOURCES,
)
def share_by_entropy(work: Work, **settings: Any) -> Outcome:
    """The net with its weights shared at the lowest price per bit that the limit allows."""
    from .sharing import share_values

    return share_values(work, Plan(**settings), _quantize, [1 / price for price in PRICES])


def _quantize(line: Line, cheapness: float) -> Clustering:
    from .scalar_quantizers import quantize_by_entropy

    return quantize_by_entropy(line, float(line.values.var()) / cheapness, START_CELLS)
