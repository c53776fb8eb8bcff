"""The comparison of the last answer made elsewhere: "and for Thai?", "how far behind that baseline on B?". Pure.

The sums of the last answer say which figures it set against each other; their likes stand in the row, the column or the
sentence that the message names.
"""

import re
from collections.abc import Sequence

from agent.answering.contrast_features import kinship
from agent.answering.contrast_sides import sides_against
from agent.answering.figure_words import digits_of
from agent.answering.gaps import asks_where
from agent.answering.pairs import REFERENCE, Pair, named_pair
from agent.answering.share_words import asks_for_share
from agent.asked_figures import Asked
from agent.desk import Desk
from agent.figures import Figure
from agent.fitting import of_quantity
from agent.terms import Term, holds, terms_in

_SUM = re.compile(r"(?<![\w.(])(\d+(?:\.\d+)?) [-/] (\d+(?:\.\d+)?) =")
_GOES_ON = re.compile(
    r"^\W*(?:and|or|so|what about|how about|same|likewise|for|on|at|in)\b|\b(?:that|this|it|there|same|too|as well|also|again|likewise)\b",
    re.IGNORECASE,
)
"""Words by which a message goes on with what was just compared."""
MOST_NEW, MOST_SUMS = 3, 3
ALIKE = 0.5


def followed(asked: Asked, figures: Sequence[Figure], desk: Desk) -> list[Pair]:
    """The pairs that stand to what the message names as those of the last answer stood to what was named then; empty where
    the message names more than another place, or the likes of those figures are not found there."""
    new = [t for t in asked.new if not t.key.startswith("<") and any(holds((*f.own, *f.wider), t) for f in figures)]
    if (
        desk.last is None
        or not asked.elliptic
        or not 0 < len(new) <= MOST_NEW
        or not _GOES_ON.search(asked.text)
        or asks_for_share(asked.text)
    ):
        return []
    if REFERENCE.search(asked.text) or asks_where(asked.text) or any(not t.key.startswith("<") for t in sides_against(asked.text)):  # fmt: skip
        return []
    pairs: list[Pair] = []
    for x, y in _pairs_told(desk, figures):
        if (wanted := [t for t in asked.new if t.key.startswith("<")]) and not of_quantity(x.measures, wanted):
            continue
        pair = _in_table(x, y, new, figures) if x.cell is not None else _in_prose(x, y, new, figures)
        if pair is not None and pair not in pairs:
            pairs.append(pair)
    return pairs


def _pairs_told(desk: Desk, figures: Sequence[Figure]) -> list[tuple[Figure, Figure]]:
    """The figures that the first sums of the last answer set against each other, as they stand in its sources."""
    assert desk.last is not None
    answer = desk.last.answer
    found: list[tuple[Figure, Figure]] = []
    for sentence in answer.sentences:
        cited = {answer.citations[key].passage_id for key in sentence.citations if key in answer.citations}
        for digits in _SUM.findall(sentence.text):
            held = [[f for f in figures if f.passage.id in cited and digits_of(f) == d] for d in digits]
            both = [(a, b) for a in held[0] for b in held[1] if a is not b and _stand_together(a, b)]
            if both and both[0] not in found:
                found.append(both[0])
    return found[:MOST_SUMS]


def _stand_together(a: Figure, b: Figure) -> bool:
    if a.cell is not None and b.cell is not None:
        return a.table is b.table and (a.cell.row == b.cell.row or a.cell.column == b.cell.column)
    return a.cell is None and b.cell is None and a.sentence == b.sentence


def _in_table(x: Figure, y: Figure, new: Sequence[Term], figures: Sequence[Figure]) -> Pair | None:
    """The same two labels in the row, or the column, that the message names."""
    assert x.cell is not None and y.cell is not None
    placed = {(f.cell.row, f.cell.column): f for f in figures if f.table is x.table and f.cell is not None}
    down = x.cell.column == y.cell.column
    here = x.cell.column if down else x.cell.row
    labels = dict.fromkeys(column if down else row for row, column in placed)
    told = [t for t in new if any(holds(terms_in(label), t) for label in labels)]
    if not told or len(told) < len(new):
        return None
    for label in labels:
        if label == here or not all(holds(terms_in(label), t) for t in told):
            continue
        one = placed.get((x.cell.row, label) if down else (label, x.cell.column))
        other = placed.get((y.cell.row, label) if down else (label, y.cell.column))
        if one is not None and other is not None and one.unit == other.unit:
            return named_pair(one, other)
    return None


def _in_prose(x: Figure, y: Figure, new: Sequence[Term], figures: Sequence[Figure]) -> Pair | None:
    """The two figures of a sentence on what the message names that are told in the words of the two before."""
    told = [t for t in new if not holds(terms_in(x.sentence), t)]
    best: tuple[float, Pair | None] = (ALIKE, None)
    for sentence in dict.fromkeys(f.sentence for f in figures if f.cell is None and f.sentence != x.sentence):
        terms = terms_in(sentence)
        if not told or not all(holds(terms, t) for t in told):
            continue
        own = [f for f in figures if f.cell is None and f.sentence == sentence and f.unit == x.unit]
        for a in own:
            for b in own:
                alike = min(kinship(a, x), kinship(b, y)) if a is not b else 0.0
                if alike > best[0] and kinship(a, x) + kinship(b, y) > kinship(a, y) + kinship(b, x):
                    best = (alike, Pair(a, b))
    return best[1]
