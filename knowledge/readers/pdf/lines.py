"""Glyphs of a page -> words -> lines, each with its cells; raised and lowered signs as people write them."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from knowledge.readers.pdf.page import Box, Glyph

GAP = 0.16
"""A gap of this share of the size parts words; LaTeX shrinks its spaces to about 0.2."""
SCRIPT = 0.86
"""A sign of at most this share of the size of those beside it, off their baseline, is raised or lowered."""
CELL = 1.0
"""A gap of this share of the size parts cells of a table, or columns."""
RAISED = str.maketrans("0123456789+-−=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱ")
LOWERED = str.maketrans("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")
ACCENTS = {"´": "\u0301", "`": "\u0300", "¨": "\u0308", "ˆ": "\u0302", "^": "\u0302", "˜": "\u0303", "~": "\u0303",
           "¸": "\u0327", "ˇ": "\u030c", "˚": "\u030a", "¯": "\u0304", "˘": "\u0306", "˙": "\u0307"}  # fmt: skip
LIGATURES = {chr(code): unicodedata.normalize("NFKC", chr(code)) for code in range(0xFB00, 0xFB07)}


class Word(NamedTuple):
    """Glyphs without space between; `base`, `size` and `font` are those of its main glyphs, `raised` is that of a
    footnote's mark or an exponent that begins the word."""

    text: str
    box: Box
    base: float
    size: float
    font: str
    bold: bool
    raised: bool = False


@dataclass(frozen=True)
class Line:
    """Words on one baseline, in cells: stretches with wide gaps between them."""

    cells: tuple[tuple[Word, ...], ...]
    box: Box
    base: float
    size: float
    font: str
    bold: bool
    formula: bool = False
    """Whether it is a displayed formula, which stays on a line of its own."""

    @property
    def words(self) -> list[Word]:
        return [word for cell in self.cells for word in cell]

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)

    @property
    def raised(self) -> bool:
        """Whether it begins with a raised sign, as a footnote does."""
        return self.cells[0][0].raised


def build_words(glyphs: Sequence[Glyph]) -> list[Word]:
    """The words of glyphs in the order in which they are painted."""
    groups: list[list[Glyph]] = []
    for glyph in join_accents(glyphs):
        if groups and follows(groups[-1], glyph):
            groups[-1].append(glyph)
        else:
            groups.append([glyph])
    return raise_marks([build_word(group) for group in groups])


def raise_marks(words: list[Word]) -> list[Word]:
    """The words with those that stand alone but raised, such as a footnote's mark before its text, written so."""
    for index, word in enumerate(words):
        for other in words[index + 1 : index + 2] + words[max(index - 1, 0) : index]:
            small = word.size <= SCRIPT * other.size and 0.15 * other.size < other.base - word.base < 0.7 * other.size
            near = -1 < max(other.box.x0 - word.box.x1, word.box.x0 - other.box.x1) < 0.6 * other.size
            if small and near and not word.raised and len(word.text) < 5:
                words[index] = word._replace(text=word.text.translate(RAISED), raised=True)
                break
    return words


def join_accents(glyphs: Sequence[Glyph]) -> list[Glyph]:
    """The glyphs with accents that are painted over letters put into them, as TeX paints "ü"."""
    marks = [index for index, glyph in enumerate(glyphs) if glyph.text in ACCENTS]
    joined = list(glyphs)
    for index in marks:
        mark = glyphs[index]
        middle = (mark.box.x0 + mark.box.x1) / 2
        for near in sorted(range(max(index - 200, 0), min(index + 5, len(glyphs))), key=lambda own: abs(own - index)):
            own = joined[near]
            level = abs(own.base - mark.base) < 0.4 * mark.size
            if level and own.text.isalpha() and own.box.x0 < middle < own.box.x1:
                letter = {"ı": "i", "ȷ": "j"}.get(own.text, own.text)
                joined[near] = own._replace(text=unicodedata.normalize("NFC", letter + ACCENTS[mark.text]))
                joined[index] = mark._replace(text="")
                break
    return [glyph for glyph in joined if glyph.text not in ("", "\ufffd")]


def follows(group: list[Glyph], glyph: Glyph) -> bool:
    """Whether a glyph goes on with a word, on its baseline or as a raised or lowered sign."""
    last = group[-1]
    if glyph.box == last.box and not glyph.spaced:
        return True
    main = max(group, key=lambda own: own.size)
    size = max(last.size, glyph.size)
    gap = glyph.box.x0 - max(own.box.x1 for own in group[-4:])
    script = glyph.size <= SCRIPT * main.size
    if script and last.size <= SCRIPT * main.size and abs(glyph.base - last.base) > 0.2 * main.size:
        return -2 * main.size < gap <= GAP * main.size and abs(glyph.base - main.base) <= 0.75 * main.size
    if gap < -0.8 * size or abs(glyph.base - main.base) > 0.75 * max(main.size, glyph.size):
        return False
    if abs(glyph.size - last.size) > 0.1 * size or abs(glyph.base - last.base) > 0.1 * size:
        return gap <= GAP * max(main.size, glyph.size)
    return gap <= (0.02 if glyph.spaced else 1.7 * GAP) * size


def build_word(glyphs: list[Glyph]) -> Word:
    """One word; its main baseline is that of its largest glyphs."""
    size = max(glyph.size for glyph in glyphs)
    largest = [glyph for glyph in glyphs if glyph.size > SCRIPT * size]
    base = Counter(round(glyph.base, 1) for glyph in largest).most_common(1)[0][0]
    parts: list[tuple[int, str]] = []
    for glyph in glyphs:
        shift = 0
        if glyph.size <= SCRIPT * size and abs(glyph.base - base) > 0.06 * size:
            shift = 1 if glyph.base < base else -1
        text = LIGATURES.get(glyph.text, glyph.text)
        if 0x1D400 <= ord(text[0]) <= 0x1D7FF:
            text = unicodedata.normalize("NFKC", text)
        parts.append((shift, text))
    font, bold = Counter((glyph.font, glyph.bold) for glyph in largest).most_common(1)[0][0]
    lefts, tops, rights, bottoms = zip(*(glyph.box for glyph in glyphs), strict=True)
    box = Box(min(lefts), min(tops), max(rights), max(bottoms))
    return Word(write_parts(parts), box, base, size, font, bold, parts[0][0] == 1)


def write_parts(parts: list[tuple[int, str]]) -> str:
    """Raised signs as superscripts where there are such, else after "^"; lowered ones as subscripts or after "_"."""
    text, index = "", 0
    while index < len(parts):
        shift, end = parts[index][0], index
        while end < len(parts) and parts[end][0] == shift:
            end += 1
        piece = "".join(sign for _, sign in parts[index:end])
        if shift:
            changed = piece.translate(RAISED if shift > 0 else LOWERED)
            plain = any(sign in piece and sign.isalnum() for sign in changed)
            marks = re.fullmatch(r"[*†‡§¶∗♯♮]+", piece)
            start = index == 0 or (shift > 0 and not text[-1:].isalnum())
            piece = changed if not plain else piece if marks or start else ("^" if shift > 0 else "_") + piece
        text, index = text + piece, end
    return text.replace("L^ATEX", "LATEX")


def build_lines(words: Sequence[Word]) -> list[Line]:
    """Stretches of words that follow one another on a baseline in the order of painting, without wide gaps."""
    groups: list[list[Word]] = []
    for word in words:
        if groups:
            last = groups[-1][-1]
            size = max(last.size, word.size)
            gap, level = word.box.x0 - last.box.x1, on_level(last, word)
            if level and -0.3 * size < gap < CELL * size:
                groups[-1].append(word)
                continue
        groups.append([word])
    return [make_line([group]) for group in groups]


def on_level(one: Word, other: Word) -> bool:
    """Whether two words stand on one line, also where one is raised or lowered."""
    small, large = sorted((one, other), key=lambda word: word.size)
    return large.base - 0.6 * large.size < small.base < large.base + 0.3 * large.size


def make_line(cells: Iterable[Iterable[Word]]) -> Line:
    kept = tuple(tuple(cell) for cell in cells)
    words = [word for cell in kept for word in cell]
    size = max(weigh((round(word.size, 1), len(word.text)) for word in words), key=lambda entry: entry[1])[0]
    font, bold = max(weigh(((word.font, word.bold), len(word.text)) for word in words), key=lambda entry: entry[1])[0]
    bases = weigh((round(word.base, 1), len(word.text)) for word in words if abs(word.size - size) < 0.15 * size)
    lefts, tops, rights, bottoms = zip(*(word.box for word in words), strict=True)
    box = Box(min(lefts), min(tops), max(rights), max(bottoms))
    return Line(kept, box, max(bases, key=lambda entry: entry[1])[0], size, font, bold)


def weigh(entries: Iterable[tuple]) -> list[tuple]:
    """The sums of weights by key, in the order of first sight."""
    sums: dict = {}
    for key, weight in entries:
        sums[key] = sums.get(key, 0) + weight
    return list(sums.items())


def merge_lines(lines: Sequence[Line]) -> list[Line]:
    """Lines of one column, top to bottom; those on one baseline become one, its cells from left to right."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: (line.base, line.box.x0)):
        home = next((row for row in reversed(rows[-4:]) if any(fits(line, other) for other in row)), None)
        if home is None:
            rows.append([line])
        else:
            home.append(line)
    return [cut_cells([word for line in row for word in line.words]) for row in rows]


def fits(line: Line, other: Line) -> bool:
    """Whether two stretches belong to one row: on one level and beside one another."""
    size = max(line.size, other.size)
    small, large = sorted((line, other), key=lambda one: one.size)
    level = abs(line.base - other.base) < 0.25 * size
    script = small.size < 0.8 * large.size and large.base - 0.9 * size < small.base < large.base + 0.9 * size
    if not level and not (script and not re.search(r"[A-Za-z]{3}", small.text)):
        return False
    return not any(
        min(one.box.x1, two.box.x1) - max(one.box.x0, two.box.x0) > 0.3 * small.size
        for one in small.words
        for two in large.words
    )


def cut_cells(words: list[Word]) -> Line:
    """One line of words, from left to right, cut into cells where gaps are wide."""
    cells: list[list[Word]] = []
    for word in sorted(words, key=lambda own: own.box.x0):
        if cells and word.box.x0 - cells[-1][-1].box.x1 < CELL * max(word.size, cells[-1][-1].size):
            cells[-1].append(word)
        else:
            cells.append([word])
    return make_line(cells)


def same_size(line: Line, other: Line) -> bool:
    """Whether two lines are set in one size, formulas in them aside."""
    sizes = {word.size for word in line.words} | {line.size}
    others = {word.size for word in other.words} | {other.size}
    return any(abs(line.size - size) < 0.06 * line.size for size in others) or any(
        abs(other.size - size) < 0.06 * other.size for size in sizes
    )
