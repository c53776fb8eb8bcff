"""Messages that order a run, change the last one, or ask what it means for the paper. Pure.

The cues of `cues` find a check that is asked for in so many words; here are the orders that are told by their claim, or
by the run before.
"""

import re
from collections.abc import Sequence

from agent.claims import Plan, settings_in, understand_claim, with_settings
from agent.cues import Intent
from agent.desk import Desk, PastTurn
from agent.references import ordinal

_LEADS = r"^\W*(?:(?:then|now|ok|okay|so|well|please|just|and|but|fine|good|next|first|instead|surely|can you|could you|let us|let's|go|anyway)\b\W*)*"
_ORDER = re.compile(
    rf"{_LEADS}(?:(?:try|run|test|simulate|re-?run|measure|benchmark|execute|launch|repeat)\b(?! (?:to|and|through|down|me|by|again later|a summary)\b)|do (?:it|that|the same) (?:on|with|at|for)\b)",
    re.IGNORECASE,
)
_CHECKS = re.compile(r"(?:^|[,;:.–—-] ?|\band )(?:please )?(?:check|verify|test|try|run|prove|confirm)(?: (?:it|this|that))?(?: (?:small|here|please|first|now|anyway|for me|on (?:the )?\w+(?: net)?))*\W*(?:$|[:])|\b(?:check|verify|test|try|run) (?:it|this|that)(?: \w+)?:", re.IGNORECASE)  # fmt: skip
_NUMBER_ALONE = re.compile(r"^\W*(?:(?:and|now|then|ok|what about|how about|same|also|with|at|for|using)\b\W*)*(\d+(?::\d+)?(?:\.\d+)?) ?(%|bits?|percent|seeds?|sparsity)?(?: then| instead| please)?\W*$", re.IGNORECASE)  # fmt: skip
_VERSUS = re.compile(rf"{_LEADS}[\w.:-]+(?: [\w.:-]+){{0,3}} (?:vs\.?|versus|against) [\w.:-]+", re.IGNORECASE)
_BEARS = re.compile(
    r"\b(?:does|do|what|how|is|would|can|so)\b.*\b(?:that|this|it|the (?:run|verdict|result|outcome|experiment|test))\b.*\b(?:say|mean|tell|bear|speak|show|imply|prove|matter|change|count|support|help|transfer|carry|settle)\w*\b",
    re.IGNORECASE,
)
_ANY_TESTABLE = re.compile(r"\b(?:which|what|any|are there)\b.{0,50}\b(?:claims?|concerns?|points?|questions?|complaints?|objections?)\b.{0,40}\b(?:test\w*|check\w*|verif\w*|run|measured)\b", re.IGNORECASE)  # fmt: skip
_OF_TEXT = re.compile(
    r"\b(?:authors?|reviewers?|rebuttal|response|review|section|table|figure|appendix|typos?|citations?)\b",
    re.IGNORECASE,
)
_SAID = re.compile(r"^[^:“”]{1,60}: “(.+)”\W*$")
"""A quotation with who said it before it."""
_RUNS = re.compile(r"\b(?:check|verify|test|try|run|start|measure|simulate)\b", re.IGNORECASE)
_RUN_BEFORE = ("verify", "consent")


def experiment_question(text: str, desk: Desk, read: Sequence[Intent]) -> tuple[Intent, str | None] | None:
    """The intent of a message about experiments, of which `read` was read, with the claim to run; or None."""
    ran = _last_run(desk)
    last = desk.last.request["intents"][0] if desk.last else ""
    claim = ran.answer.verdicts[-1]["claim"] if ran and ran.answer.verdicts else ""
    changed = _changed(text, claim) if last in _RUN_BEFORE else None
    if changed:
        return "verify", changed
    listed = _listed(text, desk.last) if desk.last and last == "testable" else None
    if listed is not None:
        return "verify", listed
    if ran and last in (*_RUN_BEFORE, "about", "bearing", "runs") and _BEARS.search(text) and not _CHECKS.search(text):
        return "bearing", None
    if "testable" in read:
        return "testable", None
    if _OF_TEXT.search(text) and not isinstance(understand_claim(text), Plan):
        return None
    if isinstance(understand_claim(text), Plan) and (_CHECKS.search(text) or _ORDER.search(text)):
        return "verify", _statement(text)
    if _ORDER.search(text) and settings_in(text).strip() != text.strip():
        return "verify", _statement(text)
    if last in (*_RUN_BEFORE, "bearing") and _VERSUS.search(text) and "?" not in text:
        return "verify", _statement(text)
    return None


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
