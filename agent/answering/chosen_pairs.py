"""Which pairs of figures are told of those that a question may mean: the best, and what it leaves of the question. Pure."""

import re
from collections.abc import Sequence

from agent.answering.contrast_sides import sides_against, without_other_side
from agent.answering.contrasts import Contrast, find_contrasts
from agent.answering.figure_words import digits_of
from agent.answering.pairs import Pair, named_pair
from agent.answering.several_pairs import WITH_THE_SAME
from agent.asked_figures import Asked
from agent.figures import Figure
from agent.fitting import Fit
from agent.terms import Term, holds, terms_in

MOST_PAIRS = 3
SURE_ENOUGH = 0.3
"""How probable the best pair must be to be told without reserve."""
FURTHER, NEARLY = 3.0, 0.5
_RIVALS = re.compile(
    r"\b(?:competitors|rivals|baselines|others|(?:other|two|three|all|both) (?:\w+ )?(?:methods|schemes|variants|papers))\b",
    re.IGNORECASE,
)
_EACH = re.compile(r"\b(?:each|both|either|respectively|all (?:two|three|of them))\b", re.IGNORECASE)


def key_of(figure: Figure) -> tuple[str, str]:
    """A figure as what was told before names it: by its passage and its digits."""
    return figure.passage.id, digits_of(figure)


def chosen_pairs(
    asked: Asked, found: Sequence[Contrast], fits: Sequence[Fit], told_of: frozenset[tuple[str, str]]
) -> list[Pair]:
    """The best pair, and further ones for what it leaves of the question: another quantity, net or setting."""
    if not found or found[0].sure < SURE_ENOUGH:
        return []
    chosen = [found[0]]
    if _EACH.search(asked.text) and told_of and not any(t.hard for t in asked.new):
        chosen = _for_each_told(found, told_of) or chosen
    if _RIVALS.search(asked.text):
        chosen += _other_rivals(chosen[0], found)
    sides = sides_against(asked.text)
    open_terms = [
        t
        for t in asked.new
        if (_weighty(t) or t in sides or _is_label(t, chosen[0].pair))
        and t not in chosen[0].borne
        and not holds(asked.names, t)
    ]
    while open_terms and len(chosen) < MOST_PAIRS:
        against_next = without_other_side(asked)
        if against_next is not None and set(open_terms) & set(sides):
            # "against A and against B": what is set against B is the same as against A.
            against = find_contrasts(against_next, fits, told_of)
            found = against if any(set(open_terms) & c.borne for c in against) else found
        bearing_it = [c for c in found if set(open_terms) & c.borne and c.score >= found[0].score - FURTHER]
        if not bearing_it:
            break
        main = chosen[0].pair.first
        further = max(bearing_it, key=lambda c: c.score + WITH_THE_SAME * (main in (c.pair.first, c.pair.second)))
        chosen.append(further)
        open_terms = [t for t in open_terms if t not in further.borne]
    if _EACH.search(asked.text) and len(chosen) == 1 and (beside := _beside(chosen[0], found)):
        return [chosen[0].pair, *beside]
    return [c.pair for c in [*chosen, *_as_good(found, chosen)]]


def _beside(chosen: Contrast, found: Sequence[Contrast]) -> list[Pair]:
    """The other pairs of a sentence that sets the same two things against each other of something else: "3 on A and 5 on B,
    against 4 and 6"."""
    first, second = chosen.pair.first, chosen.pair.second
    if first.sentence != second.sentence or not first.sentence:
        return []
    told, pairs = {first.at, second.at}, []
    for pair in (c.pair for c in found):
        places = {pair.first.at, pair.second.at}
        same = pair.first.sentence == pair.second.sentence == first.sentence and not places & told
        if same and _share_a_name(pair) and _share_a_name(chosen.pair):
            told |= places
            swapped = (pair.first.at < pair.second.at) != (first.at < second.at)
            pairs.append(named_pair(pair.second, pair.first) if swapped else pair)
    return pairs[: MOST_PAIRS - 1]


def _share_a_name(pair: Pair) -> bool:
    """Whether two figures of a sentence are both of one thing by name."""
    return any(t.hard and t.value is None and holds(pair.second.own, t) for t in pair.first.own)


def _other_rivals(first: Contrast, found: Sequence[Contrast]) -> list[Contrast]:
    """The pairs that set the same first figure against others of its line or sentence, nearly as probable."""
    pair = first.pair

    def like(c: Contrast) -> bool:
        near = (
            c.pair.first.cell.column == pair.first.cell.column
            if c.pair.first.cell and pair.first.cell
            else c.pair.second.sentence == pair.second.sentence != ""
        )
        return c.pair.first is pair.first and c.pair != pair and near and c.pair.second.unit == pair.second.unit

    return [c for c in found if like(c) and c.score >= first.score - FURTHER][: MOST_PAIRS - 1]


def _as_good(found: Sequence[Contrast], chosen: Sequence[Contrast]) -> list[Contrast]:
    """A pair of another source that answers nearly as well as the only one chosen, where there is one."""
    if len(chosen) != 1:
        return []
    first = chosen[0].pair.first.passage.id, chosen[0].pair.second.passage.id
    for contrast in found[1:]:
        if contrast.score < found[0].score - NEARLY:
            break
        pair = contrast.pair
        if not {pair.first.passage.id, pair.second.passage.id} & set(first):
            return [contrast]
    return []


def _for_each_told(found: Sequence[Contrast], told_of: frozenset[tuple[str, str]]) -> list[Contrast]:
    """The best pair for each figure that was told last."""
    best: dict[tuple[str, str], Contrast] = {}
    for contrast in found:
        keys = [key_of(f) for f in (contrast.pair.first, contrast.pair.second)]
        named = [key for key in keys if key in told_of]
        if len(named) == 1 and named[0] not in best:
            best[named[0]] = contrast
    top = max((c.score for c in best.values()), default=0.0)
    return [c for c in best.values() if c.score >= top - 2 * NEARLY][:MOST_PAIRS]


def _is_label(term: Term, pair: Pair) -> bool:
    """Whether a term is of the label of another row, or column, of the table in which a pair stands."""
    table, cell = pair.first.table, pair.first.cell
    if table is None or cell is None or pair.first.table is not pair.second.table:
        return False
    down = pair.names and pair.shared == cell.column
    labels = {c.row if down else c.column for c in table.cells}
    return any(holds(terms_in(label), term) for label in labels)


def _weighty(term: Term) -> bool:
    return term.hard or term.key.startswith("<")
