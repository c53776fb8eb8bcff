"""Questions on the chair's own work: what to decide and why, what they said themselves, which papers need them. Pure.

They go before others: "which of my papers has no reply" is no question on one paper's replies.
"""

import re
from collections.abc import Sequence

from agent.cues import Intent
from agent.desk import Desk
from agent.request import Request

_STACK = r"(?:(?:of|on|in|across|over|from|for|among) )?(?:all |the |my |our |these |this )*(?:whole |entire |full )?(?:stack|pile|batch|submissions|papers|lot|assignments?)\b|\ball (?:two|three|four|five|six|seven|eight|nine|ten|\d+)(?: of them| papers| submissions)?\b(?! (?:review|like|agree|say|of the review|point|concern))"
_WHICH = r"\b(?:which|what)(?: (?:one|paper|submission)s?)?\b|\bwhere\b|\bany\b"
OF_THE_CHAIR: tuple[Intent, ...] = (
    "structured", "triage", "argue", "changes", "about", "thanks", "offtopic", "enough", "weights", "own", "compare",
)  # fmt: skip
_ALL = re.compile(_STACK, re.IGNORECASE)
_ASKS_WHICH = re.compile(_WHICH, re.IGNORECASE)
_OF_PAPERS = re.compile(r"\b(?:paper|submission)s\b|\b(?:my|the (?:whole|entire)) (?:stack|pile|batch|lot)\b|\bof (?:mine|my)\b", re.IGNORECASE)  # fmt: skip
_BOTH = re.compile(r"\b(?:both|the two|either|each(?: of)?|neither|same|which (?:one|has|is|of)|who is|difference)\b", re.IGNORECASE)  # fmt: skip
_AGAINST = re.compile(r"\b(?:vs\.?|compare .{0,40}\b(?:to|with)|versus|compared? (?:to|with)|than|against|and|both|same|difference|or)\b", re.IGNORECASE)  # fmt: skip
_BY_OTHERS = re.compile(r"\b(?:any(?:one|body)|some(?:one|body)|who|reviewers?|referees?|authors?|they|he|she|R\d)\b(?: \w+){0,2} compar\w+", re.IGNORECASE)  # fmt: skip
"""A comparison that somebody makes, or misses, in the paper at hand."""
_THIS = re.compile(r"\b(?:this(?: one| paper)?|it|both|same|the other|current|here)\b", re.IGNORECASE)
_TO_COMPARE = re.compile(r"\b(?:ratings?|scores?|decisions?|reasons?|rejected|accepted|about|unanswered|critici\w+|concerns?|weak\w*|strong\w*|side by side|compare|better|worse|worst|first)\b", re.IGNORECASE)  # fmt: skip
FACETS: dict[str, re.Pattern[str]] = {
    name: re.compile(pattern, re.IGNORECASE)
    for name, pattern in (
        ("unreviewed", r"\bno (?:\w+ )?reviews?\b|\bwithout (?:any )?reviews?\b|\bnot (?:been )?reviewed\b|\bunreviewed\b|\blacks? (?:any )?reviews?\b|\breviews? missing\b"),
        ("unscored", r"\b(?:no|missing|without|lack\w*|incomplete)\b.{0,15}\b(?:scores?|ratings?|numbers?)\b|\b(?:scores?|ratings?)\b.{0,15}\b(?:missing|lacking|absent|incomplete)\b|\bunscored\b"),
        ("unanswered", r"\b(?:no|without|missing|lack\w*|not|never|n't)\b.{0,20}\b(?:author |authors' )?(?:responses?|rebuttals?|repl(?:y|ies|ied)|respond\w*|answer\w*)\b|\bunanswered\b|\bsilent authors\b"),
        ("spread", r"\b(?:spread|range|disagree\w*|split|divided|controvers\w+|apart|divergen\w+|conflict\w*|contested|borderline)\b"),
        ("testable", r"\b(?:experiments?|runs?|test\w*|checks?|checkable|verif\w+)\b"),
        ("integrity", r"\b(?:integrity|injection\w*|hidden|instructions?|suspicious|manipulat\w+|findings?)\b"),
        ("lean", r"\b(?:should|shall|would|could|can|ought|must|recommend\w*|suggest\w*|propose|advise|worth|deserve\w*|merit\w*|likely|i|we)\b[^.?!]{0,40}\b(?:accept(?:s|ed|ing|ance)?|reject(?:s|ed|ing|ion)?)\b(?! by\b)|\blean\w*"),
        ("decided", r"\b(?:decided|decisions?|accepted|rejected|done)\b"),
    )
}  # fmt: skip
"""By what a stack of papers may be looked through."""
OVER_PAPERS = ("triage", "compare")


def chair_question(
    text: str, read: Sequence[Intent], named: Sequence[str], desk: Desk, last: Request | None
) -> tuple[Intent, tuple[str, ...]] | None:
    """The one intent of a question on the chair's work with the papers it is about (none: all), or None; of the message
    `read` was read."""
    before = last.intents[0] if last else ""
    several = tuple(dict.fromkeys(named))
    if len(several) == 1 and desk.current and desk.current not in several and _joins(text):
        several = (desk.current, *several)
    found: Intent | None = next((intent for intent in read if intent in OF_THE_CHAIR), None)
    lately = any("triage" in past.request["intents"] for past in desk.past[-3:])
    if lately and re.search(r"^\W*why\b|\bwhy that one\b|\bstart with\b", text, re.IGNORECASE):
        return "triage", ()
    of_stack = (found is None or "lean" in facets_of(text)) and _is_of_stack(text, before, several)
    if found == "triage" or of_stack:
        return "triage", ()
    if found == "compare" and not several and _BY_OTHERS.search(text):
        found = None
    if found == "compare" or (found is None and len(several) > 1):
        if len(several) < 2 and _ALL.search(text):
            return "compare", ()
        if len(several) < 2 and last is not None and len(last.submissions) > 1:
            several = last.submissions
        return ("compare", several) if len(several) != 1 and (several or len(desk.papers) > 1) else None
    if found is None and re.search(r"\bwho (?:else )?review", text, re.IGNORECASE):
        return None
    if found is None and before == "compare" and last is not None and not several and _BOTH.search(text):
        return "compare", last.submissions
    if found is not None:
        return found, several
    return None


def _joins(text: str) -> bool:
    """Whether a message that names one paper sets the one in question beside it."""
    return bool(_THIS.search(text) and _AGAINST.search(text))


def _is_of_stack(text: str, before: str, several: Sequence[str]) -> bool:
    """Whether a message looks through the stack by one of its facets."""
    facets = facets_of(text)
    if several or not facets:
        return False
    whole = bool(_ASKS_WHICH.search(text) and _OF_PAPERS.search(text)) or bool(
        re.search(r"\bwhich (?:papers?|submissions?)\b", text, re.IGNORECASE)
    )
    # "Should I accept it?" after a look at the stack is about one paper.
    further = "lean" not in facets or _ASKS_WHICH.search(text)
    return whole or bool(before == "triage" and len(text.split()) <= 12 and further)


def names_what_to_compare(text: str) -> bool:
    """Whether a comparison says by what papers are to be compared."""
    return bool(_TO_COMPARE.search(text))


def facets_of(text: str) -> tuple[str, ...]:
    """By what a message wants the stack looked through; empty for everything."""
    return tuple(name for name, pattern in FACETS.items() if pattern.search(text))
