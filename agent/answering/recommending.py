"""A recommendation in words: the lean, each main concern with what became of it, what speaks for, what would turn it."""

from collections.abc import Sequence

from agent.answering.carrying import reasons_against
from agent.answering.chair_weights import FACTORS, Applied, Stated
from agent.answering.leaning import LEANS, MOST_CONCERNS, lean_lines
from agent.answering.outcomes import Outcome, in_words, outcome
from agent.answering.own_decision import bare, decision_in_words, priorities_of, weighed_by
from agent.answering.parts import judge, listed, quote, say, unique
from agent.answering.points import (
    names_of,
    nearest_lines,
    passages_of,
    point_line,
    ranked,
    reply_line,
    verdict_line,
)
from agent.answering.premises import premise
from agent.answering.review_faults import specific
from agent.answering.rulings import UNCLEAR, ruling_lines
from agent.answering.supposing import Supposed, suppose, supposed_in
from agent.answering.weighing import LEAST_STANDING, Concern, Weighing, lean_at, weigh
from agent.desk import Desk, PastTurn
from agent.draft import DraftSentence
from agent.gathered import Gathered, ReviewFile
from agent.judgements import Judged
from agent.priorities import Priority
from agent.request import Request

MOST_MERITS = 2
UNREVIEWED = "No review of this paper is on record, so there is nothing to weigh, and I lean neither way."
STATES: dict[Outcome, str] = {
    "settled": "taken as settled by who raised it",
    "answered": "answered, and nobody has come back on it",
    "promised": "met by a promise only",
    "perhaps": "a reply may speak to it, and nobody said whether that settles it",
    "open": "without a reply on record",
    "kept": "held to after the reply",
}
UNFOUND = "no reply to it was found"


def recommendation(request: Request, gathered: Gathered, desk: Desk) -> list[DraftSentence]:
    """An argued lean: main concerns, replies and what remains, merits, what would turn it, and the chair's own decision."""
    file = gathered.file(request.submission)
    if file is None:
        return []
    if not file.of("review"):
        return [*_without_reviews(request, gathered, desk), *own_decision(desk, None, 5)]
    supposed = supposed_in(request)
    assumed = suppose(request, file)
    weighing = weigh(assumed.file, (*weighed_by(request, desk), *supposed))
    sentences = premise(request, file)
    sentences += lean_lines(weighing, file, "As before, " if not assumed and _unchanged(request, desk, file, weighing) else "")  # fmt: skip
    sentences += [] if supposed or assumed else _why_changed(request, desk, file, weighing)
    sentences += _as_supposed(file, assumed, weighing, desk) + applied_lines(weighing, file, supposed, 1)
    told: set[str] = set()
    sentences += _against(assumed, weighing, 2, told) + _for(assumed.file, weighing, 3)
    sentences += turning_lines(weighing, file, 4) + runs_so_far(desk, 4)
    decided = [p for p in (*file.of("decision"), *file.of("meta-review")) if p.locator.section != "Title"][:1]
    if decided:
        told_since = say("For comparison, what is on record (it was not used for the lean):", paragraph=5)
        sentences += [told_since, quote(decided[0], paragraph=5)]
    return [*sentences, *own_decision(desk, weighing, 6)]


def _as_supposed(file: ReviewFile, assumed: Supposed, weighing: Weighing, desk: Desk) -> list[DraftSentence]:
    """What was taken for given in this answer only, and what holds without that."""
    if assumed.unclear:
        return [say(UNCLEAR, paragraph=1)]
    if not assumed:
        return []
    plain = weigh(file, priorities_of(desk.decision))
    same = "The lean is the same without that." if plain.lean == weighing.lean else f"Without that, {LEANS[plain.lean]}."  # fmt: skip
    met, gone = assumed.met, [p for name in assumed.gone for p in file.of("review", reviewer=name)[:1]]
    if gone:
        lines = [judge(f"Taken away, for this answer only: the review by {listed(assumed.gone)}.", *gone, paragraph=1)]
    else:
        text = f"Taken as met, for this answer only: what {names_of(met)} {'hold' if len({p.reviewer for p in met}) > 1 else 'holds'} against it."
        lines = [judge(text, *passages_of(file, met), paragraph=1)]
        lines += [point_line(file, p, paragraph=1) for p in ranked(file, met)[:2]]
    return [*lines, judge(same, *(s.passage for s in plain.stances), paragraph=1)]


def _against(assumed: Supposed, weighing: Weighing, paragraph: int, told: set[str]) -> list[DraftSentence]:
    """The main concerns, each with the clearest point, the reply to it and what remains; not those supposed to be met."""
    met = {p.id for p in assumed.met}
    left = [c for c in weighing.concerns if not met >= {p.id for p in c.points}][:MOST_CONCERNS]
    lines = [say("Against it:", paragraph=paragraph)] if left else []
    for concern in left:
        lines += concern_lines(assumed.file, concern, paragraph, told)
    return lines


def concern_lines(
    file: ReviewFile, concern: Concern, paragraph: int, told: set[str] | None = None
) -> list[DraftSentence]:
    """One concern: who holds it and what became of it, in a line; the telling point, the reply, the reviewer's last word.

    What is in `told` is not said again; it is added to.
    """
    yours = (
        {True: " (you weigh this more)", False: " (you weigh this less)"}.get(concern.factor > 1, "")
        if concern.factor != 1
        else ""
    )
    theme = f"{concern.theme[0].upper()}{concern.theme[1:]}"
    text = f"{theme}, by {names_of(concern.points)}: {in_words(concern.points, STATES, UNFOUND)}{yours}."
    point = telling(concern)
    lines = [judge(text, *passages_of(file, concern.points), paragraph=paragraph, bullet=True)]
    lines.append(point_line(file, point, paragraph=paragraph, bullet=False))
    if point.replies and point.status != "not answered":
        lines.append(reply_line(file, point, point.replies[0], paragraph))
    lines += nearest_lines(file, point, paragraph, most=1)
    return fresh([*lines, *verdict_line(file, point, paragraph)], told)


def fresh(lines: Sequence[DraftSentence], told: set[str] | None) -> list[DraftSentence]:
    """The lines whose words are not in `told`, to which they are added: one reply to two points is told once."""
    if told is None:
        return list(lines)
    new = [line for line in lines if line.text not in told]
    told |= {line.text for line in new}
    return new


def telling(concern: Concern):
    """The point of a concern that decides what became of it: one held to, then one without a reply, then the first."""
    return next((p for p in concern.points if outcome(p) == concern.state), concern.points[0])


def _for(file: ReviewFile, weighing: Weighing, paragraph: int) -> list[DraftSentence]:
    """The merits that most reviewers name."""
    chosen = list(weighing.merits.items())[:MOST_MERITS]
    lines = [say("For it:", paragraph=paragraph)] if chosen else []
    for _, points in chosen:
        best = next((p for p in points if specific(p.text)), points[0])
        lines.append(point_line(file, best, paragraph=paragraph))
    return lines


def turning_lines(weighing: Weighing, file: ReviewFile, paragraph: int) -> list[DraftSentence]:
    """Which one reviewer's change of mind would turn the lean, and over which concern."""
    found = [s for s in weighing.stances if lean_at(weighing, s) not in (weighing.lean, "undecided")]
    lines = []
    for stance in found[:2]:
        mine = [c for c in weighing.concerns if any(p.reviewer == stance.reviewer for p in c.points)]
        points = [p for c in mine[:1] for p in c.points if p.reviewer == stance.reviewer]
        about = f"the concern about {mine[0].theme}" if mine else "the concerns"
        way = (
            f"{about} were met and {stance.reviewer} came round"
            if stance.grade < 0
            else f"{stance.reviewer} came to hold {about} against it"
        )
        text = f"It would turn if {way}."
        lines.append(judge(text, stance.passage, *passages_of(file, points), paragraph=paragraph))
    if not found and weighing.stances and weighing.concerns:
        main = next(iter([*reasons_against(weighing), *weighing.concerns]))
        text = f"No single reviewer's change of mind would turn it; the concern about {main.theme}, by {names_of(main.points)}, is where it would have to begin."
        lines.append(judge(text, *passages_of(file, main.points), paragraph=paragraph))
    return lines


def applied_lines(
    weighing: Weighing, file: ReviewFile, supposed: Sequence[Priority], paragraph: int
) -> list[DraftSentence]:
    """What the chair's priorities do to the weighing, each named as theirs, and whether the lean hangs on them."""
    lines: list[DraftSentence] = []
    for one in weighing.applied:
        if isinstance(one.priority, Judged):
            lines.append(say(f"Your judgement: “{one.priority.said}”", paragraph=paragraph))
            lines += ruling_lines(one, file, paragraph)
            continue
        kind = "Taken for this answer only" if one.priority in supposed else "Your priority"
        lines.append(say(f"{kind}: “{bare(one.priority.said)}”", paragraph=paragraph))
        lines.append(_effect(one, file, weighing, paragraph))
    if weighing.applied:
        plain = weigh(file)
        same = (
            "The lean is the same without that."
            if plain.lean == weighing.lean
            else f"Without that, {LEANS[plain.lean]}."
        )
        lines.append(judge(same, *(s.passage for s in plain.stances), paragraph=paragraph))
    return lines


def _effect(one: Applied, file: ReviewFile, weighing: Weighing, paragraph: int) -> DraftSentence:
    counts = {"more": "twice", "less": "half", "none": "not at all"}[one.priority.sense]
    if one.reviewers:
        share = FACTORS[one.priority.sense] or LEAST_STANDING
        counts = {2.0: "twice", 0.5: "half"}.get(share, "a quarter")
        held = [s.passage for s in weighing.stances if s.reviewer in one.reviewers]
        return judge(
            f"So {listed(one.reviewers)} {'count' if len(one.reviewers) > 1 else 'counts'} {counts} with the rating given.",
            *held,
            paragraph=paragraph,
        )
    if not one.points:
        return say("No point that a reviewer raised is about that, so it moves nothing.", paragraph=paragraph)
    text = f"So the points on {one.priority.what} by {names_of(one.points)} count {counts}, and with them the ratings that rest on them."
    return judge(text, *passages_of(file, one.points), paragraph=paragraph)


def _last_lean(request: Request, desk: Desk) -> PastTurn | None:
    """The last turn that gave a lean on this submission."""
    turns = [
        p
        for p in desk.past
        if "recommendation" in p.request["intents"] and request.submission in p.request["submissions"]
    ]
    return turns[-1] if turns else None


def _priorities_then(desk: Desk, turn: PastTurn) -> tuple[Stated, ...]:
    """The priorities and rulings on file at an earlier turn: those on file now without what was stated since."""
    stated = [p.request.get("stated") or {} for p in desk.past if p.turn > turn.turn]
    since = [
        s for given in stated for s in (*given.get("priorities", ()), *(j["said"] for j in given.get("judged", ())))
    ]
    plain = [" ".join(s.replace("’", "'").split()) for s in since]
    return tuple(
        p
        for p in priorities_of(desk.decision)
        if not any(" ".join(p.said.replace("’", "'").split()) in s for s in plain)
    )


def _unchanged(request: Request, desk: Desk, file: ReviewFile, weighing: Weighing) -> bool:
    before = _last_lean(request, desk)
    return before is not None and weigh(file, _priorities_then(desk, before)).lean == weighing.lean


def _why_changed(request: Request, desk: Desk, file: ReviewFile, weighing: Weighing) -> list[DraftSentence]:
    """Where the lean is not the one given before: that, and that what the chair stated since has turned it."""
    before = _last_lean(request, desk)
    if before is None:
        return []
    earlier = weigh(file, _priorities_then(desk, before))
    if earlier.lean == weighing.lean:
        return []
    text = f"That is not what I said before ({earlier.lean}): what you have told me to weigh otherwise since then has turned it."
    return [judge(text, *(s.passage for s in weighing.stances))]


def runs_so_far(desk: Desk, paragraph: int) -> list[DraftSentence]:
    """What the runs of this conversation showed, each with its testbed; they bear on a point and do not move the lean."""
    lines = {}
    for run in [v for past in desk.past for v in past.answer.verdicts]:
        text = f"A run of this conversation bears on it: {run['hypothesis']} {run['verdict']['outcome'].capitalize()}, on the {run['testbed_title']} only."
        lines[run["digest"]] = DraftSentence(text, (), (run["digest"][:12],), "run", paragraph, False, True)
    return list(lines.values())


def own_decision(desk: Desk, weighing: Weighing | None, paragraph: int) -> list[DraftSentence]:
    """The chair's own decision stands beside the lean and is never overwritten."""
    words = decision_in_words(desk.decision)
    if not words:
        return []
    side = "reject" if "reject" in words or "below" in words else "accept" if "accept" in words else ""
    differs = weighing is not None and side and weighing.lean not in (side, "undecided")
    text = f"Your own decision stays as you gave it: {words}."
    return [say(f"{text} It differs from my lean; yours stands." if differs else text, paragraph=paragraph)]


def _without_reviews(request: Request, gathered: Gathered, desk: Desk) -> list[DraftSentence]:
    """No lean, for nobody reviewed it; what the notes or the paper give to either side, for whoever weighs it."""
    found = unique(
        h.passage for s in gathered.searched for h in s.hits if h.passage.locator.submission == request.submission
    )
    merits = sorted(
        (p for p in found if p.aspect in ("contributions", "evaluation")),
        key=lambda p: (p.aspect != "contributions", p.locator.start),
    )
    limits = sorted((p for p in found if p.aspect == "limitations"), key=lambda p: p.locator.start)
    if not merits:
        nothing = "Neither reviews nor results are on record for this paper, so there is nothing to weigh."
        return [say(nothing, "abstention")]
    said = [
        say(UNREVIEWED, "abstention"),
        say("What the paper claims for itself, which nobody on record has checked:", paragraph=2),
        *[quote(p, paragraph=2) for p in merits[:3]],
    ]
    if limits:
        said += [say("What it grants itself:", paragraph=3), *[quote(p, paragraph=3) for p in limits[:3]]]
    return [*said, *runs_so_far(desk, 4)]
