"""The chair's own decision held against the record: who stands with it, what speaks for it, and what speaks against it."""

import re

from agent.answering.own_decision import decision_in_words, priorities_of, stated
from agent.answering.parts import judge, listed, say
from agent.answering.points import point_line, ranked
from agent.answering.recommending import concern_lines
from agent.answering.review_faults import specific
from agent.answering.weighing import Weighing, weigh
from agent.desk import Desk
from agent.draft import DraftSentence
from agent.gathered import Gathered, ReviewFile
from agent.request import Request

MOST = 2
_ASKED = re.compile(
    r"\b(?:defensible|tenable|justif(?:ied|iable)|reasonable|hold(?:s)? up|backs? (?:me|that|it|this)|backed|with me|on my side|agrees? with me|disagree\w* with me|supports? (?:me|my|that)|too (?:generous|harsh|strict|lenient|soft|hard|high|low|kind|tough)|fair\b|sound\b|make sense|am i (?:right|wrong|off|being)|can i defend|stand on)",
    re.IGNORECASE,
)


def asks_for_backing(text: str) -> bool:
    """Whether a question asks if the chair's own view stands, or who shares it."""
    return bool(_ASKED.search(text))


def side_of(words: str) -> str:
    """The side of a decision in words: "accept", "reject", or "" where it tells none."""
    return "reject" if re.search(r"reject|below", words) else "accept" if re.search(r"accept|above", words) else ""


def backing(request: Request, gathered: Gathered, desk: Desk) -> list[DraftSentence]:
    """Whether the decision on file, or in the message, can be defended: reviewers and points on its side, then against it."""
    file = gathered.file(request.submission)
    given = request.stated
    words = decision_in_words({"decision": given.decision, "rating": given.rating}) if given and given.decision else decision_in_words(desk.decision)  # fmt: skip
    side = side_of(words)
    if file is None or not file.of("review") or not side:
        return []
    weighing = weigh(file, priorities_of(desk.decision))
    lines = [_verdict(side, words, weighing)]
    pro, con = _points_for(file, weighing, side), _points_for(file, weighing, "accept" if side == "reject" else "reject")  # fmt: skip
    for paragraph, (head, told) in enumerate((("What bears it:", pro), ("What speaks against it:", con)), 1):
        if told:
            lines += [say(head, paragraph=paragraph), *(_at(s, paragraph) for s in told)]
    return lines


def stated_and_held(request: Request, gathered: Gathered, desk: Desk) -> list[DraftSentence]:
    """What the chair stated, confirmed; and held against the record where the same message asks whether it stands."""
    lines = stated(request, gathered, desk)
    if request.text.rstrip().endswith("?") and asks_for_backing(request.text):
        last = max((s.paragraph for s in lines), default=-1) + 1
        lines += [_at(s, last + s.paragraph) for s in backing(request, gathered, desk)]
    return lines


def _verdict(side: str, words: str, weighing: Weighing) -> DraftSentence:
    """How far the record bears a decision, with who stands on which side."""
    with_, against = ([s for s in weighing.stances if s.grade * sign > 0] for sign in ((1, -1) if side == "accept" else (-1, 1)))  # fmt: skip
    if weighing.lean == side:
        text = f"Yes, {side}ing can be defended"
    elif weighing.lean == "undecided" or weighing.close:
        text = "It can be defended, though the record would bear the other side as well"
    else:
        text = "Only against the weight of the record"
    names = [listed([s.reviewer for s in group]) for group in (with_, against)]
    stand = [f"{n} {'stand' if len(g) > 1 else 'stands'} {word}" for n, g, word in ((names[0], with_, "with you"), (names[1], against, "against you")) if g]  # fmt: skip
    if not with_ and against:
        stand = [f"no reviewer stands with you, {stand[0]}"]
    return judge(f"{text}: {'; '.join(stand) or 'no score is on record to stand by'}.", *(s.passage for s in weighing.stances))  # fmt: skip


def _points_for(file: ReviewFile, weighing: Weighing, side: str) -> list[DraftSentence]:
    """The points that speak for a side: concerns that stand for rejecting, merits and met concerns for accepting."""
    told: set[str] = set()
    if side == "reject":
        open_ = [c for c in weighing.concerns if c.state not in ("settled", "answered")] or list(weighing.concerns)
        return [line for c in open_[:MOST] for line in concern_lines(file, c, 0, told)]
    merits = [p for points in weighing.merits.values() for p in sorted(points, key=lambda p: not specific(p.text))[:1]]
    return [point_line(file, p) for p in ranked(file, merits)[: MOST + 1]]


def _at(line: DraftSentence, paragraph: int) -> DraftSentence:
    return DraftSentence(line.text, line.passages, line.runs, line.kind, paragraph, line.bullet, True)
