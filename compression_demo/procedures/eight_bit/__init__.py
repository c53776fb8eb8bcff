"""Nets in integers: folded, calibrated, and run as an integer processor would. Its files import torch: import them late."""

INTEGER_NETS = tuple(
    f"eight_bit/{name}.py" for name in ("graph", "folding", "ranges", "calibrate", "integers", "integer_net")
)
"""The files that the numbers of every integer net depend on, as `sources` of a procedure names them."""
