"""Two figures set against each other with the arithmetic shown, both cited; and what the paper itself says of it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from agent.answering.figure_words import amount, place_of, row_of, told, told_sentence
from agent.answering.parts import fact, who
from agent.answering.rankings import UNCOMPRESSED, less_is_better, number_of
from agent.asked_figures import Asked
from agent.draft import DraftSentence
from agent.figures import Figure
from agent.fitting import Fit, holds_any
from agent.terms import Term, holds, terms_in
from knowledge.types import Passage

LEAST_SHARED = 0.3
LEAST_STATED = 0.6
LOOKED_AT = 6
NEAR_BEST = 0.2
MOST_PAIRS = 2
LARGEST_RATIO = 1000
_EACH = re.compile(r"\beach\b|\bboth\b|\brespectively\b", re.IGNORECASE)
_CHANGE = re.compile(
    r"\b(?:by|within|below|above|ahead|gap of|difference of|at least|up to|than|about|accounts? for|another|further|gains?|loses?|buys?|costs?|saves?)\s+$",
    re.IGNORECASE,
)
_FROM_TO = re.compile(r"\bfrom\b.{1,60}\bto\b|\binstead of\b", re.IGNORECASE)
_FACTOR = re.compile(
    r"\btimes\b|\bfactor|\bratio|\bdivi|\d ?x\b|\bspeed-?ups?\b|\bfaster|\bslower|\bsmaller", re.IGNORECASE
)
_PER_CENT = re.compile(r"%|\bper ?cent|\brelative|\bfaster|\bslower|\bsmaller|\bshr[iu]nk|\breduc", re.IGNORECASE)
_REFERENCE = re.compile(
    r"\b(?:dense|full precision|uncompressed|unpruned|original|baseline|fp32|float)\b", re.IGNORECASE
)
_WHOLE = re.compile(r"\d")


@dataclass(frozen=True)
class Pair:
    """Two figures of one kind, the one asked about first; for cells the `names` that tell them apart, and what they share."""

    first: Figure
    second: Figure
    names: tuple[str, str] = ("", "")
    shared: str = ""


def difference(asked: Asked, fits: Sequence[Fit]) -> list[DraftSentence]:
    """The two figures that the question sets against each other, with the arithmetic; empty where no pair is found."""
    fitting = [fit for fit in fits if max(fit.share, fit.whole) >= LEAST_SHARED]
    best = next((fit for fit in fitting if fit.figure.cell is not None), None)
    in_prose = next((fit for fit in fitting if fit.figure.cell is None), None)
    pairs: list[Pair] = []
    if best is not None and (
        in_prose is None or max(best.share, best.whole) >= LEAST_STATED or best.score >= in_prose.score
    ):
        pairs = pairs_in_table(asked, best.figure, fits)
    if not pairs and in_prose is not None:
        pairs = pairs_in_prose(asked, fits)
    if not pairs:
        return []
    lines = [line for pair in pairs for line in tell_pair(pair, asked, bullet=len(pairs) > 1)]
    return [*lines, *_said_by_the_source(pairs[0], fits, asked)]


def tell_pair(pair: Pair, asked: Asked, bullet: bool = False) -> list[DraftSentence]:
    """A pair with its arithmetic, borne by the passages of both; what stands in prose is told by its sentences first."""
    a, b = pair.first, pair.second
    passages = list({p.id: p for p in (*a.passages, *b.passages)}.values())
    if a.cell is None or b.cell is None:
        lines = [told(f, bullet=True) for f in (a, b)]
        known = list({line.text: line for line in lines}.values())
        return [*known, fact(f"Worked out: {arithmetic(a, b, asked)}.", *passages)]
    lead = f"{pair.shared}: " if pair.shared else ""
    both = f"{pair.names[0]} {amount(a)}, {pair.names[1]} {amount(b)}"
    text = f"{who(a.passage)}{lead}{both}{place_of(a)}; {arithmetic(a, b, asked)}."
    return [fact(text, *passages, bullet=bullet)]


def arithmetic(a: Figure, b: Figure, asked: Asked) -> str:
    """ "83.5 - 83.2 = 0.3", with the ratio or the change in per cent where these are asked for."""
    x, y = _bare(a), _bare(b)
    digits = max(_digits(x), _digits(y))
    parts = [f"{x} - {y} = {_shown(a.value - b.value, digits)}"]
    big, small = (a, b) if a.value >= b.value else (b, a)
    # A change is counted from what was there before it: the first of "from 96 to 24", else the one compared with.
    base = a if a.sentence and a.sentence == b.sentence and re.search(r"\bfrom\b|instead of", a.sentence) else b
    if small.value > 0 and _FACTOR.search(asked.text):
        parts.append(f"{_bare(big)} / {_bare(small)} = {_shown(big.value / small.value, 2)}")
    if base.value > 0 and _PER_CENT.search(asked.text):
        share = 100 * (big.value - small.value) / base.value
        parts.append(f"({_bare(big)} - {_bare(small)}) / {_bare(base)} = {_shown(share, 1)} %")
    return "; ".join(parts)


def _bare(figure: Figure) -> str:
    """The digits of a figure as its source writes them, without a unit."""
    match = re.match(r"[-−+]?[\d,]*\.?\d+", figure.written)
    return match.group().replace(",", "").lstrip("+") if match else figure.written


def _digits(written: str) -> int:
    return len(written.partition(".")[2])


def _shown(value: float, digits: int) -> str:
    return f"{value:.{digits}f}"


def pairs_in_table(asked: Asked, figure: Figure, fits: Sequence[Fit]) -> list[Pair]:
    """The pair of cells of one row or one column that the question means."""
    by_cell = {fit.figure.cell: fit.figure for fit in fits if fit.figure.table is figure.table}
    assert figure.cell is not None
    column = [
        f for c, f in by_cell.items() if c is not None and c.column == figure.cell.column and c is not figure.cell
    ]
    row = [
        f
        for c, f in by_cell.items()
        if c is not None and c.row == figure.cell.row and c.column != figure.cell.column and _alike(f, figure)
    ]
    found: list[tuple[float, Pair]] = []
    for others, by_row in ((column, True), (row, False)):
        for other in others:
            named = _named(other, figure, asked, by_row)
            if named > 0:
                found.append((named, _pair(figure, other, by_row, asked)))
    if found:
        return [max(found, key=lambda item: item[0])[1]]
    other, by_row = _implied(figure, column, row, asked)
    return [_pair(figure, other, by_row, asked)] if other is not None else []


def _alike(one: Figure, other: Figure) -> bool:
    """Whether two cells of a row are of one kind, so that a difference of them means something."""
    return one.unit == other.unit and ("%" in one.written) == ("%" in other.written)


def _label(figure: Figure, by_row: bool) -> str:
    assert figure.cell is not None
    return figure.cell.row if by_row else figure.cell.column


def _named(other: Figure, figure: Figure, asked: Asked, by_row: bool) -> float:
    """How far the question names another cell's label by what tells it from the first one's."""
    label, own = _label(other, by_row), terms_in(_label(figure, by_row))
    terms = terms_in(label) + (other.others if by_row else ())
    apart = [t for t in terms if not holds(own, t)]
    wanted = 0.0
    for term in (*asked.new, *asked.old):
        if any(holds((t,), term) for t in apart):
            wanted += 1.0 if term in asked.new else 0.5
    if _REFERENCE.search(asked.text) and UNCOMPRESSED.search(label) and not UNCOMPRESSED.search(_label(figure, by_row)):
        wanted += 1.0
    missing = sum(1 for t in terms_in(label) if not holds((*asked.new, *asked.old, *asked.names), t))
    return wanted - 0.2 * missing if wanted else 0.0


def _implied(
    figure: Figure, column: Sequence[Figure], row: Sequence[Figure], asked: Asked
) -> tuple[Figure | None, bool]:
    """What a figure is set against where the question names nothing: the paper's own method, or its best rival."""
    before = [(f, by) for fs, by in ((column, True), (row, False)) for f in fs if UNCOMPRESSED.search(_label(f, by))]
    if (
        before
        and _PER_CENT.search(asked.text)
        and not UNCOMPRESSED.search(f"{_label(figure, True)}; {_label(figure, False)}")
    ):
        return before[0]
    for others, by_row in ((column, True), (row, False)):
        if not holds_any(terms_in(_label(figure, by_row)), asked.names):
            own = [f for f in others if holds_any(terms_in(_label(f, by_row)), asked.names)]
            if own:
                return own[0], by_row
            continue
        rivals = [
            f
            for f in others
            if not UNCOMPRESSED.search(_label(f, by_row)) and not holds_any(terms_in(_label(f, by_row)), asked.names)
        ]
        rivals = [f for f in rivals if f.cell is not None and number_of(f.cell) is not None]
        if rivals:
            best = min(rivals, key=lambda f: f.value) if less_is_better(figure) else max(rivals, key=lambda f: f.value)
            return best, by_row
    return None, True


def _pair(one: Figure, other: Figure, by_row: bool, asked: Asked) -> Pair:
    """The pair with the paper's own method first, else with what the question names first."""
    first, second = one, other
    if _rank(other, by_row, asked) < _rank(one, by_row, asked):
        first, second = other, one
    names = (row_of(first), row_of(second)) if by_row else (_label(first, False), _label(second, False))
    return Pair(first, second, names, _label(one, not by_row))


def _rank(figure: Figure, by_row: bool, asked: Asked) -> tuple[int, int]:
    terms = terms_in(_label(figure, by_row))
    own = 0 if holds_any(terms, asked.names) else 1
    place = next((i for i, t in enumerate((*asked.new, *asked.old)) if holds(terms, t)), 99)
    return own, place


def pairs_in_prose(asked: Asked, fits: Sequence[Fit]) -> list[Pair]:
    """Two figures that a sentence gives for two things of the question, or as from and to; of several sentences the best
    fitting, or each where the question says so."""
    found: list[Pair] = []
    prose = [f for f in fits if _is_level(f.figure) and max(f.share, f.whole) >= LEAST_SHARED]
    measured = [t for t in (*asked.new, *asked.old) if t.key.startswith("<")]
    sentences = dict.fromkeys(
        (f.figure.passage.id, f.figure.sentence)
        for f in prose
        if f.score >= prose[0].score - NEAR_BEST and (not measured or holds_any(f.figure.wider, measured))
    )
    for identity, sentence in list(sentences)[:LOOKED_AT]:
        near = [f.figure for f in fits if (f.figure.passage.id, f.figure.sentence) == (identity, sentence)]
        pair = _pair_of([f for f in near if _is_level(f)], asked)
        if pair is not None:
            found.append(pair)
    return found[:MOST_PAIRS] if _EACH.search(asked.text) else found[:1]


def _is_level(figure: Figure) -> bool:
    """Whether a number in prose is a level that can be compared, and no change, range or correction."""
    if (
        figure.cell is not None
        or figure.passage.aspect == "traps"
        or figure.unit in ("point", "points", "times", "x", "×")
    ):
        return False
    before = figure.sentence[: figure.sentence.find(figure.written)]
    return not _CHANGE.search(before[-25:])


def _pair_of(near: Sequence[Figure], asked: Asked) -> Pair | None:
    """The pair of one sentence: one figure of each of two things named, else "from 96 to 24"."""
    best: tuple[int, Pair] | None = None
    for a in near:
        for b in near:
            if a is b or a.unit != b.unit or not _of_one_size(a, b):
                continue
            (named, known), (also, also_known) = _names_of(a, b, asked), _names_of(b, a, asked)
            score = named + also
            if score > 0 and (named or known) and (also or also_known) and (best is None or score > best[0]):
                first, second = (a, b) if _rank_prose(a, asked) <= _rank_prose(b, asked) else (b, a)
                best = score, Pair(first, second)
    if best is not None:
        return best[1]
    for a, b in pairwise(near):
        if (
            a.unit == b.unit
            and _FROM_TO.search(a.sentence)
            and re.search(r"\bfrom\s+$|\btakes?\s+$", a.sentence[: a.sentence.find(a.written)])
        ):
            return Pair(a, b)
    return None


def _names_of(figure: Figure, other: Figure, asked: Asked) -> tuple[int, bool]:
    """How many terms of the question a figure has for itself beside another one; and whether it is the paper's own, or
    the uncompressed net that the question sets it against."""
    named = sum(
        1
        for t in (*asked.new, *asked.old)
        if not t.key.startswith("<") and holds(figure.own, t) and not holds(other.own, t)
    )
    is_reference = (
        _REFERENCE.search(asked.text) and UNCOMPRESSED.search(figure.bound) and not UNCOMPRESSED.search(other.bound)
    )
    own = any(holds(figure.own, t) and not holds(other.own, t) for t in asked.names)
    return named, bool(is_reference or own)


def _of_one_size(one: Figure, other: Figure) -> bool:
    """Whether two numbers look like values of one scale."""
    small, big = sorted((abs(one.value), abs(other.value)))
    return small > 0 and big / small < LARGEST_RATIO and abs(_digits(_bare(one)) - _digits(_bare(other))) <= 1


def _rank_prose(figure: Figure, asked: Asked) -> tuple[int, int]:
    own = 0 if holds_any(figure.own, asked.names) else 1
    return own, figure.sentence.find(figure.written)


def _said_by_the_source(pair: Pair, fits: Sequence[Fit], asked: Asked) -> list[DraftSentence]:
    """A sentence of the source that states the difference, the ratio or the change in per cent itself."""
    a, b = pair.first.value, pair.second.value
    results = [abs(a - b)]
    if a and b:
        results += [a / b, b / a, abs(a - b) / abs(a) * 100, abs(a - b) / abs(b) * 100]
    told_in = {pair.first.sentence, pair.second.sentence}
    for fit in fits:
        figure = fit.figure
        if (
            figure.cell is not None
            or figure.sentence in told_in
            or fit.share < LEAST_STATED
            or fit.lacks
            or figure.passage.kind != pair.first.passage.kind
        ):
            continue
        digits = _digits(_bare(figure))
        if (
            _WHOLE.search(figure.written)
            and any(round(r, digits) == figure.value for r in results)
            and _states_change(figure)
        ):
            return [fact(f"The text says so too: {told_sentence(figure)}", figure.passage)]
    return []


def _states_change(figure: Figure) -> bool:
    """Whether a figure is given as a change, and not as a level that happens to be the same number."""
    return bool(
        re.search(
            r"\bby\b|improv|gain|loss|lose|faster|smaller|better|worse|fewer|less|more|fall|drop|account|advantage",
            figure.around,
            re.IGNORECASE,
        )
    )


def check_in_sentence(passage: Passage, figures: Sequence[Figure], asked: Asked) -> DraftSentence | None:
    """A quotient, a difference or a sum that one sentence gives with both operands, worked out anew."""
    own = [f for f in figures if f.passage.id == passage.id and f.cell is None]
    for result in own:
        digits = _digits(_bare(result))
        for a in own:
            for b in own:
                if result in (a, b) or a is b or not b.value or {a.sentence, b.sentence} != {result.sentence}:
                    continue
                if (
                    abs(round(a.value / b.value, digits) - result.value) < 1e-9
                    and digits
                    and result.unit in ("x", "×", "", "times")
                ):
                    text = f"It comes out: {_bare(a)} / {_bare(b)} = {_shown(a.value / b.value, max(digits, 2))}"
                    return fact(f"{who(passage)}{text}.", passage)
    return None


def quoted_claims(asked: Asked, fits: Sequence[Fit]) -> list[DraftSentence]:
    """The sentences that hold the very number that the question supposes."""
    claimed = [t for t in asked.new if t.value is not None]
    found = [fit for fit in fits if any(_claims(fit.figure, t) for t in claimed)]
    lines = [told(fit.figure) for fit in found[:3]]
    return list({line.text: line for line in lines}.values())


def _claims(figure: Figure, term: Term) -> bool:
    return term.value == figure.value and (not term.key or term.key in figure.written or term.key in figure.bound)
