"""Answers to comparisons: both figures with setting and place, the arithmetic, and what the message supposed of them; a
side that the sources lack is named. Pure."""

import re
from collections.abc import Sequence
from dataclasses import replace

from agent.answering.contrast_sides import sides_against, without_other_side
from agent.answering.contrasts import Contrast, find_contrasts
from agent.answering.differences import said_by_the_source, tell_pair
from agent.answering.figure_words import digits_of, told
from agent.answering.gaps import asks_where, told_along
from agent.answering.pairs import Pair
from agent.answering.parts import fact, say, who
from agent.answering.rankings import ends, trend
from agent.answering.standing import COMPARABILITY, comparability, standing
from agent.answering.supposed_figures import agreement, bearing, supposed_in, verdict_on
from agent.asked_figures import Asked
from agent.desk import Desk
from agent.draft import DraftSentence
from agent.figures import Figure
from agent.fitting import Fit
from agent.quoting import quoted, sentences_of
from agent.terms import Term, holds, terms_in
from knowledge.types import Hit

MOST_PAIRS = 3
UNSURE = "Which two figures are meant is not certain; these come nearest:"
SURE_ENOUGH, LEAST_SURE = 0.3, 0.12
"""How probable the best pair must be to be told without reserve, and to be told at all."""
TABLED = 30
CLOSEST, ALIKE = 8, 2.0
NEARLY = 0.5
SURE, LOOKED_AT = 0.75, 12
_IS_CHANGE = re.compile(
    r"\b(?:by|ahead|accounts? for|adds?|gains?|loses?|buys?|costs?|saves?|(?:gain|loss|gap|drop|difference|advantage) (?:of|(?:over|to|against|between) [\w -]{1,40} (?:is|was)))\s+(?:only |just |about |another )?$",
    re.IGNORECASE,
)
_NO_FIGURE = re.compile(
    r"\bN/A\b|\bnever (?:been )?(?:run|tested|evaluated|measured|reported|compared)\b|\b(?:not|n't) (?:been )?(?:run|tested|evaluated|measured|reported|compared|given)\b|\bno (?:figures?|numbers?|results?|comparison)\b",
    re.IGNORECASE,
)
_NAMES = re.compile(r"(?:(?<=\s)|(?<=\W))(?:[A-Z][\w-]*(?: (?=[A-Z]))?)+|\b[A-Z]+[a-z]*[A-Z\d][\w-]*")
"""Words with a capital where no sentence begins, those in a row as one, and words with capitals or digits inside."""
FURTHER = 3.0
FEW = 2
"""A message with so few terms of its own speaks of what was told before."""
WITH_THE_SAME = 1.5
_EACH = re.compile(r"\b(?:each|both|respectively|all (?:two|three|of them))\b", re.IGNORECASE)
_CHANGES = re.compile(
    r"\b(?:loss|gain|drop|cost|gap|advantage|improvement|lead|speed-?up|difference)s?\b.{0,60}\b(?:that of|the one|than|against|compare\w*|before|after|both|left)\b"
    r"|\bcompare\b|\b(?:lose|loses|gain|gains) more\b",
    re.IGNORECASE,
)
_OF_CHANGES = re.compile(
    r"\b(?:(?:against|than|with|to|or|and) (?:it does |they do )?(?:that|the one|those|the loss|the gain|the drop|the gap|the cost)(?: (?:of|on|at|in|for|with))?|(?:,|and)? ?compare[sd]? (?:it |that |this )?(?:with|to)|than (?:on|at|in|for|with)|against (?:on|at|in))\b",
    re.IGNORECASE,
)
_OR = re.compile(r"\bor(?: (?:on|at|in|for|with))?\b", re.IGNORECASE)
_WHERE_LARGER = re.compile(
    r"\b(?:loss|gain|drop|cost|gap|advantage|improvement|lead|speed-?up|difference)\b.{0,60}\b(?:larger|bigger|smaller|greater|higher|lower|more|less|wider)\b|\b(?:loses?|gains?|drops?) (?:more|less)\b",
    re.IGNORECASE,
)
_COMPARATIVE = re.compile(r"\b(?:smaller|faster|slower)\b", re.IGNORECASE)
_CHANGE_NOUN = re.compile(r"\b(?:loss|gain|drop|cost|gap|advantage|improvement|lead|speed-?up|difference|lose[s]?|gains)\b", re.IGNORECASE)  # fmt: skip
_ORDER = re.compile(r"\b(?:rank|order|sort|second|third|runner-?up|next best|lowest|highest|smallest|largest|best|worst|first|least|most)\b", re.IGNORECASE)  # fmt: skip
_SAID = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")


def set_against(
    asked: Asked, fits: Sequence[Fit], figures: Sequence[Figure], hits: Sequence[Hit], desk: Desk
) -> list[DraftSentence]:
    """The answer to a comparison of figures; empty where no figures are found for it."""
    follows = desk.last is not None and "difference" in desk.last.request["intents"]
    if lines := agreement(asked.text, figures, follows and len(asked.text.split()) <= 12):
        return lines
    told_of = told_before(desk)
    if lines := denied(asked, hits):
        return lines
    if lines := standing(asked, fits, figures, told_of):
        return lines
    if asked.form in ("best", "worst") and not asks_where(asked.text) and (lines := ends(asked, fits)):
        return lines
    if asked.form == "trend" and (lines := trend(asked, fits)):
        return lines
    supposed = supposed_in(asked.text)
    found = find_contrasts(asked, fits, told_of)
    # Where a change is largest is seen in a table only, whatever sentence compares the same two.
    seen = found[:TABLED] if asks_where(asked.text) else [c for c in found[:1] if c.sure >= SURE_ENOUGH]
    for contrast in seen if found and found[0].sure >= LEAST_SURE else []:
        if lines := told_along(contrast.pair, figures, asked):
            return lines + verdict_on([contrast.pair], supposed)
    pairs = chosen_pairs(asked, fits, told_of)
    if COMPARABILITY.search(asked.text) and len(asked.new) <= FEW:
        said = comparability(asked, hits, [fit.figure for fit in fits if key_of(fit.figure) in told_of][:2])
        if said:
            return said
    if pairs:
        lines = [line for pair in pairs for line in tell_pair(pair, asked, bullet=len(pairs) > 1)]
        if found and found[0].sure < SURE_ENOUGH:
            lines = [say(UNSURE), *lines]
        lines += _larger_change(pairs, asked)
        lines += verdict_on(pairs, supposed)
        lines += said_by_the_source(pairs[0], fits, asked) or stated_change(asked, fits)
        lines += bearing(figures, supposed, most=1)
        return list({line.text: line for line in lines}.values())
    return bearing(figures, supposed)


def denied(asked: Asked, hits: Sequence[Hit]) -> list[DraftSentence]:
    """What the sources say against there being a figure: "was never run on ResNet"; where it is on all that the message names."""
    names = [terms_in(name) for name in _NAMES.findall(asked.text)]
    named = [t for terms in names for t in terms if not holds(asked.names, t)]
    if sum(not all(holds(asked.names, t) for t in terms) for terms in names) < 2:
        return []
    for hit in hits:
        for sentence in sentences_of(hit.passage.text):
            if _NO_FIGURE.search(sentence) and all(holds(terms_in(sentence), t) for t in named):
                words = hit.passage.text if hit.passage.kind == "notes" else quoted(sentence, hit.passage)
                return [fact(f"{who(hit.passage)}{' '.join(words.split())}", hit.passage)]
    return []


def stated_change(asked: Asked, fits: Sequence[Fit]) -> list[DraftSentence]:
    """The sentence in which a source itself says how much something changes, where it is on all that the message names."""
    for fit in fits[:LOOKED_AT]:
        figure = fit.figure
        if figure.cell is None and fit.share >= SURE and not fit.lacks and _IS_CHANGE.search(before_it(figure)):
            return [told(figure)]
    return []


def key_of(figure: Figure) -> tuple[str, str]:
    """A figure as `told_before` names it."""
    return figure.passage.id, digits_of(figure)


def before_it(figure: Figure) -> str:
    """What stands before a figure in its sentence."""
    return figure.sentence[: figure.sentence.find(figure.written)]


def told_before(desk: Desk) -> frozenset[tuple[str, str]]:
    """The figures that the last answer told, each by the id of its passage and its digits; what stands beside them in the
    same row or column does not count."""
    if desk.last is None:
        return frozenset()
    answer = desk.last.answer
    found: set[tuple[str, str]] = set()
    for sentence in answer.sentences:
        if sentence.text.startswith("In the same"):
            continue
        numbers = {n.replace(",", "") for n in _SAID.findall(sentence.text)}
        for key in sentence.citations:
            if key in answer.citations:
                found |= {(answer.citations[key].passage_id, number) for number in numbers}
    return frozenset(found)


def chosen_pairs(asked: Asked, fits: Sequence[Fit], told_of: frozenset[tuple[str, str]]) -> list[Pair]:
    """The best pair, and further ones for what it leaves of the question: another quantity, net or setting."""
    changes = [find_contrasts(part, fits, told_of) for part in two_changes(asked)]
    if len(changes) == 2 and all(found and found[0].sure >= LEAST_SURE for found in changes):
        best = max(
            ((a, b) for a in changes[0][:CLOSEST] for b in changes[1][:CLOSEST]),
            key=lambda both: both[0].score + both[1].score + ALIKE * _are_alike(both[0].pair, both[1].pair),
        )
        if best[0].pair != best[1].pair:
            return [contrast.pair for contrast in best]
    found = find_contrasts(asked, fits, told_of)
    if not found or found[0].sure < LEAST_SURE:
        return []
    chosen = [found[0]]
    if _EACH.search(asked.text) and told_of and not any(t.hard for t in asked.new):
        chosen = _for_each_told(found, told_of) or chosen
    sides = sides_against(asked.text)
    open_terms = [
        t for t in asked.new if (_weighty(t) or t in sides) and t not in chosen[0].borne and not holds(asked.names, t)
    ]
    while open_terms and len(chosen) < MOST_PAIRS:
        against_next = without_other_side(asked)
        if against_next is not None and set(open_terms) & set(sides):
            # "against A and against B": what is set against B is the same as against A.
            found = find_contrasts(against_next, fits, told_of) or found
        bearing_it = [c for c in found if set(open_terms) & c.borne and c.score >= found[0].score - FURTHER]
        if not bearing_it:
            break
        main = chosen[0].pair.first
        further = max(bearing_it, key=lambda c: c.score + WITH_THE_SAME * (main in (c.pair.first, c.pair.second)))
        chosen.append(further)
        open_terms = [t for t in open_terms if t not in further.borne]
    return [c.pair for c in [*chosen, *_as_good(found, chosen)]]


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


def two_changes(asked: Asked) -> list[Asked]:
    """The questions for each of two changes that a message sets against each other: "the loss of A against that of B"."""
    match = _OF_CHANGES.search(asked.text) if _CHANGES.search(asked.text) else None
    match = match or (_OR.search(asked.text) if _WHERE_LARGER.search(asked.text) else None)
    if match is None:
        return []
    left, right = asked.text[: match.start()], asked.text[match.end() :]
    first, second = terms_in(left), terms_in(right)
    only = [_alone(first, second, asked, last=True), _alone(second, first, asked, last=False)]
    if not all(only):
        return []
    if _COMPARATIVE.search(asked.text):
        asked = replace(asked, new=tuple(t for t in asked.new if t.key not in ("<size>", "<speed>")))
    word = _CHANGE_NOUN.search(asked.text)
    return [
        replace(
            asked,
            old=(),
            new=tuple(t for t in asked.new if t not in other),
            text=f"{word.group() if word else ''} {text}",
        )
        for text, other in ((left, only[1]), (right, only[0]))
    ]


def _are_alike(one: Pair, other: Pair) -> bool:
    """Whether two pairs of cells set the same things against each other in one table."""
    return one.first.table is not None and one.first.table is other.first.table and set(one.names) == set(other.names)


def _alone(mine: Sequence[Term], theirs: Sequence[Term], asked: Asked, *, last: bool) -> set[Term]:
    """What one side names and the other does not: its names and settings, those next to the other side where there are
    several, else its words."""
    own = [t for t in mine if t not in theirs and t in asked.new and not t.key.startswith("<")]
    hard = [t for t in own if t.hard]
    return {hard[-1] if last else hard[0]} if hard else set(own)


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


def _weighty(term: Term) -> bool:
    return term.hard or term.key.startswith("<")


def _larger_change(pairs: Sequence[Pair], asked: Asked) -> list[DraftSentence]:
    """Which of two changes is the larger, where the question sets changes against each other."""
    if len(pairs) != 2 or not _CHANGES.search(asked.text):
        return []
    first, second = (abs(p.first.value - p.second.value) for p in pairs)
    if first == second:
        return [say("Both changes are of the same size.")]
    return [say(f"The {'first' if first > second else 'second'} change is the larger one.")]


def sides_alone(asked: Asked, fits: Sequence[Fit]) -> list[DraftSentence]:
    """The best figure for each name of the question, where no two of them can be set against each other."""
    names = [t for t in asked.new if t.hard and t.value is None]
    best: list[Figure] = []
    for term in names:
        figure = next((fit.figure for fit in fits if holds(fit.figure.own, term)), None)
        if figure is not None and figure not in best:
            best.append(figure)
    return [told(f) for f in best] if len(best) >= 2 else []
