"""What acts on a whole net: one method of a paper a file, registered under its name."""

from . import prune_iteratively
from .parts import PartStore
from .registry import PROCEDURES, Outcome, Procedure, Work, procedure

__all__ = ["PROCEDURES", "Outcome", "PartStore", "Procedure", "Work", "procedure", "prune_iteratively"]
