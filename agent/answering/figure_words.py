"""How a figure stands in an answer: what it is of, its unit, its table with the caption in quotation marks."""

import re
from collections.abc import Sequence

from agent.answering.parts import fact, who
from agent.draft import DraftSentence
from agent.figures import Figure
from agent.quoting import quoted
from knowledge.tables import Cell

LONGEST_CAPTION = 110
_UNITS_BEHIND = ("%", "ms", "MB", "GB", "seconds", "minutes", "hours", "points")


def told(figure: Figure, paragraph: int = 0, bullet: bool = True) -> DraftSentence:
    """A figure on its own: of a table by row and column with the place, of prose by its sentence."""
    if figure.cell is None:
        return fact(f"{who(figure.passage)}{told_sentence(figure)}", figure.passage, paragraph=paragraph, bullet=bullet)
    text = f"{who(figure.passage)}{name_of(figure)}: {amount(figure)}{place_of(figure)}."
    return fact(text, *figure.passages, paragraph=paragraph, bullet=bullet)


def told_sentence(figure: Figure) -> str:
    """The sentence of a figure in prose."""
    if figure.passage.kind == "notes":
        return " ".join(figure.passage.text.split())
    return quoted(figure.sentence, figure.passage)


def amount(figure: Figure) -> str:
    """A figure with its unit, where its head or caption gives one for all."""
    unit = figure.unit
    if figure.cell is None or not unit or figure.written.endswith(unit) or unit not in _UNITS_BEHIND:
        return figure.written
    return f"{figure.written} {unit}"


def name_of(figure: Figure) -> str:
    """What a cell is of: its row, told apart from others of the same label, and its column."""
    cell = figure.cell
    if cell is None:
        return ""
    row = row_of(figure)
    # A cell with a sign of its own among plain ones is a setting of its row.
    settings = [f"{head} {text}" for head, text in cell.others if "%" in text and "%" not in cell.text]
    return ", ".join(part for part in (row, cell.column, *[s for s in settings if s not in row][:2]) if part)


def row_of(figure: Figure) -> str:
    """The label of a figure's row, with the cells that tell it apart from other rows of that label."""
    cell, table = figure.cell, figure.table
    if cell is None or table is None:
        return ""
    same = [c for c in table.cells if c.row == cell.row and c.column == cell.column and c != cell]
    apart = [f"{head} {text}".strip() for head, text in cell.others if any(_other(c, head) != text for c in same)]
    return f"{cell.row} ({apart[0]})" if apart else cell.row


def _other(cell: Cell, head: str) -> str:
    return next((text for name, text in cell.others if name == head), "")


def place_of(figure: Figure) -> str:
    """ " (Table 1, “caption”)"; the citation carries section and page."""
    table = figure.table
    if table is None:
        return ""
    number = f"Table {table.number}" if table.number else ""
    caption = _quotable(table.caption, figure)
    section = figure.passage.locator.section
    where = " in ".join(part for part in (number, f"section {section}" if section else "") if part)
    inside = ", ".join(part for part in (where, f"“{caption}”" if caption else "") if part)
    return f" ({inside})" if inside else ""


def _quotable(caption: str, figure: Figure) -> str:
    """The caption as far as it can be quoted from the passages cited, its first sentence where it is long."""
    held = " ".join(" ".join(p.text.split()) for p in figure.passages)
    line = " ".join(caption.split()).rstrip(".")
    if len(line) > LONGEST_CAPTION:
        line = re.split(r"(?<=[a-z%)])\. (?=[A-Z])|;", line)[0]
    return line if line and line in held and not re.search(r"[“”\"]", line) else ""


def row_told(figure: Figure, paragraph: int = 0) -> list[DraftSentence]:
    """The other columns of a figure's row, for comparison, where the methods stand side by side."""
    cell = figure.cell
    if cell is None:
        return []
    words = "; ".join(f"{head} {text}" for head, text in cell.others if ("%" in text) == ("%" in cell.text))
    return [fact(f"In the same row: {words}.", *figure.passages, paragraph=paragraph)] if words else []


def column_told(figure: Figure, shown: Sequence[Figure], paragraph: int = 0) -> list[DraftSentence]:
    """The other rows of a figure's column, for comparison, in one sentence."""
    cell, table = figure.cell, figure.table
    if cell is None or table is None:
        return []
    told_cells = {f.cell for f in shown}
    rest = [c for c in table.column(cell.column) if c not in told_cells and c.text != "-"]
    if not rest or len(rest) > 12:
        return []
    words = "; ".join(f"{row_name(c, table.cells)} {c.text}" for c in rest)
    return [fact(f"In the same column: {words}.", *figure.passages, paragraph=paragraph)]


def row_name(cell: Cell, cells: Sequence[Cell]) -> str:
    """The label of a cell's row as `row_of` gives it."""
    same = [c for c in cells if c.row == cell.row and c.column == cell.column and c != cell]
    apart = [f"{head} {text}".strip() for head, text in cell.others if any(_other(c, head) != text for c in same)]
    return f"{cell.row} ({apart[0]})" if apart else cell.row


def digits_of(figure: Figure) -> str:
    """The digits of a figure as its source writes them, without a unit."""
    match = re.match(r"[-−+]?[\d,]*\.?\d+", figure.written)
    return match.group().replace(",", "").lstrip("+") if match else figure.written


def decimals(written: str) -> int:
    """How many digits a number shows after the point."""
    return len(written.partition(".")[2])
