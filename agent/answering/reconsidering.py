"""What was recommended so far, whether it has changed and why, and how sure it is: "are you sure?", "why did you change?"."""

import re
from dataclasses import dataclass

from agent.after_a_lean import asks_for_account
from agent.answering.leaning import LEANS, lean_lines
from agent.answering.own_decision import weighed_by
from agent.answering.parts import judge, listed, say
from agent.answering.recommending import turning_lines
from agent.answering.weighing import Weighing, weigh
from agent.desk import Desk
from agent.draft import DraftSentence
from agent.gathered import Gathered, ReviewFile
from agent.request import Request

_SUPPOSED = re.compile(r"\bfor this answer only\b", re.IGNORECASE)
_CLAIMED = re.compile(r"\byou\b.{0,60}?\b(accept|reject|undecided)\w*", re.IGNORECASE)


@dataclass(frozen=True)
class Told:
    """A lean that an earlier answer gave; `supposed`: under something that its question supposed."""

    turn: int
    lean: str
    supposed: bool


def leans_told(request: Request, desk: Desk) -> list[Told]:
    """The leans that earlier answers gave on the submission, oldest first."""
    found = []
    for past in desk.past:
        if "recommendation" not in past.request["intents"] or request.submission not in past.request["submissions"]:
            continue
        said = [s.text for s in past.answer.sentences]
        lean = next((side for text in said for side, phrase in LEANS.items() if phrase in text), None)
        if lean is not None and not asks_for_account(past.message):
            found.append(Told(past.turn, lean, any(_SUPPOSED.search(text) for text in said)))
    return found


def account(request: Request, gathered: Gathered, desk: Desk) -> list[DraftSentence]:
    """What was said before, what has changed it, where it stands now and what would turn it; nothing without a lean."""
    file, told = gathered.file(request.submission), leans_told(request, desk)
    if file is None or not file.of("review") or not told:
        return []
    weighing = weigh(file, weighed_by(request, desk))
    lines = [*_before(told, weighing), *_claimed(request, told), *_turned(told, desk, file, weighing)]
    lines += [_at(line, 1) for line in lean_lines(weighing, file, "As it stands, ")]
    return [*lines, *_sure(weighing, 2), *turning_lines(weighing, file, 2)]


def _before(told: list[Told], weighing: Weighing) -> list[DraftSentence]:
    """The leans given, in order, each as far as it differs from the one before; then those under something supposed."""
    plain = [one.lean for one in told if not one.supposed]
    steps = [LEANS[lean] for n, lean in enumerate(plain) if not n or lean != plain[n - 1]]
    held = [s.passage for s in weighing.stances]
    lines = []
    if steps:
        text = f"What I have said so far: {'first ' if len(steps) > 1 else ''}that {', then that '.join(steps)}."
        lines.append(judge(text, *held))
    if len({*plain, weighing.lean}) == 1:
        lines.append(judge("I have not changed it.", *held))
    apart = [LEANS[lean] for lean in dict.fromkeys(one.lean for one in told if one.supposed) if lean != weighing.lean]
    if apart:
        lines.append(judge(f"Only under what you supposed for one answer {' or '.join(apart)}.", *held))
    return lines


def _claimed(request: Request, told: list[Told]) -> list[DraftSentence]:
    """That something which the message says was said was not."""
    claimed = _CLAIMED.search(request.text)
    if claimed is None or any(one.lean.startswith(claimed[1].lower()) for one in told):
        return []
    named = {"accept": "accepting", "reject": "rejecting", "undecided": "undecided"}[claimed[1].lower()]
    return [say(f"I have not leaned towards {named} on this paper in this conversation.")]


def _turned(told: list[Told], desk: Desk, file: ReviewFile, weighing: Weighing) -> list[DraftSentence]:
    """What the chair stated since the first lean, where the leans differ."""
    if len({one.lean for one in told if not one.supposed} | {weighing.lean}) == 1:
        return []
    stated = [p.request.get("stated") or {} for p in desk.past if p.turn > told[0].turn]
    said = [
        s for given in stated for s in (*given.get("priorities", ()), *(j["said"] for j in given.get("judged", ())))
    ]
    lines = []
    if said:
        quoted = listed([f"“{s.rstrip('.')}”" for s in dict.fromkeys(said)])
        lines.append(say(f"In between you told me to weigh it otherwise: {quoted}."))
        plain = weigh(file)
        if plain.lean != weighing.lean:
            lines.append(judge(f"That is what has turned it; without that, {LEANS[plain.lean]}.", *(s.passage for s in plain.stances)))  # fmt: skip
    return lines


def _sure(weighing: Weighing, paragraph: int) -> list[DraftSentence]:
    """How near the lean is to turning."""
    how = "It is a narrow call: little would turn it" if weighing.close else "It is no narrow call"
    return [judge(f"{how}.", *(s.passage for s in weighing.stances), paragraph=paragraph)] if weighing.stances else []


def _at(line: DraftSentence, paragraph: int) -> DraftSentence:
    return DraftSentence(line.text, line.passages, line.runs, line.kind, paragraph, line.bullet, line.tagged)
