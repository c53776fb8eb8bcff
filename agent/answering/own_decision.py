"""What the chair has stated themselves: confirmed when stated, told when asked for, never overwritten."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from agent.answering.chair_weights import Stated, apply_all
from agent.answering.parts import fact, judge, say
from agent.answering.rulings import ruling_lines
from agent.answering.scores import ratings
from agent.desk import Desk
from agent.draft import DraftSentence
from agent.gathered import Gathered, ReviewFile
from agent.judgements import Judged, judged_in
from agent.notes import without, without_label
from agent.priorities import read_priorities
from agent.request import Request
from agent.unsure import OFFER, asked_before

_OF_NOTES = re.compile(r"\bnot(?:e|ed|es)\b|\bremember|\bkeep|\bkept\b|\bwrote\b", re.IGNORECASE)
_OF_PRIORITIES = re.compile(r"\bpriorit|\bcriteri|\bweigh|\bmatters?\b|\border\b|\bcare\b", re.IGNORECASE)
_OF_JUDGEMENTS = re.compile(r"\bjudge?ments?\b|\brul(?:ed|ing)\b|\bsettled\b|\bpoints?\b", re.IGNORECASE)
_OF_REASON = re.compile(r"\breasons?\b|\bwhy\b|\bmy words\b|\bbecause\b|\bground", re.IGNORECASE)
_OF_DECISION = re.compile(
    r"\b(?:decision|decided?|rating|rated?|score|confidence|call|lean|vote|verdict|view|recommend\w*)\b", re.IGNORECASE
)
_HEAD = re.compile(r"^\W*(?:(?:ok|okay|please|also|and|now|then|so|well|fine|good|thanks|thank you|before i forget|for the record|i(?= note\b))\b\W*)*(?:(?:my |your )?(?:notes?|reminder|memo)(?: ?#?\d{1,2})?(?: (?:for|to) \w+)?\s*:|(?:please )?(?:note|remember|record|keep in mind|write down|jot down|make a note)(?: down)?(?: that| of)?\s*:?)\s*", re.IGNORECASE)  # fmt: skip
_LEADING = re.compile(r"^[^?.!“]{0,70}?[,;:–—-]\s*(?:and |so |then |but )?(?:please )?(?=(?:keep in mind|bear in mind|note|remember|write down|jot down)(?: down)?(?: that\b|:))", re.IGNORECASE)  # fmt: skip
_NAMES = {"decision": "your decision", "rating": "your rating", "confidence": "your confidence", "notes": "your notes", "priorities": "your priorities", "judged": "your judgements on points"}  # fmt: skip


def decision_in_words(held: Mapping[str, Any] | None) -> str:
    """Decision, rating and confidence on file as a list in words; empty where none is."""
    held = held or {}
    parts = [held.get("decision") or ""]
    parts += [f"{name} {held[name]:g}" for name in ("rating", "confidence") if held.get(name) is not None]
    return ", ".join(p for p in parts if p)


def priorities_of(held: Mapping[str, Any] | None) -> tuple[Stated, ...]:
    """The chair's priorities on file, and what they ruled on single points."""
    preferred = [p for said in (held or {}).get("priorities", ()) for p in read_priorities(_HEAD.sub("", said))]
    return (*preferred, *judged_in((held or {}).get("judged", ())))


def weighed_by(request: Request, desk: Desk) -> tuple[Stated, ...]:
    """The priorities and rulings on file, with those that the message itself states."""
    return priorities_of(_with_new(desk.decision or {}, request))


def stated(request: Request, gathered: Gathered, desk: Desk) -> list[DraftSentence]:
    """Confirm what the chair stated, and hold a rating against those on record."""
    given = request.stated
    if given is None and request.offered is not None:
        return [say(OFFER.format(label=request.offered.decision)), say("Nothing is recorded until you say so.")]
    if given is None:
        declined = asked_before(desk) is not None
        return [say("Nothing is recorded. Tell me your decision when you have it.")] if declined else []
    if given.withdrawn:
        return _taken_back(given.withdrawn, desk)
    words = decision_in_words({"decision": given.decision, "rating": given.rating, "confidence": given.confidence})
    before = decision_in_words(desk.decision)
    lines = []
    if words:
        replaced = f" It takes the place of: {before}." if before and before != words else ""
        lines.append(say(f"Recorded as your decision: {words}.{replaced}"))
    lines += [
        say(f"Recorded as your priority: “{bare(text)}” I weigh the paper by it from here on.")
        for text in given.priorities
    ]
    lines += _judged(given.judged, gathered.file(request.submission))
    lines += [say(f"Noted: “{bare(text)}”") for text in given.kept]
    if not lines:
        lines.append(say(f"Recorded, without a decision in it: “{given.note}”"))
    return lines + _beside_reviewers(request, gathered)


def _judged(judged: Sequence[Judged], file: ReviewFile | None) -> list[DraftSentence]:
    """Each ruling on a point, confirmed with the points that it is on."""
    lines: list[DraftSentence] = []
    if file is None:
        return [say(f"Recorded as your judgement: “{one.said}”") for one in judged]
    for one in apply_all(file, judged):
        lines.append(say(f"Recorded as your judgement: “{one.priority.said}”"))
        lines += ruling_lines(one, file, 0)
    return lines


def _taken_back(names: tuple[str, ...], desk: Desk) -> list[DraftSentence]:
    if single := [name for name in names if re.search("[#~]", name)]:
        return _struck(single[0], desk)
    held = [_NAMES[n] for n in names if desk.decision and desk.decision.get(n)]
    if not held:
        return [say("Nothing of that is on file, so there is nothing to take back.")]
    return [say(f"Taken back: {', '.join(held)} on this paper.")]


def _struck(which: str, desk: Desk) -> list[DraftSentence]:
    """That one note or priority is struck, and what is left; that there is none such, with what is there."""
    kind = re.split("[#~]", which)[0]
    noun = "note" if kind == "notes" else "priority"
    held = list((desk.decision or {}).get(kind, ()))
    left = without(held, which)
    gone = [text for text in held if text not in left]
    lines = [say(f"Struck: “{bare(text)}”") for text in gone] or [say(f"There is no such {noun} on file.")]
    if not left:
        return [*lines, say(f"No {noun} is left on file.")]
    return [*lines, say("Left on file:"), *_numbered(left, noun)]


def _numbered(texts: Sequence[str], noun: str) -> list[DraftSentence]:
    """Notes or priorities, numbered where there are several."""
    if len(texts) == 1:
        return [say(f"On file as your {noun}: “{bare(texts[0])}”", bullet=True)]
    return [say(f"On file as your {noun} {n}: “{bare(text)}”", bullet=True) for n, text in enumerate(texts, 1)]


def _beside_reviewers(request: Request, gathered: Gathered) -> list[DraftSentence]:
    """Where the chair's rating stands among the reviewers'."""
    file = gathered.file(request.submission)
    numbers = ratings(file) if file else []
    if not numbers or request.stated is None or request.stated.rating is None:
        return []
    low, high, own = min(v for _, v in numbers), max(v for _, v in numbers), request.stated.rating
    place = "above every rating" if own > high else "below every rating" if own < low else "within the range"
    text = f"The reviewers' ratings on record {f'are all {low:g}' if low == high else f'lie between {low:g} and {high:g}'}."
    return [fact(text, *[p for p, _ in numbers], paragraph=1), judge(f"Yours stands {place}.", paragraph=1)]


def own_decision(request: Request, gathered: Gathered, desk: Desk) -> list[DraftSentence]:
    """What the chair has stated on the paper in this conversation: what they ask for, else all of it."""
    held = _with_new(desk.decision or {}, request)
    asked = request.text
    wanted = {
        "decision": bool(_OF_DECISION.search(asked)),
        "notes": bool(_OF_NOTES.search(asked)),
        "priorities": bool(_OF_PRIORITIES.search(asked)),
        "judged": bool(_OF_JUDGEMENTS.search(asked)),
    }
    everything = not any(wanted.values())
    lines: list[DraftSentence] = []
    words = decision_in_words(held)
    if words and (everything or wanted["decision"]):
        lines.append(say(f"On file as your decision: {words}."))
        if held.get("note") and (everything or _OF_REASON.search(asked)):
            lines.append(say(f"In your words: “{bare(held['note'])}”"))
    # What is weighed and what is noted are kept apart here, but a chair may call either by the other's name.
    both = wanted["notes"] or wanted["priorities"]
    if everything or both:
        lines += _numbered(list(held.get("priorities", ())), "priority")
        lines += _numbered(list(held.get("notes", ())), "note")
    if everything or both or wanted["judged"]:
        said = dict.fromkeys(one.said for one in judged_in(held.get("judged", ())))
        lines += _numbered(list(said), "judgement on a point")
    if lines:
        return lines
    if wanted["decision"] or everything:
        lines.append(say("You have not stated a decision on this paper yet; tell me and I will keep it."))
    else:
        lines.append(say("You have stated no note or priority on this paper yet; tell me and I will keep it."))
    if words:
        lines = [say(f"No note is on file; your decision is: {words}.")]
    return lines


def _with_new(held: Mapping[str, Any], request: Request) -> dict[str, Any]:
    """What is on file with what the same message states."""
    new = request.stated
    if new is None:
        return dict(held)
    scored = {k: v for k in ("decision", "rating", "confidence") if (v := getattr(new, k)) is not None}
    notes = [*held.get("notes", ()), *new.kept]
    return {
        **held,
        **scored,
        "notes": notes,
        "priorities": [*held.get("priorities", ()), *new.priorities],
        "judged": [*held.get("judged", ()), *new.judged],
    }


def bare(text: str) -> str:
    """A note without the word that asked for keeping it."""
    words = _HEAD.sub("", without_label(_LEADING.sub("", text)))
    return re.sub(r"^\W*(?:(?:my )?priorit(?:y|ies)\s*:|that\b)\s*", "", words, flags=re.IGNORECASE).strip() or text
