"""The figures that a comparison may mean, each with how surely it is of what the question names, and the pairs of them. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from agent.answering.contrast_sides import Named, named_sides, without_marks
from agent.answering.figure_relations import comparable
from agent.answering.figure_words import digits_of
from agent.answering.pairs import REFERENCE, is_level
from agent.answering.rankings import UNCOMPRESSED
from agent.answering.supposed_figures import Supposed, supposed_in
from agent.asked_figures import Asked
from agent.figures import Figure
from agent.fitting import Fit, borne, holds_any, is_claimed, weigh
from agent.terms import Term, holds, terms_in

CONSIDERED, ACROSS = 60, 24
"""So many figures are paired with those of their table or passage, and so many with those of others."""
MOST_TOLD = 6
OWN_WORDS, MEASURED = 0.8, 0.9
_RATES = re.compile(r"\b(?:ratings?|scores?|rais(?:e|ed|ing)|lower(?:ed|ing)?)\b", re.IGNORECASE)
_LED = re.compile(r"\b(?:from|to|instead of|against|reach\w*)\s+$", re.IGNORECASE)
_SETTING = re.compile(r"\bat (?:about |only )?$", re.IGNORECASE)
_LEVEL_BEHIND = re.compile(r"\s(?:top|F1|accura|error|recall|precision|mAP|AUC|BLEU|correct)", re.IGNORECASE)
_OWN = re.compile(r"\b(?:ours?|we)\b|\bproposed\b", re.IGNORECASE)


@dataclass(frozen=True)
class Candidate:
    """A figure with how surely it is of each term of the question, and what it is beside: the paper's own, of the
    uncompressed net, told in the last answer."""

    figure: Figure
    fit: float
    bearing: Mapping[Term, float]
    own: bool
    reference: bool
    told: bool

    @property
    def label(self) -> str:
        """The words that say of what it is."""
        cell = self.figure.cell
        return self.figure.bound if cell is None else f"{cell.row}; {cell.column}"


@dataclass(frozen=True)
class View:
    """A question as pairs are measured by it: the weights of its terms, its named sides, the changes that it supposes, and
    the labels of rows and of columns that were told last, and the figures of prose that were."""

    asked: Asked
    weights: Mapping[Term, float]
    named: Named
    supposed: Sequence[Supposed]
    rows: frozenset[str] = frozenset()
    columns: frozenset[str] = frozenset()
    told: tuple[Figure, ...] = ()


def view_of(asked: Asked, fits: Sequence[Fit], told: frozenset[tuple[str, str]]) -> tuple[View, list[Candidate]]:
    """The question's view and the figures that may be meant; `told` are the figures of the last answer, each as the id of
    its passage and its digits."""
    figures = [fit.figure for fit in fits]
    values = {number.value for number in supposed_in(f"{asked.text}. {asked.query}")}
    weights = without_marks(weigh(figures, asked), asked)
    weights = {t: w for t, w in weights.items() if not is_claimed(t) and t.value not in values}
    candidates = [_candidate(fit, asked, weights, told) for fit in _considered(fits)]
    cells = [c.figure.cell for c in candidates if c.told and c.figure.cell is not None]
    rows, columns = frozenset(c.row for c in cells), frozenset(c.column for c in cells)
    changes = tuple(n for n in supposed_in(asked.text) if n.change and n.unit in ("x", "%"))
    told_in_prose = tuple(c.figure for c in candidates if c.told and c.figure.cell is None)[:MOST_TOLD]
    return View(asked, weights, named_sides(asked, weights), changes, rows, columns, told_in_prose), candidates


def pairs_of(candidates: Sequence[Candidate]) -> Iterable[tuple[Candidate, Candidate]]:
    """The pairs worth a look: of one table, of one passage, and across them only of what fits best."""
    for place, one in enumerate(candidates):
        for at, other in enumerate(candidates[place + 1 :], place + 1):
            near = one.figure.passage.id == other.figure.passage.id
            if (near or at < ACROSS) and comparable(one.figure, other.figure):
                yield one, other


def is_operand(figure: Figure) -> bool:
    """Whether a number in prose is a level, and no change and no part of a word, "32" of "32-layer"."""
    if not is_level(figure) or re.search(rf"(?<![\d.]){re.escape(figure.written)}-[A-Za-z]", figure.sentence):
        return False
    if re.search(r"[KMGB]$|million$|billion$", figure.written) and not re.search(r"[MG]B$", figure.written):
        return any(t.key == "<parameters>" for t in figure.measures)
    if figure.value == int(figure.value) and re.search(
        rf"(?<![\d.]){re.escape(figure.written)}[- ]bits?\b", figure.sentence
    ):
        return False
    if _RATES.search(figure.sentence) and not figure.unit and "." not in figure.written:
        return False
    before, after = figure.sentence[: figure.at], figure.sentence[figure.at + len(figure.written) :]
    if figure.unit == "%" and _SETTING.search(before) and not _LEVEL_BEHIND.match(after):
        return False  # "with A at 70 %"
    return bool("." in figure.written or figure.unit or figure.measures or _LED.search(before))


def _considered(fits: Sequence[Fit]) -> list[Fit]:
    """The best fitting figures, with the other cells of the rows and columns of the best."""
    first = [fit for fit in fits if fit.figure.cell is not None or is_operand(fit.figure)][:CONSIDERED]
    lines = {(fit.figure.passage.id, name) for fit in first[:3] if (c := fit.figure.cell) for name in (c.row, c.column)}
    held = {id(fit) for fit in first}
    beside = [
        fit
        for fit in fits
        if id(fit) not in held
        and (c := fit.figure.cell) is not None
        and ((fit.figure.passage.id, c.row) in lines or (fit.figure.passage.id, c.column) in lines)
    ]
    return first + beside[:CONSIDERED]


def _candidate(fit: Fit, asked: Asked, weights: Mapping[Term, float], told: frozenset[tuple[str, str]]) -> Candidate:
    figure = fit.figure
    label = figure.bound if figure.cell is None else f"{figure.cell.row}; {figure.cell.column}"
    own = holds_any(terms_in(label), asked.names) or bool(_OWN.search(label))
    bearing = {t: borne(t, figure) for t in weights}
    if own:
        # A paper's method has several names: one of them stands for another where none is contradicted.
        bearing |= {t: max(x, OWN_WORDS) for t, x in bearing.items() if holds(asked.names, t)}
    reference = bool(UNCOMPRESSED.search(label) or REFERENCE.search(label))
    if reference:
        bearing |= {t: max(x, OWN_WORDS) for t, x in bearing.items() if REFERENCE.search(t.key)}
    return Candidate(figure, fit.score, bearing, own, reference, (figure.passage.id, digits_of(figure)) in told)


def bears(term: Term, one: Candidate, other: Candidate) -> bool:
    """Whether a pair is of a term: of a quantity where both figures say of themselves that they measure it, or say nothing."""
    x, y = one.bearing[term], other.bearing[term]
    if not term.key.startswith("<"):
        return max(x, y) > 0
    silent = not one.figure.measures and not other.figure.measures
    return min(x, y) >= MEASURED or (silent and min(x, y) > 0)
