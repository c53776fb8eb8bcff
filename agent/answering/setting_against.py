"""Answers to comparisons: both figures with setting and place, the arithmetic, and what the message supposed of them; a
side that the sources lack is named. Pure."""

import re
from collections.abc import Sequence
from dataclasses import replace

from agent.answering.changes import against_each_other, changes_told
from agent.answering.chosen_pairs import SURE_ENOUGH, chosen_pairs, key_of
from agent.answering.contrasts import Contrast, as_likely, find_contrasts
from agent.answering.differences import said_by_the_source, tell_pair
from agent.answering.figure_relations import differ_by_setting, same_quantity
from agent.answering.figure_words import told
from agent.answering.followed import followed
from agent.answering.gaps import MOST_LISTED, asks_where, tell_line, told_along
from agent.answering.parts import fact, say, who
from agent.answering.rankings import ends, trend
from agent.answering.several_pairs import of_each, of_two_changes, sets_changes_against
from agent.answering.shares import shares
from agent.answering.standing import COMPARABILITY, comparability, standing
from agent.answering.supposed_figures import Supposed, agreement, bearing, supposed_in, verdict_on
from agent.asked_figures import Asked
from agent.desk import Desk
from agent.draft import DraftSentence
from agent.figures import Figure
from agent.fitting import Fit
from agent.quoting import quoted, sentences_of
from agent.terms import holds, terms_in
from knowledge.types import Hit

MOST_NEAR = 3
UNSURE = "Which two figures are meant is not certain; these come nearest:"
LEAST_SURE = 0.08
"""How probable the best pair must be to be told at all."""
LEAST_UNSAID = 0.2
"""How probable it must be where the message does not say in so many words that it compares."""
LEAST_OF_CHANGES = 0.12
OF_ONE_PLACE = 0.7
"""From which part of the probability of its labels on a single pair is taken as the only one meant."""
TABLED = 30
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
FEW = 2
"""A message with so few terms of its own speaks of what was told before."""
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
        lines += against_each_other(pairs, asked) if changes and sets_changes_against(asked.text) else []
        lines += verdict_on(pairs, supposed)
        lines += said_by_the_source(pairs[0], fits, asked) or stated_change(asked, fits)
        lines += bearing(figures, supposed, most=1)
        return list({line.text: line for line in lines}.values())
    return nearest(found, asked) or bearing(figures, supposed)


def _along(
    found: Sequence[Contrast], asked: Asked, figures: Sequence[Figure], supposed: Sequence[Supposed]
) -> list[DraftSentence]:
    """The two labels that are surely meant at all the places of their table that are about as likely."""
    found = [c for c in found if _means_something(c, asked)]
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


def _means_something(contrast: Contrast, asked: Asked) -> bool:
    """Whether a pair that may be meant can be subtracted, and is of more than two settings that nobody asked about."""
    a, b = contrast.pair.first, contrast.pair.second
    return same_quantity(a, b) and not differ_by_setting(a, b, asked)


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
