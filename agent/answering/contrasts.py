"""Which two of all figures found a question sets against each other, wherever they stand: in a table, a sentence, two sources. Pure.

Every pair is scored by weights that were fitted on example questions (`benchmarks/fit_comparing.py`); the probability that it is
meant is its share among all pairs and the chance that none is.
"""

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from agent.answering.contrast_candidates import Candidate, bears, pairs_of, view_of
from agent.answering.contrast_features import APART, features
from agent.answering.figure_relations import of_other_things
from agent.answering.pairs import Pair, named_pair
from agent.asked_figures import Asked
from agent.figures import Figure
from agent.fitting import Fit
from agent.terms import Term

WEIGHTS = Path(__file__).parent / "contrast_weights.json"
AS_LIKELY = 1.0
"""Pairs of the same two labels whose scores differ by no more are taken as equally meant."""
_BREAKS = re.compile(r"[.;:]\s")
"""Of a label with this inside, a list of sums cannot be told in one sentence."""
CLOSEST = 300
"""So many of the best pairs are told; the others have no share worth counting."""


@dataclass(frozen=True)
class Contrast:
    """A pair with its score, the terms of the question that it bears, and the probability that it, or one of the same two
    values, is meant."""

    pair: Pair
    score: float
    borne: frozenset[Term]
    sure: float = 0.0
    along: float = 0.0
    """The probability that the same two labels of its table are meant, here or elsewhere along them."""

    @property
    def sides(self) -> tuple[int, frozenset[str]] | None:
        """The table and the two labels that it sets against each other; None for what is not of one table."""
        return sides_of(self.pair.first, self.pair.second)


@cache
def weights() -> Mapping[str, float]:
    """The fitted weights by the names of `contrast_features.features`."""
    return json.loads(WEIGHTS.read_text(encoding="utf-8"))["weights"]


def find_contrasts(asked: Asked, fits: Sequence[Fit], told: frozenset[tuple[str, str]] = frozenset()) -> list[Contrast]:
    """The pairs that the question may mean, the best first; `told` are the figures of the last answer, each as the id of
    its passage and its digits."""
    view, candidates = view_of(asked, fits, told)
    held = weights()
    scored: list[tuple[float, Candidate, Candidate]] = []
    for one, other in pairs_of(candidates):
        if of_other_things(one.figure, other.figure, asked):
            continue
        score = sum(held.get(name, 0.0) * value for name, value in features(one, other, view).items())
        scored.append((score, one, other))
    scored.sort(key=lambda item: -item[0])
    whole = 1.0 + sum(math.exp(min(score, 30.0)) for score, *_ in scored)
    shares: dict[object, float] = {}
    best: dict[object, float] = {}
    for score, one, other in scored:
        values, sides = frozenset((one.figure.value, other.figure.value)), sides_of(one.figure, other.figure)
        share = math.exp(min(score, 30.0)) / whole
        shares[values] = shares.get(values, 0.0) + share
        if sides is not None and score >= best.setdefault(sides, score) - AS_LIKELY:
            shares[sides] = shares.get(sides, 0.0) + share
    found = []
    for score, one, other in scored[:CLOSEST]:
        a, b = _ordered(one, other, asked)
        borne = frozenset(t for t in view.weights if bears(t, one, other))
        sure = shares[frozenset((one.figure.value, other.figure.value))]
        along = shares.get(sides_of(one.figure, other.figure), sure)
        found.append(Contrast(named_pair(a.figure, b.figure), score, borne, sure, max(sure, along)))
    return found


def as_likely(contrast: Contrast, found: Sequence[Contrast]) -> list[Contrast]:
    """The contrasts of the same two labels that are about as likely as one of them, each place once, that one included."""
    if contrast.sides is None or any(_BREAKS.search(name) for name in (*contrast.pair.names, contrast.pair.shared)):
        return [contrast]
    near = [c for c in found if c.sides == contrast.sides and abs(c.score - contrast.score) <= AS_LIKELY]
    return list({c.pair.shared: c for c in reversed(near)}.values())[::-1]


def sides_of(a: Figure, b: Figure) -> tuple[int, frozenset[str]] | None:
    """The table and the two labels that a pair of its cells sets against each other."""
    if a.cell is None or b.cell is None or a.table is not b.table:
        return None
    down = a.cell.column == b.cell.column
    labels = (a.cell.row, b.cell.row) if down else (a.cell.column, b.cell.column)
    return id(a.table), frozenset(labels)


def _ordered(one: Candidate, other: Candidate, asked: Asked) -> tuple[Candidate, Candidate]:
    """The paper's own method first, else what the question names first; the uncompressed net last."""

    def rank(side: Candidate, rival: Candidate) -> tuple[bool, bool, int]:
        apart = [
            place
            for place, term in enumerate((*asked.new, *asked.old))
            if side.bearing.get(term, 0.0) - rival.bearing.get(term, 0.0) >= APART
        ]
        return side.reference and not rival.reference, rival.own and not side.own, min(apart, default=99)

    return (one, other) if rank(one, other) <= rank(other, one) else (other, one)
