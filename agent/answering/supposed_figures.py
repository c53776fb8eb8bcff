"""What a message supposes of figures, held against those found: "about 19 points?", "28.9 % and a factor of 3.5". Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from agent.answering.figure_words import told
from agent.answering.pairs import Pair
from agent.answering.parts import say
from agent.draft import DraftSentence
from agent.figures import Figure

_NUMBER = re.compile(
    r"(?<![\w.:/-])(?P<digits>\d+(?:,\d{3})*(?:\.\d+)?)(?![\d:])\s*(?P<unit>%|per ?cent\b|percent\b|x\b|×|-?fold\b|times\b|points?\b)?",
    re.IGNORECASE,
)
_AS_CHANGE = re.compile(
    r"^\W*(?:points? |of a point )?(?:over|above|below|ahead|behind|better|worse|smaller|larger|bigger|faster|slower|less|more|fewer|higher|lower|cheaper|apart)\b"
    r"|^\W*(?:points?|per ?cent(?:age points)?|times)\b(?! (?:of|at|sparsity))",
    re.IGNORECASE,
)
_LED_AS_CHANGE = re.compile(
    r"\b(?:factor(?: of)?|by|gap (?:is|of|was)|difference (?:is|of)|margin (?:is|of)|lead (?:is|of)|gain (?:is|of)|loss (?:is|of)|(?:that|it|this)(?:'s| is| was| would be| makes)|(?:said|claimed|stated|reported|supposed|told)(?: to be| as| at| to come to)?|so|has|says?|wrote|minus)"
    r"(?: (?:only|just|about|around|roughly|some|merely|nearly|almost|at most|the|a))*\s*$",
    re.IGNORECASE,
)
_LOOSE = re.compile(r"\b(?:about|around|roughly|some|nearly|almost|approximately|circa|ca)\.?\s*$|~\s*$", re.IGNORECASE)
_FITS = re.compile(
    r"\b(?:agree\w*|consistent|compatible|fits?|match\w*|add up|adds up|tall(?:y|ies)|square|go together|the same|hold together|correspond\w*|contradict\w*|compute|plausible|right|correct|how come)\b",
    re.IGNORECASE,
)
LOOSELY, STRICTLY = 0.06, 0.004
"""By which part of itself a supposed number may be off, said with "about" or without."""


@dataclass(frozen=True)
class Supposed:
    """A number of a message that reads as a result: its value, its unit ("%", "x", "point" or ""), as it is written."""

    value: float
    unit: str
    written: str
    loose: bool
    change: bool
    """Whether it is given as a difference, a ratio or a change, and not as a level."""


def supposed_in(text: str) -> list[Supposed]:
    """The numbers of a message that read as results, those said as changes and those with decimals."""
    found = []
    for match in _NUMBER.finditer(text):
        before, after = text[: match.start()], text[match.end("digits") :]
        unit = {"%": "%", "x": "x", "×": "x", "p": "point", "t": "x", "f": "x", "-": "x"}.get(
            (match["unit"] or "").lower()[:1], ""
        )
        unit = "%" if (match["unit"] or "").lower().startswith("per") else unit
        change = bool(_AS_CHANGE.search(re.sub(r"^\s*(?:%|x\b|×)", "", after)) or _LED_AS_CHANGE.search(before))
        if not change and "." not in match["digits"] and unit != "x":
            continue
        value = float(match["digits"].replace(",", ""))
        found.append(Supposed(value, unit, match.group().strip(), bool(_LOOSE.search(before)), change))
    return found


def agreement(text: str, figures: Sequence[Figure], follows: bool) -> list[DraftSentence]:
    """Whether two numbers of a message say the same, a share and a factor for instance, with what bears them; empty where
    the message does not ask that. `follows`: the question before asked it."""
    numbers = [n for n in _all_numbers(text) if n.unit in ("%", "x") or "." in n.written]
    if len(numbers) != 2 or not (_FITS.search(text) or follows):
        return []
    a, b = numbers
    lines = bearing(figures, (a, b))
    if not lines:
        return []
    how = relation(a, b)
    if how:
        return [*lines, say(f"The two agree: {how}.")]
    if {a.unit, b.unit} == {"%", "x"}:
        return [*lines, say(f"The two do not fit: {a.written} and {b.written} differ by more than rounding.")]
    return []


def bearing(figures: Sequence[Figure], numbers: Sequence[Supposed], most: int = 3) -> list[DraftSentence]:
    """The sources' own lines that hold numbers of a message, those that hold several first."""
    held: dict[str, tuple[int, Figure]] = {}
    for figure in figures:
        for place, number in enumerate(numbers):
            if figure.value == number.value and (
                not number.unit or number.unit in (_unit(figure), "point") or not _unit(figure)
            ):
                key = f"{figure.passage.id}:{figure.sentence or figure.bound}"
                count, _ = held.get(key, (0, figure))
                held[key] = (count | 1 << place, figure)
    best = sorted(held.values(), key=lambda item: -item[0].bit_count())
    told_of, lines = 0, []
    for mask, figure in best:
        if mask & ~told_of and len(lines) < most:
            told_of |= mask
            lines.append(told(figure))
    return list({line.text: line for line in lines}.values())


def relation(a: Supposed, b: Supposed) -> str:
    """How two numbers say the same, in words; empty where they do not."""
    share, factor = (a, b) if a.unit == "%" else (b, a)
    digits = len(factor.written.rstrip("x× ").partition(".")[2])
    if share.unit == "%" and factor.unit != "%" and share.value and factor.value:
        slack = 0.5 * 10**-digits + 1e-9
        near = _share_slack(share)
        if abs(100 / share.value - factor.value) <= slack + near * factor.value:
            return f"{share.written} of the whole is the whole divided by {factor.written.rstrip('x× ')}, rounded"
        rest = 100 - share.value
        if rest > 0 and abs(100 / rest - factor.value) <= slack + near * factor.value:
            return f"{share.written} less is the whole divided by {factor.written.rstrip('x× ')}, rounded"
    if a.unit == b.unit == "%" and abs(a.value + b.value - 100) < 0.11:
        return f"{a.written} and {b.written} make up the whole"
    if a.value == b.value or (a.unit == b.unit and _rounds(a, b)):
        return "they are the same number, rounded" if a.value != b.value else "they are the same number"
    return ""


def verdict_on(pairs: Sequence[Pair], supposed: Sequence[Supposed]) -> list[DraftSentence]:
    """Whether a change that the message supposes is what the pairs come to."""
    lines = []
    for number in supposed:
        if not number.change:
            continue
        if any(comes_to(pair, number) for pair in pairs):
            lines.append(say(f"That agrees with the {number.written} of your message."))
        else:
            lines.append(say(f"That does not come to the {number.written} of your message."))
    return lines[:1]


def comes_to(pair: Pair, number: Supposed) -> bool:
    """Whether the difference, the ratio or the change in per cent of a pair is a supposed number."""
    a, b = pair.first.value, pair.second.value
    differences = [abs(a - b)]
    shares = [100 * abs(a - b) / abs(v) for v in (a, b) if v]
    ratios = [abs(a / b), abs(b / a)] if a and b else []
    per_cent = "%" in (pair.first.unit, pair.second.unit)
    wanted = {
        "point": differences, "x": ratios, "%": [*shares, *(differences if per_cent else [])],
    }.get(number.unit, [*differences, *shares, *ratios])  # fmt: skip
    return any(_near(value, number) for value in wanted)


def _near(value: float, number: Supposed) -> bool:
    digits = len(re.sub(r"[^\d.]", "", number.written).partition(".")[2])
    slack = max(0.5 * 10**-digits, (LOOSELY if number.loose else STRICTLY) * number.value) + 1e-9
    return abs(value - number.value) <= slack


def _all_numbers(text: str) -> list[Supposed]:
    """All numbers of a message with their units, settings too."""
    found = []
    for match in _NUMBER.finditer(text):
        written = match.group().strip()
        unit = (
            "%"
            if re.search(r"%|per ?cent", written, re.I)
            else "x"
            if re.search(r"x|×|fold|times", written, re.I)
            else ""
        )
        if not unit and re.search(r"\b(?:factor(?: of)?|ratio(?: of)?)\s*$", text[: match.start()], re.IGNORECASE):
            unit = "x"
        found.append(Supposed(float(match["digits"].replace(",", "")), unit, written, False, False))
    return found


def _share_slack(share: Supposed) -> float:
    """By which part of itself a share is rounded."""
    digits = len(re.sub(r"[^\d.]", "", share.written).partition(".")[2])
    return 0.5 * 10**-digits / share.value


def _rounds(a: Supposed, b: Supposed) -> bool:
    """Whether one number is the other one rounded."""
    few = min((a, b), key=lambda n: len(n.written.partition(".")[2]))
    many = b if few is a else a
    digits = len(re.sub(r"[^\d.]", "", few.written).partition(".")[2])
    return abs(many.value - few.value) <= 0.5 * 10**-digits + 1e-9


def _unit(figure: Figure) -> str:
    """The unit of a figure as messages have it."""
    unit = figure.unit.lower()
    return (
        "x"
        if unit in ("x", "×", "times", "fold")
        else unit
        if unit == "%"
        else "point"
        if unit.startswith("point")
        else ""
    )
