"""How two figures stand to each other: whether they can be compared, what they share, whether they tell a change. Pure."""

import re
from collections import Counter

from agent.answering.figure_words import decimals, digits_of
from agent.answering.pairs import alike
from agent.answering.rankings import UNCOMPRESSED, less_is_better, number_of
from agent.asked_figures import Asked
from agent.figures import Figure
from agent.fitting import holds_any, of_quantity
from agent.terms import Term, conflict, holds, terms_in

LARGEST_RATIO, LARGEST_UNNAMED = 2000, 20
NEAR_BY, SIDE_BY_SIDE, FARTHER_OFF = 90, 0.5, 0.4
_SET_AGAINST = re.compile(
    r"\b(?:against|instead of|rather than|versus|vs|compared (?:to|with)|(?:up|down) from)\b", re.IGNORECASE
)


_OF_ONE_QUANTITY = frozenset(("ms", "KB", "MB", "GB", "seconds", "minutes", "hours"))
"""Units that one quantity alone is told in."""
_DECIMAL = re.compile(r"\d\.\d|x$|%$")


def comparable(a: Figure, b: Figure) -> bool:
    """Whether two figures are of one kind and size, so that a difference of them means something."""
    if a.unit and b.unit and a.unit != b.unit:
        return False
    if ("%" in a.written) != ("%" in b.written) and (a.cell is None) == (b.cell is None):
        return False
    if a.cell is not None and b.cell is not None and (a.written[:1] == "+") != (b.written[:1] == "+"):
        return False  # a change beside a level
    if a.cell is not None and b.cell is not None and a.table is b.table:
        if a.cell.column == b.cell.column:
            return True
        if not of_one_row(a, b) or not alike(a, b) or _heads_differ(a, b):
            return False
    small, big = sorted((abs(a.value), abs(b.value)))
    together = bool(a.sentence) and a.sentence == b.sentence
    uneven = abs(decimals(digits_of(a)) - decimals(digits_of(b))) > 1
    if small == 0 or big / small > LARGEST_RATIO or (uneven and not together):
        return False
    if (
        a.cell is None
        and b.cell is None
        and not together
        and not (a.measures and b.measures)
        and big / small > LARGEST_UNNAMED
    ):
        return False
    return not a.measures or not b.measures or of_quantity(a.measures, b.measures)


def of_one_row(a: Figure, b: Figure) -> bool:
    """Whether two cells stand in one row, and not in two of the same label."""
    assert a.cell is not None and b.cell is not None
    beside = dict(a.cell.others).get(b.cell.column, b.cell.text)
    return a.cell.row == b.cell.row and beside == b.cell.text


def same_quantity(a: Figure, b: Figure) -> bool:
    """Whether two figures are known to be of one quantity in one unit, so that a sum of them means something: by their
    column, by the heads of their columns, by their sentence, else by the quantity that both are said to measure."""
    if a.unit and b.unit and a.unit != b.unit:
        return False
    if a.cell is not None and b.cell is not None and a.table is b.table:
        if a.cell.column == b.cell.column:
            return True
        if not of_one_row(a, b):
            return False
        mine, theirs = (_quantities(f.cell.column) for f in (a, b) if f.cell is not None)
        same = of_quantity(mine, theirs) if mine and theirs else not mine and not theirs
        return a.unit == b.unit and same
    if a.unit == b.unit and a.unit in _OF_ONE_QUANTITY:
        return True
    measured = bool(a.measures and b.measures) and of_quantity(a.measures, b.measures)
    if a.cell is None and b.cell is None and a.sentence and a.sentence == b.sentence:
        # "65 minutes, against 13 for B": what stands behind counts the same.
        return measured or (a.unit == b.unit and not (a.measures and b.measures))
    return measured and (a.unit == b.unit or {a.unit, b.unit} == {"", "%"})


def differ_by_setting(a: Figure, b: Figure, asked: Asked) -> bool:
    """Whether two rows of one label differ by a setting alone that the message does not speak of."""
    if a.cell is None or b.cell is None or a.table is not b.table:
        return False
    if a.cell.column != b.cell.column or a.cell.row != b.cell.row:
        return False
    theirs = dict(b.cell.others)
    apart = [
        (head, text) for head, text in a.cell.others if theirs.get(head, text) != text and not _DECIMAL.search(text)
    ]
    words = " ".join(f"{head} {text} {theirs[head]}" for head, text in apart)
    return not holds_any((*asked.new, *asked.old), terms_in(words))


def _quantities(head: str) -> tuple[Term, ...]:
    return tuple(t for t in terms_in(head) if t.key.startswith("<"))


def _heads_differ(a: Figure, b: Figure) -> bool:
    """Whether the heads of two columns name different quantities: an accuracy beside a ratio."""
    assert a.cell is not None and b.cell is not None
    mine, theirs = ({t for t in terms_in(c.column) if t.key.startswith("<")} for c in (a.cell, b.cell))
    return bool(mine and theirs) and not of_quantity(tuple(mine), tuple(theirs))


def of_other_things(a: Figure, b: Figure, asked: Asked) -> bool:
    """Whether two numbers of prose are of two nets or of two sets of data that the message does not both name."""
    if a.cell is not None or b.cell is not None:
        return False
    wanted = (*asked.new, *asked.old)
    mine, theirs = ([t for t in f.own if t.hard and t.value is None] for f in (a, b))
    rivals = [(t, o) for t in mine for o in theirs if conflict(t, theirs) and conflict(o, mine) and conflict(t, (o,))]
    return any(not (t in wanted and o in wanted) for t, o in rivals)


def settings_between(a: Figure, b: Figure, asked: Asked) -> int:
    """In how many settings two rows differ unasked: cells whose value stands in several rows of their column."""
    assert a.cell is not None and b.cell is not None and a.table is not None
    shown = Counter(pair for row in {c.row: c.others for c in a.table.cells}.values() for pair in row)
    theirs = dict(b.cell.others)
    return sum(
        text != theirs[head]
        and max(shown[head, text], shown[head, theirs[head]]) > 1
        and not holds_any(asked.new, terms_in(text))
        for head, text in a.cell.others
        if head in theirs
    )


def surplus(a: Figure, b: Figure, asked: Asked) -> int:
    """How many terms two labels hold beyond each other and the question."""
    wanted = (*asked.new, *asked.old, *asked.names)
    return sum(
        1
        for x, y in ((a, b), (b, a))
        for t in terms_in(x.bound)
        if not t.key.startswith("<") and not holds(y.own, t) and not holds(wanted, t)
    )


def step_of(a: Figure, b: Figure) -> float:
    """How far two figures are told as a change of one thing: 1 for from one to the other, or with a part and without it;
    less for one against the other."""
    if a.cell is not None and b.cell is not None:
        if a.table is not b.table or (a.cell.column != b.cell.column and a.cell.row != b.cell.row):
            return 0.0
        labels = (a.cell.row, b.cell.row) if a.cell.column == b.cell.column else (a.cell.column, b.cell.column)
        return float(any(_is_counterpart(x, y) for x, y in (labels, labels[::-1])))
    if not a.sentence or a.sentence != b.sentence:
        return 0.0
    first, second = sorted((a, b), key=lambda f: f.at)
    start = first.at
    between = first.sentence[start + len(first.written) : second.at].replace("$", "")
    if re.search(r"\bfrom\s+$", first.sentence[:start].replace("$", "")) and re.match(
        r"\s*\w{0,12}\s*\bto\s+$", between
    ):
        return 1.0
    if len(between) < NEAR_BY and _SET_AGAINST.search(between):
        if re.search(r"\d", between):
            return FARTHER_OFF * (first.unit == second.unit and of_quantity(first.measures, second.measures))
        return 1.0 if re.search(r"\b(?:instead|from)\b", between) else SIDE_BY_SIDE
    return 0.0


def _is_counterpart(one: str, other: str) -> bool:
    """Whether a label says "before" or "without" and the other is the same but for that."""
    if not re.search(r"\b(?:without|before|no)\b", one, re.IGNORECASE) or re.search(
        r"\b(?:without|before|no)\b", other, re.I
    ):
        return False
    rest = [
        set(re.findall(r"\w+", re.sub(r"\b(?:without|before|no|with|after)\b", " ", x.lower()))) for x in (one, other)
    ]
    return rest[0] == rest[1]


def is_setting_column(figure: Figure, asked: Asked) -> bool:
    """Whether a cell stands in a column of whole numbers, of settings, beside one of results that have decimals; a column that
    the question names is none."""
    cell, table = figure.cell, figure.table
    if cell is None or table is None or any("." in c.text for c in table.column(cell.column)):
        return False
    head = terms_in(cell.column)
    if any(holds(head, t) for t in asked.new):
        return False
    return any("." in c.text for c in table.cells)


def same_table(a: Figure, b: Figure) -> bool:
    return a.cell is not None and b.cell is not None and a.table is b.table


def is_best_rival(figure: Figure, own: Figure) -> bool:
    """Whether a cell is the best of its line beside the paper's own, uncompressed nets apart."""
    if not same_table(figure, own) or figure.cell is None or own.cell is None or figure.table is None:
        return False
    by_row = figure.cell.column == own.cell.column
    line = figure.table.column(figure.cell.column) if by_row else figure.table.row(figure.cell.row)
    values = [
        v
        for c in line
        if c != own.cell and not UNCOMPRESSED.search(c.row if by_row else c.column) and (v := number_of(c)) is not None
    ]
    return bool(values) and figure.value == (min(values) if less_is_better(figure) else max(values))
