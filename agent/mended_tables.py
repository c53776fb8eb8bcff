"""A table as it was meant: values written two in a cell stand apart, and a footnote's mark is no value. Pure."""

import re
from collections import Counter
from collections.abc import Sequence

from knowledge.tables import NUMERIC, Cell, Table

_VALUE = r"[-−+]?\d[\d,]*(?:\.\d+)?\s?%?"
_DOUBLE = re.compile(rf"^({_VALUE})\s?/\s?({_VALUE})$")
_QUOTED_NAMES = re.compile(r"[\"“]([^\"“”]{2,30})[\"”]\s?/\s?[\"“]([^\"“”]{2,30})[\"”]")
_NAMES = re.compile(r"(?<![\w/])([A-Za-z][\w-]{1,20})\s?/\s?([A-Za-z][\w-]{1,20})(?![\w/])")
_UNIT = re.compile(r"\d\s?([A-Za-z%×]+)$")
_MARK = re.compile(r"^\d$")
LEAST_DOUBLE = 0.5
Row = list[tuple[str, str]]


def mended(table: Table) -> Table:
    """The table with its footnote marks dropped and its double values in columns of their own."""
    rows = _without_marks(_rows(table))
    names = {head: _names(head, table.caption) for head in _doubled(rows)}
    if names:
        rows = [(label, [part for head, text in row for part in _parted(head, text, names)]) for label, row in rows]
    elif rows == _rows(table):
        return table
    cells = [
        Cell(text, label, head, tuple(row[:place] + row[place + 1 :]))
        for label, row in rows
        for place, (head, text) in enumerate(row)
    ]
    return Table(table.number, table.caption, tuple(dict.fromkeys(cell.column for cell in cells)), tuple(cells))


def _rows(table: Table) -> list[tuple[str, Row]]:
    """The rows with their labels, each cell under its head."""
    found: list[tuple[str, Row]] = []
    place = 0
    while place < len(table.cells):
        width = len(table.cells[place].others) + 1
        own = table.cells[place : place + width]
        found.append((own[0].row, [(cell.column, cell.text) for cell in own]))
        place += width
    return found


def _without_marks(rows: Sequence[tuple[str, Row]]) -> list[tuple[str, Row]]:
    """The rows in which a lone digit that pushed a value into the next column, where its unit is no other's, is dropped."""
    units: dict[str, Counter[str]] = {}
    for _, row in rows:
        for head, text in row:
            units.setdefault(head, Counter())[_unit(text)] += 1
    found = []
    for label, row in rows:
        mended_row: Row = []
        skip = False
        for place, (head, text) in enumerate(row):
            if skip:
                skip = False
                continue
            after = row[place + 1] if place + 1 < len(row) else ("", "")
            unit = _unit(after[1])
            pushed = bool(_MARK.match(text) and unit and units[head][unit] and units[after[0]][unit] < sum(units[after[0]].values()))  # fmt: skip
            if pushed and units[head][unit] >= units[head][""] - 1:
                mended_row.append((head, after[1]))
                skip = True
            else:
                mended_row.append((head, text))
        found.append((label, mended_row))
    return found


def _unit(text: str) -> str:
    match = _UNIT.search(text)
    return match.group(1) if match else ""


def _doubled(rows: Sequence[tuple[str, Row]]) -> list[str]:
    """The heads of the columns that hold two values in most cells."""
    held: dict[str, list[str]] = {}
    for _, row in rows:
        for head, text in row:
            if NUMERIC.match(text):
                held.setdefault(head, []).append(text)
    return [
        head for head, texts in held.items() if sum(bool(_DOUBLE.match(t)) for t in texts) > LEAST_DOUBLE * len(texts)
    ]


def _names(head: str, caption: str) -> tuple[str, str]:
    """What the two values of a column are of, by its head or the caption."""
    for text in (head, caption):
        for pattern in (_QUOTED_NAMES, _NAMES):
            if match := pattern.search(text):
                return match.group(1), match.group(2)
    return "first value", "second value"


def _parted(head: str, text: str, names: dict[str, tuple[str, str]]) -> Row:
    match = _DOUBLE.match(text)
    if head not in names or match is None:
        return [(head, text)]
    return [
        (f"{head}, {name}" if head else name, value.strip())
        for name, value in zip(names[head], match.groups(), strict=True)
    ]
