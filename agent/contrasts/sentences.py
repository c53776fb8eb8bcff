"""Which contrast a sentence names, and which way round it claims it. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from agent.claim_reading import NO_DIRECTION, Contestant, is_held_against, read_sides
from agent.claim_settings import Margin, find_bits, find_sparsities, read_margin, read_seeds
from agent.claim_words import (
    ACCURACY,
    DOUBTED,
    NEGATED_BEFORE,
    SAME_ACCURACY,
    SAME_SETTING,
    SPEED,
    Relation,
    Untestable,
)
from agent.contrasts.contrast import Contrast, Draft
from compression_demo.methods import find_metric
from compression_demo.types import Expectation, Experiment


@dataclass(frozen=True)
class Reading:
    """A sentence as the experiment of a contrast. `denied`: what is tested is the statement that the sentence denies."""

    contrast: Contrast
    experiment: Experiment
    changes: tuple[str, ...]
    denied: bool = False
    guessed: bool = False
    """Whether something that the sentence says of the two sides could not be taken over, so that it is to be asked first."""
    sides: int = 2
    """How many of the two sides the sentence names."""


@dataclass(frozen=True)
class Claimed:
    """What a sentence claims of a contrast: that treatment or baseline does better, that neither does, or nothing."""

    relation: str = "drafted"  # drafted (as it is to be expected) | expected (better) | reversed | same | not_worse | baseline_not_worse
    denied: bool = False
    notes: tuple[str, ...] = ()


def find_contrast(text: str, contrasts: Sequence[Contrast]) -> Contrast | None:
    """The contrast that a sentence names; of several, the one that asks for most of it."""
    fitting = [contrast for contrast in contrasts if contrast.fits(text)]
    return max(fitting, key=lambda contrast: len(contrast.needs), default=None)


def read_with(contrast: Contrast, text: str) -> Reading:
    """The sentence as the contrast's experiment, turned into the direction that it claims.

    Raises:
        Untestable: it asks of the contrast what the engine does not measure.
    """
    left_out = _refuse_speed(contrast, text)
    draft = contrast.draft(text)
    margin = read_margin(text)
    claimed = find_claimed(contrast, text, margin if contrast.margins else Margin())
    seeds, seed_notes = read_seeds(text, draft.seeds)
    bounded = margin.at_most is not None and draft.expectation.direction in ("not_worse", "equivalent")
    if bounded and claimed.relation == "reversed":  # "drops by less than a point" tells how little is lost
        claimed = replace(claimed, relation="drafted")
    expectations = [_turn(e, claimed.relation) for e in (draft.expectation, *draft.around)]
    drafted = Experiment(draft.testbed, draft.arms, expectations[0], seeds, draft.calibration, tuple(expectations[1:]))
    points, margin_notes = _stated_margin(drafted, margin, contrast.margins)
    if points is not None:
        around = tuple(replace(e, margin=points) for e in drafted.around)
        drafted = replace(drafted, expectation=replace(drafted.expectation, margin=points), around=around)
    unequal = _note_unequal(contrast, text)
    changes = (
        *claimed.notes, *unequal, *draft.changes, *margin_notes, *seed_notes, *_unused(draft, text), *_note_factor(text), *left_out,
    )  # fmt: skip
    return Reading(contrast, drafted, changes, claimed.denied, bool(unequal), _count_sides(contrast, text))


def find_claimed(contrast: Contrast, text: str, margin: Margin) -> Claimed:
    """Which way round a sentence claims a contrast."""
    text = SAME_SETTING.sub(_blank, text)
    if _RATIO.search(text):
        text = SAME_ACCURACY.sub(_blank, text)
    doubted = bool(DOUBTED.search(text))
    text = DOUBTED.sub(_blank, text)
    claimed = _from_words(contrast, text) or _from_sides(contrast, text, margin)
    return replace(claimed, denied=not claimed.denied) if doubted else claimed


def _from_words(contrast: Contrast, text: str) -> Claimed | None:
    """The claim by the contrast's own words for its direction; the first of them counts, at one place the longest."""
    found = [
        (match.start(), -len(match.group()), relation)
        for relation, pattern in (
            ("expected", contrast.expected),
            ("reversed", contrast.reversed),
            ("baseline_not_worse", contrast.level),
        )
        if pattern is not None
        for match in pattern.finditer(text)
    ]
    if not found:
        return None
    start, _, relation = min(found)
    return Claimed("drafted" if relation == "expected" else relation, denied=bool(NEGATED_BEFORE.search(text[:start])))


def _from_sides(contrast: Contrast, text: str, margin: Margin) -> Claimed:
    """The claim by who is said to be better; the side that a sentence does not name is what the named one is held to."""
    treatment = contrast.treatment.search(text)
    baseline = contrast.baseline.search(contrast.treatment.sub(_blank, text))
    if treatment is None and baseline is None:
        return Claimed("drafted", notes=(_unstated(contrast),))
    named = treatment or baseline
    alone = treatment is None or baseline is None
    # "... are better than plain ones": what is not named is what the named one is held against, or the other way.
    first = bool(alone and named and is_held_against(text[: named.start()]))
    unnamed = (0, 0) if first else (len(text), len(text))
    sides = [
        Contestant("treatment", *(treatment.span() if treatment else unnamed)),
        Contestant("baseline", *(baseline.span() if baseline else unnamed)),
    ]
    extra: list[tuple[Relation, re.Pattern[str]]] = []
    if contrast.better:
        extra.append(("better", contrast.better))
    if contrast.worse:
        extra.append(("worse", contrast.worse))
    try:
        reading = read_sides(text, sorted(sides, key=lambda side: side.start), margin, tuple(extra))
    except Untestable:
        reading = None
    if reading is None or not reading.directed or (reading.guessed and not reading.denied):
        return Claimed("drafted", notes=(_unstated(contrast),))
    ahead = reading.treatment.method == "treatment"
    relation = {
        "greater": "expected" if ahead else "reversed",
        "not_worse": "not_worse" if ahead else "baseline_not_worse",
    }.get(reading.direction, "same")
    return Claimed(relation, reading.denied)


def _turn(drafted: Expectation, relation: str) -> Expectation:
    """A drafted expectation in the direction that a sentence claims."""
    open_ended = drafted.direction in ("greater", "ordered")
    if relation == "drafted" or (relation == "expected" and open_ended):
        return drafted
    if (relation == "not_worse" and not open_ended) or (relation == "same" and drafted.direction == "equivalent"):
        return drafted
    plain = replace(drafted, order=(), margin=0.0)
    if relation == "same":
        return replace(plain, direction="equivalent", margin=0.0 if open_ended else drafted.margin)
    if relation == "not_worse":
        return replace(plain, direction="not_worse")
    if relation == "expected":
        return replace(plain, direction="greater")
    turned = reverse(drafted)
    if relation == "baseline_not_worse":
        return replace(turned, order=(), margin=0.0, direction="not_worse")
    # What is no change within a margin is a change beyond it: rounding alone moves a loss, too.
    least = drafted.margin if drafted.direction == "equivalent" else 0.0
    return turned if open_ended else replace(turned, margin=least, direction="greater")


def reverse(expectation: Expectation) -> Expectation:
    """What claims the opposite: the sides, the order or the two differences change places."""
    e = expectation
    if e.minus:
        return replace(e, treatment=e.minus[0], baseline=e.minus[1], minus=(e.treatment, e.baseline))
    return replace(e, treatment=e.baseline, baseline=e.treatment, order=e.order[::-1])


def _stated_margin(experiment: Experiment, margin: Margin, applies: bool) -> tuple[float | None, tuple[str, ...]]:
    """The margin that a sentence states, in the metric's units, or None where it states none that applies."""
    e = experiment.expectation
    points = margin.at_least if e.direction in ("greater", "ordered") else margin.at_most
    if points is None:
        return None, ()
    metric = find_metric(experiment, e.metric, e.names)
    if not applies:
        return None, (
            f"The stated {points:g} % is left out: it is a share of the paper's own net, not a difference here.",
        )
    if metric.unit != "%":
        return None, (f"The stated margin is left out: {metric.title} is not in points.",)
    return points, (margin.note,) if margin.note else ()


def _refuse_speed(contrast: Contrast, text: str) -> tuple[str, ...]:
    """Nothing but a note where speed is claimed beside what is measured.

    Raises:
        Untestable: speed is all that is claimed, and the contrast does not measure it.
    """
    pattern, name, why = SPEED
    match = None if contrast.speed else re.search(rf"\b(?:{pattern})", text, re.IGNORECASE)
    if match is None:
        return ()
    said = match.group().strip()
    if not ACCURACY.search(text):
        raise Untestable(f'It concerns {name} ("{said}"), {why}.')
    return (f'"{said}" is left out: the engine does not run or measure it.',)


def _unused(draft: Draft, text: str) -> tuple[str, ...]:
    """That a bit width or a sparsity of the sentence is none of this experiment's."""
    values = {value for arm in draft.arms for _, value in arm.settings}
    bits, shares = find_bits(text), find_sparsities(text)
    notes = []
    if bits and not any({b, 2**b, f"int{b}"} & values for b in bits):
        notes.append(f"{min(bits)} bits are left out: this experiment does not vary with a bit width.")
    if shares and not any(round(share / 100, 6) in values for share in shares):
        notes.append(f"{max(shares):g} % sparsity is left out: this experiment does not vary with it.")
    return tuple(notes)


def _count_sides(contrast: Contrast, text: str) -> int:
    """How many of the contrast's sides a sentence names."""
    treatment = bool(contrast.treatment.search(text))
    return treatment + bool(contrast.baseline.search(contrast.treatment.sub(_blank, text)))


_RATIO = re.compile(r"\b(?:compression|ratios?|smaller|storage|\d+(?:\.\d+)? ?(?:x|times|-?fold))\b", re.I)
_SETTING = re.compile(
    r"\d+[- ]?bits?\b|\bk ?= ?\d+|\d+ (?:clusters|values|levels|components)\b|(?<![\d.])\d+(?:\.\d+)? ?%", re.I
)


def _note_unequal(contrast: Contrast, text: str) -> tuple[str, ...]:
    """That each side is named at a setting of its own, where the experiment runs both at one: the setting next to a
    side is its own."""
    treatment = contrast.treatment.search(text)
    baseline = contrast.baseline.search(contrast.treatment.sub(_blank, text))
    if treatment is None or baseline is None:
        return ()
    own = [_next_to(text, *span) for span in sorted((treatment.span(), baseline.span()))]
    if None in own or own[0] == own[1]:
        return ()
    return (f"The sides are named at settings of their own ({own[0]} and {own[1]}); here both are run at the same.",)


def _next_to(text: str, start: int, end: int) -> str | None:
    """The setting right after a side ("k-means with 4 bits"), else right before it ("4-bit k-means")."""
    after = re.match(rf"(?: (?:with|at|using|in|of))? (?:only |just )?({_SETTING.pattern})", text[end:], re.I)
    before = re.search(rf"({_SETTING.pattern}) $", text[:start], re.I)
    found = after or before
    return found.group(1) if found else None


_FACTOR = re.compile(
    r"\b(?:(?:at least|more than|about|nearly|almost|only) )?(?:twice|half|double|three times|\d+(?:\.\d+)?(?: times| ?x\b|-?fold)) (?:as |the |fewer |less |more |of )*(?!compress|smaller)(?=\w)",
    re.I,
)


def _note_factor(text: str) -> tuple[str, ...]:
    """That a factor which a sentence states is none of what is tested."""
    match = _FACTOR.search(text)
    if match is None:
        return ()
    return (
        f'"{match.group().strip()}" is left out: the direction is tested, and by how much stands in the measured values.',
    )


def _unstated(contrast: Contrast) -> str:
    return f"{NO_DIRECTION}; the one to expect is tested: {contrast.title}."


def _blank(match: re.Match[str]) -> str:
    return " " * len(match.group())
