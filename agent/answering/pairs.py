"""Two figures that are set against each other, and which numbers of prose are levels that can be. Pure."""

import re
from dataclasses import dataclass

from agent.answering.figure_words import row_of
from agent.figures import Figure

_CHANGE = re.compile(
    r"\b(?:by|within|below|above|ahead|gap of|difference of|at least|up to|than|about|accounts? for|another|further|gains?|loses?|buys?|costs?|saves?)\s+$",
    re.IGNORECASE,
)
_MORE = re.compile(r"\W{0,3}(?:\w+er|more|less|of)\b", re.IGNORECASE)
PER_CENT = re.compile(r"%|\bper ?cent|\brelative|\bfaster|\bslower|\bsmaller|\bshr[iu]nk|\breduc", re.IGNORECASE)
REFERENCE = re.compile(
    r"\b(?:dense|full[- ](?:precision|fine-?tuning|vocab\w*|cache|tables?|model)|uncompressed|un-?pruned|un-?quanti[sz]ed|un-?rounded|original|base-?line|fp32|float(?:32)?|teacher|reference)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Pair:
    """Two figures of one kind, the one asked about first; for cells the `names` that tell them apart, and what they share."""

    first: Figure
    second: Figure
    names: tuple[str, str] = ("", "")
    shared: str = ""


def alike(one: Figure, other: Figure) -> bool:
    """Whether two cells of a row are of one kind, so that a difference of them means something."""
    return one.unit == other.unit and ("%" in one.written) == ("%" in other.written)


def named_pair(first: Figure, second: Figure) -> Pair:
    """Two figures as a pair; of one table with the names that tell them apart."""
    a, b = first.cell, second.cell
    if a is None or b is None or first.table is not second.table:
        return Pair(first, second)
    if a.column == b.column:
        return Pair(first, second, (row_of(first), row_of(second)), a.column)
    return Pair(first, second, (a.column, b.column), row_of(first))


def is_level(figure: Figure) -> bool:
    """Whether a number in prose is a level that can be compared, and no change, range or correction."""
    if figure.cell is not None or figure.passage.aspect == "traps" or figure.unit in ("point", "points"):
        return False
    before, after = figure.sentence[: figure.at], figure.sentence[figure.at + len(figure.written) :]
    if figure.unit in ("times", "x", "×") and _MORE.match(after):
        return False
    return not _CHANGE.search(before[-25:])
