"""Messages that order a run, change the last one, or ask what it means for the paper. Pure.

The cues of `cues` find a check that is asked for in so many words; here are the orders that are told by their claim, or
by the run before.
"""

import re
from collections.abc import Sequence

from agent.claims import Plan, understand_claim
from agent.cues import Intent
from agent.desk import Desk, PastTurn
from agent.intents import sentences_of
from agent.references import ordinal
from agent.setting_changes import changes_settings_only, settings_in, with_settings, without_settings

_LEADS = r"^\W*(?:(?:then|now|ok|okay|so|well|please|just|and|but|fine|good|next|first|instead|surely|can you|could you|let us|let's|go|anyway)\b\W*)*"
_ORDER = re.compile(
    rf"{_LEADS}(?:(?:try|run|test|simulate|re-?run|measure|benchmark|execute|launch|repeat)\b(?! (?:to|and|through|down|me|by|again later|a summary)\b)|do (?:it|that|the same) (?:on|with|at|for)\b)",
    re.IGNORECASE,
)
_CHECKS = re.compile(r"(?:^|[,;:.?!–—-] ?|\band )(?:please )?(?:check|verify|test|try|run|prove|confirm)(?: (?:it|this|that))?(?: (?:small|here|please|first|now|anyway|for me|on (?:the )?\w+(?: net)?))*\W*(?:$|[:])|\b(?:check|verify|test|try|run) (?:it|this|that)(?: \w+)?:", re.IGNORECASE)  # fmt: skip
_NUMBER_ALONE = re.compile(r"^\W*(?:(?:and|now|then|ok|what about|how about|same|also|with|at|for|using)\b\W*)*(\d+(?::\d+)?(?:\.\d+)?) ?(%|bits?|percent|seeds?|sparsity)?(?: then| instead| please)?\W*$", re.IGNORECASE)  # fmt: skip
_VERSUS = re.compile(rf"{_LEADS}[\w.:-]+(?: [\w.:-]+){{0,3}} (?:vs\.?|versus|against) [\w.:-]+", re.IGNORECASE)
_BEARS = re.compile(
    r"\b(?:does|do|what|how|is|would|can|so)\b.*\b(?:that|this|it|the (?:run|verdict|result|outcome|experiment|test))\b.*\b(?:say|mean|tell|bear|speak|show|imply|prove|matter|change|count|support|help|transfer|carry|settle)\w*\b",
    re.IGNORECASE,
)
_ANY_TESTABLE = re.compile(r"\b(?:which|what|any|are there)\b.{0,50}\b(?:claims?|concerns?|points?|questions?|complaints?|objections?|wishes|requests?|demands?|doubts?|remarks?)\b.{0,40}\b(?:test\w*|check\w*|verif\w*|run|re-?run|measured|try|tried)\b", re.IGNORECASE)  # fmt: skip
_SOURCES = re.compile(
    r"\b(?:papers?|submissions?|table|section|figures?|according|report(?:s|ed)?|shown?|prove[ds]?|evidence|ablation|compare[sd]? (?:with|to)|convinc\w+)\b",
    re.IGNORECASE,
)
_OF_TEXT = re.compile(
    r"\b(?:authors?|reviewers?|rebuttal|response|review|section|table|figure|appendix|typos?|citations?)\b",
    re.IGNORECASE,
)
_SAID = re.compile(r"^(?:[^:“”]{1,60}: )?“(.+)”\W*$")
"""A quotation, with who said it before it or without."""
_RUNS = re.compile(r"\b(?:check|verify|test|try|run|start|measure|simulate)\b", re.IGNORECASE)
_WHY = re.compile(
    r"\b(?:why|how come|what makes)\b.*\b(?:that|this|it|inconclusive|supported|contradicted|failed|unclear|undecided|verdict|outcome|result|conclusive)\b"
    r"|\bhow many (?:more )?seeds\b.*\b(?:need|take|settle|conclusive|enough|would)\w*|\bwhat would (?:it take|settle)\b",
    re.IGNORECASE,
)
_YES_NO = re.compile(
    r"(?:^|[.!?,:;] |\b(?:but|and|so|then) )(?:does|do|did|is|are|was|would|will|can|could|should|has)(?:n't)?\b(?! (?:you|we|i|anyone|anybody|they|he|she)\b)[^.!]*\?\W*$",
    re.IGNORECASE,
)
_FIND_OUT = re.compile(
    r"\b(?:find (?:that |this |it )?out|check|test|verify|try|run|experiment|measure|settle (?:that|this|it)|put (?:that|this|it) to the test|see (?:whether|if))\b",
    re.IGNORECASE,
)
_FIGURE_ELSEWHERE = re.compile(
    rf"{_LEADS}(?:check|verify|test|reproduce|re-?run|confirm|measure|replicate)\b[^?]*\d[^?]*\b(?:on|for|at) (?:the )?(?:full )?(?:ImageNet|ILSVRC|CIFAR|COCO|SQuAD)",
    re.IGNORECASE,
)
"""A figure of data that no testbed holds is to be checked by running it."""
_FIGURE_OF_DATA = re.compile(
    r"\d[^?]*\b(?:on|for|at) (?:the )?(?:full )?(?:ImageNet|ILSVRC|CIFAR|COCO|SQuAD)", re.IGNORECASE
)
_RUN_BEFORE = ("verify", "consent")
_ON_RUNS = (*_RUN_BEFORE, "bearing", "runs", "about")


def experiment_question(text: str, desk: Desk, read: Sequence[Intent]) -> tuple[Intent, str | None] | None:
    """The intent of a message about experiments, of which `read` was read, with the claim to run; or None."""
    ran = _last_run(desk)
    last = desk.last.request["intents"][0] if desk.last else ""
    about = last_claim(desk)
    if about is not None and changes_settings_only(text):
        return "verify", with_settings(about[0], settings_in(text))
    claim = ran.answer.verdicts[-1]["claim"] if ran and ran.answer.verdicts else ""
    changed = _changed(text, claim) if last in _RUN_BEFORE else None
    if changed:
        return "verify", changed
    listed = _listed(text, desk.last) if desk.last and last == "testable" else None
    if listed is not None:
        return "verify", listed
    if ran and last in _ON_RUNS and asks_why(text) and not _CHECKS.search(text):
        return "bearing", None
    if ran and last in _ON_RUNS and _BEARS.search(text) and not _CHECKS.search(text):
        return "bearing", None
    if "testable" in read:
        return "testable", None
    return _ordered(text, last)


def _ordered(text: str, last: str) -> tuple[Intent, str | None] | None:
    """An order to run what the message itself says, or a question that only a run can answer."""
    asked = _asked(text)
    if asked is not None:
        return "verify", asked
    plan = understand_claim(text)
    testable = isinstance(plan, Plan)
    if _FIGURE_ELSEWHERE.search(text) or (_FIGURE_OF_DATA.search(text) and _CHECKS.search(text)):
        return "verify", _statement(text)
    if _OF_TEXT.search(text) and not testable:
        return None
    if testable and (_CHECKS.search(text) or _ORDER.search(text)):
        return "verify", _statement(text)
    if _ORDER.search(text) and without_settings(text):
        return "verify", _statement(text)
    bare = names_sides_only(text)
    if bare and last in (*_RUN_BEFORE, "bearing"):
        return "verify", _statement(text)
    if bare and isinstance(plan, Plan) and not plan.contrast and not plan.directed and not _SOURCES.search(text):
        return "verify", _statement(text)
    return None


def names_sides_only(text: str) -> bool:
    """Whether a message sets two things side by side and asks for nothing: "Magnitude against second-order"."""
    return bool(_VERSUS.search(text)) and "?" not in text and not (_ORDER.search(text) or _CHECKS.search(text))


def _asked(text: str) -> str | None:
    """The sentence of a message that asks by itself what an experiment decides, or that somebody wonders about and is
    to be found out; None where the message asks for what the sources say."""
    told = [s for s in sentences_of(text) if isinstance(understand_claim(s), Plan)]
    if len(told) != 1:
        return None
    sentence, others = told[0], text.replace(told[0], " ")
    if _FIND_OUT.search(others) and not _SOURCES.search(others):
        return sentence
    return sentence if _YES_NO.search(sentence) and not (_OF_TEXT.search(text) or _SOURCES.search(text)) else None


def asks_why(text: str) -> bool:
    """Whether a message asks why a verdict is what it is, or what would settle it."""
    return bool(_WHY.search(text))


def last_claim(desk: Desk) -> tuple[str, str] | None:
    """The claim that the last turns were about, with what it bears on: the plan that waits for a yes, else the last that
    came to a verdict; None where the last turn was about something else."""
    if desk.last is None or desk.last.request["intents"][0] not in _ON_RUNS:
        return None
    if desk.proposal is not None:
        return desk.proposal.claim, desk.proposal.bears_on
    ran = _last_run(desk)
    if ran is None:
        return None
    verdict = ran.answer.verdicts[-1]
    return verdict["claim"], verdict["verdict"].get("bears_on", "")


def asks_for_any(text: str) -> bool:
    """Whether a message asks what can be tested at all, rather than whether one thing can."""
    return bool(_ANY_TESTABLE.search(text))


def _listed(text: str, past: PastTurn) -> str | None:
    """The testable point to which an order points in the list before it: "run the second"."""
    index = ordinal(text) if _RUNS.search(text) else None
    points = [
        _SAID.sub(r"\1", s.text)
        for s in past.answer.sentences
        if s.citations and isinstance(understand_claim(s.text), Plan)
    ]
    return points[index] if index is not None and -len(points) <= index < len(points) else None


def _last_run(desk: Desk) -> PastTurn | None:
    """The latest turn that came to a verdict."""
    return next((past for past in reversed(desk.past) if past.answer.verdicts), None)


def _changed(text: str, claim: str) -> str | None:
    """The last claim with the number of an elliptic message in the place of its own: "and at 2?"."""
    match = _NUMBER_ALONE.search(text)
    if match is None or not claim:
        return None
    number, unit = match.groups()
    held = settings_in(claim)
    if not unit:
        unit = (
            "bits"
            if re.search(r"bit", held, re.IGNORECASE)
            else "% sparsity"
            if "%" in held and ":" not in number
            else ""
        )
    named = f"{number} {unit}".strip()
    return with_settings(claim, settings_in(named) or named)


def _statement(text: str) -> str:
    """The claim of an order, without the words that order it."""
    bare = re.sub(
        r"[,;.:!–—-]\s*(?:please )?(?:check|verify|test|try|run)(?: (?:it|this|that))?(?= on\b|\W*$)",
        "",
        text,
        flags=re.IGNORECASE,
    )
    bare = re.sub(rf"{_LEADS}(?:(?:something close|test it small|check it|try it|test it|run it|check|test|verify|try|run)\b(?! on\b)\W*)*", "", bare, flags=re.IGNORECASE)  # fmt: skip
    return bare.strip(" ,:;.") or text
