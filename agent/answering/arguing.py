"""One side argued, what would change the lean, whether one concern is enough, and whose word weighs most."""

import re
from collections.abc import Sequence

from agent.answering.backing import asks_for_backing, backing
from agent.answering.leaning import lean_lines
from agent.answering.meeting import criticisms
from agent.answering.own_decision import decision_in_words, priorities_of
from agent.answering.parts import fact, judge, listed, quote, say, unique
from agent.answering.points import in_paragraph, names_of, passages_of, point_line, ranked, with_reply
from agent.answering.recommending import concern_lines, fresh, recommendation, turning_lines
from agent.answering.record import no_reviews, reviewers
from agent.answering.scores import score, score_line, scores_passage
from agent.answering.themes import themes_of
from agent.answering.weighing import DECIDING, Weighing, weigh
from agent.desk import Desk
from agent.draft import DraftSentence
from agent.gathered import Gathered, ReviewFile
from agent.points import Point
from agent.quoting import quoted, sentences_of
from agent.request import Request
from knowledge.types import Passage

MOST_ARGUED, MOST_OF_PAPER = 4, 3
_REJECT = re.compile(
    r"\b(?:reject\w*|against (?:it|the paper|accept\w*)|not (?:to )?accept\w*|shouldn't accept)\b", re.IGNORECASE
)
_ACCEPT = re.compile(r"\b(?:accept\w*|in (?:its )?favou?r|for (?:it|the paper))\b", re.IGNORECASE)
_WOULD = re.compile(r"\b(?:possible|happy|glad|willing|open|ready|consider\w*) (?:to|for me to) (?:\w+ )?(?:rais|increas|revis|chang|updat|upgrad|reconsider)\w*|\b(?:would|will|could|might|happy to|willing to|open to|ready to)\b[^.]{0,80}\b(?:rais|increas|chang|reconsider|improv|go (?:up )?to|move to|consider|accept|recommend|upgrad|convinc|support)\w*|\bif\b[^.]{0,120}\b(?:would|could|might)\b", re.IGNORECASE)  # fmt: skip
_OWN_VOICE = re.compile(r"\b(?:I|my|me|we|accept\w*|scores?|ratings?)\b")
"""What makes a condition one for the reviewer's own mind, and not one of the paper."""
_EXPERTISE = re.compile(r"\b(?:not an? (?:real |true )?expert|no expert|not (?:very |too |so |really |entirely |fully )?(?:familiar|an expert|knowledgeable)|unfamiliar|outside (?:of )?my|not my (?:area|field)|(?:did not|didn't|have not|haven't) (?:check|read|verif)\w*|educated guess|skimmed|I work on|I have (?:implemented|published|worked)|my own (?:experience|work))\b", re.IGNORECASE)  # fmt: skip


def argue(request: Request, gathered: Gathered, desk: Desk) -> list[DraftSentence]:
    """The strongest case for the side that is named, else against the chair's decision, else against the lean."""
    file = gathered.file(request.submission)
    missing = no_reviews(request, gathered, desk)
    if file is None or missing:
        return missing
    if asks_for_backing(request.text) and (held := backing(request, gathered, desk)):
        return held
    weighing = weigh(file, priorities_of(desk.decision))
    rejecting = _side(request, desk, weighing) == "reject"
    paper = _from_paper(gathered, request, rejecting)
    if rejecting:
        left = [c for c in weighing.concerns if c.state not in ("settled", "answered")] or list(weighing.concerns)
        lines = [_opening("rejecting", [p for c in left[:2] for p in c.points], file, paper)]
        told: set[str] = set()
        for concern in left[:3]:
            lines += concern_lines(file, concern, 1, told)
    else:
        merits = list(weighing.merits.items())[:4]
        lines = [_opening("accepting", [p for _, points in merits[:2] for p in points], file, paper)]
        lines += [point_line(file, p, paragraph=1) for _, points in merits for p in points[:2]][:MOST_ARGUED]
        met = [c for c in weighing.concerns if c.state in ("settled", "answered")]
        for concern in met[:2]:
            lines += concern_lines(file, concern, 2)
    if paper:
        lines += [say("From the paper itself:", paragraph=3), *[quote(p, paragraph=3) for p in paper]]
    same = weighing.lean == ("reject" if rejecting else "accept")
    mine = "my lean goes the same way, with the other side weighed" if same else "it is not my lean"
    lines.append(judge(f"That is one side, argued as you asked; {mine}:", paragraph=4))
    return [*lines, *[_at(line, 4) for line in lean_lines(weighing, file)]]


def _side(request: Request, desk: Desk, weighing: Weighing) -> str:
    """Which side to argue."""
    if re.search(r"\bagainst (?:me|my|your)\b|\bwrong\b|\bcounter|\bchallenge\b", request.text, re.IGNORECASE):
        own = decision_in_words(desk.decision)
        held = "reject" if re.search(r"reject|below", own) else "accept" if own else weighing.lean
        return "accept" if held == "reject" else "reject"
    if _REJECT.search(request.text):
        return "reject"
    if _ACCEPT.search(request.text):
        return "accept"
    own = decision_in_words(desk.decision) or weighing.lean
    return "accept" if "reject" in own else "reject"


def _opening(way: str, points: Sequence[Point], file: ReviewFile, paper: Sequence[Passage]) -> DraftSentence:
    themes = list(dict.fromkeys(t for p in points for t in themes_of(p)[:1]))
    rests = (
        f"it rests on {listed(themes)}, as {names_of(points)} put it"
        if points
        else "no reviewer gives it much; it rests on the paper alone"
    )
    return judge(
        f"The strongest case for {way}, as I would make it: {rests}.",
        *passages_of(file, points),
        *(paper[:1] if not points else ()),
    )


def _from_paper(gathered: Gathered, request: Request, rejecting: bool) -> list[Passage]:
    """What the paper or our notes on it give to one side."""
    wanted = ("limitations",) if rejecting else ("contributions", "evaluation")
    found = unique(
        h.passage
        for s in gathered.searched
        for h in s.hits
        if h.passage.locator.submission == request.submission and h.passage.aspect in wanted and h.passage.role is None
    )
    return sorted(found, key=lambda p: (wanted.index(p.aspect or wanted[0]), p.locator.start))[:MOST_OF_PAPER]


def changes(request: Request, gathered: Gathered, desk: Desk) -> list[DraftSentence]:
    """What would turn the lean: whose mind, over what; and what reviewers themselves said would change theirs."""
    file = gathered.file(request.submission)
    missing = no_reviews(request, gathered, desk)
    if file is None or missing:
        return missing
    if request.reviewers and (wanted := _to_convince(file, request.reviewers) or _said_to_change(file, request.reviewers, 0)):  # fmt: skip
        return wanted
    weighing = weigh(file, priorities_of(desk.decision))
    lines = turning_lines(weighing, file, 0)
    named = [c for c in weighing.concerns if c.state not in ("settled", "answered")][:2]
    if not lines and named:
        points = [p for c in named for p in c.points]
        lines = [
            judge(
                f"I would look at {listed([c.theme for c in named])} first: that is not settled.",
                *passages_of(file, points),
            )
        ]
    lines += _said_to_change(file, reviewers(file), 1)
    told: set[str] = set()
    for concern in named:
        lines += concern_lines(file, concern, 2, told)
    return lines or [judge("Nothing on record would change it: no concern is left unsettled.")]


def _said_to_change(file: ReviewFile, names: Sequence[str], paragraph: int) -> list[DraftSentence]:
    """What reviewers themselves say would change their mind."""
    said = [
        (p, s)
        for p in (*file.of("comment"), *file.of("review"))
        if p.reviewer in names
        for s in sentences_of(p.text)
        if _WOULD.search(s) and _OWN_VOICE.search(s) and len(s) < 400
    ]
    lines = [say("What reviewers say would change their mind:", paragraph=paragraph)] if said else []
    return lines + [fact(_signed(p, s), p, paragraph=paragraph, bullet=True) for p, s in said[:3]]


def _to_convince(file: ReviewFile, names: Sequence[str]) -> list[DraftSentence]:
    """What one reviewer, or some, would have to be given: their open points with what was replied, in their own words."""
    points = [p for p in ranked(file, criticisms(file, names)) if p.kind == "review" and p.verdict != "yes"]
    left = sorted(points, key=lambda p: (p.verdict != "no", p.stance != "objects", p.status != "not answered"))[:3]
    if not left:
        return []
    open_ = [p for p in left if p.open]
    themes = listed(list(dict.fromkeys(t for p in open_ or left for t in themes_of(p)[:1]))) or "what is raised"
    state = "nothing on record settles that yet" if open_ else "the authors have replied, and nobody said whether that settles it"  # fmt: skip
    replied = file.held(p.replies[0].passages[0] for p in left if p.replies and p.status != "not answered")
    lines = [
        judge(f"{names_of(left)} would have to be convinced on {themes}: {state}.", *passages_of(file, left), *replied)
    ]
    lines += _said_to_change(file, names, 1)
    told: set[str] = set()
    for point in left:
        lines += fresh(in_paragraph(with_reply(file, point, nearest=False), 2), told)
    return lines


def _signed(passage: Passage, words: str) -> str:
    text = quoted(words, passage)
    return text if passage.reviewer and text.startswith(passage.reviewer) else f"{passage.reviewer}: {text}"


def enough(request: Request, gathered: Gathered, desk: Desk) -> list[DraftSentence]:
    """Whether one theme suffices: how those who raise it stand, who says otherwise, and what there is besides."""
    file = gathered.file(request.submission)
    if file is None:
        return []
    theme = next((t for t in themes_of(request.text) if t in DECIDING or t == "writing"), None)
    if theme is None or not file.of("review"):
        return recommendation(request, gathered, desk)
    weighing = weigh(file, priorities_of(desk.decision))
    holders = list(dict.fromkeys(p.reviewer for p in file.raised("objects") if theme in themes_of(p)[:2]))
    grades = {s.reviewer: s for s in weighing.stances}
    despite = [n for n in holders if n in grades and grades[n].grade > 0]
    points = [p for p in ranked(file, file.raised("objects")) if theme in themes_of(p)[:2]]
    praised = [p for p in ranked(file, file.raised("praises")) if theme in themes_of(p)[:2]]
    held = [grades[n].passage for n in holders if n in grades]
    if not holders:
        text = f"No: no reviewer objects on {theme}, so I would not reject it for that."
    elif despite:
        text = f"By itself I would not reject it for {theme}: {listed(despite)} {'name' if len(despite) > 1 else 'names'} that and still {'stand' if len(despite) > 1 else 'stands'} for accepting it."
    else:
        text = f"It could be: {listed(holders)}, who {'raise' if len(holders) > 1 else 'raises'} it, {'stand' if len(holders) > 1 else 'stands'} against the paper."
    lines = [judge(text, *held, *passages_of(file, points[:3]))]
    lines += [point_line(file, p, paragraph=1) for p in points[:2]]
    others = [p for t, found in weighing.merits.items() if t != theme for p in found[:1]]
    if praised or others:
        lines.append(say("Against that stand:", paragraph=2))
        lines += [point_line(file, p, paragraph=2) for p in [*praised[:2], *others[:2]]]
    results = _from_paper(gathered, request, rejecting=False)
    lines += [quote(p, paragraph=2) for p in results[:2]]
    return [*lines, *[_at(line, 3) for line in lean_lines(weighing, file)]]


def weights(request: Request, gathered: Gathered, desk: Desk) -> list[DraftSentence]:
    """Whose review weighs most and least: by confidence as given, by what they say of their own expertise, by substance."""
    file = gathered.file(request.submission)
    missing = no_reviews(request, gathered, desk)
    if file is None or missing:
        return missing
    names = reviewers(file)
    told = {n: _own_words_on_expertise(file, n) for n in names}
    ordered = sorted(names, key=lambda n: (-_confidence(file, n) + 1.5 * len(told[n]), -len([p for p in file.raised("objects", "asks", reviewers=(n,)) if len(p.text) > 60])))  # fmt: skip
    most, least = ordered[0], ordered[-1]
    support = [p for n in (most, least) if (p := scores_passage(file, n)) is not None]
    support = support or [p for n in (most, least) for p in file.of("review", reviewer=n)[:1]]
    text = f"I would weigh {most} most and {least} least" if most != least else f"There is only {most} to weigh"
    lines = [
        judge(
            f"{text}: by the confidence given, by what they say of their own expertise, and by the substance of their points.",
            *support,
        )
    ]
    for name in ordered:
        line = score_line(file, name)
        lines += [_at(line, 1)] if line else []
        lines += [fact(_signed(p, s), p, paragraph=1) for p, s in told[name][:1]]
    return lines


def _confidence(file: ReviewFile, name: str) -> float:
    held = scores_passage(file, name)
    line = score(held, "Confidence") if held else None
    return line.number if line and line.number is not None else 3.0


def _own_words_on_expertise(file: ReviewFile, name: str) -> list[tuple[Passage, str]]:
    """What a reviewer says of what they know or did not check."""
    held = [p for p in file.of("review", "comment", reviewer=name) if p.locator.section != "Scores"]
    return [(p, s) for p in held for s in sentences_of(p.text) if _EXPERTISE.search(s)]


def _at(line: DraftSentence, paragraph: int) -> DraftSentence:
    return DraftSentence(line.text, line.passages, line.runs, line.kind, paragraph, line.bullet, True)
