"""Tables of a strip, found by their rules and captions."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.readers.pdf.columns import Strip
from knowledge.readers.pdf.lines import Line
from knowledge.readers.pdf.page import Box
from knowledge.readers.pdf.rows import NUMBER, find_columns, find_tight_columns, place_words

CAPTION = re.compile(
    r"(?:(?P<table>Table|Tab\.?)|(?P<figure>Figure|Fig\.?)|(?P<other>Algorithm|Listing|Scheme|Chart))\s*"
    r"(?P<number>[A-Z]?\.?\d{1,3}(?:\.\d{1,2})?[a-z]?|[IVX]{1,6})\b\s*(?P<end>[:.|–—-]|$)?",
    re.IGNORECASE,
)
LEAST_ROWS = 3
CAPTION_LINES = 8


@dataclass(frozen=True)
class Table:
    """The lines `first:last` of a strip that are one table."""

    first: int
    last: int
    rules: tuple[float, ...]
    """The heights of its rules from top to bottom; its heads stand above the second."""
    tight: bool = False
    """Whether its columns stand so near to one another that only the words of its rows tell them apart."""


def caption_of(line: Line, body_size: float, end: str = "") -> str | None:
    """What a line is the caption of ("Table 2"), where it begins one: not a sentence such as "Table 2 shows"."""
    text = line.text
    match = CAPTION.match(text)
    if not match:
        return None
    label = line.cells[0][0]
    set_apart = (label.bold and not line.words[-1].bold) or line.bold or line.size < 0.95 * body_size
    if not match["end"] and not (set_apart and text[match.end() :].lstrip()[:1].isupper()):
        return None
    if end and match["end"] and match["end"] != end and not set_apart:
        return None
    if match["end"] == "." and text[match.end() :].strip()[:1].islower():
        return None
    name = "Table" if match["table"] else "Figure" if match["figure"] else match["other"].capitalize()
    return f"{name} {match['number']}"


def find_tables(strip: Strip, rules: Sequence[Box], body_size: float) -> list[Table]:
    """The tables of a strip, first to last: what stands between rules of one width, and rows of cells at a caption."""
    lines = strip.lines
    found: list[Table] = []
    for heights in ruled_stretches(strip, rules, body_size):
        inside = [index for index, line in enumerate(lines) if heights[0] + 2 < line.base <= heights[-1] + 1]
        if (
            inside
            and not lines[inside[0]].text.startswith("Algorithm")
            and is_tabular(lines[inside[0] : inside[-1] + 1])
        ):
            found.append(Table(inside[0], inside[-1] + 1, heights))
    taken = {index for table in found for index in range(table.first, table.last)}
    for index, line in enumerate(lines):
        name = caption_of(line, body_size)
        bare = name and name.startswith("Table") and index not in taken and not near_table(found, index)
        ways = (unruled_table(lines, index, taken), tight_table(lines, index, taken)) if bare else ()
        if table := max(filter(None, ways), key=lambda own: own.last - own.first, default=None):
            found.append(table)
            taken.update(range(table.first, table.last))
    return sorted(found, key=lambda table: table.first)


def near_table(tables: Sequence[Table], index: int) -> bool:
    return any(table.first - 12 <= index < table.first or table.last <= index <= table.last + 1 for table in tables)


def ruled_stretches(strip: Strip, rules: Sequence[Box], body_size: float) -> list[tuple[float, ...]]:
    """The heights of rules of the same extent in a strip between which no running text stands."""
    own = sorted((r for r in rules if r.x0 > strip.x0 - 30 and r.x1 < strip.x1 + 30), key=lambda rule: rule.y0)
    groups: list[list[Box]] = []
    for rule in own:
        same = next((g for g in groups if abs(g[0].x0 - rule.x0) < 4 and abs(g[0].x1 - rule.x1) < 4), None)
        if same and not breaks_table(strip, same[-1].y1, rule.y0, body_size):
            same.append(rule)
        else:
            groups.append([rule])
    stretches = []
    for group in groups:
        if len(group) > 1 and group[-1].y1 - group[0].y0 > 8:
            heights = [group[0].y0]
            heights += [rule.y0 for rule in group[1:] if rule.y0 - heights[-1] > 4]
            stretches.append(tuple(heights))
    stretches.sort(key=lambda heights: (heights[0], -heights[-1]))
    return [
        one for i, one in enumerate(stretches) if not any(o[0] <= one[0] and one[-1] <= o[-1] for o in stretches[:i])
    ]


def breaks_table(strip: Strip, top: float, bottom: float, body_size: float) -> bool:
    """Whether running text or a caption stands between two heights."""
    between = [line for line in strip.lines if top < line.base < bottom]
    running = sum(
        len(line.cells) == 1
        and line.box.x1 - line.box.x0 > 0.85 * (strip.x1 - strip.x0)
        and line.size > 0.93 * body_size
        for line in between
    )
    return running >= 3 or any(caption_of(line, body_size) for line in between)


def is_tabular(lines: Sequence[Line]) -> bool:
    """Whether enough lines have several cells, or all of them one gap at the same place."""
    if len(lines) < 2:
        return False
    several = sum(len(line.cells) > 1 for line in lines) >= max(1, 0.3 * len(lines))
    return several or (len(lines) > 2 and len(find_columns(lines)) > 1)


def unruled_table(lines: Sequence[Line], caption: int, taken: set[int]) -> Table | None:
    """Rows of cells right below a caption, else right above it."""
    below = caption + 1
    while below < min(caption + 8, len(lines)) and len(lines[below].cells) == 1:
        below += 1
    for start, step in ((below, 1), (caption - 1, -1)):
        end = start
        while 0 <= end < len(lines) and end not in taken and len(lines[end].cells) > 1:
            near = end == start or abs(lines[end].base - lines[end - step].base) < 3 * lines[end].size
            if not near:
                break
            end += step
        if abs(end - start) > 1 and (
            step > 0 or abs(lines[start].base - lines[caption].base) < 4 * lines[caption].size
        ):
            first, last = (start, end) if step > 0 else (end + 1, start + 1)
            return Table(first, last, (0.0, lines[first].base + 1))
    return None


def tight_table(lines: Sequence[Line], caption: int, taken: set[int]) -> Table | None:
    """Rows of numbers in columns without wide gaps, below a caption or else above it, with the head over them."""
    for step in (1, -1):
        first = caption + step
        while 0 <= first < len(lines) and abs(first - caption) < CAPTION_LINES and not holds_numbers(lines[first]):
            first += step
        end = first
        while 0 <= end < len(lines) and end not in taken and holds_numbers(lines[end]):
            if end != first and abs(lines[end].base - lines[end - step].base) > 2.2 * lines[end].size:
                break
            end += step
        top, bottom = (first, end) if step > 0 else (end + 1, first + 1)
        if bottom - top < LEAST_ROWS or len(columns := find_tight_columns(lines[top:bottom])) < 2:
            continue
        near = top and lines[top].base - lines[top - 1].base < 2.2 * lines[top].size
        heads = int(bool(near) and top - 1 not in (caption, *taken) and is_head(lines[top - 1], columns))
        return Table(top - heads, bottom, (0.0, lines[top - heads].base + 1), tight=True)
    return None


def holds_numbers(line: Line) -> bool:
    """Whether a line may be a row of a table: it ends with a number, and two in five of its words are numbers."""
    texts = [word.text for word in line.words]
    numbers = sum(bool(NUMBER.fullmatch(text)) for text in texts)
    return len(texts) > 1 and bool(NUMBER.fullmatch(texts[-1])) and numbers >= 0.4 * len(texts)


def is_head(line: Line, columns: Sequence[tuple[float, float]]) -> bool:
    """Whether a line has words over each column but perhaps the first, and is no running text: few words, no full stop."""
    placed = place_words(line.words, columns)
    return all(placed[1:]) and len(line.words) <= 2 * len(columns) and not line.text.endswith((".", ","))
