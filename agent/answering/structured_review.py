"""A review in the usual form, drafted from the record: what is claimed, a decision with its two key reasons, arguments,
feedback, questions to the authors and limitations; every part cited. It is the chair's to change."""

import re
from collections.abc import Sequence

from agent.answering.carrying import RATINGS_ALONE, reasons_against
from agent.answering.leaning import remains
from agent.answering.outcomes import by_outcome
from agent.answering.own_decision import decision_in_words, priorities_of
from agent.answering.parts import fact, judge, listed, quote, say, unique
from agent.answering.points import names_of, one_each, passages_of, point_line, ranked
from agent.answering.recommending import applied_lines, concern_lines
from agent.answering.scores import ratings
from agent.answering.weighing import Concern, Weighing, weigh
from agent.desk import Desk
from agent.draft import DraftSentence
from agent.gathered import Gathered, ReviewFile
from agent.points import Point
from agent.request import Request
from knowledge.types import Passage

SHORTEST_REQUEST = 40
"""Characters; what is shorter and no question asks for nothing by itself."""
_WISH = re.compile(
    r"\b(?:the )?(?:paper|authors?|method|work|submission|evaluation|experiments?|they|it) (?:should|must|ought to|need(?:s)? to|could) (?!(?:please |also )*(?:clarify|explain|say|state|tell|specify|answer|comment|elaborate|discuss))",
    re.IGNORECASE,
)
"""What tells that a sentence wants the paper to be another one and asks the authors for nothing that they can say."""
_TABLE = re.compile(r"\s*(?:\||(?:table|figure|fig\.) ?\d+[:.])", re.IGNORECASE)
"""How a table, or what stands over one, begins."""
DECISIONS = {"accept": "Accept", "reject": "Reject", "undecided": "Borderline"}


def structured_review(request: Request, gathered: Gathered, desk: Desk) -> list[DraftSentence]:
    """The parts in order, each under its heading."""
    file = gathered.file(request.submission)
    if file is None:
        return []
    weighing = weigh(file, priorities_of(desk.decision))
    parts: list[list[DraftSentence]] = [
        _headed("Summary of what is claimed:", [quote(p) for p in _claims(gathered, request)], "The sources hold no statement of the contributions."),
        _decision(weighing, file, desk),
        _headed("Strengths:", _points(file, "praises", 4), "No reviewer names a strength."),
        _headed("Weaknesses:", [line for c in weighing.concerns[:3] for line in concern_lines(file, c, 0)], "No reviewer names a weakness that decides."),
        _headed("Questions to the authors:", _questions(file), "No question of a reviewer is open."),
        _headed("Limitations:", [quote(p) for p in _of(gathered, request, ("limitations",), 3)], "The sources hold nothing on limitations."),
        _headed("Feedback that does not decide:", _feedback(file), ""),
    ]  # fmt: skip
    lines: list[DraftSentence] = []
    for paragraph, part in enumerate(p for p in parts if p):
        lines += [DraftSentence(s.text, s.passages, s.runs, s.kind, paragraph, s.bullet, True) for s in part]
    return lines


def _headed(title: str, lines: Sequence[DraftSentence], silent: str) -> list[DraftSentence]:
    if not lines:
        return [say(f"{title} {silent}", "abstention")] if silent else []
    return [say(title), *lines]


def _claims(gathered: Gathered, request: Request) -> list[Passage]:
    """The contributions, then the results, of the paper in running text; else its summary, else how it opens."""
    own = _of(gathered, request, ("contributions",), 2) or _of(gathered, request, ("summary",), 2)
    chosen = own + _of(gathered, request, ("evaluation",), 2)
    return chosen or _of(gathered, request, ("problem",), 3) or _opening_of(gathered, request)


def _of(gathered: Gathered, request: Request, aspects: Sequence[str], most: int) -> list[Passage]:
    """Running text of the paper or the notes on some aspects, in reading order; a table says nothing by itself."""
    found = [p for p in _of_paper(gathered, request) if p.aspect in aspects and p.role is None]
    plain = [p for p in found if not _TABLE.match(p.text)]
    return sorted(plain, key=lambda p: (p.locator.document, p.locator.start))[:most]


def _opening_of(gathered: Gathered, request: Request) -> list[Passage]:
    """The first passages of a paper whose sections are not known."""
    found = [p for p in _of_paper(gathered, request) if p.kind == "paper" and p.role is None and len(p.text) > 60]
    return sorted(found, key=lambda p: (p.locator.document, p.locator.start))[:2]


def _of_paper(gathered: Gathered, request: Request) -> list[Passage]:
    held = (h.passage for s in gathered.searched for h in s.hits)
    return unique(p for p in held if p.locator.submission == request.submission and p.kind in ("paper", "notes"))


def _decision(weighing: Weighing, file: ReviewFile, desk: Desk) -> list[DraftSentence]:
    """A decision with its two key reasons, the chair's own if they stated one."""
    if not file.of("review"):
        return [say("Decision: no review is on record, so there is nothing to decide by.", "abstention")]
    own = decision_in_words(desk.decision)
    lines = [say(f"Decision: {own} (yours, as you stated it).")] if own else []
    reasons = _reasons(weighing)
    support = [*(s.passage for s in weighing.stances), *passages_of(file, [p for _, points in reasons for p in points])]
    mine = "For comparison, mine would be" if own else "Decision:"
    told = listed([text for text, _ in reasons]).rstrip(",")
    if weighing.lean == "undecided" or _carried(weighing):
        because = f", because of {told}" if told else ""
    else:
        because = f"{f', {told}' if told else ''}; {RATINGS_ALONE if weighing.stances else 'no reason on record carries it'}"  # fmt: skip
    lines.append(judge(f"{mine} {DECISIONS[weighing.lean]}{because}.", *unique(support)))
    lines += applied_lines(weighing, file, (), 0)
    numbers = ratings(file)
    if numbers:
        low, high = min(v for _, v in numbers), max(v for _, v in numbers)
        text = (
            f"The reviewers' ratings are all {low:g}."
            if low == high
            else f"The reviewers' ratings lie between {low:g} and {high:g}."
        )
        lines.append(fact(text, *[p for p, _ in numbers]))
    return lines


def _reasons(weighing: Weighing) -> list[tuple[str, Sequence[Point]]]:
    """The two reasons of the decision: the heaviest that carry its own side, then what stands against it."""
    against = [(_in_short(c), c.points) for c in reasons_against(weighing)]
    pro = [(f"the merit on {theme} ({names_of(points)})", points) for theme, points in weighing.merits.items()]
    if weighing.lean == "undecided":
        return [*against[:1], *pro[:1]]
    own, other = (pro, against) if weighing.lean == "accept" else (against, pro)
    return [*own, *((f"in spite of {text}", points) for text, points in other)][:2]


def _in_short(concern: Concern) -> str:
    """A concern with what came of it, for each who holds it where that differs."""
    about = f"concern about {concern.theme} ({names_of(concern.points)})"
    alike = len(by_outcome(concern.points)) == 1
    return f"the {remains(concern)} {about}" if alike else f"the {about}, which is {remains(concern)},"


def _carried(weighing: Weighing) -> bool:
    """Whether anything on record but the ratings carries the lean."""
    return bool(reasons_against(weighing) if weighing.lean == "reject" else weighing.merits)


def _points(file: ReviewFile, stance: str, most: int) -> list[DraftSentence]:
    return [point_line(file, p) for p in one_each(ranked(file, file.raised(stance)), most)]


def _questions(file: ReviewFile) -> list[DraftSentence]:
    """What is still open first, then what was asked at all; a wish for a better paper is no question."""
    asked = ranked(file, file.raised("asks"))
    asked = [p for p in asked if "?" in p.text or (len(p.text) >= SHORTEST_REQUEST and not _WISH.search(p.gist))]
    chosen = [p for p in asked if p.open] or asked or [p for p in ranked(file, file.raised("objects")) if p.open]
    return [point_line(file, p) for p in one_each(chosen, 4)]


def _feedback(file: ReviewFile) -> list[DraftSentence]:
    """Remarks on the writing and small corrections."""
    small = [p for p in file.raised("objects", "asks", small=True) if p.small or re.search(r"\b(?:writ|clar|typo|notation|figure|wording)", p.text, re.IGNORECASE)]  # fmt: skip
    return [point_line(file, p) for p in one_each(small, 3)]
