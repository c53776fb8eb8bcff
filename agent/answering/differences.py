"""Two figures set against each other with the arithmetic shown, both cited; and what the paper itself says of it. Pure."""

import re
from collections.abc import Sequence

from agent.answering.contrast_sides import sides_against
from agent.answering.figure_relations import same_quantity
from agent.answering.figure_words import amount, decimals, digits_of, place_of, told, told_sentence
from agent.answering.pairs import PER_CENT, Pair
from agent.answering.parts import fact, who
from agent.asked_figures import Asked
from agent.draft import DraftSentence
from agent.figures import Figure
from agent.fitting import Fit
from agent.terms import Term, holds
from knowledge.types import Passage

LEAST_STATED = 0.6
FINE = 10
"""Below it a ratio is told with two digits behind the point, else with one."""
_FACTOR = re.compile(
    r"\btimes\b|\bfactor|\bratio|\bdivi|\d ?x\b|\bspeed-?ups?\b|\bfaster|\bslower|\bsmaller", re.IGNORECASE
)
_TAKEN = ("<speed>", "<size>", "<duration>", "<operations>", "<energy>")
"""What is taken or saved: a change of it is told in per cent, too."""
_WHOLE = re.compile(r"\d")


def tell_pair(pair: Pair, asked: Asked, bullet: bool = False) -> list[DraftSentence]:
    """A pair, borne by the passages of both, with its arithmetic where they are of one quantity in one unit; what stands in
    prose is told by its sentences first."""
    a, b = pair.first, pair.second
    passages = list({p.id: p for p in (*a.passages, *b.passages)}.values())
    if a.cell is None or b.cell is None or not pair.names[0]:
        lines = [told(f, bullet=True) for f in (a, b)]
        known = list({line.text: line for line in lines}.values())
        if not same_quantity(a, b):
            return known
        return [*known, fact(f"Worked out: {arithmetic(a, b, asked)}.", *passages)]
    lead = f"{pair.shared}: " if pair.shared else ""
    both = f"{pair.names[0]} {amount(a)}, {pair.names[1]} {amount(b)}"
    sums = f"; {arithmetic(a, b, asked)}" if same_quantity(a, b) else ""
    text = f"{who(a.passage)}{lead}{both}{place_of(a)}{sums}."
    return [fact(text, *passages, bullet=bullet)]


def arithmetic(a: Figure, b: Figure, asked: Asked) -> str:
    """ "83.5 - 83.2 = 0.3", with the ratio or the change in per cent where these are asked for."""
    x, y = digits_of(a), digits_of(b)
    digits = max(decimals(x), decimals(y))
    parts = [f"{x} - {y} = {_shown(a.value - b.value, digits)}"]
    big, small = (a, b) if a.value >= b.value else (b, a)
    base = _counted_from(a, b, asked)
    if small.value > 0 and _FACTOR.search(asked.text):
        parts.append(f"{digits_of(big)} / {digits_of(small)} = {ratio(big.value / small.value)}")
    taken = any(t.key in _TAKEN for t in (*a.measures, *b.measures)) and "%" not in (a.unit, b.unit)
    if base.value > 0 and (PER_CENT.search(asked.text) or taken):
        share = 100 * (big.value - small.value) / base.value
        parts.append(f"({digits_of(big)} - {digits_of(small)}) / {digits_of(base)} = {_shown(share, 1)} %")
    return "; ".join(parts)


def _counted_from(a: Figure, b: Figure, asked: Asked) -> Figure:
    """What a change is counted from: what the message sets something against, else what was there before it, the first of
    "from 96 to 24", else the second."""
    sides = sides_against(asked.text)
    mine, theirs = (sum(holds(f.own, t) for t in sides) for f in (a, b))
    if mine != theirs:
        return a if mine > theirs else b
    return a if a.sentence and a.sentence == b.sentence and re.search(r"\bfrom\b|instead of", a.sentence) else b


def ratio(value: float) -> str:
    """A ratio at the digits that it needs."""
    return _shown(value, 2 if value < FINE else 1)


def _shown(value: float, digits: int) -> str:
    return f"{value:.{digits}f}"


def said_by_the_source(pair: Pair, fits: Sequence[Fit], asked: Asked) -> list[DraftSentence]:
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
        digits = decimals(digits_of(figure))
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
        digits = decimals(digits_of(result))
        for a in own:
            for b in own:
                if result in (a, b) or a is b or not b.value or {a.sentence, b.sentence} != {result.sentence}:
                    continue
                if (
                    abs(round(a.value / b.value, digits) - result.value) < 1e-9
                    and digits
                    and result.unit in ("x", "×", "", "times")
                ):
                    text = (
                        f"It comes out: {digits_of(a)} / {digits_of(b)} = {_shown(a.value / b.value, max(digits, 2))}"
                    )
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
