"""The lean in words: what decides it, who stands where, how the main concerns stand; never an average."""

from agent.answering.carrying import RATINGS_ALONE, reasons_against
from agent.answering.outcomes import DONE, Outcome, in_short, outcome
from agent.answering.own_decision import priorities_of
from agent.answering.parts import judge, listed, unique
from agent.answering.points import names_of, passages_of
from agent.answering.weighing import Concern, Weighing, weigh
from agent.desk import Desk
from agent.draft import DraftSentence
from agent.gathered import Gathered, ReviewFile
from agent.points import Point
from agent.request import Request

MOST_CONCERNS = 3
LEANS = {
    "accept": "I would lean towards accepting",
    "reject": "I would lean towards rejecting",
    "undecided": "I would call it undecided",
}
REMAINS: dict[Outcome, str] = {
    "settled": "settled",
    "answered": "answered",
    "perhaps": "not clearly settled",
    "promised": "met by a promise only",
    "open": "open",
    "kept": "not settled",
}


def lean_of(request: Request, gathered: Gathered, desk: Desk) -> list[DraftSentence]:
    """The lean alone, in one sentence; nothing where no review is on record."""
    file = gathered.file(request.submission)
    if file is None or not file.of("review"):
        return []
    return lean_lines(weigh(file, priorities_of(desk.decision)), file)


def lean_lines(weighing: Weighing, file: ReviewFile, still: str = "") -> list[DraftSentence]:
    """The lean with what decides it, and who stands where; never an average."""
    opening = f"{still}{LEANS[weighing.lean]}" + (", narrowly" if weighing.close and weighing.lean != "undecided" else "")  # fmt: skip
    why, support = _decisive(weighing)
    lines = [judge(f"{opening}: {why}.", *passages_of(file, support))] if why else []
    return [*lines, lean_line(weighing, file)] if lines else [lean_line(weighing, file, opening)]


def _decisive(weighing: Weighing) -> tuple[str, list[Point]]:
    """The heaviest concern against the best merit, in words, with the points of both."""
    against_it = reasons_against(weighing)
    if weighing.lean == "reject" and not against_it:
        return _ratings_alone(weighing)
    concern = next(iter([*against_it, *weighing.concerns]), None)
    theme, points = _merit_apart(weighing)
    if concern is None:
        return (f"{theme} speaks for it ({names_of(points)}), and no main concern stands against it", points) if points else ("", [])  # fmt: skip
    done = concern.state in DONE
    against = f"the concern about {concern.theme} ({names_of(concern.points)})"
    state = f"{against} is {remains(concern)}"
    merit, both = f"the merit on {theme} ({names_of(points)})" if points else "", [*concern.points, *points]
    if not merit:
        return _disputed(weighing, concern, against, state)
    if weighing.lean == "accept":
        return f"{state}, and {merit} stands" if done else f"{merit} weighs more than {against}, which is {remains(concern)}", both  # fmt: skip
    if weighing.lean == "reject":
        return f"{state}, and {merit} does not outweigh it", both
    return f"{state}, and {merit} weighs about as much", both


def _ratings_alone(weighing: Weighing) -> tuple[str, list[Point]]:
    """That no concern carries a lean to reject, and what there is of concerns; nothing where there is no rating either."""
    if not weighing.stances:
        return "", []
    points = [p for c in weighing.concerns for p in c.points]
    if not points:
        return f"{RATINGS_ALONE}, for no concern on record stands behind it", []
    met = [p for p in points if outcome(p) in DONE]
    bare = [p for p in points if p not in met]
    parts = [f"what {names_of(met)} {_verb(met, 'object')} on {_themes(weighing, met)} was answered"] if met else []
    parts += [f"what {names_of(bare)} {_verb(bare, 'say')} on {_themes(weighing, bare)} is too vague to be a reason"] if bare else []  # fmt: skip
    return f"{RATINGS_ALONE}; {listed(parts)}", points


def _verb(points: list[Point], verb: str) -> str:
    return verb if len({p.reviewer for p in points}) > 1 else f"{verb}s"


def _themes(weighing: Weighing, points: list[Point]) -> str:
    return listed([c.theme for c in weighing.concerns if any(p in points for p in c.points)])


def remains(concern: Concern) -> str:
    """What is left of a concern, for each who holds it where that differs."""
    return in_short(concern.points, REMAINS)


def _disputed(weighing: Weighing, concern: Concern, against: str, state: str) -> tuple[str, list[Point]]:
    """Where the only merit is on the theme of the heaviest concern: that reviewers differ on it, and how that is weighed."""
    praised = weighing.merits.get(concern.theme, [])
    both = [*concern.points, *praised]
    if not praised and weighing.lean == "accept":
        return f"the support on record weighs more than {against}, which is {remains(concern)}", both
    if not praised:
        return state, both
    praise = f"the praise on the same matter ({names_of(praised)})"
    if weighing.lean == "accept":
        return f"reviewers differ on it, and {praise} weighs more than {against}, which is {remains(concern)}", both  # fmt: skip
    weighed = "does not outweigh it" if weighing.lean == "reject" else "weighs about as much"
    return f"{state}, and {praise} {weighed}", both


def _merit_apart(weighing: Weighing) -> tuple[str, list[Point]]:
    """The best merit on a theme that is no unsettled main concern as well: one theme does not outweigh itself. None: ""."""
    main = weighing.concerns[:MOST_CONCERNS]
    contested = {c.theme for c in main if c.state not in DONE} | {c.theme for c in main[:1]}
    return next(((t, points) for t, points in weighing.merits.items() if t not in contested), ("", []))


def lean_line(weighing: Weighing, file: ReviewFile, opening: str = "") -> DraftSentence:
    """Who stands where and how the main concerns stand, after the lean where `opening` gives it."""
    pro = [s.reviewer for s in weighing.stances if s.grade > 0]
    con = [s.reviewer for s in weighing.stances if s.grade < 0]
    stand = "; ".join(
        f"{listed(names)} {'stand' if len(names) > 1 else 'stands'} {side}"
        for names, side in ((pro, "for it"), (con, "against it"))
        if names
    )
    main = weighing.concerns[:MOST_CONCERNS]
    held = {word: [c.theme for c in main if REMAINS[c.state] == word] for word in dict.fromkeys(REMAINS.values())}
    told = [f"{listed(themes)} {'are' if len(themes) > 1 else 'is'} {word}" for word, themes in held.items() if themes]
    concerns = f"; of the main concerns, {listed(told)}" if told else ""
    body = f"{stand or 'no score is on record, so this rests on the points alone'}{concerns}."
    text = f"{opening}: {body}" if opening else body[0].upper() + body[1:]
    support = [*(s.passage for s in weighing.stances), *passages_of(file, [p for c in main for p in c.points])]
    return judge(text, *unique(support))
