"""Tables of a strip: found by their rules and captions, written as rows of cells with " | " between."""

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.readers.pdf.columns import Strip
from knowledge.readers.pdf.lines import Line, Word
from knowledge.readers.pdf.page import Box

CAPTION = re.compile(
    r"(?:(?P<table>Table|Tab\.?)|(?P<figure>Figure|Fig\.?)|(?P<other>Algorithm|Listing|Scheme|Chart))\s*"
    r"(?P<number>[A-Z]?\.?\d{1,3}(?:\.\d{1,2})?[a-z]?|[IVX]{1,6})\b\s*(?P<end>[:.|–—-]|$)?",
    re.IGNORECASE,
)
COLUMN_GAP = 0.5
"""The width of free space, in sizes of the text, that parts the columns of a table."""
CROSSED = 0.1
"""The share of rows that may run over the space between two columns, as headings over several columns do."""


NUMBER = re.compile(r"[-–—−+±~≈<>(]*\d[\d.,:/]*(?:[-–±(]\d[\d.,]*)?\s?[%×xKMGBk)†‡*]*|[-–—]|n/a|N/A")
TIGHT_GAP = 0.15
"""The same for rows of numbers, where no word of any row may stand in it."""
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


def find_tight_columns(lines: Sequence[Line]) -> list[tuple[float, float]]:
    """The extents of columns that no word of a row crosses; between two without numbers there is no end of a column."""
    edges = sorted((word.box.x0, word.box.x1, word) for line in lines for word in line.words)
    size = edges[len(edges) // 2][2].size
    columns: list[list[Word]] = []
    right = float("-inf")
    for x0, x1, word in edges:
        if x0 > right + TIGHT_GAP * size:
            columns.append([])
        columns[-1].append(word)
        right = max(right, x1)
    joined: list[list[Word]] = []
    for column in columns:
        words = not any(NUMBER.fullmatch(word.text) for word in column)
        if joined and words and not any(NUMBER.fullmatch(word.text) for word in joined[-1]):
            joined[-1] += column
        else:
            joined.append(column)
    return [(min(word.box.x0 for word in own), max(word.box.x1 for word in own)) for own in joined]


def write_rows(lines: Sequence[Line], table: Table) -> str:
    """A table as lines of cells; the lines of its head become one, a heading over several columns stands in each, and
    so does the name of several rows in each of them."""
    rules = table.rules
    columns = find_tight_columns(lines[1:]) if table.tight else find_columns(lines)
    head_end = rules[1] if len(rules) > 2 or rules[0] == 0 else rules[0]
    heads = [line for line in lines if line.base < head_end]
    body = lines if table.tight else [line for line in lines if line.base >= head_end]
    rows = [write_head(heads, columns)] if heads and not table.tight else []
    for group in split_groups(body, rules):
        own: list[list[str]] = []
        for line in group:
            row = [" ".join(word.text for word in words) for words in place_words(line.words, columns)]
            if own and continues_row(row, own[-1]):
                own[-1] = [f"{above} {below}".strip() for above, below in zip(own[-1], row, strict=True)]
            else:
                own.append(row)
        rows += name_rows(own)
    return "\n".join(" | ".join(row).rstrip(" |") for row in rows if any(row))


def split_groups(lines: Sequence[Line], rules: Sequence[float]) -> list[list[Line]]:
    """The lines of a table's body between its rules."""
    groups: list[list[Line]] = [[]]
    for line in lines:
        if groups[-1] and any(groups[-1][-1].base < y < line.base for y in rules):
            groups.append([])
        groups[-1].append(line)
    return groups


def name_rows(rows: list[list[str]]) -> list[list[str]]:
    """The rows of a group with the name in the first column, which stands once for several of them, in each.

    A name on the first row holds down to the next one; names below it are one name, set in the middle of the group.
    """
    labels = [row for row in rows if row[0] and not any(row[1:])]
    named = [row for row in rows if row[0]]
    others = [row for row in rows if any(row[1:])]
    if (
        len(rows) < 3
        or len(rows[0]) < 3
        or len(named) > 0.6 * len(rows)
        or not others
        or not all(row[1] for row in others)
    ):
        return rows
    if not rows[0][0]:
        name = " ".join(row[0] for row in named)
        return [[name, *row[1:]] for row in others]
    if labels:
        return rows
    filled, name = [], ""
    for row in rows:
        name = row[0] or name
        filled.append([name, *row[1:]])
    return filled


def continues_row(row: list[str], above: list[str]) -> bool:
    """Whether a line holds the second lines of some cells above: words, under cells that are filled, not in the first."""
    filled = [index for index, cell in enumerate(row) if cell]
    words = not any(re.search(r"\d", row[index]) for index in filled)
    return (
        bool(filled)
        and bool(row)
        and not row[0]
        and words
        and len(filled) <= max(1, sum(map(bool, above)) // 2)
        and all(above[index] for index in filled)
    )


def write_head(lines: Sequence[Line], columns: Sequence[tuple[float, float]]) -> list[str]:
    heads = [""] * len(columns)
    for line in lines:
        for cell in line.cells:
            left, right = cell[0].box.x0, cell[-1].box.x1
            over = [
                i
                for i, (x0, x1) in enumerate(columns)
                if min(right, x1) - max(left, x0) > 0.2 * min(x1 - x0, right - left)
            ]
            if len(cell) > 1 and len(over) > 1 and len(place_cells(cell, columns)) > 1 and wide_gaps(cell):
                for index, words in enumerate(place_words(cell, columns)):
                    heads[index] = " ".join([heads[index], *(word.text for word in words)]).strip()
                continue
            for index in over or [nearest(left, right, columns)]:
                heads[index] = " ".join([heads[index], *(word.text for word in cell)]).strip()
    return heads


def wide_gaps(cell: Sequence[Word]) -> bool:
    """Whether the words of a cell stand as far apart as columns do."""
    return any(b.box.x0 - a.box.x1 > COLUMN_GAP * a.size for a, b in itertools.pairwise(cell))


def place_cells(cell: Sequence[Word], columns: Sequence[tuple[float, float]]) -> set[int]:
    return {nearest(word.box.x0, word.box.x1, columns) for word in cell}


def place_words(words: Sequence[Word], columns: Sequence[tuple[float, float]]) -> list[list[Word]]:
    """Words by the column they stand in."""
    placed: list[list[Word]] = [[] for _ in columns]
    for word in words:
        placed[nearest(word.box.x0, word.box.x1, columns)].append(word)
    return placed


def nearest(left: float, right: float, columns: Sequence[tuple[float, float]]) -> int:
    shared = [min(right, x1) - max(left, x0) for x0, x1 in columns]
    return shared.index(max(shared))


def find_columns(lines: Sequence[Line]) -> list[tuple[float, float]]:
    """The extents of a table's columns: where hardly a row has a word, a column ends."""
    words = [word for line in lines for word in line.words]
    left, right = min(word.box.x0 for word in words), max(word.box.x1 for word in words)
    size = sorted(word.size for word in words)[len(words) // 2]
    steps = int((right - left) * 2) + 2
    covered = [0] * steps
    for line in lines:
        own = [False] * steps
        for cell in line.cells if len(line.cells) == 1 else [[word] for word in line.words]:
            for x in range(int((cell[0].box.x0 - left) * 2), int((cell[-1].box.x1 - left) * 2) + 1):
                own[x] = True
        covered = [count + here for count, here in zip(covered, own, strict=True)]
    allowed = CROSSED * len(lines) if len(lines) > 3 else 0
    columns: list[tuple[float, float]] = []
    start, free = 0, 0
    for x in range(steps):
        if covered[x] <= allowed:
            free += 1
            continue
        if free > COLUMN_GAP * size * 2 and x - free > start:
            columns.append((left + start / 2, left + (x - free) / 2))
            start = x
        free = 0
    return [*columns, (left + start / 2, right)]
