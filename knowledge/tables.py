"""A passage that shows a table, read into cells that know their row and the head of their column. Pure.

Three ways of writing are read: cells between bars, columns set apart by spaces, and, where a reader has lost the
columns, lines that end in as many numbers as their neighbours.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.types import Passage

CELL = " | "
_GAP = re.compile(r"\s{2,}")
_NUMBER = r"[-−+]?(?:\d[\d,]*(?:\.\d+)?|\.\d+)"
NUMERIC = re.compile(
    rf"^[~<>≈]?\s?{_NUMBER}\s?(?:%|x|×|[KMGB]|[kMG]?B|ms|s|min|h)?(?:\s?(?:±|\(|/)\s?{_NUMBER}\s?%?\)?)?$"
)
_TOKEN = re.compile(rf"^{_NUMBER}(?:%|x|×|[KMG]|[MG]B|ms)?$")
CAPTION = re.compile(r"^\s*(?:table|tab\.)\s*([A-Z]?\.?\d+)\s*[.:]?\s*", re.IGNORECASE)
LEAST_ROWS = 2
MOST_HEADS = 3


@dataclass(frozen=True)
class Cell:
    """One value: its own text, the label of its row, the head of its column, and the other cells of its row by head."""

    text: str
    row: str
    column: str
    others: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Table:
    """What a table shows. `number` is "1" of "Table 1", empty where none is said; `caption` goes without it."""

    number: str
    caption: str
    columns: tuple[str, ...]
    cells: tuple[Cell, ...]

    def row(self, label: str) -> tuple[Cell, ...]:
        """The cells of the rows with this label."""
        return tuple(c for c in self.cells if c.row == label)

    def column(self, head: str) -> tuple[Cell, ...]:
        """The cells under this head, from top to bottom."""
        return tuple(c for c in self.cells if c.column == head)


def read_table(passage: Passage, caption: str = "") -> Table | None:
    """The table of a passage, or None; `caption` is what stands beside it, where the passage itself has none."""
    lines = [line.rstrip() for line in passage.text.splitlines() if line.strip()]
    above = [part.strip() for part in passage.context.split("; ") if part.strip()]
    rows, own_heads = _rows(lines)
    if len(rows) < (1 if any(CELL in part for part in above) else LEAST_ROWS):
        return None
    heads = own_heads or [part.split(CELL) for part in above if CELL in part]
    if not heads and len(rows) > LEAST_ROWS and any(CELL in line or _GAP.search(line) for line in lines):
        # Heads may be numbers themselves, "Rows removed | 50 % | 71 %".
        heads, rows = rows[:1], rows[1:]
    said = next((text for text in (*lines, *above, caption) if CAPTION.match(text)), "")
    number = match.group(1) if (match := CAPTION.match(said)) else ""
    return _build(rows, heads, number or _number_of(passage), CAPTION.sub("", said).strip())


def _number_of(passage: Passage) -> str:
    match = re.fullmatch(r"(?:Table|Tab\.) ?([A-Z]?\.?\d+)", passage.where or "") if passage.kind == "paper" else None
    return match.group(1) if match else ""


def _rows(lines: Sequence[str]) -> tuple[list[list[str]], list[list[str]]]:
    """The rows that hold numbers, and those above them that are heads."""
    split: list[list[str]] = [[cell.strip() for cell in line.split("|")] for line in lines if CELL in line]
    if not split:
        split = [_GAP.split(line.strip()) for line in lines if len(_GAP.split(line.strip())) > 1]
    if sum(1 for row in split if _has_numbers(row)) < 1:
        split = _run_together(lines)
    first = next((place for place, row in enumerate(split) if _has_numbers(row)), len(split))
    return [row for row in split[first:] if _has_numbers(row)], split[:first][-MOST_HEADS:]


def _has_numbers(row: Sequence[str]) -> bool:
    """Whether a row holds values besides its label."""
    return sum(1 for cell in row[1:] if NUMERIC.match(cell)) >= max(1, len(row[1:]) // 2)


def _run_together(lines: Sequence[str]) -> list[list[str]]:
    """Rows of a table whose columns are lost, "Binary 1000 0.5 1.63", and the head line above them."""
    tails = [_tail(line) for line in lines]
    counts = Counter(len(tail) for tail in tails if len(tail) > 1)
    width = counts.most_common(1)[0][0] if counts else 0
    places = [place for place, tail in enumerate(tails) if len(tail) == width]
    if len(places) <= LEAST_ROWS or not width:
        return []
    rows = [[_label(lines[place], width), *tails[place]] for place in places]
    head = re.findall(r"\S+(?: \([^)]*\))?", lines[places[0] - 1]) if places[0] else []
    # Heads of several words cannot be told apart any more; then the line stands for all of them.
    heads = [head] if len(head) == width + 1 and not tails[places[0] - 1] else []
    return [*heads, *rows]


def _tail(line: str) -> list[str]:
    """The numbers that a line ends in; none where it is nothing else, or a sentence."""
    words = line.split()
    start = len(words)
    while start > 0 and _TOKEN.match(words[start - 1]):
        start -= 1
    return words[start:] if 0 < start < len(words) else []


def _label(line: str, width: int) -> str:
    return " ".join(line.split()[:-width])


def _build(rows: Sequence[Sequence[str]], heads: Sequence[Sequence[str]], number: str, caption: str) -> Table:
    width = max(len(row) for row in rows)
    names = [_head(heads, column, width) for column in range(width)]
    labels = _label_columns(rows, width)
    cells: list[Cell] = []
    before = ""
    for row in rows:
        parts = [cell for cell in row[:labels] if cell]
        # A table keyed by a number ("4 | 69.5") names the number by its head.
        if len(parts) == 1 and NUMERIC.match(parts[0]) and names[0]:
            parts = [f"{names[0]} {parts[0]}"]
        label = before = ", ".join(parts) or before
        values = [(names[c], row[c]) for c in range(labels, len(row)) if row[c]]
        for place, (head, text) in enumerate(values):
            cells.append(Cell(text, label, head, tuple(values[:place] + values[place + 1 :])))
    return Table(number, caption, tuple(names[labels:]), tuple(cells))


def _head(heads: Sequence[Sequence[str]], column: int, width: int) -> str:
    """The words over a column; a row of heads that is shorter lacks those on the left."""
    said: list[str] = []
    for head in heads:
        place = column - (width - len(head))
        if 0 <= place < len(head) and head[place] and head[place] not in said:
            said.append(head[place])
    return ", ".join(said)


def _label_columns(rows: Sequence[Sequence[str]], width: int) -> int:
    """How many columns on the left hold words and not values; at least one."""
    count = 0
    for column in range(width - 1):
        held = [row[column] for row in rows if column < len(row) and row[column]]
        if sum(1 for cell in held if NUMERIC.match(cell)) * 2 > len(held):
            break
        count += 1
    return max(1, count)
