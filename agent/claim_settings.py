"""Sparsity, bit width, seeds and margins as a claim states them, with notes on what was chosen or cut. Pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from agent.claim_words import LAYER_ERROR, Untestable, words
from agent.number_words import NUMBER_WORDS, whole_number
from compression_demo.algorithms.arguments import MAX_BITS

HIGH_SPARSITY, DEFAULT_BITS, LOW_BITS = 0.9, 3, 2
DEFAULT_SEEDS = (0, 1, 2, 3, 4)
FEWEST_SEEDS, MOST_SEEDS = 3, 20
DEFAULT_INPUTS = 256
TOLERATED_POINTS = 1.0

Settings = dict[str, float | int | bool]
_NUMBER = rf"\d+|{'|'.join(NUMBER_WORDS)}"
_PERCENT = r"(?:%|percent\b|per cent\b)"
_SHARE = re.compile(rf"(?<![\d.])(\d+(?:\.\d+)?) ?{_PERCENT}", re.I)
_WEIGHTS_AFTER = re.compile(
    r" ?(?:of (?:the |all |its )*(?:weights|parameters)|(?:\w+ )?spars\w+|unstructured|(?:\w+ )?prun\w+|(?:\w+ )?zeros?\b|(?:are |is |were )?removed)",
    re.I,
)
_WEIGHTS_BEFORE = re.compile(
    r"(?:\bspars\w+(?: levels?| ratios?| rates?)?(?: of| at| to|:| =|=)?|\b(?<!magnitude )(?<!-based )(?<!weight )prun\w+(?: away| out)?(?: (?:the |its |all )*(?:weights|parameters|net\w*|model))?(?: to| at| by| about)*|\bremov\w+(?: about)?|(?<!least )(?<!most )\bat(?: about| around)?) $",
    re.I,
)
_LISTED_BEFORE = re.compile(rf"{_PERCENT} ?(?:,|,? ?(?:and|or|to)|[-–]) ?$", re.I)
_LISTED = re.compile(
    rf"(\d+(?:\.\d+)?)(?=(?:, ?\d+(?:\.\d+)?)*,? ?(?:and|or|to|[-–]) ?\d+(?:\.\d+)? ?{_PERCENT})", re.I
)
_KEPT_BEFORE = re.compile(
    r"\b(?:keep\w*|kept|leav\w+|retain\w*|density(?: of)?)(?: only| just| about)*(?: the)?(?: top| largest)? $", re.I
)
_KEPT_AFTER = re.compile(
    r" ?(?:of (?:the |all )*(?:weights|parameters) )?(?:are |is )?(?:kept|left|remain\w*|non-?zero\w*|density|dense)\b",
    re.I,
)
_FRACTION = words(
    r"spars\w+(?: levels?| ratios?| rates?)?(?: of| at| to| is|:| =|=)? ?(0?\.\d+|1(?:\.0+)?)(?![\d.]*\d? ?%)(?! percent)"
    r"|(?<![\d.])(0\.\d+|1\.0+) (?:\w+ )?spars\w+"
)
_BARE_SHARE = re.compile(
    r"\bat (?:about )?([1-9]\d(?:\.\d+)?)\b(?! ?(?:%|percent|per cent|bits?\b|points?\b|x\b|times\b|-?fold|epochs?|seeds?|images?|samples?|clusters?|components?|k\b|layers?|:\d))",
    re.IGNORECASE,
)
"""A share of weights without its sign: "second-order at 90"."""
_PATTERN = re.compile(r"(?<![\d:.])(\d{1,2}):(\d{1,2})(?!:?\d)")
_ANY_PATTERN = words(r"N:M\b|semi-structured")
_BITS = words(
    rf"((?:(?:{_NUMBER})(?:, ?| and | or |, and | to ))*)(?:int|w)?({_NUMBER})(?: ?- ?| )?bits?\b|(?:int|w)(\d{{1,2}})\b"
)
_SEEDS = words(rf"({_NUMBER}) (?:different |independent |random )?seeds?\b")
_INPUTS = words(
    r"(?<![\d,.])(\d[\d,]*) calibration (?:images|samples|inputs|examples|points)\b|calibrat\w+ (?:on|with|from) (?:only |just )?(\d[\d,]*)\b(?! ?(?:%|bits?\b))"
    r"|with (?:only |just )?(\d[\d,]*) (?:images|samples|inputs|examples)\b"
)

_POINTS = rf"(\d+(?:\.\d+)?) ?({_PERCENT}|pp\b|points?\b|percentage points?\b)"
_ABOUT = r"(?:about |around |roughly |some |the )?"
_AT_MOST = words(
    rf"(?:at most|no more than|not more than|up to|under|less than|below|within|fewer than|not exceed(?:ing)?|(?:not|n't|never)(?: \w+){{0,3}} more than|between (?:none|no|zero|\d+(?:\.\d+)?) ?%? and) {_ABOUT}{_POINTS}"
)
_KEEPS_SHARE = words(
    rf"(?:keep|retain|preserv|maintain)\w* (?:about |over |more than |at least )?(\d+(?:\.\d+)?) ?{_PERCENT} of (?:the |its )?(?:\w+ )?(?:accuracy|performance)\b"
)
_TOLERATED = words(
    r"loss|los\w+|drops?|cost\w*|degrad\w*|change\w*|disturb\w*|within|worse|differ\w*|equal\w*|same|match\w*"
)
_AT_LEAST = words(
    rf"(?:by|at least|more than|over|exceeds?) (?:at least |more than |over |an? )*{_ABOUT}{_POINTS}(?! of (?:the )?weights)"
)
_AHEAD = words(rf"{_POINTS} (?:\w+ )?(?:better|higher|more accurate|ahead|above|less|lower|worse)\b")


@dataclass(frozen=True)
class Margin:
    """A difference that a claim states, in points: the most tolerated, the least claimed, or neither."""

    at_most: float | None = None
    at_least: float | None = None
    note: str = ""


def read_settings(text: str, family: str, methods: int = 2) -> tuple[Settings, tuple[str, ...]]:
    """The sparsity, N:M pattern or bit width to run at, and notes on what was chosen and not read.

    `methods` is the number of methods that the sentence names.

    Raises:
        Untestable: the sentence names a setting that leaves nothing to compare.
    """
    if family != "prune":
        return _read_bits(text)
    return _read_pattern(text, methods) or _read_sparsity(text)


def read_own_settings(text: str, sides: Sequence[tuple[int, int]], family: str) -> tuple[Settings, Settings] | None:
    """The settings of two sides, given by where they are named, where each has one of its own: "ExactOBS at 2:4 is as
    good as AdaPrune at 4:8", "2-bit OBQ beats 3-bit rounding"; None where they have not, or the same."""
    found = []
    for start, end in sides:
        other = min((s for s, _ in sides if s >= end), default=len(text))
        after = re.match(r"(?:[ ,(]+(?:with|at|using|in|of|pruned|quantized|to))*[ (]+(?=\d)", text[end:other])
        near = text[end:other][after.end() :].split(",")[0] if after else ""
        before = re.search(r"\d[\d.:]*(?:[- ]?bits?| ?%)? $", text[:start])
        words_beside = near[:14] if after else before.group() if before else ""
        try:
            settings, notes = read_settings(
                f"sparsity of {words_beside}" if "%" in words_beside else words_beside, family
            )
        except Untestable:
            return None
        if any("named" in note for note in notes):
            return None
        found.append(settings)
    return (found[0], found[1]) if found[0] != found[1] and found[0].keys() == found[1].keys() else None


def read_seeds(text: str, usual: int = len(DEFAULT_SEEDS)) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """The seeds to run, within what the engine takes, and a note where the number was changed; `usual` many where the
    text names no number."""
    match = _SEEDS.search(text)
    if not match:
        return tuple(range(usual)), ()
    asked = whole_number(match.group(1))
    if asked > MOST_SEEDS:
        return tuple(range(MOST_SEEDS)), (f"{asked} seeds are asked for; a run takes at most {MOST_SEEDS} seeds.",)
    if asked < FEWEST_SEEDS:
        note = f"{asked} seed{'' if asked == 1 else 's'} cannot show a spread; a run takes at least {FEWEST_SEEDS}."
        return tuple(range(FEWEST_SEEDS)), (note,)
    return tuple(range(asked)), ()


def read_inputs(text: str, most: int) -> tuple[int, tuple[str, ...]]:
    """The number of calibration inputs that a sentence names, at most `most`, and a note where it was cut; the usual
    one where it names none."""
    match = _INPUTS.search(text)
    if match is None:
        return DEFAULT_INPUTS, ()
    asked = int(next(filter(None, match.groups())).replace(",", ""))
    taken = max(1, min(asked, most))
    return taken, () if taken == asked else (
        f"{asked} calibration inputs are named; {taken}, the testbed's most, are taken.",
    )


def read_margin(text: str) -> Margin:
    """The difference in points that a sentence states beside its sparsity."""
    text = _without_sparsities(text)
    kept = _KEEPS_SHARE.search(text)
    if kept and float(kept.group(1)) < 100:
        share = float(kept.group(1))
        note = f"{share:g} % of the accuracy kept is read as at most {100 - share:g} percentage points lost."
        return Margin(at_most=100 - share, note=note)
    at_most = _AT_MOST.search(text)
    if at_most and _TOLERATED.search(text):
        return Margin(at_most=float(at_most.group(1)), note=_percent_note(at_most))
    at_least = _AT_LEAST.search(text) or _AHEAD.search(text)
    if at_least is None:
        return Margin()
    if float(at_least.group(1)) >= 100:
        raise Untestable(f"An accuracy cannot differ by {float(at_least.group(1)):g} points.")
    return Margin(at_least=float(at_least.group(1)), note=_percent_note(at_least))


_FIGURE = re.compile(rf"(?<![\w.:])\d+(?:\.\d+)?(?: ?{_PERCENT}| ?[x×]| ?(?:points?|pp|times|-?fold|nats)\b)", re.I)


def figures_in(text: str) -> list[str]:
    """The figures that a claim states of its own nets, in its words: no sparsities and no bit widths; each once."""
    return list(dict.fromkeys(m.group() for m in _FIGURE.finditer(_without_sparsities(text))))


def states_layer_error(text: str) -> bool:
    """Whether the error of layers, not accuracy, is compared."""
    return bool(LAYER_ERROR.search(text))


def _percent_note(match: re.Match[str]) -> str:
    value, unit = match.group(1), match.group(2)
    return f"{value} % is read as {value} percentage points." if re.match(_PERCENT, unit, re.I) else ""


def _sparsity_spans(text: str) -> list[tuple[int, int, float]]:
    """Where a text names sparsities, in percent."""
    spans = []
    for match in _SHARE.finditer(text):
        before, after = text[max(0, match.start() - 45) : match.start()], text[match.end() : match.end() + 45]
        listed = bool(spans) and spans[-1][1] + 8 > match.start() and bool(_LISTED_BEFORE.search(before))
        kept = bool(_KEPT_BEFORE.search(before) or _KEPT_AFTER.match(after))
        accuracy = re.match(
            r"(?: ?(?:to|and|or|[-–]) ?[\d.]+ ?%)? ?(?:of (?:the |its |all )*(?:\w+ )?(?:accura|perform|multipl|MACs?\b|operations|FLOPs?|comput|activations?)|top|accura|points|better|higher)",
            after,
            re.I,
        )
        if accuracy or not (kept or listed or _WEIGHTS_AFTER.match(after) or _WEIGHTS_BEFORE.search(before)):
            continue
        value = float(match.group(1))
        spans.append((match.start(), match.end(), 100 - value if kept else value))
    for match in _FRACTION.finditer(text):
        spans.append((match.start(), match.end(), 100 * float(match.group(1) or match.group(2))))
    return spans


def _without_sparsities(text: str) -> str:
    text = _expand(text)
    for start, end, _ in _sparsity_spans(text):
        text = text[:start] + " " * (end - start) + text[end:]
    return text


def _expand(text: str) -> str:
    """ "50 and 95 %" with the sign at each number, from the right end of the list so that all of it is reached."""
    return _LISTED.sub(lambda match: f"{match.group(1)} %", text)


def find_sparsities(text: str) -> list[float]:
    """The sparsities that a text names, in percent of the weights, from the lowest."""
    return sorted({round(value, 4) for _, _, value in _sparsity_spans(_expand(text))})


def find_bits(text: str) -> set[int]:
    """The bit widths that a text names; 32 beside a narrower one is the net before compression and is left out."""
    named: set[int] = set()
    for match in _BITS.finditer(text):
        named |= {whole_number(word) for word in re.findall(rf"\b(?:{_NUMBER})\b", match.group(1) or "", re.I)}
        named.add(whole_number(match.group(2) or match.group(3)))
    return named if min(named, default=0) >= 32 else named - {32}


def _read_sparsity(text: str) -> tuple[Settings, tuple[str, ...]]:
    named = find_sparsities(text)
    bare = None if named else _BARE_SHARE.search(text)
    if bare:
        share = float(bare.group(1))
        return {"sparsity": round(share / 100, 6)}, (f'"{bare.group().strip()}" is read as {share:g} % sparsity.',)
    if not named:
        taken = f"{HIGH_SPARSITY * 100:g} % of the weights of every layer"
        high = re.search(r"high(?:er)? spars", text, re.I)
        note = f'"high sparsity" is read as {taken}.' if high else f"No sparsity is named; {taken} is taken."
        return {"sparsity": HIGH_SPARSITY}, (note,)
    highest = named[-1]
    if highest >= 100:
        raise Untestable(f"At {highest:g} % sparsity no weight is left; a sparsity below 100 % is needed.")
    if highest <= 0:
        raise Untestable("At 0 % sparsity nothing is removed; a sparsity above 0 % is needed.")
    note = f"Only {highest:g} % sparsity, the highest, is tested; {_and(f'{v:g} %' for v in named[:-1])} left out."
    return {"sparsity": round(highest / 100, 6)}, (note,) if named[:-1] else ()


def _read_pattern(text: str, methods: int) -> tuple[Settings, tuple[str, ...]] | None:
    """The N:M pattern that a text names: N of each M weights are kept, so n = M - N are zeroed; None where it names none."""
    named = {(int(kept), int(size)) for kept, size in _PATTERN.findall(text)}
    patterns = sorted((pair for pair in named if 0 < pair[0] < pair[1] <= 32), key=lambda pair: pair[0] / pair[1])
    if len(patterns) > 1 and methods < 2:
        raise Untestable("It compares two N:M patterns of one method; the engine compares two methods at one pattern.")
    if not patterns:
        if not _ANY_PATTERN.search(text):
            return None
        patterns, notes = [(2, 4)], ["No N:M pattern is named; 2:4 is taken."]
    else:
        left_out = _and(f"{kept}:{size}" for kept, size in patterns[1:]) if patterns[1:] else ""
        notes = [f"Only {patterns[0][0]}:{patterns[0][1]} is tested; {left_out} left out."] if left_out else []
    kept, size = patterns[0]
    notes.append(f"Layers whose number of input channels {size} does not divide stay dense.")
    return {"n": size - kept, "m": size}, tuple(notes)


def _read_bits(text: str) -> tuple[Settings, tuple[str, ...]]:
    usable = sorted(find_bits(text))
    if not usable:
        low = re.search(r"low(?:er)?[- ]?(?:bit|precision)|few bits|extreme", text, re.I)
        bits = LOW_BITS if low else DEFAULT_BITS
        return {"bits": bits}, (
            f"Low precision is read as {bits} bits." if low else f"No bit width is named; {bits} bits are taken.",
        )
    lowest = usable[0]
    if lowest < 1:
        raise Untestable(f"{lowest} bits hold no weight; the bit width must be a whole number from 1 to {MAX_BITS}.")
    if lowest > MAX_BITS:
        return {"bits": MAX_BITS}, (f"{lowest} bits are named; the engine's most, {MAX_BITS} bits, are taken.",)
    note = f"Only {lowest} bit{'' if lowest == 1 else 's'}, the lowest, is tested; {_and(f'{b} bits' for b in usable[1:])} left out."
    return {"bits": lowest}, (note,) if usable[1:] else ()


def _and(parts: Iterable[str]) -> str:
    listed = list(parts)
    return f"{', '.join(listed)} {'is' if len(listed) == 1 else 'are'}"
