"""Where the pictures of a page are, so that their labels stay out of the running text."""

from collections.abc import Sequence

from knowledge.readers.pdf.lines import Line
from knowledge.readers.pdf.page import Box, Drawn, RawPage

THIN = 2.5
"""A drawn line at most this high is a rule."""
SMALLEST = 30
"""Pictures are at least this wide and high."""
NEAR = 12
"""Drawn things that are this near to one another belong to one drawing."""
FEWEST = 6
"""A drawing is made of at least so many things."""
MOST = 3000
"""Drawn things that are gathered into drawings."""


def find_rules(raw: RawPage) -> list[Box]:
    """Horizontal lines; pieces of one line are joined."""
    thin = sorted(
        (thing.box for thing in raw.drawn if thing.kind == "path" and thing.box.y1 - thing.box.y0 <= THIN),
        key=lambda box: (round(box.y0), box.x0),
    )
    joined: list[Box] = []
    for box in thin:
        last = joined[-1] if joined else None
        if last and abs(last.y0 - box.y0) < 1 and box.x0 - last.x1 < 1.5:
            joined[-1] = Box(last.x0, last.y0, max(last.x1, box.x1), last.y1)
        else:
            joined.append(box)
    return [box for box in joined if box.x1 - box.x0 > 20]


def find_figures(raw: RawPage, lines: Sequence[Line], size: float) -> list[Box]:
    """The boxes of pictures, included drawings, and drawings of many lines; none that holds running text."""
    whole = raw.width * raw.height
    boxes = [thing.box for thing in raw.drawn if thing.kind in ("image", "form", "shading")]
    boxes += gather([thing for thing in raw.drawn if thing.kind == "path"][:MOST])
    kept = [
        box for box in boxes if box.x1 - box.x0 > SMALLEST and box.y1 - box.y0 > SMALLEST and box.area < 0.6 * whole
    ]
    return [box for box in kept if not holds_text(box, lines, size)]


def gather(drawn: Sequence[Drawn]) -> list[Box]:
    """The boxes of drawings: paths near one another, where they are many and no mere rules of a table."""
    groups: list[tuple[Box, int]] = []
    for thing in drawn:
        box, count = thing.box, int(thing.box.y1 - thing.box.y0 > THIN and thing.box.x1 - thing.box.x0 > THIN)
        wide = Box(box.x0 - NEAR, box.y0 - NEAR, box.x1 + NEAR, box.y1 + NEAR)
        apart = []
        for other, number in groups:
            if other.x0 <= wide.x1 and wide.x0 <= other.x1 and other.y0 <= wide.y1 and wide.y0 <= other.y1:
                box = Box(min(box.x0, other.x0), min(box.y0, other.y0), max(box.x1, other.x1), max(box.y1, other.y1))
                count += number
            else:
                apart.append((other, number))
        groups = [*apart, (box, count)]
    return [box for box, count in groups if count >= FEWEST]


def holds_text(box: Box, lines: Sequence[Line], size: float) -> bool:
    """Whether three or more lines of running text stand in a box, as in a coloured frame."""
    inside = [line for line in lines if contains(box, line) and abs(line.size - size) < 0.12 * size]
    return sum(len(line.text) > 45 for line in inside) >= 3


def contains(box: Box, line: Line) -> bool:
    return line.box.overlap(box) > 0.6 * line.box.area
