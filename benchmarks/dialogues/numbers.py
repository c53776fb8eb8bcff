"""The numbers of a sentence, with their units, and which of them no source bears."""

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass

_SMALL = {w: n for n, w in enumerate(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
    " eighteen nineteen".split()
)}  # fmt: skip
_TENS = {w: 10 * n for n, w in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)}
_SCALES = {"k": 1e3, "thousand": 1e3, "m": 1e6, "million": 1e6, "g": 1e9, "b": 1e9, "billion": 1e9}
_UNITS = {
    "%": "%", "percent": "%", "per cent": "%", "percentage points": "point", "percentage point": "point",
    "points": "point", "point": "point", "pp": "point", "x": "times", "×": "times", "times": "times", "fold": "times",
    "bits": "bit", "bit": "bit", "ms": "ms", "s": "s", "seconds": "s", "mb": "mb", "gb": "gb", "epochs": "epoch",
    "epoch": "epoch",
}  # fmt: skip
_PLACES = {
    "table": "table", "tables": "table", "tab": "table", "fig": "figure", "figs": "figure", "figure": "figure",
    "figures": "figure", "sec": "section", "section": "section", "sections": "section", "eq": "equation",
    "equation": "equation", "appendix": "section", "p": "page", "page": "page",
}  # fmt: skip
_UNIT = "|".join(sorted((re.escape(u) for u in _UNITS), key=len, reverse=True))
_DIGITS = re.compile(
    r"(?<![\w.:#])(?<![A-Za-z]-)(?<![A-Za-z]\s#)(?P<sign>[-−](?=[\d.]))?(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)"
    rf"(?::(?P<ratio>\d+))?(?:\s?(?P<scale>[KkMGB]|thousand|million|billion)(?![A-Za-z]))?(?:[\s-]?(?P<unit>{_UNIT})(?![A-Za-z]))?(?P<glued>[A-Za-z]*)"
)
_WORDS = re.compile(
    rf"\b(?P<word>(?:(?:{'|'.join(_TENS)})(?:-(?:{'|'.join(_SMALL)}))?)|{'|'.join(sorted(_SMALL, key=len, reverse=True))})"
    rf"\b(?:[\s-]?(?P<unit>{_UNIT})\b)?",
    re.IGNORECASE,
)
_PERSON = re.compile(r"(?:reviewers?|reviews?|referees?)\s*#?\s*$", re.IGNORECASE)
_PLACE = re.compile(rf"\b({'|'.join(_PLACES)})\.?\s*(?:[\dA-Z.]+\s*(?:,|and|to|-|–)\s*)*$", re.IGNORECASE)
_COUNTED = re.compile(r"\s+(?:(?:[a-z-]+)\s+)?(reviewers?|reviews?)\b", re.IGNORECASE)
_TALLIED = re.compile(
    r"\s+(?:(?:[a-z-]+)\s+)?(?:points?|concerns?|questions?|passages?|papers?|submissions?|things|sentences|of\s+(?:them|the|which))\b",
    re.IGNORECASE,
)
_DERIVES = re.compile(
    r"\b(?:average|averages|mean|differ\w*|apart|more|less|fewer|higher|lower|larger|smaller|greater|gap|ratio|factor|times|sum|total|together|spread|points?|gain|loss|loses|drops?|median)\b|[=−+]",
    re.IGNORECASE,
)

_MEAN = re.compile(r"\((\d+(?:\.\d+)?(?: \+ \d+(?:\.\d+)?)+)\) / (\d+)")
_OPERAND = r"(?:\d+(?:\.\d+)?|\(\d+(?:\.\d+)? - \d+(?:\.\d+)?\))"
_OF_CHANGES = re.compile(rf"({_OPERAND}) (/|-) ({_OPERAND}) = ")
MOST_OPERANDS = 12


@dataclass(frozen=True)
class Number:
    """A number as read: thousands and millions are multiplied out, a unit or the kind of place it counts is kept."""

    value: float
    unit: str
    text: str
    end: int
    word: bool = False


def read_numbers(text: str) -> list[Number]:
    """Every number of a text but those in names ("ResNet-32", "R3", "Reviewer 3") and the pronoun "one"."""
    found = []
    for match in _DIGITS.finditer(text):
        before = text[: match.start()]
        if (
            _PERSON.search(before)
            or match["ratio"]
            or (match["glued"] and match["glued"].lower() not in ("a", "b", "c", "st", "nd", "rd", "th"))
        ):
            continue
        value = float(match["digits"].replace(",", "")) * _SCALES.get((match["scale"] or "").lower(), 1)
        place = _PLACE.search(before)
        unit = _PLACES[place[1].lower()] if place else _UNITS.get((match["unit"] or "").lower(), "")
        # A hyphen after a digit joins a range or a list of widths; it is no sign.
        negative = match["sign"] and not place and not before[-1:].isdigit()
        found.append(Number(-value if negative else value, unit, match.group().strip(), match.end()))
    for match in _WORDS.finditer(text):
        word = match["word"].lower()
        if word == "one" and not match["unit"]:
            continue
        tens, _, ones = word.partition("-")
        value = _TENS[tens] + _SMALL.get(ones, 0) if tens in _TENS else _SMALL[word]
        found.append(
            Number(float(value), _UNITS.get((match["unit"] or "").lower(), ""), match.group(), match.end(), True)
        )
    return sorted(found, key=lambda number: number.end)


def wrong_numbers(
    sentence: str, sources: Sequence[str], *, reviewers: Sequence[int] = (), rounded: bool = False
) -> tuple[str, ...]:
    """The numbers of a sentence that stand in none of the sources and follow from no two of their numbers.

    `reviewers` are the counts of reviewers that may be spoken of (of all, of those cited). A number follows from the
    sources only where the sentence speaks of a difference, a ratio, a sum or a mean. With `rounded`, a source may give
    more digits than the sentence, or a share where the sentence gives per cent.
    """
    held = [number for text in sources for number in read_numbers(text)]
    said = read_numbers(sentence)
    derived = _derived([n.value for n in said], [n.value for n in held]) if _DERIVES.search(sentence) else set()
    derived |= _shown_means(sentence) | _shown_sums(sentence)
    wrong = []
    for number in said:
        rest = sentence[number.end :]
        if number.word and _TALLIED.match(rest):
            continue
        if _COUNTED.match(rest) and number.value in reviewers:
            continue
        if any(_same(number, other, rounded) for other in held):
            continue
        if any(_rounds_to(value, number) for value in derived):
            continue
        wrong.append(number.text)
    return tuple(wrong)


def _same(number: Number, other: Number, rounded: bool) -> bool:
    if (
        number.unit
        and other.unit
        and number.unit != other.unit
        and not (rounded and {number.unit, other.unit} <= {"%", "point"})
    ):
        return False
    if rounded and any(_rounds_to(value, number) for value in (other.value, -other.value, 100 * other.value)):
        return True
    return abs(number.value - other.value) <= 1e-9 * max(1.0, abs(other.value))


def _rounds_to(value: float, number: Number) -> bool:
    """Whether a value comes to the number when it is rounded to the digits that the number shows."""
    digits = re.search(r"\.(\d+)", number.text)
    places = len(digits[1]) if digits else 0
    return abs(abs(value) - abs(number.value)) <= 0.5 * 10**-places + 1e-9


def _shown_means(sentence: str) -> set[float]:
    """What means that are written out come to, "(3.5 + 2 + 3) / 3", and how many numbers they are of; the numbers
    themselves need a source like any other."""
    found: set[float] = set()
    for match in _MEAN.finditer(sentence):
        terms = [float(term) for term in match[1].split("+")]
        if len(terms) == int(match[2]):
            found |= {sum(terms) / len(terms), float(len(terms))}
    return found


def _shown_sums(sentence: str) -> set[float]:
    """What quotients and differences of changes that are written out come to, "(59 - 57) / (62 - 57)", a quotient in per
    cent too; their operands need a source like any other."""
    found: set[float] = set()
    for match in _OF_CHANGES.finditer(sentence):
        over, under = _worth(match[1]), _worth(match[3])
        if match[2] == "-":
            found.add(over - under)
        elif under:
            found |= {over / under, 100 * over / under}
    return found


def _worth(operand: str) -> float:
    first, _, second = operand.strip("()").partition(" - ")
    return float(first) - float(second or 0)


def _derived(said: Sequence[float], held: Sequence[float]) -> set[float]:
    """What follows from the operands: differences, ratios, sums and relative changes of two, and the mean of all.

    The operands are what the sentence repeats of its sources, or, where it gives the outcome alone, the sources' own
    numbers if these are few: of many numbers almost any follows.
    """
    operands = sorted({value for value in held if value in said})
    if len(operands) < 2:
        operands = sorted(set(held))
    found = {sum(held) / len(held)} if len(held) > 1 else set()
    for a, b in itertools.combinations(operands if len(operands) <= MOST_OPERANDS else [], 2):
        found |= {b - a, a + b, (a + b) / 2}
        if a and b:
            found |= {b / a, a / b, 100 * (b - a) / a, 100 * (b - a) / b}
    return found
