"""Settings that a chair changes from one check to the next: "use five seeds", "on digits", "at 3 bits as well". Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from agent.claim_words import words
from agent.number_words import NUMBER_WORDS

_NUMBER = rf"(?:\d+|{'|'.join(NUMBER_WORDS)})"
_PERCENT = r"(?:%|percent\b|per cent\b)"
_LEAD = r"(?:(?:with|at|for|on|in|to|of|use|using|take|taking|over)(?: only| just| about)? (?:an? |the )?)?"
_BUTTED = r"(?:(?:at|with|to|in|by|of) (?:an? |the )?)?"


@dataclass(frozen=True)
class _Kind:
    """A setting: how a message names it, how that is put into a claim, and what it takes the place of there."""

    said: re.Pattern[str]
    form: str
    held: re.Pattern[str]


_BITS_HELD = rf"{_BUTTED}(?:{_NUMBER}(?:, ?| and | or |, and | to ))*{_NUMBER}[- ]?bits?\b|(?:int|w)\d{{1,2}}\b"
_CLUSTERS = rf"k ?= ?(?:{_NUMBER})\b|(?:{_NUMBER}) (?:\w+ )?(?:clusters?|centroids?|shared values?|levels?)\b"
_LEVELS_HELD = words(rf"{_BITS_HELD}|{_BUTTED}(?:{_CLUSTERS})")
_PATTERN = r"\d{1,2}:\d{1,2}(?: sparsity)?(?![\d:])"
_SHARE = rf"\d+(?:\.\d+)? ?{_PERCENT}(?: (?:\w+ )?spars\w+)?|sparsity (?:of )?0?\.\d+|0?\.\d+ sparsity"
_PRUNED_HELD = words(rf"(?:at|to) (?:an? )?(?:{_SHARE}|{_PATTERN})|\d+(?:\.\d+)? ?{_PERCENT} spars\w+")
_WINNERS = (
    rf"winner[- ]rates? (?:of |at |is |= ?)?\d+(?:\.\d+)? ?{_PERCENT}?|\d+(?:\.\d+)? ?{_PERCENT} winners?(?:[- ]rate)?"
)
_INPUTS = rf"{_NUMBER} (?:calibration |training )?(?:images|samples|inputs|examples|sentences)\b"

_KINDS = (
    _Kind(words(rf"{_LEAD}({_NUMBER} (?:\w+ )?seeds?)\b"), "with {}", words(rf"with \w+ (?:\w+ )?seeds?\b|{_LEAD}{_NUMBER} seeds?\b")),
    _Kind(words(r"(?:on|for|using|use) (?:the )?(residual \w+ on mnist|resnet on mnist|digits|mnist)\b"), "on {}",
          words(r"(?:on|for) (?:the )?(?:residual \w+ on mnist|resnet on mnist|digits|mnist)\b")),
    _Kind(words(rf"{_LEAD}({_NUMBER}[- ]?bits?)\b"), "at {}", _LEVELS_HELD),
    _Kind(words(rf"{_LEAD}({_CLUSTERS})"), "with {}", _LEVELS_HELD),
    _Kind(words(rf"{_LEAD}({_WINNERS})"), "with a {}", words(rf"(?:with|at) (?:an? )?(?:{_WINNERS})")),
    _Kind(words(rf"{_LEAD}({_NUMBER} (?:mixture )?components?)\b"), "with {}", words(rf"(?:with )?{_NUMBER} (?:mixture )?components?\b")),
    _Kind(words(rf"{_LEAD}({_INPUTS})"), "with {}", words(rf"(?:with )?{_INPUTS}")),
    _Kind(words(rf"at ({_PATTERN})|(?<![\d:.])({_PATTERN})"), "at {}", _PRUNED_HELD),
    _Kind(words(rf"(?:at|to|with) (?:an? )?({_SHARE})|(?<![\d.])(\d+(?:\.\d+)? ?{_PERCENT}(?: (?:\w+ )?spars\w+))"), "at {}", _PRUNED_HELD),
)  # fmt: skip

_FILLING = re.compile(
    r"\b(?:run|try|do|test|check|repeat|re-?run|use|using|take|make|redo|see|it|this|that|the|same|again|once|more|as well|too|also|instead|please|now|then|and|but|ok|okay|"
    r"what|how|about|if|with|at|on|can|could|would|you|we|i|want|like|time|rather|be|experiment|one|another|for|to|of|let|us|let's|just|only|next|so|well|hm+|thing|question|check|run)\b|[^\w%:.=]+|[.:](?!\d)",
    re.IGNORECASE,
)


def settings_in(text: str) -> str:
    """The settings that a message names, in the words in which a claim names them."""
    return " ".join(form for _, _, form in _found(text))


def without_settings(text: str) -> str:
    """A message without the settings that it names."""
    for start, end, _ in sorted(_found(text), reverse=True):
        text = f"{text[:start]} {text[end:]}"
    return " ".join(text.split())


def changes_settings_only(text: str) -> bool:
    """Whether a message says nothing but which settings to take: "Run it at 3 bits as well"."""
    return bool(settings_in(text)) and not _FILLING.sub("", without_settings(text))


def with_settings(claim: str, settings: str) -> str:
    """A claim with settings, as `settings_in` gives them, put in the place of its own."""
    for kind in _KINDS:
        if kind.said.search(settings):
            claim = kind.held.sub(" ", claim)
    return re.sub(r" (?=[,.;?!])", "", " ".join(f"{claim.rstrip(' .?')} {settings}".split())) if settings else claim


def _found(text: str) -> list[tuple[int, int, str]]:
    """Where a text names settings, each place once, and the words for a claim."""
    taken: list[tuple[int, int, str]] = []
    for start, end, form in _matches(text):
        if not any(start < other_end and other_start < end for other_start, other_end, _ in taken):
            taken.append((start, end, form))
    return taken


def _matches(text: str) -> Iterator[tuple[int, int, str]]:
    for kind in _KINDS:
        for match in kind.said.finditer(text):
            yield match.start(), match.end(), kind.form.format(next(filter(None, match.groups())))
