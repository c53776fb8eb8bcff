"""Questions that stay with a recommendation just given: "and if I ignore novelty?", "are you sure?", "why did you change?". Pure.

Taken by themselves they read like questions on the reviews or on this program.
"""

import re
from dataclasses import replace

from agent.desk import Desk
from agent.priorities import read_priorities
from agent.references import ASIDE
from agent.request import Request

OPENING = re.compile(
    r"^\W*(?:(?:and|so|but|ok|okay|then|now|well|hm+|alright|fine)\b\W*)*(?:what if|what about if|how about if|suppose|supposing|assume|assuming|if|imagine|say|given|what happens if|would (?:it|that|you) change if)\b(?: that)?",
    re.IGNORECASE,
)
_THOUGHT_AWAY = re.compile(
    r"^\W*(?:(?:and|so|but|ok|okay|then|now|well)\b\W*)*(?:without|leav(?:e|ing) (?:out|aside)|leav(?:e|ing)(?= [^?]{1,40} (?:out|aside)\b)|setting(?= [^?]{1,40} aside\b)|minus|ignoring|disregarding|discounting|not counting|excluding|setting aside)\b",
    re.IGNORECASE,
)
GONE = re.compile(
    r"\b(?:(?:did|does|do|had|were|was|is)(?: not|n't) (?:\w+ )?(?:exist|there|been|written|submitted|come|count\w*)|never (?:existed|been written|came)|not (?:exist|there)|without|leav\w+ (?:\w+ ){0,4}?(?:out|aside)|minus|"
    r"took out|taken out|removed?|gone|(?:thrown|left|ruled|kicked|struck) out|throw(?:ing)? (?:\w+ ){0,3}out|discard\w*|disregard\w*|dropp?\w*|ignor\w*|discount\w*|exclud\w*|withdrawn|deleted|set aside|not count(?:ing|ed)?)\b",
    re.IGNORECASE,
)
"""What tells that a reviewer is thought away."""
MET = re.compile(
    r"\b(?:met|answered|settled|resolved|addressed|fixed|satisfied|sorted|mended|closed|dealt with|provided|added|done|delivered)\b|\b(?:came|come|comes) (?:round|around)\b|\b(?:raised|raises|increased|changed) (?:the|his|her|their|its) (?:score|rating|mind)",
    re.IGNORECASE,
)
"""What tells that a concern is thought to be met."""
_ACCOUNT = re.compile(
    r"\bwhy (?:did|have|do|are|would) you (?:now )?(?:chang\w+|switch\w*|turn\w*|flip\w*|revis\w+|sa(?:y|id) (?:otherwise|something else|differently))|\bwhy (?:the|this|that|a) (?:change|switch|turn|difference)\b"
    r"|\bwhy (?:is|was) (?:that|this|it|your (?:answer|lean|view|recommendation|call)) (?:\w+ )?(?:different|another|changed|not the same)\b|\bwhy (?:different|otherwise) now\b|\bwhat (?:has |have you )?(?:changed|made you change|turned (?:you|it))\b"
    r"|\b(?:you|you have|you've) (?:\w+ )?changed? your mind\b|\bchanged your mind\b|\bare you (?:really |quite |absolutely |still |so |that )*(?:sure|certain|serious|confident|convinced)\b|\bhow (?:sure|certain|confident|firm) (?:are|is) (?:you|that|this)\b"
    r"|\b(?:you|did(?:n't| not)? you|didn't you|have(?:n't| not)? you) (?:just |only |first |earlier |already )*(?:sa(?:y|id)|told|lean\w*|recommend\w*|wr[io]te)\b.*\b(?:before|earlier|otherwise|accept\w*|reject\w*|undecided|first|different\w*|opposite)"
    r"|\b(?:before|earlier|first|previously|a moment ago|just now)\b[^?.]{0,25}\byou (?:sa(?:id|y)|lean\w*|told|recommend\w*)|\bi (?:heard|thought|read) you\b|\b(?:that|this)(?: is|'s) not what you said\b|\bnot what you (?:said|told me)\b"
    r"|\b(?:do you |you )?st(?:and|ick) (?:by|to) (?:that|this|it|your)\b|\bis that your (?:final|last) (?:word|answer)\b|^\W*really\W*$|\bcontradict\w* yourself\b|\bthat contradicts\b",
    re.IGNORECASE,
)
_ASKS_ELSE = re.compile(
    r"\b(?:where|which|whom?|whose|how (?:many|much|fast|often)|show|list|quote|cite|what (?:did|does|is|are|was|were|do (?!you\b)|would (?!you\b|it\b|that\b|then\b)|else))\b",
    re.IGNORECASE,
)
_WHAT_THEN = re.compile(
    r"\b(?:(?:and )?what (?:then|now|follows|do you (?:recommend|say) (?:then|now))|where does (?:that|this) leave (?:us|me|you|it)|(?:does|would|will) (?:that|this|it) (?:change|turn|move) (?:anything|it|your|the)\b.{0,25}|and (?:then|now)|(?:so )?what do you recommend(?: now| then)?)\W*\?",
    re.IGNORECASE,
)


BEARING = ("recommendation", "changes", "enough", "weights")
"""Intents whose answer is a lean or bears on one."""


def after_a_lean(desk: Desk, submission: str | None) -> bool:
    """Whether the last question that was more than an aside asked for a recommendation on this submission."""
    turns = (p for p in reversed(desk.past) if p.request["intents"][0] not in ASIDE)
    last = next(turns, None)
    return (
        last is not None and "recommendation" in last.request["intents"] and submission in last.request["submissions"]
    )


def stays_with_it(text: str, reviewers: tuple[str, ...]) -> bool:
    """Whether a message supposes something for the recommendation, or asks for an account of it."""
    if asks_for_account(text):
        return True
    opening = OPENING.search(text) or _THOUGHT_AWAY.search(text)
    if opening is None or _ASKS_ELSE.search(text, opening.end()):
        return False
    rest = OPENING.sub(" ", text).strip(" ?")
    gone = reviewers and GONE.search(text)
    return bool(read_priorities(rest) or MET.search(rest) or gone or thought_away(text))


def thought_away(text: str) -> str:
    """What a message thinks away, "the novelty concern" of "without the novelty concern, what then?"; empty if nothing."""
    match = _THOUGHT_AWAY.search(text)
    return re.split(r"[,;?]|\bwhat\b|\bwould\b|\b(?:out|aside)\b", text[match.end() :])[0].strip() if match else ""


def asks_for_account(text: str) -> bool:
    """Whether a message asks for what was said before, why it changed, or how sure it is."""
    return bool(_ACCOUNT.search(" ".join(text.replace("’", "'").split())))


def asks_what_then(text: str) -> bool:
    """Whether a statement ends with the question what follows from it."""
    return bool(_WHAT_THEN.search(text))


def with_the_lean(request: Request, reviewers: tuple[str, ...]) -> Request:
    """The request of a message that stays with the recommendation given before; unchanged where it asks for other things."""
    if request.stated is not None:
        goes_on = asks_what_then(request.text) and not request.stated.decision
        return replace(request, intents=("state", "recommendation")) if goes_on else request
    return replace(request, intents=("recommendation",)) if stays_with_it(request.text, reviewers) else request
