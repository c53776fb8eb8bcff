"""Judgement, argued from evidence: themes that reviewers share, where they disagree, a recommendation.

The lean follows from the reviewers' stances and from the concerns that more than one of them holds and no reply has
settled; the same record gives the same lean, whoever asks and however often.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from agent.answering.parts import fact, judge, listed, quote, say, unique, who
from agent.answering.record import no_reviews
from agent.answering.scores import SECTION, ratings, score, scores
from agent.desk import Desk
from agent.draft import DraftSentence
from agent.gathered import Gathered, ReviewFile
from agent.request import Request
from knowledge.types import Passage

THEMES: dict[str, str] = {
    "novelty": r"novel\w*|originality|original (?:idea|contribution|work)\w*|incremental|straight-?forward|known in the literature|marginal\w* exten|not (?:really )?new|already (?:reported|known|been)|standard (?:way|scheme|technique|idea|empirical)\w*|trivial|heavily (?:built )?on|rests heavily|first to|not been proposed",
    "comparisons": r"against|versus|compar\w+|baselines?|related work|state[- ]of[- ]the[- ]art|competing|other (?:compression )?(?:methods|techniques)",
    "experiments": r"experiment\w*|results?|evaluat\w+|ablation|benchmark\w*|datasets?|networks and tasks|ablation|measure\w*|hyper-?param\w*",
    "scale and practicality": r"wall[- ]clock|inference time|run-?time|speed\w*|(?<!technical or )hardware|platform|practic\w*|VGG|ImageNet|scal(?:able|ability|es to|ing to)|large(?:r)? (?:models?|net\w*)|too slow|overhead|deploy\w*|useful",
    "theory": r"theor\w*|principled|deriv\w+|MDL|approximat\w+|conjectur\w*|Hessian|assum\w+|objective",
    "writing": r"written|writing|clear(?:ly)? (?:presented|written|explained|described)|clarity|typos?|readab\w*|easy to (?:read|follow)|pages?\b|(?:paper|text|bit|it is) (?:is )?too long|much longer|well[- ]structured|redundan\w*|unclear|syntax|grammar|wording|caption|should read",
    "motivation": r"motivat\w*|relevan\w*|important problem|well-motivated|interest to|hot topic|significance",
}  # fmt: skip
_COMPILED = {k: re.compile(v, re.IGNORECASE) for k, v in THEMES.items()}
_OBJECTS = re.compile(
    r"\b(drawback|concern|however|lack\w*|limited|missing|unclear|not (?:clear|convinced|really|novel)|too long|should|but)\b",
    re.IGNORECASE,
)
HEAVY = ("novelty", "comparisons", "experiments", "scale and practicality", "theory")


def themes_of(source: Passage | str) -> tuple[str, ...]:
    """The themes that a point speaks of, the one with most words of it first."""
    text = source if isinstance(source, str) else source.text
    counts = {name: len(pattern.findall(text)) for name, pattern in _COMPILED.items()}
    return tuple(sorted((n for n, c in counts.items() if c), key=lambda n: -counts[n]))


def main_point(file: ReviewFile, name: str, aspect: str) -> Passage | None:
    """The point of a review that weighs most: on a heavy theme, shared with others, first said."""
    points = file.of("review", reviewer=name, aspects=(aspect,))
    if not points and aspect == "weaknesses":
        # A free-form review has no heading for its objections: take what objects.
        points = tuple(
            p for p in file.of("review", reviewer=name) if p.locator.section != SECTION and _OBJECTS.search(p.text)
        )
    if not points:
        return None
    shared = _shared(file, aspect)

    def weight(p: Passage) -> tuple[int, int]:
        themes = themes_of(p)
        return (-max((len(shared.get(t, ())) for t in themes if t in HEAVY), default=0), p.locator.start)

    return min(points, key=weight)


def shared_weights(file: ReviewFile, aspect: str) -> dict[str, int]:
    """How many reviewers share the leading theme of each point, for the heavy themes."""
    shared = _shared(file, aspect)
    points = file.of("review", "relayed", aspects=(aspect,))
    return {p.id: max((len(shared.get(t, ())) for t in themes_of(p)[:1] if t in HEAVY), default=0) for p in points}


def _shared(file: ReviewFile, aspect: str) -> dict[str, list[Passage]]:
    """The points of one aspect by leading theme, one a reviewer."""
    themes: dict[str, list[Passage]] = {}
    for p in file.of("review", aspects=(aspect,)):
        for theme in themes_of(p)[:1]:
            if all(q.reviewer != p.reviewer for q in themes.setdefault(theme, [])):
                themes[theme].append(p)
    return themes


def disagreement(request: Request, gathered: Gathered, desk: Desk) -> list[DraftSentence]:
    """Themes that one reviewer praises and another criticises; then what they share; then the scores."""
    file = gathered.file(request.submission)
    missing = no_reviews(request, gathered, desk)
    if file is None or missing:
        return missing
    praise, blame = _shared(file, "strengths"), _shared(file, "weaknesses")
    sentences: list[DraftSentence] = []
    paragraph = 0
    for theme in (t for t in THEMES if t != "experiments"):
        pairs = [(a, b) for a in praise.get(theme, ()) for b in blame.get(theme, ()) if a.reviewer != b.reviewer]
        if request.reviewers:
            pairs = [p for p in pairs if {p[0].reviewer, p[1].reviewer} <= set(request.reviewers)]
        if pairs:
            a, b = pairs[0]
            sentences += [
                say(f"They differ on {theme}:", paragraph=paragraph),
                quote(a, lead=who(a), paragraph=paragraph),
                quote(b, lead=who(b), paragraph=paragraph),
            ]
            paragraph += 1
    for theme, shared in blame.items():
        points = [p for p in shared if not request.reviewers or p.reviewer in request.reviewers]
        if len(points) >= 2:
            sentences.append(
                judge(
                    f"They share a concern about {theme}: {listed([p.reviewer or '' for p in points])}.",
                    *points,
                    paragraph=paragraph,
                )
            )
            sentences += [quote(p, lead=who(p), paragraph=paragraph) for p in points[:3]]
            paragraph += 1
    if not sentences:
        sentences.append(say("No point on record is praised by one reviewer and criticised by another.", "abstention"))
    lines = [s for s in scores(request, gathered, desk) if not s.bullet]
    return [*sentences, *(replace(s, paragraph=paragraph + 1) for s in lines)]


@dataclass(frozen=True)
class Weighing:
    """What speaks for and against, theme by theme, and the lean that follows."""

    lean: str  # accept | reject | undecided
    merits: dict[str, list[Passage]] = field(default_factory=dict)
    concerns: dict[str, list[Passage]] = field(default_factory=dict)
    unsettled: tuple[str, ...] = ()
    stances: tuple[tuple[str, int, Passage], ...] = ()


def weigh(file: ReviewFile) -> Weighing:
    """Stances, shared merits and concerns, and which concerns no reply has settled."""
    merits = {t: p for t, p in _shared(file, "strengths").items() if t in (*HEAVY, "motivation")}
    concerns = {t: p for t, p in _shared(file, "weaknesses").items() if t in HEAVY}
    unsettled = tuple(t for t, points in concerns.items() if not all(_settled(file, p) for p in points))
    stances = _stances(file)
    # Each stance counts once, a concern that two or more hold and no reply settles counts against, a merit that two
    # or more name counts for. Scores alone never decide: a tie of stances is decided by the points.
    balance = sum(stance for _, stance, _ in stances)
    balance -= sum(1 for t in unsettled if len(concerns[t]) >= 2)
    balance += sum(1 for points in merits.values() if len(points) >= 2)
    lean = "accept" if balance > 0 else "reject" if balance < 0 else "undecided"
    return Weighing(lean, merits, concerns, unsettled, stances)


def _settled(file: ReviewFile, point: Passage) -> bool:
    """A concern counts as settled when a reply speaks of it and its reviewer did not hold to the rating after."""
    replied = any(fit >= 0.5 for _, fit in file.replies.get(point.id, ()))
    held = any(
        re.search(
            r"\bnot (?:revise|change|raise)|maintain|keeps? (?:the|his|her|their) (?:rating|score)|reject", p.text, re.I
        )
        for p in file.of("comment", reviewer=point.reviewer)
    )
    return replied and not held


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
    sentences = [_lean(weighing, request, desk)]
    sentences += _side("Against", weighing.concerns, 1, weighing.unsettled)
    sentences += _side("For", weighing.merits, 2, ())
    sentences += _changes(file, weighing, desk)
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
    return [_lean(weigh(file), request, desk)] if file is not None and file.of("review") else []


def _lean(weighing: Weighing, request: Request, desk: Desk) -> DraftSentence:
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
    support = scored + [p for t in open_ for p in weighing.concerns[t]]
    return judge(text, *unique(support))


def _side(
    label: str, themes: dict[str, list[Passage]], paragraph: int, unsettled: Sequence[str]
) -> list[DraftSentence]:
    """The heaviest themes of one side, the most shared first, each with its clearest point."""
    ranked = sorted(themes.items(), key=lambda item: -len(item[1]))[:3]
    if not ranked:
        return []
    sentences = [say(f"{label}:", paragraph=paragraph)]
    for theme, points in ranked:
        names = listed([p.reviewer or "" for p in points])
        state = " (not settled by a reply on record)" if theme in unsettled else ""
        sentences.append(
            judge(f"{theme[0].upper()}{theme[1:]}, by {names}{state}.", *points, paragraph=paragraph, bullet=True)
        )
        sentences.append(fact(points[0].text, points[0], paragraph=paragraph))
    return sentences


def _changes(file: ReviewFile, weighing: Weighing, desk: Desk) -> list[DraftSentence]:
    """What would turn the lean, and what runs of this conversation bear on it."""
    sentences = []
    heavy = [t for t in weighing.unsettled if t in weighing.concerns]
    if weighing.lean == "reject" and heavy:
        points = weighing.concerns[heavy[0]][:2]
        sentences.append(
            judge(
                f"It would change if the concern about {heavy[0]} were met, as {listed([p.reviewer or '' for p in points])} ask.",
                *points,
                paragraph=3,
            )
        )
    elif weighing.lean == "accept" and weighing.concerns:
        theme = max(weighing.concerns, key=lambda t: len(weighing.concerns[t]))
        points = weighing.concerns[theme][:2]
        sentences.append(
            judge(
                f"It would change if the concern about {theme} turned out to carry the results.", *points, paragraph=3
            )
        )
    return sentences + _runs_so_far(desk, 3)


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
