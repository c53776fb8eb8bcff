"""What was told last, told again of another setting: the rows of the last answer in the column that the message names. Pure."""

import re
from collections.abc import Sequence

from agent.answering.figure_words import amount, digits_of, place_of
from agent.answering.parts import fact, say, who
from agent.asked_figures import Asked
from agent.draft import DraftSentence
from agent.figures import Figure
from agent.terms import Term, holds, stem, terms_in

FEWEST, MOST = 2, 6
_ORDER = re.compile(r"\b(?:order|ranking|rank\w*|sequence)\b", re.IGNORECASE)
_ASKED_OF_THEM = frozenset(stem(word) for word in ("order", "ranking", "rank", "same", "stay", "all", "each", "both"))


def same_elsewhere(asked: Asked, figures: Sequence[Figure], told_of: frozenset[tuple[str, str]]) -> list[DraftSentence]:
    """The rows, or columns, told last at another place of a table, where a message names nothing but that place; and
    whether their order stays, where it asks that."""
    wanted = [t for t in asked.new if t.key not in _ASKED_OF_THEM and not (t.value is not None and not t.key)]
    told = [f for f in figures if f.cell is not None and (f.passage.id, digits_of(f)) in told_of]
    if not asked.elliptic or not wanted or not told:
        return []
    mine = [f for f in told if f.table is told[0].table]
    for along in ("row", "column"):
        across = "column" if along == "row" else "row"
        names = list(dict.fromkeys(_label(f, along) for f in mine))
        places = {_label(f, across) for f in mine}
        if len(places) == 1 and FEWEST <= len(names) <= MOST:
            moved = _moved(figures, names, places.pop(), (along, across), wanted)
            if moved:
                return _told(moved, mine, along, across, asked)
    return []


def _label(figure: Figure, way: str) -> str:
    assert figure.cell is not None
    return figure.cell.row if way == "row" else figure.cell.column


def _moved(
    figures: Sequence[Figure], names: Sequence[str], place: str, ways: tuple[str, str], wanted: Sequence[Term]
) -> list[Figure]:
    """The figures of the same names at the one other place whose label holds all that is wanted."""
    along, across = ways
    cells = [f for f in figures if f.cell is not None and _label(f, along) in names and _label(f, across) != place]
    heads = list(dict.fromkeys((id(f.table), _label(f, across)) for f in cells))
    apart = [t for t in wanted if not holds(terms_in(place), t)]
    for table, head in heads:
        if apart and all(holds(terms_in(head), t) for t in wanted):
            found = [f for f in cells if id(f.table) == table and _label(f, across) == head]
            if len(found) == len(names):
                return sorted(found, key=lambda f: names.index(_label(f, along)))
    return []


def _told(
    moved: Sequence[Figure], before: Sequence[Figure], along: str, across: str, asked: Asked
) -> list[DraftSentence]:
    first = moved[0]
    values = "; ".join(f"{_label(f, along)} {amount(f)}" for f in moved)
    lines = [fact(f"{who(first.passage)}{_label(first, across)}: {values}{place_of(first)}.", *first.passages)]
    if _ORDER.search(asked.text):
        orders = [
            [_label(f, along) for f in sorted(held, key=lambda f: -f.value)]
            for held in (before, moved)
        ]  # fmt: skip
        same = orders[0] == orders[1]
        lines.append(
            say("The order is the same." if same else f"The order is not the same: here {', '.join(orders[1])}.")
        )
    return lines
