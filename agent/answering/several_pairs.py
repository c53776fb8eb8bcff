"""Several pairs of figures for one message: the same comparison of two things, or two changes set against each other. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import product

from agent.answering.contrast_sides import is_cost, sides_against
from agent.answering.contrasts import Contrast, find_contrasts
from agent.answering.figure_words import digits_of
from agent.answering.pairs import REFERENCE, Pair
from agent.asked_figures import Asked, terms_asked
from agent.figures import Figure
from agent.fitting import Fit, fit_figures
from agent.parallel import in_parallel
from agent.terms import Term, holds, terms_in

Key = tuple[str, str]
LEAST_SURE = 0.12
CLOSEST, ALIKE, WITH_THE_SAME, TOLD = 8, 2.0, 1.5, 1.5
_CHANGES = re.compile(
    r"\b(?:loss|gain|drop|cost|gap|advantage|improvement|lead|speed-?up|difference)s?\b.{0,60}\b(?:that of|the one|than|against|compare\w*|before|after|both|left)\b"
    r"|\bcompare\b|\b(?:lose|loses|gain|gains) more\b|\btimes larger\b.*\b(?:loss|gain|drop|gap)\b",
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
_TWO_OWNERS = re.compile(
    r"\b(?P<one>[\w.-]+)['’]s (?P<middle>(?:\w+ )*?(?:loss|gain|drop|gap|improvement|advantage|speed-?up|saving)\b[^?]*?)\bthan (?:that of |the one of )?(?P<other>[\w.-]+)(?:['’]s)?\b",
    re.IGNORECASE,
)
_COMPARED = re.compile(
    r"\b(?:by )?how (?:many times|much|many points)\b|\b(?:larger|bigger|smaller|greater|higher|lower|more|less|times|points)\b|\b(?:is|are|was)\b",
    re.IGNORECASE,
)
_COMPARATIVE = re.compile(r"\b(?:smaller|faster|slower)\b", re.IGNORECASE)
_CHANGE_NOUN = re.compile(r"\b(?:loss|gain|drop|cost|gap|advantage|improvement|lead|speed-?up|difference|lose[s]?|gains)\b", re.IGNORECASE)  # fmt: skip


def sets_changes_against(text: str) -> bool:
    """Whether a message sets two changes against each other."""
    return bool(_CHANGES.search(text))


def of_each(
    asked: Asked, figures: Sequence[Figure], cosines: Mapping[str, float], told_of: frozenset[Key]
) -> list[tuple[Pair, Asked]]:
    """The pair of each of the questions that a message puts in parallel, with the question; empty where it puts but one, or
    where for one of them no pair is at all probable."""
    parts = [_with_text(asked, text) for text in in_parallel(asked.text)]
    if not parts:
        return []
    found = [_of_its_side(find_contrasts(part, fit_figures(figures, part, cosines), told_of), part) for part in parts]
    return (
        list(zip(_together(found, told_of if asked.elliptic else frozenset()), parts, strict=True))
        if all(map(_is_probable, found))
        else []
    )


def of_two_changes(asked: Asked, fits: Sequence[Fit], told_of: frozenset[Key]) -> list[Pair]:
    """The pairs of two changes that a message sets against each other; empty where it does not."""
    found = [find_contrasts(part, fits, told_of) for part in two_changes(asked)]
    if len(found) != 2 or not all(changes and changes[0].sure >= LEAST_SURE for changes in found):
        return []
    first, second = _together(found)
    return [first, second] if first != second else []


def _of_its_side(found: Sequence[Contrast], asked: Asked) -> list[Contrast]:
    """The pairs of which one figure is what the question sets something against, where there are any."""
    sides = [t for t in sides_against(asked.text) if t in asked.new]
    return [c for c in found if any(t in c.borne for t in sides)] or list(found)


def _is_probable(found: Sequence[Contrast]) -> bool:
    return bool(found) and max(found[0].sure, found[0].along) >= LEAST_SURE


def _together(found: Sequence[Sequence[Contrast]], told_of: frozenset[Key] = frozenset()) -> list[Pair]:
    """One pair of each list, so that all are as probable and as much alike as can be; what was told last comes first."""

    def was_told(pair: Pair) -> int:
        return sum((f.passage.id, digits_of(f)) in told_of for f in (pair.first, pair.second))

    def worth(chosen: Sequence[Contrast]) -> float:
        first, *others = (c.pair for c in chosen)
        alike = sum(_likeness(first, other) for other in others)
        return alike + sum(c.score + TOLD * min(was_told(c.pair), 1) for c in chosen)

    return [c.pair for c in max(product(*(changes[:CLOSEST] for changes in found)), key=worth)]


def _likeness(one: Pair, other: Pair) -> float:
    """How much two pairs are of one comparison: of the same labels of a table, with the same figure, in one sentence."""
    if {one.first, one.second} == {other.first, other.second}:
        return -ALIKE
    if one.first.table is not None and one.first.table is other.first.table and set(one.names) == set(other.names):
        return ALIKE
    if {id(one.first), id(one.second)} & {id(other.first), id(other.second)}:
        return WITH_THE_SAME
    same_place = one.first.table is other.first.table and one.first.sentence == other.first.sentence
    return WITH_THE_SAME / 2 if same_place and one.first.passage.id == other.first.passage.id else 0.0


def _with_text(asked: Asked, text: str) -> Asked:
    """The question in other words; what it names anew takes the place of what was named before."""
    new = terms_asked(text)
    kinds = {t.kind for t in new if t.kind} | {t.key for t in new if t.value is not None}
    left = terms_in(asked.text)
    old = tuple(
        t
        for t in asked.old
        if not holds(new, t) and t.kind not in kinds and not (t.value is not None and t.key in kinds) and t not in left
    )
    return replace(asked, text=text, query=text, new=new, old=old)


def two_changes(asked: Asked) -> list[Asked]:
    """The questions for each of two changes that a message sets against each other: "the loss of A against that of B"."""
    if (owned := _of_two_owners(asked)) is not None:
        return owned
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


def _of_two_owners(asked: Asked) -> list[Asked] | None:
    """The questions for the changes of two that a message names as owners: "is A's loss larger than B's"."""
    match = _TWO_OWNERS.search(asked.text)
    word = _CHANGE_NOUN.search(asked.text)
    if match is None or word is None:
        return None
    sides = [terms_in(match[name]) for name in ("one", "other")]
    left_over = f"{asked.text[: match.start()]} {match['middle']} {asked.text[match.end() :]}"
    if is_cost(word.group()) and not REFERENCE.search(left_over) and not sides_against(left_over):
        left_over += " against the uncompressed one"
    return [
        replace(
            asked,
            old=(),
            new=tuple(
                t for t in asked.new if t in side or (t not in other and not (t.value is not None and not t.key))
            ),
            text=f"{word.group()} of {name} {re.sub(_COMPARED, ' ', left_over)}",
        )
        for side, other, name in ((sides[0], sides[1], match["one"]), (sides[1], sides[0], match["other"]))
    ]


def _alone(mine: Sequence[Term], theirs: Sequence[Term], asked: Asked, *, last: bool) -> set[Term]:
    """What one side names and the other does not: its names and settings, those next to the other side where there are
    several, else its words."""
    own = [t for t in mine if t not in theirs and t in asked.new and not t.key.startswith("<")]
    hard = [t for t in own if t.hard]
    return {hard[-1] if last else hard[0]} if hard else set(own)
