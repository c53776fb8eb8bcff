"""What stands on a page beside the paper's words: running heads, page numbers, line numbers of review copies."""

import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Sequence

from knowledge.readers.pdf_lines import Line, Word

ZONE = 0.12
"""The share of a page's height, above and below, in which running heads and page numbers stand."""
PAGE_NUMBER = re.compile(
    r"(?:page\s+)?[-–—|\s]*(?:\d{1,5}|[ivxl]{1,6})(?:\s*(?:/|of)\s*\d{1,4})?[-–—|\s]*", re.IGNORECASE
)
FEWEST = 8
"""Line numbers are at least so many on a page."""


def drop_line_numbers(words: Sequence[Word]) -> list[Word]:
    """The words of a page without columns of numbers that count up by one step, beside all other text."""
    dropped: set[int] = set()
    for edge in (0, 2):
        groups: dict[int, list[int]] = defaultdict(list)
        for index, word in enumerate(words):
            if re.fullmatch(r"\d{1,4}", word.text):
                groups[round(word.box[edge] / 3)].append(index)
        for place, own in list(groups.items()):
            column = sorted({*own, *groups.get(place + 1, [])}, key=lambda index: words[index].base)
            if counts_up([int(words[index].text) for index in column]) and stands_alone(column, words):
                dropped.update(column)
    return [word for index, word in enumerate(words) if index not in dropped]


def counts_up(numbers: list[int]) -> bool:
    """Whether numbers grow by one same step nearly always."""
    if len(numbers) < FEWEST:
        return False
    step, times = Counter(after - before for before, after in itertools.pairwise(numbers)).most_common(1)[0]
    return step > 0 and times >= 0.8 * (len(numbers) - 1)


def stands_alone(column: list[int], words: Sequence[Word]) -> bool:
    """Whether hardly any other word of the page stands above or below a column of words."""
    left, right = min(words[index].box.x0 for index in column), max(words[index].box.x1 for index in column)
    own = set(column)
    others = sum(word.box.x1 > left and word.box.x0 < right for index, word in enumerate(words) if index not in own)
    return others <= 0.2 * len(column)


def drop_running_heads(pages: Sequence[Sequence[Line]], heights: Sequence[float]) -> list[list[Line]]:
    """The lines of each page without its page number and without what stands at the same place of other pages too.

    Looks from the edges inwards, and no further than the first row that is something else.
    """
    wider = Counter(
        place_of(line)
        for lines, height in zip(pages, heights, strict=True)
        for line in lines
        if PAGE_NUMBER.fullmatch(line.text) and not 0.25 * height <= line.base <= 0.75 * height
    )
    seen = Counter(key for lines, height in zip(pages, heights, strict=True) for key in {
        place_of(line) for line in lines if in_margin(line, height)
    })  # fmt: skip
    often = max(2, 0.2 * len(pages))
    kept = []
    for lines, height in zip(pages, heights, strict=True):
        dropped: set[int] = set()
        for from_top in (True, False):
            order = sorted(range(len(lines)), key=lambda index: lines[index].base, reverse=not from_top)
            for position, index in enumerate(order):
                line = lines[index]
                row = [
                    lines[other] for other in order[position : position + 4] if abs(lines[other].base - line.base) < 3
                ]
                numbered = PAGE_NUMBER.fullmatch(line.text) and len(row) == 1
                if numbered and position == 0 and wider[place_of(line)] > 1:
                    dropped.add(index)
                    continue
                edge = line.base < ZONE * height if from_top else line.base > (1 - ZONE) * height
                if edge and (seen[place_of(line)] >= often or numbered):
                    dropped.add(index)
                elif edge and not from_top and line.base > 0.93 * height:
                    continue
                elif edge and any(seen[place_of(other)] >= often for other in row):
                    dropped.update(
                        other
                        for other in order[position : position + 4]
                        if lines[other] in row and PAGE_NUMBER.fullmatch(lines[other].text)
                    )
                    continue
                else:
                    break
        kept.append([line for index, line in enumerate(lines) if index not in dropped])
    return kept


def in_margin(line: Line, height: float) -> bool:
    return not ZONE * height <= line.base <= (1 - ZONE) * height


def place_of(line: Line) -> tuple[str, int]:
    """What a line says, numbers aside, and its height: the same for a running head on all pages."""
    return re.sub(r"\d+|\b[ivxl]+\b", "#", line.text.lower()), round(line.base / 3)
