"""Settings that sentences name for the contrasts, each with what is taken where none is named. Pure.

Every reader returns the value and notes in sentences on what was chosen, changed or left out.
"""

import re
from collections.abc import Sequence
from typing import TypeVar

from agent.claim_settings import find_bits, find_sparsities
from agent.claim_words import Untestable, words
from agent.number_words import NUMBER_WORDS, whole_number
from compression_demo import testbeds

Notes = tuple[str, ...]
Number = TypeVar("Number", int, float)

_NUMBER = rf"\d+|{'|'.join(NUMBER_WORDS)}"
_LIST = rf"((?:(?:{_NUMBER})(?:, ?| and | or |, and | to |-to-))*)({_NUMBER})"
_CLUSTERS = words(
    rf"(?:k|K) ?(?:=|of|:) ?{_LIST}\b|{_LIST} (?:\w+ )?(?:clusters?|centroids?|shared values?|codebook (?:entries|values)|levels?|quantization levels?|bins?)\b"
)
_COMPONENTS = words(rf"{_LIST} (?:\w+ )?(?:mixture )?(?:components?|Gaussians)\b")
_WINNERS = words(
    r"winner[- ]rates?(?: (?:of|at|is|to|:|=))? ?(\d+(?:\.\d+)?) ?(%|percent)?|(\d+(?:\.\d+)?) ?(%|percent) winner"
    r"|(\d+(?:\.\d+)?) ?(%|percent) of (?:the )?(?:activations|neurons|winners)"
)
_CALIBRATION = words(
    rf"({_NUMBER}) (?:\w+ ){{0,2}}(?:calibration|training|sample)?[- ]?(?:images?|samples?|inputs?|examples?|sentences?|rows)\b"
)
_CONVOLUTIONS = words(
    r"conv(?:olution\w*|s|nets?(?:-\d)?|-?\d)?\b|(?<!winograd )CNNs?\b|LeNet-?5\w*(?:-Caffe)?|feature maps?"
)
_TESTBEDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("mnist-resnet", words(r"(?:residual|resnet)[\w -]{0,25}(?:on|for) (?:the )?mnist|mnist[- ](?:resnet|residual)")),
    ("mnist-cnn", words(r"mnist\b(?<!fashion-mnist)(?<!fashion mnist)")),
    ("digits-mlp-leaky", words(r"leaky")),
    ("mnist-mlp", words(r"mnist\b(?<!fashion-mnist)(?<!fashion mnist)|lenet-?300")),
    ("digits-mlp", words(r"digits?(?: (?:mlp|images?|net\w*))?\b(?! of\b)")),
    ("digits-cnn", words(r"digits?(?: (?:cnn|images?|net\w*))?\b(?! of\b)")),
)


def read_number(
    text: str, pattern: re.Pattern[str], usual: int, what: str, low: int, high: int, *, lowest: bool = True
) -> tuple[int, Notes]:
    """The whole number that `pattern` finds, of several the lowest (or the highest); `what` names it in the plural.

    Raises:
        Untestable: the number is not from `low` to `high`.
    """
    named: set[int] = set()
    for match in pattern.finditer(text):
        for group in filter(None, match.groups()):
            named |= {whole_number(word) for word in re.findall(rf"\b(?:{_NUMBER})\b", group, re.IGNORECASE)}
    if not named:
        return usual, (f"No number of {what} is named; {usual} {what} are taken.",)
    chosen = min(named) if lowest else max(named)
    if not low <= chosen <= high:
        raise Untestable(f"{chosen} {what} are named; this can be run with {low} to {high}.")
    rest = sorted(named - {chosen})
    left_out = f"Only {chosen} {what} are tested; {', '.join(map(str, rest))} left out."
    return chosen, (left_out,) if rest else ()


def read_clusters(text: str, usual: int = 8, low: int = 2, high: int = 256) -> tuple[int, Notes]:
    """The number k of shared values: "k = 8", "16 clusters", "4 levels"; from a bit width where only that is named.

    Raises:
        Untestable: the number is not from `low` to `high`.
    """
    bits = find_bits(text)
    if bits and not _CLUSTERS.search(text):
        taken = 2 ** min(bits)
        if not low <= taken <= high:
            raise Untestable(f"{min(bits)} bits hold {taken} clusters; this can be run with {low} to {high}.")
        return taken, (f"{min(bits)} bits are read as {taken} clusters.",)
    return read_number(text, _CLUSTERS, usual, "clusters", low, high)


def read_components(text: str, usual: int = 17, low: int = 2, high: int = 64) -> tuple[int, Notes]:
    """The number of mixture components: "17 components".

    Raises:
        Untestable: the number is not from `low` to `high`.
    """
    return read_number(text, _COMPONENTS, usual, "components", low, high)


def read_bits(text: str, usual: int, low: int = 1, high: int = 8) -> tuple[int, Notes]:
    """The bit width, the lowest of several; 32 bits beside another are the net before compression.

    Raises:
        Untestable: the width is not from `low` to `high`.
    """
    named = sorted(find_bits(text))
    if not named:
        return usual, (f"No bit width is named; {usual} bits are taken.",)
    chosen = named[0]
    if not low <= chosen <= high:
        raise Untestable(f"{chosen} bits are named; this can be run with {low} to {high} bits.")
    rest = ", ".join(f"{bits} bits" for bits in named[1:])
    return chosen, (f"Only {chosen} bits, the lowest, are tested; {rest} left out.",) if rest else ()


def read_sparsity(text: str, usual: float) -> tuple[float, Notes]:
    """The share of zero weights from 0 to 1, the highest of several.

    Raises:
        Untestable: at that share no weight is left, or none goes.
    """
    named = find_sparsities(text)
    if not named:
        return usual, (f"No sparsity is named; {usual * 100:g} % is taken.",)
    chosen = named[-1]
    if not 0 < chosen < 100:
        raise Untestable(f"At {chosen:g} % sparsity there is nothing to compare; one between 0 and 100 % is needed.")
    rest = ", ".join(f"{value:g} %" for value in named[:-1])
    return round(chosen / 100, 6), (f"Only {chosen:g} % sparsity is tested; {rest} left out.",) if rest else ()


def read_winner_rate(text: str, usual: float) -> tuple[float, Notes]:
    """The share of activations that are kept, from 0 to 1; the lowest of several.

    Raises:
        Untestable: it keeps none, or more than all.
    """
    named = _find_winner_rates(text)
    if not named:
        return usual, (f"No winner rate is named; {usual * 100:g} % is taken.",)
    chosen = min(named)
    if not 0 < chosen <= 1:
        raise Untestable(f"A winner rate of {chosen * 100:g} % is none; one above 0 and up to 100 % is needed.")
    rest = ", ".join(f"{value * 100:g} %" for value in sorted(named - {chosen}))
    return chosen, (f"Only a winner rate of {chosen * 100:g} % is tested; {rest} left out.",) if rest else ()


def read_winner_rates(text: str, usual: tuple[float, float]) -> tuple[tuple[float, float], Notes]:
    """The lowest and the highest of several shares of activations that are kept, from 0 to 1: "30 % vs 10 %" too."""
    named = _find_winner_rates(text) or {float(n) / 100 for n in re.findall(r"(\d+(?:\.\d+)?) ?(?:%|percent)", text)}
    named = {rate for rate in named if 0 < rate <= 1}
    if len(named) < 2:
        return usual, (f"Winner rates of {usual[0] * 100:g} % and {usual[1] * 100:g} % are taken.",)
    return (min(named), max(named)), ()


def _find_winner_rates(text: str) -> set[float]:
    named = set()
    for match in _WINNERS.finditer(text):
        value, sign = next(pair for pair in zip(match.groups()[::2], match.groups()[1::2], strict=True) if pair[0])
        named.add(float(value) / 100 if sign or float(value) > 1 else float(value))
    return named


def read_calibration(text: str, usual: int, high: int = 1197) -> tuple[int, Notes]:
    """The number of inputs that a method is calibrated on: "with 100 calibration images"; at most `high`."""
    found = [whole_number(match.group(1)) for match in _CALIBRATION.finditer(text)]
    if not found:
        return usual, ()
    chosen = max(1, min(found[0], high))
    note = f"{found[0]} calibration inputs are named; the testbed's most, {high}, are taken."
    return chosen, (note,) if found[0] > high else ()


def read_testbed(text: str, usual: str, allowed: Sequence[str] = ("digits-cnn", "mnist-cnn", "mnist-resnet")) -> str:
    """The testbed that a sentence names ("on digits", "on MNIST"), among those that a contrast can be run on."""
    for name, pattern in _TESTBEDS:
        if name in allowed and pattern.search(text) and testbeds.get(name).available()[0]:
            return name
    return usual


def names_convolutions(text: str) -> bool:
    """Whether a sentence speaks of a net with convolutions."""
    return bool(_CONVOLUTIONS.search(text))


def names_testbed(text: str) -> bool:
    """Whether a sentence names the data of a testbed."""
    return any(pattern.search(text) for _, pattern in _TESTBEDS)


def neighbours(chosen: Number, ladder: Sequence[Number]) -> tuple[Number, ...]:
    """The next value of a ladder below the chosen one and the next above, as far as there are any."""
    below = [value for value in ladder if value < chosen]
    above = [value for value in ladder if value > chosen]
    return (*([max(below)] if below else []), *([min(above)] if above else []))


def first_that(text: str, table: Sequence[tuple[re.Pattern[str], str]], usual: str) -> str:
    """The name whose pattern occurs in a text, the first of a table: for kinds, such as "k-means with random start"."""
    return next((name for pattern, name in table if pattern.search(text)), usual)
