"""The methods that an experiment can name, and the settings that each of them takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Literal, TypeVar

from compression_demo.errors import ArgumentError, DuplicateName

from . import arguments

Kind = Literal["prune", "quantize"]
Algorithm = TypeVar("Algorithm", bound=Callable[..., Any])


@dataclass(frozen=True)
class Setting:
    """One keyword of a method: `check` returns the accepted value or raises `ArgumentError` with the broken rule."""

    name: str
    title: str
    check: Callable[[Any], Any]
    required: bool = False


@dataclass(frozen=True)
class Method:
    """A way of compressing one layer: `run(weight, hessian, **settings)` with the settings it takes.

    `sweep` names the setting that may be a list, all of whose values one pass serves.
    """

    name: str
    title: str
    kind: Kind
    run: Callable[..., Any]
    settings: Mapping[str, Setting] = field(default_factory=dict)
    sweep: str = ""

    def check(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """The accepted settings.

        Raises:
            ArgumentError: a setting that the method does not take, one that is missing, or a value out of range.
        """
        for name in given:
            if name not in self.settings:
                raise ArgumentError(name, f"is no setting of {self.name}, which takes {', '.join(self.settings)}")
        for setting in self.settings.values():
            if setting.required and setting.name not in given:
                raise ArgumentError(setting.name, f"is needed by {self.name}")
        return {name: self.settings[name].check(value) for name, value in given.items()}

    def split_swept(self, given: Mapping[str, Any]) -> tuple[tuple[tuple[str, Any], ...], Any]:
        """The settings that a pass shares with others, and the value of the one swept over (None: it is not given)."""
        return tuple(sorted(item for item in given.items() if item[0] != self.sweep)), given.get(self.sweep)


SPARSITY = Setting("sparsity", "share of weights set to zero, 0 to 1", arguments.check_sparsity, required=True)
DAMPING = Setting("damping", "added to the Hessian's diagonal, as a share of its mean", arguments.check_damping)
BITS = Setting("bits", "bits per weight, 1 to 16", arguments.check_bits, required=True)
SYMMETRIC = Setting("symmetric", "grid symmetric around zero", arguments.check_symmetric)
PER_CHANNEL = Setting("per_channel", "one scale per output channel, else one per layer", arguments.check_per_channel)
N = Setting("n", "columns zeroed in each group of m", partial(arguments.check_count, "n"), required=True)
M = Setting("m", "columns in a group", partial(arguments.check_count, "m"), required=True)
BLOCK = Setting("block", "consecutive columns removed together", arguments.check_block, required=True)
CHANNEL = Setting("channel", "consecutive columns of one input channel", partial(arguments.check_count, "channel"))
ROUNDS = Setting("rounds", "rounds of pruning, each followed by a refit", partial(arguments.check_count, "rounds"))
GROUP_SIZE = Setting("group_size", "columns that share a scale", arguments.check_group_size)
ACT_ORDER = Setting("act_order", "columns with the largest inputs first", partial(arguments.check_flag, "act_order"))
GRID = Setting("grid", "how the grid's range is found: minmax or mse", arguments.check_grid)

METHODS: dict[str, Method] = {}


def method(
    name: str, *, title: str, kind: Kind, settings: tuple[Setting, ...], sweep: str = ""
) -> Callable[[Algorithm], Algorithm]:
    """Register the decorated algorithm under `name`; the function itself is left as it is.

    Raises:
        DuplicateName: the name is taken.
    """

    def register(run: Algorithm) -> Algorithm:
        if name in METHODS or name == "dense":
            raise DuplicateName(f"a method named {name!r} is registered already")
        METHODS[name] = Method(name, title, kind, run, {setting.name: setting for setting in settings}, sweep)
        return run

    return register
