"""Answers to comparisons: both figures with setting and place, the arithmetic, and what the message supposed of them; a
side that the sources lack is named. Pure."""

import re
from collections.abc import Sequence
from dataclasses import replace

from agent.answering.changes import against_each_other, changes_told
from agent.answering.contrast_sides import sides_against, without_other_side
from agent.answering.contrasts import Contrast, as_likely, find_contrasts
from agent.answering.differences import said_by_the_source, tell_pair
from agent.answering.figure_words import digits_of, told
from agent.answering.followed import followed
from agent.answering.gaps import MOST_LISTED, asks_where, tell_line, told_along
from agent.answering.pairs import Pair, named_pair
from agent.answering.parts import fact, say, who
from agent.answering.rankings import ends, trend
from agent.answering.several_pairs import WITH_THE_SAME, of_each, of_two_changes, sets_changes_against
from agent.answering.shares import shares
from agent.answering.standing import COMPARABILITY, comparability, standing
from agent.answering.supposed_figures import Supposed, agreement, bearing, supposed_in, verdict_on
from agent.asked_figures import Asked
from agent.desk import Desk
from agent.draft import DraftSentence
from agent.figures import Figure
from agent.fitting import Fit
from agent.quoting import quoted, sentences_of
from agent.terms import Term, holds, terms_in
from knowledge.types import Hit

MOST_PAIRS, MOST_NEAR = 3, 3
UNSURE = "Which two figures are meant is not certain; these come nearest:"
SURE_ENOUGH, LEAST_SURE = 0.3, 0.08
"""How probable the best pair must be to be told without reserve, and to be told at all."""
LEAST_UNSAID = 0.2
"""How probable it must be where the message does not say in so many words that it compares."""
LEAST_OF_CHANGES = 0.12
OF_ONE_PLACE = 0.7
"""From which part of the probability of its labels on a single pair is taken as the only one meant."""
TABLED = 30
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
_RIVALS = re.compile(
    r"\b(?:competitors|rivals|baselines|others|(?:other|two|three|all|both) (?:\w+ )?(?:methods|schemes|variants|papers))\b",
    re.IGNORECASE,
)
_EACH = re.compile(r"\b(?:each|both|either|respectively|all (?:two|three|of them))\b", re.IGNORECASE)
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
    if lines := shares(asked, fits, figures, told_of, before=desk.last.message if desk.last is not None else ""):
        return lines
    if lines := standing(asked, fits, figures, told_of):
        return lines
    if asked.form in ("best", "worst") and not asks_where(asked.text) and (lines := ends(asked, fits)):
        return lines
    if asked.form == "trend" and (lines := trend(asked, fits)):
        return lines
    if lines := changes_told(asked, fits, figures):
        return lines
    supposed = supposed_in(asked.text)
    cosines = {h.passage.id: h.cosine or 0.0 for h in hits}
    if each := of_each(asked, figures, cosines, told_of):
        lines = [line for pair, part in each for line in tell_pair(pair, part, bullet=True)]
        lines += verdict_on([pair for pair, _ in each], supposed)
        return list({line.text: line for line in lines}.values())
    if pairs := followed(asked, figures, desk):
        return [line for pair in pairs for line in tell_pair(pair, asked, bullet=len(pairs) > 1)] + verdict_on(
            pairs, supposed
        )
    found = find_contrasts(asked, fits, told_of)
    # Where a change is largest is seen in a table only, whatever sentence compares the same two.
    seen = found[:TABLED] if asks_where(asked.text) else [c for c in found[:1] if c.sure >= SURE_ENOUGH]
    for contrast in seen if found and found[0].sure >= LEAST_OF_CHANGES else []:
        if lines := told_along(contrast.pair, figures, asked):
            return lines + verdict_on([contrast.pair], supposed)
    changes = of_two_changes(asked, fits, told_of)
    if not changes and (lines := _along(found, asked, figures, supposed)):
        return lines
    pairs = changes or chosen_pairs(asked, found, fits, told_of)
    if COMPARABILITY.search(asked.text) and len(asked.new) <= FEW:
        said = comparability(asked, hits, [fit.figure for fit in fits if key_of(fit.figure) in told_of][:2])
        if said:
            return said
    if pairs:
        lines = [line for pair in pairs for line in tell_pair(pair, asked, bullet=len(pairs) > 1)]
        lines += against_each_other(pairs, asked) if sets_changes_against(asked.text) else []
        lines += verdict_on(pairs, supposed)
        lines += said_by_the_source(pairs[0], fits, asked) or stated_change(asked, fits)
        lines += bearing(figures, supposed, most=1)
        return list({line.text: line for line in lines}.values())
    return nearest(found, asked) or bearing(figures, supposed)


def _along(
    found: Sequence[Contrast], asked: Asked, figures: Sequence[Figure], supposed: Sequence[Supposed]
) -> list[DraftSentence]:
    """The two labels that are surely meant at all the places of their table that are about as likely."""
    if not found or found[0].along < SURE_ENOUGH or found[0].sure >= OF_ONE_PLACE * found[0].along:
        return []
    places = as_likely(found[0], found)
    if not 1 < len(places) <= MOST_LISTED:
        return []
    order = {id(f): n for n, f in enumerate(figures)}
    pairs = sorted((c.pair for c in places), key=lambda pair: order[id(pair.first)])
    pairs = [pair for pair in pairs if pair.names == places[0].pair.names]
    return [tell_line(pairs, asked), *verdict_on(pairs, supposed)]


def nearest(found: Sequence[Contrast], asked: Asked) -> list[DraftSentence]:
    """The pairs that come nearest to a question, with the reserve that none may be meant."""
    if not found or found[0].along < (LEAST_SURE if asked.compares else LEAST_UNSAID):
        return []
    sources: list[DraftSentence] = []
    sums: list[DraftSentence] = []
    seen: set[object] = set()
    for contrast in found:
        key = contrast.sides or frozenset((contrast.pair.first.value, contrast.pair.second.value))
        if key in seen:
            continue
        seen.add(key)
        # The places along a table are told of what comes nearest alone, so that the list stays short.
        places = as_likely(contrast, found)[:MOST_LISTED] if len(seen) == 1 else []
        if len(places) > 1:
            sources.append(tell_line([c.pair for c in places], asked, bullet=True))
        else:
            *held, last = tell_pair(contrast.pair, asked, bullet=True)
            sources += held
            (sums if held else sources).append(replace(last, bullet=True))
        if len(seen) == MOST_NEAR:
            break
    lines = [*sources, *sums]
    return [say(UNSURE), *list({line.text: line for line in lines}.values())]


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
    return figure.sentence[: figure.at]


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


def chosen_pairs(
    asked: Asked, found: Sequence[Contrast], fits: Sequence[Fit], told_of: frozenset[tuple[str, str]]
) -> list[Pair]:
    """The best pair, and further ones for what it leaves of the question: another quantity, net or setting."""
    if not found or found[0].sure < SURE_ENOUGH:
        return []
    chosen = [found[0]]
    if _EACH.search(asked.text) and told_of and not any(t.hard for t in asked.new):
        chosen = _for_each_told(found, told_of) or chosen
    if _RIVALS.search(asked.text):
        chosen += _other_rivals(chosen[0], found)
    sides = sides_against(asked.text)
    open_terms = [
        t
        for t in asked.new
        if (_weighty(t) or t in sides or _is_label(t, chosen[0].pair))
        and t not in chosen[0].borne
        and not holds(asked.names, t)
    ]
    while open_terms and len(chosen) < MOST_PAIRS:
        against_next = without_other_side(asked)
        if against_next is not None and set(open_terms) & set(sides):
            # "against A and against B": what is set against B is the same as against A.
            against = find_contrasts(against_next, fits, told_of)
            found = against if any(set(open_terms) & c.borne for c in against) else found
        bearing_it = [c for c in found if set(open_terms) & c.borne and c.score >= found[0].score - FURTHER]
        if not bearing_it:
            break
        main = chosen[0].pair.first
        further = max(bearing_it, key=lambda c: c.score + WITH_THE_SAME * (main in (c.pair.first, c.pair.second)))
        chosen.append(further)
        open_terms = [t for t in open_terms if t not in further.borne]
    if _EACH.search(asked.text) and len(chosen) == 1 and (beside := _beside(chosen[0], found)):
        return [chosen[0].pair, *beside]
    return [c.pair for c in [*chosen, *_as_good(found, chosen)]]


def _beside(chosen: Contrast, found: Sequence[Contrast]) -> list[Pair]:
    """The other pairs of a sentence that sets the same two things against each other of something else: "3 on A and 5 on B,
    against 4 and 6"."""
    first, second = chosen.pair.first, chosen.pair.second
    if first.sentence != second.sentence or not first.sentence:
        return []
    told, pairs = {first.at, second.at}, []
    for pair in (c.pair for c in found):
        places = {pair.first.at, pair.second.at}
        same = pair.first.sentence == pair.second.sentence == first.sentence and not places & told
        if same and _share_a_name(pair) and _share_a_name(chosen.pair):
            told |= places
            swapped = (pair.first.at < pair.second.at) != (first.at < second.at)
            pairs.append(named_pair(pair.second, pair.first) if swapped else pair)
    return pairs[: MOST_PAIRS - 1]


def _share_a_name(pair: Pair) -> bool:
    """Whether two figures of a sentence are both of one thing by name."""
    return any(t.hard and t.value is None and holds(pair.second.own, t) for t in pair.first.own)


def _other_rivals(first: Contrast, found: Sequence[Contrast]) -> list[Contrast]:
    """The pairs that set the same first figure against others of its line or sentence, nearly as probable."""
    pair = first.pair

    def like(c: Contrast) -> bool:
        near = (
            c.pair.first.cell.column == pair.first.cell.column
            if c.pair.first.cell and pair.first.cell
            else c.pair.second.sentence == pair.second.sentence != ""
        )
        return c.pair.first is pair.first and c.pair != pair and near and c.pair.second.unit == pair.second.unit

    return [c for c in found if like(c) and c.score >= first.score - FURTHER][: MOST_PAIRS - 1]


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


def _is_label(term: Term, pair: Pair) -> bool:
    """Whether a term is of the label of another row, or column, of the table in which a pair stands."""
    table, cell = pair.first.table, pair.first.cell
    if table is None or cell is None or pair.first.table is not pair.second.table:
        return False
    down = pair.names and pair.shared == cell.column
    labels = {c.row if down else c.column for c in table.cells}
    return any(holds(terms_in(label), term) for label in labels)


def _weighty(term: Term) -> bool:
    return term.hard or term.key.startswith("<")
