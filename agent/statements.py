"""All that a message of the chair's states for later: a decision, notes, priorities, and what is taken back. Pure."""

import re
from collections.abc import Sequence
from dataclasses import replace

from agent.desk import Desk
from agent.judgements import Judged, read_judgement, with_told
from agent.notes import apart, is_numbered, struck_in
from agent.priorities import read_priorities
from agent.references import ASIDE
from agent.stated import StatedDecision, find_decision, sentences_of

_ASKS = re.compile(
    r"^\W*(?:(?:and|but|so|ok|okay|then|thanks|now|well)\b\W*)*(?:should|would|could|can|do(?! not\b|n['’]t\b)|does|did|is|are|was|were|will|shall|what(?! (?:counts|matters|(?:(?:anon)?reviewer ?\w{1,4}|r\d{1,2}) (?:says?|said|writes?|wrote|raises?|objects?|holds?))\b)|"
    r"why|how|which|when|where|who|has|have|suppose|imagine|assum\w+|if|say i|had i)\b",
    re.IGNORECASE,
)
_THEN_ASKS = re.compile(
    r"[,;–—-]\s*(?:and |so |then |but )?(?:would|should|could|can|what|who|whom|which|how|is|are|do|does|did|where|why|when)\b(?! not\b|n't)"
    r"|\band (?:then |please )?(?:list|show|tell|give(?! [^,.;]{0,40}\bweight\b)|summari[sz]e|compare|explain|write|draft|name|quote)\b",
    re.IGNORECASE,
)
_KEEP = re.compile(
    r"[\s,;.–—-]*\b(?:and |so |please |pls )*(?:keep|remember|note|save|store|record|file|hold) (?:it|that|this)(?: down| in mind| for later| please| pls| on file| for (?:me|now|(?:this|the) (?:paper|one|submission|work|conversation)))*[\s.!]*$",
    re.IGNORECASE,
)
_CONFIRM = re.compile(
    r"[\s,;.–—-]+(?:noted|ok(?:ay)?|got (?:it|that)|clear|understood|fine|agreed)\s*\?\s*$", re.IGNORECASE
)
"""A question at the end of a statement that asks whether it was heard."""
_WISH = re.compile(
    r"\b(?:i|we)(?:'d| would| do| will|'ll)? (?:want|need|like|insist|wish)\b.*\b(?:mention\w*|said|stated|addressed|named|spelled out|included|covered|written|kept|noted|(?:in|into) (?:the|my|our) (?:text|draft|meta-?review|review|report|letter))\b",
    re.IGNORECASE,
)
_THING = r"(?:decision|ratings?|scores?|confidence|recommendation|verdict|vote|call|notes?|priorit(?:y|ies)|judge?ments|(?:weak|strong|clear|borderline)? ?(?:accept|reject)\w*|view)"
_WITHDRAWS = re.compile(
    rf"^\W*(?:(?:please|ok|okay|actually|no|sorry|and|then|wait|i(?:'d| would|'ll| will)?(?: like to| want to)?|let me|let us|let's)\b\W*)*"
    rf"(?:scrap|withdraw|retract|delete|forget|remove|discard|undo|cancel|clear|erase|strike|take back|drop)\b (?:about )?(?:(?:all|my|the|that|those|these|last|of|own) )*(?P<what>{_THING})\b(?! (?:of|by|from) (?!mine\b|me\b|this\b|the paper\b))",
    re.IGNORECASE,
)
_TAKES_BACK = re.compile(
    r"^\W*(?:(?:ok|okay|actually|no|sorry|wait)\b\W*)*(?:(?:i )?(?:take|took) (?:it|that|this) back|(?:scrap|forget|undo|withdraw|retract|strike) (?:it|that)|"
    r"(?:i am|i'm) (?:undecided|not decided|unsure) again|(?:i have|i've) no decision(?: yet)?|no decision (?:yet|after all|for now)|i (?:have not|haven't) decided(?: yet)? after all)\b",
    re.IGNORECASE,
)
PASSED_ON = re.compile(
    r"\b(?:they|he|she|authors?|reviewers?|referees?|somebody|someone|a colleague|anonreviewer\d|r\d|the (?:text|paper|pdf|mail|e-?mail|letter|review|rebuttal|response|comment|appendix|footnote|file|abstract|message)|it)\b"
    r"[^.:;]{0,40}?\b(?:wr[io]tes?|e?mail(?:s|ed)?|sent|messaged|texted|says?|said|asks?|asked|tells?|told|orders?|ordered|instructs?|instructed|demands?|demanded|reads?|begs?|urges?|urged|wants?|wanted|suggests?)\b[^.:;]{0,25}?(?:[:“\"]|\b(?:me|us|you|that i|that we)\b)",
    re.IGNORECASE,
)
"""An order that somebody else gives, which the chair only passes on."""
_SCORES = ("decision", "rating", "confidence")


def find_statement(text: str, decided: bool = False, whole: str = "") -> StatedDecision | None:
    """What a message states, or None; `decided` as in `find_decision`.

    `text` is without the names of papers, which may read like words of a decision; notes are kept from `whole`.
    """
    found = _find(text, decided)
    if not whole or whole == text:
        return found
    named = _find(whole, decided)
    if found is None or named is None:
        return found or (
            named
            if named is not None and (named.kept or named.priorities or named.judged) and named.decision is None
            else None
        )
    return replace(found, kept=named.kept, priorities=named.priorities, judged=named.judged, note=named.note)


def with_points_told(stated: StatedDecision | None, desk: Desk) -> StatedDecision | None:
    """What was stated, with the points told before where the chair rules on "that point"; None where nothing is left."""
    if stated is None or not stated.judged:
        return stated
    judged = with_told(stated.judged, desk, ASIDE)
    plain = (stated.decision, stated.rating, stated.confidence) == (None, None, None)
    if not judged and plain and not stated.kept and not stated.priorities:
        return None
    return replace(stated, judged=judged)


def _find(text: str, decided: bool) -> StatedDecision | None:
    """What a message states."""
    text = _CONFIRM.sub(".", text)
    keep = _KEEP.search(text)
    said = text[: keep.start()] if keep and text[: keep.start()].strip() else text
    withdrawn = _withdrawn(said, decided)
    if withdrawn:
        return StatedDecision(note=said, withdrawn=withdrawn)
    found = find_decision(said, decided)
    noted = found.kept if found else ()
    told = [
        s
        for part in sentences_of(said)
        for s in apart(part)
        if not (s.rstrip().endswith("?") or _ASKS.search(s) or _THEN_ASKS.search(s))
    ]
    told = [s for s in told if not PASSED_ON.search(s)]
    judged = _judgements(told, text)
    # "That point does not count" and "I do not count R1's objection" are on single points, and no priorities.
    single = {one.said for one in judged if one.single}
    priorities = tuple(s for s in told if not is_numbered(s) and s not in single and read_priorities(_head_off(s)))
    judged = tuple(one for one in judged if one.said not in priorities)
    ruled = {one.said for one in judged}
    wishes = tuple(s for s in told if _WISH.search(s) and s not in noted and s not in priorities)
    kept = tuple(s for s in dict.fromkeys((*noted, *wishes)) if s not in priorities and s not in ruled)
    if keep and said is not text and not kept and not priorities and not judged and (found is None or found.note == ""):
        kept = (said.strip(),)
    if found is not None and ruled and found.kept and not kept and found.decision is None:
        found = None  # a note that rules on a point is kept as that
    if found is None and not priorities and not kept and not judged:
        return None
    note = found.note if found else " ".join((*kept, *priorities, *dict.fromkeys(one.said for one in judged)))
    return replace(found or StatedDecision(note=note), kept=kept, priorities=priorities, judged=judged)


def _judgements(told: Sequence[str], text: str) -> tuple[Judged, ...]:
    """The rulings on points of the reviews that sentences of a message state."""
    asks = any(s.rstrip().endswith("?") for s in sentences_of(text))
    found = [one for s in told if (one := read_judgement(s, beside_question=asks)) is not None]
    # "Reject, since R1's concern is open" gives a reason, and takes nothing back.
    return tuple(one for one in found if one.sense != "open" or find_decision(one.said) is None)


def _head_off(sentence: str) -> str:
    """A sentence without the heading under which it is noted."""
    return re.sub(r"^\W*(?:my )?(?:notes?|reminder|memo)(?: (?:for|to) \w+)?:\s*", "", sentence, flags=re.IGNORECASE)


def _withdrawn(text: str, decided: bool) -> tuple[str, ...]:
    """The names of what a message takes back."""
    sentence = text.strip().replace("’", "'")
    if one := struck_in(sentence):
        return (one,)
    if sentence.endswith("?"):
        return ()
    named = _WITHDRAWS.search(sentence)
    if named:
        what = named.group("what").lower()
        for word, names in (("rating", ("rating",)), ("score", ("rating",)), ("confidence", ("confidence",)), ("note", ("notes",)), ("priorit", ("priorities",)), ("judg", ("judged",))):  # fmt: skip
            if what.startswith(word):
                return names
        return _SCORES
    return _SCORES if decided and _TAKES_BACK.search(sentence) else ()
