"""A layer at many levels of compression in few passes of the methods."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ..algorithms import METHODS
from ..algorithms.results import output_error
from ..models.plan import Step
from ..models.steps import run_method

if TYPE_CHECKING:
    import torch

    from ..algorithms import Compressed
    from ..models.layers import Layer

Level = tuple[Step, ...]
"""The steps of a rule; none: the layer stays dense."""


def run_levels(
    layer: Layer,
    weight: torch.Tensor,
    hessian: torch.Tensor,
    levels: Sequence[Level],
    *,
    threads: int = 1,
    poll: Callable[[], None] = lambda: None,
) -> Iterator[tuple[int, Compressed]]:
    """The results of a layer's weight (rows, cols) at all levels but the dense one, with their indices, in any order.

    Losses are those of the last weight against the one given. `poll` is called before each pass of a method.

    Raises:
        ArgumentError: what a method raises.
    """
    for members in _group_by_pass(levels):
        first = levels[members[0]][0]
        settings, sweep = dict(first.settings), METHODS[first.method].sweep
        values = [METHODS[first.method].split_swept(dict(levels[index][0].settings))[1] for index in members]
        distinct = list(dict.fromkeys(values))
        swept = sweep in settings
        poll()
        given = settings | ({sweep: distinct} if swept else {})
        found = run_method(layer, weight, hessian, first.method, given, threads=threads)
        by_value = dict(zip(distinct, found if swept else [found], strict=True))
        for index, value in zip(members, values, strict=True):
            result = by_value[value]
            for step in levels[index][1:]:
                poll()
                following = dict(step.settings) | {"mask": result.mask}
                result = run_method(layer, result.weight, hessian, step.method, following, threads=threads)
            yield index, replace(result, loss=output_error(result.weight, weight, hessian))


def _group_by_pass(levels: Sequence[Level]) -> list[list[int]]:
    """The indices of levels whose first step one pass of its method serves."""
    groups: dict[tuple, list[int]] = {}
    for index, level in enumerate(levels):
        if level:
            shared, _ = METHODS[level[0].method].split_swept(dict(level[0].settings))
            groups.setdefault((level[0].method, shared), []).append(index)
    return list(groups.values())
