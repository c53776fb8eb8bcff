"""A tabular of LaTeX -> rows of cells."""

from typing import Any

from knowledge.readers.latex.text import Marks, arguments, inline, is_a, plain

ENDS = ("\\", "tabularnewline", "cr")
WIDEST = 60
"""Columns that one cell may span; wider ones are mistakes."""


def rows_of(nodelist: list[Any], marks: Marks) -> list[str]:
    """The rows of a tabular, cells between " | "; a cell over several columns leaves empty ones after it, one over
    several rows stands in each of them."""
    rows: list[list[str]] = []
    row: list[str] = []
    cell: list[Any] = []
    held: dict[int, tuple[int, str]] = {}

    def close_cell() -> None:
        spans, down, text = read_cell(cell, marks)
        column = len(row)
        if not text and column in held:
            left, text = held.pop(column)
            if left > 1:
                held[column] = (left - 1, text)
        elif down > 1:
            held[column] = (down - 1, text)
        row.extend([text, *[""] * (spans - 1)])
        cell.clear()

    def close_row() -> None:
        if cell or row:
            close_cell()
        if any(row):
            rows.append(list(row))
        row.clear()

    for node in nodelist:
        if is_a(node, "Specials") and node.specials_chars == "&":
            close_cell()
        elif is_a(node, "Macro") and node.macroname in ENDS:
            close_row()
        else:
            cell.append(node)
    close_row()
    return [" | ".join(cells).rstrip(" |") for cells in rows]


def read_cell(nodes: list[Any], marks: Marks) -> tuple[int, int, str]:
    """How many columns and rows a cell spans, and its text."""
    spans = down = 1
    for node in nodes:
        if not is_a(node, "Macro") or node.macroname not in ("multicolumn", "multirow"):
            continue
        given = [plain(argument) for argument in arguments(node) if argument is not None and not is_bracket(argument)]
        number = int(given[0]) if given and given[0].isdecimal() and int(given[0]) <= WIDEST else 1
        if node.macroname == "multicolumn":
            spans = max(number, 1)
            for deeper in arguments(node)[-1:]:
                _, down, _ = read_cell(list(getattr(deeper, "nodelist", None) or []), Marks())
        else:
            down = max(number, 1)
    with marks.unseen.scope(grounded=marks.unseen.coloured_tables):
        return spans, down, inline(nodes, marks)


def is_bracket(node: Any) -> bool:
    return is_a(node, "Group") and node.delimiters[0] == "["
