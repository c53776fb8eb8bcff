"""Where reviewers disagree and where they agree, who holds each side, and which side the evidence speaks for."""

import re
from collections.abc import Sequence

from agent.answering.against_authors import against_authors, authors_a_side
from agent.answering.meeting import CRITICISM, PRAISE, WHOLE, Dispute, Shared, disputes, shared, speaks_against
from agent.answering.parts import judge, listed, say
from agent.answering.points import MAYBE, names_of, passages_of, point_line, ranked, reply_line, verdict_line
from agent.answering.record import no_reviews, reviewers
from agent.answering.review_faults import specific
from agent.answering.scores import ratings
from agent.answering.themes import THEMES, by_theme, themes_of
from agent.answering.voices import on_topic
from agent.answering.weighing import weigh
from agent.desk import Desk
from agent.draft import DraftSentence
from agent.gathered import Gathered, ReviewFile
from agent.points import Point
from agent.request import Request

MOST, MOST_SHARED, MOST_HOLDERS = 3, 2, 3
BROUGHT = {"results": "results", "reference": "a place in the paper", "revision": "a change of the text"}
_TOGETHER = re.compile(
    r"\bagree\w*\b|\b(?:in common|common|unanimous\w*|share[sd]?|everybody|everyone|all (?:of them|three|four|five|the reviewers|reviewers|they)|they all|do they all|both|any two|same thing)\b",
    re.IGNORECASE,
)
_APART = re.compile(
    r"\bdisagree\w*|\bdiffer\w*|\bsplit\b|\bconflict\w*|\bcontrovers\w*|\bat odds\b|\bclash\w*|\bdo(?:n't| not) agree|\bdiverg\w*|\bcontest\w*|\bapart\b|\bcontradict\w*",
    re.IGNORECASE,
)
_OBJECT = re.compile(
    r"\bobject\w*|\bcritici\w*|\bcomplain\w*|\bdislik\w*|\bweak\w*|\bconcern\w*|\bbad\b|\bmiss\w*|\bwant\w*|\bask\w*|\bworr\w*|\bnegative|\bagainst\b",
    re.IGNORECASE,
)
_LIKE = re.compile(
    r"\b(?<!dis)lik(?:e|es|ed)\b|\bprais\w*|\bstrength\w*|\bgood\b|\bvalue\w*|\bpositive|\bappreciat\w*", re.IGNORECASE
)
_GROUNDS = re.compile(
    r"\b(?:same|similar|identical|one|different) (?:\w+ )?(?:reasons?|grounds|story|arguments?|objections?)",
    re.IGNORECASE,
)


def disagreement(request: Request, gathered: Gathered, desk: Desk) -> list[DraftSentence]:
    """On a topic who stands where; else what is disputed, with which side the evidence speaks for, and what is shared."""
    file = gathered.file(request.submission)
    missing = no_reviews(request, gathered, desk)
    if file is None or missing:
        return missing
    if authors_a_side(request, desk) and (sides := against_authors(request, file, gathered)):
        return sides
    if _GROUNDS.search(request.text) and (grounds := same_grounds(file, request.reviewers)):
        return grounds
    if request.topic and (sides := on_one_matter(request, file, gathered)):
        return sides
    if _TOGETHER.search(request.text) and not _APART.search(request.text):
        return _held_together(request, file)
    return _apart(request, file) + _ratings_in_short(file, request.reviewers)


def _ratings_in_short(file: ReviewFile, named: Sequence[str]) -> list[DraftSentence]:
    """Who rated how, and how far that lies apart, in a sentence."""
    held = [(p, value) for p, value in ratings(file) if p.reviewer and (len(named) < 2 or p.reviewer in named)]
    if not held:
        return []
    low, high = min(v for _, v in held), max(v for _, v in held)
    given = ", ".join(f"{p.reviewer} {value:g}" for p, value in held)
    apart = f" (spread {high:g} - {low:g} = {high - low:g})" if len(held) > 1 and high > low else ""
    return [judge(f"The ratings: {given}{apart}.", *(p for p, _ in held), paragraph=200)]


def _each_side(file: ReviewFile, names: Sequence[str]) -> list[DraftSentence]:
    """Of reviewers who are set against each other and never meet on one point: what each praises and objects to most."""
    lines: list[DraftSentence] = []
    for paragraph, name in enumerate(names, 90):
        for stances in (PRAISE, ("objects",)):
            points = [p for p in ranked(file, file.raised(*stances, reviewers=(name,))) if p.kind == "review"]
            lines += [point_line(file, p, paragraph=paragraph) for p in points[:2] if p.stance == "praises" or speaks_against(p)]  # fmt: skip
    return lines


def _apart(request: Request, file: ReviewFile) -> list[DraftSentence]:
    """The disputes, each with its weighing, and in short what is shared."""
    found = disputes(file, request.reviewers)[:MOST]
    together = shared(file, CRITICISM, request.reviewers)[:1] + shared(file, PRAISE, request.reviewers)[:1]
    lines = [_opening(file, found, together, request.reviewers)]
    told: set[str] = set()
    for paragraph, dispute in enumerate(found, 1):
        lines += _fresh(dispute_lines(file, dispute, paragraph), told)
    if len(found) < 2:
        named = request.reviewers if 1 < len(request.reviewers) <= MOST else ()
        lines += _fresh(_each_side(file, named) if named else _moved_by(file, found), told)
    for paragraph, one in enumerate(together, 100):
        lines += _fresh(shared_lines(file, one, paragraph), told)
    return lines


def _moved_by(file: ReviewFile, found: Sequence[Dispute]) -> list[DraftSentence]:
    """Where reviewers stand on both sides and hardly meet: what moves each side in the main."""
    stances = [s for s in weigh(file).stances if s.grade]
    if {s.grade > 0 for s in stances} != {True, False}:
        return []
    taken = {p.id for d in found for p in d.points}
    lines: list[DraftSentence] = []
    for paragraph, (head, side, kinds) in enumerate(
        (("What moves those against it:", -1, ("objects",)), ("What moves those for it:", 1, PRAISE)), 90
    ):
        names = [s.reviewer for s in sorted(stances, key=lambda s: -side * s.grade) if s.grade * side > 0][:2]
        points = [p for p in ranked(file, file.raised(*kinds, reviewers=names)) if p.id not in taken and p.kind == "review"]  # fmt: skip
        chosen = [next((p for p in points if p.reviewer == name), None) for name in names]
        told = [point_line(file, p, paragraph=paragraph) for p in chosen if p is not None]
        lines += [say(head, paragraph=paragraph), *told] if told else []
    return lines


def _opening(
    file: ReviewFile, found: Sequence[Dispute], together: Sequence[Shared], named: Sequence[str]
) -> DraftSentence:
    """What is disputed and between whom, in a sentence."""
    if found:
        parts = [f"on {d.theme} {d.praise.reviewer} and {d.blame.reviewer} differ" for d in found]
        text = f"{listed(parts)}."
        return judge(text[0].upper() + text[1:], *passages_of(file, [p for d in found for p in d.points]))
    text = "No point on record is praised by one reviewer and criticised by another."
    stances = [s for s in weigh(file).stances if s.grade and (len(named) < 2 or s.reviewer in named)]
    if {s.grade > 0 for s in stances} == {True, False}:
        names = [[s.reviewer for s in stances if (s.grade > 0) == side] for side in (True, False)]
        apart = f"{listed(names[0])} {'stand' if len(names[0]) > 1 else 'stands'} for it and {listed(names[1])} against, over different points"
        return judge(f"{text[:-1]}; yet {apart}.", *(s.passage for s in stances))
    points = [p for one in together for p in one.points] or list(file.raised("praises", "objects")[:2])
    return judge(text, *passages_of(file, points))


def dispute_lines(file: ReviewFile, dispute: Dispute, paragraph: int) -> list[DraftSentence]:
    """Both sides in their own words, the reply, and which side the evidence speaks for."""
    blame = dispute.blame
    lines = [point_line(file, p, paragraph=paragraph) for p in dispute.points]
    if blame.status in ("answered", MAYBE) and blame.replies:
        lines.append(reply_line(file, blame, blame.replies[0], paragraph))
    lines += verdict_line(file, blame, paragraph)
    held = [*passages_of(file, dispute.points), *(file.held(blame.replies[0].passages) if len(lines) > 2 else ())]
    return [*lines, judge(_weight(dispute), *held, paragraph=paragraph)]


def _weight(dispute: Dispute) -> str:
    """Which side of a dispute the record speaks for, and why."""
    plus, minus, blame = dispute.praise.reviewer, dispute.blame.reviewer, dispute.blame
    if blame.verdict == "yes":
        return f"The evidence speaks for {plus}: {minus} took the reply as settling the objection."
    if blame.verdict == "no":
        return f"The objection of {minus} stands: the reply did not move {minus}."
    brought = BROUGHT.get(blame.replies[0].manner, "") if blame.status == "answered" and blame.replies else ""
    if not brought and blame.status == "answered" and blame.replies and specific(blame.replies[0].gist):
        brought = "something that can be checked"
    if brought:
        return f"The reply brings {brought}, which speaks for {plus}; {minus} has not come back on it."
    if blame.replies and blame.status == "answered" and blame.replies[0].manner in ("promise", "concession"):
        return f"The authors grant it or promise a change: the objection of {minus} is fair, and can be mended."
    if blame.status in ("answered", MAYBE):
        return (
            f"The reply argues and brings nothing new to check, so it is word against word between {plus} and {minus}."
        )
    return f"No reply speaks to the objection of {minus}, so I would not let the praise of {plus} outweigh it."


def same_grounds(file: ReviewFile, named: Sequence[str]) -> list[DraftSentence]:
    """Whether reviewers stand against the paper, or on one side, for the same reasons: the main objection of each, what is shared."""
    against = [s.reviewer for s in weigh(file).stances if s.grade < 0]
    names = [n for n in reviewers(file) if n in (named or against or reviewers(file))]
    if len(names) < 2:
        return []
    groups = sorted((*shared(file, ("objects",), names), *_by_whole_theme(file, names)), key=lambda g: (not g.same, -len(g.points), g.theme not in WHOLE))  # fmt: skip
    whole = next((g for g in groups if {p.reviewer for p in g.points} >= set(names)), None)
    joint = whole or (groups[0] if groups else None)
    own = _main_of_each(file, names, joint)
    support = passages_of(file, [*(joint.points if joint else ()), *own])
    if whole is not None:
        text = f"In the main, yes: {names_of(whole.points)} all object on {whole.theme}."
    elif joint is not None and joint.theme:
        text = f"Only in part: {names_of(joint.points)} meet on {joint.theme}; the other objections are each reviewer's own."
    else:
        text = f"No: {listed(names)} object to different things."
    lines = [judge(text.replace("all object", "both object") if len(names) == 2 else text, *support)]
    lines += [point_line(file, p, paragraph=1) for p in (joint.points[:MOST_HOLDERS] if joint else ())]
    if own:
        lines += [say("Each one's own:", paragraph=2), *[point_line(file, p, paragraph=2) for p in own]]
    return lines


def _by_whole_theme(file: ReviewFile, names: Sequence[str]) -> list[Shared]:
    """Who objects on a theme that is judged as a whole, in whatever words."""
    found = by_theme([p for p in file.raised("objects", reviewers=names) if speaks_against(p)], width=2)
    return [Shared(t, tuple(found[t]), True) for t in WHOLE if len(found.get(t, ())) > 1]


def _main_of_each(file: ReviewFile, names: Sequence[str], joint: Shared | None) -> list[Point]:
    """The heaviest objection of each reviewer that is not the joint one."""
    taken = {p.id for p in joint.points} if joint else set()
    raised = [p for p in ranked(file, file.raised("objects", reviewers=names)) if p.kind == "review"]
    points = [p for p in raised if speaks_against(p) and p.id not in taken]
    return [next(p for p in points if p.reviewer == name) for name in names if any(p.reviewer == name for p in points)]


def on_one_matter(request: Request, file: ReviewFile, gathered: Gathered) -> list[DraftSentence]:
    """Who speaks for and who against the paper on the topic asked about, and how far that is a disagreement."""
    themes = [t for t in themes_of(request.topic) if t in THEMES] if len(request.topic.split()) <= 2 else []
    points = [p for p in on_topic(file, request.topic, gathered, themes) if p.kind == "review"]
    points += [p for p in file.points if p.kind == "review" and p not in points and set(themes_of(p)[:3]) & set(themes)]
    if request.reviewers:
        points = [p for p in points if p.reviewer in request.reviewers]
    pro = list({p.reviewer: p for p in reversed(points) if p.stance == "praises"}.values())[::-1]
    con = list({p.reviewer: p for p in reversed(points) if p.concern and speaks_against(p)}.values())[::-1]
    if not pro and not con:
        return []
    what = themes[0] if themes else request.topic
    lines = [judge(_stand(what, pro, con), *passages_of(file, [*pro, *con]))]
    told: set[str] = set()
    for paragraph, (head, held) in enumerate((("In favour:", pro), ("Against:", con)), 1):
        if held:
            lines.append(say(head, paragraph=paragraph))
        for point in held[:MOST_HOLDERS]:
            lines += _fresh(_with_outcome(file, point, paragraph), told)
    if pro and con and {p.reviewer for p in pro} != {p.reviewer for p in con}:
        blame = next((p for p in con if p.reviewer != pro[0].reviewer), con[0])
        praise = next((p for p in pro if p.reviewer != blame.reviewer), pro[0])
        if praise.reviewer != blame.reviewer:
            lines.append(judge(_weight(Dispute(what, praise, blame, True)), *passages_of(file, [praise, blame]), paragraph=3))  # fmt: skip
    return lines


def _stand(what: str, pro: Sequence[Point], con: Sequence[Point]) -> str:
    """Who is on which side of a matter, in a sentence."""
    if pro and con:
        both = [n for n in dict.fromkeys(p.reviewer for p in pro) if n in {p.reviewer for p in con}]
        if both and len(both) == len({p.reviewer for p in (*pro, *con)}):
            return f"On {what} {listed(both)} {'speak' if len(both) > 1 else 'speaks'} both ways."
        return f"They do not agree on {what}: {names_of(pro)} {'speak' if len(pro) > 1 else 'speaks'} for the paper, {names_of(con)} against it."
    side, word = (pro, "for the paper") if pro else (con, "against the paper")
    if len(side) == 1:
        return f"Only {names_of(side)} speaks of {what}, and {word}."
    return f"Those who speak of {what}, {names_of(side)}, all speak {word}."


def _with_outcome(file: ReviewFile, point: Point, paragraph: int) -> list[DraftSentence]:
    """A point with the reply to it, where it is a criticism, and the reviewer's last word."""
    lines = [point_line(file, point, paragraph=paragraph)]
    if point.concern and point.status in ("answered", MAYBE) and point.replies:
        lines.append(reply_line(file, point, point.replies[0], paragraph))
        lines += verdict_line(file, point, paragraph)
    return lines


def _held_together(request: Request, file: ReviewFile) -> list[DraftSentence]:
    """What several reviewers hold in common: of praise or of criticism, where the question says which."""
    wanted = [s for s, words in ((CRITICISM, _OBJECT), (PRAISE, _LIKE)) if words.search(request.text)]
    lines: list[DraftSentence] = []
    for stances in wanted or (CRITICISM, PRAISE):
        for one in _widest(file, stances, request.reviewers)[:MOST_SHARED]:
            paragraph = max((s.paragraph for s in lines), default=-1) + 1
            lines += shared_lines(file, one, paragraph)
    if lines:
        return lines
    what = "criticism" if wanted == [CRITICISM] else "praise" if wanted == [PRAISE] else "point"
    nearest = [p for stances in wanted or (CRITICISM,) for p in ranked(file, file.raised(*stances))][:2]
    return [
        say(f"No {what} on record is held by several reviewers alike.", "abstention"),
        *[point_line(file, p, paragraph=1) for p in nearest],
    ]


def _widest(file: ReviewFile, stances: Sequence[str], named: Sequence[str]) -> list[Shared]:
    """What is shared, what most hold first; also a theme on which all judge the paper as a whole, in whatever words."""
    groups = shared(file, stances, named)
    points = [p for p in file.raised(*stances, reviewers=named) if "praises" in stances or speaks_against(p)]
    whole = [Shared(t, tuple(p), True) for t, p in by_theme(points).items() if t in WHOLE and len(p) > 2]
    taken = {g.theme for g in whole}
    return sorted([*whole, *(g for g in groups if g.theme not in taken)], key=lambda g: -len(g.points))


def shared_lines(file: ReviewFile, one: Shared, paragraph: int) -> list[DraftSentence]:
    """What several reviewers hold alike, each in their own words."""
    both = "both " if len(one.points) == 2 else "all " if len(one.points) > 2 else ""
    if all(p.stance == "praises" for p in one.points):
        text = f"{names_of(one.points)} {both}value {f'the paper for its {one.theme}' if one.theme else 'the same'}"
    elif one.same:
        text = f"{names_of(one.points)} share a concern{f' about {one.theme}' if one.theme else ''}"
    else:
        text = f"{names_of(one.points)} {both}have concerns about {one.theme}, each of their own"
    lead = judge(f"{text}:", *passages_of(file, one.points), paragraph=paragraph)
    return [lead, *[point_line(file, p, paragraph=paragraph) for p in one.points[:MOST_HOLDERS]]]


def _fresh(lines: Sequence[DraftSentence], told: set[str]) -> list[DraftSentence]:
    """The lines that were not told yet; a reply to two points is told once."""
    fresh = [line for line in lines if line.text not in told]
    told |= {line.text for line in fresh}
    return fresh
