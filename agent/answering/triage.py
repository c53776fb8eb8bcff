"""Which submissions need the chair, ranked, each with its reasons; and the stack looked through by one of them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from agent.answering.decisions import decided, leans, name_of
from agent.answering.meeting import criticisms
from agent.answering.parts import judge, listed, say
from agent.answering.points import names_of
from agent.answering.record import reviewers
from agent.answering.review_faults import specific
from agent.answering.scores import ratings, score_line, scores_passage
from agent.answering.weighing import weigh
from agent.chair_questions import facets_of
from agent.claim_survey import list_testable, own_names
from agent.claims import Plan
from agent.desk import Desk, Paper
from agent.draft import DraftSentence
from agent.gathered import Gathered, ReviewFile
from agent.number_words import in_words
from agent.points import Point
from agent.request import Request
from knowledge.types import Passage

CLEAR = re.compile(
    r"\b(?:decide|settle|close|finish|do|done|handle)\w* (?:\w+ )?(?:right away|at once|now|quickly|fast|today|first|immediately|straight away)\b|\b(?:clear[- ]?cut|clear cases?|clearest|easy|easiest|uncontested|uncontroversial|no[- ]brainers?|straightforward)\b",
    re.IGNORECASE,
)
THIN = re.compile(r"\b(?:weak|thin|poor|bad|worst|shallow|superficial|low[- ]quality)\w*(?: \w+)? reviews?\b|\breviews? (?:are|is|look\w*) (?:\w+ )?(?:weak|thin|poor|shallow|superficial)", re.IGNORECASE)  # fmt: skip
MOST_SHOWN = 6
WEIGHTS = {
    "spread": 1.0,
    "unanswered": 1.5,
    "unscored": 1.0,
    "unreviewed": 2.0,
    "testable": 0.5,
    "integrity": 2.5,
    "contested": 1.0,
}
"""What each reason counts towards needing the chair; an order of urgency set by hand, not fitted."""
KNOWN = ("spread", "unanswered", "unscored", "unreviewed", "testable", "integrity", "lean", "decided")


@dataclass(frozen=True)
class Reason:
    """Why a submission needs the chair: `kind` of WEIGHTS, in words, with the passages that bear it and what it counts."""

    kind: str
    text: str
    passages: tuple[Passage, ...]
    size: float


@dataclass(frozen=True)
class Case:
    """A submission with its reasons, the weightiest first."""

    paper: Paper
    reasons: tuple[Reason, ...]

    @property
    def urgency(self) -> float:
        return sum(WEIGHTS.get(r.kind, 0.0) * r.size for r in self.reasons)


def triage(request: Request, gathered: Gathered, desk: Desk) -> list[DraftSentence]:
    """The stack by urgency, or by what the message asks for."""
    cases = sorted(
        (look_at(paper, gathered.file(paper.id), gathered) for paper in desk.papers), key=lambda c: -c.urgency
    )
    if CLEAR.search(request.text):
        return clear_cases(cases, gathered)
    if THIN.search(request.text):
        return thin_reviews(cases, gathered)
    wanted = [f for f in facets_of(request.text) if f in KNOWN]
    if wanted and wanted[0] == "lean":
        return leans(request.text, [c.paper for c in cases], gathered)
    if wanted:
        return by_facet(wanted[0], cases, gathered)
    needing = [c for c in cases if c.reasons]
    if not needing:
        return [judge("None of them stands out: no wide spread, no unanswered concern, no missing score.")]
    first = needing[0]
    lines = [told(f"I would start with {name_of(first.paper)}: {first.reasons[0].text}.", first.reasons[0].passages)]
    for paragraph, case in enumerate(needing[:MOST_SHOWN], 1):
        lines.append(say(f"{name_of(case.paper)}:", paragraph=paragraph))
        lines += [_line(r, paragraph) for r in case.reasons[:4]]
    rest = [name_of(c.paper) for c in cases if c not in needing[:MOST_SHOWN]]
    if rest:
        lines.append(say(f"Further down: {listed(rest)}.", paragraph=MOST_SHOWN + 1))
    return lines


def look_at(paper: Paper, file: ReviewFile | None, gathered: Gathered) -> Case:
    """What of a submission may need the chair."""
    found = [*_integrity(paper), *_record(file), *_testable(paper, file, gathered)]
    if file is not None and file.of("review"):
        found += [*_spread(file), *_unanswered(file), *_unscored(file)]
    return Case(paper, tuple(sorted(found, key=lambda r: -WEIGHTS.get(r.kind, 0.0) * r.size)))


def _integrity(paper: Paper) -> list[Reason]:
    """Text that was kept apart, comments of a source aside; its words are never repeated."""
    telling = [f for f in paper.findings if f.kind != "comment"]
    places = listed(list(dict.fromkeys(f"{f.kind} text at {f.where}" for f in telling))[:2])
    return [Reason("integrity", f"text was kept apart on import ({places})", (), 1.0)] if telling else []


def _record(file: ReviewFile | None) -> list[Reason]:
    if file is not None and file.of("review"):
        return []
    held = tuple(p for p in (file.passages if file else ()) if p.aspect == "record")[:1]
    return [Reason("unreviewed", "no review is on record", held, 1.0)]


def _spread(file: ReviewFile) -> list[Reason]:
    """How far the ratings are apart, and whether they lie on both sides."""
    rated = ratings(file)
    if len(rated) < 2:
        return []
    low, high = min(v for _, v in rated), max(v for _, v in rated)
    if high == low:
        return []
    size = min(2.0, (high - low) / 2)
    return [Reason("spread", f"the ratings spread from {low:g} to {high:g}", tuple(p for p, _ in rated), size)]


def _unanswered(file: ReviewFile) -> list[Reason]:
    """Concerns without a reply, or held to after it."""
    if not file.of("response"):
        record = tuple(p for p in file.passages if p.aspect == "record" and "response" in p.text.lower())
        return [
            Reason("unanswered", "no author response is on record, so every concern is unanswered", record[:1], 1.5)
        ]
    open_ = [p for p in file.raised("objects", "asks") if p.open]
    kept = [p for p in open_ if p.verdict == "no"]
    if not open_:
        return []
    heaviest = next((c for c in weigh(file).concerns if c.state in ("kept", "open")), None)
    about = f", the heaviest on {heaviest.theme} by {names_of(heaviest.points)}" if heaviest else ""
    text = f"{in_words(len(open_))} {'points are' if len(open_) > 1 else 'point is'} unanswered or held to after the reply{about}"
    kept = [*(heaviest.points if heaviest else ()), *kept]
    return [Reason("unanswered", text, _passages(file, [*kept, *open_][:5]), min(1.5, 0.3 * len(open_)))]


def _unscored(file: ReviewFile) -> list[Reason]:
    names = [n for n in reviewers(file) if scores_passage(file, n) is None or not _rated(file, n)]
    held = tuple(p for n in names for p in file.of("review", reviewer=n)[:1])
    return [Reason("unscored", f"no rating by {listed(names)} is on record", held, 1.0)] if names else []


def _rated(file: ReviewFile, name: str) -> bool:
    return any(p.reviewer == name for p, _ in ratings(file))


def _testable(paper: Paper, file: ReviewFile | None, gathered: Gathered) -> list[Reason]:
    """Points of reviewers, and claims of the paper where they were looked up, that the engine could put to the test."""
    points = [p for p in file.raised("objects", "asks") if p.passages] if file else []
    asked = file.held(p.passages[0] for p in points) if file else ()
    mine = [h.passage for s in gathered.searched for h in s.hits if h.passage.locator.submission == paper.id]
    found = list_testable(asked, points, mine, own_names(paper.openreview, paper.short_names))
    plans = [(one, plan) for one in found if isinstance(plan := one.found, Plan) and plan.unambiguous]
    if not plans:
        return []
    first, plan = plans[0]
    passage = next(p for p in (*asked, *mine) if p.id == first.passage)
    whose = f"a point of {passage.reviewer}" if passage.reviewer else "a claim of the paper"
    arms = f"{plan.experiment.expectation.treatment} against {plan.experiment.expectation.baseline}"
    # The settings are ours: the passage that is cited does not bear their figures.
    named = "" if any(c.isdigit() for c in arms) else f", {arms}"
    text = f"{whose} can be put to the test here{named}"
    return [Reason("testable", text, (passage,), min(2.0, 0.5 + 0.5 * len(plans)))]


def clear_cases(cases: Sequence[Case], gathered: Gathered) -> list[DraftSentence]:
    """The submissions on which reviewers stand on one side and the lean is not close, with what is left to look at."""
    lines: list[DraftSentence] = []
    for case in reversed(cases):
        file = gathered.file(case.paper.id)
        weighing = weigh(file) if file is not None and file.of("review") else None
        sides = {s.grade > 0 for s in weighing.stances if s.grade} if weighing else set()
        if weighing is None or weighing.close or len(sides) != 1 or any(r.kind in ("integrity", "unscored") for r in case.reasons):  # fmt: skip
            continue
        way = "for it" if sides == {True} else "against it"
        kept = next((c for c in weighing.concerns if c.state in ("kept", "open")), None)
        left = f"; still open is {kept.theme}, by {names_of(kept.points)}" if kept else "; no main concern is open"
        held = [*(s.passage for s in weighing.stances), *(_passages(file, kept.points) if kept and file else ())]
        lines.append(judge(f"{name_of(case.paper)}: every reviewer with a score stands {way}{left}.", *held, bullet=True))  # fmt: skip
    if not lines:
        return [judge("None of them is clear-cut: reviewers stand on both sides, or little would turn the lean.")]
    return [say("These could be decided first, with the least left to look at:"), *lines]


def thin_reviews(cases: Sequence[Case], gathered: Gathered) -> list[DraftSentence]:
    """The submissions by how little of what their reviews hold against them can be checked, the thinnest first."""
    measured = []
    for case in cases:
        file = gathered.file(case.paper.id)
        points = criticisms(file) if file is not None and file.of("review") else []
        if file is not None and points:
            measured.append((sum(specific(p.text) for p in points) / len(points), case, _passages(file, points[:3])))
    if not measured:
        return [judge("No submission has a review with a point that could be weighed.")]
    measured.sort(key=lambda m: m[0])
    share, case, held = measured[0]
    lines = [judge(f"{name_of(case.paper)} has the thinnest reviews: {_share(share)}.", *held)]
    return lines + [judge(f"{name_of(c.paper)}: {_share(s)}.", *p, paragraph=1, bullet=True) for s, c, p in measured[1:4]]  # fmt: skip


def _share(share: float) -> str:
    much = "most" if share > 0.5 else "some" if share > 0.25 else "few" if share else "none"
    return f"{much} of their points name{'s' if much == 'none' else ''} a place, a figure or a work that can be checked"


def by_facet(facet: str, cases: Sequence[Case], gathered: Gathered) -> list[DraftSentence]:
    """The submissions to which one reason applies, those to which it applies most first."""
    if facet == "decided":
        return decided([c.paper for c in cases], gathered)
    found = [(c, r) for c in cases for r in c.reasons if r.kind == facet and (facet != "unanswered" or r.size)]
    found.sort(key=lambda pair: -pair[1].size)
    if facet == "unanswered":
        silent = [(c, r) for c, r in found if r.text.startswith("no author response")]
        found = silent or found
    if not found:
        return [judge(f"I find none: {_NONE[facet]}.")]
    if facet == "spread":
        return _widest(found, gathered)
    lines = [told(f"{name_of(c.paper)}: {r.text}.", r.passages, bullet=len(found) > 1) for c, r in found]
    if facet == "testable":
        lines = [
            judge(f"I would run one for {name_of(found[0][0].paper)}: {found[0][1].text}.", *found[0][1].passages),
            *lines[1:],
        ]
    return lines


_NONE = {
    "spread": "where several ratings are on record, they agree",
    "unanswered": "every submission with reviews has replies to its concerns",
    "unscored": "every review on record has a rating",
    "unreviewed": "every submission has reviews on record",
    "testable": "no reviewer's point names what the engine can run",
    "integrity": "nothing was kept apart on import",
}


def _widest(found: Sequence[tuple[Case, Reason]], gathered: Gathered) -> list[DraftSentence]:
    """The widest spread first, with the ratings behind it."""
    case, reason = found[0]
    lines = [judge(f"{name_of(case.paper)}: {reason.text}, the widest of the stack.", *reason.passages)]
    file = gathered.file(case.paper.id)
    rated = [score_line(file, name) for name in reviewers(file)] if file else []
    lines += [line for line in rated if line is not None]
    lines += [judge(f"{name_of(c.paper)}: {r.text}.", *r.passages, paragraph=1, bullet=True) for c, r in found[1:4]]
    return lines


def _line(reason: Reason, paragraph: int) -> DraftSentence:
    text = f"{reason.text[0].upper()}{reason.text[1:]}."
    return told(text, reason.passages, paragraph, True)


def told(text: str, passages: Sequence[Passage], paragraph: int = 0, bullet: bool = False) -> DraftSentence:
    """A reason as a judgement of its passages; what no passage can bear (a thing that is absent, or kept apart) as our own word."""
    if passages:
        return judge(text, *passages, paragraph=paragraph, bullet=bullet)
    return say(text, paragraph=paragraph, bullet=bullet)


def _passages(file: ReviewFile, points: Sequence[Point]) -> tuple[Passage, ...]:
    return file.held(p.passages[0] for p in points)
