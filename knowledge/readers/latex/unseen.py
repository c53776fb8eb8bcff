"""What a LaTeX source sets so that no reader sees it: in white, in letters under two points, transparent, as a phantom,
beside the page, or in a mode that paints nothing."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from knowledge.readers.latex.colours import NEAR_WHITE, number, white

WHITE, SMALL, CLEAR = "set in white", "set in letters under 2 pt", "set transparent"
PHANTOM = "left blank by \\phantom"
OFF, UNPAINTED = "set beside the page", "set in a mode that paints no letters"
PAGE_PT = 560.0
"""A shift by so many points leaves the page, whose width is some 600."""
SEEN_PT = 2.0
"""Letters smaller than this are not read; those of a text have some ten points."""
USUAL_PT = 10.0
SIZES = frozenset("tiny scriptsize footnotesize small normalsize large Large LARGE huge Huge".split())
DEFINED = re.compile(
    r"\\definecolor[ \t]*(?:\[[^\]\n]*\])?\{([^{}\n]+)\}\{([^{}\n]+)\}\{([^{}\n]+)\}|\\colorlet[ \t]*\{([^{}\n]+)\}\{([^{}\n]+)\}"
)
COLOURED_TABLE = re.compile(r"\\(?:row|cell|column)colors?\b")
MODE = re.compile(r"(?<![\d.])([0-7])\s+Tr\b")
"""How PDF is told to paint letters; 3 is not at all."""
PICTURE = re.compile(r"\\begin\{(tikzpicture|pgfpicture)\}.*?(?:\\end\{\1\}|\Z)|\\tikz\b[^\n]{0,2000}", re.DOTALL)
NODE = re.compile(r"\\node\b[^;{\[]{0,200}\[([^\]]{0,500})\][^;{]{0,200}\{([^{}]{0,2000})\}")
OPACITY = re.compile(r"(?:^|[,\s])(?:text\s+|fill\s+)?opacity\s*=\s*(\d*\.?\d+)")
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
        elif name == "hspace" and given and abs(shift := length(given[-1])) >= PAGE_PT:
            self._set(OFF, shift < 0)
        elif name in ("pdfliteral", "special") and given and (mode := MODE.search(given[-1])):
            self._set(UNPAINTED, mode[1] == "3")

    def _set(self, why: str, on: bool) -> None:
        self.why = self.why | {why} if on else self.why - {why}

    def keep(self, text: str) -> str:
        """The text where it is seen, else "" and the text is kept apart; a new paragraph begins on the page again."""
        if OFF in self.why and (ended := re.search(r"\n[ \t]*\n|^\n(?=\S)", text)):
            before = self.keep(text[: ended.start()])
            self._set(OFF, False)
            return before + self.keep(text[ended.start() :])
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


def length(text: str) -> float:
    """A length in points, with its sign; 0 where it is no plain length."""
    match = re.fullmatch(r"\s*([-+]?)\s*(\d*\.?\d*)\s*(pt|bp|px|sp|mm|cm|in|pc|em|ex|\\[a-z]+)\s*", text)
    if not match or not (match[2] or match[3].startswith("\\")):
        return 0.0
    units = {
        "pt": 1,
        "bp": 1,
        "px": 1,
        "sp": 1 / 65536,
        "mm": 2.845,
        "cm": 28.45,
        "in": 72.27,
        "pc": 12,
        "em": 10,
        "ex": 4.3,
    }
    named = 20_000 if match[3] == "\\maxdimen" else PAGE_PT if "width" in match[3] or "height" in match[3] else 0
    size = float(match[2]) if match[2] not in ("", ".") else 1.0
    return (-1 if match[1] == "-" else 1) * size * units.get(match[3], named)


def plain_shifts(source: str) -> str:
    """A source with the shifts and modes of TeX itself written as macros with an argument in braces."""
    source = re.sub(
        r"\\(?:hskip|kern)[ \t]*(-?[\d.]+[ \t]*(?:pt|bp|mm|cm|in|pc|em|ex))(?![a-z])", r"\\hspace*{\1}", source
    )
    return re.sub(
        r"\\(?:pdfliteral|pdfextension[ \t]+literal)[ \t]*(?:direct|page|shipout)?[ \t]*\{", r"\\pdfliteral{", source
    )


def unseen_nodes(source: str) -> Iterator[tuple[str, str]]:
    """(why, words) of the nodes of tikz pictures that are transparent, or white where nothing in the picture is filled."""
    for picture in PICTURE.finditer(source):
        grounded = re.search(r"\bfill\b|\\shade", picture[0])
        for match in NODE.finditer(picture[0]):
            clear = OPACITY.search(match[1])
            colour = re.search(r"(?:^|[,\s])(?:(?:text|color)\s*=\s*)?(white[\w!.]*)", match[1])
            if clear and number(clear[1]) < 1 - NEAR_WHITE:
                yield CLEAR, match[2]
            elif colour and not grounded and white("", colour[1]):
                yield WHITE, match[2]


def points(size: str) -> float:
    """A size of letters in points; that of a text where it is no plain size."""
    match = re.fullmatch(r"\s*(\d*\.?\d+)\s*(pt|bp|px|sp|mm)?\s*", size)
    units = {"sp": 1 / 65536, "mm": 2.845}
    return float(match[1]) * units.get(match[2] or "pt", 1.0) if match else USUAL_PT
