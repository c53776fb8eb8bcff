"""What stands on a page beside the paper's words: running heads, page numbers, line numbers of review copies."""

import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Sequence

from knowledge.readers.pdf.lines import Line, Word

ZONE = 0.12
"""The share of a page's height, above and below, in which running heads and page numbers stand."""
PAGE_NUMBER = re.compile(
    r"(?:page\s+)?[-–—|\s]*(?:\d{1,5}|[ivxl]{1,6})(?:\s*(?:/|of)\s*\d{1,4})?[-–—|\s]*", re.IGNORECASE
)
WIDER_ZONE = 0.25
"""The same for page numbers that stand at one place of several pages, as on large sheets."""
FOOT = 0.07
"""So near to the edge a line of one page alone, such as that of a publisher, may stand outside of the page number."""
IMPRINT = re.compile(
    r"^(?:in )?proceedings of\b|^published (?:as|at|in)\b|^(?:currently )?under review\b|^accepted (?:as|at|by|to|for)\b|^preprint\b|^(?:copyright|©|\(c\)) |"
    r"[©ⓒ]\s*(?:19|20)\d\d|\bc\s+20\d\d\s|\bissn\b|\bisbn\b|\ball rights reserved\b|\blicensed under\b",
    re.IGNORECASE,
)
"""How a publisher's line begins, or what only such a line has."""
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
    """The lines of each page without its page number, without what stands at the same place of other pages too, and
    without a publisher's line, which stands on one page alone, outside of the page number or says itself what it is.

    Looks from the edges inwards, row by row, and no further than the first row that is something else.
    """
    seen = Counter(key for lines in pages for key in {place_of(line) for line in lines})
    often = max(2, 0.2 * len(pages))
    kept = []
    for lines, height in zip(pages, heights, strict=True):
        dropped: set[Line] = set()
        rows = split_rows(lines)
        for from_top in (True, False):
            passed: list[Line] = []
            for number, row in enumerate(rows if from_top else rows[::-1]):
                base = row[0].base if from_top else height - row[0].base
                heads = [line for line in row if seen[place_of(line)] >= (often if number else 2)]
                numbers = [line for line in row if PAGE_NUMBER.fullmatch(line.text)]
                alone = len(numbers) == len(row)
                if base < ZONE * height and (heads or alone):
                    dropped.update(heads + numbers)
                    dropped.update(passed if alone else ())
                elif number == 0 and alone and heads and base < WIDER_ZONE * height:
                    dropped.update(row)
                elif base > FOOT * height:
                    break
                else:
                    passed += row
            dropped.update(line for line in passed if IMPRINT.search(line.text))
        kept.append([line for line in lines if line not in dropped])
    return kept


def split_rows(lines: Sequence[Line]) -> list[list[Line]]:
    """Lines by their height, from top to bottom."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda own: own.base):
        if rows and line.base - rows[-1][0].base < 3:
            rows[-1].append(line)
        else:
            rows.append([line])
    return rows


def place_of(line: Line) -> tuple[str, int]:
    """What a line says, numbers aside, and its height: the same for a running head on all pages."""
    return re.sub(r"\d+|\b[ivxl]+\b", "#", line.text.lower()), round(line.base / 3)
