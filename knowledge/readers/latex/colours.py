"""Colours as LaTeX names them, as far as telling white from others needs: by model and values, and mixed by xcolor."""

import re

NEAR_WHITE = 0.97
PALE = 0.88
"""The least share of each of red, green and blue in a mixture that cannot be read on white: 31 of 255 less."""
NAMED = {"white": (1.0, 1.0, 1.0), "black": (0.0, 0.0, 0.0), "gray": (0.5, 0.5, 0.5), "darkgray": (0.25, 0.25, 0.25),
         "lightgray": (0.75, 0.75, 0.75), "red": (1.0, 0.0, 0.0), "green": (0.0, 1.0, 0.0), "blue": (0.0, 0.0, 1.0),
         "yellow": (1.0, 1.0, 0.0), "cyan": (0.0, 1.0, 1.0), "magenta": (1.0, 0.0, 1.0), "orange": (1.0, 0.5, 0.0)}  # fmt: skip


def white(model: str, value: str) -> bool:
    """Whether a value of a colour model is white, or nearly so."""
    value = value.replace(" ", "")
    if not model.strip("[] "):
        mixed = mix(value)
        return mixed is not None and min(mixed) >= PALE
    if model.strip("[] ").casefold() == "html":
        return bool(re.fullmatch(r"(?:f[89a-f]){3}", value.casefold()))
    parts = [number(part) for part in value.split(",")]
    if model.strip("[] ") == "RGB":
        return all(part >= 255 * NEAR_WHITE for part in parts)
    if model.strip("[] ") == "cmyk":
        return all(0 <= part <= 1 - NEAR_WHITE for part in parts)
    return model.strip("[] ") in ("rgb", "gray", "Gray") and all(part >= NEAR_WHITE for part in parts)


def mix(value: str) -> tuple[float, ...] | None:
    """The shares of red, green and blue of "white!98!black" or "black!3"; None where a name is not known."""
    first, *rest = value.casefold().split("!")
    mixed = NAMED.get(first)
    for share, name in zip(rest[::2], [*rest[1::2], "white"], strict=False):
        other, part = NAMED.get(name or "white"), number(share) / 100
        if mixed is None or other is None or not 0 <= part <= 1:
            return None
        mixed = tuple(one * part + two * (1 - part) for one, two in zip(mixed, other, strict=True))
    return mixed


def number(text: str) -> float:
    """A plain number, -1 for anything else."""
    try:
        return float(text)
    except ValueError:
        return -1.0
