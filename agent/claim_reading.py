"""Who is claimed to be better than whom: the two sides of a sentence, its direction, and whether it is denied. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from agent.claim_settings import Margin, states_layer_error
from agent.claim_words import (
    ABSENT,
    ACCURACY,
    BUDGET,
    COMPARISONS,
    COMPETITORS,
    DEFINING,
    DENSE,
    DOUBTED,
    EFFECTS,
    HELD_AGAINST,
    HELD_TO_COMPETITOR,
    JOINED,
    JUDGEMENT,
    METHODS,
    NEGATED_BEFORE,
    NOT_A_CONTESTANT,
    OBJECT_BEFORE,
    OTHER_MODEL,
    OTHERS,
    PER_CHANNEL,
    PER_TENSOR,
    QUANTITIES,
    QUANTIZERS,
    SAME_SETTING,
    STATED_RATIO,
    TITLES,
    WITHOUT_RETRAINING,
    Relation,
    Untestable,
)
from compression_demo.types import Direction

NO_DIRECTION = "The sentence states no direction"


@dataclass(frozen=True)
class Contestant:
    """A method, a kind of scale or the dense net, where a sentence names it."""

    method: str
    start: int
    end: int
    per_channel: bool | None = None

    @property
    def title(self) -> str:
        scales = {None: "", True: " per channel", False: " per tensor"}[self.per_channel]
        return f"{TITLES.get(self.method, self.method)}{scales}"


@dataclass(frozen=True)
class Cue:
    """The words that say how things stand, and whether they are negated."""

    relation: Relation
    start: int
    negated: bool


@dataclass(frozen=True)
class Reading:
    """What a sentence claims: who against whom, in which direction."""

    treatment: Contestant
    baseline: Contestant
    direction: Direction = "greater"
    denied: bool = False
    guessed: bool = False
    """Whether a side or the direction was chosen and not read."""
    changes: tuple[str, ...] = ()

    @property
    def directed(self) -> bool:
        """Whether the sentence says which side is better."""
        return states_direction(self.changes)


def states_direction(changes: Iterable[str]) -> bool:
    """Whether a sentence says which side is better, by the notes on how it was read."""
    return not any(change.startswith(NO_DIRECTION) for change in changes)


def _blank(match: re.Match[str]) -> str:
    return " " * len(match.group())


def find_contestants(text: str) -> list[Contestant]:
    """What the sentence sets against one another, in the order of the text, each once."""
    rest = re.sub(rf"\b(?:{COMPETITORS})\b", _blank, text, flags=re.I)
    found: list[Contestant] = []
    for method in METHODS:  # the refit first: "magnitude mask + refit" is no plain magnitude pruning
        for match in method.pattern.finditer(rest):
            if not NOT_A_CONTESTANT.search(rest[: match.start()]):
                found.append(Contestant(method.name, match.start(), match.end()))
        rest = method.pattern.sub(_blank, rest)
    found = _once(found)
    if all(c.method in QUANTIZERS for c in found) and len(found) < 2:
        rounding = found[0].method if found else "rtn"
        scales = [
            Contestant(rounding, match.start(), match.end(), per_channel)
            for pattern, per_channel in ((PER_CHANNEL, True), (PER_TENSOR, False))
            if (match := pattern.search(text))
        ]
        if len(scales) == 2 or (scales and not found and _OF_GRIDS.search(text)):
            return _once(scales)
    dense = DENSE.search(rest)
    if len(found) == 1 and dense:
        found.append(Contestant("dense", dense.start(), dense.end()))
    return _once(found)


_OF_GRIDS = re.compile(r"\b(?:quanti[sz]\w+|bits?|int-?\d|round\w*|grids?|scales?|(?<!and )scaling)\b", re.IGNORECASE)


def _once(found: list[Contestant]) -> list[Contestant]:
    first: dict[tuple[str, bool | None], Contestant] = {}
    for contestant in sorted(found, key=lambda c: c.start):
        first.setdefault((contestant.method, contestant.per_channel), contestant)
    return list(first.values())


def refuse_beyond(text: str, contestants: list[Contestant]) -> tuple[str, ...]:
    """What is left out of a sentence that can be tested otherwise.

    Raises:
        Untestable: the sentence is beyond the engine.
    """
    claimed, methods = BUDGET.sub(_blank, text), sum(c.method != "dense" for c in contestants)
    left_out = []
    for table in (DEFINING, QUANTITIES, ABSENT):
        for pattern, name, why in table:
            match = re.search(rf"\b(?:{pattern})", claimed if table is QUANTITIES else text, re.I)
            if not match or (name.startswith("retraining") and WITHOUT_RETRAINING.search(text)):
                continue
            said = match.group().strip()
            testable = bool(methods and ACCURACY.search(text)) if table is QUANTITIES else methods >= 2
            if table is DEFINING or not testable:
                raise Untestable(f'It concerns {name} ("{said}"), {why}.')
            left_out.append(f'"{said}" is left out: the engine does not run or measure it.')
    if not contestants and JUDGEMENT.search(text):
        raise Untestable("It is a judgement about the text, not a measurable claim.")
    return tuple(left_out)


def find_family(text: str) -> str:
    if re.search(r"quantiz|quantis|\b\d+[- ]bits?\b|\bint\d\b", text, re.I):
        return "quantize"
    if re.search(r"\bprun\w+|\bspars\w+", text, re.I):
        return "prune"
    raise Untestable(nothing_named(text))


def nothing_named(text: str) -> str:
    """Why a sentence without a method cannot be run; a net that no testbed holds is named."""
    other = OTHER_MODEL.search(text)
    if other and re.search(r"\d ?(?:%|percent|points?)", text):
        return (
            f"It is a figure on {other.group()}, which no testbed holds; that would need the data and the trained net "
            "themselves. A small net can show the direction of a comparison, never such a figure."
        )
    if other and STATED_RATIO.search(text):
        return (
            f"It is a ratio on {other.group()}, which no testbed holds. A small net has a ratio of its own, which would say "
            "nothing of this figure. Name the method, and whether it compresses more than another can be run."
        )
    nets = f" {other.group()} is not among its testbeds either: it runs small nets only." if other else ""
    return (
        "The sentence names no compression method that the engine holds, so there is nothing to run: a method, and what it "
        f"is held against, would be needed.{nets}"
    )


def read_claim(text: str, contestants: list[Contestant], family: str, margin: Margin) -> Reading:
    """Who is claimed to be better than whom."""
    text = SAME_SETTING.sub(_blank, text)
    doubt = DOUBTED.search(text)
    # "It is not true that": the words of the doubt negate the whole sentence, not the cue behind them.
    text = HELD_TO_COMPETITOR.sub(_blank, DOUBTED.sub(_blank, text))
    if len(contestants) == 1 and contestants[0].per_channel is not None:
        other = replace(contestants[0], per_channel=not contestants[0].per_channel, start=len(text), end=len(text))
        contestants = [contestants[0], other]
    reading, subject, only = None, contestants[0] if contestants else None, ()
    if len(contestants) >= 2:
        subject, other = _sides(text, contestants)
        reading = _read_two(text, subject, other, margin, contestants[2:])
        only = (f"Only {subject.title} is tested.",) if other.method != "dense" else ()
    if reading is None:
        reading = _read_one(text, subject, family, margin)
        reading = replace(reading, changes=(*only, *reading.changes))
    if doubt:
        reading = replace(reading, denied=not reading.denied, guessed=True)
    return reading


_SAID_OF_LATER = re.compile(
    r"^(?: ones?)? (?:(?:is|are|was|would be|does|do|works?|performs?|seems?) )?(?:really |actually |in fact |far |much |any )*(?:(?:just |equally |exactly |at least )as |(?:no |not )worse|better|worse|superior|inferior|enough)\b",
    re.IGNORECASE,
)
"""What is said of the side right before it, where a new clause begins with that side."""
ELLIPTIC = 7
"""Words of a sentence that is no sentence: "nearest rounding or OBQ, two bits"."""
_OR = re.compile(r"\bor\b", re.IGNORECASE)
_HOW_MUCH = re.compile(r"\bhow (?:bad|good|far|much worse|well|harmful|costly)\b", re.IGNORECASE)
"""A question of one method for what it costs at all."""
_EXPECTED = {
    m: n
    for n, m in enumerate(("dense", "exact_obs", "magnitude_refit", "sparsegpt", "magnitude", "obq", "gptq", "rtn"))
}
"""What is to be expected of two methods where a sentence sets them side by side: the first is better."""
_OBJECT_END = re.compile(
    r"\b(?:than|over|against|versus|to|with|by|unlike|not|and|or)(?: the| a| plain)? $", re.IGNORECASE
)


def _tells_of_later(text: str, first: Contestant, second: Contestant) -> bool:
    """Whether a clause of its own says something of the side that is named second."""
    apart = re.search(r"[:;,?!] | [-–—] ", text[first.end : second.start])
    told = _SAID_OF_LATER.search(text[second.end :])
    return bool(apart and told and not _OBJECT_END.search(text[: second.start]))


def is_held_against(text: str) -> bool:
    """Whether what follows a text is what something else is held against: "... is better than with the "."""
    bare = re.sub(r"(?: (?:with|for|by|in|using|from))+ $", " ", text)
    return bool(OBJECT_BEFORE.search(bare) or HELD_AGAINST.search(bare))


def read_sides(
    text: str, sides: list[Contestant], margin: Margin, more_cues: tuple[tuple[Relation, re.Pattern[str]], ...] = ()
) -> Reading | None:
    """What a sentence claims of two sides given in the order of the text, or None; `more_cues` are words beside the
    common ones.

    Raises:
        Untestable: it does not compare them.
    """
    subject, other = _sides(text, sides)
    return _read_two(text, subject, other, margin, [], (*more_cues, *COMPARISONS))


def _sides(text: str, contestants: list[Contestant]) -> tuple[Contestant, Contestant]:
    """The subject and what it is held against: "X and Y beat Z" is X against Z, "Unlike X, Y" is Y against X."""
    first, second, *more = contestants
    if not more and _tells_of_later(text, first, second):
        return second, first  # "... is overkill: magnitude is just as accurate"
    while more and JOINED.fullmatch(text[first.end : second.start]):
        second, *more = more
    if HELD_AGAINST.search(text[: first.start]):
        return second, first
    return first, second


def _read_two(
    text: str,
    subject: Contestant,
    other: Contestant,
    margin: Margin,
    more: list[Contestant],
    comparisons: tuple[tuple[Relation, re.Pattern[str]], ...] = COMPARISONS,
) -> Reading | None:
    """The claim about two sides, or None if it is about the first alone."""
    early, late = sorted((subject, other), key=lambda c: c.start)
    joined = early is subject and bool(JOINED.fullmatch(text[early.end : late.start]))
    if late is subject and _SAID_OF_LATER.search(text[late.end :]):
        cue = _find_cue(text[late.end :], comparisons)
    else:
        cue = _find_cue(text, comparisons, early.end, late.start)
    if early is subject and OBJECT_BEFORE.search(text[: early.start]) and not joined:
        raise Untestable(f"The sentence does not name what it holds against {subject.title}.")
    changes = (f"Only {subject.title} and {other.title} are compared.",) if more else ()
    effect = _find_cue(text, EFFECTS)
    if late is subject and effect is not None and (cue is None or cue.relation == "compared"):
        cue = replace(effect, relation="better" if effect.relation == "holds" else "worse")
    elif late is subject and cue is None:
        cue = Cue("compared", late.end, False)
    if margin.at_most is not None and cue is not None and cue.relation in ("worse", "better", "compared"):
        return Reading(subject, other, "not_worse", changes=changes)
    if cue is None or (joined and cue.relation not in ("same", "not_worse", "compared")):
        between = text[early.end : late.start]
        asked = re.search(r"\b(?:which|what|whether)\b", text, re.I) or (
            _OR.search(between) and ("?" in text or len(text.split()) <= ELLIPTIC)
        )
        if asked and (joined or cue is None):
            cue = Cue("compared", early.end, False)
        elif other.method == "dense" or subject.method == "dense" or effect is not None:
            return None
        else:
            raise Untestable(f"It names {subject.title} and {other.title} but does not compare them.")
    if cue.relation == "compared":
        if other.method == "dense" and effect is not None:  # "... loses more than a point against the dense net"
            return None
        return _read_figures(text, subject, other, changes)
    if cue.relation in ("same", "not_worse"):
        direction: Direction = "equivalent" if cue.relation == "same" else "not_worse"
        return Reading(subject, other, direction, cue.negated, cue.negated, changes)
    if cue.relation == "worse":
        subject, other = other, subject
    denied = cue.negated != (cue.relation == "unneeded")
    return Reading(subject, other, "greater", denied, denied, changes)


def _read_figures(text: str, subject: Contestant, other: Contestant, changes: tuple[str, ...]) -> Reading:
    """The direction from the figures of both sides: "X reaches 74.05 %, against 64.84 % for Y"."""
    figure = r"(\d+\.\d+|\d+(?= ?%))"
    after = re.match(rf"[^.;:\d]{{0,30}}?{figure}(?! ?% (?:\w+ )?spars)", text[subject.end :])
    late = re.search(
        rf"{figure}[^.,;\d]{{0,25}}? (?:for|with|by)(?: the| \w+-?\w*)? ?$", text[: other.start]
    ) or re.match(rf"[^.,;\d]{{0,20}}?{figure}(?! ?% (?:\w+ )?spars)", text[other.end :])
    if after and late and float(after.group(1)) != float(late.group(1)):
        swap = (float(after.group(1)) < float(late.group(1))) != states_layer_error(text)
        return Reading(other, subject, changes=changes) if swap else Reading(subject, other, changes=changes)
    better, worse = sorted(
        (subject, other), key=lambda side: (_EXPECTED.get(side.method, 0), side.per_channel is False)
    )
    note = f"{NO_DIRECTION}; that {better.title} is better is tested."
    return Reading(better, worse, changes=(*changes, note))


def _read_one(text: str, named: Contestant | None, family: str, margin: Margin) -> Reading:
    """The claim about one method: accuracy holds, is lost, or is better than something unnamed."""
    chosen = named or Contestant("rtn" if family == "quantize" else "magnitude", 0, 0)
    dense = Contestant("dense", 0, 0)
    note = () if named else (f"The sentence names no method of the engine; {chosen.title} is taken.",)
    clause = text[text.rfind(";", 0, chosen.start) + 1 :].split(";")[0]
    effect = _find_cue(clause, EFFECTS)
    against_dense = (*note, "Compared with the uncompressed net.")
    if margin.at_most is not None:
        return Reading(chosen, dense, "not_worse", guessed=named is None, changes=against_dense)
    if effect is None and named is not None and named.method != "dense" and _HOW_MUCH.search(text):
        note = f"{NO_DIRECTION}; that {named.title} costs something is tested."
        return Reading(dense, chosen, changes=(note, *against_dense))
    if effect is not None:
        holds = (effect.relation == "holds") != effect.negated
        if holds:
            return Reading(chosen, dense, "not_worse", guessed=named is None, changes=against_dense)
        return Reading(dense, chosen, guessed=named is None, changes=against_dense)
    if named is None:
        raise Untestable(nothing_named(text))
    cue = _find_cue(text, COMPARISONS)
    held = OTHERS.search(text, named.end)
    if OBJECT_BEFORE.search(text[: named.start]):
        raise Untestable(f"The sentence does not name what it holds against {named.title}.")
    if cue is not None and cue.relation == "not_worse" and named.method != "dense":  # "... would already do"
        usual = _usual_rival(named)
        note = (f"The sentence names nothing to compare with; {usual.title} is taken.",)
        return Reading(named, usual, "not_worse", cue.negated, True, note)
    if cue is None or not held or cue.relation not in ("better", "worse"):
        raise Untestable(f"It names {named.title} but states no comparison that accuracy or layer error could decide.")
    usual = _usual_rival(named)
    better, worse = (named, usual) if cue.relation == "better" else (usual, named)
    note = (f"The sentence names nothing to compare with; {usual.title} is taken.",)
    return Reading(better, worse, "greater", cue.negated, True, note)


def _usual_rival(named: Contestant) -> Contestant:
    """What a method is compared with where a sentence names no other."""
    return Contestant(next(m.usual for m in METHODS if m.name == named.method), 0, 0)


def _find_cue(
    text: str, table: tuple[tuple[Relation, re.Pattern[str]], ...], start: int = 0, end: int | None = None
) -> Cue | None:
    """The first cue between `start` and `end`, else the first anywhere; at the same place, the longest. Words that
    only set things side by side ("against") give way to those that state a direction."""
    end = len(text) if end is None else end
    found: list[tuple[bool, bool, int, int, Relation]] = [
        (relation == "compared", not start <= m.start() < end, m.start(), -len(m.group()), relation)
        for relation, pattern in table
        for m in pattern.finditer(text)
    ]
    if not found:
        return None
    _, _, at, length, relation = min(found, key=lambda f: f[:4])
    inside = re.search(r"\bnot\b", text[at : at - length]) if relation == "worse" else None
    return Cue(relation, at, bool(NEGATED_BEFORE.search(text[:at]) or inside))
