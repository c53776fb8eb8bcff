"""The lines of a page in reading order: columns from top to bottom, with what spans them in between."""

import itertools
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.readers.pdf.lines import Line, merge_lines
from knowledge.readers.pdf.page import Box

LEAST = 5
"""Lines that have to stand in each column for a page to have two, or three."""
THIRDS = ((0.28, 0.42), (0.6, 0.74))
"""Where the second and the third of three columns begin, as shares of the width of the text."""


@dataclass(frozen=True)
class Strip:
    """A stretch of one column: its lines from top to bottom, and its left and right edge."""

    lines: tuple[Line, ...]
    x0: float
    x1: float


@dataclass(frozen=True)
class Gutter:
    """The space between two columns: right edge of the first, left edge of the second, and the outer edges; `next` is the
    one within the second, where there are three."""

    x0: float
    x1: float
    left: float
    right: float
    next: "Gutter | None" = None


def find_gutter(lines: Sequence[Line], width: float) -> Gutter | None:
    """The space between the columns of a page, or None where it has one column, or too little text to tell."""
    texts = [line for line in lines if len(line.text) > 12]
    if not texts:
        return None
    left, right = min(line.box.x0 for line in texts), max(line.box.x1 for line in texts)
    if three := find_two_gutters(texts, left, right):
        return three
    extent = right - left
    middling = [
        x for x in (line.box.x0 for line in texts) if 0.44 < (x - left) / extent < 0.62 or 0.44 < x / width < 0.6
    ]
    starts = Counter(map(round, middling))
    if not starts:
        return None
    begin = max(starts, key=lambda x: starts[x] + starts[x - 1] + starts[x + 1])
    second = [line for line in texts if abs(line.box.x0 - begin) <= 1.5]
    first = [line for line in texts if line.box.x1 < begin - 2 and line.box.x1 - line.box.x0 > 0.2 * extent]
    wide = [line for line in texts if line.box.x0 < begin - 0.1 * extent and line.box.x1 > begin + 0.1 * extent]
    if len(second) < LEAST or len(first) < LEAST or len(wide) > 0.4 * (len(first) + len(second)):
        return None
    return Gutter(usual_end(first), begin, left, right)


def find_two_gutters(texts: Sequence[Line], left: float, right: float) -> Gutter | None:
    """The spaces between three columns of one width, or None where there are no three."""
    extent = right - left
    begins = [commonest_start(texts, left + low * extent, left + high * extent) for low, high in THIRDS]
    if not all(begins):
        return None
    second, third = begins
    columns = [[], [], []]
    for line in texts:
        number = (line.box.x0 >= second - 2) + (line.box.x0 >= third - 2)
        if line.box.x1 < (second - 2, third - 2, right + 1)[number]:
            columns[number].append(line)
    if min(map(len, columns)) < LEAST or sum(map(len, columns)) < 0.7 * len(texts):
        return None
    first_end, second_end = (usual_end(own) for own in columns[:2])
    return Gutter(first_end, second, left, right, Gutter(second_end, third, second, right))


def commonest_start(texts: Sequence[Line], low: float, high: float) -> float:
    """Where most lines begin between two places; 0 where too few do."""
    starts = Counter(round(line.box.x0) for line in texts if low < line.box.x0 < high)
    begin = max(starts, key=lambda x: starts[x] + starts[x - 1] + starts[x + 1], default=0)
    return float(begin) if starts[begin - 1] + starts[begin] + starts[begin + 1] >= LEAST else 0.0


def usual_end(lines: Sequence[Line]) -> float:
    ends = sorted(line.box.x1 for line in lines)
    return ends[int(0.95 * (len(ends) - 1))]


def has_one_column(lines: Sequence[Line], gutter: Gutter) -> bool:
    """Whether lines run over the place where other pages have their gutter."""
    reach = 0.1 * (gutter.right - gutter.left)
    wide = [line for line in lines if line.box.x0 < gutter.x0 - reach and line.box.x1 > gutter.x1 + reach]
    return len(wide) > 0.4 * len(lines)


def order_lines(lines: Sequence[Line], gutter: Gutter | None, zones: Sequence[tuple[float, float]]) -> list[Strip]:
    """The lines of a page as strips in reading order; all that lies in a zone (top, bottom) spans the page."""
    if not lines:
        return []
    if gutter is None:
        merged = merge_lines(lines)
        return [Strip(tuple(merged), min(line.box.x0 for line in merged), max(line.box.x1 for line in merged))]
    whole: list[Line] = []
    sides: tuple[list[Line], list[Line]] = [], []
    for line in lines:
        side = side_of(line, lines, gutter, zones)
        (whole if side is None else sides[side]).append(line)
    for line in sorted(sides[0], key=lambda own: own.base):
        if ends_spanning(line, whole, sides[1]):
            sides[0].remove(line)
            whole.append(line)
    strips: list[Strip] = []
    spanning = merge_lines(whole)
    above = float("-inf")
    for index in range(len(spanning) + 1):
        below = spanning[index].base if index < len(spanning) else float("inf")
        for side, (x0, x1) in enumerate(((gutter.left, gutter.x0), (gutter.x1, gutter.right))):
            own = [line for line in sides[side] if above <= line.base < below]
            if own and side and gutter.next:
                strips += order_lines(own, gutter.next, ())
            elif own:
                strips.append(Strip(tuple(merge_lines(own)), x0, x1))
        if index < len(spanning):
            last = strips[-1] if strips else None
            if last and last.lines[-1] is spanning[index - 1] and index:
                strips[-1] = Strip((*last.lines, spanning[index]), last.x0, last.x1)
            else:
                strips.append(Strip((spanning[index],), gutter.left, gutter.right))
        above = below
    return strips


def side_of(line: Line, lines: Sequence[Line], gutter: Gutter, zones: Sequence[tuple[float, float]]) -> int | None:
    """0 for the first column, 1 for the second, None for what spans both.

    A line that is too long for its column spans nothing: other text stands beside it.
    """
    if any(top <= line.base <= bottom for top, bottom in zones):
        return None
    middle = (gutter.x0 + gutter.x1) / 2
    if line.box.x0 >= gutter.x0:
        return 1
    if line.box.x1 <= gutter.x1:
        return 0
    beside = any(
        other is not line and abs(other.base - line.base) < 2 and gutter.x0 < other.box.x0 < line.box.x1 + 15
        for other in lines
    )
    if beside or (line.box.x1 < gutter.x1 + 8 and line.box.x0 < middle - 30):
        return 0
    return None


def ends_spanning(line: Line, whole: Sequence[Line], second: Sequence[Line]) -> bool:
    """Whether a line is the short last one of a paragraph that spans both columns."""
    above = any(
        0 < line.base - other.base < 1.35 * line.size
        and abs(line.box.x0 - other.box.x0) < 2
        and abs(line.size - other.size) < 0.3
        for other in whole
    )
    return above and not any(abs(other.base - line.base) < 3 for other in second)


def spanning_zones(
    rules: Sequence[Box], figures: Sequence[Box], lines: Sequence[Line], gutter: Gutter
) -> list[tuple[float, float]]:
    """The heights (top, bottom) of tables and figures that span both columns, by their rules and their pictures."""
    zones = [(box.y0, box.y1) for box in figures if crosses(box, gutter)]
    spanning = sorted((box for box in rules if crosses(box, gutter)), key=lambda box: box.y0)
    groups: list[list[Box]] = []
    for rule in spanning:
        home = next(
            (group for group in groups if abs(group[0].x0 - rule.x0) < 4 and abs(group[0].x1 - rule.x1) < 4), None
        )
        if home:
            home.append(rule)
        else:
            groups.append([rule])
    for group in groups:
        for upper, lower in itertools.pairwise(group):
            inside = [line for line in lines if upper.y0 <= line.base <= lower.y1]
            if inside and sum(is_column_text(line, gutter) for line in inside) < max(3, 0.2 * len(inside)):
                zones.append((upper.y0 - 1, lower.y1 + 1))
    return zones


def crosses(box: Box, gutter: Gutter) -> bool:
    reach = 0.08 * (gutter.right - gutter.left)
    return box.x0 < gutter.x0 - reach and box.x1 > gutter.x1 + reach


def is_column_text(line: Line, gutter: Gutter) -> bool:
    """Whether a line fills one column."""
    first = abs(line.box.x0 - gutter.left) < 25 and abs(line.box.x1 - gutter.x0) < 6
    second = abs(line.box.x0 - gutter.x1) < 25 and abs(line.box.x1 - gutter.right) < 6
    return first or second
