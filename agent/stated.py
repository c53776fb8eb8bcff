"""The chair's own decision, as stated in a message: recorded, never overwritten, never invented."""

import re
from dataclasses import dataclass

_STATES = re.compile(
    r"\b(?:i(?:'ll| will| would| shall| am| 'm|'m|'d| have)?(?: be| am| going to| now| therefore| also| still| finally)*(?: going to)? "
    r"(?:giv\w*|rat(?:e|ing)|accept(?:ing)?|reject(?:ing)?|recommend(?:ing)?|assign\w*|decid\w*|lean\w*|inclin\w*|vot\w*|scor(?:e|ing)|set|settle\w*)"
    r"|my (?:final |own |preliminary |current )?(?:decision|rating|score|recommendation|verdict|confidence|note) (?:is|would be|will be|for this|stays|:)"
    r"|i (?:think|believe|find|consider) (?:that )?(?:the|this) (?:paper|submission) (?:is|should be) (?:marginally|slightly|clearly|well|a |an |accept|reject|below|above|weak|strong|borderline)"
    r"|(?:please )?(?:record|note down|write down|put down|remember)(?: that)?\b)",
    re.IGNORECASE,
)
_LABELS = (
    r"strong(?:ly)? accept|strong(?:ly)? reject|weak(?:ly)? accept|weak(?:ly)? reject|borderline accept|borderline reject|clear accept|clear reject|"
    r"marginally (?:above|below)(?: the)?(?: acceptance)?(?: threshold)?|slightly (?:above|below)(?: the)?(?: acceptance)?(?: threshold)?|"
    r"major revision|minor revision|accept(?:ance|ing|ed)?|reject(?:ion|ing|ed)?|borderline"
)
_LABEL = re.compile(rf"\b({_LABELS})\b", re.IGNORECASE)
_RATING = re.compile(
    r"(?:rating|score|overall|grade)(?: \w+){0,3}? (?:of |is |as |: ?|to )?(?:an? )?(\d{1,2}(?:\.\d)?)\b|\b(?:give|giving|rate|score|assign)(?: (?:it|this|the paper|the submission|this paper))?(?: (?:an?|as))? (\d{1,2}(?:\.\d)?)\b"
    r"|\b(\d{1,2}(?:\.\d)?) ?[:(,-] ?(?:strong|weak|borderline|marginal|accept|reject|clear)",
    re.IGNORECASE,
)
_CONFIDENCE = re.compile(
    r"\bconfiden\w+(?: level| score)?(?: of| is| at|:| =)? ?(\d(?:\.\d)?)\b|\b(\d(?:\.\d)?) (?:in|of) confidence|\bconfiden\w+ (?:is |of )?(high|medium|low)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class StatedDecision:
    """What the chair said: any field may be missing; `note` keeps the sentence itself."""

    decision: str | None = None
    rating: float | None = None
    confidence: float | None = None
    note: str = ""


def find_decision(text: str) -> StatedDecision | None:
    """The decision that a message states, or None; questions state nothing."""
    for sentence in re.split(r"(?<=[.!?])\s+(?=[A-Z])|\n+", text):
        if sentence.rstrip().endswith("?") or not _STATES.search(sentence):
            continue
        label, rating = _LABEL.search(sentence), _RATING.search(_CONFIDENCE.sub(" ", sentence))
        confidence = _CONFIDENCE.search(sentence)
        noted = re.search(
            r"^\W*(?:please )?(?:record|note down|write down|put down|remember)\b", sentence, re.IGNORECASE
        )
        if not (label or rating or confidence or noted):
            continue
        number = next((g for g in rating.groups() if g), None) if rating else None
        sure = next((g for g in confidence.groups() if g and g[0].isdigit()), None) if confidence else None
        return StatedDecision(
            decision=_normal(label.group(1)) if label else None,
            rating=float(number) if number else None,
            confidence=float(sure) if sure else None,
            note=sentence.strip(),
        )
    return None


def _normal(label: str) -> str:
    """One spelling a label: "rejection" -> "reject", "weakly accept" -> "weak accept"."""
    label = re.sub(r"(?i)\b(accept|reject)(ance|ing|ed|ion)\b(?! threshold)", r"\1", label.lower())
    return re.sub(r"\b(strong|weak)ly\b", r"\1", label)
