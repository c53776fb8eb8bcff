"""What acts on a whole net: one method of a paper a file, registered under its name."""

from . import integral_pruning, prune_iteratively, prune_units
from .parts import PartStore
from .registry import PROCEDURES, Outcome, Procedure, Work, procedure

__all__ = [
    "PROCEDURES",
    "Outcome",
    "PartStore",
    "Procedure",
    "Work",
    "integral_pruning",
    "procedure",
    "prune_iteratively",
    "prune_units",
]
