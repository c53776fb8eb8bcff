"""A message that may be meant as the chair's decision and is not plain enough to be recorded: what to ask back. Pure.

"I say we reject it", "I accept it, thanks", "Accepted.": the label is there and the chair speaks, but of what is left open.
"""

import re

from agent.cues import Intent
from agent.decision_forms import DEGREE, END, LABEL, OBJECT, OPENING
from agent.desk import Desk
from agent.request import Request
from agent.stated import StatedDecision, is_open_or_reported, label_of, plain_of, sentences_of

OFFER = "Shall I record as your decision: {label}?"
_VERB = rf"(?P<value>{DEGREE}?(?:accept|reject)(?:ing|ed|ance|ion)?\b)"
_FORMS = [
    re.compile(form)
    for form in (
        rf"\b(?:i|we)\b(?P<lead>[^,;:?]{{0,40}}?) (?:an? )?{_VERB}{OBJECT}(?:,? please| too)?{END}",
        rf"{OPENING}(?P<lead>do not |not |never |go with |make it (?:an? )?|i say |say |an? )?(?P<value>{LABEL}){OBJECT}(?:,? please)?(?!-){END}",
        rf"{OPENING}(?:the|our|this) (?:final )?(?:decision|verdict|answer|outcome|recommendation|result)(?P<lead> (?:is|will be|must be|should be|remains))?\s?:?"
        rf" (?:to |an? )?(?P<value>{LABEL}){OBJECT}{END}",
    )
]
_NOT_MEANT = re.compile(
    r"\b(?:might|may|could|was|were|did|had|before|if|when|until|consider\w*|normally|usually|know|wish|whether|about|hate|afraid|fear|want to (?:know|see|hear)|how|why|"
    r"never said|tell|told|on record|past|then (?:was|were)|last (?:year|time))\b"
)
_NOT = re.compile(r"\b(?:not|never|no longer|against)(?: \w+){0,3}\W*$")
_YES = r"yes|yeah|yep|sure|ok(?:ay)?|please|do(?: (?:it|so|that))?|go ahead|that(?:'s| is) (?:right|correct|it)|right|correct|exactly|confirmed|(?:record|note) (?:it|that|this)|thanks"
_NO = r"no|nope|nah|not (?:yet|now)|don'?t(?: (?:record|note) (?:it|that|this))?|never mind|leave it(?: out)?|please|thanks|thank you"
_AGREES = re.compile(rf"^\W*(?!(?:(?:please|thanks|thank you)\b\W*)+$)(?:(?:{_YES})\b[\s,.!]*)+$", re.IGNORECASE)
_REFUSES = re.compile(rf"^\W*(?!(?:please|thanks|thank you)\W*$)(?:(?:{_NO})\b[\s,.!]*)+$", re.IGNORECASE)
_POINTS_BACK = re.compile(
    rf"{OPENING}(?:(?:i|we) (?:\w+ ){{0,2}}?)?(?:accept|reject)(?P<pronoun> (?:it|this))?(?:,? please)?\W*$"
)
OF_AN_ARGUMENT: tuple[Intent, ...] = ("response", "quality", "bearing", "verify", "consent")
"""Intents whose answer holds something else that "I accept it" may mean."""


def unsure_decision(text: str) -> StatedDecision | None:
    """The decision that a message may state, to be asked about; None where nothing reads like one."""
    asked = False
    for sentence in sentences_of(text):
        said = plain_of(sentence)
        asked, after_question = sentence.rstrip().endswith("?"), asked
        if not said or asked or after_question or is_open_or_reported(said):
            continue
        for form in _FORMS:
            match = form.search(said)
            if match is None or _NOT_MEANT.search(said[: match.end()]) or is_open_or_reported(said, match.start()):
                continue
            label = label_of(match.group("value"))
            if _NOT.search(f"{match.group('lead') or ''}"):
                if "accept" not in label.split():
                    continue
                label = "reject"
            return StatedDecision(label, note=sentence)
    return None


def leaves_open(text: str, desk: Desk, last: tuple[Intent, ...]) -> bool:
    """Whether a plain "I accept it" comes where something else than the paper waits to be accepted: an experiment that
    was offered, or a reply that was just told."""
    match = _POINTS_BACK.search(plain_of(text))
    return match is not None and (
        desk.proposal is not None or bool(match["pronoun"] and set(last) & set(OF_AN_ARGUMENT))
    )


def answer_to_offer(text: str, desk: Desk) -> Request | None:
    """The request of a yes or a no to the question whether a decision is to be recorded; None where none was put."""
    asked = asked_before(desk)
    if asked is None or desk.current is None:
        return None
    if _AGREES.search(text):
        return Request(text, ("state",), (desk.current,), stated=asked)
    return Request(text, ("state",), (desk.current,)) if _REFUSES.search(text) else None


def asked_before(desk: Desk) -> StatedDecision | None:
    """The decision that the last answer asked about."""
    offered = desk.last.request.get("offered") if desk.last is not None else None
    if not offered or desk.last is None:
        return None
    asked = OFFER.format(label=offered["decision"])
    return StatedDecision.from_json(offered) if any(s.text == asked for s in desk.last.answer.sentences) else None
