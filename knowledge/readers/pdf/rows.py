"""The lines of a table -> rows of cells with " | " between."""

import itertools
import re
from collections.abc import Sequence

from knowledge.readers.pdf.lines import Line, Word

COLUMN_GAP = 0.5
"""The width of free space, in sizes of the text, that parts the columns of a table."""
CROSSED = 0.1
"""The share of rows that may run over the space between two columns, as headings over several columns do."""


NUMBER = re.compile(r"[-–—−+±~≈<>(]*\d[\d.,:/]*(?:[-–±(]\d[\d.,]*)?\s?[%×xKMGBk)†‡*]*|[-–—]|n/a|N/A")
TIGHT_GAP = 0.15
"""The same for rows of numbers, where no word of any row may stand in it."""


def write_rows(lines: Sequence[Line], rules: Sequence[float], tight: bool = False) -> str:
    """A table as lines of cells; the lines of its head become one, a heading over several columns stands in each, and
    so does the name of several rows in each of them. `tight` columns stand near to one another."""
    columns = find_tight_columns(lines[1:]) if tight else find_columns(lines)
    head_end = rules[1] if len(rules) > 2 or rules[0] == 0 else rules[0]
    heads = [line for line in lines if line.base < head_end]
    body = lines if tight else [line for line in lines if line.base >= head_end]
    rows = [write_head(heads, columns)] if heads and not tight else []
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
