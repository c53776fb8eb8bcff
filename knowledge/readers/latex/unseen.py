"""What a LaTeX source sets so that no reader sees it: in white, in letters under two points, transparent, as a phantom."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

WHITE, SMALL, CLEAR = "set in white", "set in letters under 2 pt", "set transparent"
PHANTOM = "left blank by \\phantom"
SEEN_PT = 2.0
"""Letters smaller than this are not read; those of a text have some ten points."""
USUAL_PT = 10.0
NEAR_WHITE = 0.97
SIZES = frozenset("tiny scriptsize footnotesize small normalsize large Large LARGE huge Huge".split())
DEFINED = re.compile(
    r"\\definecolor[ \t]*(?:\[[^\]\n]*\])?\{([^{}\n]+)\}\{([^{}\n]+)\}\{([^{}\n]+)\}|\\colorlet[ \t]*\{([^{}\n]+)\}\{([^{}\n]+)\}"
)
COLOURED_TABLE = re.compile(r"\\(?:row|cell|column)colors?\b")
BOXES = ("tcolorbox", "mdframed", "shaded", "colorbox", "fcolorbox")
"""What has a ground of its own, on which white is seen."""


@dataclass
class Unseen:
    """Why the text that comes next is not seen (empty where it is), and the unseen text so far, as (why, text)."""

    why: frozenset[str] = frozenset()
    grounded: bool = False
    """Whether the ground is coloured, so that white is seen."""
    whites: frozenset[str] = frozenset()
    """What the source calls white by names of its own."""
    coloured_tables: bool = False
    texts: list[tuple[str, str]] = field(default_factory=list)
    _open: bool = False

    @contextmanager
    def scope(self, *why: str, grounded: bool = False) -> Iterator[None]:
        """A group: what is switched in it ends with it; `why` holds for all of it."""
        before = self.why, self.grounded
        self.why, self.grounded = self.why | frozenset(why), self.grounded or grounded
        yield
        self.why, self.grounded = before

    def switch(self, name: str, given: Sequence[str]) -> None:
        """Take in a macro that sets how all that follows looks, with the source of its arguments."""
        if name == "color" and given:
            self._set(WHITE, self.is_white(given))
        elif name == "normalcolor":
            self._set(WHITE, False)
        elif name == "fontsize" and given:
            self._set(SMALL, points(given[0]) < SEEN_PT)
        elif name in SIZES:
            self._set(SMALL, False)
        elif name == "transparent" and given:
            self._set(CLEAR, number(given[-1]) < 1 - NEAR_WHITE)

    def _set(self, why: str, on: bool) -> None:
        self.why = self.why | {why} if on else self.why - {why}

    def keep(self, text: str) -> str:
        """The text where it is seen, else "" and the text is kept apart."""
        why = sorted(self.why - {WHITE} if self.grounded else self.why)
        if not why:
            self._open = self._open and not text
            return text
        if self._open and self.texts[-1][0] == why[0]:
            self.texts[-1] = (why[0], self.texts[-1][1] + text)
        elif text.strip():
            self.texts.append((why[0], text))
            self._open = True
        return ""

    def is_white(self, given: Sequence[str]) -> bool:
        """Whether the arguments of a macro name white: a name, or a model and its values."""
        *model, value = [argument.strip() for argument in given]
        return value in self.whites if not model and value in self.whites else white(model[-1] if model else "", value)


def named_whites(source: str) -> frozenset[str]:
    """The names that a source gives to white itself."""
    found: set[str] = set()
    for name, model, value, other, same in DEFINED.findall(source):
        if white(model, value) if name else same.strip() in found or white("", same):
            found.add((name or other).strip())
    return frozenset(found)


def white(model: str, value: str) -> bool:
    """Whether a value of a colour model is white, or nearly so."""
    value = value.replace(" ", "").casefold()
    if not model.strip("[] "):
        return value in ("white", "white!100")
    if model.strip("[] ").casefold() == "html":
        return bool(re.fullmatch(r"(?:f[89a-f]){3}", value))
    parts = [number(part) for part in value.split(",")]
    if model.strip("[] ") == "RGB":
        return all(part >= 255 * NEAR_WHITE for part in parts)
    if model.strip("[] ") == "cmyk":
        return all(0 <= part <= 1 - NEAR_WHITE for part in parts)
    return model.strip("[] ") in ("rgb", "gray", "Gray") and all(part >= NEAR_WHITE for part in parts)


def number(text: str) -> float:
    """A plain number, -1 for anything else."""
    try:
        return float(text)
    except ValueError:
        return -1.0


def points(size: str) -> float:
    """A size of letters in points; that of a text where it is no plain size."""
    match = re.fullmatch(r"\s*(\d*\.?\d+)\s*(pt|bp|px|sp|mm)?\s*", size)
    units = {"sp": 1 / 65536, "mm": 2.845}
    return float(match[1]) * units.get(match[2] or "pt", 1.0) if match else USUAL_PT
