"""Which two figures a question sets against each other: cells of one row or column, or two numbers of a sentence. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from agent.answering.figure_words import decimals, digits_of, row_of
from agent.answering.rankings import UNCOMPRESSED, less_is_better, number_of
from agent.asked_figures import Asked
from agent.figures import Figure
from agent.fitting import Fit, holds_any
from agent.terms import holds, terms_in

LEAST_SHARED = 0.3
LOOKED_AT = 6
NEAR_BEST = 0.2
MOST_PAIRS = 2
LARGEST_RATIO = 1000
_EACH = re.compile(r"\beach\b|\bboth\b|\brespectively\b", re.IGNORECASE)
_CHANGE = re.compile(
    r"\b(?:by|within|below|above|ahead|gap of|difference of|at least|up to|than|about|accounts? for|another|further|gains?|loses?|buys?|costs?|saves?)\s+$",
    re.IGNORECASE,
)
_FROM_TO = re.compile(r"\bfrom\b.{1,60}\bto\b|\binstead of\b", re.IGNORECASE)
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


def pairs_in_table(asked: Asked, figure: Figure, fits: Sequence[Fit]) -> list[Pair]:
    """The pair of cells of one row or one column that the question means."""
    by_cell = {fit.figure.cell: fit.figure for fit in fits if fit.figure.table is figure.table}
    assert figure.cell is not None
    column = [
        f for c, f in by_cell.items() if c is not None and c.column == figure.cell.column and c is not figure.cell
    ]
    row = [
        f
        for c, f in by_cell.items()
        if c is not None and c.row == figure.cell.row and c.column != figure.cell.column and alike(f, figure)
    ]
    found: list[tuple[float, Pair]] = []
    for others, by_row in ((column, True), (row, False)):
        for other in others:
            named = _named(other, figure, asked, by_row)
            if named > 0:
                found.append((named, _pair(figure, other, by_row, asked)))
    if found:
        return [max(found, key=lambda item: item[0])[1]]
    other, by_row = _implied(figure, column, row, asked)
    return [_pair(figure, other, by_row, asked)] if other is not None else []


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


def _label(figure: Figure, by_row: bool) -> str:
    assert figure.cell is not None
    return figure.cell.row if by_row else figure.cell.column


def _named(other: Figure, figure: Figure, asked: Asked, by_row: bool) -> float:
    """How far the question names another cell's label by what tells it from the first one's."""
    label, own = _label(other, by_row), terms_in(_label(figure, by_row))
    terms = terms_in(label) + (other.others if by_row else ())
    apart = [t for t in terms if not holds(own, t)]
    wanted = 0.0
    for term in (*asked.new, *asked.old):
        if any(holds((t,), term) for t in apart):
            wanted += 1.0 if term in asked.new else 0.5
    if REFERENCE.search(asked.text) and UNCOMPRESSED.search(label) and not UNCOMPRESSED.search(_label(figure, by_row)):
        wanted += 1.0
    missing = sum(1 for t in terms_in(label) if not holds((*asked.new, *asked.old, *asked.names), t))
    return wanted - 0.2 * missing if wanted else 0.0


def _implied(
    figure: Figure, column: Sequence[Figure], row: Sequence[Figure], asked: Asked
) -> tuple[Figure | None, bool]:
    """What a figure is set against where the question names nothing: the paper's own method, or its best rival."""
    before = [(f, by) for fs, by in ((column, True), (row, False)) for f in fs if UNCOMPRESSED.search(_label(f, by))]
    if (
        before
        and PER_CENT.search(asked.text)
        and not UNCOMPRESSED.search(f"{_label(figure, True)}; {_label(figure, False)}")
    ):
        return before[0]
    for others, by_row in ((column, True), (row, False)):
        if not holds_any(terms_in(_label(figure, by_row)), asked.names):
            own = [f for f in others if holds_any(terms_in(_label(f, by_row)), asked.names)]
            if own:
                return own[0], by_row
            continue
        rivals = [
            f
            for f in others
            if not UNCOMPRESSED.search(_label(f, by_row)) and not holds_any(terms_in(_label(f, by_row)), asked.names)
        ]
        rivals = [f for f in rivals if f.cell is not None and number_of(f.cell) is not None]
        if rivals:
            best = min(rivals, key=lambda f: f.value) if less_is_better(figure) else max(rivals, key=lambda f: f.value)
            return best, by_row
    return None, True


def _pair(one: Figure, other: Figure, by_row: bool, asked: Asked) -> Pair:
    """The pair with the paper's own method first, else with what the question names first."""
    first, second = one, other
    if _rank(other, by_row, asked) < _rank(one, by_row, asked):
        first, second = other, one
    names = (row_of(first), row_of(second)) if by_row else (_label(first, False), _label(second, False))
    return Pair(first, second, names, _label(one, not by_row))


def _rank(figure: Figure, by_row: bool, asked: Asked) -> tuple[int, int]:
    terms = terms_in(_label(figure, by_row))
    own = 0 if holds_any(terms, asked.names) else 1
    place = next((i for i, t in enumerate((*asked.new, *asked.old)) if holds(terms, t)), 99)
    return own, place


def pairs_in_prose(asked: Asked, fits: Sequence[Fit]) -> list[Pair]:
    """Two figures that a sentence gives for two things of the question, or as from and to; of several sentences the best
    fitting, or each where the question says so."""
    found: list[Pair] = []
    prose = [f for f in fits if is_level(f.figure) and max(f.share, f.whole) >= LEAST_SHARED]
    measured = [t for t in (*asked.new, *asked.old) if t.key.startswith("<")]
    sentences = dict.fromkeys(
        (f.figure.passage.id, f.figure.sentence)
        for f in prose
        if f.score >= prose[0].score - NEAR_BEST and (not measured or holds_any(f.figure.wider, measured))
    )
    for identity, sentence in list(sentences)[:LOOKED_AT]:
        near = [f.figure for f in fits if (f.figure.passage.id, f.figure.sentence) == (identity, sentence)]
        pair = _pair_of([f for f in near if is_level(f)], asked)
        if pair is not None:
            found.append(pair)
    return found[:MOST_PAIRS] if _EACH.search(asked.text) else found[:1]


def is_level(figure: Figure) -> bool:
    """Whether a number in prose is a level that can be compared, and no change, range or correction."""
    if (
        figure.cell is not None
        or figure.passage.aspect == "traps"
        or figure.unit in ("point", "points", "times", "x", "×")
    ):
        return False
    before = figure.sentence[: figure.sentence.find(figure.written)]
    return not _CHANGE.search(before[-25:])


def _pair_of(near: Sequence[Figure], asked: Asked) -> Pair | None:
    """The pair of one sentence: one figure of each of two things named, else "from 96 to 24"."""
    best: tuple[int, Pair] | None = None
    near = [f for f in near if not _measures_another(f, asked)]
    for a in near:
        for b in near:
            if a is b or a.unit != b.unit or not _of_one_size(a, b):
                continue
            named, also = _names_of(a, b, asked), _names_of(b, a, asked)
            score = named + also
            if named and also and (best is None or score > best[0]):
                first, second = (a, b) if _rank_prose(a, asked) <= _rank_prose(b, asked) else (b, a)
                best = score, Pair(first, second)
    if best is not None:
        return best[1]
    for a, b in pairwise(near):
        if (
            a.unit == b.unit
            and _FROM_TO.search(a.sentence)
            and re.search(r"\bfrom\s+$|\btakes?\s+$", a.sentence[: a.sentence.find(a.written)])
        ):
            return Pair(a, b)
    return None


def _names_of(figure: Figure, other: Figure, asked: Asked) -> int:
    """How many terms of the question a figure has for itself beside another one; that it is of the uncompressed net counts
    where the question sets something against that."""
    named = sum(
        1
        for t in (*asked.new, *asked.old)
        if not t.key.startswith("<") and holds(figure.own, t) and not holds(other.own, t)
    )
    reference = UNCOMPRESSED.search(figure.bound) and not UNCOMPRESSED.search(other.bound)
    return named + bool(reference and REFERENCE.search(asked.text))


def _measures_another(figure: Figure, asked: Asked) -> bool:
    """Whether a figure's own words name a quantity, and none that the question asks for."""
    wanted = [t for t in (*asked.new, *asked.old) if t.key.startswith("<")]
    own = [t for t in figure.own if t.key.startswith("<")]
    return bool(wanted and own) and not holds_any(own, wanted)


def _of_one_size(one: Figure, other: Figure) -> bool:
    """Whether two numbers look like values of one scale."""
    small, big = sorted((abs(one.value), abs(other.value)))
    return small > 0 and big / small < LARGEST_RATIO and abs(decimals(digits_of(one)) - decimals(digits_of(other))) <= 1


def _rank_prose(figure: Figure, asked: Asked) -> tuple[int, int]:
    own = 0 if holds_any(figure.own, asked.names) else 1
    return own, figure.sentence.find(figure.written)
