"""Where a figure stands among its like, "is that the lowest?", and whether figures can be compared at all. Pure."""

import re
from collections.abc import Sequence

from agent.answering.figure_words import amount, place_of, row_name, told
from agent.answering.pairs import alike
from agent.answering.parts import fact, quote, say, who
from agent.answering.rankings import UNCOMPRESSED, less_is_better, number_of
from agent.asked_figures import Asked
from agent.draft import DraftSentence
from agent.figures import Figure
from agent.fitting import Fit, holds_any
from agent.terms import Term, holds, terms_in
from knowledge.types import Hit

_LOW = re.compile(r"\b(?:lowest|smallest|least|fewest|shortest|minimum|cheapest)\b", re.IGNORECASE)
_HIGH = re.compile(r"\b(?:highest|largest|biggest|greatest|longest|maximum|most)\b", re.IGNORECASE)
_BEST = re.compile(r"\b(?:best|first|top|leading|winner)\b", re.IGNORECASE)
_WORST = re.compile(r"\b(?:worst|last|weakest)\b", re.IGNORECASE)
_ASKS_WHETHER = re.compile(r"^\W*(?:(?:and|so|but|ok|then|wait)\W+)*(?:is|are|was|were|isn'?t|aren'?t|does|do)\b|\b(?:right|correct|no)\s*\?", re.IGNORECASE)  # fmt: skip
COMPARABILITY = re.compile(
    r"\b(?:comparable|can (?:one|we|you|they|i|those|these|that)(?: \w+)? (?:even |really |at all )?(?:be )?compared?|fair comparison|compare like|like (?:with|for) like|apples|same (?:network|model|architecture|net|size|hardware|setting|data ?set|budget|conditions?))\b",
    re.IGNORECASE,
)
_SPEAKS_OF_IT = re.compile(
    r"different (?:architectures?|networks?|models?|settings?|hardware|baselines?)|side by side|like[- ]for[- ]like|same architecture|(?:not|in)[- ]?(?:directly )?comparable|cannot be compared|not directly|unfair|equal (?:size|memory|flops|budget)|at the same (?:size|memory|budget)",
    re.IGNORECASE,
)
MOST = 2


def standing(
    asked: Asked, fits: Sequence[Fit], figures: Sequence[Figure], told_of: frozenset[tuple[str, str]]
) -> list[DraftSentence]:
    """Whether the figure of the message, or the one told last, is the end of its column or sentence that the message says;
    empty where the message does not ask that."""
    way = next((name for name, words in (("low", _LOW), ("high", _HIGH), ("best", _BEST), ("worst", _WORST)) if words.search(asked.text)), None)  # fmt: skip
    if way is None or not _ASKS_WHETHER.search(asked.text):
        return []
    figure = _figure_meant(asked, fits, figures, told_of)
    if figure is None:
        return []
    by_row = _by_row(figure, asked)
    peers = [f for f in figures if f is not figure and _of_one_line(f, figure, by_row)]
    if not peers:
        return []
    up = way == "high" or (way == "best") != less_is_better(figure) if way in ("best", "worst") else way == "high"
    beyond = [f for f in peers if (f.value > figure.value if up else f.value < figure.value)]
    if figure.cell is not None and figure.table is not None:
        return [_in_table(figure, beyond, up, by_row)]
    lines = [told(f) for f in (figure, *beyond[:1])]
    word = "higher" if up else "lower"
    if beyond:
        return [*_once(lines), say(f"So it is not: {beyond[0].written} is {word} than {figure.written}.")]
    return [*_once(lines), say(f"None of the figures beside it is {word}.")]


def _by_row(figure: Figure, asked: Asked) -> bool:
    """Whether the rows are what a figure is compared over, and not the columns: where the paper's own method names one."""
    cell, table = figure.cell, figure.table
    if cell is None or table is None:
        return True
    rows, columns = ({getattr(c, name) for c in table.cells} for name in ("row", "column"))
    own_row = any(holds_any(terms_in(label), asked.names) for label in rows)
    return own_row or not any(holds_any(terms_in(label), asked.names) for label in columns)


def _in_table(figure: Figure, beyond: Sequence[Figure], up: bool, by_row: bool) -> DraftSentence:
    """Yes or no with what stands beyond; the uncompressed net is told for reference."""
    assert figure.cell is not None and figure.table is not None
    cells = figure.table.cells

    def label(f: Figure) -> str:
        assert f.cell is not None
        return row_name(f.cell, cells) if by_row else f.cell.column

    rivals = [f for f in beyond if not UNCOMPRESSED.search(label(f))]
    references = "; ".join(f"{label(f)} {amount(f)}" for f in beyond if f not in rivals)
    own = f"{label(figure)} has {amount(figure)}"
    of = figure.cell.column if by_row else figure.cell.row
    beside = f"; for reference, {references}" if references else ""
    if not rivals:
        word = "highest" if up else "lowest"
        text = f"Yes, the {word} value for {of}: {own}{place_of(figure)}{beside}."
    else:
        ends = sorted(rivals, key=lambda f: f.value, reverse=up)
        others = "; ".join(f"{label(f)} {amount(f)}" for f in ends)
        text = f"No: for {of}, {own}, and {'higher' if up else 'lower'} stand {others}{place_of(figure)}{beside}."
    return fact(text, *figure.passages)


def _figure_meant(
    asked: Asked, fits: Sequence[Fit], figures: Sequence[Figure], told_of: frozenset[tuple[str, str]]
) -> Figure | None:
    """The figure of which the message speaks: by its value, else as the one told last, else the best fitting own one."""
    values = {t.value for t in asked.new if t.value is not None and t.key != "bit"}
    if by_value := [f for f in figures if f.value in values]:
        rich = [f for f in by_value if any(_of_one_line(other, f, True) and other is not f for other in figures)]
        return (rich or by_value)[0]
    told_ones = [f.figure for f in fits if (f.figure.passage.id, re.sub(r"[^\d.]", "", f.figure.written)) in told_of]
    if told_ones and len([t for t in asked.new if not t.key.startswith("<")]) <= MOST:
        return told_ones[0]
    own = [
        fit.figure
        for fit in fits
        if fit.figure.cell and holds_any(terms_in(f"{fit.figure.cell.row}; {fit.figure.cell.column}"), asked.names)
    ]
    return own[0] if own and fits[0].figure.cell is not None else None


def _of_one_line(one: Figure, other: Figure, by_row: bool) -> bool:
    """Whether two figures are of one column, or row, or of one document and quantity in prose."""
    if one.cell is not None or other.cell is not None:
        return (
            one.cell is not None
            and other.cell is not None
            and one.table is other.table
            and (
                one.cell.column == other.cell.column if by_row else one.cell.row == other.cell.row and alike(one, other)
            )
            and number_of(one.cell) is not None
        )
    same_kind = one.unit == other.unit and bool(one.measures) and holds_any(one.measures, other.measures)
    return same_kind and one.passage.locator.document == other.passage.locator.document


def _once(lines: Sequence[DraftSentence]) -> list[DraftSentence]:
    return list({line.text: line for line in lines}.values())


def comparability(asked: Asked, hits: Sequence[Hit], figures: Sequence[Figure]) -> list[DraftSentence]:
    """What the sources say on whether figures can be compared, and in which settings the figures at hand differ."""
    spoken = [h.passage for h in hits if _SPEAKS_OF_IT.search(h.passage.text)][:MOST]
    lines = [quote(p, lead=who(p)) for p in spoken]
    if len(figures) == MOST and (apart := settings_apart(*figures)):
        lines.append(say(f"The two figures differ in more than what is compared: {apart}."))
    return lines


def settings_apart(one: Figure, other: Figure) -> str:
    """The names and settings in which two figures differ, in words; empty where there are none."""
    mine, theirs = ([t for t in f.own if t.hard] for f in (one, other))
    left = [_shown(t) for t in mine if not holds(theirs, t)]
    right = [_shown(t) for t in theirs if not holds(mine, t)]
    return f"{', '.join(left)} against {', '.join(right)}" if left and right else ""


def _shown(term: Term) -> str:
    return term.key if term.value is None else f"{term.value:g}{f' {term.key}' if term.key else ''}"
