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
_UNIT = r"(?:%|x|×|[KMGB]|[kKMG]?B|ms|s|min|h)?"
NUMERIC = re.compile(rf"^[~<>≈]?\s?{_NUMBER}\s?{_UNIT}(?:\s?(?:±|\(|/)\s?{_NUMBER}\s?{_UNIT}\)?){{0,2}}$")
_TOKEN = re.compile(rf"^{_NUMBER}(?:%|x|×|[KMG]|[MG]B|ms)?$")
CAPTION = re.compile(r"^\s*(?:table|tab\.)\s*([A-Z]?\.?\d+)\s*[.:]?\s*", re.IGNORECASE)
_NOTE = re.compile(r"\s*(?:\(\d\)|\^?\{?\(?\d\)?\}|[*†‡§])+$")
LEAST_ROWS = 2
MOST_HEADS = 3
LONGEST_HEADING = 60


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
    valued = [row for row in rows if not _is_heading(row)]
    if len(valued) < (1 if any(CELL in part for part in above) else LEAST_ROWS):
        return None
    heads = own_heads or [_cells(part) for part in above if CELL in part]
    if not heads and len(rows) > LEAST_ROWS and any(CELL in line or _GAP.search(line) for line in lines):
        # Heads may be numbers themselves, "Rows removed | 50 % | 71 %".
        heads, rows = rows[:1], rows[1:]
    said = next((text for text in (*lines, *above, caption) if CAPTION.match(text)), "")
    number = match.group(1) if (match := CAPTION.match(said)) else ""
    return _build(rows, heads, number or _number_of(passage), CAPTION.sub("", said).strip())


def _number_of(passage: Passage) -> str:
    match = re.fullmatch(r"(?:Table|Tab\.) ?([A-Z]?\.?\d+)", passage.where or "") if passage.kind == "paper" else None
    return match.group(1) if match else ""


def _cells(line: str) -> list[str]:
    """The cells of a line between bars, without the marks of bold type and of footnotes."""
    return [cell.strip(" *†‡§") for cell in line.split("|")]


def _rows(lines: Sequence[str]) -> tuple[list[list[str]], list[list[str]]]:
    """The rows that hold numbers with the headings between them, and those above them that are heads of columns."""
    first = next((place for place, line in enumerate(lines) if CELL in line), len(lines))
    split: list[list[str]] = [
        _cells(line) if CELL in line else [line.strip(), ""]
        for line in lines[first:]
        if CELL in line or (len(line) <= LONGEST_HEADING and not CAPTION.match(line))
    ]
    if not split:
        split = [_GAP.split(line.strip()) for line in lines if len(_GAP.split(line.strip())) > 1]
    if sum(1 for row in split if _has_numbers(row)) < 1:
        split = _run_together(lines)
    first = next((place for place, row in enumerate(split) if _has_numbers(row)), len(split))
    heads = [row for row in split[:first] if not _is_heading(row)][-MOST_HEADS:]
    opening = [row for row in split[first - 1 : first] if first and heads and _is_heading(row)]
    return opening + [row for row in split[first:] if _has_numbers(row) or _is_heading(row)], heads


def _has_numbers(row: Sequence[str]) -> bool:
    """Whether a row holds values besides its label; cells left empty count for nothing."""
    told = [cell for cell in row[1:] if cell not in ("", "-")]
    return sum(1 for cell in told if NUMERIC.match(cell)) >= max(1, len(told) // 2)


def _is_heading(row: Sequence[str]) -> bool:
    """Whether a row is but one text over all columns, which says of what the rows below are."""
    told = [cell for cell in row if cell]
    return len(row) > 1 and len(told) == 1 and not NUMERIC.match(told[0])


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
    rows, heads = _unfolded(rows, heads)
    width = max(len(row) for row in rows)
    labels = _label_columns([row for row in rows if not _is_heading(row)], width)
    names = [_head(heads, column, width, labels) for column in range(width)]
    cells: list[Cell] = []
    before: list[str] = []
    group = ""
    for row in rows:
        if _is_heading(row):
            group = next(cell for cell in row if cell)
            continue
        before = _labels(row[:labels], before)
        # A table keyed by a number ("4 | 69.5") names the number by its head.
        keyed = [(NUMERIC.match(cell) and names[place]) or "" for place, cell in enumerate(before)]
        parts = [f"{key} {cell}".strip() for key, cell in zip(keyed, before, strict=True) if cell]
        label = ", ".join([group, *parts] if group else parts)
        values = [(names[c], row[c]) for c in range(labels, len(row)) if row[c]]
        for place, (head, text) in enumerate(values):
            cells.append(Cell(text, label, head, tuple(values[:place] + values[place + 1 :])))
    return Table(number, caption, tuple(names[labels:]), tuple(cells))


def _labels(cells: Sequence[str], above: Sequence[str]) -> list[str]:
    """The label cells of a row; those left empty before the first that is said are as in the row above."""
    first = next((place for place, cell in enumerate(cells) if cell), len(cells))
    return [cell or (above[c] if c < first and c < len(above) else "") for c, cell in enumerate(cells)]


def _unfolded(
    rows: Sequence[Sequence[str]], heads: Sequence[Sequence[str]]
) -> tuple[Sequence[Sequence[str]], Sequence[Sequence[str]]]:
    """A table whose columns are printed twice side by side ("Model | Recall | Model | Recall") as one under the other."""
    if len(heads) != 1:
        return rows, heads
    names = [_NOTE.sub("", head).lower() for head in heads[0]]
    for start in (0, 1):
        for period in range(2, (len(names) - start) // 2 + 1):
            told = names[start:]
            if len(told) % period or any(name != told[place % period] for place, name in enumerate(told)):
                continue
            first = [[*row[:start], *row[start : start + period]] for row in rows]
            later = [
                [*row[:start], *row[at : at + period]]
                for at in range(start + period, len(names), period)
                for row in rows
                if any(row[at : at + period])
            ]
            return [*first, *later], [heads[0][: start + period]]
    return rows, heads


def _head(heads: Sequence[Sequence[str]], column: int, width: int, labels: int) -> str:
    """The words over a column: of a head over several columns each has it, and a row of heads that is shorter lacks those
    on the left, unless it shows by an empty cell that it keeps its places."""
    said: list[str] = []
    for level, head in enumerate(heads):
        placed = _keeps_places(heads, level)
        place = column if placed else column - (width - len(head))
        while place > labels and placed and not _at(head, place) and _has_below(heads[level + 1 :], place, width):
            place -= 1
            if _at(head, place) and not _has_below(heads[level + 1 :], place, width):
                place = -1  # that head stands over its own column only
        text = _at(head, place)
        if text and text not in said:
            said.append(text)
    return ", ".join(said)


def _at(cells: Sequence[str], place: int) -> str:
    return cells[place] if 0 <= place < len(cells) else ""


def _keeps_places(heads: Sequence[Sequence[str]], level: int) -> bool:
    """Whether the cells of a row of heads count from the left, as an empty cell shows in it or at the begin of the next."""
    return "" in heads[level][:-1] or any(not head[0] for head in heads[level + 1 : level + 2])


def _has_below(heads: Sequence[Sequence[str]], column: int, width: int) -> bool:
    """Whether a lower row of heads says something over a column."""
    shifts = [0 if _keeps_places(heads, level) else width - len(head) for level, head in enumerate(heads)]
    return any(_at(head, column - shift) for head, shift in zip(heads, shifts, strict=True))


def _label_columns(rows: Sequence[Sequence[str]], width: int) -> int:
    """How many columns on the left hold words and not values, at least one; settings that recur may stand among them."""
    held = [[row[c] for row in rows if c < len(row) and row[c]] for c in range(width - 1)]
    of_words = [
        sum(1 for cell in cells if NUMERIC.match(cell)) * 2 <= len(cells) and set(cells) != {"-"} for cells in held
    ]
    count = 0
    for column, words in enumerate(of_words):
        if words and all(of_words[c] or len({*held[c]}) < len(held[c]) for c in range(count, column)):
            count = column + 1
    return max(1, count)
