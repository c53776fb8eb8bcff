"""What deals with a run's seeds: the contract that local processes and a Dask cluster both keep."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol

LOG_LINES = 6
"""How many of the last lines of a worker's log are told with its end."""


@dataclass(frozen=True)
class Said:
    """A seed's worker says how far it is, 0 to 1, and what it does."""

    seed: int
    done: float
    words: str


@dataclass(frozen=True)
class Computed:
    """A cell that is to be put into the run store; `arm` is its place among the seed's arms."""

    seed: int
    arm: int
    cell: dict[str, Any]


@dataclass(frozen=True)
class Finished:
    """All cells of a seed are computed."""

    seed: int


@dataclass(frozen=True)
class Broke:
    """A seed came to an end without all its cells.

    crash: the worker died, or met an error that is none of this package's; it may do better in a fresh worker.
    log: the last lines that the worker wrote to its log.
    """

    seed: int
    reason: str
    crash: bool
    log: tuple[str, ...] = ()


@dataclass(frozen=True)
class Noted:
    """Something that whoever follows the run should know, such as a machine that has gone away."""

    words: str


Report = Said | Computed | Finished | Broke | Noted


class Crew(Protocol):
    """Those who compute seeds for a run.

    shares_nets: whether a net that one seed makes is there for the others.
    machines: those that took part, where they are others than this one: by address, as `provenance.describe_machine`.
    """

    shares_nets: bool
    machines: dict[str, Any]

    def room(self, wanted: int) -> int:
        """How many of `wanted` more seeds can be begun right now.

        Raises:
            RunFailed: none ever will.
        """
        ...

    def begin(self, seed: int) -> None:
        """Let a worker begin a seed; at most `room` times after asking for it."""
        ...

    def listen(self) -> Iterable[Report]:
        """What has happened since the last time. A seed that was begun ends with one `Finished` or `Broke`.

        Raises:
            RunFailed: the run cannot go on, such as for want of memory.
        """
        ...

    def close(self) -> None:
        """End all work at once; what was begun is dropped."""
        ...
