"""Which two of all figures found a question sets against each other, wherever they stand: in a table, a sentence, two sources. Pure.

A pair is the better, the more of the question it explains: what both share ("ResNet-50 at 3 bits") both bear, and what
sets them apart ("theirs", "the dense net") each bears for itself. Where the question names but one side, the other is the
paper's own method, the uncompressed net, or what was told last.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from agent.answering.contrast_sides import Named, asks_after_one_end, is_cost, is_gain, named_sides, without_marks
from agent.answering.figure_relations import comparable, is_best_rival, is_setting_column, placed, same_table, step_of
from agent.answering.figure_words import digits_of
from agent.answering.pairs import REFERENCE, Pair, is_level, named_pair
from agent.answering.rankings import UNCOMPRESSED
from agent.answering.supposed_figures import comes_to, supposed_in
from agent.asked_figures import Asked
from agent.figures import Figure
from agent.fitting import Fit, borne, holds_any, is_claimed, of_quantity, weigh
from agent.terms import Term, conflict, holds, terms_in

CONSIDERED = 70
OWN_WORDS, BOUND_TO_ANOTHER, MEASURED = 0.8, 0.3, 0.9
APART = 0.15
"""From which difference in bearing on a term sets two figures apart."""
SHARED_BY_ONE, OPEN_SIDE, SHARE_OF_FIT = 0.3, 0.65, 0.3
BOTH_NAMED, ONE_NAMED, NONE_NAMED, OWN_COST = 0.3, 0.2, -0.25, 0.5
STEP = 0.35
"""What "from 96 to 24" counts, or a row "with" beside one "without"."""
COMES_TO_IT, IN_TABLE, TOLD = 0.3, 0.15, 0.12
NOT_THE_OTHER, OTHER_QUANTITY, OTHER_SETTING, A_SETTING, LACKING, NOT_THEIRS = 0.5, 0.6, 0.25, 0.25, 0.2, 0.2
LEAST = 0.62
# The weights were set by hand on the tuning dialogues and on phrasings of our own.
_IN_TABLE = re.compile(r"\b(?:tables?|rows?|columns?)\b", re.IGNORECASE)
_THEIRS = re.compile(r"\b(?:theirs?|they|it|its|ours?)\b", re.IGNORECASE)
_RATES = re.compile(r"\b(?:ratings?|scores?|rais(?:e|ed|ing)|lower(?:ed|ing)?)\b", re.IGNORECASE)
_LED = re.compile(r"\b(?:from|to|instead of|against|reach\w*)\s+$", re.IGNORECASE)
_OWN = re.compile(r"\b(?:our|ours|we)\b|\bproposed\b", re.IGNORECASE)


@dataclass(frozen=True)
class Contrast:
    """A pair with how well it answers the question, and the terms of the question that it bears."""

    pair: Pair
    score: float
    borne: frozenset[Term]


@dataclass(frozen=True)
class _Candidate:
    figure: Figure
    fit: float
    bearing: Mapping[Term, float]
    own: bool
    reference: bool
    told: bool


def find_contrasts(asked: Asked, fits: Sequence[Fit], told: frozenset[tuple[str, str]] = frozenset()) -> list[Contrast]:
    """All pairs that answer the question somehow, the best first; `told` are the figures of the last answer, each as
    the id of its passage and its digits."""
    figures = [fit.figure for fit in fits]
    values = {number.value for number in supposed_in(f"{asked.text}. {asked.query}")}
    weights = without_marks(weigh(figures, asked), asked)
    weights = {t: w for t, w in weights.items() if not is_claimed(t) and t.value not in values}
    chosen = [_candidate(fit, asked, weights, told) for fit in _considered(fits)]
    named = named_sides(asked, weights)
    found = []
    for one, other in combinations(chosen, 2):
        score = _score(one, other, asked, weights, named)
        if score is not None and score >= LEAST:
            a, b = _ordered(one, other, asked)
            bears = frozenset(t for t in weights if _is_borne(t, one, other))
            found.append(Contrast(named_pair(a.figure, b.figure), score, bears))
    return sorted(found, key=lambda contrast: -contrast.score)


def _is_level(figure: Figure) -> bool:
    """Whether a number in prose is a level, and no change and no part of a word, "32" of "32-layer"."""
    if not is_level(figure) or re.search(rf"(?<![\d.]){re.escape(figure.written)}-[A-Za-z]", figure.sentence):
        return False
    if re.search(r"[KMGB]$|million$|billion$", figure.written) and not re.search(r"[MG]B$", figure.written):
        return any(t.key == "<parameters>" for t in figure.measures)
    if _RATES.search(figure.sentence) and not figure.unit and "." not in figure.written:
        return False
    before = figure.sentence[: figure.sentence.find(figure.written)]
    return bool("." in figure.written or figure.unit or figure.measures or _LED.search(before))


def _is_borne(term: Term, one: _Candidate, other: _Candidate) -> bool:
    """Whether a pair is of a term: of a quantity where both figures say of themselves that they measure it, or say nothing."""
    x, y = one.bearing[term], other.bearing[term]
    if not term.key.startswith("<"):
        return max(x, y) > 0
    silent = not one.figure.measures and not other.figure.measures
    return min(x, y) >= MEASURED or (silent and min(x, y) > 0)


def _considered(fits: Sequence[Fit]) -> list[Fit]:
    """The best fitting figures, with the other cells of the rows and columns of the best."""
    first = [fit for fit in fits if fit.figure.cell is not None or _is_level(fit.figure)][:CONSIDERED]
    cells = [fit.figure.cell for fit in first[:3] if fit.figure.cell is not None]
    lines = {(fit.figure.passage.id, name) for fit in first[:3] if (c := fit.figure.cell) for name in (c.row, c.column)}
    held = {id(fit) for fit in first}
    beside = [
        fit
        for fit in fits
        if cells
        and id(fit) not in held
        and (c := fit.figure.cell) is not None
        and ((fit.figure.passage.id, c.row) in lines or (fit.figure.passage.id, c.column) in lines)
    ]
    return first + beside[:CONSIDERED]


def _candidate(fit: Fit, asked: Asked, weights: Mapping[Term, float], told: frozenset[tuple[str, str]]) -> _Candidate:
    figure = fit.figure
    label = figure.bound if figure.cell is None else f"{figure.cell.row}; {figure.cell.column}"
    own = holds_any(terms_in(label), asked.names) or (figure.cell is None and bool(_OWN.search(figure.bound)))
    bearing = {t: _bearing(t, figure) for t in weights}
    if own:
        # A paper's method has several names: one of them stands for another where none is contradicted.
        bearing |= {t: max(x, OWN_WORDS) for t, x in bearing.items() if holds(asked.names, t)}
    return _Candidate(
        figure,
        fit.score,
        bearing,
        own,
        bool(UNCOMPRESSED.search(label) or REFERENCE.search(label)),
        (figure.passage.id, digits_of(figure)) in told,
    )


def _bearing(term: Term, figure: Figure) -> float:
    """How surely a figure is of a term; a setting that "for" binds to another number of its sentence hardly is."""
    found = borne(term, figure)
    if figure.cell is not None or found >= OWN_WORDS or term.key.startswith("<") or not found:
        return found
    led = re.findall(r"\d\s?%?\s(?:for|on|with|by)\s([^,;()]*?)(?=,|;|\band\b|\)|\.?$)", figure.sentence)
    own = figure.bound.split(";")[0]
    bound = any(holds(terms_in(part), term) for part in led) and ";" in figure.bound and not holds(terms_in(own), term)
    return BOUND_TO_ANOTHER if bound else found


def _score(
    one: _Candidate, other: _Candidate, asked: Asked, weights: Mapping[Term, float], named: Named
) -> float | None:
    """How well two figures answer the question together; None where nothing is said by setting them side by side."""
    a, b = one.figure, other.figure
    if not comparable(a, b) or (a.value == b.value and (a.cell is None or b.cell is None)):
        return None
    share, held = _explained(one, other, asked, weights, named)
    apart = not same_table(a, b) and a.passage.id != b.passage.id
    if apart and not (a.measures and b.measures) and not (all(held) and named.known):
        return None
    score = share + placed(a, b, asked) + SHARE_OF_FIT * (one.fit + other.fit) / 2
    score += _sidedness(one, other, asked, held) + _hints(one, other, asked)
    score -= OTHER_QUANTITY * _measures_another(a, b, asked) + NOT_THE_OTHER * (a.value == b.value)
    return score + TOLD * (one.told + other.told) * asked.elliptic


def _explained(
    one: _Candidate, other: _Candidate, asked: Asked, weights: Mapping[Term, float], named: Named
) -> tuple[float, tuple[bool, bool]]:
    """The share of the question that a pair bears, and whether the question names each of its sides."""
    a, b = one.figure, other.figure
    total = sum(weights.values()) or 1.0
    gain, lacking, sides = 0.0, 0, [False, False]
    for term, weight in weights.items():
        x, y = one.bearing[term], other.bearing[term]
        if term.key.startswith("<") or abs(x - y) < APART:
            gain += weight * min(x, y)
            lacking += term.hard and term in asked.new and max(x, y) == 0
            continue
        alone = not named.known and term.hard and not _has_rival(term, weights)
        open_side = 1.0 if same_table(a, b) else OPEN_SIDE
        known = open_side if named.is_side(term) and not alone else SHARED_BY_ONE
        gain += weight * (min(x, y) + known * abs(x - y))
        lacking += alone and term in asked.new and min(x, y) == 0
        sides[y > x] |= named.is_side(term)
        rival, mate = (b, other) if x > y else (a, one)
        if term.hard and conflict(term, rival.own) and not mate.reference and not _alternative(term, rival, asked):
            gain -= OTHER_SETTING * weight
    missed = named.known and not _on_both_sides(one, other, named)
    missed |= bool(named.left and named.right) and not all(sides)
    return gain / total - NOT_THE_OTHER * missed - LACKING * lacking, (sides[0], sides[1])


def _sidedness(one: _Candidate, other: _Candidate, asked: Asked, held: tuple[bool, bool]) -> float:
    """What it counts that the question names the sides of a pair, or that they are what it must mean."""
    step = 0.0 if asks_after_one_end(asked) else step_of(one.figure, other.figure)
    gaining, costing = is_gain(asked.text), is_cost(asked.text)
    against_reference = one.reference != other.reference
    score = STEP * step * (costing or gaining)
    if REFERENCE.search(asked.text) or costing:
        score += TOLD * against_reference
    elif gaining:
        score -= TOLD * against_reference
    if all(held) or step == 1.0:
        return score + BOTH_NAMED
    if any(held):
        return score + ONE_NAMED * (_is_implied(other, one, asked) if held[0] else _is_implied(one, other, asked))
    if one.own != other.own and gaining:
        return score + (OWN_COST if _is_rival(one, other) else ONE_NAMED)
    if against_reference and costing:
        return score + (OWN_COST if one.own != other.own else ONE_NAMED)
    return score + NONE_NAMED


def _hints(one: _Candidate, other: _Candidate, asked: Asked) -> float:
    """What smaller hints of the question count: a change that it supposes, "in the table", "theirs", nothing but "and the
    difference?"."""
    a, b = one.figure, other.figure
    score = -A_SETTING * (is_setting_column(a, asked) or is_setting_column(b, asked))
    if same_table(a, b) or (a.sentence and a.sentence == b.sentence):
        pair = named_pair(a, b)
        score += COMES_TO_IT * any(
            n.change and n.unit in ("x", "%") and comes_to(pair, n) for n in supposed_in(asked.text)
        )
    if not asked.new and one.told and other.told:
        score += BOTH_NAMED
    if _IN_TABLE.search(asked.text):
        score += IN_TABLE * (a.cell is not None and b.cell is not None)
    if _THEIRS.search(asked.text) and not (one.own or other.own):
        score -= NOT_THEIRS
    return score


def _on_both_sides(one: _Candidate, other: _Candidate, named: Named) -> bool:
    """Whether what the message names after "against" or the like belongs to one of two figures more than to the other."""
    right = [one.bearing[t] - other.bearing[t] for t in named.right]
    if any(abs(lead) >= APART for lead in right):
        return True
    return one.reference != other.reference and any(REFERENCE.search(t.key) for t in named.right)


def _measures_another(a: Figure, b: Figure, asked: Asked) -> bool:
    """Whether the message names a quantity and one of two figures is of another one."""
    wanted = [t for t in asked.new if t.key.startswith("<")]
    return any(wanted and figure.measures and not of_quantity(figure.measures, wanted) for figure in (a, b))


def _is_implied(side: _Candidate, rival: _Candidate, asked: Asked) -> float:
    """How surely a side that the question leaves out is this figure."""
    if (side.own and not rival.own) or (side.told and not rival.told):
        return 1.0
    if side.reference and is_cost(asked.text):
        return 0.8
    return 0.6 if rival.own and not side.own and is_best_rival(side.figure, rival.figure) else 0.0


def _is_rival(one: _Candidate, other: _Candidate) -> bool:
    """Whether of two sides one is the paper's own and the other its best rival."""
    own, rival = (one, other) if one.own else (other, one)
    return is_best_rival(rival.figure, own.figure)


def _has_rival(term: Term, asked: Iterable[Term]) -> bool:
    """Whether a question names another setting or name in the place of a term's: "3 and 4 bits"."""
    return any(t != term and t.hard and (t.key == term.key or conflict(term, (t,))) for t in asked)


def _alternative(term: Term, figure: Figure, asked: Asked) -> bool:
    """Whether the other setting that a figure has in a term's place is of the question as well: "2:4 against 70 %"."""
    rivals = [t for t in (*asked.new, *asked.old) if t != term and t.hard and holds(figure.own, t)]
    return any(r.key == term.key or (r.value is None) == (term.value is None) for r in rivals)


def _ordered(one: _Candidate, other: _Candidate, asked: Asked) -> tuple[_Candidate, _Candidate]:
    """The paper's own method first, else what the question names first; the uncompressed net last."""

    def rank(side: _Candidate, rival: _Candidate) -> tuple[bool, bool, int]:
        apart = [
            place
            for place, term in enumerate((*asked.new, *asked.old))
            if side.bearing.get(term, 0.0) - rival.bearing.get(term, 0.0) >= APART
        ]
        return side.reference and not rival.reference, rival.own and not side.own, min(apart, default=99)

    return (one, other) if rank(one, other) <= rank(other, one) else (other, one)
