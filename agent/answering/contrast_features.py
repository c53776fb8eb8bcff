"""What speaks for it that a question sets two figures against each other: named measures of a pair, which fitted weights sum. Pure.

What both share ("ResNet-50 at 3 bits") both should bear, and what sets them apart ("theirs", "the dense net") each for itself.
Where the question names but one side, the other is the paper's own method, the uncompressed net, or what was told last.
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from agent.answering.contrast_candidates import Candidate, View
from agent.answering.contrast_sides import Named, asks_after_one_end, is_cost, is_gain
from agent.answering.figure_relations import (
    is_best_rival,
    is_setting_column,
    same_table,
    settings_between,
    step_of,
    surplus,
)
from agent.answering.pairs import REFERENCE, named_pair
from agent.answering.rankings import UNCOMPRESSED
from agent.answering.supposed_figures import comes_to
from agent.asked_figures import Asked
from agent.figures import Figure
from agent.fitting import of_quantity
from agent.terms import Term, conflict, holds, terms_in

APART = 0.15
"""From which difference in bearing on a term sets two figures apart."""
MOST_SURPLUS = 4
LIKE_TOLD = 0.6
_IN_TABLE = re.compile(r"\b(?:tables?|rows?|columns?)\b", re.IGNORECASE)
_THEIRS = re.compile(r"\b(?:theirs?|they|it|its|ours?|them)\b", re.IGNORECASE)
_FROM_TO = re.compile(
    r"\b(\d+(?:\.\d+)?)\s?(?:%|bits?)?\s?(?:to|->|→|vs\.?|against|and|or|over)\s(?:at |the )?(\d+(?:\.\d+)?)",
    re.IGNORECASE,
)
_COSTS = frozenset(("<size>", "<speed>", "<duration>", "<operations>", "<energy>", "<parameters>"))
_RESULTS = frozenset(("<accuracy>", "<error>", "<perplexity>", "<auc>", "<bleu>", "<word error>", "<depth error>"))
_WITHOUT = re.compile(r"\b(?:without|w/o|no|minus|removing|leav\w+ out)\b", re.IGNORECASE)
_WHOLE = re.compile(r"\b(?:all|full|whole|complete|default|everything)\b", re.IGNORECASE)


def features(one: Candidate, other: Candidate, view: View) -> dict[str, float]:
    """The measures of a pair by name; those that are nought may be left out."""
    found, held = _explained(one, other, view)
    found |= _placed(one.figure, other.figure, view.asked)
    found |= _sides(one, other, view, held)
    found |= _hints(one, other, view)
    found["pair"] = 1.0
    # What speaks for any pair, against none: the message says so, or it follows on what was told.
    found["plainly"] = float(view.asked.compares)
    found["elliptic"] = float(view.asked.elliptic)
    found["fit"] = (one.fit + other.fit) / 2
    return found


def _explained(one: Candidate, other: Candidate, view: View) -> tuple[dict[str, float], tuple[bool, bool]]:
    """How much of the question a pair bears, and whether the question names each of its sides."""
    asked, named = view.asked, view.named
    total = sum(view.weights.values()) or 1.0
    names = ("shared", "apart", "apart elsewhere", "apart unasked", "alone", "conflict", "old", "quantity")
    found: dict[str, float] = dict.fromkeys(names, 0.0)
    lacking, sides = 0, [False, False]
    for term, weight in view.weights.items():
        x, y = one.bearing[term], other.bearing[term]
        part, new = weight / total, term in asked.new
        if term.key.startswith("<"):
            found["quantity" if new else "old"] += part * min(x, y)
        elif abs(x - y) < APART:
            found["shared" if new else "old"] += part * min(x, y)
            lacking += term.hard and new and max(x, y) == 0
        else:
            found["shared" if new else "old"] += part * min(x, y)
            alone = not named.known and term.hard and not _has_rival(term, view.weights)
            near = same_table(one.figure, other.figure) or one.figure.passage.id == other.figure.passage.id
            kind = (
                "alone"
                if alone
                else "apart unasked"
                if not named.is_side(term)
                else "apart"
                if near
                else "apart elsewhere"
            )
            found[kind if new or kind == "alone" else "old"] += part * abs(x - y)
            lacking += alone and new and min(x, y) == 0
            sides[y > x] |= named.is_side(term)
            rival, mate = (other, one) if x > y else (one, other)
            if (
                term.hard
                and conflict(term, rival.figure.own)
                and not mate.reference
                and not _alternative(term, rival.figure, asked)
            ):
                found["conflict"] += part
    found["lacking"] = float(lacking)
    how = "plainly" if named.plainly else "loosely"
    found[f"side missed, {how}"] = float(named.known and not _on_both_sides(one, other, named))
    found[f"sides missed, {how}"] = float(bool(named.left and named.right) and not all(sides))
    if named.plainly and named.right and not named.left - set(asked.old):
        found["told against it"] = float(_against_told(one, other, named) or _against_told(other, one, named))
    return found, (sides[0], sides[1])


def _placed(a: Figure, b: Figure, asked: Asked) -> dict[str, float]:
    """Where two figures stand to each other, and what sets them apart unasked."""
    if same_table(a, b):
        assert a.cell is not None and b.cell is not None
        column = a.cell.column == b.cell.column
        reference = UNCOMPRESSED.search(a.cell.row) or UNCOMPRESSED.search(b.cell.row)
        settings = settings_between(a, b, asked) if column and not reference else 0
        return {
            "same column" if column else "same row": 1.0, "other settings": min(settings, 3),
            "surplus": min(surplus(a, b, asked), MOST_SURPLUS),
        }  # fmt: skip
    if a.cell is None and b.cell is None:
        if a.passage.id != b.passage.id:
            return {"across passages": 1.0, "half known": float(bool(a.measures) != bool(b.measures))}
        return {"same sentence" if a.sentence == b.sentence else "same passage": 1.0}
    if a.cell is not None and b.cell is not None:
        return {"across tables": 1.0}
    return {"across kinds": 1.0, "half known": float(not (a.measures and b.measures))}


def _sides(one: Candidate, other: Candidate, view: View, held: tuple[bool, bool]) -> dict[str, float]:
    """Whether the question names the sides of a pair, or they are what it must mean."""
    asked = view.asked
    step = 0.0 if asks_after_one_end(asked) else step_of(one.figure, other.figure)
    gaining, costing = is_gain(asked.text), is_cost(asked.text)
    how = "gain" if gaining else "cost" if costing else "plain"
    against = one.reference != other.reference
    found = {f"step, {how}": step}
    if against and REFERENCE.search(asked.text):
        found["reference asked"] = 1.0
    elif REFERENCE.search(asked.text):
        found["reference missed"] = 1.0
    if _is_ablation(one, other) or _is_ablation(other, one):
        found["ablation" if any(held) else "ablation unasked"] = 1.0
    if all(held):
        return found | {"both named": 1.0}
    if any(held):
        open_side, rival = (other, one) if held[0] else (one, other)
        return found | {f"one named, {_role(open_side, rival)}, {how}": 1.0}
    roles = sorted((_role(one, other), _role(other, one)))
    return found | {f"none named, {' and '.join(roles)}, {how}": 1.0}


def _role(side: Candidate, rival: Candidate) -> str:
    """What a side is that a question leaves out."""
    if side.own and not rival.own:
        return "own"
    if side.reference and not rival.reference:
        return "reference"
    if side.told and not rival.told:
        return "told"
    return "rival" if rival.own and not side.own and is_best_rival(side.figure, rival.figure) else "any"


def _is_ablation(one: Candidate, other: Candidate) -> bool:
    """Whether one side says that it lacks a part and the other is the whole."""
    whole = other.own or bool(_WHOLE.search(other.label))
    return bool(_WITHOUT.search(one.label)) and not _WITHOUT.search(other.label) and whole


def _hints(one: Candidate, other: Candidate, view: View) -> dict[str, float]:
    """Smaller hints: a change that the question supposes, "in the table", "theirs", what was told last."""
    a, b = one.figure, other.figure
    asked = view.asked
    found = {
        "setting column": float(is_setting_column(a, asked) or is_setting_column(b, asked)),
        "same value": float(a.value == b.value),
        "other quantity": float(_measures_another(a, b, asked)),
        "from to": float(_is_step(one, other, asked)),
        "not theirs": float(bool(_THEIRS.search(asked.text)) and not (one.own or other.own)),
    }
    if not any(t.key.startswith("<") for t in asked.new):
        carried = [t for t in asked.old if t.key.startswith("<")]
        found["a cost unasked"] = float(any(_is_of_cost(f) and not of_quantity(f.measures, carried) for f in (a, b)))
    found["settings unasked"] = float(min(len(_settings_unasked(one, other, asked)), 3))
    near = same_table(a, b) or (a.sentence and a.sentence == b.sentence)
    if view.supposed and near:
        pair = named_pair(a, b)
        found["comes to it"] = float(any(comes_to(pair, n) for n in view.supposed))
    if not asked.new and one.told and other.told:
        found["both told"] = 1.0
    if _IN_TABLE.search(asked.text):
        found["in the table"] = float(a.cell is not None and b.cell is not None)
    if asked.elliptic:
        found["told"] = float(one.told + other.told == 1)
        found["mirrored"] = float(_mirrors(a, b, view))
        found["told again"] = float(one.told and other.told)
    return found


def _is_of_cost(figure: Figure) -> bool:
    """Whether a figure is of size, time or the like, and of no result."""
    measures = {t.key for t in figure.measures}
    return bool(measures & _COSTS) and not measures & _RESULTS


def _settings_unasked(one: Candidate, other: Candidate, asked: Asked) -> set[Term]:
    """The names and settings that both figures bear and the question does not name."""
    wanted = (*asked.new, *asked.old, *asked.names)
    return {t for t in terms_in(one.figure.bound) if t.hard and holds(other.figure.own, t) and not holds(wanted, t)}


def _is_step(one: Candidate, other: Candidate, asked: Asked) -> bool:
    """Whether two figures are of the two settings between which the message goes: "from 4 to 3 bits"."""
    match = _FROM_TO.search(asked.text)
    if match is None:
        return False
    ends = [Term("", float(value)) for value in match.groups()]
    return any(
        holds(a.figure.own, ends[0]) and holds(b.figure.own, ends[1]) and not holds(b.figure.own, ends[0])
        for a, b in ((one, other), (other, one))
    )


def _mirrors(a: Figure, b: Figure, view: View) -> bool:
    """Whether a pair sets against each other, elsewhere in the table, the rows or the columns of the last answer."""
    if not same_table(a, b) or a.cell is None or b.cell is None:
        return a.cell is None and b.cell is None and _mirrors_in_prose(a, b, view.told)
    if a.cell.column == b.cell.column:
        parts = {row.rpartition(", ")[0] for row in (a.cell.row, b.cell.row)}
        tails, told = ({row.rpartition(", ")[2] for row in rows} for rows in ((a.cell.row, b.cell.row), view.rows))
        moved = len(parts) == 1 and tails == told and a.cell.row not in view.rows
        return moved or ({a.cell.row, b.cell.row} == view.rows and a.cell.column not in view.columns)
    return {a.cell.column, b.cell.column} == view.columns and a.cell.row not in view.rows


def _mirrors_in_prose(a: Figure, b: Figure, told: Sequence[Figure]) -> bool:
    """Whether two figures are told in the words of two that were told last, of something else: "of the activations and of
    the weights", on another net."""
    if a in told or b in told:
        return False
    kin = [[kinship(f, x) for x in told] for f in (a, b)]
    pairs = [(x, y) for x in range(len(told)) for y in range(len(told)) if told[x].value != told[y].value]
    return any(
        (min(one[x], other[y]) >= LIKE_TOLD and one[x] > one[y] and other[y] > other[x])
        for one, other in (kin, kin[::-1])
        for x, y in pairs
        if x < y
    )


def kinship(one: Figure, other: Figure) -> float:
    """Which part of the plain words two figures belong to is the same."""
    mine, theirs = _plain_words(one.bound), _plain_words(other.bound)
    return len(mine & theirs) / len(mine | theirs) if mine | theirs else 0.0


@lru_cache(1 << 12)
def _plain_words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"(?<![\w-])[a-z][a-z-]+", text))


def _on_both_sides(one: Candidate, other: Candidate, named: Named) -> bool:
    """Whether what the message names after "against" or the like belongs to one of two figures more than to the other."""
    if abs(sum(one.bearing[t] - other.bearing[t] for t in named.right)) >= APART * len(named.right):
        return True
    return one.reference != other.reference and any(REFERENCE.search(t.key) for t in named.right)


def _against_told(side: Candidate, rival: Candidate, named: Named) -> bool:
    """Whether one side is what the message names after "against" and the other was told last, or is the paper's own."""
    return all(side.bearing[t] > rival.bearing[t] for t in named.right) and (rival.told or rival.own)


def _measures_another(a: Figure, b: Figure, asked: Asked) -> bool:
    """Whether the message names a quantity and one of two figures is of another one."""
    wanted = [t for t in asked.new if t.key.startswith("<")]
    return any(wanted and figure.measures and not of_quantity(figure.measures, wanted) for figure in (a, b))


def _has_rival(term: Term, asked: Iterable[Term]) -> bool:
    """Whether a question names another setting or name in the place of a term's: "3 and 4 bits"."""
    return any(t != term and t.hard and (t.key == term.key or conflict(term, (t,))) for t in asked)


def _alternative(term: Term, figure: Figure, asked: Asked) -> bool:
    """Whether the other setting that a figure has in a term's place is of the question as well: "2:4 against 70 %"."""
    rivals = [t for t in (*asked.new, *asked.old) if t != term and t.hard and holds(figure.own, t)]
    return any(r.key == term.key or (r.value is None) == (term.value is None) for r in rivals)
