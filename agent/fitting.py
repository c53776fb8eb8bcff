"""How well each figure fits what is asked: which terms of the question say of what it is, which contradict it. Pure."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from agent.asked_figures import CARRIED, Asked
from agent.figures import Figure
from agent.terms import Term, conflict, holds, stem

OF_ROW = 0.9
IN_CLAUSE = 0.85
AROUND = 0.6
BOUND_TO_ANOTHER = 0.3
"""What a sentence tells of another of its numbers, a number hardly is of."""
MEASURED_AROUND = 0.5
"""A sentence may speak of several quantities; a number's own stretch says which it is."""
CONFLICT = 0.5
SURPLUS = 0.05
OWN = 0.12
NEARNESS = 0.3
OF_UNIT = 0.2
SECOND_HAND = 0.2
"""The paper's own figures come before those that are told in its discussion."""
_OF_THE_RECORD = re.compile(r"\brebuttal|\brespon|\brepl[iy]|\bauthors?\b|\breview|\badded\b|\bnew\b", re.IGNORECASE)
_SHARE = re.compile(r"\bshare\b|\bfraction\b|\bpercentage\b|\bper ?cent\b|%", re.IGNORECASE)
_HOW_MANY = frozenset(stem(word) for word in ("all", "each", "both", "every"))
CORRECTING = 0.15
"""Our notes on misquotation hold wrong figures beside the right ones."""
QUANTITY_WEIGHT = 1.2
UNSAID_SOFT = 0.4
"""A plain word that stands with no figure may be another way to say something."""


@dataclass(frozen=True)
class Fit:
    """A figure with its score; the `share` of the question's own weight that it bears, and of the `whole` with what the
    questions before leave to it; what it `lacks` of names and settings."""

    figure: Figure
    score: float
    share: float
    whole: float
    lacks: tuple[Term, ...] = ()


def fit_figures(figures: Sequence[Figure], asked: Asked, cosines: Mapping[str, float]) -> list[Fit]:
    """All figures, the best fitting first."""
    weights = weigh(figures, asked)
    fits = [_fit(f, asked, weights, cosines.get(f.passage.id, 0.0)) for f in figures if not _is_setting(f, asked)]
    return sorted(fits, key=lambda fit: -fit.score)


def weigh(figures: Sequence[Figure], asked: Asked) -> dict[Term, float]:
    """The weight of each asked term: the more the fewer figures bear it; carried ones less, names of the paper least."""
    held = [(*f.own, *f.wider, *f.others) for f in figures]
    weights = {}
    for term in (*asked.new, *asked.old):
        count = sum(1 for terms in held if holds(terms, term))
        weight = math.log(1 + len(figures) / (0.5 + count))
        if not count and not term.hard:
            weight *= UNSAID_SOFT
        if term.key.startswith("<"):
            weight = min(weight, QUANTITY_WEIGHT if count else UNSAID_SOFT)
        weights[term] = weight * (1.0 if term in asked.new else CARRIED) * (0.5 if holds(asked.names, term) else 1.0)
    return weights


def _fit(figure: Figure, asked: Asked, weights: Mapping[Term, float], cosine: float) -> Fit:
    new = sum(weights[t] * borne(t, figure) for t in asked.new)
    old = sum(weights[t] * borne(t, figure) for t in asked.old)
    # "All nets" and "each" say how many figures are wanted, and not of what.
    told = [t for t in asked.new if t.key not in _HOW_MANY] or list(asked.new)
    share = sum(weights[t] * borne(t, figure) for t in told) / (sum(weights[t] for t in told) or 1.0)
    total_new = sum(weights[t] for t in asked.new) or 1.0
    total = total_new + sum(weights[t] for t in asked.old)
    near = (*figure.own, *figure.others) if figure.cell else (*figure.own, *figure.wider)
    against = sum(1 for t in asked.new if t.hard and not is_claimed(t) and conflict(t, near))
    against += 0.5 * sum(1 for t in asked.old if t.value is not None and conflict(t, near))
    score = (new + old) / total - CONFLICT * against + NEARNESS * cosine
    if figure.cell is not None:
        wanted = (*asked.new, *asked.old, *asked.names)
        score -= SURPLUS * sum(1 for t in figure.own if not t.key.startswith("<") and not holds(wanted, t))
    score -= CORRECTING * (figure.passage.aspect == "traps")
    score -= SECOND_HAND * (figure.passage.kind not in ("paper", "notes") and not _OF_THE_RECORD.search(asked.text))
    of_unit = figure.unit and holds(asked.new, Term(stem(figure.unit.lower())))
    score += OF_UNIT * bool(of_unit or (figure.unit == "%" and _SHARE.search(asked.text)))
    if not holds_any(asked.new, asked.names) and _is_own(figure, asked):
        score += OWN
    lacks = tuple(
        t for t in asked.new if t.hard and not is_claimed(t) and not borne(t, figure) and not holds(asked.names, t)
    )
    return Fit(figure, score, share, (new + old) / total, lacks)


def _is_own(figure: Figure, asked: Asked) -> bool:
    """Whether a figure is told of the paper's own method."""
    spoken = figure.passage.kind == "paper" and re.search(r"\b(?:our|we)\b", figure.bound, re.IGNORECASE)
    return bool(spoken) or holds_any(figure.own, asked.names)


_TAKES = {"<speed>": "<duration>", "<duration>": "<speed>"}


def of_quantity(held: Sequence[Term], wanted: Sequence[Term]) -> bool:
    """Whether one of the quantities wanted is held, speed and time being one."""
    return any(holds(held, t) or (t.key in _TAKES and holds(held, Term(_TAKES[t.key]))) for t in wanted)


def borne(term: Term, figure: Figure) -> float:
    """How surely a figure is of a term: by its own place, by its row, by what stands around. A speed may be told by the time
    that it takes."""
    if term.key in _TAKES and not holds((*figure.own, *figure.wider, *figure.inherits), term):
        term = Term(_TAKES[term.key])
    if holds(figure.own, term):
        return 1.0
    if holds(figure.others, term) or holds(figure.inherits, term):
        return OF_ROW
    if holds(figure.elsewhere, term):
        return BOUND_TO_ANOTHER
    if holds(figure.clause, term) and not term.key.startswith("<"):
        return IN_CLAUSE
    if not holds(figure.wider, term):
        return 0.0
    return MEASURED_AROUND if term.key.startswith("<") and figure.cell is None else AROUND


def holds_any(held: Sequence[Term], wanted: Sequence[Term]) -> bool:
    return any(holds(held, term) for term in wanted)


def _is_setting(figure: Figure, asked: Asked) -> bool:
    """Whether a figure only repeats a setting of the question, "3" of "at 3 bits"."""
    return any(
        term.value == figure.value
        and not is_claimed(term)
        and (figure.cell is None or not term.key or term.key in figure.written or holds(figure.own, Term(term.key)))
        for term in (*asked.new, *asked.old)
    )


def is_claimed(term: Term) -> bool:
    """Whether a number of a question looks like a result that it supposes, and not like a setting."""
    return term.value is not None and term.value != int(term.value) and term.key not in ("%", "bit")


def settings_near(fits: Sequence[Fit], missing: Term, limit: int = 3) -> list[Fit]:
    """The fits whose own setting of the same kind comes nearest to a missing one."""

    def distance(fit: Fit) -> float:
        values = [t.value for t in (*fit.figure.own, *fit.figure.wider) if t.value is not None and t.key == missing.key]
        return min((abs(v - (missing.value or 0.0)) for v in values), default=math.inf)

    found = [fit for fit in fits if distance(fit) < math.inf]
    return sorted(found, key=lambda fit: (distance(fit), -fit.score))[:limit]
