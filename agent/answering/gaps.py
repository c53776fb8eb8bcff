"""A difference followed along a table: for each of several rows or columns, and where it is largest or smallest. Pure."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from agent.answering.contrast_sides import is_cost, is_gain
from agent.answering.differences import arithmetic, tell_pair
from agent.answering.figure_words import digits_of, place_of
from agent.answering.pairs import REFERENCE, Pair, named_pair
from agent.answering.parts import fact, say, who
from agent.answering.rankings import UNCOMPRESSED, less_is_better
from agent.asked_figures import Asked
from agent.draft import DraftSentence
from agent.figures import Figure
from agent.fitting import holds_any
from agent.terms import holds, terms_in

_LARGEST = re.compile(r"\b(?:larg|bigg|great|high|wid|strong|hard|heavi|bad)est\b|\b(?:most|worst|best|more|larger|bigger|greater|wider|higher)\b", re.IGNORECASE)  # fmt: skip
_SMALLEST = re.compile(r"\b(?:small|low|narrow|slight|close|weak|few)est\b|\b(?:least|less|smaller|narrower|lower)\b", re.IGNORECASE)  # fmt: skip
_OF_MANY = re.compile(r"\b(?:which|where|what|whose|who|when)\b|\b\w+est (?:\w+ )?(?:gap|gain|loss|drop|advantage|lead|difference|margin|saving|improvement)\b", re.IGNORECASE)  # fmt: skip
_CHANGE = re.compile(
    r"\b(?:gaps?|gain(?:s|ed)?|loss(?:es)?|los[et]s?|losing|drops?|cost(?:s|ly)?|advantage|leads?|improve\w*|margin|saving|save[sd]?|distance|difference|degrad\w+|suffers?|hurts?|profits?|benefits?|helps?|pays?|speed-?ups?|matters?|contribut\w+|brings?|worth|importan\w+|effect)\b",
    re.IGNORECASE,
)
_OF_RIVALS = re.compile(
    r"\b(?:methods?|variants?|components?|parts?|ablations?|baselines?|competitors?|rivals?|ingredients?|pieces?|choices?)\b",
    re.IGNORECASE,
)
_EACH = re.compile(r"\b(?:each|every|both|respectively|per \w+|all (?:\w+ )?(?:of|the|three|four|five|sizes|models|languages|settings))\b", re.IGNORECASE)  # fmt: skip
_WHOLE = re.compile(r"\b(?:all|whole|complete|default|everything)\b", re.IGNORECASE)
MOST_LISTED = 8
Way = Callable[[float], float]


def asks_where(text: str) -> str:
    """ "largest" or "smallest" where a message asks at which of several places a change is that; else ""."""
    if not (_CHANGE.search(text) and _OF_MANY.search(text)):
        return ""
    return "smallest" if _SMALLEST.search(text) else "largest" if _LARGEST.search(text) else ""


@dataclass(frozen=True)
class Line:
    """The same two things set against each other at several places: the name of each place, and the pair there."""

    names: tuple[str, ...]
    pairs: tuple[Pair, ...]


def line_of(pair: Pair, figures: Sequence[Figure], asked: Asked) -> Line | None:
    """The pairs that set the same two rows, or columns, against each other as a pair of one table does, in its order; in a
    table of several parts, those of the other parts."""
    a, b = pair.first, pair.second
    if a.cell is None or b.cell is None or a.table is None or a.table is not b.table:
        return None
    placed = {(f.cell.row, f.cell.column): f for f in figures if f.table is a.table and f.cell is not None}
    if _OF_RIVALS.search(asked.text) and asks_where(asked.text) and (rivals := _over_rivals(a, b, placed, asked)):
        return rivals
    lines = [line for line in (_over_parts(a, b, placed), _over_line(a, b, placed)) if line and len(line.pairs) > 1]
    return max(lines, key=lambda line: len(_named(line, asked)), default=None)


def _over_rivals(a: Figure, b: Figure, placed: dict[tuple[str, str], Figure], asked: Asked) -> Line | None:
    """Over the other rows of the column, each against the one of the pair that is the measure of all: the uncompressed net,
    else the paper's own method or what is whole."""
    assert a.cell is not None and b.cell is not None
    named = [any(holds(asked.new, t) for t in f.own if not holds(g.own, t)) for f, g in ((a, b), (b, a))]
    if a.cell.column != b.cell.column or all(named):
        return None
    for measure in (REFERENCE, UNCOMPRESSED, _WHOLE):
        fixed = next((f for f in (b, a) if f.cell and measure.search(f.cell.row)), None)
        if fixed is not None:
            break
    else:
        fixed = next((f for f in (a, b) if holds_any(f.own, asked.names)), None)
    if fixed is None or fixed.cell is None:
        return None
    column = fixed.cell.column
    part = _parted(fixed.cell.row)[0]
    others = [
        f for (row, head), f in placed.items() if head == column and f is not fixed and _parted(row)[0] in (part, "")
    ]
    return _line([(f.cell.row, named_pair(f, fixed)) for f in others if f.cell is not None])


def _over_line(a: Figure, b: Figure, placed: dict[tuple[str, str], Figure]) -> Line | None:
    """Along the other direction of the table, over what measures the same."""
    assert a.cell is not None and b.cell is not None
    down = a.cell.column == b.cell.column
    names = list(dict.fromkeys(column if down else row for row, column in placed))
    found: list[tuple[str, Pair]] = []
    for name in names:
        one = placed.get((a.cell.row, name) if down else (name, a.cell.column))
        other = placed.get((b.cell.row, name) if down else (name, b.cell.column))
        if one is not None and other is not None and one is not other and (not down or _measured_alike(one, a)):
            found.append((name, named_pair(one, other)))
    return _line(found)


def _over_parts(a: Figure, b: Figure, placed: dict[tuple[str, str], Figure]) -> Line | None:
    """Over the parts of a table whose rows are headed: "ResNet-18, dense" and "ResNet-18, pruned"."""
    assert a.cell is not None and b.cell is not None
    if a.cell.column != b.cell.column:
        return None
    (part, mine), (also, theirs) = (_parted(row) for row in (a.cell.row, b.cell.row))
    if not part or part != also:
        return None
    parts = list(dict.fromkeys(_parted(row)[0] for row, _ in placed))
    found: list[tuple[str, Pair]] = []
    for name in parts:
        one, other = (placed.get((f"{name}, {row}", a.cell.column)) for row in (mine, theirs))
        if one is not None and other is not None:
            found.append((name, named_pair(one, other)))
    return _line(found)


def _parted(label: str) -> tuple[str, str]:
    part, mark, rest = label.partition(", ")
    return (part, rest) if mark else ("", label)


def _measured_alike(one: Figure, other: Figure) -> bool:
    """Whether two columns are of the same quantity, by their own words."""
    assert one.cell is not None and other.cell is not None
    mine, theirs = (
        {t for t in terms_in(head) if t.key.startswith("<")} for head in (one.cell.column, other.cell.column)
    )
    tails = {head.rpartition(", ")[2] for head in (one.cell.column, other.cell.column)}
    parted = ", " in one.cell.column and ", " in other.cell.column
    return mine == theirs and one.unit == other.unit and (len(tails) == 1 or not (parted and mine))


def _line(found: Sequence[tuple[str, Pair]]) -> Line | None:
    return Line(tuple(name for name, _ in found), tuple(pair for _, pair in found)) if found else None


def _named(line: Line, asked: Asked) -> list[int]:
    """Which places of a line the question names, by what tells them apart."""
    terms = [terms_in(name) for name in line.names]
    named = []
    for place, own in enumerate(terms):
        apart = [t for t in own if sum(holds(other, t) for other in terms) < len(terms)]
        spoken = [t for t in apart if holds(asked.new, t) or any(holds((t,), word) for word in asked.new)]
        # Of "Small, 3 bit" both settings must be named where the question names one of them.
        if spoken and all(t in spoken for t in apart if t.hard):
            named.append(place)
    return named


def told_along(pair: Pair, figures: Sequence[Figure], asked: Asked) -> list[DraftSentence]:
    """The pair at each of the places that the question names, or where the change is largest or smallest; empty where the
    question asks for one pair alone."""
    line = line_of(pair, figures, asked)
    if line is None:
        return []
    named, where = _named(line, asked), asks_where(asked.text)
    if where and len(named) != 1:
        chosen = named if len(named) > 1 else range(len(line.pairs))
        return extreme([line.names[n] for n in chosen], [line.pairs[n] for n in chosen], where, asked)
    if len(named) > 1 or (_EACH.search(asked.text) and not named and len(line.pairs) <= MOST_LISTED):
        chosen = named if len(named) > 1 else range(len(line.pairs))
        told = [s for n in chosen for s in tell_pair(line.pairs[n], asked, bullet=True)]
        return told + (_larger([line.names[n] for n in chosen], [line.pairs[n] for n in chosen], asked))
    return []


def tell_line(pairs: Sequence[Pair], asked: Asked, bullet: bool = False) -> DraftSentence:
    """The same two things set against each other at several places of a table, in one sentence."""
    first = pairs[0]
    sums = "; ".join(f"{p.shared}: {arithmetic(p.first, p.second, asked).replace('; ', ', ')}" for p in pairs)
    text = f"{who(first.first.passage)}{first.names[0]} against {first.names[1]}: {sums}{place_of(first.first)}."
    return fact(text, *first.first.passages, bullet=bullet)


def _signed(pair: Pair, asked: Asked) -> float:
    """How large a change is: of a gain what the first is better by, of a loss what it is worse by, else its size."""
    change = pair.first.value - pair.second.value
    better = -change if less_is_better(pair.first) else change
    if is_gain(asked.text):
        return better
    return -better if is_cost(asked.text) else abs(change)


def _sizes(pairs: Sequence[Pair], asked: Asked) -> list[float]:
    """The sizes of the changes; where all of them go the other way than the question says, as it is to be read."""
    sizes = [_signed(pair, asked) for pair in pairs]
    return [-size for size in sizes] if max(sizes) <= 0 else sizes


def extreme(names: Sequence[str], pairs: Sequence[Pair], where: str, asked: Asked) -> list[DraftSentence]:
    """The pair with the largest or smallest change, and the others with their sums."""
    sizes = _sizes(pairs, asked)
    best = (max if where == "largest" else min)(range(len(pairs)), key=lambda n: sizes[n])
    pair = pairs[best]
    text = f"{who(pair.first.passage)}The change is {where} for {names[best]}: {pair.names[0]} {digits_of(pair.first)}, {pair.names[1]} {digits_of(pair.second)}"
    lines = [fact(f"{text}{place_of(pair.first)}; {_sum(pair)}.", *pair.first.passages)]
    order = sorted(range(len(pairs)), key=lambda n: -sizes[n])
    rest = [f"{names[n]}: {_sum(pairs[n])}" for n in order if n != best][:MOST_LISTED]
    if rest:
        lines.append(fact(f"The others: {'; '.join(rest)}.", *pair.first.passages))
    return lines


def _larger(names: Sequence[str], pairs: Sequence[Pair], asked: Asked) -> list[DraftSentence]:
    """Which of the changes told is the largest, where the message sets changes against each other."""
    if not (_LARGEST.search(asked.text) or _SMALLEST.search(asked.text)) or not _CHANGE.search(asked.text):
        return []
    ranked = sorted(zip(_sizes(pairs, asked), names, strict=True), key=lambda item: -item[0])
    if any(abs(a[0] - b[0]) < 1e-9 for a, b in pairwise(ranked[:2])):
        return [
            say(
                "Both changes are of the same size."
                if len(ranked) == 2
                else "The largest changes are of the same size."
            )
        ]
    return [say(f"The change is {'larger' if len(ranked) == 2 else 'largest'} for {ranked[0][1]}.")]


def _sum(pair: Pair) -> str:
    x, y = digits_of(pair.first), digits_of(pair.second)
    digits = max(len(x.partition(".")[2]), len(y.partition(".")[2]))
    return f"{x} - {y} = {pair.first.value - pair.second.value:.{digits}f}"
