"""The ends of a table's column, and how a row develops over its columns."""

import re
from collections.abc import Sequence

from agent.answering.figure_words import decimals, place_of, row_name
from agent.answering.parts import fact
from agent.asked_figures import Asked
from agent.draft import DraftSentence
from agent.figures import Figure
from agent.fitting import Fit, holds_any
from agent.terms import holds, terms_in
from knowledge.tables import NUMERIC, Cell, Table

UNCOMPRESSED = re.compile(
    r"\b(?:dense|full[- ](?:precision|vocabulary|model|size)|full|uncompressed|un-?pruned|un-?quanti[sz]ed|original|fp(?:32|16)|float(?:32)?|reference|teacher|upper bound)\b",
    re.IGNORECASE,
)
_LESS_IS_BETTER = re.compile(
    r"\bperplex\w+|\berrors?\b|\btime\b|\bms\b|\bminutes\b|\bseconds\b|\bhours\b|\blatency\b|\bloss\b|\bper character\b|\bbpc\b|\bsize\b|\bMB\b|\bGB\b|lower is better|\bFLOPs left\b|\bMACs\b|\bmemory\b|\bweights left\b|\bWER\b|\bFID\b",
    re.IGNORECASE,
)
_EXTREME = re.compile(
    r"\b(?:(?P<low>lowest|smallest|least|fewest|shortest)|(?P<high>highest|largest|biggest|greatest|longest))\b",
    re.IGNORECASE,
)
_FROM_END_TO_END = re.compile(
    r"\b(?:best|highest|largest|top|most|first)\b.{0,30}\b(?:worst|lowest|smallest|least|last)\b|\b(?:worst|lowest|smallest|least|last)\b.{0,30}\b(?:best|highest|largest|top|most|first)\b|\bspread\b",
    re.IGNORECASE,
)
LEAST_COLUMN = 3


def number_of(cell: Cell) -> float | None:
    """The value of a cell, or None for one without."""
    match = re.match(r"[-−+]?\d[\d,]*(?:\.\d+)?", cell.text)
    return float(match.group().replace(",", "").replace("−", "-")) if match and NUMERIC.match(cell.text) else None


def plain_number(text: str) -> str:
    """The digits with which a cell begins."""
    match = re.match(r"[-−+]?\d[\d,]*(?:\.\d+)?", text)
    return match.group().replace(",", "").replace("−", "-").lstrip("+") if match else text


def less_is_better(figure: Figure) -> bool:
    """Whether a lower value is the better one, by the names of what is measured."""
    table, cell = figure.table, figure.cell
    if table is None or cell is None:
        return bool(_LESS_IS_BETTER.search(figure.sentence))
    accuracy = re.compile(r"accura|top-?1|\bF1\b|BLEU|ROUGE|speed-?up", re.IGNORECASE)
    for text in (cell.column, table.caption):
        if _LESS_IS_BETTER.search(text) and not accuracy.search(text):
            return True
        if accuracy.search(text):
            return False
    return bool(_LESS_IS_BETTER.search(cell.row))


def ends(asked: Asked, fits: Sequence[Fit]) -> list[DraftSentence]:
    """The best and the worst of the column, or of the row, that the question is about."""
    figure = next((fit.figure for fit in fits if fit.figure.cell is not None), None)
    if figure is None or figure.table is None or figure.cell is None or fits[0].score > _score_of(figure, fits) + 0.15:
        return []
    cells = _line(figure, asked)
    valued = [(value, cell) for cell in cells if (value := number_of(cell)) is not None]
    rivals = [(v, c) for v, c in valued if not UNCOMPRESSED.search(f"{c.row}; {c.column}")] or valued
    if len(rivals) < 2:
        return []
    low = less_is_better(figure)
    wanted = _EXTREME.search(asked.text)
    up = not low if asked.form == "best" else low
    if wanted:
        up = bool(wanted["high"])
    ordered = sorted(rivals, key=lambda pair: pair[0], reverse=up)
    by_row = cells[0].column == cells[-1].column
    where = (
        f"for {figure.cell.column}" if by_row and figure.cell.column else f"for {figure.cell.row}" if not by_row else ""
    )
    first, rest = ordered[0], ordered[1:]
    word = "highest" if up else "lowest"
    label = _label(first[1], figure.table, by_row)
    others = "; ".join(f"{_label(c, figure.table, by_row)} {c.text}" for _, c in rest)
    reference = [f"{_label(c, figure.table, by_row)} {c.text}" for v, c in valued if (v, c) not in rivals]
    after = f"; then {others}" if rest else ""
    beside = f"; for reference, {'; '.join(reference)}" if reference else ""
    text = f"{label} has the {word} value {where}: {first[1].text}{place_of(figure)}{after}{beside}."
    told = fact(" ".join(text.split()), *figure.passages)
    if not _FROM_END_TO_END.search(asked.text):
        return [told]
    x, y = (plain_number(c.text) for _, c in (first, rest[-1]))
    digits = max(decimals(x), decimals(y))
    apart = f"From the first to the last: {x} - {y} = {float(x) - float(y):.{digits}f}."
    return [told, fact(apart, *figure.passages)]


def _score_of(figure: Figure, fits: Sequence[Fit]) -> float:
    return next(fit.score for fit in fits if fit.figure is figure)


def _label(cell: Cell, table: Table, by_row: bool) -> str:
    return row_name(cell, table.cells) if by_row else cell.column


def _line(figure: Figure, asked: Asked) -> tuple[Cell, ...]:
    """The cells to put in order: the column, unless the question names the row and no column."""
    assert figure.cell is not None and figure.table is not None
    column, row = figure.table.column(figure.cell.column), figure.table.row(figure.cell.row)
    of_row = any(holds(terms_in(figure.cell.row), t) for t in asked.new)
    of_column = any(holds(terms_in(figure.cell.column), t) for t in asked.new)
    units = {bool(re.search("%", c.text)) for c in row}
    if of_row and not of_column and len(row) >= LEAST_COLUMN - 1 and len(units) == 1:
        return row
    return column


def trend(asked: Asked, fits: Sequence[Fit]) -> list[DraftSentence]:
    """A row over its columns, or a column over its rows where these are settings."""
    figure = next((fit.figure for fit in fits if fit.figure.cell is not None), None)
    if figure is None or figure.table is None or figure.cell is None:
        return []
    table, cell = figure.table, figure.cell
    own = [c for c in table.cells if holds_any(terms_in(c.row), asked.names)]
    settings = sum(1 for head in table.columns if any(t.value is not None for t in terms_in(head)))
    if settings >= 2:
        chosen = next((fit.figure.cell for fit in fits if fit.figure.cell and fit.figure.table is table), cell)
        row = table.row(own[0].row if own and not holds_any(asked.new, terms_in(chosen.row)) else chosen.row)
        parts = "; ".join(f"{c.column}: {c.text}" for c in row)
        label = row[0].row
    else:
        parts = "; ".join(f"{row_name(c, table.cells)}: {c.text}" for c in table.column(cell.column))
        label = cell.column
    return [fact(f"{label}: {parts}{place_of(figure)}.", *figure.passages)] if parts else []
