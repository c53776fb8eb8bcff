"""Checks of a sentence about an experiment against the text of its run; each returns why it fails, or None.

A run is spoken of with its own numbers and its own outcome, and for the small network that it was made on.
"""

import re
from collections.abc import Sequence

from agent.checks import NUMBER, open_ranges

_RUN_NUMBER = re.compile(r"(?:(?<![\w.])[-+−])?\d[\d,]*(?:\.\d+)?")
_OUTCOME_WORDS = {
    "supported": re.compile(r"\b(?:support(?:s|ed)?|confirm(?:s|ed)?|holds?(?= up| true|\W*$|[.,;]| here| on| for| in)|prove[sdn]?|is (?:true|right|correct)|true)\b", re.IGNORECASE),
    "contradicted": re.compile(r"\b(?:contradict(?:s|ed)?|refut(?:es?|ed)|disprove[sdn]?|wrong|false|untrue|incorrect)\b", re.IGNORECASE),
    "inconclusive": re.compile(r"\binconclusive\b", re.IGNORECASE),
    "failed": re.compile(r"\bfailed\b", re.IGNORECASE),
}  # fmt: skip
_NEGATED_BEFORE = re.compile(
    r"(?:\b(?:not|never|no|neither|nor|cannot|hardly)\b|n't\b)\W+(?:\w+\W+){0,2}$", re.IGNORECASE
)
_WIDER = re.compile(
    r"\b(?:ImageNet|ResNet|WideResNet|BERT|VGG|YOLO\w*|CIFAR|COCO|SQuAD|GPT|LLaMA|OPT|ViT|DeiT|MobileNet|EfficientNet|AlexNet|GoogLeNet|Inception|LeNet|WikiText|C4|transformers?|LLMs?"
    r"|language models?|(?:any|all|every|other|larger?|big|bigger|deep|modern|real|most)(?:[- ]scale)? (?:\w+ )?(?:nets?|networks?|models?|datasets?|architectures?)|in general|generali[sz]es?|at scale|everywhere|always)(?![a-z])",
    re.IGNORECASE,
)
_DISCLAIMED = re.compile(
    r"\b(?:not|rather than|instead of|without) (?:to |on |for |of |about |at )?(?:the |an? )?$"
    r"|(?:\b(?:no|not|nothing|cannot|neither)\b|n't\b)(?:\W+\w+){0,4}?\W+(?:statement|sa(?:y|id)|speak|tell|told|test(?:ed)?|cover|appl(?:y|ies)|extend|transfer|carry|generali[sz]e|evidence|conclu\w+|about|figures?)\b[^.;]{0,60}$",
    re.IGNORECASE,
)

_ARM = r"[A-Za-z][\w /()+-]*?"
_VALUE = r"[-+−]?\d[\d.,]*(?: ?%| \w+)?"
_ARMS = re.compile(rf"(?:^|[:.] )(?P<treatment>{_ARM}) {_VALUE} against (?P<baseline>{_ARM}) {_VALUE}")
_DIFFERENCE = re.compile(r"\bdifference\b[^.;+−-]{0,40}(?P<sign>[-+−])\d")
_BETTER = re.compile(
    r"\b(?:better|outperform\w*|beats?|beaten|wins?|won|ahead|superior|surpass\w*|(?:higher|more) accura\w*|los(?:es?|t) less)\b",
    re.IGNORECASE,
)
_WORSE = re.compile(
    r"\b(?:worse|behind|inferior|underperform\w*|(?:lower|less) accura\w*|los(?:es?|t) more)\b", re.IGNORECASE
)


def check_run_numbers(text: str, runs: Sequence[str]) -> str | None:
    """Every number stands in a run, with the same sign where the sentence writes one."""
    held = {_signed(n) for run in runs for n in _RUN_NUMBER.findall(open_ranges(run))}
    sizes = {abs(n) for n in held}
    for match in NUMBER.finditer(open_ranges(re.sub(r"\b[A-Za-z][\w-]*\d[\w-]*", " ", text))):
        value = _signed(match.group(1))
        written = match.group(1)[0] in "+-−"
        if value not in held if written else abs(value) not in sizes:
            return f"{match.group().strip()} is not in the run"
    return None


def check_outcome(text: str, runs: Sequence[str]) -> str | None:
    """Words of success need a supported run, words of refutation a contradicted one, and the other way when negated."""
    outcomes = {o for run in runs for o in _outcomes(run)}
    for outcome, pattern in _OUTCOME_WORDS.items():
        for match in pattern.finditer(text):
            negated = bool(_NEGATED_BEFORE.search(text[: match.start()]))
            if (outcome in outcomes) == negated:
                return f'the run does not say "{"not " if negated else ""}{match.group()}"'
    return None


def check_direction(text: str, runs: Sequence[str]) -> str | None:
    """Which arm is said to do better is the one that the run found better; where it found none, none is said to."""
    wrong = [_wrong_direction(text, run) for run in runs]
    return wrong[0] if wrong and all(wrong) else None


def _wrong_direction(text: str, run: str) -> str | None:
    arms, difference = _ARMS.search(run), _DIFFERENCE.search(run)
    found = [(m, better) for better, p in ((True, _BETTER), (False, _WORSE)) for m in p.finditer(text)]
    if arms is None or difference is None or not found:
        return None
    match, better = min(found, key=lambda pair: pair[0].start())
    said = text[: match.start()]
    places = {name: _place_of(arms.group(name), said) for name in ("treatment", "baseline")}
    named = [name for name, place in places.items() if place >= 0]
    if not named or _NEGATED_BEFORE.search(said):
        return None
    if set(_outcomes(run)) & {"inconclusive", "failed"}:
        return f'the run does not say "{match.group()}"'
    first = min(named, key=lambda name: places[name])
    ahead = first if better else next(name for name in places if name != first)
    wins = "treatment" if difference.group("sign") == "+" else "baseline"
    return None if ahead == wins else f"the run found {arms.group(wins)} the better"


def _place_of(arm: str, text: str) -> int:
    """Where an arm is first named, by its first word at least; -1 where it is not."""
    return text.lower().find(re.split(r"[ (]", arm)[0].lower())


def check_scope(text: str) -> str | None:
    """A run speaks for its small network; a wider scope is named only to say that nothing is said of it."""
    for match in _WIDER.finditer(text):
        if not _DISCLAIMED.search(text[: match.start()]):
            return f"the run says nothing of {match.group()}"
    return None


def _outcomes(run: str) -> list[str]:
    """The outcome that a run's text states; where it is not labelled, every outcome word in it."""
    labelled = re.findall(r"\bOutcome: (\w+)", run)
    return labelled or re.findall(r"\b(supported|contradicted|inconclusive|failed)\b", run)


def _signed(number: str) -> float:
    return float(number.replace(",", "").replace("−", "-"))
