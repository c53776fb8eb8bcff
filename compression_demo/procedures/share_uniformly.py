"""Weights shared within cells of equal width.

Towards the Limit of Network Quantization (Choi, El-Khamy and Lee, ICLR 2017), Sec. 5.3.1: close to the best quantizer
where codes are as long as their shares say; each value is the mean of its cell's weights, plain or weighted.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from .registry import Outcome, Work, procedure
from .sharing_settings import METRICS, SETTINGS, SOURCES, Plan, check_limit, estimate_sharing, name_parts, retrains

if TYPE_CHECKING:
    from .scalar_quantizers import Clustering, Line

CELLS = tuple(2 ** (step / 48) for step in range(9 * 48 + 1))
"""Cells over the range of the weights, among which the finest is searched that keeps the limit."""


@procedure(
    "uniform",
    title="uniform quantization",
    source="Towards the Limit of Network Quantization (Choi et al., ICLR 2017), Sec. 5.3.1",
    settings=SETTINGS,
    metrics=METRICS,
    seconds=partial(estimate_sharing, search_s=0.3),
    parts=name_parts,
    retrains=retrains,
    accepts=check_limit,
    sources=SOURCES,
)
def share_uniformly(work: Work, **settings: Any) -> Outcome:
    """The net with its weights shared within the narrowest cells that the limit allows."""
    from .sharing import share_values

    return share_values(work, Plan(**settings), _quantize, CELLS)


def _quantize(line: Line, cells: float) -> Clustering:
    from .scalar_quantizers import quantize_uniformly

    return quantize_uniformly(line, (line.values[-1] - line.values[0]) / cells or 1.0)
