"""Two changes set against each other: which is larger, by how much, how many times; "from A to B" of one passage read as changes. Pure."""

import re
from collections.abc import Sequence
from itertools import pairwise

from agent.answering.differences import ratio
from agent.answering.figure_relations import step_of
from agent.answering.figure_words import decimals, digits_of, told
from agent.answering.pairs import Pair
from agent.answering.parts import fact, say
from agent.asked_figures import Asked
from agent.draft import DraftSentence
from agent.figures import Figure
from agent.fitting import Fit, holds_any

_CHANGE = r"(?:loss|gain|drop|change|improvement|gap|cost|saving|difference|rise|fall|decline|increase|decrease|advantage|lead)"
_OF_TWO = re.compile(
    r"\bwhich (?:one |of (?:them|the \w+|these|those) |\w+ )?(?:gain|lose|drop|improve|suffer|save|cost|benefit|profit|fall|rise)s? (?:\w+ )?(?:more|less)\b"
    rf"|\b(?:first|second|former|latter|other) (?:\w+ )?{_CHANGE}\b"
    rf"|\bhow (?:many times|much) (?:larger|bigger|smaller|greater|higher|lower|more) (?:is|was|are) .{{0,60}}\b{_CHANGE}\b"
    rf"|\b(?:both|two) (?:\w+ )?{_CHANGE}e?s\b",
    re.IGNORECASE,
)
_TIMES = re.compile(r"\btimes\b|\bfactor\b|\bratio\b", re.IGNORECASE)
_BY_HOW_MUCH = re.compile(r"\bby (?:how|what)\b|\bhow (?:much|many points)\b|\bdifference\b|\bpoints\?", re.IGNORECASE)
LEAST_SHARE = 0.3


def asks_for_two_changes(text: str) -> bool:
    """Whether a message speaks of two changes as such: "which one gains more", "the first loss"."""
    return bool(_OF_TWO.search(text))


def changes_told(asked: Asked, fits: Sequence[Fit], figures: Sequence[Figure]) -> list[DraftSentence]:
    """The two changes that a passage tells as "from A to B", each worked out, and set against each other; empty where no
    passage that fits the question tells two of one kind."""
    if not asks_for_two_changes(asked.text):
        return []
    score = {id(fit.figure): fit for fit in fits}
    best: tuple[float, list[Pair]] = (0.0, [])
    for passage in dict.fromkeys(f.passage.id for f in figures if f.cell is None):
        steps = [Pair(a, b) for a, b in _steps([f for f in figures if f.passage.id == passage and f.cell is None])]
        for one, other in pairwise(steps):
            held = [fit for pair in (one, other) for f in (pair.first, pair.second) if (fit := score.get(id(f)))]
            share = max((fit.share for fit in held), default=0.0)
            worth = sum(fit.score for fit in held) / 4
            if share >= LEAST_SHARE and _are_of_one_kind(one, other) and worth > best[0]:
                best = (worth, [one, other])
    pairs = best[1]
    if not pairs:
        return []
    passages = list({f.passage.id: f.passage for pair in pairs for f in (pair.first, pair.second)}.values())
    lines = list({line.text: line for pair in pairs for line in (told(pair.first), told(pair.second))}.values())
    sums = "; ".join(_difference(pair) for pair in pairs)
    return [*lines, fact(f"Worked out: {sums}.", *passages), *against_each_other(pairs, asked)]


def against_each_other(pairs: Sequence[Pair], asked: Asked) -> list[DraftSentence]:
    """Which of two changes is the larger, and by how much or how many times where the message asks that."""
    if len(pairs) != 2 or len({f.unit for p in pairs for f in (p.first, p.second)}) > 1:
        return []
    first, second = (abs(p.first.value - p.second.value) for p in pairs)
    if abs(first - second) < 1e-9:
        return [say("Both changes are of the same size.")]
    larger, smaller = (pairs[0], pairs[1]) if first > second else (pairs[1], pairs[0])
    words = f"The {'first' if larger is pairs[0] else 'second'} change is the larger one"
    sums: list[str] = []
    big, small = max(first, second), min(first, second)
    if _TIMES.search(asked.text) and small > 0:
        sums.append(f"({_sum(larger)}) / ({_sum(smaller)}) = {ratio(big / small)}")
    elif _BY_HOW_MUCH.search(asked.text) and larger.first.unit == smaller.first.unit:
        digits = max(decimals(digits_of(f)) for p in pairs for f in (p.first, p.second))
        sums.append(f"({_sum(larger)}) - ({_sum(smaller)}) = {big - small:.{digits}f}")
    if not sums:
        return [say(f"{words}.")]
    # The sum is a sentence of its own, which its figures alone bear.
    passages = list({p.id: p for pair in pairs for f in (pair.first, pair.second) for p in f.passages}.values())
    return [fact(f"Worked out: {'; '.join(sums)}.", *passages), say(f"{words}.")]


def _steps(figures: Sequence[Figure]) -> list[tuple[Figure, Figure]]:
    """The numbers of a passage that are told as from one to the next."""
    return [(a, b) for a, b in pairwise(figures) if a.sentence == b.sentence and step_of(a, b) == 1.0]


def _are_of_one_kind(one: Pair, other: Pair) -> bool:
    same = one.first.unit == other.first.unit
    held = (*one.first.measures, *one.second.measures), (*other.first.measures, *other.second.measures)
    together = one.first.sentence == other.first.sentence
    return same and (together or not all(held) or holds_any(held[0], held[1]))


def _sum(pair: Pair) -> str:
    """The change as the larger less the smaller."""
    big, small = (pair.first, pair.second) if pair.first.value >= pair.second.value else (pair.second, pair.first)
    return f"{digits_of(big)} - {digits_of(small)}"


def _difference(pair: Pair) -> str:
    digits = max(decimals(digits_of(pair.first)), decimals(digits_of(pair.second)))
    return f"{_sum(pair)} = {abs(pair.first.value - pair.second.value):.{digits}f}"
