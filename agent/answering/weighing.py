"""Judgement, argued from evidence: themes that reviewers share, where they disagree, a recommendation.

The lean follows from the reviewers' stances and from the concerns that more than one of them holds and no reply has
settled; the same record gives the same lean, whoever asks and however often.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from agent.answering.parts import fact, judge, listed, quote, say, unique
from agent.answering.points import names_of, passages_of, point_line, ranked
from agent.answering.scores import SECTION, ratings, score
from agent.answering.themes import HEAVY, by_theme
from agent.desk import Desk
from agent.draft import DraftSentence
from agent.gathered import Gathered, ReviewFile
from agent.points import Point
from agent.request import Request
from knowledge.types import Passage


@dataclass(frozen=True)
class Weighing:
    """What speaks for and against, theme by theme with one point a reviewer, and the lean that follows.

    unsettled: the themes of concerns that no reply has settled; stances: each reviewer for (1) or against (-1) with the
    passage of the scores.
    """

    lean: str  # accept | reject | undecided
    merits: dict[str, list[Point]] = field(default_factory=dict)
    concerns: dict[str, list[Point]] = field(default_factory=dict)
    unsettled: tuple[str, ...] = ()
    stances: tuple[tuple[str, int, Passage], ...] = ()
    balance: float = 0.0


def weigh(file: ReviewFile) -> Weighing:
    """Stances, merits and concerns, and which concerns no reply has settled."""
    deciding = (*HEAVY, "motivation")
    merits = {t: p for t, p in by_theme(ranked(file, file.raised("praises"))).items() if t in deciding}
    concerns = {t: p for t, p in by_theme(ranked(file, file.raised("objects"))).items() if t in HEAVY}
    if not concerns:
        concerns = {t: p for t, p in by_theme(ranked(file, file.raised("asks"))).items() if t in HEAVY}
    unsettled = tuple(t for t, points in concerns.items() if not all(settled(p) for p in points))
    stances = _stances(file)
    # Each stance counts once, a concern that two or more hold and no reply settles counts against, a merit that two
    # or more name counts for. Scores alone never decide: a tie of stances is decided by the points.
    balance = float(sum(stance for _, stance, _ in stances))
    balance -= sum(1 for t in unsettled if len(concerns[t]) >= 2)
    balance += sum(1 for points in merits.values() if len(points) >= 2)
    lean = "accept" if balance > 0 else "reject" if balance < 0 else "undecided"
    return Weighing(lean, merits, concerns, unsettled, stances, balance)


def settled(point: Point) -> bool:
    """Whether a reply on record speaks to a concern and its reviewer did not hold to it after."""
    return point.verdict == "yes" or (point.status == "answered" and point.verdict != "no")


def _stances(file: ReviewFile) -> tuple[tuple[str, int, Passage], ...]:
    """Each reviewer for (+1) or against (-1), read from the rating's words, else from its place on the scale."""
    stances = []
    for p in file.of("review"):
        line = score(p, "Rating") if p.locator.section == SECTION else None
        if line is None or not p.reviewer:
            continue
        words = line.words.lower()
        if re.search(r"below|reject|not good", words):
            stances.append((p.reviewer, -1, p))
        elif re.search(r"above|accept|good paper", words):
            stances.append((p.reviewer, 1, p))
        elif line.number is not None and line.low is not None and line.high is not None:
            stances.append((p.reviewer, 1 if line.number > (line.low + line.high) / 2 else -1, p))
    return tuple(stances)


def recommendation(request: Request, gathered: Gathered, desk: Desk) -> list[DraftSentence]:
    """An argued lean with what speaks on both sides, what would change it, and the decision on record."""
    file = gathered.file(request.submission)
    if file is None:
        return []
    if not file.of("review"):
        return [*_without_reviews(request, gathered, desk), *_own_decision(desk, 5)]
    weighing = weigh(file)
    sentences = [_lean(weighing, file, request, desk)]
    sentences += _side(file, "Against:", weighing.concerns, 1, weighing.unsettled)
    sentences += _side(file, "For:", weighing.merits, 2, ())
    sentences += _changes(weighing, file, desk)
    decided = (file.of("decision") or file.of("meta-review"))[:1]
    if decided:
        sentences += [
            say("For comparison, what is on record (it was not used for the lean):", paragraph=4),
            quote(decided[0], paragraph=4),
        ]
    return [*sentences, *_own_decision(desk, 5)]


def lean_of(request: Request, gathered: Gathered, desk: Desk) -> list[DraftSentence]:
    """The lean alone, in one sentence; nothing where no review is on record."""
    file = gathered.file(request.submission)
    return [_lean(weigh(file), file, request, desk)] if file is not None and file.of("review") else []


def _lean(weighing: Weighing, file: ReviewFile, request: Request, desk: Desk) -> DraftSentence:
    before = [
        past
        for past in desk.past
        if "recommendation" in past.request["intents"] and request.submission in past.request["submissions"]
    ]
    still = "As before, " if before else ""
    scored = [p for _, _, p in weighing.stances]
    pro, con = [n for n, s, _ in weighing.stances if s > 0], [n for n, s, _ in weighing.stances if s < 0]
    stand = "; ".join(
        f"{listed(names)} {'stand' if len(names) > 1 else 'stands'} {side}"
        for names, side in ((pro, "for it"), (con, "against it"))
        if names
    )
    open_ = [t for t in weighing.unsettled if len(weighing.concerns[t]) >= 2]
    held = f", and the shared concern about {listed(open_)} is not settled" if open_ else ""
    verb = {
        "accept": "I would lean towards accepting",
        "reject": "I would lean towards rejecting",
        "undecided": "I would call it undecided",
    }[weighing.lean]
    text = f"{still}{verb[0].upper() + verb[1:] if not still else verb}: {stand or 'no score is on record'}{held}."
    support = [*scored, *passages_of(file, [p for t in open_ for p in weighing.concerns[t]])]
    return judge(text, *unique(support))


def _side(
    file: ReviewFile, label: str, themes: dict[str, list[Point]], paragraph: int, unsettled: Sequence[str]
) -> list[DraftSentence]:
    """The heaviest themes of one side, the most shared first, each with its clearest point."""
    chosen = sorted(themes.items(), key=lambda item: -len(item[1]))[:3]
    if not chosen:
        return []
    sentences = [say(label, paragraph=paragraph)]
    for theme, points in chosen:
        state = " (not settled by a reply on record)" if theme in unsettled else ""
        text = f"{theme[0].upper()}{theme[1:]}, by {names_of(points)}{state}."
        sentences.append(judge(text, *passages_of(file, points), paragraph=paragraph, bullet=True))
        sentences.append(point_line(file, points[0], paragraph=paragraph, bullet=False))
    return sentences


def _changes(weighing: Weighing, file: ReviewFile, desk: Desk) -> list[DraftSentence]:
    """What would turn the lean, and what runs of this conversation bear on it."""
    text, points = "", []
    heavy = [t for t in weighing.unsettled if t in weighing.concerns]
    if weighing.lean != "accept" and heavy:
        points = weighing.concerns[heavy[0]][:2]
        asking = "asks" if len(points) == 1 else "ask"
        text = f"It would change if the concern about {heavy[0]} were met, as {names_of(points)} {asking}."
    elif weighing.lean == "accept" and weighing.concerns:
        theme = max(weighing.concerns, key=lambda t: len(weighing.concerns[t]))
        points = weighing.concerns[theme][:2]
        text = f"It would change if the concern about {theme} turned out to carry the results."
    said = [judge(text, *passages_of(file, points), paragraph=3)] if points else []
    return said + _runs_so_far(desk, 3)


def _runs_so_far(desk: Desk, paragraph: int) -> list[DraftSentence]:
    """What the runs of this conversation showed, each with its testbed."""
    lines = {}
    for run in [v for past in desk.past for v in past.answer.verdicts]:
        text = f"A run of this conversation bears on it: {run['hypothesis']} {run['verdict']['outcome'].capitalize()}, on the {run['testbed_title']} only."
        lines[run["digest"]] = DraftSentence(text, (), (run["digest"][:12],), "run", paragraph, False, True)
    return list(lines.values())


def _own_decision(desk: Desk, paragraph: int) -> list[DraftSentence]:
    """The chair's own stated decision stands beside the lean and is never overwritten."""
    if not desk.decision or not desk.decision.get("decision"):
        return []
    return [say(f"Your own stated decision stays as you gave it: {desk.decision['decision']}.", paragraph=paragraph)]


def _without_reviews(request: Request, gathered: Gathered, desk: Desk) -> list[DraftSentence]:
    """A lean from the notes or the paper alone, said to be thin."""
    found = unique(
        h.passage for s in gathered.searched for h in s.hits if h.passage.locator.submission == request.submission
    )
    merits = [p for p in found if p.aspect in ("contributions", "evaluation")]
    limits = [p for p in found if p.aspect == "limitations"]
    if not merits:
        return [
            say("Neither reviews nor results are on record for this paper, so there is nothing to weigh.", "abstention")
        ]
    merits.sort(key=lambda p: (p.aspect != "contributions", p.locator.start))
    limits.sort(key=lambda p: p.locator.start)
    said = [
        say("No review of this paper is on record, so there is no reviewer's judgement to weigh.", "abstention"),
        judge(
            "On its claimed results alone I would lean towards accepting, with low confidence, since nobody's check of them is on record.",
            *merits[:2],
            paragraph=1,
        ),
        say("For:", paragraph=2),
        *[quote(p, paragraph=2) for p in merits[:3]],
    ]
    if limits:
        said += [say("Against:", paragraph=3), *[quote(p, paragraph=3) for p in limits[:3]]]
    return said + _runs_so_far(desk, 4)


def stated(request: Request, gathered: Gathered, desk: Desk) -> list[DraftSentence]:
    """Confirm what the chair stated, and hold it against the scores on record."""
    given = request.stated
    if given is None:
        return []
    parts = [
        given.decision or "",
        f"rating {given.rating:g}" if given.rating is not None else "",
        f"confidence {given.confidence:g}" if given.confidence is not None else "",
    ]
    what = ", ".join(p for p in parts if p) or f"note: {given.note}"
    sentences = [say(f"Recorded as your decision: {what}." if parts != ["", "", ""] else f"Recorded: {given.note}")]
    file = gathered.file(request.submission)
    numbers = ratings(file) if file else []
    if numbers and given.rating is not None:
        low, high = min(v for _, v in numbers), max(v for _, v in numbers)
        place = (
            "above every rating"
            if given.rating > high
            else "below every rating"
            if given.rating < low
            else "within the range"
        )
        text = f"The reviewers' ratings on record {f'are all {low:g}' if low == high else f'lie between {low:g} and {high:g}'}."
        sentences.append(fact(text, *[p for p, _ in numbers], paragraph=1))
        sentences.append(judge(f"Yours stands {place}.", paragraph=1))
    return sentences
