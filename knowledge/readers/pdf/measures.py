"""What the running text of a paper looks like, so that what is set otherwise stands out."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.readers.pdf.columns import Strip
from knowledge.readers.pdf.tables import CAPTION


@dataclass(frozen=True)
class Measures:
    """What the running text of a paper looks like."""

    size: float
    font: str
    leading: float
    justified: bool = True
    """Whether most lines end at one edge."""
    caption: str = ""
    """What stands after the number in most captions: ":" or "."."""


def measure(strips: Sequence[Strip]) -> Measures:
    """The commonest size and font, and the usual distance of two lines of that size."""
    sizes: Counter[tuple[float, str]] = Counter()
    for strip in strips:
        for line in strip.lines:
            sizes[round(line.size, 1), line.font] += len(line.text)
    size, font = sizes.most_common(1)[0][0] if sizes else (10.0, "")
    steps = Counter(
        round(after.base - before.base, 1)
        for strip in strips
        for before, after in zip(strip.lines, strip.lines[1:], strict=False)
        if abs(before.size - size) < 0.3 and abs(after.size - size) < 0.3 and after.base - before.base < 2.5 * size
    )
    ends = Counter(
        match["end"]
        for strip in strips
        for line in strip.lines
        if (match := CAPTION.match(line.text)) and match["end"] in (":", ".")
    )
    end = ":" if ends[":"] else "." if ends["."] else ""
    return Measures(size, font, steps.most_common(1)[0][0] if steps else 1.2 * size, is_justified(strips, size), end)


def is_justified(strips: Sequence[Strip], size: float) -> bool:
    """Whether most lines of running text end where another of their strip ends too."""
    flush = whole = 0
    for strip in strips:
        own = [line for line in strip.lines if abs(line.size - size) < 0.3 and len(line.text) > 20]
        ends = Counter(round(line.box.x1) for line in own)
        flush += sum(ends[round(line.box.x1)] + ends[round(line.box.x1) - 1] > 3 for line in own)
        whole += len(own)
    return flush > 0.5 * whole
