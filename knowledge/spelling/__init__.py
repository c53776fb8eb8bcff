"""Likely slips of the pen in an imported paper, each at its exact offsets; suggestions, never certainties."""

from knowledge.spelling.slips import Slip, find_slips

__all__ = ["Slip", "find_slips"]
