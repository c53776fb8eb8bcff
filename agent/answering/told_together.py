"""Figures that the last turns told one after another, set against each other: "how do they compare?", "which of the two
loses more?". Pure."""

import re
from collections.abc import Collection, Sequence

from agent.answering.differences import tell_pair
from agent.answering.figure_relations import same_quantity
from agent.answering.figure_words import digits_of
from agent.answering.gaps import extreme
from agent.answering.pairs import REFERENCE, Pair, named_pair
from agent.answering.parts import say
from agent.answering.rankings import UNCOMPRESSED, less_is_better
from agent.asked_figures import Asked, terms_asked
from agent.desk import Desk, PastTurn
from agent.draft import DraftSentence
from agent.figures import Figure
from agent.terms import holds, terms_in
from agent.told_figures import SAID, sets_told_against, told_in_turn

MOST_PAIRS = 4
_CHANGES = re.compile(r"\b(?:los(?:e|es|ing|s|ses)|lost|gain\w*|drop\w*|suffer\w*|degrad\w*|improve\w*|save[sd]?|savings?|profit\w*|benefit\w*|hurts?|change[sd]?)\b", re.IGNORECASE)  # fmt: skip
_HIGH = re.compile(
    r"\b(?:higher|larger|bigger|greater|more|most|longer|highest|largest|slower|slowest)\b", re.IGNORECASE
)
_LOW = re.compile(r"\b(?:lower|smaller|less|fewer|shorter|lowest|smallest)\b", re.IGNORECASE)
_BETTER = re.compile(r"\b(?:better|best|faster|fastest|ahead|wins?|stronger)\b", re.IGNORECASE)
_WORSE = re.compile(r"\b(?:worse|worst|slower|slowest|behind|weaker)\b", re.IGNORECASE)
_WORD = re.compile(r"[\w.-]*\w")


def told_together(asked: Asked, figures: Sequence[Figure], desk: Desk) -> list[DraftSentence]:
    """The figures of the last two turns against each other; empty where the message does not speak of them, or they are of
    different things."""
    turns = sets_told_against(asked.text, desk)
    if turns is None:
        return []
    sides = [_figures_of(turn, figures) for turn in turns]
    for place, other in ((0, 1), (1, 0)):
        # What both turns told is of neither alone.
        sides[place] = [f for f in sides[place] if f.sentence not in {o.sentence for o in sides[other]} or f.cell]
    of_changes = bool(_CHANGES.search(asked.text))
    if of_changes and (changes := _changes(sides[0], sides[1], figures)):
        return extreme([pair.shared for pair in changes], changes, _end(asked), asked)
    pairs = _alike(sides[0], sides[1])
    if not pairs:
        return []
    lines = [line for pair in pairs for line in tell_pair(pair, asked, bullet=len(pairs) > 1)]
    facts = list({line.text: line for line in lines}.values())
    ordered = [*(line for line in facts if not _is_sum(line)), *(line for line in facts if _is_sum(line))]
    return ordered if of_changes else [*ordered, *_which(pairs, turns, asked)]


def _end(asked: Asked) -> str:
    return "smallest" if _LOW.search(asked.text) else "largest"


def _is_sum(line: DraftSentence) -> bool:
    return line.text.startswith("Worked out")


def _figures_of(turn: PastTurn, figures: Sequence[Figure]) -> list[Figure]:
    """The figures that a turn told, as they stand in its sources: of what its message names, where some are."""
    told_of = [f for f in figures if any(_is_told(f, text, cited) for text, cited in told_in_turn(turn))]
    named = [t for t in terms_asked(turn.message) if not t.key.startswith("<")]
    held = [sum(holds((*f.own, *terms_in(f.sentence)), t) for t in named) for f in told_of]
    return [f for f, n in zip(told_of, held, strict=True) if n == max(held)]


def _is_told(figure: Figure, text: str, cited: Collection[str]) -> bool:
    """Whether a sentence tells a figure; the settings of a row, "FLOPs kept 50 %: 70.3", stand with it only."""
    said = {n.replace(",", "") for n in SAID.findall(text)}
    if figure.passage.id not in cited or digits_of(figure).lstrip("-−") not in said:
        return False
    cell = figure.cell
    if cell is None:
        return True
    as_setting = re.search(rf"{re.escape(f'{cell.column} {cell.text}')}[^:;]*: ", text)
    return cell.row in text and not as_setting


def _alike(first: Sequence[Figure], second: Sequence[Figure]) -> list[Pair]:
    """The pairs of one quantity: of cells those of one column or one row, else those of two sentences."""
    cells = [
        named_pair(a, b)
        for a in first
        for b in second
        if a.cell is not None and b.cell is not None and _of_one_line(a, b)
    ]
    return (cells or _in_prose(*([f for f in side if f.cell is None] for side in (first, second))))[:MOST_PAIRS]


def _of_one_line(a: Figure, b: Figure) -> bool:
    assert a.cell is not None and b.cell is not None
    together = a.table is b.table and (a.cell.column == b.cell.column) != (a.cell.row == b.cell.row)
    return together and same_quantity(a, b)


def _in_prose(first: Sequence[Figure], second: Sequence[Figure]) -> list[Pair]:
    """Of two sentences with the same row of units the figures at the same places; else the first of each in one unit."""
    if not first or not second:
        return []
    mine, theirs = ([f for f in side if f.sentence == side[0].sentence] for side in (first, second))
    if [f.unit for f in mine] == [f.unit for f in theirs]:
        pairs = [Pair(a, b) for a, b in zip(mine, theirs, strict=True)]
    else:
        firsts = ((a, next((b for b in theirs if b.unit == a.unit), None)) for a in mine if a.unit or len(mine) == 1)
        pairs = [Pair(a, b) for a, b in firsts if b is not None][:1]
    return [p for p in pairs if p.first.value != p.second.value and (p.first.unit or "." in p.first.written)]


def _changes(first: Sequence[Figure], second: Sequence[Figure], figures: Sequence[Figure]) -> list[Pair]:
    """What either loses or gains against the uncompressed one beside it in the table; empty where one of them has none."""
    changes = []
    for side in (first, second):
        own = next((f for f in side if f.cell is not None and not _is_reference(f)), None)
        beside = [f for f in figures if own is not None and _stands_beside(f, own)]
        if own is None or not beside:
            return []
        changes.append(named_pair(own, beside[0]))
    (a, b) = changes
    return changes if a.names == b.names and a.shared != b.shared else []


def _is_reference(figure: Figure) -> bool:
    assert figure.cell is not None
    return any(words.search(f"{figure.cell.row}; {figure.cell.column}") for words in (UNCOMPRESSED, REFERENCE))


def _stands_beside(figure: Figure, own: Figure) -> bool:
    """Whether a figure is the uncompressed one of a row or a column."""
    if figure.cell is None or own.cell is None or figure.table is not own.table or not _is_reference(figure):
        return False
    one_line = (figure.cell.row == own.cell.row) != (figure.cell.column == own.cell.column)
    return one_line and same_quantity(figure, own)


def _which(pairs: Sequence[Pair], turns: Sequence[PastTurn], asked: Asked) -> list[DraftSentence]:
    """Which of the two is the higher, the better, as far as the figures go and the message asks."""
    told_apart = [_which_of(pair, turns, asked) for pair in pairs]
    said = [name for name in told_apart if name]
    return (
        [say(f"By {'this' if len(pairs) == 1 else 'these figures'} it is {said[0]}.")]
        if said and len(set(told_apart)) == 1
        else []
    )


def _which_of(pair: Pair, turns: Sequence[PastTurn], asked: Asked) -> str:
    a, b = pair.first, pair.second
    if a.value == b.value:
        return ""
    high, low = (a, b) if a.value > b.value else (b, a)
    better, worse = (low, high) if less_is_better(a) and a.unit not in ("x", "×") else (high, low)
    way = [(_BETTER, better), (_WORSE, worse), (_HIGH, high), (_LOW, low)]
    chosen = next((figure for words, figure in way if words.search(asked.text)), None)
    if chosen is None:
        return ""
    if pair.names[0]:
        return pair.names[0] if chosen is a else pair.names[1]
    here, there = (a, b) if chosen is a else (b, a)
    return _own_name(here, there, turns)


def _own_name(figure: Figure, other: Figure, turns: Sequence[PastTurn]) -> str:
    """What the turns call a figure of prose and not the other."""
    for turn in turns:
        for word in _WORD.findall(turn.message):
            if terms_in(word) and word in figure.sentence and word not in other.sentence:
                return word
    return ""
